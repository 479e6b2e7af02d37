//! The plate that names a control and its key while the pointer rests on it.

use egui::{
    CornerRadius, Frame, Margin, Popup, PopupAnchor, Response, Shadow, Stroke, Tooltip, Ui,
};

use crate::key_cap::key_caps;
use crate::label::text_label;
use crate::tokens::{Theme, radius};
use crate::typography::Kind;

fn plate(theme: &Theme) -> Frame {
    Frame::new()
        .fill(theme.bg5)
        .stroke(Stroke::new(1.0, theme.tip_edge))
        .corner_radius(CornerRadius::same(radius::CONTROL))
        .inner_margin(Margin::symmetric(8, 5))
        .shadow(Shadow {
            offset: [0, 4],
            blur: 16,
            spread: 0,
            color: theme.shadow,
        })
}

fn tip_content(ui: &mut Ui, text: &str, keys: &[&str]) {
    let theme = Theme::of(ui.ctx());
    ui.horizontal(|ui| {
        text_label(ui, text, Kind::LABEL, theme.t1);
        if !keys.is_empty() {
            key_caps(ui, keys);
        }
    });
}

/// Adds a tooltip to a control: what it is called and which keys do the same.
///
/// The tooltip shows after the pointer has rested for [`crate::duration_s::TIP`], also on a disabled control.
pub fn with_tip(response: Response, text: &str, keys: &[&str]) -> Response {
    let theme = Theme::of(&response.ctx);
    let mut tip = if response.enabled() {
        Tooltip::for_enabled(&response)
    } else {
        Tooltip::for_disabled(&response)
    };
    tip.popup = tip.popup.frame(plate(theme)).gap(6.0);
    tip.show(|ui| tip_content(ui, text, keys));
    response
}

/// Shows a tooltip plate that stays at a place in the window, for facts about a picture.
pub fn tip_plate(ui: &Ui, id: egui::Id, at: egui::Pos2, text: &str, keys: &[&str]) {
    let theme = Theme::of(ui.ctx());
    Popup::new(
        id,
        ui.ctx().clone(),
        PopupAnchor::Position(at),
        ui.layer_id(),
    )
    .open(true)
    .frame(plate(theme))
    .gap(0.0)
    .show(|ui| tip_content(ui, text, keys));
}
