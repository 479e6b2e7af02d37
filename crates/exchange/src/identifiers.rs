use case::Case;
use serde_json::Value;

use crate::{Deidentify, words};

/// What stands in place of something that was taken out.
pub(crate) const REMOVED: &str = "[removed]";

/// Takes identifiers out of text.
///
/// Looks for the patient's name in the usual orders, its longer parts, the patient ID, the accession number and the
/// first reader's name, as whole words. It knows nothing else about free text, and the output says so.
pub(crate) struct Identifiers {
    terms: Vec<String>,
    deidentify: Deidentify,
}

/// Parts of names that are also words of radiology are only removed as part of the whole name.
const NEVER_ALONE: [&str; 8] = [
    "left", "right", "long", "small", "large", "major", "minor", "bone",
];

impl Identifiers {
    pub(crate) fn of(case: &Case, deidentify: Deidentify) -> Self {
        let mut terms = Vec::new();
        if deidentify == Deidentify::Yes {
            for study in case.study().into_iter().chain(case.priors()) {
                add_name(&mut terms, &study.patient_name);
                terms.extend(
                    [&study.patient_id, &study.accession_number].map(|id| id.trim().to_owned()),
                );
            }
            if let Some(comparison) = case.comparison() {
                add_name(&mut terms, &comparison.first_author);
            }
        }
        // Short identifiers such as `7` would take measurements apart.
        terms.retain(|term| 3 <= term.chars().count());
        // Longer terms first, so that a whole name goes before its parts.
        terms.sort_by_key(|term| std::cmp::Reverse(term.len()));
        terms.dedup();
        Self { terms, deidentify }
    }

    pub(crate) fn are_left_out(&self) -> bool {
        self.deidentify == Deidentify::Yes
    }

    /// The value of an identifying field, or nothing.
    pub(crate) fn field(&self, value: &str) -> Option<String> {
        (!self.are_left_out() && !value.trim().is_empty()).then(|| value.trim().to_owned())
    }

    /// A document whose texts are without what identifies.
    pub(crate) fn clean_json(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.clean(text)),
            Value::Array(items) => items.iter().map(|item| self.clean_json(item)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| (name.clone(), self.clean_json(value)))
                .collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }

    /// Free text without what identifies.
    pub(crate) fn clean(&self, text: &str) -> String {
        self.terms
            .iter()
            .fold(text.to_owned(), |text, term| replace_word(&text, term))
    }
}

fn add_name(terms: &mut Vec<String>, name: &str) {
    let parts: Vec<&str> = name
        .split(['^', '=', ',', ' '])
        .map(|part| part.trim_matches('.'))
        .filter(|part| !part.is_empty())
        .collect();
    if let [family, given, ..] = parts.as_slice() {
        terms.extend([
            format!("{family} {given}"),
            format!("{family}, {given}"),
            format!("{family}^{given}"),
            format!("{given} {family}"),
        ]);
    }
    terms.push(words::person_name(name));
    terms.push(name.to_owned());
    let alone = |part: &&&str| !NEVER_ALONE.contains(&part.to_lowercase().as_str());
    terms.extend(parts.iter().filter(alone).map(|part| (*part).to_owned()));
}

/// Replaces a term where it stands as whole words, whatever the case of its letters.
fn replace_word(text: &str, term: &str) -> String {
    let term: Vec<char> = term.chars().flat_map(char::to_lowercase).collect();
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let mut out = String::with_capacity(text.len());
    let mut idx = 0;
    while let Some(&(_, letter)) = letters.get(idx) {
        let before = idx.checked_sub(1).and_then(|before| letters.get(before));
        let end = term_end(&letters, idx, &term);
        let after = end.and_then(|end| letters.get(end));
        let bounded = [before, after]
            .into_iter()
            .flatten()
            .all(|(_, c)| !c.is_alphanumeric());
        match end.filter(|_| bounded) {
            Some(end) => {
                out.push_str(REMOVED);
                idx = end;
            }
            None => {
                out.push(letter);
                idx += 1;
            }
        }
    }
    out
}

/// Index behind the term when it begins at `start`.
fn term_end(letters: &[(usize, char)], start: usize, term: &[char]) -> Option<usize> {
    let mut wanted = term.iter();
    let mut idx = start;
    while !wanted.as_slice().is_empty() {
        let (_, letter) = letters.get(idx)?;
        if !letter
            .to_lowercase()
            .all(|lower| wanted.next() == Some(&lower))
        {
            return None;
        }
        idx += 1;
    }
    Some(idx)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_in_every_order_and_words_stay_whole() {
        let mut terms = Vec::new();
        add_name(&mut terms, "Hartley^Rowan");
        terms.sort_by_key(|term| std::cmp::Reverse(term.len()));
        let identifiers = Identifiers {
            terms,
            deidentify: Deidentify::Yes,
        };
        for (text, expected) in [
            ("Patient: HARTLEY, ROWAN.", "Patient: [removed]."),
            ("Rowan Hartley was seen", "[removed] was seen"),
            ("Mr Hartley's nodule", "Mr [removed]'s nodule"),
            ("Hartleyan rowans stay", "Hartleyan rowans stay"),
            ("İ ß 日本 stays", "İ ß 日本 stays"),
            ("", ""),
        ] {
            assert_eq!(identifiers.clean(text), expected);
        }
    }

    #[test]
    fn a_name_that_is_a_word_of_radiology_goes_only_as_a_whole() {
        let mut terms = Vec::new();
        add_name(&mut terms, "Long^Mary");
        terms.sort_by_key(|term| std::cmp::Reverse(term.len()));
        let identifiers = Identifiers {
            terms,
            deidentify: Deidentify::Yes,
        };
        assert_eq!(
            identifiers.clean("Mary Long: long axis 8 mm"),
            "[removed]: long axis 8 mm"
        );
    }
}
