use std::path::PathBuf;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use series::{Scan, ScanJson, ScanProgress};

use crate::file_access::LockedArchive;
use crate::headless::Guard;
use crate::headless::guard::blinded;
use crate::{FileAccess, SessionError};

/// The answer of `scan PATH… --json`, to be written as it is read: a folder may hold a hundred thousand studies.
#[derive(Debug)]
pub struct ScanAnswer(Scan);

impl ScanAnswer {
    /// Did an archive stay closed for want of its password?
    pub fn is_locked(&self) -> bool {
        LockedArchive::among(&self.0.warnings).is_some()
    }
}

impl Serialize for ScanAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ScanJson(&self.0).serialize(serializer)
    }
}

/// `scan PATH… --json`. Titles of documents of a study under blinded read are left out; if there is nothing but such
/// documents it is refused.
///
/// # Errors
/// When nothing could be read, or it is refused.
pub fn scan(
    paths: &[PathBuf],
    guard: &Guard,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<ScanAnswer, SessionError> {
    let mut scan = scan_paths(paths, &guard.access, progress)?;
    let mut n_hidden = 0;
    let mut n_open = 0;
    for study in &mut scan.studies {
        guard.check_open(&study.study_instance_uid)?;
        n_open += study.series.len();
        if guard.is_blinded(&study.study_instance_uid) {
            n_hidden += study.documents.len();
            for document in &mut study.documents {
                document.title = "sealed".into();
            }
        } else {
            n_open += study.documents.len();
        }
    }
    if 0 < n_hidden && n_open == 0 {
        return Err(blinded());
    }
    Ok(ScanAnswer(scan))
}

/// Scans, and turns "nothing at all" into an error with the first reason.
pub(crate) fn scan_paths(
    paths: &[PathBuf],
    access: &FileAccess,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Scan, SessionError> {
    if paths.is_empty() {
        return Err(SessionError::Usage(
            "no folder or file was named; name one or more".into(),
        ));
    }
    let tell = |p: ScanProgress| {
        if let ScanProgress::Headers { n_done, n_files } = p {
            progress(n_done, n_files);
        }
    };
    let scan = series::scan(paths, &access.scan_options(), &tell, &|| false);
    if scan
        .studies
        .iter()
        .all(|s| s.series.is_empty() && s.documents.is_empty())
    {
        let worst = scan.warnings.iter().max_by_key(|w| w.severity);
        return Err(match worst {
            Some(w) => SessionError::NothingRead { code: w.code, text: with_path(&w.text, w.path.as_deref()) },
            None => SessionError::NothingRead {
                code: "no_images",
                text: "no DICOM objects were found there; name the folder, archive or disc that holds them".into(),
            },
        });
    }
    Ok(scan)
}

/// A sentence with the path it is about as its last part.
pub(crate) fn with_path(text: &str, path: Option<&std::path::Path>) -> String {
    match path {
        Some(path) => format!("{}: {}", text.trim_end_matches('.'), path.display()),
        None => text.to_owned(),
    }
}

/// The warnings of a list as the JSON of all answers.
pub(crate) fn warnings_json<'a>(warnings: impl Iterator<Item = &'a series::Warning>) -> Value {
    warnings
        .map(|w| serde_json::to_value(w).unwrap_or_else(|_| json!({ "code": w.code })))
        .collect()
}
