//! A volume for the tests of this folder.
#![allow(clippy::unwrap_used)]

use space::{Grid, PatientPoint, PatientVector};

use crate::{
    GeometryKind, Meaning, ModalityLut, Placement, Rescale, SliceVoxels, SmallValues,
    SpacingSource, Stored, ValueUnit, Volume, Voxels,
};

/// Air with a few blobs of every density from lung to bone, in thick sheared slices.
pub(super) fn speckled() -> Volume {
    let size = [50, 44, 30];
    let grid = Grid {
        size,
        origin: PatientPoint::new(-30.0, 10.0, 5.0),
        column_step: PatientVector::new(1.0, 0.0, 0.0),
        row_step: PatientVector::new(0.0, 0.9, 0.2),
        slice_step: PatientVector::new(0.0, 0.0, 1.7),
    };
    let blobs = [
        ([12.0, 12.0, 8.0], 7.0, 1500.0),
        ([30.0, 10.0, 20.0], 6.0, 320.0),
        ([33.0, 30.0, 9.0], 8.0, 60.0),
        ([14.0, 32.0, 22.0], 7.0, -450.0),
    ];
    let voxels = Voxels::new(Stored::I16, size[2]);
    for k in 0..size[2] {
        let value = |at: usize| {
            let place = [(at % size[0]) as f64, (at / size[0]) as f64, k as f64];
            let mut value = -1000.0_f64;
            for (middle, radius, inside) in blobs {
                let off: f64 = place
                    .iter()
                    .zip(middle)
                    .map(|(a, b): (&f64, f64)| (a - b).powi(2))
                    .sum();
                if off.sqrt() < radius {
                    value = inside + (at % 7) as f64;
                }
            }
            (value + 1024.0) as i16
        };
        let slice: Vec<i16> = (0..size[0] * size[1]).map(value).collect();
        voxels.fill(k, SliceVoxels::I16(slice.into())).unwrap();
    }
    Volume {
        grid,
        kind: GeometryKind::Volume,
        spacing_source: SpacingSource::PixelSpacing,
        placed: Placement::InPatient,
        slice_origins: vec![],
        modality_lut: ModalityLut::Rescale(vec![Rescale {
            slope: 1.0,
            intercept: -1024.0,
        }]),
        unit: ValueUnit::Hounsfield,
        voi: vec![],
        small_values_are: SmallValues::Black,
        meaning: Meaning::default(),
        voxels,
    }
}
