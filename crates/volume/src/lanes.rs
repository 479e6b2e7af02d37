//! What is computed in many lanes at once: mappings without a branch, and rounding that every processor can do so.

use crate::counting::CountingOne;
use crate::lattice::{EDGE_TOLERANCE_VOXELS, Mapping, Straight};
use crate::{ModalityLut, Rescale};

/// Samples that are computed together: enough that no array is read back before its writing is done.
pub(crate) const N_LANES: usize = 32;

/// Adding it to a number from 0 to itself rounds that to a whole number and leaves this in the lowest bits.
const WHOLE: f64 = (1_u64 << 52) as f64;

/// A mapping that does the same with every value of a slice.
pub(crate) trait Lanes: Mapping {
    /// What a slice has of its own.
    type OfSlice: Copy + Default;

    /// What a slice of the lattice has of its own.
    fn of_slice(&self, slice_idx: usize) -> Self::OfSlice;

    /// [`Mapping::value`].
    fn value_in(of_slice: Self::OfSlice, stored: f64) -> f64;

    /// [`Mapping::counts`].
    #[inline(always)]
    fn counts_in(_of_slice: Self::OfSlice, _stored: f64) -> bool {
        true
    }
}

impl Lanes for Straight {
    type OfSlice = ();

    #[inline(always)]
    fn of_slice(&self, _slice_idx: usize) {}

    #[inline(always)]
    fn value_in(_of_slice: (), stored: f64) -> f64 {
        stored
    }
}

/// Slope and intercept of each slice, not numbers where a slice has none.
pub(crate) struct Lines(Vec<[f64; 2]>);

impl Lines {
    /// `None` for a table.
    pub fn of(lut: &ModalityLut, n_slices: usize) -> Option<Self> {
        let line = |slice_idx| {
            let line = lut.rescale(slice_idx);
            line.map_or([f64::NAN; 2], |Rescale { slope, intercept }| {
                [slope, intercept]
            })
        };
        match lut {
            ModalityLut::Identity | ModalityLut::Rescale(_) => {
                Some(Self((0..n_slices).map(line).collect()))
            }
            ModalityLut::Table { .. } => None,
        }
    }
}

impl Mapping for Lines {
    fn value(&self, slice_idx: usize, stored: f64) -> f64 {
        Self::value_in(self.of_slice(slice_idx), stored)
    }
}

impl Lanes for Lines {
    type OfSlice = [f64; 2];

    #[inline(always)]
    fn of_slice(&self, slice_idx: usize) -> [f64; 2] {
        self.0.get(slice_idx).copied().unwrap_or([f64::NAN; 2])
    }

    #[inline(always)]
    fn value_in([slope, intercept]: [f64; 2], stored: f64) -> f64 {
        Rescale { slope, intercept }.value(stored)
    }
}

impl<M: Lanes> Lanes for CountingOne<'_, M> {
    type OfSlice = (M::OfSlice, [f64; 2]);

    #[inline(always)]
    fn of_slice(&self, slice_idx: usize) -> Self::OfSlice {
        (self.mapping.of_slice(slice_idx), self.left_out(slice_idx))
    }

    #[inline(always)]
    fn value_in((of_slice, left_out): Self::OfSlice, stored: f64) -> f64 {
        if Self::counts_in((of_slice, left_out), stored) {
            M::value_in(of_slice, stored)
        } else {
            f64::NAN
        }
    }

    #[inline(always)]
    fn counts_in((_, [low, high]): Self::OfSlice, stored: f64) -> bool {
        !((low <= stored) & (stored <= high))
    }
}

/// The voxel at or before a coordinate from 0 on, as a number, and the weight of the next one.
#[inline(always)]
pub(crate) fn split_in_lane(c: f64) -> (f64, f64) {
    let low = floor(c + EDGE_TOLERANCE_VOXELS);
    let weight = c - low;
    let is_none = weight < EDGE_TOLERANCE_VOXELS;
    (low, if is_none { 0.0 } else { weight })
}

/// The whole number at or below one from 0 to 2⁵¹, in steps that every processor does in many lanes.
#[inline(always)]
fn floor(c: f64) -> f64 {
    let nearest = (c + WHOLE) - WHOLE;
    if c < nearest { nearest - 1.0 } else { nearest }
}

/// A whole number from 0 to 2⁵¹ as an integer.
#[inline(always)]
pub(crate) fn whole(c: f64) -> u64 {
    (c + WHOLE).to_bits() & ((1 << 52) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_and_what_lies_between_them_are_rounded_down() {
        for low in [0.0, 1.0, 2.0, 511.0, 65_535.0, 4_294_836_224.0] {
            for part in [0.0, 1e-6, 0.25, 0.5, 0.75, 1.0 - 1e-6] {
                assert_eq!(floor(low + part), low, "{low} + {part}");
            }
            assert_eq!(whole(low), low as u64);
        }
    }

    #[test]
    fn a_line_of_each_slice_maps_as_the_modality_does_and_a_table_is_no_line() {
        let r = |slope, intercept| Rescale { slope, intercept };
        let luts = [
            ModalityLut::Identity,
            ModalityLut::Rescale(vec![r(-2.5, 7.0)]),
            ModalityLut::Rescale(vec![r(2.0, -1024.0), r(0.5, 3.0)]),
        ];
        for lut in luts {
            let lines = Lines::of(&lut, 3).expect("lines");
            for slice_idx in 0..4 {
                let (got, expected) = (lines.value(slice_idx, 10.0), lut.value(slice_idx, 10.0));
                let beyond = slice_idx == 3 && got.is_nan();
                assert!(
                    beyond
                        || got.to_bits() == expected.to_bits()
                        || got.is_nan() && expected.is_nan()
                );
            }
        }
        let table = ModalityLut::Table {
            first_value: 0,
            entries: vec![1.0],
        };
        assert!(Lines::of(&table, 3).is_none());
    }
}
