//! The rays of a picture in voxel indices, and the part of each that lies within what is shown.

use space::PatientVector;

use super::cast::RayCastView;
use super::shade::Light;
use crate::reslice::check_picture_size;
use crate::{GeometryKind, ResliceError, Volume};

/// The rays of a picture: parallel, and sampled at the same depths, counted from the plane.
pub(super) struct Rays {
    start: [f64; 3],
    right: [f64; 3],
    down: [f64; 3],
    per_step: [f64; 3],
    pub step_mm: f64,
    /// First and last voxel centre that show, along each axis.
    bounds: [[f64; 2]; 3],
    pub light: Light,
    pub size_px: [usize; 2],
}

/// The samples of one ray that lie within the bounds.
pub(super) struct Span {
    /// The first of them, counted from the plane.
    pub first_step: i64,
    pub n_steps: usize,
    /// Where the first lies.
    pub start: [f32; 3],
    pub per_step: [f32; 3],
}

impl Rays {
    pub fn new(volume: &Volume, view: &RayCastView) -> Result<Self, ResliceError> {
        if volume.kind != GeometryKind::Volume {
            return Err(ResliceError::NotAVolume { kind: volume.kind });
        }
        let plane = &view.plane;
        check_picture_size(plane.size_px[0], plane.size_px[1])?;
        let finite = plane.centre.is_finite() && plane.mm_per_pixel.is_finite();
        if !finite || plane.mm_per_pixel <= 0.0 {
            return Err(ResliceError::BadPlane);
        }
        let grid = &volume.grid;
        let (rows, step_mm) = grid
            .patient_from_voxel()
            .inverse_rows()
            .zip(view.step.mm(grid))
            .ok_or(ResliceError::DegenerateGrid)?;
        let in_voxels = |v: PatientVector| rows.map(|row| row.dot(v));
        Ok(Self {
            start: in_voxels(plane.patient([0.0, 0.0]) - grid.origin),
            right: in_voxels(plane.frame.right() * plane.mm_per_pixel),
            down: in_voxels(-(plane.frame.up * plane.mm_per_pixel)),
            per_step: in_voxels(plane.frame.away * step_mm),
            step_mm,
            bounds: view.crop.in_voxels(grid.size),
            light: Light::of(&plane.frame, rows),
            size_px: plane.size_px,
        })
    }

    /// The samples of the ray of a pixel; `None` where it misses what is shown.
    #[inline(always)]
    pub fn span(&self, [column, row]: [f64; 2]) -> Option<Span> {
        let mut origin = [0.0; 3];
        for (axis, at) in origin.iter_mut().enumerate() {
            *at = self.start[axis] + column * self.right[axis] + row * self.down[axis];
        }
        let [first_step, last_step] = self.steps(origin)?;
        let (mut start, mut per_step) = ([0.0; 3], [0.0; 3]);
        for axis in 0..3 {
            // Within the bounds 32 bits are good to less than a ten-thousandth of a voxel.
            start[axis] = (origin[axis] + first_step as f64 * self.per_step[axis]) as f32;
            per_step[axis] = self.per_step[axis] as f32;
        }
        Some(Span {
            first_step,
            // Not negative, and no more than the bounds hold.
            n_steps: (last_step - first_step + 1) as usize,
            start,
            per_step,
        })
    }

    /// The first and the last step of a ray within the bounds; steps are counted from the plane, so that neighbouring rays
    /// and pictures with another crop are sampled at the same depths.
    #[inline(always)]
    fn steps(&self, origin: [f64; 3]) -> Option<[i64; 2]> {
        let (mut first, mut last) = (f64::NEG_INFINITY, f64::INFINITY);
        for ((at, by), [low, high]) in origin.into_iter().zip(self.per_step).zip(self.bounds) {
            if by.abs() < 1e-12 {
                if at < low || high < at {
                    return None;
                }
                continue;
            }
            let (a, b) = ((low - at) / by, (high - at) / by);
            first = first.max(a.min(b));
            last = last.min(a.max(b));
        }
        let (first, last) = (first.ceil(), last.floor());
        // The bounds span space in at least one direction, so both are finite; the casts saturate.
        (first.is_finite() && last.is_finite() && first <= last)
            .then_some([first as i64, last as i64])
    }
}

impl Span {
    /// Where a sample lies, counted from the first.
    #[inline(always)]
    pub fn at(&self, n: usize) -> [f32; 3] {
        let n = n as f32;
        [
            self.start[0] + n * self.per_step[0],
            self.start[1] + n * self.per_step[1],
            self.start[2] + n * self.per_step[2],
        ]
    }
}
