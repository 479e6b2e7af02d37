//! One compressed picture in, its samples out: JPEG, JPEG lossless, JPEG-LS, JPEG 2000, JPEG XL and RLE.
//!
//! The header of a stream is read first, so that its size is known and agreed to before any decoder runs. A stream that
//! ends early or contradicts itself is an error and gives nothing; no stream panics, recurses, or allocates more than
//! its stated size asks for. What the samples mean (sign, mask, colour, window) is not known here.
//!
//! This crate must never know: DICOM data sets, files, threads, the screen.
//! Entry types: [`StreamHeader`], [`decode_counted`], [`decode_rle`].

mod decode;
mod error;
mod jpeg;
mod jpeg2000;
mod jpeg_ls;
mod jpeg_xl;
mod rle;
mod samples;
mod stream_header;

pub use decode::{Counted, UnmarkedComponents, decode, decode_counted};
pub use error::CodecError;
pub use rle::{RleLayout, decode_rle, decode_rle_words, rle_surplus_bytes};
pub use samples::Samples;
pub use stream_header::{StreamCodec, StreamColour, StreamHeader, StreamSign};
