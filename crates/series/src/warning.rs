use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};

/// Something the reader must know about what was read: every guess and every refusal is one.
///
/// The text never holds patient data; the path is a field of its own so that it can be left out of a log.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Warning {
    /// Stable name in `snake_case`; `WARNINGS.md` lists them all.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// One sentence: what, where, what to do next.
    pub text: String,
    /// The file concerned.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "readable")]
    pub path: Option<PathBuf>,
    /// The series concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series_uid: Option<String>,
    /// 0-based slices of the volume concerned, in the volume's order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub slice_idxs: Vec<usize>,
}

/// How much a warning matters to the reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing is in doubt.
    Info,
    /// Something was guessed, or a tool is off.
    Warning,
    /// Something is not shown at all.
    Error,
}

/// A name of a file need not be text: what is none of it is shown as the mark for that, not refused.
fn readable<S: Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
    let path = path.as_deref().map(Path::to_string_lossy);
    path.serialize(serializer)
}

impl Warning {
    /// A warning about the data as a whole.
    pub fn new(code: &'static str, severity: Severity, text: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            text: text.into(),
            path: None,
            series_uid: None,
            slice_idxs: Vec::new(),
        }
    }

    /// Names the file concerned.
    pub fn at(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Names the series concerned.
    pub fn in_series(mut self, series_uid: impl Into<String>) -> Self {
        self.series_uid = Some(series_uid.into());
        self
    }

    /// Names the slices concerned, 0-based.
    pub fn for_slices(mut self, slice_idxs: Vec<usize>) -> Self {
        self.slice_idxs = slice_idxs;
        self
    }
}
