use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use zip::CompressionMethod;
use zip::result::ZipError;

use crate::archive::{Entries, is_inside_archive};
use crate::blob::{Blob, BlobReader};
use crate::inflating::Inflating;
use crate::limits;
use crate::password::Password;
use crate::source::{Content, Place};

/// An entry of a zip archive that has to be inflated or decrypted to be read.
pub(crate) struct ZippedEntry {
    archive: Arc<zip::ZipArchive<BlobReader>>,
    entry_idx: usize,
    password: Option<Password>,
    /// What the archive says that the entry inflates to.
    size_bytes: u64,
    /// The bytes in the archive, where no password stands before them.
    plain: Option<(CompressionMethod, Blob)>,
}

impl ZippedEntry {
    /// The entry's beginning, read no further than it is looked at; its checksum stays unknown.
    pub(crate) fn open_header(&self) -> io::Result<Content> {
        match &self.plain {
            Some((CompressionMethod::Deflated, blob)) => {
                let inflating = Inflating::new(blob, self.size_bytes);
                Ok(Content::Inflating(Box::new(inflating)))
            }
            Some((CompressionMethod::Stored, blob)) if blob.len() == self.size_bytes => {
                Ok(Content::Part(blob.clone()))
            }
            _ => Ok(Content::Memory(self.read()?)),
        }
    }

    /// The entry as an archive of its own. A zip archive that is merely stored checks its own entries; anything else
    /// is read whole, so that its checksum is known to be right.
    pub(crate) fn blob(&self) -> io::Result<Blob> {
        match self.stored_zip() {
            Some(blob) => Ok(blob),
            None => Ok(Blob::memory(self.read()?)),
        }
    }

    /// Bytes of memory that [`Self::blob`] takes.
    pub(crate) fn blob_memory_bytes(&self) -> u64 {
        match self.stored_zip() {
            Some(_) => 0,
            None => self.size_bytes,
        }
    }

    fn stored_zip(&self) -> Option<Blob> {
        let (_, blob) = self
            .plain
            .as_ref()
            .filter(|(method, _)| *method == CompressionMethod::Stored)?;
        let is_zip = blob
            .read_range(0, 4)
            .is_ok_and(|head| head == b"PK\x03\x04");
        is_zip.then(|| blob.clone())
    }

    /// All bytes of the entry. Its checksum, and for AES its seal, have been found right.
    pub(crate) fn read(&self) -> io::Result<Vec<u8>> {
        // A clone shares the directory and has a position of its own, so that entries are read in parallel.
        let mut archive = zip::ZipArchive::clone(&self.archive);
        let entry = match &self.password {
            Some(password) => archive.by_index_decrypt(self.entry_idx, password.bytes()),
            None => archive.by_index(self.entry_idx),
        };
        let entry = entry.map_err(io::Error::other)?;
        let limit = limits::max_inflated_bytes(entry.compressed_size());
        let mut bytes =
            Vec::with_capacity(usize::try_from(self.size_bytes.min(limit)).unwrap_or(0));
        entry.take(limit + 1).read_to_end(&mut bytes)?;
        if limit < bytes.len() as u64 || bytes.len() as u64 != self.size_bytes {
            let text = "the entry does not have the size that its archive claims";
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        Ok(bytes)
    }
}

/// Lists the entries of a zip archive. Encrypted ones open with the first of the passwords that fits.
pub(crate) fn list_zip(blob: &Blob, path: &Path, passwords: &[Password], into: &mut Entries) {
    let Ok(mut archive) = zip::ZipArchive::new(blob.reader()) else {
        into.warn(
            "zip_unreadable",
            "This zip archive is damaged and cannot be read; copy it again from where it came.",
            path,
        );
        return;
    };
    if limits::MAX_ARCHIVE_ENTRIES < archive.len() {
        into.warn(
            "too_many_files",
            "The archive holds more entries than allowed, so it was left out.",
            path,
        );
        return;
    }
    if archive.has_duplicate_names() {
        into.warn(
            "zip_names_double",
            "Entries of this archive share a name with others, and only the last of each name was read; an image may be missing.",
            path,
        );
    }
    let shared = Arc::new(archive.clone());
    let mut key = None;
    for entry_idx in 0..archive.len() {
        let listed = listed(&mut archive, entry_idx);
        let Some(listed) = listed else {
            into.warn(
                "zip_entry_unreadable",
                "An entry of this archive cannot be read, so it was left out.",
                path,
            );
            continue;
        };
        if let Some((code, text)) = listed.refusal() {
            into.warn(code, text, path);
        } else if listed.is_file {
            let key = match listed.is_encrypted {
                true => key.get_or_insert_with(|| find_key(&shared, passwords)),
                false => &mut Ok(None),
            };
            match key {
                Ok(password) => {
                    let place = place(&shared, blob, &listed, entry_idx, password.clone());
                    if !into.add(path, listed.name, place) {
                        return;
                    }
                }
                Err(problem) => into.warn(problem.code(), problem.text(), path),
            }
        }
    }
}

struct Listed {
    name: String,
    is_file: bool,
    is_link: bool,
    is_encrypted: bool,
    method: CompressionMethod,
    compressed_bytes: u64,
    size_bytes: u64,
    /// Place of the entry's bytes, from the start of the archive.
    data_start: Option<u64>,
}

fn listed(archive: &mut zip::ZipArchive<BlobReader>, entry_idx: usize) -> Option<Listed> {
    let entry = archive.by_index_raw(entry_idx).ok()?;
    let name = match entry.name() {
        Ok(name) => name.into_owned(),
        Err(_) => String::from_utf8_lossy(entry.name_raw()).into_owned(),
    };
    Some(Listed {
        name,
        is_file: entry.is_file(),
        is_link: entry.is_symlink(),
        is_encrypted: entry.encrypted(),
        method: entry.compression(),
        compressed_bytes: entry.compressed_size(),
        size_bytes: entry.size(),
        data_start: entry.data_start(),
    })
}

impl Listed {
    /// Why the entry is not read, whatever is in it.
    fn refusal(&self) -> Option<(&'static str, &'static str)> {
        // Nothing is ever extracted, yet a name that points outside marks an archive made to do harm.
        if !is_inside_archive(&self.name) {
            return Some((
                "zip_path_refused",
                "An entry of this archive points outside the archive; it was not read.",
            ));
        }
        if self.is_link {
            return Some((
                "zip_link_refused",
                "An entry of this archive is a link; it was not read.",
            ));
        }
        let is_known = matches!(
            self.method,
            CompressionMethod::Stored | CompressionMethod::Deflated | CompressionMethod::Deflate64
        );
        if self.is_file && !is_known {
            return Some((
                "zip_method_unsupported",
                "An entry of this archive is compressed in a way that cannot be read here; unpack the archive and open the folder.",
            ));
        }
        if limits::max_inflated_bytes(self.compressed_bytes) < self.size_bytes {
            return Some((
                "zip_entry_too_large",
                "An entry of this archive claims to be larger than its bytes could hold, so it was refused as unsafe.",
            ));
        }
        None
    }
}

fn place(
    archive: &Arc<zip::ZipArchive<BlobReader>>,
    blob: &Blob,
    listed: &Listed,
    entry_idx: usize,
    password: Option<Password>,
) -> Place {
    let bytes = listed
        .data_start
        .filter(|_| !listed.is_encrypted)
        .and_then(|start| blob.part(start, listed.compressed_bytes));
    let plain = bytes.map(|bytes| (listed.method, bytes));
    Place::Zipped(ZippedEntry {
        archive: Arc::clone(archive),
        entry_idx,
        password,
        size_bytes: listed.size_bytes,
        plain,
    })
}

/// Why encrypted entries stay closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KeyProblem {
    NoPassword,
    WrongPassword,
}

impl KeyProblem {
    fn code(self) -> &'static str {
        match self {
            Self::NoPassword => "zip_encrypted",
            Self::WrongPassword => "zip_password_wrong",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::NoPassword => {
                "This archive is encrypted; give its password to open what is in it."
            }
            Self::WrongPassword => {
                "The password does not open this archive; check it and try again."
            }
        }
    }
}

/// The first password that opens the smallest encrypted entry, whose checksum then proves it.
fn find_key(
    archive: &Arc<zip::ZipArchive<BlobReader>>,
    passwords: &[Password],
) -> Result<Option<Password>, KeyProblem> {
    if passwords.is_empty() {
        return Err(KeyProblem::NoPassword);
    }
    let mut directory = zip::ZipArchive::clone(archive);
    let smallest = (0..directory.len())
        .filter_map(|idx| Some((idx, listed(&mut directory, idx)?)))
        .filter(|(_, l)| l.is_encrypted && l.is_file && l.refusal().is_none())
        // An empty entry proves nothing where its password is checked by one byte only.
        .min_by_key(|(_, l)| (l.size_bytes == 0, l.size_bytes));
    let Some((idx, listed)) = smallest else {
        return Err(KeyProblem::WrongPassword);
    };
    let is_aes = matches!(
        directory.get_aes_verification_key_and_salt(idx),
        Ok(Some(_))
    );
    let opens = |password: &&Password| {
        let attempt = ZippedEntry {
            archive: Arc::clone(archive),
            entry_idx: idx,
            password: Some((*password).clone()),
            size_bytes: listed.size_bytes,
            plain: None,
        };
        match attempt.read() {
            Ok(_) => true,
            // A damaged entry must not make a right password look wrong, where the archive tells the two apart.
            Err(error) => is_aes && !says_wrong_password(&error),
        }
    };
    let fits = passwords.iter().find(opens);
    fits.map(|p| Some(p.clone()))
        .ok_or(KeyProblem::WrongPassword)
}

fn says_wrong_password(error: &io::Error) -> bool {
    let inner = error.get_ref().and_then(|e| e.downcast_ref::<ZipError>());
    matches!(inner, Some(ZipError::InvalidPassword))
}
