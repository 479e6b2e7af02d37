//! How a volume longer than the card's longest side lies in one 3-D texture: cut into bricks, which fill the sides that
//! have room. Every voxel is loaded by its own place, never filtered by the card, so no brick needs its neighbours' edge.

/// The bricks of a volume and their places in its texture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bricks {
    /// Columns, rows and slices of the volume.
    pub(crate) size: [u32; 3],
    /// Voxels of a brick along each axis; the last of a row may be filled in part.
    pub(crate) brick: [u32; 3],
    /// Bricks that the volume is cut into along each axis.
    pub(crate) n_bricks: [u32; 3],
    /// Bricks beside each other along each axis of the texture.
    pub(crate) n_in_texture: [u32; 3],
}

impl Bricks {
    /// The arrangement under a longest side; `None` when there is none, or when an axis is empty.
    pub(crate) fn new(size: [u32; 3], side_limit: u32) -> Option<Self> {
        if size.contains(&0) || side_limit == 0 {
            return None;
        }
        // As few cuts as the limit allows, and even ones, so that little is left empty.
        let n_bricks = size.map(|n| n.div_ceil(side_limit));
        let brick: [u32; 3] = std::array::from_fn(|a| size[a].div_ceil(n_bricks[a]));
        let mut n_waiting = n_bricks.iter().try_fold(1_u32, |n, k| n.checked_mul(*k))?;
        let mut n_in_texture = [1; 3];
        for axis in 0..3 {
            n_in_texture[axis] = n_waiting.min(side_limit / brick[axis]);
            n_waiting = n_waiting.div_ceil(n_in_texture[axis]);
        }
        (n_waiting == 1).then_some(Self {
            size,
            brick,
            n_bricks,
            n_in_texture,
        })
    }

    /// Texels of the texture along each axis.
    pub(crate) fn texture_size(&self) -> [u32; 3] {
        std::array::from_fn(|a| self.brick[a] * self.n_in_texture[a])
    }

    /// Where the first voxel of a brick lies in the texture; the shader's twin.
    pub(crate) fn corner(&self, brick_idx: [u32; 3]) -> [u32; 3] {
        let [n_x, n_y, _] = self.n_bricks;
        let idx = brick_idx[0] + n_x * (brick_idx[1] + n_y * brick_idx[2]);
        let [a_x, a_y, _] = self.n_in_texture;
        let place = [idx % a_x, idx / a_x % a_y, idx / (a_x * a_y)];
        std::array::from_fn(|a| place[a] * self.brick[a])
    }

    /// The parts of a slice: where each begins in the slice, how large it is, and where it goes in the texture.
    pub(crate) fn parts(&self, slice_idx: u32) -> Vec<Part> {
        let along_z = slice_idx / self.brick[2];
        let mut parts = Vec::new();
        for y in 0..self.n_bricks[1] {
            for x in 0..self.n_bricks[0] {
                let from = [x * self.brick[0], y * self.brick[1]];
                let corner = self.corner([x, y, along_z]);
                let z = corner[2] + slice_idx % self.brick[2];
                parts.push(Part {
                    from,
                    size: std::array::from_fn(|a| {
                        self.brick[a].min(self.size[a].saturating_sub(from[a]))
                    }),
                    to: [corner[0], corner[1], z],
                });
            }
        }
        parts.retain(|part| !part.size.contains(&0));
        parts
    }
}

/// A rectangle of a slice on its way into the texture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// First column and row in the slice.
    pub(crate) from: [u32; 2],
    /// Columns and rows.
    pub(crate) size: [u32; 2],
    /// Place of its first voxel in the texture.
    pub(crate) to: [u32; 3],
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_voxel_has_a_place_of_its_own_within_the_limit() {
        for (size, side_limit) in [
            ([5, 4, 3], 8),
            ([2, 4, 30], 8),
            ([13, 4, 9], 10),
            ([23, 9, 20], 20),
            ([7, 23, 5], 16),
            ([30, 6, 30], 25),
            ([8, 8, 8], 8),
        ] {
            let bricks = Bricks::new(size, side_limit).unwrap();
            let texture = bricks.texture_size();
            assert!(texture.iter().all(|n| *n <= side_limit), "{bricks:?}");
            let mut seen = BTreeSet::new();
            for slice_idx in 0..size[2] {
                let mut n_voxels = 0;
                for part in bricks.parts(slice_idx) {
                    for y in 0..part.size[1] {
                        for x in 0..part.size[0] {
                            let at = [part.to[0] + x, part.to[1] + y, part.to[2]];
                            assert!((0..3).all(|a| at[a] < texture[a]), "{at:?} of {bricks:?}");
                            assert!(seen.insert(at), "{at:?} twice of {bricks:?}");
                            n_voxels += 1;
                        }
                    }
                }
                assert_eq!(
                    n_voxels,
                    size[0] * size[1],
                    "slice {slice_idx} of {bricks:?}"
                );
            }
        }
    }

    #[test]
    fn what_fits_is_not_cut_and_what_fits_in_no_way_is_refused() {
        let whole = Bricks::new([512, 512, 700], 2048).unwrap();
        assert_eq!((whole.n_bricks, whole.brick), ([1; 3], [512, 512, 700]));
        let long = Bricks::new([512, 512, 5000], 2048).unwrap();
        assert_eq!((long.n_bricks, long.n_in_texture), ([1, 1, 3], [3, 1, 1]));
        // A tomosynthesis wider than the limit.
        let wide = Bricks::new([2457, 1890, 60], 2048).unwrap();
        assert_eq!((wide.n_bricks, wide.n_in_texture), ([2, 1, 1], [1, 1, 2]));
        assert_eq!(Bricks::new([8, 8, 9], 8), None);
        assert_eq!(Bricks::new([0, 8, 8], 8), None);
        assert_eq!(Bricks::new([u32::MAX, u32::MAX, u32::MAX], 2), None);
    }
}
