use serde::{Deserialize, Serialize};
use volume::PRESETS;

use crate::hanging::{Condition, StudyFacts};

/// Largest file that is read as a checklist, bytes.
const MAX_BYTES: usize = 64 * 1024;
/// Letters of the name of a checklist at most.
const MAX_NAME: usize = 60;

/// What a careful reader goes through in images of one kind. Written as a TOML file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// Its name.
    pub name: String,
    /// Raised with each change of the file.
    pub version: u32,
    /// The studies that it is for.
    pub when: Condition,
    /// The regions, in the order in which they are read.
    #[serde(rename = "region")]
    pub regions: Vec<ChecklistRegion>,
}

/// A region of a checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecklistRegion {
    /// Its name.
    pub name: String,
    /// The name of the window of a digit that it is read in; absent: none is usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<String>,
}

/// Why a file is no checklist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChecklistError {
    /// It is far larger than any checklist.
    #[error("the file is larger than {MAX_BYTES} bytes, so it is no checklist")]
    TooLarge,
    /// It does not read as TOML of this form.
    #[error("the checklist cannot be read: {0}")]
    Form(String),
    /// It has no name, or a long one.
    #[error("the checklist has no name; write one of up to {MAX_NAME} letters")]
    Name,
    /// Its regions cannot be put on record.
    #[error(
        "the checklist needs 1 to {} regions, each with a name of its own of up to {} letters",
        case::MAX_REGIONS,
        case::MAX_REGION_CHARS
    )]
    Regions,
    /// There is no such window.
    #[error("there is no window \"{0}\"; write one of: {names}", names = window_names())]
    Window(String),
}

impl Checklist {
    /// Reads a checklist and checks it.
    ///
    /// # Errors
    /// [`ChecklistError`], with what is wrong and what to write.
    pub fn read(text: &str) -> Result<Self, ChecklistError> {
        if MAX_BYTES < text.len() {
            return Err(ChecklistError::TooLarge);
        }
        let list: Self = toml::from_str(text)
            .map_err(|e| ChecklistError::Form(e.to_string().trim().replace('\n', " ")))?;
        list.check()?;
        Ok(list)
    }

    fn check(&self) -> Result<(), ChecklistError> {
        if self.name.trim().is_empty() || MAX_NAME < self.name.chars().count() {
            return Err(ChecklistError::Name);
        }
        let review = case::AnatomyReview {
            checklist: self.name.clone(),
            version: self.version,
            asked: self.names(),
            reviewed: Vec::new(),
        };
        if review.is_empty() || !review.is_sound() {
            return Err(ChecklistError::Regions);
        }
        let windows = self.regions.iter().filter_map(|r| r.window.as_ref());
        match windows.into_iter().find(|name| preset(name).is_none()) {
            Some(unknown) => Err(ChecklistError::Window(unknown.clone())),
            None => Ok(()),
        }
    }

    /// Names of the regions.
    pub(super) fn names(&self) -> Vec<String> {
        self.regions.iter().map(|r| r.name.clone()).collect()
    }

    /// Digit and name of the window that a region is read in.
    pub(super) fn window(&self, region: &str) -> Option<(u8, &'static str)> {
        let region = self.regions.iter().find(|r| r.name == region)?;
        preset(region.window.as_ref()?)
    }
}

/// The checklist that says most about a study among those that are for it; of equals the first.
pub(super) fn choose<'a>(lists: &'a [Checklist], facts: &StudyFacts) -> Option<&'a Checklist> {
    let for_it = lists.iter().filter(|list| list.when.holds(facts));
    // The last of the largest is taken, so they are gone through backwards.
    let mut for_it: Vec<&Checklist> = for_it.collect();
    for_it.reverse();
    for_it.into_iter().max_by_key(|list| list.when.n_stated())
}

fn preset(name: &str) -> Option<(u8, &'static str)> {
    let preset = PRESETS.iter().find(|p| p.name.eq_ignore_ascii_case(name))?;
    Some((preset.digit, preset.name))
}

fn window_names() -> String {
    PRESETS.map(|p| p.name).join(", ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::shipped::shipped;
    use super::*;
    use crate::hanging::VolumeFacts;

    fn facts(modality: &str, description: &str) -> StudyFacts {
        StudyFacts {
            description: description.into(),
            volumes: vec![VolumeFacts {
                modality: modality.into(),
                ..VolumeFacts::default()
            }],
        }
    }

    #[test]
    fn a_study_gets_the_checklist_of_its_modality_and_part_of_the_body() {
        for (modality, description, name) in [
            ("CT", "CT Chest with contrast", Some("CT of the chest")),
            ("CT", "BRAIN W/O", Some("CT of the head")),
            (
                "CT",
                "Abdomen 3 phases",
                Some("CT of the abdomen and pelvis"),
            ),
            ("MR", "MR lumbar spine", Some("MR of the spine")),
            ("DX", "Chest pa", Some("X-ray of the chest")),
            ("MG", "", Some("Mammography")),
            ("CT", "knee", None),
            ("US", "chest", None),
        ] {
            let found = choose(shipped(), &facts(modality, description));
            assert_eq!(found.map(|list| list.name.as_str()), name, "{description}");
        }
    }

    #[test]
    fn a_file_that_is_no_checklist_says_what_to_write() {
        let whole = "name = \"A\"\nversion = 1\n[when]\n[[region]]\nname = \"Lungs\"\n";
        assert!(Checklist::read(whole).is_ok());
        for (from, to, says) in [
            ("\"A\"", "\"\"", "no name"),
            ("version = 1", "", "cannot be read"),
            ("version = 1", "version = 1\nlook = 2", "cannot be read"),
            (
                "[when]\n[[region]]\nname = \"Lungs\"\n",
                "region = []\n[when]\n",
                "1 to 64 regions",
            ),
            ("\"Lungs\"", "\" \"", "name of its own"),
            (
                "\"Lungs\"\n",
                "\"Lungs\"\n[[region]]\nname = \"Lungs\"\n",
                "name of its own",
            ),
            (
                "\"Lungs\"\n",
                "\"Lungs\"\nwindow = \"Marrow\"\n",
                "Soft tissue",
            ),
        ] {
            let text = whole.replace(from, to);
            let said = Checklist::read(&text).unwrap_err().to_string();
            assert!(said.contains(says), "{text}: {said}");
        }
        let long = format!("{whole}#{}", "x".repeat(MAX_BYTES));
        assert_eq!(Checklist::read(&long), Err(ChecklistError::TooLarge));
    }
}
