//! The question before all that remain are agreed with: it is asked once for a case.

use egui::Ui;
use session::{CaseId, Class, Command, CompareCommand, ComparisonSnapshot, Snapshot};
use ui_kit::{Button, Dialog, Icon, Kind, Theme, space, t, t_args, wrapped_label};

use crate::Action;
use crate::bar::sides;

/// Rows that wait and for which agreement is proposed.
pub(super) fn n_remaining(comparison: &ComparisonSnapshot) -> usize {
    let waits =
        |row: &&session::PairRow| row.verdict.is_none() && row.pair.proposed == [Class::Agree];
    comparison.rows.iter().filter(waits).count()
}

/// The question, and for which case it was answered.
#[derive(Debug, Default)]
pub(crate) struct AgreeQuestion {
    is_open: bool,
    answered: Option<CaseId>,
}

impl AgreeQuestion {
    /// Holds the action back while the question is open; lets every other action pass.
    pub(crate) fn hold_back(&mut self, action: Action, s: &Snapshot) -> Option<Action> {
        let is_agreement =
            action == Action::Session(Command::Compare(CompareCommand::AgreeWithRemaining));
        let case = s.case.as_ref().map(|case| &case.id);
        if !is_agreement || self.answered.as_ref() == case {
            return Some(action);
        }
        self.is_open = true;
        None
    }

    /// Closes the question without an answer.
    pub(crate) fn close(&mut self) {
        self.is_open = false;
    }

    /// Draws the question while it is open.
    pub(crate) fn question_ui(
        &mut self,
        s: &Snapshot,
        ui: &Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let Some(comparison) = crate::verdict::comparison(s) else {
            self.is_open = false;
            return;
        };
        let n = n_remaining(comparison).to_string();
        let mut open = self.is_open;
        let confirmed = Dialog::new(t("compare.agree_rest"), t("action.close"))
            .icon(Icon::Checks)
            .width(440.0)
            .show(ui.ctx(), &mut open, |ui| {
                let margin = egui::Margin::same(space::DIALOG as i8);
                let frame = egui::Frame::new().inner_margin(margin);
                frame
                    .show(ui, |ui| {
                        let text = t_args("compare.agree_rest.ask", &[("n", &n)]);
                        wrapped_label(ui, &text, Kind::BODY, theme.t1);
                        wrapped_label(ui, t("compare.agree_rest.undo"), Kind::LABEL, theme.t3);
                        let mut confirmed = false;
                        sides(
                            ui,
                            36.0,
                            &mut confirmed,
                            |_, _| {},
                            |ui, confirmed| {
                                let label = t_args("compare.agree_rest.go", &[("n", &n)]);
                                *confirmed = ui.add(Button::primary(&label)).clicked();
                            },
                        );
                        confirmed
                    })
                    .inner
            });
        self.is_open = open;
        if confirmed == Some(true) {
            self.is_open = false;
            self.answered = s.case.as_ref().map(|case| case.id.clone());
            out.push(CompareCommand::AgreeWithRemaining.into());
        }
    }
}
