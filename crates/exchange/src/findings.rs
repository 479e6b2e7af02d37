use case::{Annotation, Case, Finding, FindingId};

use crate::identifiers::Identifiers;
use crate::words;

/// A finding of the second reader.
pub(crate) struct FindingWords {
    pub id: FindingId,
    pub title: String,
    /// Side, place, grade, change, category, criticality, confidence.
    pub details: Vec<String>,
    /// Each measurement with its source.
    pub measured: Vec<String>,
    pub note: String,
}

/// The words of a finding.
pub(crate) fn finding_words(
    case: &Case,
    finding: &Finding,
    identifiers: &Identifiers,
) -> FindingWords {
    let mut details = vec![finding.assertion.label().to_owned()];
    details.extend(finding.side.map(|side| side.label().to_lowercase()));
    details.extend(finding.site.clone());
    details.extend(finding.level.clone());
    details.extend(
        finding
            .severity
            .map(|severity| severity.label().to_lowercase()),
    );
    details.extend(
        finding
            .change
            .map(|change| format!("{} against the prior", change.label().to_lowercase())),
    );
    details.extend(sizes(case, finding.id));
    details.extend(finding.category.as_ref().map(category_words));
    details.extend(
        finding
            .criticality
            .map(|c| format!("criticality {}: {}", c.number(), c.label().to_lowercase())),
    );
    details.extend(
        finding
            .confidence
            .map(|percent| format!("confidence {percent} %")),
    );
    let marks = case
        .read()
        .annotations
        .iter()
        .filter(|annotation| annotation.finding == Some(finding.id));
    FindingWords {
        id: finding.id,
        title: identifiers.clean(&finding.title()),
        details: details
            .iter()
            .map(|detail| identifiers.clean(detail))
            .collect(),
        measured: marks
            .map(|mark| identifiers.clean(&mark_words(mark)))
            .collect(),
        note: identifiers.clean(finding.note.trim()),
    }
}

/// `Lung-RADS 4A (version 2022)`.
fn category_words(category: &case::Category) -> String {
    match &category.version {
        Some(version) => format!("{category} (version {version})"),
        None => category.to_string(),
    }
}

/// The marks that belong to no finding, a line each.
pub(crate) fn loose_marks(case: &Case, identifiers: &Identifiers) -> Vec<String> {
    let marks = case.read().annotations.iter();
    marks
        .filter(|mark| mark.finding.is_none())
        .map(|mark| identifiers.clean(&mark_words(mark)))
        .collect()
}

/// `A1 Length: length 8.2 mm (Pixel Spacing (0028,0030))`.
fn mark_words(mark: &Annotation) -> String {
    let mut text = format!("{} {}", mark.id, words::geometry(&mark.geometry));
    let level = match &mark.geometry {
        case::Geometry::SpineLabel { level, .. } => Some(level.to_string()),
        _ => None,
    };
    let said = mark.geometry.words().map(|words| words.trim().to_owned());
    if let Some(words) = said.or(level).filter(|words| !words.is_empty()) {
        text.push_str(&format!(": {words}"));
    }
    let values: Vec<String> = mark.values.iter().map(words::measured).collect();
    if !values.is_empty() {
        text.push_str(&format!(": {}", values.join(", ")));
    }
    let mut sources: Vec<&str> = mark
        .values
        .iter()
        .map(|value| value.source.as_str())
        .filter(|source| !source.is_empty())
        .collect();
    sources.dedup();
    if !sources.is_empty() {
        text.push_str(&format!(" (from {})", sources.join("; ")));
    }
    text
}

/// `8.2 mm` or `33.0 × 22.0 mm`: the sizes among the measurements of a finding. Lengths only where no mark gives two
/// diameters, since a reader draws them to find these.
pub(crate) fn sizes(case: &Case, id: FindingId) -> Vec<String> {
    let value = |mark: &Annotation, name: &str| {
        mark.values.iter().find(|value| value.name == name).cloned()
    };
    let marks = || {
        case.read()
            .annotations
            .iter()
            .filter(|mark| mark.finding == Some(id))
    };
    let diameters: Vec<String> = marks()
        .filter_map(|mark| {
            let (long, short) = (
                value(mark, "long_diameter")?,
                value(mark, "short_diameter")?,
            );
            Some(format!(
                "{:.1} × {:.1} {}",
                long.value, short.value, long.unit
            ))
        })
        .collect();
    if !diameters.is_empty() {
        return diameters;
    }
    let lengths = marks().filter_map(|mark| value(mark, "length"));
    lengths
        .map(|length| format!("{:.1} {}", length.value, length.unit))
        .collect()
}
