//! Volumes with smooth and sharp parts.

use space::{Grid, PatientPoint, PatientVector, PlaneFrame, ViewPlane};
use volume::{
    GeometryKind, Invert, ModalityLut, Outside, Placement, Presentation, Rescale, SliceVoxels,
    SmallValues, SpacingSource, Stored, ValueUnit, Voi, VoiFunction, Volume, Voxels,
};

use render::Appearance;

pub fn upright(size: [usize; 3]) -> Grid {
    Grid {
        size,
        origin: PatientPoint::new(-20.0, -30.0, 100.0),
        column_step: PatientVector::new(0.8, 0.0, 0.0),
        row_step: PatientVector::new(0.0, 0.8, 0.0),
        slice_step: PatientVector::new(0.0, 0.0, 1.5),
    }
}

/// Coronal with a gantry tilt.
pub fn tilted(size: [usize; 3]) -> Grid {
    Grid {
        size,
        origin: PatientPoint::new(12.0, 7.0, -40.0),
        column_step: PatientVector::new(0.9, 0.0, 0.0),
        row_step: PatientVector::new(0.0, 0.0, -0.7),
        slice_step: PatientVector::new(0.2, 1.3, 0.4),
    }
}

/// 0 to 200: waves with a sharp ball in them.
pub fn stored_at([i, j, k]: [usize; 3]) -> u8 {
    let [x, y, z] = [i, j, k].map(|c| c as f64);
    let wave = 60.0 + 25.0 * (x * 0.3).sin() + 20.0 * (y * 0.23).cos() + 12.0 * (z * 0.4).sin();
    let ball = (x - 20.0).powi(2) + (y - 24.0).powi(2) + (z - 12.0).powi(2) < 64.0;
    if ball { 200 } else { wave as u8 }
}

/// A volume of the given element type; slices for which `has` is false are holes.
pub fn volume(grid: Grid, stored: Stored, has: impl Fn(usize) -> bool) -> Volume {
    let voxels = Voxels::new(stored, grid.size[2]);
    for k in (0..grid.size[2]).filter(|k| has(*k)) {
        let all = (0..grid.size[0] * grid.size[1])
            .map(|at| stored_at([at % grid.size[0], at / grid.size[0], k]));
        let slice = match stored {
            Stored::U8 => SliceVoxels::U8(all.collect()),
            Stored::I8 => SliceVoxels::I8(all.map(|v| (i16::from(v) - 100) as i8).collect()),
            Stored::U16 => SliceVoxels::U16(all.map(|v| u16::from(v) * 300).collect()),
            Stored::I16 => SliceVoxels::I16(all.map(|v| i16::from(v) * 10 - 1000).collect()),
            Stored::U32 => SliceVoxels::U32(all.map(|v| u32::from(v) * 1000).collect()),
            Stored::I32 => SliceVoxels::I32(all.map(|v| i32::from(v) * -1000).collect()),
            Stored::F32 => SliceVoxels::F32(
                all.map(|v| {
                    if v == 200 {
                        f32::NAN
                    } else {
                        f32::from(v) / 7.0
                    }
                })
                .collect(),
            ),
            Stored::F64 => SliceVoxels::F64(all.map(|v| f64::from(v) / 7.0).collect()),
            Stored::Rgb8 | Stored::Rgb16 => panic!("grey only"),
        };
        voxels.fill(k, slice).unwrap();
    }
    Volume {
        grid,
        kind: GeometryKind::Volume,
        spacing_source: SpacingSource::PixelSpacing,
        placed: Placement::InPatient,
        slice_origins: vec![],
        modality_lut: ModalityLut::Rescale(vec![Rescale {
            slope: 0.5,
            intercept: 3.0,
        }]),
        unit: ValueUnit::Hounsfield,
        voi: vec![],
        small_values_are: SmallValues::Black,
        meaning: volume::Meaning::default(),
        voxels,
    }
}

/// The full range of a volume, hatched outside.
pub fn full_range(volume: &Volume) -> Appearance {
    let [low, high] = volume.full_range().unwrap_or([0.0, 1.0]);
    let voi = Voi::window(
        (low + high) / 2.0,
        (high - low).max(0.1),
        VoiFunction::LinearExact,
        None,
    )
    .unwrap();
    Appearance {
        presentation: Presentation::grey(voi, Invert::No),
        outside: Outside::Hatched,
    }
}

pub fn frame(away: [f64; 3], up: [f64; 3]) -> PlaneFrame {
    PlaneFrame::new(away.into(), up.into()).unwrap()
}

/// A plane a little off the grid's middle, so that no sample falls on a voxel centre.
pub fn plane(grid: &Grid, frame: PlaneFrame) -> ViewPlane {
    let centre = grid.centre() + PatientVector::new(0.111, -0.057, 0.203);
    ViewPlane {
        centre,
        frame,
        mm_per_pixel: 0.317,
        size_px: [160, 144],
    }
}
