use space::{Grid, PatientPoint};

use crate::lattice::{Lattice, Row, nearest_idx};
use crate::values::for_grey;
use crate::{GeometryKind, Interpolation, Volume};

/// The modality value of the voxel nearest to a place; `None` outside, in a hole, and for colour.
///
/// For slices that form no regular volume, the nearest slice within half a slice spacing is taken; where frames share
/// one place, use [`probe_slice`].
pub fn probe(volume: &Volume, point: PatientPoint) -> Option<f64> {
    let slice_idx = nearest_slice(volume, point)?;
    match volume.kind {
        GeometryKind::Volume => {
            let voxel = nearest_voxel(&volume.grid, point)?;
            volume.value(voxel[2], voxel[1], voxel[0])
        }
        GeometryKind::Stack | GeometryKind::Multiframe | GeometryKind::Single => {
            probe_slice(volume, slice_idx, point)
        }
    }
}

/// The modality value of the voxel of one slice nearest to the projection of a place; `None` outside, in a hole, and for colour.
pub fn probe_slice(volume: &Volume, slice_idx: usize, point: PatientPoint) -> Option<f64> {
    let [row_idx, column_idx] = cell_of(volume, slice_idx, point)?;
    volume.value(slice_idx, row_idx, column_idx)
}

/// Row and column of the voxel of a slice nearest to the projection of a place; `None` outside.
pub(crate) fn cell_of(
    volume: &Volume,
    slice_idx: usize,
    point: PatientPoint,
) -> Option<[usize; 2]> {
    let [column, row, _] = volume.slice_map(slice_idx)?.invert(point)?;
    let [n_columns, n_rows] = volume.slice_size();
    Some([cell(row, n_rows)?, cell(column, n_columns)?])
}

/// The modality value at a place between voxels; `None` outside, next to a hole, for colour, and without a regular volume.
pub fn interpolated(
    volume: &Volume,
    point: PatientPoint,
    interpolation: Interpolation,
) -> Option<f64> {
    if volume.kind != GeometryKind::Volume {
        return None;
    }
    let start = volume.grid.voxel(point)?;
    let row = Row {
        start,
        step: [0.0; 3],
    };
    let mut value = [f64::NAN];
    for_grey!(&volume.voxels, planes => {
        let planes = planes.all();
        let lattice = Lattice::new(&planes, volume.slice_size())?;
        if row.inside(lattice.size(), 0..1).is_empty() {
            return None;
        }
        lattice.sample(&volume.modality_lut, interpolation, (&row, 0..1), &mut value);
    }, colour => return None);
    Some(value[0]).filter(|v| !v.is_nan())
}

/// The (column, row, slice) of the voxel whose cell holds a place; `None` outside.
pub fn nearest_voxel(grid: &Grid, point: PatientPoint) -> Option<[usize; 3]> {
    let [column, row, slice] = grid.voxel(point)?;
    Some([
        cell(column, grid.size[0])?,
        cell(row, grid.size[1])?,
        cell(slice, grid.size[2])?,
    ])
}

/// The slice nearest to a place along the slice normal, the lower one in the middle between two; `None` when the place is
/// beyond the outermost slices by more than half a slice spacing, or when there is no slice.
pub fn nearest_slice(volume: &Volume, point: PatientPoint) -> Option<usize> {
    let normal = volume.grid.slice_normal()?;
    let distance_mm = |slice_idx: usize| (point - volume.slice_origin(slice_idx)).dot(normal).abs();
    let (slice_idx, distance) = (0..volume.n_slices())
        .map(|k| (k, distance_mm(k)))
        .min_by(|a, b| a.1.total_cmp(&b.1))?;
    // A single picture without a thickness is reached from anywhere near it.
    let reach_mm = match volume.grid.spacing_mm()[2] {
        spacing if 1e-9 < spacing => spacing / 2.0,
        _ => 0.5,
    };
    (distance <= reach_mm + 1e-6).then_some(slice_idx)
}

/// The index of the cell of `n` that holds a coordinate.
fn cell(c: f64, n: usize) -> Option<usize> {
    let inside = -0.5 - 1e-9 <= c && c <= n as f64 - 0.5 + 1e-9;
    (inside && 0 < n).then(|| nearest_idx(c, n))
}
