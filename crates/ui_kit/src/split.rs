//! The handle between two panels.

use egui::{CursorIcon, Rangef, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::focus::focus_is_from_keyboard;
use crate::tokens::Theme;

/// A vertical handle on the left edge of a panel that is `width` wide.
///
/// Dragging it, or the arrow keys while it is focused, changes `width` within `limits`; a double click sets it back
/// to `default_width`. All in points. Returns true when the width changed.
pub fn split_handle(
    ui: &Ui,
    edge: Rect,
    width: &mut f32,
    (limits, default_width): (Rangef, f32),
    name: &str,
) -> bool {
    let theme = Theme::of(ui.ctx());
    let id = ui.make_persistent_id(("split", name));
    let grab = Rect::from_center_size(edge.center(), vec2(8.0, edge.height()));
    let response = ui
        .interact(grab, id, Sense::click_and_drag())
        .on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal);
    let before = *width;
    let enabled = ui.is_enabled();
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Splitter, enabled, name);
        info.value = Some(f64::from(before));
        info
    });
    if response.dragged() {
        *width -= response.drag_delta().x;
    }
    if response.has_focus() {
        let steps = ui.input(|i| {
            i.num_presses(egui::Key::ArrowLeft) as f32 - i.num_presses(egui::Key::ArrowRight) as f32
        });
        *width += steps * 16.0;
    }
    if response.double_clicked() {
        *width = default_width;
    }
    *width = limits.clamp(*width);
    let is_focused = response.has_focus() && focus_is_from_keyboard(ui.ctx());
    if response.hovered() || response.dragged() || is_focused {
        let x = edge.center().x;
        ui.painter().line_segment(
            [pos2(x, edge.top()), pos2(x, edge.bottom())],
            Stroke::new(2.0, theme.ac),
        );
    }
    *width != before
}
