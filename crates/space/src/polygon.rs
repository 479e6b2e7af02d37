use crate::{PatientPoint, PatientVector};

/// A flat closed outline through corners. What lies inside is decided by the even-odd rule: a place is inside when a ray
/// from it crosses the outline an odd number of times. The outline itself counts as inside.
#[derive(Clone, Debug, PartialEq)]
pub struct Polygon {
    origin: PatientPoint,
    u: PatientVector,
    v: PatientVector,
    /// In millimetres along `u` and `v` from `origin`.
    corners: Vec<[f64; 2]>,
}

/// Corners may lie this far off the common plane, as a share of the extent of the outline.
const FLATNESS: f64 = 1e-3;
/// A place this near to the outline lies on it, mm. It hides rounding, not distance.
const ON_OUTLINE_MM: f64 = 1e-9;

impl Polygon {
    /// The outline through at least three corners. `None` when they lie on one line, in no common plane, or nowhere.
    pub fn new(corners: &[PatientPoint]) -> Option<Self> {
        let origin = *corners.first()?;
        if corners.len() < 3 || !corners.iter().all(|c| c.is_finite()) {
            return None;
        }
        let far = |a: &PatientVector, b: &PatientVector| a.length_mm().total_cmp(&b.length_mm());
        let longest = corners.iter().map(|c| *c - origin).max_by(far)?;
        let u = longest.unit()?;
        // The area vector of an outline that crosses itself may vanish, so the plane comes from its widest corner.
        let widest = corners.iter().map(|c| u.cross(*c - origin)).max_by(far)?;
        if widest.length_mm() < FLATNESS * FLATNESS * longest.length_mm() {
            return None;
        }
        let normal = widest.unit()?;
        let v = normal.cross(u);
        let is_flat = |c: &PatientPoint| {
            (*c - origin).dot(normal).abs() <= FLATNESS * longest.length_mm() + ON_OUTLINE_MM
        };
        corners.iter().all(is_flat).then(|| Self {
            origin,
            u,
            v,
            corners: corners
                .iter()
                .map(|c| [(*c - origin).dot(u), (*c - origin).dot(v)])
                .collect(),
        })
    }

    /// Unit normal of its plane.
    pub fn normal(&self) -> PatientVector {
        self.u.cross(self.v)
    }

    /// Two orthonormal directions in its plane.
    pub fn axes(&self) -> [PatientVector; 2] {
        [self.u, self.v]
    }

    /// The middle of the rectangle about its corners along its axes.
    pub fn centre(&self) -> PatientPoint {
        let [[x0, x1], [y0, y1]] = [0, 1].map(|axis| range(self.corners.iter().map(|c| c[axis])));
        self.origin + self.u * ((x0 + x1) / 2.0) + self.v * ((y0 + y1) / 2.0)
    }

    /// The corners.
    pub fn corners(&self) -> impl Iterator<Item = PatientPoint> {
        self.corners
            .iter()
            .map(|[x, y]| self.origin + self.u * *x + self.v * *y)
    }

    /// Length of the outline, mm.
    pub fn perimeter_mm(&self) -> f64 {
        self.edges()
            .map(|([ax, ay], [bx, by])| (bx - ax).hypot(by - ay))
            .sum()
    }

    /// Area inside by the even-odd rule, mm²; exact for outlines that cross themselves as well.
    pub fn area_mm2(&self) -> f64 {
        // Between the heights of two neighbouring corners or crossings the edges run side by side, so each strip is a row
        // of trapezoids, whose area is their width in the middle times the height.
        let mut heights: Vec<f64> = self.corners.iter().map(|c| c[1]).collect();
        heights.extend(self.crossings().map(|at| at[1]));
        heights.sort_by(f64::total_cmp);
        heights.dedup();
        let strip = |pair: &[f64]| match pair {
            [low, high] => {
                let at = [0.0, (low + high) / 2.0];
                let widths = self.spans(at, [1.0, 0.0], 0.0);
                (high - low) * widths.iter().map(|[a, b]| b - a).sum::<f64>()
            }
            _ => 0.0,
        };
        heights.windows(2).map(strip).sum()
    }

    /// Does the outline cross itself? Then its inside is what the even-odd rule makes of it, and the reader is to know.
    pub fn crosses_itself(&self) -> bool {
        if self.crossings().next().is_some() {
            return true;
        }
        // An outline that passes itself exactly at a corner has no crossing of edges, but areas that cancel.
        let twice: f64 = self.edges().map(|(a, b)| a[0] * b[1] - a[1] * b[0]).sum();
        let area = self.area_mm2();
        1e-6 * area < (area - twice.abs() / 2.0).abs()
    }

    /// Is the projection of a place onto the plane inside (the outline counts)?
    pub fn contains(&self, point: PatientPoint) -> bool {
        self.row(point, self.u)
            .iter()
            .any(|[a, b]| *a <= 0.0 && 0.0 <= *b)
    }

    /// The stretches of a straight row of places that lie inside: place i is `start + i · step`, both ends included.
    /// Empty for a step of no length within the plane.
    pub fn row(&self, start: PatientPoint, step: PatientVector) -> Vec<[f64; 2]> {
        let at = [
            (start - self.origin).dot(self.u),
            (start - self.origin).dot(self.v),
        ];
        let along = [step.dot(self.u), step.dot(self.v)];
        let mut spans = self.spans(at, along, ON_OUTLINE_MM);
        let slack = ON_OUTLINE_MM / along[0].hypot(along[1]);
        for [a, b] in &mut spans {
            *a -= slack;
            *b += slack;
        }
        spans
    }

    fn edges(&self) -> impl Iterator<Item = ([f64; 2], [f64; 2])> + Clone {
        let next = self.corners.iter().cycle().skip(1);
        self.corners.iter().copied().zip(next.copied())
    }

    /// Where a straight line runs inside, in steps from `at`. Edges and corners nearer than `touch_mm` count as well.
    fn spans(&self, at: [f64; 2], along: [f64; 2], touch_mm: f64) -> Vec<[f64; 2]> {
        let length = along[0].hypot(along[1]);
        if !length.is_finite() || length < 1e-12 {
            return Vec::new();
        }
        let (dx, dy) = (along[0] / length, along[1] / length);
        let aside = |p: [f64; 2]| dx * (p[1] - at[1]) - dy * (p[0] - at[0]);
        let ahead = |p: [f64; 2]| (dx * (p[0] - at[0]) + dy * (p[1] - at[1])) / length;
        let mut crossed = Vec::new();
        let mut touched = Vec::new();
        for (a, b) in self.edges() {
            let (ca, cb) = (aside(a), aside(b));
            // Half open, so that a corner on the line is counted with one of its two edges.
            if (ca < 0.0) != (cb < 0.0) {
                let share = ca / (ca - cb);
                crossed.push(ahead(a) + (ahead(b) - ahead(a)) * share);
            }
            if 0.0 < touch_mm && ca.abs() <= touch_mm {
                let end = if cb.abs() <= touch_mm { b } else { a };
                touched.push([ahead(a).min(ahead(end)), ahead(a).max(ahead(end))]);
            }
        }
        crossed.sort_by(f64::total_cmp);
        let inside = crossed.chunks_exact(2).map(|pair| [pair[0], pair[1]]);
        inside.chain(touched).collect()
    }

    /// Where edges cross each other between their ends.
    fn crossings(&self) -> impl Iterator<Item = [f64; 2]> {
        let edges = self.edges().enumerate();
        edges.clone().flat_map(move |(i, (a, b))| {
            edges
                .clone()
                .skip(i + 2)
                .filter_map(move |(_, (c, d))| crossing([a, b], [c, d]))
        })
    }
}

/// Where two lines cross between their ends; touching ends are no crossing.
fn crossing([a, b]: [[f64; 2]; 2], [c, d]: [[f64; 2]; 2]) -> Option<[f64; 2]> {
    let side = |p: [f64; 2], q: [f64; 2], r: [f64; 2]| {
        (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])
    };
    let (ca, cb) = (side(c, d, a), side(c, d, b));
    if 0.0 <= ca * cb || 0.0 <= side(a, b, c) * side(a, b, d) {
        return None;
    }
    let share = ca / (ca - cb);
    Some([a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share])
}

fn range(values: impl Iterator<Item = f64>) -> [f64; 2] {
    values.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], v| {
        [low.min(v), high.max(v)]
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Corners given in a plane that is tilted about two axes.
    fn tilted(corners: &[[f64; 2]]) -> Vec<PatientPoint> {
        let u = PatientVector::new(0.6, 0.64, 0.48);
        let v = PatientVector::new(-0.8, 0.48, 0.36);
        let origin = PatientPoint::new(11.0, -23.0, 47.0);
        corners
            .iter()
            .map(|[x, y]| origin + u * *x + v * *y)
            .collect()
    }

    #[test]
    fn areas_follow_the_even_odd_rule_whatever_the_outline_does() {
        let (square, ell): (&[[f64; 2]], &[[f64; 2]]) = (
            &[[0.0, 0.0], [4.0, 0.0], [4.0, 3.0], [0.0, 3.0]],
            &[
                [0.0, 0.0],
                [4.0, 0.0],
                [4.0, 1.0],
                [1.0, 1.0],
                [1.0, 3.0],
                [0.0, 3.0],
            ],
        );
        // Two triangles of 10 × 5 / 2 that meet in a point.
        let bow: &[[f64; 2]] = &[[0.0, 0.0], [10.0, 10.0], [10.0, 0.0], [0.0, 10.0]];
        // The same, with a corner where the two meet.
        let bow_at_corner: &[[f64; 2]] = &[
            [0.0, 0.0],
            [5.0, 5.0],
            [10.0, 10.0],
            [10.0, 0.0],
            [5.0, 5.0],
            [0.0, 10.0],
        ];
        // Round twice: everything is crossed an even number of times.
        let twice = [square, square].concat();
        for (corners, area, crosses) in [
            (square, 12.0, false),
            (ell, 6.0, false),
            (bow, 50.0, true),
            (bow_at_corner, 50.0, true),
            (twice.as_slice(), 0.0, true),
        ] {
            let polygon = Polygon::new(&tilted(corners)).unwrap();
            assert!((polygon.area_mm2() - area).abs() < 1e-9, "{corners:?}");
            assert_eq!(polygon.crosses_itself(), crosses, "{corners:?}");
        }
    }

    #[test]
    fn the_outline_and_its_corners_count_as_inside_and_nothing_beyond_them() {
        let corners = [
            [0.0, 0.0],
            [4.0, 0.0],
            [4.0, 1.0],
            [1.0, 1.0],
            [1.0, 3.0],
            [0.0, 3.0],
        ];
        let polygon = Polygon::new(&tilted(&corners)).unwrap();
        for (at, inside) in [
            ([0.5, 2.0], true),
            ([3.0, 0.5], true),
            ([2.0, 2.0], false),
            ([-0.001, 1.0], false),
            ([4.001, 0.5], false),
            // On edges and corners.
            ([2.0, 0.0], true),
            ([2.0, 1.0], true),
            ([1.0, 1.0], true),
            ([0.0, 3.0], true),
            ([4.0, 1.0], true),
            ([0.0, 3.001], false),
        ] {
            assert_eq!(polygon.contains(tilted(&[at])[0]), inside, "{at:?}");
        }
    }

    #[test]
    fn many_corners_on_a_circle_have_its_area_and_length() {
        let n = 720;
        let round = |k: usize| {
            let angle = k as f64 / n as f64 * std::f64::consts::TAU;
            [7.0 * angle.cos(), 7.0 * angle.sin()]
        };
        let circle = Polygon::new(&tilted(&(0..n).map(round).collect::<Vec<_>>())).unwrap();
        let exact = 49.0 * std::f64::consts::PI;
        assert!((circle.area_mm2() / exact - 1.0).abs() < 2e-5);
        assert!((circle.perimeter_mm() / (14.0 * std::f64::consts::PI) - 1.0).abs() < 1e-5);
        assert!(!circle.crosses_itself());
    }

    #[test]
    fn what_is_no_flat_outline_is_none() {
        let mut bent = tilted(&[[0.0, 0.0], [4.0, 0.0], [4.0, 3.0], [0.0, 3.0]]);
        bent[2] = bent[2] + PatientVector::new(0.0, 0.0, 1.0);
        let nowhere = vec![PatientPoint::new(f64::NAN, 0.0, 0.0); 3];
        for corners in [
            tilted(&[[0.0, 0.0], [1.0, 1.0]]),
            tilted(&[[0.0, 0.0], [1.0, 1.0], [3.0, 3.0]]),
            tilted(&[[2.0, 2.0]; 4]),
            bent,
            nowhere,
            Vec::new(),
        ] {
            assert_eq!(Polygon::new(&corners), None, "{corners:?}");
        }
    }
}
