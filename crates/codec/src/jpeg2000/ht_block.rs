//! One code block of high-throughput JPEG 2000 (ISO/IEC 15444-15 clause 7): its segments in, its samples out.
//!
//! A block has a cleanup pass, which codes all bit planes above and including one, and up to two refinement passes of
//! the plane below it.

use super::ht_bits::{Beyond, Bits, Mel, SLACK, StuffingBit};
use super::ht_cleanup::{Cleanup, RowBuffers};
use super::ht_refine::{Refinement, refine};
use super::style::Causality;
use crate::error::Fault;

/// One code block as its packets give it. Placeholder passes (15444-15 B.2) have been counted off.
pub(super) struct HtBlock<'a> {
    /// The whole cleanup segment.
    pub cleanup: &'a [u8],
    /// The whole segment of the refinement passes; empty where there are none.
    pub refinement: &'a [u8],
    /// Coding passes, 1 to 3.
    pub n_passes: u32,
    /// Magnitude bit planes above that of the cleanup pass.
    pub n_missing_bit_planes: u32,
    /// Magnitude bit planes of the sub-band (15444-1 E.1, Mb), 1 to 30.
    pub n_magnitude_bits: u32,
    /// Columns, 1 to 1024; columns times rows are at most 4096.
    pub width: usize,
    /// Rows, 1 to 1024.
    pub height: usize,
    /// What the significance pass sees of the stripe below.
    pub causality: Causality,
}

/// What a sample that comes out counts. Where bit planes are not there, both give the middle of what is possible.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum HtScale {
    /// Quantiser indices, for the reversible path.
    Integer,
    /// Twice the quantiser index plus one towards its sign, for the irreversible path.
    OneFractionBit,
}

/// Bytes of the largest block's magnitudes: 4096 samples of 32 bits, and room for damaged ones to run over.
const MAGNITUDE_BYTES: usize = 1 << 15;
/// Bytes of the largest block's quad codes: 1230 quads of 15 bits, and room.
const CODE_BYTES: usize = 1 << 13;

pub(super) type MagnitudeBits = Bits<{ MAGNITUDE_BYTES + SLACK }>;
pub(super) type CodeBits = Bits<{ CODE_BYTES + SLACK }>;

/// What is needed while a block is decoded, kept from one block to the next.
#[derive(Default)]
pub(super) struct HtBlockDecoder {
    magnitudes: MagnitudeBits,
    codes: CodeBits,
    rows: RowBuffers,
    raw: Vec<u32>,
}

impl HtBlockDecoder {
    /// Decodes a block into `out`, whose rows are `stride` apart; every sample of the block is written, as two's
    /// complement. Fails in a few words if the block contradicts itself; what `out` holds is then undefined.
    pub(super) fn decode(
        &mut self,
        block: &HtBlock<'_>,
        scale: HtScale,
        out: &mut [i32],
        stride: usize,
    ) -> Result<(), Fault> {
        let width = block.width;
        let plane = lowest_cleanup_plane(block)?;
        if block.n_passes == 1 {
            let (cleanup, rows) = self.open(block)?;
            let finish = Finish { plane, scale };
            cleanup.decode(rows, |row_idx, raw| {
                finish.cleanup_row(raw, row_of(out, row_idx * stride, width));
            })?;
            return Ok(());
        }
        let mut raw_rows = std::mem::take(&mut self.raw);
        raw_rows.clear();
        let (cleanup, rows) = self.open(block)?;
        cleanup.decode(rows, |_, raw| raw_rows.extend_from_slice(&raw[..width]))?;
        let refinement = Refinement {
            width,
            causality: block.causality,
            significance: &mut self.magnitudes,
            magnitudes: (block.n_passes == 3).then_some(&mut self.codes),
        };
        refine(refinement, block.refinement, &mut raw_rows);
        let finish = Finish {
            plane: plane - 1,
            scale,
        };
        for (row_idx, raw) in raw_rows.chunks_exact(width).enumerate() {
            finish.refined_row(raw, row_of(out, row_idx * stride, width));
        }
        self.raw = raw_rows;
        Ok(())
    }

    /// Frees the streams of a block's cleanup segment of their stuffing.
    pub(super) fn open<'a>(
        &'a mut self,
        block: &HtBlock<'a>,
    ) -> Result<(Cleanup<'a>, &'a mut RowBuffers), Fault> {
        let (magnitudes, suffix) = split_cleanup(block.cleanup)?;
        self.magnitudes
            .fill_forwards(magnitudes, Beyond::Ones, StuffingBit::MustBeZero)
            .map_err(|_| "an HT magnitude stream has a stuffing bit set")?;
        // The last twelve bits are the suffix's length.
        self.codes.fill_backwards(&suffix[..suffix.len() - 1], 4);
        let cleanup = Cleanup {
            magnitudes: &self.magnitudes,
            codes: &self.codes,
            mel: Mel::new(suffix),
            max_exponent: block.n_missing_bit_planes + 2,
            width: block.width,
            height: block.height,
        };
        Ok((cleanup, &mut self.rows))
    }
}

/// The samples from `start` on, at most `width` of them.
fn row_of(out: &mut [i32], start: usize, width: usize) -> &mut [i32] {
    let out = out.get_mut(start..).unwrap_or_default();
    let n = width.min(out.len());
    &mut out[..n]
}

/// The bit plane of the cleanup pass, counted from the quantiser index's lowest bit.
fn lowest_cleanup_plane(block: &HtBlock<'_>) -> Result<u32, Fault> {
    if block.width == 0
        || block.height == 0
        || block.width > 1024
        || block.height > 1024
        || block.width * block.height > 4096
    {
        return Err(Fault::Damaged("a code block is larger than 4096 samples"));
    }
    if block.n_magnitude_bits > 30 {
        return Err(Fault::Unsupported(
            "an HT sub-band of more than 30 magnitude bits",
        ));
    }
    let plane = block
        .n_magnitude_bits
        .checked_sub(block.n_missing_bit_planes + 1)
        .ok_or("an HT block misses more bit planes than its sub-band has")?;
    match block.n_passes {
        1 => Ok(plane),
        2 | 3 if plane > 0 => Ok(plane),
        2 | 3 => Err(Fault::Damaged(
            "an HT block refines below its lowest bit plane",
        )),
        _ => Err(Fault::Damaged(
            "an HT block has no cleanup pass or more than three passes",
        )),
    }
}

/// The magnitudes, and the suffix that the MEL and the quad codes share (15444-15 7.1.1).
fn split_cleanup(cleanup: &[u8]) -> Result<(&[u8], &[u8]), Fault> {
    let &[.., low, high] = cleanup else {
        return Err(Fault::Damaged(
            "an HT cleanup segment is shorter than two bytes",
        ));
    };
    let n_suffix = usize::from(high) << 4 | usize::from(low & 15);
    if !(2..=4079).contains(&n_suffix) {
        return Err(Fault::Damaged(
            "the suffix length of an HT cleanup segment is out of range",
        ));
    }
    let n_magnitudes = cleanup
        .len()
        .checked_sub(n_suffix)
        .ok_or("the suffix of an HT cleanup segment is longer than the segment")?;
    Ok(cleanup.split_at(n_magnitudes))
}

/// Turns raw samples into those that leave. The lowest plane that was decoded is `plane`.
#[derive(Clone, Copy)]
struct Finish {
    plane: u32,
    scale: HtScale,
}

impl Finish {
    /// Raw samples of the cleanup pass: twice the magnitude, plus the sign.
    #[inline(always)]
    fn cleanup_row(self, raw: &[u32], to: &mut [i32]) {
        if self.plane == 0 && self.scale == HtScale::Integer {
            for (to, &raw) in to.iter_mut().zip(raw) {
                *to = signed(raw >> 1, raw);
            }
            return;
        }
        for (to, &raw) in to.iter_mut().zip(raw) {
            let half_units = if raw == 0 { 0 } else { raw | 1 };
            *to = signed(half_units << self.plane >> self.fraction(), raw);
        }
    }

    /// Raw samples of the refinement: twice the magnitude in half units of its plane, plus the sign.
    fn refined_row(self, raw: &[u32], to: &mut [i32]) {
        for (to, &raw) in to.iter_mut().zip(raw) {
            *to = signed(raw >> 1 << self.plane >> self.fraction(), raw);
        }
    }

    /// Bits of half units that do not leave.
    fn fraction(self) -> u32 {
        match self.scale {
            HtScale::Integer => 1,
            HtScale::OneFractionBit => 0,
        }
    }
}

/// The magnitude with the sign of the lowest bit of `raw`.
#[inline(always)]
fn signed(magnitude: u32, raw: u32) -> i32 {
    let sign = (raw & 1).wrapping_neg();
    (magnitude ^ sign).wrapping_sub(sign) as i32
}
