//! The elements of the image in a view: searched, folded, copied, compared with another image, and beside them what is
//! known of the series.

mod details;
mod table;

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::{Margin, Ui};
use session::{AttributeRow, Beside, Command, LookUp, LookUpCommand, LookUpState, Snapshot};
use ui_kit::{
    Button, Dialog, Dropdown, Icon, Kind, MenuItem, SearchField, Segment, Segmented, Theme, Tone,
    inline_message, menu_separator, space, t, t_args, text_label, wrapped_label,
};

use crate::bar::sides;
use crate::{Action, UiAction};

/// Height of the list, points.
const LIST_HEIGHT: f32 = 420.0;

/// The browser of attributes; it shows while the session has something looked up.
#[derive(Default)]
pub(crate) struct Attributes {
    page: Page,
    search: String,
    /// Paths of the sequences and items that are folded.
    folded: BTreeSet<String>,
    chosen: Option<String>,
    visible: Visible,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Page {
    #[default]
    Elements,
    Series,
}

/// Which rows show, kept until something that decides it changes.
#[derive(Default)]
struct Visible {
    of: Option<Arc<[AttributeRow]>>,
    search: String,
    n_folded: usize,
    idxs: Vec<usize>,
}

impl Attributes {
    /// Draws it while there is something to look up.
    pub(super) fn attributes_ui(
        &mut self,
        s: &Snapshot,
        ui: &Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let Some(look_up) = &s.look_up else {
            self.visible = Visible::default();
            self.chosen = None;
            return;
        };
        let mut open = true;
        Dialog::new(t("attributes.title"), t("action.close"))
            .subtitle(&look_up.title)
            .icon(Icon::Table)
            .width(1040.0)
            .show(ui.ctx(), &mut open, |ui| {
                let margin = Margin::same(space::DIALOG as i8);
                egui::Frame::new().inner_margin(margin).show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 8.0;
                    self.head_ui(s, look_up, ui, out);
                    match self.page {
                        Page::Elements => self.elements_ui(look_up, ui, theme, out),
                        Page::Series => details::details_ui(&look_up.details, ui, theme, out),
                    }
                });
            });
        if !open {
            out.push(Command::LookUp(LookUpCommand::Close).into());
        }
    }

    /// Which page, what to find, and what to compare with.
    fn head_ui(&mut self, s: &Snapshot, look_up: &LookUp, ui: &mut Ui, out: &mut Vec<Action>) {
        ui.horizontal(|ui| {
            let all = [Page::Elements, Page::Series];
            let segments = [t("attributes.elements"), t("attributes.series")].map(Segment::new);
            let at = all.iter().position(|page| *page == self.page);
            let chosen = Segmented::new(t("attributes.page"), &segments, at)
                .width(220.0)
                .show(ui);
            if let Some(page) = chosen.and_then(|i| all.get(i)) {
                self.page = *page;
            }
            if self.page == Page::Elements {
                SearchField::new(&mut self.search, t("attributes.search"))
                    .width(300.0)
                    .show(ui);
                beside_ui(s, look_up, ui, out);
            }
        });
    }

    fn elements_ui(&mut self, look_up: &LookUp, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        if let Some(other) = &look_up.beside_title {
            let words = t_args("attributes.compared", &[("other", other)]);
            wrapped_label(ui, &words, Kind::LABEL, theme.t2);
        }
        let (rows, n_closed, is_whole) = match &look_up.state {
            LookUpState::Reading => {
                text_label(ui, t("attributes.reading"), Kind::BODY, theme.t2);
                ui.add_space(LIST_HEIGHT);
                return;
            }
            LookUpState::Unreadable(text) => {
                inline_message(ui, Tone::Warning, text);
                ui.add_space(LIST_HEIGHT);
                return;
            }
            LookUpState::Read {
                rows,
                n_closed,
                is_whole,
            } => (rows, *n_closed, *is_whole),
        };
        self.follow(rows);
        let compares = look_up.beside.is_some();
        let list = table::Table {
            rows,
            visible: &self.visible.idxs,
            folded: &mut self.folded,
            chosen: &mut self.chosen,
            compares,
        };
        list.table_ui(LIST_HEIGHT, ui, theme, out);
        if 0 < n_closed {
            let words = match n_closed {
                1 => t("attributes.closed_one").to_owned(),
                n => t_args("attributes.closed_count", &[("n", &n.to_string())]),
            };
            inline_message(ui, Tone::Info, &words);
        }
        if !is_whole {
            inline_message(ui, Tone::Warning, t("attributes.not_whole"));
        }
        self.foot_ui(rows, ui, theme, out);
    }

    /// Finds the rows again when the rows, the search or the folding changed.
    fn follow(&mut self, rows: &Arc<[AttributeRow]>) {
        let is_same = self
            .visible
            .of
            .as_ref()
            .is_some_and(|of| Arc::ptr_eq(of, rows));
        let unchanged = is_same
            && self.visible.search == self.search
            && self.visible.n_folded == self.folded.len();
        if unchanged {
            return;
        }
        self.visible = Visible {
            of: Some(Arc::clone(rows)),
            search: self.search.clone(),
            n_folded: self.folded.len(),
            idxs: table::visible_rows(rows, &self.search, &self.folded),
        };
    }

    fn foot_ui(&self, rows: &[AttributeRow], ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        let chosen = self.chosen.as_ref();
        let chosen = chosen.and_then(|path| rows.iter().find(|row| row.path == *path));
        let n_shown = self.visible.idxs.len().to_string();
        let n_all = rows.len().to_string();
        let mut copied: Option<String> = None;
        sides(
            ui,
            36.0,
            &mut copied,
            |ui, _| {
                let words = t_args("attributes.count", &[("n", &n_shown), ("all", &n_all)]);
                text_label(ui, &words, Kind::LABEL, theme.t3);
            },
            |ui, copied| {
                if ui
                    .add(Button::new(t("attributes.copy_all")).icon(Icon::Copy))
                    .clicked()
                {
                    let shown = self.visible.idxs.iter().filter_map(|i| rows.get(*i));
                    let lines: Vec<String> = shown.map(table::line_of).collect();
                    *copied = Some(lines.join("\n"));
                }
                let row = Button::new(t("attributes.copy_row"));
                if ui.add_enabled(chosen.is_some(), row).clicked() {
                    *copied = chosen.map(table::line_of);
                }
                let value = Button::new(t("attributes.copy_value"));
                let words = chosen.map(|row| row.value.to_string());
                let words = words.filter(|words| !words.is_empty());
                if ui.add_enabled(words.is_some(), value).clicked() {
                    *copied = words;
                }
            },
        );
        out.extend(copied.map(|text| UiAction::CopyText(text).into()));
    }
}

/// The image to compare with: the neighbours, other views, and the first of other series.
fn beside_ui(s: &Snapshot, look_up: &LookUp, ui: &mut Ui, out: &mut Vec<Action>) {
    let label = match &look_up.beside {
        None => t("attributes.beside_none"),
        Some(Beside::Step(by)) if *by < 0 => t("attributes.beside_previous"),
        Some(Beside::Step(_)) => t("attributes.beside_next"),
        Some(Beside::FirstOf(_)) => t("attributes.beside_series"),
        Some(Beside::View(_)) => t("attributes.beside_view"),
    };
    let view = look_up.view;
    Dropdown::new(t("attributes.beside"), label)
        .icon(Icon::GitDiff)
        .menu_width(320.0)
        .show(ui, |ui| {
            let mut ask = |beside: Option<Beside>| {
                let asked = LookUpCommand::Attributes { view, beside };
                out.push(Command::LookUp(asked).into());
            };
            if ui.add(MenuItem::new(t("attributes.beside_none"))).clicked() {
                ask(None);
            }
            if ui.add(MenuItem::new(t("attributes.beside_next"))).clicked() {
                ask(Some(Beside::Step(1)));
            }
            if ui
                .add(MenuItem::new(t("attributes.beside_previous")))
                .clicked()
            {
                ask(Some(Beside::Step(-1)));
            }
            menu_separator(ui);
            for other in s.views.iter().filter(|v| v.idx != view && v.key.is_some()) {
                let n = (other.idx.0 + 1).to_string();
                let words = t_args(
                    "attributes.beside_view_of",
                    &[("n", &n), ("series", &other.series_title)],
                );
                if ui.add(MenuItem::new(&words)).clicked() {
                    ask(Some(Beside::View(other.idx)));
                }
            }
            menu_separator(ui);
            for item in s.rail.iter().filter(|item| !item.sealed) {
                let Some(key) = &item.key else { continue };
                let words = t_args("attributes.beside_first_of", &[("series", &item.title)]);
                if ui.add(MenuItem::new(&words)).clicked() {
                    ask(Some(Beside::FirstOf(key.clone())));
                }
            }
        });
}
