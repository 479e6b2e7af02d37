//! Keys become commands here, by the one table of `session::commands`.

use case::AnnotationId;
use egui::{Event, Key, Modifiers};
use session::commands::{COMMANDS, CommandSpec, Region, Shortcut};
use session::{Bindings, Command, ReadCommand, Snapshot};

use crate::Action;
use crate::focus::Focus;

/// Keys and text that came after a key that opens something or moves the keyboard. They are for what is drawn next.
pub(crate) type TypedOn = Vec<Event>;

/// Whether a text field, or another control, has the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Typing {
    /// Text is being typed: only function keys and those with Ctrl are commands.
    Text,
    /// A button, row or slider: its own keys (Enter, Space, arrows) stay its own.
    Control,
    /// Nothing: every key of the region is a command.
    No,
}

/// Does something lie over the screens that is done with first?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Covers {
    Nothing,
    Screens,
}

/// Takes the keys that are commands out of the input and says what they ask for.
///
/// Delete takes the selected mark out while there is one, and the selected finding otherwise. While something `covers` the
/// screens only keys that hold anywhere are commands.
pub(crate) fn take_keys(
    ctx: &egui::Context,
    (focus, covers): (&Focus, Covers),
    (snapshot, mark): (&Snapshot, Option<AnnotationId>),
    out: &mut Vec<Action>,
) -> TypedOn {
    let typing = match (ctx.text_edit_focused(), focus.is_on_control(ctx)) {
        (true, _) => Typing::Text,
        (false, true) => Typing::Control,
        (false, false) => Typing::No,
    };
    let region = match covers {
        Covers::Nothing => focus.keys(snapshot),
        Covers::Screens => None,
    };
    take_keys_in(ctx, (region, typing), (snapshot, mark), out)
}

/// The same for a window that has one region only.
pub(crate) fn take_keys_of(
    ctx: &egui::Context,
    region: Option<Region>,
    (snapshot, mark): (&Snapshot, Option<AnnotationId>),
    out: &mut Vec<Action>,
) -> TypedOn {
    let typing = match ctx.text_edit_focused() {
        true => Typing::Text,
        false => Typing::No,
    };
    take_keys_in(ctx, (region, typing), (snapshot, mark), out)
}

/// Takes everything that is typed out of the input.
pub(crate) fn take_typed(ctx: &egui::Context) -> TypedOn {
    let mut typed = TypedOn::new();
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            let is_typed = is_typed(event);
            if is_typed {
                typed.push(event.clone());
            }
            !is_typed
        });
    });
    typed
}

/// Is it a key, or text in any way that it is entered?
fn is_typed(event: &Event) -> bool {
    matches!(
        event,
        Event::Key { .. }
            | Event::Text(_)
            | Event::Ime(_)
            | Event::Copy
            | Event::Cut
            | Event::Paste(_)
    )
}

/// Does it open something to type into, or change whose keys hold?
fn moves_keyboard(action: &Action) -> bool {
    matches!(
        action,
        Action::Shell(_)
            | Action::Session(
                Command::Read(ReadCommand::NewFindingHere)
                    | Command::OpenCase(_)
                    | Command::Show(_)
            )
    )
}

fn take_keys_in(
    ctx: &egui::Context,
    (keys_of, typing): (Option<Region>, Typing),
    (snapshot, mark): (&Snapshot, Option<AnnotationId>),
    out: &mut Vec<Action>,
) -> TypedOn {
    let floats = egui::Popup::is_any_open(ctx);
    let mut typed_on = TypedOn::new();
    let mut has_moved = false;
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            if has_moved && is_typed(event) {
                // The text of the very key that moved the keyboard is no text for what it opened.
                let is_own_text = typed_on.is_empty() && matches!(event, Event::Text(_));
                if !is_own_text {
                    typed_on.push(event.clone());
                }
                return false;
            }
            let Event::Key {
                key,
                pressed: true,
                modifiers,
                ..
            } = event
            else {
                return true;
            };
            // An open menu is closed by Escape and walked with arrows; commands wait until it is gone.
            if floats {
                return true;
            }
            let Some(spec) = command_of(&snapshot.bindings, (*key, *modifiers), keys_of, typing)
            else {
                return true;
            };
            let action = match mark {
                Some(mark) if spec.id == "delete" && (spec.enabled)(snapshot) => {
                    Some(ReadCommand::RemoveMark(mark).into())
                }
                Some(_) | None => Action::of_command(spec, snapshot),
            };
            match action {
                Some(action) => {
                    has_moved = moves_keyboard(&action);
                    out.push(action);
                    // Escape also leaves a field or closes what floats, which is for others to see.
                    *key == Key::Escape
                }
                None => true,
            }
        });
    });
    // A key that is let go tells nobody anything, and would be taken for something typed.
    typed_on.retain(|event| !matches!(event, Event::Key { pressed: false, .. }));
    typed_on
}

/// The command of a key press.
pub(crate) fn command_of(
    bindings: &Bindings,
    (key, modifiers): (Key, Modifiers),
    region: Option<Region>,
    typing: Typing,
) -> Option<&'static CommandSpec> {
    COMMANDS.iter().find(|spec| {
        let holds_here = spec.region == Region::Anywhere || Some(spec.region) == region;
        holds_here
            && bindings.keys(spec.id).iter().any(|shortcut| {
                is_pressed(shortcut, key, modifiers) && is_free(key, modifiers, typing)
            })
    })
}

fn is_pressed(shortcut: &Shortcut, key: Key, modifiers: Modifiers) -> bool {
    let Some(wanted) = Key::from_name(shortcut.key) else {
        return false;
    };
    // Where ? needs Shift depends on the keyboard; the sign itself says enough.
    let shift_fits = shortcut.shift == modifiers.shift || wanted == Key::Questionmark;
    let ctrl_fits = shortcut.ctrl == modifiers.command;
    wanted == key && ctrl_fits && shift_fits && shortcut.alt == modifiers.alt
}

fn is_free(key: Key, modifiers: Modifiers, typing: Typing) -> bool {
    let is_function_key = key == Key::Escape || Key::F1 <= key && key <= Key::F12;
    match typing {
        Typing::No => true,
        // Undo and redo of a field are the field's own; so are its words left and right.
        Typing::Text => {
            let belongs_to_field =
                matches!(key, Key::Z | Key::Y | Key::ArrowLeft | Key::ArrowRight);
            is_function_key || (modifiers.command && !belongs_to_field)
        }
        Typing::Control => {
            let belongs_to_control = matches!(
                key,
                Key::Enter
                    | Key::Space
                    | Key::ArrowUp
                    | Key::ArrowDown
                    | Key::ArrowLeft
                    | Key::ArrowRight
                    | Key::Home
                    | Key::End
                    | Key::PageUp
                    | Key::PageDown
            );
            !belongs_to_control || modifiers.command
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id_of(
        key: Key,
        modifiers: Modifiers,
        region: Option<Region>,
        typing: Typing,
    ) -> Option<&'static str> {
        command_of(&Bindings::house(), (key, modifiers), region, typing).map(|spec| spec.id)
    }

    #[test]
    fn every_shortcut_of_the_table_is_a_key_that_egui_knows() {
        for spec in COMMANDS {
            for shortcut in spec.shortcuts {
                assert!(
                    Key::from_name(shortcut.key).is_some(),
                    "{}: {shortcut}",
                    spec.id
                );
            }
        }
    }

    #[test]
    fn a_key_means_what_its_region_says() {
        let (none, ctrl, shift) = (Modifiers::NONE, Modifiers::COMMAND, Modifiers::SHIFT);
        for (key, modifiers, region, expected) in [
            (Key::W, none, Some(Region::Viewport), Some("tool_window")),
            (Key::A, none, Some(Region::Viewport), Some("tool_angle")),
            (
                Key::A,
                none,
                Some(Region::Statements),
                Some("verdict_agree"),
            ),
            (
                Key::A,
                shift,
                Some(Region::Statements),
                Some("agree_remaining"),
            ),
            (Key::A, none, None, None),
            (Key::N, none, Some(Region::Viewport), Some("unseen_next")),
            (
                Key::N,
                shift,
                Some(Region::Viewport),
                Some("unseen_previous"),
            ),
            (Key::Z, ctrl, None, Some("undo")),
            (Key::Z, none, Some(Region::Viewport), Some("tool_zoom")),
            (Key::F6, shift, None, Some("previous_region")),
            (
                Key::ArrowDown,
                none,
                Some(Region::Worklist),
                Some("case_next"),
            ),
            (
                Key::Questionmark,
                shift,
                Some(Region::Viewport),
                Some("shortcuts"),
            ),
            (
                Key::OpenBracket,
                none,
                Some(Region::Viewport),
                Some("rotate_left"),
            ),
            (Key::W, Modifiers::ALT, Some(Region::Viewport), None),
        ] {
            assert_eq!(
                id_of(key, modifiers, region, Typing::No),
                expected,
                "{modifiers:?} {key:?} in {region:?}"
            );
        }
    }

    #[test]
    fn typed_text_is_never_a_command() {
        let (none, ctrl) = (Modifiers::NONE, Modifiers::COMMAND);
        for (key, modifiers, expected) in [
            (Key::W, none, None),
            (Key::Enter, none, None),
            (Key::Questionmark, none, None),
            (Key::Z, ctrl, None),
            (Key::K, ctrl, Some("palette")),
            (Key::Enter, ctrl, Some("main_action")),
            (Key::F6, none, Some("next_region")),
            (Key::Escape, none, Some("cancel")),
        ] {
            assert_eq!(
                id_of(key, modifiers, Some(Region::Viewport), Typing::Text),
                expected,
                "{key:?}"
            );
        }
    }

    #[test]
    fn a_focused_button_keeps_its_own_keys() {
        for (key, expected) in [
            (Key::Enter, None),
            (Key::Space, None),
            (Key::W, Some("tool_window")),
        ] {
            assert_eq!(
                id_of(
                    key,
                    Modifiers::NONE,
                    Some(Region::Viewport),
                    Typing::Control
                ),
                expected,
                "{key:?}"
            );
        }
    }
}
