//! A button for what cannot be undone: it acts only after it was held for a second.

use egui::{
    Color32, CornerRadius, Id, Key, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

use crate::control::{Phase, focus_ring, phase};
use crate::icon::Icon;
use crate::key_cap::plain_keys;
use crate::line::{FOREGROUND, Line};
use crate::tokens::{Theme, radius, size, space};
use crate::typography::Kind;

/// How long the button must be held, in seconds.
pub const HOLD_SECONDS: f64 = 1.0;

/// A button that fills while it is held, by pointer or by Space or Enter; letting go early cancels.
#[must_use = "a button that is not shown does nothing"]
pub struct HoldButton<'a> {
    label: &'a str,
    icon: Option<Icon>,
    height: f32,
}

/// What happened to a [`HoldButton`] in this pass.
pub struct HoldResponse {
    /// The response of the button.
    pub response: Response,
    /// How much of the hold is done, 0 to 1.
    pub progress: f32,
    held: Held,
}

impl HoldResponse {
    /// True in the one pass in which the hold became complete.
    #[must_use]
    pub fn completed(&self) -> bool {
        self.held == Held::JustCompleted
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Held {
    No,
    Since(f64),
    JustCompleted,
    /// Complete, and not yet let go: a second action needs a second hold.
    Completed,
}

impl<'a> HoldButton<'a> {
    /// A hold button, 24 points high.
    pub fn new(label: &'a str) -> Self {
        Self {
            label,
            icon: None,
            height: size::CONTROL_SMALL,
        }
    }

    /// Puts an icon before the word.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Makes the button 28 points high.
    pub fn large(mut self) -> Self {
        self.height = size::CONTROL;
        self
    }

    /// Shows the button and follows the hold.
    pub fn show(self, ui: &mut Ui) -> HoldResponse {
        let mut line = Line::new(ui);
        if let Some(icon) = self.icon {
            line.icon(icon, size::ICON_INLINE, FOREGROUND);
            line.gap(space::SMALL);
        }
        line.word(self.label, Kind::LABEL.medium(), FOREGROUND);
        let width = (line.width() + 18.0).ceil();
        let enabled = ui.is_enabled();
        // A drag sense as well: a press that is too long for a click would otherwise be let go by egui.
        let (_, response) =
            ui.allocate_exact_size(vec2(width, self.height), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, self.label));
        let held = follow(ui, &response);
        let progress = match held {
            Held::No => 0.0,
            Held::Since(start) => ((ui.input(|i| i.time) - start) / HOLD_SECONDS) as f32,
            Held::JustCompleted | Held::Completed => 1.0,
        };
        paint(ui, &response, &line, progress);
        HoldResponse {
            response,
            progress,
            held,
        }
    }
}

fn is_down(ui: &Ui, response: &Response) -> bool {
    let by_pointer = response.is_pointer_button_down_on() && response.contains_pointer();
    let by_key =
        response.has_focus() && ui.input(|i| i.key_down(Key::Space) || i.key_down(Key::Enter));
    response.enabled() && (by_pointer || by_key)
}

fn follow(ui: &Ui, response: &Response) -> Held {
    let key: Id = response.id.with("held");
    let before = ui
        .data(|data| data.get_temp::<Held>(key))
        .unwrap_or(Held::No);
    let now = ui.input(|i| i.time);
    let after = match (is_down(ui, response), before) {
        (false, _) => Held::No,
        (true, Held::No) => Held::Since(now),
        (true, Held::Since(start)) if start + HOLD_SECONDS <= now => Held::JustCompleted,
        (true, Held::Since(start)) => Held::Since(start),
        (true, Held::JustCompleted | Held::Completed) => Held::Completed,
    };
    ui.data_mut(|data| data.insert_temp(key, after));
    if let Held::Since(_) = after {
        ui.ctx().request_repaint();
    }
    after
}

fn paint(ui: &Ui, response: &Response, line: &Line, progress: f32) {
    let theme = Theme::of(ui.ctx());
    let corner = CornerRadius::same(radius::CHIP);
    let (fill, edge, ink) = match phase(response) {
        Phase::Disabled => (Color32::TRANSPARENT, theme.st1, theme.td),
        Phase::Rest => (theme.bg3, theme.st2, theme.t1),
        Phase::Hover | Phase::Pressed => (theme.bg4, theme.st2, theme.t1),
    };
    let rect = response.rect;
    ui.painter().rect_filled(rect, corner, fill);
    if 0.0 < progress {
        let done = Rect::from_min_size(
            rect.min,
            vec2(rect.width() * progress.min(1.0), rect.height()),
        );
        ui.painter().rect_filled(done, corner, theme.r1.fill);
    }
    let edge = if 0.0 < progress { theme.r1.edge } else { edge };
    ui.painter()
        .rect_stroke(rect, corner, Stroke::new(1.0, edge), StrokeKind::Inside);
    let left = rect.center().x - line.width() / 2.0;
    line.paint(
        ui.painter(),
        pos2(left, rect.center().y),
        ink,
        plain_keys(theme),
    );
    focus_ring(ui, response, radius::CHIP);
}
