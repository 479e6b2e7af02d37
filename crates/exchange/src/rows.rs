use case::{Case, Class, Comparison, Pair, SecondRef, Significance};

use crate::findings::sizes;
use crate::identifiers::Identifiers;

/// A row of the comparison.
pub(crate) struct Row {
    pub first: Option<String>,
    pub second: Option<String>,
    pub standing: Standing,
    pub significance: Option<Significance>,
    pub score: Option<String>,
    /// How it came about, how easily it was seen, what may have bent a judgement, what it led to.
    pub circumstances: Vec<String>,
    pub note: String,
}

/// What has been decided about a row.
pub(crate) enum Standing {
    Agree,
    Differs(Vec<Class>),
    /// The rules propose something, the reader has not decided.
    Proposed(Vec<Class>),
    /// Nothing asks for a decision.
    NotAddressed,
}

impl Row {
    pub(crate) fn is_discrepancy(&self) -> bool {
        matches!(self.standing, Standing::Differs(_))
    }
}

/// The words of a row.
pub(crate) fn row(
    case: &Case,
    comparison: &Comparison,
    pair: &Pair,
    identifiers: &Identifiers,
) -> Row {
    let verdict = pair.verdict.as_ref();
    let standing = match verdict {
        Some(verdict) if verdict.agrees() => Standing::Agree,
        Some(verdict) => Standing::Differs(verdict.classes.clone()),
        None if pair.proposed.is_empty() => Standing::NotAddressed,
        None => Standing::Proposed(pair.proposed.clone()),
    };
    let error_type = verdict
        .and_then(|verdict| verdict.error_type)
        .map(case::ErrorType::label);
    let detectability = verdict
        .and_then(|verdict| verdict.detectability)
        .map(case::Detectability::label);
    Row {
        first: first_text(comparison, pair).map(|text| identifiers.clean(&text)),
        second: second_text(case, comparison, pair).map(|text| identifiers.clean(&text)),
        standing,
        significance: verdict.and_then(|verdict| verdict.significance),
        score: verdict.and_then(score),
        circumstances: error_type
            .into_iter()
            .chain(detectability)
            .map(str::to_owned)
            .chain(verdict.map(causes).unwrap_or_default())
            .collect(),
        note: verdict
            .map(|verdict| identifiers.clean(verdict.note.trim()))
            .unwrap_or_default(),
    }
}

/// Cause, biases and impact, as far as they are named.
fn causes(verdict: &case::Verdict) -> Vec<String> {
    let mut words = Vec::new();
    words.extend(
        verdict
            .cause
            .map(|c| format!("cause: {}", lower(c.label()))),
    );
    if !verdict.biases.is_empty() {
        let biases: Vec<_> = verdict.biases.iter().map(|b| lower(b.label())).collect();
        words.push(format!("bias: {}", biases.join(", ")));
    }
    let impact = verdict.impact;
    words.extend(impact.map(|i| format!("impact {} of 5: {}", i.number(), lower(i.label()))));
    words
}

fn lower(label: &str) -> String {
    label.to_lowercase()
}

/// The words of a row's statement in the first report.
pub(crate) fn first_text(comparison: &Comparison, pair: &Pair) -> Option<String> {
    let id = pair.first?;
    let statement = comparison.first.iter().find(|statement| statement.id == id);
    Some(statement.map_or_else(
        || id.to_string(),
        |statement| statement.text.trim().to_owned(),
    ))
}

/// The words of a row's item in the second read.
pub(crate) fn second_text(case: &Case, comparison: &Comparison, pair: &Pair) -> Option<String> {
    Some(match pair.second? {
        SecondRef::Finding(id) => match case.finding(id) {
            Some(finding) => {
                let mut parts = vec![format!("{id} {}", finding.title())];
                parts.extend(sizes(case, id));
                parts.extend(
                    finding
                        .severity
                        .map(|severity| severity.label().to_lowercase()),
                );
                parts.extend(finding.change.map(|change| change.label().to_lowercase()));
                parts.extend(finding.category.as_ref().map(ToString::to_string));
                parts.join(", ")
            }
            None => id.to_string(),
        },
        SecondRef::Sentence(id) => {
            let sentence = comparison.second.iter().find(|sentence| sentence.id == id);
            sentence.map_or_else(
                || id.to_string(),
                |sentence| sentence.text.trim().to_owned(),
            )
        }
    })
}

/// The derived score of a verdict, such as `3b`; `None` while it cannot be derived.
pub(crate) fn score(verdict: &case::Verdict) -> Option<String> {
    case::score(verdict).map(|score| score.to_string())
}
