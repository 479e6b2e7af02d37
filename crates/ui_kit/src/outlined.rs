//! Text over images: readable on black and on white.

use egui::{Align2, Color32, CornerRadius, Painter, Pos2, Rect, Stroke, StrokeKind, vec2};

use crate::control::faint;
use crate::line::paint_galley;
use crate::tokens::{over_image, radius};
use crate::typography::Kind;

/// The eight directions in which the black outline is laid under the letters.
const AROUND: [(f32, f32); 8] = [
    (-1.0, -1.0),
    (0.0, -1.0),
    (1.0, -1.0),
    (-1.0, 0.0),
    (1.0, 0.0),
    (-1.0, 1.0),
    (0.0, 1.0),
    (1.0, 1.0),
];

/// Paints text with a black outline of 1 point. Several lines are allowed. Returns the room it took.
pub fn outlined_text(
    painter: &Painter,
    at: Pos2,
    anchor: Align2,
    (text, kind): (&str, Kind),
    color: Color32,
) -> Rect {
    let mut job = kind.job(text, Color32::PLACEHOLDER);
    job.halign = anchor.x();
    let galley = painter.layout_job(job);
    let size = galley.size();
    let rect = anchor.anchor_size(at, size);
    // A galley that is aligned right or centred is placed by that edge, not by its left one.
    let start = Pos2::new(rect.left() - galley.rect.left(), rect.top());
    for (x, y) in AROUND {
        painter.galley(
            start + vec2(x, y),
            galley.clone(),
            faint(Color32::BLACK, 0.85),
        );
    }
    painter.galley(start, galley, color);
    rect
}

/// Paints the label of a mark: a dark plate, a badge with the id, and the value. Returns the plate.
///
/// `at` is the left middle of the plate. An empty id leaves the badge out.
pub fn paint_mark_label(
    painter: &Painter,
    at: Pos2,
    id: &str,
    value: &str,
    color: Color32,
) -> Rect {
    let value_galley = painter.layout_no_wrap(
        value.to_owned(),
        Kind::KEY.font_id(),
        over_image::PLATE_TEXT,
    );
    let id_galley =
        painter.layout_no_wrap(id.to_owned(), Kind::BADGE.font_id(), over_image::BADGE_TEXT);
    let badge_width = if id.is_empty() {
        0.0
    } else {
        (id_galley.size().x + 7.0).ceil()
    };
    let value_width = value_galley.size().x;
    let width = (2.0 + badge_width + 5.0 + value_width + 6.0).ceil();
    let plate = Rect::from_min_size(at - vec2(0.0, 9.0), vec2(width, 18.0));
    painter.rect(
        plate,
        CornerRadius::same(radius::KEY),
        over_image::PLATE,
        Stroke::new(1.0, faint(color, 0.55)),
        StrokeKind::Inside,
    );
    if !id.is_empty() {
        let badge = Rect::from_min_size(plate.min + vec2(2.0, 2.0), vec2(badge_width, 14.0));
        painter.rect_filled(badge, CornerRadius::same(radius::BADGE), color);
        paint_galley(painter, badge.center(), &id_galley, over_image::BADGE_TEXT);
    }
    let center = Pos2::new(
        plate.left() + 2.0 + badge_width + 5.0 + value_width / 2.0,
        plate.center().y,
    );
    paint_galley(painter, center, &value_galley, over_image::PLATE_TEXT);
    plate
}
