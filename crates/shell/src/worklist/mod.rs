//! All cases: what needs the reader, filters, the table and a preview. Before the first case: how to begin.

mod filters;
mod first_start;
mod kept;
mod preview;
mod row;
mod table;

use std::sync::Arc;

use egui::{Rect, Stroke, Ui, UiBuilder, pos2, vec2};
use session::commands::ShellAction;
use session::{Command, PicturesBy, Snapshot, WorklistRow};
use ui_kit::{
    Button, Dropdown, Icon, IconWeight, Kind, MenuItem, SearchField, Theme, icon_label,
    menu_heading, menu_separator, size, t, t_args, text_label, with_tip,
};

use crate::Action;
use crate::bar::sides_in;
use crate::keys::{as_caps, keys_of};
use crate::metrics::is_compact;
use filters::{Counts, Filters};
use kept::Kept;
use table::{Grouping, Table};

/// Height of the bar with the search.
const HEAD: f32 = 48.0;
/// Widths of filters and preview, points.
const FILTERS: f32 = 204.0;
const PREVIEW: f32 = 400.0;

/// The worklist, with what is searched for and filtered.
#[derive(Default)]
pub(crate) struct Worklist {
    search: String,
    filters: Filters,
    table: Table,
    first_start: first_start::FirstStart,
    /// In a narrow window the preview covers the table while it is asked for.
    shows_preview: bool,
    /// The row that was last asked a preview for without a press.
    asked_for: Option<WorklistRow>,
    listed: Kept<ListKey, Listed>,
    counts: Kept<(Rows, String), Arc<Counts>>,
}

/// What decides which rows are listed.
#[derive(Clone)]
struct ListKey {
    rows: Rows,
    filters: Filters,
    actor: String,
    search: String,
}

/// The rows of the worklist; two are the same when they are one list.
#[derive(Clone)]
struct Rows(Arc<Vec<Arc<WorklistRow>>>);

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl PartialEq for ListKey {
    fn eq(&self, other: &Self) -> bool {
        self.rows == other.rows
            && self.filters == other.filters
            && self.actor == other.actor
            && self.search == other.search
    }
}

/// Indices of the rows that are listed.
#[derive(Clone, Debug)]
pub(super) struct Listed(Arc<Vec<usize>>);

impl Listed {
    pub(super) fn rows(&self) -> &[usize] {
        &self.0
    }
}

impl PartialEq for Listed {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Worklist {
    pub(crate) fn worklist_ui(
        &mut self,
        s: &Snapshot,
        pictures_by: PicturesBy,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        if s.worklist.is_empty() {
            self.first_start
                .first_start_ui(s, pictures_by, ui, theme, out);
            return;
        }
        let body = ui.max_rect();
        let compact = is_compact(body);
        let head = Rect::from_min_size(body.min, vec2(body.width(), HEAD));
        self.head_ui((s, compact), head, ui, theme, out);
        if !ui.ctx().text_edit_focused() && ui.input(|input| input.key_pressed(egui::Key::Space)) {
            self.shows_preview = !self.shows_preview;
        }
        let below = Rect::from_min_max(pos2(body.left(), head.bottom()), body.max);
        let left = if compact { 0.0 } else { FILTERS };
        let has_preview = s.preview.is_some() && (!compact || self.shows_preview);
        let right = if has_preview { PREVIEW } else { 0.0 };
        let column = |from: f32, to: f32| {
            Rect::from_min_max(pos2(from, below.top()), pos2(to, below.bottom()))
        };
        if !compact {
            let rect = column(below.left(), below.left() + left);
            ui.painter().vline(
                rect.right() - 0.5,
                rect.y_range(),
                Stroke::new(1.0, theme.st1),
            );
            let mut child = ui.new_child(UiBuilder::new().id_salt("filters").max_rect(rect));
            let key = (Rows(Arc::clone(&s.worklist)), s.actor.clone());
            let counts = self
                .counts
                .get(key, |(rows, actor)| Arc::new(Counts::of(&rows.0, actor)));
            self.filters.filters_ui(&counts, &mut child, theme);
        }
        let middle = column(below.left() + left, below.right() - right);
        let key = ListKey {
            rows: Rows(Arc::clone(&s.worklist)),
            filters: self.filters.clone(),
            actor: s.actor.clone(),
            search: self.search.clone(),
        };
        let listed = self.listed.get(key, |key| {
            let rows = key.rows.0.iter().enumerate();
            let passes = |row: &WorklistRow| key.filters.lets_pass(row, &key.actor, &key.search);
            let listed = rows.filter(|(_, row)| passes(row)).map(|(idx, _)| idx);
            Listed(Arc::new(listed.collect()))
        });
        self.keep_preview(s, listed.rows(), out);
        let mut child = ui.new_child(UiBuilder::new().id_salt("table").max_rect(middle));
        self.table.table_ui(s, &listed, &mut child, theme, out);
        if has_preview {
            let rect = column(below.right() - right, below.right());
            let mut child = ui.new_child(UiBuilder::new().id_salt("preview").max_rect(rect));
            child.set_clip_rect(rect.intersect(ui.clip_rect()));
            preview::preview_ui(s, &mut child, theme, out);
        }
    }

    /// Previews the first row while none is chosen, and the chosen one anew when its case has moved on.
    fn keep_preview(&mut self, s: &Snapshot, rows: &[usize], out: &mut Vec<Action>) {
        let wanted = match &s.preview {
            None => rows.first().and_then(|row_idx| s.worklist.get(*row_idx)),
            Some(preview) => s
                .worklist
                .iter()
                .find(|row| row.id == preview.row.id && ***row != preview.row),
        };
        if let Some(row) = wanted.filter(|row| self.asked_for.as_ref() != Some(*row)) {
            self.asked_for = Some(row.as_ref().clone());
            out.push(Command::SelectCase(Some(row.id.clone())).into());
        }
    }

    fn head_ui(
        &mut self,
        (s, compact): (&Snapshot, bool),
        rect: Rect,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        ui.painter().hline(
            rect.x_range(),
            rect.bottom() - 0.5,
            Stroke::new(1.0, theme.st1),
        );
        let mut state = (self, out);
        sides_in(
            ui,
            rect.shrink2(vec2(12.0, 0.0)),
            &mut state,
            |ui, (worklist, _)| worklist.search_ui(ui),
            |ui, (_, out)| {
                for (id, key, icon, action) in [
                    (
                        "open_archive",
                        "action.open_zip",
                        Icon::FileZip,
                        ShellAction::OpenArchive,
                    ),
                    (
                        "open_folder",
                        "action.open_folder",
                        Icon::FolderOpen,
                        ShellAction::OpenFolder,
                    ),
                ] {
                    let keys = keys_of(s, id);
                    let caps = as_caps(&keys);
                    let button = match action {
                        ShellAction::OpenFolder => Button::primary(t(key)),
                        _ => Button::new(t(key)),
                    };
                    if ui.add(button.icon(icon).tip(t(key), &caps)).clicked() {
                        out.push(Action::Shell(action));
                    }
                }
                protocol_ui(s, ui, out);
                if !compact {
                    ui.add_space(8.0);
                    text_label(ui, t("worklist.drop"), Kind::LABEL, theme.t2);
                    icon_label(
                        ui,
                        Icon::UploadSimple,
                        IconWeight::Regular,
                        size::ICON_INLINE,
                        theme.t2,
                    );
                }
            },
        );
    }

    fn search_ui(&mut self, ui: &mut Ui) {
        let typing = ui.ctx().text_edit_focused();
        let field = SearchField::new(&mut self.search, t("worklist.search"))
            .keys(&["/"])
            .width(380.0)
            .show(ui);
        // The sign is taken out of the input, so that it does not stand in the field that it leads to.
        let slash = |event: &egui::Event| matches!(event, egui::Event::Text(text) if text == "/");
        if !typing && ui.input(|input| input.events.iter().any(slash)) {
            field.request_focus();
        }
        let grouping = self.table.grouping;
        let word = t_args("worklist.group", &[("what", t(grouping.key()))]);
        Dropdown::new(t("worklist.grouping"), &word)
            .menu_width(220.0)
            .show(ui, |ui| {
                for choice in [Grouping::NeedsYou, Grouping::Stage, Grouping::None] {
                    if ui
                        .add(MenuItem::new(t(choice.key())).selected(choice == grouping))
                        .clicked()
                    {
                        self.table.grouping = choice;
                    }
                }
            });
    }
}

/// The protocol that the next case is begun by.
pub(super) fn protocol_ui(s: &Snapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    let chosen = s.protocols.iter().find(|choice| choice.id == s.protocol);
    let label = chosen.map_or("", |choice| choice.name.as_str());
    Dropdown::new(t("worklist.protocol"), label)
        .icon(Icon::ClipboardText)
        .menu_width(520.0)
        .show(ui, |ui| {
            menu_heading(ui, t("worklist.protocol"));
            for choice in s.protocols.iter() {
                let item = MenuItem::new(&choice.name).selected(choice.id == s.protocol);
                if with_tip(ui.add(item), &choice.purpose, &[]).clicked() {
                    out.push(Command::ChooseProtocol(choice.id.clone()).into());
                }
            }
            menu_separator(ui);
            for (key, icon, action) in [
                ("protocols.edit", Icon::PencilSimple, ShellAction::Protocols),
                ("command.draw", Icon::UserPlus, ShellAction::Draw),
                ("command.roster", Icon::Users, ShellAction::Roster),
            ] {
                if ui.add(MenuItem::new(t(key)).icon(icon)).clicked() {
                    out.push(Action::Shell(action));
                }
            }
        });
}
