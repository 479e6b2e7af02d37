//! Dashed edges: something is not there, or not yet decided.

use egui::{Color32, Frame, InnerResponse, Margin, Painter, Pos2, Rect, Shape, Stroke, Ui, pos2};

use crate::tokens::{Theme, radius};

/// Length of a dash and of the gap after it, in points.
const DASH: (f32, f32) = (4.0, 3.0);

/// Points along a rectangle with round corners, closed.
fn rounded_outline(rect: Rect, corner: f32) -> Vec<Pos2> {
    const STEPS: usize = 5;
    let corner = corner.min(rect.width() / 2.0).min(rect.height() / 2.0);
    let inner = rect.shrink(corner);
    let quarter = std::f32::consts::FRAC_PI_2;
    let mut points = Vec::with_capacity(4 * (STEPS + 1) + 1);
    for (corner_idx, center) in [
        inner.right_top(),
        inner.right_bottom(),
        inner.left_bottom(),
        inner.left_top(),
    ]
    .into_iter()
    .enumerate()
    {
        for step in 0..=STEPS {
            let angle_rad = quarter * (corner_idx as f32 - 1.0 + step as f32 / STEPS as f32);
            let (sin, cos) = angle_rad.sin_cos();
            points.push(pos2(center.x + corner * cos, center.y + corner * sin));
        }
    }
    points.extend(points.first().copied());
    points
}

/// Draws a dashed edge of 1 point inside a rectangle.
pub fn paint_dashed_rect(painter: &Painter, rect: Rect, corner: u8, color: Color32) {
    let outline = rounded_outline(rect.shrink(0.5), f32::from(corner));
    painter.extend(Shape::dashed_line(
        &outline,
        Stroke::new(1.0, color),
        DASH.0,
        DASH.1,
    ));
}

/// A card with a dashed edge and no fill, for what is absent; it fills the width.
pub fn dashed_card<R>(ui: &mut Ui, add_contents: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let theme = Theme::of(ui.ctx());
    let inner = Frame::new()
        .inner_margin(Margin::symmetric(10, 8))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            add_contents(ui)
        });
    paint_dashed_rect(ui.painter(), inner.response.rect, radius::CARD, theme.st2);
    inner
}

#[cfg(test)]
mod tests {
    use super::rounded_outline;
    use egui::{Rect, pos2};

    #[test]
    fn the_outline_is_closed_and_stays_inside_the_rectangle() {
        let rect = Rect::from_min_max(pos2(10.0, 20.0), pos2(110.0, 60.0));
        let outline = rounded_outline(rect, 8.0);
        assert_eq!(outline.first(), outline.last());
        for point in outline {
            assert!(rect.expand(0.01).contains(point), "{point:?}");
        }
    }
}
