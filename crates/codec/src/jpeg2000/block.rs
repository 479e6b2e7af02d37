//! The coding passes of ISO/IEC 15444-1 Annex D: code words in, the quantiser indices of one code block out.
//!
//! The state of a block is one word a column of four samples (the stripe of D.1), which holds whatever the passes ask
//! about the column and its neighbours, so that a column with nothing to do costs one load and one test.

use super::contexts::{SIGNS, SignificanceContexts, significance_contexts};
use super::geometry::Orientation;
use super::mq::{
    Contexts, Decisions, Mq, REFINEMENT_CONTEXTS, RUN_CONTEXT, RawBits, UNIFORM_CONTEXT,
};
use super::style::{BlockStyle, Causality};
use crate::error::Fault;

/// Most samples of a code block (Table A.18).
const MAX_SAMPLES: usize = 4096;
/// Most magnitude bits, so that one bit below the point and the sign fit beside them.
pub(super) const MAX_PLANES: u32 = 30;

// A column's word. Samples of the column are 3 bits apart everywhere.
//
// Bits 0 to 17: significance of the column with its neighbours, three bits a row, from the row above to the row below.
/// The four samples themselves, when shifted down by `CENTRE`.
const EACH: u64 = 0o1111;
const CENTRE: u32 = 4;
const NEIGHBOURHOOD: u64 = (1 << 18) - 1;
/// Bits 18 to 35: which of these are negative.
const NEGATIVE: u32 = 18;
/// Bits 36, 39, 42, 45: coded in this bit plane by the significance propagation pass.
const VISITED: u32 = 36;
/// Bits 48, 51, 54, 57: refined before.
const REFINED: u32 = 48;

/// One run of bytes of a block with the passes that it codes.
pub(super) struct CodedSegment<'a> {
    /// The code word.
    pub bytes: &'a [u8],
    /// Its passes.
    pub n_passes: u32,
}

/// What the passes of a block need to know.
pub(super) struct BlockLayout {
    /// Columns.
    pub width: usize,
    /// Rows; the samples are at most 4096.
    pub height: usize,
    /// The kind of sub-band.
    pub orientation: Orientation,
    /// Bit planes that are coded, at most [`MAX_PLANES`].
    pub n_planes: u32,
    /// Planes by which a region of interest was lifted above the rest; `n_planes` counts them.
    pub roi_shift: u32,
    /// The switches of Table A.19.
    pub style: BlockStyle,
}

/// Decodes blocks one after the other in memory of its own.
pub(super) struct BlockDecoder {
    columns: Box<[u64; MAX_SAMPLES]>,
    /// Magnitudes with one bit below the point, the sign in bit 31, row by row.
    samples: Box<[u32; MAX_SAMPLES]>,
    /// The samples that the refinement pass goes through, with the number of their context from bit 12.
    refined: Box<[u16; MAX_SAMPLES]>,
}

impl BlockDecoder {
    /// Takes the memory.
    pub(super) fn new() -> Self {
        Self {
            columns: Box::new([0; MAX_SAMPLES]),
            samples: Box::new([0; MAX_SAMPLES]),
            refined: Box::new([0; MAX_SAMPLES]),
        }
    }

    /// Decodes a block; its samples come row by row, as magnitudes with one bit below the point (which holds the
    /// middle of what the decoded planes leave open) and the sign in bit 31.
    ///
    /// # Errors
    /// More bit planes than [`MAX_PLANES`], or more passes than these have.
    pub(super) fn decode(
        &mut self,
        layout: &BlockLayout,
        segments: &[CodedSegment<'_>],
    ) -> Result<&[u32], Fault> {
        let n_passes: u32 = segments.iter().map(|s| s.n_passes).sum();
        if MAX_PLANES < layout.n_planes {
            return Err(Fault::Unsupported("a code block of too many bit planes"));
        }
        if (3 * layout.n_planes).saturating_sub(2) < n_passes {
            return Err(Fault::Damaged(
                "a code block has more passes than bit planes",
            ));
        }
        let n_stripes = layout.height.div_ceil(4);
        self.columns[..(n_stripes + 2) * (layout.width + 2)].fill(0);
        self.samples[..layout.width * layout.height].fill(0);
        let mut contexts = Contexts::new();
        let mut pass_idx = 0;
        for segment in segments {
            if layout.style.is_raw(pass_idx) {
                let mut source = RawBits::new(segment.bytes);
                self.run_passes(layout, &mut source, &mut pass_idx, segment.n_passes, |_| {});
            } else {
                let mut source = Mq::new(segment.bytes, contexts);
                let reset = layout.style.resets_contexts;
                self.run_passes(layout, &mut source, &mut pass_idx, segment.n_passes, |mq| {
                    if reset {
                        mq.contexts = Contexts::new();
                    }
                });
                contexts = source.contexts;
            }
        }
        let samples = &mut self.samples[..layout.width * layout.height];
        if 0 < layout.roi_shift {
            lower_region(samples, layout.roi_shift);
        }
        Ok(samples)
    }

    fn run_passes<S: Decisions>(
        &mut self,
        layout: &BlockLayout,
        source: &mut S,
        pass_idx: &mut u32,
        n_passes: u32,
        after_each: impl Fn(&mut S),
    ) {
        for _ in 0..n_passes {
            let mut pass = Pass {
                columns: &mut self.columns,
                samples: &mut self.samples,
                width: layout.width,
                height: layout.height,
                plane: layout.n_planes - 1 - pass_idx.div_ceil(3),
                contexts: significance_contexts(layout.orientation),
            };
            match ((*pass_idx + 2) % 3, layout.style.causality) {
                (0, Causality::Whole) => pass.propagate::<S, false>(source),
                (0, Causality::Stripe) => pass.propagate::<S, true>(source),
                (1, _) => pass.refine(source, &mut self.refined),
                (_, Causality::Whole) => pass.clean_up::<S, false>(source),
                (_, Causality::Stripe) => pass.clean_up::<S, true>(source),
            }
            let is_clean_up = (*pass_idx + 2) % 3 == 2;
            if is_clean_up && layout.style.has_segmentation_symbols {
                // The symbol (D.5) could show an error, but says nothing about what to do then.
                (0..4).for_each(|_| {
                    source.draw(UNIFORM_CONTEXT);
                });
            }
            after_each(source);
            *pass_idx += 1;
        }
    }
}

/// Brings a region of interest down again (H.1): its magnitudes are those that reach above the shift.
fn lower_region(samples: &mut [u32], roi_shift: u32) {
    for sample in samples {
        let (magnitude, sign) = (*sample & 0x7FFF_FFFF, *sample & 0x8000_0000);
        if 2 << roi_shift <= magnitude {
            *sample = magnitude >> roi_shift | sign;
        }
    }
}

/// One pass over a block.
struct Pass<'a> {
    columns: &'a mut [u64; MAX_SAMPLES],
    samples: &'a mut [u32; MAX_SAMPLES],
    width: usize,
    height: usize,
    plane: u32,
    contexts: &'static SignificanceContexts,
}

/// Wraps an index that is in range anyway, so that no check is left in the loops.
#[inline(always)]
const fn within(at: usize) -> usize {
    at & (MAX_SAMPLES - 1)
}

/// Which of the four samples have a significant neighbour.
#[inline(always)]
const fn with_neighbours(column: u64) -> u64 {
    let beside = column | column >> 2;
    let in_row = beside | column >> 1;
    (in_row | in_row >> 6 | beside >> 3) & EACH
}

impl Pass<'_> {
    /// The rows of a stripe as a mask of its samples.
    fn rows_of(&self, stripe: usize) -> u64 {
        EACH >> (3 * (4 * (stripe + 1)).saturating_sub(self.height))
    }

    /// Row offsets in `samples` by bit of a column's mask.
    fn row_offsets(&self) -> [usize; 16] {
        let mut offsets = [0; 16];
        (0..4).for_each(|row| offsets[3 * row] = row * self.width);
        offsets
    }

    /// Draws the sign of a sample that has become significant and tells the neighbours; gives the column as it is now.
    #[inline(always)]
    fn set_significant<S: Decisions, const CAUSAL: bool>(
        &mut self,
        source: &mut S,
        column: u64,
        at: usize,
        bit: u32,
        sample: usize,
    ) -> u64 {
        let around = column >> bit;
        let signs = SIGNS[((around & 0xAA) | ((around >> NEGATIVE & 0xAA) >> 1)) as usize];
        let sign = source.draw_sign(usize::from(signs & 0x7F), u32::from(signs >> 7));
        self.samples[within(sample)] = 3 << self.plane | sign << 31;
        let mark = 1 | u64::from(sign) << NEGATIVE;
        let row = mark << bit;
        self.columns[within(at - 1)] |= row << 5;
        self.columns[within(at + 1)] |= row << 3;
        let stride = self.width + 2;
        if bit == 0 && !CAUSAL {
            let above = at - stride;
            self.columns[within(above - 1)] |= mark << 17;
            self.columns[within(above)] |= mark << 16;
            self.columns[within(above + 1)] |= mark << 15;
        }
        if bit == 9 {
            let below = at + stride;
            self.columns[within(below - 1)] |= mark << 2;
            self.columns[within(below)] |= mark << 1;
            self.columns[within(below + 1)] |= mark;
        }
        column | row << CENTRE
    }

    /// The significance propagation pass (D.3.1).
    #[inline(never)]
    fn propagate<S: Decisions, const CAUSAL: bool>(&mut self, shared: &mut S) {
        let mut source = shared.clone();
        let offsets = self.row_offsets();
        for stripe in 0..self.height.div_ceil(4) {
            let rows = self.rows_of(stripe);
            let first = (stripe + 1) * (self.width + 2) + 1;
            for x in 0..self.width {
                let at = first + x;
                let mut column = self.columns[within(at)];
                let mut todo = with_neighbours(column) & !(column >> CENTRE) & rows;
                if todo == 0 {
                    continue;
                }
                let first_sample = 4 * stripe * self.width + x;
                let mut visited = 0;
                while todo != 0 {
                    let bit = todo.trailing_zeros();
                    todo &= todo - 1;
                    visited |= 1 << bit;
                    let context = self.contexts[(column >> bit) as usize & 0x1FF];
                    if source.decide(usize::from(context)) {
                        let sample = first_sample + offsets[bit as usize & 15];
                        column =
                            self.set_significant::<S, CAUSAL>(&mut source, column, at, bit, sample);
                        todo |= (8 << bit) & !(column >> CENTRE) & rows;
                    }
                }
                self.columns[within(at)] = column | visited << VISITED;
            }
        }
        *shared = source;
    }

    /// The magnitude refinement pass (D.3.3). Which samples it goes through and in which contexts does not depend on
    /// what it decodes, so they are listed first.
    #[inline(never)]
    fn refine<S: Decisions>(&mut self, shared: &mut S, list: &mut [u16; MAX_SAMPLES]) {
        let mut n_listed = 0;
        for stripe in 0..self.height.div_ceil(4) {
            let first = (stripe + 1) * (self.width + 2) + 1;
            for x in 0..self.width {
                let column = &mut self.columns[within(first + x)];
                let todo = (*column >> CENTRE) & !(*column >> VISITED) & EACH;
                if todo == 0 {
                    continue;
                }
                let again = *column >> REFINED;
                let near = with_neighbours(*column) & !again;
                *column |= todo << REFINED;
                let mut sample = 4 * stripe * self.width + x;
                for bit in [0, 3, 6, 9] {
                    let context = (again >> bit & 1) << 1 | (near >> bit & 1);
                    list[within(n_listed)] = (sample as u64 | context << 12) as u16;
                    n_listed += (todo >> bit & 1) as usize;
                    sample += self.width;
                }
            }
        }
        let mut source = shared.clone();
        let half = 1_u32 << self.plane;
        for entry in list.iter().take(n_listed) {
            let bit = source.draw(REFINEMENT_CONTEXTS + usize::from(entry >> 12));
            let sample = &mut self.samples[within(usize::from(*entry))];
            *sample = sample.wrapping_add((bit << 1).wrapping_sub(1).wrapping_mul(half));
        }
        *shared = source;
    }

    /// The clean-up pass (D.3.4).
    #[inline(never)]
    fn clean_up<S: Decisions, const CAUSAL: bool>(&mut self, shared: &mut S) {
        let mut source = shared.clone();
        let offsets = self.row_offsets();
        for stripe in 0..self.height.div_ceil(4) {
            let rows = self.rows_of(stripe);
            let first = (stripe + 1) * (self.width + 2) + 1;
            for x in 0..self.width {
                let at = first + x;
                let mut column = self.columns[within(at)];
                let mut todo = !(column >> CENTRE | column >> VISITED) & rows;
                let first_sample = 4 * stripe * self.width + x;
                if column & NEIGHBOURHOOD == 0 && rows == EACH {
                    if !source.decide(RUN_CONTEXT) {
                        continue;
                    }
                    let row = source.draw(UNIFORM_CONTEXT) << 1 | source.draw(UNIFORM_CONTEXT);
                    let bit = 3 * row;
                    let sample = first_sample + row as usize * self.width;
                    column =
                        self.set_significant::<S, CAUSAL>(&mut source, column, at, bit, sample);
                    todo &= !1 << bit;
                }
                while todo != 0 {
                    let bit = todo.trailing_zeros();
                    todo &= todo - 1;
                    let context = self.contexts[(column >> bit) as usize & 0x1FF];
                    if source.decide(usize::from(context)) {
                        let sample = first_sample + offsets[bit as usize & 15];
                        column =
                            self.set_significant::<S, CAUSAL>(&mut source, column, at, bit, sample);
                    }
                }
                self.columns[within(at)] = column & !(EACH << VISITED);
            }
        }
        *shared = source;
    }
}
