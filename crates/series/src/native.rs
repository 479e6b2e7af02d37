//! Samples as they lie in the file: read straight into their own memory, then swapped, masked and sign-extended.

use bytemuck::Pod;
use volume::SliceVoxels;

use crate::colour::{
    full_range8, full_range16, interleave, upsample_422, upsample_rows_422, ybr_to_rgb8,
};
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
    let lay = Lay::of(format, claimed, u64::from(format.n_frames));
    let from = lay.step_bytes * frame_idx as u64;
    if present < from + lay.frame_bytes {
        return Err(DecodeError::PixelsShort {
            expected: lay.frame_bytes,
            found: present.saturating_sub(from),
        });
    }
    let at = Place {
        content,
        offset: element.offset + from,
        byte_order: byte_order(pixels),
    };
    samples(&at, format, &lay)
}

/// Decodes bytes that are laid out as an uncompressed little-endian frame.
pub(crate) fn decode_bytes(
    bytes: Vec<u8>,
    format: &PixelFormat,
) -> Result<SliceVoxels, DecodeError> {
    if format.bits_allocated == 1 {
        return unpack_bits(&bytes, 0, format.n_pixels());
    }
    let lay = Lay::of(format, bytes.len() as u64, 1);
    if (bytes.len() as u64) < lay.frame_bytes {
        return Err(DecodeError::PixelsShort {
            expected: lay.frame_bytes,
            found: bytes.len() as u64,
        });
    }
    let content = Content::Memory(bytes);
    let at = Place {
        content: &content,
        offset: 0,
        byte_order: ByteOrder::Little,
    };
    samples(&at, format, &lay)
}

/// How the frames of an element follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lay {
    /// Bytes of a frame.
    pub(crate) frame_bytes: u64,
    /// Bytes from a frame to the next.
    pub(crate) step_bytes: u64,
    chroma: Chroma,
}

/// How the chrominances of an uncompressed YBR_FULL_422 frame lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chroma {
    /// Two pixels share theirs; each row has its own pairs, the last one filled up.
    HalvedInRows,
    /// Two pixels share theirs, and pairs run on from row to row.
    HalvedThrough,
    /// Every pixel has its own, whatever the photometric interpretation says.
    Whole,
}

impl Lay {
    /// Reads the layout off the length of the element, where attributes leave it open or contradict it.
    pub(crate) fn of(format: &PixelFormat, len: u64, n_frames: u64) -> Self {
        let whole = format.frame_bytes();
        let (frame_bytes, chroma) = match format.photometric {
            Photometric::YbrFull422 => {
                let (rows, columns) = (u64::from(format.rows), u64::from(format.columns));
                let sample = u64::from(format.bits_allocated / 8);
                let in_rows = rows * columns.div_ceil(2) * 4 * sample;
                let through = (rows * columns).div_ceil(2) * 4 * sample;
                if whole * n_frames <= len {
                    (whole, Chroma::Whole)
                } else if in_rows * n_frames <= len || len < through * n_frames {
                    (in_rows, Chroma::HalvedInRows)
                } else {
                    (through, Chroma::HalvedThrough)
                }
            }
            _ => (whole, Chroma::Whole),
        };
        // Frames follow each other without padding (PS3.5 8.1.1); some writers make each of an even length all the same.
        let is_padded = 1 < n_frames
            && format.bits_allocated != 1
            && frame_bytes % 2 == 1
            && len == n_frames * (frame_bytes + 1);
        Self {
            frame_bytes,
            step_bytes: frame_bytes + u64::from(is_padded),
            chroma,
        }
    }
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

fn samples(at: &Place<'_>, format: &PixelFormat, lay: &Lay) -> Result<SliceVoxels, DecodeError> {
    let n = format.n_values();
    match (format.n_samples, format.bits_allocated, format.kind) {
        (3, 16 | 32, _) => deep_colour(at, format),
        (3, ..) => colour8(at, format, lay),
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
        (_, 64, SampleKind::Signed) => doubles(&fix_i64(at.read(n)?, format), |v| v as f64),
        (_, 64, _) => doubles(&fix_u64(at.read(n)?, format), |v| v as f64),
        (_, _, SampleKind::Signed) => at
            .read::<i32>(n)
            .map(|v| SliceVoxels::I32(fix_i32(v, format))),
        _ => at
            .read::<u32>(n)
            .map(|v| SliceVoxels::U32(fix_u32(v, format))),
    }
}

/// The largest magnitude up to which every integer is a double: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Integers of 64 bits as doubles; refused where one is not exact.
fn doubles<T: Copy>(values: &[T], to: impl Fn(T) -> f64) -> Result<SliceVoxels, DecodeError> {
    let values: Box<[f64]> = values.iter().map(|v| to(*v)).collect();
    if values.iter().all(|v| v.abs() < EXACT) {
        return Ok(SliceVoxels::F64(values));
    }
    Err(DecodeError::StreamDiffers {
        stream: "values beyond 2^53".into(),
        attributes: "64 bit, of which 53 can be shown exactly".into(),
    })
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
fix_unsigned!(fix_u64, u64);
fix_signed!(fix_i8, i8);
fix_signed!(fix_i16, i16);
fix_signed!(fix_i32, i32);
fix_signed!(fix_i64, i64);

fn colour8(at: &Place<'_>, format: &PixelFormat, lay: &Lay) -> Result<SliceVoxels, DecodeError> {
    let n_bytes = lay.frame_bytes as usize;
    let columns = usize::from(format.columns);
    let mut pixels: Vec<[u8; 3]> = match (format.photometric, lay.chroma, format.layout) {
        (Photometric::YbrFull422, Chroma::HalvedInRows, _) => {
            upsample_rows_422(&at.read::<u8>(n_bytes)?, columns)
        }
        (Photometric::YbrFull422, Chroma::HalvedThrough, _) => {
            let mut pixels = upsample_422(&at.read::<u8>(n_bytes)?);
            pixels.truncate(format.n_pixels());
            pixels
        }
        (_, _, Layout::Interleaved) => at.read::<[u8; 3]>(format.n_pixels())?,
        (_, _, Layout::Planar) => interleave(&at.read::<u8>(n_bytes)?),
    };
    if format.bits_stored < 8 {
        let mut flat = fix_u8(bytemuck::cast_slice(&pixels).to_vec(), format);
        flat.iter_mut()
            .for_each(|v| *v = full_range8(*v, format.bits_stored));
        pixels = flat.as_chunks::<3>().0.to_vec();
    }
    if matches!(
        format.photometric,
        Photometric::YbrFull | Photometric::YbrFull422
    ) {
        pixels.iter_mut().for_each(|p| *p = ybr_to_rgb8(*p));
    }
    Ok(SliceVoxels::Rgb8(pixels.into()))
}

/// Colour of 16 or 32 bits a channel, as 16 bits over the full range.
fn deep_colour(at: &Place<'_>, format: &PixelFormat) -> Result<SliceVoxels, DecodeError> {
    if format.photometric != Photometric::Rgb {
        return Err(DecodeError::StreamDiffers {
            stream: format!("{}-bit samples", format.bits_allocated),
            attributes: format.photometric.term().into(),
        });
    }
    let n = format.n_values();
    let bits = format.bits_stored;
    let values: Vec<u16> = if format.bits_allocated == 32 {
        let values = fix_u32(at.read(n)?, format);
        values.iter().map(|v| full_range16(*v, bits)).collect()
    } else {
        let values = fix_u16(at.read(n)?, format);
        match bits {
            16 => values.into_vec(),
            _ => values
                .iter()
                .map(|v| full_range16(u32::from(*v), bits))
                .collect(),
        }
    };
    let pixels: Vec<[u16; 3]> = match format.layout {
        Layout::Interleaved => values.as_chunks::<3>().0.to_vec(),
        Layout::Planar => interleave(&values),
    };
    Ok(SliceVoxels::Rgb16(pixels.into()))
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
