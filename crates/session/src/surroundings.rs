//! What a session takes from its surroundings where nobody says otherwise: the clock, the user, the folder of the store.

use std::path::PathBuf;
use std::sync::Arc;

use case::Timestamp;

/// Makes a time stamp, RFC 3339 with offset.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The system's clock in the local time zone.
pub fn system_clock() -> Clock {
    Arc::new(|| {
        Timestamp::new(
            jiff::Zoned::now()
                .strftime("%Y-%m-%dT%H:%M:%S%.3f%:z")
                .to_string(),
        )
    })
}

/// The store's folder when none is named: the environment's `OVERREAD_STORE`, else in the user's data folder.
pub fn default_store_dir() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("OVERREAD_STORE").filter(|v| !v.is_empty()) {
        return Some(PathBuf::from(named));
    }
    data_folder().map(|d| d.join("overread"))
}

/// The store of the sample case, apart from the reader's own cases.
pub fn demo_store_dir() -> Option<PathBuf> {
    data_folder().map(|d| d.join("overread-demo"))
}

fn data_folder() -> Option<PathBuf> {
    let named = |key: &str| {
        std::env::var_os(key)
            .filter(|v| !v.is_empty())
            .map(PathBuf::from)
    };
    if cfg!(windows) {
        return named("LOCALAPPDATA");
    }
    let home = || named("HOME");
    if cfg!(target_os = "macos") {
        return home().map(|h| h.join("Library/Application Support"));
    }
    named("XDG_DATA_HOME").or_else(|| home().map(|h| h.join(".local/share")))
}

/// Who acts when nobody is named: the user of the system.
pub fn default_actor() -> String {
    let named = |key: &str| std::env::var(key).ok().filter(|v| !v.trim().is_empty());
    named("USER")
        .or_else(|| named("USERNAME"))
        .unwrap_or_else(|| "reader".into())
}
