//! Small scales that are read at a glance: bars for weight, dashes for certainty.

use egui::{CornerRadius, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::key_cap::plain_keys;
use crate::line::Line;
use crate::tokens::{Theme, space};
use crate::typography::Kind;

const BARS: usize = 3;

/// Zero to three filled bars and their word.
pub fn significance(ui: &mut Ui, n_filled: usize, word: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    let ink = if n_filled == 0 { theme.t3 } else { theme.t1 };
    let mut line = Line::new(ui);
    line.word(word, Kind::CONTROL, ink);
    let bars_width = BARS as f32 * 7.0 - 2.0;
    let size = vec2(bars_width + space::SMALL + line.width(), 18.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, enabled, word));
    for bar_idx in 0..BARS {
        let color = if bar_idx < n_filled {
            theme.significance(n_filled)
        } else {
            theme.bg5
        };
        let corner = pos2(rect.left() + bar_idx as f32 * 7.0, rect.center().y - 6.0);
        let bar = Rect::from_min_size(corner, vec2(5.0, 12.0));
        ui.painter().rect_filled(bar, CornerRadius::same(1), color);
    }
    let start = rect.left_center() + vec2(bars_width + space::SMALL, 0.0);
    line.paint(ui.painter(), start, ink, plain_keys(theme));
    response
}

/// A word and zero to three filled dashes after it.
pub fn confidence_dashes(ui: &mut Ui, n_filled: usize, word: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    let mut line = Line::new(ui);
    line.word(word, Kind::HINT, theme.t2);
    let size = vec2(line.width() + space::SMALL + BARS as f32 * 12.0 - 2.0, 16.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, enabled, word));
    let end = line.paint(
        ui.painter(),
        rect.left_center(),
        theme.t2,
        plain_keys(theme),
    );
    for dash_idx in 0..BARS {
        let color = if dash_idx < n_filled {
            theme.t2
        } else {
            theme.bg5
        };
        let corner = pos2(
            end + space::SMALL + dash_idx as f32 * 12.0,
            rect.center().y - 2.0,
        );
        let dash = Rect::from_min_size(corner, vec2(10.0, 4.0));
        ui.painter().rect_filled(dash, CornerRadius::same(1), color);
    }
    response
}
