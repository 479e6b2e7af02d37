//! The third read: both reads without names, what there is to decide, and the decision with its reason.

mod before;
mod checks;
mod decision;
mod list;
mod sign;

use egui::{Stroke, Ui};
use session::{CaseId, PairId, Snapshot, ThirdCommand, ThirdReadSnapshot, ThirdRowSnapshot};
use ui_kit::{Theme, t};

use crate::draft::Draft;
use crate::{Action, UiAction};

pub(crate) use before::main_action;
pub(crate) use list::ThirdList;
pub(crate) use sign::{marks_ui, sign_ui};

/// The third read of the open case, for whoever makes it or may take it.
pub(crate) fn third(s: &Snapshot) -> Option<&ThirdReadSnapshot> {
    s.case.as_ref()?.third.as_ref()
}

/// Are both reads open?
pub(crate) fn is_open(s: &Snapshot) -> bool {
    third(s).is_some_and(|third| third.opened.is_some())
}

fn selected(s: &Snapshot) -> Option<&ThirdRowSnapshot> {
    let id = s.selected_pair?;
    third(s)?.rows.iter().find(|row| row.pair == id)
}

/// The panel at the right, with what is typed and not yet on record.
#[derive(Default)]
pub(crate) struct ThirdPanel {
    reason: Draft,
    row: Option<PairId>,
    case: Option<CaseId>,
}

impl ThirdPanel {
    pub(crate) fn third_ui(
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
        let Some(third) = third(s) else { return };
        self.follow(s, out);
        match third.opened {
            None => before::before_ui(s, third, ui, theme, out),
            Some(_) => decision::decision_ui(&mut self.reason, (s, third), ui, theme, out),
        }
    }

    /// What Ctrl+Enter does here: the reason goes on record, then the next row that waits is shown.
    pub(crate) fn main_action(&mut self, s: &Snapshot, out: &mut Vec<Action>) {
        let Some(third) = third(s) else { return };
        match third.opened {
            None => out.extend(main_action(third).map(|main| main.action)),
            Some(_) => {
                self.flush(out);
                save_and_next(s, third, out);
            }
        }
    }

    /// Keeps the text with its row.
    fn follow(&mut self, s: &Snapshot, out: &mut Vec<Action>) {
        let case = s.case.as_ref().map(|case| case.id.clone());
        if self.case != case {
            // What was typed belongs to another case; it went on record when its field was left.
            *self = Self {
                case,
                ..Self::default()
            };
        }
        let row = selected(s);
        if self.row != row.map(|row| row.pair) {
            self.flush(out);
            self.reason = Draft::default();
            self.row = row.map(|row| row.pair);
        }
        let note = row.map_or("", |row| row.decision.note.as_str());
        self.reason.follow(note);
    }

    fn flush(&mut self, out: &mut Vec<Action>) {
        if let (Some(row), Some(text)) = (self.row, self.reason.take()) {
            out.push(ThirdCommand::SetNote(row, text).into());
        }
    }
}

/// Goes to the next row without a decision, going round; says so where the row on screen has none.
fn save_and_next(s: &Snapshot, third: &ThirdReadSnapshot, out: &mut Vec<Action>) {
    let Some(row) = selected(s) else { return };
    if row.decision.upheld.is_none() {
        out.push(UiAction::Say(t("third.choose_first").to_owned()).into());
        return;
    }
    skip(row.pair, third, out);
}

/// Goes to the next row without a decision, going round, else to the next of the list.
fn skip(from: PairId, third: &ThirdReadSnapshot, out: &mut Vec<Action>) {
    let at = third.rows.iter().position(|row| row.pair == from);
    let (before, after) = third.rows.split_at(at.unwrap_or(0));
    let after = after.get(1..).unwrap_or_default();
    let waits = |row: &&ThirdRowSnapshot| row.decision.upheld.is_none();
    let next = after.iter().chain(before).find(waits).or(after.first());
    if let Some(next) = next {
        out.push(ThirdCommand::Select(next.pair).into());
    }
}
