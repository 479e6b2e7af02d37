use serde::{Deserialize, Serialize};

use crate::{Ellipse, PatientPoint, PatientVector, PlaneFrame, Polygon};

/// A flat rectangle in patient space.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rectangle {
    /// Its middle.
    pub centre: PatientPoint,
    /// From the middle to the middle of one side, mm.
    pub half_side_a: PatientVector,
    /// From the middle to the middle of a side beside it, orthogonal to the first, mm.
    pub half_side_b: PatientVector,
}

impl Rectangle {
    /// The rectangle with two opposite corners, upright in a frame. `None` when it has no area.
    pub fn between(
        corner: PatientPoint,
        opposite: PatientPoint,
        frame: &PlaneFrame,
    ) -> Option<Self> {
        let diagonal = opposite - corner;
        let half = |along: PatientVector| along * (diagonal.dot(along) / 2.0);
        let (half_side_a, half_side_b) = (half(frame.right()), half(frame.up));
        let has_size = 1e-6 < half_side_a.length_mm() && 1e-6 < half_side_b.length_mm();
        has_size.then(|| Self {
            centre: corner + diagonal * 0.5,
            half_side_a,
            half_side_b,
        })
    }

    /// Area, mm².
    pub fn area_mm2(&self) -> f64 {
        4.0 * self.half_side_a.length_mm() * self.half_side_b.length_mm()
    }

    /// Long and short side, mm.
    pub fn sides_mm(&self) -> [f64; 2] {
        let (a, b) = (
            2.0 * self.half_side_a.length_mm(),
            2.0 * self.half_side_b.length_mm(),
        );
        [a.max(b), a.min(b)]
    }

    /// The corners, one after the other round the outline.
    pub fn corners(&self) -> [PatientPoint; 4] {
        let (a, b) = (self.half_side_a, self.half_side_b);
        [
            self.centre - a - b,
            self.centre + a - b,
            self.centre + a + b,
            self.centre - a + b,
        ]
    }

    /// With one corner moved by a vector; the opposite one stays, and so do the directions of the sides. As it was when
    /// it would lose its area.
    pub fn with_corner_moved(&self, corner_idx: usize, by: PatientVector) -> Self {
        let (Some(a), Some(b)) = (self.half_side_a.unit(), self.half_side_b.unit()) else {
            return *self;
        };
        let corners = self.corners();
        let (Some(corner), Some(opposite)) = (
            corners.get(corner_idx),
            corners.get((corner_idx + 2) % corners.len()),
        ) else {
            return *self;
        };
        let diagonal = *corner + by - *opposite;
        let (sign_a, sign_b) = match corner_idx {
            0 => (-1.0, -1.0),
            1 => (1.0, -1.0),
            2 => (1.0, 1.0),
            _ => (-1.0, 1.0),
        };
        // A corner that is pulled across the opposite one turns the rectangle inside out, which is a rectangle again.
        let half_side_a = a * (diagonal.dot(a) / 2.0 * sign_a);
        let half_side_b = b * (diagonal.dot(b) / 2.0 * sign_b);
        if half_side_a.length_mm() < 1e-6 || half_side_b.length_mm() < 1e-6 {
            return *self;
        }
        Self {
            centre: *opposite + (a * diagonal.dot(a) + b * diagonal.dot(b)) * 0.5,
            half_side_a,
            half_side_b,
        }
    }

    fn contains(&self, point: PatientPoint) -> bool {
        let d = point - self.centre;
        [self.half_side_a, self.half_side_b].iter().all(|half| {
            let square = half.dot(*half);
            0.0 < square && d.dot(*half).abs() <= square * (1.0 + 1e-12)
        })
    }
}

/// A flat region whose values can be counted. Its outline counts as inside.
#[derive(Clone, Debug, PartialEq)]
pub enum FlatRegion {
    /// An ellipse.
    Ellipse(Ellipse),
    /// A rectangle.
    Rectangle(Rectangle),
    /// Any outline, by the even-odd rule.
    Polygon(Polygon),
}

impl From<Ellipse> for FlatRegion {
    fn from(ellipse: Ellipse) -> Self {
        Self::Ellipse(ellipse)
    }
}

impl FlatRegion {
    /// Area, mm².
    pub fn area_mm2(&self) -> f64 {
        match self {
            Self::Ellipse(ellipse) => ellipse.area_mm2(),
            Self::Rectangle(rectangle) => rectangle.area_mm2(),
            Self::Polygon(polygon) => polygon.area_mm2(),
        }
    }

    /// Its middle.
    pub fn centre(&self) -> PatientPoint {
        match self {
            Self::Ellipse(ellipse) => ellipse.centre,
            Self::Rectangle(rectangle) => rectangle.centre,
            Self::Polygon(polygon) => polygon.centre(),
        }
    }

    /// Two orthonormal directions in its plane; `None` when it has no size along one.
    pub fn axes(&self) -> Option<[PatientVector; 2]> {
        let [a, b] = match self {
            Self::Ellipse(ellipse) => [ellipse.half_axis_a, ellipse.half_axis_b],
            Self::Rectangle(rectangle) => [rectangle.half_side_a, rectangle.half_side_b],
            Self::Polygon(polygon) => polygon.axes(),
        };
        Some([a.unit()?, b.unit()?])
    }

    /// Unit normal of its plane; `None` when it has none.
    pub fn normal(&self) -> Option<PatientVector> {
        let [u, v] = self.axes()?;
        u.cross(v).unit()
    }

    /// How far it reaches from its middle at most along a vector and against it: the largest scalar product, mm².
    pub fn reach(&self, along: PatientVector) -> f64 {
        match self {
            Self::Ellipse(e) => along.dot(e.half_axis_a).hypot(along.dot(e.half_axis_b)),
            Self::Rectangle(r) => along.dot(r.half_side_a).abs() + along.dot(r.half_side_b).abs(),
            Self::Polygon(polygon) => {
                let centre = polygon.centre();
                let reach = polygon.corners().map(|c| (c - centre).dot(along).abs());
                reach.fold(0.0, f64::max)
            }
        }
    }

    /// Is the projection of a place onto its plane inside?
    pub fn contains(&self, point: PatientPoint) -> bool {
        match self {
            Self::Ellipse(ellipse) => ellipse.contains(point),
            Self::Rectangle(rectangle) => rectangle.contains(point),
            Self::Polygon(polygon) => polygon.contains(point),
        }
    }

    /// A straight row of places, to be asked one by one which are inside: place i is `start + i · step`.
    pub fn row(&self, start: PatientPoint, step: PatientVector) -> RegionRow<'_> {
        RegionRow {
            region: self,
            start,
            step,
            spans: match self {
                Self::Polygon(polygon) => polygon.row(start, step),
                Self::Ellipse(_) | Self::Rectangle(_) => Vec::new(),
            },
        }
    }

    /// Does its outline cross itself?
    pub fn crosses_itself(&self) -> bool {
        match self {
            Self::Ellipse(_) | Self::Rectangle(_) => false,
            Self::Polygon(polygon) => polygon.crosses_itself(),
        }
    }
}

/// A straight row of places over a region.
#[derive(Clone, Debug)]
pub struct RegionRow<'a> {
    region: &'a FlatRegion,
    start: PatientPoint,
    step: PatientVector,
    /// Of an outline of many corners, the stretches inside, in steps.
    spans: Vec<[f64; 2]>,
}

impl RegionRow<'_> {
    /// Is the place `i` inside?
    pub fn contains(&self, i: f64) -> bool {
        match self.region {
            FlatRegion::Ellipse(_) | FlatRegion::Rectangle(_) => {
                self.region.contains(self.start + self.step * i)
            }
            FlatRegion::Polygon(_) => self.spans.iter().any(|[a, b]| *a <= i && i <= *b),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::Orientation;

    fn rectangle() -> Rectangle {
        let at = |x, y| PatientPoint::new(x, y, 5.0);
        Rectangle::between(at(10.0, 20.0), at(18.0, 26.0), &Orientation::Axial.frame()).unwrap()
    }

    #[test]
    fn a_rectangle_knows_its_sides_its_corners_and_its_inside() {
        let r = rectangle();
        assert_eq!((r.area_mm2(), r.sides_mm()), (48.0, [8.0, 6.0]));
        let region = FlatRegion::Rectangle(r);
        for corner in r.corners() {
            assert!(region.contains(corner));
            assert!(!region.contains(r.centre + (corner - r.centre) * 1.0001));
        }
        let flat = PatientPoint::new(10.0, 20.0, 5.0);
        assert_eq!(
            Rectangle::between(flat, flat, &Orientation::Axial.frame()),
            None
        );
    }

    #[test]
    fn a_moved_corner_leaves_the_opposite_one_and_the_directions() {
        for corner_idx in 0..4 {
            for by in [[2.0, -3.0, 0.0], [30.0, 40.0, 0.0], [-30.0, -1.0, 0.0]] {
                let (before, by) = (rectangle(), PatientVector::from(by));
                let after = before.with_corner_moved(corner_idx, by);
                let kept = before.corners()[(corner_idx + 2) % 4];
                assert!(
                    after
                        .corners()
                        .iter()
                        .any(|c| (*c - kept).length_mm() < 1e-9)
                );
                let moved = before.corners()[corner_idx] + by;
                assert!((after.corners()[corner_idx] - moved).length_mm() < 1e-9);
                assert!(after.half_side_a.cross(before.half_side_a).length_mm() < 1e-9);
            }
        }
    }

    #[test]
    fn a_row_says_the_same_as_each_place_of_it() {
        let ellipse = Ellipse {
            centre: PatientPoint::new(14.0, 23.0, 5.0),
            half_axis_a: PatientVector::new(4.0, 1.0, 0.0),
            half_axis_b: PatientVector::new(-0.5, 2.0, 0.0),
        };
        let star = [
            [10.0, 20.0],
            [18.0, 21.0],
            [11.0, 26.0],
            [14.0, 18.0],
            [17.0, 26.0],
        ];
        let star = star.map(|[x, y]| PatientPoint::new(x, y, 5.0));
        for region in [
            FlatRegion::Ellipse(ellipse),
            FlatRegion::Rectangle(rectangle()),
            FlatRegion::Polygon(Polygon::new(&star).unwrap()),
        ] {
            let step = PatientVector::new(0.25, 0.125, 0.0);
            let mut n_inside = 0;
            for j in 0..80 {
                let start = PatientPoint::new(9.0, 12.0 + 0.25 * f64::from(j), 5.0);
                let row = region.row(start, step);
                for i in 0..60 {
                    let inside = region.contains(start + step * f64::from(i));
                    assert_eq!(row.contains(f64::from(i)), inside, "{region:?} {i} {j}");
                    n_inside += usize::from(inside);
                }
            }
            assert!(50 < n_inside);
        }
    }
}
