use std::path::{Path, PathBuf};

use case::{Actor, Sha256};
use serde::{Deserialize, Serialize};

use super::ask::{ListView, MAX_SEARCH};
use crate::SessionError;
use crate::exporting::write_whole;

/// A view of the list with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedView {
    /// Its name.
    pub name: String,
    /// It.
    pub view: ListView,
}

/// The views that a person saved, kept as a file beside the store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedViews {
    schema: String,
    /// Whose they are.
    actor: String,
    /// The one that the list begins with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    start: Option<String>,
    views: Vec<SavedView>,
}

/// Views of a person at most.
const MAX_VIEWS: usize = 64;
/// Characters of a name at most.
const MAX_NAME: usize = 60;
/// Bytes of a file at most; more than that many views take.
const MAX_BYTES: u64 = 512 * 1024;
const SCHEMA: &str = "overread.views/1";

impl SavedViews {
    /// Reads the views of a person. A file that is none is put aside, and a sentence says so.
    pub(crate) fn read(folder: &Path, actor: &Actor) -> (Self, Option<String>) {
        let path = file_of(folder, actor);
        let found = match std::fs::metadata(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return (Self::of(actor), None);
            }
            Err(error) => Err(error.kind().to_string()),
            Ok(file) if MAX_BYTES < file.len() => Err("it is too long".to_owned()),
            Ok(_) => std::fs::read(&path).map_err(|e| e.kind().to_string()),
        };
        let read = found.and_then(|bytes| Self::parse(&bytes, actor));
        match read {
            Ok(views) => (views, None),
            Err(why) => (Self::of(actor), Some(put_aside(&path, &why))),
        }
    }

    fn of(actor: &Actor) -> Self {
        Self {
            schema: SCHEMA.into(),
            actor: actor.to_string(),
            ..Self::default()
        }
    }

    fn parse(bytes: &[u8], actor: &Actor) -> Result<Self, String> {
        let views: Self = serde_json::from_slice(bytes).map_err(|_| "it does not read")?;
        if views.schema != SCHEMA {
            return Err("another version of the program wrote it".into());
        }
        if views.actor != actor.as_str() {
            return Err("it belongs to somebody else".into());
        }
        let names = views.views.iter().map(|saved| saved.name.as_str());
        let mut known: Vec<&str> = names.collect();
        known.sort_unstable();
        known.dedup();
        let sound = known.len() == views.views.len()
            && known.len() <= MAX_VIEWS
            && views.views.iter().all(|saved| {
                check_name(&saved.name).is_ok() && saved.view.search.chars().count() <= MAX_SEARCH
            });
        match sound {
            true => Ok(views),
            false => Err("it holds names that cannot be".into()),
        }
    }

    pub(crate) fn all(&self) -> &[SavedView] {
        &self.views
    }

    /// The name of the view that the list begins with.
    pub(crate) fn start(&self) -> Option<&str> {
        self.start.as_deref()
    }

    pub(crate) fn named(&self, name: &str) -> Result<&ListView, SessionError> {
        let found = self.views.iter().find(|saved| saved.name == name);
        found.map(|saved| &saved.view).ok_or_else(|| {
            let names: Vec<&str> = self.views.iter().map(|saved| saved.name.as_str()).collect();
            let known = match names.is_empty() {
                true => "none is saved".to_owned(),
                false => format!("there are: {}", names.join(", ")),
            };
            SessionError::Usage(format!("there is no view '{name}'; {known}"))
        })
    }

    /// Saves a view under a name, in the place of one of that name.
    pub(crate) fn save(&mut self, name: &str, view: ListView) -> Result<(), SessionError> {
        let name = check_name(name)?;
        let n_views = self.views.len();
        match self.views.iter_mut().find(|saved| saved.name == name) {
            Some(saved) => saved.view = view,
            None if MAX_VIEWS <= n_views => {
                return Err(SessionError::Usage(format!(
                    "there are {MAX_VIEWS} saved views already; delete one first"
                )));
            }
            None => self.views.push(SavedView { name, view }),
        }
        Ok(())
    }

    pub(crate) fn rename(&mut self, from: &str, to: &str) -> Result<(), SessionError> {
        self.named(from)?;
        let to = check_name(to)?;
        if to != from && self.named(&to).is_ok() {
            return Err(SessionError::Usage(format!(
                "there is a view '{to}' already; choose another name"
            )));
        }
        for saved in self.views.iter_mut().filter(|saved| saved.name == from) {
            saved.name.clone_from(&to);
        }
        if self.start.as_deref() == Some(from) {
            self.start = Some(to);
        }
        Ok(())
    }

    pub(crate) fn delete(&mut self, name: &str) -> Result<(), SessionError> {
        self.named(name)?;
        self.views.retain(|saved| saved.name != name);
        self.start.take_if(|start| start == name);
        Ok(())
    }

    /// Begins with a view from now on; `None`: with all cases.
    pub(crate) fn start_with(&mut self, name: Option<String>) -> Result<(), SessionError> {
        if let Some(name) = &name {
            self.named(name)?;
        }
        self.start = name;
        Ok(())
    }

    /// Writes them for the owner of the store alone: what somebody searches for may be a patient's name.
    pub(crate) fn write(&self, folder: &Path, actor: &Actor) -> Result<(), SessionError> {
        let path = file_of(folder, actor);
        let bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        let folder = path.parent().unwrap_or(folder);
        let made = std::fs::create_dir_all(folder).and_then(|()| owner_only(folder, 0o700));
        made.map_err(|error| SessionError::Write {
            reason: error.kind().to_string(),
            path: folder.to_path_buf(),
        })?;
        write_whole(&path, &bytes)?;
        owner_only(&path, 0o600).map_err(|error| SessionError::Write {
            reason: error.kind().to_string(),
            path,
        })
    }
}

#[cfg(unix)]
fn owner_only(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn owner_only(_path: &Path, _mode: u32) -> std::io::Result<()> {
    Ok(())
}

fn check_name(name: &str) -> Result<String, SessionError> {
    let name = name.trim();
    let fits =
        !name.is_empty() && name.chars().count() <= MAX_NAME && !name.chars().any(char::is_control);
    fits.then(|| name.to_owned()).ok_or_else(|| {
        SessionError::Usage(format!(
            "a view needs a name of 1 to {MAX_NAME} characters on one line"
        ))
    })
}

/// A name of letters and digits alone, since an actor may be called anything.
fn file_of(folder: &Path, actor: &Actor) -> PathBuf {
    let digest = Sha256::of(actor.as_str().as_bytes()).to_string();
    let name = digest.get(..16).unwrap_or(&digest).to_owned();
    folder.join("views").join(format!("{name}.json"))
}

fn put_aside(path: &Path, why: &str) -> String {
    let aside = (1..1_000)
        .map(|n| path.with_extension(format!("damaged-{n}")))
        .find(|aside| !aside.exists());
    let moved = aside.and_then(|aside| std::fs::rename(path, &aside).ok().map(|()| aside));
    match moved {
        Some(aside) => format!(
            "the saved views of the list cannot be used ({why}); the file was put aside as {}, save the views anew",
            aside.file_name().unwrap_or_default().to_string_lossy()
        ),
        None => format!(
            "the saved views of the list cannot be used ({why}) and their file could not be put aside; move it away by hand"
        ),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::case_list::{Grouping, Queue};

    fn view(search: &str) -> ListView {
        ListView {
            queue: Queue::Mine,
            search: search.into(),
            group_by: Grouping::Due,
            ..ListView::default()
        }
    }

    #[test]
    fn views_are_saved_for_each_person_renamed_deleted_and_begun_with() {
        let folder = tempfile::tempdir().unwrap();
        let (iyer, osei) = (Actor::new("../S. Iyer"), Actor::new("Osei"));
        let (mut views, said) = SavedViews::read(folder.path(), &iyer);
        assert_eq!((views.all().len(), said), (0, None));
        views.save(" Mine ", view("")).unwrap();
        views.save("Chest", view("chest")).unwrap();
        views.save("Chest", view("thorax")).unwrap();
        views.start_with(Some("Chest".into())).unwrap();
        views.rename("Chest", "Thorax").unwrap();
        for refused in [
            views.clone().save("", view("")),
            views.clone().save(&"x".repeat(61), view("")),
            views.clone().save("a\nb", view("")),
            views.clone().rename("Thorax", "Mine"),
            views.clone().rename("Chest", "Other"),
            views.clone().delete("Chest"),
            views.clone().start_with(Some("Chest".into())),
        ] {
            refused.unwrap_err();
        }
        views.write(folder.path(), &iyer).unwrap();
        let (read, said) = SavedViews::read(folder.path(), &iyer);
        assert_eq!((&read, said), (&views, None));
        assert_eq!(read.start(), Some("Thorax"));
        assert_eq!(read.named("Thorax").unwrap().search, "thorax");
        assert_eq!(SavedViews::read(folder.path(), &osei).0.all(), []);
        views.delete("Thorax").unwrap();
        assert_eq!((views.start(), views.all().len()), (None, 1));
        // Nothing was written anywhere but in the folder of the views.
        let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(names.len(), 1);
    }

    #[test]
    fn a_damaged_file_is_put_aside_with_a_sentence_and_never_lost() {
        let folder = tempfile::tempdir().unwrap();
        let actor = Actor::new("Iyer");
        let mut views = SavedViews::of(&actor);
        views.save("Mine", view("")).unwrap();
        views.write(folder.path(), &actor).unwrap();
        let path = file_of(folder.path(), &actor);
        let good = std::fs::read_to_string(&path).unwrap();
        let twice = good.replace(
            "\"views\": [",
            "\"views\": [{\"name\":\"Mine\",\"view\":{}},",
        );
        let rows = [
            ("", "does not read"),
            ("{", "does not read"),
            (&good.replace("Iyer", "Osei"), "somebody else"),
            (&good.replace("views/1", "views/9"), "another version"),
            (&good.replace("mine", "theirs"), "does not read"),
            (&twice, "names that cannot be"),
            (&" ".repeat(600_000), "too long"),
        ];
        for (k, (text, why)) in rows.iter().enumerate() {
            std::fs::write(&path, text).unwrap();
            let (read, said) = SavedViews::read(folder.path(), &actor);
            assert_eq!(read.all(), [], "{why}");
            let said = said.unwrap();
            assert!(said.contains(why), "{said}");
            let aside = path.with_extension(format!("damaged-{}", k + 1));
            assert_eq!(std::fs::read_to_string(aside).unwrap(), **text, "{why}");
            assert!(!path.exists());
        }
    }
}
