use std::path::PathBuf;
use std::time::SystemTime;

use series::{HeaderIndex, Password, ScanOptions, Warning};

/// With what studies are read, beside their paths.
#[derive(Clone, Debug, Default)]
pub struct FileAccess {
    /// Passwords to try on encrypted archives. They are held in memory only and wiped at the end.
    pub passwords: Vec<Password>,
    /// The folder that keeps headers for the next time; `None`: nothing is kept.
    pub header_index: Option<PathBuf>,
}

impl FileAccess {
    pub(crate) fn scan_options(&self) -> ScanOptions {
        ScanOptions {
            passwords: self.passwords.clone(),
            index: self.header_index.clone().map(|folder| HeaderIndex {
                folder,
                now: SystemTime::now(),
            }),
            ..ScanOptions::default()
        }
    }
}

/// An archive that does not open without a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedArchive {
    /// Its name, without the folders it lies in.
    pub name: String,
    /// Did a password that was given not open it?
    pub was_wrong: bool,
}

impl LockedArchive {
    /// The first archive that a scan found locked.
    pub(crate) fn among(warnings: &[Warning]) -> Option<Self> {
        let of_code = |code| warnings.iter().find(|w| w.code == code);
        let wrong = of_code("zip_password_wrong");
        let warning = wrong.or_else(|| of_code("zip_encrypted"))?;
        let name = warning.path.as_deref().and_then(|path| path.file_name());
        Some(Self {
            name: name.unwrap_or_default().to_string_lossy().into_owned(),
            was_wrong: wrong.is_some(),
        })
    }
}

/// The paths whose scan found a locked archive, to be scanned again with its password.
#[derive(Clone, Debug)]
pub(crate) struct WaitsForPassword {
    pub(crate) archive: LockedArchive,
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) for_case: Option<case::CaseId>,
}

/// The folder of the header index for stores that are not named: in the user's cache. `None` where none is known.
pub fn default_header_index() -> Option<PathBuf> {
    let named = |key: &str| {
        std::env::var_os(key)
            .filter(|v| !v.is_empty())
            .map(PathBuf::from)
    };
    let cache = if cfg!(windows) {
        named("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        named("HOME").map(|h| h.join("Library/Caches"))
    } else {
        named("XDG_CACHE_HOME").or_else(|| named("HOME").map(|h| h.join(".cache")))
    };
    cache.map(|c| c.join("overread").join("headers"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use series::Severity;

    #[test]
    fn a_wrong_password_is_said_before_a_missing_one() {
        let warning = |code, path: &str| Warning::new(code, Severity::Warning, "text").at(path);
        let locked =
            |warnings: &[Warning]| LockedArchive::among(warnings).map(|l| (l.name, l.was_wrong));
        let encrypted = warning("zip_encrypted", "/in/a.zip");
        let wrong = warning("zip_password_wrong", "/in/b.zip");
        assert_eq!(locked(&[warning("not_dicom", "/in/c")]), None);
        let both = [encrypted.clone(), wrong];
        assert_eq!(locked(&both), Some(("b.zip".into(), true)));
        assert_eq!(locked(&[encrypted]), Some(("a.zip".into(), false)));
    }
}
