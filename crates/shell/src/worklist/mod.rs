//! All cases: what needs the reader, filters, the table and a preview. Before the first case: how to begin.

mod filters;
mod first_start;
mod preview;
mod row;
mod table;
mod words;

use egui::{Rect, Stroke, Ui, UiBuilder, pos2, vec2};
use session::commands::ShellAction;
use session::{Command, Due, Grouping, ListCommand, ListView, PicturesBy, Snapshot, WorklistRow};
use ui_kit::{
    Button, Dropdown, Icon, IconWeight, Kind, MenuItem, SearchField, Theme, icon_label,
    menu_heading, menu_separator, size, t, t_args, text_label, with_tip,
};

use crate::Action;
use crate::bar::sides_in;
use crate::keys::{as_caps, keys_of};
use crate::metrics::is_compact;
use table::Table;
pub(crate) use words::grouping_key;

/// Height of the bar with the search.
const HEAD: f32 = 48.0;
/// Widths of filters and preview, points.
const FILTERS: f32 = 204.0;
const PREVIEW: f32 = 400.0;

/// The worklist. What is listed is asked of the session; here is only what the window itself knows.
#[derive(Default)]
pub(crate) struct Worklist {
    /// What is typed into the search.
    search: String,
    table: Table,
    first_start: first_start::FirstStart,
    /// In a narrow window the preview covers the table while it is asked for.
    shows_preview: bool,
    /// The row that was last asked a preview for without a press.
    asked_for: Option<WorklistRow>,
}

/// Asks for another list.
fn show(view: ListView) -> Action {
    Command::List(ListCommand::Show(Box::new(view))).into()
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
            filters::filters_ui(s, &mut child, theme, out);
        }
        let middle = column(below.left() + left, below.right() - right);
        self.keep_preview(s, out);
        let mut child = ui.new_child(UiBuilder::new().id_salt("table").max_rect(middle));
        self.table.table_ui(s, &mut child, theme, out);
        if has_preview {
            let rect = column(below.right() - right, below.right());
            let mut child = ui.new_child(UiBuilder::new().id_salt("preview").max_rect(rect));
            child.set_clip_rect(rect.intersect(ui.clip_rect()));
            preview::preview_ui(s, &mut child, theme, out);
        }
    }

    /// Previews the first row while none is chosen, and the chosen one anew when its case has moved on.
    fn keep_preview(&mut self, s: &Snapshot, out: &mut Vec<Action>) {
        let wanted = match &s.preview {
            None => s.list.row(0),
            Some(preview) => {
                let row = s.worklist.position(&preview.row.id);
                row.and_then(|row_idx| s.worklist.row(row_idx))
                    .filter(|row| *row != preview.row)
            }
        };
        if let Some(row) = wanted.filter(|row| self.asked_for.as_ref() != Some(row)) {
            out.push(Command::SelectCase(Some(row.id.clone())).into());
            self.asked_for = Some(row);
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
            |ui, (worklist, out)| worklist.search_ui((s, compact), ui, out),
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

    fn search_ui(&mut self, (s, compact): (&Snapshot, bool), ui: &mut Ui, out: &mut Vec<Action>) {
        let typing = ui.ctx().text_edit_focused();
        let width = if compact { 220.0 } else { 300.0 };
        let before = self.search.clone();
        let field = SearchField::new(&mut self.search, t("worklist.search"))
            .keys(&["/"])
            .width(width)
            .show(ui);
        if self.search != before {
            let search = self.search.clone();
            let view = s.list_view.clone();
            out.push(show(ListView { search, ..view }));
        } else if !field.has_focus() && self.search != s.list_view.search {
            // A saved view brings its own words.
            self.search.clone_from(&s.list_view.search);
        }
        // The sign is taken out of the input, so that it does not stand in the field that it leads to.
        let slash = |event: &egui::Event| matches!(event, egui::Event::Text(text) if text == "/");
        if !typing && ui.input(|input| input.events.iter().any(slash)) {
            field.request_focus();
        }
        due_ui(s, ui, out);
        grouping_ui(s, ui, out);
        views_ui(s, ui, out);
    }
}

/// When the listed cases are due.
fn due_ui(s: &Snapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    let chosen = s.list_view.due;
    let word = match chosen {
        None => t("worklist.due_any").to_owned(),
        Some(due) => t_args("worklist.due", &[("what", t(words::due_key(due)))]),
    };
    Dropdown::new(t("worklist.column.due"), &word)
        .menu_width(200.0)
        .show(ui, |ui| {
            let choices = [None].into_iter().chain(Due::ALL.map(Some));
            for choice in choices {
                let word = choice.map_or("worklist.due.any", words::due_key);
                let item = MenuItem::new(t(word)).selected(choice == chosen);
                if ui.add(item).clicked() {
                    let view = s.list_view.clone();
                    out.push(show(ListView {
                        due: choice,
                        ..view
                    }));
                }
            }
        });
}

fn grouping_ui(s: &Snapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    let chosen = s.list_view.group_by;
    let word = t_args("worklist.group", &[("what", t(grouping_key(chosen)))]);
    Dropdown::new(t("worklist.grouping"), &word)
        .menu_width(220.0)
        .show(ui, |ui| {
            for choice in Grouping::ALL {
                let item = MenuItem::new(t(grouping_key(choice))).selected(choice == chosen);
                if ui.add(item).clicked() {
                    let view = s.list_view.clone();
                    out.push(show(ListView {
                        group_by: choice,
                        ..view
                    }));
                }
            }
        });
}

/// The views that were saved, and the way to those that will be.
fn views_ui(s: &Snapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    let chosen = s.saved_views.iter().find(|saved| saved.view == s.list_view);
    let word = match chosen {
        Some(saved) => saved.name.as_str(),
        None => t("worklist.view.none"),
    };
    Dropdown::new(t("worklist.view"), word)
        .icon(Icon::ListBullets)
        .menu_width(260.0)
        .show(ui, |ui| {
            let all = MenuItem::new(t("worklist.view.all")).selected(!s.list_view.is_narrowed());
            if ui.add(all).clicked() {
                out.push(show(s.list_view.cleared()));
            }
            for saved in s.saved_views.iter() {
                let is_chosen = chosen.is_some_and(|other| other.name == saved.name);
                if ui
                    .add(MenuItem::new(&saved.name).selected(is_chosen))
                    .clicked()
                {
                    out.push(Command::List(ListCommand::Use(saved.name.clone())).into());
                }
            }
            menu_separator(ui);
            if ui.add(MenuItem::new(t("worklist.view.edit"))).clicked() {
                out.push(Action::Shell(ShellAction::ListViews));
            }
        });
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
