use std::io;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::limits;
use crate::stamp::Stamp;

/// What is asked of the files of a folder beside their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    Names,
    /// Their stamps too. A file asked for by its name within its folder costs half of one asked for by its whole path.
    Stamps,
}

/// The names in one folder, in their order.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub(crate) entries: Vec<Listed>,
    /// The file system failed on the way, so that names may be missing.
    pub(crate) is_cut: bool,
}

/// A name in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    /// The folder's path with the name behind it; shared by all that is made of the file.
    pub(crate) path: Arc<Path>,
    pub(crate) kind: Kind,
    /// What the file system said of a regular file, where that was asked and is to be had with its name.
    pub(crate) stamp: Option<Stamp>,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Folder,
    Link,
    /// A device, a pipe or a socket.
    Other,
    /// The file system does not tell.
    Unknown,
}

/// Files of one folder that one thread asks for their stamps at a time.
const STAMPS_AT_A_TIME: usize = 128;

impl Listing {
    /// Lists a folder without opening any of its files. Asked for stamps it works on rayon's threads, else on this one.
    ///
    /// # Errors
    /// When the folder cannot be opened.
    pub(crate) fn of(folder: &Path, ask: Ask) -> io::Result<Self> {
        system::list(folder, ask)
    }
}

/// Linux tells names and stamps into memory that is there already: the path of a file is all that is allocated for it.
#[cfg(target_os = "linux")]
mod system {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, RawDir, openat, statat};
    use rustix::io::retry_on_intr;

    use super::*;

    /// Names that the system tells at a time, bytes.
    const NAMES_BYTES: usize = 32 * 1024;

    pub(super) fn list(folder: &Path, ask: Ask) -> io::Result<Listing> {
        // What is no folder must not be waited for, as a pipe would be.
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let opened = retry_on_intr(|| openat(CWD, folder, flags, Mode::empty()))?;
        let mut path = folder.join("").into_os_string().into_encoded_bytes();
        let before_name = path.len();
        let mut listing = Listing::default();
        let mut buffer = Vec::with_capacity(NAMES_BYTES);
        let mut names = RawDir::new(&opened, buffer.spare_capacity_mut());
        while let Some(told) = names.next() {
            let Ok(told) = told else {
                listing.is_cut = true;
                break;
            };
            let name = told.file_name().to_bytes();
            if name == b"." || name == b".." {
                continue;
            }
            if limits::MAX_FILES <= listing.entries.len() {
                break;
            }
            path.truncate(before_name);
            path.extend_from_slice(name);
            listing.entries.push(Listed {
                path: Arc::from(Path::new(OsStr::from_bytes(&path))),
                kind: kind(told.file_type()),
                stamp: None,
            });
        }
        sort(&mut listing.entries, before_name);
        let entries = &mut listing.entries;
        let look = |entry: &mut Listed| {
            if let Ok(stat) = statat(&opened, name(entry, before_name), AtFlags::SYMLINK_NOFOLLOW) {
                entry.kind = kind(FileType::from_raw_mode(stat.st_mode));
                entry.stamp = (entry.kind == Kind::File).then(|| Stamp::of_stat(&stat));
            }
        };
        match ask {
            Ask::Names => {
                let untold = entries.iter_mut().filter(|e| e.kind == Kind::Unknown);
                untold.for_each(look);
            }
            Ask::Stamps => {
                let entries = entries.par_iter_mut().with_min_len(STAMPS_AT_A_TIME);
                let asked = entries.filter(|e| matches!(e.kind, Kind::File | Kind::Unknown));
                asked.for_each(look);
            }
        }
        Ok(listing)
    }

    /// By name. Names of one folder mostly begin alike, and what follows tells them apart without looking further.
    fn sort(entries: &mut [Listed], before_name: usize) {
        let Some(first) = entries.first() else {
            return;
        };
        let first = bytes(first, before_name);
        let shared = |entry: &Listed| {
            let pairs = first.iter().zip(bytes(entry, before_name));
            pairs.take_while(|(a, b)| a == b).count()
        };
        let n_shared = entries.iter().map(shared).min().unwrap_or(0);
        let key = |entry: &Listed| {
            let mut key = [0; 8];
            let rest = bytes(entry, before_name + n_shared);
            key.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            u64::from_be_bytes(key)
        };
        entries.sort_by_cached_key(key);
        let in_order = |a: &Listed, b: &Listed| bytes(a, before_name) <= bytes(b, before_name);
        if !entries.is_sorted_by(in_order) {
            entries.sort_unstable_by(|a, b| name(a, before_name).cmp(name(b, before_name)));
        }
    }

    fn bytes(entry: &Listed, from: usize) -> &[u8] {
        let path = entry.path.as_os_str().as_bytes();
        path.get(from..).unwrap_or_default()
    }

    fn name(entry: &Listed, before_name: usize) -> &OsStr {
        OsStr::from_bytes(bytes(entry, before_name))
    }

    fn kind(told: FileType) -> Kind {
        match told {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Folder,
            FileType::Symlink => Kind::Link,
            FileType::Unknown => Kind::Unknown,
            _ => Kind::Other,
        }
    }
}

/// As the standard library lists folders everywhere.
#[cfg(any(test, not(target_os = "linux")))]
#[cfg_attr(target_os = "linux", allow(dead_code, reason = "a test compares both"))]
mod anywhere {
    use std::fs::DirEntry;

    use super::*;

    pub(super) fn list(folder: &Path, ask: Ask) -> io::Result<Listing> {
        let mut listing = Listing::default();
        let mut told: Vec<DirEntry> = Vec::new();
        for entry in std::fs::read_dir(folder)?.take(limits::MAX_FILES) {
            match entry {
                Ok(entry) => told.push(entry),
                Err(_) => listing.is_cut = true,
            }
        }
        told.sort_by_cached_key(DirEntry::file_name);
        let listed = |entry: &DirEntry| Listed {
            path: Arc::from(entry.path()),
            kind: kind(entry),
            stamp: None,
        };
        listing.entries = told.iter().map(listed).collect();
        // Elsewhere than on Unix a listing repeats what the folder noted, which may be older than the file.
        if cfg!(unix) && ask == Ask::Stamps {
            let pairs = listing.entries.par_iter_mut().zip(&told);
            pairs
                .with_min_len(STAMPS_AT_A_TIME)
                .for_each(|(entry, told)| {
                    let metadata = (entry.kind == Kind::File).then(|| told.metadata().ok());
                    let metadata = metadata.flatten().filter(|m| m.is_file());
                    entry.stamp = metadata.map(|metadata| Stamp::of(&metadata));
                });
        }
        Ok(listing)
    }

    fn kind(entry: &DirEntry) -> Kind {
        match entry.file_type() {
            Ok(kind) if kind.is_file() => Kind::File,
            Ok(kind) if kind.is_dir() => Kind::Folder,
            Ok(kind) if kind.is_symlink() => Kind::Link,
            Ok(_) => Kind::Other,
            Err(_) => Kind::Unknown,
        }
    }
}

#[cfg(not(target_os = "linux"))]
use anywhere as system;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_come_in_their_order_with_kind_and_stamp() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b", "a", "ab", "C", ".hidden", "\u{e9}", "a b"] {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        std::fs::create_dir(folder.path().join("aa")).unwrap();
        let listing = Listing::of(folder.path(), Ask::Stamps).unwrap();
        let entries = listing.entries.iter();
        let names: Vec<_> = entries
            .map(|e| e.path.file_name().unwrap().to_str().unwrap())
            .collect();
        assert_eq!(
            names,
            [".hidden", "C", "a", "a b", "aa", "ab", "b", "\u{e9}"]
        );
        for entry in &listing.entries {
            let metadata = std::fs::metadata(&entry.path).unwrap();
            let is_file = metadata.is_file();
            assert_eq!(entry.kind == Kind::File, is_file);
            assert_eq!(entry.kind == Kind::Folder, !is_file);
            if cfg!(unix) {
                assert_eq!(entry.stamp, is_file.then(|| Stamp::of(&metadata)));
            }
        }
        assert!(!listing.is_cut && Listing::of(&folder.path().join("b"), Ask::Names).is_err());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_folder_is_listed_as_the_standard_library_lists_it() {
        // Names that differ from the first letter, behind a common beginning, and only far behind it.
        for [before, behind] in [["", ""], ["IM-0001-", ".dcm"], ["1.2.840.1136", ""]] {
            let folder = tempfile::tempdir().unwrap();
            fill(folder.path(), before, behind);
            for ask in [Ask::Names, Ask::Stamps] {
                let by_system = Listing::of(folder.path(), ask).unwrap().entries;
                let by_library = anywhere::list(folder.path(), ask).unwrap().entries;
                assert_eq!(by_system.len(), 1005, "{before}");
                assert_eq!(by_system, by_library, "{before}");
            }
            let pipe = folder.path().join(format!("{before}pipe"));
            assert!(Listing::of(&pipe, Ask::Names).is_err());
        }
    }

    /// A thousand files, and one of everything else.
    #[cfg(target_os = "linux")]
    fn fill(folder: &Path, before: &str, behind: &str) {
        for n in 0..1000_u32 {
            // Numbers out of order, some alike in their first eight letters; times before 1970 and with nanoseconds.
            let number = u64::from(n * 7919 % 1000);
            let number = if n % 3 == 0 { number << 40 } else { number };
            let path = folder.join(format!("{before}{number}.{n}{behind}"));
            std::fs::write(&path, vec![0; n as usize]).unwrap();
            let since = std::time::Duration::new(u64::from(n) * 1_000_003, n * 999_983);
            let time = match n % 2 {
                0 => std::time::UNIX_EPOCH + since,
                _ => std::time::UNIX_EPOCH - since,
            };
            let file = std::fs::File::options().write(true).open(&path).unwrap();
            file.set_modified(time).unwrap();
        }
        std::fs::create_dir(folder.join(format!("{before}folder"))).unwrap();
        for (link, target) in [("to_file", "7"), ("to_nowhere", "none"), ("to_folder", ".")] {
            let link = folder.join(format!("{before}{link}"));
            std::os::unix::fs::symlink(target, link).unwrap();
        }
        rustix::fs::mknodat(
            rustix::fs::CWD,
            folder.join(format!("{before}pipe")),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::from_raw_mode(0o600),
            0,
        )
        .unwrap();
    }
}
