//! What keys and mouse do for who acts: the profile in use, what the reader changed of each, and those read from files.

use std::path::{Path, PathBuf};

use crate::bindings::{Bindings, MouseAction, MouseChord, Rebound, Taken, may_write, read_file};
use crate::commands::Shortcut;
use crate::profiles::{Hands, Kept, Own};
use crate::{NoticeKind, Session, SessionError};

/// Profiles from files at most.
const MAX_IMPORTED: usize = 16;

/// Whether a change may take something from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taking {
    /// What others would lose stays theirs: then nothing is changed.
    Nothing,
    /// The reader was asked and said yes.
    FromOthers,
}

/// Changes what keys and mouse do. Remembered for who acts.
#[derive(Clone, Debug, PartialEq)]
pub enum BindCommand {
    /// Give a command exactly these keys.
    SetKeys {
        /// Its name in the table.
        command: String,
        /// Its keys, those that are shown first.
        keys: Vec<Shortcut>,
        /// May others lose theirs?
        taking: Taking,
    },
    /// Say what a gesture does.
    SetGesture {
        /// The gesture, with what is held.
        chord: MouseChord,
        /// What it does from now on.
        action: MouseAction,
        /// May what it did lose it?
        taking: Taking,
    },
    /// Give a command the keys that the profile came with.
    ResetKeys {
        /// Its name in the table.
        command: String,
        /// May others lose theirs?
        taking: Taking,
    },
    /// Give an action the gestures that the profile came with.
    ResetGestures {
        /// The action.
        action: MouseAction,
        /// May others lose theirs?
        taking: Taking,
    },
    /// Put the whole profile back as it came.
    ResetAll,
    /// Read a profile from a file, and use it.
    Import(PathBuf),
    /// Write the profile in use to a file.
    Export(PathBuf),
    /// Take a profile that was read from a file away.
    Remove(String),
}

/// A profile that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindingProfile {
    /// Its name.
    pub name: String,
    /// Did the reader change something of it?
    pub is_changed: bool,
    /// Was it read from a file?
    pub is_imported: bool,
}

impl Session {
    /// Under which name the store keeps the choice of who acts.
    fn bindings_setting(&self) -> String {
        format!("bindings of {}", self.actor)
    }

    /// Reads what the store keeps for who acts. What does not read any more is told, and left in the store.
    pub(crate) fn read_bindings(&mut self) -> Result<(), SessionError> {
        let text = self.store.setting(&self.bindings_setting())?;
        let (hands, is_broken) = match text.map(|text| serde_json::from_str::<Kept>(&text)) {
            Some(Ok(kept)) => Hands::of(kept),
            Some(Err(_)) => (Hands::house(), true),
            None => (Hands::house(), false),
        };
        self.hands = hands;
        if is_broken {
            self.notify(
                NoticeKind::Warning,
                "bindings_not_read",
                "Your keys and mouse gestures could not be read, so those of the profile as it came are in use.",
                "Look at them under Keys and mouse before you read.",
            );
        }
        Ok(())
    }

    /// Uses a profile from now on, as the reader changed it.
    pub(crate) fn use_bindings(&mut self, name: &str) -> Result<(), SessionError> {
        if self.hands.kept.origin(name).is_none() {
            let profiles = self.hands.profiles.iter();
            let names: Vec<&str> = profiles.map(|p| p.name.as_str()).collect();
            let names = names.join(", ");
            return Err(SessionError::Usage(format!(
                "there is no profile of keys and mouse \"{name}\"; choose one of {names}"
            )));
        }
        let kept = Kept {
            profile: name.to_owned(),
            ..self.hands.kept.clone()
        };
        self.keep_hands(kept)
    }

    /// Turns the way of the level around.
    pub(crate) fn invert_level(&mut self) -> Result<(), SessionError> {
        let mut bindings = (*self.hands.in_use).clone();
        bindings.invert_level = !bindings.invert_level;
        self.keep_changed(bindings)
    }

    pub(crate) fn apply_bind(&mut self, command: BindCommand) -> Result<(), SessionError> {
        let (in_use, origin) = (self.hands.in_use.clone(), self.hands.origin.clone());
        let (changed, taking) = match command {
            BindCommand::SetKeys {
                command,
                keys,
                taking,
            } => (in_use.with_keys(&command, &keys), taking),
            BindCommand::SetGesture {
                chord,
                action,
                taking,
            } => (in_use.with_gesture(chord, action), taking),
            BindCommand::ResetKeys { command, taking } => {
                (in_use.with_keys(&command, origin.keys(&command)), taking)
            }
            BindCommand::ResetGestures { action, taking } => {
                (in_use.with_gestures_of(&origin, action), taking)
            }
            BindCommand::ResetAll => return self.keep_changed((*origin).clone()),
            BindCommand::Import(path) => return self.import_bindings(&path),
            BindCommand::Export(path) => return self.export_bindings(&path),
            BindCommand::Remove(name) => return self.remove_bindings(&name),
        };
        let changed = changed.map_err(|e| SessionError::Usage(e.to_string()))?;
        refuse_taking(&changed, taking)?;
        self.keep_changed(changed.bindings)
    }

    fn import_bindings(&mut self, path: &Path) -> Result<(), SessionError> {
        let mut bindings = read_file(path).map_err(SessionError::Usage)?;
        let mut kept = self.hands.kept.clone();
        let n_imported = kept.own.iter().filter(|own| own.imported.is_some()).count();
        if MAX_IMPORTED <= n_imported {
            return Err(SessionError::Usage(format!(
                "there are {MAX_IMPORTED} profiles from files, which is as many as fit; remove one first"
            )));
        }
        // Nothing of the reader's own is replaced: the file gets another name.
        bindings.name = kept.free_name(&bindings.name);
        let text = bindings.to_file();
        let text = text.map_err(|e| SessionError::Usage(e.to_string()))?;
        kept.own_mut(&bindings.name).imported = Some(text);
        kept.profile.clone_from(&bindings.name);
        self.keep_hands(kept)?;
        let said = format!("The profile \"{}\" is in use.", bindings.name);
        self.notify(NoticeKind::Done, "bindings_imported", &said, "");
        Ok(())
    }

    fn export_bindings(&mut self, path: &Path) -> Result<(), SessionError> {
        if !may_write(path) {
            return Err(SessionError::Usage(
                "there is another file of that name, which is not written over; choose another name"
                    .into(),
            ));
        }
        let text = self.hands.in_use.to_file();
        let text = text.map_err(|e| SessionError::Usage(e.to_string()))?;
        std::fs::write(path, text).map_err(|e| SessionError::Write {
            reason: e.kind().to_string(),
            path: path.to_owned(),
        })?;
        let said = format!("The profile \"{}\" was written.", self.hands.in_use.name);
        let place = path.display().to_string();
        self.notify(NoticeKind::Done, "bindings_exported", &said, &place);
        Ok(())
    }

    fn remove_bindings(&mut self, name: &str) -> Result<(), SessionError> {
        let mut kept = self.hands.kept.clone();
        let is_imported = |own: &Own| own.name == name && own.imported.is_some();
        if !kept.own.iter().any(is_imported) {
            return Err(SessionError::Usage(format!(
                "\"{name}\" came with the program, or is not there, so it is not taken away; reset it instead"
            )));
        }
        kept.own.retain(|own| !is_imported(own));
        if kept.profile == name {
            kept.profile.clone_from(&Bindings::house().name);
        }
        self.keep_hands(kept)
    }

    /// Keeps the profile in use as it was changed; as it came, nothing is kept of it.
    fn keep_changed(&mut self, bindings: Bindings) -> Result<(), SessionError> {
        let mut kept = self.hands.kept.clone();
        let name = self.hands.origin.name.clone();
        kept.profile.clone_from(&name);
        let changed = match bindings == *self.hands.origin {
            true => None,
            false => Some(bindings.to_file()),
        };
        let changed = changed.transpose();
        kept.own_mut(&name).changed = changed.map_err(|e| SessionError::Usage(e.to_string()))?;
        kept.own
            .retain(|own| own.imported.is_some() || own.changed.is_some());
        self.keep_hands(kept)
    }

    /// Writes first; only then it is in use.
    fn keep_hands(&mut self, kept: Kept) -> Result<(), SessionError> {
        let text = serde_json::to_string(&kept)
            .map_err(|e| SessionError::Usage(format!("the choice cannot be kept: {e}")))?;
        self.store.set_setting(&self.bindings_setting(), &text)?;
        self.hands = Hands::of(kept).0;
        Ok(())
    }
}

fn refuse_taking(changed: &Rebound, taking: Taking) -> Result<(), SessionError> {
    if taking == Taking::FromOthers {
        return Ok(());
    }
    let Some(first) = changed.taken.first() else {
        return Ok(());
    };
    let (what, whose) = match first {
        Taken::Key { command, key } => (key.to_string(), *command),
        Taken::Gesture { chord, action } => (chord.to_string(), action.name()),
    };
    Err(SessionError::Usage(format!(
        "{what} belongs to {whose}; take it from there first, or say that it may be taken"
    )))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{Actor, Command, PicturesBy, SessionOptions, system_clock};

    fn session(store: &Path, who: &str) -> Session {
        let options = SessionOptions {
            store_dir: store.to_owned(),
            actor: Actor::new(who),
            clock: system_clock(),
            trace: None,
            pictures: PicturesBy::Session,
        };
        Session::open(options).unwrap()
    }

    fn set(session: &mut Session, id: &str, key: &str, taking: Taking) -> Result<(), SessionError> {
        session.dispatch(Command::Bind(BindCommand::SetKeys {
            command: id.into(),
            keys: vec![Shortcut::parse(key).unwrap()],
            taking,
        }))
    }

    fn keys(session: &Session, id: &str) -> String {
        let keys = session.hands.in_use.keys(id).iter();
        keys.map(Shortcut::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn nothing_is_taken_from_another_command_unless_that_was_said() {
        let folder = tempfile::tempdir().unwrap();
        let mut me = session(folder.path(), "Ada");
        let refused = set(&mut me, "tool_length", "D", Taking::Nothing);
        let said = refused.unwrap_err().to_string();
        assert!(said.contains("D belongs to tool_probe"), "{said}");
        assert_eq!(
            (keys(&me, "tool_length"), keys(&me, "tool_probe")),
            ("L".into(), "D".into())
        );
        set(&mut me, "tool_length", "D", Taking::FromOthers).unwrap();
        assert_eq!(
            (keys(&me, "tool_length"), keys(&me, "tool_probe")),
            ("D".into(), String::new())
        );
    }

    #[test]
    fn each_reader_finds_their_changes_again_in_the_next_process() {
        let folder = tempfile::tempdir().unwrap();
        let mut me = session(folder.path(), "Ada");
        me.dispatch(Command::UseBindings("OHIF".into())).unwrap();
        set(&mut me, "tool_length", "F8", Taking::Nothing).unwrap();
        me.dispatch(Command::InvertLevel).unwrap();
        me.dispatch(Command::UseBindings("Weasis".into())).unwrap();
        assert_eq!(
            keys(&me, "tool_length"),
            "D",
            "a change is of its profile only"
        );
        me.dispatch(Command::UseBindings("OHIF".into())).unwrap();
        drop(me);
        let mut me = session(folder.path(), "Ada");
        assert_eq!(me.hands.in_use.name, "OHIF");
        assert_eq!(keys(&me, "tool_length"), "F8");
        assert!(me.hands.in_use.invert_level);
        let changed = me.hands.profiles.iter().filter(|p| p.is_changed);
        assert_eq!(
            changed.map(|p| p.name.as_str()).collect::<Vec<_>>(),
            ["OHIF"]
        );
        let other = session(folder.path(), "Bob");
        assert_eq!(*other.hands.in_use, *Bindings::house());
        me.dispatch(Command::Bind(BindCommand::ResetAll)).unwrap();
        assert_eq!(me.hands.in_use, me.hands.origin);
        assert!(me.hands.profiles.iter().all(|p| !p.is_changed));
    }

    #[test]
    fn a_profile_goes_out_to_a_file_and_comes_in_under_a_free_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mine.toml");
        let mut me = session(&folder.path().join("store"), "Ada");
        set(&mut me, "tool_length", "F8", Taking::Nothing).unwrap();
        let export = Command::Bind(BindCommand::Export(file.clone()));
        me.dispatch(export.clone()).unwrap();
        let mut other = session(&folder.path().join("other store"), "Bob");
        let import = Command::Bind(BindCommand::Import(file.clone()));
        for name in ["Overread (2)", "Overread (3)"] {
            other.dispatch(import.clone()).unwrap();
            assert_eq!(other.hands.in_use.name, name);
            assert_eq!(keys(&other, "tool_length"), "F8");
        }
        set(&mut other, "tool_length", "F9", Taking::Nothing).unwrap();
        let reset = BindCommand::ResetKeys {
            command: "tool_length".into(),
            taking: Taking::Nothing,
        };
        other.dispatch(Command::Bind(reset)).unwrap();
        assert_eq!(
            keys(&other, "tool_length"),
            "F8",
            "as it came with the file"
        );
        let remove = |name: &str| Command::Bind(BindCommand::Remove(name.into()));
        assert!(other.dispatch(remove("Weasis")).is_err());
        other.dispatch(remove("Overread (3)")).unwrap();
        assert_eq!(*other.hands.in_use, *Bindings::house());
        std::fs::write(&file, "not a profile").unwrap();
        assert!(other.dispatch(import).is_err());
        let said = me.dispatch(export).unwrap_err().to_string();
        assert!(said.contains("not written over"), "{said}");
    }

    #[test]
    fn what_the_store_keeps_and_does_not_read_is_told_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut me = session(folder.path(), "Ada");
        let broken = r#"{"profile":"OHIF","own":[{"name":"OHIF","imported":null,"changed":"name = 'x'\n[keys]\ngone = []"}]}"#;
        for (text, name) in [
            (broken, "OHIF"),
            ("{", "Overread"),
            (r#"{"profile":"Gone","own":[]}"#, "Overread"),
        ] {
            let setting = me.bindings_setting();
            me.store.set_setting(&setting, text).unwrap();
            me.notices.clear();
            me.read_bindings().unwrap();
            assert_eq!(me.hands.in_use.name, name, "{text}");
            assert!(
                me.notices.iter().any(|n| n.code == "bindings_not_read"),
                "{text}"
            );
            assert_eq!(me.store.setting(&setting).unwrap().as_deref(), Some(text));
        }
    }
}
