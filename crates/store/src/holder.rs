use std::path::Path;

/// Who keeps a store from being written, as far as the system tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Number of its process.
    pub process: u32,
    /// Name of its program; may be empty.
    pub program: String,
}

/// Where SQLite locks the file beside the write-ahead log for the one who writes (its "WAL-index format", section 2.3).
const WRITE_LOCK_BYTE: u64 = 120;

/// Who holds the lock of the one who writes; `None` where nobody does any more, or the system does not tell.
pub(crate) fn holder_of(database: &Path) -> Option<Holder> {
    let mut beside = database.as_os_str().to_owned();
    beside.push("-shm");
    let inode = inode_of(Path::new(&beside))?;
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    let process = locks.lines().find_map(|line| writer_in(line, inode))?;
    let name = std::fs::read_to_string(format!("/proc/{process}/comm"));
    Some(Holder {
        process,
        program: name.map(|name| name.trim().to_owned()).unwrap_or_default(),
    })
}

#[cfg(unix)]
fn inode_of(path: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    Some(std::fs::metadata(path).ok()?.ino())
}

#[cfg(not(unix))]
fn inode_of(_path: &Path) -> Option<u64> {
    None
}

/// The process of a line such as `3: POSIX ADVISORY WRITE 4117 fe:00:10257266 120 120`, when it locks that byte of that
/// file for writing. A line that begins with an arrow waits for a lock and has none.
fn writer_in(line: &str, inode: u64) -> Option<u32> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [_, "POSIX", "ADVISORY", "WRITE", process, file, first, last] = words.as_slice() else {
        return None;
    };
    let (_, of) = file.rsplit_once(':')?;
    let first: u64 = first.parse().ok()?;
    let last: u64 = match *last {
        "EOF" => u64::MAX,
        last => last.parse().ok()?,
    };
    let is_it = of.parse() == Ok(inode) && (first..=last).contains(&WRITE_LOCK_BYTE);
    is_it.then(|| process.parse().ok()).flatten()
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.program.as_str() {
            "" => write!(f, "process {}", self.process),
            program => write!(f, "{program}, process {}", self.process),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_who_writes_is_told_from_all_others() {
        for (line, expected) in [
            (
                "3: POSIX  ADVISORY  WRITE 4117 fe:00:77 120 120",
                Some(4117),
            ),
            ("3: POSIX  ADVISORY  WRITE 4117 fe:00:77 0 EOF", Some(4117)),
            ("3: POSIX  ADVISORY  READ 4117 fe:00:77 120 120", None),
            ("3: POSIX  ADVISORY  WRITE 4117 fe:00:78 120 120", None),
            ("3: POSIX  ADVISORY  WRITE 4117 fe:00:77 124 127", None),
            ("3: -> POSIX ADVISORY WRITE 4117 fe:00:77 120 120", None),
            ("3: FLOCK  ADVISORY  WRITE 4117 fe:00:77 0 EOF", None),
            ("", None),
        ] {
            assert_eq!(writer_in(line, 77), expected, "{line}");
        }
    }
}
