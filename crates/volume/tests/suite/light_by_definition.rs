//! Whole renderings against the definition, sample by sample in 64 bits, with nothing stepped over and nothing shared.

use space::{Grid, PatientPoint, PatientVector, PlaneFrame};
use volume::{
    CropBox, Excluded, ExclusionReason, Interpolation, ModalityLut, Occupancy, RayCastView,
    RenderingPreset, Rescale, SampleStep, Shading, SliceVoxels, Stored, TransferFunction, Volume,
    interpolated, ray_cast,
};

use crate::made;

/// Levels of 255 that a channel may be off: places are 32-bit, and of a sharp edge a hundred-thousandth of a voxel decides.
const CLOSE_LEVELS: f64 = 2.0;
/// Pixels that may be further off.
const MAX_SHARE_OFF: f64 = 0.005;

fn values(transfer: &TransferFunction, value: f64, step_mm: f64) -> ([f64; 3], f64) {
    let [r, g, b, per_mm] = transfer.at(value).map(f64::from);
    ([r, g, b], 1.0 - (1.0 - per_mm).powf(step_mm))
}

/// Change per mm, from one voxel to each side along each axis; `None` beside a hole and what does not count.
fn change(volume: &Volume, at: PatientPoint) -> Option<PatientVector> {
    let grid = &volume.grid;
    let voxel = grid.voxel(at)?;
    let value = |axis: usize, by: f64| {
        let mut place = voxel;
        place[axis] = (place[axis] + by).clamp(0.0, (grid.size[axis] - 1) as f64);
        counted(volume, grid.patient(place))
    };
    let rows = grid.patient_from_voxel().inverse_rows()?;
    let mut sum = PatientVector::default();
    for (axis, row) in rows.into_iter().enumerate() {
        sum = sum + row * ((value(axis, 1.0)? - value(axis, -1.0)?) / 2.0);
    }
    Some(sum)
}

/// The value of a place unless one of the eight voxels about it does not count.
fn counted(volume: &Volume, at: PatientPoint) -> Option<f64> {
    let voxel = volume.grid.voxel(at)?;
    for corner in 0..8 {
        let near: [usize; 3] = std::array::from_fn(|axis| {
            let low = voxel[axis].floor().max(0.0) as usize;
            (low + (corner >> axis & 1)).min(volume.grid.size[axis] - 1)
        });
        volume.value(near[2], near[1], near[0])?;
    }
    interpolated(volume, at, Interpolation::Linear)
}

fn lit(
    shading: Shading,
    frame: &PlaneFrame,
    colour: [f64; 3],
    change: Option<PatientVector>,
    from: f64,
) -> [f64; 3] {
    let [ambient, diffuse, specular, shininess] = [
        shading.ambient,
        shading.diffuse,
        shading.specular,
        shading.shininess,
    ]
    .map(f64::from);
    let Some((per_mm, normal)) = change.and_then(|c| Some((c.length_mm(), c.unit()?))) else {
        return colour.map(|c| c * (ambient + diffuse));
    };
    let to_eye = -frame.away;
    let to_lamp = (to_eye + frame.up * 0.45 - frame.right() * 0.35)
        .unit()
        .unwrap();
    let half_way = (to_lamp + to_eye).unit().unwrap();
    let surface = (per_mm / from).min(1.0);
    let matt = ambient + diffuse * (surface * normal.dot(to_lamp).abs() + 1.0 - surface);
    let glint = specular * normal.dot(half_way).abs().powf(shininess) * surface;
    colour.map(|c| c * matt + glint)
}

fn pixel(volume: &Volume, view: &RayCastView, at: [f64; 2]) -> [f64; 3] {
    let (grid, plane) = (&volume.grid, &view.plane);
    let step_mm = view.step.mm(grid).unwrap();
    let [low, high] = view.transfer.range().unwrap();
    let (mut colour, mut through) = ([0.0; 3], 1.0);
    for step in -400..400 {
        let place = plane.patient(at) + plane.frame.away * (f64::from(step) * step_mm);
        let Some(voxel) = grid.voxel(place) else {
            continue;
        };
        let within = (0..3).all(|axis| {
            let last = (grid.size[axis] - 1) as f64;
            let [low, high] = [view.crop.low[axis], view.crop.high[axis]].map(|share| share * last);
            low - 1e-9 <= voxel[axis] && voxel[axis] <= high + 1e-9
        });
        if !within {
            continue;
        }
        let Some(value) = counted(volume, place) else {
            continue;
        };
        let (own, held) = values(view.transfer, value, step_mm);
        if held <= 0.0 {
            continue;
        }
        let lit = lit(
            view.transfer.shading,
            &plane.frame,
            own,
            change(volume, place),
            0.03 * (high - low),
        );
        for (sum, c) in colour.iter_mut().zip(lit) {
            *sum += through * held * c;
        }
        through *= 1.0 - held;
        if through < 0.01 {
            break;
        }
    }
    colour.map(|c| (c * 255.0).clamp(0.0, 255.0))
}

/// Soft shapes of every density from air to bone, with a wave over them so that nothing is flat.
fn body(grid: Grid, lut: ModalityLut) -> Volume {
    let mut volume = made::empty(grid, Stored::I16);
    let centre = grid.centre();
    volume.modality_lut = lut;
    for k in 0..grid.size[2] {
        let value = |at: usize| {
            let voxel = [at % grid.size[0], at / grid.size[0], k].map(|c| c as f64);
            let off = grid.patient(voxel) - centre;
            let ball = |by: [f64; 3], radius_mm: f64| {
                radius_mm - (off - PatientVector::from(by)).length_mm()
            };
            let soft = |depth_mm: f64| 1.0 / (1.0 + (-depth_mm).exp());
            let value = -1000.0 + 1050.0 * soft(ball([0.0; 3], 17.0))
                - 850.0 * soft(ball([6.0, -5.0, 4.0], 6.0))
                + 900.0 * soft(ball([-6.0, 4.0, -3.0], 5.0))
                + 350.0 * soft(ball([5.0, 8.0, -4.0], 4.0))
                + 12.0 * (voxel[0] * 0.9).sin() * (voxel[1] * 0.7).cos();
            let line = volume.modality_lut.rescale(k).unwrap();
            ((value - line.intercept) / line.slope).round() as i16
        };
        let slice: Vec<i16> = (0..grid.size[0] * grid.size[1]).map(value).collect();
        volume
            .voxels
            .fill(k, SliceVoxels::I16(slice.into()))
            .unwrap();
    }
    volume
}

fn check(name: &str, volume: &Volume, view: &RayCastView) {
    let occupancy = Occupancy::of(volume).unwrap();
    let picture = ray_cast(volume, &occupancy, view, &|| false).unwrap();
    let (mut n_off, mut worst, mut n_lit) = (0, 0.0_f64, 0);
    for (idx, got) in picture.values.iter().enumerate() {
        let at = [idx % picture.width, idx / picture.width].map(|c| c as f64);
        let expected = pixel(volume, view, at);
        let off = (0..3)
            .map(|c| (f64::from(got[c]) - expected[c]).abs())
            .fold(0.0, f64::max);
        n_off += usize::from(CLOSE_LEVELS < off);
        n_lit += usize::from(expected.iter().any(|c| 20.0 < *c));
        worst = worst.max(off);
    }
    let n = picture.values.len();
    println!(
        "{name}: {n_off} of {n} pixels off by more than {CLOSE_LEVELS} levels, at most {worst:.1}; {n_lit} lit"
    );
    assert!(
        n_off as f64 <= MAX_SHARE_OFF * n as f64,
        "{name}: {n_off} of {n} off, at most {worst}"
    );
    assert!(n / 20 < n_lit, "{name} shows nothing");
}

fn view<'a>(
    volume: &Volume,
    away: [f64; 3],
    transfer: &'a TransferFunction,
    step: SampleStep,
) -> RayCastView<'a> {
    RayCastView {
        plane: space::ViewPlane {
            centre: volume.grid.centre(),
            frame: PlaneFrame::new(away.into(), [0.05, -0.1, 1.0].into()).unwrap(),
            mm_per_pixel: 1.5,
            size_px: [27, 29],
        },
        transfer,
        crop: CropBox::WHOLE,
        step,
    }
}

fn sheared() -> Grid {
    let tilt = 15_f64.to_radians();
    Grid {
        size: [52, 50, 19],
        origin: PatientPoint::new(-20.0, 5.0, 100.0),
        column_step: PatientVector::new(0.8, 0.0, 0.0),
        row_step: PatientVector::new(0.0, 0.8 * tilt.cos(), 0.8 * tilt.sin()),
        slice_step: PatientVector::new(0.0, 0.0, 2.1),
    }
}

fn one_line() -> ModalityLut {
    ModalityLut::Rescale(vec![Rescale {
        slope: 2.0,
        intercept: -1024.0,
    }])
}

#[test]
fn every_preset_from_any_side_is_what_its_definition_says() {
    for grid in [made::upright([41, 40, 39], [1.0, 1.0, 1.0]), sheared()] {
        let volume = body(grid, one_line());
        for preset in RenderingPreset::ALL {
            let transfer = preset.transfer(&volume).unwrap();
            for (away, step) in [
                ([0.0, 1.0, 0.0], SampleStep::Fine),
                ([-0.5, 0.7, -0.4], SampleStep::Fine),
                ([0.9, 0.3, 0.2], SampleStep::Coarse),
            ] {
                let view = view(&volume, away, &transfer, step);
                check(&format!("{preset:?} {away:?} {step:?}"), &volume, &view);
            }
        }
    }
}

#[test]
fn what_is_cut_off_or_does_not_count_or_is_scaled_slice_by_slice_is_what_its_definition_says() {
    let grid = made::upright([41, 40, 39], [1.0, 1.0, 1.0]);
    let padding = |low, high| Excluded {
        low,
        high,
        reason: ExclusionReason::Padding,
    };
    let of_slice = |k: usize| Rescale {
        slope: 1.0 + 0.01 * k as f64,
        intercept: -1024.0 + k as f64,
    };
    let each = ModalityLut::Rescale((0..grid.size[2]).map(of_slice).collect());
    for (name, lut, excluded) in [
        ("one range", one_line(), vec![padding(300.0, 420.0)]),
        (
            "two ranges",
            one_line(),
            vec![padding(300.0, 420.0), padding(12.0, 14.0)],
        ),
        ("a line a slice", each, vec![]),
    ] {
        let mut volume = body(grid, lut);
        volume.meaning.excluded = excluded;
        let transfer = RenderingPreset::CtSoftTissue.transfer(&volume).unwrap();
        let mut view = view(&volume, [0.3, 0.8, -0.3], &transfer, SampleStep::Fine);
        check(name, &volume, &view);
        view.crop = CropBox {
            low: [0.1, 0.45, 0.0],
            high: [0.9, 1.0, 0.7],
        };
        check(&format!("{name}, cut"), &volume, &view);
    }
}
