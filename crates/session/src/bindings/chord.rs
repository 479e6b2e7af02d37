use crate::commands::Shortcut;

/// Names of keys that a shortcut may have. Tab is none of them: it only ever moves the focus.
const KEYS: &[&str] = &[
    "A",
    "B",
    "C",
    "D",
    "E",
    "F",
    "G",
    "H",
    "I",
    "J",
    "K",
    "L",
    "M",
    "N",
    "O",
    "P",
    "Q",
    "R",
    "S",
    "T",
    "U",
    "V",
    "W",
    "X",
    "Y",
    "Z",
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "8",
    "9",
    "F1",
    "F2",
    "F3",
    "F4",
    "F5",
    "F6",
    "F7",
    "F8",
    "F9",
    "F10",
    "F11",
    "F12",
    "Up",
    "Down",
    "Left",
    "Right",
    "PageUp",
    "PageDown",
    "Home",
    "End",
    "Enter",
    "Space",
    "Backspace",
    "Delete",
    "Insert",
    "Escape",
    "[",
    "]",
    "-",
    "=",
    "?",
    ",",
    ".",
    "/",
    "\\",
    ";",
];

/// Keys held with a gesture of the mouse, or with another key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Held {
    /// Ctrl.
    pub ctrl: bool,
    /// Shift.
    pub shift: bool,
    /// Alt.
    pub alt: bool,
}

impl Held {
    /// Reads `ctrl+shift+` and the like off the front; what is left is the key or the gesture.
    pub(super) fn split(text: &str) -> (Self, &str) {
        let (mut held, mut rest) = (Self::default(), text.trim());
        while let Some((word, after)) = rest.split_once('+') {
            let is_held = match word.trim().to_ascii_lowercase().as_str() {
                "ctrl" => &mut held.ctrl,
                "shift" => &mut held.shift,
                "alt" => &mut held.alt,
                _ => break,
            };
            *is_held = true;
            rest = after.trim();
        }
        (held, rest)
    }
}

impl Shortcut {
    /// Names of all keys that a shortcut may have.
    pub fn key_names() -> &'static [&'static str] {
        KEYS
    }

    /// Reads `W`, `Ctrl+K`, `Alt+Shift+F6`; `None` for a key that there is not.
    pub fn parse(text: &str) -> Option<Self> {
        let (held, name) = Held::split(text);
        let key = KEYS.iter().find(|key| key.eq_ignore_ascii_case(name))?;
        Some(Self {
            key,
            ctrl: held.ctrl,
            shift: held.shift,
            alt: held.alt,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::COMMANDS;

    #[test]
    fn every_shortcut_of_the_table_reads_back_as_it_is_written() {
        for shortcut in COMMANDS.iter().flat_map(|spec| spec.shortcuts) {
            assert_eq!(Shortcut::parse(&shortcut.to_string()), Some(*shortcut));
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in [
            "",
            "+",
            "Ctrl+",
            "Meta+K",
            "Ctrl++",
            "F13",
            "ß",
            "W W",
            "Ctrl+Ctrl",
            "Tab",
        ] {
            assert_eq!(Shortcut::parse(text), None, "{text}");
        }
    }
}
