use serde::{Deserialize, Serialize};

use crate::{PatientPoint, PatientVector};

/// Straight distance between two places, mm.
pub fn distance_mm(a: PatientPoint, b: PatientPoint) -> f64 {
    (b - a).length_mm()
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
