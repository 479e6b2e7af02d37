//! Codes blocks for the tests of the HT block decoder: plain loops over samples, as clause 7 of ISO/IEC 15444-15 reads.

use super::ht_tables::{FIRST_ROW, LATER_ROWS, quad};
use super::style::Causality;

/// What to code, and how.
#[derive(Clone, Copy)]
pub(super) struct BlockPlan {
    pub width: usize,
    pub height: usize,
    /// Bit plane of the cleanup pass.
    pub plane: u32,
    pub n_passes: u32,
    pub causality: Causality,
}

/// A coded block, and what a decoder has to make of it: magnitudes in half units, with their signs.
pub(super) struct CodedBlock {
    pub cleanup: Vec<u8>,
    pub refinement: Vec<u8>,
    pub doubled: Vec<i32>,
}

/// Codes a block. `choose` picks one of so many equally valid codes.
pub(super) fn encode(
    samples: &[i32],
    plan: BlockPlan,
    choose: &mut dyn FnMut(usize) -> usize,
) -> CodedBlock {
    let cleanup = encode_cleanup(samples, plan, choose);
    let mut doubled: Vec<i32> = samples
        .iter()
        .map(|&sample| {
            let magnitude = sample.unsigned_abs() >> plan.plane;
            let half = if magnitude == 0 {
                0
            } else {
                (2 * magnitude + 1) << plan.plane
            };
            half as i32 * sample.signum()
        })
        .collect();
    let refinement = if plan.n_passes > 1 {
        refine(samples, plan, &mut doubled)
    } else {
        Vec::new()
    };
    CodedBlock {
        cleanup,
        refinement,
        doubled,
    }
}

/// Writes bits, the first one lowest, with a stuffing bit where `is_short` says so of the byte before and this one.
struct LowFirst {
    bytes: Vec<u8>,
    byte: u32,
    n: u32,
    before: u8,
    is_short: fn(u8, u8) -> bool,
}

impl LowFirst {
    fn forwards() -> Self {
        Self {
            bytes: Vec::new(),
            byte: 0,
            n: 0,
            before: 0,
            is_short: |before, _| before == 0xff,
        }
    }

    fn backwards() -> Self {
        let is_short = |before: u8, byte: u8| before > 0x8f && byte & 0x7f == 0x7f;
        Self {
            bytes: Vec::new(),
            byte: 0,
            n: 0,
            before: 0xff,
            is_short,
        }
    }

    fn bit(&mut self, bit: u32) {
        self.byte |= bit << self.n;
        self.n += 1;
        let short = self.n == 7 && (self.is_short)(self.before, self.byte as u8);
        if self.n == 8 || short {
            self.end_byte();
        }
    }

    fn end_byte(&mut self) {
        self.before = self.byte as u8;
        self.bytes.push(self.before);
        (self.byte, self.n) = (0, 0);
    }

    fn bits(&mut self, value: u64, n: u32) {
        for idx in 0..n {
            self.bit((value >> idx & 1) as u32);
        }
    }

    fn finish(mut self, fill: u32) -> Vec<u8> {
        while self.n > 0 {
            self.bit(fill);
        }
        self.bytes
    }
}

/// The adaptive run-length coder, highest bit first.
#[derive(Default)]
struct MelWriter {
    bytes: Vec<u8>,
    byte: u8,
    n: u32,
    state: usize,
    n_zeros: u32,
}

impl MelWriter {
    const EXPONENTS: [u32; 13] = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5];

    fn bit(&mut self, bit: u32) {
        self.byte = self.byte << 1 | bit as u8;
        self.n += 1;
        if self.n
            == if self.bytes.last() == Some(&0xff) {
                7
            } else {
                8
            }
        {
            self.bytes.push(self.byte);
            (self.byte, self.n) = (0, 0);
        }
    }

    fn event(&mut self, event: bool) {
        let exponent = Self::EXPONENTS[self.state];
        if event {
            self.bit(0);
            for idx in (0..exponent).rev() {
                self.bit(self.n_zeros >> idx & 1);
            }
            self.state = self.state.saturating_sub(1);
            self.n_zeros = 0;
            return;
        }
        self.n_zeros += 1;
        if self.n_zeros == 1 << exponent {
            self.bit(1);
            self.state = (self.state + 1).min(12);
            self.n_zeros = 0;
        }
    }

    fn finish(mut self) -> Vec<u8> {
        if self.n_zeros > 0 {
            self.bit(1);
        }
        while self.n > 0 {
            self.bit(0);
        }
        self.bytes
    }
}

/// Samples outside the block are insignificant.
struct Grid<'a> {
    samples: &'a [i32],
    plan: BlockPlan,
}

impl Grid<'_> {
    fn magnitude(&self, x: isize, y: isize) -> u32 {
        let inside = (0..self.plan.width as isize).contains(&x)
            && (0..self.plan.height as isize).contains(&y);
        if inside {
            self.sample(x, y).unsigned_abs() >> self.plan.plane
        } else {
            0
        }
    }

    fn sample(&self, x: isize, y: isize) -> i32 {
        self.samples[y as usize * self.plan.width + x as usize]
    }

    fn exponent(&self, x: isize, y: isize) -> u32 {
        match self.magnitude(x, y) {
            0 => 0,
            magnitude => u64::BITS - (2 * u64::from(magnitude) - 1).leading_zeros(),
        }
    }

    fn any(&self, places: &[(isize, isize)]) -> u32 {
        u32::from(places.iter().any(|&(x, y)| self.magnitude(x, y) != 0))
    }
}

fn encode_cleanup(
    samples: &[i32],
    plan: BlockPlan,
    choose: &mut dyn FnMut(usize) -> usize,
) -> Vec<u8> {
    let grid = Grid { samples, plan };
    let (mut magnitudes, mut codes, mut mel) = (
        LowFirst::forwards(),
        LowFirst::backwards(),
        MelWriter::default(),
    );
    // The length of the suffix goes there.
    codes.bits(15, 4);
    for y in (0..plan.height as isize).step_by(2) {
        for pair_x in (0..plan.width as isize).step_by(4) {
            let mut offsets = Vec::new();
            for x in [pair_x, pair_x + 2]
                .into_iter()
                .filter(|&x| x < plan.width as isize)
            {
                offsets.push(encode_quad(
                    &grid,
                    (x, y),
                    (&mut magnitudes, &mut codes, &mut mel),
                    choose,
                ));
            }
            encode_offsets(&offsets, y == 0, &mut codes, &mut mel);
        }
    }
    let mut magnitudes = magnitudes.finish(1);
    if magnitudes.last() == Some(&0xff) {
        magnitudes.pop();
    }
    let mel = mel.finish();
    let codes = codes.finish(0);
    let n_suffix = mel.len() + codes.len() + 1;
    let mut cleanup = [magnitudes, mel, codes.into_iter().rev().collect()].concat();
    cleanup.push((n_suffix >> 4) as u8);
    let low = cleanup.len() - 2;
    cleanup[low] = cleanup[low] & 0xf0 | (n_suffix & 15) as u8;
    cleanup
}

/// Codes all of a quad but its exponent offset, which is returned.
fn encode_quad(
    grid: &Grid<'_>,
    (x, y): (isize, isize),
    (magnitudes, codes, mel): (&mut LowFirst, &mut LowFirst, &mut MelWriter),
    choose: &mut dyn FnMut(usize) -> usize,
) -> u32 {
    let places = [(x, y), (x, y + 1), (x + 1, y), (x + 1, y + 1)];
    let context = if y == 0 {
        grid.any(&[(x - 2, y), (x - 2, y + 1)])
            | grid.any(&[(x - 1, y)]) << 1
            | grid.any(&[(x - 1, y + 1)]) << 2
    } else {
        grid.any(&[(x - 1, y - 1), (x, y - 1)])
            | grid.any(&[(x - 1, y), (x - 1, y + 1)]) << 1
            | grid.any(&[(x + 1, y - 1), (x + 2, y - 1)]) << 2
    };
    let rho = (0..4)
        .map(|idx| grid.any(&[places[idx]]) << idx)
        .sum::<u32>();
    if context == 0 {
        mel.event(rho != 0);
        if rho == 0 {
            return 0;
        }
    }
    let exponents = places.map(|(x, y)| grid.exponent(x, y));
    let above = (x - 1..=x + 2)
        .map(|x| grid.exponent(x, y - 1))
        .max()
        .unwrap_or(0);
    let predicted = if y > 0 && rho.count_ones() > 1 {
        above.max(2) - 1
    } else {
        1
    };
    let bound = predicted.max(exponents.into_iter().max().unwrap_or(0));
    let offset = bound - predicted;
    let at_bound = (0..4)
        .map(|idx| u32::from(exponents[idx] == bound) << idx)
        .sum::<u32>();
    let table = if y == 0 { &FIRST_ROW } else { &LATER_ROWS };
    let fits: Vec<(u32, u32)> = (0..128)
        .map(|bits| (bits, table[(context << 7 | bits) as usize]))
        .filter(|&(bits, code)| {
            let known = code >> quad::EK_SHIFT & 15;
            bits >> (code & quad::LENGTH) == 0
                && code >> quad::RHO_SHIFT & 15 == rho
                && (code & quad::OFFSET != 0) == (offset > 0)
                && code >> quad::E1_SHIFT & 15 == known & at_bound
        })
        .collect();
    let (word, code) = fits[choose(fits.len())];
    codes.bits(u64::from(word), code & quad::LENGTH);
    for (idx, &(x, y)) in places
        .iter()
        .enumerate()
        .filter(|&(idx, _)| rho >> idx & 1 == 1)
    {
        let value = 2 * u64::from(grid.magnitude(x, y) - 1) + u64::from(grid.sample(x, y) < 0);
        magnitudes.bits(value, bound - (code >> (quad::EK_SHIFT + idx as u32) & 1));
    }
    offset
}

fn encode_offsets(offsets: &[u32], first_row: bool, codes: &mut LowFirst, mel: &mut MelWriter) {
    let mut pair = [offsets[0], offsets.get(1).copied().unwrap_or(0)];
    let mut short_second = false;
    if first_row && pair[0] > 0 && pair[1] > 0 {
        let both_long = pair[0].min(pair[1]) > 2;
        mel.event(both_long);
        if both_long {
            pair = pair.map(|offset| offset - 2);
        } else {
            short_second = pair[0] > 2;
        }
    }
    let parts = |offset: u32| match offset {
        0 => ((0, 0), (0, 0)),
        1 => ((1, 1), (0, 0)),
        2 => ((2, 2), (0, 0)),
        3 | 4 => ((4, 3), (offset - 3, 1)),
        _ => ((0, 3), (offset - 5, 5)),
    };
    let (first, mut second) = (parts(pair[0]), parts(pair[1]));
    if short_second {
        second = ((pair[1] - 1, 1), (0, 0));
    }
    for (value, n) in [first.0, second.0, first.1, second.1] {
        codes.bits(u64::from(value), n);
    }
}

/// Codes the passes of the plane below, and corrects what a decoder will make of the block.
fn refine(samples: &[i32], plan: BlockPlan, doubled: &mut [i32]) -> Vec<u8> {
    let grid = Grid { samples, plan };
    let plane = plan.plane - 1;
    let mut significance = LowFirst::forwards();
    let mut magnitudes = LowFirst::backwards();
    let (width, height) = (plan.width as isize, plan.height as isize);
    let mut found = vec![false; samples.len()];
    for stripe in (0..height).step_by(4) {
        let rows = stripe..(stripe + 4).min(height);
        for group in (0..width).step_by(4) {
            let places: Vec<(isize, isize)> = (group..(group + 4).min(width))
                .flat_map(|x| rows.clone().map(move |y| (x, y)))
                .collect();
            let mut signs = Vec::new();
            for &(x, y) in &places {
                let at = (y * width + x) as usize;
                let last_row = if plan.causality == Causality::Stripe {
                    rows.end - 1
                } else {
                    height - 1
                };
                let near = (x - 1..=x + 1)
                    .flat_map(|x| (y - 1..=(y + 1).min(last_row)).map(move |y| (x, y)))
                    .any(|(x, y)| {
                        let inside = (0..width).contains(&x) && (0..height).contains(&y);
                        inside && (grid.magnitude(x, y) != 0 || found[(y * width + x) as usize])
                    });
                if grid.magnitude(x, y) != 0 {
                    let refined = samples[at].unsigned_abs() >> plane;
                    if plan.n_passes == 3 {
                        magnitudes.bit(refined & 1);
                        doubled[at] = samples[at].signum() * ((2 * refined + 1) << plane) as i32;
                    }
                } else if near {
                    found[at] = samples[at].unsigned_abs() >> plane & 1 == 1;
                    significance.bit(u32::from(found[at]));
                    if found[at] {
                        signs.push(u32::from(samples[at] < 0));
                        doubled[at] = samples[at].signum() * (3 << plane);
                    }
                }
            }
            for sign in signs {
                significance.bit(sign);
            }
        }
    }
    let mut segment = significance.finish(0);
    segment.extend(magnitudes.finish(0).into_iter().rev());
    segment
}
