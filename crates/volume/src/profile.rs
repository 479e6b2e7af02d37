use space::{PatientPoint, distance_mm, path_length_mm};

use crate::lattice::{Lattice, Mapping, Row};
use crate::reslice::smallest_spacing_mm;
use crate::values::for_grey;
use crate::{GeometryKind, Interpolation, ValueUnit, Volume};

/// The values along a way through a volume.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Distance between neighbouring values along the way, mm (in pixels where the spacing is unknown).
    pub step_mm: f64,
    /// Modality values from the first place to the last, interpolated linearly; `None` outside of the volume, beside a
    /// hole, and beside values that do not count.
    pub values: Vec<Option<f64>>,
    /// Unit of the values.
    pub unit: ValueUnit,
}

/// The most values that a profile has; a longer way is sampled more widely.
pub const MAX_PROFILE_SAMPLES: usize = 2048;

/// The values along straight lines from place to place, half the smallest voxel spacing apart. On the slice named, or
/// through a regular volume; `None` for colour, for a way of no length, and without a slice for anything but a regular
/// volume.
pub fn profile(
    volume: &Volume,
    slice_idx: Option<usize>,
    places: &[PatientPoint],
) -> Option<Profile> {
    let length_mm = path_length_mm(places);
    let finest_mm = smallest_spacing_mm(&volume.grid)? / 2.0;
    if !length_mm.is_finite() || length_mm <= 1e-9 || finest_mm <= 0.0 {
        return None;
    }
    // The cast saturates before the limit is applied.
    let n_steps = ((length_mm / finest_mm).ceil() as usize).clamp(1, MAX_PROFILE_SAMPLES - 1);
    let step_mm = length_mm / n_steps as f64;
    let to_voxel = to_voxel(volume, slice_idx)?;
    let along: Vec<[f64; 3]> = way(places, step_mm, n_steps + 1)
        .into_iter()
        .map(to_voxel)
        .collect::<Option<_>>()?;
    let mapping = Counted { volume, slice_idx };
    let sample = |lattice: &dyn Fn(&Row) -> f64| -> Vec<Option<f64>> {
        let value = |start: &[f64; 3]| {
            let row = Row {
                start: *start,
                step: [0.0; 3],
            };
            Some(lattice(&row)).filter(|v| v.is_finite())
        };
        along.iter().map(value).collect()
    };
    let values = for_grey!(&volume.voxels, planes => {
        let (held, one);
        let lattice = match slice_idx {
            Some(slice_idx) => {
                one = planes.slice(slice_idx)?;
                Lattice::single(&one, volume.slice_size())?
            }
            None => {
                held = planes.all();
                Lattice::new(&held, volume.slice_size())?
            }
        };
        sample(&|row: &Row| {
            if row.inside(lattice.size(), 0..1).is_empty() {
                return f64::NAN;
            }
            let mut value = [f64::NAN];
            lattice.sample(&mapping, Interpolation::Linear, (row, 0..1), &mut value);
            value[0]
        })
    }, colour => return None);
    Some(Profile {
        step_mm,
        values,
        unit: volume.unit.clone(),
    })
}

/// Fractional (column, row, slice) of a place.
type ToVoxel = Box<dyn Fn(PatientPoint) -> Option<[f64; 3]>>;

/// From a place to fractional (column, row, slice) of the lattice that is sampled.
fn to_voxel(volume: &Volume, slice_idx: Option<usize>) -> Option<ToVoxel> {
    match slice_idx {
        Some(slice_idx) => {
            let map = volume.slice_map(slice_idx)?;
            Some(Box::new(move |place| {
                let [column, row, _] = map.invert(place)?;
                Some([column, row, 0.0])
            }))
        }
        None if volume.kind == GeometryKind::Volume => {
            let grid = volume.grid;
            Some(Box::new(move |place| grid.voxel(place)))
        }
        None => None,
    }
}

/// Places along straight lines, `step_mm` apart, `n` of them; rounding never carries the last one beyond the end.
fn way(places: &[PatientPoint], step_mm: f64, n: usize) -> Vec<PatientPoint> {
    let mut found = Vec::with_capacity(n);
    let mut before_mm = 0.0;
    for pair in places.windows(2) {
        let [from, to] = pair else { continue };
        let leg_mm = distance_mm(*from, *to);
        while found.len() < n {
            let at_mm = found.len() as f64 * step_mm - before_mm;
            if leg_mm < at_mm || leg_mm <= 0.0 {
                break;
            }
            found.push(*from + (*to - *from) * (at_mm / leg_mm));
        }
        before_mm += leg_mm;
    }
    if let Some(last) = places.last() {
        found.resize(n, *last);
    }
    found
}

/// Modality values; stored values that do not count are no values.
struct Counted<'a> {
    volume: &'a Volume,
    /// The one slice of the lattice, where it has but one.
    slice_idx: Option<usize>,
}

impl Mapping for Counted<'_> {
    fn value(&self, slice_idx: usize, stored: f64) -> f64 {
        let slice_idx = self.slice_idx.unwrap_or(slice_idx);
        if self.volume.meaning.counts(slice_idx, stored) {
            self.volume.modality_lut.value(slice_idx, stored)
        } else {
            f64::NAN
        }
    }
}
