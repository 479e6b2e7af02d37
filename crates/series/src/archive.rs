use std::path::Path;
use std::sync::Arc;

use crate::iso_image::list_iso;
use crate::limits;
use crate::password::Password;
use crate::source::{ArchiveEntry, Content, Place, Source};
use crate::tar_archive::{Inflated, list_gzip, list_tar};
use crate::udf_image::list_udf;
use crate::warning::{Severity, Warning};
use crate::zip_archive::list_zip;

/// What holds other files in itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ArchiveKind {
    Zip,
    Tar,
    /// A gzip stream: of a tar archive, or of one file.
    Gzip,
    /// An image of an ISO 9660 disc.
    Iso,
    /// An image of a disc of UDF alone.
    Udf,
    /// One part of a zip archive that was split into several files.
    ZipPart,
    /// An archive of a kind that is not read here.
    Foreign,
}

/// Place of the identifier of an ISO 9660 volume descriptor: behind the 16 sectors that belong to the system.
const ISO_IDENTIFIER_AT: u64 = 16 * 2048 + 1;

impl ArchiveKind {
    /// By the content alone; names are not believed. `None` for anything else, DICOM included.
    pub(crate) fn of(content: &Content) -> Option<Self> {
        let head = content
            .read_range(0, content.len().min(512) as usize)
            .ok()?;
        let starts = |signature: &[u8]| head.starts_with(signature);
        if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
            return Some(Self::Zip);
        }
        // The first of several parts, or the only one of what might have become several.
        if starts(b"PK\x07\x08PK") {
            return Some(Self::by_end_of_zip(content).unwrap_or(Self::ZipPart));
        }
        if starts(&[0x1F, 0x8B, 8]) {
            return Some(Self::Gzip);
        }
        let foreign: [&[u8]; 5] = [
            b"7z\xBC\xAF\x27\x1C",
            b"Rar!\x1A\x07",
            b"BZh",
            b"\xFD7zXZ\0",
            b"\x28\xB5\x2F\xFD",
        ];
        if foreign.iter().any(|signature| starts(signature)) {
            return Some(Self::Foreign);
        }
        if crate::tar_archive::is_tar_header(&head) {
            return Some(Self::Tar);
        }
        let mut identifier = [0; 5];
        let read = content.read_exact_at(ISO_IDENTIFIER_AT, &mut identifier);
        match (read, &identifier) {
            (Ok(()), b"CD001") => Some(Self::Iso),
            // ECMA-167 3/9.
            (Ok(()), b"BEA01") => Some(Self::Udf),
            // A program that unpacks itself, or the last of several parts.
            _ => Self::by_end_of_zip(content),
        }
    }

    /// By the record that ends a zip archive (APPNOTE 4.3.16), where no comment stands behind it.
    fn by_end_of_zip(content: &Content) -> Option<Self> {
        const RECORD_BYTES: u64 = 22;
        // The end of an entry that is inflated as it is looked at would cost the whole of it.
        if !matches!(content, Content::File { .. } | Content::Part(_)) {
            return None;
        }
        let at = content.len().checked_sub(RECORD_BYTES)?;
        let mut head = [0; 6];
        content.read_exact_at(at, &mut head).ok()?;
        let [signature @ .., low, high] = head;
        match u16::from_le_bytes([low, high]) {
            _ if &signature != b"PK\x05\x06" => None,
            // The number of this part, counted from 0; the greatest one says that it stands elsewhere.
            0 | u16::MAX => Some(Self::Zip),
            _ => Some(Self::ZipPart),
        }
    }
}

/// What an archive holds, and what was left out of it.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    pub(crate) sources: Vec<Source>,
    pub(crate) warnings: Vec<Warning>,
    /// Name of the archive within the one it lies in, with a slash behind it; empty for a file on disk.
    within: String,
    /// Bytes of memory that may still be taken.
    memory_bytes: u64,
}

impl Entries {
    pub(crate) fn warn(&mut self, code: &'static str, text: &str, archive: &Path) {
        let path = if self.within.is_empty() {
            archive.to_owned()
        } else {
            archive.join(self.within.trim_end_matches('/'))
        };
        self.warnings
            .push(Warning::new(code, Severity::Warning, text).at(path));
    }

    /// Lists an entry; `false` when there are too many, which has been said then.
    pub(crate) fn add(&mut self, archive: &Path, name: String, place: Place) -> bool {
        if limits::MAX_ARCHIVE_ENTRIES <= self.sources.len() {
            let text = "The archive holds more entries than allowed; the rest was left out. Unpack it and open a part.";
            self.warn("too_many_files", text, archive);
            return false;
        }
        let name = format!("{}{name}", self.within);
        let entry = ArchiveEntry::new(archive.to_owned(), name, place);
        self.sources.push(Source::Entry(Arc::new(entry)));
        true
    }

    /// Takes memory from what is left; `false` when it is not enough.
    pub(crate) fn take_memory(&mut self, n_bytes: u64) -> bool {
        match self.memory_bytes.checked_sub(n_bytes) {
            Some(left) => {
                self.memory_bytes = left;
                true
            }
            None => false,
        }
    }

    pub(crate) fn memory_left_bytes(&self) -> u64 {
        self.memory_bytes
    }
}

/// Lists the entries of an archive. `memory_bytes` is what inflating may still take in all, and is counted down.
///
/// Nothing is unpacked to disk. Entries that lie in the archive as they are, or in a zip archive, are read from it when
/// they are wanted; a gzip stream has to be inflated into memory.
pub(crate) fn expand(
    source: &Source,
    kind: ArchiveKind,
    passwords: &[Password],
    memory_bytes: &mut u64,
) -> Entries {
    let path = source.path();
    let mut entries = Entries {
        within: source.entry().map(|e| format!("{e}/")).unwrap_or_default(),
        memory_bytes: *memory_bytes,
        ..Entries::default()
    };
    if kind == ArchiveKind::Foreign {
        entries.warn(
            "archive_unsupported",
            "Archives of this kind cannot be read here; unpack it and open the folder.",
            path,
        );
        return entries;
    }
    if kind == ArchiveKind::ZipPart {
        entries.warn(
            "zip_split",
            "This is one of the parts that a zip archive was split into; unpack all of them together and open the folder.",
            path,
        );
        return entries;
    }
    if !entries.take_memory(source.blob_memory_bytes()) {
        entries.warn("archive_too_large", TOO_LARGE, path);
        return entries;
    }
    match source.blob() {
        Err(_) => entries.warn(
            "archive_unreadable",
            "This archive cannot be read; copy it again from where it came.",
            path,
        ),
        Ok(blob) => match kind {
            ArchiveKind::Zip => list_zip(&blob, path, passwords, &mut entries),
            ArchiveKind::Tar => list_tar(&blob, path, &mut entries),
            ArchiveKind::Iso => list_iso(&blob, path, &mut entries),
            ArchiveKind::Udf => list_udf(&blob, path, &mut entries),
            ArchiveKind::ZipPart | ArchiveKind::Foreign => {}
            ArchiveKind::Gzip => {
                let name = name_without_suffix(source);
                match list_gzip(&blob, path, &name, &mut entries) {
                    Inflated::Whole => {}
                    Inflated::TooLarge => entries.warn("archive_too_large", TOO_LARGE, path),
                }
            }
        },
    }
    *memory_bytes = entries.memory_bytes;
    entries
}

const TOO_LARGE: &str =
    "This archive would take more memory than is allowed; unpack it and open the folder.";

/// The name of what a gzip stream holds: that of the stream without its suffix.
fn name_without_suffix(source: &Source) -> String {
    let shown = source.shown_path();
    let stem = shown.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

/// A relative name that never goes up; both kinds of slashes separate, since archives of either kind are met.
pub(crate) fn is_inside_archive(name: &str) -> bool {
    let is_absolute = name.starts_with(['/', '\\']) || name.get(1..2) == Some(":");
    !name.is_empty() && !is_absolute && !name.split(['/', '\\']).any(|part| part == "..")
}

/// Says that an archive lies deeper in others than is looked.
pub(crate) fn too_deep(source: &Source) -> Warning {
    let text = format!(
        "An archive lies more than {} archives deep, so it was not opened; unpack the outer one and open the folder.",
        limits::MAX_ARCHIVE_DEPTH
    );
    Warning::new("archive_nested_too_deep", Severity::Warning, text).at(source.shown_path())
}
