use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

use flate2::bufread::DeflateDecoder;

use crate::blob::{Blob, BlobReader};

/// Compressed bytes read at a time: a header seldom needs more.
const BLOCK_BYTES: usize = 8 * 1024;

/// A deflated entry that is inflated only as far as somebody reads it.
///
/// Its checksum is not looked at; who needs the whole object reads all of it and checks.
#[derive(Debug)]
pub(crate) struct Inflating {
    len: u64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    stream: DeflateDecoder<io::BufReader<BlobReader>>,
    inflated: Vec<u8>,
}

impl Inflating {
    /// `len` is what the archive claims the entry inflates to; memory is taken only for what is really there.
    pub(crate) fn new(compressed: &Blob, len: u64) -> Self {
        let reader = io::BufReader::with_capacity(BLOCK_BYTES, compressed.reader());
        let state = State {
            stream: DeflateDecoder::new(reader),
            inflated: Vec::new(),
        };
        Self {
            len,
            state: Mutex::new(state),
        }
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    pub(crate) fn read_exact_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let end = offset
            .checked_add(buffer.len() as u64)
            .filter(|end| *end <= self.len)
            .and_then(|end| usize::try_from(end).ok())
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State { stream, inflated } = &mut *state;
        if let Some(missing) = end.checked_sub(inflated.len()).filter(|n| 0 < *n) {
            stream.take(missing as u64).read_to_end(inflated)?;
        }
        let from = usize::try_from(offset).map_err(|_| io::ErrorKind::UnexpectedEof)?;
        let part = inflated.get(from..end);
        buffer.copy_from_slice(part.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}
