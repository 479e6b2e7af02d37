use rayon::prelude::*;

use super::field::{Field, Grey, Mapping, OnField, on_field};
use super::transfer::TransferTable;
use crate::{ResliceError, Volume};

const BRICK_CELLS: usize = VisibleBricks::BRICK_CELLS;

/// The range of values in each brick of a volume, so that a ray steps over what cannot show. Made once a volume.
#[derive(Clone, Debug, PartialEq)]
pub struct Occupancy {
    n_bricks: [usize; 3],
    /// Smallest and largest modality value of a brick with its border; NaN where no voxel has a value.
    ranges: Vec<[f32; 2]>,
}

impl Occupancy {
    /// Reads every voxel that is here; not for the thread that draws.
    ///
    /// # Errors
    /// For colour, and for a volume of a single column, row or slice.
    pub fn of(volume: &Volume) -> Result<Self, ResliceError> {
        on_field(volume, Ranges)
    }

    /// The bricks that show anything under a transfer function.
    pub fn visible(&self, table: &TransferTable) -> VisibleBricks {
        let shows = self.ranges.par_iter().with_min_len(1 << 12);
        let shows = shows.map(|range| u8::from(table.shows(*range)));
        VisibleBricks::of(self.n_bricks, shows.collect())
    }
}

/// Takes the range of every brick.
struct Ranges;

impl OnField for Ranges {
    type Output = Occupancy;

    fn run<T: Grey, M: Mapping<T>>(self, field: &Field<T, M>) -> Occupancy {
        let n_bricks = field.size().map(|n| (n - 1).div_ceil(BRICK_CELLS));
        let layers = (0..n_bricks[2]).into_par_iter();
        let layers: Vec<_> = layers.map(|z| layer(field, n_bricks, z)).collect();
        Occupancy {
            n_bricks,
            ranges: layers.concat(),
        }
    }
}

/// Nothing is below the one or above the other.
const NO_RANGE: [f32; 2] = [f32::INFINITY, f32::NEG_INFINITY];

/// The ranges of the bricks between two slices: of each brick and of the voxels on its far border, which its outermost
/// cells reach to.
fn layer<T: Grey, M: Mapping<T>>(
    field: &Field<T, M>,
    [n_x, n_y, _]: [usize; 3],
    z: usize,
) -> Vec<[f32; 2]> {
    let [n_columns, n_rows, n_slices] = field.size();
    let voxels = |brick: usize, n: usize| {
        let first = brick * BRICK_CELLS;
        first..(first + BRICK_CELLS + 1).min(n)
    };
    let mut row = vec![0.0; n_columns];
    let (mut low, mut high) = (row.clone(), row.clone());
    let mut ranges = Vec::with_capacity(n_x * n_y);
    for y in 0..n_y {
        low.fill(NO_RANGE[0]);
        high.fill(NO_RANGE[1]);
        for k in voxels(z, n_slices) {
            for j in voxels(y, n_rows) {
                field.row([j, k], &mut row);
                for ((low, high), v) in low.iter_mut().zip(&mut high).zip(&row) {
                    // Both comparisons are false for NaN.
                    *low = if *v < *low { *v } else { *low };
                    *high = if *high < *v { *v } else { *high };
                }
            }
        }
        ranges.extend((0..n_x).map(|x| {
            let columns = voxels(x, n_columns);
            let of_columns = low[columns.clone()].iter().zip(&high[columns]);
            let [low, high] =
                of_columns.fold(NO_RANGE, |[a, b], (low, high)| [a.min(*low), b.max(*high)]);
            if low <= high {
                [low, high]
            } else {
                [f32::NAN; 2]
            }
        }));
    }
    ranges
}

/// The bricks that show anything under a transfer function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisibleBricks {
    n_bricks: [usize; 3],
    /// How many bricks away the nearest one that shows is, in its longest direction.
    distances: Vec<u8>,
}

impl VisibleBricks {
    /// Cells along the side of a brick; a cell lies between two voxel centres.
    pub const BRICK_CELLS: usize = 8;
    /// Distances are counted up to this.
    const MAX_DISTANCE: u8 = 16;

    /// Of 1 for each brick that shows and 0 for each that does not, columns fastest.
    fn of(n_bricks: [usize; 3], shows: Vec<u8>) -> Self {
        let mut distances = vec![0; shows.len()];
        let mut reached = shows;
        for _ in 0..Self::MAX_DISTANCE {
            if reached.iter().all(|r| *r == 1) {
                break;
            }
            for (distance, reached) in distances.iter_mut().zip(&reached) {
                *distance += 1 - reached;
            }
            widen(n_bricks, &mut reached);
        }
        Self {
            n_bricks,
            distances,
        }
    }

    /// The same with nothing to step over.
    #[cfg(test)]
    pub(super) fn all_shown(&self) -> Self {
        Self {
            n_bricks: self.n_bricks,
            distances: vec![0; self.distances.len()],
        }
    }

    /// Bricks along columns, rows and slices.
    pub fn n_bricks(&self) -> [usize; 3] {
        self.n_bricks
    }

    /// For each brick, columns fastest: how many bricks away the nearest one that shows is, in its longest direction; 0 for
    /// one that shows. Beyond 16 it is not counted further.
    pub fn distances(&self) -> &[u8] {
        &self.distances
    }

    /// How rays of a direction step over what is empty.
    #[inline(always)]
    pub(super) fn leap(&self, per_step: [f32; 3]) -> Leap {
        Leap {
            is_rising: per_step.map(|by| 0.0 < by),
            // Infinite along an axis that the ray keeps its place on.
            steps_per_voxel: per_step.map(|by| 1.0 / by.abs()),
        }
    }
}

/// Takes the neighbours of what was reached in, along every axis.
fn widen([n_x, n_y, _]: [usize; 3], reached: &mut [u8]) {
    for (along, block) in [(1, n_x), (n_x, n_x * n_y), (n_x * n_y, reached.len())] {
        let before = reached.to_vec();
        for (new, old) in reached.chunks_mut(block).zip(before.chunks(block)) {
            for (new, old) in new.iter_mut().skip(along).zip(old) {
                *new |= old;
            }
            for (new, old) in new.iter_mut().zip(&old[along.min(old.len())..]) {
                *new |= old;
            }
        }
    }
}

/// How rays of a direction step over what is empty.
pub(super) struct Leap {
    is_rising: [bool; 3],
    steps_per_voxel: [f32; 3],
}

impl Leap {
    /// 32-bit places are good to this part of a step; a leap that ends too early costs a look, one too late a sample.
    const MARGIN_STEPS: f32 = 0.002;

    /// How many steps lead from a place to the next brick that may show; none in one that does.
    #[inline(always)]
    pub fn over(&self, bricks: &VisibleBricks, at: [f32; 3]) -> usize {
        let [n_x, n_y, n_z] = bricks.n_bricks;
        // The casts saturate at zero.
        let x = (at[0] as u32 as usize / BRICK_CELLS).min(n_x - 1);
        let y = (at[1] as u32 as usize / BRICK_CELLS).min(n_y - 1);
        let z = (at[2] as u32 as usize / BRICK_CELLS).min(n_z - 1);
        let distance = match bricks.distances.get((z * n_y + y) * n_x + x) {
            Some(distance) => usize::from(*distance),
            None => 0,
        };
        if distance == 0 {
            return 0;
        }
        let mut n_steps = f32::INFINITY;
        for (axis, brick) in [x, y, z].into_iter().enumerate() {
            let room = if self.is_rising[axis] {
                ((brick + distance) * BRICK_CELLS) as f32 - at[axis]
            } else {
                at[axis] - (brick as f32 + 1.0 - distance as f32) * BRICK_CELLS as f32
            };
            n_steps = n_steps.min(room * self.steps_per_voxel[axis]);
        }
        // A place on a wall belongs to the brick behind it. The cast saturates.
        (n_steps - Self::MARGIN_STEPS).max(0.0) as usize + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_lead_to_the_nearest_brick_that_shows_in_its_longest_direction() {
        let n_bricks = [9, 5, 23];
        let all =
            || (0..9_usize).flat_map(|x| (0..5).flat_map(move |y| (0..23).map(move |z| [x, y, z])));
        for shown in [
            vec![[2, 1, 3]],
            vec![[0, 0, 0], [8, 4, 22]],
            vec![[4, 2, 11], [4, 3, 12]],
            vec![],
        ] {
            let idx = |[x, y, z]: [usize; 3]| (z * n_bricks[1] + y) * n_bricks[0] + x;
            let mut shows = vec![0; 9 * 5 * 23];
            shown.iter().for_each(|brick| shows[idx(*brick)] = 1);
            let bricks = VisibleBricks::of(n_bricks, shows);
            for brick in all() {
                let away = |other: &[usize; 3]| (0..3).map(|a| brick[a].abs_diff(other[a])).max();
                let expected = shown.iter().filter_map(away).min().unwrap_or(99).min(16);
                assert_eq!(
                    usize::from(bricks.distances()[idx(brick)]),
                    expected,
                    "{brick:?} of {shown:?}"
                );
            }
        }
    }
}
