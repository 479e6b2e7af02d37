//! Padding enters no plane and no slab, against an interpolation and projections that share nothing with the shipped ones.

use proptest::prelude::*;
use space::{Orientation, PatientPoint, PatientVector, PlaneFrame, ViewPlane};
use volume::{
    Excluded, ExclusionReason, Interpolation, ModalityLut, Rescale, Slab, SlabMode, SliceView,
    Volume, reslice, sample_slice,
};

use crate::made;

const PADDING: i16 = -2000;

/// Stored values in a ball, padding around it and in some voxels within.
fn value([i, j, k]: [usize; 3], size: [usize; 3]) -> i16 {
    let off = [i, j, k].into_iter().zip(size).map(|(at, n)| {
        let half = n as f64 / 2.0;
        ((at as f64 + 0.5 - half) / half).powi(2)
    });
    if 0.9 < off.sum::<f64>() || (i * 7 + j * 5 + k * 3) % 23 == 0 {
        PADDING
    } else {
        made::scattered([i, j, k])
    }
}

fn padded(grid: space::Grid) -> Volume {
    let mut volume = made::of_indices(grid, |at| value(at, grid.size));
    volume.meaning.excluded = vec![Excluded {
        low: f64::from(PADDING) - 8.0,
        high: f64::from(PADDING),
        reason: ExclusionReason::Padding,
    }];
    volume
}

/// What a sample is: the four answers of the rule.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Sample {
    Outside,
    Missing,
    Padding,
    Value(f64),
}

/// The rule written down once more: a sum over the eight corners that have a weight, else the nearest voxel.
fn oracle(volume: &Volume, at: [f64; 3]) -> Sample {
    let size = volume.grid.size;
    if (0..3).any(|a| at[a] < -0.5 || size[a] as f64 - 0.5 < at[a]) {
        return Sample::Outside;
    }
    let (mut sum, mut any_padding) = (0.0, false);
    for corner in 0..8 {
        let (mut weight, mut idx) = (1.0, [0usize; 3]);
        for axis in 0..3 {
            let c = at[axis].clamp(0.0, size[axis] as f64 - 1.0);
            let upper = corner >> axis & 1 == 1;
            weight *= if upper {
                c - c.floor()
            } else {
                1.0 - (c - c.floor())
            };
            idx[axis] = (c.floor() as usize + usize::from(upper)).min(size[axis] - 1);
        }
        if weight <= 0.0 {
            continue;
        }
        match volume.stored_value(idx[2], idx[1], idx[0]) {
            None => return Sample::Missing,
            Some(stored) if stored <= f64::from(PADDING) => any_padding = true,
            Some(stored) => sum += weight * volume.modality_lut.value(idx[2], stored),
        }
    }
    if !any_padding {
        return Sample::Value(sum);
    }
    let nearest: [usize; 3] = std::array::from_fn(|a| {
        let c = (at[a] + 0.5).floor().max(0.0) as usize;
        c.min(size[a] - 1)
    });
    let stored = volume
        .stored_value(nearest[2], nearest[1], nearest[0])
        .unwrap();
    match stored <= f64::from(PADDING) {
        true => Sample::Padding,
        false => Sample::Value(volume.modality_lut.value(nearest[2], stored)),
    }
}

/// The samples of a pixel through a slab, as one.
fn combined(samples: &[Sample], mode: SlabMode) -> Sample {
    if samples.contains(&Sample::Missing) {
        return Sample::Missing;
    }
    let values: Vec<f64> = samples
        .iter()
        .filter_map(|s| match s {
            Sample::Value(v) => Some(*v),
            Sample::Outside | Sample::Missing | Sample::Padding => None,
        })
        .collect();
    if values.is_empty() {
        let any = samples.contains(&Sample::Padding);
        return if any {
            Sample::Padding
        } else {
            Sample::Outside
        };
    }
    Sample::Value(match mode {
        SlabMode::Mean => values.iter().sum::<f64>() / values.len() as f64,
        SlabMode::Mip => values.iter().copied().fold(f64::MIN, f64::max),
        SlabMode::MinIp => values.iter().copied().fold(f64::MAX, f64::min),
    })
}

fn part() -> impl Strategy<Value = PatientVector> {
    prop::array::uniform3(-1.0..1.0f64).prop_map(PatientVector::from)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn no_plane_and_no_slab_of_any_grid_holds_padding(
        size in prop::array::uniform3(3usize..12), steps in prop::array::uniform3(part()),
        away in part(), up in part(), shift in part(), mm_per_pixel in 0.05..0.4f64,
        mode in prop::sample::select(vec![SlabMode::Mean, SlabMode::Mip, SlabMode::MinIp]),
        thickness_mm in 0.0..2.0f64, slope in prop::sample::select(vec![1.5, -0.5]), hole in 0usize..12,
    ) {
        let grid = space::Grid {
            size,
            origin: PatientPoint::new(10.0, -20.0, 30.0),
            column_step: steps[0],
            row_step: steps[1],
            slice_step: steps[2],
        };
        prop_assume!(0.05 < grid.patient_from_voxel().determinant().abs());
        prop_assume!(0.05 < away.cross(up).length_mm());
        let mut volume = padded(grid);
        if hole < size[2] {
            let _ = volume.voxels.let_go(hole);
        }
        volume.modality_lut = ModalityLut::Rescale(vec![Rescale { slope, intercept: -1024.0 }]);
        let slab = Slab { mode, thickness_mm };
        let Ok(layers_mm) = slab.layers_mm(&grid) else { return Ok(()) };
        let frame = PlaneFrame::new(away, up).unwrap();
        let plane = ViewPlane { centre: grid.centre() + shift * 0.5, frame, mm_per_pixel, size_px: [23, 17] };
        let picture = reslice(&volume, &plane, Interpolation::Linear, Some(slab), &|| false).unwrap();
        for (at, got) in picture.values.iter().enumerate() {
            let pixel = plane.patient([(at % 23) as f64, (at / 23) as f64]);
            let samples: Vec<Sample> = layers_mm
                .iter()
                .map(|mm| oracle(&volume, grid.voxel(pixel + plane.frame.away * *mm).unwrap()))
                .collect();
            match combined(&samples, mode) {
                Sample::Outside | Sample::Missing => prop_assert!(got.is_nan(), "{got} for {samples:?}"),
                Sample::Padding => prop_assert_eq!(*got, f32::NEG_INFINITY),
                Sample::Value(v) => prop_assert!((f64::from(*got) - v).abs() < 1e-2, "{got}, not {v}: {samples:?}"),
            }
        }
    }
}

#[test]
fn a_slab_over_padding_is_the_mean_of_what_was_measured() {
    // Three slices of two voxels: padding beside 100 and 300, and padding alone.
    let stored = [[PADDING, PADDING], [100, PADDING], [300, PADDING]];
    let grid = made::upright([2, 1, 3], [1.0; 3]);
    let mut volume = made::of_indices(grid, |[i, _, k]| stored[k][i]);
    volume.meaning = padded(grid).meaning;
    let plane = ViewPlane {
        centre: grid.centre(),
        frame: Orientation::Axial.frame(),
        mm_per_pixel: 1.0,
        size_px: [2, 1],
    };
    for (mode, want) in [
        (SlabMode::Mean, 200.0),
        (SlabMode::Mip, 300.0),
        (SlabMode::MinIp, 100.0),
    ] {
        for interpolation in [
            Interpolation::Nearest,
            Interpolation::Linear,
            Interpolation::Cubic,
        ] {
            let slab = Some(Slab {
                mode,
                thickness_mm: 3.0,
            });
            let picture = reslice(&volume, &plane, interpolation, slab, &|| false).unwrap();
            assert_eq!(
                picture.values,
                [want, f32::NEG_INFINITY],
                "{mode:?} {interpolation:?}"
            );
            assert_eq!(picture.n_valued(), 1);
        }
    }
}

#[test]
fn a_voxel_without_weight_is_not_asked_and_cubic_steps_down_to_linear() {
    let row = [PADDING, 100, 200, 300, 400, 500];
    let grid = made::upright([6, 1, 1], [1.0; 3]);
    let mut volume = made::of_indices(grid, |[i, ..]| row[i]);
    volume.meaning = padded(grid).meaning;
    let at = |column: f64, interpolation| {
        let view = SliceView {
            at_first_pixel: [column, 0.0],
            ..SliceView::native([1, 1])
        };
        let flat = sample_slice(&volume, 0, &view, interpolation)
            .unwrap()
            .values[0];
        let plane = ViewPlane {
            centre: PatientPoint::new(column, 0.0, 0.0),
            frame: Orientation::Axial.frame(),
            mm_per_pixel: 1.0,
            size_px: [1, 1],
        };
        let resliced = reslice(&volume, &plane, interpolation, None, &|| false)
            .unwrap()
            .values[0];
        assert_eq!(flat, resliced, "a slice and a plane on it at {column}");
        flat
    };
    let none = f32::NEG_INFINITY;
    for (column, nearest, linear, cubic) in [
        (0.25, none, none, none),
        (0.75, 100.0, 100.0, 100.0),
        (1.0, 100.0, 100.0, 100.0),
        // Padding is one of the four voxels that cubic would ask: linear takes its place.
        (1.5, 200.0, 150.0, 150.0),
        (2.5, 300.0, 250.0, 250.0),
    ] {
        let got = [
            Interpolation::Nearest,
            Interpolation::Linear,
            Interpolation::Cubic,
        ]
        .map(|interpolation| at(column, interpolation));
        assert_eq!(got, [nearest, linear, cubic], "{column}");
    }
}
