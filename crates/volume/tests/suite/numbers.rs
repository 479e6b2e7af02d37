//! Statistics, probes, histograms and default windows with known truth.

use space::{Ellipse, PatientPoint, PatientVector};
use volume::{
    Excluded, ExclusionReason, GeometryKind, Interpolation, Invert, ModalityLut, PRESETS,
    Presentation, RegionSamples, Rescale, SliceVoxels, SmallValues, SpacingSource, StatisticsError,
    Stored, Voi, VoiFunction, WindowOrigin, histogram, interpolated, nearest_slice, probe,
    probe_slice, region_statistics, slice_region_statistics,
};

use crate::made;

fn circle(centre: [f64; 3], radius_mm: f64, a: [f64; 3], b: [f64; 3]) -> Ellipse {
    let unit = |v: [f64; 3]| PatientVector::from(v).unit().unwrap();
    Ellipse {
        centre: centre.into(),
        half_axis_a: unit(a) * radius_mm,
        half_axis_b: unit(b) * radius_mm,
    }
}

/// Lattice points in a circle of radius r about one of them (Gauss's circle problem, OEIS A000328).
const GAUSS: [(f64, usize); 6] = [
    (1.0, 5),
    (2.0, 13),
    (3.0, 29),
    (5.0, 81),
    (7.0, 149),
    (10.0, 317),
];

#[test]
fn a_circle_on_a_slice_counts_the_lattice_points_of_gauss() {
    let volume = made::of_places(
        made::upright([64, 64, 3], [1.0, 1.0, 5.0]),
        |p| 4.0 * p.x_mm,
        |_| true,
    );
    for (radius, n) in GAUSS {
        let ellipse = circle([30.0, 31.0, 5.0], radius, [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]);
        let s = region_statistics(&volume, &ellipse.into()).unwrap();
        assert_eq!(
            (s.n, s.samples),
            (n, RegionSamples::VoxelCentres { slice_idx: 1 })
        );
        assert_eq!(
            (s.mean, s.min, s.max),
            (120.0, 120.0 - 4.0 * radius, 120.0 + 4.0 * radius)
        );
        let area = s.area_mm2.unwrap();
        assert!((area - std::f64::consts::PI * radius * radius).abs() < 1e-9);
    }
}

#[test]
fn an_oblique_circle_is_resampled_at_the_smallest_spacing() {
    // A linear field along one axis of the circle: mean is that of the centre, and the spread that of the lattice.
    let volume = made::of_places(
        made::upright([60, 60, 30], [1.0, 1.0, 2.0]),
        |p| p.x_mm + 2.0 * p.y_mm - 3.0 * p.z_mm,
        |_| true,
    );
    let (a, b) = ([1.0, 2.0, 2.0], [2.0, -2.0, 1.0]);
    for (radius, n) in GAUSS {
        let ellipse = circle([30.0, 29.0, 28.0], radius, a, b);
        let s = region_statistics(&volume, &ellipse.into()).unwrap();
        assert_eq!(
            (s.n, s.samples),
            (n, RegionSamples::Resampled { spacing_mm: 1.0 })
        );
        assert!((s.mean - (30.0 + 58.0 - 84.0)).abs() < 1e-9, "{}", s.mean);
        let gradient = PatientVector::new(1.0, 2.0, -3.0);
        let along =
            [ellipse.half_axis_a, ellipse.half_axis_b].map(|v| v.unit().unwrap().dot(gradient));
        let r = radius as i32;
        let squares: f64 = (-r..=r)
            .flat_map(|i| (-r..=r).map(move |j| (f64::from(i), f64::from(j))))
            .filter(|(i, j)| i * i + j * j <= radius * radius)
            .map(|(i, j)| (i * along[0] + j * along[1]).powi(2))
            .sum();
        let sd = (squares / (n - 1) as f64).sqrt();
        assert!((s.sd.unwrap() - sd).abs() < 1e-9, "{:?} is not {sd}", s.sd);
    }
}

#[test]
fn the_deviation_is_that_of_a_sample() {
    let volume = made::of_indices(made::upright([3, 1, 1], [1.0, 1.0, 1.0]), |[i, ..]| {
        [1, 2, 6][i]
    });
    let wide = circle([1.0, 0.0, 0.0], 1.0, [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]);
    let s = region_statistics(&volume, &wide.into()).unwrap();
    assert_eq!((s.n, s.mean, s.sd), (3, 3.0, Some(7.0f64.sqrt())));
    let one = circle([1.0, 0.0, 0.0], 0.4, [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]);
    let s = region_statistics(&volume, &one.into()).unwrap();
    assert_eq!((s.n, s.mean, s.sd), (1, 2.0, None));
}

#[test]
fn regions_without_honest_numbers_are_refused() {
    let grid = made::upright([16, 16, 4], [1.0, 1.0, 2.0]);
    let mut volume = made::of_places(grid, |p| p.x_mm, |k| k != 2);
    let flat = |z: f64| circle([8.0, 8.0, z], 3.0, [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]);
    let steep = circle([8.0, 8.0, 3.0], 3.0, [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]);
    assert_eq!(
        region_statistics(&volume, &flat(4.0).into()),
        Err(StatisticsError::Hole)
    );
    assert_eq!(
        region_statistics(&volume, &steep.into()),
        Err(StatisticsError::Hole)
    );
    assert_eq!(
        region_statistics(&volume, &flat(20.0).into()),
        Err(StatisticsError::NoVoxels)
    );
    assert_eq!(
        slice_region_statistics(&volume, 9, &flat(0.0).into()),
        Err(StatisticsError::NoVoxels)
    );
    let point = Ellipse {
        half_axis_a: PatientVector::default(),
        ..flat(0.0)
    };
    assert_eq!(
        region_statistics(&volume, &point.into()),
        Err(StatisticsError::NoArea)
    );
    let far = Ellipse {
        centre: PatientPoint::new(900.0, 8.0, 0.0),
        ..flat(0.0)
    };
    assert_eq!(
        region_statistics(&volume, &far.into()),
        Err(StatisticsError::NoVoxels)
    );
    volume.kind = GeometryKind::Stack;
    assert_eq!(
        region_statistics(&volume, &steep.into()),
        Err(StatisticsError::NotAVolume)
    );
    assert!(region_statistics(&volume, &flat(0.0).into()).is_ok());
    volume.spacing_source = SpacingSource::Unknown;
    assert_eq!(
        region_statistics(&volume, &flat(0.0).into())
            .unwrap()
            .area_mm2,
        None
    );
    let colour = made::empty(grid, Stored::Rgb8);
    assert_eq!(
        region_statistics(&colour, &flat(0.0).into()),
        Err(StatisticsError::Colour)
    );
}

#[test]
fn a_stack_is_measured_on_the_slice_where_it_lies() {
    let mut volume = made::of_indices(made::upright([8, 8, 3], [1.0, 1.0, 4.0]), |[.., k]| {
        100 * k as i16
    });
    volume.kind = GeometryKind::Stack;
    volume.slice_origins = [0.0, 3.0, 11.0]
        .map(|z| PatientPoint::new(0.0, 0.0, z))
        .to_vec();
    for (z, slice_idx) in [
        (0.5, Some(0)),
        (2.0, Some(1)),
        (4.9, Some(1)),
        (7.0, None),
        (11.5, Some(2)),
        (13.1, None),
    ] {
        let point = PatientPoint::new(4.0, 4.0, z);
        assert_eq!(nearest_slice(&volume, point), slice_idx, "{z}");
        assert_eq!(
            probe(&volume, point),
            slice_idx.map(|k| 100.0 * k as f64),
            "{z}"
        );
    }
    assert_eq!(
        probe_slice(&volume, 2, PatientPoint::new(4.0, 4.0, -77.0)),
        Some(200.0)
    );
    assert_eq!(
        probe_slice(&volume, 2, PatientPoint::new(7.6, 4.0, 11.0)),
        None
    );
}

#[test]
fn a_probe_reads_the_nearest_voxel_with_its_rescale() {
    let grid = made::tilted();
    let mut volume = made::of_indices(grid, made::scattered);
    volume.modality_lut = ModalityLut::Rescale(vec![Rescale {
        slope: 0.5,
        intercept: -8.0,
    }]);
    for voxel in [[0.0, 0.0, 0.0], [11.0, 13.0, 8.0], [5.4, 6.6, 3.49]] {
        let nearest = voxel.map(|c: f64| c.round() as usize);
        let expected = 0.5 * f64::from(made::scattered(nearest)) - 8.0;
        assert_eq!(
            probe(&volume, grid.patient(voxel)),
            Some(expected),
            "{voxel:?}"
        );
    }
    assert_eq!(probe(&volume, grid.patient([11.6, 0.0, 0.0])), None);
    let between = interpolated(
        &volume,
        grid.patient([2.5, 3.0, 4.0]),
        Interpolation::Linear,
    )
    .unwrap();
    let expected = [2, 3]
        .map(|i| f64::from(made::scattered([i, 3, 4])))
        .iter()
        .sum::<f64>()
        / 4.0
        - 8.0;
    assert!((between - expected).abs() < 1e-6);
    assert_eq!(
        interpolated(
            &volume,
            grid.patient([-0.6, 3.0, 4.0]),
            Interpolation::Nearest
        ),
        None
    );
}

#[test]
fn histogram_and_range_count_every_filled_voxel() {
    let mut volume = made::of_indices(made::upright([10, 10, 4], [1.0, 1.0, 1.0]), |[i, ..]| {
        i as i16
    });
    volume.modality_lut = ModalityLut::Rescale(vec![Rescale {
        slope: -2.0,
        intercept: 1.0,
    }]);
    assert_eq!(volume.full_range(), Some([-17.0, 1.0]));
    let h = histogram(&volume, 10).unwrap();
    assert_eq!((h.min, h.max), (-17.0, 1.0));
    assert_eq!(h.counts, [40; 10]);
    assert_eq!(histogram(&volume, 0), None);
    let constant = made::of_indices(made::upright([2, 2, 2], [1.0, 1.0, 1.0]), |_| 7);
    assert_eq!(histogram(&constant, 3).unwrap().counts, [8, 0, 0]);
    assert_eq!(
        histogram(&made::empty(made::tilted(), Stored::F32), 3),
        None
    );
}

#[test]
fn values_that_are_not_finite_do_not_stretch_the_range() {
    let volume = made::empty(made::upright([4, 1, 1], [1.0, 1.0, 1.0]), Stored::F32);
    volume
        .voxels
        .fill(
            0,
            SliceVoxels::F32(vec![f32::NAN, 3.0, f32::INFINITY, -2.0].into()),
        )
        .unwrap();
    assert_eq!(volume.full_range(), Some([-2.0, 3.0]));
    assert_eq!(volume.value(0, 0, 0), None);
    assert_eq!(histogram(&volume, 1).unwrap().counts, [2]);
}

#[test]
fn the_default_window_says_where_it_came_from() {
    let grid = made::upright([100, 10, 5], [1.0, 1.0, 1.0]);
    let mut volume = made::of_indices(grid, |[i, _, k]| if k == 0 { 30_000 } else { i as i16 });
    let made_up = volume.default_presentation();
    assert_eq!(made_up.origin, WindowOrigin::MiddleSlices);
    // 0.5 % of 0 ..= 99 on both sides, not the bright first slice.
    assert_eq!(made_up.presentation.voi.display(0.0), 0.0);
    assert_eq!(made_up.presentation.voi.display(99.0), 1.0);
    assert!((made_up.presentation.voi.display(49.5) - 0.5).abs() < 1e-12);
    let full = volume.preset_presentation(9).unwrap();
    assert_eq!(
        [
            full.display_u8(0.0),
            full.display_u8(30_000.0),
            full.display_u8(15_000.0)
        ],
        [0, 255, 128]
    );

    let own = Voi::window(50.0, 350.0, VoiFunction::Sigmoid, Some("chest".into())).unwrap();
    volume.voi = vec![own.clone()];
    volume.small_values_are = SmallValues::White;
    let given = volume.default_presentation();
    assert_eq!(given.origin, WindowOrigin::Object);
    assert_eq!(given.presentation, Presentation::grey(own, Invert::Yes));
    let nothing = made::empty(grid, Stored::U8).default_presentation();
    assert_eq!(nothing.origin, WindowOrigin::Nothing);
}

/// A volume of three slices in which every stored value lies at its place in `stored`.
fn three_slices(stored: &[Vec<i16>], kind: Stored) -> volume::Volume {
    let mut volume = made::empty(
        made::upright([stored[0].len(), 1, stored.len()], [1.0; 3]),
        kind,
    );
    for (k, slice) in stored.iter().enumerate() {
        let slice = match kind {
            Stored::U8 => SliceVoxels::U8(slice.iter().map(|v| *v as u8).collect()),
            Stored::I8 => SliceVoxels::I8(slice.iter().map(|v| *v as i8).collect()),
            Stored::U16 => SliceVoxels::U16(slice.iter().map(|v| *v as u16).collect()),
            Stored::I16 => SliceVoxels::I16(slice.iter().copied().collect()),
            _ => SliceVoxels::F64(slice.iter().map(|v| f64::from(*v)).collect()),
        };
        volume.voxels.fill(k, slice).unwrap();
    }
    let padding = |low, high| Excluded {
        low,
        high,
        reason: ExclusionReason::Padding,
    };
    volume.meaning.excluded = vec![padding(20.0, 30.0)];
    volume.meaning.slice_padding = vec![Some(padding(5.0, 9.0)), None, Some(padding(0.0, 2.0))];
    volume
}

#[test]
fn counting_stored_values_gives_the_window_that_sorting_gives() {
    let one = |slope, intercept| Rescale { slope, intercept };
    let luts = [
        ModalityLut::Identity,
        ModalityLut::Rescale(vec![one(1.5, -1024.0)]),
        ModalityLut::Rescale(vec![one(-1.0, 3.0), one(2.0, 0.0), one(0.25, 100.0)]),
        // The last slice has none, so that none of its values counts.
        ModalityLut::Rescale(vec![one(1.0, 0.0), one(2.0, 0.0)]),
        ModalityLut::Table {
            first_value: 3,
            entries: vec![5.0, -7.0, 9.0, 9.0, 1000.0],
        },
    ];
    for (kind, low, high) in [
        (Stored::U8, 0, 255),
        (Stored::I8, -128, 127),
        (Stored::U16, 0, 32_767),
        (Stored::I16, -32_768, 32_767),
    ] {
        // A multiplicative sequence: no order, many repeats at the small kinds, and both ends of the kind.
        let span = i64::from(high) - i64::from(low) + 1;
        let stored: Vec<Vec<i16>> = (0..3)
            .map(|k| {
                let at = |i: i64| i64::from(low) + (i * i * 7919 + k * 131) % span;
                let mut slice: Vec<i16> = (0..997).map(|i| at(i) as i16).collect();
                slice.extend([low as i16, high as i16]);
                slice
            })
            .collect();
        for lut in &luts {
            let range = |kind| {
                let mut volume = three_slices(&stored, kind);
                volume.modality_lut = lut.clone();
                let shown = volume.default_presentation();
                // Floats have a function of their own; the values at both ends are the same.
                (shown.presentation.voi.ends(), shown.origin)
            };
            assert_eq!(range(kind), range(Stored::F64), "{kind:?} {lut:?}");
        }
    }
    let mut padding = three_slices(&[vec![25, 26], vec![27, 28], vec![29, 30]], Stored::I16);
    assert_eq!(padding.default_presentation().origin, WindowOrigin::Nothing);
    padding.meaning.excluded.clear();
    assert_eq!(
        padding.default_presentation().origin,
        WindowOrigin::MiddleSlices
    );
}

#[test]
fn preset_digits_never_move_and_nothing_is_black_even_inverted() {
    let expected = [
        (1, 40.0, 400.0),
        (2, -600.0, 1500.0),
        (3, 90.0, 150.0),
        (4, 480.0, 2500.0),
        (5, 40.0, 80.0),
        (6, 50.0, 350.0),
        (7, 300.0, 600.0),
        (8, 40.0, 40.0),
    ];
    let volume = made::of_indices(made::upright([2, 2, 2], [1.0, 1.0, 1.0]), |_| 7);
    for (digit, center, width) in expected {
        let shown = volume.preset_presentation(digit).unwrap();
        assert_eq!(shown.voi.center_width(), (center, width), "digit {digit}");
        assert_eq!(
            usize::from(PRESETS[usize::from(digit)].digit),
            usize::from(digit)
        );
    }
    assert_eq!(volume.preset_presentation(10), None);
    let inverted = Presentation {
        invert: Invert::Yes,
        ..volume.preset_presentation(1).unwrap()
    };
    assert_eq!(
        [inverted.display_u8(-5000.0), inverted.display_u8(f64::NAN)],
        [255, 0]
    );
}

#[test]
fn windows_of_values_closer_than_one_count_no_whole_steps() {
    let grid = made::upright([4, 4, 1], [1.0; 3]);
    let rescale = |slope, intercept| ModalityLut::Rescale(vec![Rescale { slope, intercept }]);
    let table = |entries| ModalityLut::Table {
        first_value: 0,
        entries,
    };
    for (stored, lut, expected) in [
        (Stored::U16, ModalityLut::Identity, VoiFunction::Linear),
        (Stored::I16, rescale(1.0, -1024.0), VoiFunction::Linear),
        (Stored::I16, rescale(0.25, 0.0), VoiFunction::LinearExact),
        (Stored::I16, rescale(1.0, 0.5), VoiFunction::LinearExact),
        (Stored::U8, table(vec![0.0, 5.0]), VoiFunction::Linear),
        (Stored::U8, table(vec![0.0, 0.5]), VoiFunction::LinearExact),
        (Stored::F32, ModalityLut::Identity, VoiFunction::LinearExact),
        (Stored::F64, ModalityLut::Identity, VoiFunction::LinearExact),
    ] {
        let mut volume = made::empty(grid, stored);
        volume.modality_lut = lut;
        assert_eq!(
            volume.window_function(),
            expected,
            "{stored:?} {:?}",
            volume.modality_lut
        );
    }
}

#[test]
fn a_window_can_be_dragged_as_narrow_as_its_values_are_close() {
    // Diffusion in mm²/s: everything lies between 0 and 0.003.
    let mut voi = Voi::spanning([0.0, 0.003], VoiFunction::LinearExact);
    assert_eq!(voi.ends(), [0.0, 0.003]);
    for _ in 0..20 {
        voi = voi.dragged([-64.0, 0.0], VoiFunction::LinearExact).unwrap();
    }
    let [low, high] = voi.ends();
    assert!(0.0 < low && low < 0.0015 && 0.0015 < high && high < 0.003);
    assert!(high - low < 1e-4, "{low} to {high}");
    // A LINEAR one of the file goes on with the same ramp, one that is as whole as its values stays what it is.
    let file = Voi::window(100.5, 201.0, VoiFunction::Linear, None).unwrap();
    let still = file.dragged([0.0, 0.0], VoiFunction::LinearExact).unwrap();
    assert_eq!((still.ends(), file.ends()), ([0.0, 200.0], [0.0, 200.0]));
    let mut whole = file;
    for _ in 0..20 {
        whole = whole.dragged([-200.0, 0.0], VoiFunction::Linear).unwrap();
    }
    assert_eq!(whole.center_width().1, 1.0);
    // However far the hand goes, a ramp is left that can be widened again.
    let least = voi.dragged([-1e9, 0.0], VoiFunction::LinearExact).unwrap();
    assert!(0.0 < least.center_width().1);
}
