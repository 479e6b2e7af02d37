use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::dicomdir::{named_files, read_file_ids};
use crate::folder_walk::{NOT_A_FILE, walk_folder};
use crate::source::Source;
use crate::warning::{Severity, Warning};

/// Files to look at, and what was left out on the way.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) groups: Vec<Group>,
    pub(crate) warnings: Vec<Warning>,
}

/// The files of one named path.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// The folder, where all of it was walked.
    pub(crate) folder: Option<PathBuf>,
    pub(crate) sources: Vec<Source>,
}

/// Finds every file below the named paths, archives unopened; folders are walked in the order of their names.
pub(crate) fn find(inputs: &[PathBuf], cancel: &(dyn Fn() -> bool + Sync)) -> Found {
    let mut found = Found::default();
    for input in inputs {
        match std::fs::metadata(input) {
            Ok(metadata) if metadata.is_dir() => found.folder(input, cancel),
            Ok(metadata) if metadata.is_file() => found.named_file(input, cancel),
            Ok(_) => found.warn("not_a_file", NOT_A_FILE, input),
            Err(error) => {
                let text = format!(
                    "The path cannot be opened ({}); check it and try again.",
                    error.kind()
                );
                found
                    .warnings
                    .push(Warning::new("path_unreadable", Severity::Error, text).at(input));
            }
        }
    }
    if 1 < inputs.len() {
        // The same file named twice, or by its folder as well, is one file.
        let mut seen = HashSet::new();
        for group in &mut found.groups {
            group
                .sources
                .retain(|s| seen.insert(s.path().as_os_str().to_owned()));
        }
    }
    found
}

impl Found {
    fn warn(&mut self, code: &'static str, text: &str, path: &Path) {
        self.warnings
            .push(Warning::new(code, Severity::Warning, text).at(path));
    }

    fn named_file(&mut self, path: &Path, cancel: &(dyn Fn() -> bool + Sync)) {
        let is_directory_record = path
            .file_name()
            .is_some_and(|n| n.eq_ignore_ascii_case("DICOMDIR"));
        if is_directory_record {
            self.dicomdir(path, cancel);
        } else {
            self.add(None, vec![path.to_owned()]);
        }
    }

    fn add(&mut self, folder: Option<&Path>, files: Vec<PathBuf>) {
        self.groups.push(Group {
            folder: folder.map(Path::to_owned),
            sources: files.into_iter().map(Source::File).collect(),
        });
    }

    fn folder(&mut self, root: &Path, cancel: &(dyn Fn() -> bool + Sync)) {
        let walked = walk_folder(root, cancel);
        self.warnings.extend(walked.warnings);
        self.add(Some(root), walked.files);
    }

    /// The files that a named DICOMDIR lists, those that lie beside them, and itself, so that its list is checked.
    fn dicomdir(&mut self, path: &Path, cancel: &(dyn Fn() -> bool + Sync)) {
        let files = read_file_ids(path).map(|ids| named_files(path, &ids));
        match files {
            Ok(files) if !files.is_empty() => {
                let itself = std::iter::once(path.to_owned());
                self.add(None, itself.chain(files).collect());
            }
            _ => {
                let text = "The DICOMDIR cannot be read or names no file that is there; its whole folder was searched instead.";
                self.warn("dicomdir_unreadable", text, path);
                let folder = path.parent().unwrap_or(Path::new("."));
                self.folder(folder, cancel);
            }
        }
    }
}
