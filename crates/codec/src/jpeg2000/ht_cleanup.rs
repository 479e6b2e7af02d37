//! The cleanup pass of an HT block (ISO/IEC 15444-15 7.2 to 7.4): quads of two by two samples, two quads at a time.
//!
//! A row of quads is read in two sweeps: its codes, where each waits for the one before it, and then its magnitudes,
//! whose places follow from the codes, so that the processor takes many apart at once.

#[cfg(target_arch = "x86_64")]
use super::ht_avx2;
use super::ht_bits::Mel;
use super::ht_block::{CodeBits, MagnitudeBits};
use super::ht_codes::QuadCodes;
use super::ht_tables::{Rows, STARTS, quad};

/// Pairs of quads in the widest block.
pub(super) const ROW_PAIRS: usize = 256;

/// What a row of quads leaves for the next one and for the caller, kept from one block to the next.
pub(super) struct RowBuffers {
    /// The quads of the row: the fields of [`quad`] with the exponent offset in place of the code length.
    quads: [[u32; 2]; ROW_PAIRS],
    /// By quad, whether one of the two lower corners that meet below its left edge is significant, as bit 7.
    corners: [[u32; 2]; ROW_PAIRS + 1],
    /// Of the four lower samples of each pair, twice the magnitude less one, whose length in bits is the exponent.
    exponents: [[u32; 4]; ROW_PAIRS + 1],
    /// The samples of the upper and the lower row: twice the magnitude, plus the sign.
    top: [[u32; 4]; ROW_PAIRS],
    bottom: [[u32; 4]; ROW_PAIRS],
}

impl Default for RowBuffers {
    fn default() -> Self {
        Self {
            quads: [[0; 2]; ROW_PAIRS],
            corners: [[0; 2]; ROW_PAIRS + 1],
            exponents: [[0; 4]; ROW_PAIRS + 1],
            top: [[0; 4]; ROW_PAIRS],
            bottom: [[0; 4]; ROW_PAIRS],
        }
    }
}

/// The streams of a cleanup segment and the shape of its block.
pub(super) struct Cleanup<'a> {
    pub magnitudes: &'a MagnitudeBits,
    pub codes: &'a CodeBits,
    pub mel: Mel<'a>,
    /// Bits that a magnitude with its sign can have, so the greatest exponent of a sound block, 2 to 31.
    pub max_exponent: u32,
    pub width: usize,
    pub height: usize,
}

impl Cleanup<'_> {
    /// Decodes all rows and hands out each: its index, and its samples as twice the magnitude plus the sign, of which
    /// there may be more than the block is wide.
    pub(super) fn decode(
        self,
        buffers: &mut RowBuffers,
        hand_out: impl FnMut(usize, &[u32]),
    ) -> Result<(), &'static str> {
        #[cfg(target_arch = "x86_64")]
        if ht_avx2::is_here() {
            return ht_avx2::decode(self, buffers, hand_out);
        }
        self.decode_with(buffers, hand_out, take_pair)
    }

    /// Decodes all rows, taking magnitudes apart with `take`: [`take_pair`], or what gives the same faster.
    #[inline(always)]
    pub(super) fn decode_with(
        self,
        buffers: &mut RowBuffers,
        mut hand_out: impl FnMut(usize, &[u32]),
        take: impl Fn([QuadBits; 2], PairRows<'_>),
    ) -> Result<(), &'static str> {
        let n_quads = self.width.div_ceil(2);
        let n_pairs = n_quads.div_ceil(2).min(ROW_PAIRS);
        buffers.corners[..=n_pairs].fill([0; 2]);
        buffers.exponents[..=n_pairs].fill([0; 4]);
        let mut codes = QuadCodes::new(self.codes, self.mel);
        let mut magnitudes = Magnitudes {
            bits: self.magnitudes,
            place: 0,
            max_exponent: self.max_exponent,
            too_long: false,
        };
        let take = &take;
        for row_idx in (0..self.height).step_by(2) {
            if row_idx == 0 {
                read_row(
                    Rows::First,
                    n_quads,
                    &mut codes,
                    &mut magnitudes,
                    buffers,
                    take,
                )?;
            } else {
                read_row(
                    Rows::Later,
                    n_quads,
                    &mut codes,
                    &mut magnitudes,
                    buffers,
                    take,
                )?;
            }
            hand_out(row_idx, buffers.top[..n_pairs].as_flattened());
            if row_idx + 1 < self.height {
                hand_out(row_idx + 1, buffers.bottom[..n_pairs].as_flattened());
            }
        }
        if codes.place() > self.codes.len() {
            return Err("the quad codes of an HT block run past their end");
        }
        // An encoder may leave out one last byte of ones (7.1.2).
        if magnitudes.place > self.magnitudes.len() + 8 {
            return Err("the magnitudes of an HT block run past their end");
        }
        Ok(())
    }
}

/// Reads a row of quads. Behind the last quad of an odd number stands an empty one.
#[inline(always)]
fn read_row(
    rows: Rows,
    n_quads: usize,
    codes: &mut QuadCodes<'_>,
    magnitudes: &mut Magnitudes<'_>,
    buffers: &mut RowBuffers,
    take: &impl Fn([QuadBits; 2], PairRows<'_>),
) -> Result<(), &'static str> {
    codes.row(rows, n_quads, &mut buffers.quads, &mut buffers.corners);
    let n_pairs = n_quads.div_ceil(2).min(ROW_PAIRS);
    let mut left_magnitude = 0;
    for pair_idx in 0..n_pairs {
        let [a, b] = buffers.quads[pair_idx];
        let [m0, m1, m2, m3] = buffers.exponents[pair_idx];
        let [right, ..] = buffers.exponents[pair_idx + 1];
        let predicted = [
            predicted_exponent(rows, a, left_magnitude | m0 | m1 | m2),
            predicted_exponent(rows, b, m1 | m2 | m3 | right),
        ];
        left_magnitude = m3;
        let to = PairRows {
            top: &mut buffers.top[pair_idx],
            bottom: &mut buffers.bottom[pair_idx],
            lower_magnitudes: &mut buffers.exponents[pair_idx],
        };
        magnitudes.pair([a, b], predicted, to, take);
    }
    if magnitudes.too_long {
        return Err("an HT block has a magnitude of more bits than its sub-band");
    }
    Ok(())
}

/// Magnitudes and signs (7.3.7, 7.3.8, 7.4).
struct Magnitudes<'a> {
    bits: &'a MagnitudeBits,
    place: usize,
    max_exponent: u32,
    /// Whether an exponent was greater than the greatest.
    too_long: bool,
}

/// A quad and the bits of its samples.
#[derive(Clone, Copy)]
pub(super) struct QuadBits {
    /// Its fields, as in [`quad`].
    pub quad: u32,
    /// Its bits, at most 57, and then those of others.
    pub word: u64,
    /// Each byte is where its sample starts in the word; the fifth one is the end of the last sample.
    pub starts: u64,
}

/// Where the samples of a pair of quads go, each as twice the magnitude plus the sign.
pub(super) struct PairRows<'a> {
    pub top: &'a mut [u32; 4],
    pub bottom: &'a mut [u32; 4],
    /// Of the bottom ones, twice the magnitude less one; zero for zero.
    pub lower_magnitudes: &'a mut [u32; 4],
}

impl Magnitudes<'_> {
    #[inline(always)]
    fn pair(
        &mut self,
        [a, b]: [u32; 2],
        predicted: [u32; 2],
        to: PairRows<'_>,
        take: &impl Fn([QuadBits; 2], PairRows<'_>),
    ) {
        let exponent_a = predicted[0] + (a & quad::U);
        let exponent_b = predicted[1] + (b & quad::U);
        if exponent_a.max(exponent_b) > self.max_exponent.min(MAX_EASY_EXPONENT) {
            self.long_pair([a, b], [exponent_a, exponent_b], to);
            return;
        }
        let starts_a = starts(a, exponent_a);
        let starts_b = starts(b, exponent_b);
        let second = self.place + (starts_a >> 32) as usize;
        let a = QuadBits {
            quad: a,
            word: self.bits.load(self.place),
            starts: starts_a,
        };
        let b = QuadBits {
            quad: b,
            word: self.bits.load(second),
            starts: starts_b,
        };
        self.place = second + (starts_b >> 32) as usize;
        take([a, b], to);
    }

    /// The same where a quad may have more bits than one load gives, or more than it can have.
    #[cold]
    #[inline(never)]
    fn long_pair(&mut self, quads: [u32; 2], exponents: [u32; 2], to: PairRows<'_>) {
        if exponents[0].max(exponents[1]) > self.max_exponent {
            self.too_long = true;
            return;
        }
        let mut of_quads = [[0; 4]; 2];
        for ((&quad, &exponent), samples) in quads.iter().zip(&exponents).zip(&mut of_quads) {
            let starts = starts(quad, exponent);
            for (idx, sample) in samples.iter_mut().enumerate() {
                let [start, end] = bounds(starts, idx);
                *sample = sample_of(
                    self.bits.load(self.place + start as usize),
                    quad,
                    idx,
                    end - start,
                );
            }
            self.place += (starts >> 32) as usize;
        }
        to.set(of_quads);
    }
}

/// Up to this exponent the four samples of a quad fit into one load of 57 bits.
const MAX_EASY_EXPONENT: u32 = 14;

/// Where the samples of a quad start (bytes 0 to 3) and where the last one ends (byte 4): up to 4 times 31, so that no
/// byte overflows.
#[inline(always)]
fn starts(quad: u32, exponent: u32) -> u64 {
    let significant = quad >> quad::RHO_SHIFT & 15;
    let known = quad >> quad::EK_SHIFT & 15;
    u64::from(exponent) * STARTS[significant as usize] - STARTS[known as usize]
}

#[inline(always)]
fn bounds(starts: u64, idx: usize) -> [u64; 2] {
    [starts >> (8 * idx) & 255, starts >> (8 * idx + 8) & 255]
}

/// Takes a pair of quads apart on any machine.
#[inline(always)]
pub(super) fn take_pair(pair: [QuadBits; 2], to: PairRows<'_>) {
    to.set(pair.map(|QuadBits { quad, word, starts }| {
        std::array::from_fn(|idx| {
            let [start, end] = bounds(starts, idx);
            sample_of(word >> start, quad, idx, end - start)
        })
    }));
}

/// The sample of which the lowest `n` bits of `word` are sent; a known bit stands above them.
#[inline(always)]
fn sample_of(word: u64, quad: u32, idx: usize, n: u64) -> u32 {
    let significant = (quad >> (quad::RHO_SHIFT as usize + idx) & 1).wrapping_neg();
    let known_one = u64::from(quad >> (quad::E1_SHIFT as usize + idx) & 1);
    let value = word & ((1 << n) - 1) | known_one << n;
    (value as u32).wrapping_add(2) & significant
}

impl PairRows<'_> {
    #[inline(always)]
    fn set(self, [a, b]: [[u32; 4]; 2]) {
        *self.top = [a[0], a[2], b[0], b[2]];
        *self.bottom = [a[1], a[3], b[1], b[3]];
        *self.lower_magnitudes = self.bottom.map(|sample| {
            if sample == 0 {
                0
            } else {
                sample.wrapping_sub(2) | 1
            }
        });
    }
}

/// Exponent that the row above predicts (7.3.7), from the magnitudes of its four nearest samples.
#[inline(always)]
fn predicted_exponent(rows: Rows, quad: u32, above: u32) -> u32 {
    if rows == Rows::First {
        return 1;
    }
    let rho = quad >> quad::RHO_SHIFT & 15;
    let several = u32::from(rho & rho.wrapping_sub(1) != 0).wrapping_neg();
    let n_bits = 32 - (above & several | 3).leading_zeros();
    n_bits - 1
}
