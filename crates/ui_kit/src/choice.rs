//! One of a few large choices: a sign over a word, with the digit that picks it.

use egui::{
    Align2, CornerRadius, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, Widget, WidgetInfo,
    pos2,
};

use crate::control::{Phase, focus_ring, phase};
use crate::icon::{Icon, IconWeight};
use crate::mark::{Reader, paint_reader_mark};
use crate::tokens::{Theme, radius};
use crate::typography::Kind;

/// What stands over the word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Icon(Icon),
    Reader(Reader),
}

/// A choice of a row of choices, all of one size.
#[must_use = "a choice that is not added does nothing"]
pub struct Choice<'a> {
    label: &'a str,
    sign: Sign,
    figure: &'a str,
    size: Vec2,
    selected: bool,
}

impl<'a> Choice<'a> {
    /// A choice with an icon.
    pub fn icon(label: &'a str, icon: Icon, size: Vec2) -> Self {
        Self {
            label,
            sign: Sign::Icon(icon),
            figure: "",
            size,
            selected: false,
        }
    }

    /// A choice with the mark of a reader.
    pub fn reader(label: &'a str, reader: Reader, size: Vec2) -> Self {
        Self {
            sign: Sign::Reader(reader),
            ..Self::icon(label, Icon::User, size)
        }
    }

    /// The key that picks it, small in its corner.
    pub fn figure(mut self, figure: &'a str) -> Self {
        self.figure = figure;
        self
    }

    /// Shows it as the chosen one.
    pub fn selected(mut self, selected: bool) -> Self {
        self.selected = selected;
        self
    }
}

impl Widget for Choice<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let theme = Theme::of(ui.ctx());
        let (rect, response) = ui.allocate_exact_size(self.size, Sense::click());
        let enabled = ui.is_enabled();
        response.widget_info(|| {
            WidgetInfo::selected(Role::RadioButton, enabled, self.selected, self.label)
        });
        let hovered = matches!(phase(&response), Phase::Hover | Phase::Pressed);
        let (fill, edge, width, ink) = match (self.selected, hovered, enabled) {
            (true, ..) => (theme.card_selected, theme.ac, 1.5, theme.t1),
            (false, _, false) => (theme.bg3, theme.st1, 1.0, theme.t3),
            (false, true, true) => (theme.bg4, theme.st2, 1.0, theme.t1),
            (false, false, true) => (theme.bg3, theme.st1, 1.0, theme.t1),
        };
        let painter = ui.painter();
        let corner = CornerRadius::same(radius::CARD);
        painter.rect(
            rect,
            corner,
            fill,
            Stroke::new(width, edge),
            StrokeKind::Inside,
        );
        let sign_at = pos2(rect.center().x, rect.top() + rect.height() * 0.36);
        match self.sign {
            Sign::Reader(reader) => paint_reader_mark(painter, sign_at, reader, theme),
            Sign::Icon(icon) => {
                let font = egui::FontId::new(16.0, IconWeight::Regular.family());
                let glyph = icon.glyph(IconWeight::Regular);
                painter.text(sign_at, Align2::CENTER_CENTER, glyph, font, ink);
            }
        }
        let word_at = pos2(rect.center().x, rect.top() + rect.height() * 0.73);
        let font = Kind::LABEL.medium().font_id();
        painter.text(word_at, Align2::CENTER_CENTER, self.label, font, ink);
        let figure_at = rect.right_top() + egui::vec2(-6.0, 4.0);
        let font = Kind::BADGE.font_id();
        painter.text(figure_at, Align2::RIGHT_TOP, self.figure, font, theme.t3);
        focus_ring(ui, &response, radius::CARD);
        response
    }
}
