//! What the editors of the reader's own settings have in common: their frame, and words before fields.

use egui::{Align, Layout, Margin, Ui, vec2};
use ui_kit::{Dialog, Icon, Kind, TextField, Theme, space, t, text_label};

/// Height of a row with a field, points.
const ROW_HEIGHT: f32 = 28.0;

/// The frame of an editor.
pub(super) struct EditorFrame {
    /// Keys of its words.
    pub title: &'static str,
    pub subtitle: &'static str,
    pub icon: Icon,
    /// Points.
    pub width: f32,
}

impl EditorFrame {
    /// Draws it with what is in it; whoever closes it sets `open` to false.
    pub(super) fn show<R>(
        self,
        ui: &Ui,
        open: &mut bool,
        add_contents: impl FnOnce(&mut Ui) -> R,
    ) -> Option<R> {
        Dialog::new(t(self.title), t("action.close"))
            .subtitle(t(self.subtitle))
            .icon(self.icon)
            .width(self.width)
            .show(ui.ctx(), open, |ui| {
                let margin = Margin::same(space::DIALOG as i8);
                let frame = egui::Frame::new().inner_margin(margin);
                let shown = frame.show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 8.0;
                    add_contents(ui)
                });
                shown.inner
            })
    }
}

/// How wide the words before the fields are, and the fields, points.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    pub word: f32,
    pub field: f32,
}

impl Columns {
    /// The word before a field.
    pub(super) fn word_ui(self, ui: &mut Ui, theme: &Theme, word: &str) {
        let layout = Layout::left_to_right(Align::Center);
        ui.allocate_ui_with_layout(vec2(self.word, ROW_HEIGHT), layout, |ui| {
            ui.set_min_width(self.word);
            text_label(ui, word, Kind::LABEL, theme.t2);
        });
    }

    /// A field for text with the word of `key` before it.
    pub(super) fn text_ui(
        self,
        ui: &mut Ui,
        theme: &Theme,
        key: &str,
        text: &mut String,
        hint: &str,
    ) {
        ui.horizontal(|ui| {
            self.word_ui(ui, theme, t(key));
            TextField::new(text, t(key))
                .hint(hint)
                .width(self.field)
                .show(ui);
        });
    }
}
