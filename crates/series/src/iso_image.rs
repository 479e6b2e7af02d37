use std::collections::HashSet;
use std::path::Path;

use encoding_rs::UTF_16BE;

use crate::archive::Entries;
use crate::blob::Blob;
use crate::iso_sessions::{FIRST_DESCRIPTOR, SECTOR_BYTES, session_starts};
use crate::limits;
use crate::source::Place;
use crate::udf_image::udf_files;
use crate::udf_volume::names_udf;

/// More volume descriptors than any disc has.
const MAX_DESCRIPTORS: u64 = 64;

/// Longest list of one folder, bytes.
pub(crate) const MAX_FOLDER_BYTES: u64 = 16 * 1024 * 1024;

/// Lists the files of a disc image (ECMA-119), by their Joliet or Rock Ridge names where it has them.
///
/// Of a disc that was written to in several sessions the last volume counts, as it does in a drive; what only an earlier
/// one holds is read as well, with a warning.
pub(crate) fn list_iso(blob: &Blob, path: &Path, into: &mut Entries) {
    let starts = session_starts(blob);
    let volumes = starts.iter().filter_map(|start| Volume::find(blob, *start));
    let volumes: Vec<Volume> = volumes.collect();
    if volumes.is_empty() {
        into.warn("iso_damaged", DAMAGED, path);
    }
    let mut n_records = 0;
    let mut n_earlier = 0_usize;
    let (mut places, mut names) = (HashSet::new(), HashSet::new());
    for (age, volume) in volumes.iter().rev().enumerate() {
        let files = volume.files(blob, path, &mut n_records, into);
        let is_new = |file: &&DiscFile| {
            !places.contains(&file.start) && !names.contains(&file.name.to_uppercase())
        };
        for file in files.iter().filter(|file| age == 0 || is_new(file)) {
            n_earlier += usize::from(0 < age);
            let Some(part) = blob.part(file.start, file.len) else {
                into.warn("iso_file_cut", CUT, path);
                continue;
            };
            if !into.add(path, file.name.clone(), Place::Plain(part)) {
                return;
            }
        }
        places.extend(files.iter().map(|file| file.start));
        names.extend(files.iter().map(|file| file.name.to_uppercase()));
    }
    if names_udf(blob) {
        // Drives prefer the UDF volume of a disc that has both; mostly it names the same files.
        let is_new = |file: &DiscFile| {
            0 < file.len
                && !places.contains(&file.start)
                && !names.contains(&file.name.to_uppercase())
        };
        match udf_files(blob, path, into) {
            Err(_) => into.warn("archive_unsupported", UDF_BESIDE, path),
            Ok(files) => add_files(files.into_iter().filter(is_new), blob, path, into),
        }
    }
    if 0 < n_earlier {
        let text = format!(
            "This disc was written to {} times, and {n_earlier} of its files stand only in an earlier table of contents; they were read too. Check whether they were meant to be deleted.",
            volumes.len()
        );
        into.warn("iso_earlier_session", &text, path);
    }
}

/// Lists files of a disc image; one that lies beyond its end is said.
pub(crate) fn add_files(
    files: impl Iterator<Item = DiscFile>,
    blob: &Blob,
    path: &Path,
    into: &mut Entries,
) {
    for file in files {
        let Some(part) = blob.part(file.start, file.len) else {
            into.warn("iso_file_cut", CUT, path);
            continue;
        };
        if !into.add(path, file.name, Place::Plain(part)) {
            return;
        }
    }
}

/// A file of a volume.
pub(crate) struct DiscFile {
    pub(crate) name: String,
    /// Offset and length in bytes.
    pub(crate) start: u64,
    pub(crate) len: u64,
}

/// The list of one folder while it is gone through.
struct Listing<'a> {
    volume: &'a Volume,
    path: &'a Path,
    folder: &'a Folder,
    children: Vec<Folder>,
    files: Vec<DiscFile>,
    /// Name, offset and length of a file whose next record is awaited.
    unfinished: Option<(String, u64, u64)>,
}

impl Listing<'_> {
    fn take(&mut self, record: &Record<'_>, into: &mut Entries) {
        let Some(name) = self.volume.name(record).filter(|n| is_plain_name(n)) else {
            if !record.is_self_or_parent() {
                into.warn("iso_name_refused", NAME_REFUSED, self.path);
            }
            return;
        };
        let name = format!("{}{name}", self.folder.prefix);
        match record.kind() {
            RecordKind::Folder if self.folder.depth < limits::MAX_FOLDER_DEPTH => {
                self.children.push(Folder {
                    extent: record.extent(),
                    prefix: format!("{name}/"),
                    depth: self.folder.depth + 1,
                })
            }
            RecordKind::Folder => into.warn("iso_loop", LOOP, self.path),
            RecordKind::Link => into.warn("iso_link_refused", LINK, self.path),
            RecordKind::Interleaved => into.warn("iso_entry_refused", INTERLEAVED, self.path),
            RecordKind::File => self.file(name, record),
        }
    }

    /// A file of more than 4 GB comes in several records, whose extents follow each other (ECMA-119 6.5.1).
    fn file(&mut self, name: String, record: &Record<'_>) {
        let (start, len) = self.volume.place(record.extent());
        let (start, len) = match self.unfinished.take() {
            Some((first, from, n)) if first == name && from + n == start => {
                (from, n.saturating_add(len))
            }
            _ => (start, len),
        };
        if record.goes_on() {
            self.unfinished = Some((name, start, len));
            return;
        }
        self.files.push(DiscFile { name, start, len });
    }
}

const UDF_BESIDE: &str = "This disc has two tables of contents, and the one in UDF cannot be read here; files that stand only there are missing. Copy the disc to a folder and open that.";
pub(crate) const DAMAGED: &str = "This disc image is cut or damaged, and part of it cannot be read; make the image again from the disc.";
pub(crate) const LOOP: &str =
    "A folder of this disc image contains itself or lies too deep; it was not read again.";
pub(crate) const TOO_MANY: &str =
    "The archive holds more entries than allowed; the rest was left out.";
pub(crate) const NAME_REFUSED: &str =
    "A name in this disc image is no file name; that entry was not read.";
pub(crate) const LINK: &str = "An entry of this disc image is a link; it was not read.";
pub(crate) const INTERLEAVED: &str = "A file of this disc image is stored in pieces, which cannot be read here; copy the disc to a folder.";
pub(crate) const CUT: &str = "A file of this disc image lies beyond its end: the image is not complete. Make it again from the disc.";

#[derive(Clone, Copy)]
struct Extent {
    block: u32,
    len: u32,
}

struct Folder {
    extent: Extent,
    prefix: String,
    depth: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Naming {
    /// Capitals with a version, or the Rock Ridge name where there is one.
    Primary,
    /// UCS-2, big endian.
    Joliet,
}

struct Volume {
    block_bytes: u64,
    root: Extent,
    naming: Naming,
}

impl Volume {
    /// The Joliet descriptor of a session where there is one, else the primary one.
    fn find(blob: &Blob, session_start: u64) -> Option<Self> {
        let mut found = None;
        let first = session_start + FIRST_DESCRIPTOR;
        for sector in first..first + MAX_DESCRIPTORS {
            let Ok(descriptor) = blob.read_range(sector * SECTOR_BYTES, SECTOR_BYTES as usize)
            else {
                break;
            };
            if descriptor.get(1..6) != Some(b"CD001") {
                break;
            }
            let escape = descriptor.get(88..91).unwrap_or_default();
            let naming = match (descriptor[0], escape) {
                (1, _) => Naming::Primary,
                // The three levels of Joliet name themselves by these escape sequences.
                (2, [b'%', b'/', b'@' | b'C' | b'E']) => Naming::Joliet,
                (255, _) => break,
                _ => continue,
            };
            let root = Record::read(descriptor.get(156..190)?)?;
            let block_bytes = u64::from(u16_at(&descriptor, 128)?);
            if !matches!(block_bytes, 512 | 1024 | 2048) {
                continue;
            }
            let volume = Self {
                block_bytes,
                root: root.extent(),
                naming,
            };
            if naming == Naming::Joliet {
                return Some(volume);
            }
            found = found.or(Some(volume));
        }
        found
    }

    /// All its files. What is odd on the way is said in `into`; `n_records` counts against the cap.
    fn files(
        &self,
        blob: &Blob,
        path: &Path,
        n_records: &mut usize,
        into: &mut Entries,
    ) -> Vec<DiscFile> {
        let mut files = Vec::new();
        let mut seen = HashSet::new();
        let mut folders = vec![Folder {
            extent: self.root,
            prefix: String::new(),
            depth: 0,
        }];
        while let Some(folder) = folders.pop() {
            // A folder that is its own grandchild would never end.
            if !seen.insert(folder.extent.block) {
                into.warn("iso_loop", LOOP, path);
                continue;
            }
            let Some(bytes) = self.folder_bytes(blob, folder.extent) else {
                into.warn("iso_damaged", DAMAGED, path);
                continue;
            };
            let mut listing = Listing {
                volume: self,
                path,
                folder: &folder,
                children: Vec::new(),
                files: Vec::new(),
                unfinished: None,
            };
            for record in Records::of(&bytes, self.block_bytes) {
                *n_records += 1;
                if limits::MAX_ARCHIVE_ENTRIES < *n_records {
                    into.warn("too_many_files", TOO_MANY, path);
                    files.append(&mut listing.files);
                    return files;
                }
                listing.take(&record, into);
            }
            files.append(&mut listing.files);
            // The first child is taken first.
            folders.extend(listing.children.into_iter().rev());
        }
        files
    }

    /// Offset and length in bytes.
    fn place(&self, extent: Extent) -> (u64, u64) {
        (
            u64::from(extent.block) * self.block_bytes,
            u64::from(extent.len),
        )
    }

    fn folder_bytes(&self, blob: &Blob, extent: Extent) -> Option<Vec<u8>> {
        let (start, len) = self.place(extent);
        let len = usize::try_from(len)
            .ok()
            .filter(|_| len <= MAX_FOLDER_BYTES)?;
        blob.read_range(start, len).ok()
    }

    fn name(&self, record: &Record<'_>) -> Option<String> {
        if record.is_self_or_parent() {
            return None;
        }
        let plain = match self.naming {
            Naming::Joliet => {
                let (text, _) = UTF_16BE.decode_without_bom_handling(record.identifier);
                text.into_owned()
            }
            Naming::Primary => match record.rock_ridge_name() {
                Some(name) => return Some(name),
                None => String::from_utf8_lossy(record.identifier).into_owned(),
            },
        };
        // The version, and the dot of a name without extension, are part of the notation and not of the name.
        let base = plain
            .split_once(';')
            .map_or(plain.as_str(), |(base, _)| base);
        Some(base.trim_end_matches('.').to_owned())
    }
}

pub(crate) fn is_plain_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['/', '\\', '\0'])
}

/// The directory records of a folder (ECMA-119 9.1); none crosses the end of a block.
struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
    block_bytes: usize,
}

impl<'a> Records<'a> {
    fn of(bytes: &'a [u8], block_bytes: u64) -> Self {
        Self {
            bytes,
            at: 0,
            // One of three small numbers.
            block_bytes: block_bytes as usize,
        }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        loop {
            let len = usize::from(*self.bytes.get(self.at)?);
            if len == 0 {
                self.at = (self.at / self.block_bytes + 1) * self.block_bytes;
                continue;
            }
            let record = self.bytes.get(self.at..self.at + len);
            self.at += len;
            return Record::read(record?);
        }
    }
}

struct Record<'a> {
    bytes: &'a [u8],
    identifier: &'a [u8],
}

#[derive(Clone, Copy, PartialEq)]
enum RecordKind {
    File,
    Folder,
    Link,
    Interleaved,
}

impl<'a> Record<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let name_len = usize::from(*bytes.get(32)?);
        let identifier = bytes.get(33..33 + name_len)?;
        Some(Self { bytes, identifier })
    }

    fn extent(&self) -> Extent {
        let extended_blocks = self.bytes.get(1).map_or(0, |b| u32::from(*b));
        Extent {
            block: u32_at(self.bytes, 2)
                .unwrap_or(0)
                .saturating_add(extended_blocks),
            len: u32_at(self.bytes, 10).unwrap_or(0),
        }
    }

    fn flags(&self) -> u8 {
        self.bytes.get(25).copied().unwrap_or(0)
    }

    /// Does the file go on in the next record?
    fn goes_on(&self) -> bool {
        self.flags() & 0x80 != 0
    }

    fn is_self_or_parent(&self) -> bool {
        matches!(self.identifier, [0] | [1])
    }

    fn kind(&self) -> RecordKind {
        if self.fields().any(|(signature, _)| &signature == b"SL") {
            RecordKind::Link
        } else if self.flags() & 0x02 != 0 {
            RecordKind::Folder
        } else if self.bytes.get(26).is_some_and(|unit| *unit != 0) {
            RecordKind::Interleaved
        } else {
            RecordKind::File
        }
    }

    /// The fields behind the name (IEEE P1281), of which those of Rock Ridge (IEEE P1282) matter here.
    fn fields(&self) -> impl Iterator<Item = ([u8; 2], &'a [u8])> {
        // The area begins at an even place.
        let from = 33 + self.identifier.len() + (self.identifier.len() + 1) % 2;
        let mut rest = self.bytes.get(from..).unwrap_or_default();
        std::iter::from_fn(move || {
            let [a, b, len, _, ..] = *rest else {
                return None;
            };
            let field = rest.get(4..usize::from(len))?;
            rest = rest.get(usize::from(len)..)?;
            Some(([a, b], field))
        })
    }

    fn rock_ridge_name(&self) -> Option<String> {
        let mut name = Vec::new();
        for (_, field) in self.fields().filter(|(signature, _)| signature == b"NM") {
            let (flags, part) = field.split_first()?;
            // "." and ".." are flags; they are never the names of files.
            if flags & 0b110 != 0 {
                return None;
            }
            name.extend_from_slice(part);
        }
        (!name.is_empty()).then(|| String::from_utf8_lossy(&name).into_owned())
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at + 2)?;
    Some(u16::from_le_bytes(two.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at + 4)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}
