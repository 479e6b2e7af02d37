//! The evidence of a row as two pictures: the slice as both readers saw it, and with the second reader's mark.

use egui::{Color32, CornerRadius, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use session::{EvidencePicture, PairRow, Snapshot};
use ui_kit::{Kind, Theme, over_image, paint_dashed_rect, radius, t, t_args};

use crate::textures::{cover_uv, grey_texture};
use crate::verdict::one_line;

/// Draws the pictures over the available width, `height` points high.
pub(super) fn pictures_ui(s: &Snapshot, row: &PairRow, height: f32, ui: &mut Ui, theme: &Theme) {
    let wanted = vec2(ui.available_width(), height);
    let (whole, _) = ui.allocate_exact_size(wanted, Sense::hover());
    let corner = CornerRadius::same(radius::CARD);
    let Some(evidence) = s.evidence.as_deref() else {
        paint_dashed_rect(ui.painter(), whole, radius::CARD, theme.st2);
        let font = Kind::LABEL.font_id();
        let middle = egui::Align2::CENTER_CENTER;
        let color = theme.t3;
        ui.painter().text(whole.center(), middle, t("compare.no_picture"), font, color);
        return;
    };
    let EvidencePicture { plain, marked } = evidence;
    let half = (whole.width() - 2.0) / 2.0;
    let left = Rect::from_min_size(whole.min, vec2(half, height));
    let right = Rect::from_min_size(pos2(whole.left() + half + 2.0, whole.top()), vec2(half, height));
    let first = row.first.as_ref().map_or(t("compare.absent_first").to_owned(), |statement| {
        t_args("compare.first_text", &[("text", &one_line(&statement.text))])
    });
    let second = match (row.finding, &row.second_text) {
        (Some(id), Some(text)) => format!("{id}: {}", one_line(text)),
        (_, Some(text)) => one_line(text),
        (_, None) => t("compare.absent_second").to_owned(),
    };
    for (rect, picture, words, color) in [
        (left, plain, first, over_image::FIRST),
        (right, marked, second, over_image::SECOND),
    ] {
        let id = ui.scope_id().with(("evidence", rect.left() as i32));
        let response = ui.interact(rect, id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &words));
        ui.painter().rect_filled(rect, 0, theme.bg0);
        let texture = grey_texture(ui.ctx(), picture);
        let uv = cover_uv(picture, rect.size());
        ui.painter().image(texture, rect, uv, Color32::WHITE);
        caption_ui(ui, rect, &words, color);
    }
    let edge = Stroke::new(1.0, theme.st1);
    ui.painter().rect_stroke(whole, corner, edge, StrokeKind::Inside);
}

fn caption_ui(ui: &Ui, rect: Rect, words: &str, color: Color32) {
    let bar = Rect::from_min_size(rect.min, vec2(rect.width(), 24.0));
    ui.painter().rect_filled(bar, 0, over_image::PLATE);
    let square = Rect::from_min_size(bar.min + vec2(10.0, 8.0), vec2(8.0, 8.0));
    ui.painter().rect_filled(square, CornerRadius::same(2), color);
    let mut job = Kind::HINT.medium().job(words, over_image::TEXT_STRONG);
    job.wrap = egui::text::TextWrapping::truncate_at_width(bar.width() - 34.0);
    let galley = ui.painter().layout_job(job);
    let at = pos2(bar.left() + 24.0, bar.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, over_image::TEXT_STRONG);
}
