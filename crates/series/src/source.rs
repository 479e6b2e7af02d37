use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::blob::{Blob, read_exact_at};
use crate::inflating::Inflating;
use crate::stamp::Stamp;
use crate::zip_archive::ZippedEntry;

/// Where the bytes of one object lie. Nothing is ever written there.
#[derive(Clone, Debug)]
pub enum Source {
    /// A regular file. Its path is shared by everything that was made of the file.
    File(Arc<Path>),
    /// An entry of an archive or disc image, read in memory.
    Entry(Arc<ArchiveEntry>),
}

/// One entry of an archive or disc image; those that lie in an archive within it as well.
pub struct ArchiveEntry {
    archive_path: PathBuf,
    name: String,
    place: Place,
}

/// How an entry lies in its archive.
pub(crate) enum Place {
    /// As it is.
    Plain(Blob),
    /// Compressed, encrypted, or both.
    Zipped(ZippedEntry),
}

impl std::fmt::Debug for ArchiveEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ArchiveEntry")
            .field("archive", &self.archive_path)
            .field("name", &self.name)
            .finish()
    }
}

impl ArchiveEntry {
    pub(crate) fn new(archive_path: PathBuf, name: String, place: Place) -> Self {
        Self {
            archive_path,
            name,
            place,
        }
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.path() == other.path() && self.entry() == other.entry()
    }
}

impl Serialize for Source {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        // A name of a file need not be text; one that is not is shown as far as it is.
        map.serialize_entry("path", &self.path().to_string_lossy())?;
        if let Some(entry) = self.entry() {
            map.serialize_entry("entry", entry)?;
        }
        map.end()
    }
}

impl Source {
    /// A regular file.
    pub fn file(path: impl Into<Arc<Path>>) -> Self {
        Self::File(path.into())
    }

    /// The file on disk: the object itself, or the archive it lies in.
    pub fn path(&self) -> &Path {
        match self {
            Self::File(path) => path,
            Self::Entry(entry) => &entry.archive_path,
        }
    }

    /// The name inside the archive; `None` for a plain file.
    pub fn entry(&self) -> Option<&str> {
        match self {
            Self::File(_) => None,
            Self::Entry(entry) => Some(&entry.name),
        }
    }

    /// The path to show: the file's, or the archive's with the entry's name behind it.
    pub fn shown_path(&self) -> PathBuf {
        match self {
            Self::File(path) => path.to_path_buf(),
            Self::Entry(entry) => entry.archive_path.join(&entry.name),
        }
    }

    /// The whole object. A compressed entry is read to its end, so that its checksum is known to be right.
    pub(crate) fn open(&self) -> io::Result<Content> {
        match self {
            Self::File(path) => Content::open(path),
            Self::Entry(entry) => match &entry.place {
                Place::Plain(blob) => Ok(Content::Part(blob.clone())),
                Place::Zipped(zipped) => Ok(Content::Memory(zipped.read()?)),
            },
        }
    }

    /// The object as far as its header needs it: a compressed entry is inflated no further than it is looked at.
    pub(crate) fn open_header(&self) -> io::Result<Content> {
        match self {
            Self::Entry(entry) => match &entry.place {
                Place::Zipped(zipped) => zipped.open_header(),
                Place::Plain(_) => self.open(),
            },
            Self::File(_) => self.open(),
        }
    }

    /// The bytes as an archive of their own, to be read at any place.
    pub(crate) fn blob(&self) -> io::Result<Blob> {
        match self {
            Self::File(path) => Blob::open(path),
            Self::Entry(entry) => match &entry.place {
                Place::Plain(blob) => Ok(blob.clone()),
                Place::Zipped(zipped) => zipped.blob(),
            },
        }
    }

    /// Bytes of memory that [`Self::blob`] would take.
    pub(crate) fn blob_memory_bytes(&self) -> u64 {
        match self {
            Self::Entry(entry) => match &entry.place {
                Place::Zipped(zipped) => zipped.blob_memory_bytes(),
                Place::Plain(_) => 0,
            },
            Self::File(_) => 0,
        }
    }
}

/// Bytes that can be read at any place: a file by positioned reads, a part of an archive, or memory.
#[derive(Debug)]
pub(crate) enum Content {
    File {
        file: File,
        len: u64,
        stamp: Stamp,
    },
    /// An entry that lies uncompressed in its archive.
    Part(Blob),
    /// A compressed entry of which only the beginning is wanted.
    Inflating(Box<Inflating>),
    Memory(Vec<u8>),
}

impl Content {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        Ok(Self::File {
            file,
            len: metadata.len(),
            stamp: Stamp::of(&metadata),
        })
    }

    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::File { len, .. } => *len,
            Self::Part(blob) => blob.len(),
            Self::Inflating(inflating) => inflating.len(),
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }

    /// Fills the whole buffer from `offset`, or fails.
    pub(crate) fn read_exact_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        match self {
            Self::File { file, .. } => read_exact_at(file, offset, buffer),
            Self::Part(blob) => blob.read_exact_at(offset, buffer),
            Self::Inflating(inflating) => inflating.read_exact_at(offset, buffer),
            Self::Memory(bytes) => {
                let start = usize::try_from(offset).map_err(|_| io::ErrorKind::UnexpectedEof)?;
                let from = start
                    .checked_add(buffer.len())
                    .and_then(|end| bytes.get(start..end));
                buffer.copy_from_slice(from.ok_or(io::ErrorKind::UnexpectedEof)?);
                Ok(())
            }
        }
    }

    pub(crate) fn read_range(&self, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        if self.len().saturating_sub(offset) < len as u64 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut buffer = vec![0; len];
        self.read_exact_at(offset, &mut buffer)?;
        Ok(buffer)
    }

    pub(crate) fn read_all(&self) -> io::Result<Vec<u8>> {
        match self {
            Self::Memory(bytes) => Ok(bytes.clone()),
            _ => self.read_range(0, usize::try_from(self.len()).map_err(io::Error::other)?),
        }
    }
}
