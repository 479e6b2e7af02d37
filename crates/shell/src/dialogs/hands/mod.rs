//! Keys and mouse: which profile is used, what every key and gesture does, and changing that by pressing them.

mod asking;
mod gesture;
mod list;
mod pressed;

use egui::{Margin, ScrollArea, Stroke, Ui, pos2, vec2};
use session::commands::CommandSpec;
use session::{BindCommand, Command, MouseAction, Snapshot};
use ui_kit::{
    Button, Dialog, Dropdown, Icon, Kind, MenuItem, SearchField, Segment, Segmented, Theme, space,
    t, t_args, text_label,
};

use super::picker::Purpose;
use crate::Action;
use crate::bar::sides;
use crate::keys::title_of;
use asking::Step;

/// Width of the dialog, points.
const WIDTH: f32 = 780.0;
/// Height of head, profile, foot and of the gap below, points.
const AROUND: f32 = 210.0;

/// Which half is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shown {
    #[default]
    Keys,
    Mouse,
}

/// What gets a key or a gesture.
#[derive(Clone, Copy)]
enum Target {
    Command(&'static CommandSpec),
    Action(MouseAction),
}

impl Target {
    fn is(self, other: Self) -> bool {
        match (self, other) {
            (Self::Command(a), Self::Command(b)) => a.id == b.id,
            (Self::Action(a), Self::Action(b)) => a == b,
            (Self::Command(_), Self::Action(_)) | (Self::Action(_), Self::Command(_)) => false,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Command(spec) => title_of(spec),
            Self::Action(action) => crate::shortcuts::action_words(action),
        }
    }
}

/// The dialog, closed at first.
#[derive(Default)]
pub(super) struct HandsPanel {
    is_open: bool,
    shown: Shown,
    text: String,
    step: Step,
    pad: gesture::Pad,
}

impl HandsPanel {
    /// Is it on screen?
    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Shows it.
    pub(super) fn open(&mut self) {
        *self = Self {
            is_open: true,
            ..Self::default()
        };
    }

    /// Does it wait for a key, so that no key is a command?
    pub(super) fn takes_keys(&self) -> bool {
        self.is_open && matches!(self.step, Step::Waits(_))
    }

    /// Draws it while it is open; the answer is a path that is wanted.
    pub(super) fn hands_ui(
        &mut self,
        s: &Snapshot,
        ui: &Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) -> Option<Purpose> {
        if !self.is_open {
            return None;
        }
        if let Step::Waits(target) = self.step {
            self.take_pressed(s, ui.ctx(), target, out);
        }
        let room = ui.ctx().content_rect();
        let width = WIDTH.min(room.width() - 48.0);
        let top = room.top() + (room.height() * 0.09).min(104.0);
        let at = pos2(room.center().x - width / 2.0, top);
        let list_height =
            (room.bottom() - top - AROUND - asking::step_height(self.shown)).clamp(140.0, 560.0);
        let mut open = true;
        let mut wanted = None;
        Dialog::new(t("hands.title"), t("action.close"))
            .subtitle(&t_args("hands.of", &[("name", &s.actor)]))
            .icon(Icon::Keyboard)
            .width(width)
            .top_left(at)
            .show(ui.ctx(), &mut open, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                self.head_ui(s, ui, theme, out);
                ScrollArea::vertical()
                    .id_salt(("hands", self.shown == Shown::Keys))
                    .max_height(list_height)
                    .min_scrolled_height(list_height)
                    .auto_shrink([false, false])
                    .show(ui, |ui| self.list_ui(s, ui, theme, out));
                self.step_ui(s, ui, theme, out);
                wanted = self.foot_ui(s, ui);
            });
        self.is_open = open;
        if ui.input(|input| crate::focus::has_input(&input.events)) {
            // What was pressed changes rows that were drawn before it.
            ui.ctx().request_repaint();
        }
        wanted
    }

    /// The profile, which half is shown, and the search.
    fn head_ui(&mut self, s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 52.0));
        let row = rect.shrink2(vec2(space::DIALOG, 0.0));
        crate::bar::sides_in(
            ui,
            row,
            &mut (self, out),
            |ui, (_, out)| profile_ui(s, ui, theme, out),
            |ui, (panel, _)| {
                let segments = [t("hands.keys"), t("hands.mouse")].map(Segment::new);
                let halves = [Shown::Keys, Shown::Mouse];
                let at = halves.iter().position(|half| *half == panel.shown);
                let chosen = Segmented::new(t("hands.which"), &segments, at).show(ui);
                if let Some(half) = chosen.and_then(|at| halves.get(at)) {
                    panel.shown = *half;
                    panel.step = Step::Rest;
                }
                SearchField::new(&mut panel.text, t("hands.find"))
                    .width(220.0)
                    .show(ui);
            },
        );
        let line = Stroke::new(1.0, theme.st1);
        ui.painter()
            .hline(rect.x_range(), rect.bottom() - 0.5, line);
    }

    /// Files, and back to how it came. The answer is the path that is wanted.
    fn foot_ui(&mut self, s: &Snapshot, ui: &mut Ui) -> Option<Purpose> {
        let mut wanted = None;
        let margin = Margin::symmetric(space::DIALOG as i8, 10);
        egui::Frame::new().inner_margin(margin).show(ui, |ui| {
            sides(
                ui,
                32.0,
                &mut (self, &mut wanted),
                |ui, (panel, wanted)| {
                    let import = Button::new(t("hands.import")).icon(Icon::DownloadSimple);
                    if ui.add(import).clicked() {
                        **wanted = Some(Purpose::ImportBindings);
                    }
                    let export = Button::new(t("hands.export")).icon(Icon::UploadSimple);
                    if ui.add(export).clicked() {
                        **wanted = Some(Purpose::ExportBindings);
                    }
                    let remove = Button::ghost(t("hands.remove")).icon(Icon::Trash);
                    if is_imported(s) && ui.add(remove).clicked() {
                        panel.step = Step::Asks {
                            text: t_args("hands.ask_remove", &[("name", &s.bindings.name)]),
                            yes: t("hands.remove"),
                            change: BindCommand::Remove(s.bindings.name.clone()),
                        };
                    }
                },
                |ui, (panel, _)| {
                    let is_changed = s.bindings != s.bindings_origin;
                    let reset = Button::new(t("hands.reset_all")).icon(Icon::ArrowCounterClockwise);
                    if ui.add_enabled(is_changed, reset).clicked() {
                        panel.step = Step::Asks {
                            text: t_args("hands.ask_reset", &[("name", &s.bindings.name)]),
                            yes: t("hands.reset_all"),
                            change: BindCommand::ResetAll,
                        };
                    }
                },
            );
        });
        wanted
    }
}

/// Was the profile in use read from a file?
fn is_imported(s: &Snapshot) -> bool {
    let mut profiles = s.binding_profiles.iter();
    profiles.any(|profile| profile.name == s.bindings.name && profile.is_imported)
}

/// Which profile is used.
fn profile_ui(s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    text_label(ui, t("hands.profile"), Kind::LABEL, theme.t2);
    let changed = |is_changed: bool| match is_changed {
        true => t("hands.changed"),
        false => "",
    };
    Dropdown::new(t("hands.profile"), &s.bindings.name)
        .value(changed(s.bindings != s.bindings_origin))
        .menu_width(260.0)
        .show(ui, |ui| {
            for profile in s.binding_profiles.iter() {
                let row = MenuItem::new(&profile.name)
                    .value(changed(profile.is_changed))
                    .selected(profile.name == s.bindings.name);
                if ui.add(row).clicked() {
                    out.push(Command::UseBindings(profile.name.clone()).into());
                }
            }
        });
}
