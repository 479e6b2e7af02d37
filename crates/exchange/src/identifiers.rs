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
    dates: Dates,
}

/// Is what is written like a date left as it is?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dates {
    Stay,
    LeftOut,
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
        let mut identifiers = Self {
            terms,
            deidentify,
            dates: Dates::Stay,
        };
        identifiers.settle();
        identifiers
    }

    /// Takes nothing out.
    pub(crate) fn none() -> Self {
        Self {
            terms: Vec::new(),
            deidentify: Deidentify::No,
            dates: Dates::Stay,
        }
    }

    /// For people who must not learn whose case it is: besides the patient's identifiers and the first reader also every
    /// other person, the case, UIDs, and whatever is written like a date.
    pub(crate) fn for_strangers(case: &Case) -> Self {
        let mut identifiers = Self::of(case, Deidentify::Yes);
        let terms = &mut identifiers.terms;
        terms.push(case.id().to_string());
        for study in case.study().into_iter().chain(case.priors()) {
            terms.push(study.study_instance_uid.clone());
        }
        let people = [
            case.reader(),
            case.first_reader(),
            case.third_reader(),
            case.created_by(),
        ];
        let wrote = case.feedback().iter().map(|feedback| &feedback.by);
        let answered = case
            .feedback()
            .iter()
            .flat_map(|f| f.answers.iter().map(|a| &a.by));
        let followed = case.follow_ups().iter().map(|known| &known.by);
        let raised = case.criticals().iter().map(|critical| &critical.by);
        let all = people.into_iter().flatten().chain(wrote).chain(answered);
        for person in all.chain(followed).chain(raised) {
            add_name(terms, person.as_str());
        }
        let told = case
            .criticals()
            .iter()
            .flat_map(|critical| &critical.communications);
        for told in told {
            add_name(terms, &told.to);
        }
        identifiers.dates = Dates::LeftOut;
        identifiers.settle();
        identifiers
    }

    fn settle(&mut self) {
        // Short identifiers such as `7` would take measurements apart.
        self.terms.retain(|term| 3 <= term.chars().count());
        // Longer terms first, so that a whole name goes before its parts.
        self.terms.sort_by_key(|term| std::cmp::Reverse(term.len()));
        self.terms.dedup();
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
        let cleaned = self
            .terms
            .iter()
            .fold(text.to_owned(), |text, term| replace_word(&text, term));
        match self.dates {
            Dates::Stay => cleaned,
            Dates::LeftOut => without_dates(&cleaned),
        }
    }
}

/// What stands in place of a date.
const DATE: &str = "[date]";

/// The text without what is written like a date: `2026-11-18`, `18.11.2026`, `11/18/26`, `20261118`, `18 November 2026`.
fn without_dates(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_alphanumeric()) {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '/' | ':');
        let end = from.find(|c: char| !is_part(c)).unwrap_or(from.len());
        let (token, after) = from.split_at(end);
        let bare = token.trim_end_matches(['.', ':', '-', '/']);
        let is_month = MONTHS.iter().any(|month| {
            let bare = bare.to_lowercase();
            bare == *month || (bare.len() == 3 && month.starts_with(&bare))
        });
        // `may` is a word of reports as well.
        let goes = is_date(bare) || is_month && !bare.eq_ignore_ascii_case("may") || bare == "May";
        out.push_str(if goes { DATE } else { bare });
        out.push_str(token.get(bare.len()..).unwrap_or_default());
        rest = after;
    }
    out.push_str(rest);
    out
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

fn is_date(token: &str) -> bool {
    let day = token.split(['T', 't']).next().unwrap_or(token);
    let parts: Vec<&str> = day.split(['-', '.', '/']).collect();
    let numbers = parts
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    let is_year =
        |part: &str| part.len() == 4 && (part.starts_with("19") || part.starts_with("20"));
    let short = |part: &&str| part.len() <= 2;
    numbers
        && match parts.as_slice() {
            [one] => is_year(one) || one.len() == 8 && is_year(one.get(..4).unwrap_or_default()),
            [a, b, c] => {
                is_year(a) && short(b) && short(c)
                    || short(a) && short(b) && (is_year(c) || c.len() == 2)
            }
            _ => false,
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
            dates: Dates::Stay,
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
    fn what_is_written_like_a_date_goes_and_measures_stay() {
        for (text, expected) in [
            (
                "Seen on 2026-11-18, 18.11.2026 and 11/18/26.",
                "Seen on [date], [date] and [date].",
            ),
            ("since 20240302 (CT)", "since [date] (CT)"),
            ("in November 2026", "in [date] [date]"),
            ("at 2026-11-18T16:20:00", "at [date]"),
            (
                "8.2 × 6.0 mm, 1/3 of 275, L4/5, -600/1500",
                "8.2 × 6.0 mm, 1/3 of 275, L4/5, -600/1500",
            ),
            (
                "it may be stable, slices 66-78",
                "it may be stable, slices 66-78",
            ),
            ("grade 2.1.3", "grade 2.1.3"),
            ("", ""),
        ] {
            assert_eq!(without_dates(text), expected);
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
            dates: Dates::Stay,
        };
        assert_eq!(
            identifiers.clean("Mary Long: long axis 8 mm"),
            "[removed]: long axis 8 mm"
        );
    }
}
