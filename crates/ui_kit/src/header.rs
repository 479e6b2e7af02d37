//! Headers of panels, groups and sections.

use egui::{Align, Layout, Rect, Sense, Stroke, Ui, UiBuilder, vec2};

use crate::label::text_label;
use crate::tokens::{Theme, size, space};
use crate::typography::Kind;

/// The header of a panel: 36 points high, a divider below, contents from the left on the middle height.
///
/// A right part is added inside with `ui.with_layout(Layout::right_to_left(Align::Center), …)`.
pub fn panel_header<R>(ui: &mut Ui, add_contents: impl FnOnce(&mut Ui) -> R) -> R {
    let theme = Theme::of(ui.ctx());
    let rect = strip(ui, size::PANEL_HEADER);
    ui.painter().hline(
        rect.x_range(),
        rect.bottom() - 0.5,
        Stroke::new(1.0, theme.st1),
    );
    in_strip(ui, rect, add_contents)
}

/// The header of a group in a table: a name and a count on the window's ground, 28 points high.
pub fn group_header(ui: &mut Ui, name: &str, count: &str) {
    let theme = Theme::of(ui.ctx());
    let rect = strip(ui, size::TABLE_ROW_COMPACT);
    ui.painter().rect_filled(rect, 0, theme.bg1);
    ui.painter().hline(
        rect.x_range(),
        rect.bottom() - 0.5,
        Stroke::new(1.0, theme.st1),
    );
    in_strip(ui, rect, |ui| {
        text_label(ui, name, Kind::LABEL.medium(), theme.t1);
        text_label(ui, count, Kind::MONO_SMALL, theme.t3);
    });
}

/// The title of a section in running contents, with a thin line to the right end.
pub fn section_title(ui: &mut Ui, name: &str, count: &str) {
    let theme = Theme::of(ui.ctx());
    ui.horizontal(|ui| {
        text_label(ui, name, Kind::LABEL.medium(), theme.t2);
        if !count.is_empty() {
            text_label(ui, count, Kind::MONO_SMALL, theme.t3);
        }
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 16.0), Sense::hover());
        ui.painter()
            .hline(rect.x_range(), rect.center().y, Stroke::new(1.0, theme.st1));
    });
}

fn strip(ui: &mut Ui, height: f32) -> Rect {
    let wanted = vec2(ui.available_width(), height);
    ui.allocate_exact_size(wanted, Sense::hover()).0
}

fn in_strip<R>(ui: &mut Ui, rect: Rect, add_contents: impl FnOnce(&mut Ui) -> R) -> R {
    let builder = UiBuilder::new()
        .max_rect(rect.shrink2(vec2(space::PANEL, 0.0)))
        .layout(Layout::left_to_right(Align::Center));
    add_contents(&mut ui.new_child(builder))
}
