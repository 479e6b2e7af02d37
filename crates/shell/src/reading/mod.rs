//! The panel at the right while the first report is closed: the sealed report, the second read, the way to the seal.

mod before_seal;
mod checklist;
mod finding_card;
mod finding_category;
mod finding_editor;
mod impression;
mod seal_panel;
mod sealed_report;
mod second_read;

use egui::{Rect, Stroke, Ui, UiBuilder, pos2};
use session::{CaseSnapshot, FindingId, Snapshot, Stage};
use ui_kit::{Kind, Theme, dashed_card, space, t, text_label, wrapped_label};

use crate::Action;
use crate::draft::Draft;
use crate::metrics::is_compact;
use finding_editor::FindingEditor;

/// The panel, with what is typed and not yet on record.
#[derive(Default)]
pub(crate) struct ReadingPanel {
    impression: Draft,
    editor: Option<FindingEditor>,
    /// The finding that was selected in the last pass.
    selected: Option<FindingId>,
    /// The case that the drafts belong to.
    case: Option<session::CaseId>,
    /// The finding under the pointer.
    pointed: Option<FindingId>,
    asks_seal: bool,
    /// Is the checklist of anatomic regions unfolded?
    shows_checklist: bool,
    foot_height: f32,
}

impl ReadingPanel {
    /// Shows what the seal means and offers it.
    pub(crate) fn ask_seal(&mut self) {
        self.asks_seal = true;
    }

    /// Unfolds the checklist of anatomic regions, or folds it.
    pub(crate) fn toggle_checklist(&mut self) {
        self.shows_checklist = !self.shows_checklist;
    }

    /// Takes the offer of the seal, or the editing of a finding, away; says whether there was one.
    pub(crate) fn cancel(&mut self, out: &mut Vec<Action>) {
        self.asks_seal = false;
        self.close_editor(out);
    }

    pub(crate) fn reading_panel_ui(
        &mut self,
        s: &Snapshot,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let panel = ui.max_rect();
        ui.painter().vline(
            panel.left() + 0.5,
            panel.y_range(),
            Stroke::new(1.0, theme.st1),
        );
        ui.spacing_mut().item_spacing.y = 0.0;
        let Some(case) = s.case.clone() else {
            no_case_ui(ui, theme);
            return;
        };
        self.follow(s, &case, out);
        let compact = is_compact(ui.ctx().content_rect());
        sealed_report::sealed_report_ui(&case, compact, ui, theme, out);
        second_read::header_ui(s, &case, compact, ui, theme, out);
        let top = ui.cursor().top();
        let foot_top = (panel.bottom() - self.foot_height).max(top);
        let middle = Rect::from_min_max(pos2(panel.left(), top), pos2(panel.right(), foot_top));
        self.middle_ui(s, &case, (middle, compact), ui, theme, out);
        self.foot_ui(s, &case, (panel, compact), ui, theme, out);
    }

    /// Follows the record: another case, another selected finding, a read that may no longer be changed.
    fn follow(&mut self, s: &Snapshot, case: &CaseSnapshot, out: &mut Vec<Action>) {
        if self.case.as_ref() != Some(&case.id) {
            // What was typed for the other case went on record when its field was left.
            *self = Self {
                case: Some(case.id.clone()),
                selected: s.selected_finding,
                ..Self::default()
            };
        }
        self.impression.follow(&case.impression);
        if !may_edit(case) {
            self.asks_seal = false;
            self.editor = None;
        }
        if self.selected != s.selected_finding {
            self.selected = s.selected_finding;
            self.close_editor(out);
            let chosen = case
                .findings
                .iter()
                .find(|card| Some(card.finding.id) == s.selected_finding);
            if let Some(card) =
                chosen.filter(|card| may_edit(case) && card.finding.concept.is_empty())
            {
                self.editor = Some(FindingEditor::new(&card.finding));
            }
        }
        let edited = self.editor.as_ref().map(FindingEditor::id);
        if let Some(card) = case
            .findings
            .iter()
            .find(|card| Some(card.finding.id) == edited)
        {
            if let Some(editor) = &mut self.editor {
                editor.follow(&card.finding);
            }
        } else {
            self.editor = None;
        }
    }

    /// Puts what was typed on record and closes the editor.
    fn close_editor(&mut self, out: &mut Vec<Action>) {
        if let Some(mut editor) = self.editor.take() {
            editor.take(out);
        }
    }

    fn middle_ui(
        &mut self,
        s: &Snapshot,
        case: &CaseSnapshot,
        (middle, compact): (Rect, bool),
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let inner = middle.shrink2(egui::vec2(space::PANEL, 0.0));
        let mut child = ui.new_child(UiBuilder::new().id_salt("second read").max_rect(inner));
        child.set_clip_rect(middle.intersect(ui.clip_rect()));
        child.spacing_mut().item_spacing.y = 0.0;
        self.findings_ui(s, case, compact, &mut child, theme, out);
        let may_write = may_edit(case);
        impression::impression_ui(
            &mut self.impression,
            may_write,
            compact,
            &mut child,
            theme,
            out,
        );
    }

    /// What stands at the foot of the panel; its height is known after it was drawn once.
    fn foot_ui(
        &mut self,
        s: &Snapshot,
        case: &CaseSnapshot,
        (panel, compact): (Rect, bool),
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let foot = Rect::from_min_max(
            pos2(panel.left(), panel.bottom() - self.foot_height),
            panel.max,
        );
        // It may take what it needs: its height is not bounded by what it took before.
        let room = Rect::from_min_size(foot.min, panel.size());
        let mut child = ui.new_child(UiBuilder::new().id_salt("foot").max_rect(room));
        child.spacing_mut().item_spacing.y = 0.0;
        if 0.0 < self.foot_height {
            child.painter().rect_filled(foot, 0, theme.bg2);
            child.painter().hline(
                foot.x_range(),
                foot.top() + 0.5,
                Stroke::new(1.0, theme.st1),
            );
        }
        if self.asks_seal {
            if seal_panel::seal_panel_ui(case, &mut child, theme, out) {
                self.asks_seal = false;
            }
        } else if may_edit(case) {
            if let Some(list) = &case.checklist {
                let unfolded = &mut self.shows_checklist;
                checklist::checklist_ui((s, list), compact, unfolded, &mut child, theme, out);
            }
            before_seal::before_seal_ui(s, case, compact, &mut child, theme, out);
        } else {
            second_read::state_ui(s, case, &mut child, theme, out);
        }
        let height = child.min_rect().height().ceil();
        if height != self.foot_height {
            self.foot_height = height;
            ui.ctx()
                .request_discard("the foot of the panel changed its height");
        }
    }
}

/// May the reader change this read now?
pub(crate) fn may_edit(case: &CaseSnapshot) -> bool {
    case.yours && matches!(case.stage, Stage::Reading | Stage::UnblindedEarly)
}

fn no_case_ui(ui: &mut Ui, theme: &Theme) {
    egui::Frame::new()
        .inner_margin(egui::Margin::same(12))
        .show(ui, |ui| {
            dashed_card(ui, |ui| {
                text_label(
                    ui,
                    t("reading.no_case.title"),
                    Kind::BODY.medium(),
                    theme.t1,
                );
                wrapped_label(ui, t("reading.no_case.text"), Kind::LABEL, theme.t2);
            });
        });
}
