use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

/// A stretch of a file or of memory that can be read at any place, by many at once. An archive is one, and so is an
/// entry that lies in it as it is.
///
/// Files are not mapped: a share that disconnects, or a file that shrinks while it is read, must be an error and not a signal.
#[derive(Clone, Debug)]
pub(crate) struct Blob {
    bytes: Bytes,
    start: u64,
    len: u64,
}

#[derive(Clone, Debug)]
enum Bytes {
    File(Arc<File>),
    Memory(Arc<Vec<u8>>),
}

impl Blob {
    /// A whole regular file.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        Ok(Self {
            bytes: Bytes::File(Arc::new(file)),
            start: 0,
            len: metadata.len(),
        })
    }

    pub(crate) fn memory(bytes: Vec<u8>) -> Self {
        Self {
            start: 0,
            len: bytes.len() as u64,
            bytes: Bytes::Memory(Arc::new(bytes)),
        }
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// The stretch of `len` bytes from `offset`; `None` where it does not lie inside this one.
    pub(crate) fn part(&self, offset: u64, len: u64) -> Option<Self> {
        let end = offset.checked_add(len)?;
        (end <= self.len).then(|| Self {
            bytes: self.bytes.clone(),
            start: self.start + offset,
            len,
        })
    }

    /// Fills the whole buffer from `offset`, or fails.
    pub(crate) fn read_exact_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let end = offset.checked_add(buffer.len() as u64);
        if end.is_none_or(|end| self.len < end) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let at = self.start + offset;
        match &self.bytes {
            Bytes::File(file) => read_exact_at(file, at, buffer),
            Bytes::Memory(bytes) => {
                let from = usize::try_from(at).map_err(|_| io::ErrorKind::UnexpectedEof)?;
                let part = bytes.get(from..from + buffer.len());
                buffer.copy_from_slice(part.ok_or(io::ErrorKind::UnexpectedEof)?);
                Ok(())
            }
        }
    }

    /// `len` bytes from `offset`; nothing is allocated for bytes that are not there.
    pub(crate) fn read_range(&self, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        if self.len.saturating_sub(offset) < len as u64 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut buffer = vec![0; len];
        self.read_exact_at(offset, &mut buffer)?;
        Ok(buffer)
    }

    pub(crate) fn reader(&self) -> BlobReader {
        BlobReader {
            blob: self.clone(),
            position: 0,
        }
    }
}

#[cfg(unix)]
pub(crate) fn read_exact_at(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

#[cfg(windows)]
pub(crate) fn read_exact_at(file: &File, mut offset: u64, mut buffer: &mut [u8]) -> io::Result<()> {
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

/// A place of its own in a shared stretch, so that each clone reads independently.
#[derive(Clone, Debug)]
pub(crate) struct BlobReader {
    blob: Blob,
    position: u64,
}

impl Read for BlobReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.blob.len.saturating_sub(self.position);
        let n = buffer
            .len()
            .min(usize::try_from(left).unwrap_or(usize::MAX));
        let part = buffer.get_mut(..n).unwrap_or_default();
        self.blob.read_exact_at(self.position, part)?;
        self.position += n as u64;
        Ok(n)
    }
}

impl Seek for BlobReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(offset) => self.blob.len.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_part_ends_where_it_ends_also_within_a_longer_whole() {
        let whole = Blob::memory((0..10).collect());
        let part = whole.part(2, 4).unwrap();
        assert_eq!(part.read_range(1, 3).unwrap(), [3, 4, 5]);
        assert!(part.read_range(1, 4).is_err() && part.part(3, 2).is_none());
        assert!(whole.part(u64::MAX, 2).is_none());
        let mut reader = part.reader();
        let mut all = Vec::new();
        reader.read_to_end(&mut all).unwrap();
        assert_eq!(all, [2, 3, 4, 5]);
        assert_eq!(reader.seek(SeekFrom::End(-1)).unwrap(), 3);
        assert!(reader.seek(SeekFrom::Current(-9)).is_err());
    }
}
