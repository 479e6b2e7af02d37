use std::collections::BTreeSet;
use std::fmt;

use case::{Case, FindingId, PairId, SecondRef, StatementId};

use super::Line;
use crate::words;

/// A signed item that a line of a letter comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reference {
    /// A statement of the first report.
    Statement(StatementId),
    /// A finding of the second read.
    Finding(FindingId),
    /// A sentence of the second reader's impression.
    Sentence(StatementId),
    /// The impression of the second reader as a whole.
    Impression,
    /// A verdict of the comparison.
    Row(PairId),
    /// The outcome of the comparison.
    Outcome,
    /// A decision of the third read.
    Third(PairId),
    /// A change of mind after the reveal, by its number.
    Amendment(usize),
    /// A finding that could not wait, by its number.
    Critical(u32),
    /// A limitation that was recorded when the read was sealed, by its number.
    Limitation(usize),
    /// The seal of the second read.
    Seal,
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Statement(id) => write!(f, "{id}"),
            Self::Finding(id) => write!(f, "{id}"),
            Self::Sentence(id) => write!(f, "I{}", id.0),
            Self::Impression => write!(f, "I"),
            Self::Row(id) => write!(f, "{id}"),
            Self::Outcome => write!(f, "O"),
            Self::Third(id) => write!(f, "T{}", id.0),
            Self::Amendment(number) => write!(f, "M{number}"),
            Self::Critical(number) => write!(f, "C{number}"),
            Self::Limitation(number) => write!(f, "L{number}"),
            Self::Seal => write!(f, "R"),
        }
    }
}

impl Reference {
    /// The reference of the second reader's side of a row.
    pub(crate) fn second(item: SecondRef) -> Self {
        match item {
            SecondRef::Finding(id) => Self::Finding(id),
            SecondRef::Sentence(id) => Self::Sentence(id),
        }
    }

    fn what(self) -> &'static str {
        match self {
            Self::Statement(_) => "Statement of the first report",
            Self::Finding(_) => "Finding of the second read",
            Self::Sentence(_) => "Sentence of the second impression",
            Self::Impression => "Impression of the second read",
            Self::Row(_) => "Verdict of the comparison",
            Self::Outcome => "Outcome of the comparison",
            Self::Third(_) => "Decision of the third read",
            Self::Amendment(_) => "Change after the first report was seen",
            Self::Critical(_) => "Finding that could not wait",
            Self::Limitation(_) => "Limitation recorded with the seal",
            Self::Seal => "Seal of the second read",
        }
    }

    /// Which signature covers it, and the start of what that covers.
    fn covered(self, case: &Case) -> String {
        let read = case.read().seal.as_ref();
        let comparison = case.comparison().and_then(|c| c.seal.as_ref());
        let third = case.third_read().and_then(|third| third.seal.as_ref());
        let (name, seal) = match self {
            Self::Finding(_) | Self::Sentence(_) | Self::Impression | Self::Seal => {
                ("second read", read)
            }
            Self::Statement(_) | Self::Row(_) | Self::Amendment(_) => ("comparison", comparison),
            Self::Outcome if third.is_some() => ("third read", third),
            Self::Outcome => ("comparison", comparison),
            // What was recorded with the seal stands in the log behind it, which the next signature covers.
            Self::Limitation(_) => ("comparison", comparison),
            Self::Third(_) => ("third read", third),
            Self::Critical(_) => ("", None),
        };
        match seal {
            Some((seal, at)) => format!(
                "{name}, signed {}, {}…",
                words::time(at),
                seal.digest.as_str().get(..16).unwrap_or_default()
            ),
            None => format!(
                "chained in the log, whose end is {}…",
                case.log_head().as_str().get(..16).unwrap_or_default()
            ),
        }
    }
}

/// Where a reference leads: its name, what it is, what covers it.
pub(crate) struct Source {
    pub name: String,
    pub what: &'static str,
    pub covered: String,
}

/// Every reference of a letter, once.
pub(super) fn sources<'a>(case: &Case, lines: impl Iterator<Item = &'a Line>) -> Vec<Source> {
    let all: BTreeSet<Reference> = lines.flat_map(|line| line.from.iter().copied()).collect();
    all.into_iter()
        .map(|reference| Source {
            name: reference.to_string(),
            what: reference.what(),
            covered: reference.covered(case),
        })
        .collect()
}
