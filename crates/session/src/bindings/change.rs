//! Changing one binding at a time. What another would lose by it is named, so that a reader can be asked first.

use super::{Bindings, BindingsError, Held, MAX_KEYS, MouseAction, MouseChord, MouseGesture};
use super::{may_have, meet, must_keep, spec_of};
use crate::commands::{COMMANDS, Shortcut};

/// What a change takes from something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// A key of another command.
    Key {
        /// Name of the command in the table.
        command: &'static str,
        /// The key.
        key: Shortcut,
    },
    /// A gesture that does something else.
    Gesture {
        /// The gesture.
        chord: MouseChord,
        /// What it does now.
        action: MouseAction,
    },
}

/// Bindings after a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Rebound {
    /// What keys and mouse would do.
    pub bindings: Bindings,
    /// What others lose by it; empty when nothing is lost.
    pub taken: Vec<Taken>,
}

impl Bindings {
    /// The same with exactly these keys for a command, taken from every command that has one of them where both work.
    ///
    /// # Errors
    /// When there is no such command, a key may not be given to it, or one is missing that it must keep.
    pub fn with_keys(&self, id: &str, keys: &[Shortcut]) -> Result<Rebound, BindingsError> {
        let spec = spec_of(id)?;
        let mut wanted: Vec<Shortcut> = Vec::new();
        for key in keys {
            may_have(spec, *key)?;
            if !wanted.contains(key) {
                wanted.push(*key);
            }
        }
        if MAX_KEYS < wanted.len() {
            return Err(BindingsError::TooMany(id.to_owned()));
        }
        must_keep(spec, &wanted)?;
        let mut bindings = self.clone();
        let mut taken = Vec::new();
        let others = COMMANDS.iter().filter(|other| other.id != spec.id);
        for other in others.filter(|other| meet(other.region, spec.region)) {
            let theirs = bindings.keys.entry(other.id).or_default();
            let lost = theirs.iter().filter(|key| wanted.contains(key));
            taken.extend(lost.map(|key| Taken::Key {
                command: other.id,
                key: *key,
            }));
            theirs.retain(|key| !wanted.contains(key));
        }
        bindings.keys.insert(spec.id, wanted);
        Ok(Rebound { bindings, taken })
    }

    /// The same with a gesture that does this; [`MouseAction::Nothing`] takes the gesture away.
    ///
    /// # Errors
    /// When the gesture cannot do that, or none would be left for the tool in hand.
    pub fn with_gesture(
        &self,
        chord: MouseChord,
        action: MouseAction,
    ) -> Result<Rebound, BindingsError> {
        let mut changed = self.with_gesture_unchecked(chord, action)?;
        changed.bindings.check_mouse()?;
        // A gesture that is taken away goes from what it did, which is what was asked for.
        if action == MouseAction::Nothing {
            changed.taken.clear();
        }
        Ok(changed)
    }

    fn with_gesture_unchecked(
        &self,
        chord: MouseChord,
        action: MouseAction,
    ) -> Result<Rebound, BindingsError> {
        chord.may(action).map_err(BindingsError::Mouse)?;
        let mut bindings = self.clone();
        let before = self.gesture(chord);
        let is_of_house = Self::house().mouse.contains_key(&chord);
        if action == MouseAction::Nothing && !is_of_house {
            bindings.mouse.remove(&chord);
        } else {
            bindings.mouse.insert(chord, action);
        }
        let is_taken = before != MouseAction::Nothing && before != action;
        let taken = is_taken.then_some(Taken::Gesture {
            chord,
            action: before,
        });
        Ok(Rebound {
            bindings,
            taken: taken.into_iter().collect(),
        })
    }

    /// The same with the gestures that `origin` has for an action, and no others for it.
    ///
    /// # Errors
    /// When none would be left for the tool in hand.
    pub fn with_gestures_of(
        &self,
        origin: &Self,
        action: MouseAction,
    ) -> Result<Rebound, BindingsError> {
        let mut all = Rebound {
            bindings: self.clone(),
            taken: Vec::new(),
        };
        let now = self.gestures().chain(origin.gestures());
        let mut chords: Vec<MouseChord> = now
            .filter(|(_, done)| *done == action)
            .map(|(chord, _)| chord)
            .collect();
        chords.sort_unstable();
        chords.dedup();
        for chord in chords {
            let step = all
                .bindings
                .with_gesture_unchecked(chord, origin.gesture(chord))?;
            all.bindings = step.bindings;
            let from_others = step.taken.into_iter().filter(
                |taken| !matches!(taken, Taken::Gesture { action: from, .. } if *from == action),
            );
            all.taken.extend(from_others);
        }
        all.bindings.check_mouse()?;
        Ok(all)
    }

    /// What exactly this gesture with exactly these keys held does, as it is written.
    pub fn gesture(&self, chord: MouseChord) -> MouseAction {
        let action = self.mouse.get(&chord).copied();
        action.unwrap_or(MouseAction::Nothing)
    }

    /// A tool that no gesture uses could not draw, and no key takes its place.
    pub(super) fn check_mouse(&self) -> Result<(), BindingsError> {
        let drags = [
            MouseGesture::LeftDrag,
            MouseGesture::MiddleDrag,
            MouseGesture::RightDrag,
        ];
        let held = Held::default();
        let used = |gesture| self.gesture(MouseChord { gesture, held }) == MouseAction::ActiveTool;
        match drags.into_iter().any(used) {
            true => Ok(()),
            false => Err(BindingsError::NoTool),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn key(text: &str) -> Shortcut {
        Shortcut::parse(text).unwrap()
    }

    fn chord(gesture: MouseGesture, held: &str) -> MouseChord {
        MouseChord {
            gesture,
            held: Held::split(held).0,
        }
    }

    #[test]
    fn a_key_is_taken_only_from_those_that_hear_it_where_it_works() {
        let house = Bindings::house();
        for (id, keys, expected) in [
            ("tool_length", vec!["L"], vec![]),
            ("tool_length", vec!["L", "F7"], vec![]),
            ("tool_length", vec!["D"], vec![("tool_probe", "D")]),
            // J is another thing among statements, where no ruler is.
            ("tool_length", vec!["J"], vec![("finding_next", "J")]),
            (
                "undo",
                vec!["N"],
                vec![("unseen_next", "N"), ("verdict_negation", "N")],
            ),
            (
                "row_next",
                vec!["A", "M"],
                vec![("verdict_agree", "A"), ("verdict_missed", "M")],
            ),
            ("case_open", vec!["W"], vec![]),
        ] {
            let wanted: Vec<Shortcut> = keys.iter().map(|text| key(text)).collect();
            let changed = house.with_keys(id, &wanted).unwrap();
            let expected: Vec<Taken> = expected
                .into_iter()
                .map(|(command, text)| Taken::Key {
                    command,
                    key: key(text),
                })
                .collect();
            assert_eq!(changed.taken, expected, "{id} {keys:?}");
            assert_eq!(changed.bindings.keys(id), wanted);
            for taken in changed.taken {
                if let Taken::Key { command, key } = taken {
                    assert!(!changed.bindings.keys(command).contains(&key));
                }
            }
        }
    }

    #[test]
    fn what_must_not_be_lost_or_pressed_by_chance_is_refused() {
        let house = Bindings::house();
        for (id, keys, expected) in [
            ("tool_length", vec!["Escape"], "always belongs to cancel"),
            ("cancel", vec![], "always belongs to cancel"),
            ("palette", vec!["F2"], "always belongs to palette"),
            ("undo", vec!["Ctrl+C"], "copy, cut and paste"),
            ("seal", vec!["S"], "with Ctrl or Alt"),
            ("seal", vec!["Shift+S"], "with Ctrl or Alt"),
            ("reveal_early", vec!["F8"], "with Ctrl or Alt"),
            (
                "main_action",
                vec!["Ctrl+Enter", "Space"],
                "with Ctrl or Alt",
            ),
            ("tool_laser", vec![], "no command"),
            (
                "undo",
                vec!["F2", "F3", "F4", "F5", "F7", "F8", "F9", "F10", "F12"],
                "more than 8",
            ),
        ] {
            let wanted: Vec<Shortcut> = keys.iter().map(|text| key(text)).collect();
            let said = house.with_keys(id, &wanted).unwrap_err().to_string();
            assert!(said.contains(expected), "{id} {keys:?}: {said}");
        }
        for (id, text) in [("seal", "Ctrl+Shift+S"), ("reveal_early", "Alt+F8")] {
            assert!(house.with_keys(id, &[key(text)]).is_ok(), "{id}");
        }
    }

    #[test]
    fn a_gesture_names_what_it_did_before() {
        use MouseAction as A;
        use MouseGesture as G;
        let house = Bindings::house();
        for (gesture, held, action, taken) in [
            (G::MiddleDrag, "", A::Pan, None),
            (G::MiddleDrag, "", A::Zoom, Some(A::Pan)),
            (G::RightDrag, "ctrl+", A::Scroll, None),
            (G::Wheel, "ctrl+", A::Nothing, None),
            (G::DoubleClick, "", A::Nothing, None),
        ] {
            let chord = chord(gesture, held);
            let changed = house.with_gesture(chord, action).unwrap();
            let expected: Vec<Taken> = taken
                .map(|action| Taken::Gesture { chord, action })
                .into_iter()
                .collect();
            assert_eq!(changed.taken, expected, "{held}{gesture:?}");
            assert_eq!(changed.bindings.gesture(chord), action);
        }
        let left = chord(G::LeftDrag, "");
        let said = house.with_gesture(left, A::Pan).unwrap_err().to_string();
        assert!(said.contains("tool in hand"), "{said}");
        let said = house.with_gesture(left, A::Slab).unwrap_err().to_string();
        assert!(said.contains("write one of"), "{said}");
    }

    #[test]
    fn an_action_gets_its_gestures_back_and_says_from_whom() {
        use MouseAction as A;
        use MouseGesture as G;
        let house = Bindings::house();
        let middle = chord(G::MiddleDrag, "");
        let side = chord(G::SideWheel, "");
        let changed = house.with_gesture(middle, A::Zoom).unwrap().bindings;
        let changed = changed.with_gesture(side, A::Zoom).unwrap().bindings;
        // Zoom goes back; what it gives up is its own.
        let zoom = changed.with_gestures_of(&house, A::Zoom).unwrap();
        assert_eq!((zoom.taken, &zoom.bindings), (vec![], &*house));
        // Pan takes the middle button back from zoom.
        let pan = changed.with_gestures_of(&house, A::Pan).unwrap();
        let action = A::Zoom;
        assert_eq!(
            pan.taken,
            [Taken::Gesture {
                chord: middle,
                action
            }]
        );
        assert_eq!(pan.bindings.gesture(side), A::Zoom);
    }
}
