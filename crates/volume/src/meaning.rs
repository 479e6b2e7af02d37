use std::sync::Arc;

use crate::{ModalityLut, Quantity, UltrasoundRegion, Voi};

/// What stored values mean beyond the modality LUT. The default says nothing: every value counts, in one unit only.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meaning {
    /// Stored values that are no measured values. They take no part in numbers, ranges and automatic windows.
    pub excluded: Vec<Excluded>,
    /// Padding of each slice, where the slices state different padding; empty: none beyond [`Self::excluded`].
    pub slice_padding: Vec<Option<Excluded>>,
    /// Further quantities that the stored values can be read as: real world values, standardised uptake.
    pub quantities: Vec<Quantity>,
    /// Calibrated regions of ultrasound pictures: one list for all slices, or one a slice. Empty: none.
    pub regions: Vec<Arc<[UltrasoundRegion]>>,
    /// Stored values that stand for colours in an otherwise grey picture.
    pub colours: Option<Arc<ColourRange>>,
    /// The first window or table of each slice, where they are not the same; empty: [`crate::Volume::voi`] is for all.
    pub slice_windows: Vec<Option<Voi>>,
}

impl Meaning {
    /// Does a stored value of a slice count as a measured one?
    pub fn counts(&self, slice_idx: usize, stored: f64) -> bool {
        let own = self.slice_padding.get(slice_idx).copied().flatten();
        !self.excluded.iter().chain(&own).any(|e| e.contains(stored))
    }

    /// Does every stored value of every slice count?
    pub fn all_count(&self) -> bool {
        self.excluded.is_empty() && self.slice_padding.is_empty()
    }

    /// The calibrated regions of a slice; empty where there are none.
    pub fn regions(&self, slice_idx: usize) -> &[UltrasoundRegion] {
        match self.regions.as_slice() {
            [one] => one,
            many => many.get(slice_idx).map_or(&[], |regions| regions),
        }
    }
}

/// A range of stored values that are no measured values, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Excluded {
    /// Smallest stored value of the range.
    pub low: f64,
    /// Largest stored value of the range.
    pub high: f64,
    /// Why they do not count.
    pub reason: ExclusionReason,
}

impl Excluded {
    /// Is a stored value in the range?
    pub fn contains(&self, stored: f64) -> bool {
        self.low <= stored && stored <= self.high
    }
}

/// Why stored values do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExclusionReason {
    /// Pixel Padding Value (PS3.3 C.7.5.1.1.2): outside of what was imaged.
    Padding,
    /// Supplemental palette (PS3.3 C.7.6.19): an index of a colour.
    Colour,
}

/// Stored values from `first_stored` on that stand for colours (PS3.3 C.7.6.19).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColourRange {
    /// The stored value of the first colour.
    pub first_stored: i64,
    /// Colours of `first_stored`, `first_stored + 1`, and so on; the last also of all above.
    pub colours: Vec<[u8; 3]>,
}

impl ColourRange {
    /// The colour of a stored value; `None` for those below, which are grey.
    pub fn colour(&self, stored: f64) -> Option<[u8; 3]> {
        let last_idx = self.colours.len().checked_sub(1)?;
        let offset = stored - self.first_stored as f64;
        // The cast is safe: only finite values at or above zero come here, and the clamp leaves 0 ..= last_idx.
        (0.0 <= offset)
            .then(|| offset.min(last_idx as f64) as usize)
            .and_then(|idx| self.colours.get(idx).copied())
    }
}

/// The mapping of stored values that a number is computed with.
#[derive(Clone, Copy)]
pub(crate) struct Scale<'a> {
    pub lut: &'a ModalityLut,
    /// Stored values for which the mapping is defined; `None`: all.
    pub defined: Option<[f64; 2]>,
}

impl Scale<'_> {
    /// The value of a stored value; NaN where none is defined.
    pub fn value(&self, slice_idx: usize, stored: f64) -> f64 {
        match self.defined {
            Some([low, high]) if stored < low || high < stored => f64::NAN,
            _ => self.lut.value(slice_idx, stored),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_both_its_ends_and_not_a_number_is_in_none() {
        let meaning = Meaning {
            excluded: vec![Excluded {
                low: -2000.0,
                high: -1999.0,
                reason: ExclusionReason::Padding,
            }],
            ..Meaning::default()
        };
        for (stored, counts) in [
            (-2001.0, true),
            (-2000.0, false),
            (-1999.0, false),
            (-1998.0, true),
            (f64::NAN, true),
        ] {
            assert_eq!(meaning.counts(3, stored), counts, "{stored}");
        }
        assert!(!meaning.all_count() && Meaning::default().all_count());
    }

    #[test]
    fn the_padding_of_one_slice_counts_in_another() {
        let padding = |value: f64| Excluded {
            low: value,
            high: value,
            reason: ExclusionReason::Padding,
        };
        let meaning = Meaning {
            excluded: vec![padding(9.0)],
            slice_padding: vec![Some(padding(1.0)), None, Some(padding(2.0))],
            ..Meaning::default()
        };
        for (slice_idx, left_out) in [
            (0, &[1.0, 9.0][..]),
            (1, &[9.0]),
            (2, &[2.0, 9.0]),
            (3, &[9.0]),
        ] {
            for stored in [0.0, 1.0, 2.0, 9.0] {
                let counts = !left_out.contains(&stored);
                assert_eq!(
                    meaning.counts(slice_idx, stored),
                    counts,
                    "{slice_idx} {stored}"
                );
            }
        }
        assert!(!meaning.all_count());
    }

    #[test]
    fn values_below_the_first_colour_stay_grey_and_those_beyond_the_last_have_its_colour() {
        let range = ColourRange {
            first_stored: 100,
            colours: vec![[1, 2, 3], [4, 5, 6]],
        };
        for (stored, colour) in [
            (99.0, None),
            (100.0, Some([1, 2, 3])),
            (101.0, Some([4, 5, 6])),
            (1e9, Some([4, 5, 6])),
            (f64::NAN, None),
        ] {
            assert_eq!(range.colour(stored), colour, "{stored}");
        }
    }
}
