//! Digital subtraction of the frames of an angiogram (PS3.3 C.7.6.10), on the CPU and only when asked for.

use std::ops::RangeInclusive;

use thiserror::Error;

use crate::{Meaning, ModalityLut, SliceVoxels, SmallValues, Stored, ValueUnit, Volume, Voxels};

/// One item of the Mask Subtraction Sequence, in slices of the volume that holds the frames.
#[derive(Clone, Debug, PartialEq)]
pub struct MaskSubtraction {
    /// What is subtracted.
    pub operation: MaskOperation,
    /// The slices that it holds for, 0-based; empty: all.
    pub slices: Vec<RangeInclusive<usize>>,
    /// How many frames from the shown one on are averaged before the mask is subtracted, at least 1.
    pub n_averaged: usize,
    /// Rows and columns by which the mask is moved before it is subtracted, positive towards larger indices.
    pub shift_rows_columns: [f64; 2],
    /// How pixel values follow the X-ray intensity.
    pub relation: IntensityRelation,
    /// Mask Operation Explanation, when given.
    pub explanation: Option<String>,
}

/// Mask Operation (0028,6101).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MaskOperation {
    /// AVG_SUB: the mean of these slices, 0-based.
    Average(Vec<usize>),
    /// TID: the frame so many frames before; a negative offset is one that comes later.
    TimeInterval(i32),
    /// REV_TID: for the first slice of the applicable range the frame so many before it, for each later one a frame
    /// earlier still.
    ReversedInterval(i32),
}

/// Pixel Intensity Relationship (0028,1040).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IntensityRelation {
    /// LIN: values are proportional to the intensity, so logarithms are subtracted.
    Linear,
    /// LOG, DISP, or not said: values are subtracted as they are.
    Logarithmic,
}

/// Why a frame has no subtracted picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SubtractionError {
    /// The operation does not hold for the frame.
    #[error("the subtraction does not hold for frame {frame_number}; show it without")]
    NotApplicable {
        /// 1-based.
        frame_number: usize,
    },
    /// A frame that it needs is not there (not decoded, or beyond the run).
    #[error(
        "frame {frame_number}, which the subtraction needs, is not there; wait, or show the frames without"
    )]
    FrameMissing {
        /// 1-based.
        frame_number: usize,
    },
    /// There is nothing to subtract, or the shift is larger than the picture.
    #[error("the mask is empty or moved out of the picture; show the frames without subtraction")]
    NoMask,
    /// The voxels are colour.
    #[error("colour pictures are not subtracted; show the frames as they are")]
    Colour,
}

/// Logarithms are shown in thousandths of a neper: 1000 · ln(contrast / mask).
const PER_NEPER: f64 = 1000.0;

impl MaskSubtraction {
    /// Does it hold for a slice?
    pub fn applies_to(&self, slice_idx: usize) -> bool {
        self.slices.is_empty() || self.slices.iter().any(|range| range.contains(&slice_idx))
    }

    /// The slices of the mask of a slice, 0-based; `None` where one would lie before the first.
    pub fn mask_of(&self, slice_idx: usize) -> Option<Vec<usize>> {
        let shown = i64::try_from(slice_idx).ok()?;
        let at = match &self.operation {
            MaskOperation::Average(frames) => return Some(frames.clone()),
            MaskOperation::TimeInterval(offset) => shown - i64::from(*offset),
            MaskOperation::ReversedInterval(offset) => {
                let range = self.slices.iter().find(|range| range.contains(&slice_idx));
                let first = range.map_or(Some(0), |range| i64::try_from(*range.start()).ok())?;
                first - i64::from(*offset) - (shown - first)
            }
        };
        usize::try_from(at).ok().map(|at| vec![at])
    }
}

/// An empty volume for the subtracted pictures: it lies where the frames lie, and its values are differences.
pub fn subtraction_volume(volume: &Volume, subtraction: &MaskSubtraction) -> Volume {
    let unit = match subtraction.relation {
        IntensityRelation::Linear => ValueUnit::Named("mNp".to_owned()),
        IntensityRelation::Logarithmic => ValueUnit::Stored,
    };
    Volume {
        grid: volume.grid,
        kind: volume.kind,
        spacing_source: volume.spacing_source,
        placed: volume.placed,
        slice_origins: volume.slice_origins.clone(),
        modality_lut: ModalityLut::Identity,
        unit,
        voi: Vec::new(),
        small_values_are: match volume.small_values_are {
            SmallValues::Black => SmallValues::Black,
            SmallValues::White => SmallValues::White,
        },
        meaning: Meaning::default(),
        voxels: Voxels::new(Stored::F32, volume.n_slices()),
    }
}

/// The subtracted picture of a slice: contrast less mask, in stored values or in thousandths of a neper.
///
/// # Errors
/// See [`SubtractionError`].
pub fn subtracted_slice(
    volume: &Volume,
    subtraction: &MaskSubtraction,
    slice_idx: usize,
) -> Result<SliceVoxels, SubtractionError> {
    if volume.voxels.stored().is_colour() {
        return Err(SubtractionError::Colour);
    }
    let not_applicable = SubtractionError::NotApplicable {
        frame_number: slice_idx + 1,
    };
    if volume.n_slices() <= slice_idx || !subtraction.applies_to(slice_idx) {
        return Err(not_applicable);
    }
    let mask_slices = subtraction.mask_of(slice_idx).ok_or(not_applicable)?;
    let n_averaged = subtraction.n_averaged.max(1);
    // Towards the end of the run fewer frames are left to average.
    let contrast_slices = slice_idx..(slice_idx + n_averaged).min(volume.n_slices());
    let relation = subtraction.relation;
    let contrast = mean(volume, contrast_slices, relation)?;
    let mask = mean(volume, mask_slices.into_iter(), relation)?;
    let [n_columns, n_rows] = volume.slice_size();
    let [down, right] = subtraction.shift_rows_columns;
    let limit = |shift: f64, n: usize| shift.is_finite() && shift.abs() < n as f64;
    if !limit(down, n_rows) || !limit(right, n_columns) {
        return Err(SubtractionError::NoMask);
    }
    let gain = match relation {
        IntensityRelation::Linear => PER_NEPER,
        IntensityRelation::Logarithmic => 1.0,
    };
    let mask_at = |row: usize, column: usize| {
        linear(
            &mask,
            [n_columns, n_rows],
            [column as f64 - right, row as f64 - down],
        )
    };
    let values: Vec<f32> = contrast
        .iter()
        .enumerate()
        .map(|(at, c)| (gain * (c - mask_at(at / n_columns.max(1), at % n_columns.max(1)))) as f32)
        .collect();
    Ok(SliceVoxels::F32(values.into()))
}

/// The mean of slices, of their logarithms where values are proportional to intensity.
fn mean(
    volume: &Volume,
    slices: impl Iterator<Item = usize>,
    relation: IntensityRelation,
) -> Result<Vec<f64>, SubtractionError> {
    let mut sum: Vec<f64> = Vec::new();
    let mut n = 0.0;
    for slice_idx in slices {
        let values =
            volume
                .slice_stored_values(slice_idx)
                .ok_or(SubtractionError::FrameMissing {
                    frame_number: slice_idx + 1,
                })?;
        let values = values.into_iter().map(|v| match relation {
            // No intensity is taken for the least that is not none.
            IntensityRelation::Linear => v.max(1.0).ln(),
            IntensityRelation::Logarithmic => v,
        });
        if sum.is_empty() {
            sum = values.collect();
        } else {
            sum.iter_mut().zip(values).for_each(|(s, v)| *s += v);
        }
        n += 1.0;
    }
    if sum.is_empty() {
        return Err(SubtractionError::NoMask);
    }
    sum.iter_mut().for_each(|s| *s /= n);
    Ok(sum)
}

/// Linear interpolation at a (column, row), the edge repeating beyond the edge.
fn linear(values: &[f64], [n_columns, n_rows]: [usize; 2], at: [f64; 2]) -> f64 {
    let (i, fi) = crate::lattice::split(at[0], n_columns);
    let (j, fj) = crate::lattice::split(at[1], n_rows);
    let (i1, j1) = ((i + 1).min(n_columns - 1), (j + 1).min(n_rows - 1));
    let value = |i: usize, j: usize| values.get(j * n_columns + i).copied().unwrap_or(f64::NAN);
    let top = crate::lattice::lerp(value(i, j), value(i1, j), fi);
    let bottom = crate::lattice::lerp(value(i, j1), value(i1, j1), fi);
    crate::lattice::lerp(top, bottom, fj)
}
