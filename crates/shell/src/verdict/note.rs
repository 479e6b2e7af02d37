use egui::{Response, Ui};
use session::{CaseId, CompareCommand, PairId, Snapshot};
use ui_kit::{Kind, TextArea, t};

use super::{comparison, selected_row};
use crate::Action;
use crate::draft::Draft;

/// The note of the selected row, while it is typed.
#[derive(Debug, Default)]
pub(crate) struct NoteField {
    draft: Draft,
    row: Option<PairId>,
    case: Option<CaseId>,
    wants_focus: bool,
}

impl NoteField {
    /// Gives the field the keyboard with the next pass.
    pub(crate) fn focus(&mut self) {
        self.wants_focus = true;
    }

    /// Keeps the text with its row: what was typed for another row goes on record before the field shows this one.
    pub(crate) fn follow(&mut self, s: &Snapshot, out: &mut Vec<Action>) {
        let selected = selected_row(s);
        let row = selected.map(|row| row.pair.id);
        let case = s.case.as_ref().map(|case| case.id.clone());
        if self.case != case {
            // What was typed belongs to another case; it went on record when its field was left.
            *self = Self {
                case,
                row,
                wants_focus: self.wants_focus,
                draft: Draft::default(),
            };
        }
        if self.row != row {
            self.flush(out);
            self.draft = Draft::default();
            self.row = row;
        }
        let note = selected
            .and_then(|row| row.verdict.as_ref())
            .map_or("", |verdict| verdict.note.as_str());
        self.draft.follow(note);
    }

    /// Puts on record what is not there yet.
    pub(crate) fn flush(&mut self, out: &mut Vec<Action>) {
        if let (Some(row), Some(text)) = (self.row, self.draft.take()) {
            out.push(CompareCommand::SetNote(row, text).into());
        }
    }

    /// Shows the field; it takes text where the row asks for a verdict and the comparison may be changed.
    pub(crate) fn note_ui(
        &mut self,
        s: &Snapshot,
        height: f32,
        ui: &mut Ui,
        out: &mut Vec<Action>,
    ) -> Response {
        let editable = comparison(s).is_some_and(|c| c.editable)
            && selected_row(s).is_some_and(|row| row.asks);
        let field = ui
            .add_enabled_ui(editable, |ui| {
                TextArea::new(&mut self.draft.text, t("compare.note"), height)
                    .hint(t("note.hint"))
                    .kind(Kind::BODY)
                    .show(ui)
            })
            .inner;
        if editable && std::mem::take(&mut self.wants_focus) {
            field.request_focus();
        }
        if let (Some(row), Some(text)) = (self.row, self.draft.after(&field)) {
            out.push(CompareCommand::SetNote(row, text).into());
        }
        field
    }
}
