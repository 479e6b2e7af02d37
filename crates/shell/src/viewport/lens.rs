use egui::{CornerRadius, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, vec2};
use space::ViewPlane;
use ui_kit::over_image;

use super::on_screen::{OnScreen, size_px};

/// Side of the lens, points.
const SIDE: f32 = 240.0;
/// How much it magnifies; with Shift less, with Ctrl more.
const MAGNIFIES: f64 = 3.0;
const LESS: f64 = 2.0;
const MORE: f64 = 4.0;

/// The lens under the pointer, as a small view of its own.
pub(super) fn lens_at(ui: &Ui, screen: &OnScreen, pos: Pos2) -> OnScreen {
    let modifiers = ui.input(|input| input.modifiers);
    let factor = match (modifiers.shift, modifiers.command) {
        (true, _) => LESS,
        (false, true) => MORE,
        (false, false) => MAGNIFIES,
    };
    let rect = Rect::from_center_size(pos, vec2(SIDE, SIDE));
    OnScreen {
        plane: ViewPlane {
            centre: screen.place(pos),
            mm_per_pixel: screen.plane.mm_per_pixel / factor,
            size_px: size_px(rect, screen.pixels_per_point),
            ..screen.plane
        },
        rect,
        pixels_per_point: screen.pixels_per_point,
    }
}

/// Puts the magnified picture over everything else of the view.
pub(super) fn paint_lens(painter: &Painter, rect: Rect, picture: Shape) {
    let inside = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    inside.rect_filled(rect, CornerRadius::ZERO, egui::Color32::BLACK);
    inside.add(picture);
    let edge = Stroke::new(1.5, over_image::TEXT);
    painter.rect_stroke(rect, CornerRadius::ZERO, edge, StrokeKind::Outside);
}

#[cfg(test)]
mod tests {
    use egui::pos2;
    use space::{Orientation, PatientPoint};

    use super::*;

    #[test]
    fn what_is_under_the_pointer_is_in_the_middle_of_the_lens() {
        let rect = Rect::from_min_size(pos2(40.0, 20.0), vec2(500.0, 400.0));
        let screen = OnScreen {
            plane: ViewPlane {
                centre: PatientPoint::new(3.0, 4.0, 5.0),
                frame: Orientation::Axial.frame(),
                mm_per_pixel: 0.5,
                size_px: [500, 400],
            },
            rect,
            pixels_per_point: 1.0,
        };
        let pos = pos2(130.0, 310.0);
        let ctx = egui::Context::default();
        let mut lens = None;
        let _ = ctx.run_ui(egui::RawInput::default(), |ui| {
            lens = Some(lens_at(ui, &screen, pos));
        });
        let same = |lens: OnScreen| {
            let middle = (lens.pos(screen.place(pos)) - pos).length();
            // Ten points aside on the picture are thirty in the lens.
            let aside = lens.pos(screen.place(pos + vec2(10.0, 0.0))) - pos;
            middle < 1e-3 && (aside - vec2(30.0, 0.0)).length() < 1e-3
        };
        assert!(lens.is_some_and(same));
    }
}
