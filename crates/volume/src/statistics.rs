use space::{FlatRegion, PatientVector};
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
    /// The value in the middle of their order; of an even number the mean of the two in the middle.
    pub median: f64,
    /// Area of the drawn region, mm²; `None` where the spacing is unknown.
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
    /// The region has no area, or is not finite.
    #[error("the region has no area; draw it larger")]
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
pub(crate) const SAME_PLANE_SINE: f64 = 1e-3;

/// The numbers of a flat region.
///
/// In the plane of the slices: over the voxels of the nearest slice whose centres lie in the region, its outline included;
/// what is inside an outline of many corners is decided by the even-odd rule.
/// In any other plane: over a square lattice in that plane, one point in the centre, spaced by the smallest voxel
/// spacing and interpolated linearly. Where frames share one place, use [`slice_region_statistics`].
///
/// # Errors
/// See [`StatisticsError`].
pub fn region_statistics(
    volume: &Volume,
    region: &FlatRegion,
) -> Result<Statistics, StatisticsError> {
    statistics_in(volume, modality_scale(volume), None, region)
}

/// The numbers of a flat region projected onto one slice: the voxels whose centres lie in it, its edge included.
///
/// # Errors
/// See [`StatisticsError`].
pub fn slice_region_statistics(
    volume: &Volume,
    slice_idx: usize,
    region: &FlatRegion,
) -> Result<Statistics, StatisticsError> {
    statistics_in(volume, modality_scale(volume), Some(slice_idx), region)
}

fn modality_scale(volume: &Volume) -> (Scale<'_>, ValueUnit) {
    let scale = Scale {
        lut: &volume.modality_lut,
        defined: None,
    };
    (scale, volume.unit.clone())
}

/// The modality values of a flat region, in no order, and what they were taken from; those that the numbers of
/// [`region_statistics`] (or, with a slice, [`slice_region_statistics`]) are computed from.
///
/// # Errors
/// See [`StatisticsError`].
pub fn region_values(
    volume: &Volume,
    slice_idx: Option<usize>,
    region: &FlatRegion,
) -> Result<Vec<f64>, StatisticsError> {
    let (scale, _) = modality_scale(volume);
    let (taken, _) = taken_in(volume, scale, slice_idx, region)?;
    Ok(taken.values)
}

/// The numbers of a region in any mapping of the stored values.
pub(crate) fn statistics_in(
    volume: &Volume,
    (scale, unit): (Scale<'_>, ValueUnit),
    slice_idx: Option<usize>,
    region: &FlatRegion,
) -> Result<Statistics, StatisticsError> {
    let (taken, samples) = taken_in(volume, scale, slice_idx, region)?;
    summary(volume, region, (&taken, unit), samples)
}

/// The values of a region in any mapping, and what they were taken from.
fn taken_in(
    volume: &Volume,
    scale: Scale<'_>,
    slice_idx: Option<usize>,
    region: &FlatRegion,
) -> Result<(Taken, RegionSamples), StatisticsError> {
    let normal = normal_of(region)?;
    let on_slice = |slice_idx: usize| {
        let taken = slice_values(volume, scale, slice_idx, region)?;
        Ok((taken, RegionSamples::VoxelCentres { slice_idx }))
    };
    if let Some(slice_idx) = slice_idx {
        return on_slice(slice_idx);
    }
    let slice_normal = volume
        .grid
        .slice_normal()
        .ok_or(StatisticsError::NoVoxels)?;
    if normal.cross(slice_normal).length_mm() < SAME_PLANE_SINE {
        let nearest = nearest_slice(volume, region.centre());
        return on_slice(nearest.ok_or(StatisticsError::NoVoxels)?);
    }
    if volume.kind != GeometryKind::Volume {
        return Err(StatisticsError::NotAVolume);
    }
    let spacing_mm = smallest_spacing_mm(&volume.grid).ok_or(StatisticsError::NoVoxels)?;
    let counted = Counted { volume, scale };
    let taken = for_grey!(&volume.voxels, planes => {
        lattice_values(&counted, planes, region, spacing_mm)?
    }, colour => return Err(StatisticsError::Colour));
    Ok((taken, RegionSamples::Resampled { spacing_mm }))
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
        if self.volume.meaning.counts(slice_idx, stored) {
            self.scale.value(slice_idx, stored)
        } else {
            f64::NAN
        }
    }
}

fn slice_values(
    volume: &Volume,
    scale: Scale<'_>,
    slice_idx: usize,
    region: &FlatRegion,
) -> Result<Taken, StatisticsError> {
    if volume.voxels.stored().is_colour() {
        return Err(StatisticsError::Colour);
    }
    let map = volume
        .slice_map(slice_idx)
        .ok_or(StatisticsError::NoVoxels)?;
    let rows = map.inverse_rows().ok_or(StatisticsError::NoVoxels)?;
    let size = volume.slice_size();
    let mut bounds = [(0usize, 0usize); 2];
    for axis in 0..2 {
        let middle = rows[axis].dot(region.centre() - map.origin);
        let reach = region.reach(rows[axis]);
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
        let start = map.apply([0.0, row_idx as f64, 0.0]);
        let row = region.row(start, map.columns[0]);
        for column_idx in bounds[0].0..bounds[0].1 {
            if !row.contains(column_idx as f64) {
                continue;
            }
            let stored = volume
                .stored_value(slice_idx, row_idx, column_idx)
                .ok_or(StatisticsError::Hole)?;
            if !volume.meaning.counts(slice_idx, stored) {
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
    Ok(taken)
}

fn normal_of(region: &FlatRegion) -> Result<PatientVector, StatisticsError> {
    let finite = region.centre().is_finite() && region.area_mm2().is_finite();
    region
        .normal()
        .filter(|_| finite)
        .ok_or(StatisticsError::NoArea)
}

/// Values on the square lattice of an oblique region; points outside the volume are left out.
fn lattice_values<T: Scalar>(
    counted: &Counted<'_>,
    planes: &Planes<T>,
    region: &FlatRegion,
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
    let [u, v] = region.axes().ok_or(StatisticsError::NoArea)?;
    // The tolerance keeps a lattice point that lies on the edge but for rounding.
    let reach = |axis: PatientVector| (region.reach(axis) / spacing_mm + 1e-9).floor();
    let (reach_u, reach_v) = (reach(u), reach(v));
    if MAX_REGION_SAMPLES as f64 <= 4.0 * (reach_u + 1.0) * (reach_v + 1.0) {
        return Err(StatisticsError::TooLarge);
    }
    let (reach_u, reach_v) = (reach_u as i64, reach_v as i64);
    let mut taken = Taken::default();
    for j in -reach_v..=reach_v {
        let first = region.centre() + v * (j as f64 * spacing_mm);
        let asked = region.row(first, u * spacing_mm);
        for i in -reach_u..=reach_u {
            let point = first + u * (i as f64 * spacing_mm);
            let row = Row {
                start: rows.map(|row| row.dot(point - volume.grid.origin)),
                step: [0.0; 3],
            };
            if !asked.contains(i as f64) || row.inside(lattice.size(), 0..1).is_empty() {
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
            if volume.meaning.all_count() || uncounted[0].is_nan() {
                return Err(StatisticsError::Hole);
            }
            taken.n_excluded += 1;
        }
    }
    Ok(taken)
}

fn summary(
    volume: &Volume,
    region: &FlatRegion,
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
        area_mm2: (volume.spacing_source != SpacingSource::Unknown).then(|| region.area_mm2()),
        unit,
        median: median(values),
        samples,
    })
}

/// The value in the middle of their order; not a number for none.
fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    let middle = values.len() / 2;
    if values.is_empty() {
        return f64::NAN;
    }
    let is_odd = values.len() % 2 == 1;
    let (below, upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    // Of an even number the lower of the two in the middle is the largest of those below.
    let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if is_odd {
        *upper
    } else {
        (lower + *upper) / 2.0
    }
}
