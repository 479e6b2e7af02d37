//! Views of the worklist with names: what is listed now is kept under one, and those that are kept are changed.

use egui::{Margin, ScrollArea, Ui};
use session::{Command, ListCommand, Snapshot};
use ui_kit::{
    Button, Card, Dialog, Icon, Kind, TextField, Theme, space, t, text_label, wrapped_label,
};

use crate::Action;
use crate::bar::sides;

/// The panel, with what is typed.
#[derive(Debug, Default)]
pub(super) struct ViewsPanel {
    is_open: bool,
    /// Name of what is listed now.
    name: String,
    /// The view that is being renamed, and its new name.
    renamed: Option<(String, String)>,
}

impl ViewsPanel {
    pub(super) fn open(&mut self) {
        *self = Self {
            is_open: true,
            ..Self::default()
        };
    }

    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    pub(super) fn views_ui(&mut self, s: &Snapshot, ui: &Ui, theme: &Theme, out: &mut Vec<Action>) {
        let mut open = self.is_open;
        Dialog::new(t("views.title"), t("action.close"))
            .icon(Icon::ListBullets)
            .width(680.0)
            .show(ui.ctx(), &mut open, |ui| {
                let margin = Margin::same(space::DIALOG as i8);
                egui::Frame::new().inner_margin(margin).show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 8.0;
                    wrapped_label(ui, t("views.text"), Kind::BODY, theme.t2);
                    self.save_ui(ui, out);
                    ScrollArea::vertical().max_height(360.0).show(ui, |ui| {
                        ui.spacing_mut().item_spacing.y = 6.0;
                        for saved in s.saved_views.iter() {
                            Card::plain(&saved.name)
                                .show(ui, |ui| self.one_ui(s, &saved.name, ui, theme, out));
                        }
                    });
                });
            });
        self.is_open = open;
    }

    fn save_ui(&mut self, ui: &mut Ui, out: &mut Vec<Action>) {
        ui.horizontal(|ui| {
            TextField::new(&mut self.name, t("views.name"))
                .hint(t("views.name"))
                .width(320.0)
                .show(ui);
            let name = self.name.trim().to_owned();
            let save = Button::primary(t("views.save"));
            if ui.add_enabled(!name.is_empty(), save).clicked() {
                out.push(list(ListCommand::Save(name)));
                self.name.clear();
            }
        });
    }

    fn one_ui(
        &mut self,
        s: &Snapshot,
        name: &str,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let is_start = s.start_view.as_deref() == Some(name);
        let mut state = (self, out);
        sides(
            ui,
            30.0,
            &mut state,
            |ui, (panel, _)| match &mut panel.renamed {
                Some((of, to)) if of == name => {
                    TextField::new(to, t("views.new_name"))
                        .width(200.0)
                        .show(ui);
                }
                _ => {
                    text_label(ui, name, Kind::BODY.medium(), theme.t1);
                    if is_start {
                        text_label(ui, t("views.is_start"), Kind::LABEL, theme.t3);
                    }
                }
            },
            |ui, (panel, out)| {
                if ui.add(Button::new(t("views.delete"))).clicked() {
                    out.push(list(ListCommand::Delete(name.to_owned())));
                }
                panel.rename_ui(name, ui, out);
                let (key, start) = match is_start {
                    true => ("views.start.no", None),
                    false => ("views.start.yes", Some(name.to_owned())),
                };
                if ui.add(Button::new(t(key))).clicked() {
                    out.push(list(ListCommand::StartWith(start)));
                }
            },
        );
    }

    fn rename_ui(&mut self, name: &str, ui: &mut Ui, out: &mut Vec<Action>) {
        if !ui.add(Button::new(t("views.rename"))).clicked() {
            return;
        }
        match self.renamed.take_if(|(of, _)| of == name) {
            Some((from, to)) if from != to => {
                out.push(list(ListCommand::Rename { from, to }));
            }
            Some(_) => {}
            None => self.renamed = Some((name.to_owned(), name.to_owned())),
        }
    }
}

fn list(command: ListCommand) -> Action {
    Command::List(command).into()
}
