//! Buttons with an icon only: tools of the toolbar and small actions of a panel.

use egui::{
    Color32, CornerRadius, Response, Role, Stroke, StrokeKind, Ui, Vec2, Widget, WidgetInfo, pos2,
};

use crate::control::{Phase, Selected, allocate, faded, focus_ring, phase};
use crate::icon::Icon;
use crate::key_cap::plain_keys;
use crate::line::{FOREGROUND, Line};
use crate::tip::with_tip;
use crate::tokens::{Theme, radius, size};

/// A square button. Its name is read to assistive devices and shown in its tooltip.
#[must_use = "a button that is not added does not show"]
pub struct IconButton<'a> {
    icon: Icon,
    name: &'a str,
    keys: &'a [&'a str],
    selected: Option<Selected>,
    side: f32,
    icon_size: f32,
    tint: Option<Color32>,
}

impl<'a> IconButton<'a> {
    /// A button of a bar or dialog: 28 points, icon 16.
    pub fn new(icon: Icon, name: &'a str) -> Self {
        Self {
            icon,
            name,
            keys: &[],
            selected: None,
            side: size::CONTROL,
            icon_size: size::ICON,
            tint: None,
        }
    }

    /// A tool of the toolbar: 28 points, icon 18.
    pub fn tool(icon: Icon, name: &'a str) -> Self {
        Self {
            icon_size: size::ICON_TOOL,
            ..Self::new(icon, name)
        }
    }

    /// A button inside a panel header or card: 24 points, icon 14.
    pub fn small(icon: Icon, name: &'a str) -> Self {
        Self {
            side: size::CONTROL_SMALL,
            icon_size: size::ICON_INLINE,
            ..Self::new(icon, name)
        }
    }

    /// The keys that do the same, for the tooltip.
    pub fn keys(mut self, keys: &'a [&'a str]) -> Self {
        self.keys = keys;
        self
    }

    /// Makes the button a switch that shows whether it is on.
    pub fn selected(mut self, selected: impl Into<Selected>) -> Self {
        self.selected = Some(selected.into());
        self
    }

    /// Gives the icon a colour of its own at rest.
    pub fn tint(mut self, color: Color32) -> Self {
        self.tint = Some(color);
        self
    }
}

impl Widget for IconButton<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let theme = Theme::of(ui.ctx());
        let enabled = ui.is_enabled();
        let response = allocate(ui, Vec2::splat(self.side), || match self.selected {
            Some(selected) => {
                WidgetInfo::selected(Role::Button, enabled, selected.is_yes(), self.name)
            }
            None => WidgetInfo::labeled(Role::Button, enabled, self.name),
        });
        let is_on = self.selected == Some(Selected::Yes);
        let rest = self.tint.unwrap_or(theme.t2);
        let clear = Color32::TRANSPARENT;
        let (fill, edge, ink) = match phase(&response) {
            Phase::Disabled => (clear, clear, theme.td),
            _ if is_on => (theme.acbg, theme.acst, theme.ac),
            Phase::Pressed => (theme.bg5, clear, theme.t1),
            Phase::Hover => (faded(ui, &response, clear, theme.bg4), clear, theme.t1),
            Phase::Rest => (faded(ui, &response, clear, theme.bg4), clear, rest),
        };
        ui.painter().rect(
            response.rect,
            CornerRadius::same(radius::CONTROL),
            fill,
            Stroke::new(1.0, edge),
            StrokeKind::Inside,
        );
        let mut line = Line::new(ui);
        line.icon(self.icon, self.icon_size, FOREGROUND);
        let center = response.rect.center();
        line.paint(
            ui.painter(),
            pos2(center.x - line.width() / 2.0, center.y),
            ink,
            plain_keys(theme),
        );
        focus_ring(ui, &response, radius::CONTROL);
        with_tip(response, self.name, self.keys)
    }
}
