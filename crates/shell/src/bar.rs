//! Rows with a left and a right side, as bars and cards have them.

use egui::{
    Align, CornerRadius, Layout, Popup, PopupCloseBehavior, Rect, Response, Sense, Stroke,
    StrokeKind, Ui, UiBuilder, vec2,
};
use ui_kit::{HoldButton, Icon, Kind, Theme, focus_is_from_keyboard, text_label};

/// Lays `left` out from the left and `right` from the right end of a rectangle, both on its middle height.
///
/// The right side takes its room first, so that long words at the left give way; Tab still goes from left to right.
pub(crate) fn sides_in<T>(
    ui: &mut Ui,
    rect: Rect,
    state: &mut T,
    left: impl FnOnce(&mut Ui, &mut T),
    right: impl FnOnce(&mut Ui, &mut T),
) {
    let key = ui.make_persistent_id(("right side", ui.next_auto_id()));
    let remembered = ui.data(|data| data.get_temp::<f32>(key));
    let right_width = remembered.unwrap_or(0.0).min(rect.width());
    let left_rect = Rect::from_min_max(rect.min, rect.max - vec2(right_width, 0.0));
    let layout = Layout::left_to_right(Align::Center);
    let mut left_ui = ui.new_child(
        UiBuilder::new()
            .id_salt((key, "left"))
            .max_rect(left_rect)
            .layout(layout),
    );
    left(&mut left_ui, state);
    let layout = Layout::right_to_left(Align::Center);
    let mut right_ui = ui.new_child(
        UiBuilder::new()
            .id_salt((key, "right"))
            .max_rect(rect)
            .layout(layout),
    );
    right(&mut right_ui, state);
    let gap = ui.spacing().item_spacing.x;
    let content = right_ui.min_rect();
    let taken = if content.width() < 1.0 {
        0.0
    } else {
        (rect.right() - content.left() + gap).ceil()
    };
    if remembered != Some(taken) {
        ui.data_mut(|data| data.insert_temp(key, taken));
        ui.ctx()
            .request_discard("the right side of a row changed its width");
    }
}

/// A row over the available width with a left and a right side.
pub(crate) fn sides<T>(
    ui: &mut Ui,
    height: f32,
    state: &mut T,
    left: impl FnOnce(&mut Ui, &mut T),
    right: impl FnOnce(&mut Ui, &mut T),
) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height));
    sides_in(ui, rect, state, left, right);
}

/// The panel under a button that signs: what is signed, what `add` says of it, and a button to hold. `true` once held.
pub(crate) fn hold_panel_ui(
    button: &Response,
    title: &str,
    hold: &str,
    is_ready: bool,
    add: impl FnOnce(&mut Ui),
) -> bool {
    let mut is_held = false;
    Popup::from_toggle_button_response(button)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .width(340.0)
        .gap(6.0)
        .show(|ui| {
            egui::Frame::new().inner_margin(8).show(ui, |ui| {
                ui.set_width(324.0);
                ui.spacing_mut().item_spacing.y = 8.0;
                let ink = Theme::of(ui.ctx()).t1;
                text_label(ui, title, Kind::CARD_TITLE, ink);
                add(ui);
                let held = ui.add_enabled_ui(is_ready, |ui| {
                    HoldButton::new(hold).icon(Icon::Signature).large().show(ui)
                });
                if held.inner.completed() {
                    is_held = true;
                    ui.close();
                }
            });
        });
    is_held
}

/// A thin upright line between groups of a bar.
pub(crate) fn separator(ui: &mut Ui, theme: &Theme, margin: f32) {
    let (rect, _) = ui.allocate_exact_size(vec2(1.0 + 2.0 * margin, 18.0), Sense::hover());
    ui.painter()
        .vline(rect.center().x, rect.y_range(), Stroke::new(1.0, theme.st2));
}

/// The ring of a control that the keyboard brought into focus.
pub(crate) fn focus_ring(ui: &Ui, response: &Response, corner: u8) {
    if response.has_focus() && focus_is_from_keyboard(ui.ctx()) {
        let theme = Theme::of(ui.ctx());
        let stroke = Stroke::new(1.5, theme.ac);
        ui.painter().rect_stroke(
            response.rect.expand(2.0),
            CornerRadius::same(corner),
            stroke,
            StrokeKind::Inside,
        );
    }
}
