use serde::{Deserialize, Serialize};

use crate::{Bias, Cause, FindingId, ImageRef, Impact, PairId, StatementId};

/// A range of bytes in a text: start, and end (exclusive). On character boundaries.
pub type TextSpan = [usize; 2];

/// What a row of the comparison says about the two reads (DOMAIN classes D1 to D14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Class {
    /// Both reads say the same.
    #[serde(rename = "agree")]
    Agree,
    /// Missed in the first read.
    D1,
    /// Missed in the second read.
    #[serde(rename = "D1'")]
    D1Second,
    /// Not confirmed: the second read does not find what the first reported.
    D2,
    /// Negation: one says present, the other absent.
    D3,
    /// Laterality.
    D4,
    /// Place or level.
    D5,
    /// Size.
    D6,
    /// Severity.
    D7,
    /// Change against the prior.
    D8,
    /// Diagnosis.
    D9,
    /// Category of a reporting scheme.
    D10,
    /// Recommendation.
    D11,
    /// Critical result not flagged or not communicated.
    D12,
    /// Inside one report.
    D13,
    /// Technique or limitation.
    D14,
}

/// How an error came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorType {
    /// Not seen.
    Perception,
    /// Seen, judged otherwise.
    Interpretation,
    /// Seen, written otherwise (side, number, negation).
    Communication,
    /// The images could not show it.
    Technique,
    /// History or priors were lacking.
    Information,
    /// Both readings can be defended.
    Judgement,
}

/// Would care change?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Significance {
    /// No.
    None,
    /// Hardly.
    Minor,
    /// Follow-up or further tests.
    Moderate,
    /// Treatment.
    Major,
}

/// Should it have been seen?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detectability {
    /// Understandable miss.
    Understandable,
    /// Usually seen.
    UsuallySeen,
}

/// The second reader's side of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum SecondRef {
    /// A finding.
    Finding(FindingId),
    /// A sentence of the impression that no finding covers, by its number there.
    Sentence(StatementId),
}

/// What the reader decided about a pair.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// `Agree` alone, or one or more of the others, the leading first.
    pub classes: Vec<Class>,
    /// How the error came about.
    pub error_type: Option<ErrorType>,
    /// The same more closely; its broad type is the error type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// What may have bent a judgement, each once and in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub biases: Vec<Bias>,
    /// What it led to, as far as that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<Impact>,
    /// Should it have been seen?
    pub detectability: Option<Detectability>,
    /// Would care change?
    pub significance: Option<Significance>,
    /// Free words.
    pub note: String,
    /// The image that shows it.
    pub evidence: Option<ImageRef>,
    /// Shall the first reader be asked for a comment once the comparison is signed? The question is anonymous.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks_first_reader: bool,
}

/// A row of the comparison: a statement of the first report, something of the second read, or both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// Its number in the comparison.
    pub id: PairId,
    /// The statement of the first report; `None` when nothing there speaks of it.
    pub first: Option<StatementId>,
    /// The second reader's; `None` when nothing there speaks of it.
    pub second: Option<SecondRef>,
    /// What the rules propose. `Agree` or classes; empty for a statement that needs no answer (DECISIONS 16).
    pub proposed: Vec<Class>,
    /// The rule that proposed it, for instance `laterality.disjoint`.
    pub rule: String,
    /// 0 to 1.
    pub confidence: f64,
    /// The words that differ in the first report's text.
    pub first_spans: Vec<(Class, TextSpan)>,
    /// The words that differ in the text of the second reader's item.
    pub second_spans: Vec<(Class, TextSpan)>,
    /// What the reader decided; `None`: not yet.
    pub verdict: Option<Verdict>,
}

/// What the comparison means for the first report as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The first report stands.
    Confirmed,
    /// It stands with additions or corrections that do not change care.
    Refined,
    /// It changes care.
    Changed,
}
