//! Compressed frames: decoded by `codec`, then made into voxels as the image attributes say.

use codec::{
    Counted, RleLayout, Samples, StreamCodec, StreamColour, StreamHeader, StreamSign,
    UnmarkedComponents, decode_counted, decode_rle, decode_rle_words, rle_surplus_bytes,
};
use volume::{SliceVoxels, Stored};

use crate::colour::{full_range16, ybr_to_rgb8};
use crate::decode_error::DecodeError;
use crate::decode_note::{DecodeNote, clamped_note, sign_note};
use crate::native::{decode_bytes, fix_i8, fix_i16, fix_u8, fix_u16};
use crate::pixel_format::{Layout, Photometric, PixelFormat, SampleKind};
use crate::prescan::inflate_at_most;
use crate::syntax::{Compression, compression};

/// Decodes one compressed frame; what its stream contradicts itself in goes to `notes`.
pub(crate) fn decode_frame(
    uid: &str,
    frame: Vec<u8>,
    format: &PixelFormat,
    notes: &mut Vec<DecodeNote>,
) -> Result<SliceVoxels, DecodeError> {
    // What the bytes are counts for more than what the transfer syntax says: mislabelled streams exist.
    if let Some(header) = StreamHeader::read(&frame) {
        let counted = decode_stream(&frame, &header, format)?;
        notes.extend(clamped_note(uid, counted.n_clamped));
        notes.extend(sign_note(&counted.samples, &header, format.kind));
        return match format.n_samples {
            3 => colour(counted.samples, &header, format),
            _ => grey(counted.samples, &header, format),
        };
    }
    match compression(uid) {
        Compression::Rle => decode_rle_frame(&frame, format),
        Compression::Fragmented | Compression::Native => decode_bytes(frame, format),
        Compression::DeflatedFrame => {
            let limit_bytes = format.frame_bytes().max(8) + 8;
            decode_bytes(inflate_at_most(&frame, limit_bytes)?, format)
        }
        Compression::Jpeg => Err(no_header("JPEG", &frame)),
        Compression::JpegLossless => Err(no_header("JPEG lossless", &frame)),
        Compression::JpegLs => Err(no_header("JPEG-LS", &frame)),
        Compression::Jpeg2000 => Err(no_header("JPEG 2000", &frame)),
        Compression::JpegXl => Err(no_header("JPEG XL", &frame)),
        Compression::Video | Compression::Unknown => Err(DecodeError::SyntaxUnsupported {
            uid: uid.to_owned(),
        }),
    }
}

/// Why a frame that should be a stream is none: its own header says it best.
fn no_header(codec: &'static str, frame: &[u8]) -> DecodeError {
    StreamHeader::fault(frame).map_or(
        DecodeError::CodecFailed {
            codec,
            what: "its header cannot be read",
        },
        DecodeError::from,
    )
}

/// Do the run lengths of a frame go on for a row or more behind its picture?
pub(crate) fn has_rle_rows_left_over(frame: &[u8], format: &PixelFormat) -> bool {
    usize::from(format.columns) <= rle_surplus_bytes(frame, rle_layout(format))
}

fn rle_layout(format: &PixelFormat) -> RleLayout {
    RleLayout {
        n_samples: usize::from(format.n_samples),
        bytes_per_sample: usize::from(format.bits_allocated.div_ceil(8)),
        segment_bytes: if format.bits_allocated == 1 {
            format.n_pixels().div_ceil(8)
        } else {
            format.n_pixels()
        },
    }
}

fn decode_rle_frame(frame: &[u8], format: &PixelFormat) -> Result<SliceVoxels, DecodeError> {
    if (format.n_samples, format.bits_allocated) == (1, 16) {
        let words = decode_rle_words(frame, format.n_pixels())?;
        return Ok(match format.kind {
            SampleKind::Signed => {
                let words = words.into_iter().map(u16::cast_signed).collect();
                SliceVoxels::I16(fix_i16(words, format))
            }
            _ => SliceVoxels::U16(fix_u16(words, format)),
        });
    }
    let layout = rle_layout(format);
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

/// The samples of a stream that is of the size that the attributes say.
fn decode_stream(
    frame: &[u8],
    header: &StreamHeader,
    format: &PixelFormat,
) -> Result<Counted, DecodeError> {
    let (rows, columns, n_samples) = (format.rows, format.columns, format.n_samples);
    if !header.is_of(rows, columns, n_samples, format.bits_allocated) {
        return Err(DecodeError::StreamDiffers {
            stream: format!(
                "{} × {} × {}, {} bit",
                header.width, header.height, header.n_components, header.precision
            ),
            attributes: format!(
                "{columns} × {rows} × {n_samples}, {} bit",
                format.bits_allocated
            ),
        });
    }
    let unmarked = match format.photometric {
        Photometric::Rgb => UnmarkedComponents::Rgb,
        _ => UnmarkedComponents::Ycc,
    };
    Ok(decode_counted(frame, header, unmarked)?)
}

fn grey(
    samples: Samples,
    header: &StreamHeader,
    format: &PixelFormat,
) -> Result<SliceVoxels, DecodeError> {
    let is_signed_stream = header.sign == StreamSign::Signed;
    // Streams carry their samples in the low bits, wherever High Bit is.
    let format = &PixelFormat {
        high_bit: format.bits_stored - 1,
        ..format.clone()
    };
    let wide: Vec<u16> = match samples {
        Samples::Bits8(values) if format.bits_allocated <= 8 => {
            return Ok(match format.kind {
                SampleKind::Signed => {
                    let values = values.into_iter().map(|v| v as i8).collect();
                    SliceVoxels::I8(fix_i8(values, format))
                }
                _ => SliceVoxels::U8(fix_u8(values, format)),
            });
        }
        Samples::Bits8(values) if is_signed_stream => values
            .into_iter()
            .map(|v| i16::from(v as i8) as u16)
            .collect(),
        Samples::Bits8(values) => values.into_iter().map(u16::from).collect(),
        Samples::Bits16(values) => values,
    };
    Ok(match (format.bits_allocated, format.kind) {
        (16, SampleKind::Signed) => {
            let values = wide.into_iter().map(|v| v as i16).collect();
            SliceVoxels::I16(fix_i16(values, format))
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
    samples: Samples,
    header: &StreamHeader,
    format: &PixelFormat,
) -> Result<SliceVoxels, DecodeError> {
    // JPEG's own decoder has already given red, green and blue, and so has JPEG 2000's component transform.
    let is_rgb_already =
        header.codec == StreamCodec::JpegDct || header.colour == StreamColour::Transformed;
    let is_ybr = !is_rgb_already
        && matches!(
            format.photometric,
            Photometric::YbrFull | Photometric::YbrFull422
        );
    let bytes = match samples {
        Samples::Bits8(bytes) => bytes,
        Samples::Bits16(values) => {
            if is_ybr || format.stored() != Stored::Rgb16 {
                return Err(DecodeError::StreamDiffers {
                    stream: format!("{} bit", header.precision),
                    attributes: format!(
                        "{} of {} bit",
                        format.photometric.term(),
                        format.bits_allocated
                    ),
                });
            }
            let bits = u16::from(header.precision);
            let values: Vec<u16> = match bits {
                16 => values,
                _ => values
                    .into_iter()
                    .map(|v| full_range16(u32::from(v), bits))
                    .collect(),
            };
            return Ok(SliceVoxels::Rgb16(values.as_chunks::<3>().0.into()));
        }
    };
    let mut pixels: Vec<[u8; 3]> = bytes.as_chunks::<3>().0.to_vec();
    if is_ybr {
        pixels.iter_mut().for_each(|p| *p = ybr_to_rgb8(*p));
    }
    if format.stored() == Stored::Rgb16 {
        let wide = |v: u8| full_range16(u32::from(v), 8);
        return Ok(SliceVoxels::Rgb16(
            pixels.iter().map(|p| p.map(wide)).collect(),
        ));
    }
    Ok(SliceVoxels::Rgb8(pixels.into()))
}
