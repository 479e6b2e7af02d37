//! Switches and check boxes.

use egui::{
    CornerRadius, Rect, Response, Role, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use crate::control::{Phase, focus_ring, mix, phase};
use crate::icon::{Icon, IconWeight};
use crate::key_cap::plain_keys;
use crate::line::Line;
use crate::tokens::{Theme, duration_s, radius};
use crate::typography::Kind;

/// A switch without a word; `name` is its accessible name. Takes effect at once.
pub fn toggle_switch(ui: &mut Ui, on: &mut bool, name: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    let enabled = ui.is_enabled();
    let (rect, mut response) = ui.allocate_exact_size(vec2(32.0, 18.0), egui::Sense::click());
    if response.clicked() {
        *on = !*on;
        response.mark_changed();
    }
    response.widget_info(|| WidgetInfo::selected(Role::Switch, enabled, *on, name));
    let share = ui
        .ctx()
        .animate_bool_with_time(response.id, *on, duration_s::FADE);
    let fill = mix(theme.bg5, theme.acf, share);
    let edge = mix(theme.st3, theme.acf, share);
    ui.painter().rect(
        rect,
        CornerRadius::same(9),
        fill,
        Stroke::new(1.0, edge),
        StrokeKind::Inside,
    );
    let knob = pos2(rect.left() + 9.0 + 14.0 * share, rect.center().y);
    let knob_color = match phase(&response) {
        Phase::Disabled => theme.td,
        Phase::Rest | Phase::Hover | Phase::Pressed => mix(theme.t2, theme.on_acf, share),
    };
    ui.painter().circle_filled(knob, 6.0, knob_color);
    focus_ring(ui, &response, 9);
    response
}

/// A check box with its word.
pub fn check_box(ui: &mut Ui, on: &mut bool, label: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    let enabled = ui.is_enabled();
    let ink = if enabled { theme.t1 } else { theme.td };
    let mut line = Line::new(ui);
    line.word(label, Kind::CONTROL, ink);
    let width = 22.0 + line.width();
    let (_, mut response) = ui.allocate_exact_size(vec2(width.ceil(), 24.0), egui::Sense::click());
    if response.clicked() {
        *on = !*on;
        response.mark_changed();
    }
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, enabled, *on, label));
    let center = response.rect.left_center() + vec2(7.0, 0.0);
    let square = Rect::from_center_size(center, Vec2::splat(14.0));
    let hover = response.hovered() && enabled;
    let (fill, edge) = match (*on, hover) {
        (true, false) => (theme.acf, theme.acf),
        (true, true) => (theme.acf_hover, theme.acf_hover),
        (false, true) => (theme.bg4, theme.st3),
        (false, false) => (egui::Color32::TRANSPARENT, theme.st3),
    };
    ui.painter().rect(
        square,
        CornerRadius::same(radius::BADGE),
        fill,
        Stroke::new(1.0, edge),
        StrokeKind::Inside,
    );
    if *on {
        let mut check = Line::new(ui);
        check.icon_of_weight(Icon::Check, IconWeight::Bold, 10.0, theme.on_acf);
        let left = pos2(center.x - check.width() / 2.0, center.y);
        check.paint(ui.painter(), left, theme.on_acf, plain_keys(theme));
    }
    let start = response.rect.left_center() + vec2(22.0, 0.0);
    line.paint(ui.painter(), start, ink, plain_keys(theme));
    focus_ring(ui, &response, radius::BADGE);
    response
}
