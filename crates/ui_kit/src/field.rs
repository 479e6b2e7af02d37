//! Fields for typing: one line, search, and many lines.

use egui::{
    Align, Align2, Color32, CornerRadius, Frame, Id, Layout, Margin, Rect, Response, ScrollArea,
    Sense, Stroke, StrokeKind, TextEdit, Ui, UiBuilder, vec2,
};

use crate::icon::{Icon, IconWeight};
use crate::key_cap::key_caps;
use crate::label::icon_label;
use crate::tokens::{Theme, radius, size};
use crate::typography::Kind;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Health {
    Good,
    Faulty,
}

/// Paints the well of a field; a focused field has an edge of 2 points.
fn paint_well(ui: &Ui, rect: Rect, corner: u8, id: Id, health: Health) {
    let theme = Theme::of(ui.ctx());
    let focused = ui.memory(|memory| memory.has_focus(id));
    let edge = match (health, focused) {
        (Health::Faulty, _) => theme.err.ink,
        (Health::Good, true) => theme.ac,
        (Health::Good, false) => theme.st2,
    };
    let corner_radius = CornerRadius::same(corner);
    ui.painter().rect(
        rect,
        corner_radius,
        theme.bg1,
        Stroke::new(1.0, edge),
        StrokeKind::Inside,
    );
    if focused {
        let ring = Stroke::new(1.0, edge);
        ui.painter()
            .rect_stroke(rect, corner_radius, ring, StrokeKind::Outside);
    }
}

fn hint_text(text: &str, kind: Kind, color: Color32) -> egui::RichText {
    kind.rich(text, color)
}

/// A field of one line, 28 points high.
#[must_use = "a field that is not shown does nothing"]
pub struct TextField<'a> {
    text: &'a mut String,
    name: &'a str,
    hint: &'a str,
    icon: Option<Icon>,
    keys: &'a [&'a str],
    health: Health,
    width: Option<f32>,
    kind: Kind,
    secrecy: Secrecy,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Secrecy {
    Shown,
    Hidden,
}

impl<'a> TextField<'a> {
    /// A field with an accessible name.
    pub fn new(text: &'a mut String, name: &'a str) -> Self {
        Self {
            text,
            name,
            hint: "",
            icon: None,
            keys: &[],
            health: Health::Good,
            width: None,
            kind: Kind::CONTROL,
            secrecy: Secrecy::Shown,
        }
    }

    /// What to type, shown while the field is empty.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// An icon at the left.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// The keys that lead into the field, shown at the right while it is not focused.
    pub fn keys(mut self, keys: &'a [&'a str]) -> Self {
        self.keys = keys;
        self
    }

    /// Shows the field with the colour of a fault; say what is wrong with [`crate::inline_message`].
    pub fn faulty(mut self) -> Self {
        self.health = Health::Faulty;
        self
    }

    /// The width, in points; the available width unless said otherwise.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// Types in the monospaced face, for numbers and paths.
    pub fn mono(mut self) -> Self {
        self.kind = Kind::MONO;
        self
    }

    /// Types in another size, for the palette.
    pub fn kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// Hides what is typed, for a passphrase.
    pub fn hidden(mut self) -> Self {
        self.secrecy = Secrecy::Hidden;
        self
    }

    /// Shows the field. The response is that of the text; its id does not change between passes.
    pub fn show(self, ui: &mut Ui) -> Response {
        let theme = Theme::of(ui.ctx());
        let width = self.width.unwrap_or_else(|| ui.available_width());
        let (rect, _) = ui.allocate_exact_size(vec2(width, size::CONTROL), Sense::hover());
        let id = ui.make_persistent_id(("field", self.name));
        paint_well(ui, rect, radius::CONTROL, id, self.health);
        let ink = if ui.is_enabled() { theme.t1 } else { theme.td };
        let builder = UiBuilder::new()
            .id_salt(("field row", self.name))
            .max_rect(rect.shrink2(vec2(8.0, 0.0)))
            .layout(Layout::left_to_right(Align::Center));
        let mut row = ui.new_child(builder);
        if let Some(icon) = self.icon {
            icon_label(
                &mut row,
                icon,
                IconWeight::Regular,
                size::ICON_INLINE,
                theme.t3,
            );
        }
        row.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if !self.keys.is_empty() && !ui.memory(|memory| memory.has_focus(id)) {
                ui.horizontal(|ui| key_caps(ui, self.keys));
            }
            let edit = TextEdit::singleline(self.text)
                .id(id)
                .hint_text(hint_text(self.hint, self.kind, theme.t3))
                .font(self.kind.font_id())
                .text_color(ink)
                .password(self.secrecy == Secrecy::Hidden)
                .frame(Frame::NONE)
                .margin(Margin::ZERO)
                .align(Align2::LEFT_CENTER)
                .desired_width(ui.available_width());
            ui.add_sized(vec2(ui.available_width(), size::CONTROL_SMALL), edit)
                .accessible_name(self.name)
        })
        .inner
    }
}

/// A search field: a magnifier, a hint, and the keys that lead into it.
#[must_use = "a field that is not shown does nothing"]
pub struct SearchField<'a> {
    field: TextField<'a>,
}

impl<'a> SearchField<'a> {
    /// A search field; the hint is also its accessible name.
    pub fn new(text: &'a mut String, hint: &'a str) -> Self {
        Self {
            field: TextField::new(text, hint)
                .hint(hint)
                .icon(Icon::MagnifyingGlass),
        }
    }

    /// The keys that lead into the field.
    pub fn keys(mut self, keys: &'a [&'a str]) -> Self {
        self.field = self.field.keys(keys);
        self
    }

    /// The width, in points.
    pub fn width(mut self, width: f32) -> Self {
        self.field = self.field.width(width);
        self
    }

    /// Shows the field.
    pub fn show(self, ui: &mut Ui) -> Response {
        self.field.show(ui)
    }
}

/// A field of many lines that scrolls when the text is longer than its height.
#[must_use = "a field that is not shown does nothing"]
pub struct TextArea<'a> {
    text: &'a mut String,
    name: &'a str,
    hint: &'a str,
    height: f32,
    kind: Kind,
    health: Health,
}

impl<'a> TextArea<'a> {
    /// A field with an accessible name, over the available width; `height` in points.
    pub fn new(text: &'a mut String, name: &'a str, height: f32) -> Self {
        Self {
            text,
            name,
            hint: "",
            height,
            kind: Kind::BODY,
            health: Health::Good,
        }
    }

    /// What to type, shown while the field is empty.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// The kind of text; body unless said otherwise.
    pub fn kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// Shows the field with the colour of a fault.
    pub fn faulty(mut self) -> Self {
        self.health = Health::Faulty;
        self
    }

    /// Shows the field. The response is that of the text; its id does not change between passes.
    pub fn show(self, ui: &mut Ui) -> Response {
        let theme = Theme::of(ui.ctx());
        let wanted = vec2(ui.available_width(), self.height);
        let (rect, _) = ui.allocate_exact_size(wanted, Sense::hover());
        let id = ui.make_persistent_id(("area", self.name));
        paint_well(ui, rect, radius::CARD, id, self.health);
        let ink = if ui.is_enabled() { theme.t1 } else { theme.td };
        let builder = UiBuilder::new()
            .id_salt(("area scroll", self.name))
            .max_rect(rect.shrink2(vec2(12.0, 8.0)))
            .layout(Layout::top_down(Align::Min));
        let mut child = ui.new_child(builder);
        let room = child.available_size();
        let kind = self.kind;
        let mut layouter = |ui: &Ui, text: &dyn egui::TextBuffer, wrap_width: f32| {
            let mut job = kind.job(text.as_str(), ink);
            job.wrap.max_width = wrap_width;
            ui.fonts_mut(|fonts| fonts.layout_job(job))
        };
        ScrollArea::vertical()
            .id_salt(("area scroll", self.name))
            .max_height(room.y)
            .auto_shrink([false, false])
            .show(&mut child, |ui| {
                TextEdit::multiline(self.text)
                    .id(id)
                    .hint_text(hint_text(self.hint, kind, theme.t3))
                    .font(kind.font_id())
                    .text_color(ink)
                    .frame(Frame::NONE)
                    .margin(Margin::ZERO)
                    .desired_width(room.x)
                    .min_size(room)
                    .layouter(&mut layouter)
                    .show(ui)
                    .response
                    .response
                    .accessible_name(self.name)
            })
            .inner
    }
}
