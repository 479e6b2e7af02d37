use space::PatientPoint;

use crate::counting::{LeftOut, left_out};
use crate::extremes::extremes;
use crate::{Volume, Voxels};

/// Runs an expression with the planes of any grey element type; colour takes the other arm.
macro_rules! for_grey {
    ($voxels:expr, $planes:ident => $grey:expr, colour => $colour:expr) => {
        match $voxels {
            $crate::Voxels::U8($planes) => $grey,
            $crate::Voxels::I8($planes) => $grey,
            $crate::Voxels::U16($planes) => $grey,
            $crate::Voxels::I16($planes) => $grey,
            $crate::Voxels::U32($planes) => $grey,
            $crate::Voxels::I32($planes) => $grey,
            $crate::Voxels::F32($planes) => $grey,
            $crate::Voxels::F64($planes) => $grey,
            $crate::Voxels::Rgb8(_) | $crate::Voxels::Rgb16(_) => $colour,
        }
    };
}
pub(crate) use for_grey;

/// A grey stored value that turns into `f64` without loss.
pub(crate) trait Scalar: bytemuck::Pod + Send + Sync + Into<f64> + PartialOrd {}
impl<T: bytemuck::Pod + Send + Sync + Into<f64> + PartialOrd> Scalar for T {}

/// The value in 64-bit float.
fn wide<T: Scalar>(value: T) -> f64 {
    value.into()
}

impl Volume {
    /// Number of slices (or frames), holes included.
    pub fn n_slices(&self) -> usize {
        self.voxels.n_slices()
    }

    /// Number of columns and rows of a slice.
    pub fn slice_size(&self) -> [usize; 2] {
        [self.grid.size[0], self.grid.size[1]]
    }

    /// The grey stored value at a place; `None` outside, in a hole, and for colour.
    pub fn stored_value(&self, slice_idx: usize, row_idx: usize, column_idx: usize) -> Option<f64> {
        let [n_columns, n_rows] = self.slice_size();
        if n_columns <= column_idx || n_rows <= row_idx {
            return None;
        }
        let at = row_idx * n_columns + column_idx;
        for_grey!(&self.voxels, planes => planes.slice(slice_idx)?.get(at).map(|v| wide(*v)), colour => None)
    }

    /// The modality value at a place; `None` outside, in a hole, for colour, for padding, and where no value is defined.
    pub fn value(&self, slice_idx: usize, row_idx: usize, column_idx: usize) -> Option<f64> {
        let stored = self
            .stored_value(slice_idx, row_idx, column_idx)
            .filter(|stored| self.meaning.counts(slice_idx, *stored))?;
        Some(self.modality_lut.value(slice_idx, stored)).filter(|v| !v.is_nan())
    }

    /// The colour at a place, 8 bit a channel (16-bit colour is rounded); `None` outside, in a hole, and for grey.
    pub fn colour(&self, slice_idx: usize, row_idx: usize, column_idx: usize) -> Option<[u8; 3]> {
        let [n_columns, n_rows] = self.slice_size();
        if n_columns <= column_idx || n_rows <= row_idx {
            return None;
        }
        let at = row_idx * n_columns + column_idx;
        match &self.voxels {
            Voxels::Rgb8(planes) => planes.slice(slice_idx)?.get(at).copied(),
            Voxels::Rgb16(planes) => planes.slice(slice_idx)?.get(at).map(|c| c.map(colour_u8)),
            _ => None,
        }
    }

    /// Row-major stored values of a slice; `None` for a hole, for colour, and for a slice of the wrong size.
    pub(crate) fn slice_stored_values(&self, slice_idx: usize) -> Option<Vec<f64>> {
        let [n_columns, n_rows] = self.slice_size();
        for_grey!(&self.voxels, planes => {
            let values = planes.slice(slice_idx)?;
            (values.len() == n_columns * n_rows).then(|| values.iter().map(|v| wide(*v)).collect())
        }, colour => None)
    }

    /// Row-major modality values of a slice; `None` for a hole and for colour.
    pub fn slice_values(&self, slice_idx: usize) -> Option<Vec<f64>> {
        for_grey!(&self.voxels, planes => {
            let lut = &self.modality_lut;
            match lut.rescale(slice_idx) {
                Some(r) => Some(planes.slice(slice_idx)?.iter().map(|v| r.value(wide(*v))).collect()),
                None => Some(planes.slice(slice_idx)?.iter().map(|v| lut.value(slice_idx, wide(*v))).collect()),
            }
        }, colour => None)
    }

    /// Row-major modality values of a slice without those that do not count (padding, colour) and those that are not
    /// finite; `None` for a hole and for colour.
    pub fn slice_counted_values(&self, slice_idx: usize) -> Option<Vec<f64>> {
        if self.meaning.all_count() {
            let values = self.slice_values(slice_idx)?;
            return Some(values.into_iter().filter(|v| v.is_finite()).collect());
        }
        let lut = &self.modality_lut;
        for_grey!(&self.voxels, planes => {
            let slice = planes.slice(slice_idx)?;
            let stored = slice.iter().map(|v| wide(*v));
            let counted = stored.filter(|v| self.meaning.counts(slice_idx, *v));
            Some(counted.map(|v| lut.value(slice_idx, v)).filter(|v| v.is_finite()).collect())
        }, colour => None)
    }

    /// Smallest and largest finite modality value of a slice that counts; `None` for a hole, for colour, and when there
    /// is none.
    pub fn slice_range(&self, slice_idx: usize) -> Option<[f64; 2]> {
        let left_out = match (
            left_out(&self.meaning, slice_idx),
            self.modality_lut.rescale(slice_idx),
        ) {
            (LeftOut::Nothing, Some(_)) => None,
            (LeftOut::One(range), Some(_)) => Some(range),
            (LeftOut::Several, _) | (_, None) => {
                return finite_range(self.slice_counted_values(slice_idx)?.into_iter());
            }
        };
        let stored = for_grey!(&self.voxels, planes => {
            extremes(&planes.slice(slice_idx)?, left_out)?
        }, colour => return None);
        // A straight line keeps the extremes, so the stored ones are enough.
        let line = self.modality_lut.rescale(slice_idx)?;
        let [a, b] = stored.map(|s| line.value(s));
        Some([a.min(b), a.max(b)]).filter(|r| r[0].is_finite() && r[1].is_finite())
    }

    /// The centre of the first pixel of a slice: its own for a stack, else that of the grid.
    pub fn slice_origin(&self, slice_idx: usize) -> PatientPoint {
        match self.slice_origins.get(slice_idx) {
            Some(origin) => *origin,
            None => self.grid.patient([0.0, 0.0, slice_idx as f64]),
        }
    }

    /// Bytes that the filled slices take.
    pub fn filled_bytes(&self) -> usize {
        let [n_columns, n_rows] = self.slice_size();
        self.voxels.n_filled() * n_columns * n_rows * self.voxels.stored().n_bytes()
    }
}

/// 16-bit colour to 8 bit, rounded.
pub(crate) fn colour_u8(channel: u16) -> u8 {
    // 65535 / 255 = 257 exactly; the result is at most 255.
    ((u32::from(channel) + 128) / 257) as u8
}

fn finite_range(values: impl Iterator<Item = f64>) -> Option<[f64; 2]> {
    values
        .filter(|v| v.is_finite())
        .fold(None, |range, v| match range {
            None => Some([v, v]),
            Some([low, high]) => Some([v.min(low), v.max(high)]),
        })
}
