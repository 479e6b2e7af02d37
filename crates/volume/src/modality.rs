/// Slope and intercept from stored to modality values: `value = slope · stored + intercept` (PS3.3 C.11.1.1.2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rescale {
    /// Rescale Slope (0028,1053).
    pub slope: f64,
    /// Rescale Intercept (0028,1052).
    pub intercept: f64,
}

impl Rescale {
    /// Stored values are already modality values.
    pub const IDENTITY: Self = Self {
        slope: 1.0,
        intercept: 0.0,
    };

    /// The modality value of a stored value.
    pub fn value(self, stored: f64) -> f64 {
        self.slope * stored + self.intercept
    }
}

/// The step from stored values to modality values (PS3.3 C.11.1).
#[derive(Clone, Debug, PartialEq)]
pub enum ModalityLut {
    /// None is given: modality values are the stored values.
    Identity,
    /// Slope and intercept: one entry for all slices, else one a slice. A slice without an entry has no value.
    Rescale(Vec<Rescale>),
    /// Modality LUT Sequence: `entries[0]` belongs to `first_value` and all below it, the last one to all above.
    Table {
        /// The stored value of the first entry.
        first_value: i64,
        /// Modality values of `first_value`, `first_value + 1`, and so on.
        entries: Vec<f64>,
    },
}

impl ModalityLut {
    /// The modality value of a stored value in a slice; NaN where nothing is defined for it.
    pub fn value(&self, slice_idx: usize, stored: f64) -> f64 {
        match self {
            Self::Identity => stored,
            Self::Rescale(_) => self
                .rescale(slice_idx)
                .map_or(f64::NAN, |r| r.value(stored)),
            Self::Table {
                first_value,
                entries,
            } => table_value(*first_value, entries, stored),
        }
    }

    /// Slope and intercept of a slice; `None` for a table, and for a slice without an entry.
    pub fn rescale(&self, slice_idx: usize) -> Option<Rescale> {
        match self {
            Self::Identity => Some(Rescale::IDENTITY),
            Self::Rescale(all) => match all.as_slice() {
                [one] => Some(*one),
                many => many.get(slice_idx).copied(),
            },
            Self::Table { .. } => None,
        }
    }

    /// The one slope and intercept that holds in every slice; `None` when they differ, or for a table.
    pub fn uniform_rescale(&self) -> Option<Rescale> {
        match self {
            Self::Identity => Some(Rescale::IDENTITY),
            Self::Rescale(all) => match all.as_slice() {
                [one] => Some(*one),
                _ => None,
            },
            Self::Table { .. } => None,
        }
    }

    /// Does it give whole numbers for whole numbers?
    pub fn keeps_whole_numbers(&self) -> bool {
        let is_whole = |number: &f64| number.fract() == 0.0;
        match self {
            Self::Identity => true,
            Self::Rescale(all) => all
                .iter()
                .all(|r| is_whole(&r.slope) && is_whole(&r.intercept)),
            Self::Table { entries, .. } => entries.iter().all(is_whole),
        }
    }
}

/// Looks a stored value up in a table whose ends hold for everything beyond them (PS3.3 C.11.1.1.1).
fn table_value(first_value: i64, entries: &[f64], stored: f64) -> f64 {
    let (Some(last_idx), false) = (entries.len().checked_sub(1), stored.is_nan()) else {
        return f64::NAN;
    };
    // The cast is safe: the clamp leaves 0 ..= last_idx.
    let entry_idx = (stored - first_value as f64)
        .round()
        .clamp(0.0, last_idx as f64) as usize;
    entries.get(entry_idx).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_clamps_at_both_ends() {
        let lut = ModalityLut::Table {
            first_value: -2,
            entries: vec![10.0, 20.0, 40.0],
        };
        for (stored, expected) in [
            (-100.0, 10.0),
            (-2.0, 10.0),
            (-1.0, 20.0),
            (-0.6, 20.0),
            (-0.4, 40.0),
            (0.0, 40.0),
            (9e9, 40.0),
        ] {
            assert_eq!(lut.value(0, stored), expected, "stored {stored}");
        }
        assert!(lut.value(0, f64::NAN).is_nan());
        assert!(
            ModalityLut::Table {
                first_value: 0,
                entries: vec![]
            }
            .value(0, 1.0)
            .is_nan()
        );
    }

    #[test]
    fn one_rescale_serves_all_slices_and_many_serve_their_own() {
        let r = |slope, intercept| Rescale { slope, intercept };
        let one = ModalityLut::Rescale(vec![r(2.0, -1024.0)]);
        assert_eq!(one.value(0, 100.0), -824.0);
        assert_eq!(one.value(7, 100.0), -824.0);
        let many = ModalityLut::Rescale(vec![r(1.0, 0.0), r(0.5, 3.0)]);
        assert_eq!(many.value(0, 10.0), 10.0);
        assert_eq!(many.value(1, 10.0), 8.0);
        assert!(
            many.value(2, 10.0).is_nan(),
            "a slice without an entry has no value"
        );
        assert_eq!(many.uniform_rescale(), None);
        assert_eq!(ModalityLut::Identity.value(3, -5.0), -5.0);
    }
}
