//! Buttons with a word: plain, main and quiet.

use egui::{
    Color32, CornerRadius, Response, Role, Stroke, StrokeKind, Ui, Widget, WidgetInfo, pos2, vec2,
};

use crate::control::{Phase, allocate, faded, focus_ring, phase};
use crate::icon::Icon;
use crate::key_cap::{keys_on_accent, plain_keys};
use crate::line::{FOREGROUND, Line};
use crate::tip::with_tip;
use crate::tokens::{Theme, radius, size, space};
use crate::typography::Kind;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rank {
    Plain,
    Main,
    Quiet,
    Link,
}

/// A button with a word; add it with [`egui::Ui::add`] or, when it may be disabled, [`egui::Ui::add_enabled`].
#[must_use = "a button that is not added does not show"]
pub struct Button<'a> {
    label: &'a str,
    rank: Rank,
    icon: Option<Icon>,
    value: Option<(&'a str, Color32)>,
    keys: &'a [&'a str],
    tip: Option<(&'a str, &'a [&'a str])>,
    height: f32,
    min_width: f32,
}

impl<'a> Button<'a> {
    fn of_rank(label: &'a str, rank: Rank) -> Self {
        Self {
            label,
            rank,
            icon: None,
            value: None,
            keys: &[],
            tip: None,
            height: size::CONTROL,
            min_width: 0.0,
        }
    }

    /// A button with an edge.
    pub fn new(label: &'a str) -> Self {
        Self::of_rank(label, Rank::Plain)
    }

    /// The one main action of a screen or panel, filled with the accent.
    pub fn primary(label: &'a str) -> Self {
        Self::of_rank(label, Rank::Main)
    }

    /// A button without an edge.
    pub fn ghost(label: &'a str) -> Self {
        Self::of_rank(label, Rank::Quiet)
    }

    /// A button without an edge whose word has the accent colour.
    pub fn link(label: &'a str) -> Self {
        Self::of_rank(label, Rank::Link)
    }

    /// Puts an icon before the word.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Puts a monospaced value after the word, such as "2 open".
    pub fn value(mut self, value: &'a str, color: Color32) -> Self {
        self.value = Some((value, color));
        self
    }

    /// Shows the keys that do the same at the end of the button.
    pub fn keys(mut self, keys: &'a [&'a str]) -> Self {
        self.keys = keys;
        self
    }

    /// Adds a tooltip with the keys that do the same.
    pub fn tip(mut self, text: &'a str, keys: &'a [&'a str]) -> Self {
        self.tip = Some((text, keys));
        self
    }

    /// Makes the button 24 points high.
    pub fn small(mut self) -> Self {
        self.height = size::CONTROL_SMALL;
        self
    }

    /// Makes the button at least this wide, in points.
    pub fn min_width(mut self, width: f32) -> Self {
        self.min_width = width;
        self
    }

    fn line(&self, ui: &Ui) -> Line {
        let kind = if self.height < size::CONTROL {
            Kind::LABEL.medium()
        } else {
            Kind::CONTROL.medium()
        };
        let mut line = Line::new(ui);
        if let Some(icon) = self.icon {
            line.icon(icon, size::ICON_INLINE, FOREGROUND);
            line.gap(space::SMALL);
        }
        line.word(self.label, kind, FOREGROUND);
        if let Some((value, color)) = self.value {
            line.gap(space::SMALL);
            line.word(value, Kind::MONO_SMALL, color);
        }
        line.keys(self.keys);
        line
    }
}

/// Fill, edge and text of a button in its phase.
fn look(ui: &Ui, response: &Response, rank: Rank) -> (Color32, Color32, Color32) {
    let theme = Theme::of(ui.ctx());
    let clear = Color32::TRANSPARENT;
    let (rest, hover, pressed, edge, text) = match rank {
        Rank::Plain => (theme.bg3, theme.bg4, theme.bg5, theme.st2, theme.t1),
        Rank::Main => (
            theme.acf,
            theme.acf_hover,
            theme.acf_pressed,
            clear,
            theme.on_acf,
        ),
        Rank::Quiet => (clear, theme.bg4, theme.bg5, clear, theme.t2),
        Rank::Link => (clear, theme.bg4, theme.bg5, clear, theme.ac),
    };
    match (phase(response), rank) {
        (Phase::Disabled, Rank::Plain | Rank::Main) => (clear, theme.st1, theme.td),
        (Phase::Disabled, Rank::Quiet | Rank::Link) => (clear, clear, theme.td),
        (Phase::Pressed, _) => (pressed, edge, text),
        (Phase::Hover, Rank::Quiet) => (faded(ui, response, rest, hover), edge, theme.t1),
        (Phase::Rest | Phase::Hover, _) => (faded(ui, response, rest, hover), edge, text),
    }
}

impl Widget for Button<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let theme = Theme::of(ui.ctx());
        let line = self.line(ui);
        let is_small = self.height < size::CONTROL;
        let padding = if is_small { 8.0 } else { 10.0 };
        let width = (line.width() + 2.0 * padding).ceil().max(self.min_width);
        let enabled = ui.is_enabled();
        let response = allocate(ui, vec2(width, self.height), || {
            WidgetInfo::labeled(Role::Button, enabled, self.label)
        });
        let (fill, edge, text) = look(ui, &response, self.rank);
        let corner = if is_small {
            radius::CHIP
        } else {
            radius::CONTROL
        };
        ui.painter().rect(
            response.rect,
            CornerRadius::same(corner),
            fill,
            Stroke::new(1.0, edge),
            StrokeKind::Inside,
        );
        let keys = match self.rank {
            Rank::Main => keys_on_accent(theme),
            Rank::Plain | Rank::Quiet | Rank::Link => plain_keys(theme),
        };
        let left = response.rect.center().x - line.width() / 2.0;
        line.paint(
            ui.painter(),
            pos2(left, response.rect.center().y),
            text,
            keys,
        );
        focus_ring(ui, &response, corner);
        match self.tip {
            Some((text, keys)) => with_tip(response, text, keys),
            None => response,
        }
    }
}
