//! The key that is pressed for a command.

use egui::{Context, Event, Key, Modifiers};
use session::Snapshot;
use session::commands::Shortcut;
use ui_kit::t;

use super::asking::{Step, Wanted};
use super::{HandsPanel, Target};
use crate::Action;

impl HandsPanel {
    /// Takes the keys out of the input while one is waited for. Escape leaves it as it is.
    pub(super) fn take_pressed(
        &mut self,
        s: &Snapshot,
        ctx: &Context,
        target: Target,
        out: &mut Vec<Action>,
    ) {
        let pressed = take_key(ctx);
        let (Some((key, modifiers)), spec) = (pressed, target) else {
            return;
        };
        if key == Key::Escape {
            self.step = Step::Rest;
            return;
        }
        let Target::Command(spec) = spec else {
            return;
        };
        match shortcut(key, modifiers) {
            Some(shortcut) => {
                let mut keys = s.bindings.keys(spec.id).to_vec();
                keys.push(shortcut);
                self.want(s, target, Wanted::Keys(keys), out);
            }
            None => {
                let text = t("hands.no_key").to_owned();
                self.step = Step::Refused { target, text };
            }
        }
    }
}

/// The first key of the input, which nothing else hears then. Copy, cut and paste come as what they mean.
fn take_key(ctx: &Context) -> Option<(Key, Modifiers)> {
    ctx.input_mut(|input| {
        let modifiers = input.modifiers;
        let mut first = None;
        input.events.retain(|event| {
            let key = match event {
                Event::Key {
                    key,
                    pressed: true,
                    repeat: false,
                    modifiers,
                    ..
                } => Some((*key, *modifiers)),
                Event::Copy => Some((Key::C, modifiers)),
                Event::Cut => Some((Key::X, modifiers)),
                Event::Paste(_) => Some((Key::V, modifiers)),
                Event::Text(_) | Event::Key { .. } => None,
                _ => return true,
            };
            first = first.or(key);
            false
        });
        first
    })
}

/// The key as profiles write it; `None` for one that cannot be given to a command.
fn shortcut(key: Key, modifiers: Modifiers) -> Option<Shortcut> {
    let mut names = Shortcut::key_names().iter();
    let name = names.find(|name| Key::from_name(name) == Some(key))?;
    Some(Shortcut {
        key: name,
        ctrl: modifiers.command,
        // Where ? needs Shift depends on the keyboard.
        shift: modifiers.shift && key != Key::Questionmark,
        alt: modifiers.alt,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_that_a_profile_may_name_can_be_pressed_for_it() {
        for name in Shortcut::key_names() {
            let key = Key::from_name(name);
            let pressed = key.and_then(|key| shortcut(key, Modifiers::NONE));
            assert_eq!(pressed, Shortcut::parse(name), "{name}");
            assert!(pressed.is_some(), "{name} is no key of the window");
        }
    }

    #[test]
    fn what_is_held_is_part_of_the_key() {
        for (key, modifiers, expected) in [
            (Key::W, Modifiers::NONE, "W"),
            (
                Key::W,
                Modifiers::COMMAND | Modifiers::SHIFT,
                "Ctrl+Shift+W",
            ),
            (Key::F7, Modifiers::ALT, "Alt+F7"),
            (Key::Questionmark, Modifiers::SHIFT, "?"),
        ] {
            assert_eq!(shortcut(key, modifiers), Shortcut::parse(expected));
        }
        assert_eq!(shortcut(Key::Tab, Modifiers::NONE), None);
        assert_eq!(shortcut(Key::F20, Modifiers::NONE), None);
    }
}
