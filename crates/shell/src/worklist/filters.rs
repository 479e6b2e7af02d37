use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use egui::{CornerRadius, Frame, Margin, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, vec2};
use session::{Outcome, Stage, WorklistRow};
use ui_kit::{Icon, IconWeight, Kind, Theme, check_box, icon_label, radius, size, t, text_label};

use crate::bar::{focus_ring, sides_in};
use crate::wording::{outcome_look, stage_look};

/// Whose cases are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Queue {
    Mine,
    #[default]
    All,
    Unassigned,
}

/// What the table leaves out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filters {
    queue: Queue,
    stage: Option<Stage>,
    outcome: Option<Outcome>,
    /// Modalities that are left out.
    hidden_modalities: BTreeSet<String>,
}

/// How many rows each line of the filters stands for.
#[derive(Debug, Default)]
pub(super) struct Counts {
    queues: [usize; 3],
    stages: BTreeMap<&'static str, usize>,
    modalities: BTreeMap<String, usize>,
    outcomes: BTreeMap<Outcome, usize>,
}

impl Counts {
    /// Counts once over all rows.
    pub(super) fn of(rows: &[Arc<WorklistRow>], actor: &str) -> Self {
        let mut counts = Self::default();
        for row in rows {
            for (n, queue) in counts.queues.iter_mut().zip(QUEUES) {
                *n += usize::from(is_in(queue, row, actor));
            }
            *counts.stages.entry(row.stage.word()).or_default() += 1;
            match counts.modalities.get_mut(&row.modality) {
                Some(n) => *n += 1,
                None => {
                    counts.modalities.insert(row.modality.clone(), 1);
                }
            }
            if let Some(outcome) = row.outcome {
                *counts.outcomes.entry(outcome).or_default() += 1;
            }
        }
        counts
    }
}

const QUEUES: [Queue; 3] = [Queue::Mine, Queue::All, Queue::Unassigned];

/// Stages with a line of their own.
const STAGES: [Stage; 9] = [
    Stage::Intake,
    Stage::Ready,
    Stage::Reading,
    Stage::UnblindedEarly,
    Stage::Sealed,
    Stage::Comparing,
    Stage::Adjudicating,
    Stage::Feedback,
    Stage::Closed,
];

impl Filters {
    /// Is this row listed?
    pub(super) fn lets_pass(&self, row: &WorklistRow, actor: &str, search: &str) -> bool {
        let of_queue = is_in(self.queue, row, actor);
        let of_stage = self.stage.is_none_or(|stage| stage == row.stage);
        let of_outcome = self
            .outcome
            .is_none_or(|outcome| row.outcome == Some(outcome));
        let of_modality = !self.hidden_modalities.contains(&row.modality);
        of_queue && of_stage && of_outcome && of_modality && is_found(row, search)
    }

    pub(super) fn filters_ui(&mut self, counts: &Counts, ui: &mut Ui, theme: &Theme) {
        ScrollArea::vertical()
            .auto_shrink([false, false])
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                Frame::new()
                    .inner_margin(Margin::symmetric(10, 10))
                    .show(ui, |ui| {
                        ui.set_width(ui.available_width());
                        self.queue_ui(counts, ui, theme);
                        self.stages_ui(counts, ui, theme);
                        self.modalities_ui(counts, ui, theme);
                        self.outcomes_ui(counts, ui, theme);
                    });
            });
    }

    fn queue_ui(&mut self, counts: &Counts, ui: &mut Ui, theme: &Theme) {
        heading(ui, t("worklist.queue"), theme);
        let looks = [
            (Icon::User, "worklist.mine"),
            (Icon::Users, "worklist.all"),
            (Icon::UserPlus, "worklist.unassigned"),
        ];
        for ((queue, n), (icon, key)) in QUEUES.into_iter().zip(counts.queues).zip(looks) {
            let sign = (icon, IconWeight::Regular, theme.t2);
            if line(ui, Some(sign), t(key), n, self.queue == queue, theme) {
                self.queue = queue;
            }
        }
    }

    fn stages_ui(&mut self, counts: &Counts, ui: &mut Ui, theme: &Theme) {
        heading(ui, t("worklist.status"), theme);
        for stage in STAGES {
            let n = counts.stages.get(stage.word()).copied().unwrap_or(0);
            if n == 0 && self.stage != Some(stage) {
                continue;
            }
            let look = stage_look(stage, theme);
            if line(
                ui,
                Some((look.icon, look.weight, look.color)),
                look.word,
                n,
                self.stage == Some(stage),
                theme,
            ) {
                self.stage = (self.stage != Some(stage)).then_some(stage);
            }
        }
    }

    fn modalities_ui(&mut self, counts: &Counts, ui: &mut Ui, theme: &Theme) {
        if counts.modalities.len() < 2 {
            return;
        }
        heading(ui, t("worklist.modality"), theme);
        for (modality, n) in &counts.modalities {
            let word = if modality.is_empty() {
                t("worklist.modality_unknown")
            } else {
                modality
            };
            let mut on = !self.hidden_modalities.contains(modality);
            let (_, rect) = ui.allocate_space(vec2(ui.available_width(), size::CONTROL));
            sides_in(
                ui,
                rect.shrink2(vec2(6.0, 0.0)),
                &mut on,
                |ui, on| {
                    check_box(ui, on, word);
                },
                |ui, _| {
                    text_label(ui, &n.to_string(), Kind::MONO_SMALL, theme.t3);
                },
            );
            if on {
                self.hidden_modalities.remove(modality);
            } else {
                self.hidden_modalities.insert(modality.to_owned());
            }
        }
        ui.add_space(8.0);
    }

    fn outcomes_ui(&mut self, counts: &Counts, ui: &mut Ui, theme: &Theme) {
        if counts.outcomes.is_empty() && self.outcome.is_none() {
            return;
        }
        heading(ui, t("worklist.outcome"), theme);
        for outcome in [Outcome::Confirmed, Outcome::Refined, Outcome::Changed] {
            let n = counts.outcomes.get(&outcome).copied().unwrap_or(0);
            let look = outcome_look(outcome, theme);
            if line(
                ui,
                Some((look.icon, look.weight, look.color)),
                look.word,
                n,
                self.outcome == Some(outcome),
                theme,
            ) {
                self.outcome = (self.outcome != Some(outcome)).then_some(outcome);
            }
        }
    }
}

fn is_in(queue: Queue, row: &WorklistRow, actor: &str) -> bool {
    match queue {
        Queue::Mine => row.second_reader == actor,
        Queue::All => true,
        Queue::Unassigned => row.second_reader.is_empty(),
    }
}

/// Are all words of the search somewhere in what the row says?
fn is_found(row: &WorklistRow, search: &str) -> bool {
    if search.trim().is_empty() {
        return true;
    }
    let id = row.id.to_string();
    let fields = [
        &row.patient_name,
        &row.patient_id,
        &row.accession,
        &row.description,
        &id,
    ];
    let text = fields.map(|field| field.to_lowercase()).join("\n");
    search
        .to_lowercase()
        .split_whitespace()
        .all(|word| text.contains(word))
}

fn heading(ui: &mut Ui, words: &str, theme: &Theme) {
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        ui.add_space(6.0);
        text_label(ui, words, Kind::CAPTION.medium(), theme.t3);
    });
    ui.add_space(4.0);
}

/// A line with a sign, a word and a count; true when it was pressed.
fn line(
    ui: &mut Ui,
    sign: Option<(Icon, IconWeight, egui::Color32)>,
    word: &str,
    n: usize,
    on: bool,
    theme: &Theme,
) -> bool {
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::CONTROL), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, on, word));
    let fill = if on {
        theme.bg4
    } else if response.hovered() {
        theme.bg3
    } else {
        egui::Color32::TRANSPARENT
    };
    ui.painter()
        .rect_filled(rect, CornerRadius::same(radius::CONTROL), fill);
    let ink = if on { theme.t1 } else { theme.t2 };
    let mut row = ui.new_child(UiBuilder::new().id_salt(word).max_rect(rect));
    sides_in(
        &mut row,
        rect.shrink2(vec2(6.0, 0.0)),
        &mut (),
        |ui, ()| {
            if let Some((icon, weight, color)) = sign {
                icon_label(ui, icon, weight, size::ICON_INLINE, color);
            }
            text_label(ui, word, Kind::CONTROL, ink);
        },
        |ui, ()| {
            text_label(ui, &n.to_string(), Kind::MONO_SMALL, theme.t3);
        },
    );
    focus_ring(ui, &response, radius::CARD);
    response.clicked()
}

#[cfg(test)]
pub(super) fn row_for_test(name: &str, stage: Stage) -> WorklistRow {
    WorklistRow {
        id: case::CaseId::new("OR-7F3A"),
        study_instance_uid: String::new(),
        stage,
        unblinded_early: false,
        patient_name: name.into(),
        age_sex: "58 M".into(),
        patient_id: "DEMO-0051".into(),
        study_date: "2026-11-18".into(),
        modality: "CT".into(),
        description: "Chest with contrast".into(),
        accession: "A-77".into(),
        first_reader: String::new(),
        second_reader: "S. Iyer".into(),
        outcome: None,
        significance: None,
        needs_you: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_finds_every_word_in_any_field() {
        let row = row_for_test("Hartley, Rowan", Stage::Reading);
        for (search, expected) in [
            ("", true),
            ("hart", true),
            ("chest rowan", true),
            ("0051", true),
            ("a-77", true),
            ("or-7f3a", true),
            ("hartley knee", false),
            ("iyer", false),
        ] {
            assert_eq!(is_found(&row, search), expected, "{search}");
        }
    }

    #[test]
    fn filters_are_joined() {
        let row = row_for_test("Hartley, Rowan", Stage::Reading);
        let mut filters = Filters::default();
        assert!(filters.lets_pass(&row, "S. Iyer", ""));
        filters.queue = Queue::Mine;
        assert!(filters.lets_pass(&row, "S. Iyer", ""));
        assert!(!filters.lets_pass(&row, "D. Osei", ""));
        filters.stage = Some(Stage::Closed);
        assert!(!filters.lets_pass(&row, "S. Iyer", ""));
        filters = Filters {
            hidden_modalities: ["CT".to_owned()].into(),
            ..Filters::default()
        };
        assert!(!filters.lets_pass(&row, "S. Iyer", ""));
    }
}
