use rayon::prelude::*;
use space::{Grid, PatientPoint, PatientVector, ViewPlane};

use super::occupancy::{BRICK_CELLS, Occupancy, VisibleBricks};
use super::sampler::Sampler;
use super::shade::Light;
use super::transfer::{TransferFunction, TransferTable};
use crate::reslice::check_picture_size;
use crate::values::{Scalar, for_grey};
use crate::{ColourPicture, GeometryKind, Planes, ResliceError, Volume, smallest_spacing_mm};

/// The part of a volume that is shown, in shares of its sides from 0 to 1: along the columns, the rows and the slices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CropBox {
    /// The lower corner.
    pub low: [f64; 3],
    /// The upper corner.
    pub high: [f64; 3],
}

impl CropBox {
    /// Nothing is cut off.
    pub const WHOLE: Self = Self {
        low: [0.0; 3],
        high: [1.0; 3],
    };

    /// Is anything cut off?
    pub fn is_whole(&self) -> bool {
        self.low.iter().all(|c| *c <= 0.0) && self.high.iter().all(|c| 1.0 <= *c)
    }

    /// The box in voxel indices, from the centre of the first voxel it may hold to that of the last.
    pub fn in_voxels(&self, size: [usize; 3]) -> [[f64; 2]; 3] {
        std::array::from_fn(|axis| {
            let last = size[axis].saturating_sub(1) as f64;
            [self.low[axis], self.high[axis]].map(|share| share.clamp(0.0, 1.0) * last)
        })
    }
}

/// How closely a ray is sampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SampleStep {
    /// Twice for each voxel: for a picture that stands still.
    Fine,
    /// Twice for each three voxels: while the picture moves.
    Coarse,
}

impl SampleStep {
    /// The distance of samples, mm; `None` for a grid that does not span space.
    pub fn mm(self, grid: &Grid) -> Option<f64> {
        let voxel_mm = smallest_spacing_mm(grid)?;
        Some(match self {
            Self::Fine => voxel_mm * 0.5,
            Self::Coarse => voxel_mm * 1.5,
        })
    }
}

/// What to show, and from where. Rays are parallel, so that a millimetre is a millimetre everywhere in the picture.
#[derive(Clone, Debug)]
pub struct RayCastView<'a> {
    /// The plane of the picture, in patient space; the viewer stands before it, at any distance.
    pub plane: ViewPlane,
    /// From values to light.
    pub transfer: &'a TransferFunction,
    /// What is cut off.
    pub crop: CropBox,
    /// How closely rays are sampled.
    pub step: SampleStep,
}

/// Light that gets through is not worth following below this share.
const DARK: f32 = 0.01;
/// A surface begins where half of the light is held back.
const SURFACE: f32 = 0.5;

/// Draws a volume as light through it, over black.
///
/// A hole, and what does not count (padding), is empty. Rows run in parallel; `cancel` is asked before each.
///
/// # Errors
/// As [`crate::reslice`].
pub fn ray_cast(
    volume: &Volume,
    occupancy: &Occupancy,
    view: &RayCastView,
    cancel: &(dyn Fn() -> bool + Sync),
) -> Result<ColourPicture, ResliceError> {
    let rays = Rays::new(volume, view)?;
    let visible = occupancy.visible(&rays.table);
    for_grey!(&volume.voxels, planes => picture(planes, volume, &rays, &visible, cancel), colour => Err(ResliceError::Colour))
}

/// The place where half of the light of a pixel is held back, in patient space: what a click on the picture means.
/// `None` where the ray gets through, and when the view cannot be drawn.
pub fn surface_point(
    volume: &Volume,
    occupancy: &Occupancy,
    view: &RayCastView,
    pixel: [f64; 2],
) -> Option<PatientPoint> {
    let rays = Rays::new(volume, view).ok()?;
    let visible = occupancy.visible(&rays.table);
    let step = for_grey!(&volume.voxels, planes => {
        let planes = planes.all();
        let sampler = Sampler::new(&planes, volume.slice_size(), &volume.modality_lut, &volume.meaning);
        let mut surface = None;
        rays.follow(&sampler, &visible, pixel, |step, opacity| {
            if surface.is_none() && SURFACE <= opacity {
                surface = Some(step);
            }
        });
        surface
    }, colour => None)?;
    Some(view.plane.patient(pixel) + view.plane.frame.away * (step as f64 * rays.step_mm))
}

/// The rays of a picture, in voxel indices.
struct Rays {
    start: [f64; 3],
    right: [f64; 3],
    down: [f64; 3],
    per_step: [f64; 3],
    step_mm: f64,
    /// First and last voxel centre that show, along each axis.
    bounds: [[f64; 2]; 3],
    table: TransferTable,
    light: Light,
    size_px: [usize; 2],
}

impl Rays {
    fn new(volume: &Volume, view: &RayCastView) -> Result<Self, ResliceError> {
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
            table: TransferTable::new(view.transfer, step_mm),
            light: Light::of(&plane.frame, rows),
            size_px: plane.size_px,
        })
    }

    /// Where the ray of a pixel goes through the plane, in voxel indices.
    fn origin(&self, [column, row]: [f64; 2]) -> [f64; 3] {
        std::array::from_fn(|a| self.start[a] + column * self.right[a] + row * self.down[a])
    }

    /// The steps of a ray that lie within the bounds; steps are counted from the plane, so that neighbouring rays and
    /// pictures with another crop are sampled at the same depths.
    fn steps(&self, origin: [f64; 3]) -> Option<[i64; 2]> {
        let (mut first, mut last) = (f64::NEG_INFINITY, f64::INFINITY);
        let axes = self.bounds.into_iter().zip(origin).zip(self.per_step);
        for (([low, high], at), by) in axes {
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

    /// Goes along the ray of a pixel until no light is left, and gives colour and opacity. `each` sees the step and the
    /// opacity so far after each sample that holds light back.
    #[inline(always)]
    fn follow<T: Scalar>(
        &self,
        sampler: &Sampler<T>,
        visible: &VisibleBricks,
        pixel: [f64; 2],
        mut each: impl FnMut(i64, f32),
    ) -> ([f32; 3], f32) {
        let origin = self.origin(pixel);
        let (mut colour, mut opacity) = ([0.0; 3], 0.0);
        let Some([mut step, last]) = self.steps(origin) else {
            return (colour, opacity);
        };
        while step <= last {
            let at: [f64; 3] = std::array::from_fn(|a| origin[a] + step as f64 * self.per_step[a]);
            let brick = brick_of(at, visible.n_bricks);
            let beyond = self.steps_within(at, brick);
            if !visible.shows(brick) {
                step += beyond;
                continue;
            }
            let end = (step + beyond - 1).min(last);
            while step <= end {
                let at: [f32; 3] =
                    std::array::from_fn(|a| (origin[a] + step as f64 * self.per_step[a]) as f32);
                let value = sampler.linear(at);
                let [r, g, b, held] = if value.is_nan() {
                    [0.0; 4]
                } else {
                    self.table.at(value)
                };
                if 0.0 < held {
                    let lit = self
                        .light
                        .shaded(&self.table, [r, g, b], sampler.gradient(at));
                    let share = (1.0 - opacity) * held;
                    colour
                        .iter_mut()
                        .zip(lit)
                        .for_each(|(sum, c)| *sum += share * c);
                    opacity += share;
                    each(step, opacity);
                    if 1.0 - opacity < DARK {
                        return (colour, opacity);
                    }
                }
                step += 1;
            }
        }
        (colour, opacity)
    }

    /// How many steps lead from a place in a brick to the first one beyond it, at least one.
    #[inline(always)]
    fn steps_within(&self, at: [f64; 3], brick: [usize; 3]) -> i64 {
        let mut n_steps = f64::INFINITY;
        for axis in 0..3 {
            let by = self.per_step[axis];
            if by.abs() < 1e-12 {
                continue;
            }
            let wall = (brick[axis] + usize::from(0.0 < by)) * BRICK_CELLS;
            n_steps = n_steps.min((wall as f64 - at[axis]) / by);
        }
        // A place on a wall belongs to the brick behind it; the cast saturates.
        (n_steps.floor() as i64 + 1).max(1)
    }
}

/// The brick that holds a place.
#[inline(always)]
fn brick_of(at: [f64; 3], n_bricks: [usize; 3]) -> [usize; 3] {
    // The cast saturates at zero.
    std::array::from_fn(|a| (at[a] as usize / BRICK_CELLS).min(n_bricks[a] - 1))
}

fn picture<T: Scalar>(
    planes: &Planes<T>,
    volume: &Volume,
    rays: &Rays,
    visible: &VisibleBricks,
    cancel: &(dyn Fn() -> bool + Sync),
) -> Result<ColourPicture, ResliceError> {
    let planes = planes.all();
    if planes.is_empty() || volume.grid.size.contains(&0) {
        return Err(ResliceError::DegenerateGrid);
    }
    let sampler = Sampler::new(
        &planes,
        volume.slice_size(),
        &volume.modality_lut,
        &volume.meaning,
    );
    let [width, height] = rays.size_px;
    let mut values = vec![[0, 0, 0, 255]; width * height];
    values
        .par_chunks_mut(width.max(1))
        .enumerate()
        .try_for_each(|(row_idx, out)| {
            if cancel() {
                return Err(ResliceError::Cancelled);
            }
            for (column_idx, pixel) in out.iter_mut().enumerate() {
                let at = [column_idx as f64, row_idx as f64];
                let ([r, g, b], _) = rays.follow(&sampler, visible, at, |_, _| ());
                // The casts saturate.
                let grey = |c: f32| (c * 255.0 + 0.5) as u8;
                *pixel = [grey(r), grey(g), grey(b), 255];
            }
            Ok(())
        })?;
    Ok(ColourPicture {
        width,
        height,
        values,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::RenderingPreset;
    use crate::rendering::testing::speckled;

    #[test]
    fn stepping_over_empty_bricks_changes_no_pixel() {
        let volume = speckled();
        let occupancy = Occupancy::of(&volume).unwrap();
        for preset in RenderingPreset::ALL {
            let transfer = preset.transfer(&volume).unwrap();
            for (away, up) in [
                ([0.0, 1.0, 0.0], [0.0, 0.0, 1.0]),
                ([0.5, -0.6, 0.7], [0.2, 0.1, 1.0]),
            ] {
                let plane = ViewPlane {
                    centre: volume.grid.centre(),
                    frame: space::PlaneFrame::new(away.into(), up.into()).unwrap(),
                    mm_per_pixel: 0.9,
                    size_px: [80, 70],
                };
                let view = RayCastView {
                    plane,
                    transfer: &transfer,
                    crop: CropBox::WHOLE,
                    step: SampleStep::Fine,
                };
                let rays = Rays::new(&volume, &view).unwrap();
                let visible = occupancy.visible(&rays.table);
                let n_empty = visible.flags().iter().filter(|shows| **shows == 0).count();
                assert!(0 < n_empty, "the test must have something to step over");
                let crate::Voxels::I16(planes) = &volume.voxels else {
                    unreachable!()
                };
                let stepped = picture(planes, &volume, &rays, &visible, &|| false).unwrap();
                let whole =
                    picture(planes, &volume, &rays, &visible.all_shown(), &|| false).unwrap();
                assert!(stepped == whole, "{preset:?}");
                assert!(
                    stepped.values.iter().any(|c| *c != [0, 0, 0, 255]),
                    "{preset:?} shows nothing"
                );
            }
        }
    }
}
