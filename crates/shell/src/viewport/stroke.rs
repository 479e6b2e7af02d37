use egui::{Color32, Painter, Pos2, Shape, Stroke};
use ui_kit::over_image;

/// Width of a mark, points.
const WIDTH: f32 = 1.5;
/// Width of the dark line under it, points.
const UNDER_WIDTH: f32 = 3.5;
/// Dash and gap of what lies in another slice, points.
const DASH: (f32, f32) = (5.0, 4.0);

/// How a mark lies to the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// In the plane.
    Solid,
    /// In another slice.
    Dashed,
}

/// Paints lines over an image: a dark line first, so that they show on bone as on air.
pub(crate) fn paint_lines(painter: &Painter, lines: &[Vec<Pos2>], color: Color32, line: Line) {
    for (width, color) in [(UNDER_WIDTH, over_image::UNDER_STROKE), (WIDTH, color)] {
        let stroke = Stroke::new(width, color);
        for points in lines.iter().filter(|points| 2 <= points.len()) {
            match line {
                Line::Solid => {
                    painter.add(Shape::line(points.clone(), stroke));
                }
                Line::Dashed => {
                    painter.extend(Shape::dashed_line(points, stroke, DASH.0, DASH.1));
                }
            }
        }
    }
}

/// Paints the border of voxels: thin, so that what it holds is seen.
pub(crate) fn paint_pieces(painter: &Painter, pieces: &[Vec<Pos2>], color: Color32) {
    for piece in pieces {
        painter.add(Shape::line(piece.clone(), Stroke::new(1.0, color)));
    }
}

/// Paints a place where a mark can be taken.
pub(crate) fn paint_handle(painter: &Painter, at: Pos2, color: Color32) {
    painter.circle_filled(at, 5.0, over_image::UNDER_STROKE);
    painter.circle(at, 3.5, Color32::BLACK, Stroke::new(WIDTH, color));
}

/// Paints the thin line from a mark to its label.
pub(crate) fn paint_leader(painter: &Painter, from: Pos2, to: Pos2, color: Color32) {
    painter.extend(Shape::dashed_line(
        &[from, to],
        Stroke::new(1.0, color.gamma_multiply(0.7)),
        2.0,
        2.0,
    ));
}
