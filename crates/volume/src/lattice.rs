//! Sampling of voxels along a straight row of points, in voxel indices. The one hot loop of the CPU pictures.

use std::ops::Range;

use crate::values::Scalar;
use crate::{Interpolation, ModalityLut, Plane};

/// A sample this close beyond the outer edge, in voxels, is still inside: it hides rounding, not distance.
pub(crate) const EDGE_TOLERANCE_VOXELS: f64 = 1e-9;

/// From a stored value of a slice to what is interpolated.
pub(crate) trait Mapping: Sync {
    /// Are there stored values that must not be interpolated? Their value is NaN.
    const LEAVES_OUT: bool = false;

    fn value(&self, slice_idx: usize, stored: f64) -> f64;

    /// Does a stored value of a slice of the lattice count as a measured one?
    fn counts(&self, _slice_idx: usize, _stored: f64) -> bool {
        true
    }
}

/// Interpolates stored values; the caller applies the one slope and intercept afterwards.
pub(crate) struct Straight;

impl Mapping for Straight {
    #[inline(always)]
    fn value(&self, _slice_idx: usize, stored: f64) -> f64 {
        stored
    }
}

impl Mapping for ModalityLut {
    fn value(&self, slice_idx: usize, stored: f64) -> f64 {
        ModalityLut::value(self, slice_idx, stored)
    }
}

/// A straight row of sample points: sample i lies at `start + i · step`, in (column, row, slice) indices.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub start: [f64; 3],
    pub step: [f64; 3],
}

impl Row {
    /// The samples of a run whose points are inside the cuboid of voxel cells.
    #[inline(always)]
    pub fn inside(&self, size: [usize; 3], run: Range<usize>) -> Range<usize> {
        let (mut first, mut end) = (run.start as f64, run.end as f64);
        for ((s, d), n) in self.start.into_iter().zip(self.step).zip(size) {
            let (low, high) = (
                -0.5 - EDGE_TOLERANCE_VOXELS,
                n as f64 - 0.5 + EDGE_TOLERANCE_VOXELS,
            );
            if d.abs() < 1e-13 {
                if s < low || high < s {
                    return 0..0;
                }
                continue;
            }
            let (a, b) = ((low - s) / d, (high - s) / d);
            first = first.max(a.min(b).ceil());
            end = end.min(a.max(b).floor() + 1.0);
        }
        // The casts saturate and both ends are within the run.
        if first < end {
            first as usize..end as usize
        } else {
            0..0
        }
    }

    /// Do the first `n_samples` run along the columns alone, as they do in most upright views?
    #[inline(always)]
    pub fn stays_in_voxel_row(&self, n_samples: usize) -> bool {
        let drift = |axis: usize| self.step[axis].abs() * n_samples as f64;
        drift(1) < EDGE_TOLERANCE_VOXELS && drift(2) < EDGE_TOLERANCE_VOXELS
    }

    /// Where a sample lies.
    #[inline(always)]
    pub fn at(&self, i: usize) -> [f64; 3] {
        let i = i as f64;
        [
            self.start[0] + i * self.step[0],
            self.start[1] + i * self.step[1],
            self.start[2] + i * self.step[2],
        ]
    }
}

/// The slices of a volume, collected once for sampling. A hole is an empty slice.
pub(crate) struct Lattice<'a, T> {
    slices: Vec<&'a [T]>,
    size: [usize; 3],
    /// Of each slice, and after the last one: how many before it are holes.
    n_holes_before: Vec<usize>,
}

impl<'a, T: Scalar> Lattice<'a, T> {
    /// All slices; `None` when the volume has no voxels. A slice shorter than the grid says is a hole.
    pub fn new(planes: &'a [Option<Plane<T>>], [n_columns, n_rows]: [usize; 2]) -> Option<Self> {
        let whole = |slice: &&'a [T]| slice.len() == n_columns * n_rows;
        let slices = planes.iter().map(|plane| {
            let slice = plane.as_deref().filter(whole);
            slice.unwrap_or(&[])
        });
        Self::of(slices.collect(), [n_columns, n_rows])
    }

    /// One slice alone; `None` for one shorter than the grid says.
    pub fn single(plane: &'a Plane<T>, [n_columns, n_rows]: [usize; 2]) -> Option<Self> {
        (plane.len() == n_columns * n_rows)
            .then(|| Self::of(vec![plane], [n_columns, n_rows]))
            .flatten()
    }

    /// Slices of whole size, or empty where they are holes.
    pub fn of(slices: Vec<&'a [T]>, [n_columns, n_rows]: [usize; 2]) -> Option<Self> {
        let size = [n_columns, n_rows, slices.len()];
        let fits = size.iter().all(|n| 0 < *n && *n < i32::MAX as usize);
        let mut n_holes_before = vec![0];
        for slice in &slices {
            let n_holes = n_holes_before[n_holes_before.len() - 1];
            n_holes_before.push(n_holes + usize::from(slice.is_empty()));
        }
        fits.then_some(Self {
            slices,
            size,
            n_holes_before,
        })
    }

    pub fn size(&self) -> [usize; 3] {
        self.size
    }

    /// The values of each slice, row by row; none in a hole.
    #[inline(always)]
    pub fn slices(&self) -> &[&'a [T]] {
        &self.slices
    }

    /// Do the slices about a run that is between voxels hold no hole?
    #[inline(always)]
    pub fn is_whole_about(&self, row: &Row, run: &Range<usize>) -> bool {
        let ends =
            [run.start, run.end.saturating_sub(1)].map(|i| split(row.at(i)[2], self.size[2]).0);
        let slices = ends[0].min(ends[1])..ends[0].max(ends[1]) + 2;
        match (
            self.n_holes_before.get(slices.start),
            self.n_holes_before.get(slices.end),
        ) {
            (Some(before), Some(after)) => before == after,
            _ => false,
        }
    }

    /// The stored value at a place within the size; `None` in a hole.
    pub fn stored(&self, [i, j, k]: [usize; 3]) -> Option<f64> {
        let slice = self.slices.get(k)?;
        slice.get(j * self.size[0] + i).map(|v| (*v).into())
    }

    /// Samples a run of a row into `out`, one value each; all points must be inside. NaN beside a hole; where values do
    /// not count, see [`Lattice::settle`].
    pub fn sample<M: Mapping>(
        &self,
        mapping: &M,
        interpolation: Interpolation,
        (row, run): (&Row, Range<usize>),
        out: &mut [f64],
    ) {
        debug_assert_eq!(out.len(), run.len());
        self.sample_blindly(mapping, interpolation, (row, run.clone()), out);
        if M::LEAVES_OUT {
            self.settle_all(mapping, interpolation, (row, run), out);
        }
    }

    /// Settles the samples of a run that came out as NaN, as what does not count does, and holes; most are of neither.
    pub fn settle_all(
        &self,
        mapping: &impl Mapping,
        interpolation: Interpolation,
        (row, run): (&Row, Range<usize>),
        out: &mut [f64],
    ) {
        for (v, i) in out.iter_mut().zip(run).filter(|(v, _)| v.is_nan()) {
            *v = self.settle(mapping, interpolation, row.at(i));
        }
    }

    fn sample_blindly(
        &self,
        mapping: &impl Mapping,
        interpolation: Interpolation,
        (row, run): (&Row, Range<usize>),
        out: &mut [f64],
    ) {
        match interpolation {
            Interpolation::Nearest => {
                for (v, i) in out.iter_mut().zip(run) {
                    *v = self.nearest(mapping, row.at(i));
                }
            }
            Interpolation::Linear if row.stays_in_voxel_row(run.end) => {
                self.linear_along_columns(mapping, (row, run), out);
            }
            Interpolation::Linear => {
                for (v, i) in out.iter_mut().zip(run) {
                    *v = self.linear(mapping, row.at(i));
                }
            }
            Interpolation::Cubic => {
                for (v, i) in out.iter_mut().zip(run) {
                    *v = self.cubic(mapping, row.at(i));
                }
            }
        }
    }

    #[inline(always)]
    fn nearest(&self, mapping: &impl Mapping, at: [f64; 3]) -> f64 {
        let [i, j, k] = std::array::from_fn(|a| nearest_idx(at[a], self.size[a]));
        self.slices[k]
            .get(j * self.size[0] + i)
            .map_or(f64::NAN, |v| mapping.value(k, (*v).into()))
    }

    /// One linear sample at a place inside; NaN beside a hole.
    #[inline(always)]
    pub fn linear(&self, mapping: &impl Mapping, at: [f64; 3]) -> f64 {
        let [n_columns, n_rows, n_slices] = self.size;
        let (i, fi) = split(at[0], n_columns);
        let (j, fj) = split(at[1], n_rows);
        let (k, fk) = split(at[2], n_slices);
        // Beyond the last voxel there is no neighbour, and its weight is zero.
        let right = usize::from(i + 1 < n_columns);
        let below = if j + 1 < n_rows { n_columns } else { 0 };
        let corner = j * n_columns + i;
        let plane = |k: usize| -> f64 {
            let slice = self.slices[k];
            if slice.is_empty() {
                return f64::NAN;
            }
            let v = |at: usize| mapping.value(k, slice[at].into());
            let top = lerp(v(corner), v(corner + right), fi);
            let bottom = lerp(v(corner + below), v(corner + below + right), fi);
            lerp(top, bottom, fj)
        };
        if fk <= 0.0 {
            plane(k)
        } else {
            lerp(plane(k), plane(k + 1), fk)
        }
    }

    /// Blends the four voxel rows about the samples into one, and then samples that along its columns.
    fn linear_along_columns(
        &self,
        mapping: &impl Mapping,
        (row, run): (&Row, Range<usize>),
        out: &mut [f64],
    ) {
        let [n_columns, n_rows, n_slices] = self.size;
        let (j, fj) = split(row.start[1], n_rows);
        let (k, fk) = split(row.start[2], n_slices);
        let below = (j + 1).min(n_rows - 1);
        // Only the columns between the outermost samples are needed.
        let reach =
            [run.start, run.end.saturating_sub(1)].map(|i| split(row.at(i)[0], n_columns).0);
        let first = reach[0].min(reach[1]);
        let columns = first..(reach[0].max(reach[1]) + 2).min(n_columns);
        let plane = |k: usize| -> Vec<f64> {
            let voxel_row = |j: usize| {
                let start = j * n_columns;
                self.slices[k]
                    .get(start + columns.start..start + columns.end)
                    .unwrap_or(&[])
            };
            let pairs = voxel_row(j).iter().zip(voxel_row(below));
            pairs
                .map(|(a, b)| {
                    lerp(
                        mapping.value(k, (*a).into()),
                        mapping.value(k, (*b).into()),
                        fj,
                    )
                })
                .collect()
        };
        let mut blended = plane(k);
        if 0.0 < fk {
            let far = plane(k + 1);
            if far.is_empty() {
                blended.clear();
            }
            blended
                .iter_mut()
                .zip(far)
                .for_each(|(near, far)| *near = lerp(*near, far, fk));
        }
        if blended.is_empty() {
            out.fill(f64::NAN);
            return;
        }
        for (v, i) in out.iter_mut().zip(run) {
            let (i, fi) = split(row.at(i)[0], n_columns);
            let right = usize::from(i + 1 < n_columns);
            *v = lerp(blended[i - first], blended[i - first + right], fi);
        }
    }

    fn cubic(&self, mapping: &impl Mapping, at: [f64; 3]) -> f64 {
        let [columns, rows, slices] = std::array::from_fn(|a| cubic_taps(at[a], self.size[a]));
        let mut sum = 0.0;
        for (k, wk) in slices.into_iter().filter(|(_, w)| *w != 0.0) {
            let slice = self.slices[k];
            if slice.is_empty() {
                return f64::NAN;
            }
            for (j, wj) in rows.into_iter().filter(|(_, w)| *w != 0.0) {
                for (i, wi) in columns.into_iter().filter(|(_, w)| *w != 0.0) {
                    sum += wk * wj * wi * mapping.value(k, slice[j * self.size[0] + i].into());
                }
            }
        }
        sum
    }
}

/// The index of the nearest of `n` voxels, half up.
#[inline(always)]
pub(crate) fn nearest_idx(c: f64, n: usize) -> usize {
    // The cast truncates towards zero and saturates; sizes are below i32::MAX.
    ((c + 0.5) as i32).max(0).cast_unsigned().min(n as u32 - 1) as usize
}

/// The voxel at or before a coordinate clamped to the outer centres, and the weight of the next one.
#[inline(always)]
pub(crate) fn split(c: f64, n: usize) -> (usize, f64) {
    let c = c.max(0.0).min((n - 1) as f64);
    // Rounding may have put a sample on a centre just before it: it must neither blend with a hole nor lose exactness.
    let idx = (c + EDGE_TOLERANCE_VOXELS) as i32;
    let weight = c - f64::from(idx);
    (
        idx as usize,
        if weight < EDGE_TOLERANCE_VOXELS {
            0.0
        } else {
            weight
        },
    )
}

#[inline(always)]
pub(crate) fn lerp(a: f64, b: f64, weight: f64) -> f64 {
    a + (b - a) * weight
}

/// The four voxels about a coordinate with their Catmull-Rom weights; the edge voxel repeats beyond the edge.
pub(crate) fn cubic_taps(c: f64, n: usize) -> [(usize, f64); 4] {
    let (idx, f) = split(c, n);
    let (f2, f3) = (f * f, f * f * f);
    let clamped = |offset: usize| (idx + offset).saturating_sub(1).min(n - 1);
    [
        (clamped(0), 0.5 * (-f + 2.0 * f2 - f3)),
        (clamped(1), 0.5 * (2.0 - 5.0 * f2 + 3.0 * f3)),
        (clamped(2), 0.5 * (f + 4.0 * f2 - 3.0 * f3)),
        (clamped(3), 0.5 * (f3 - f2)),
    ]
}
