//! JPEG (ISO/IEC 10918-1): the lossless process of annex H, and what it shares with the transform's processes.

mod bits;
mod entropy;
mod frame;
mod huffman;
mod lossless;
mod predictor;
mod segments;
mod tables;

pub(crate) use lossless::decode_lossless;
pub(crate) use segments::{Segment, Segments, be16, marker};

/// Why a stream does not decode, in a few words.
pub(crate) type Damage = &'static str;
