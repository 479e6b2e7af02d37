use serde::{Deserialize, Serialize};

use crate::{PatientPoint, PatientVector, PlaneFrame, distance_mm};

/// The widths of heart and thorax on a frontal picture, both level in the picture. Their ratio needs no spacing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CardiothoracicWidths {
    /// The outermost points of the heart, at one height.
    pub heart: [PatientPoint; 2],
    /// The widest inner width of the thorax, at one height.
    pub thorax: [PatientPoint; 2],
}

impl CardiothoracicWidths {
    /// Two widths that are level in `frame`, however the hand strays: each keeps the height of its first end. `None` when
    /// one has no length.
    pub fn new(
        [a, b]: [PatientPoint; 2],
        [c, d]: [PatientPoint; 2],
        frame: &PlaneFrame,
    ) -> Option<Self> {
        let right = frame.right();
        let level =
            |from: PatientPoint, to: PatientPoint| [from, from + right * (to - from).dot(right)];
        let widths = Self {
            heart: level(a, b),
            thorax: level(c, d),
        };
        widths.ratio().map(|_| widths)
    }

    /// Width of the heart over that of the thorax; `None` when one has no length.
    pub fn ratio(&self) -> Option<f64> {
        let [heart, thorax] = [self.heart, self.thorax].map(|[a, b]| distance_mm(a, b));
        (1e-9 < heart && 1e-9 < thorax).then(|| heart / thorax)
    }

    /// The four ends: those of the heart, then those of the thorax.
    pub fn ends(&self) -> [PatientPoint; 4] {
        [self.heart[0], self.heart[1], self.thorax[0], self.thorax[1]]
    }

    /// With one end moved by a vector: the width changes by what runs along it, and as a whole goes up or down by the rest.
    pub fn with_end_moved(&self, end_idx: usize, by: PatientVector) -> Self {
        let mut moved = *self;
        let line = if end_idx < 2 {
            &mut moved.heart
        } else {
            &mut moved.thorax
        };
        let Some(along) = (line[1] - line[0]).unit() else {
            return *self;
        };
        let (level, aside) = (along * by.dot(along), by - along * by.dot(along));
        *line = line.map(|end| end + aside);
        line[end_idx % 2] = line[end_idx % 2] + level;
        moved.ratio().map_or(*self, |_| moved)
    }

    /// Moved as a whole.
    pub fn moved(&self, by: PatientVector) -> Self {
        Self {
            heart: self.heart.map(|end| end + by),
            thorax: self.thorax.map(|end| end + by),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::Orientation;

    fn at(x: f64, z: f64) -> PatientPoint {
        PatientPoint::new(x, 0.0, z)
    }

    fn widths() -> CardiothoracicWidths {
        let frame = Orientation::Coronal.frame();
        let heart = [at(-40.0, 10.0), at(90.0, 14.0)];
        let thorax = [at(-130.0, -20.0), at(130.0, -26.0)];
        CardiothoracicWidths::new(heart, thorax, &frame).unwrap()
    }

    #[test]
    fn the_ratio_is_that_of_two_level_widths() {
        let widths = widths();
        assert_eq!(widths.ratio(), Some(0.5));
        assert_eq!(widths.heart[1].z_mm, 10.0);
        assert_eq!(widths.thorax[1].z_mm, -20.0);
    }

    #[test]
    fn a_moved_end_keeps_both_lines_level() {
        for end_idx in 0..4 {
            let after = widths().with_end_moved(end_idx, PatientVector::new(5.0, 0.0, 7.0));
            let ends = after.ends();
            assert_eq!(ends[0].z_mm, ends[1].z_mm);
            assert_eq!(ends[2].z_mm, ends[3].z_mm);
            let moved = widths().ends()[end_idx] + PatientVector::new(5.0, 0.0, 7.0);
            assert!((ends[end_idx] - moved).length_mm() < 1e-9, "{end_idx}");
        }
    }

    #[test]
    fn a_width_without_length_is_none() {
        let frame = Orientation::Coronal.frame();
        let line = [at(0.0, 0.0), at(10.0, 0.0)];
        let upright = [at(0.0, 0.0), at(0.0, 10.0)];
        assert_eq!(CardiothoracicWidths::new(line, upright, &frame), None);
    }
}
