//! The summary for the referrer: follows the verdicts until the reader writes another.

use egui::{Align, CornerRadius, Layout, ScrollArea, Stroke, StrokeKind, Ui, UiBuilder, vec2};
use session::{CompareCommand, Snapshot};
use ui_kit::{
    Button, Icon, IconWeight, Kind, TextArea, Theme, icon_label, radius, size, t, text_label,
    wrapped_label,
};

use crate::bar::sides;
use crate::draft::Draft;
use crate::verdict::comparison;
use crate::{Action, UiAction};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mode {
    #[default]
    Read,
    Write,
}

/// The summary, while it is typed.
#[derive(Debug, Default)]
pub(super) struct Summary {
    draft: Draft,
    mode: Mode,
    case: Option<session::CaseId>,
}

impl Summary {
    /// Takes over what the record says.
    pub(super) fn follow(&mut self, s: &Snapshot, out: &mut Vec<Action>) {
        let case = s.case.as_ref().map(|case| case.id.clone());
        if self.case != case {
            // What was typed belongs to a case that is no longer open; it went on record when its field was left.
            *self = Self {
                case,
                ..Self::default()
            };
        }
        if let Some(comparison) = comparison(s) {
            self.draft.follow(&comparison.summary);
            if !comparison.editable && self.mode == Mode::Write {
                self.flush(out);
                self.mode = Mode::Read;
            }
        }
    }

    /// Puts on record what is not there yet.
    pub(super) fn flush(&mut self, out: &mut Vec<Action>) {
        if self.mode == Mode::Write
            && let Some(text) = self.draft.take()
        {
            out.push(CompareCommand::WriteSummary(Some(text)).into());
        }
    }

    /// Height over this width, points.
    pub(super) fn height(&self, width: f32, compact: bool) -> f32 {
        // About 6.6 points for a letter of the body text; what is longer scrolls.
        let n_lines = (self.draft.text.chars().count() as f32 * 6.6 / (width - 24.0)).ceil();
        let n_lines_max = if compact { 3.0 } else { 4.0 };
        let n_lines = match self.mode {
            Mode::Read => n_lines.clamp(1.0, n_lines_max),
            Mode::Write => n_lines.clamp(3.0, n_lines_max + 1.0),
        };
        46.0 + 18.0 * n_lines
    }

    /// Draws the summary over the whole of `ui`.
    pub(super) fn summary_ui(
        &mut self,
        s: &Snapshot,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let Some(comparison) = comparison(s) else {
            return;
        };
        let rect = ui.max_rect();
        let corner = CornerRadius::same(radius::CARD);
        let edge = Stroke::new(1.0, theme.st1);
        ui.painter()
            .rect(rect, corner, theme.bg2, edge, StrokeKind::Inside);
        let builder = UiBuilder::new()
            .max_rect(rect.shrink2(vec2(12.0, 6.0)))
            .layout(Layout::top_down(Align::Min));
        let ui = &mut ui.new_child(builder);
        ui.spacing_mut().item_spacing.y = 2.0;
        sides(
            ui,
            24.0,
            &mut (&mut *self, &mut *out),
            |ui, _| {
                let icon = Icon::PaperPlaneTilt;
                icon_label(ui, icon, IconWeight::Regular, size::ICON_INLINE, theme.t2);
                text_label(ui, t("compare.summary"), Kind::LABEL.medium(), theme.t1);
                text_label(ui, t("compare.summary.hint"), Kind::LABEL, theme.t3);
            },
            |ui, (this, out)| this.actions_ui(comparison.editable, ui, out),
        );
        match self.mode {
            Mode::Read => {
                ScrollArea::vertical().id_salt("summary").show(ui, |ui| {
                    wrapped_label(ui, &comparison.summary, Kind::BODY, theme.t1);
                });
            }
            Mode::Write => {
                let height = ui.available_height();
                let name = t("compare.summary");
                let field = TextArea::new(&mut self.draft.text, name, height).show(ui);
                if let Some(text) = self.draft.after(&field) {
                    out.push(CompareCommand::WriteSummary(Some(text)).into());
                }
            }
        }
    }

    /// Laid out from the right.
    fn actions_ui(&mut self, editable: bool, ui: &mut Ui, out: &mut Vec<Action>) {
        match self.mode {
            Mode::Read => {
                let edit = Button::ghost(t("action.edit"))
                    .icon(Icon::PencilSimple)
                    .small();
                if ui.add_enabled(editable, edit).clicked() {
                    self.mode = Mode::Write;
                }
                let copy = Button::ghost(t("action.copy")).icon(Icon::Copy).small();
                if ui.add(copy).clicked() {
                    out.push(UiAction::CopyText(self.draft.text.clone()).into());
                }
            }
            Mode::Write => {
                if ui
                    .add(Button::new(t("compare.summary.done")).small())
                    .clicked()
                {
                    self.flush(out);
                    self.mode = Mode::Read;
                }
                let follow = Button::ghost(t("compare.summary.follow")).small();
                if ui.add(follow).clicked() {
                    self.draft = Draft::default();
                    self.mode = Mode::Read;
                    out.push(CompareCommand::WriteSummary(None).into());
                }
            }
        }
    }
}
