use serde::{Deserialize, Serialize};

use crate::{Grid, PatientPoint, PatientVector};

/// The orientation of a picture in patient space.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Orientation {
    /// Seen from the feet: patient's right on the picture's left, anterior up.
    Axial,
    /// Seen from the front: patient's right on the picture's left, head up.
    Coronal,
    /// Seen from the patient's left: anterior on the picture's left, head up.
    Sagittal,
    /// Any other.
    Oblique(PlaneFrame),
}

/// Two orthonormal directions that fix a picture: where it looks, and what is up.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaneFrame {
    /// Unit vector away from the viewer.
    pub away: PatientVector,
    /// Unit vector up in the picture.
    pub up: PatientVector,
}

impl PlaneFrame {
    /// Makes an orthonormal frame: `up` loses its part along `away`. `None` when they are parallel or zero.
    pub fn new(away: PatientVector, up: PatientVector) -> Option<Self> {
        let away = away.unit()?;
        let up = (up - away * away.dot(up)).unit()?;
        Some(Self { away, up })
    }

    /// Unit vector to the picture's right: away × up.
    pub fn right(&self) -> PatientVector {
        self.away.cross(self.up)
    }

    /// The frame in which the slices of a grid appear as they are stored: columns to the right, rows downwards.
    pub fn native(grid: &Grid) -> Option<Self> {
        let right = grid.column_step.unit()?;
        let up = -grid.row_step.unit()?;
        // right = away × up and the three are orthonormal, so away = up × right.
        Self::new(up.cross(right), up)
    }
}

impl Orientation {
    /// The directions of this orientation.
    pub fn frame(self) -> PlaneFrame {
        let (away, up) = match self {
            Self::Axial => (
                PatientVector::new(0.0, 0.0, 1.0),
                PatientVector::new(0.0, -1.0, 0.0),
            ),
            Self::Coronal => (
                PatientVector::new(0.0, 1.0, 0.0),
                PatientVector::new(0.0, 0.0, 1.0),
            ),
            Self::Sagittal => (
                PatientVector::new(-1.0, 0.0, 0.0),
                PatientVector::new(0.0, 0.0, 1.0),
            ),
            Self::Oblique(frame) => return frame,
        };
        PlaneFrame { away, up }
    }
}

/// A picture's place in patient space: pixel (i, j) lies at
/// `centre + right·(i−(W−1)/2)·S − up·(j−(H−1)/2)·S`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ViewPlane {
    /// Place of the middle of the picture.
    pub centre: PatientPoint,
    /// Directions of the picture.
    pub frame: PlaneFrame,
    /// Size of a pixel, mm.
    pub mm_per_pixel: f64,
    /// Width and height in pixels.
    pub size_px: [usize; 2],
}

impl ViewPlane {
    /// Place of the pixel at (column, row), fractions allowed.
    pub fn patient(&self, [column, row]: [f64; 2]) -> PatientPoint {
        let [w, h] = self.size_px.map(|n| n as f64);
        self.centre + self.frame.right() * ((column - (w - 1.0) / 2.0) * self.mm_per_pixel)
            - self.frame.up * ((row - (h - 1.0) / 2.0) * self.mm_per_pixel)
    }

    /// Pixel (column, row) under the orthogonal projection of a place onto this plane.
    pub fn pixel(&self, point: PatientPoint) -> [f64; 2] {
        let [w, h] = self.size_px.map(|n| n as f64);
        let d = point - self.centre;
        [
            d.dot(self.frame.right()) / self.mm_per_pixel + (w - 1.0) / 2.0,
            -d.dot(self.frame.up) / self.mm_per_pixel + (h - 1.0) / 2.0,
        ]
    }

    /// Signed distance of a place from this plane, mm, positive away from the viewer.
    pub fn distance_mm(&self, point: PatientPoint) -> f64 {
        (point - self.centre).dot(self.frame.away)
    }

    /// The smallest scale, mm per pixel, at which the whole grid fits the picture.
    pub fn fit_mm_per_pixel(grid: &Grid, frame: &PlaneFrame, size_px: [usize; 2]) -> f64 {
        let [w, h] = size_px.map(|n| n.max(1) as f64);
        (grid.extent_mm(frame.right()) / w).max(grid.extent_mm(frame.up) / h)
    }
}
