use std::collections::BTreeSet;

use egui::{Align, Layout, Rect, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use session::{Command, Snapshot, Stage, WorklistRow};
use ui_kit::{
    Icon, IconWeight, Kind, ListRow, Reader, Theme, icon_label, key_cap, reader_mark, significance, size, status_word,
    t, t_args, text_label,
};

use crate::Action;
use crate::bar::sides_in;
use crate::metrics::is_compact;
use crate::wording::{outcome_look, significance_bars, stage_key, stage_look};

/// Height of the line below the table.
const FOOT: f32 = 30.0;
/// Height of a group's line.
const GROUP: f32 = 28.0;

/// What rows are put together by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Grouping {
    #[default]
    NeedsYou,
    Stage,
    None,
}

impl Grouping {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::NeedsYou => "worklist.group.needs_me",
            Self::Stage => "worklist.group.status",
            Self::None => "worklist.group.none",
        }
    }
}

/// What rows are put in order by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Order {
    #[default]
    NewestFirst,
    OldestFirst,
    Patient,
    Stage,
}

/// A column: its words, its smallest width and its share of the rest.
struct Column {
    key: &'static str,
    min: f32,
    share: f32,
}

const COLUMNS: [Column; 9] = [
    Column { key: "worklist.column.status", min: 156.0, share: 0.0 },
    Column { key: "worklist.column.patient", min: 150.0, share: 1.25 },
    Column { key: "worklist.column.date", min: 96.0, share: 0.0 },
    Column { key: "worklist.column.modality", min: 52.0, share: 0.0 },
    Column { key: "worklist.column.description", min: 150.0, share: 1.35 },
    Column { key: "worklist.column.first", min: 96.0, share: 0.3 },
    Column { key: "worklist.column.second", min: 96.0, share: 0.3 },
    Column { key: "worklist.column.outcome", min: 108.0, share: 0.0 },
    Column { key: "worklist.column.significance", min: 108.0, share: 0.0 },
];

/// The table of cases.
#[derive(Default)]
pub(super) struct Table {
    pub(super) grouping: Grouping,
    order: Order,
    /// Groups that are folded away.
    folded: BTreeSet<&'static str>,
}

/// A line of the table.
enum Line {
    Group(&'static str, usize),
    Row(usize),
}

impl Table {
    /// Draws the rows of the worklist with these indices. Only those in sight are laid out.
    pub(super) fn table_ui(
        &mut self,
        s: &Snapshot,
        rows: &[usize],
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let area = ui.max_rect();
        let row_height = if is_compact(ui.ctx().content_rect()) { size::TABLE_ROW_COMPACT } else { size::TABLE_ROW };
        let head = Rect::from_min_size(area.min, vec2(area.width(), size::TABLE_HEADER));
        self.head_ui(head, ui, theme);
        let foot = Rect::from_min_max(pos2(area.left(), area.bottom() - FOOT), area.max);
        foot_ui(rows.len(), s.worklist.len(), foot, ui, theme);
        let middle = Rect::from_min_max(head.left_bottom(), foot.right_top());
        let mut child = ui.new_child(UiBuilder::new().id_salt("rows").max_rect(middle));
        child.set_clip_rect(middle.intersect(ui.clip_rect()));
        if rows.is_empty() {
            child.add_space(24.0);
            child.vertical_centered(|ui| text_label(ui, t("worklist.empty"), Kind::BODY, theme.t3));
            return;
        }
        let lines = self.lines(s, rows);
        let height_of = |line: &Line| if matches!(line, Line::Group(..)) { GROUP } else { row_height };
        let total: f32 = lines.iter().map(height_of).sum();
        ScrollArea::vertical().auto_shrink([false, false]).show_viewport(&mut child, |ui, seen| {
            ui.set_height(total);
            let (left, top, width) = (ui.max_rect().left(), ui.max_rect().top(), ui.available_width());
            let mut offset = 0.0;
            for line in &lines {
                let height = height_of(line);
                if seen.top() <= offset + height && offset <= seen.bottom() {
                    let rect = Rect::from_min_size(pos2(left, top + offset), vec2(width, height));
                    self.line_ui(s, line, rect, ui, theme, out);
                }
                offset += height;
            }
        });
    }

    fn lines(&self, s: &Snapshot, rows: &[usize]) -> Vec<Line> {
        let row = |row_idx: &usize| s.worklist.get(*row_idx);
        let mut rows: Vec<usize> = rows.iter().copied().filter(|row_idx| row(row_idx).is_some()).collect();
        rows.sort_by(|a, b| match (row(a), row(b)) {
            (Some(a), Some(b)) => self.order.compare(a, b),
            _ => std::cmp::Ordering::Equal,
        });
        if self.grouping == Grouping::None {
            return rows.into_iter().map(Line::Row).collect();
        }
        let keys: Vec<&'static str> = match self.grouping {
            Grouping::NeedsYou => GROUPS.to_vec(),
            Grouping::Stage => Stage::ALL.iter().map(|stage| stage_key(*stage)).collect(),
            Grouping::None => Vec::new(),
        };
        let mut lines = Vec::new();
        for key in keys {
            let of_group = |row_idx: &usize| row(row_idx).is_some_and(|row| self.group_of(row) == key);
            let members: Vec<usize> = rows.iter().copied().filter(of_group).collect();
            if members.is_empty() {
                continue;
            }
            lines.push(Line::Group(key, members.len()));
            if !self.folded.contains(key) {
                lines.extend(members.into_iter().map(Line::Row));
            }
        }
        lines
    }

    fn group_of(&self, row: &WorklistRow) -> &'static str {
        match self.grouping {
            Grouping::NeedsYou | Grouping::None => need_of(row),
            Grouping::Stage => stage_key(row.stage),
        }
    }

    fn line_ui(&mut self, s: &Snapshot, line: &Line, rect: Rect, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        match line {
            Line::Group(key, n) => {
                let mut child = ui.new_child(UiBuilder::new().id_salt(("group", key)).max_rect(rect));
                self.group_ui(key, *n, rect, &mut child, theme);
            }
            Line::Row(row_idx) => {
                let Some(row) = s.worklist.get(*row_idx) else { return };
                let mut child = ui.new_child(UiBuilder::new().id_salt(&row.id).max_rect(rect));
                row_ui(s, row, rect, &mut child, theme, out);
            }
        }
    }

    fn group_ui(&mut self, key: &'static str, n: usize, rect: Rect, ui: &mut Ui, theme: &Theme) {
        let response = ui.interact(rect, ui.scope_id().with("fold"), Sense::click());
        let is_open = !self.folded.contains(key);
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_open, t(key)));
        ui.painter().rect_filled(rect, 0, theme.bg1);
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.st1));
        let layout = Layout::left_to_right(Align::Center);
        let mut row = ui.new_child(UiBuilder::new().max_rect(rect.shrink2(vec2(12.0, 0.0))).layout(layout));
        let caret = if is_open { Icon::CaretDown } else { Icon::CaretRight };
        icon_label(&mut row, caret, IconWeight::Regular, size::ICON_CARET, theme.t3);
        text_label(&mut row, t(key), Kind::LABEL.medium(), theme.t1);
        text_label(&mut row, &n.to_string(), Kind::MONO_SMALL, theme.t3);
        crate::bar::focus_ring(ui, &response, 0);
        if response.clicked() && !self.folded.remove(key) {
            self.folded.insert(key);
        }
    }

    fn head_ui(&mut self, rect: Rect, ui: &mut Ui, theme: &Theme) {
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.st1));
        for ((column_idx, column), cell) in COLUMNS.iter().enumerate().zip(cells(rect)) {
            let layout = Layout::left_to_right(Align::Center);
            let mut child = ui.new_child(UiBuilder::new().id_salt(column.key).max_rect(cell).layout(layout));
            child.spacing_mut().item_spacing.x = 4.0;
            let orders = Order::of_column(column_idx);
            let is_on = orders.contains(&self.order);
            match column_idx {
                5 => drop(reader_mark(&mut child, Reader::First, t("reader.first"))),
                6 => drop(reader_mark(&mut child, Reader::Second, t("reader.second"))),
                _ => {}
            }
            let ink = if is_on { theme.t1 } else { theme.t3 };
            text_label(&mut child, t(column.key), Kind::CAPTION, ink);
            let Some(first) = orders.first() else { continue };
            if is_on {
                let icon = if self.order == Order::NewestFirst { Icon::ArrowDown } else { Icon::ArrowUp };
                icon_label(&mut child, icon, IconWeight::Regular, size::ICON_CARET, theme.t1);
            }
            let response = ui.interact(cell, ui.scope_id().with(("order", column.key)), Sense::click());
            response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_on, t(column.key)));
            crate::bar::focus_ring(ui, &response, 0);
            if response.clicked() {
                let next = orders.iter().find(|order| **order != self.order && is_on);
                self.order = *next.unwrap_or(first);
            }
        }
    }
}

const GROUPS: [&str; 3] = ["worklist.group_title.needs_you", "worklist.group_title.open", "worklist.group_title.ended"];

/// Which of [`GROUPS`] a row belongs to.
fn need_of(row: &WorklistRow) -> &'static str {
    let [needs_you, open, ended] = GROUPS;
    match (row.stage, row.needs_you) {
        (Stage::Closed | Stage::Withdrawn | Stage::NonDiagnostic, _) => ended,
        (_, true) => needs_you,
        (_, false) => open,
    }
}

impl Order {
    /// Orders that a press on the head of a column goes through.
    fn of_column(column_idx: usize) -> &'static [Self] {
        match column_idx {
            0 => &[Self::Stage],
            1 => &[Self::Patient],
            2 => &[Self::NewestFirst, Self::OldestFirst],
            _ => &[],
        }
    }

    fn compare(self, a: &WorklistRow, b: &WorklistRow) -> std::cmp::Ordering {
        let newest = || b.study_date.cmp(&a.study_date);
        let place = |row: &WorklistRow| Stage::ALL.iter().position(|stage| *stage == row.stage);
        let first = match self {
            Self::NewestFirst => newest(),
            Self::OldestFirst => newest().reverse(),
            Self::Patient => a.patient_name.to_lowercase().cmp(&b.patient_name.to_lowercase()),
            Self::Stage => place(a).cmp(&place(b)),
        };
        first.then_with(newest).then_with(|| a.id.cmp(&b.id))
    }
}

/// Where the cells of a line lie: widths are at least those of the columns, the rest is shared.
fn cells(line: Rect) -> [Rect; 9] {
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

fn row_ui(s: &Snapshot, row: &WorklistRow, rect: Rect, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let is_chosen = s.preview.as_ref().is_some_and(|preview| preview.row.id == row.id);
    let look = stage_look(row.stage, theme);
    let name = format!("{}, {}, {}", row.patient_name, row.description, look.word);
    let shown = ListRow::new(&name).selected(is_chosen).height(rect.height()).show(ui, |ui| {
        for (cell_idx, cell) in cells(rect).into_iter().enumerate() {
            let layout = Layout::left_to_right(Align::Center);
            let mut child = ui.new_child(UiBuilder::new().id_salt(cell_idx).max_rect(cell).layout(layout));
            child.set_clip_rect(cell.intersect(ui.clip_rect()));
            child.spacing_mut().item_spacing.x = 6.0;
            cell_ui(cell_idx, row, &mut child, theme);
        }
    });
    if is_chosen && !shown.response.has_focus() && ui.clip_rect().intersect(rect).height() < rect.height() {
        let moved = ui.input(|i| i.key_pressed(egui::Key::ArrowDown) || i.key_pressed(egui::Key::ArrowUp));
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
        text_label(ui, if text.is_empty() { "–" } else { text }, kind, if text.is_empty() { theme.td } else { color });
    };
    match cell_idx {
        0 => {
            let look = stage_look(row.stage, theme);
            status_word(ui, (look.icon, look.weight), look.color, (look.word, Kind::CONTROL), ink);
        }
        1 => {
            let kind = if is_ended { Kind::CONTROL } else { Kind::CONTROL.medium() };
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

fn foot_ui(n_shown: usize, n_total: usize, rect: Rect, ui: &mut Ui, theme: &Theme) {
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, theme.st1));
    let count = t_args("worklist.shown", &[("n", &n_shown.to_string()), ("total", &n_total.to_string())]);
    sides_in(
        ui,
        rect.shrink2(vec2(12.0, 0.0)),
        &mut (),
        |ui, ()| {
            text_label(ui, &count, Kind::LABEL, theme.t3);
        },
        |ui, ()| {
            ui.spacing_mut().item_spacing.x = 6.0;
            for (caps, key) in
                [(&["Space"][..], "worklist.key.preview"), (&["Enter"], "worklist.key.open"), (&["↑", "↓"], "worklist.key.move")]
            {
                text_label(ui, t(key), Kind::LABEL, theme.t3);
                for cap in caps.iter().rev() {
                    key_cap(ui, cap);
                }
                ui.add_space(4.0);
            }
        },
    );
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

    #[test]
    fn rows_of_the_same_day_keep_one_order() {
        let (a, mut b) = (row_for_test("A", Stage::Reading), row_for_test("b", Stage::Closed));
        b.study_date = "2026-11-19".into();
        assert_eq!(Order::NewestFirst.compare(&a, &b), std::cmp::Ordering::Greater);
        assert_eq!(Order::OldestFirst.compare(&a, &b), std::cmp::Ordering::Less);
        assert_eq!(Order::Patient.compare(&a, &b), std::cmp::Ordering::Less);
        assert_eq!(Order::Stage.compare(&a, &b), std::cmp::Ordering::Less);
    }
}
