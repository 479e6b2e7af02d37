//! Messages that stay: a bar for a whole screen, a line for one field.

use egui::{
    Align, Color32, CornerRadius, Frame, Layout, Margin, Role, Stroke, Ui, UiBuilder, WidgetInfo,
};

use crate::button::Button;
use crate::icon::{Icon, IconWeight};
use crate::label::{icon_label, text_label, wrapped_label};
use crate::tokens::{Theme, Tint, radius, size, space};
use crate::typography::Kind;

/// What kind of message it is. Each has its own icon and word order; colour is never alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Info,
    /// Needs a look; work goes on.
    Warning,
    /// Something does not work.
    Fault,
    /// Done, or as it should be.
    Done,
}

impl Tone {
    fn icon(self) -> (Icon, IconWeight) {
        match self {
            Self::Info => (Icon::Info, IconWeight::Regular),
            Self::Warning => (Icon::Warning, IconWeight::Filled),
            Self::Fault => (Icon::XCircle, IconWeight::Filled),
            Self::Done => (Icon::CheckCircle, IconWeight::Filled),
        }
    }

    fn tint(self, theme: &Theme) -> Tint {
        let plain = Tint {
            ink: theme.t2,
            fill: theme.bg3,
            edge: theme.st2,
        };
        match self {
            Self::Info => plain,
            Self::Warning => theme.warn,
            Self::Fault => theme.err,
            Self::Done => Tint {
                ink: theme.ok,
                ..plain
            },
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Card,
    Band,
}

/// A message with up to a few actions.
#[must_use = "a message that is not shown says nothing"]
pub struct MessageBar<'a> {
    tone: Tone,
    text: &'a str,
    detail: &'a str,
    actions: &'a [&'a str],
    shape: Shape,
}

impl<'a> MessageBar<'a> {
    /// A message as a card over the available width.
    pub fn new(tone: Tone, text: &'a str) -> Self {
        Self {
            tone,
            text,
            detail: "",
            actions: &[],
            shape: Shape::Card,
        }
    }

    /// What still works, after what happened.
    pub fn detail(mut self, detail: &'a str) -> Self {
        self.detail = detail;
        self
    }

    /// What can be done, first things first.
    pub fn actions(mut self, actions: &'a [&'a str]) -> Self {
        self.actions = actions;
        self
    }

    /// Shows the message as a band from edge to edge, for a whole study.
    pub fn band(mut self) -> Self {
        self.shape = Shape::Band;
        self
    }

    /// Shows the message; returns the index of the action that was pressed.
    pub fn show(self, ui: &mut Ui) -> Option<usize> {
        let theme = Theme::of(ui.ctx());
        let tint = self.tone.tint(theme);
        let corner = match self.shape {
            Shape::Card => radius::CARD,
            Shape::Band => 0,
        };
        let frame = Frame::new()
            .fill(tint.fill)
            .stroke(Stroke::new(1.0, tint.edge))
            .corner_radius(CornerRadius::same(corner))
            .inner_margin(Margin::symmetric(12, 7));
        let builder = UiBuilder::new().id_salt(("message", self.text));
        let scope = ui.scope_builder(builder, |ui| {
            frame.show(ui, |ui| self.contents(ui, tint.ink)).inner
        });
        let (enabled, words) = (ui.is_enabled(), format!("{} {}", self.text, self.detail));
        scope
            .response
            .widget_info(|| WidgetInfo::labeled(Role::Alert, enabled, words.trim()));
        scope.inner
    }

    fn contents(&self, ui: &mut Ui, ink: Color32) -> Option<usize> {
        let theme = Theme::of(ui.ctx());
        let mut pressed_idx = None;
        ui.horizontal(|ui| {
            ui.set_min_height(size::CONTROL_SMALL);
            let (icon, weight) = self.tone.icon();
            icon_label(ui, icon, weight, size::ICON, ink);
            // Actions take their room first, so that a long text gives way and not the actions.
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                for (action_idx, action) in self.actions.iter().enumerate().rev() {
                    if ui.add(Button::new(action).small()).clicked() {
                        pressed_idx = Some(action_idx);
                    }
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    ui.set_width(ui.available_width());
                    let kind = if self.detail.is_empty() {
                        Kind::BODY
                    } else {
                        Kind::BODY.medium()
                    };
                    text_label(ui, self.text, kind, theme.t1);
                    if !self.detail.is_empty() {
                        text_label(ui, self.detail, Kind::BODY, theme.t2);
                    }
                });
            });
        });
        pressed_idx
    }
}

/// A message beside one field or control: an icon and one sentence.
pub fn inline_message(ui: &mut Ui, tone: Tone, text: &str) {
    let color = tone.tint(Theme::of(ui.ctx())).ink;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::SMALL;
        let icon = match tone {
            Tone::Fault => (Icon::WarningCircle, IconWeight::Regular),
            Tone::Info | Tone::Warning | Tone::Done => tone.icon(),
        };
        icon_label(ui, icon.0, icon.1, size::ICON_INLINE, color);
        wrapped_label(ui, text, Kind::LABEL, color);
    });
}
