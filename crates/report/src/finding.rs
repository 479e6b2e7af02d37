use case::{
    Annotation, CategoryMention, Fact, Finding, Measurement, SectionKind, Side, Statement,
    StatementId,
};

use crate::document::Source;
use crate::rules::parse_sizes;
use crate::statements::read_text;

/// The fact that a finding of the second reader states. What the form says counts; the words of the concept only tell
/// which concept it is. Sizes come from the marks (`length`, `long_diameter`), else from the note.
///
/// Spans refer to the text of [`statement_of_finding`].
pub fn facts_of_finding(finding: &Finding, annotations: &[Annotation]) -> Fact {
    let text = finding_text(finding, annotations);
    let concept = finding.concept.trim();
    let place = [finding.level.as_deref(), finding.site.as_deref()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let told = first_fact(concept);
    // The place can make a general word special: "nodule" with the site "lung".
    let placed = if place.is_empty() {
        None
    } else {
        first_fact(&format!("{concept} in the {place}"))
    };
    let best = placed.filter(|fact| fact.concept.is_some()).or(told);
    let level = finding
        .level
        .as_deref()
        .and_then(|level| normal_level(level, finding))
        .or(best.as_ref().and_then(|fact| fact.level.clone()));
    Fact {
        concept: best.as_ref().and_then(|fact| fact.concept.clone()),
        text: concept.to_owned(),
        span: [0, concept.len()],
        assertion: finding.assertion,
        certainty: 1.0,
        laterality: finding
            .side
            .or(best.as_ref().and_then(|fact| fact.laterality))
            .or_else(|| side_of_place(&place)),
        site: best
            .as_ref()
            .and_then(|fact| fact.site.clone())
            .or_else(|| finding.site.as_deref().map(plain_name)),
        level,
        severity: finding
            .severity
            .or(best.as_ref().and_then(|fact| fact.severity)),
        change: finding
            .change
            .or(best.as_ref().and_then(|fact| fact.change)),
        measurements: measurements(finding, annotations, &text),
        recommendation: None,
        normal: best.is_some_and(|fact| fact.normal),
    }
}

/// A finding as a statement, so that it can be compared: its words and its one fact.
pub fn statement_of_finding(finding: &Finding, annotations: &[Annotation]) -> Statement {
    let text = finding_text(finding, annotations);
    Statement {
        id: StatementId(finding.id.0),
        section: SectionKind::Findings,
        span: [0, text.len()],
        facts: vec![facts_of_finding(finding, annotations)],
        categories: mentions(finding, &text),
        text,
    }
}

/// The category of a finding, where it stands at the end of its text.
fn mentions(finding: &Finding, text: &str) -> Vec<CategoryMention> {
    let mention = |category: &case::Category| {
        let words = category.to_string();
        CategoryMention {
            span: [text.len().saturating_sub(words.len()), text.len()],
            text: words,
            category: category.clone(),
        }
    };
    finding.category.iter().map(mention).collect()
}

/// A finding in one line: concept, side and level, site, size, category.
fn finding_text(finding: &Finding, annotations: &[Annotation]) -> String {
    let mut text = finding.concept.trim().to_owned();
    let side = finding.side.map(|side| match side {
        Side::Left => "left",
        Side::Right => "right",
        Side::Bilateral => "bilateral",
    });
    let place: Vec<&str> = [side, finding.level.as_deref(), finding.site.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    if !place.is_empty() {
        text.push_str(", ");
        text.push_str(&place.join(" "));
    }
    for mm in marked_sizes(finding, annotations) {
        text.push_str(&format!(", {mm:.1} mm"));
    }
    if let Some(category) = &finding.category {
        text.push_str(&format!(", {category}"));
    }
    text
}

fn marked_sizes<'a>(
    finding: &'a Finding,
    annotations: &'a [Annotation],
) -> impl Iterator<Item = f64> + 'a {
    annotations
        .iter()
        .filter(|annotation| annotation.finding == Some(finding.id))
        .flat_map(|annotation| &annotation.values)
        .filter(|value| {
            value.unit == "mm" && matches!(value.name.as_str(), "length" | "long_diameter")
        })
        .map(|value| value.value)
        .filter(|mm| mm.is_finite())
}

fn measurements(finding: &Finding, annotations: &[Annotation], text: &str) -> Vec<Measurement> {
    let marked: Vec<f64> = marked_sizes(finding, annotations).collect();
    if marked.is_empty() {
        return parse_sizes(&finding.note)
            .into_iter()
            .map(|size| Measurement {
                span: [0, text.len()],
                ..size
            })
            .collect();
    }
    let mut from = 0;
    marked
        .into_iter()
        .map(|mm| {
            let words = format!("{mm:.1} mm");
            let start = text
                .get(from..)
                .and_then(|rest| rest.find(&words))
                .map_or(0, |at| from + at);
            from = start + words.len();
            Measurement {
                mm: vec![mm],
                span: [start, from.min(text.len())],
                text: words,
            }
        })
        .collect()
}

fn first_fact(words: &str) -> Option<Fact> {
    let report = read_text(words, Source::default());
    let facts = report
        .statements
        .into_iter()
        .flat_map(|statement| statement.facts);
    facts.min_by_key(|fact| (fact.concept.is_none(), fact.normal))
}

/// "Right upper lobe" → `upper_lobe`, "L4/5" → `L4-L5`.
fn normal_level(level: &str, finding: &Finding) -> Option<String> {
    let site = finding.site.as_deref().unwrap_or("");
    let read = first_fact(&format!("lesion in the {level} {site}")).and_then(|fact| fact.level);
    read.or_else(|| Some(plain_name(level)))
        .filter(|level| !level.is_empty())
}

fn side_of_place(place: &str) -> Option<Side> {
    first_fact(&format!("lesion in the {place}")).and_then(|fact| fact.laterality)
}

fn plain_name(words: &str) -> String {
    words
        .trim()
        .to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join("_")
}
