//! Values and their change between voxel centres, for several places at once, in 32 bits: nobody reads a number off them.

use crate::values::{Scalar, for_grey};
use crate::{Meaning, ModalityLut, Plane, ResliceError, Volume};

/// A grey stored value, with whether 32-bit float holds all of its kind.
pub(super) trait Grey: Scalar {
    const IS_EXACT: bool;

    fn narrow(self) -> f32;
}

macro_rules! grey {
    ($($ty:ty: $is_exact:literal),+) => {
        $(impl Grey for $ty {
            const IS_EXACT: bool = $is_exact;

            #[inline(always)]
            fn narrow(self) -> f32 {
                self as f32
            }
        })+
    };
}
grey!(u8: true, i8: true, u16: true, i16: true, u32: false, i32: false, f32: true, f64: false);

/// From stored values to modality values; NaN for what does not count.
pub(super) trait Mapping<T>: Sync {
    fn value(&self, slice_idx: u32, stored: T) -> f32;
}

/// One line for all voxels, and one range of stored values that do not count.
pub(super) struct OneLine {
    slope: f64,
    intercept: f64,
    left_out: [f64; 2],
}

/// A range that holds no value.
const NO_RANGE: [f64; 2] = [f64::INFINITY, f64::NEG_INFINITY];

impl OneLine {
    /// `None` where slices differ, for a table, and where more than one range does not count.
    fn of(lut: &ModalityLut, meaning: &Meaning) -> Option<Self> {
        let line = lut.uniform_rescale()?;
        let left_out = match meaning.excluded.as_slice() {
            [] => NO_RANGE,
            [one] => [one.low, one.high],
            _ => return None,
        };
        meaning.slice_padding.is_empty().then_some(Self {
            slope: line.slope,
            intercept: line.intercept,
            left_out,
        })
    }
}

impl<T: Grey> Mapping<T> for OneLine {
    #[inline(always)]
    fn value(&self, _slice_idx: u32, stored: T) -> f32 {
        let [low, high] = self.left_out;
        if T::IS_EXACT {
            let stored = stored.narrow();
            let value = self.slope as f32 * stored + self.intercept as f32;
            if (low as f32 <= stored) & (stored <= high as f32) {
                f32::NAN
            } else {
                value
            }
        } else {
            let stored: f64 = stored.into();
            let value = (self.slope * stored + self.intercept) as f32;
            if (low <= stored) & (stored <= high) {
                f32::NAN
            } else {
                value
            }
        }
    }
}

/// A line a slice, a table, or several ranges that do not count.
pub(super) struct Each<'a> {
    lut: &'a ModalityLut,
    meaning: &'a Meaning,
}

impl<T: Grey> Mapping<T> for Each<'_> {
    fn value(&self, slice_idx: u32, stored: T) -> f32 {
        let (slice_idx, stored) = (slice_idx as usize, stored.into());
        if self.meaning.counts(slice_idx, stored) {
            self.lut.value(slice_idx, stored) as f32
        } else {
            f32::NAN
        }
    }
}

/// All slices of a volume with at least two voxels along each axis. A hole is an empty slice.
pub(super) struct Field<'a, T, M> {
    slices: Vec<&'a [T]>,
    size: [usize; 3],
    mapping: &'a M,
}

/// Something to be done with a volume of any element type and mapping.
pub(super) trait OnField {
    type Output;

    fn run<T: Grey, M: Mapping<T>>(self, field: &Field<T, M>) -> Self::Output;
}

/// Does it.
///
/// # Errors
/// For colour, and for a volume of a single column, row or slice, which no light goes through.
pub(super) fn on_field<W: OnField>(volume: &Volume, work: W) -> Result<W::Output, ResliceError> {
    let (lut, meaning) = (&volume.modality_lut, &volume.meaning);
    for_grey!(&volume.voxels, planes => {
        let planes = planes.all();
        match OneLine::of(lut, meaning) {
            Some(line) => Ok(work.run(&Field::new(&planes, volume.slice_size(), &line)?)),
            None => Ok(work.run(&Field::new(&planes, volume.slice_size(), &Each { lut, meaning })?)),
        }
    }, colour => Err(ResliceError::Colour))
}

impl<'a, T: Grey, M: Mapping<T>> Field<'a, T, M> {
    /// A slice shorter than the grid says is a hole.
    fn new(
        planes: &'a [Option<Plane<T>>],
        [n_columns, n_rows]: [usize; 2],
        mapping: &'a M,
    ) -> Result<Self, ResliceError> {
        let size = [n_columns, n_rows, planes.len()];
        // Beyond 2²² voxels along an axis 32-bit coordinates would be no good; no card or memory holds such a volume.
        if size.iter().any(|n| *n < 2 || (1 << 22) < *n) {
            return Err(ResliceError::DegenerateGrid);
        }
        let whole = |slice: &&'a [T]| slice.len() == n_columns * n_rows;
        let slices = planes
            .iter()
            .map(|plane| plane.as_deref().filter(whole).unwrap_or(&[]));
        Ok(Self {
            slices: slices.collect(),
            size,
            mapping,
        })
    }

    pub fn size(&self) -> [usize; 3] {
        self.size
    }

    /// The modality values of a row of voxels into `out`; NaN in a hole and where it does not count.
    pub fn row(&self, [j, k]: [usize; 2], out: &mut [f32]) {
        let row = self
            .slices
            .get(k)
            .and_then(|slice| slice.get(j * self.size[0]..(j + 1) * self.size[0]));
        match row {
            // Below 2²², so the cast loses nothing.
            Some(row) => out
                .iter_mut()
                .zip(row)
                .for_each(|(out, v)| *out = self.mapping.value(k as u32, *v)),
            None => out.fill(f32::NAN),
        }
    }

    /// Linear values of the first `n` places; NaN next to a hole and to what does not count. The rest means nothing.
    #[inline(always)]
    pub fn linear<const N: usize>(&self, places: &Places<N>, n: usize) -> [f32; N] {
        let n_columns = self.size[0];
        let mut near = [[T::zeroed(); N]; 4];
        let mut far = [[T::zeroed(); N]; 4];
        let mut whole = [f32::NAN; N];
        for (lane, whole) in whole.iter_mut().enumerate().take(n) {
            let (first, k) = (places.offset(n_columns, lane), places.low[2][lane] as usize);
            let about = first..first + n_columns + 2;
            let Some([a, b]) = self.slices.get(k..k + 2) else {
                continue;
            };
            let Some(a) = a.get(about.clone()) else {
                continue;
            };
            put(&mut near, lane, a, n_columns);
            match b.get(about) {
                Some(b) => put(&mut far, lane, b, n_columns),
                // A slice without weight is not asked.
                None if places.weight[2][lane] <= 0.0 => put(&mut far, lane, a, n_columns),
                None => continue,
            }
            *whole = 0.0;
        }
        let mut values = [0.0; N];
        for lane in 0..N {
            let k = places.low[2][lane];
            let [fi, fj, fk] = [0, 1, 2].map(|axis| places.weight[axis][lane]);
            let near = self.plane(k, &near, lane, [fi, fj]);
            let far = self.plane(k + 1, &far, lane, [fi, fj]);
            values[lane] = lerp(near, far, fk) + whole[lane];
        }
        values
    }

    #[inline(always)]
    fn plane<const N: usize>(
        &self,
        k: u32,
        corners: &[[T; N]; 4],
        lane: usize,
        [fi, fj]: [f32; 2],
    ) -> f32 {
        let v = |corner: usize| self.mapping.value(k, corners[corner][lane]);
        lerp(lerp(v(0), v(1), fi), lerp(v(2), v(3), fi), fj)
    }

    /// Change per voxel along the three axes, over one voxel to each side, of the first `n` places. NaN beside a hole and
    /// beside what does not count. The rest means nothing.
    #[inline(always)]
    pub fn gradient<const N: usize>(&self, places: &Places<N>, n: usize) -> [[f32; N]; 3] {
        // Four rows of four about the places in the slice before them and in that after them; four voxels in the next.
        let mut inner = [[[[T::zeroed(); N]; 4]; 4]; 2];
        let mut outer = [[[T::zeroed(); N]; 4]; 2];
        let mut whole = [f32::NAN; N];
        for (lane, whole) in whole.iter_mut().enumerate().take(n) {
            if self.about(places, lane, &mut inner, &mut outer).is_some() {
                *whole = 0.5;
            }
        }
        let mut change = [[0.0; N]; 3];
        for lane in 0..N {
            let k = places.low[2][lane];
            let [fi, fj, fk] = [0, 1, 2].map(|axis| places.weight[axis][lane]);
            let mut planes = [0.0; 4];
            let (mut along_i, mut along_j) = ([0.0; 2], [0.0; 2]);
            for s in 0..2 {
                let k = k + s as u32;
                let v = |j: usize, i: usize| self.mapping.value(k, inner[s][j][i][lane]);
                let (r0, r3) = (lerp(v(0, 1), v(0, 2), fi), lerp(v(3, 1), v(3, 2), fi));
                let (r1, r2) = (lerp(v(1, 1), v(1, 2), fi), lerp(v(2, 1), v(2, 2), fi));
                let c1 = lerp(v(1, 2) - v(1, 0), v(1, 3) - v(1, 1), fi);
                let c2 = lerp(v(2, 2) - v(2, 0), v(2, 3) - v(2, 1), fi);
                along_i[s] = lerp(c1, c2, fj);
                along_j[s] = lerp(r2 - r0, r3 - r1, fj);
                planes[s + 1] = lerp(r1, r2, fj);
            }
            // Beyond the first and the last slice the mapping is that of the edge.
            let last = self.size[2] as u32 - 1;
            planes[0] = self.plane(k.saturating_sub(1), &outer[0], lane, [fi, fj]);
            planes[3] = self.plane((k + 2).min(last), &outer[1], lane, [fi, fj]);
            change[0][lane] = lerp(along_i[0], along_i[1], fk) * whole[lane];
            change[1][lane] = lerp(along_j[0], along_j[1], fk) * whole[lane];
            change[2][lane] = lerp(planes[2] - planes[0], planes[3] - planes[1], fk) * whole[lane];
        }
        change
    }

    /// Fetches the voxels about a place; those beyond an edge are as those on it. `None` beside a hole.
    #[inline(always)]
    fn about<const N: usize>(
        &self,
        places: &Places<N>,
        lane: usize,
        inner: &mut [[[[T; N]; 4]; 4]; 2],
        outer: &mut [[[T; N]; 4]; 2],
    ) -> Option<()> {
        let [n_columns, n_rows, n_slices] = self.size;
        let [i, j, k] = [0, 1, 2].map(|axis| places.low[axis][lane] as usize);
        let corner = j * n_columns + i;
        let (before, after) = (k.saturating_sub(1), (k + 2).min(n_slices - 1));
        for (out, k) in outer.iter_mut().zip([before, after]) {
            put(
                out,
                lane,
                self.slices.get(k)?.get(corner..corner + n_columns + 2)?,
                n_columns,
            );
        }
        let rows = [j.saturating_sub(1), j, j + 1, (j + 2).min(n_rows - 1)];
        let is_inside = 1 <= i && i + 2 < n_columns;
        for (out, k) in inner.iter_mut().zip([k, k + 1]) {
            let slice = *self.slices.get(k)?;
            for (out, row) in out.iter_mut().zip(rows) {
                if is_inside {
                    let first = row * n_columns + i - 1;
                    let four: &[T; 4] = slice.get(first..first + 4)?.try_into().ok()?;
                    for (out, v) in out.iter_mut().zip(four) {
                        out[lane] = *v;
                    }
                } else {
                    let columns = [i.saturating_sub(1), i, i + 1, (i + 2).min(n_columns - 1)];
                    for (out, column) in out.iter_mut().zip(columns) {
                        out[lane] = *slice.get(row * n_columns + column)?;
                    }
                }
            }
        }
        Some(())
    }
}

/// The four voxels at the corners of a piece of a slice two rows high.
#[inline(always)]
fn put<T: Copy, const N: usize>(
    corners: &mut [[T; N]; 4],
    lane: usize,
    about: &[T],
    n_columns: usize,
) {
    if about.len() == n_columns + 2 {
        corners[0][lane] = about[0];
        corners[1][lane] = about[1];
        corners[2][lane] = about[n_columns];
        corners[3][lane] = about[n_columns + 1];
    }
}

#[inline(always)]
fn lerp(a: f32, b: f32, weight: f32) -> f32 {
    a + (b - a) * weight
}

/// Where some samples lie: the first of their eight voxels, and the weights of the next along each axis.
pub(super) struct Places<const N: usize> {
    low: [[u32; N]; 3],
    weight: [[f32; N]; 3],
}

impl<const N: usize> Places<N> {
    /// Of places in voxel indices, taken to the outer centres where they lie beyond them.
    #[inline(always)]
    pub fn new(at: &[[f32; N]; 3], size: [usize; 3]) -> Self {
        let mut places = Self {
            low: [[0; N]; 3],
            weight: [[0.0; N]; 3],
        };
        for (axis, at) in at.iter().enumerate() {
            let last = (size[axis] - 1) as f32;
            for (lane, c) in at.iter().enumerate() {
                let c = c.max(0.0).min(last);
                let low = floor(c).min(last - 1.0);
                places.weight[axis][lane] = c - low;
                places.low[axis][lane] = whole(low);
            }
        }
        places
    }

    #[inline(always)]
    fn offset(&self, n_columns: usize, lane: usize) -> usize {
        self.low[1][lane] as usize * n_columns + self.low[0][lane] as usize
    }
}

/// Adding it to a number from 0 to 2²² rounds that to a whole number and leaves this in the lowest bits.
const WHOLE: f32 = (1_u32 << 23) as f32;

/// The whole number at or below one from 0 to 2²², in steps that every processor does in many lanes.
#[inline(always)]
fn floor(c: f32) -> f32 {
    let nearest = (c + WHOLE) - WHOLE;
    if c < nearest { nearest - 1.0 } else { nearest }
}

/// A whole number from 0 to 2²² as an integer.
#[inline(always)]
fn whole(c: f32) -> u32 {
    (c + WHOLE).to_bits() & ((1 << 23) - 1)
}
