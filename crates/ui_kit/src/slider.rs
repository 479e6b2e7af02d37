//! A value on a line.

use egui::{Key, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::control::{Phase, focus_ring, mix, phase};
use crate::tokens::Theme;

/// Height of the control, its track and its knob, points.
const HEIGHT: f32 = 20.0;
const TRACK: f32 = 4.0;
const KNOB_RADIUS: f32 = 7.0;
/// Part of the range that an arrow key moves by.
const KEY_STEP: f64 = 0.02;

/// A slider over the available width; `name` is its accessible name, `value` stays within `low` and `high`. The response
/// is changed while it is dragged, clicked or moved by the arrow keys.
pub fn slider(ui: &mut Ui, value: &mut f64, [low, high]: [f64; 2], name: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    let enabled = ui.is_enabled();
    let size = vec2(ui.available_width(), HEIGHT);
    let (rect, mut response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    let range = (high - low).max(f64::MIN_POSITIVE);
    let (left, right) = (rect.left() + KNOB_RADIUS, rect.right() - KNOB_RADIUS);
    let mut next = *value;
    if let Some(pos) = response.interact_pointer_pos()
        && (response.dragged() || response.clicked())
    {
        let share = f64::from((pos.x - left) / (right - left).max(1.0));
        next = low + share.clamp(0.0, 1.0) * range;
    }
    if response.has_focus() {
        let filter = egui::EventFilter {
            horizontal_arrows: true,
            ..egui::EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        let n_steps = ui.input(|input| {
            let pressed = |key| input.num_presses(key) as f64;
            pressed(Key::ArrowRight) - pressed(Key::ArrowLeft)
        });
        next += n_steps * KEY_STEP * range;
    }
    let next = next.clamp(low, high);
    if next != *value && next.is_finite() {
        *value = next;
        response.mark_changed();
    }
    let at = *value;
    response.widget_info(|| WidgetInfo::slider(enabled, at, name));
    let share = ((at - low) / range).clamp(0.0, 1.0) as f32;
    let middle = rect.center().y;
    let knob = pos2(left + share * (right - left), middle);
    let bar = |from: f32, to: f32| {
        let corners = [
            pos2(from, middle - TRACK / 2.0),
            pos2(to, middle + TRACK / 2.0),
        ];
        Rect::from_min_max(corners[0], corners[1])
    };
    let (lit, ink) = match phase(&response) {
        Phase::Disabled => (theme.bg5, theme.td),
        Phase::Rest => (theme.ac, theme.t1),
        Phase::Hover | Phase::Pressed => (theme.ac, mix(theme.t1, theme.ac, 0.25)),
    };
    ui.painter()
        .rect_filled(bar(rect.left(), rect.right()), 2, theme.bg5);
    ui.painter().rect_filled(bar(rect.left(), knob.x), 2, lit);
    ui.painter().circle_filled(knob, KNOB_RADIUS, ink);
    focus_ring(ui, &response, 6);
    response
}
