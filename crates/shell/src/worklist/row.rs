//! The columns of the table and a row of it.

use egui::{Align, Layout, Rect, Ui, UiBuilder, pos2, vec2};
use session::{CaseMark, Command, Priority, Snapshot, Stage, WorklistRow};
use ui_kit::{
    Icon, IconWeight, Kind, ListRow, Theme, icon_label, significance, size, status_word, t,
    text_label, with_tip,
};

use crate::Action;
use crate::wording::{outcome_look, significance_bars};

use super::words::{mark_look, status_look};

/// A column: its words, its smallest width and its share of the rest.
pub(super) struct Column {
    pub(super) key: &'static str,
    min: f32,
    share: f32,
}

pub(super) const COLUMNS: [Column; 10] = [
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
        key: "worklist.column.due",
        min: 118.0,
        share: 0.0,
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

/// Has the case ended?
fn is_ended(row: &WorklistRow) -> bool {
    matches!(
        row.stage,
        Stage::Closed | Stage::Withdrawn | Stage::NonDiagnostic
    )
}

/// Where the cells of a line lie: widths are at least those of the columns, the rest is shared.
pub(super) fn cells(line: Rect) -> [Rect; 10] {
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
    let look = status_look(row, theme);
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
    if shown.response.double_clicked() {
        out.push(Command::OpenCase(row.id.clone()).into());
    } else if shown.response.clicked() {
        out.push(Command::SelectCase(Some(row.id.clone())).into());
    }
}

fn cell_ui(cell_idx: usize, row: &WorklistRow, ui: &mut Ui, theme: &Theme) {
    let is_ended = is_ended(row);
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
            let look = status_look(row, theme);
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
            // What waits shows in the status; these two are seen nowhere else.
            for mark in [CaseMark::Critical, CaseMark::Limitation] {
                if row.marks.contains(&mark) {
                    let (icon, color, key) = mark_look(mark, theme);
                    let weight = IconWeight::Regular;
                    let sign = icon_label(ui, icon, weight, size::ICON_INLINE, color);
                    with_tip(sign, t(key), &[]);
                }
            }
        }
        2 => words(ui, &row.study_date, Kind::MONO_SMALL, theme.t2),
        3 => words(ui, &row.modality, Kind::MONO_SMALL.medium(), theme.t2),
        4 => words(ui, &row.description, Kind::CONTROL, ink),
        5 => words(ui, &row.first_reader, Kind::CONTROL, theme.t2),
        6 => words(ui, &row.second_reader, Kind::CONTROL, theme.t2),
        7 => due_ui(row, ui, theme),
        8 => match row.outcome {
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

/// The day it is due; urgent cases say so.
fn due_ui(row: &WorklistRow, ui: &mut Ui, theme: &Theme) {
    let (icon, color) = match row.priority {
        Priority::Urgent => (Some(Icon::WarningCircle), theme.err.ink),
        Priority::Soon => (Some(Icon::Clock), theme.warn.ink),
        Priority::Routine => (None, theme.t2),
    };
    if let Some(icon) = icon.filter(|_| !is_ended(row)) {
        let weight = IconWeight::Regular;
        let sign = icon_label(ui, icon, weight, size::ICON_INLINE, color);
        with_tip(sign, t(super::words::priority_key(row.priority)), &[]);
    }
    let (text, ink) = match row.due.as_str() {
        "" => ("–", theme.td),
        due => (due, color),
    };
    text_label(ui, text, Kind::MONO_SMALL, ink);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_fill_the_line_and_never_overlap() {
        for width in [700.0, 1178.0, 1316.0, 2400.0] {
            let line = Rect::from_min_size(pos2(204.0, 100.0), vec2(width, 34.0));
            let cells = cells(line);
            for pair in cells.windows(2) {
                assert!(pair[0].right() <= pair[1].left(), "{width}");
            }
            assert!(cells[9].right() <= line.right() - 12.0, "{width}");
        }
    }
}
