//! What keys and mouse do: the table of commands, with the changes of a profile.

mod change;
mod chord;
mod file;
mod mouse;
mod shipped;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

pub use change::{Rebound, Taken};
pub use chord::Held;
use file::File;
pub(crate) use file::{may_write, read_file};
pub use mouse::{MouseAction, MouseChord, MouseGesture};
pub(crate) use shipped::shipped_profiles;

use crate::commands::{COMMANDS, CommandSpec, Region, Shortcut};

/// Largest file that is read as a profile, bytes.
const MAX_BYTES: usize = 64 * 1024;
/// Keys of one command at most.
const MAX_KEYS: usize = 8;
/// Commands that keep the first of their keys in every profile: the ways out and to everything else.
const KEPT: [&str; 4] = ["cancel", "shortcuts", "palette", "main_action"];
/// Commands that are never one bare key away, since they open or close a read for good (DECISIONS 7, 8).
const NEVER_BARE: [&str; 3] = ["seal", "reveal_early", "main_action"];
/// Letters that copy, cut and paste with Ctrl; a window hears no key of them.
const CLIPBOARD: [&str; 3] = ["C", "X", "V"];

/// What every key and gesture does. Made from a profile; sound by construction.
#[derive(Clone, Debug, PartialEq)]
pub struct Bindings {
    /// Its name in the menu.
    pub name: String,
    /// Does a drag downwards lower the level? In the house it raises it.
    pub invert_level: bool,
    keys: HashMap<&'static str, Vec<Shortcut>>,
    mouse: BTreeMap<MouseChord, MouseAction>,
}

/// Why a file is no profile.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BindingsError {
    /// It is far larger than any profile.
    #[error("the file is larger than {MAX_BYTES} bytes, so it is no profile of keys and mouse")]
    TooLarge,
    /// It does not read as TOML of this form.
    #[error("the profile of keys and mouse cannot be read: {0}")]
    Form(String),
    /// It has no name.
    #[error("the profile of keys and mouse has no name; write one of up to 60 letters")]
    Name,
    /// It names a command that there is not.
    #[error("there is no command \"{0}\"; write the name of one as the profiles of the program do")]
    Command(String),
    /// It names a key that there is not.
    #[error("\"{key}\" of {command} is no key; write for instance W, Ctrl+K, Alt+F or PageUp")]
    Key {
        /// The command.
        command: String,
        /// What was written.
        key: String,
    },
    /// A command has more keys than anyone uses.
    #[error("{0} has more than {MAX_KEYS} keys; keep those that are used")]
    TooMany(String),
    /// Two commands want one key where both work.
    #[error("{key} is given to both {first} and {second}; take it from one of them")]
    Conflict {
        /// The key.
        key: String,
        /// One command.
        first: String,
        /// The other.
        second: String,
    },
    /// It takes a key away that must not be lost.
    #[error("{key} always belongs to {command}; choose another key")]
    Kept {
        /// The key.
        key: String,
        /// Whose it is.
        command: String,
    },
    /// A key of its own would do what cannot be taken back.
    #[error("{key} alone is too easily pressed for {command}; write it with Ctrl or Alt")]
    Bare {
        /// The key.
        key: String,
        /// The command.
        command: String,
    },
    /// The key belongs to copy, cut or paste.
    #[error("{0} belongs to copy, cut and paste; choose another key")]
    Clipboard(String),
    /// No drag is left for the tools.
    #[error("no drag is left for the tool in hand; give one to active_tool")]
    NoTool,
    /// A line of the mouse does not hold together.
    #[error("the mouse of the profile: {0}")]
    Mouse(String),
}

impl Bindings {
    /// Those of the house: the table of commands as it is.
    pub fn house() -> Arc<Self> {
        static HOUSE: OnceLock<Arc<Bindings>> = OnceLock::new();
        let make = || {
            let keys = COMMANDS
                .iter()
                .map(|spec| (spec.id, spec.shortcuts.to_vec()));
            Arc::new(Self {
                name: "Overread".into(),
                invert_level: false,
                keys: keys.collect(),
                mouse: house_mouse(),
            })
        };
        HOUSE.get_or_init(make).clone()
    }

    /// Reads a profile. A command that it does not name keeps its keys of the house, less those that the profile gives to
    /// another where both work; so does a gesture.
    ///
    /// # Errors
    /// [`BindingsError`], with what is wrong and what to write.
    pub fn read(text: &str) -> Result<Self, BindingsError> {
        if MAX_BYTES < text.len() {
            return Err(BindingsError::TooLarge);
        }
        let file: File = toml::from_str(text)
            .map_err(|e| BindingsError::Form(e.to_string().trim().replace('\n', " ")))?;
        let is_long = 60 < file.name.chars().count();
        if file.name.trim().is_empty() || is_long || file.name.contains(char::is_control) {
            return Err(BindingsError::Name);
        }
        let changed = changed_keys(&file.keys)?;
        let mut mouse = house_mouse();
        for (chord, action) in &file.mouse {
            let (chord, action) = mouse::parse(chord, action).map_err(BindingsError::Mouse)?;
            mouse.insert(chord, action);
        }
        let bindings = Self {
            name: file.name,
            invert_level: file.invert_level,
            keys: merged(&changed),
            mouse,
        };
        bindings.check_mouse()?;
        Ok(bindings)
    }

    /// The keys of a command, those that are shown first; none for a command that there is not.
    pub fn keys(&self, id: &str) -> &[Shortcut] {
        self.keys.get(id).map_or(&[], Vec::as_slice)
    }

    /// What a gesture does with what is held. A gesture that has nothing of its own with Alt or with Ctrl does what it does
    /// without, so that those can change how it is done.
    pub fn mouse(&self, gesture: MouseGesture, held: Held) -> MouseAction {
        let Held { ctrl, shift, alt } = held;
        let none = Held::default();
        let ways = match gesture {
            // Of several keys held with the wheel, the first that means something is meant.
            MouseGesture::Wheel | MouseGesture::SideWheel => vec![
                ctrl.then_some(Held { ctrl, ..none }),
                alt.then_some(Held { alt, ..none }),
                shift.then_some(Held { shift, ..none }),
            ],
            _ => vec![Some(Held { alt: false, ..held })],
        };
        let plain = (gesture != MouseGesture::Move).then(Held::default);
        std::iter::once(held)
            .chain(ways.into_iter().flatten())
            .chain(plain)
            .find_map(|held| self.mouse.get(&MouseChord { gesture, held }))
            .copied()
            .unwrap_or(MouseAction::Nothing)
    }

    /// Every gesture that does something, in the order of the shortcut sheet.
    pub fn gestures(&self) -> impl Iterator<Item = (MouseChord, MouseAction)> {
        let all = self.mouse.iter().map(|(chord, action)| (*chord, *action));
        all.filter(|(_, action)| *action != MouseAction::Nothing)
    }
}

fn house_mouse() -> BTreeMap<MouseChord, MouseAction> {
    // A test reads every line.
    let lines = mouse::HOUSE.iter();
    lines
        .filter_map(|(chord, action)| mouse::parse(chord, action.name()).ok())
        .collect()
}

/// Do two commands ever hear the same key?
fn meet(a: Region, b: Region) -> bool {
    a == b || a == Region::Anywhere || b == Region::Anywhere
}

type Changed = Vec<(&'static CommandSpec, Vec<Shortcut>)>;

/// What a file says of keys, checked.
fn changed_keys(keys: &BTreeMap<String, Vec<String>>) -> Result<Changed, BindingsError> {
    let mut changed: Changed = Vec::new();
    for (id, names) in keys {
        let spec = spec_of(id)?;
        if MAX_KEYS < names.len() {
            return Err(BindingsError::TooMany(id.clone()));
        }
        let mut shortcuts = Vec::new();
        for name in names {
            let shortcut = Shortcut::parse(name).ok_or_else(|| BindingsError::Key {
                command: id.clone(),
                key: name.clone(),
            })?;
            check_free(spec, shortcut, &changed)?;
            shortcuts.push(shortcut);
        }
        must_keep(spec, &shortcuts)?;
        changed.push((spec, shortcuts));
    }
    Ok(changed)
}

/// The key that a command may not lose.
fn kept_key(spec: &CommandSpec) -> Option<Shortcut> {
    let is_kept = KEPT.contains(&spec.id);
    spec.shortcuts.first().copied().filter(|_| is_kept)
}

fn spec_of(id: &str) -> Result<&'static CommandSpec, BindingsError> {
    let spec = COMMANDS.iter().find(|spec| spec.id == id);
    spec.ok_or_else(|| BindingsError::Command(id.to_owned()))
}

/// Does a command keep the key that it may not lose?
fn must_keep(spec: &CommandSpec, keys: &[Shortcut]) -> Result<(), BindingsError> {
    match kept_key(spec).filter(|kept| !keys.contains(kept)) {
        Some(kept) => Err(BindingsError::Kept {
            key: kept.to_string(),
            command: spec.id.to_owned(),
        }),
        None => Ok(()),
    }
}

/// May a command have a key, whoever has it now?
fn may_have(spec: &CommandSpec, shortcut: Shortcut) -> Result<(), BindingsError> {
    let key = shortcut.to_string();
    let owner = COMMANDS
        .iter()
        .find(|other| kept_key(other) == Some(shortcut));
    if let Some(owner) = owner.filter(|owner| owner.id != spec.id) {
        return Err(BindingsError::Kept {
            key,
            command: owner.id.to_owned(),
        });
    }
    if shortcut.ctrl && !shortcut.alt && CLIPBOARD.contains(&shortcut.key) {
        return Err(BindingsError::Clipboard(key));
    }
    let is_bare = !shortcut.ctrl && !shortcut.alt;
    if is_bare && NEVER_BARE.contains(&spec.id) {
        return Err(BindingsError::Bare {
            key,
            command: spec.id.to_owned(),
        });
    }
    Ok(())
}

/// May a command have a key, given what the file said before?
fn check_free(
    spec: &CommandSpec,
    shortcut: Shortcut,
    before: &Changed,
) -> Result<(), BindingsError> {
    may_have(spec, shortcut)?;
    let other = before
        .iter()
        .find(|(other, keys)| meet(other.region, spec.region) && keys.contains(&shortcut));
    match other {
        Some((other, _)) => Err(BindingsError::Conflict {
            key: shortcut.to_string(),
            first: other.id.to_owned(),
            second: spec.id.to_owned(),
        }),
        None => Ok(()),
    }
}

/// The keys of every command: those of the file, and those of the house that the file did not give away.
fn merged(changed: &Changed) -> HashMap<&'static str, Vec<Shortcut>> {
    let is_taken = |spec: &CommandSpec, shortcut: &Shortcut| {
        changed
            .iter()
            .any(|(other, keys)| meet(other.region, spec.region) && keys.contains(shortcut))
    };
    let keys_of = |spec: &'static CommandSpec| {
        let own = changed.iter().find(|(other, _)| other.id == spec.id);
        let keys = match own {
            Some((_, keys)) => keys.clone(),
            None => {
                let house = spec.shortcuts.iter().copied();
                house.filter(|key| !is_taken(spec, key)).collect()
            }
        };
        (spec.id, keys)
    };
    COMMANDS.iter().map(keys_of).collect()
}
