use space::{Ellipse, PatientVector};
use thiserror::Error;

use crate::lattice::{Lattice, Mapping, Row};
use crate::meaning::Scale;
use crate::probe::nearest_slice;
use crate::reslice::smallest_spacing_mm;
use crate::values::{Scalar, for_grey};
use crate::{GeometryKind, Interpolation, Planes, SpacingSource, ValueUnit, Volume};

/// What the values of a region were taken from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RegionSamples {
    /// The voxels of one slice whose centres lie in the region, as they are.
    VoxelCentres {
        /// Index of the slice.
        slice_idx: usize,
    },
    /// Points of a square lattice in the region's plane, interpolated linearly.
    Resampled {
        /// Distance between the points, mm: the smallest voxel spacing.
        spacing_mm: f64,
    },
}

/// The numbers of a region, in modality values.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// Number of values.
    pub n: usize,
    /// Number of voxels of the region that were left out because they hold no measured value (padding, colour).
    pub n_excluded: usize,
    /// Arithmetic mean.
    pub mean: f64,
    /// Sample standard deviation (divided by n − 1); `None` for a single value.
    pub sd: Option<f64>,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Area of the drawn ellipse, mm²; `None` where the spacing is unknown.
    pub area_mm2: Option<f64>,
    /// Unit of the values.
    pub unit: ValueUnit,
    /// What they were taken from.
    pub samples: RegionSamples,
}

/// Why a region has no numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum StatisticsError {
    /// The voxels are colour.
    #[error("colour voxels have no statistics; measure on a grey series")]
    Colour,
    /// The ellipse has no area, or is not finite.
    #[error("the ellipse has no area; draw it larger")]
    NoArea,
    /// No voxel centre lies in the region.
    #[error("no voxel centre lies in the region; draw it larger or inside the image")]
    NoVoxels,
    /// All voxels of the region are padding or colour.
    #[error(
        "the region holds only padding or colour, which are no measured values; move it into the image"
    )]
    NoMeasuredValues,
    /// Part of the region lies in a slice that is missing or not decoded yet, or has no value.
    #[error(
        "part of the region has no values (a missing slice, or one that is still loading); wait or move it"
    )]
    Hole,
    /// The region is oblique to slices that form no regular volume.
    #[error("the region is oblique to slices that form no regular volume; draw it on a slice")]
    NotAVolume,
    /// The region asks for more than [`MAX_REGION_SAMPLES`].
    #[error("the region is too large to measure; draw it smaller")]
    TooLarge,
}

/// The most values a region may have.
pub const MAX_REGION_SAMPLES: usize = 1 << 26;

/// Directions within this sine of each other (0.06°) count as the same plane.
const SAME_PLANE_SINE: f64 = 1e-3;

/// The numbers of an ellipse.
///
/// In the plane of the slices: over the voxels of the nearest slice whose centres lie in the ellipse, its edge included.
/// In any other plane: over a square lattice in that plane, one point in the centre, spaced by the smallest voxel
/// spacing and interpolated linearly. Where frames share one place, use [`slice_ellipse_statistics`].
///
/// # Errors
/// See [`StatisticsError`].
pub fn ellipse_statistics(
    volume: &Volume,
    ellipse: &Ellipse,
) -> Result<Statistics, StatisticsError> {
    statistics_in(volume, modality_scale(volume), None, ellipse)
}

/// The numbers of an ellipse projected onto one slice: the voxels whose centres lie in it, its edge included.
///
/// # Errors
/// See [`StatisticsError`].
pub fn slice_ellipse_statistics(
    volume: &Volume,
    slice_idx: usize,
    ellipse: &Ellipse,
) -> Result<Statistics, StatisticsError> {
    statistics_in(volume, modality_scale(volume), Some(slice_idx), ellipse)
}

fn modality_scale(volume: &Volume) -> (Scale<'_>, ValueUnit) {
    let scale = Scale {
        lut: &volume.modality_lut,
        defined: None,
    };
    (scale, volume.unit.clone())
}

/// The numbers of an ellipse in any mapping of the stored values.
pub(crate) fn statistics_in(
    volume: &Volume,
    (scale, unit): (Scale<'_>, ValueUnit),
    slice_idx: Option<usize>,
    ellipse: &Ellipse,
) -> Result<Statistics, StatisticsError> {
    let normal = ellipse_normal(ellipse)?;
    if let Some(slice_idx) = slice_idx {
        return slice_statistics(volume, (scale, unit), slice_idx, ellipse);
    }
    let slice_normal = volume
        .grid
        .slice_normal()
        .ok_or(StatisticsError::NoVoxels)?;
    if normal.cross(slice_normal).length_mm() < SAME_PLANE_SINE {
        let slice_idx = nearest_slice(volume, ellipse.centre).ok_or(StatisticsError::NoVoxels)?;
        return slice_statistics(volume, (scale, unit), slice_idx, ellipse);
    }
    if volume.kind != GeometryKind::Volume {
        return Err(StatisticsError::NotAVolume);
    }
    let spacing_mm = smallest_spacing_mm(&volume.grid).ok_or(StatisticsError::NoVoxels)?;
    let counted = Counted { volume, scale };
    let taken = for_grey!(&volume.voxels, planes => {
        lattice_values(&counted, planes, ellipse, spacing_mm)?
    }, colour => return Err(StatisticsError::Colour));
    summary(
        volume,
        ellipse,
        (&taken, unit),
        RegionSamples::Resampled { spacing_mm },
    )
}

/// Values that were taken, and how many were left out because they are no measured ones.
#[derive(Default)]
struct Taken {
    values: Vec<f64>,
    n_excluded: usize,
}

/// A mapping in which stored values that do not count are no values.
struct Counted<'a> {
    volume: &'a Volume,
    scale: Scale<'a>,
}

impl Mapping for Counted<'_> {
    fn value(&self, slice_idx: usize, stored: f64) -> f64 {
        if self.volume.meaning.counts(stored) {
            self.scale.value(slice_idx, stored)
        } else {
            f64::NAN
        }
    }
}

fn slice_statistics(
    volume: &Volume,
    (scale, unit): (Scale<'_>, ValueUnit),
    slice_idx: usize,
    ellipse: &Ellipse,
) -> Result<Statistics, StatisticsError> {
    if volume.voxels.stored().is_colour() {
        return Err(StatisticsError::Colour);
    }
    let map = volume
        .slice_map(slice_idx)
        .ok_or(StatisticsError::NoVoxels)?;
    let rows = map.inverse_rows().ok_or(StatisticsError::NoVoxels)?;
    let size = volume.slice_size();
    // The bounding box of an ellipse along a direction is the length of its two half axes' parts along it.
    let mut bounds = [(0usize, 0usize); 2];
    for axis in 0..2 {
        let middle = rows[axis].dot(ellipse.centre - map.origin);
        let reach = rows[axis]
            .dot(ellipse.half_axis_a)
            .hypot(rows[axis].dot(ellipse.half_axis_b));
        if !middle.is_finite() || !reach.is_finite() {
            return Err(StatisticsError::NoArea);
        }
        // The casts saturate: below zero is zero.
        bounds[axis] = (
            (middle - reach - 1.0).floor() as usize,
            (middle + reach + 2.0).ceil() as usize,
        );
        bounds[axis].1 = bounds[axis].1.min(size[axis]);
    }
    if !volume.voxels.is_filled(slice_idx) {
        return Err(if slice_idx < volume.n_slices() {
            StatisticsError::Hole
        } else {
            StatisticsError::NoVoxels
        });
    }
    let mut taken = Taken::default();
    for row_idx in bounds[1].0..bounds[1].1 {
        for column_idx in bounds[0].0..bounds[0].1 {
            if !ellipse.contains(map.apply([column_idx as f64, row_idx as f64, 0.0])) {
                continue;
            }
            let stored = volume
                .stored_value(slice_idx, row_idx, column_idx)
                .ok_or(StatisticsError::Hole)?;
            if !volume.meaning.counts(stored) {
                taken.n_excluded += 1;
                continue;
            }
            let value = scale.value(slice_idx, stored);
            if value.is_nan() {
                return Err(StatisticsError::Hole);
            }
            taken.values.push(value);
        }
    }
    summary(
        volume,
        ellipse,
        (&taken, unit),
        RegionSamples::VoxelCentres { slice_idx },
    )
}

fn ellipse_normal(ellipse: &Ellipse) -> Result<PatientVector, StatisticsError> {
    let finite = ellipse.centre.is_finite() && ellipse.area_mm2().is_finite();
    ellipse
        .normal()
        .filter(|_| finite)
        .ok_or(StatisticsError::NoArea)
}

/// Values on the square lattice of an oblique ellipse; points outside the volume are left out.
fn lattice_values<T: Scalar>(
    counted: &Counted<'_>,
    planes: &Planes<T>,
    ellipse: &Ellipse,
    spacing_mm: f64,
) -> Result<Taken, StatisticsError> {
    let volume = counted.volume;
    let planes = planes.all();
    let lattice = Lattice::new(&planes, volume.slice_size()).ok_or(StatisticsError::NoVoxels)?;
    let rows = volume
        .grid
        .patient_from_voxel()
        .inverse_rows()
        .ok_or(StatisticsError::NoVoxels)?;
    let (Some(u), Some(v)) = (ellipse.half_axis_a.unit(), ellipse.half_axis_b.unit()) else {
        return Err(StatisticsError::NoArea);
    };
    // The tolerance keeps a lattice point that lies on the edge but for rounding.
    let reach = |axis: PatientVector| (axis.length_mm() / spacing_mm + 1e-9).floor();
    let (reach_u, reach_v) = (reach(ellipse.half_axis_a), reach(ellipse.half_axis_b));
    if MAX_REGION_SAMPLES as f64 <= 4.0 * (reach_u + 1.0) * (reach_v + 1.0) {
        return Err(StatisticsError::TooLarge);
    }
    let (reach_u, reach_v) = (reach_u as i64, reach_v as i64);
    let mut taken = Taken::default();
    for j in -reach_v..=reach_v {
        for i in -reach_u..=reach_u {
            let point = ellipse.centre + u * (i as f64 * spacing_mm) + v * (j as f64 * spacing_mm);
            let row = Row {
                start: rows.map(|row| row.dot(point - volume.grid.origin)),
                step: [0.0; 3],
            };
            if !ellipse.contains(point) || row.inside(lattice.size(), 1).is_empty() {
                continue;
            }
            let mut value = [f64::NAN];
            lattice.sample(counted, Interpolation::Linear, (&row, 0..1), &mut value);
            if !value[0].is_nan() {
                taken.values.push(value[0]);
                continue;
            }
            // Next to padding there is no value either: only a sample that has none without it lies in a hole.
            let mut uncounted = [f64::NAN];
            let mapping = &volume.modality_lut;
            lattice.sample(mapping, Interpolation::Linear, (&row, 0..1), &mut uncounted);
            if volume.meaning.excluded.is_empty() || uncounted[0].is_nan() {
                return Err(StatisticsError::Hole);
            }
            taken.n_excluded += 1;
        }
    }
    Ok(taken)
}

fn summary(
    volume: &Volume,
    ellipse: &Ellipse,
    (taken, unit): (&Taken, ValueUnit),
    samples: RegionSamples,
) -> Result<Statistics, StatisticsError> {
    let values = &taken.values;
    let n = values.len();
    if n == 0 {
        return Err(match taken.n_excluded {
            0 => StatisticsError::NoVoxels,
            _ => StatisticsError::NoMeasuredValues,
        });
    }
    let mean = values.iter().sum::<f64>() / n as f64;
    // The second pass about the mean keeps small deviations of large values exact.
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    Ok(Statistics {
        n,
        n_excluded: taken.n_excluded,
        mean,
        sd: (1 < n).then(|| (squares / (n - 1) as f64).sqrt()),
        min: values.iter().copied().fold(f64::INFINITY, f64::min),
        max: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        area_mm2: (volume.spacing_source != SpacingSource::Unknown).then(|| ellipse.area_mm2()),
        unit,
        samples,
    })
}
