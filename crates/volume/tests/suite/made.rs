//! Volumes made from functions.

use space::{Grid, PatientPoint, PatientVector};
use volume::{
    GeometryKind, ModalityLut, Placement, SliceVoxels, SmallValues, SpacingSource, Stored,
    ValueUnit, Volume, Voxels,
};

/// An empty volume over a grid.
pub fn empty(grid: Grid, stored: Stored) -> Volume {
    Volume {
        grid,
        kind: GeometryKind::Volume,
        spacing_source: SpacingSource::PixelSpacing,
        placed: Placement::InPatient,
        slice_origins: vec![],
        modality_lut: ModalityLut::Identity,
        unit: ValueUnit::Hounsfield,
        voi: vec![],
        small_values_are: SmallValues::Black,
        meaning: volume::Meaning::default(),
        voxels: Voxels::new(stored, grid.size[2]),
    }
}

/// A volume of 64-bit values, each a function of its place; slices for which `has` is false stay holes.
pub fn of_places(
    grid: Grid,
    value: impl Fn(PatientPoint) -> f64,
    has: impl Fn(usize) -> bool,
) -> Volume {
    let volume = empty(grid, Stored::F64);
    for k in (0..grid.size[2]).filter(|k| has(*k)) {
        let slice: Vec<f64> = (0..grid.size[0] * grid.size[1])
            .map(|at| {
                value(grid.patient([
                    (at % grid.size[0]) as f64,
                    (at / grid.size[0]) as f64,
                    k as f64,
                ]))
            })
            .collect();
        volume
            .voxels
            .fill(k, SliceVoxels::F64(slice.into()))
            .unwrap();
    }
    volume
}

/// A volume of 16-bit values, each a function of its (column, row, slice).
pub fn of_indices(grid: Grid, value: impl Fn([usize; 3]) -> i16) -> Volume {
    let volume = empty(grid, Stored::I16);
    for k in 0..grid.size[2] {
        let slice: Vec<i16> = (0..grid.size[0] * grid.size[1])
            .map(|at| value([at % grid.size[0], at / grid.size[0], k]))
            .collect();
        volume
            .voxels
            .fill(k, SliceVoxels::I16(slice.into()))
            .unwrap();
    }
    volume
}

/// A repeatable scatter of values from −1000 to 2000.
pub fn scattered([i, j, k]: [usize; 3]) -> i16 {
    let mixed = (i as u32).wrapping_mul(73_856_093)
        ^ (j as u32).wrapping_mul(19_349_663)
        ^ (k as u32).wrapping_mul(83_492_791);
    (mixed.wrapping_mul(2_654_435_761) >> 16) as i16 % 1500 + 500
}

/// An upright grid with its first voxel centre at the origin.
pub fn upright(size: [usize; 3], [x, y, z]: [f64; 3]) -> Grid {
    Grid {
        size,
        origin: PatientPoint::default(),
        column_step: PatientVector::new(x, 0.0, 0.0),
        row_step: PatientVector::new(0.0, y, 0.0),
        slice_step: PatientVector::new(0.0, 0.0, z),
    }
}

/// A sagittal grid with a gantry tilt: turned, mirrored and sheared at once.
pub fn tilted() -> Grid {
    Grid {
        size: [12, 14, 9],
        origin: PatientPoint::new(31.0, -12.5, 40.0),
        column_step: PatientVector::new(0.0, 0.8, 0.0),
        row_step: PatientVector::new(0.0, 0.0, -0.9),
        slice_step: PatientVector::new(-2.0, 0.3, 0.45),
    }
}
