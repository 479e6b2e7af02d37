//! A field for a path: beside the desktop's dialog, and in its place where there is none.

use std::path::PathBuf;

use egui::{Key, Margin, Ui};
use session::{BindCommand, Command};
use ui_kit::{Button, Dialog, Icon, Kind, TextField, Theme, space, t, wrapped_label};

use super::picker::{Answer, Picker, Purpose};
use crate::Action;
use crate::bar::sides;

/// The field, with what is typed.
#[derive(Debug, Default)]
pub(super) struct OpenBox {
    purpose: Option<Purpose>,
    path: String,
    wants_focus: bool,
    /// Is there no dialog of the desktop?
    is_alone: bool,
}

impl OpenBox {
    /// Shows the field.
    pub(super) fn open(&mut self, purpose: Purpose) {
        *self = Self {
            purpose: Some(purpose),
            wants_focus: true,
            ..Self::default()
        };
    }

    /// Is it on screen?
    pub(super) fn is_open(&self) -> bool {
        self.purpose.is_some()
    }

    /// Takes what the desktop's dialog said.
    pub(super) fn take_answer(&mut self, purpose: Purpose, answer: Answer, out: &mut Vec<Action>) {
        match answer {
            Answer::Path(path) => {
                out.extend(command(purpose, path));
                self.purpose = None;
            }
            Answer::Cancelled => self.purpose = None,
            Answer::Missing => self.is_alone = true,
        }
    }

    /// Draws the field while it is open.
    pub(super) fn open_ui(
        &mut self,
        picker: &mut Picker,
        ui: &Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let Some(purpose) = self.purpose else {
            return;
        };
        let (icon, title) = match purpose {
            Purpose::Folder => (Icon::FolderOpen, t("open.folder.title")),
            Purpose::Archive => (Icon::FileZip, t("open.archive.title")),
            Purpose::Report => (Icon::NotePencil, t("import.attach")),
            Purpose::ImportBindings => (Icon::DownloadSimple, t("hands.import_title")),
            Purpose::ExportBindings => (Icon::UploadSimple, t("hands.export_title")),
            Purpose::ExportFolder => return,
        };
        let mut open = true;
        let path = Dialog::new(title, t("action.close"))
            .icon(icon)
            .width(620.0)
            .show(ui.ctx(), &mut open, |ui| {
                let margin = Margin::same(space::DIALOG as i8);
                let frame = egui::Frame::new().inner_margin(margin);
                frame
                    .show(ui, |ui| self.body_ui(purpose, picker, ui, theme))
                    .inner
            })
            .flatten();
        if let Some(path) = path {
            out.extend(command(purpose, path));
            open = false;
        }
        if !open {
            self.purpose = None;
        }
    }

    /// The path that was entered, when it was.
    fn body_ui(
        &mut self,
        purpose: Purpose,
        picker: &mut Picker,
        ui: &mut Ui,
        theme: &Theme,
    ) -> Option<PathBuf> {
        ui.spacing_mut().item_spacing.y = 8.0;
        let words = match (picker.is_open(), self.is_alone) {
            (true, _) => t("open.beside"),
            (false, true) => t("open.alone"),
            (false, false) => t("open.path.hint"),
        };
        wrapped_label(ui, words, Kind::BODY, theme.t2);
        let hint = match purpose {
            Purpose::Report => t("open.path.report"),
            Purpose::Archive => t("open.path.archive"),
            Purpose::ImportBindings | Purpose::ExportBindings => t("hands.path"),
            Purpose::Folder | Purpose::ExportFolder => t("open.path.folder"),
        };
        let field = TextField::new(&mut self.path, t("open.path"))
            .hint(hint)
            .icon(Icon::FolderOpen)
            .mono()
            .show(ui);
        if std::mem::take(&mut self.wants_focus) {
            field.request_focus();
        }
        let is_entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let path = self.path.trim().to_owned();
        let mut is_pressed = false;
        sides(
            ui,
            36.0,
            &mut is_pressed,
            |ui, _| {
                let choose = Button::new(t("action.choose")).icon(Icon::FolderOpen);
                if ui.add_enabled(!picker.is_open(), choose).clicked() {
                    picker.ask(purpose);
                }
            },
            |ui, is_pressed| {
                let label = match purpose {
                    Purpose::Report => t("open.attach"),
                    Purpose::ExportBindings => t("hands.write"),
                    Purpose::Folder
                    | Purpose::Archive
                    | Purpose::ExportFolder
                    | Purpose::ImportBindings => t("action.open"),
                };
                *is_pressed = ui
                    .add_enabled(!path.is_empty(), Button::primary(label))
                    .clicked();
            },
        );
        let is_wanted = (is_entered || is_pressed) && !path.is_empty();
        is_wanted.then(|| PathBuf::from(path))
    }
}

fn command(purpose: Purpose, path: PathBuf) -> Option<Action> {
    match purpose {
        Purpose::Folder | Purpose::Archive => Some(Command::OpenPaths(vec![path]).into()),
        Purpose::Report => Some(Command::AttachReport(path).into()),
        Purpose::ImportBindings => Some(Command::Bind(BindCommand::Import(path)).into()),
        Purpose::ExportBindings => Some(Command::Bind(BindCommand::Export(path)).into()),
        Purpose::ExportFolder => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_the_command_of_its_purpose() {
        let path = PathBuf::from("ct");
        let mut box_ = OpenBox::default();
        for (purpose, expected) in [
            (Purpose::Folder, Command::OpenPaths(vec![path.clone()])),
            (Purpose::Archive, Command::OpenPaths(vec![path.clone()])),
            (Purpose::Report, Command::AttachReport(path.clone())),
            (
                Purpose::ImportBindings,
                Command::Bind(BindCommand::Import(path.clone())),
            ),
            (
                Purpose::ExportBindings,
                Command::Bind(BindCommand::Export(path.clone())),
            ),
        ] {
            let mut out = Vec::new();
            box_.open(purpose);
            box_.take_answer(purpose, Answer::Path(path.clone()), &mut out);
            assert_eq!(out, [Action::Session(expected)]);
            assert_eq!(box_.purpose, None);
        }
    }

    #[test]
    fn the_field_stays_where_the_desktop_has_no_dialog() {
        let mut box_ = OpenBox::default();
        let mut out = Vec::new();
        box_.open(Purpose::Folder);
        box_.take_answer(Purpose::Folder, Answer::Missing, &mut out);
        assert!(out.is_empty() && box_.is_alone && box_.purpose.is_some());
        box_.take_answer(Purpose::Folder, Answer::Cancelled, &mut out);
        assert_eq!(box_.purpose, None);
    }
}
