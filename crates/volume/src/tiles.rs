//! A reslice tile by tile: the voxels about a small piece of the picture stay near the processor through all layers.

use std::ops::Range;

use rayon::prelude::*;

use crate::combined::Combined;
use crate::counting::{Counting, CountingOne};
use crate::lanes::{Lanes, Lines};
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

    /// Do rows of the picture run along rows of voxels, as in most upright views?
    fn stays_in_voxel_row(&self) -> bool {
        let [width, _] = self.size_px;
        self.row(0, 0.0).stays_in_voxel_row(width)
    }

    /// Rows of voxels are read whole where rows of the picture run along them.
    fn tile_px(&self) -> [usize; 2] {
        match self.stays_in_voxel_row() {
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
    let n_slices = planes.len();
    let bands = Bands {
        lattice: &lattice,
        job,
        cancel,
        rescale: rising.unwrap_or(Rescale::IDENTITY),
    };
    if rising.is_some() {
        if meaning.all_count() {
            return bands.together(&Straight);
        } else if let Some(one) = CountingOne::new(&Straight, meaning, n_slices) {
            return bands.together(&one);
        }
        return bands.one_by_one(&Counting::new(&Straight, meaning));
    }
    let lines = Lines::of(lut, n_slices);
    match (&lines, meaning.all_count()) {
        (Some(lines), true) => bands.together(lines),
        (Some(lines), false) => match CountingOne::new(lines, meaning, n_slices) {
            Some(one) => bands.together(&one),
            None => bands.one_by_one(&Counting::new(lut, meaning)),
        },
        (None, true) => bands.one_by_one(lut),
        (None, false) => bands.one_by_one(&Counting::new(lut, meaning)),
    }
}

/// Bands of tiles, which run in parallel.
struct Bands<'a, T> {
    lattice: &'a Lattice<'a, T>,
    job: &'a Job,
    rescale: Rescale,
    cancel: &'a (dyn Fn() -> bool + Sync),
}

impl<T: Scalar> Bands<'_, T> {
    /// With many samples at a time.
    fn together<M: Lanes>(&self, mapping: &M) -> Result<Picture, ResliceError> {
        let (lattice, interpolation) = (self.lattice, self.job.interpolation);
        let along_columns = self.job.stays_in_voxel_row();
        self.compute::<M>(|(row, run), blended, out| {
            match (interpolation, along_columns) {
                (Interpolation::Linear, true) => {
                    lattice.linear_columns(mapping, (row, run.clone()), blended, out);
                }
                (Interpolation::Linear, false) => {
                    lattice.linear_run(mapping, (row, run.clone()), out);
                }
                (Interpolation::Nearest | Interpolation::Cubic, _) => {
                    return lattice.sample(mapping, interpolation, (row, run), out);
                }
            }
            if M::LEAVES_OUT {
                lattice.settle_all(mapping, interpolation, (row, run), out);
            }
        })
    }

    /// For mappings that do not do the same with every value.
    fn one_by_one<M: Mapping>(&self, mapping: &M) -> Result<Picture, ResliceError> {
        let (lattice, interpolation) = (self.lattice, self.job.interpolation);
        self.compute::<M>(|of, _, out| lattice.sample(mapping, interpolation, of, out))
    }

    fn compute<M: Mapping>(
        &self,
        sample: impl Fn((&Row, Range<usize>), &mut Vec<f64>, &mut [f64]) + Sync,
    ) -> Result<Picture, ResliceError> {
        let [width, height] = self.job.size_px;
        let mut picture = Picture {
            width,
            height,
            // Zeroed memory is given out untouched; each band touches its own.
            values: vec![0.0; width * height],
        };
        if width == 0 {
            return Ok(picture);
        }
        let [tile_width, tile_height] = self.job.tile_px();
        let band = |(combined, blended): &mut (Combined, Vec<f64>),
                    (band_idx, out): (usize, &mut [f32])| {
            let first_row = band_idx * tile_height;
            let rows = first_row..first_row + out.len() / width;
            for first_column in (0..width).step_by(tile_width) {
                if (self.cancel)() {
                    return Err(ResliceError::Cancelled);
                }
                let columns = first_column..(first_column + tile_width).min(width);
                let sample = |of: (&Row, Range<usize>), out: &mut [f64]| sample(of, blended, out);
                self.tile::<M>(sample, [columns.clone(), rows.clone()], combined);
                for (row, out) in out.chunks_exact_mut(width).enumerate() {
                    combined.finish(row, self.rescale, &mut out[columns.clone()]);
                }
            }
            Ok(())
        };
        let room = || {
            let combined = Combined::new(tile_width, tile_height, self.job.mode);
            (combined, Vec::new())
        };
        picture
            .values
            .par_chunks_mut(width * tile_height)
            .enumerate()
            .try_for_each_init(room, band)?;
        Ok(picture)
    }

    /// Combines the samples of all layers behind a piece of the picture.
    fn tile<M: Mapping>(
        &self,
        mut sample: impl FnMut((&Row, Range<usize>), &mut [f64]),
        [columns, rows]: [Range<usize>; 2],
        combined: &mut Combined,
    ) {
        combined.clear();
        for layer_mm in &self.job.layers_mm {
            for (row_of_tile, row_idx) in rows.clone().enumerate() {
                let row = self.job.row(row_idx, *layer_mm);
                let run = row.inside(self.lattice.size(), columns.clone());
                if run.is_empty() {
                    continue;
                }
                let at = (row_of_tile, run.start - columns.start, run.len());
                sample((&row, run), combined.samples(at));
                match M::LEAVES_OUT {
                    true => combined.add_measured(at),
                    false => combined.add(at),
                }
            }
        }
    }
}
