use case::{SectionKind, Statement, StatementId, TextSpan};

use crate::document::{Report, Section, Source};
use crate::letterhead::signature;
use crate::rules::{categories_of_sentence, facts_of_sentence};
use crate::structure::{clean_text, split_sections, split_sentences};

/// Makes a report of a text: sections, statements, facts.
pub fn read_text(raw: &str, source: Source) -> Report {
    let text = clean_text(raw);
    let sections = split_sections(&text);
    let statements = statements(&text, &sections);
    Report {
        text,
        sections,
        statements,
        source,
        warnings: Vec::new(),
    }
}

/// The statements of a free impression. Headings in it are honoured; everything else counts as impression.
///
/// The spans refer to the second value, the text in its clean form.
pub fn read_impression(raw: &str) -> (Vec<Statement>, String) {
    let mut report = read_text(raw, Source::default());
    for statement in &mut report.statements {
        if statement.section == SectionKind::Other {
            statement.section = SectionKind::Impression;
        }
    }
    (report.statements, report.text)
}

fn statements(text: &str, sections: &[Section]) -> Vec<Statement> {
    let has_body = sections.iter().any(|section| {
        matches!(
            section.kind,
            SectionKind::Findings | SectionKind::Impression
        )
    });
    let mut statements = Vec::new();
    for (section_idx, section) in sections.iter().enumerate() {
        // What stands above the first heading is a letterhead, not a finding.
        let is_letterhead = has_body && section_idx == 0 && section.title.is_empty();
        for span in joined(text, split_sentences(text, section.span)) {
            let words = text.get(span[0]..span[1]).unwrap_or_default().to_owned();
            let kind = if signature(&words).is_some() {
                SectionKind::Communication
            } else {
                section.kind
            };
            let mut facts = if is_letterhead {
                Vec::new()
            } else {
                facts_of_sentence(text, span)
            };
            if !may_hold_unknown_findings(kind) {
                facts.retain(|fact| fact.concept.is_some());
            }
            let categories = match is_letterhead || kind == SectionKind::History {
                true => Vec::new(),
                false => categories_of_sentence(text, span),
            };
            // The name of a category is no finding outside the lexicon.
            let in_category = |span: TextSpan| {
                let mut named = categories.iter();
                named.any(|c| span[0] < c.span[1] && c.span[0] < span[1])
            };
            facts.retain(|fact| fact.concept.is_some() || !in_category(fact.span));
            let id = StatementId(statements.len() as u32 + 1);
            statements.push(Statement {
                id,
                section: kind,
                text: words,
                span,
                facts,
                categories,
            });
        }
    }
    statements
}

/// Names of people and machines are not findings outside the lexicon.
fn may_hold_unknown_findings(kind: SectionKind) -> bool {
    match kind {
        SectionKind::Findings
        | SectionKind::Impression
        | SectionKind::Recommendation
        | SectionKind::Other => true,
        SectionKind::History
        | SectionKind::Technique
        | SectionKind::Comparison
        | SectionKind::Communication => false,
    }
}

/// Joins "It measures 8 mm." to the sentence that says what.
fn joined(text: &str, sentences: Vec<TextSpan>) -> Vec<TextSpan> {
    let mut spans: Vec<TextSpan> = Vec::with_capacity(sentences.len());
    for span in sentences {
        let words = text
            .get(span[0]..span[1])
            .unwrap_or_default()
            .to_ascii_lowercase();
        let refers_back = ["it ", "this ", "these ", "they "]
            .iter()
            .any(|start| words.starts_with(start));
        let measures = ["measure", " mm", " cm"]
            .iter()
            .any(|word| words.contains(word));
        match spans.last_mut() {
            Some(last) if refers_back && measures => last[1] = span[1],
            _ => spans.push(span),
        }
    }
    spans
}
