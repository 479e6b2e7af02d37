//! Chips: an icon, a word and the letter that is also the key.

use egui::{CornerRadius, Response, Role, Sense, Stroke, StrokeKind, Ui, Widget, WidgetInfo, vec2};

use crate::caret::push_caret;
use crate::control::{faint, focus_ring};
use crate::dashed::paint_dashed_rect;
use crate::icon::{Icon, IconWeight};
use crate::key_cap::plain_keys;
use crate::line::{FOREGROUND, Line};
use crate::tokens::{Theme, Tint, radius};
use crate::typography::Kind;

/// How the edge of a chip or card is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outline {
    /// No edge.
    #[default]
    None,
    /// A line.
    Solid,
    /// Dashes: proposed, not yet confirmed by a person.
    Dashed,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Read,
    Press,
}

/// A chip, 20 points high. It can be pressed only when it has a caret.
#[must_use = "a chip that is not added does not show"]
pub struct Chip<'a> {
    word: &'a str,
    icon: Option<(Icon, IconWeight)>,
    letter: Option<char>,
    tint: Option<Tint>,
    outline: Outline,
    usage: Use,
}

impl<'a> Chip<'a> {
    /// A grey chip. An empty word leaves icon and letter only; give those an accessible name on the response.
    pub fn new(word: &'a str) -> Self {
        Self {
            word,
            icon: None,
            letter: None,
            tint: None,
            outline: Outline::None,
            usage: Use::Read,
        }
    }

    /// Puts an icon before the word.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some((icon, IconWeight::Regular));
        self
    }

    /// Puts a filled icon before the word.
    pub fn filled_icon(mut self, icon: Icon) -> Self {
        self.icon = Some((icon, IconWeight::Filled));
        self
    }

    /// Puts a letter in its own box after the word.
    pub fn letter(mut self, letter: char) -> Self {
        self.letter = Some(letter);
        self
    }

    /// Gives the chip its colours.
    pub fn tint(mut self, tint: Tint) -> Self {
        self.tint = Some(tint);
        self
    }

    /// Draws an edge.
    pub fn outline(mut self, outline: Outline) -> Self {
        self.outline = outline;
        self
    }

    /// Adds a caret and makes the chip something to press.
    pub fn caret(mut self) -> Self {
        self.usage = Use::Press;
        self
    }

    fn line(&self, ui: &Ui, tint: Tint) -> Line {
        let mut line = Line::new(ui);
        if let Some((icon, weight)) = self.icon {
            line.icon_of_weight(icon, weight, 13.0, FOREGROUND);
        }
        if !self.word.is_empty() {
            if self.icon.is_some() {
                line.gap(5.0);
            }
            line.word(self.word, Kind::CAPTION.medium(), FOREGROUND);
        }
        if let Some(letter) = self.letter {
            line.gap(5.0);
            line.letter(letter, FOREGROUND, faint(tint.ink, 0.22));
        }
        if self.usage == Use::Press {
            line.gap(4.0);
            push_caret(&mut line, FOREGROUND);
        }
        line
    }
}

impl Widget for Chip<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let theme = Theme::of(ui.ctx());
        let tint = self.tint.unwrap_or_else(|| theme.neutral());
        let line = self.line(ui, tint);
        let left = if self.icon.is_some() { 5.0 } else { 7.0 };
        let right = if self.letter.is_some() { 5.0 } else { 7.0 };
        let size = vec2((line.width() + left + right).ceil(), 20.0);
        let (role, sense) = match self.usage {
            Use::Read => (Role::Label, Sense::hover()),
            Use::Press => (Role::Button, Sense::click()),
        };
        let (rect, response) = ui.allocate_exact_size(size, sense);
        let enabled = ui.is_enabled();
        let name = match self.letter {
            Some(letter) if self.word.is_empty() => letter.to_string(),
            _ => self.word.to_owned(),
        };
        response.widget_info(|| WidgetInfo::labeled(role, enabled, &name));
        let corner = CornerRadius::same(radius::CHIP);
        ui.painter().rect_filled(rect, corner, tint.fill);
        match self.outline {
            Outline::None => {}
            Outline::Solid => {
                let stroke = Stroke::new(1.0, tint.edge);
                ui.painter()
                    .rect_stroke(rect, corner, stroke, StrokeKind::Inside);
            }
            Outline::Dashed => {
                paint_dashed_rect(ui.painter(), rect, radius::CHIP, faint(tint.ink, 0.8))
            }
        }
        let start = rect.left_center() + vec2(left, 0.0);
        line.paint(ui.painter(), start, tint.ink, plain_keys(theme));
        focus_ring(ui, &response, radius::CHIP);
        response
    }
}
