use crate::error::CodecError;
use crate::jpeg::{Conversion, decode_dct, decode_lossless};
use crate::jpeg_ls::decode_jpeg_ls;
use crate::jpeg_xl::decode_jpeg_xl;
use crate::jpeg2000::decode_jpeg2000;
use crate::samples::Samples;
use crate::stream_header::{StreamCodec, StreamColour, StreamHeader};

/// What three components of a JPEG stream are, where the stream itself does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnmarkedComponents {
    /// Red, green and blue.
    Rgb,
    /// Luminance and two chrominances, to be converted.
    Ycc,
}

/// The samples of a stream, and how many of them are not what the stream says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The samples.
    pub samples: Samples,
    /// Samples of a reversible JPEG 2000 stream that lay outside of the range of its own bits, and were set to its
    /// nearer end. An irreversible stream overshoots by its nature, so its samples are never counted.
    pub n_clamped: u64,
}

/// Decodes a stream whose header was read and agreed to, for callers that say elsewhere whether samples were clamped.
///
/// # Errors
/// As [`decode_counted`].
pub fn decode(
    stream: &[u8],
    header: &StreamHeader,
    unmarked: UnmarkedComponents,
) -> Result<Samples, CodecError> {
    decode_counted(stream, header, unmarked).map(|counted| counted.samples)
}

/// Decodes a stream whose header was read and agreed to.
///
/// Lossy JPEG and JPEG XL of three components come as red, green and blue. Everything else comes as it was encoded, JPEG 2000's
/// component transform undone.
///
/// # Errors
/// [`CodecError`] when the stream is cut, contradicts its header or leads nowhere, and when it uses what is not decoded
/// here.
pub fn decode_counted(
    stream: &[u8],
    header: &StreamHeader,
    unmarked: UnmarkedComponents,
) -> Result<Counted, CodecError> {
    let codec = header.codec.name();
    let all_within = |samples| Counted {
        samples,
        n_clamped: 0,
    };
    let counted = match header.codec {
        StreamCodec::JpegDct => {
            decode_dct(stream, header, conversion(header, unmarked)).map(all_within)
        }
        StreamCodec::JpegLossless => decode_lossless(stream, header).map(all_within),
        StreamCodec::JpegLs => decode_jpeg_ls(stream, header).map(all_within),
        StreamCodec::JpegXl => decode_jpeg_xl(stream, header).map(all_within),
        StreamCodec::Jpeg2000 => decode_jpeg2000(stream, header),
    };
    counted.map_err(|fault| CodecError::of(codec, fault))
}

/// What becomes of the components of lossy JPEG: the stream's own mark counts for more than what the caller says.
fn conversion(header: &StreamHeader, unmarked: UnmarkedComponents) -> Conversion {
    match (header.n_components, header.colour, unmarked) {
        (1, ..) | (_, StreamColour::Rgb, _) => Conversion::None,
        (_, StreamColour::Ycc, _) | (.., UnmarkedComponents::Ycc) => Conversion::YccToRgb,
        (.., UnmarkedComponents::Rgb) => Conversion::None,
    }
}
