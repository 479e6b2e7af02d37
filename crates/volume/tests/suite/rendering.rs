//! Volume rendering: surfaces lie where arithmetic says, near things hide far ones, and skipping what cannot show changes
//! nothing.

use space::{Grid, Orientation, PatientPoint, PatientVector, PlaneFrame, ViewPlane};
use volume::{
    CropBox, Excluded, ExclusionReason, GeometryKind, Occupancy, RayCastView, RenderingPreset,
    ResliceError, SampleStep, Shading, Stored, TransferFunction, TransferPoint, Volume, ray_cast,
    surface_point,
};

use crate::made;

const EVEN_LIGHT: Shading = Shading {
    ambient: 1.0,
    diffuse: 0.0,
    specular: 0.0,
    shininess: 1.0,
};

fn point(value: f64, colour: [f32; 3], opacity_per_mm: f32) -> TransferPoint {
    TransferPoint {
        value,
        colour,
        opacity_per_mm,
    }
}

/// Nothing below 0, all of the light held back within a hundredth of a value.
fn surface_at_zero(shading: Shading) -> TransferFunction {
    TransferFunction {
        points: vec![
            point(-1.0, [1.0; 3], 0.0),
            point(0.0, [1.0; 3], 0.0),
            point(0.01, [1.0; 3], 1.0),
        ],
        shading,
    }
}

fn view<'a>(
    grid: &Grid,
    frame: PlaneFrame,
    transfer: &'a TransferFunction,
    [mm_per_pixel, side_px]: [f64; 2],
) -> RayCastView<'a> {
    RayCastView {
        plane: ViewPlane {
            centre: grid.centre(),
            frame,
            mm_per_pixel,
            size_px: [side_px as usize; 2],
        },
        transfer,
        crop: CropBox::WHOLE,
        step: SampleStep::Fine,
    }
}

fn cast(volume: &Volume, view: &RayCastView) -> volume::ColourPicture {
    let occupancy = Occupancy::of(volume).unwrap();
    ray_cast(volume, &occupancy, view, &|| false).unwrap()
}

fn frames() -> Vec<PlaneFrame> {
    let oblique = |away: [f64; 3], up: [f64; 3]| PlaneFrame::new(away.into(), up.into()).unwrap();
    vec![
        Orientation::Axial.frame(),
        Orientation::Coronal.frame(),
        Orientation::Sagittal.frame(),
        oblique([0.0, -1.0, 0.0], [0.0, 0.0, 1.0]),
        oblique([0.3, 0.9, -0.2], [0.1, 0.2, 1.0]),
        oblique([-1.0, 1.0, 1.0], [0.0, -1.0, 0.5]),
    ]
}

/// Grids about 40 mm wide: upright, with thick slices, and sheared by a gantry tilt of 20 degrees.
fn grids() -> Vec<Grid> {
    let tilt = 20_f64.to_radians();
    vec![
        made::upright([41, 41, 41], [1.0, 1.0, 1.0]),
        made::upright([60, 60, 17], [0.7, 0.7, 2.5]),
        Grid {
            size: [60, 70, 21],
            origin: PatientPoint::new(-20.0, 5.0, 100.0),
            column_step: PatientVector::new(0.7, 0.0, 0.0),
            row_step: PatientVector::new(0.0, 0.7 * tilt.cos(), 0.7 * tilt.sin()),
            slice_step: PatientVector::new(0.0, 0.0, 2.0),
        },
    ]
}

/// Above zero within a ball about the middle, by one a millimetre.
fn ball(grid: Grid, radius_mm: f64) -> Volume {
    let centre = grid.centre();
    made::of_places(
        grid,
        move |p| radius_mm - (p - centre).length_mm(),
        |_| true,
    )
}

#[test]
fn the_surface_of_a_ball_lies_one_radius_before_its_middle_from_every_side() {
    let radius_mm = 13.0;
    for grid in grids() {
        let volume = ball(grid, radius_mm);
        let occupancy = Occupancy::of(&volume).unwrap();
        let transfer = surface_at_zero(EVEN_LIGHT);
        // A straight line between voxel centres cuts the curve of the ball by at most spacing² / 8 r.
        let spacing_mm = grid.spacing_mm().into_iter().fold(0.0, f64::max);
        let tolerance_mm = 0.5 * SampleStep::Fine.mm(&grid).unwrap()
            + spacing_mm.powi(2) / (4.0 * radius_mm)
            + 0.5;
        for frame in frames() {
            let view = view(&grid, frame, &transfer, [0.5, 101.0]);
            for (right_mm, up_mm) in [(0.0, 0.0), (6.0, 0.0), (-4.0, 7.0), (3.0, -9.0)] {
                let pixel = [50.0 + right_mm / 0.5, 50.0 - up_mm / 0.5];
                let depth_mm = (radius_mm * radius_mm - right_mm * right_mm - up_mm * up_mm).sqrt();
                let expected = grid.centre() + frame.right() * right_mm + frame.up * up_mm
                    - frame.away * depth_mm;
                let found = surface_point(&volume, &occupancy, &view, pixel).unwrap();
                let off_mm = (found - expected).length_mm();
                assert!(
                    off_mm < tolerance_mm,
                    "{off_mm} mm off under {frame:?} on {:?}",
                    grid.size
                );
            }
            assert_eq!(
                surface_point(&volume, &occupancy, &view, [50.0 + 14.0 / 0.5, 50.0]),
                None
            );
        }
    }
}

#[test]
fn a_ball_covers_the_area_of_its_circle() {
    let radius_mm = 13.0;
    for grid in grids() {
        let volume = ball(grid, radius_mm);
        let transfer = surface_at_zero(EVEN_LIGHT);
        for frame in frames() {
            let picture = cast(&volume, &view(&grid, frame, &transfer, [0.25, 160.0]));
            let n_lit = picture.values.iter().filter(|c| 127 < c[0]).count();
            let area = n_lit as f64 * 0.25 * 0.25;
            let expected = std::f64::consts::PI * radius_mm * radius_mm;
            assert!(
                (area / expected - 1.0).abs() < 0.06,
                "{area} mm² is not {expected} on {:?}",
                grid.size
            );
        }
    }
}

#[test]
fn an_even_body_holds_back_light_as_its_thickness_says() {
    let grid = made::upright([21, 21, 21], [1.0, 1.0, 1.0]);
    let volume = made::of_places(grid, |_| 50.0, |_| true);
    for opacity_per_mm in [0.01_f32, 0.05, 0.2] {
        let transfer = TransferFunction {
            points: vec![
                point(0.0, [1.0; 3], opacity_per_mm),
                point(100.0, [1.0; 3], opacity_per_mm),
            ],
            shading: EVEN_LIGHT,
        };
        let picture = cast(
            &volume,
            &view(&grid, Orientation::Coronal.frame(), &transfer, [1.0, 9.0]),
        );
        // 20 mm from the first to the last centre are 41 samples half a millimetre apart.
        let expected = 255.0 * (1.0 - (1.0 - f64::from(opacity_per_mm)).powf(20.5));
        let got = f64::from(picture.value(4, 4).unwrap()[0]);
        assert!(
            (got - expected).abs() <= 3.0,
            "{got} is not {expected} at {opacity_per_mm}"
        );
    }
}

#[test]
fn what_is_near_hides_what_is_far_from_either_side() {
    // The patient's front half holds 100, the back half 200.
    let grid = made::upright([20, 20, 20], [1.0, 1.0, 1.0]);
    let volume = made::of_indices(grid, |[_, j, _]| if j < 10 { 100 } else { 200 });
    let (red, blue) = ([1.0, 0.0, 0.0], [0.0, 0.0, 1.0]);
    let transfer = TransferFunction {
        points: vec![
            point(99.0, red, 1.0),
            point(101.0, red, 1.0),
            point(199.0, blue, 1.0),
            point(200.0, blue, 1.0),
        ],
        shading: EVEN_LIGHT,
    };
    let from_front = Orientation::Coronal.frame();
    let from_back = PlaneFrame::new(-from_front.away, from_front.up).unwrap();
    for (frame, expected) in [(from_front, [255, 0, 0]), (from_back, [0, 0, 255])] {
        let picture = cast(&volume, &view(&grid, frame, &transfer, [1.0, 9.0]));
        assert_eq!(picture.value(4, 4), Some(expected), "{frame:?}");
    }
    // With the front half cut off, the back is seen from the front too.
    let mut cropped = view(&grid, from_front, &transfer, [1.0, 9.0]);
    cropped.crop.low[1] = 0.6;
    assert_eq!(cast(&volume, &cropped).value(4, 4), Some([0, 0, 255]));
}

#[test]
fn the_upper_left_of_a_ball_is_brighter_than_the_lower_right_in_every_view() {
    let grid = made::upright([41, 41, 41], [1.0, 1.0, 1.0]);
    let volume = ball(grid, 13.0);
    let transfer = surface_at_zero(Shading {
        ambient: 0.2,
        diffuse: 0.8,
        specular: 0.0,
        shininess: 1.0,
    });
    for frame in frames() {
        let picture = cast(&volume, &view(&grid, frame, &transfer, [0.5, 101.0]));
        let at = |right_mm: f64, up_mm: f64| {
            picture
                .value(
                    (50.0 + right_mm / 0.5) as usize,
                    (50.0 - up_mm / 0.5) as usize,
                )
                .unwrap()[0]
        };
        assert!(at(7.0, -7.0) + 40 < at(-7.0, 7.0), "{frame:?}");
        assert!(at(0.0, -8.0) < at(0.0, 8.0), "{frame:?}");
        assert!(at(8.0, 0.0) < at(-8.0, 0.0), "{frame:?}");
    }
}

#[test]
fn holes_and_padding_are_empty() {
    let grid = made::upright([20, 20, 20], [1.0, 1.0, 1.0]);
    let transfer = TransferFunction {
        points: vec![point(0.0, [1.0; 3], 1.0), point(10.0, [1.0; 3], 1.0)],
        shading: EVEN_LIGHT,
    };
    let along_slices = view(&grid, Orientation::Coronal.frame(), &transfer, [1.0, 21.0]);
    let holed = made::of_places(grid, |_| 5.0, |k| k != 10);
    let picture = cast(&holed, &along_slices);
    // Up is +z: slice k lies 9.5 − k mm above the middle row, which is row 10.
    for (slice_idx, row) in [(2, 17), (10, 9), (17, 3)] {
        let shown = picture.value(10, row).unwrap() != [0, 0, 0];
        assert_eq!(shown, slice_idx != 10, "slice {slice_idx}");
    }
    let mut padded = made::of_indices(grid, |[_, _, k]| if k < 10 { -2000 } else { 5 });
    padded.meaning.excluded.push(Excluded {
        low: -2000.0,
        high: -2000.0,
        reason: ExclusionReason::Padding,
    });
    let picture = cast(&padded, &along_slices);
    assert_eq!(picture.value(10, 17), Some([0, 0, 0]));
    assert_eq!(picture.value(10, 3), Some([255, 255, 255]));
}

#[test]
fn what_is_no_volume_and_what_is_no_plane_are_refused() {
    let grid = made::upright([5, 5, 5], [1.0, 1.0, 1.0]);
    let transfer = surface_at_zero(EVEN_LIGHT);
    let good = view(&grid, Orientation::Axial.frame(), &transfer, [1.0, 9.0]);
    let mut stack = made::of_places(grid, |_| 1.0, |_| true);
    let occupancy = Occupancy::of(&stack).unwrap();
    for mm_per_pixel in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let mut bad = good.clone();
        bad.plane.mm_per_pixel = mm_per_pixel;
        assert_eq!(
            ray_cast(&stack, &occupancy, &bad, &|| false),
            Err(ResliceError::BadPlane)
        );
    }
    assert_eq!(
        ray_cast(&stack, &occupancy, &good, &|| true),
        Err(ResliceError::Cancelled)
    );
    stack.kind = GeometryKind::Stack;
    let refused = ResliceError::NotAVolume {
        kind: GeometryKind::Stack,
    };
    assert_eq!(ray_cast(&stack, &occupancy, &good, &|| false), Err(refused));
    assert_eq!(
        Occupancy::of(&made::empty(grid, Stored::Rgb8)),
        Err(ResliceError::Colour)
    );
    let flat = Grid {
        slice_step: PatientVector::default(),
        ..grid
    };
    let flat = made::of_places(flat, |_| 1.0, |_| true);
    assert_eq!(
        ray_cast(&flat, &occupancy, &good, &|| false),
        Err(ResliceError::DegenerateGrid)
    );
}

#[test]
fn presets_of_hounsfield_units_are_refused_where_values_have_another_unit() {
    let grid = made::upright([5, 5, 5], [1.0, 1.0, 1.0]);
    let mut volume = made::of_places(grid, |p| p.x_mm, |_| true);
    assert_eq!(RenderingPreset::of(&volume), RenderingPreset::CtBone);
    assert!(
        RenderingPreset::ALL
            .iter()
            .all(|preset| preset.transfer(&volume).is_some())
    );
    volume.unit = volume::ValueUnit::Stored;
    assert_eq!(RenderingPreset::of(&volume), RenderingPreset::Mr);
    for preset in RenderingPreset::ALL {
        assert_eq!(
            preset.transfer(&volume).is_some(),
            preset == RenderingPreset::Mr
        );
    }
}
