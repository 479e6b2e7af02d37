//! Sampling beside stored values that are no measured ones, such as padding: nothing is blended with them.

use crate::lanes::Lanes;
use crate::lattice::{Lattice, Mapping, cubic_taps, nearest_idx, split};
use crate::values::Scalar;
use crate::{Excluded, Interpolation, Meaning};

/// What a sample is in whose place nothing was measured. No measured value is minus infinity.
pub(crate) const NOT_MEASURED: f64 = f64::NEG_INFINITY;

/// A mapping under which some stored values do not count.
pub(crate) struct Counting<'a, M> {
    pub mapping: &'a M,
    excluded: &'a [Excluded],
    /// Of each slice of the lattice; empty where none has padding of its own.
    slice_padding: &'a [Option<Excluded>],
}

impl<'a, M> Counting<'a, M> {
    /// For a lattice of all slices.
    pub fn new(mapping: &'a M, meaning: &'a Meaning) -> Self {
        Self {
            mapping,
            excluded: &meaning.excluded,
            slice_padding: &meaning.slice_padding,
        }
    }

    /// For a lattice of one slice alone.
    pub fn single(mapping: &'a M, meaning: &'a Meaning, slice_idx: usize) -> Self {
        let own = meaning.slice_padding.get(slice_idx..=slice_idx);
        Self {
            mapping,
            excluded: &meaning.excluded,
            slice_padding: own.unwrap_or_default(),
        }
    }
}

impl<M: Mapping> Mapping for Counting<'_, M> {
    const LEAVES_OUT: bool = true;

    #[inline(always)]
    fn value(&self, slice_idx: usize, stored: f64) -> f64 {
        if self.counts(slice_idx, stored) {
            self.mapping.value(slice_idx, stored)
        } else {
            f64::NAN
        }
    }

    #[inline(always)]
    fn counts(&self, slice_idx: usize, stored: f64) -> bool {
        let own = self.slice_padding.get(slice_idx).copied().flatten();
        !self.excluded.iter().chain(&own).any(|e| e.contains(stored))
    }
}

/// A mapping under which at most one range of stored values of each slice does not count, as is usual.
pub(crate) struct CountingOne<'a, M> {
    pub mapping: &'a M,
    /// Smallest and largest stored value that do not count, of each slice of the lattice.
    left_out: Vec<[f64; 2]>,
}

impl<'a, M> CountingOne<'a, M> {
    /// For a lattice of all slices; `None` where a slice has more than one range.
    pub fn new(mapping: &'a M, meaning: &Meaning, n_slices: usize) -> Option<Self> {
        let of_slice = |slice_idx| match left_out(meaning, slice_idx) {
            LeftOut::Nothing => Some(NO_RANGE),
            LeftOut::One(range) => Some(range),
            LeftOut::Several => None,
        };
        let left_out = (0..n_slices).map(of_slice).collect::<Option<_>>()?;
        Some(Self { mapping, left_out })
    }

    #[inline(always)]
    pub fn left_out(&self, slice_idx: usize) -> [f64; 2] {
        self.left_out.get(slice_idx).copied().unwrap_or(NO_RANGE)
    }
}

/// What of a slice does not count.
pub(crate) enum LeftOut {
    Nothing,
    /// From a smallest to a largest stored value.
    One([f64; 2]),
    Several,
}

/// What of a slice does not count.
pub(crate) fn left_out(meaning: &Meaning, slice_idx: usize) -> LeftOut {
    let own = meaning.slice_padding.get(slice_idx).copied().flatten();
    let mut ranges = meaning.excluded.iter().chain(&own).map(|e| [e.low, e.high]);
    match ranges.next() {
        None => LeftOut::Nothing,
        Some(first) if ranges.all(|other| other == first) => LeftOut::One(first),
        Some(_) => LeftOut::Several,
    }
}

/// A range that holds no value.
const NO_RANGE: [f64; 2] = [f64::INFINITY, f64::NEG_INFINITY];

impl<M: Lanes> Mapping for CountingOne<'_, M> {
    const LEAVES_OUT: bool = true;

    fn value(&self, slice_idx: usize, stored: f64) -> f64 {
        Self::value_in(self.of_slice(slice_idx), stored)
    }

    fn counts(&self, slice_idx: usize, stored: f64) -> bool {
        Self::counts_in(self.of_slice(slice_idx), stored)
    }
}

/// What the voxels about a point hold, as far as the interpolation needs them.
enum About {
    /// Measured values alone: the interpolated one.
    Measured(f64),
    /// One at least does not count, and none is missing.
    NotCounting,
    /// One at least is missing: nobody knows what it would be.
    Missing,
}

impl<T: Scalar> Lattice<'_, T> {
    /// The sample of a point inside near which a value is missing or does not count: NaN where one is missing. Where one
    /// does not count the next simpler interpolation is taken, in the end the nearest voxel, and
    /// [`NOT_MEASURED`] where that does not count either. A voxel whose weight is zero is not asked.
    pub fn settle(
        &self,
        mapping: &impl Mapping,
        interpolation: Interpolation,
        at: [f64; 3],
    ) -> f64 {
        let simpler = match interpolation {
            Interpolation::Cubic => {
                let taps = std::array::from_fn(|a| cubic_taps(at[a], self.size()[a]));
                match self.about(mapping, taps) {
                    About::Measured(value) => return value,
                    About::Missing => return f64::NAN,
                    About::NotCounting => Interpolation::Linear,
                }
            }
            Interpolation::Linear | Interpolation::Nearest => interpolation,
        };
        if simpler == Interpolation::Linear {
            let taps = std::array::from_fn(|a| {
                let (low, weight) = split(at[a], self.size()[a]);
                let high = (low + 1).min(self.size()[a] - 1);
                [(low, 1.0 - weight), (high, weight)]
            });
            match self.about(mapping, taps) {
                About::Measured(value) => return value,
                About::Missing => return f64::NAN,
                About::NotCounting => {}
            }
        }
        let nearest = std::array::from_fn(|a| [(nearest_idx(at[a], self.size()[a]), 1.0)]);
        match self.about(mapping, nearest) {
            About::Measured(value) => value,
            About::Missing => f64::NAN,
            About::NotCounting => NOT_MEASURED,
        }
    }

    /// The weighted sum over voxels with their weights along each axis.
    fn about<const N: usize>(&self, mapping: &impl Mapping, taps: [[(usize, f64); N]; 3]) -> About {
        let (mut sum, mut all_count) = (0.0, true);
        let [columns, rows, slices] =
            taps.map(|along| along.into_iter().filter(|(_, w)| *w != 0.0));
        for (k, wk) in slices {
            for (j, wj) in rows.clone() {
                for (i, wi) in columns.clone() {
                    match self.stored([i, j, k]) {
                        Some(stored) if !mapping.counts(k, stored) => all_count = false,
                        Some(stored) => sum += wk * wj * wi * mapping.value(k, stored),
                        None => return About::Missing,
                    }
                }
            }
        }
        // A value that is no number is missing as well.
        match (sum.is_nan(), all_count) {
            (true, _) => About::Missing,
            (false, true) => About::Measured(sum),
            (false, false) => About::NotCounting,
        }
    }
}
