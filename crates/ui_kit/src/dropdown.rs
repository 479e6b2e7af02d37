//! A button that shows a value and opens a menu to change it.

use egui::{
    Color32, CornerRadius, InnerResponse, Popup, PopupCloseBehavior, Response, Role, Stroke,
    StrokeKind, Ui, WidgetInfo, vec2,
};

use crate::caret::push_caret;
use crate::control::{Phase, allocate, faded, focus_ring, phase};
use crate::icon::Icon;
use crate::key_cap::plain_keys;
use crate::line::{FOREGROUND, Line};
use crate::tokens::{Theme, Tint, radius, size, space};
use crate::typography::Kind;

/// A drop-down button, 28 points high.
#[must_use = "a drop-down that is not shown does nothing"]
pub struct Dropdown<'a> {
    label: &'a str,
    name: &'a str,
    icon: Option<Icon>,
    value: Option<&'a str>,
    tint: Option<Tint>,
    menu_width: f32,
    close: PopupCloseBehavior,
}

impl<'a> Dropdown<'a> {
    /// A drop-down that shows `label`; `name` says what it chooses and is read together with the label.
    pub fn new(name: &'a str, label: &'a str) -> Self {
        Self {
            label,
            name,
            icon: None,
            value: None,
            tint: None,
            menu_width: 240.0,
            close: PopupCloseBehavior::CloseOnClick,
        }
    }

    /// Puts an icon before the word.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Puts a monospaced value after the word, such as "W 80 L 36".
    pub fn value(mut self, value: &'a str) -> Self {
        self.value = Some(value);
        self
    }

    /// Gives the button colours of its own.
    pub fn tint(mut self, tint: Tint) -> Self {
        self.tint = Some(tint);
        self
    }

    /// The width of the menu, in points.
    pub fn menu_width(mut self, width: f32) -> Self {
        self.menu_width = width;
        self
    }

    /// Keeps the menu open when something in it is pressed, for menus with sliders.
    pub fn keep_open(mut self) -> Self {
        self.close = PopupCloseBehavior::CloseOnClickOutside;
        self
    }

    /// Shows the button, and the menu while it is open. `inner` is `None` while the menu is closed.
    pub fn show<R>(
        self,
        ui: &mut Ui,
        add_menu: impl FnOnce(&mut Ui) -> R,
    ) -> InnerResponse<Option<R>> {
        let response = self.button_ui(ui);
        let inner = Popup::menu(&response)
            .close_behavior(self.close)
            .width(self.menu_width)
            .gap(4.0)
            .show(|ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                add_menu(ui)
            })
            .map(|inner| inner.inner);
        InnerResponse::new(inner, response)
    }

    fn button_ui(&self, ui: &mut Ui) -> Response {
        let theme = Theme::of(ui.ctx());
        let muted = |color| if ui.is_enabled() { color } else { theme.td };
        let mut line = Line::new(ui);
        if let Some(icon) = self.icon {
            let color = self.tint.map_or(theme.t2, |tint| tint.ink);
            line.icon(icon, size::ICON_INLINE, muted(color));
            line.gap(space::SMALL);
        }
        let kind = if self.tint.is_some() {
            Kind::CONTROL.semibold()
        } else {
            Kind::CONTROL
        };
        line.word(self.label, kind, FOREGROUND);
        if let Some(value) = self.value {
            line.gap(space::SMALL);
            line.word(value, Kind::MONO_SMALL, muted(theme.t2));
        }
        line.gap(space::SMALL);
        push_caret(
            &mut line,
            self.tint.map_or(muted(theme.t3), |tint| tint.ink),
        );
        let enabled = ui.is_enabled();
        let width = (line.width() + 16.0).ceil();
        let response = allocate(ui, vec2(width, size::CONTROL), || {
            let mut info = WidgetInfo::labeled(Role::ComboBox, enabled, self.name);
            info.current_text_value = Some(match self.value {
                Some(value) => format!("{} {value}", self.label),
                None => self.label.to_owned(),
            });
            info
        });
        let (rest, edge, text) = match self.tint {
            Some(tint) => (tint.fill, tint.edge, tint.ink),
            None => (theme.bg2, theme.st2, theme.t1),
        };
        let (fill, edge, text) = match phase(&response) {
            Phase::Disabled => (Color32::TRANSPARENT, theme.st1, theme.td),
            Phase::Pressed => (theme.bg5, edge, text),
            Phase::Rest | Phase::Hover => (faded(ui, &response, rest, theme.bg4), edge, text),
        };
        ui.painter().rect(
            response.rect,
            CornerRadius::same(radius::CONTROL),
            fill,
            Stroke::new(1.0, edge),
            StrokeKind::Inside,
        );
        let start = response.rect.left_center() + vec2(8.0, 0.0);
        line.paint(ui.painter(), start, text, plain_keys(theme));
        focus_ring(ui, &response, radius::CONTROL);
        response
    }
}
