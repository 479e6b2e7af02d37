//! What all controls share: their phase, the fade between phases, and the focus ring.

use egui::{Color32, CornerRadius, Response, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo};

use crate::focus::focus_is_from_keyboard;
use crate::tokens::{Theme, duration_s};

/// Whether a control shows the chosen one of several, or something that is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Selected {
    /// Not chosen, or off.
    #[default]
    No,
    /// Chosen, or on.
    Yes,
}

impl From<bool> for Selected {
    fn from(selected: bool) -> Self {
        if selected { Self::Yes } else { Self::No }
    }
}

impl Selected {
    pub(crate) fn is_yes(self) -> bool {
        self == Self::Yes
    }
}

/// What the pointer does to a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Rest,
    Hover,
    Pressed,
    Disabled,
}

pub(crate) fn phase(response: &Response) -> Phase {
    if !response.enabled() {
        Phase::Disabled
    } else if response.is_pointer_button_down_on() {
        Phase::Pressed
    } else if response.hovered() {
        Phase::Hover
    } else {
        Phase::Rest
    }
}

/// Takes room for a clickable control and tells assistive devices what it is.
pub(crate) fn allocate(ui: &mut Ui, size: Vec2, info: impl Fn() -> WidgetInfo) -> Response {
    let (_, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(info);
    response
}

/// The colour between rest and hover, faded in; the other phases take effect at once.
pub(crate) fn faded(ui: &Ui, response: &Response, rest: Color32, hover: Color32) -> Color32 {
    let share = ui.ctx().animate_bool_with_time(
        response.id.with("hover"),
        response.enabled() && response.hovered(),
        duration_s::HOVER,
    );
    mix(rest, hover, share)
}

/// The colour at `share` of the way from one colour to another, in gamma space.
pub(crate) fn mix(from: Color32, to: Color32, share: f32) -> Color32 {
    from.lerp_to_gamma(to, share)
}

/// A colour at a share of its opacity.
pub(crate) fn faint(color: Color32, share: f32) -> Color32 {
    color.gamma_multiply(share)
}

/// Draws the ring around a focused control, 2 points away from it, when the keyboard moved the focus there.
pub(crate) fn focus_ring(ui: &Ui, response: &Response, radius: u8) {
    if response.has_focus() && focus_is_from_keyboard(ui.ctx()) {
        ui.painter().rect_stroke(
            response.rect.expand(2.0),
            CornerRadius::same(radius.saturating_add(2)),
            Stroke::new(1.5, Theme::of(ui.ctx()).ac),
            StrokeKind::Outside,
        );
    }
}
