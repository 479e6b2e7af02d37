use case::SectionKind;

use crate::document::Section;
use crate::taxonomy::Taxonomy;

/// A heading found in a text.
struct Heading {
    kind: Option<SectionKind>,
    /// Where the heading starts.
    start: usize,
    /// Where its words end.
    title_end: usize,
    /// Where what it heads starts.
    body: usize,
}

/// A heading has few words; a longer phrase before a colon is a sentence.
const MAX_HEADING_BYTES: usize = 60;

/// Splits a text at its headings.
///
/// Known headings count at the start of a line or a sentence, with a colon, or alone on a line. An unknown heading in
/// capitals with a colon ("LUNGS:") starts a section of the same kind as the one before it.
pub(crate) fn split_sections(text: &str) -> Vec<Section> {
    let mut sections = Vec::new();
    let headings = headings(text);
    let preamble_end = headings.first().map_or(text.len(), |heading| heading.start);
    push(
        &mut sections,
        text,
        SectionKind::Other,
        (0, 0),
        (0, preamble_end),
    );
    let mut kind = SectionKind::Other;
    for (heading_idx, heading) in headings.iter().enumerate() {
        let end = headings
            .get(heading_idx + 1)
            .map_or(text.len(), |next| next.start);
        kind = heading.kind.unwrap_or(kind);
        push(
            &mut sections,
            text,
            kind,
            (heading.start, heading.title_end),
            (heading.body, end),
        );
    }
    sections
}

fn push(
    sections: &mut Vec<Section>,
    text: &str,
    kind: SectionKind,
    title: (usize, usize),
    body: (usize, usize),
) {
    let words = text.get(body.0..body.1).unwrap_or_default();
    let start = body.0 + (words.len() - words.trim_start().len());
    let end = start + words.trim().len();
    let title = text
        .get(title.0..title.1)
        .unwrap_or_default()
        .trim_matches(['*', '#', '_', ' ', '=', '-', '\n'])
        .to_owned();
    if start < end || !title.is_empty() {
        sections.push(Section {
            kind,
            title,
            span: [start.min(end), end],
        });
    }
}

fn headings(text: &str) -> Vec<Heading> {
    let mut found: Vec<Heading> = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        line_headings(line, line_start, &mut found);
        line_start += line.len();
    }
    found
}

fn line_headings(line: &str, line_start: usize, found: &mut Vec<Heading>) {
    let bare = line.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '*' | '#' | '_' | '=' | '-' | ':')
    });
    if !line.contains(':') {
        let is_title = bare.chars().next().is_some_and(char::is_uppercase);
        if let (true, Some(kind)) = (is_title && bare.len() <= MAX_HEADING_BYTES, known(bare)) {
            let end = line_start + line.len();
            found.push(Heading {
                kind: Some(kind),
                start: line_start,
                title_end: end,
                body: end,
            });
        }
        return;
    }
    let mut earliest = 0;
    for (colon, _) in line.match_indices(':') {
        let before = line.get(earliest..colon).unwrap_or_default();
        let (offset, is_line_start) = phrase_before_colon(before);
        let start = earliest + offset;
        let phrase = line.get(start..colon).unwrap_or_default();
        let title = phrase.trim_matches([' ', '*', '#', '_', '=']);
        let is_line_start = is_line_start && earliest == 0;
        let in_capitals =
            title.chars().any(char::is_alphabetic) && !title.chars().any(char::is_lowercase);
        let starts_upper = title.chars().next().is_some_and(char::is_uppercase);
        let kind = known(title).filter(|_| is_line_start || starts_upper);
        let unknown_in_capitals =
            is_line_start && in_capitals && title.len() <= MAX_HEADING_BYTES && 2 < title.len();
        if kind.is_some() || unknown_in_capitals {
            found.push(Heading {
                kind,
                start: line_start + start,
                title_end: line_start + colon,
                body: line_start + colon + 1,
            });
        }
        earliest = colon + 1;
    }
}

/// Where the phrase that ends at the colon starts, and whether nothing but blanks stands before it.
fn phrase_before_colon(before: &str) -> (usize, bool) {
    let sentence_start = before
        .rmatch_indices(['.', '!', '?', ';'])
        .map(|(at, mark)| at + mark.len())
        .find(|at| before.get(*at..).is_some_and(|rest| rest.starts_with(' ')))
        .unwrap_or(0);
    let phrase = before.get(sentence_start..).unwrap_or_default();
    if phrase.trim().len() <= MAX_HEADING_BYTES && known(phrase).is_some() {
        return (sentence_start, sentence_start == 0);
    }
    // "…no change. Chest CT IMPRESSION:": the last words in capitals may be the heading.
    let capitals = phrase
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_uppercase() || matches!(c, ' ' | '/' | '&'))
        .last()
        .map_or(phrase.len(), |(at, _)| at);
    let tail = phrase.get(capitals..).unwrap_or_default();
    if known(tail).is_some() {
        return (sentence_start + capitals, sentence_start + capitals == 0);
    }
    (sentence_start, sentence_start == 0)
}

fn known(title: &str) -> Option<SectionKind> {
    let mut form = String::with_capacity(title.len());
    for word in title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        if form.is_empty() && word.chars().all(|c| c.is_ascii_digit()) {
            continue;
        }
        if !form.is_empty() {
            form.push(' ');
        }
        form.extend(word.chars().flat_map(char::to_lowercase));
        if form.len() > MAX_HEADING_BYTES {
            return None;
        }
    }
    Taxonomy::get().heading(&form)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(SectionKind, &str)]) {
        let sections = split_sections(text);
        let got: Vec<_> = sections
            .iter()
            .map(|section| {
                (
                    section.kind,
                    text.get(section.span[0]..section.span[1]).unwrap_or("?"),
                )
            })
            .filter(|(_, words)| !words.is_empty())
            .collect();
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn headings_of_many_styles_are_found() {
        use SectionKind::{Findings, History, Impression, Other, Recommendation, Technique};
        check(
            "FINDINGS: Clear.\nIMPRESSION: Normal.",
            &[(Findings, "Clear."), (Impression, "Normal.")],
        );
        check(
            "Findings:\nClear.\n\nImpression:\nNormal.",
            &[(Findings, "Clear."), (Impression, "Normal.")],
        );
        check(
            "Findings\nClear.\n\nImpression\nNormal.",
            &[(Findings, "Clear."), (Impression, "Normal.")],
        );
        check(
            "**Findings:** Clear. **Impression:** Normal.",
            &[(Findings, "** Clear."), (Impression, "** Normal.")],
        );
        check(
            "FINDINGS: Clear. IMPRESSION: Normal.",
            &[(Findings, "Clear."), (Impression, "Normal.")],
        );
        check(
            "## Findings\nClear.\n## Conclusion\nNormal.",
            &[(Findings, "Clear."), (Impression, "Normal.")],
        );
        check(
            "FINDINGS:\nLUNGS: Clear.\nHEART: Normal.",
            &[(Findings, "Clear."), (Findings, "Normal.")],
        );
        check(
            "CLINICAL HISTORY: Pain.\nTECHNIQUE: CT.",
            &[(History, "Pain."), (Technique, "CT.")],
        );
        check(
            "IMPRESSION: Nodule. RECOMMENDATION: CT.",
            &[(Impression, "Nodule."), (Recommendation, "CT.")],
        );
        check("The lungs are clear.", &[(Other, "The lungs are clear.")]);
        check(
            "Time of call 10:30 today.",
            &[(Other, "Time of call 10:30 today.")],
        );
    }
}
