use serde::{Deserialize, Serialize};

use crate::{PatientPoint, PatientVector};

/// Straight distance between two places, mm.
pub fn distance_mm(a: PatientPoint, b: PatientPoint) -> f64 {
    (b - a).length_mm()
}

/// Length of the way through places, mm.
pub fn path_length_mm(places: &[PatientPoint]) -> f64 {
    let leg = |pair: &[PatientPoint]| match pair {
        [a, b] => distance_mm(*a, *b),
        _ => 0.0,
    };
    places.windows(2).map(leg).sum()
}

/// Angle at `vertex` between the arms to `a` and `b`, degrees, 0 to 180; `None` when an arm has no length.
pub fn angle_deg(a: PatientPoint, vertex: PatientPoint, b: PatientPoint) -> Option<f64> {
    let (u, v) = ((a - vertex).unit()?, (b - vertex).unit()?);
    // atan2 of the two products stays exact near 0° and 180°, where acos does not.
    Some(u.cross(v).length_mm().atan2(u.dot(v)).to_degrees())
}

/// A flat ellipse in patient space.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ellipse {
    /// Centre of the ellipse.
    pub centre: PatientPoint,
    /// From the centre to the end of one half axis, mm.
    pub half_axis_a: PatientVector,
    /// From the centre to the end of the other half axis, orthogonal to the first, mm.
    pub half_axis_b: PatientVector,
}

impl Ellipse {
    /// Area, mm².
    pub fn area_mm2(&self) -> f64 {
        std::f64::consts::PI * self.half_axis_a.length_mm() * self.half_axis_b.length_mm()
    }

    /// Long and short diameter, mm.
    pub fn diameters_mm(&self) -> [f64; 2] {
        let (a, b) = (
            2.0 * self.half_axis_a.length_mm(),
            2.0 * self.half_axis_b.length_mm(),
        );
        [a.max(b), a.min(b)]
    }

    /// Unit normal of the plane it lies in; `None` when an axis has no length.
    pub fn normal(&self) -> Option<PatientVector> {
        self.half_axis_a
            .unit()?
            .cross(self.half_axis_b.unit()?)
            .unit()
    }

    /// Is the projection of a place onto the ellipse's plane inside it (the edge counts)?
    pub fn contains(&self, point: PatientPoint) -> bool {
        let d = point - self.centre;
        let (aa, bb) = (
            self.half_axis_a.dot(self.half_axis_a),
            self.half_axis_b.dot(self.half_axis_b),
        );
        if aa <= 0.0 || bb <= 0.0 {
            return false;
        }
        let (u, v) = (d.dot(self.half_axis_a) / aa, d.dot(self.half_axis_b) / bb);
        u * u + v * v <= 1.0 + 1e-12
    }

    /// The point of the outline at an angle from the first half axis, radians.
    pub fn outline(&self, angle_rad: f64) -> PatientPoint {
        self.centre + self.half_axis_a * angle_rad.cos() + self.half_axis_b * angle_rad.sin()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(x: f64, y: f64, z: f64) -> PatientPoint {
        PatientPoint::new(x, y, z)
    }

    #[test]
    fn distances_are_pythagorean() {
        assert_eq!(distance_mm(at(1.0, 2.0, 3.0), at(1.0, 5.0, 7.0)), 5.0);
        assert_eq!(distance_mm(at(-2.0, -3.0, 0.0), at(0.0, 0.0, 6.0)), 7.0);
    }

    #[test]
    fn angles_are_exact_from_the_finest_to_the_flattest() {
        let vertex = at(10.0, -20.0, 30.0);
        for deg in [
            1e-7,
            0.001,
            1.0,
            30.0,
            45.0,
            90.0,
            135.0,
            179.0,
            179.999,
            180.0 - 1e-7,
            180.0,
        ] {
            let rad = f64::to_radians(deg);
            let a = vertex + PatientVector::new(0.0, 7.0, 0.0);
            let b = vertex + PatientVector::new(3.0 * rad.sin(), 3.0 * rad.cos(), 0.0);
            let got = angle_deg(a, vertex, b).unwrap();
            assert!((got - deg).abs() < 1e-9, "{deg}° was measured as {got}°");
        }
        assert_eq!(angle_deg(vertex, vertex, at(0.0, 0.0, 0.0)), None);
    }

    #[test]
    fn ellipse_knows_its_area_its_edge_and_its_inside() {
        let ellipse = Ellipse {
            centre: at(5.0, 6.0, 7.0),
            half_axis_a: PatientVector::new(0.0, 3.0, 4.0),
            half_axis_b: PatientVector::new(2.0, 0.0, 0.0),
        };
        assert!((ellipse.area_mm2() - std::f64::consts::PI * 10.0).abs() < 1e-12);
        assert_eq!(ellipse.diameters_mm(), [10.0, 4.0]);
        assert!((ellipse.normal().unwrap().dot(ellipse.half_axis_a)).abs() < 1e-15);
        for step in 0..360 {
            let edge = ellipse.outline(f64::from(step).to_radians());
            let from_centre = edge - ellipse.centre;
            assert!(
                ellipse.contains(ellipse.centre + from_centre * 0.999_999),
                "{step}° inside"
            );
            assert!(
                !ellipse.contains(ellipse.centre + from_centre * 1.000_001),
                "{step}° outside"
            );
        }
        let flat = Ellipse {
            half_axis_b: PatientVector::default(),
            ..ellipse
        };
        assert!(!flat.contains(flat.centre));
        assert_eq!(flat.normal(), None);
    }
}
