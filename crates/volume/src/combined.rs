//! What the samples of all layers behind the pixels of a tile become.

use crate::counting::NOT_MEASURED;
use crate::{Rescale, SlabMode};

/// A run of pixels of a tile: row, first column, and how many.
pub(crate) type TileRun = (usize, usize, usize);

/// The samples of a tile of pixels, combined through the layers.
pub(crate) struct Combined {
    mode: SlabMode,
    tile_width: usize,
    samples: Vec<f64>,
    total: Vec<f64>,
    n_samples: Vec<u32>,
    /// Does a sample lie where nothing was measured?
    met_not_measured: Vec<bool>,
}

impl Combined {
    pub fn new(tile_width: usize, tile_height: usize, mode: SlabMode) -> Self {
        let n_pixels = tile_width * tile_height;
        Self {
            mode,
            tile_width,
            samples: vec![0.0; tile_width],
            total: vec![0.0; n_pixels],
            n_samples: vec![0; n_pixels],
            met_not_measured: vec![false; n_pixels],
        }
    }

    pub fn clear(&mut self) {
        let neutral = match self.mode {
            SlabMode::Mean => 0.0,
            SlabMode::Mip => f64::NEG_INFINITY,
            SlabMode::MinIp => f64::INFINITY,
        };
        self.total.fill(neutral);
        self.n_samples.fill(0);
        self.met_not_measured.fill(false);
    }

    /// Room for the fresh samples of a run.
    #[inline(always)]
    pub fn samples(&mut self, (_, _, n_pixels): TileRun) -> &mut [f64] {
        &mut self.samples[..n_pixels]
    }

    /// Takes in the fresh samples of a run. NaN once is NaN for ever.
    #[inline(always)]
    pub fn add(&mut self, (row, column, n_pixels): TileRun) {
        let first = row * self.tile_width + column;
        let run = first..first + n_pixels;
        let fresh = self.samples[..n_pixels].iter().copied();
        let totals = self.total[run.clone()].iter_mut().zip(fresh);
        match self.mode {
            SlabMode::Mean => totals.for_each(|(t, v)| *t += v),
            SlabMode::Mip => {
                totals.for_each(|(t, v)| *t = if v <= *t || t.is_nan() { *t } else { v })
            }
            SlabMode::MinIp => {
                totals.for_each(|(t, v)| *t = if *t <= v || t.is_nan() { *t } else { v })
            }
        }
        self.n_samples[run].iter_mut().for_each(|n| *n += 1);
    }

    /// The same for samples of which some lie where nothing was measured: these are left out.
    #[inline(always)]
    pub fn add_measured(&mut self, (row, column, n_pixels): TileRun) {
        let first = row * self.tile_width + column;
        let run = first..first + n_pixels;
        let pixels = self.total[run.clone()]
            .iter_mut()
            .zip(&mut self.n_samples[run.clone()])
            .zip(&mut self.met_not_measured[run])
            .zip(&self.samples[..n_pixels]);
        for (((t, n), met_not_measured), v) in pixels {
            let (v, is_measured) = (*v, *v != NOT_MEASURED);
            let combined = match self.mode {
                SlabMode::Mean => *t + v,
                SlabMode::Mip if v <= *t || t.is_nan() => *t,
                SlabMode::MinIp if *t <= v || t.is_nan() => *t,
                SlabMode::Mip | SlabMode::MinIp => v,
            };
            *t = if is_measured { combined } else { *t };
            *n += u32::from(is_measured);
            *met_not_measured |= !is_measured;
        }
    }

    /// Writes the values of the first pixels of a row of the tile.
    #[inline(always)]
    pub fn finish(&self, row: usize, rescale: Rescale, out: &mut [f32]) {
        let first = row * self.tile_width;
        let run = first..first + out.len();
        let combined = self.total[run.clone()]
            .iter()
            .zip(&self.n_samples[run.clone()]);
        let all = combined.zip(&self.met_not_measured[run]);
        for (value, ((total, n), met_not_measured)) in out.iter_mut().zip(all) {
            let combined = match (n, self.mode) {
                (0, _) if *met_not_measured => {
                    *value = NOT_MEASURED as f32;
                    continue;
                }
                (0, _) => f64::NAN,
                (n, SlabMode::Mean) => total / f64::from(*n),
                (_, SlabMode::Mip | SlabMode::MinIp) => *total,
            };
            // Pictures are 32-bit: 24 bits of mantissa hold every 16-bit value exactly.
            *value = rescale.value(combined) as f32;
        }
    }
}
