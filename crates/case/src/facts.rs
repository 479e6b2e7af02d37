use serde::{Deserialize, Serialize};

use crate::{Category, StatementId, TextSpan};

/// What a text says about the existence of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assertion {
    /// It is there.
    Present,
    /// It is not there.
    Absent,
    /// It may be there.
    Possible,
    /// It was there in the past.
    Historical,
    /// It is asked about or conditional ("rule out", "if").
    Hypothetical,
    /// It concerns another person, such as a relative.
    OtherPerson,
}

/// Side of the body, the patient's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The patient's left.
    Left,
    /// The patient's right.
    Right,
    /// Both.
    Bilateral,
}

/// Grade of a finding, ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Trace, minimal, tiny.
    Trace,
    /// Mild, small, slight.
    Mild,
    /// Moderate.
    Moderate,
    /// Severe, large, marked.
    Severe,
}

/// Change against a prior study.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Not there before.
    New,
    /// Larger, more, worse.
    Increased,
    /// As before.
    Stable,
    /// Smaller, less, better.
    Decreased,
    /// No longer there.
    Resolved,
}

/// A size in a text or from a mark.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// One value per dimension, mm, in the order given.
    pub mm: Vec<f64>,
    /// The words it came from.
    pub text: String,
    /// Where these words are in the report's text.
    pub span: TextSpan,
}

/// What should happen next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recommendation {
    /// The action in a word of the lexicon: `follow_up`, `biopsy`, `mri`, `none` …
    pub action: String,
    /// How soon, days; `None` when the text gives no interval.
    pub interval_days: Option<u32>,
}

/// One thing a report or a reader says about one concept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// Name in the lexicon, for instance `pulmonary_nodule`; `None` when the phrase is outside it.
    pub concept: Option<String>,
    /// The phrase as written.
    pub text: String,
    /// Where the phrase is in the report's text.
    pub span: TextSpan,
    /// Said to be there, not there, …
    pub assertion: Assertion,
    /// 0 to 1: how sure the rules are of this fact.
    pub certainty: f64,
    /// Side of the body, if said.
    pub laterality: Option<Side>,
    /// Organ or region in a word of the lexicon, if said.
    pub site: Option<String>,
    /// Lobe, segment, vertebra …, normalised, if said.
    pub level: Option<String>,
    /// Grade, if said.
    pub severity: Option<Severity>,
    /// Change against a prior study, if said.
    pub change: Option<Change>,
    /// Sizes, if said.
    pub measurements: Vec<Measurement>,
    /// What should happen next, if this is what the fact is about.
    pub recommendation: Option<Recommendation>,
    /// Does the phrase speak of something normal ("clear lungs", "heart size normal")?
    pub normal: bool,
}

/// The part of a report that a statement stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// Clinical information, indication.
    History,
    /// Technique, procedure.
    Technique,
    /// Comparison with earlier studies.
    Comparison,
    /// Findings.
    Findings,
    /// Impression, conclusion, opinion.
    Impression,
    /// Recommendation.
    Recommendation,
    /// Who was told what, when.
    Communication,
    /// Anything else, or a report without headings.
    Other,
}

/// A sentence, or sentences that speak of one thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Its number in the report.
    pub id: StatementId,
    /// The part of the report it stands in.
    pub section: SectionKind,
    /// Its words.
    pub text: String,
    /// Where they are in the report's text.
    pub span: TextSpan,
    /// What it says.
    pub facts: Vec<Fact>,
    /// Categories of reporting schemes that it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<CategoryMention>,
}

/// A category of a reporting scheme where a text names it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CategoryMention {
    /// Which.
    pub category: Category,
    /// The words it came from.
    pub text: String,
    /// Where these words are in the report's text.
    pub span: TextSpan,
}
