use std::collections::BTreeMap;
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
    pub series_uid: Option<Box<str>>,
    /// 0-based slices of the volume concerned, in the volume's order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub slice_idxs: Vec<usize>,
    /// Where the text begins with how many values are concerned: what follows, and how many of each slice. A slice that
    /// is decoded again says so again, and counts once.
    #[serde(skip)]
    counted: Option<Box<Counted>>,
}

/// The parts of a text that begins with a number.
#[derive(Clone, Debug, PartialEq)]
struct Counted {
    rest: &'static str,
    /// Before a slice is named.
    n_unplaced: u64,
    n_of_slice: BTreeMap<usize, u64>,
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
            counted: None,
        }
    }

    /// A warning whose text begins with how many values it is about, so that the numbers of several slices add up.
    pub(crate) fn counting(
        code: &'static str,
        severity: Severity,
        n: u64,
        rest: &'static str,
    ) -> Self {
        let mut warning = Self::new(code, severity, String::new());
        warning.counted = Some(Box::new(Counted {
            rest,
            n_unplaced: n,
            n_of_slice: BTreeMap::new(),
        }));
        warning.count_again();
        warning
    }

    /// The text without the number that it may begin with.
    pub(crate) fn uncounted_text(&self) -> &str {
        self.counted.as_ref().map_or(&self.text, |c| c.rest)
    }

    /// Takes in the slices of another warning that says the same.
    pub(crate) fn take_in(&mut self, other: Self) {
        self.slice_idxs.extend(other.slice_idxs);
        if let (Some(counted), Some(more)) = (&mut self.counted, other.counted) {
            counted.n_unplaced += more.n_unplaced;
            counted.n_of_slice.extend(more.n_of_slice);
            self.count_again();
        }
    }

    fn count_again(&mut self) {
        if let Some(counted) = &self.counted {
            let n = counted.n_unplaced + counted.n_of_slice.values().sum::<u64>();
            self.text = format!("{n} {}", counted.rest);
        }
    }

    /// Names the file concerned.
    pub fn at(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Names the series concerned.
    pub fn in_series(mut self, series_uid: impl Into<String>) -> Self {
        self.series_uid = Some(series_uid.into().into_boxed_str());
        self
    }

    /// Names the slices concerned, 0-based.
    pub fn for_slices(mut self, slice_idxs: Vec<usize>) -> Self {
        if let (Some(counted), [slice_idx]) = (&mut self.counted, slice_idxs.as_slice()) {
            let n = std::mem::take(&mut counted.n_unplaced);
            counted.n_of_slice.insert(*slice_idx, n);
        }
        self.slice_idxs = slice_idxs;
        self
    }
}
