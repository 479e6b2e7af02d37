use std::io;

use crate::limits::WINDOW_BYTES;
use crate::source::Content;

/// A piece of the content held in memory while its header is walked, moved along as the walk goes on.
pub(crate) struct Window<'a> {
    content: &'a Content,
    buffer: Vec<u8>,
    start: u64,
}

impl<'a> Window<'a> {
    pub(crate) fn new(content: &'a Content) -> Self {
        Self {
            content,
            buffer: Vec::new(),
            start: 0,
        }
    }

    pub(crate) fn len(&self) -> u64 {
        self.content.len()
    }

    /// The bytes at a place; fails with `UnexpectedEof` where the content is shorter.
    pub(crate) fn bytes(&mut self, offset: u64, len: usize) -> io::Result<&[u8]> {
        let end = offset
            .checked_add(len as u64)
            .filter(|end| *end <= self.len());
        let end = end.ok_or(io::ErrorKind::UnexpectedEof)?;
        if let Content::Memory(bytes) = self.content {
            let range = usize::try_from(offset).ok().zip(usize::try_from(end).ok());
            return Ok(range
                .and_then(|(from, to)| bytes.get(from..to))
                .ok_or(io::ErrorKind::UnexpectedEof)?);
        }
        if offset < self.start || self.start + (self.buffer.len() as u64) < end {
            let wanted = (len.max(WINDOW_BYTES) as u64).min(self.len() - offset);
            self.buffer
                .resize(usize::try_from(wanted).map_err(io::Error::other)?, 0);
            self.start = offset;
            self.content.read_exact_at(offset, &mut self.buffer)?;
        }
        let from = usize::try_from(offset - self.start).map_err(io::Error::other)?;
        Ok(self
            .buffer
            .get(from..from + len)
            .ok_or(io::ErrorKind::UnexpectedEof)?)
    }
}
