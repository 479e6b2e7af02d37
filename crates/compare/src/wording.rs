//! Two sentences that are the same but for a word that matters: a check that needs no lexicon of findings.

use case::{Class, Statement, TextSpan};

use crate::align::{content_words, is_compared, overlap};
use crate::conflicts::Conflict;

/// Sentences must share so many of their words before a single word counts.
const MIN_OVERLAP: f64 = 0.6;

const LEFT: [&str; 3] = ["left", "leftward", "lt"];
const RIGHT: [&str; 3] = ["right", "rightward", "rt"];
const NEGATIONS: [&str; 4] = ["no", "not", "without", "absent"];

/// For each first sentence, the second sentence nearest to it in wording and in what they differ.
pub(crate) fn wording_conflicts(
    first: &[&Statement],
    second: &[&Statement],
) -> Vec<(usize, usize, Vec<Conflict>)> {
    let second_words: Vec<_> = second
        .iter()
        .map(|statement| content_words(&statement.text))
        .collect();
    let mut found = Vec::new();
    for (first_idx, one) in first
        .iter()
        .enumerate()
        .filter(|(_, one)| is_compared(one.section))
    {
        let words = content_words(&one.text);
        // A sentence that stands unchanged on the other side is not the changed form of another one.
        if words.len() < 4 || second.iter().any(|other| other.text == one.text) {
            continue;
        }
        let nearest = second
            .iter()
            .enumerate()
            .filter(|(_, other)| {
                is_compared(other.section) && !first.iter().any(|own| own.text == other.text)
            })
            .filter_map(|(idx, _)| Some((idx, overlap(&words, second_words.get(idx)?))))
            .filter(|(_, share)| MIN_OVERLAP <= *share)
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((second_idx, _)) = nearest
            && let Some(other) = second.get(second_idx)
        {
            found.push((first_idx, second_idx, differences(one, other)));
        }
    }
    found
}

fn differences(one: &Statement, other: &Statement) -> Vec<Conflict> {
    let (one_left, one_right) = (places(one, &LEFT), places(one, &RIGHT));
    let (other_left, other_right) = (places(other, &LEFT), places(other, &RIGHT));
    let mut found = Vec::new();
    let balance = |left: &[TextSpan], right: &[TextSpan]| left.len() as i64 - right.len() as i64;
    let n_one = one_left.len() + one_right.len();
    let n_other = other_left.len() + other_right.len();
    if n_one == n_other
        && 0 < n_one
        && balance(&one_left, &one_right) != balance(&other_left, &other_right)
    {
        let first_span = one_left.first().or(one_right.first()).copied();
        let second_span = other_left.first().or(other_right.first()).copied();
        found.push(Conflict {
            class: Class::D4,
            rule: "laterality.wording",
            confidence: 0.75,
            first_span,
            second_span,
        });
    }
    let (one_no, other_no) = (places(one, &NEGATIONS), places(other, &NEGATIONS));
    if one_no.is_empty() != other_no.is_empty() {
        let (first_span, second_span) = (one_no.first().copied(), other_no.first().copied());
        found.push(Conflict {
            class: Class::D3,
            rule: "negation.wording",
            confidence: 0.4,
            first_span,
            second_span,
        });
    }
    found
}

/// The word that names a side in a statement, the nearest to a span where several do.
pub(crate) fn side_near(statement: &Statement, span: Option<TextSpan>) -> Option<TextSpan> {
    let mut sides = places(statement, &LEFT);
    sides.extend(places(statement, &RIGHT));
    let distance = |side: &TextSpan| match span {
        Some([start, _]) if side[1] <= start => start - side[1],
        Some([_, end]) if end <= side[0] => side[0] - end,
        _ => 0,
    };
    sides.into_iter().min_by_key(distance)
}

/// Where one of the words stands, as bytes of the report's text.
fn places(statement: &Statement, words: &[&str]) -> Vec<TextSpan> {
    let text = statement.text.as_str();
    let mut start = None;
    let mut found = Vec::new();
    for (at, c) in text
        .char_indices()
        .chain(std::iter::once((text.len(), ' ')))
    {
        if c.is_alphanumeric() {
            start = start.or(Some(at));
        } else if let Some(from) = start.take() {
            let word = text.get(from..at).unwrap_or_default();
            if words.iter().any(|other| other.eq_ignore_ascii_case(word)) {
                found.push([statement.span[0] + from, statement.span[0] + at]);
            }
        }
    }
    found
}
