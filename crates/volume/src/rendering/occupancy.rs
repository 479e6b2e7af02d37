use rayon::prelude::*;

use super::sampler::Sampler;
use super::transfer::TransferTable;
use crate::values::{Scalar, for_grey};
use crate::{Planes, ResliceError, Volume};

/// Cells along the side of a brick; a cell lies between two voxel centres.
pub(super) const BRICK_CELLS: usize = 8;

/// The range of values in each brick of a volume, so that a ray steps over what cannot show. Made once a volume.
#[derive(Clone, Debug, PartialEq)]
pub struct Occupancy {
    n_bricks: [usize; 3],
    /// Smallest and largest modality value of a brick with its border; NaN where no voxel has a value.
    ranges: Vec<[f32; 2]>,
}

/// The bricks that show anything under a transfer function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisibleBricks {
    pub(super) n_bricks: [usize; 3],
    shows: Vec<bool>,
}

impl Occupancy {
    /// Reads every voxel that is here; not for the thread that draws.
    ///
    /// # Errors
    /// For colour.
    pub fn of(volume: &Volume) -> Result<Self, ResliceError> {
        for_grey!(&volume.voxels, planes => Ok(Self::of_planes(volume, planes)), colour => Err(ResliceError::Colour))
    }

    fn of_planes<T: Scalar>(volume: &Volume, planes: &Planes<T>) -> Self {
        let planes = planes.all();
        let sampler = Sampler::new(
            &planes,
            volume.slice_size(),
            &volume.modality_lut,
            &volume.meaning,
        );
        let n_bricks = sampler
            .size()
            .map(|n| n.saturating_sub(1).div_ceil(BRICK_CELLS).max(1));
        let [n_x, n_y, n_z] = n_bricks;
        let layer = |z: usize| -> Vec<[f32; 2]> {
            let brick = |y: usize| (0..n_x).map(move |x| [x, y, z]);
            (0..n_y)
                .flat_map(brick)
                .map(|at| range(&sampler, at))
                .collect()
        };
        let layers: Vec<Vec<[f32; 2]>> = (0..n_z).into_par_iter().map(layer).collect();
        Self {
            n_bricks,
            ranges: layers.concat(),
        }
    }

    /// The bricks that show anything under a transfer function.
    pub fn visible(&self, table: &TransferTable) -> VisibleBricks {
        VisibleBricks {
            n_bricks: self.n_bricks,
            shows: self
                .ranges
                .iter()
                .map(|range| table.shows(*range))
                .collect(),
        }
    }
}

/// The range of a brick and of the voxels on its far border, which its outermost cells reach to.
fn range<T: Scalar>(sampler: &Sampler<T>, brick: [usize; 3]) -> [f32; 2] {
    let size = sampler.size();
    let [columns, rows, slices] = [0, 1, 2].map(|axis| {
        let first = brick[axis] * BRICK_CELLS;
        first..(first + BRICK_CELLS + 1).min(size[axis])
    });
    let (mut low, mut high) = (f32::INFINITY, f32::NEG_INFINITY);
    for k in slices {
        for j in rows.clone() {
            for i in columns.clone() {
                let value = sampler.voxel([i, j, k]);
                // Both comparisons are false for NaN.
                low = if value < low { value } else { low };
                high = if high < value { value } else { high };
            }
        }
    }
    if low <= high {
        [low, high]
    } else {
        [f32::NAN; 2]
    }
}

impl VisibleBricks {
    /// Does a brick show anything?
    #[inline(always)]
    pub(super) fn shows(&self, [x, y, z]: [usize; 3]) -> bool {
        let [n_x, n_y, _] = self.n_bricks;
        self.shows
            .get((z * n_y + y) * n_x + x)
            .is_some_and(|shows| *shows)
    }

    /// The same with nothing to step over.
    #[cfg(test)]
    pub(super) fn all_shown(&self) -> Self {
        Self {
            n_bricks: self.n_bricks,
            shows: vec![true; self.shows.len()],
        }
    }

    /// Bricks along columns, rows and slices.
    pub fn n_bricks(&self) -> [usize; 3] {
        self.n_bricks
    }

    /// 1 for each brick that shows, 0 for each that does not, columns fastest.
    pub fn flags(&self) -> Vec<u8> {
        self.shows.iter().map(|shows| u8::from(*shows)).collect()
    }
}
