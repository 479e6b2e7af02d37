//! JPEG (ISO/IEC 10918-1): the processes with a cosine transform, of 8 to 12 bits, and the lossless one.

mod bits;
mod colour;
mod dct;
mod entropy;
mod frame;
mod huffman;
mod lossless;
mod planes;
mod predictor;
mod progressive;
mod scan;
mod segments;
mod sequential;
mod tables;
mod transform;
mod upsample;

pub(crate) use colour::Conversion;
pub(crate) use dct::decode_dct;
pub(crate) use lossless::decode_lossless;
pub(crate) use segments::{Segment, Segments, be16, marker};

/// Why a stream does not decode, in a few words.
pub(crate) type Damage = &'static str;
