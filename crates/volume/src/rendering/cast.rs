use rayon::prelude::*;
use space::{Grid, PatientPoint, ViewPlane};

use super::crop::CropBox;
use super::field::{Field, Grey, Mapping, OnField, on_field};
use super::march::March;
use super::occupancy::{Occupancy, VisibleBricks};
use super::rays::Rays;
use super::shade::{Enough, Glint, Unlit};
use super::transfer::{TransferFunction, TransferTable};
use crate::registers::{self, Loop};
use crate::{ColourPicture, ResliceError, Volume, smallest_spacing_mm};

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

/// A surface begins where half of the light is held back.
const SURFACE: f32 = 0.5;
/// Rows and columns of a tile: the voxels that its rays meet stay near the processor.
const TILE_PX: usize = 16;
/// Samples that are lit together.
const N_LIT: usize = 16;

/// Draws a volume as light through it, over black.
///
/// A hole, and what does not count (padding), is empty. Parts run in parallel; `cancel` is asked before each.
///
/// # Errors
/// As [`crate::reslice`]; a volume of a single column, row or slice does not span space.
pub fn ray_cast(
    volume: &Volume,
    occupancy: &Occupancy,
    view: &RayCastView,
    cancel: &(dyn Fn() -> bool + Sync),
) -> Result<ColourPicture, ResliceError> {
    let rays = Rays::new(volume, view)?;
    let table = TransferTable::new(view.transfer, rays.step_mm);
    let bricks = occupancy.visible(&table);
    picture(volume, &rays, (&table, &bricks), cancel)
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
    let table = TransferTable::new(view.transfer, rays.step_mm);
    let work = Surface {
        rays: &rays,
        table: &table,
        bricks: &occupancy.visible(&table),
        pixel,
    };
    let step = on_field(volume, work).ok()??;
    Some(view.plane.patient(pixel) + view.plane.frame.away * (step as f64 * rays.step_mm))
}

/// Looks for the surface under a pixel.
struct Surface<'a> {
    rays: &'a Rays,
    table: &'a TransferTable,
    bricks: &'a VisibleBricks,
    pixel: [f64; 2],
}

impl OnField for Surface<'_> {
    type Output = Option<i64>;

    fn run<T: Grey, M: Mapping<T>>(self, field: &Field<T, M>) -> Option<i64> {
        let Self {
            rays,
            table,
            bricks,
            pixel,
        } = self;
        let march = March {
            rays,
            table,
            field,
            bricks,
        };
        let mut surface = None;
        march.follow(pixel, |sample| {
            if surface.is_none() && SURFACE <= sample.opacity {
                surface = Some(sample.step);
            }
        });
        surface
    }
}

fn picture(
    volume: &Volume,
    rays: &Rays,
    (table, bricks): (&TransferTable, &VisibleBricks),
    cancel: &(dyn Fn() -> bool + Sync),
) -> Result<ColourPicture, ResliceError> {
    let [width, height] = rays.size_px;
    let mut values = vec![[0, 0, 0, 255]; width * height];
    let work = Bands {
        rays,
        table,
        glint: &Glint::new(&table.shading),
        bricks,
        cancel,
        values: &mut values,
    };
    on_field(volume, work)??;
    Ok(ColourPicture {
        width,
        height,
        values,
    })
}

/// The whole picture, in bands of tiles.
struct Bands<'a> {
    rays: &'a Rays,
    table: &'a TransferTable,
    glint: &'a Glint,
    bricks: &'a VisibleBricks,
    cancel: &'a (dyn Fn() -> bool + Sync),
    values: &'a mut [[u8; 4]],
}

impl OnField for Bands<'_> {
    type Output = Result<(), ResliceError>;

    fn run<T: Grey, M: Mapping<T>>(self, field: &Field<T, M>) -> Self::Output {
        let Self {
            rays,
            table,
            glint,
            bricks,
            cancel,
            values,
        } = self;
        let width = rays.size_px[0];
        let march = &March {
            rays,
            table,
            field,
            bricks,
        };
        let bands = values.par_chunks_mut(width.max(1) * TILE_PX).enumerate();
        bands.try_for_each(|(band_idx, band)| {
            for column in (0..width).step_by(TILE_PX) {
                if cancel() {
                    return Err(ResliceError::Cancelled);
                }
                registers::run(Tile {
                    march,
                    glint,
                    corner_px: [column, band_idx * TILE_PX],
                    band,
                });
            }
            Ok(())
        })
    }
}

/// A square of pixels of a band.
struct Tile<'a, T, M> {
    march: &'a March<'a, T, M>,
    glint: &'a Glint,
    corner_px: [usize; 2],
    /// The whole rows of the picture that it lies in.
    band: &'a mut [[u8; 4]],
}

impl<T: Grey, M: Mapping<T>> Loop for Tile<'_, T, M> {
    #[inline(always)]
    fn run(self) {
        let March {
            rays, table, field, ..
        } = *self.march;
        let lighting = (&rays.light, table, self.glint);
        let width = rays.size_px[0];
        let mut colours = [[0.0; 3]; TILE_PX * TILE_PX];
        let mut unlit = Unlit::<N_LIT>::new();
        let [first_column, first_row] = self.corner_px;
        let n_columns = (width - first_column).min(TILE_PX);
        let n_rows = (self.band.len() / width).min(TILE_PX);
        for row in 0..n_rows {
            for column in 0..n_columns {
                let pixel = [(first_column + column) as f64, (first_row + row) as f64];
                self.march.follow(pixel, |sample| {
                    let pixel_idx = row * TILE_PX + column;
                    if unlit.push(&sample, pixel_idx) == Enough::Yes {
                        unlit.light(field, lighting, &mut colours);
                    }
                });
            }
        }
        unlit.light(field, lighting, &mut colours);
        let rows = self.band.chunks_mut(width).zip(colours.chunks(TILE_PX));
        for (out, colours) in rows {
            for (pixel, [r, g, b]) in out[first_column..][..n_columns].iter_mut().zip(colours) {
                // The casts saturate.
                let grey = |c: f32| (c * 255.0 + 0.5) as u8;
                *pixel = [grey(*r), grey(*g), grey(*b), 255];
            }
        }
    }
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
                let table = TransferTable::new(&transfer, rays.step_mm);
                let visible = occupancy.visible(&table);
                let n_empty = visible.distances().iter().filter(|d| **d != 0).count();
                assert!(0 < n_empty, "the test must have something to step over");
                let draw = |bricks| picture(&volume, &rays, (&table, bricks), &|| false).unwrap();
                let (stepped, whole) = (draw(&visible), draw(&visible.all_shown()));
                assert!(stepped == whole, "{preset:?}");
                assert!(
                    stepped.values.iter().any(|c| *c != [0, 0, 0, 255]),
                    "{preset:?} shows nothing"
                );
            }
        }
    }
}
