//! Any plane of any grid against an interpolation that shares nothing with the shipped one.

use proptest::prelude::*;
use space::{Grid, PatientPoint, PatientVector, PlaneFrame, ViewPlane};
use volume::{Interpolation, ModalityLut, Rescale, Volume, reslice};

use crate::made;

/// Trilinear interpolation written as a sum over the eight corners, with neither rows nor fast paths.
fn oracle(volume: &Volume, at: PatientPoint) -> Option<f64> {
    let voxel = volume.grid.voxel(at)?;
    if !volume.grid.contains(at) {
        return None;
    }
    let mut sum = 0.0;
    for corner in 0..8 {
        let (mut weight, mut idx) = (1.0, [0usize; 3]);
        for axis in 0..3 {
            let c = voxel[axis].clamp(0.0, volume.grid.size[axis] as f64 - 1.0);
            let upper = corner >> axis & 1 == 1;
            let low = c.floor();
            weight *= if upper { c - low } else { 1.0 - (c - low) };
            idx[axis] = (low as usize + usize::from(upper)).min(volume.grid.size[axis] - 1);
        }
        sum += weight * volume.value(idx[2], idx[1], idx[0])?;
    }
    Some(sum)
}

fn part() -> impl Strategy<Value = PatientVector> {
    prop::array::uniform3(-1.0..1.0f64).prop_map(PatientVector::from)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_plane_of_any_grid_agrees_with_the_oracle(
        size in prop::array::uniform3(1usize..9), steps in prop::array::uniform3(part()),
        origin in part(), away in part(), up in part(), shift in part(), mm_per_pixel in 0.05..0.5f64,
    ) {
        let grid = Grid {
            size,
            origin: PatientPoint::default() + origin * 300.0,
            column_step: steps[0],
            row_step: steps[1],
            slice_step: steps[2],
        };
        prop_assume!(0.05 < grid.patient_from_voxel().determinant().abs());
        prop_assume!(0.05 < away.cross(up).length_mm());
        let mut volume = made::of_indices(grid, made::scattered);
        volume.modality_lut = ModalityLut::Rescale(vec![Rescale { slope: 1.5, intercept: -1024.0 }]);
        let frame = PlaneFrame::new(away, up).unwrap();
        let plane = ViewPlane { centre: grid.centre() + shift, frame, mm_per_pixel, size_px: [31, 17] };
        let picture = reslice(&volume, &plane, Interpolation::Linear, None, &|| false).unwrap();
        for row in 0..17 {
            for column in 0..31 {
                let at = plane.patient([column as f64, row as f64]);
                let (got, expected) = (picture.value(column, row), oracle(&volume, at));
                prop_assert_eq!(got.is_some(), expected.is_some());
                if let (Some(got), Some(expected)) = (got, expected) {
                    prop_assert!((f64::from(got) - expected).abs() < 1e-3, "{} is not {}", got, expected);
                }
            }
        }
    }
}
