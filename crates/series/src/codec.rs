//! Compressed frames, given one at a time to the codecs of the transfer syntax registry.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dicom_core::value::C;
use dicom_encoding::adapters::{PixelDataObject, RawPixelData};
use dicom_encoding::transfer_syntax::{Codec, TransferSyntaxIndex};
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;
use volume::SliceVoxels;

use crate::codestream::{StreamCodec, StreamColour, StreamHeader, StreamSign};
use crate::colour::{interleave, ybr_to_rgb8};
use crate::decode_error::DecodeError;
use crate::jpeg12::decode_jpeg12;
use crate::native::{decode_bytes, fix_i8, fix_i16, fix_u8, fix_u16};
use crate::pixel_format::{Layout, Photometric, PixelFormat, SampleKind};
use crate::prescan::inflate_at_most;
use crate::rle::{RleLayout, decode_rle};
use crate::syntax::{Compression, compression};

/// Decodes one compressed frame.
pub(crate) fn decode_frame(
    uid: &str,
    frame: Vec<u8>,
    format: &PixelFormat,
) -> Result<SliceVoxels, DecodeError> {
    // What the bytes are counts for more than what the transfer syntax says: mislabelled streams exist.
    if let Some(header) = StreamHeader::read(&frame) {
        return decode_stream(frame, &header, format);
    }
    match compression(uid) {
        Compression::Rle => decode_rle_frame(&frame, format),
        Compression::Fragmented | Compression::Native => decode_bytes(frame, format),
        Compression::DeflatedFrame => {
            let limit_bytes = format.frame_bytes().max(8) + 8;
            decode_bytes(inflate_at_most(&frame, limit_bytes)?, format)
        }
        Compression::Jpeg => Err(damaged("JPEG")),
        Compression::JpegLossless => Err(damaged("JPEG lossless")),
        Compression::JpegLs => Err(damaged("JPEG-LS")),
        Compression::Jpeg2000 => Err(damaged("JPEG 2000")),
        Compression::JpegXl | Compression::Video | Compression::Unknown => {
            Err(DecodeError::SyntaxUnsupported {
                uid: uid.to_owned(),
            })
        }
    }
}

fn damaged(codec: &'static str) -> DecodeError {
    DecodeError::CodecFailed {
        codec,
        what: "its header cannot be read",
    }
}

fn decode_rle_frame(frame: &[u8], format: &PixelFormat) -> Result<SliceVoxels, DecodeError> {
    let layout = RleLayout {
        n_samples: usize::from(format.n_samples),
        bytes_per_sample: usize::from(format.bits_allocated.div_ceil(8)),
        segment_bytes: if format.bits_allocated == 1 {
            format.n_pixels().div_ceil(8)
        } else {
            format.n_pixels()
        },
    };
    // The decoded samples of a pixel lie together, whatever the planar configuration says of the segments.
    let photometric = match format.photometric {
        Photometric::YbrFull422 => Photometric::YbrFull,
        other => other,
    };
    let format = PixelFormat {
        layout: Layout::Interleaved,
        photometric,
        ..format.clone()
    };
    decode_bytes(decode_rle(frame, layout)?, &format)
}

fn decode_stream(
    mut frame: Vec<u8>,
    header: &StreamHeader,
    format: &PixelFormat,
) -> Result<SliceVoxels, DecodeError> {
    header.check(
        format.rows,
        format.columns,
        format.n_samples,
        format.bits_allocated,
    )?;
    let codec_name = match header.codec {
        StreamCodec::JpegDct => "JPEG",
        StreamCodec::JpegLossless => "JPEG lossless",
        StreamCodec::JpegLs => "JPEG-LS",
        StreamCodec::Jpeg2000 => "JPEG 2000",
    };
    if header.codec == StreamCodec::JpegDct
        && header.n_components == 3
        && header.colour == StreamColour::Unsaid
    {
        // The decoder takes unmarked components for luminance and chrominances; the attribute knows better.
        let transform = u8::from(format.photometric != Photometric::Rgb);
        mark_transform(&mut frame, transform);
    }
    if header.codec == StreamCodec::JpegDct && 8 < header.precision {
        let (rows, columns) = (usize::from(format.rows), usize::from(format.columns));
        let samples = decode_jpeg12(&frame, rows, columns);
        let samples = samples.map_err(|what| DecodeError::CodecFailed {
            codec: codec_name,
            what,
        })?;
        let bytes: Vec<u8> = samples.iter().flat_map(|v| v.to_le_bytes()).collect();
        return grey(&bytes, header, format);
    }
    let registered = match header.codec {
        StreamCodec::JpegDct => "1.2.840.10008.1.2.4.50",
        StreamCodec::JpegLossless => "1.2.840.10008.1.2.4.70",
        StreamCodec::JpegLs => "1.2.840.10008.1.2.4.80",
        StreamCodec::Jpeg2000 => "1.2.840.10008.1.2.4.90",
    };
    let n_container_bytes = if header.precision <= 8 { 1 } else { 2 };
    let n_bytes = format.n_values() * n_container_bytes;
    // The adapters refuse large frames that shrank more than 64-fold; the size has been checked above, so the tail of
    // zeros tells them that it is meant.
    let padded_len = frame.len().max(n_bytes / 64 + 1);
    frame.resize(padded_len, 0);
    let mut object = OneFrame {
        format,
        bits_allocated: 8 * n_container_bytes as u16,
        frame,
    };
    let mut decoded = run_codec(registered, &object);
    if decoded.is_none() && header.codec == StreamCodec::JpegLs && drop_fill(&mut object.frame) {
        decoded = run_codec(registered, &object);
    }
    let bytes = decoded.ok_or(DecodeError::CodecFailed {
        codec: codec_name,
        what: "the stream cannot be decoded",
    })?;
    if bytes.len() != n_bytes {
        return Err(DecodeError::PixelsShort {
            expected: n_bytes as u64,
            found: bytes.len() as u64,
        });
    }
    if format.n_samples == 3 {
        colour(bytes, header, format)
    } else {
        grey(&bytes, header, format)
    }
}

/// Puts an Adobe marker behind the start of image: 0 for red, green, blue; 1 for luminance and chrominances.
fn mark_transform(frame: &mut Vec<u8>, transform: u8) {
    let marker = [
        0xFF, 0xEE, 0, 14, b'A', b'd', b'o', b'b', b'e', 0, 100, 0, 0, 0, 0, transform,
    ];
    frame.splice(2..2, marker);
}

/// Takes zero bytes out from before the end marker: some encoders pad there, and the decoder takes offence. Gives
/// whether there were any.
fn drop_fill(frame: &mut Vec<u8>) -> bool {
    let Some(end) = frame.windows(2).rposition(|w| w == [0xFF, 0xD9]) else {
        return false;
    };
    let n_fill = frame
        .iter()
        .take(end)
        .rev()
        .take_while(|b| **b == 0)
        .count();
    frame.drain(end - n_fill..end);
    0 < n_fill
}

fn run_codec(uid: &str, object: &OneFrame<'_>) -> Option<Vec<u8>> {
    let syntax = TransferSyntaxRegistry.get(uid)?;
    let Codec::EncapsulatedPixelData(Some(reader), _) = syntax.codec() else {
        return None;
    };
    // The codecs are other people's: should one panic on damaged bytes, the frame is lost and not the process.
    catch_unwind(AssertUnwindSafe(|| {
        let mut bytes = Vec::new();
        reader
            .decode_frame(object, 0, &mut bytes)
            .ok()
            .map(|()| bytes)
    }))
    .ok()
    .flatten()
}

fn grey(
    bytes: &[u8],
    header: &StreamHeader,
    format: &PixelFormat,
) -> Result<SliceVoxels, DecodeError> {
    let is_signed_stream = header.sign == StreamSign::Signed;
    // Streams carry their samples in the low bits, wherever High Bit is.
    let format = &PixelFormat {
        high_bit: format.bits_stored - 1,
        ..format.clone()
    };
    let wide: Vec<u16> = if header.precision <= 8 && format.bits_allocated <= 8 {
        return Ok(match format.kind {
            SampleKind::Signed => {
                SliceVoxels::I8(fix_i8(bytes.iter().map(|b| *b as i8).collect(), format))
            }
            _ => SliceVoxels::U8(fix_u8(bytes.to_vec(), format)),
        });
    } else if header.precision <= 8 {
        bytes
            .iter()
            .map(|b| {
                if is_signed_stream {
                    i16::from(*b as i8) as u16
                } else {
                    u16::from(*b)
                }
            })
            .collect()
    } else {
        bytes
            .as_chunks::<2>()
            .0
            .iter()
            .map(|b| u16::from_le_bytes(*b))
            .collect()
    };
    Ok(match (format.bits_allocated, format.kind) {
        (16, SampleKind::Signed) => {
            SliceVoxels::I16(fix_i16(wide.iter().map(|v| *v as i16).collect(), format))
        }
        (16, _) => SliceVoxels::U16(fix_u16(wide, format)),
        (32, SampleKind::Signed) => {
            SliceVoxels::I32(wide.iter().map(|v| i32::from(*v as i16)).collect())
        }
        (32, _) => SliceVoxels::U32(wide.iter().map(|v| u32::from(*v)).collect()),
        _ => {
            return Err(DecodeError::StreamDiffers {
                stream: format!("{} bit", header.precision),
                attributes: format!("{} bit allocated", format.bits_allocated),
            });
        }
    })
}

fn colour(
    bytes: Vec<u8>,
    header: &StreamHeader,
    format: &PixelFormat,
) -> Result<SliceVoxels, DecodeError> {
    if 8 < header.precision {
        let values: Vec<u16> = bytes
            .as_chunks::<2>()
            .0
            .iter()
            .map(|b| u16::from_le_bytes(*b))
            .collect();
        let pixels = match header.colour {
            StreamColour::Planes => interleave(&values),
            _ => values.as_chunks::<3>().0.to_vec(),
        };
        return Ok(SliceVoxels::Rgb16(pixels.into()));
    }
    let mut pixels: Vec<[u8; 3]> = match header.colour {
        StreamColour::Planes => interleave(&bytes),
        _ => bytes.as_chunks::<3>().0.to_vec(),
    };
    // JPEG's own decoder has already given red, green and blue, and so has JPEG 2000's component transform.
    let is_rgb_already =
        header.codec == StreamCodec::JpegDct || header.colour == StreamColour::Transformed;
    if !is_rgb_already
        && matches!(
            format.photometric,
            Photometric::YbrFull | Photometric::YbrFull422
        )
    {
        pixels.iter_mut().for_each(|p| *p = ybr_to_rgb8(*p));
    }
    if format.bits_allocated == 16 {
        return Ok(SliceVoxels::Rgb16(
            pixels.iter().map(|p| p.map(u16::from)).collect(),
        ));
    }
    Ok(SliceVoxels::Rgb8(pixels.into()))
}

/// An object of one frame in one fragment, which is all that the codecs are ever shown.
struct OneFrame<'a> {
    format: &'a PixelFormat,
    /// That of the stream's own samples, not of the attribute.
    bits_allocated: u16,
    frame: Vec<u8>,
}

impl PixelDataObject for OneFrame<'_> {
    fn transfer_syntax_uid(&self) -> &str {
        ""
    }

    fn rows(&self) -> Option<u16> {
        Some(self.format.rows)
    }

    fn cols(&self) -> Option<u16> {
        Some(self.format.columns)
    }

    fn samples_per_pixel(&self) -> Option<u16> {
        Some(self.format.n_samples)
    }

    fn bits_allocated(&self) -> Option<u16> {
        Some(self.bits_allocated)
    }

    fn bits_stored(&self) -> Option<u16> {
        Some(self.bits_allocated)
    }

    fn photometric_interpretation(&self) -> Option<&str> {
        Some(self.format.photometric.term())
    }

    fn number_of_frames(&self) -> Option<u32> {
        Some(1)
    }

    fn number_of_fragments(&self) -> Option<u32> {
        Some(1)
    }

    fn fragment(&self, fragment: usize) -> Option<Cow<'_, [u8]>> {
        (fragment == 0).then_some(Cow::Borrowed(&self.frame))
    }

    fn offset_table(&self) -> Option<Cow<'_, [u32]>> {
        None
    }

    fn raw_pixel_data(&self) -> Option<RawPixelData> {
        let fragments = C::from_elem(self.frame.clone(), 1);
        Some(RawPixelData {
            fragments,
            offset_table: C::new(),
        })
    }
}
