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

    /// The frame carried about an axis by an angle, by the right hand: thumb along the axis, fingers with the turn.
    /// An axis of no length turns nothing.
    pub fn turned_about(&self, axis: PatientVector, angle_rad: f64) -> Self {
        let Some(axis) = axis.unit() else {
            return *self;
        };
        let (sin, cos) = angle_rad.sin_cos();
        // Rodrigues' formula.
        let turned =
            |v: PatientVector| v * cos + axis.cross(v) * sin + axis * (axis.dot(v) * (1.0 - cos));
        // Made orthonormal again, so that a thousand small turns do not bend it.
        Self::new(turned(self.away), turned(self.up)).unwrap_or(*self)
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn grid(column: [f64; 3], row: [f64; 3], slice: [f64; 3]) -> Grid {
        Grid {
            size: [8, 8, 8],
            origin: PatientPoint::default(),
            column_step: column.into(),
            row_step: row.into(),
            slice_step: slice.into(),
        }
    }

    #[test]
    fn a_turn_about_the_body_axis_leads_from_the_front_to_the_patients_left() {
        let front = Orientation::Coronal.frame();
        let head = PatientVector::new(0.0, 0.0, 1.0);
        // Looking backwards (+y) turned by a quarter about the head axis is looking to the right (−x).
        let side = front.turned_about(head, std::f64::consts::FRAC_PI_2);
        let expected = Orientation::Sagittal.frame();
        assert!((side.away - expected.away).length_mm() < 1e-12, "{side:?}");
        assert!((side.up - expected.up).length_mm() < 1e-12);
        let mut many = front;
        for _ in 0..3600 {
            many = many.turned_about(PatientVector::new(0.3, -0.5, 0.8), 0.1_f64.to_radians());
        }
        assert!((many.away - front.away).length_mm() < 1e-9);
        assert!(many.away.dot(many.up).abs() < 1e-12);
        assert_eq!(front.turned_about(PatientVector::default(), 1.0), front);
    }

    #[test]
    fn native_frames_of_the_three_usual_scans_are_the_standard_views() {
        // Rows and columns as scanners write them (PS3.3 C.7.6.2.1.1): 1\0\0\0\1\0, 1\0\0\0\0\-1 and 0\1\0\0\0\-1.
        for (orientation, column, row, slice) in [
            (
                Orientation::Axial,
                [0.7, 0.0, 0.0],
                [0.0, 0.7, 0.0],
                [0.0, 0.0, 2.0],
            ),
            (
                Orientation::Coronal,
                [0.7, 0.0, 0.0],
                [0.0, 0.0, -0.7],
                [0.0, 2.0, 0.0],
            ),
            (
                Orientation::Sagittal,
                [0.0, 0.7, 0.0],
                [0.0, 0.0, -0.7],
                [-2.0, 0.0, 0.0],
            ),
        ] {
            let native = PlaneFrame::native(&grid(column, row, slice)).unwrap();
            assert_eq!(native, orientation.frame(), "{orientation:?}");
        }
    }

    #[test]
    fn the_middle_of_the_picture_is_the_centre_and_pixels_go_right_and_down() {
        let plane = ViewPlane {
            centre: PatientPoint::new(1.0, 2.0, 3.0),
            frame: Orientation::Axial.frame(),
            mm_per_pixel: 0.5,
            size_px: [5, 3],
        };
        assert_eq!(plane.patient([2.0, 1.0]), plane.centre);
        assert_eq!(plane.patient([3.0, 1.0]), PatientPoint::new(1.5, 2.0, 3.0));
        assert_eq!(plane.patient([2.0, 2.0]), PatientPoint::new(1.0, 2.5, 3.0));
        assert_eq!(plane.distance_mm(PatientPoint::new(9.0, 9.0, 4.5)), 1.5);
    }

    #[test]
    fn fit_shows_the_whole_grid_and_no_smaller_scale_does() {
        let grid = grid([1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 3.0]);
        for (orientation, size_px, expected) in [
            (Orientation::Axial, [8, 8], 2.0),
            (Orientation::Coronal, [8, 48], 1.0),
            (Orientation::Sagittal, [16, 8], 3.0),
        ] {
            let fit = ViewPlane::fit_mm_per_pixel(&grid, &orientation.frame(), size_px);
            assert!((fit - expected).abs() < 1e-12, "{orientation:?}: {fit}");
        }
    }

    #[test]
    fn parallel_and_zero_directions_make_no_frame() {
        let (x, y) = (
            PatientVector::new(1.0, 0.0, 0.0),
            PatientVector::new(0.0, 2.0, 0.0),
        );
        assert!(PlaneFrame::new(x, x * -3.0).is_none());
        assert!(PlaneFrame::new(PatientVector::default(), y).is_none());
        assert_eq!(PlaneFrame::new(x, x + y).unwrap().up, y * 0.5);
    }

    fn direction() -> impl Strategy<Value = PatientVector> {
        prop::array::uniform3(-1.0..1.0f64)
            .prop_map(PatientVector::from)
            .prop_filter("a direction needs a length", |v| 0.1 < v.length_mm())
    }

    proptest! {
        #[test]
        fn projection_round_trips(
            away in direction(), up in direction(), centre in prop::array::uniform3(-500.0..500.0f64),
            mm_per_pixel in 0.01..5.0f64, pixel in prop::array::uniform2(-100.0..2000.0f64), depth in -50.0..50.0f64,
        ) {
            prop_assume!(0.05 < away.cross(up).length_mm());
            let frame = PlaneFrame::new(away, up).unwrap();
            prop_assert!((frame.right().length_mm() - 1.0).abs() < 1e-12);
            prop_assert!(frame.away.dot(frame.up).abs() < 1e-12);
            let plane = ViewPlane { centre: centre.into(), frame, mm_per_pixel, size_px: [1024, 777] };
            // Anything straight before or behind a pixel projects onto it.
            let point = plane.patient(pixel) + frame.away * depth;
            let back = plane.pixel(point);
            prop_assert!((back[0] - pixel[0]).abs() < 1e-6 && (back[1] - pixel[1]).abs() < 1e-6, "{back:?}");
            prop_assert!((plane.distance_mm(point) - depth).abs() < 1e-8);
        }
    }
}
