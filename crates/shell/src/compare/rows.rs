//! The list of rows: filter, order, groups.

use case::SectionKind;
use egui::{Align, Layout, Rangef, ScrollArea, Ui, UiBuilder, vec2};
use session::commands::ShellAction;
use session::{Class, CompareCommand, ComparisonSnapshot, PairId, PairRow, Significance, Snapshot};
use ui_kit::{
    Button, Dropdown, Icon, IconWeight, Kind, MenuItem, Segment, Segmented, Theme, icon_label,
    section_title, size, space, t, t_args, text_label, with_tip,
};

use super::columns::{Columns, heads_ui};
use super::row::{Follow, RowPlace, ghost_ui, row_ui};
use crate::Action;
use crate::bar::sides;
use crate::metrics::is_compact;
use crate::verdict::{agrees, class_icon, class_tint, class_word, differs, section_word};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Filter {
    #[default]
    All,
    Differ,
    Agree,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Order {
    #[default]
    Report,
    Significance,
}

impl Order {
    fn word(self) -> &'static str {
        match self {
            Self::Report => t("compare.order.report"),
            Self::Significance => t("compare.order.significance"),
        }
    }
}

/// The list, with what only the window knows.
#[derive(Debug, Default)]
pub(super) struct Rows {
    filter: Filter,
    order: Order,
    /// The row that the list has been scrolled to.
    scrolled_to: Option<PairId>,
}

impl Rows {
    /// Draws the list over the whole of `ui`.
    pub(super) fn rows_ui(
        &mut self,
        s: &Snapshot,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let Some((case, comparison)) = s
            .case
            .as_deref()
            .and_then(|case| Some((case, case.comparison.as_ref()?)))
        else {
            return;
        };
        ui.spacing_mut().item_spacing = vec2(space::MEDIUM, 0.0);
        let across = ui.max_rect().x_range();
        let across = Rangef::new(across.min + 16.0, across.max - 16.0);
        let columns = Columns::within(across);
        self.filter_ui(comparison, ui, theme, out);
        let (_, head) = ui.allocate_space(vec2(ui.available_width(), 24.0));
        heads_ui(case, comparison, (head, columns), ui, theme);
        let shown = self.shown(comparison);
        let scroll = self.scrolled_to != s.selected_pair;
        self.scrolled_to = s.selected_pair;
        ScrollArea::vertical()
            .id_salt("rows")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                ui.add_space(4.0);
                if shown.is_empty() {
                    ui.horizontal(|ui| {
                        ui.add_space(16.0);
                        text_label(ui, t("compare.no_rows"), Kind::BODY, theme.t3);
                    });
                }
                let mut group = None;
                let mut n_second = 0;
                for row in &shown {
                    let section = row.first.as_ref().map(|statement| statement.section);
                    if self.order == Order::Report && group != Some(section) {
                        group = Some(section);
                        group_ui(section, &shown, across, ui);
                    }
                    n_second += u32::from(row.second_text.is_some());
                    let is_selected = Some(row.pair.id) == s.selected_pair;
                    let follow = if scroll && is_selected {
                        Follow::Scroll
                    } else {
                        Follow::Stay
                    };
                    let place = RowPlace {
                        columns,
                        n_second,
                        follow,
                    };
                    row_ui(s, (comparison, row), place, (ui, theme), out);
                    ui.add_space(if row.asks { 12.0 } else { 6.0 });
                }
                if comparison.editable && self.filter == Filter::All {
                    rest_ui(comparison, across, ui, out);
                }
            });
        ghost_ui(comparison, ui, theme);
    }

    fn shown<'a>(&self, comparison: &'a ComparisonSnapshot) -> Vec<&'a PairRow> {
        let mut rows: Vec<&PairRow> = comparison
            .rows
            .iter()
            .filter(|row| match self.filter {
                Filter::All => true,
                Filter::Differ => differs(row),
                Filter::Agree => agrees(row),
            })
            .collect();
        if self.order == Order::Significance {
            let weight = |row: &PairRow| {
                let significance = row.verdict.as_ref().and_then(|v| v.significance);
                let grade = significance.map_or(0, |value| 1 + grade(value));
                (row.asks, differs(row), grade)
            };
            rows.sort_by_key(|row| std::cmp::Reverse(weight(row)));
        }
        rows
    }

    fn filter_ui(
        &mut self,
        comparison: &ComparisonSnapshot,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let n = |key: &str, n: usize| t_args(key, &[("n", &n.to_string())]);
        let labels = [
            n("compare.filter.all", comparison.rows.len()),
            n("compare.filter.differ", comparison.n_differ),
            n("compare.filter.agree", comparison.n_agree),
        ];
        let filters = [Filter::All, Filter::Differ, Filter::Agree];
        let compact = is_compact(ui.ctx().content_rect());
        ui.horizontal(|ui| {
            ui.add_space(16.0);
            ui.vertical(|ui| {
                ui.set_width(ui.available_width() - 16.0);
                sides(
                    ui,
                    40.0,
                    out,
                    |ui, _| {
                        let segments = labels.each_ref().map(|label| Segment::new(label));
                        let chosen_idx = filters.iter().position(|filter| *filter == self.filter);
                        let choices = Segmented::new(t("compare.filter"), &segments, chosen_idx);
                        if let Some(filter) = choices.show(ui).and_then(|idx| filters.get(idx)) {
                            self.filter = *filter;
                        }
                        self.order_ui(ui);
                    },
                    |ui, out| legend_ui(compact, ui, theme, out),
                );
            });
        });
    }

    fn order_ui(&mut self, ui: &mut Ui) {
        let label = t_args("compare.order", &[("what", self.order.word())]);
        Dropdown::new(t("compare.order.name"), &label).show(ui, |ui| {
            for order in [Order::Report, Order::Significance] {
                let item = MenuItem::new(order.word()).selected(self.order == order);
                if ui.add(item).clicked() {
                    self.order = order;
                }
            }
        });
    }
}

fn grade(significance: Significance) -> u8 {
    match significance {
        Significance::None => 0,
        Significance::Minor => 1,
        Significance::Moderate => 2,
        Significance::Major => 3,
    }
}

fn group_ui(section: Option<SectionKind>, shown: &[&PairRow], across: Rangef, ui: &mut Ui) {
    let of_section = |row: &&&PairRow| row.first.as_ref().map(|s| s.section) == section;
    let n = shown.iter().filter(of_section).count().to_string();
    let name = section.map_or(t("section.second_only"), section_word);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 20.0));
    let rect = egui::Rect::from_x_y_ranges(across, rect.y_range());
    let layout = Layout::left_to_right(Align::Center);
    let salt = ("group", name);
    let mut child = ui.new_child(UiBuilder::new().id_salt(salt).max_rect(rect).layout(layout));
    section_title(&mut child, name, &n);
    ui.add_space(4.0);
}

/// The letters that are keys, and the whole map of keys behind them.
fn legend_ui(compact: bool, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let all = Button::ghost(t("compare.all_keys")).small();
    if ui.add(all).clicked() {
        out.push(Action::Shell(ShellAction::Shortcuts));
    }
    if compact {
        return;
    }
    let classes = [
        Class::D11,
        Class::D3,
        Class::D6,
        Class::D4,
        Class::D2,
        Class::D1,
        Class::Agree,
    ];
    ui.spacing_mut().item_spacing.x = 4.0;
    for class in classes {
        let letter = class.letter().to_string();
        let label = text_label(ui, &letter, Kind::MONO_SMALL, theme.t3);
        with_tip(label, class_word(class), &[&letter]);
        let color = class_tint(class, theme).ink;
        icon_label(
            ui,
            class_icon(class),
            IconWeight::Regular,
            size::ICON_INLINE,
            color,
        );
        ui.add_space(6.0);
    }
}

/// Agrees with all that remain, where something remains.
fn rest_ui(comparison: &ComparisonSnapshot, across: Rangef, ui: &mut Ui, out: &mut Vec<Action>) {
    let n = super::agree::n_remaining(comparison);
    if n == 0 {
        return;
    }
    ui.horizontal(|ui| {
        ui.add_space(across.min - ui.max_rect().left());
        let label = t_args("compare.agree_rest_n", &[("n", &n.to_string())]);
        let button = Button::new(&label).icon(Icon::Checks).keys(&["Shift", "A"]);
        if ui.add(button).clicked() {
            out.push(CompareCommand::AgreeWithRemaining.into());
        }
    });
    ui.add_space(12.0);
}
