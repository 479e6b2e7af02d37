//! The columns of the table and a row of it.

use egui::{Align, Layout, Rect, Ui, UiBuilder, pos2, vec2};
use session::{Command, Snapshot, Stage, WorklistRow};
use ui_kit::{Kind, ListRow, Theme, icon_label, significance, size, status_word, text_label};

use crate::Action;
use crate::wording::{outcome_look, significance_bars, stage_look};

/// A column: its words, its smallest width and its share of the rest.
pub(super) struct Column {
    pub(super) key: &'static str,
    min: f32,
    share: f32,
}

pub(super) const COLUMNS: [Column; 9] = [
    Column {
        key: "worklist.column.status",
        min: 156.0,
        share: 0.0,
    },
    Column {
        key: "worklist.column.patient",
        min: 150.0,
        share: 1.25,
    },
    Column {
        key: "worklist.column.date",
        min: 96.0,
        share: 0.0,
    },
    Column {
        key: "worklist.column.modality",
        min: 52.0,
        share: 0.0,
    },
    Column {
        key: "worklist.column.description",
        min: 150.0,
        share: 1.35,
    },
    Column {
        key: "worklist.column.first",
        min: 96.0,
        share: 0.3,
    },
    Column {
        key: "worklist.column.second",
        min: 96.0,
        share: 0.3,
    },
    Column {
        key: "worklist.column.outcome",
        min: 108.0,
        share: 0.0,
    },
    Column {
        key: "worklist.column.significance",
        min: 108.0,
        share: 0.0,
    },
];

pub(super) const GROUPS: [&str; 3] = [
    "worklist.group_title.needs_you",
    "worklist.group_title.open",
    "worklist.group_title.ended",
];

/// Which of [`GROUPS`] a row belongs to.
pub(super) fn need_of(row: &WorklistRow) -> &'static str {
    let [needs_you, open, ended] = GROUPS;
    match (row.stage, row.needs_you) {
        (Stage::Closed | Stage::Withdrawn | Stage::NonDiagnostic, _) => ended,
        (_, true) => needs_you,
        (_, false) => open,
    }
}

/// Where the cells of a line lie: widths are at least those of the columns, the rest is shared.
pub(super) fn cells(line: Rect) -> [Rect; 9] {
    let inner = line.shrink2(vec2(12.0, 0.0));
    let least: f32 = COLUMNS.iter().map(|column| column.min).sum();
    let shares: f32 = COLUMNS.iter().map(|column| column.share).sum();
    let rest = (inner.width() - least).max(0.0);
    let squeeze = (inner.width() / least).min(1.0);
    let mut left = inner.left();
    COLUMNS.each_ref().map(|column| {
        let width = column.min * squeeze + rest * column.share / shares;
        let cell = Rect::from_min_size(pos2(left, line.top()), vec2(width - 12.0, line.height()));
        left += width;
        cell
    })
}

pub(super) fn row_ui(
    s: &Snapshot,
    row: &WorklistRow,
    rect: Rect,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let is_chosen = s
        .preview
        .as_ref()
        .is_some_and(|preview| preview.row.id == row.id);
    let look = stage_look(row.stage, theme);
    let name = format!("{}, {}, {}", row.patient_name, row.description, look.word);
    let shown = ListRow::new(&name)
        .selected(is_chosen)
        .height(rect.height())
        .show(ui, |ui| {
            for (cell_idx, cell) in cells(rect).into_iter().enumerate() {
                let layout = Layout::left_to_right(Align::Center);
                let mut child = ui.new_child(
                    UiBuilder::new()
                        .id_salt(cell_idx)
                        .max_rect(cell)
                        .layout(layout),
                );
                child.set_clip_rect(cell.intersect(ui.clip_rect()));
                child.spacing_mut().item_spacing.x = 6.0;
                cell_ui(cell_idx, row, &mut child, theme);
            }
        });
    if is_chosen
        && !shown.response.has_focus()
        && ui.clip_rect().intersect(rect).height() < rect.height()
    {
        let moved =
            ui.input(|i| i.key_pressed(egui::Key::ArrowDown) || i.key_pressed(egui::Key::ArrowUp));
        if moved {
            ui.scroll_to_rect(rect, None);
        }
    }
    if shown.response.double_clicked() {
        out.push(Command::OpenCase(row.id.clone()).into());
    } else if shown.response.clicked() {
        out.push(Command::SelectCase(Some(row.id.clone())).into());
    }
}

fn cell_ui(cell_idx: usize, row: &WorklistRow, ui: &mut Ui, theme: &Theme) {
    let is_ended = need_of(row) == GROUPS[2];
    let ink = if is_ended { theme.t2 } else { theme.t1 };
    let words = |ui: &mut Ui, text: &str, kind: Kind, color| {
        text_label(
            ui,
            if text.is_empty() { "–" } else { text },
            kind,
            if text.is_empty() { theme.td } else { color },
        );
    };
    match cell_idx {
        0 => {
            let look = stage_look(row.stage, theme);
            status_word(
                ui,
                (look.icon, look.weight),
                look.color,
                (look.word, Kind::CONTROL),
                ink,
            );
        }
        1 => {
            let kind = if is_ended {
                Kind::CONTROL
            } else {
                Kind::CONTROL.medium()
            };
            words(ui, &row.patient_name, kind, ink);
            text_label(ui, &row.age_sex, Kind::LABEL, theme.t3);
        }
        2 => words(ui, &row.study_date, Kind::MONO_SMALL, theme.t2),
        3 => words(ui, &row.modality, Kind::MONO_SMALL.medium(), theme.t2),
        4 => words(ui, &row.description, Kind::CONTROL, ink),
        5 => words(ui, &row.first_reader, Kind::CONTROL, theme.t2),
        6 => words(ui, &row.second_reader, Kind::CONTROL, theme.t2),
        7 => match row.outcome {
            Some(outcome) => {
                let look = outcome_look(outcome, theme);
                icon_label(ui, look.icon, look.weight, size::ICON_INLINE, look.color);
                text_label(ui, look.word, Kind::CONTROL, theme.t1);
            }
            None => words(ui, "", Kind::CONTROL, theme.td),
        },
        _ => match row.significance {
            Some(grade) => {
                let (n_bars, word) = significance_bars(grade);
                significance(ui, n_bars, word);
            }
            None => words(ui, "", Kind::CONTROL, theme.td),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::filters::row_for_test;
    use super::*;

    #[test]
    fn cells_fill_the_line_and_never_overlap() {
        for width in [700.0, 1178.0, 1316.0, 2400.0] {
            let line = Rect::from_min_size(pos2(204.0, 100.0), vec2(width, 34.0));
            let cells = cells(line);
            for pair in cells.windows(2) {
                assert!(pair[0].right() <= pair[1].left(), "{width}");
            }
            assert!(cells[8].right() <= line.right() - 12.0, "{width}");
        }
    }

    #[test]
    fn what_needs_the_reader_is_told_from_what_has_ended() {
        let mut row = row_for_test("A", Stage::Reading);
        assert_eq!(need_of(&row), GROUPS[0]);
        row.needs_you = false;
        assert_eq!(need_of(&row), GROUPS[1]);
        row.stage = Stage::Closed;
        row.needs_you = true;
        assert_eq!(need_of(&row), GROUPS[2]);
    }
}
