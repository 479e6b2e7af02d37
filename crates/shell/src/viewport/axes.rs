//! How the body lies in a projection: three short axes with their letters.

use egui::{Align2, Color32, Painter, Pos2, Rect, Stroke, Vec2, pos2, vec2};
use session::{PatientVector, ViewSnapshot};
use ui_kit::{Kind, outlined_text, over_image};
use volume::Placement;

use super::overlay::STRIP_ROOM;

/// Length of an axis that lies in the picture, points.
const LENGTH: f32 = 26.0;
/// Distance of the middle from the lower right corner, points.
const INSET: Vec2 = vec2(52.0, 74.0);
/// Views smaller than this have no room, points.
const LEAST: f32 = 200.0;

/// Direction, letter and colour: that of the planes which the axis stands upright on. LPS: +x is the patient's left.
const AXES: [([f64; 3], &str, Color32); 3] = [
    ([-1.0, 0.0, 0.0], "R", over_image::SAGITTAL),
    ([0.0, -1.0, 0.0], "A", over_image::CORONAL),
    ([0.0, 0.0, 1.0], "S", over_image::AXIAL),
];

/// Draws them in the lower right corner of a projection of a volume that lies in the patient.
pub(crate) fn paint(painter: &Painter, view: &ViewSnapshot, rect: Rect) {
    let in_patient = view
        .volume
        .as_ref()
        .is_some_and(|volume| volume.placed == Placement::InPatient);
    let Some(plane) = view
        .plane
        .filter(|_| in_patient && view.kind.is_projection())
    else {
        return;
    };
    if rect.width() < LEAST || rect.height() < LEAST {
        return;
    }
    let middle = pos2(rect.right() - STRIP_ROOM, rect.bottom()) - INSET;
    let mut axes = AXES.map(|(direction, letter, color)| {
        let direction = PatientVector::from(direction);
        let end = end_of(direction, (plane.frame.right(), plane.frame.up));
        (
            direction.dot(plane.frame.away),
            middle + end * LENGTH,
            letter,
            color,
        )
    });
    // Those that point away are drawn first, so that the others lie over them.
    axes.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (away, end, letter, color) in axes {
        let color = match away {
            away if 0.3 < away => color.gamma_multiply(0.55),
            _ => color,
        };
        for (width, ink) in [(4.0, over_image::UNDER_STROKE), (2.0, color)] {
            painter.line_segment([middle, end], Stroke::new(width, ink));
        }
        let at = letter_place(middle, end);
        outlined_text(
            painter,
            at,
            Align2::CENTER_CENTER,
            (letter, Kind::HINT.semibold()),
            color,
        );
    }
}

/// Where the end of a unit vector lies from the middle, in lengths, y downwards.
fn end_of(direction: PatientVector, (right, up): (PatientVector, PatientVector)) -> Vec2 {
    vec2(direction.dot(right) as f32, -direction.dot(up) as f32)
}

/// Beyond the end, and never on the middle where an axis points at the viewer.
fn letter_place(middle: Pos2, end: Pos2) -> Pos2 {
    let way = end - middle;
    let length = way.length();
    match length {
        length if 1.0 < length => end + way / length * 9.0,
        _ => middle + vec2(9.0, -9.0),
    }
}

#[cfg(test)]
mod tests {
    use space::Orientation;

    use super::*;

    #[test]
    fn seen_from_the_front_right_is_left_and_up_is_up() {
        let frame = Orientation::Coronal.frame();
        for ([x, y, z], expected) in [
            ([-1.0, 0.0, 0.0], [-1.0, 0.0]),
            ([0.0, -1.0, 0.0], [0.0, 0.0]),
            ([0.0, 0.0, 1.0], [0.0, -1.0]),
        ] {
            let end = end_of(PatientVector::new(x, y, z), (frame.right(), frame.up));
            assert!((end - Vec2::from(expected)).length() < 1e-6, "{end:?}");
        }
    }
}
