//! Time of the CPU pictures of a 512-cube of 16-bit values at 1024 × 1024 pixels.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{Criterion, criterion_group, criterion_main};
use space::{Grid, Orientation, PatientPoint, PatientVector, PlaneFrame, ViewPlane};
use volume::{
    GeometryKind, Interpolation, ModalityLut, Placement, Rescale, Slab, SlabMode, SliceVoxels,
    SmallValues, SpacingSource, Stored, ValueUnit, Volume, Voxels, reslice,
};

const SIDE: usize = 512;

fn cube() -> Volume {
    let grid = Grid {
        size: [SIDE; 3],
        origin: PatientPoint::new(-180.0, -180.0, -180.0),
        column_step: PatientVector::new(0.7, 0.0, 0.0),
        row_step: PatientVector::new(0.0, 0.7, 0.0),
        slice_step: PatientVector::new(0.0, 0.0, 0.7),
    };
    let voxels = Voxels::new(Stored::I16, SIDE);
    for k in 0..SIDE {
        let slice: Vec<i16> = (0..SIDE * SIDE)
            .map(|at| ((at * 31 + k * 977) % 4096) as i16 - 1024)
            .collect();
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
        meaning: volume::Meaning::default(),
        voxels,
    }
}

fn reslices(criterion: &mut Criterion) {
    let volume = cube();
    let oblique = PlaneFrame::new(
        PatientVector::new(0.4, 0.5, 0.77),
        PatientVector::new(0.1, -1.0, 0.2),
    )
    .unwrap();
    let mut group = criterion.benchmark_group("reslice_512_to_1024");
    group.sample_size(10);
    let views = [
        ("axial", Orientation::Axial.frame()),
        ("coronal", Orientation::Coronal.frame()),
        ("sagittal", Orientation::Sagittal.frame()),
        ("oblique", oblique),
    ];
    for (name, frame) in views {
        let plane = ViewPlane {
            centre: volume.grid.patient([255.3, 255.4, 255.6]),
            frame,
            mm_per_pixel: 0.35,
            size_px: [1024, 1024],
        };
        group.bench_function(name, |b| {
            b.iter(|| reslice(&volume, &plane, Interpolation::Linear, None, &|| false));
        });
        if name == "axial" || name == "oblique" {
            for thickness_mm in [20.0, 28.0] {
                let slab = Some(Slab {
                    mode: SlabMode::Mip,
                    thickness_mm,
                });
                group.bench_function(format!("{name}_mip_{thickness_mm}_mm"), |b| {
                    b.iter(|| reslice(&volume, &plane, Interpolation::Linear, slab, &|| false));
                });
            }
        }
    }
    group.finish();
}

criterion_group!(benches, reslices);
criterion_main!(benches);
