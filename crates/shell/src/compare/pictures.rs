//! The evidence of a row as two pictures: the slice as both readers saw it, and with the second reader's mark.

use std::sync::Arc;

use egui::{
    Color32, ColorImage, Context, CornerRadius, Rect, Role, Sense, Stroke, StrokeKind,
    TextureHandle, TextureId, TextureOptions, Ui, Vec2, WidgetInfo, pos2, vec2,
};
use session::{ColourImage, EvidencePicture, PairRow, Snapshot};
use ui_kit::{Kind, Theme, over_image, paint_dashed_rect, radius, t, t_args};

use crate::verdict::one_line;

/// The pictures of the last row that had some, as textures.
#[derive(Default)]
pub(super) struct Pictures {
    kept: Option<(Arc<EvidencePicture>, [TextureHandle; 2])>,
}

impl Pictures {
    /// The textures of these pictures, made once.
    fn textures(&mut self, ctx: &Context, pictures: &Arc<EvidencePicture>) -> [TextureId; 2] {
        if let Some((kept, textures)) = &self.kept
            && Arc::ptr_eq(kept, pictures)
        {
            return textures.each_ref().map(TextureHandle::id);
        }
        let textures = [&pictures.plain, &pictures.marked].map(|picture| {
            let bytes: Vec<u8> = whole(picture);
            let image = ColorImage::from_rgb([picture.width, picture.height], &bytes);
            ctx.load_texture("evidence", image, TextureOptions::LINEAR)
        });
        let ids = textures.each_ref().map(TextureHandle::id);
        self.kept = Some((pictures.clone(), textures));
        ids
    }
}

/// The bytes of a picture, filled up with black where there are fewer than the size says.
fn whole(picture: &ColourImage) -> Vec<u8> {
    let mut bytes: Vec<u8> = picture.rgb.iter().flatten().copied().collect();
    bytes.resize(picture.width * picture.height * 3, 0);
    bytes
}

/// The part of a picture, in texture coordinates, that fills a frame of this shape without distortion.
fn cover_uv(picture: &ColourImage, frame: Vec2) -> Rect {
    let size = vec2(picture.width.max(1) as f32, picture.height.max(1) as f32);
    let frame = frame.max(Vec2::splat(1.0));
    let scale = (frame.x / size.x).max(frame.y / size.y);
    Rect::from_center_size(pos2(0.5, 0.5), frame / scale / size)
}

/// Draws the pictures over the available width, `height` points high.
pub(super) fn pictures_ui(
    pictures: &mut Pictures,
    (s, row): (&Snapshot, &PairRow),
    height: f32,
    ui: &mut Ui,
    theme: &Theme,
) {
    let wanted = vec2(ui.available_width(), height);
    let (whole, _) = ui.allocate_exact_size(wanted, Sense::hover());
    let corner = CornerRadius::same(radius::CARD);
    let Some(evidence) = &s.evidence else {
        paint_dashed_rect(ui.painter(), whole, radius::CARD, theme.st2);
        let font = Kind::LABEL.font_id();
        let middle = egui::Align2::CENTER_CENTER;
        let color = theme.t3;
        ui.painter()
            .text(whole.center(), middle, t("compare.no_picture"), font, color);
        return;
    };
    let EvidencePicture { plain, marked } = evidence.as_ref();
    let [plain_id, marked_id] = pictures.textures(ui.ctx(), evidence);
    let half = (whole.width() - 2.0) / 2.0;
    let left = Rect::from_min_size(whole.min, vec2(half, height));
    let right = Rect::from_min_size(
        pos2(whole.left() + half + 2.0, whole.top()),
        vec2(half, height),
    );
    let first = row
        .first
        .as_ref()
        .map_or(t("compare.absent_first").to_owned(), |statement| {
            t_args(
                "compare.first_text",
                &[("text", &one_line(&statement.text))],
            )
        });
    let second = match (row.finding, &row.second_text) {
        (Some(id), Some(text)) => format!("{id}: {}", one_line(text)),
        (_, Some(text)) => one_line(text),
        (_, None) => t("compare.absent_second").to_owned(),
    };
    for (rect, (picture, texture), words, color) in [
        (left, (plain, plain_id), first, over_image::FIRST),
        (right, (marked, marked_id), second, over_image::SECOND),
    ] {
        let id = ui.scope_id().with(("evidence", rect.left() as i32));
        let response = ui.interact(rect, id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &words));
        ui.painter().rect_filled(rect, 0, theme.bg0);
        let uv = cover_uv(picture, rect.size());
        ui.painter().image(texture, rect, uv, Color32::WHITE);
        caption_ui(ui, rect, &words, color);
    }
    let edge = Stroke::new(1.0, theme.st1);
    ui.painter()
        .rect_stroke(whole, corner, edge, StrokeKind::Inside);
}

fn caption_ui(ui: &Ui, rect: Rect, words: &str, color: Color32) {
    let bar = Rect::from_min_size(rect.min, vec2(rect.width(), 24.0));
    ui.painter().rect_filled(bar, 0, over_image::PLATE);
    let square = Rect::from_min_size(bar.min + vec2(10.0, 8.0), vec2(8.0, 8.0));
    ui.painter()
        .rect_filled(square, CornerRadius::same(2), color);
    let mut job = Kind::HINT.medium().job(words, over_image::TEXT_STRONG);
    job.wrap = egui::text::TextWrapping::truncate_at_width(bar.width() - 34.0);
    let galley = ui.painter().layout_job(job);
    let at = pos2(bar.left() + 24.0, bar.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, over_image::TEXT_STRONG);
}
