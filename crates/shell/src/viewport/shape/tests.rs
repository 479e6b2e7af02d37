#![allow(clippy::unwrap_used)]
use case::Geometry;
use egui::{Rect, pos2, vec2};
use session::{SpineLabels, Tool};
use space::{
    Orientation, PatientPoint, PatientVector, ViewPlane, acute_angle_deg, angle_deg,
    directed_angle_deg, distance_mm, path_length_mm,
};

use super::edit::stretched;
use super::*;
use crate::viewport::on_screen::OnScreen;

fn screen() -> OnScreen {
    let plane = ViewPlane {
        centre: PatientPoint::default(),
        frame: Orientation::Axial.frame(),
        mm_per_pixel: 0.5,
        size_px: [400, 400],
    };
    OnScreen {
        plane,
        rect: Rect::from_min_size(pos2(0.0, 0.0), vec2(400.0, 400.0)),
        pixels_per_point: 1.0,
    }
}

fn places(points: &[(f32, f32)]) -> Vec<PatientPoint> {
    points
        .iter()
        .map(|(x, y)| screen().place(pos2(*x, *y)))
        .collect()
}

/// Millimetres or degrees of a shape, to a thousandth.
fn sizes(geometry: &Geometry) -> Vec<f64> {
    let all = match geometry {
        Geometry::Length { from, to } => vec![distance_mm(*from, *to)],
        Geometry::Angle { from, vertex, to } => {
            vec![angle_deg(*from, *vertex, *to).unwrap_or(f64::NAN)]
        }
        Geometry::Bidirectional(diameters) => diameters.diameters_mm().to_vec(),
        Geometry::CobbAngle { first, second } => {
            vec![acute_angle_deg(*first, *second).unwrap_or(f64::NAN)]
        }
        Geometry::Ellipse(ellipse) => ellipse.diameters_mm().to_vec(),
        Geometry::OpenAngle { first, second } => {
            vec![directed_angle_deg(*first, *second).unwrap_or(f64::NAN)]
        }
        Geometry::CardiothoracicRatio(widths) => vec![widths.ratio().unwrap_or(f64::NAN)],
        Geometry::Polyline { corners } => vec![path_length_mm(corners)],
        Geometry::Rectangle(rectangle) => rectangle.sides_mm().to_vec(),
        Geometry::Polygon { .. } | Geometry::Freehand { .. } => {
            vec![
                geometry
                    .region()
                    .map_or(f64::NAN, |region| region.area_mm2()),
            ]
        }
        Geometry::Calibration { from, to, .. } => vec![distance_mm(*from, *to)],
        Geometry::GrownBody { .. }
        | Geometry::ContourBody { .. }
        | Geometry::Arrow { .. }
        | Geometry::Text { .. }
        | Geometry::SpineLabel { .. }
        | Geometry::Probe { .. } => Vec::new(),
    };
    all.into_iter().map(|v| (v * 1e3).round() / 1e3).collect()
}

#[test]
fn a_drag_across_a_hundred_pixels_of_half_a_millimetre_measures_fifty() {
    let at = places(&[(100.0, 100.0), (200.0, 100.0)]);
    let length = shape_of((Tool::Length, SpineLabels::default()), &at, &screen().plane).unwrap();
    assert_eq!(sizes(&length), [50.0]);
    let at = places(&[(100.0, 100.0), (180.0, 160.0)]);
    let ellipse = shape_of(
        (Tool::Ellipse, SpineLabels::default()),
        &at,
        &screen().plane,
    )
    .unwrap();
    assert_eq!(sizes(&ellipse), [40.0, 30.0]);
    let at = places(&[(100.0, 100.0), (100.0, 200.0), (200.0, 200.0)]);
    let angle = shape_of((Tool::Angle, SpineLabels::default()), &at, &screen().plane).unwrap();
    assert_eq!(sizes(&angle), [90.0]);
    let at = places(&[
        (100.0, 100.0),
        (160.0, 100.0),
        (120.0, 90.0),
        (131.0, 130.0),
    ]);
    let diameters = shape_of(
        (Tool::Bidirectional, SpineLabels::default()),
        &at,
        &screen().plane,
    )
    .unwrap();
    assert_eq!(sizes(&diameters), [30.0, 20.0]);
    let at = places(&[
        (100.0, 100.0),
        (160.0, 100.0),
        (100.0, 200.0),
        (160.0, 260.0),
    ]);
    let cobb = shape_of(
        (Tool::CobbAngle, SpineLabels::default()),
        &at,
        &screen().plane,
    )
    .unwrap();
    assert_eq!(sizes(&cobb), [45.0]);
}

#[test]
fn too_few_places_make_no_shape() {
    for tool in [
        Tool::Length,
        Tool::Ellipse,
        Tool::Arrow,
        Tool::Angle,
        Tool::Bidirectional,
        Tool::CobbAngle,
        Tool::OpenAngle,
        Tool::CardiothoracicRatio,
        Tool::Rectangle,
        Tool::Polyline,
        Tool::Polygon,
        Tool::Freehand,
        Tool::Calibration,
    ] {
        assert_eq!(
            shape_of(
                (tool, SpineLabels::default()),
                &places(&[(10.0, 10.0)]),
                &screen().plane
            ),
            None,
            "{tool:?}"
        );
    }
    let flat = places(&[(10.0, 10.0), (50.0, 10.0)]);
    assert_eq!(
        shape_of(
            (Tool::Ellipse, SpineLabels::default()),
            &flat,
            &screen().plane
        ),
        None,
        "an ellipse without height"
    );
}

#[test]
fn handles_lie_on_the_shape_and_move_only_their_own_end() {
    let at = places(&[
        (100.0, 100.0),
        (180.0, 160.0),
        (120.0, 140.0),
        (150.0, 100.0),
    ]);
    for tool in [
        Tool::Length,
        Tool::Ellipse,
        Tool::Arrow,
        Tool::Bidirectional,
        Tool::CobbAngle,
        Tool::OpenAngle,
        Tool::CardiothoracicRatio,
        Tool::Rectangle,
        Tool::Polyline,
        Tool::Polygon,
        Tool::Freehand,
        Tool::Calibration,
    ] {
        let shape = shape_of((tool, SpineLabels::default()), &at, &screen().plane).unwrap();
        let before = strokes(&shape, &screen());
        for (i, handle) in before.handles.iter().enumerate() {
            assert!(before.distance(*handle) < 1.0, "{tool:?} handle {i}");
            let by = screen().place(*handle + vec2(7.0, -3.0)) - screen().place(*handle);
            let after = strokes(&with_handle_at(&shape, i, by), &screen());
            let moved = after
                .handles
                .iter()
                .map(|h| h.distance(*handle + vec2(7.0, -3.0)))
                .fold(f32::MAX, f32::min);
            assert!(moved < 0.01, "{tool:?} handle {i} does not follow");
        }
    }
}

#[test]
fn an_ellipse_keeps_its_other_axis_and_its_right_angle() {
    let at = places(&[(100.0, 100.0), (180.0, 160.0)]);
    let Some(Geometry::Ellipse(before)) = shape_of(
        (Tool::Ellipse, SpineLabels::default()),
        &at,
        &screen().plane,
    ) else {
        panic!()
    };
    for handle_idx in 0..4 {
        let by = PatientVector::new(3.0, 1.0, 0.0);
        let after = stretched(&before, handle_idx, by);
        assert!(
            after.half_axis_a.dot(after.half_axis_b).abs() < 1e-9,
            "handle {handle_idx}"
        );
        assert_eq!(after.centre, before.centre);
        let kept = if handle_idx % 2 == 0 {
            (
                after.half_axis_b.length_mm(),
                before.half_axis_b.length_mm(),
            )
        } else {
            (
                after.half_axis_a.length_mm(),
                before.half_axis_a.length_mm(),
            )
        };
        assert!((kept.0 - kept.1).abs() < 1e-9, "handle {handle_idx}");
    }
}

#[test]
fn moving_a_shape_moves_every_point_of_it() {
    let by = PatientVector::new(5.0, -2.0, 1.0);
    let at = places(&[
        (100.0, 100.0),
        (180.0, 160.0),
        (120.0, 200.0),
        (160.0, 150.0),
    ]);
    for tool in [
        Tool::Length,
        Tool::Angle,
        Tool::Bidirectional,
        Tool::CobbAngle,
        Tool::Ellipse,
        Tool::Arrow,
        Tool::Probe,
        Tool::OpenAngle,
        Tool::CardiothoracicRatio,
        Tool::Rectangle,
        Tool::Polyline,
        Tool::Polygon,
        Tool::Freehand,
        Tool::Calibration,
        Tool::Text,
        Tool::SpineLabel,
    ] {
        let shape = shape_of((tool, SpineLabels::default()), &at, &screen().plane).unwrap();
        let (before, after) = (
            strokes(&shape, &screen()),
            strokes(&shape.moved(by), &screen()),
        );
        for (a, b) in before.handles.iter().zip(&after.handles) {
            let shift =
                screen().pos(screen().plane.centre + by) - screen().pos(screen().plane.centre);
            assert!((*b - *a - shift).length() < 1e-2, "{tool:?}");
        }
        assert_eq!(sizes(&shape), sizes(&shape.moved(by)), "{tool:?}");
    }
}

#[test]
fn the_halo_of_a_stroke_reaches_to_both_sides_and_beyond_its_ends() {
    let line = Strokes {
        lines: vec![vec![pos2(0.0, 0.0), pos2(10.0, 0.0)]],
        handles: Vec::new(),
    };
    for (pos, expected) in [
        (pos2(5.0, 3.0), 3.0),
        (pos2(5.0, -3.0), 3.0),
        (pos2(13.0, 4.0), 5.0),
    ] {
        assert!((line.distance(pos) - expected).abs() < 1e-5, "{pos:?}");
    }
}
