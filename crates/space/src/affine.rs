use crate::{PatientPoint, PatientVector};

/// An affine map of three coordinates: `columns` are the images of the unit steps, `origin` that of zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine {
    /// Images of the three unit steps.
    pub columns: [PatientVector; 3],
    /// Image of (0, 0, 0).
    pub origin: PatientPoint,
}

impl Affine {
    /// Maps three coordinates to patient space.
    pub fn apply(&self, [a, b, c]: [f64; 3]) -> PatientPoint {
        self.origin + self.columns[0] * a + self.columns[1] * b + self.columns[2] * c
    }

    /// Determinant of the linear part: negative when the map mirrors.
    pub fn determinant(&self) -> f64 {
        self.columns[0].cross(self.columns[1]).dot(self.columns[2])
    }

    /// The three coordinates whose image is `point`; `None` when the map is singular.
    pub fn invert(&self, point: PatientPoint) -> Option<[f64; 3]> {
        let rows = self.inverse_rows()?;
        let d = point - self.origin;
        Some(rows.map(|row| row.dot(d)))
    }

    /// Rows of the inverse of the linear part, for repeated use; `None` when the map is singular.
    pub fn inverse_rows(&self) -> Option<[PatientVector; 3]> {
        let [a, b, c] = self.columns;
        let det = self.determinant();
        if !det.is_finite() || det.abs() < 1e-12 {
            return None;
        }
        let s = 1.0 / det;
        Some([b.cross(c) * s, c.cross(a) * s, a.cross(b) * s])
    }
}
