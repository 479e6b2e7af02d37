//! The codes of the quads of an HT block (ISO/IEC 15444-15 7.3.1 to 7.3.6): which samples are significant, and how many
//! bits they have.

use super::ht_bits::Mel;
use super::ht_block::CodeBits;
use super::ht_cleanup::ROW_PAIRS;
use super::ht_tables::{FIRST_ROW, LATER_ROWS, OFFSETS, Rows, offsets, quad};

/// Context codes, MEL events and exponent offsets (7.3.1 to 7.3.6).
pub(super) struct QuadCodes<'a> {
    bits: &'a CodeBits,
    mel: Mel<'a>,
    window: Window,
}

/// The next bits of the codes; at least 56 of them once it is filled.
#[derive(Clone, Copy)]
struct Window {
    bits: u64,
    n_bits: u32,
    next_byte: usize,
}

impl Window {
    #[inline(always)]
    fn fill(&mut self, from: &CodeBits) {
        // The address depends on what was taken before the last filling only, so the load has long ended.
        self.bits |= from.load_bytes(self.next_byte) << self.n_bits;
        self.next_byte += ((63 - self.n_bits) >> 3) as usize;
        self.n_bits |= 56;
    }

    #[inline(always)]
    fn take(&mut self, n: u32) {
        self.bits >>= n;
        self.n_bits -= n;
    }
}

impl<'a> QuadCodes<'a> {
    pub(super) fn new(bits: &'a CodeBits, mel: Mel<'a>) -> Self {
        Self {
            bits,
            mel,
            window: Window {
                bits: 0,
                n_bits: 0,
                next_byte: 0,
            },
        }
    }

    /// How many bits have been read.
    pub(super) fn place(&self) -> usize {
        8 * self.window.next_byte - self.window.n_bits as usize
    }

    /// Decodes a row, with what the row above left in `corners`, and leaves there what the next one needs.
    #[inline(always)]
    pub(super) fn row(
        &mut self,
        rows: Rows,
        n_quads: usize,
        quads: &mut [[u32; 2]; ROW_PAIRS],
        corners: &mut [[u32; 2]; ROW_PAIRS + 1],
    ) {
        let n_whole = (n_quads / 2).min(ROW_PAIRS);
        let table = match rows {
            Rows::First => &FIRST_ROW,
            Rows::Later => &LATER_ROWS,
        };
        // Local, so that it stays in registers.
        let mut window = self.window;
        let mut west = 0;
        let mut left_corner = 0;
        for pair_idx in 0..n_whole {
            let [first, second] = corners[pair_idx];
            let [third, _] = corners[pair_idx + 1];
            window.fill(self.bits);
            let a = self.quad(table, first | second << 2 | west, window.bits);
            window.take(a & quad::LENGTH);
            let b = self.quad(table, second | third << 2 | a & quad::WEST, window.bits);
            window.take(b & quad::LENGTH);
            west = b & quad::WEST;
            let mut mode = a & quad::OFFSET | (b & quad::OFFSET) << 1;
            if rows == Rows::First && mode == 3 * quad::OFFSET {
                mode = (4 + u32::from(self.mel.event())) * quad::OFFSET;
            }
            let [u_a, u_b] = pair_offsets(&mut window, mode);
            quads[pair_idx] = [a & !quad::U | u_a, b & !quad::U | u_b];
            corners[pair_idx] = [left_corner | lower_left(a), lower_right(a) | lower_left(b)];
            left_corner = lower_right(b);
        }
        if n_quads % 2 == 1 && n_whole < ROW_PAIRS {
            let [first, second] = corners[n_whole];
            window.fill(self.bits);
            let a = self.quad(table, first | second << 2 | west, window.bits);
            window.take(a & quad::LENGTH);
            let [u_a, _] = pair_offsets(&mut window, a & quad::OFFSET);
            // An empty quad stands behind the last one of an odd number.
            quads[n_whole] = [a & !quad::U | u_a, 0];
            corners[n_whole] = [left_corner | lower_left(a), lower_right(a)];
            left_corner = 0;
        }
        corners[n_quads.div_ceil(2).min(ROW_PAIRS)][0] = left_corner;
        self.window = window;
    }

    /// The code of one quad, or zero where the neighbourhood is empty and the MEL says that it stays so.
    #[inline(always)]
    fn quad(&mut self, table: &[u32; 1024], context: u32, bits: u64) -> u32 {
        if context == 0 && !self.mel.event() {
            return 0;
        }
        table[(context | bits as u32 & 127) as usize % 1024]
    }
}

/// Takes the exponent offsets of a pair of quads (7.3.6). The mode is that of [`OFFSETS`], in its place of the index.
#[inline(always)]
fn pair_offsets(window: &mut Window, mode: u32) -> [u32; 2] {
    let code = OFFSETS[(mode | window.bits as u32 & 63) as usize % OFFSETS.len()];
    let suffixes = (window.bits >> (code >> offsets::PREFIX_SHIFT & 7)) as u32;
    window.take(code & offsets::TOTAL);
    let suffix_a = suffixes & code >> offsets::MASK_A_SHIFT & 31;
    let suffix_b =
        suffixes >> (code >> offsets::SUFFIX_A_SHIFT & 7) & code >> offsets::MASK_B_SHIFT & 31;
    [
        (code >> offsets::BASE_A_SHIFT & 15) + suffix_a,
        (code >> offsets::BASE_B_SHIFT & 15) + suffix_b,
    ]
}

/// Whether the lower left sample is significant, as bit 7.
#[inline(always)]
fn lower_left(quad: u32) -> u32 {
    quad >> (quad::RHO_SHIFT + 1 - 7) & 128
}

/// Whether the lower right sample is significant, as bit 7.
#[inline(always)]
fn lower_right(quad: u32) -> u32 {
    quad >> (quad::RHO_SHIFT + 3 - 7) & 128
}
