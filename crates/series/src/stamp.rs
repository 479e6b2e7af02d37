use std::fs::Metadata;
use std::time::{SystemTime, UNIX_EPOCH};

/// What the file system says of a file without its being opened. A file that was replaced or written to has another one.
///
/// Where the system tells them, the time of the last change of any kind and the identity of the file are part of it: a
/// program can set the time of modification back, but not these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) len: u64,
    /// Nanoseconds since 1970, for what lies beyond the years 1678 to 2262 the nearest of them; 0 where the system does not
    /// tell.
    pub(crate) modified_ns: i64,
    /// Nanoseconds since 1970 of the last change of content or attributes; 0 where the system does not tell.
    pub(crate) changed_ns: i64,
    /// Device and inode; 0 where there are none.
    pub(crate) identity: (u64, u64),
}

impl Stamp {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        let (changed_ns, identity) = change_and_identity(metadata);
        Self {
            len: metadata.len(),
            modified_ns: metadata.modified().map_or(0, nanoseconds),
            changed_ns,
            identity,
        }
    }
}

#[cfg(target_os = "linux")]
impl Stamp {
    /// The same, of what the system itself tells.
    #[allow(
        clippy::useless_conversion,
        reason = "only on some processors the fields are as wide as this"
    )]
    pub(crate) fn of_stat(stat: &rustix::fs::Stat) -> Self {
        let of = |seconds: i64, ns: u64| {
            let ns = i128::from(seconds) * 1_000_000_000 + i128::from(ns);
            // The cast follows the bounds.
            ns.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
        };
        Self {
            len: u64::try_from(stat.st_size).unwrap_or(0),
            modified_ns: of(stat.st_mtime, stat.st_mtime_nsec.into()),
            changed_ns: of(stat.st_ctime, stat.st_ctime_nsec.into()),
            identity: (stat.st_dev, stat.st_ino),
        }
    }
}

pub(crate) fn nanoseconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |ns| -ns),
    }
}

#[cfg(unix)]
fn change_and_identity(metadata: &Metadata) -> (i64, (u64, u64)) {
    use std::os::unix::fs::MetadataExt;
    let whole_ns = metadata.ctime().saturating_mul(1_000_000_000);
    let changed_ns = whole_ns.saturating_add(metadata.ctime_nsec());
    (changed_ns, (metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn change_and_identity(metadata: &Metadata) -> (i64, (u64, u64)) {
    // The time of creation is the nearest that can be had: a file put in another's place has its own.
    (metadata.created().map_or(0, nanoseconds), (0, 0))
}
