use crate::error::CodecError;
use crate::jpeg::decode_lossless;
use crate::jpeg12::decode_jpeg12;
use crate::jpeg2000::{HIGH_THROUGHPUT, decode_jpeg2000};
use crate::registry::decode_registered;
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

/// Decodes a stream whose header was read and agreed to.
///
/// Lossy JPEG of three components comes as red, green and blue. Everything else comes as it was encoded, JPEG 2000's
/// component transform undone.
///
/// # Errors
/// [`CodecError`] when the stream is cut, contradicts its header, or leads nowhere.
pub fn decode(
    stream: Vec<u8>,
    header: &StreamHeader,
    unmarked: UnmarkedComponents,
) -> Result<Samples, CodecError> {
    match header.codec {
        StreamCodec::JpegDct => decode_dct(stream, header, unmarked),
        StreamCodec::JpegLossless => {
            let codec = header.codec.name();
            decode_lossless(&stream, header).map_err(|what| CodecError { codec, what })
        }
        StreamCodec::JpegLs => decode_registered("1.2.840.10008.1.2.4.80", stream, header),
        StreamCodec::Jpeg2000 => match decode_jpeg2000(&stream, header) {
            Err(HIGH_THROUGHPUT) => decode_registered("1.2.840.10008.1.2.4.90", stream, header),
            decoded => decoded.map_err(|what| CodecError {
                codec: header.codec.name(),
                what,
            }),
        },
    }
}

fn decode_dct(
    mut stream: Vec<u8>,
    header: &StreamHeader,
    unmarked: UnmarkedComponents,
) -> Result<Samples, CodecError> {
    if header.n_components == 3 && header.colour == StreamColour::Unsaid {
        // The decoder takes unmarked components for luminance and chrominances; the caller knows better.
        mark_transform(&mut stream, u8::from(unmarked == UnmarkedComponents::Ycc));
    }
    if header.precision <= 8 {
        return decode_registered("1.2.840.10008.1.2.4.50", stream, header);
    }
    let codec = header.codec.name();
    decode_jpeg12(&stream, header.height as usize, header.width as usize)
        .map(Samples::Bits16)
        .map_err(|what| CodecError { codec, what })
}

/// Puts an Adobe marker behind the start of image: 0 for red, green, blue; 1 for luminance and chrominances.
fn mark_transform(stream: &mut Vec<u8>, transform: u8) {
    let marker = [
        0xFF, 0xEE, 0, 14, b'A', b'd', b'o', b'b', b'e', 0, 100, 0, 0, 0, 0, transform,
    ];
    stream.splice(2..2, marker);
}
