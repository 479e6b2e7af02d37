use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use tar::EntryType;

use crate::archive::{Entries, is_inside_archive};
use crate::blob::Blob;
use crate::limits;
use crate::source::Place;

/// Is this the first block of a tar archive (POSIX.1-1988 ustar, or the older form): does its checksum hold?
pub(crate) fn is_tar_header(head: &[u8]) -> bool {
    const CHECKSUM: std::ops::Range<usize> = 148..156;
    let Some(block) = head.get(..512) else {
        return false;
    };
    // The checksum is of all bytes, with blanks in its own place, in octal digits.
    let sum: u32 = block
        .iter()
        .enumerate()
        .map(|(i, byte)| u32::from(if CHECKSUM.contains(&i) { b' ' } else { *byte }))
        .sum();
    let stated = String::from_utf8_lossy(&block[CHECKSUM]);
    let stated = u32::from_str_radix(stated.trim_matches([' ', '\0']), 8);
    block[0] != 0 && stated == Ok(sum)
}

/// Lists the entries of a tar archive, which lie in it as they are.
pub(crate) fn list_tar(blob: &Blob, path: &Path, into: &mut Entries) {
    let mut archive = tar::Archive::new(blob.reader());
    let Ok(listing) = archive.entries_with_seek() else {
        into.warn("tar_damaged", DAMAGED, path);
        return;
    };
    for entry in listing {
        let Ok(entry) = entry else {
            into.warn("tar_damaged", DAMAGED, path);
            return;
        };
        let Some(name) = wanted(entry.header().entry_type(), &entry.path_bytes(), path, into)
        else {
            continue;
        };
        match blob.part(entry.raw_file_position(), entry.size()) {
            Some(part) => {
                if !into.add(path, name, Place::Plain(part)) {
                    return;
                }
            }
            None => into.warn("tar_damaged", DAMAGED, path),
        }
    }
}

/// Whether a gzip stream was read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inflated {
    Whole,
    TooLarge,
}

/// Inflates a gzip stream (RFC 1952): the files of a tar archive, or the one file that it is.
pub(crate) fn list_gzip(blob: &Blob, path: &Path, name: &str, into: &mut Entries) -> Inflated {
    let reader = io::BufReader::with_capacity(1 << 16, blob.reader());
    let allowed = limits::max_inflated_bytes(blob.len()).min(into.memory_left_bytes());
    // One byte more than is allowed shows that there would be more.
    let mut stream = MultiGzDecoder::new(reader).take(allowed.saturating_add(1));
    let mut head = Vec::new();
    let is_whole = (&mut stream).take(512).read_to_end(&mut head).is_ok();
    let mut listed = Inflated::Whole;
    if is_whole && is_tar_header(&head) {
        listed = list_tar_stream(io::Cursor::new(head).chain(&mut stream), path, into);
    } else {
        let read = stream.read_to_end(&mut head);
        if read.is_err() {
            into.warn("gzip_damaged", GZIP_DAMAGED, path);
        }
        let n_bytes = head.len() as u64;
        if !head.is_empty() && n_bytes <= allowed && into.take_memory(n_bytes) {
            into.add(path, name.to_owned(), Place::Plain(Blob::memory(head)));
        }
    }
    if stream.limit() == 0 {
        Inflated::TooLarge
    } else {
        listed
    }
}

fn list_tar_stream(stream: impl Read, path: &Path, into: &mut Entries) -> Inflated {
    let mut archive = tar::Archive::new(stream);
    let Ok(listing) = archive.entries() else {
        into.warn("tar_damaged", DAMAGED, path);
        return Inflated::Whole;
    };
    for entry in listing {
        let Ok(mut entry) = entry else {
            into.warn("tar_damaged", DAMAGED, path);
            return Inflated::Whole;
        };
        let kind = entry.header().entry_type();
        let Some(name) = wanted(kind, &entry.path_bytes(), path, into) else {
            continue;
        };
        let size = entry.size();
        if !into.take_memory(size) {
            return Inflated::TooLarge;
        }
        // The size may lie: memory is taken as the bytes arrive.
        let mut bytes = Vec::new();
        match (&mut entry).take(size).read_to_end(&mut bytes) {
            Ok(n) if n as u64 == size => {
                if !into.add(path, name, Place::Plain(Blob::memory(bytes))) {
                    return Inflated::Whole;
                }
            }
            _ => {
                into.warn("gzip_damaged", GZIP_DAMAGED, path);
                return Inflated::Whole;
            }
        }
    }
    Inflated::Whole
}

const DAMAGED: &str = "This tar archive is cut or damaged; what could be read is listed. Copy it again from where it came.";
const GZIP_DAMAGED: &str = "This compressed archive is cut or damaged; what could be read is listed. Copy it again from where it came.";

/// The name of an entry that is to be read; `None` for folders, and for what is refused with a warning.
fn wanted(kind: EntryType, name: &[u8], path: &Path, into: &mut Entries) -> Option<String> {
    let name = String::from_utf8_lossy(name).into_owned();
    let relative = name.strip_prefix("./").unwrap_or(&name);
    match kind {
        EntryType::Directory | EntryType::XGlobalHeader => None,
        _ if !is_inside_archive(relative) => {
            let text = "An entry of this archive points outside the archive; it was not read.";
            into.warn("tar_path_refused", text, path);
            None
        }
        EntryType::Regular | EntryType::Continuous => Some(relative.to_owned()),
        EntryType::Link | EntryType::Symlink => {
            let text = "An entry of this archive is a link; it was not read.";
            into.warn("tar_link_refused", text, path);
            None
        }
        _ => {
            let text =
                "An entry of this archive is a device or of another special kind; it was not read.";
            into.warn("tar_entry_refused", text, path);
            None
        }
    }
}
