//! What a first reader sees of a case: the images, and what is written to them.

use std::collections::BTreeMap;

use egui::{Align, Layout, ScrollArea, Stroke, Ui, UiBuilder};
use session::{CaseId, Command, LearningCommand, MessageRow, Snapshot};
use ui_kit::{
    Button, Card, Icon, IconWeight, Kind, TextArea, Theme, Tone, icon_label, inline_message,
    panel_header, size, space, t, t_args, text_label, wrapped_label,
};

use super::first_readers_case;
use super::messages::{Rows, message_ui};
use crate::Action;

/// The panel, with answers that are being typed, by the number of their message.
#[derive(Debug, Default)]
pub(crate) struct FirstReaderPanel {
    answers: BTreeMap<u32, String>,
    /// The case and the reader that they belong to.
    of: Option<(CaseId, String)>,
}

impl FirstReaderPanel {
    pub(crate) fn first_reader_ui(
        &mut self,
        s: &Snapshot,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let panel = ui.max_rect();
        let edge = Stroke::new(1.0, theme.st1);
        ui.painter()
            .vline(panel.left() + 0.5, panel.y_range(), edge);
        let Some(case) = first_readers_case(s) else {
            return;
        };
        let of = Some((case.id.clone(), s.actor.clone()));
        if self.of != of {
            *self = Self {
                of,
                ..Self::default()
            };
        }
        let messages = &case.learning.messages;
        ui.spacing_mut().item_spacing.y = 0.0;
        panel_header(ui, |ui| {
            let icon = Icon::ChatText;
            icon_label(ui, icon, IconWeight::Regular, size::ICON, theme.t2);
            text_label(
                ui,
                t("first_reader.title"),
                Kind::CONTROL.semibold(),
                theme.t1,
            );
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let n = messages.len().to_string();
                text_label(ui, &n, Kind::MONO_SMALL, theme.t3);
            });
        });
        let inner = ui.available_rect_before_wrap().shrink(space::PANEL);
        let mut child = ui.new_child(UiBuilder::new().id_salt("first reader").max_rect(inner));
        let ui = &mut child;
        ui.spacing_mut().item_spacing.y = 8.0;
        inline_message(ui, Tone::Info, t("first_reader.text"));
        if messages.is_empty() {
            wrapped_label(ui, t("first_reader.none"), Kind::BODY, theme.t2);
        }
        ScrollArea::vertical()
            .id_salt("messages")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 8.0;
                for message in messages {
                    let name = t_args("message.number", &[("n", &message.number.to_string())]);
                    Card::plain(&name).show(ui, |ui| self.one_ui(message, ui, theme, out));
                }
            });
    }

    fn one_ui(&mut self, message: &MessageRow, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        message_ui(message, Rows::Shown, ui, theme);
        if !message.may_answer {
            return;
        }
        let text = self.answers.entry(message.number).or_default();
        let name = t_args("message.answer_to", &[("n", &message.number.to_string())]);
        ui.push_id(message.number, |ui| {
            TextArea::new(text, &name, 54.0)
                .hint(t("message.answer.hint"))
                .kind(Kind::BODY)
                .show(ui);
            let words = text.trim();
            let label = match words.is_empty() {
                true => t("message.acknowledge"),
                false => t("message.answer"),
            };
            let known = !message.answers.is_empty() && words.is_empty();
            let button = Button::new(label).icon(Icon::Check).small();
            if ui.add_enabled(!known, button).clicked() {
                out.push(
                    Command::Learn(LearningCommand::AnswerFeedback {
                        number: message.number,
                        text: words.to_owned(),
                    })
                    .into(),
                );
                text.clear();
            }
        });
    }
}
