//! A reslice tile by tile: the voxels about a small piece of the picture stay near the processor through all layers.

use std::ops::Range;

use rayon::prelude::*;

use crate::combined::Combined;
use crate::counting::Counting;
use crate::lattice::{Lattice, Mapping, Row, Straight};
use crate::values::Scalar;
use crate::{Interpolation, Picture, Planes, Rescale, ResliceError, SlabMode, Volume};

/// Columns and rows of a tile. The voxels about it are some hundred cache lines, and so stay for the next layer.
const TILE_PX: [usize; 2] = [64, 16];

/// A reslice in voxel indices.
pub(crate) struct Job {
    pub start: [f64; 3],
    pub right: [f64; 3],
    pub down: [f64; 3],
    pub away_per_mm: [f64; 3],
    pub layers_mm: Vec<f64>,
    pub mode: SlabMode,
    pub interpolation: Interpolation,
    pub size_px: [usize; 2],
}

impl Job {
    fn row(&self, row_idx: usize, layer_mm: f64) -> Row {
        let start = std::array::from_fn(|a| {
            self.start[a] + row_idx as f64 * self.down[a] + layer_mm * self.away_per_mm[a]
        });
        Row {
            start,
            step: self.right,
        }
    }

    /// Rows of voxels are read whole where rows of the picture run along them.
    fn tile_px(&self) -> [usize; 2] {
        let along = Row {
            start: self.start,
            step: self.right,
        };
        match along.stays_in_voxel_row(self.size_px[0]) {
            true => [self.size_px[0], 1],
            false => TILE_PX,
        }
    }
}

/// Computes the picture of a job.
pub(crate) fn compute<T: Scalar>(
    planes: &Planes<T>,
    volume: &Volume,
    job: &Job,
    cancel: &(dyn Fn() -> bool + Sync),
) -> Result<Picture, ResliceError> {
    let planes = planes.all();
    let lattice = Lattice::new(&planes, volume.slice_size()).ok_or(ResliceError::DegenerateGrid)?;
    let (lut, meaning) = (&volume.modality_lut, &volume.meaning);
    // A falling line turns a maximum into a minimum, so it is applied before samples are compared.
    let rising = lut.uniform_rescale().filter(|r| 0.0 <= r.slope);
    match (rising, meaning.all_count()) {
        (Some(rescale), true) => bands(&lattice, &Straight, rescale, job, cancel),
        (Some(rescale), false) => {
            let mapping = Counting::new(&Straight, meaning);
            bands(&lattice, &mapping, rescale, job, cancel)
        }
        (None, true) => bands(&lattice, lut, Rescale::IDENTITY, job, cancel),
        (None, false) => {
            let mapping = Counting::new(lut, meaning);
            bands(&lattice, &mapping, Rescale::IDENTITY, job, cancel)
        }
    }
}

/// Bands of tiles run in parallel.
fn bands<T: Scalar, M: Mapping>(
    lattice: &Lattice<T>,
    mapping: &M,
    rescale: Rescale,
    job: &Job,
    cancel: &(dyn Fn() -> bool + Sync),
) -> Result<Picture, ResliceError> {
    let [width, height] = job.size_px;
    let mut picture = Picture {
        width,
        height,
        // Zeroed memory is given out untouched; each band touches its own.
        values: vec![0.0; width * height],
    };
    if width == 0 {
        return Ok(picture);
    }
    let [tile_width, tile_height] = job.tile_px();
    let band = |combined: &mut Combined, (band_idx, out): (usize, &mut [f32])| {
        let first_row = band_idx * tile_height;
        let rows = first_row..first_row + out.len() / width;
        for first_column in (0..width).step_by(tile_width) {
            if cancel() {
                return Err(ResliceError::Cancelled);
            }
            let columns = first_column..(first_column + tile_width).min(width);
            tile(
                lattice,
                mapping,
                job,
                [columns.clone(), rows.clone()],
                combined,
            );
            for (row, out) in out.chunks_exact_mut(width).enumerate() {
                combined.finish(row, rescale, &mut out[columns.clone()]);
            }
        }
        Ok(())
    };
    picture
        .values
        .par_chunks_mut(width * tile_height)
        .enumerate()
        .try_for_each_init(|| Combined::new(tile_width, tile_height, job.mode), band)?;
    Ok(picture)
}

/// Combines the samples of all layers behind a piece of the picture.
#[inline(always)]
fn tile<T: Scalar, M: Mapping>(
    lattice: &Lattice<T>,
    mapping: &M,
    job: &Job,
    [columns, rows]: [Range<usize>; 2],
    combined: &mut Combined,
) {
    combined.clear();
    for layer_mm in &job.layers_mm {
        for (row_of_tile, row_idx) in rows.clone().enumerate() {
            let row = job.row(row_idx, *layer_mm);
            let run = row.inside(lattice.size(), columns.clone());
            if run.is_empty() {
                continue;
            }
            let at = (row_of_tile, run.start - columns.start, run.len());
            let samples = combined.samples(at);
            lattice.sample(mapping, job.interpolation, (&row, run), samples);
            match M::LEAVES_OUT {
                true => combined.add_measured(at),
                false => combined.add(at),
            }
        }
    }
}
