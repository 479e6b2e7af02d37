//! One message with what came back.

use egui::Ui;
use session::MessageRow;
use ui_kit::{
    Card, IconWeight, Kind, Reader, Theme, icon_label, reader_mark, size, t, t_args, text_label,
    wrapped_label,
};

use super::{kind_icon, kind_word};
use crate::bar::sides;

/// Draws a message: its kind, when and by whom, the row it is about unless that is known, its words, and the answers.
pub(super) fn message_ui(message: &MessageRow, rows: Rows, ui: &mut Ui, theme: &Theme) {
    ui.spacing_mut().item_spacing.y = 6.0;
    sides(
        ui,
        18.0,
        &mut (),
        |ui, ()| {
            let icon = kind_icon(message.kind);
            icon_label(ui, icon, IconWeight::Regular, size::ICON_INLINE, theme.ac);
            text_label(ui, kind_word(message.kind), Kind::LABEL.medium(), theme.t1);
        },
        |ui, ()| {
            text_label(ui, &message.at, Kind::MONO_SMALL, theme.t3);
            let by = match message.by.is_empty() {
                true => t("message.anonymous"),
                false => &message.by,
            };
            text_label(ui, by, Kind::LABEL, theme.t3);
        },
    );
    if rows == Rows::Shown {
        row_ui(message, ui, theme);
    }
    wrapped_label(ui, &message.text, Kind::BODY, theme.t1);
    for answer in &message.answers {
        let key = match answer.text.is_empty() {
            true => "message.acknowledged",
            false => "message.answered",
        };
        let head = t_args(key, &[("at", &answer.at)]);
        text_label(ui, &head, Kind::LABEL, theme.t3);
        if !answer.text.is_empty() {
            wrapped_label(ui, &answer.text, Kind::BODY, theme.t2);
        }
    }
}

/// Is the row that a message is about shown with it?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// Yes: it stands nowhere else.
    Shown,
    /// No: it is on screen already.
    Known,
}

/// What both reads say where the message points.
fn row_ui(message: &MessageRow, ui: &mut Ui, theme: &Theme) {
    let Some(row) = &message.row else { return };
    let name = t_args("message.about", &[("n", &message.number.to_string())]);
    Card::plain(&name).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        for (reader, mark, text, absent) in [
            (
                Reader::First,
                "reader.first",
                &row.first,
                "compare.absent_first",
            ),
            (
                Reader::Second,
                "reader.second",
                &row.second,
                "compare.absent_second",
            ),
        ] {
            ui.horizontal_top(|ui| {
                reader_mark(ui, reader, t(mark));
                let words = text.as_deref().unwrap_or(t(absent));
                let ink = if text.is_some() { theme.t1 } else { theme.t3 };
                wrapped_label(ui, words, Kind::BODY, ink);
            });
        }
        if !row.differs.is_empty() {
            text_label(ui, &row.differs.join(", "), Kind::LABEL, theme.t2);
        }
    });
}
