use egui::{Align, Layout, ScrollArea, Stroke, Ui};
use session::{CaseSnapshot, FindingId, ReadCommand, Snapshot, Stage, ViewCommand};
use ui_kit::{
    Button, Icon, IconButton, IconWeight, Kind, MenuItem, Reader, Theme, dashed_card, icon_label,
    panel_header, reader_mark, size, space, t, t_args, text_label, wrapped_label,
};

use super::finding_editor::FindingEditor;
use super::{ReadingPanel, may_edit};
use crate::keys::{as_caps, keys_of};
use crate::wording::duration_words;
use crate::{Action, UiAction, main_action};

/// Room that the impression keeps, points.
const IMPRESSION_MIN: f32 = 150.0;
const IMPRESSION_MIN_COMPACT: f32 = 120.0;
/// Room that the findings keep, points.
const FINDINGS_MIN: f32 = 60.0;

/// Whose read it is, how long it took, and the way to a new finding.
pub(super) fn header_ui(
    s: &Snapshot,
    case: &CaseSnapshot,
    compact: bool,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    panel_header(ui, |ui| {
        reader_mark(ui, Reader::Second, t("reader.second"));
        text_label(ui, t("reading.second"), Kind::CONTROL.semibold(), theme.t1);
        let reader = if case.reader.is_empty() {
            &s.actor
        } else {
            &case.reader
        };
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if may_edit(case) {
                let keys = keys_of(s, "new_finding");
                let button = Button::new(t("reading.add_finding"))
                    .icon(Icon::Plus)
                    .small();
                if ui
                    .add(button.tip(t("finding.new"), &as_caps(&keys)))
                    .clicked()
                {
                    out.push(ReadCommand::NewFindingHere.into());
                }
                if case.stage == Stage::Reading
                    && ui
                        .add(IconButton::small(Icon::Pause, t("reading.pause")))
                        .clicked()
                {
                    out.push(ReadCommand::Pause.into());
                }
            }
            if !compact {
                text_label(
                    ui,
                    &duration_words(case.active_s),
                    Kind::MONO_SMALL,
                    theme.t3,
                );
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                text_label(ui, reader, Kind::LABEL, theme.t3);
            });
        });
    });
}

/// What stands at the foot when the read cannot be changed: why, and what comes next.
pub(super) fn state_ui(
    s: &Snapshot,
    case: &CaseSnapshot,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let frame = egui::Frame::new().inner_margin(egui::Margin::symmetric(12, 10));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 6.0;
        let (icon, words) = match (&case.sealed_at, case.yours) {
            (Some(time), _) => (
                Icon::LockKey,
                t_args("reading.sealed_at", &[("time", time)]),
            ),
            (None, false) => (
                Icon::User,
                t_args("reading.not_yours", &[("name", &case.reader)]),
            ),
            (None, true) => (Icon::CircleDashed, t("reading.not_started").to_owned()),
        };
        ui.horizontal(|ui| {
            icon_label(ui, icon, IconWeight::Regular, size::ICON_INLINE, theme.t2);
            text_label(ui, &words, Kind::LABEL.medium(), theme.t1);
            if let Some(digest) = &case.seal_digest {
                text_label(ui, digest, Kind::MONO_SMALL, theme.t3);
            }
        });
        // Once sealed, the card of the report offers what comes next.
        if case.sealed_at.is_none()
            && let Some(main) = main_action::of_case(s)
        {
            let width = ui.available_width();
            let button = Button::primary(main.label).icon(main.icon).min_width(width);
            if ui.add(button.tip(main.label, &["Ctrl", "Enter"])).clicked() {
                out.push(main.action);
            }
        }
    });
}

/// The marks that belong to no finding, each a way to its place.
fn loose_marks_ui(case: &CaseSnapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    if case.loose_marks.is_empty() {
        return;
    }
    text_label(ui, t("reading.loose_marks"), Kind::LABEL, theme.t2);
    for (mark_idx, mark) in case.loose_marks.iter().enumerate() {
        let row = MenuItem::new(&mark.label)
            .icon(Icon::MapPin)
            .value(&mark.image_text);
        if ui
            .push_id(("loose", mark_idx), |ui| ui.add(row))
            .inner
            .clicked()
        {
            out.push(ViewCommand::GoToMark(mark.id).into());
            out.push(UiAction::SelectMark(Some(mark.id)).into());
        }
    }
    ui.add_space(space::SMALL);
}

impl ReadingPanel {
    /// The findings in order of entry; one of them may be open for editing.
    pub(super) fn findings_ui(
        &mut self,
        s: &Snapshot,
        case: &CaseSnapshot,
        compact: bool,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let keep = if compact {
            IMPRESSION_MIN_COMPACT
        } else {
            IMPRESSION_MIN
        };
        let room = (ui.available_height() - keep).max(FINDINGS_MIN);
        let mut pointed = None;
        ScrollArea::vertical()
            .id_salt("findings")
            .max_height(room)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                ui.add_space(10.0);
                if case.findings.is_empty() {
                    let key = if may_edit(case) {
                        "reading.no_findings"
                    } else {
                        "reading.no_findings_yet"
                    };
                    dashed_card(ui, |ui| wrapped_label(ui, t(key), Kind::LABEL, theme.t3));
                    ui.add_space(space::SMALL);
                }
                for card in &case.findings {
                    let id = card.finding.id;
                    let edits = self.editor.as_ref().is_some_and(|editor| editor.id() == id);
                    if edits {
                        let editor = self.editor.as_mut();
                        let done = editor.is_some_and(|editor| {
                            editor.finding_editor_ui(s, card, ui, theme, out)
                        });
                        if done {
                            self.close_editor(out);
                        }
                    } else {
                        let event = super::finding_card::finding_card_ui(
                            s,
                            card,
                            may_edit(case),
                            ui,
                            theme,
                            out,
                        );
                        if event.is_pointed {
                            pointed = Some(id);
                        }
                        if event.wants_edit {
                            self.edit(case, id, out);
                        }
                    }
                    ui.add_space(space::SMALL);
                }
                loose_marks_ui(case, ui, theme, out);
            });
        if self.pointed != pointed {
            self.pointed = pointed;
            out.push(UiAction::Point(pointed).into());
        }
        let line = ui.cursor().top();
        if room + 1.0 < ui.min_rect().height() {
            ui.painter()
                .hline(ui.max_rect().x_range(), line, Stroke::new(1.0, theme.st1));
        }
    }

    /// Opens a finding for editing.
    fn edit(&mut self, case: &CaseSnapshot, id: FindingId, out: &mut Vec<Action>) {
        self.close_editor(out);
        self.selected = Some(id);
        out.push(ReadCommand::Select(Some(id)).into());
        let card = case.findings.iter().find(|card| card.finding.id == id);
        self.editor = card.map(|card| FindingEditor::new(&card.finding));
    }
}
