//! Reslicing: linear fields come out exact on any grid, edges, holes and slabs follow their rules.

use space::{Grid, Orientation, PatientPoint, PatientVector, PlaneFrame, ViewPlane};
use volume::{
    Excluded, ExclusionReason, GeometryKind, Interpolation, ModalityLut, Picture, Rescale,
    ResliceError, Slab, SlabMode, Stored, Volume, reslice,
};

use crate::made;

const ALL: [Interpolation; 3] = [
    Interpolation::Nearest,
    Interpolation::Linear,
    Interpolation::Cubic,
];

fn go(
    volume: &Volume,
    plane: &ViewPlane,
    interpolation: Interpolation,
    slab: Option<Slab>,
) -> Picture {
    reslice(volume, plane, interpolation, slab, &|| false).unwrap()
}

fn through_centre(
    grid: &Grid,
    frame: PlaneFrame,
    mm_per_pixel: f64,
    size_px: [usize; 2],
) -> ViewPlane {
    ViewPlane {
        centre: grid.centre(),
        frame,
        mm_per_pixel,
        size_px,
    }
}

fn frames() -> Vec<PlaneFrame> {
    let oblique = |away: [f64; 3], up: [f64; 3]| PlaneFrame::new(away.into(), up.into()).unwrap();
    vec![
        Orientation::Axial.frame(),
        Orientation::Coronal.frame(),
        Orientation::Sagittal.frame(),
        oblique([0.3, 0.9, -0.2], [0.1, 0.2, 1.0]),
        oblique([-1.0, 1.0, 1.0], [0.0, -1.0, 0.5]),
    ]
}

/// A field that linear and cubic interpolation reproduce without error.
fn slope(p: PatientPoint) -> f64 {
    100.0 + 3.0 * p.x_mm - 2.0 * p.y_mm + 0.5 * p.z_mm
}

#[test]
fn linear_fields_are_exact_on_turned_mirrored_and_sheared_grids() {
    for grid in [made::upright([10, 11, 12], [0.7, 0.7, 2.0]), made::tilted()] {
        let volume = made::of_places(grid, slope, |_| true);
        for frame in frames() {
            let plane = through_centre(&grid, frame, 0.37, [61, 53]);
            for interpolation in [Interpolation::Linear, Interpolation::Cubic] {
                let picture = go(&volume, &plane, interpolation, None);
                let mut n_inner = 0;
                for row in 0..53 {
                    for column in 0..61 {
                        let at = plane.patient([column as f64, row as f64]);
                        let voxel = grid.voxel(at).unwrap();
                        let value = picture.value(column, row);
                        assert_eq!(
                            value.is_some(),
                            grid.contains(at),
                            "voxel {voxel:?} under {frame:?}"
                        );
                        // Cubic takes one more voxel on each side, where the edge repeats.
                        let margin = if interpolation == Interpolation::Cubic {
                            1.0
                        } else {
                            0.0
                        };
                        let inner = voxel
                            .iter()
                            .zip(grid.size)
                            .all(|(c, n)| margin <= *c && *c <= n as f64 - 1.0 - margin);
                        if let (Some(value), true) = (value, inner) {
                            n_inner += 1;
                            assert!(
                                (f64::from(value) - slope(at)).abs() < 1e-4,
                                "{value} is not {} at {voxel:?}",
                                slope(at)
                            );
                        }
                    }
                }
                assert!(
                    20 < n_inner,
                    "the test must see the inside, it saw {n_inner}"
                );
            }
        }
    }
}

#[test]
fn at_voxel_centres_every_interpolation_gives_the_stored_value() {
    let grid = made::upright([9, 8, 7], [0.7, 0.7, 1.3]);
    let volume = made::of_indices(grid, made::scattered);
    for k in 0..7 {
        let plane = ViewPlane {
            centre: grid.patient([4.0, 3.5, k as f64]),
            frame: Orientation::Axial.frame(),
            mm_per_pixel: 0.7,
            size_px: [9, 8],
        };
        for interpolation in ALL {
            let picture = go(&volume, &plane, interpolation, None);
            for row in 0..8 {
                for column in 0..9 {
                    let expected = f32::from(made::scattered([column, row, k]));
                    let got = picture.value(column, row).unwrap();
                    assert!(
                        (got - expected).abs() < 1e-4,
                        "{interpolation:?} {column},{row},{k}: {got}, not {expected}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_edge_voxel_reaches_half_a_voxel_out_and_ties_go_up() {
    let volume = made::of_indices(made::upright([3, 1, 1], [1.0, 1.0, 1.0]), |[i, ..]| {
        [10, 20, 40][i]
    });
    let at = |x: f64, interpolation| {
        let plane = ViewPlane {
            centre: PatientPoint::new(x, 0.0, 0.0),
            frame: Orientation::Axial.frame(),
            mm_per_pixel: 1.0,
            size_px: [1, 1],
        };
        go(&volume, &plane, interpolation, None).value(0, 0)
    };
    for (x, nearest, linear) in [
        (-0.51, None, None),
        (-0.5, Some(10.0), Some(10.0)),
        (-0.2, Some(10.0), Some(10.0)),
        (0.5, Some(20.0), Some(15.0)),
        (0.49, Some(10.0), Some(14.9)),
        (1.5, Some(40.0), Some(30.0)),
        (2.5, Some(40.0), Some(40.0)),
        (2.51, None, None),
    ] {
        assert_eq!(at(x, Interpolation::Nearest), nearest, "nearest at {x}");
        assert_eq!(at(x, Interpolation::Linear), linear, "linear at {x}");
    }
}

#[test]
fn a_hole_spoils_every_sample_that_weighs_it_and_no_other() {
    let grid = made::upright([4, 4, 5], [1.0, 1.0, 1.0]);
    let volume = made::of_places(grid, slope, |k| k != 2);
    let at = |z: f64, interpolation| {
        let plane = ViewPlane {
            centre: PatientPoint::new(1.5, 1.5, z),
            frame: Orientation::Axial.frame(),
            mm_per_pixel: 1.0,
            size_px: [4, 4],
        };
        go(&volume, &plane, interpolation, None).n_valued()
    };
    for (z, nearest, linear, cubic) in [
        (0.0, 16, 16, 16),
        (0.5, 16, 16, 0),
        (1.0, 16, 16, 16),
        (1.000_001, 16, 0, 0),
        (2.0, 0, 0, 0),
        (2.9, 16, 0, 0),
        (3.0, 16, 16, 16),
        (3.5, 16, 16, 0),
    ] {
        let got = ALL.map(|interpolation| at(z, interpolation));
        assert_eq!(got, [nearest, linear, cubic], "at slice {z}");
    }
}

#[test]
fn slabs_average_whole_slices_and_find_extremes() {
    let grid = made::upright([6, 5, 9], [1.0, 1.0, 2.0]);
    let volume = made::of_indices(grid, made::scattered);
    let plane = ViewPlane {
        centre: grid.patient([2.5, 2.0, 4.0]),
        frame: Orientation::Axial.frame(),
        mm_per_pixel: 1.0,
        size_px: [6, 5],
    };
    // 1 mm layers in 2 mm slices at ±0.5, ±1.5 and so on: with nearest sampling each slice counts twice.
    for (thickness_mm, first, last) in [
        (0.0, 4, 4),
        (1.0, 4, 4),
        (6.0, 3, 5),
        (10.0, 2, 6),
        (1000.0, 0, 8),
    ] {
        for mode in [SlabMode::Mean, SlabMode::Mip, SlabMode::MinIp] {
            let picture = go(
                &volume,
                &plane,
                Interpolation::Nearest,
                Some(Slab { mode, thickness_mm }),
            );
            for row in 0..5 {
                for column in 0..6 {
                    let values =
                        (first..=last).map(|k| f64::from(made::scattered([column, row, k])));
                    let expected = match mode {
                        SlabMode::Mean => values.sum::<f64>() / (last - first + 1) as f64,
                        SlabMode::Mip => values.fold(f64::MIN, f64::max),
                        SlabMode::MinIp => values.fold(f64::MAX, f64::min),
                    };
                    let got = f64::from(picture.value(column, row).unwrap());
                    assert!(
                        (got - expected).abs() < 1e-3,
                        "{mode:?} {thickness_mm} mm: {got}, not {expected}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_slab_through_a_hole_has_no_value_and_a_slab_beyond_the_edge_has() {
    let grid = made::upright([4, 4, 6], [1.0, 1.0, 1.0]);
    let holed = made::of_places(grid, slope, |k| k != 4);
    let plane = |z: f64| ViewPlane {
        centre: PatientPoint::new(1.5, 1.5, z),
        frame: Orientation::Axial.frame(),
        mm_per_pixel: 1.0,
        size_px: [4, 4],
    };
    for mode in [SlabMode::Mean, SlabMode::Mip, SlabMode::MinIp] {
        let n = |z, thickness_mm| {
            go(
                &holed,
                &plane(z),
                Interpolation::Linear,
                Some(Slab { mode, thickness_mm }),
            )
            .n_valued()
        };
        assert_eq!(n(1.0, 3.0), 16, "slices 0 to 2");
        assert_eq!(n(3.0, 3.0), 0, "slices 2 to 4, one of which is a hole");
        assert_eq!(n(-1.0, 3.0), 16, "one layer inside is enough");
        assert_eq!(n(-3.0, 3.0), 0, "wholly outside");
    }
}

#[test]
fn a_full_projection_holds_the_brightest_voxel_of_the_volume() {
    let grid = made::tilted();
    let volume = made::of_indices(grid, |at| if at == [5, 6, 4] { 3000 } else { -1000 });
    for frame in frames() {
        let plane = through_centre(&grid, frame, 0.25, [200, 200]);
        let slab = Slab::whole(&grid, &frame, plane.centre, SlabMode::Mip);
        let picture = go(&volume, &plane, Interpolation::Nearest, Some(slab));
        let [column, row] = plane
            .pixel(grid.patient([5.0, 6.0, 4.0]))
            .map(|c| c.round() as usize);
        assert_eq!(picture.value(column, row), Some(3000.0), "{frame:?}");
    }
}

#[test]
fn rescale_per_slice_is_applied_before_interpolation_and_a_falling_slope_swaps_extremes() {
    let grid = made::upright([2, 2, 2], [1.0, 1.0, 1.0]);
    let mut volume = made::of_indices(grid, |[.., k]| [100, 200][k]);
    let plane = ViewPlane {
        centre: grid.centre(),
        frame: Orientation::Axial.frame(),
        mm_per_pixel: 1.0,
        size_px: [2, 2],
    };
    let r = |slope, intercept| Rescale { slope, intercept };
    let value = |volume: &Volume, slab| {
        go(volume, &plane, Interpolation::Linear, slab)
            .value(0, 0)
            .unwrap()
    };
    volume.modality_lut = ModalityLut::Rescale(vec![r(1.0, 0.0), r(0.5, -10.0)]);
    assert_eq!(value(&volume, None), 95.0, "half of 100 and half of 90");
    volume.modality_lut = ModalityLut::Rescale(vec![r(-2.0, 7.0)]);
    let slab = |mode| {
        Some(Slab {
            mode,
            thickness_mm: 2.0,
        })
    };
    // Layers at ±0.5 mm lie on the two slices: −193 and −393.
    assert_eq!(value(&volume, slab(SlabMode::Mip)), -193.0);
    assert_eq!(value(&volume, slab(SlabMode::MinIp)), -393.0);
    assert_eq!(value(&volume, slab(SlabMode::Mean)), -293.0);
    volume.modality_lut = ModalityLut::Table {
        first_value: 100,
        entries: vec![-7.0, 5.0],
    };
    assert_eq!(
        value(&volume, None),
        -1.0,
        "the table's −7 and 5, not the table at 150"
    );
}

#[test]
fn what_cannot_be_computed_is_refused_with_its_reason() {
    let grid = made::upright([3, 3, 3], [1.0, 1.0, 1.0]);
    let plane = through_centre(&grid, Orientation::Axial.frame(), 1.0, [4, 4]);
    let volume = made::of_indices(grid, made::scattered);
    let refused = |volume: &Volume, plane: &ViewPlane, slab| {
        reslice(volume, plane, Interpolation::Linear, slab, &|| false).unwrap_err()
    };
    let mut stack = made::of_indices(grid, made::scattered);
    stack.kind = GeometryKind::Stack;
    assert_eq!(
        refused(&stack, &plane, None),
        ResliceError::NotAVolume {
            kind: GeometryKind::Stack
        }
    );
    assert_eq!(
        refused(&made::empty(grid, Stored::Rgb8), &plane, None),
        ResliceError::Colour
    );
    let flat = Grid {
        slice_step: PatientVector::default(),
        ..grid
    };
    assert_eq!(
        refused(&made::empty(flat, Stored::U8), &plane, None),
        ResliceError::DegenerateGrid
    );
    assert_eq!(
        refused(
            &volume,
            &ViewPlane {
                mm_per_pixel: 0.0,
                ..plane
            },
            None
        ),
        ResliceError::BadPlane
    );
    assert_eq!(
        refused(
            &volume,
            &ViewPlane {
                mm_per_pixel: f64::NAN,
                ..plane
            },
            None
        ),
        ResliceError::BadPlane
    );
    let huge = ViewPlane {
        size_px: [1 << 20, 1 << 20],
        ..plane
    };
    assert!(matches!(
        refused(&volume, &huge, None),
        ResliceError::TooLarge { .. }
    ));
    for thickness_mm in [-1.0, f64::INFINITY, f64::NAN, 1e9] {
        let slab = Some(Slab {
            mode: SlabMode::Mean,
            thickness_mm,
        });
        assert!(
            matches!(refused(&volume, &plane, slab), ResliceError::BadSlab { .. }),
            "{thickness_mm}"
        );
    }
    let cancelled = reslice(&volume, &plane, Interpolation::Linear, None, &|| true);
    assert_eq!(cancelled.unwrap_err(), ResliceError::Cancelled);
}

#[test]
fn one_thread_and_many_give_the_same_bytes() {
    let grid = made::tilted();
    let volume = made::of_indices(grid, made::scattered);
    let plane = through_centre(&grid, frames()[3], 0.2, [90, 70]);
    let slab = Some(Slab {
        mode: SlabMode::Mean,
        thickness_mm: 7.0,
    });
    let bits = |n_threads: usize| -> Vec<u32> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(n_threads)
            .build()
            .unwrap();
        let picture = pool.install(|| go(&volume, &plane, Interpolation::Cubic, slab));
        picture.values.iter().map(|v| v.to_bits()).collect()
    };
    assert_eq!(bits(1), bits(4));
}

#[test]
fn a_piece_of_a_picture_is_the_picture_of_that_piece() {
    let grid = made::upright([70, 60, 50], [0.7, 0.7, 1.1]);
    let mut volume = made::of_indices(grid, |[i, j, k]| match i < 20 && j < 30 {
        true => -2000,
        false => made::scattered([i, j, k]),
    });
    volume.meaning.excluded = vec![Excluded {
        low: -2000.0,
        high: -2000.0,
        reason: ExclusionReason::Padding,
    }];
    volume.voxels.let_go(33);
    let (size_px, piece_px, mm_per_pixel) = ([190, 70], [61, 23], 0.31);
    for frame in frames() {
        let whole_plane = through_centre(&grid, frame, mm_per_pixel, size_px);
        for mode in [
            None,
            Some(SlabMode::Mip),
            Some(SlabMode::MinIp),
            Some(SlabMode::Mean),
        ] {
            let slab = mode.map(|mode| Slab {
                mode,
                thickness_mm: 9.0,
            });
            let whole = go(&volume, &whole_plane, Interpolation::Linear, slab);
            let (mut n_compared, mut n_edge) = (0, 0);
            for [x, y] in [[0, 0], [64, 16], [40, 47], [129, 9]] {
                let centre_px = [x as f64 + 30.0, y as f64 + 11.0];
                let plane = ViewPlane {
                    centre: whole_plane.patient(centre_px),
                    size_px: piece_px,
                    ..whole_plane
                };
                let piece = go(&volume, &plane, Interpolation::Linear, slab);
                for (at, value) in piece.values.iter().enumerate() {
                    let (column, row) = (x + at % piece_px[0], y + at / piece_px[0]);
                    let expected = whole.values[row * size_px[0] + column];
                    let same = value.is_nan() && expected.is_nan()
                        || *value == expected
                        || (value - expected).abs() < 0.01;
                    n_compared += 1;
                    n_edge += usize::from(!same);
                }
            }
            // Rounding may put a sample to the other side of an edge, of the volume or of padding.
            assert!(n_edge * 1000 <= n_compared, "{mode:?} {frame:?}: {n_edge}");
        }
    }
}
