use case::Geometry;
use space::{Ellipse, PatientPoint, PatientVector};

use super::strokes::handle_idxs;

/// The shape with one handle moved by a vector.
pub(crate) fn with_handle_at(
    geometry: &Geometry,
    handle_idx: usize,
    by: PatientVector,
) -> Geometry {
    let mut moved = geometry.clone();
    match (&mut moved, handle_idx) {
        (Geometry::Length { from, .. } | Geometry::Calibration { from, .. }, 0) => {
            *from = *from + by;
        }
        (Geometry::Length { to, .. } | Geometry::Calibration { to, .. }, _) => *to = *to + by,
        (Geometry::Polyline { corners } | Geometry::Polygon { corners }, handle_idx) => {
            if let Some(corner) = corners.get_mut(handle_idx) {
                *corner = *corner + by;
            }
        }
        (Geometry::Freehand { corners } | Geometry::GrownBody { corners, .. }, handle_idx) => {
            pull(corners, handle_idx, by);
        }
        (Geometry::Rectangle(rectangle), handle_idx) => {
            *rectangle = rectangle.with_corner_moved(handle_idx, by);
        }
        (Geometry::CardiothoracicRatio(widths), handle_idx) => {
            *widths = widths.with_end_moved(handle_idx, by);
        }
        // Its outlines are drawn anew, each on its slice.
        (Geometry::ContourBody { .. }, _) => {}
        (Geometry::Angle { from, .. }, 0) => *from = *from + by,
        (Geometry::Angle { vertex, .. }, 1) => *vertex = *vertex + by,
        (Geometry::Angle { to, .. }, _) => *to = *to + by,
        (Geometry::Arrow { tip, .. }, 0) => *tip = *tip + by,
        (Geometry::Arrow { tail, .. }, _) => *tail = *tail + by,
        (
            Geometry::Probe { at } | Geometry::Text { at, .. } | Geometry::SpineLabel { at, .. },
            _,
        ) => *at = *at + by,
        (Geometry::Bidirectional(diameters), handle_idx) => {
            *diameters = diameters.with_end_moved(handle_idx, by);
        }
        (Geometry::CobbAngle { first, .. } | Geometry::OpenAngle { first, .. }, 0 | 1) => {
            first[handle_idx] = first[handle_idx] + by
        }
        (Geometry::CobbAngle { second, .. } | Geometry::OpenAngle { second, .. }, _) => {
            if let Some(end) = second.get_mut(handle_idx - 2) {
                *end = *end + by;
            }
        }
        (Geometry::Ellipse(ellipse), handle_idx) => *ellipse = stretched(ellipse, handle_idx, by),
    }
    moved
}

/// Pulls an outline drawn by hand at one of its handles: the corners beside it follow, the less the nearer they are to the
/// next handles.
fn pull(corners: &mut [PatientPoint], handle_idx: usize, by: PatientVector) {
    let n = corners.len();
    let handles: Vec<usize> = handle_idxs(n).collect();
    let Some(at) = handles.get(handle_idx).copied() else {
        return;
    };
    let reach = n.div_ceil(handles.len().max(1)).max(1);
    for (idx, corner) in corners.iter_mut().enumerate() {
        let apart = idx.abs_diff(at);
        let apart = apart.min(n - apart);
        if apart < reach {
            *corner = *corner + by * (1.0 - apart as f64 / reach as f64);
        }
    }
}

/// The ellipse with one end of an axis moved; the other axis keeps its length and stays at a right angle.
pub(super) fn stretched(ellipse: &Ellipse, handle_idx: usize, by: PatientVector) -> Ellipse {
    let Ellipse {
        centre,
        half_axis_a: a,
        half_axis_b: b,
    } = *ellipse;
    let sign = if handle_idx < 2 { 1.0 } else { -1.0 };
    let (taken, other) = if handle_idx.is_multiple_of(2) {
        (a, b)
    } else {
        (b, a)
    };
    let taken = taken + by * sign;
    // The normal keeps its sense whichever axis is taken, so that the outline runs on the same way round.
    let turned = a.cross(b).unit().and_then(|normal| {
        let beside = if handle_idx.is_multiple_of(2) {
            normal.cross(taken)
        } else {
            taken.cross(normal)
        };
        beside.unit()
    });
    let Some(beside) = turned else {
        return *ellipse;
    };
    let other = beside * other.length_mm();
    if handle_idx.is_multiple_of(2) {
        Ellipse {
            centre,
            half_axis_a: taken,
            half_axis_b: other,
        }
    } else {
        Ellipse {
            centre,
            half_axis_a: other,
            half_axis_b: taken,
        }
    }
}
