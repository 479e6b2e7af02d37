use egui::{Align, Layout, Ui, vec2};
use session::commands::COMMANDS;
use session::{BindCommand, Command, MouseAction, MouseChord, Snapshot, Taking};
use ui_kit::{
    Icon, IconButton, IconWeight, Kind, ListRow, Theme, check_box, icon_label, key_caps, size,
    space, t, t_args, text_label,
};

use super::asking::{Step, Wanted};
use super::{HandsPanel, Shown, Target};
use crate::Action;
use crate::keys::{as_caps, icon_of, shortcut_caps, title_of};
use crate::shortcuts::{GROUPS, gesture_caps};

/// Height of a row, points.
const ROW: f32 = 36.0;

/// A key or a gesture of a row, with what takes it away.
struct Binding {
    caps: Vec<String>,
    without: Wanted,
}

impl HandsPanel {
    /// Every command with its keys, or every action with its gestures.
    pub(super) fn list_ui(
        &mut self,
        s: &Snapshot,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let mut is_empty = true;
        match self.shown {
            Shown::Keys => {
                for (name, icon, title) in GROUPS {
                    let rows = COMMANDS.iter().filter(|spec| spec.group == name);
                    let rows: Vec<_> = rows
                        .map(|spec| (Target::Command(spec), bindings_of_command(s, spec.id)))
                        .filter(|(target, bindings)| self.fits(*target, bindings))
                        .collect();
                    if rows.is_empty() {
                        continue;
                    }
                    is_empty = false;
                    heading_ui(ui, theme, icon, t(title));
                    for (target, bindings) in rows {
                        self.row_ui(s, (target, bindings), ui, theme, out);
                    }
                }
            }
            Shown::Mouse => {
                level_ui(s, ui, out);
                let actions = MouseAction::ALL.into_iter();
                for action in actions.filter(|action| *action != MouseAction::Nothing) {
                    let target = Target::Action(action);
                    let bindings = bindings_of_action(s, action);
                    if self.fits(target, &bindings) {
                        is_empty = false;
                        self.row_ui(s, (target, bindings), ui, theme, out);
                    }
                }
            }
        }
        if is_empty {
            ui.add_space(16.0);
            ui.horizontal(|ui| {
                ui.add_space(space::DIALOG);
                text_label(ui, t("palette.nothing"), Kind::BODY, theme.t3);
            });
        }
        ui.add_space(8.0);
    }

    fn fits(&self, target: Target, bindings: &[Binding]) -> bool {
        let wanted = self.text.trim().to_lowercase();
        let is_key = |binding: &Binding| binding.caps.join("+").to_lowercase() == wanted;
        wanted.is_empty()
            || target.words().to_lowercase().contains(&wanted)
            || bindings.iter().any(is_key)
    }

    /// One row. A press on it waits for a key or a gesture to add.
    fn row_ui(
        &mut self,
        s: &Snapshot,
        (target, bindings): (Target, Vec<Binding>),
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let is_chosen = self.step.target().is_some_and(|chosen| chosen.is(target));
        let waits = matches!(self.step, Step::Waits(_)) && is_chosen;
        let mut wanted = None;
        let row = ListRow::new(target.words())
            .height(ROW)
            .selected(is_chosen)
            .show(ui, |ui| {
                ui.add_space(space::DIALOG - 12.0);
                let (place, _) = ui.allocate_exact_size(vec2(18.0, 18.0), egui::Sense::hover());
                if let Target::Command(spec) = target
                    && let Some(icon) = icon_of(spec)
                {
                    let builder = egui::UiBuilder::new().max_rect(place);
                    let weight = IconWeight::Regular;
                    icon_label(
                        &mut ui.new_child(builder),
                        icon,
                        weight,
                        size::ICON,
                        theme.t2,
                    );
                }
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    ui.add_space(space::DIALOG - 12.0);
                    wanted = bindings_ui(s, target, &bindings, is_chosen, ui, theme);
                    if waits {
                        let word = match target {
                            Target::Command(_) => t("hands.press_now"),
                            Target::Action(_) => t("hands.do_now"),
                        };
                        text_label(ui, word, Kind::LABEL.medium(), theme.ac);
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        text_label(ui, target.words(), Kind::BODY, theme.t1);
                    });
                });
            });
        match wanted {
            Some(wanted) => self.want(s, target, wanted, out),
            None if row.response.clicked() => self.step = Step::Waits(target),
            None => {}
        }
    }
}

/// The keys of a row, the last first since the row is laid out from the right. Of a chosen row each can be taken away, and
/// what was changed can be put back.
fn bindings_ui(
    s: &Snapshot,
    target: Target,
    bindings: &[Binding],
    is_chosen: bool,
    ui: &mut Ui,
    theme: &Theme,
) -> Option<Wanted> {
    let mut wanted = None;
    if is_changed(s, target) {
        let name = t_args("hands.reset_one", &[("what", target.words())]);
        if ui
            .add(IconButton::small(Icon::ArrowCounterClockwise, &name))
            .clicked()
        {
            wanted = Some(Wanted::Reset);
        }
    }
    for (i, binding) in bindings.iter().enumerate().rev() {
        if is_chosen {
            let key = binding.caps.join("+");
            let name = t_args(
                "hands.take_away",
                &[("key", &key), ("what", target.words())],
            );
            if ui.add(IconButton::small(Icon::X, &name)).clicked() {
                wanted = Some(binding.without.clone());
            }
        }
        let caps = as_caps(&binding.caps);
        ui.horizontal(|ui| key_caps(ui, &caps));
        if 0 < i {
            text_label(ui, t("keys.or"), Kind::HINT, theme.t3);
        }
    }
    wanted
}

fn bindings_of_command(s: &Snapshot, id: &str) -> Vec<Binding> {
    let keys = s.bindings.keys(id);
    let without = |gone| keys.iter().copied().filter(|key| *key != gone).collect();
    let binding = |key: &session::commands::Shortcut| Binding {
        caps: shortcut_caps(key),
        without: Wanted::Keys(without(*key)),
    };
    keys.iter().map(binding).collect()
}

fn bindings_of_action(s: &Snapshot, action: MouseAction) -> Vec<Binding> {
    let chords = s.bindings.gestures().filter(|(_, done)| *done == action);
    let binding = |chord: MouseChord| Binding {
        caps: gesture_caps(chord),
        without: Wanted::Gesture(chord, MouseAction::Nothing),
    };
    chords.map(|(chord, _)| binding(chord)).collect()
}

fn is_changed(s: &Snapshot, target: Target) -> bool {
    match target {
        Target::Command(spec) => s.bindings.keys(spec.id) != s.bindings_origin.keys(spec.id),
        Target::Action(action) => {
            let of = |bindings: &session::Bindings| -> Vec<MouseChord> {
                let chords = bindings.gestures().filter(|(_, done)| *done == action);
                chords.map(|(chord, _)| chord).collect()
            };
            of(&s.bindings) != of(&s.bindings_origin)
        }
    }
}

fn heading_ui(ui: &mut Ui, theme: &Theme, icon: Icon, title: &str) {
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        ui.set_min_height(28.0);
        ui.add_space(space::DIALOG);
        icon_label(ui, icon, IconWeight::Regular, size::ICON, theme.ac);
        text_label(ui, title, Kind::CONTROL.semibold(), theme.t1);
    });
}

/// Which way a drag turns the level.
fn level_ui(s: &Snapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        ui.set_min_height(ROW);
        ui.add_space(space::DIALOG);
        let mut is_inverted = s.bindings.invert_level;
        if check_box(ui, &mut is_inverted, t("hands.invert_level")).changed() {
            out.push(Command::InvertLevel.into());
        }
    });
}

/// What a wanted change of a target is as a command.
pub(super) fn command_of(target: Target, wanted: &Wanted, taking: Taking) -> BindCommand {
    match (target, wanted) {
        (_, Wanted::Gesture(chord, action)) => BindCommand::SetGesture {
            chord: *chord,
            action: *action,
            taking,
        },
        (Target::Command(spec), Wanted::Keys(keys)) => BindCommand::SetKeys {
            command: spec.id.to_owned(),
            keys: keys.clone(),
            taking,
        },
        (Target::Command(spec), Wanted::Reset) => BindCommand::ResetKeys {
            command: spec.id.to_owned(),
            taking,
        },
        (Target::Action(action), Wanted::Reset | Wanted::Keys(_)) => {
            BindCommand::ResetGestures { action, taking }
        }
    }
}

/// A command as a sentence names it.
pub(super) fn title_of_id(id: &str) -> &str {
    match crate::keys::command(id) {
        Some(spec) => title_of(spec),
        None => id,
    }
}
