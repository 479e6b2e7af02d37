use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::limits;

/// Where the bytes of one object lie. Nothing is ever written there.
#[derive(Clone, Debug)]
pub enum Source {
    /// A regular file.
    File(PathBuf),
    /// An entry of a zip archive, read in memory.
    ZipEntry(Arc<ZipEntry>),
}

/// One entry of a zip archive.
pub struct ZipEntry {
    archive_path: PathBuf,
    name: String,
    entry_idx: usize,
    archive: zip::ZipArchive<PositionedFile>,
}

impl std::fmt::Debug for ZipEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ZipEntry")
            .field("archive", &self.archive_path)
            .field("name", &self.name)
            .finish()
    }
}

impl ZipEntry {
    pub(crate) fn new(
        archive_path: PathBuf,
        name: String,
        entry_idx: usize,
        archive: zip::ZipArchive<PositionedFile>,
    ) -> Self {
        Self {
            archive_path,
            name,
            entry_idx,
            archive,
        }
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        // A clone shares the directory and has a position of its own, so that entries are read in parallel.
        let mut archive = self.archive.clone();
        let entry = archive.by_index(self.entry_idx).map_err(io::Error::other)?;
        let limit = limits::max_inflated_bytes(entry.compressed_size());
        // The size in the directory may lie; it only serves as a hint below the cap.
        let hint = entry.size().min(limit).min(limits::MAX_INFLATED_BYTES);
        let mut bytes = Vec::with_capacity(usize::try_from(hint).unwrap_or(0));
        entry.take(limit + 1).read_to_end(&mut bytes)?;
        if limit < bytes.len() as u64 {
            return Err(io::Error::other("zip entry larger than allowed"));
        }
        Ok(bytes)
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
        map.serialize_entry("path", self.path())?;
        if let Some(entry) = self.entry() {
            map.serialize_entry("entry", entry)?;
        }
        map.end()
    }
}

impl Source {
    /// The file on disk: the object itself, or the archive it lies in.
    pub fn path(&self) -> &Path {
        match self {
            Self::File(path) => path,
            Self::ZipEntry(entry) => &entry.archive_path,
        }
    }

    /// The name inside the archive; `None` for a plain file.
    pub fn entry(&self) -> Option<&str> {
        match self {
            Self::File(_) => None,
            Self::ZipEntry(entry) => Some(&entry.name),
        }
    }

    /// The path to show: the file's, or the archive's with the entry's name behind it.
    pub fn shown_path(&self) -> PathBuf {
        match self {
            Self::File(path) => path.clone(),
            Self::ZipEntry(entry) => entry.archive_path.join(&entry.name),
        }
    }

    pub(crate) fn open(&self) -> io::Result<Content> {
        match self {
            Self::File(path) => Content::open(path),
            Self::ZipEntry(entry) => Ok(Content::Memory(entry.read()?)),
        }
    }
}

/// Bytes that can be read at any place: a file by positioned reads, or memory.
///
/// Files are not mapped: a share that disconnects, or a file that shrinks while it is read, must be an error and not a signal.
#[derive(Debug)]
pub(crate) enum Content {
    File { file: File, len: u64 },
    Memory(Vec<u8>),
}

impl Content {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        }
        Ok(Self::File {
            file,
            len: metadata.len(),
        })
    }

    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::File { len, .. } => *len,
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }

    /// Fills the whole buffer from `offset`, or fails.
    pub(crate) fn read_exact_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        match self {
            Self::File { file, .. } => read_exact_at(file, offset, buffer),
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
            Self::File { len, .. } => {
                self.read_range(0, usize::try_from(*len).map_err(io::Error::other)?)
            }
        }
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut offset: u64, mut buffer: &mut [u8]) -> io::Result<()> {
    while !buffer.is_empty() {
        let n = std::os::windows::fs::FileExt::seek_read(file, buffer, offset)?;
        if n == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        buffer = &mut buffer[n..];
        offset += n as u64;
    }
    Ok(())
}

/// A shared file with a position of its own, so that each clone reads independently.
#[derive(Clone, Debug)]
pub(crate) struct PositionedFile {
    file: Arc<File>,
    len: u64,
    position: u64,
}

impl PositionedFile {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        Ok(Self {
            file: Arc::new(file),
            len,
            position: 0,
        })
    }
}

impl Read for PositionedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.len.saturating_sub(self.position)).unwrap_or(usize::MAX);
        let n = buffer.len().min(left);
        read_exact_at(&self.file, self.position, &mut buffer[..n])?;
        self.position += n as u64;
        Ok(n)
    }
}

impl Seek for PositionedFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(offset) => self.len.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
