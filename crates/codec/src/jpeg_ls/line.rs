use super::bits::Bits;
use super::coding::{Coding, RUN_ORDERS};
use super::contexts::{Contexts, RunContext, RunEnd};
use super::gradients::{Gradients, region_in};
use super::rule::Rule;
use crate::jpeg::Damage;

/// The state of a scan between two restarts.
pub(super) struct Coder<'a, R> {
    pub(super) coding: &'a Coding,
    pub(super) rule: R,
    pub(super) gradients: &'a Gradients,
    contexts: Box<Contexts>,
    edge: RunContext,
    flat: RunContext,
}

/// One component's line above and the line that is being decoded. Both have a sample more at each end, which stands for
/// the one that the standard finds outside of the picture (ISO/IEC 14495-1 A.2.1).
pub(super) struct Lines {
    above: Vec<u16>,
    current: Vec<u16>,
    /// What the line above adds to the place of every context.
    parts_above: Vec<i16>,
    /// Where in the table of run lengths the component stands.
    run_idx: usize,
}

impl Lines {
    /// Lines of zeros, as before the first.
    pub(super) fn new(width: usize) -> Self {
        Self {
            above: vec![0; width + 2],
            current: vec![0; width + 2],
            parts_above: vec![0; width + 2],
            run_idx: 0,
        }
    }

    /// Makes the line that was decoded last the one above, and fills in the neighbours outside of the picture.
    pub(super) fn advance(&mut self) {
        std::mem::swap(&mut self.above, &mut self.current);
        if let [.., last, behind] = self.above.as_mut_slice() {
            *behind = *last;
        }
        if let ([before, ..], [_, first, ..]) = (self.current.as_mut_slice(), self.above.as_slice())
        {
            *before = *first;
        }
    }

    /// Samples of a line.
    pub(super) fn width(&self) -> usize {
        self.current.len() - 2
    }

    /// The samples to the left, above to the left, above, and above to the right of a place in the padded line.
    pub(super) fn around(&self, at: usize) -> [u16; 4] {
        let left = self.current.get(at - 1).copied().unwrap_or_default();
        let above = self.above.get(at - 1..).and_then(|l| l.first_chunk::<3>());
        let [above_left, above, above_right] = above.copied().unwrap_or_default();
        [left, above_left, above, above_right]
    }

    /// Writes a sample to a place in the padded line.
    pub(super) fn put(&mut self, at: usize, sample: u16) {
        if let Some(place) = self.current.get_mut(at) {
            *place = sample;
        }
    }

    /// Repeats the sample before a place `n` times.
    pub(super) fn repeat(&mut self, at: usize, n: usize) {
        let [left, ..] = self.around(at);
        if let Some(places) = self.current.get_mut(at..at + n) {
            places.fill(left);
        }
    }

    /// The samples of the line that was decoded last.
    pub(super) fn decoded(&self) -> &[u16] {
        self.current.get(1..=self.width()).unwrap_or_default()
    }
}

/// How far the decoding of a line has come.
#[derive(Clone, Copy)]
struct Place<'a> {
    bits: Bits<'a>,
    /// The next sample in the padded line.
    at: usize,
}

const RUN_TOO_LONG: &str = "a run leads past the end of its line";

/// Prediction from the three neighbours: the median of two of them and of the plane through all (A.4.1).
#[inline(always)]
pub(super) fn predict(left: u16, above: u16, above_left: u16) -> i32 {
    let (left, above) = (i32::from(left), i32::from(above));
    let plane = left + above - i32::from(above_left);
    plane.clamp(left.min(above), left.max(above))
}

impl<'a, R: Rule> Coder<'a, R> {
    /// The state before the first line and behind each restart.
    pub(super) fn new(coding: &'a Coding, gradients: &'a Gradients, rule: R) -> Self {
        Self {
            coding,
            rule,
            gradients,
            contexts: Box::new(Contexts::first(coding)),
            edge: RunContext::first(RunEnd::Edge, coding),
            flat: RunContext::first(RunEnd::Flat, coding),
        }
    }

    /// Decodes a line of one component.
    pub(super) fn line<'b>(
        &mut self,
        bits: Bits<'b>,
        lines: &mut Lines,
    ) -> Result<Bits<'b>, Damage> {
        let width = lines.width();
        self.gradients
            .parts_above(&lines.above, &mut lines.parts_above);
        let mut place = Place { bits, at: 1 };
        while place.at <= width {
            place = self.samples(place, lines)?;
            if place.at <= width {
                place = self.run(place, lines)?;
            }
        }
        place.bits.check()?;
        Ok(place.bits)
    }

    /// Decodes the samples up to the next run, or up to the end of the line.
    #[inline(never)]
    fn samples<'b>(&mut self, place: Place<'b>, lines: &mut Lines) -> Result<Place<'b>, Damage> {
        let Place { mut bits, mut at } = place;
        let (rule, coding) = (self.rule, *self.coding);
        let contexts = &mut *self.contexts;
        let table = self.gradients.table();
        // Three lines of one length, so that one comparison a sample checks every access.
        let len = lines.current.len();
        let current = &mut lines.current[..len];
        let (above, parts_above) = (&lines.above[..len], &lines.parts_above[..len]);
        let (mut left, mut above_left) = (current[at - 1], above[at - 1]);
        while at < len - 1 {
            let regions = i32::from(parts_above[at]) + region_in(table, above_left, left);
            if regions == 0 {
                break;
            }
            let predicted = predict(left, above[at], above_left);
            left = contexts.sample(&mut bits, rule, &coding, predicted, regions)?;
            above_left = above[at];
            current[at] = left;
            at += 1;
        }
        Ok(Place { bits, at })
    }

    /// Decodes a sample outside of runs from its three regions and its prediction.
    #[inline(always)]
    pub(super) fn sample(
        &mut self,
        bits: &mut Bits<'_>,
        regions: i32,
        predicted: i32,
    ) -> Result<u16, Damage> {
        self.contexts
            .sample(bits, self.rule, self.coding, predicted, regions)
    }

    /// Decodes a run and the sample that ends it.
    #[inline(never)]
    fn run<'b>(&mut self, place: Place<'b>, lines: &mut Lines) -> Result<Place<'b>, Damage> {
        let Place { mut bits, at } = place;
        let width = lines.width();
        let n = run_length(&mut bits, &mut lines.run_idx, width + 1 - at)?;
        lines.repeat(at, n);
        let end = at + n;
        if end <= width {
            let [left, _, above, _] = lines.around(end);
            let sample = self.run_end(&mut bits, lines.run_idx, left, above)?;
            lines.put(end, sample);
            lines.run_idx = lines.run_idx.saturating_sub(1);
        }
        Ok(Place { bits, at: end + 1 })
    }

    /// The sample that ends a run (A.7.2).
    fn run_end(
        &mut self,
        bits: &mut Bits<'_>,
        run_idx: usize,
        left: u16,
        above: u16,
    ) -> Result<u16, Damage> {
        if self.coding.near < i32::from(left.abs_diff(above)) {
            return self.run_edge(bits, run_idx, left, above);
        }
        let limit = self.coding.limit_after_run(run_order(run_idx));
        let error = self.flat.error(bits, self.coding, limit)?;
        Ok(self.rule.sample(i32::from(left), error))
    }

    /// The sample that ends a run, predicted from the one above it.
    pub(super) fn run_edge(
        &mut self,
        bits: &mut Bits<'_>,
        run_idx: usize,
        left: u16,
        above: u16,
    ) -> Result<u16, Damage> {
        let limit = self.coding.limit_after_run(run_order(run_idx));
        let error = self.edge.error(bits, self.coding, limit)?;
        let error = if above < left { -error } else { error };
        Ok(self.rule.sample(i32::from(above), error))
    }
}

fn run_order(run_idx: usize) -> u8 {
    RUN_ORDERS.get(run_idx).copied().unwrap_or_default()
}

/// How often the value of a run is repeated, of `n_left` places at most (A.7.1.2).
pub(super) fn run_length(
    bits: &mut Bits<'_>,
    run_idx: &mut usize,
    n_left: usize,
) -> Result<usize, Damage> {
    let mut n = 0;
    while bits.take(1)? == 1 {
        let n_whole = 1 << run_order(*run_idx);
        if n_left - n < n_whole {
            return Ok(n_left);
        }
        n += n_whole;
        *run_idx = (*run_idx + 1).min(RUN_ORDERS.len() - 1);
        if n == n_left {
            return Ok(n);
        }
    }
    n += bits.take(u32::from(run_order(*run_idx)))? as usize;
    // A run up to the end of the line would have been told by ones alone.
    if n_left <= n {
        return Err(RUN_TOO_LONG);
    }
    Ok(n)
}
