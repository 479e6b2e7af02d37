use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

use crate::folder_walk::{Item, list_folder};
use crate::limits;
use crate::listing::Ask;
use crate::prescan::{Parsed, parse};
use crate::refusal::Refusal;
use crate::source::{Content, Source};
use crate::tags;
use crate::warning::{Severity, Warning};

/// A Referenced File ID (PS3.3 F.3.2.2): the parts of a path below the folder of the DICOMDIR.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileId(Vec<String>);

/// The files that a DICOMDIR names, one record after the other whatever their links say, so that loops among them do
/// no harm.
pub(crate) fn file_ids(parsed: &Parsed) -> Vec<FileId> {
    let records = parsed.dataset.root().items(tags::DIRECTORY_RECORD_SEQUENCE);
    records
        .into_iter()
        .take(limits::MAX_ARCHIVE_ENTRIES)
        .map(|record| record.ascii_values(tags::REFERENCED_FILE_ID))
        .filter(|parts| !parts.is_empty())
        .map(FileId)
        .collect()
}

/// As [`file_ids`], of a file on disk.
pub(crate) fn read_file_ids(path: &Path) -> Result<Vec<FileId>, Refusal> {
    Ok(file_ids(&parse(&Content::open(path)?)?))
}

impl FileId {
    /// Does it stay below the folder of the DICOMDIR?
    fn is_inside(&self) -> bool {
        self.0.iter().all(|part| {
            let mut components = Path::new(part).components();
            let is_one_name = matches!(
                (components.next(), components.next()),
                (Some(Component::Normal(_)), None)
            );
            is_one_name && !part.contains([':', '/', '\\'])
        })
    }

    fn folded(&self) -> String {
        let parts: Vec<String> = self.0.iter().map(|part| fold(part)).collect();
        parts.join("/")
    }
}

/// The files on disk that a DICOMDIR names and that are there, then others in the same folders: a file that was added
/// to a disc without its record is still an image.
pub(crate) fn named_files(dicomdir: &Path, ids: &[FileId]) -> Vec<PathBuf> {
    let folder = dicomdir.parent().unwrap_or(Path::new("."));
    let Ok(root) = folder.canonicalize() else {
        return Vec::new();
    };
    let mut names = FoldedNames::default();
    let is_below = |file: &PathBuf| {
        file.canonicalize()
            .is_ok_and(|f| f.starts_with(&root) && f.is_file())
    };
    let mut files: Vec<PathBuf> = ids
        .iter()
        .filter(|id| id.is_inside())
        .filter_map(|id| names.resolve(folder, &id.0))
        .filter(is_below)
        .collect();
    let mut seen: HashSet<PathBuf> = HashSet::new();
    files.retain(|file| seen.insert(file.clone()));
    // The folder of the DICOMDIR itself may be anybody's: only what its records name is read of it.
    let folders: BTreeSet<PathBuf> = files
        .iter()
        .filter_map(|file| file.parent())
        .filter(|parent| *parent != folder)
        .map(Path::to_owned)
        .collect();
    for folder in folders {
        let beside = list_folder(&folder, &root, Ask::Names).items.into_iter();
        files.extend(beside.filter_map(|item| match item {
            Item::File(file) => {
                let path = file.path.to_path_buf();
                seen.insert(path.clone()).then_some(path)
            }
            Item::Folder(_) => None,
        }));
    }
    files
}

/// Compares the files that a DICOMDIR names with those that were found below its folder or in its archive.
pub(crate) fn check(dicomdir: &Source, ids: &[FileId], found: &[Source]) -> Vec<Warning> {
    let shown = dicomdir.shown_path();
    let folder = shown.parent().unwrap_or(Path::new(""));
    let there: HashSet<String> = found
        .iter()
        .filter(|source| source.path() == dicomdir.path() || dicomdir.entry().is_none())
        .filter_map(|source| Some(folded_path(source.shown_path().strip_prefix(folder).ok()?)))
        .collect();
    let named: HashSet<String> = ids
        .iter()
        .filter(|id| id.is_inside())
        .map(FileId::folded)
        .collect();
    let n_missing = named.iter().filter(|name| !there.contains(*name)).count();
    let n_refused = ids.iter().filter(|id| !id.is_inside()).count();
    let mut warnings = Vec::new();
    if 0 < n_missing {
        let text = format!(
            "The DICOMDIR names {} files and {} of them are there: the study may be incomplete. Copy the disc again, or ask for the {n_missing} that are missing.",
            named.len(),
            named.len() - n_missing
        );
        warnings.push(Warning::new("dicomdir_file_missing", Severity::Warning, text).at(&shown));
    }
    if 0 < n_refused {
        let text = format!(
            "The DICOMDIR names {n_refused} files outside its own folder; they were not read."
        );
        warnings.push(Warning::new("dicomdir_path_refused", Severity::Warning, text).at(&shown));
    }
    warnings
}

/// Names of folders' entries in capitals: media keep them so, and copies often do not.
#[derive(Default)]
struct FoldedNames {
    of_folder: HashMap<PathBuf, HashMap<String, PathBuf>>,
}

impl FoldedNames {
    fn resolve(&mut self, folder: &Path, parts: &[String]) -> Option<PathBuf> {
        let mut at = folder.to_owned();
        for part in parts {
            let exact = at.join(part);
            at = if exact.exists() {
                exact
            } else {
                self.entries(&at).get(&fold(part))?.clone()
            };
        }
        Some(at)
    }

    fn entries(&mut self, folder: &Path) -> &HashMap<String, PathBuf> {
        self.of_folder.entry(folder.to_owned()).or_insert_with(|| {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            entries
                .map(|e| (fold(&e.file_name().to_string_lossy()), e.path()))
                .collect()
        })
    }
}

fn folded_path(path: &Path) -> String {
    let parts: Vec<String> = path
        .components()
        .flat_map(|part| {
            let text = part.as_os_str().to_string_lossy().into_owned();
            // Archives made by some programs separate with the other slash.
            text.split('\\').map(fold).collect::<Vec<_>>()
        })
        .collect();
    parts.join("/")
}

/// Without case, a version suffix of ISO 9660, or a lone trailing dot.
fn fold(name: &str) -> String {
    let name = name.to_uppercase();
    let name = name.split_once(';').map_or(name.as_str(), |(base, _)| base);
    name.trim_end_matches('.').to_owned()
}
