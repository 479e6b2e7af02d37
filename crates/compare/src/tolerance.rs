use serde::{Deserialize, Serialize};

/// How far two sizes may differ and still agree.
///
/// The numbers come from published agreement between readers (DOMAIN 5a, D6): the larger of `size_mm` and
/// `size_fraction` of the larger size; two sizes below `small_mm` may differ by `small_size_mm`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tolerance {
    /// mm.
    pub size_mm: f64,
    /// Share of the larger size.
    pub size_fraction: f64,
    /// mm; lesions below it are small.
    pub small_mm: f64,
    /// mm; for two small lesions.
    pub small_size_mm: f64,
}

impl Default for Tolerance {
    fn default() -> Self {
        Self {
            size_mm: 2.0,
            size_fraction: 0.15,
            small_mm: 10.0,
            small_size_mm: 2.2,
        }
    }
}

impl Tolerance {
    /// Do both sizes agree?
    pub fn accepts(&self, one_mm: f64, other_mm: f64) -> bool {
        let larger = one_mm.max(other_mm);
        let allowed = if larger < self.small_mm {
            self.small_size_mm
        } else {
            self.size_mm.max(self.size_fraction * larger)
        };
        // Sizes are written with one decimal: what looks like exactly the limit is within it.
        (one_mm - other_mm).abs() <= allowed + 1e-9
    }
}

#[cfg(test)]
mod tests {
    use super::Tolerance;

    #[test]
    fn only_what_exceeds_reader_agreement_differs() {
        for (one, other, agrees) in [
            (12.0, 14.0, true),
            (12.0, 14.5, false),
            (40.0, 46.0, true),
            (40.0, 48.0, false),
            (5.0, 7.0, true),
            (5.0, 7.5, false),
            (14.0, 140.0, false),
            (8.0, 8.0, true),
        ] {
            assert_eq!(
                Tolerance::default().accepts(one, other),
                agrees,
                "{one} and {other} mm"
            );
            assert_eq!(
                Tolerance::default().accepts(other, one),
                agrees,
                "{other} and {one} mm"
            );
        }
    }
}
