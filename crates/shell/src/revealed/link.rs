//! Lines and letters that join a statement with what it speaks of.

use egui::epaint::CubicBezierShape;
use egui::{Align2, Color32, Painter, Pos2, Stroke, vec2};
use ui_kit::{Kind, Theme, over_image};

/// Draws a line from a statement to a mark, dark under its colour so that it shows on bright images.
pub(super) fn line(painter: &Painter, statement: Pos2, mark: Pos2, color: Color32) {
    let reach = ((statement.x - mark.x).abs() * 0.45).clamp(40.0, 320.0);
    let points = [
        statement,
        statement - vec2(reach, 0.0),
        mark + vec2(reach, -12.0),
        mark,
    ];
    for stroke in [
        Stroke::new(4.0, over_image::UNDER_STROKE),
        Stroke::new(1.5, color),
    ] {
        painter.add(CubicBezierShape::from_points_stroke(
            points,
            false,
            Color32::TRANSPARENT,
            stroke,
        ));
    }
    for end in [statement, mark] {
        painter.circle_filled(end, 3.5, color);
    }
}

/// Draws the letter of a class in a ring, on the waist of a ribbon.
pub(super) fn letter(painter: &Painter, at: Pos2, letter: char, color: Color32, theme: &Theme) {
    painter.circle(at, 11.0, theme.bg2, Stroke::new(1.0, color));
    painter.circle_filled(at, 10.5, color.gamma_multiply(0.12));
    let font = Kind::BADGE.font_id();
    painter.text(at, Align2::CENTER_CENTER, letter, font, color);
}
