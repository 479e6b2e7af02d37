use egui::{Margin, Ui};
use session::commands::Shortcut;
use session::{
    BindCommand, BindingsError, Command, MouseAction, MouseChord, Rebound, Snapshot, Taken, Taking,
};
use ui_kit::{Kind, MessageBar, Theme, Tone, space, t, t_args, text_label};

use super::list::{command_of, title_of_id};
use super::{HandsPanel, Shown, Target};
use crate::Action;
use crate::shortcuts::{action_words, gesture_caps};

/// Height of what stands under the list, points: words for keys, a pad for gestures.
const WORDS: f32 = 66.0;
const PAD: f32 = 104.0;

/// Height of what stands under the list, points.
pub(super) fn step_height(shown: Shown) -> f32 {
    match shown {
        Shown::Keys => WORDS,
        Shown::Mouse => PAD,
    }
}

/// What the reader wants of a row.
#[derive(Clone)]
pub(super) enum Wanted {
    Keys(Vec<Shortcut>),
    Gesture(MouseChord, MouseAction),
    Reset,
}

/// Where a change stands.
#[derive(Default)]
pub(super) enum Step {
    #[default]
    Rest,
    /// For a key or a gesture.
    Waits(Target),
    /// Something would be lost by it.
    Asks {
        text: String,
        yes: &'static str,
        change: BindCommand,
    },
    /// It cannot be, and this is why.
    Refused { target: Target, text: String },
}

impl Step {
    /// The row it is about.
    pub(super) fn target(&self) -> Option<Target> {
        match self {
            Self::Waits(target) | Self::Refused { target, .. } => Some(*target),
            Self::Rest | Self::Asks { .. } => None,
        }
    }
}

impl HandsPanel {
    /// Changes a row at once where nothing is lost by it, and asks otherwise.
    pub(super) fn want(
        &mut self,
        s: &Snapshot,
        target: Target,
        wanted: Wanted,
        out: &mut Vec<Action>,
    ) {
        self.step = match rebound(s, target, &wanted) {
            Err(error) => Step::Refused {
                target,
                text: refusal_words(&error),
            },
            Ok(changed) if changed.taken.is_empty() => {
                let change = command_of(target, &wanted, Taking::Nothing);
                out.push(Command::Bind(change).into());
                Step::Rest
            }
            Ok(changed) => Step::Asks {
                text: taken_words(&changed.taken, target),
                yes: t("hands.take_it"),
                change: command_of(target, &wanted, Taking::FromOthers),
            },
        };
    }

    /// What stands under the list: what to do, the pad for gestures, a question or a refusal.
    pub(super) fn step_ui(
        &mut self,
        s: &Snapshot,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let line = egui::Stroke::new(1.0, theme.st1);
        let (_, rect) =
            ui.allocate_space(egui::vec2(ui.available_width(), step_height(self.shown)));
        ui.painter().hline(rect.x_range(), rect.top() + 0.5, line);
        let margin = Margin::symmetric(space::DIALOG as i8, 12);
        let builder = egui::UiBuilder::new().max_rect(rect - margin);
        let ui = &mut ui.new_child(builder);
        ui.spacing_mut().item_spacing.y = 6.0;
        match &self.step {
            Step::Rest => {
                text_label(ui, t("hands.hint"), Kind::LABEL, theme.t2);
                text_label(ui, t("hands.at_once"), Kind::LABEL, theme.t3);
            }
            Step::Waits(Target::Command(spec)) => {
                let name = Target::Command(spec).words();
                let words = t_args("hands.press", &[("what", name)]);
                text_label(ui, &words, Kind::BODY.medium(), theme.ac);
                text_label(ui, t("hands.press_hint"), Kind::LABEL, theme.t2);
            }
            Step::Waits(Target::Action(action)) => {
                let action = *action;
                self.pad_ui(s, action, ui, theme, out);
            }
            Step::Asks { text, yes, change } => {
                let actions = [*yes, t("hands.leave_it")];
                let message = MessageBar::new(Tone::Warning, text).actions(&actions);
                match message.show(ui) {
                    Some(0) => {
                        out.push(Command::Bind(change.clone()).into());
                        self.step = Step::Rest;
                    }
                    Some(_) => self.step = Step::Rest,
                    None => {}
                }
            }
            Step::Refused { target, text } => {
                let actions = [t("hands.again")];
                let target = *target;
                let message = MessageBar::new(Tone::Warning, text).actions(&actions);
                if message.show(ui).is_some() {
                    self.step = Step::Waits(target);
                }
            }
        }
    }
}

/// What keys and mouse would be.
fn rebound(s: &Snapshot, target: Target, wanted: &Wanted) -> Result<Rebound, BindingsError> {
    let (now, origin) = (&s.bindings, &s.bindings_origin);
    match (target, wanted) {
        (_, Wanted::Gesture(chord, action)) => now.with_gesture(*chord, *action),
        (Target::Command(spec), Wanted::Keys(keys)) => now.with_keys(spec.id, keys),
        (Target::Command(spec), Wanted::Reset) => now.with_keys(spec.id, origin.keys(spec.id)),
        (Target::Action(action), Wanted::Reset | Wanted::Keys(_)) => {
            now.with_gestures_of(origin, action)
        }
    }
}

/// Who would lose what.
fn taken_words(taken: &[Taken], target: Target) -> String {
    let losses = taken.iter().map(|taken| match taken {
        Taken::Key { command, key } => {
            let whose = title_of_id(command);
            t_args(
                "hands.loses",
                &[("key", &key.to_string()), ("whose", whose)],
            )
        }
        Taken::Gesture { chord, action } => {
            let key = gesture_caps(*chord).join("+");
            let whose = action_words(*action);
            t_args("hands.loses", &[("key", &key), ("whose", whose)])
        }
    });
    let losses: Vec<String> = losses.collect();
    let args = [
        ("losses", losses.join(", ")),
        ("what", target.words().to_owned()),
    ];
    let args = args.each_ref().map(|(name, words)| (*name, words.as_str()));
    t_args("hands.ask_take", &args)
}

/// Why it cannot be, in the words of the screen.
fn refusal_words(error: &BindingsError) -> String {
    match error {
        BindingsError::Kept { key, command } => {
            let whose = title_of_id(command);
            t_args("hands.kept", &[("key", key), ("whose", whose)])
        }
        BindingsError::Bare { key, command } => {
            let what = title_of_id(command);
            t_args("hands.bare", &[("key", key), ("what", what)])
        }
        BindingsError::Clipboard(key) => t_args("hands.clipboard", &[("key", key)]),
        BindingsError::TooMany(command) => {
            t_args("hands.too_many", &[("what", title_of_id(command))])
        }
        BindingsError::NoTool => t("hands.no_tool").to_owned(),
        BindingsError::Mouse(_) => t("hands.gesture_cannot").to_owned(),
        other => other.to_string(),
    }
}
