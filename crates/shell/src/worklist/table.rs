use std::collections::BTreeSet;

use egui::{
    Align, Layout, Rect, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use session::{Group, GroupKey, ListView, Order, Snapshot};
use ui_kit::{
    Icon, IconWeight, Kind, Reader, Theme, icon_label, key_cap, reader_mark, size, t, t_args,
    text_label,
};

use crate::Action;
use crate::bar::sides_in;
use crate::metrics::is_compact;

use super::row::{COLUMNS, cells, row_ui};
use super::show;
use super::words::group_title;

/// Height of the line below the table.
const FOOT: f32 = 30.0;
/// Height of a group's line.
const GROUP: f32 = 28.0;

/// The table of cases.
#[derive(Default)]
pub(super) struct Table {
    /// Groups that are folded away.
    folded: BTreeSet<GroupKey>,
}

impl Table {
    /// Draws what is listed. Only rows in sight are unpacked and laid out, so that a long list costs no more than a short
    /// one.
    pub(super) fn table_ui(
        &mut self,
        s: &Snapshot,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let listed = &s.list.listed;
        let area = ui.max_rect();
        let row_height = if is_compact(ui.ctx().content_rect()) {
            size::TABLE_ROW_COMPACT
        } else {
            size::TABLE_ROW
        };
        let head = Rect::from_min_size(area.min, vec2(area.width(), size::TABLE_HEADER));
        head_ui(s, head, ui, theme, out);
        let foot = Rect::from_min_max(pos2(area.left(), area.bottom() - FOOT), area.max);
        foot_ui(listed.rows.len(), s.worklist.len(), foot, ui, theme);
        let middle = Rect::from_min_max(head.left_bottom(), foot.right_top());
        let mut child = ui.new_child(UiBuilder::new().id_salt("rows").max_rect(middle));
        child.set_clip_rect(middle.intersect(ui.clip_rect()));
        if listed.rows.is_empty() {
            child.add_space(24.0);
            child.vertical_centered(|ui| text_label(ui, t("worklist.empty"), Kind::BODY, theme.t3));
            return;
        }
        let pitch = Pitch::of(&listed.groups, &self.folded, row_height);
        let chosen = s.preview.as_ref();
        let chosen = chosen.and_then(|preview| s.list.position(&preview.row.id));
        ScrollArea::vertical()
            .auto_shrink([false, false])
            .show_viewport(&mut child, |ui, seen| {
                ui.set_height(pitch.total);
                let (left, top) = (ui.max_rect().left(), ui.max_rect().top());
                let width = ui.available_width();
                let at = |offset: f32, height: f32| {
                    Rect::from_min_size(pos2(left, top + offset), vec2(width, height))
                };
                pitch.follow(chosen, at, ui);
                for part in &pitch.parts {
                    let heading = part
                        .heading
                        .filter(|offset| seen.top() <= offset + GROUP && *offset <= seen.bottom());
                    if let Some(offset) = heading {
                        self.group_ui(part.group, at(offset, GROUP), ui, theme);
                    }
                    for (row_at, offset) in part.in_sight(seen.top(), seen.bottom(), row_height) {
                        let Some(row) = s.list.row(row_at) else {
                            continue;
                        };
                        let rect = at(offset, row_height);
                        let mut child =
                            ui.new_child(UiBuilder::new().id_salt(&row.id).max_rect(rect));
                        row_ui(s, &row, rect, &mut child, theme, out);
                    }
                }
            });
    }

    fn group_ui(&mut self, group: &Group, rect: Rect, ui: &mut Ui, theme: &Theme) {
        let title = group_title(group);
        let mut child = ui.new_child(UiBuilder::new().id_salt(("group", &title)).max_rect(rect));
        let ui = &mut child;
        let response = ui.interact(rect, ui.scope_id().with("fold"), Sense::click());
        let is_open = !self.folded.contains(&group.key);
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_open, &title));
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
        text_label(&mut row, &title, Kind::LABEL.medium(), theme.t1);
        let n = group.rows.len().to_string();
        text_label(&mut row, &n, Kind::MONO_SMALL, theme.t3);
        crate::bar::focus_ring(ui, &response, 0);
        if response.clicked() && !self.folded.remove(&group.key) {
            self.folded.insert(group.key.clone());
        }
    }
}

/// Where groups and rows lie, from the top of the table.
struct Pitch<'a> {
    parts: Vec<Part<'a>>,
    total: f32,
    row_height: f32,
}

struct Part<'a> {
    group: &'a Group,
    /// Where its heading begins; `None` for rows without one.
    heading: Option<f32>,
    /// Where its rows begin, and how many are unfolded.
    rows_from: f32,
    n_rows: usize,
}

impl<'a> Pitch<'a> {
    fn of(groups: &'a [Group], folded: &BTreeSet<GroupKey>, row_height: f32) -> Self {
        let mut parts = Vec::with_capacity(groups.len());
        let mut offset = 0.0;
        for group in groups {
            let heading = (group.key != GroupKey::All).then_some(offset);
            offset += heading.map_or(0.0, |_| GROUP);
            let n_rows = match folded.contains(&group.key) {
                true => 0,
                false => group.rows.len(),
            };
            parts.push(Part {
                group,
                heading,
                rows_from: offset,
                n_rows,
            });
            offset += n_rows as f32 * row_height;
        }
        Self {
            parts,
            total: offset,
            row_height,
        }
    }

    /// Brings the chosen row into sight when it was stepped to with a key: it may lie far away, and then is not drawn.
    fn follow(&self, chosen: Option<usize>, at: impl Fn(f32, f32) -> Rect, ui: &Ui) {
        let stepped =
            ui.input(|i| i.key_pressed(egui::Key::ArrowDown) || i.key_pressed(egui::Key::ArrowUp));
        let Some(chosen) = chosen.filter(|_| stepped && !ui.ctx().text_edit_focused()) else {
            return;
        };
        let part = self
            .parts
            .iter()
            .find(|part| part.group.rows.contains(&chosen));
        let Some(part) = part else { return };
        let row_idx = chosen - part.group.rows.start;
        if row_idx < part.n_rows {
            let offset = part.rows_from + row_idx as f32 * self.row_height;
            ui.scroll_to_rect(at(offset, self.row_height), None);
        }
    }
}

impl Part<'_> {
    /// Places in the list and offsets of the rows between two heights.
    fn in_sight(
        &self,
        top: f32,
        bottom: f32,
        row_height: f32,
    ) -> impl Iterator<Item = (usize, f32)> {
        // A number that is no index becomes 0 or the last: a cast of a float saturates.
        let row_at = |y: f32| ((y - self.rows_from) / row_height).floor() as usize;
        let first = row_at(top).min(self.n_rows);
        let end = match bottom < self.rows_from {
            true => first,
            false => row_at(bottom).saturating_add(1).min(self.n_rows),
        };
        (first..end).map(move |idx| {
            let offset = self.rows_from + idx as f32 * row_height;
            (self.group.rows.start + idx, offset)
        })
    }
}

fn head_ui(s: &Snapshot, rect: Rect, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let now = s.list_view.order;
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
        let orders = orders_of_column(column_idx);
        let is_on = orders.contains(&now);
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
            let icon = match now {
                Order::Newest => Icon::ArrowDown,
                Order::Oldest | Order::Patient | Order::State | Order::Due => Icon::ArrowUp,
            };
            let sign = (IconWeight::Regular, size::ICON_CARET);
            icon_label(&mut child, icon, sign.0, sign.1, theme.t1);
        }
        let id = ui.scope_id().with(("order", column.key));
        let response = ui.interact(cell, id, Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_on, t(column.key)));
        crate::bar::focus_ring(ui, &response, 0);
        if response.clicked() {
            let next = orders.iter().find(|order| **order != now && is_on);
            let view = s.list_view.clone();
            out.push(show(ListView {
                order: *next.unwrap_or(first),
                ..view
            }));
        }
    }
}

/// Orders that a press on the head of a column goes through.
fn orders_of_column(column_idx: usize) -> &'static [Order] {
    match column_idx {
        0 => &[Order::State],
        1 => &[Order::Patient],
        2 => &[Order::Newest, Order::Oldest],
        7 => &[Order::Due],
        _ => &[],
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
    use super::*;

    const ROW: f32 = 30.0;

    fn groups() -> Vec<Group> {
        [(GroupKey::NeedsYou, 0..3), (GroupKey::Open, 3..100_000)]
            .map(|(key, rows)| Group { key, rows })
            .into()
    }

    #[test]
    fn only_rows_in_sight_are_laid_out_each_in_its_place() {
        let groups = groups();
        let pitch = Pitch::of(&groups, &BTreeSet::new(), ROW);
        assert_eq!(pitch.total, 2.0 * GROUP + 100_000.0 * ROW);
        let in_sight = |top: f32, bottom: f32| -> Vec<(usize, f32)> {
            let parts = pitch.parts.iter();
            parts
                .flat_map(|part| part.in_sight(top, bottom, ROW))
                .collect()
        };
        let all: Vec<usize> = in_sight(0.0, 200.0).iter().map(|(at, _)| *at).collect();
        assert_eq!(all, [0, 1, 2, 3, 4]);
        assert_eq!(in_sight(0.0, 1.0), [(0, GROUP)][..0]);
        let far = in_sight(1_500_000.0, 1_500_100.0);
        assert!((1..=5).contains(&far.len()), "{far:?}");
        let (at, offset) = far[0];
        assert_eq!(offset, 2.0 * GROUP + at as f32 * ROW);
        assert_eq!(in_sight(pitch.total, pitch.total + 500.0).len(), 0);
    }

    #[test]
    fn a_folded_group_keeps_its_heading_and_no_row() {
        let groups = groups();
        let folded = BTreeSet::from([GroupKey::Open]);
        let pitch = Pitch::of(&groups, &folded, ROW);
        assert_eq!(pitch.total, 2.0 * GROUP + 3.0 * ROW);
        assert_eq!(pitch.parts[1].heading, Some(GROUP + 3.0 * ROW));
        assert_eq!(pitch.parts[1].in_sight(0.0, 1e6, ROW).count(), 0);
    }
}
