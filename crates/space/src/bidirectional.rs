use serde::{Deserialize, Serialize};

use crate::{PatientPoint, PatientVector, PlaneFrame, distance_mm};

/// Two diameters of a lesion at right angles, as response criteria ask for (RECIST 1.1 names them the longest diameter
/// and the short axis). The lines need not cross.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bidirectional {
    /// Ends of the diameter that was drawn first.
    pub first: [PatientPoint; 2],
    /// Ends of the diameter at a right angle to it.
    pub across: [PatientPoint; 2],
}

impl Bidirectional {
    /// The diameter `first` with one across, from `start` as far as `end` reaches at a right angle within the plane of
    /// `frame`. `None` when the first has no length.
    pub fn new(
        first: [PatientPoint; 2],
        [start, end]: [PatientPoint; 2],
        frame: &PlaneFrame,
    ) -> Option<Self> {
        let aside = (first[1] - first[0]).cross(frame.away).unit()?;
        let across = [start, start + aside * (end - start).dot(aside)];
        Some(Self { first, across })
    }

    /// Long and short diameter, mm, whichever was drawn first.
    pub fn diameters_mm(&self) -> [f64; 2] {
        let (a, b) = (
            distance_mm(self.first[0], self.first[1]),
            distance_mm(self.across[0], self.across[1]),
        );
        [a.max(b), a.min(b)]
    }

    /// The four ends: the first diameter's, then those across.
    pub fn ends(&self) -> [PatientPoint; 4] {
        [self.first[0], self.first[1], self.across[0], self.across[1]]
    }

    /// With one end moved by a vector; the lines stay at right angles. An end of the first diameter takes the other
    /// along, at the same share of it and as long as it was; an end across moves its line aside and changes its length.
    pub fn with_end_moved(&self, end_idx: usize, by: PatientVector) -> Self {
        let Some(along) = (self.first[1] - self.first[0]).unit() else {
            return *self;
        };
        let mut moved = *self;
        if 2 <= end_idx {
            let shift = along * by.dot(along);
            moved.across = moved.across.map(|end| end + shift);
            let end = &mut moved.across[end_idx - 2];
            *end = *end + (by - shift);
            return moved.right_angled(along).unwrap_or(*self);
        }
        moved.first[end_idx] = moved.first[end_idx] + by;
        let length_mm = distance_mm(self.first[0], self.first[1]);
        let Some(turned) = (moved.first[1] - moved.first[0]).unit() else {
            return *self;
        };
        // Each end keeps its share along the first diameter and its distance to the side of it.
        let scale = distance_mm(moved.first[0], moved.first[1]) / length_mm;
        let Some(normal) = self.normal(along) else {
            return moved;
        };
        let (aside, aside_then) = (normal.cross(along), normal.cross(turned));
        moved.across = self.across.map(|end| {
            let d = end - self.first[0];
            let beyond = d - along * d.dot(along) - aside * d.dot(aside);
            moved.first[0] + turned * (d.dot(along) * scale) + aside_then * d.dot(aside) + beyond
        });
        moved.right_angled(turned).unwrap_or(*self)
    }

    /// Moved as a whole.
    pub fn moved(&self, by: PatientVector) -> Self {
        Self {
            first: self.first.map(|end| end + by),
            across: self.across.map(|end| end + by),
        }
    }

    /// The normal of the plane of both lines.
    fn normal(&self, along: PatientVector) -> Option<PatientVector> {
        along.cross(self.across[1] - self.across[0]).unit()
    }

    /// Takes from the line across whatever runs along the first.
    fn right_angled(mut self, along: PatientVector) -> Option<Self> {
        let line = self.across[1] - self.across[0];
        self.across[1] = self.across[0] + (line - along * line.dot(along));
        self.across[1].is_finite().then_some(self)
    }
}

/// Angle between two lines, degrees, 0 to 90: the acute one, whichever way the lines were drawn. `None` when a line has
/// no length.
pub fn acute_angle_deg([a, b]: [PatientPoint; 2], [c, d]: [PatientPoint; 2]) -> Option<f64> {
    let (u, v) = ((b - a).unit()?, (d - c).unit()?);
    Some(u.cross(v).length_mm().atan2(u.dot(v).abs()).to_degrees())
}

/// Angle between two lines that need not meet, each from its first end to its second, degrees, 0 to 180. `None` when a
/// line has no length.
pub fn directed_angle_deg([a, b]: [PatientPoint; 2], [c, d]: [PatientPoint; 2]) -> Option<f64> {
    let (u, v) = ((b - a).unit()?, (d - c).unit()?);
    Some(u.cross(v).length_mm().atan2(u.dot(v)).to_degrees())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::Orientation;

    fn at(x: f64, y: f64) -> PatientPoint {
        PatientPoint::new(x, y, 40.0)
    }

    fn lesion() -> Bidirectional {
        let frame = Orientation::Axial.frame();
        Bidirectional::new(
            [at(0.0, 0.0), at(30.0, 0.0)],
            [at(12.0, -8.0), at(19.0, 10.0)],
            &frame,
        )
        .unwrap()
    }

    fn is_right_angled(lesion: &Bidirectional) -> bool {
        let [a, b, c, d] = lesion.ends();
        (b - a).dot(d - c).abs() < 1e-9
    }

    #[test]
    fn the_second_diameter_is_drawn_at_a_right_angle_however_the_hand_strays() {
        let lesion = lesion();
        assert_eq!(lesion.diameters_mm(), [30.0, 18.0]);
        assert_eq!(lesion.across, [at(12.0, -8.0), at(12.0, 10.0)]);
        let frame = Orientation::Axial.frame();
        assert_eq!(
            Bidirectional::new([at(1.0, 1.0); 2], [at(0.0, 0.0), at(1.0, 0.0)], &frame),
            None
        );
    }

    #[test]
    fn the_long_diameter_is_the_longer_one_whichever_was_drawn_first() {
        let frame = Orientation::Axial.frame();
        let drawn = Bidirectional::new(
            [at(0.0, 0.0), at(0.0, 7.0)],
            [at(-6.0, 3.0), at(9.0, 3.0)],
            &frame,
        )
        .unwrap();
        assert_eq!(drawn.diameters_mm(), [15.0, 7.0]);
    }

    #[test]
    fn a_moved_end_keeps_the_right_angle_and_what_the_hand_does_not_touch() {
        for end_idx in 0..4 {
            let before = lesion();
            let by = PatientVector::new(3.0, -2.0, 0.0);
            let after = before.with_end_moved(end_idx, by);
            assert!(is_right_angled(&after), "end {end_idx}");
            if end_idx < 2 {
                assert_eq!(after.ends()[end_idx], before.ends()[end_idx] + by);
                assert_eq!(after.ends()[1 - end_idx], before.ends()[1 - end_idx]);
                let (a, b) = (before.across, after.across);
                assert!((distance_mm(a[0], a[1]) - distance_mm(b[0], b[1])).abs() < 1e-9);
            } else {
                assert_eq!(after.first, before.first);
                assert!((after.ends()[end_idx] - (before.ends()[end_idx] + by)).length_mm() < 1e-9);
            }
        }
    }

    #[test]
    fn the_angle_of_two_lines_is_the_acute_one_from_either_end() {
        let level = [at(0.0, 0.0), at(10.0, 0.0)];
        for (degrees, expected) in [
            (0.0_f64, 0.0),
            (25.0, 25.0),
            (89.0, 89.0),
            (155.0, 25.0),
            (180.0, 0.0),
        ] {
            let (sin, cos) = degrees.to_radians().sin_cos();
            let line = [at(5.0, 50.0), at(5.0 + 8.0 * cos, 50.0 + 8.0 * sin)];
            for line in [line, [line[1], line[0]]] {
                assert!(
                    (acute_angle_deg(level, line).unwrap() - expected).abs() < 1e-9,
                    "{degrees}"
                );
            }
            // Directed, the line and its reverse add up to two right angles.
            let there = directed_angle_deg(level, line).unwrap();
            let back = directed_angle_deg(level, [line[1], line[0]]).unwrap();
            assert!((there - degrees).abs() < 1e-9 && (there + back - 180.0).abs() < 1e-9);
        }
        assert_eq!(acute_angle_deg(level, [at(1.0, 1.0); 2]), None);
    }
}
