//! Rows of menus.

use egui::{CornerRadius, Response, Role, Sense, Stroke, Ui, Widget, WidgetInfo, vec2};

use crate::control::{Selected, focus_ring};
use crate::icon::Icon;
use crate::key_cap::plain_keys;
use crate::label::text_label;
use crate::line::{FOREGROUND, Line};
use crate::tokens::{Theme, radius, size};
use crate::typography::Kind;

/// A row of a menu: icon, word, value, keys. 28 points high.
#[must_use = "a menu row that is not added does not show"]
pub struct MenuItem<'a> {
    label: &'a str,
    icon: Option<Icon>,
    value: &'a str,
    keys: &'a [&'a str],
    selected: Selected,
}

impl<'a> MenuItem<'a> {
    /// A row with a word.
    pub fn new(label: &'a str) -> Self {
        Self {
            label,
            icon: None,
            value: "",
            keys: &[],
            selected: Selected::No,
        }
    }

    /// Puts an icon before the word; rows without one keep its place free.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Puts a monospaced value at the right, left of the keys.
    pub fn value(mut self, value: &'a str) -> Self {
        self.value = value;
        self
    }

    /// Shows the keys that do the same.
    pub fn keys(mut self, keys: &'a [&'a str]) -> Self {
        self.keys = keys;
        self
    }

    /// Marks the row with a check when it is the current choice.
    pub fn selected(mut self, selected: impl Into<Selected>) -> Self {
        self.selected = selected.into();
        self
    }
}

impl Widget for MenuItem<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let theme = Theme::of(ui.ctx());
        let enabled = ui.is_enabled();
        let mut right = Line::new(ui);
        if !self.value.is_empty() {
            let color = if enabled { theme.t2 } else { theme.td };
            right.word(self.value, Kind::MONO_SMALL, color);
        }
        right.keys(self.keys);
        let mut left = Line::new(ui);
        left.word(self.label, Kind::CONTROL, FOREGROUND);
        let needed = 8.0 + 25.0 + left.width() + 16.0 + right.width() + 8.0;
        let width = needed.max(ui.available_width());
        let (rect, response) = ui.allocate_exact_size(vec2(width, size::CONTROL), Sense::click());
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::MenuItem, enabled, self.label);
            info.selected = self.selected.is_yes().then_some(true);
            info
        });
        if enabled && response.hovered() {
            ui.painter()
                .rect_filled(rect, CornerRadius::same(radius::CHIP), theme.bg5);
        }
        let ink = if enabled { theme.t1 } else { theme.td };
        let shown = match (self.selected, self.icon) {
            (Selected::Yes, _) => Some((Icon::Check, theme.ac)),
            (Selected::No, Some(icon)) => Some((icon, if enabled { theme.t2 } else { theme.td })),
            (Selected::No, None) => None,
        };
        if let Some((icon, color)) = shown {
            let mut line = Line::new(ui);
            line.icon(icon, size::ICON, color);
            let start = rect.left_center() + vec2(8.0, 0.0);
            line.paint(ui.painter(), start, color, plain_keys(theme));
        }
        let start = rect.left_center() + vec2(33.0, 0.0);
        left.paint(ui.painter(), start, ink, plain_keys(theme));
        let start = rect.right_center() - vec2(8.0 + right.width(), 0.0);
        right.paint(ui.painter(), start, ink, plain_keys(theme));
        focus_ring(ui, &response, radius::CHIP);
        // The menu closes by itself on a press of the pointer, but not on a press by keyboard.
        if response.clicked() && !ui.input(|i| i.pointer.any_click()) {
            ui.close();
        }
        response
    }
}

/// A heading between rows of a menu.
pub fn menu_heading(ui: &mut Ui, text: &str) {
    let theme = Theme::of(ui.ctx());
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        ui.add_space(8.0);
        text_label(ui, text, Kind::CAPTION.medium(), theme.t3);
    });
    ui.add_space(3.0);
}

/// A thin line between rows of a menu.
pub fn menu_separator(ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 11.0), Sense::hover());
    ui.painter()
        .hline(rect.x_range(), rect.center().y, Stroke::new(1.0, theme.st1));
}
