//! The refinement passes of an HT block (ISO/IEC 15444-15 7.5): the plane below that of the cleanup pass.
//!
//! The significance pass finds samples that become one in that plane, the magnitude pass gives the others their bit of
//! it. Both go through the block in stripes of four rows, column by column; their streams share one segment.

use super::ht_bits::{Beyond, StuffingBit};
use super::ht_block::{CodeBits, MagnitudeBits};
use super::style::Causality;

/// The block's shape, and room for the streams.
pub(super) struct Refinement<'a> {
    pub width: usize,
    pub causality: Causality,
    /// For the stream of the significance pass.
    pub significance: &'a mut MagnitudeBits,
    /// For the stream of the magnitude pass; `None` where there is no such pass.
    pub magnitudes: Option<&'a mut CodeBits>,
}

/// A magnitude in half units where only the plane of the refinement is set.
const NEWLY_SIGNIFICANT: u32 = 3;

/// Takes samples as twice the magnitude plus the sign, row by row, and leaves them as twice the magnitude in half units
/// of the refined plane plus the sign; zero stays zero.
pub(super) fn refine(mut to: Refinement<'_>, segment: &[u8], samples: &mut [u32]) {
    let found = significance_pass(&mut to, segment, samples);
    let mut place = 0;
    if let Some(bits) = to.magnitudes.as_deref_mut() {
        bits.fill_backwards(segment, 0);
    }
    let width = to.width;
    for (stripe_idx, stripe) in samples.chunks_mut(4 * width).enumerate() {
        for x in 0..width {
            let found = found[stripe_idx * width + x];
            for (y, sample) in stripe.iter_mut().skip(x).step_by(width).enumerate() {
                let sign = *sample & 1;
                let half_units = match (&to.magnitudes, *sample) {
                    (_, 0) if found.significant >> y & 1 == 1 => {
                        *sample = NEWLY_SIGNIFICANT << 1 | u32::from(found.negative >> y & 1);
                        continue;
                    }
                    (_, 0) => continue,
                    (Some(bits), raw) => {
                        let bit = bits.load_or_zeros(place) as u32 & 1;
                        place += 1;
                        (raw & !1 | bit) << 1 | 1
                    }
                    (None, raw) => (raw | 1) << 1,
                };
                *sample = half_units << 1 | sign;
            }
        }
    }
}

/// Samples of a stripe's column, top one lowest.
#[derive(Clone, Copy, Default)]
struct Column {
    significant: u8,
    negative: u8,
}

/// The samples that become significant, by stripe and column.
fn significance_pass(to: &mut Refinement<'_>, segment: &[u8], samples: &[u32]) -> Vec<Column> {
    let width = to.width;
    // The stream's end may be the other's start, where a stuffing bit has no meaning.
    let whole = to
        .significance
        .fill_forwards(segment, Beyond::Zeros, StuffingBit::MayBeAnything);
    debug_assert!(whole.is_ok());
    let known = significant_columns(samples, width);
    let mut found = vec![Column::default(); known.len()];
    let mut place = 0;
    let n_rows = samples.len() / width;
    let mut above = vec![0_u8; width];
    for (stripe_idx, stripe) in known.chunks_exact(width).enumerate() {
        let below = match to.causality {
            Causality::Whole => known.get((stripe_idx + 1) * width..(stripe_idx + 2) * width),
            Causality::Stripe => None,
        };
        let in_block = 15_u8 >> (4 - (n_rows - 4 * stripe_idx).min(4));
        let found = &mut found[stripe_idx * width..][..width];
        for first in (0..width).step_by(4) {
            let columns = first..(first + 4).min(width);
            for x in columns.clone() {
                let left = if x > 0 {
                    stripe[x - 1] | found[x - 1].significant
                } else {
                    0
                };
                let right = stripe.get(x + 1).copied().unwrap_or(0);
                let beyond =
                    across(&above, x) >> 3 | below.map_or(0, |below| across(below, x) & 1) << 3;
                let mut near = smear(left) | smear(right) | smear(stripe[x]) | beyond;
                let mut bits = to.significance.load_or_zeros(place);
                for y in 0..4 {
                    let this = 1 << y;
                    if near & !stripe[x] & in_block & this != 0 {
                        place += 1;
                        if bits & 1 == 1 {
                            found[x].significant |= this;
                            near |= this << 1;
                        }
                        bits >>= 1;
                    }
                }
            }
            for x in columns {
                let n = found[x].significant.count_ones();
                found[x].negative = deposit(
                    to.significance.load_or_zeros(place) as u8,
                    found[x].significant,
                );
                place += n as usize;
            }
        }
        for (x, above) in above.iter_mut().enumerate() {
            *above = (stripe[x] | found[x].significant) & 8;
        }
    }
    found
}

/// A column's own samples and their neighbours above and below within the stripe.
fn smear(column: u8) -> u8 {
    (column | column << 1 | column >> 1) & 15
}

/// What is set in a column or in those beside it.
fn across(columns: &[u8], x: usize) -> u8 {
    let left = if x > 0 { columns[x - 1] } else { 0 };
    left | columns[x] | columns.get(x + 1).copied().unwrap_or(0)
}

/// The lowest bits of `bits`, put where `places` has ones.
fn deposit(mut bits: u8, places: u8) -> u8 {
    let mut to = 0;
    for y in 0..4 {
        if places >> y & 1 == 1 {
            to |= (bits & 1) << y;
            bits >>= 1;
        }
    }
    to
}

/// Which samples are significant after the cleanup pass, by stripe and column.
fn significant_columns(samples: &[u32], width: usize) -> Vec<u8> {
    let mut columns = Vec::with_capacity(samples.len().div_ceil(4));
    for stripe in samples.chunks(4 * width) {
        let at = columns.len();
        columns.resize(at + width, 0);
        for (y, row) in stripe.chunks_exact(width).enumerate() {
            for (column, &sample) in columns[at..].iter_mut().zip(row) {
                *column |= u8::from(sample != 0) << y;
            }
        }
    }
    columns
}
