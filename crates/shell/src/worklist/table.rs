use std::collections::BTreeSet;
use std::sync::Arc;

use egui::{
    Align, Layout, Rect, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use session::{Snapshot, Stage, WorklistRow};
use ui_kit::{
    Icon, IconWeight, Kind, Reader, Theme, icon_label, key_cap, reader_mark, size, t, t_args,
    text_label,
};

use crate::Action;
use crate::bar::sides_in;
use crate::metrics::is_compact;
use crate::wording::stage_key;

use super::Listed;
use super::kept::Kept;
use super::row::{COLUMNS, GROUPS, cells, need_of, row_ui};

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

/// The table of cases.
#[derive(Default)]
pub(super) struct Table {
    pub(super) grouping: Grouping,
    order: Order,
    /// Groups that are folded away.
    folded: Folded,
    kept: Kept<LinesKey, Arc<Vec<Line>>>,
}

type Folded = BTreeSet<&'static str>;
/// What decides which lines there are.
type LinesKey = (Listed, (Grouping, Order), Folded);

/// A line of the table.
#[derive(Debug)]
enum Line {
    Group(&'static str, usize),
    Row(usize),
}

impl Table {
    /// Draws the rows of the worklist with these indices. Only those in sight are laid out.
    pub(super) fn table_ui(
        &mut self,
        s: &Snapshot,
        listed: &Listed,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let rows = listed.rows();
        let area = ui.max_rect();
        let row_height = if is_compact(ui.ctx().content_rect()) {
            size::TABLE_ROW_COMPACT
        } else {
            size::TABLE_ROW
        };
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
        let key = (
            listed.clone(),
            (self.grouping, self.order),
            self.folded.clone(),
        );
        let mut kept = std::mem::take(&mut self.kept);
        let lines = kept.get(key, |_| Arc::new(self.lines(s, rows)));
        self.kept = kept;
        let height_of = |line: &Line| {
            if matches!(line, Line::Group(..)) {
                GROUP
            } else {
                row_height
            }
        };
        let total: f32 = lines.iter().map(height_of).sum();
        ScrollArea::vertical()
            .auto_shrink([false, false])
            .show_viewport(&mut child, |ui, seen| {
                ui.set_height(total);
                let (left, top, width) = (
                    ui.max_rect().left(),
                    ui.max_rect().top(),
                    ui.available_width(),
                );
                let mut offset = 0.0;
                for line in lines.iter() {
                    let height = height_of(line);
                    if seen.top() <= offset + height && offset <= seen.bottom() {
                        let rect =
                            Rect::from_min_size(pos2(left, top + offset), vec2(width, height));
                        self.line_ui(s, line, rect, ui, theme, out);
                    }
                    offset += height;
                }
            });
    }

    fn lines(&self, s: &Snapshot, rows: &[usize]) -> Vec<Line> {
        let row = |row_idx: &usize| s.worklist.get(*row_idx);
        let mut rows: Vec<usize> = rows
            .iter()
            .copied()
            .filter(|row_idx| row(row_idx).is_some())
            .collect();
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
            let of_group =
                |row_idx: &usize| row(row_idx).is_some_and(|row| self.group_of(row) == key);
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

    fn line_ui(
        &mut self,
        s: &Snapshot,
        line: &Line,
        rect: Rect,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        match line {
            Line::Group(key, n) => {
                let mut child =
                    ui.new_child(UiBuilder::new().id_salt(("group", key)).max_rect(rect));
                self.group_ui(key, *n, rect, &mut child, theme);
            }
            Line::Row(row_idx) => {
                let Some(row) = s.worklist.get(*row_idx) else {
                    return;
                };
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
        ui.painter().hline(
            rect.x_range(),
            rect.bottom() - 0.5,
            Stroke::new(1.0, theme.st1),
        );
        let layout = Layout::left_to_right(Align::Center);
        let mut row = ui.new_child(
            UiBuilder::new()
                .max_rect(rect.shrink2(vec2(12.0, 0.0)))
                .layout(layout),
        );
        let caret = if is_open {
            Icon::CaretDown
        } else {
            Icon::CaretRight
        };
        icon_label(
            &mut row,
            caret,
            IconWeight::Regular,
            size::ICON_CARET,
            theme.t3,
        );
        text_label(&mut row, t(key), Kind::LABEL.medium(), theme.t1);
        text_label(&mut row, &n.to_string(), Kind::MONO_SMALL, theme.t3);
        crate::bar::focus_ring(ui, &response, 0);
        if response.clicked() && !self.folded.remove(key) {
            self.folded.insert(key);
        }
    }

    fn head_ui(&mut self, rect: Rect, ui: &mut Ui, theme: &Theme) {
        ui.painter().hline(
            rect.x_range(),
            rect.bottom() - 0.5,
            Stroke::new(1.0, theme.st1),
        );
        for ((column_idx, column), cell) in COLUMNS.iter().enumerate().zip(cells(rect)) {
            let layout = Layout::left_to_right(Align::Center);
            let mut child = ui.new_child(
                UiBuilder::new()
                    .id_salt(column.key)
                    .max_rect(cell)
                    .layout(layout),
            );
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
            let Some(first) = orders.first() else {
                continue;
            };
            if is_on {
                let icon = if self.order == Order::NewestFirst {
                    Icon::ArrowDown
                } else {
                    Icon::ArrowUp
                };
                icon_label(
                    &mut child,
                    icon,
                    IconWeight::Regular,
                    size::ICON_CARET,
                    theme.t1,
                );
            }
            let response = ui.interact(
                cell,
                ui.scope_id().with(("order", column.key)),
                Sense::click(),
            );
            response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_on, t(column.key)));
            crate::bar::focus_ring(ui, &response, 0);
            if response.clicked() {
                let next = orders.iter().find(|order| **order != self.order && is_on);
                self.order = *next.unwrap_or(first);
            }
        }
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
            Self::Patient => a
                .patient_name
                .to_lowercase()
                .cmp(&b.patient_name.to_lowercase()),
            Self::Stage => place(a).cmp(&place(b)),
        };
        first.then_with(newest).then_with(|| a.id.cmp(&b.id))
    }
}

fn foot_ui(n_shown: usize, n_total: usize, rect: Rect, ui: &mut Ui, theme: &Theme) {
    ui.painter().hline(
        rect.x_range(),
        rect.top() + 0.5,
        Stroke::new(1.0, theme.st1),
    );
    let count = t_args(
        "worklist.shown",
        &[("n", &n_shown.to_string()), ("total", &n_total.to_string())],
    );
    sides_in(
        ui,
        rect.shrink2(vec2(12.0, 0.0)),
        &mut (),
        |ui, ()| {
            text_label(ui, &count, Kind::LABEL, theme.t3);
        },
        |ui, ()| {
            ui.spacing_mut().item_spacing.x = 6.0;
            for (caps, key) in [
                (&["Space"][..], "worklist.key.preview"),
                (&["Enter"], "worklist.key.open"),
                (&["↑", "↓"], "worklist.key.move"),
            ] {
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
    fn rows_of_the_same_day_keep_one_order() {
        let (a, mut b) = (
            row_for_test("A", Stage::Reading),
            row_for_test("b", Stage::Closed),
        );
        b.study_date = "2026-11-19".into();
        assert_eq!(
            Order::NewestFirst.compare(&a, &b),
            std::cmp::Ordering::Greater
        );
        assert_eq!(Order::OldestFirst.compare(&a, &b), std::cmp::Ordering::Less);
        assert_eq!(Order::Patient.compare(&a, &b), std::cmp::Ordering::Less);
        assert_eq!(Order::Stage.compare(&a, &b), std::cmp::Ordering::Less);
    }
}
