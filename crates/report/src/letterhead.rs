//! Patient, accession and author from lines such as "Patient: Doe, Jane  MRN: 77", where the document itself says nothing.

use case::SectionKind;

use crate::document::{Section, Source};

/// Lines above the findings that are looked at, and the longest value that is taken.
const MAX_LINES: usize = 60;
const MAX_VALUE_BYTES: usize = 80;

#[derive(Clone, Copy)]
enum Label {
    Name,
    PatientId,
    Accession,
    Author,
    /// Ends the value before it.
    Other,
}

const LABELS: [(&str, Label); 19] = [
    ("patient name:", Label::Name),
    ("patient id:", Label::PatientId),
    ("patient:", Label::Name),
    ("name:", Label::Name),
    ("mrn:", Label::PatientId),
    ("medical record number:", Label::PatientId),
    ("accession number:", Label::Accession),
    ("accession no:", Label::Accession),
    ("accession:", Label::Accession),
    ("radiologist:", Label::Author),
    ("reading physician:", Label::Author),
    ("dictated by:", Label::Author),
    ("reported by:", Label::Author),
    ("author:", Label::Author),
    ("dob:", Label::Other),
    ("date of birth:", Label::Other),
    ("date:", Label::Other),
    ("sex:", Label::Other),
    ("exam:", Label::Other),
];

/// Fills what the document's own header left open.
pub(crate) fn fill_from_letterhead(source: &mut Source, text: &str, sections: &[Section]) {
    let findings = sections
        .iter()
        .find(|section| section.kind == SectionKind::Findings);
    let letterhead = text
        .get(..findings.map_or(text.len(), |section| section.span[0]))
        .unwrap_or_default();
    for line in letterhead.lines().take(MAX_LINES) {
        for (label, value) in labelled_values(line) {
            fill(source, label, value);
        }
    }
    if let Some(author) = text.lines().rev().take(10).find_map(signature) {
        fill(source, Label::Author, author);
    }
}

fn fill(source: &mut Source, label: Label, value: &str) {
    let value =
        value.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | ',' | ';' | '|'));
    if value.is_empty() || MAX_VALUE_BYTES < value.len() {
        return;
    }
    let (slot, value) = match label {
        Label::Name => (&mut source.patient_name, name_only(value)),
        Label::PatientId => (&mut source.patient_id, value.to_owned()),
        Label::Accession => (&mut source.accession, value.to_owned()),
        Label::Author => (&mut source.author, value.to_owned()),
        Label::Other => return,
    };
    slot.get_or_insert(value);
}

/// All "label: value" of a line; a value ends where the next label starts.
fn labelled_values(line: &str) -> Vec<(Label, &str)> {
    let lower = line.to_ascii_lowercase();
    let mut found: Vec<(usize, usize, Label)> = Vec::new();
    for (words, label) in LABELS {
        for (at, _) in lower.match_indices(words) {
            let starts = lower
                .get(..at)
                .and_then(|before| before.chars().next_back())
                .is_none_or(|c| !c.is_alphanumeric());
            let inside_other = found
                .iter()
                .any(|(start, end, _)| at < *end && *start < at + words.len());
            if starts && !inside_other {
                found.push((at, at + words.len(), label));
            }
        }
    }
    found.sort_by_key(|(start, _, _)| *start);
    let ends: Vec<usize> = found
        .iter()
        .skip(1)
        .map(|(start, _, _)| *start)
        .chain([line.len()])
        .collect();
    found
        .iter()
        .zip(ends)
        .filter_map(|((_, from, label), to)| Some((*label, line.get(*from..to)?)))
        .collect()
}

/// "Jane Doe, female, born 1 May 1960" → "Jane Doe"; "Doe, Jane" stays.
fn name_only(value: &str) -> String {
    let is_name = |part: &&str| {
        let lower = part.trim().to_lowercase();
        !lower.chars().any(|c| c.is_ascii_digit())
            && !["male", "female", "m", "f"].contains(&lower.as_str())
    };
    value
        .split(',')
        .take_while(is_name)
        .collect::<Vec<_>>()
        .join(",")
        .trim()
        .to_owned()
}

/// "Reported by Dr Ann Who".
pub(crate) fn signature(line: &str) -> Option<&str> {
    let line = line.trim();
    [
        "reported by ",
        "dictated by ",
        "electronically signed by ",
        "signed by ",
        "verified by ",
    ]
    .iter()
    .find_map(|start| {
        let head = line.get(..start.len())?;
        head.eq_ignore_ascii_case(start)
            .then(|| line.get(start.len()..))
            .flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_lines_in_words_are_read() {
        let text = "Patient: Jane Doe, female, born 1 May 1960\nMRN: 77  Accession number: A9\nCT CHEST\nReported by Dr Ann Who";
        let mut source = Source::default();
        fill_from_letterhead(&mut source, text, &[]);
        assert_eq!(source.patient_name.as_deref(), Some("Jane Doe"));
        assert_eq!(source.patient_id.as_deref(), Some("77"));
        assert_eq!(source.accession.as_deref(), Some("A9"));
        assert_eq!(source.author.as_deref(), Some("Dr Ann Who"));
    }
}
