//! Time of coarse CPU pictures of light through a 512-cube of 16-bit values, 512 × 512 pixels, on two threads.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{Criterion, criterion_group, criterion_main};
use space::{Grid, Orientation, PatientPoint, PatientVector, ViewPlane};
use volume::{
    CropBox, GeometryKind, ModalityLut, Occupancy, Placement, RayCastView, RenderingPreset,
    SampleStep, SliceVoxels, SmallValues, SpacingSource, Stored, ValueUnit, Volume, Voxels,
    ray_cast,
};

const SIDE: usize = 512;

/// An oval of soft tissue with noise, a spine, ribs, and vessels; `tests/peers/light.py` makes the same.
fn stored(x: i32, y: i32, z: i32) -> i16 {
    let noise = (x * 31 + y * 17 + z * 57) % 41 - 20;
    let [across, deep] = [f64::from(x - 256) / 220.0, f64::from(y - 256) / 150.0];
    let oval = across * across + deep * deep;
    let mut value = if oval < 1.0 {
        40 + noise
    } else {
        -1000 + noise.div_euclid(2)
    };
    if (x - 256).pow(2) + (y - 350).pow(2) < 35 * 35 {
        value = 420 + noise;
    }
    if 0.80 < oval && oval < 0.90 && (z + x / 8) % 60 < 20 {
        value = 520 + noise;
    }
    for column in (96..440).step_by(48) {
        let off = 20.0 * (f64::from(z) * 0.02 + f64::from(column)).sin();
        let right = f64::from(x - column) - off;
        if right * right + f64::from((y - 240).pow(2)) < 81.0 {
            value = 300 + noise;
        }
    }
    value as i16
}

fn body() -> Volume {
    let step = |axis: usize| {
        let mut step = [0.0; 3];
        step[axis] = 0.7;
        PatientVector::from(step)
    };
    let voxels = Voxels::new(Stored::I16, SIDE);
    for k in 0..SIDE {
        let at = |at: usize| stored((at % SIDE) as i32, (at / SIDE) as i32, k as i32);
        let slice: Vec<i16> = (0..SIDE * SIDE).map(at).collect();
        voxels.fill(k, SliceVoxels::I16(slice.into())).unwrap();
    }
    Volume {
        grid: Grid {
            size: [SIDE; 3],
            origin: PatientPoint::new(0.0, 0.0, 0.0),
            column_step: step(0),
            row_step: step(1),
            slice_step: step(2),
        },
        kind: GeometryKind::Volume,
        spacing_source: SpacingSource::PixelSpacing,
        placed: Placement::InPatient,
        slice_origins: vec![],
        modality_lut: ModalityLut::Identity,
        unit: ValueUnit::Hounsfield,
        voi: vec![],
        small_values_are: SmallValues::Black,
        meaning: volume::Meaning::default(),
        voxels,
    }
}

fn light(criterion: &mut Criterion) {
    let volume = body();
    let occupancy = Occupancy::of(&volume).unwrap();
    let mut group = criterion.benchmark_group("light_512_to_512");
    group.sample_size(10);
    for (name, preset) in [
        ("bone", RenderingPreset::CtBone),
        ("vessels", RenderingPreset::CtVessels),
    ] {
        let transfer = preset.transfer(&volume).unwrap();
        let view = RayCastView {
            plane: ViewPlane {
                centre: volume.grid.centre(),
                frame: Orientation::Coronal.frame(),
                mm_per_pixel: 0.75,
                size_px: [512, 512],
            },
            transfer: &transfer,
            crop: CropBox::WHOLE,
            step: SampleStep::Coarse,
        };
        group.bench_function(name, |b| {
            b.iter(|| ray_cast(&volume, &occupancy, &view, &|| false));
        });
    }
    group.bench_function("occupancy", |b| b.iter(|| Occupancy::of(&volume)));
    group.finish();
}

criterion_group!(benches, light);
criterion_main!(benches);
