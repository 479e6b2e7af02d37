//! Samples as they lie in the file: read straight into their own memory, then swapped, masked and sign-extended.

use bytemuck::Pod;
use volume::SliceVoxels;

use crate::colour::{interleave, upsample_422, ybr_to_rgb8};
use crate::decode_error::DecodeError;
use crate::instance::Pixels;
use crate::pixel_format::{Layout, Photometric, PixelFormat, SampleKind};
use crate::source::Content;
use crate::tags;

/// Decodes a frame of an uncompressed object.
pub(crate) fn decode_native(
    content: &Content,
    pixels: &Pixels,
    frame_idx: usize,
) -> Result<SliceVoxels, DecodeError> {
    let format = &pixels.format;
    let element = &pixels.element;
    let claimed = element.len.map_or(0, u64::from);
    let present = content.len().saturating_sub(element.offset).min(claimed);
    if format.bits_allocated == 1 {
        return single_bits(content, pixels, frame_idx, present);
    }
    let frame_bytes = match format.photometric {
        Photometric::YbrFull422 => {
            2 * format.n_pixels() as u64 * u64::from(format.bits_allocated / 8)
        }
        _ => format.frame_bytes(),
    };
    let from = frame_bytes * frame_idx as u64;
    if present < from + frame_bytes {
        return Err(DecodeError::PixelsShort {
            expected: frame_bytes,
            found: present.saturating_sub(from),
        });
    }
    let at = Place {
        content,
        offset: element.offset + from,
        byte_order: byte_order(pixels),
    };
    samples(&at, format, frame_bytes)
}

/// Decodes bytes that are laid out as an uncompressed little-endian frame.
pub(crate) fn decode_bytes(
    bytes: Vec<u8>,
    format: &PixelFormat,
) -> Result<SliceVoxels, DecodeError> {
    let frame_bytes = match format.photometric {
        Photometric::YbrFull422 => {
            2 * format.n_pixels() as u64 * u64::from(format.bits_allocated / 8)
        }
        _ => format.frame_bytes(),
    };
    if format.bits_allocated == 1 {
        return unpack_bits(&bytes, 0, format.n_pixels());
    }
    if (bytes.len() as u64) < frame_bytes {
        return Err(DecodeError::PixelsShort {
            expected: frame_bytes,
            found: bytes.len() as u64,
        });
    }
    let content = Content::Memory(bytes);
    let at = Place {
        content: &content,
        offset: 0,
        byte_order: ByteOrder::Little,
    };
    samples(&at, format, frame_bytes)
}

struct Place<'a> {
    content: &'a Content,
    offset: u64,
    byte_order: ByteOrder,
}

#[derive(Clone, Copy, PartialEq)]
enum ByteOrder {
    Little,
    Big,
    /// 8-bit samples in big-endian 16-bit words (PS3.5 8.1.1).
    SwappedBytes,
}

fn byte_order(pixels: &Pixels) -> ByteOrder {
    let is_words = &pixels.element.vr == b"OW" && pixels.element.tag == tags::PIXEL_DATA;
    match (pixels.big_endian, pixels.format.bits_allocated) {
        (false, _) => ByteOrder::Little,
        (true, 8) if is_words => ByteOrder::SwappedBytes,
        (true, 8) => ByteOrder::Little,
        (true, _) => ByteOrder::Big,
    }
}

fn samples(
    at: &Place<'_>,
    format: &PixelFormat,
    frame_bytes: u64,
) -> Result<SliceVoxels, DecodeError> {
    let n = format.n_values();
    match (format.n_samples, format.bits_allocated, format.kind) {
        (3, 16, _) => colour16(at, format),
        (3, ..) => colour8(at, format, frame_bytes),
        (_, 8, SampleKind::Signed) => at.read::<i8>(n).map(|v| SliceVoxels::I8(fix_i8(v, format))),
        (_, 8, _) => at.read::<u8>(n).map(|v| SliceVoxels::U8(fix_u8(v, format))),
        (_, 16, SampleKind::Signed) => at
            .read::<i16>(n)
            .map(|v| SliceVoxels::I16(fix_i16(v, format))),
        (_, 16, _) => at
            .read::<u16>(n)
            .map(|v| SliceVoxels::U16(fix_u16(v, format))),
        (_, 32, SampleKind::Float) => at.read::<f32>(n).map(|v| SliceVoxels::F32(v.into())),
        (_, 64, SampleKind::Float) => at.read::<f64>(n).map(|v| SliceVoxels::F64(v.into())),
        (_, _, SampleKind::Signed) => at
            .read::<i32>(n)
            .map(|v| SliceVoxels::I32(fix_i32(v, format))),
        _ => at
            .read::<u32>(n)
            .map(|v| SliceVoxels::U32(fix_u32(v, format))),
    }
}

impl Place<'_> {
    fn read<T: Pod>(&self, n: usize) -> Result<Vec<T>, DecodeError> {
        let mut values = vec![T::zeroed(); n];
        self.content
            .read_exact_at(self.offset, bytemuck::cast_slice_mut(&mut values))?;
        let is_foreign = (self.byte_order == ByteOrder::Big) != cfg!(target_endian = "big");
        let size = size_of::<T>();
        if self.byte_order == ByteOrder::SwappedBytes {
            bytemuck::cast_slice_mut::<T, u8>(&mut values)
                .chunks_exact_mut(2)
                .for_each(|pair| pair.swap(0, 1));
        } else if is_foreign && 1 < size {
            bytemuck::cast_slice_mut::<T, u8>(&mut values)
                .chunks_exact_mut(size)
                .for_each(<[u8]>::reverse);
        }
        Ok(values)
    }
}

/// Bits below the stored ones: samples whose High Bit is above Bits Stored − 1.
fn low_bits(format: &PixelFormat) -> u32 {
    match format.high_bit < format.bits_allocated {
        true => u32::from((format.high_bit + 1).saturating_sub(format.bits_stored)),
        false => 0,
    }
}

macro_rules! fix_unsigned {
    ($name:ident, $t:ty) => {
        /// Masks the bits outside the stored ones.
        pub(crate) fn $name(mut values: Vec<$t>, format: &PixelFormat) -> Box<[$t]> {
            let (low, stored) = (low_bits(format), u32::from(format.bits_stored));
            if low != 0 || stored != <$t>::BITS {
                let mask = <$t>::MAX >> (<$t>::BITS - stored.min(<$t>::BITS));
                values.iter_mut().for_each(|v| *v = (*v >> low) & mask);
            }
            values.into_boxed_slice()
        }
    };
}

macro_rules! fix_signed {
    ($name:ident, $t:ty) => {
        /// Extends the sign of the stored bits over those above.
        pub(crate) fn $name(mut values: Vec<$t>, format: &PixelFormat) -> Box<[$t]> {
            let (low, stored) = (low_bits(format), u32::from(format.bits_stored));
            if low != 0 || stored != <$t>::BITS {
                let up = <$t>::BITS - stored.min(<$t>::BITS);
                values
                    .iter_mut()
                    .for_each(|v| *v = ((*v >> low) << up) >> up);
            }
            values.into_boxed_slice()
        }
    };
}

fix_unsigned!(fix_u8, u8);
fix_unsigned!(fix_u16, u16);
fix_unsigned!(fix_u32, u32);
fix_signed!(fix_i8, i8);
fix_signed!(fix_i16, i16);
fix_signed!(fix_i32, i32);

fn colour8(
    at: &Place<'_>,
    format: &PixelFormat,
    frame_bytes: u64,
) -> Result<SliceVoxels, DecodeError> {
    let mut pixels: Vec<[u8; 3]> = match (format.photometric, format.layout) {
        (Photometric::YbrFull422, _) => upsample_422(&at.read::<u8>(frame_bytes as usize)?),
        (_, Layout::Interleaved) => at.read::<[u8; 3]>(format.n_pixels())?,
        (_, Layout::Planar) => interleave(&at.read::<u8>(frame_bytes as usize)?),
    };
    if matches!(
        format.photometric,
        Photometric::YbrFull | Photometric::YbrFull422
    ) {
        pixels.iter_mut().for_each(|p| *p = ybr_to_rgb8(*p));
    }
    Ok(SliceVoxels::Rgb8(pixels.into()))
}

fn colour16(at: &Place<'_>, format: &PixelFormat) -> Result<SliceVoxels, DecodeError> {
    let values = fix_u16(at.read::<u16>(format.n_values())?, format);
    let pixels: Vec<[u16; 3]> = match format.layout {
        Layout::Interleaved => values.as_chunks::<3>().0.to_vec(),
        Layout::Planar => interleave(&values),
    };
    match format.photometric {
        Photometric::Rgb => Ok(SliceVoxels::Rgb16(pixels.into())),
        other => Err(DecodeError::StreamDiffers {
            stream: "16-bit samples".into(),
            attributes: other.term().into(),
        }),
    }
}

/// Frames of single bits follow each other without padding, the first pixel in the lowest bit (PS3.5 8.1.1).
fn single_bits(
    content: &Content,
    pixels: &Pixels,
    frame_idx: usize,
    present: u64,
) -> Result<SliceVoxels, DecodeError> {
    let n = pixels.format.n_pixels();
    let first_bit = n as u64 * frame_idx as u64;
    let (from, to) = (first_bit / 8, (first_bit + n as u64).div_ceil(8));
    if present < to {
        return Err(DecodeError::PixelsShort {
            expected: to - from,
            found: present.saturating_sub(from),
        });
    }
    let mut bytes = content.read_range(pixels.element.offset + from, (to - from) as usize)?;
    if pixels.big_endian && &pixels.element.vr == b"OW" && first_bit.is_multiple_of(16) {
        bytes.chunks_exact_mut(2).for_each(|pair| pair.swap(0, 1));
    }
    unpack_bits(&bytes, (first_bit % 8) as usize, n)
}

fn unpack_bits(bytes: &[u8], skip: usize, n: usize) -> Result<SliceVoxels, DecodeError> {
    let bits = bytes
        .iter()
        .flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1));
    let values: Vec<u8> = bits.skip(skip).take(n).collect();
    match values.len() == n {
        true => Ok(SliceVoxels::U8(values.into())),
        false => Err(DecodeError::PixelsShort {
            expected: n.div_ceil(8) as u64,
            found: bytes.len() as u64,
        }),
    }
}
