use std::sync::Arc;

use serde::Serialize;
use volume::{Overlay, OverlayKind, SliceVoxels};

use crate::charset::Charset;
use crate::dataset::Node;
use crate::decode::decode_cells;
use crate::decode_error::DecodeError;
use crate::instance::Instance;
use crate::model::VolumePlan;
use crate::pixel_format::PixelFormat;
use crate::prescan::parse;
use crate::syntax;
use crate::warning::{Severity, Warning};

/// One overlay group of an object (PS3.3 C.9.2), without its bits.
///
/// Its words and marks may be a first reader's: of a blinded case they are part of what is hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OverlayHead {
    /// Number of the group, `0x6000` to `0x60FE`.
    pub group: u16,
    /// What the bits mean.
    #[serde(serialize_with = "kind_name")]
    pub kind: OverlayKind,
    /// Overlay Label; empty when none is given.
    pub label: String,
    /// Overlay Description; empty when none is given.
    pub description: String,
    /// Column and row of the image under the first bit, 0-based; may be negative.
    pub origin: [i32; 2],
    /// Columns and rows.
    pub size: [u16; 2],
    /// The first frame that it lies over, 1-based, and how many; `None`: all.
    pub frames: Option<[u32; 2]>,
    /// Where the bits are.
    pub place: OverlayPlace,
}

/// Where the bits of an overlay are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OverlayPlace {
    /// Overlay Data (60xx,3000).
    Data,
    /// A bit of the pixel cells that no stored value uses (retired in 2004).
    PixelBit {
        /// Overlay Bit Position (60xx,0102), 0-based.
        bit: u16,
    },
}

/// Most overlay groups (PS3.5 7.6), and most bytes of the bits of one frame: a picture of 23,000 × 23,000.
const N_GROUPS: u32 = 16;
const MAX_OVERLAY_BYTES: u64 = 64 * 1024 * 1024;

/// The overlay groups that can be read, and how many cannot.
pub(crate) fn overlay_heads(
    root: Node<'_>,
    charset: &Charset,
    format: &PixelFormat,
) -> (Vec<OverlayHead>, usize) {
    let first_of = |group: u32| group << 16;
    // One pass tells whether there is any overlay: most objects have none.
    let mut groups: Vec<u32> = root
        .tags_between(0x6000_0000, 0x60FF_FFFF)
        .map(|tag| tag >> 16)
        .filter(|group| group.is_multiple_of(2) && *group < 0x6000 + 2 * N_GROUPS)
        .collect();
    groups.dedup();
    let heads: Vec<OverlayHead> = groups
        .iter()
        .filter_map(|group| head(root, first_of(*group), charset))
        .filter(|head| head.can_lie_in(format))
        .collect();
    let n_refused = groups.len() - heads.len();
    (heads, n_refused)
}

fn head(root: Node<'_>, group: u32, charset: &Charset) -> Option<OverlayHead> {
    let text = |element| root.text(group | element, charset).unwrap_or_default();
    let size = [root.u16(group | 0x0011)?, root.u16(group | 0x0010)?];
    if size.contains(&0) {
        return None;
    }
    // Row and column from 1, signed.
    let origin = match root.u16s(group | 0x0050).as_deref() {
        Some(&[row, column, ..]) => [column, row].map(|v| i32::from(v as i16) - 1),
        Some(_) => return None,
        None => [0, 0],
    };
    let n_frames = match root.integer(group | 0x0015) {
        Some(n) => Some(u32::try_from(n.ok()?).ok()?),
        None => None,
    };
    let frame_origin = root.u16(group | 0x0051).map(u32::from);
    let place = if root.has(group | 0x3000) {
        OverlayPlace::Data
    } else {
        OverlayPlace::PixelBit {
            bit: root.u16(group | 0x0102)?,
        }
    };
    Some(OverlayHead {
        group: u16::try_from(group >> 16).ok()?,
        kind: match root.ascii(group | 0x0040).as_deref() {
            Some("R") => OverlayKind::Region,
            _ => OverlayKind::Graphics,
        },
        label: text(0x1500),
        description: text(0x0022),
        origin,
        size,
        // Without both attributes it lies over every frame (PS3.3 C.9.2).
        frames: match (frame_origin, n_frames, place) {
            (None, None, _) | (_, _, OverlayPlace::PixelBit { .. }) => None,
            (first, n, _) => Some([first.unwrap_or(1).max(1), n.unwrap_or(1)]),
        },
        place,
    })
}

impl OverlayHead {
    /// Does the format of the pixels leave room for it? Overlay Data has room of its own; a bit of the pixels must be none
    /// of the stored value's, and there is one for each pixel.
    fn can_lie_in(&self, format: &PixelFormat) -> bool {
        let OverlayPlace::PixelBit { bit } = self.place else {
            return true;
        };
        let of_value = (format.high_bit + 1).saturating_sub(format.bits_stored)..=format.high_bit;
        bit < format.bits_allocated
            && format.bits_allocated <= 32
            && format.n_samples == 1
            && !of_value.contains(&bit)
            && self.size == [format.columns, format.rows]
    }

    /// The overlay's frame over an image frame, 0-based; `None` when it does not lie over it.
    fn frame_over(&self, frame_number: u32) -> Option<u64> {
        match self.frames {
            None => Some(0),
            Some([first, n]) => {
                let at = frame_number.checked_sub(first)?;
                (at < n).then_some(u64::from(at))
            }
        }
    }

    fn n_pixels(&self) -> u64 {
        u64::from(self.size[0]) * u64::from(self.size[1])
    }
}

impl VolumePlan {
    /// The overlays that lie over a slice; empty for a missing slice. Nothing is read for it.
    pub fn overlay_heads(&self, slice_idx: usize) -> Vec<&OverlayHead> {
        let Some(Some(slice)) = self.slices.get(slice_idx) else {
            return Vec::new();
        };
        // An overlay of a mosaic lies over the whole picture, not over one of its tiles.
        if slice.tile_number.is_some() {
            return Vec::new();
        }
        let heads = slice.instance.facts.overlays.iter();
        heads
            .filter(|head| head.frame_over(slice.frame_number).is_some())
            .collect()
    }

    /// How many overlay groups the objects of the slices have at most.
    pub fn n_overlays(&self) -> usize {
        let of = |s: &crate::SliceSource| s.instance.facts.overlays.len();
        self.slices.iter().flatten().map(of).max().unwrap_or(0)
    }
}

/// The overlays over one slice.
#[derive(Clone, Debug, Default)]
pub struct SliceOverlays {
    /// Those that could be read, in the order of their groups.
    pub overlays: Vec<Overlay>,
    /// A warning with the code `overlay_not_kept` for each that stood among the bits of the pixels and that the compression
    /// did not keep.
    pub notes: Vec<Warning>,
}

/// Reads the bits of every overlay over a slice from its file.
///
/// # Errors
/// A [`Warning`] with the code `overlay_unreadable` when any of them cannot be read: half of the marks may mislead.
pub fn read_overlays(plan: &VolumePlan, slice_idx: usize) -> Result<SliceOverlays, Warning> {
    let heads = plan.overlay_heads(slice_idx);
    let (Some(Some(slice)), false) = (plan.slices.get(slice_idx), heads.is_empty()) else {
        return Ok(SliceOverlays::default());
    };
    let instance = &slice.instance;
    let warning = |code, text: String| {
        Warning::new(code, Severity::Warning, text)
            .in_series(plan.series_instance_uid.clone())
            .for_slices(vec![slice_idx])
            .at(instance.source.shown_path())
    };
    let read = || -> Result<SliceOverlays, DecodeError> {
        let opened = instance.source.open()?;
        // The header may have been kept from an earlier time, so the place of the bits is looked up in the file itself.
        let parsed = parse(&opened)?;
        let file = File {
            content: parsed.inflated.as_ref().unwrap_or(&opened),
            root: parsed.dataset.root(),
        };
        let mut all = SliceOverlays::default();
        for head in &heads {
            let bits = match head.place {
                OverlayPlace::Data => Bits::Read(file.data_bits_of(slice.frame_number, head)?),
                OverlayPlace::PixelBit { bit } => {
                    let bits = pixel_bits(instance, slice.frame_number, bit)?;
                    let lost = lost(&bits, bit, slice_idx);
                    let note = lost.map(|text| warning("overlay_not_kept", text));
                    all.notes.extend(note);
                    bits
                }
            };
            if let Bits::Read(bits) = bits {
                all.overlays.push(overlay(head, bits)?);
            }
        }
        Ok(all)
    };
    read().map_err(|error| {
        let text = format!(
            "The overlays of slice {} are not shown: {error}.",
            slice_idx + 1
        );
        warning("overlay_unreadable", text)
    })
}

/// An opened file and its header.
struct File<'a> {
    content: &'a crate::source::Content,
    root: Node<'a>,
}

impl File<'_> {
    /// The bits of Overlay Data for a frame of the image.
    fn data_bits_of(&self, frame_number: u32, head: &OverlayHead) -> Result<Vec<u8>, DecodeError> {
        let n_pixels = head.n_pixels();
        if 8 * MAX_OVERLAY_BYTES < n_pixels {
            return Err(short(n_pixels.div_ceil(8), MAX_OVERLAY_BYTES));
        }
        let data = (u32::from(head.group) << 16) | 0x3000;
        let place = self.root.place(data).ok_or(DecodeError::FrameMissing)?;
        let frame = head
            .frame_over(frame_number)
            .ok_or(DecodeError::FrameMissing)?;
        let big_endian = self.root.is_big_endian();
        data_bits(self.content, place, frame * n_pixels, n_pixels, big_endian)
    }
}

fn overlay(head: &OverlayHead, bits: Vec<u8>) -> Result<Overlay, DecodeError> {
    let size = head.size.map(usize::from);
    let mut overlay = Overlay::new(head.kind, head.origin, size, bits)
        .map_err(|_| short(head.n_pixels().div_ceil(8), 0))?;
    overlay.label.clone_from(&head.label);
    overlay.description.clone_from(&head.description);
    Ok(overlay)
}

fn short(expected: u64, found: u64) -> DecodeError {
    DecodeError::PixelsShort { expected, found }
}

/// The bits of one frame of Overlay Data, moved down so that the first is in the lowest place.
fn data_bits(
    content: &crate::source::Content,
    (offset, len): (u64, u32),
    first_bit: u64,
    n_bits: u64,
    big_endian: bool,
) -> Result<Vec<u8>, DecodeError> {
    // Words of 16 bits are read whole, because a big-endian one has its bytes the other way round.
    let from = first_bit / 16 * 2;
    let to = ((first_bit + n_bits).div_ceil(16) * 2)
        .min(u64::from(len) & !1)
        .max(from);
    let needed = (first_bit + n_bits).div_ceil(8);
    if u64::from(len) < needed {
        return Err(short(needed, u64::from(len)));
    }
    // An odd length is against the standard; its last byte counts all the same.
    let to = to.max(needed).min(u64::from(len));
    let mut bytes = content.read_range(offset + from, (to - from) as usize)?;
    if big_endian {
        bytes.chunks_exact_mut(2).for_each(|pair| pair.swap(0, 1));
    }
    let skip = (first_bit % 16) as usize;
    Ok(shifted(&bytes, skip, n_bits as usize))
}

/// `n_bits` bits from the bit `skip` on.
fn shifted(bytes: &[u8], skip: usize, n_bits: usize) -> Vec<u8> {
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |b| b >> (at % 8) & 1);
    (0..n_bits.div_ceil(8))
        .map(|byte| (0..8).fold(0, |sum, k| sum | bit(skip + 8 * byte + k) << k))
        .collect()
}

/// Why an overlay that stood among the bits of the pixels is not in the file any more.
enum Bits {
    Read(Vec<u8>),
    /// The compressed picture keeps so many bits of each cell, and the overlay's is not among them.
    NotKept {
        n_kept: u16,
    },
    /// The compression may have changed it.
    Blurred,
}

/// One bit of every pixel cell of a frame (retired: PS3.5 8.1.2 of 2004).
fn pixel_bits(instance: &Arc<Instance>, frame_number: u32, bit: u16) -> Result<Bits, DecodeError> {
    if syntax::is_lossy(&instance.transfer_syntax_uid) {
        return Ok(Bits::Blurred);
    }
    let cells = decode_cells(instance, frame_number)?;
    if cells.n_kept_bits <= bit {
        return Ok(Bits::NotKept {
            n_kept: cells.n_kept_bits,
        });
    }
    let mask = 1_u32 << bit;
    let bits = match &cells.voxels {
        SliceVoxels::U8(cells) => packed(cells.iter().map(|c| u32::from(*c) & mask != 0)),
        SliceVoxels::U16(cells) => packed(cells.iter().map(|c| u32::from(*c) & mask != 0)),
        SliceVoxels::U32(cells) => packed(cells.iter().map(|c| c & mask != 0)),
        _ => return Err(DecodeError::FrameMissing),
    };
    Ok(Bits::Read(bits))
}

/// Eight to a byte, the first in the lowest place.
fn packed(bits: impl ExactSizeIterator<Item = bool>) -> Vec<u8> {
    let mut bytes = vec![0; bits.len().div_ceil(8)];
    for (at, _) in bits.enumerate().filter(|(_, is_set)| *is_set) {
        if let Some(byte) = bytes.get_mut(at / 8) {
            *byte |= 1 << (at % 8);
        }
    }
    bytes
}

/// The sentence of an overlay that the compression did not keep; `None` for one that was read.
fn lost(bits: &Bits, bit: u16, slice_idx: usize) -> Option<String> {
    let why = match bits {
        Bits::Read(_) => return None,
        Bits::NotKept { n_kept } => {
            format!("the compressed picture keeps only the {n_kept} lowest bits of each value")
        }
        Bits::Blurred => {
            "the picture is compressed with loss, which may have changed its marks".to_owned()
        }
    };
    Some(format!(
        "The overlay in bit {bit} of the values of slice {} is not shown: {why}. Ask for the image uncompressed if its marks matter.",
        slice_idx + 1
    ))
}

fn kind_name<S: serde::Serializer>(kind: &OverlayKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match kind {
        OverlayKind::Graphics => "graphics",
        OverlayKind::Region => "region",
    })
}
