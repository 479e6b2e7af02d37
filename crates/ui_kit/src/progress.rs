//! Bars that fill.

use egui::{Color32, CornerRadius, Rect, Response, Role, Sense, Ui, WidgetInfo, vec2};

use crate::tokens::Theme;

/// The share of coverage from which the bar shows "done".
const COVERED: f32 = 0.95;

/// Paints a bar into a rectangle; `share` is 0 to 1.
pub(crate) fn paint_bar(ui: &Ui, rect: Rect, share: f32, color: Color32) {
    let theme = Theme::of(ui.ctx());
    let corner = CornerRadius::same((rect.height() / 2.0) as u8);
    ui.painter().rect_filled(rect, corner, theme.bg5);
    let share = if share.is_finite() {
        share.clamp(0.0, 1.0)
    } else {
        0.0
    };
    if 0.0 < share {
        let width = (rect.width() * share).max(rect.height());
        let filled = Rect::from_min_size(rect.min, vec2(width, rect.height()));
        ui.painter().rect_filled(filled, corner, color);
    }
}

/// The colour of a coverage bar: accent while incomplete, "done" from 95 %.
pub(crate) fn coverage_color(theme: &Theme, share: f32) -> Color32 {
    if COVERED <= share { theme.ok } else { theme.ac }
}

/// A bar 6 points high over the available width, for work that runs. `share` is 0 to 1.
pub fn progress_bar(ui: &mut Ui, share: f32, name: &str) -> Response {
    let color = Theme::of(ui.ctx()).ac;
    bar(ui, share, color, 6.0, name)
}

/// A bar 4 points high over the available width: how much was looked at. `share` is 0 to 1.
pub fn coverage_bar(ui: &mut Ui, share: f32, name: &str) -> Response {
    let color = coverage_color(Theme::of(ui.ctx()), share);
    bar(ui, share, color, 4.0, name)
}

fn bar(ui: &mut Ui, share: f32, color: Color32, height: f32, name: &str) -> Response {
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let enabled = ui.is_enabled();
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ProgressIndicator, enabled, name);
        info.value = Some(f64::from(share * 100.0).round());
        info
    });
    paint_bar(ui, rect, share, color);
    response
}
