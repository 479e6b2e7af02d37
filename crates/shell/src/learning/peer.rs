//! Peer learning beside the comparison: what the first reader is asked, what came back, and the lists of the case.

use egui::{Margin, Ui};
use session::{
    CaseId, CaseSnapshot, Command, CompareCommand, FeedbackKind, LearningCommand, LearningList,
    PairId, PairRow, Sender,
};
use ui_kit::{
    Button, Card, Icon, Kind, Segment, Segmented, TextArea, Theme, check_box, t, text_label,
    toggle_switch, wrapped_label,
};

use super::KINDS;
use super::messages::{Rows, message_ui};
use crate::Action;
use crate::bar::sides;
use crate::verdict::{Editing, class_word, differs};

/// The card, with a message that is being written.
#[derive(Debug, Default)]
pub(crate) struct PeerCard {
    /// The case and the row that it is about.
    row: Option<(CaseId, PairId)>,
    kind: Option<FeedbackKind>,
    text: String,
    named: bool,
}

impl PeerCard {
    pub(crate) fn peer_ui(
        &mut self,
        (case, row): (&CaseSnapshot, &PairRow),
        editing: Editing,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let learning = &case.learning;
        let about = Some((case.id.clone(), row.pair.id));
        if self.row != about {
            *self = Self {
                row: about,
                ..Self::default()
            };
        }
        Card::plain(t("compare.peer"))
            .margin(Margin::symmetric(12, 10))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.spacing_mut().item_spacing.y = 8.0;
                sides(
                    ui,
                    18.0,
                    &mut (),
                    |ui, ()| {
                        text_label(ui, t("compare.peer"), Kind::LABEL.medium(), theme.t1);
                    },
                    |ui, ()| {
                        text_label(ui, t("compare.peer.hint"), Kind::LABEL, theme.t3);
                    },
                );
                if !learning.may_write {
                    question_ui(row, editing, ui, theme, out);
                }
                teaching_ui(case, row, ui, theme, out);
                let about = learning.messages.iter();
                for message in about
                    .filter(|message| message.row.is_some() && message.pair == Some(row.pair.id))
                {
                    ui.separator();
                    message_ui(message, Rows::Known, ui, theme);
                }
                if learning.may_write {
                    self.compose_ui(row, ui, theme, out);
                }
            });
    }

    /// A message of one's own, once the comparison is signed.
    fn compose_ui(&mut self, row: &PairRow, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        ui.separator();
        text_label(ui, t("message.write"), Kind::LABEL.medium(), theme.t1);
        let segments: Vec<Segment<'_>> = KINDS
            .iter()
            .map(|(_, key, _)| Segment::new(t(key)))
            .collect();
        let chosen = KINDS.iter().position(|(kind, ..)| Some(*kind) == self.kind);
        let width = ui.available_width();
        let choices = Segmented::new(t("message.kind"), &segments, chosen).width(width);
        if let Some((kind, ..)) = choices.show(ui).and_then(|idx| KINDS.get(idx)) {
            self.kind = Some(*kind);
        }
        TextArea::new(&mut self.text, t("message.text"), 64.0)
            .hint(t("message.hint"))
            .kind(Kind::BODY)
            .show(ui);
        let mut sent = false;
        let is_whole = self.kind.is_some() && !self.text.trim().is_empty();
        sides(
            ui,
            28.0,
            &mut (&mut self.named, &mut sent),
            |ui, (named, _)| {
                check_box(ui, named, t("message.named"));
            },
            |ui, (_, sent)| {
                let send = Button::new(t("message.send"))
                    .icon(Icon::PaperPlaneTilt)
                    .small();
                **sent = ui.add_enabled(is_whole, send).clicked();
            },
        );
        if let Some(kind) = self.kind.filter(|_| sent) {
            let text = std::mem::take(&mut self.text).trim().to_owned();
            self.kind = None;
            out.push(
                Command::Learn(LearningCommand::GiveFeedback {
                    kind,
                    sender: match std::mem::take(&mut self.named) {
                        true => Sender::Named,
                        false => Sender::Anonymous,
                    },
                    pair: Some(row.pair.id),
                    text,
                })
                .into(),
            );
        }
    }
}

/// Shall the first reader be asked about this row once the comparison is signed?
fn question_ui(row: &PairRow, editing: Editing, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let mut on = row.verdict.as_ref().is_some_and(|v| v.asks_first_reader);
    let enabled = editing.is_open() && differs(row);
    ui.add_enabled_ui(enabled, |ui| {
        ui.horizontal(|ui| {
            let name = t("compare.peer.ask");
            if toggle_switch(ui, &mut on, name).changed() {
                out.push(CompareCommand::ToggleQuestion(row.pair.id).into());
            }
            text_label(
                ui,
                name,
                Kind::BODY,
                if enabled { theme.t1 } else { theme.td },
            );
        });
    });
    if on {
        wrapped_label(ui, t("compare.peer.ask.text"), Kind::HINT, theme.t3);
    }
}

/// Is the case for the teaching file, or for the next conference?
fn teaching_ui(
    case: &CaseSnapshot,
    row: &PairRow,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    for (list, key) in [
        (LearningList::Teaching, "compare.peer.teaching"),
        (LearningList::Conference, "compare.peer.conference"),
    ] {
        let mut on = case.learning.lists.contains(&list);
        let enabled = case.learning.may_list;
        ui.add_enabled_ui(enabled, |ui| {
            ui.horizontal(|ui| {
                if toggle_switch(ui, &mut on, t(key)).changed() {
                    out.push(Command::Learn(listed(case, list, on, row)).into());
                }
                text_label(
                    ui,
                    t(key),
                    Kind::BODY,
                    if enabled { theme.t1 } else { theme.td },
                );
            });
        });
    }
}

/// The reason is the kind of discrepancy, which names nobody; before the signature it may still change, and is not named.
fn listed(case: &CaseSnapshot, list: LearningList, on: bool, row: &PairRow) -> LearningCommand {
    if !on {
        return LearningCommand::Unflag { list };
    }
    let words: Vec<&str> = row.classes.iter().map(|class| class_word(*class)).collect();
    let reason = match words.is_empty() || !case.learning.may_write {
        true => t("compare.peer.chosen").to_owned(),
        false => words.join(", "),
    };
    LearningCommand::Flag { list, reason }
}
