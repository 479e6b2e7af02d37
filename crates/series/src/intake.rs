use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::dicomdir::{named_files, read_file_ids};
use crate::folder_walk::{NOT_A_FILE, walk_folder};
use crate::index::{FolderIndex, HeaderIndex};
use crate::index_file::IndexFile;
use crate::listing::Ask;
use crate::source::Source;
use crate::stamp::Stamp;
use crate::threads::pool;
use crate::warning::{Severity, Warning};

/// Files to look at, and what was left out on the way.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) groups: Vec<Group>,
    pub(crate) warnings: Vec<Warning>,
}

/// The files of one named path.
pub(crate) struct Group {
    /// What is known of them; `None` where nothing is kept of such files.
    pub(crate) index: Option<FolderIndex>,
    pub(crate) files: Vec<Source>,
    /// What the file system said of them, one by one, as far as it was asked.
    pub(crate) stamps: Vec<Option<Stamp>>,
}

/// Looks for files.
struct Finder<'a> {
    index: Option<&'a HeaderIndex>,
    cancel: &'a (dyn Fn() -> bool + Sync),
    found: Found,
}

/// Finds every file below the named paths, archives unopened; folders are walked in the order of their names.
pub(crate) fn find(
    inputs: &[PathBuf],
    index: Option<&HeaderIndex>,
    cancel: &(dyn Fn() -> bool + Sync),
) -> Found {
    let mut finder = Finder {
        index,
        cancel,
        found: Found::default(),
    };
    for input in inputs {
        match std::fs::metadata(input) {
            Ok(metadata) if metadata.is_dir() => finder.folder(input),
            Ok(metadata) if metadata.is_file() => finder.named_file(input),
            Ok(_) => finder.warn("not_a_file", NOT_A_FILE, input),
            Err(error) => {
                let text = format!(
                    "The path cannot be opened ({}); check it and try again.",
                    error.kind()
                );
                finder
                    .found
                    .warnings
                    .push(Warning::new("path_unreadable", Severity::Error, text).at(input));
            }
        }
    }
    let mut found = finder.found;
    if 1 < inputs.len() {
        // The same file named twice, or by its folder as well, is one file.
        let mut seen = HashSet::new();
        for group in &mut found.groups {
            group.retain(|path| seen.insert(path.as_os_str().to_owned()));
        }
    }
    found
}

impl Group {
    fn retain(&mut self, mut is_kept: impl FnMut(&Path) -> bool) {
        let files = std::mem::take(&mut self.files).into_iter();
        let stamps = std::mem::take(&mut self.stamps).into_iter();
        (self.files, self.stamps) = files
            .zip(stamps.chain(std::iter::repeat(None)))
            .filter(|(file, _)| is_kept(file.path()))
            .unzip();
    }
}

impl Finder<'_> {
    fn warn(&mut self, code: &'static str, text: &str, path: &Path) {
        self.found
            .warnings
            .push(Warning::new(code, Severity::Warning, text).at(path));
    }

    fn named_file(&mut self, path: &Path) {
        let is_directory_record = path
            .file_name()
            .is_some_and(|n| n.eq_ignore_ascii_case("DICOMDIR"));
        if is_directory_record {
            self.dicomdir(path);
        } else {
            self.add(vec![path.to_owned()]);
        }
    }

    /// Files that were named one by one.
    fn add(&mut self, paths: Vec<PathBuf>) {
        self.found.groups.push(Group {
            index: None,
            files: paths.into_iter().map(Source::file).collect(),
            stamps: Vec::new(),
        });
    }

    fn folder(&mut self, root: &Path) {
        let kept = self.index.and_then(|index| {
            let file = IndexFile::of(root, &index.folder)?;
            Some((file, index.now))
        });
        // What is not known is opened, which asks for its stamp.
        let ask = match &kept {
            Some((file, _)) if file.is_there() => Ask::Stamps,
            _ => Ask::Names,
        };
        let cancel = self.cancel;
        let (index, walked) = pool().join(
            || kept.map(|(file, now)| FolderIndex::load(file, now)),
            || walk_folder(root, ask, cancel),
        );
        self.found.warnings.extend(walked.warnings);
        self.found.groups.push(Group {
            index,
            files: walked.files,
            stamps: walked.stamps,
        });
    }

    /// The files that a named DICOMDIR lists, those that lie beside them, and itself, so that its list is checked.
    fn dicomdir(&mut self, path: &Path) {
        let files = read_file_ids(path).map(|ids| named_files(path, &ids));
        match files {
            Ok(files) if !files.is_empty() => {
                let itself = std::iter::once(path.to_owned());
                self.add(itself.chain(files).collect());
            }
            _ => {
                let text = "The DICOMDIR cannot be read or names no file that is there; its whole folder was searched instead.";
                self.warn("dicomdir_unreadable", text, path);
                let folder = path.parent().unwrap_or(Path::new("."));
                self.folder(folder);
            }
        }
    }
}
