use std::fs::Metadata;
use std::time::{SystemTime, UNIX_EPOCH};

/// What the file system says of a file without its being opened. A file that was replaced or written to has another one.
///
/// Where the system tells them, the time of the last change of any kind and the identity of the file are part of it: a
/// program can set the time of modification back, but not these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) len: u64,
    /// Nanoseconds since 1970; 0 where the system does not tell.
    pub(crate) modified_ns: i128,
    /// Nanoseconds since 1970 of the last change of content or attributes; 0 where the system does not tell.
    pub(crate) changed_ns: i128,
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

pub(crate) fn nanoseconds(time: SystemTime) -> i128 {
    // A duration of nanoseconds since 1970 stays below 2^94.
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => after.as_nanos() as i128,
        Err(before) => -(before.duration().as_nanos() as i128),
    }
}

#[cfg(unix)]
fn change_and_identity(metadata: &Metadata) -> (i128, (u64, u64)) {
    use std::os::unix::fs::MetadataExt;
    let changed_ns =
        i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec());
    (changed_ns, (metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn change_and_identity(metadata: &Metadata) -> (i128, (u64, u64)) {
    // The time of creation is the nearest that can be had: a file put in another's place has its own.
    (metadata.created().map_or(0, nanoseconds), (0, 0))
}
