use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use crate::limits;
use crate::prescan::parse;
use crate::refusal::Refusal;
use crate::source::Content;
use crate::tags;

/// The files that a DICOMDIR names (PS3.3 F.3.2.2, PS3.12).
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// Below its folder, and there.
    pub(crate) files: Vec<PathBuf>,
    /// Below its folder, and not there.
    pub(crate) missing: Vec<PathBuf>,
    /// File IDs that leave its folder, as they are written.
    pub(crate) refused: Vec<String>,
}

/// Reads the records one after the other, whatever their links say, so that loops among them do no harm.
pub(crate) fn read_dicomdir(path: &Path) -> Result<Listing, Refusal> {
    let content = Content::open(path)?;
    let parsed = parse(&content)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let root = folder.canonicalize()?;
    let mut names = FoldedNames::default();
    let mut listing = Listing::default();
    for record in parsed
        .dataset
        .root()
        .items(tags::DIRECTORY_RECORD_SEQUENCE)
        .into_iter()
        .take(limits::MAX_ARCHIVE_ENTRIES)
    {
        let parts = record.ascii_values(tags::REFERENCED_FILE_ID);
        if parts.is_empty() {
            continue;
        }
        let is_plain = |part: &String| {
            let mut components = Path::new(part).components();
            matches!(
                (components.next(), components.next()),
                (Some(Component::Normal(_)), None)
            ) && !part.contains([':', '/'])
        };
        if !parts.iter().all(is_plain) {
            listing.refused.push(parts.join("/"));
            continue;
        }
        match names.resolve(folder, &parts) {
            Some(file)
                if file
                    .canonicalize()
                    .is_ok_and(|f| f.starts_with(&root) && f.is_file()) =>
            {
                listing.files.push(file)
            }
            Some(_) => listing.refused.push(parts.join("/")),
            None => listing
                .missing
                .push(parts.iter().fold(folder.to_owned(), |p, part| p.join(part))),
        }
    }
    Ok(listing)
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

/// Without case, a version suffix of ISO 9660, or a lone trailing dot.
fn fold(name: &str) -> String {
    let name = name.to_uppercase();
    let name = name.split_once(';').map_or(name.as_str(), |(base, _)| base);
    name.trim_end_matches('.').to_owned()
}
