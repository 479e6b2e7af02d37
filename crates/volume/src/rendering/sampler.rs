//! Values between voxel centres for pictures of light: in 32 bits, since nobody reads a number off them.

use crate::values::Scalar;
use crate::{Meaning, ModalityLut, Plane, Rescale};

/// What stored values become, decided once a picture.
pub(super) enum Scaling<'a> {
    /// One line for all voxels.
    Line(Rescale),
    /// A line a slice, or a table.
    Each(&'a ModalityLut),
}

/// All slices of a volume for sampling. A hole is an empty slice.
pub(super) struct Sampler<'a, T> {
    slices: Vec<&'a [T]>,
    size: [usize; 3],
    scaling: Scaling<'a>,
    /// What does not count, where anything does not.
    excluding: Option<&'a Meaning>,
}

impl<'a, T: Scalar> Sampler<'a, T> {
    /// A slice shorter than the grid says is a hole.
    pub fn new(
        planes: &'a [Option<Plane<T>>],
        [n_columns, n_rows]: [usize; 2],
        lut: &'a ModalityLut,
        meaning: &'a Meaning,
    ) -> Self {
        let whole = |slice: &&'a [T]| slice.len() == n_columns * n_rows;
        let slices: Vec<&[T]> = planes
            .iter()
            .map(|plane| plane.as_deref().filter(whole).unwrap_or(&[]))
            .collect();
        Self {
            size: [n_columns, n_rows, slices.len()],
            slices,
            scaling: lut
                .uniform_rescale()
                .map_or(Scaling::Each(lut), Scaling::Line),
            excluding: (!meaning.all_count()).then_some(meaning),
        }
    }

    pub fn size(&self) -> [usize; 3] {
        self.size
    }

    /// The modality value of a voxel; NaN in a hole and where it does not count.
    #[inline(always)]
    pub fn voxel(&self, [i, j, k]: [usize; 3]) -> f32 {
        let Some(stored) = self
            .slices
            .get(k)
            .and_then(|slice| slice.get(j * self.size[0] + i))
        else {
            return f32::NAN;
        };
        self.value(k, (*stored).into())
    }

    #[inline(always)]
    fn value(&self, slice_idx: usize, stored: f64) -> f32 {
        if self
            .excluding
            .is_some_and(|meaning| !meaning.counts(slice_idx, stored))
        {
            return f32::NAN;
        }
        // Pictures are 32-bit: 24 bits of mantissa hold every 16-bit value exactly.
        match &self.scaling {
            Scaling::Line(rescale) => rescale.value(stored) as f32,
            Scaling::Each(lut) => lut.value(slice_idx, stored) as f32,
        }
    }

    /// Linear between the eight voxels about a place, in voxel indices; NaN next to a hole and to what does not count.
    #[inline(always)]
    pub fn linear(&self, at: [f32; 3]) -> f32 {
        let [(i, fi), (j, fj), (k, fk)] = [0, 1, 2].map(|axis| split(at[axis], self.size[axis]));
        let right = usize::from(i + 1 < self.size[0]);
        let below = if j + 1 < self.size[1] {
            self.size[0]
        } else {
            0
        };
        let near = self.plane(k, [j * self.size[0] + i, right, below], [fi, fj]);
        if k + 1 < self.size[2] && 0.0 < fk {
            let far = self.plane(k + 1, [j * self.size[0] + i, right, below], [fi, fj]);
            near + (far - near) * fk
        } else {
            near
        }
    }

    #[inline(always)]
    fn plane(&self, k: usize, [corner, right, below]: [usize; 3], [fi, fj]: [f32; 2]) -> f32 {
        let slice = self.slices[k];
        if slice.len() <= corner + right + below {
            return f32::NAN;
        }
        let v = |at: usize| self.value(k, slice[at].into());
        let top = v(corner) + (v(corner + right) - v(corner)) * fi;
        let bottom = v(corner + below) + (v(corner + below + right) - v(corner + below)) * fi;
        top + (bottom - top) * fj
    }

    /// Change per voxel along the three axes, over one voxel to each side.
    #[inline(always)]
    pub fn gradient(&self, at: [f32; 3]) -> [f32; 3] {
        std::array::from_fn(|axis| {
            let mut sides = [at, at];
            sides[0][axis] -= 1.0;
            sides[1][axis] += 1.0;
            (self.linear(sides[1]) - self.linear(sides[0])) * 0.5
        })
    }
}

/// The voxel at or before a coordinate clamped to the outer centres, and the weight of the next one.
#[inline(always)]
fn split(c: f32, n: usize) -> (usize, f32) {
    let c = c.clamp(0.0, (n - 1) as f32);
    // The cast is safe: the clamp leaves 0 ..= n − 1.
    let idx = c as usize;
    (idx, c - idx as f32)
}
