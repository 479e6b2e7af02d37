//! A profile as a file that people read and write.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Bindings, BindingsError, MAX_BYTES};
use crate::commands::{COMMANDS, Shortcut};

/// What stands over the lines of a file.
const HEAD: &str = "# What keys and mouse do in Overread, where it differs from the program's own profile.\n\
# Keys: a command and its keys. Mouse: a gesture and what it does; \"nothing\" takes a gesture away.\n\n";

/// A file: what it changes.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) name: String,
    #[serde(default)]
    pub(super) invert_level: bool,
    #[serde(default)]
    pub(super) keys: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(super) mouse: BTreeMap<String, String>,
}

impl Bindings {
    /// The file of this profile; [`Bindings::read`] of it gives the same again.
    ///
    /// # Errors
    /// When it cannot be written as TOML, which no profile that was read can cause.
    pub fn to_file(&self) -> Result<String, BindingsError> {
        let house = Self::house();
        let keys = COMMANDS.iter().map(|spec| spec.id);
        let keys = keys.filter(|id| self.keys(id) != house.keys(id));
        let names = |id: &str| self.keys(id).iter().map(Shortcut::to_string).collect();
        let mouse = self.mouse.iter();
        let mouse = mouse.filter(|(chord, action)| house.mouse.get(chord) != Some(action));
        let file = File {
            name: self.name.clone(),
            invert_level: self.invert_level,
            keys: keys.map(|id| (id.to_owned(), names(id))).collect(),
            mouse: mouse
                .map(|(chord, action)| (chord.to_string(), action.name().to_owned()))
                .collect(),
        };
        let text = toml::to_string(&file).map_err(|e| BindingsError::Form(e.to_string()))?;
        Ok(format!("{HEAD}{text}"))
    }
}

/// Reads the file of a profile, and no more of it than a profile can have.
///
/// # Errors
/// The sentence of what is wrong with the file.
pub(crate) fn read_file(path: &Path) -> Result<Bindings, String> {
    let unreadable = |e: std::io::Error| {
        let reason = e.kind();
        format!("the profile of keys and mouse cannot be read: {reason}; choose another file")
    };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    let limit = MAX_BYTES as u64 + 1;
    file.take(limit)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    let text = String::from_utf8(bytes).map_err(
        |_| "the file holds no text, so it is no profile of keys and mouse; choose another file",
    )?;
    Bindings::read(&text).map_err(|e| e.to_string())
}

/// May a file be written here? There is none yet, or it is a profile that is replaced. Nothing else is written over.
pub(crate) fn may_write(path: &Path) -> bool {
    match std::fs::symlink_metadata(path) {
        Err(e) => e.kind() == ErrorKind::NotFound,
        Ok(known) => known.is_file() && read_file(path).is_ok(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{MouseAction, MouseChord, MouseGesture, shipped_profiles};
    use super::*;

    #[test]
    fn every_profile_reads_back_as_it_is_written() {
        for profile in shipped_profiles() {
            let text = profile.to_file().unwrap();
            assert_eq!(Bindings::read(&text).as_ref(), Ok(&**profile), "{text}");
        }
    }

    #[test]
    fn every_change_reads_back_as_it_is_written() {
        let mut bindings = (*Bindings::house()).clone();
        bindings.name = "Mine \"and\" yours \\ äß".into();
        let mut n_taken = 0;
        // Every command in turn takes the key of the one before; whoever loses it stays without.
        for pair in COMMANDS.windows(2) {
            let [from, to] = pair else { continue };
            let keys: Vec<Shortcut> = bindings.keys(from.id).to_vec();
            if let Ok(changed) = bindings.with_keys(to.id, &keys) {
                n_taken += changed.taken.len();
                bindings = changed.bindings;
            }
        }
        for gesture in MouseGesture::ALL {
            let held = Default::default();
            let chord = MouseChord { gesture, held };
            for action in MouseAction::ALL {
                if let Ok(changed) = bindings.with_gesture(chord, action) {
                    bindings = changed.bindings;
                    let text = bindings.to_file().unwrap();
                    assert_eq!(Bindings::read(&text).as_ref(), Ok(&bindings), "{text}");
                }
            }
        }
        assert!(20 < n_taken, "only {n_taken} keys changed hands");
    }

    #[test]
    fn nothing_but_a_profile_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        assert!(may_write(&at("new.toml")));
        std::fs::write(at("profile.toml"), Bindings::house().to_file().unwrap()).unwrap();
        assert!(may_write(&at("profile.toml")));
        std::fs::write(at("image.dcm"), [0u8; 200]).unwrap();
        assert!(!may_write(&at("image.dcm")));
        assert!(!may_write(folder.path()));
    }

    #[test]
    fn a_file_that_is_no_profile_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("x");
        for (bytes, expected) in [
            (vec![0xff, 0xfe, 0], "holds no text"),
            (vec![b' '; MAX_BYTES + 10], "larger than"),
            (b"name = 'x'\nkeys = 3".to_vec(), "cannot be read"),
        ] {
            std::fs::write(&at, bytes).unwrap();
            let said = read_file(&at).unwrap_err();
            assert!(said.contains(expected), "{said}");
        }
        let said = read_file(&folder.path().join("none")).unwrap_err();
        assert!(said.contains("choose another file"), "{said}");
    }
}
