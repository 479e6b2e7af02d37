//! Normal statements: "clear lungs", "the heart size is within normal limits", "calvarium intact".

use super::scan::{Mark, Scan};
use crate::structure::TokenKind;
use crate::taxonomy::{ConceptIdx, Modifier};

/// The places that the sentence calls normal, in order.
pub(super) fn normal_places(scan: &Scan<'_>) -> Vec<Mark<ConceptIdx>> {
    let mut found: Vec<Mark<ConceptIdx>> = Vec::new();
    for word in scan
        .modifiers
        .iter()
        .filter(|mark| mark.value == Modifier::Normal && !is_negated(scan, mark))
    {
        let following = places_after(scan, word);
        let called = if following.is_empty() {
            places_before(scan, word)
        } else {
            following
        };
        for place in called {
            if !found.contains(&place) {
                found.push(place);
            }
        }
    }
    found.sort_by_key(|mark| mark.first);
    found
}

fn is_negated(scan: &Scan<'_>, word: &Mark<Modifier>) -> bool {
    word.first
        .checked_sub(1)
        .and_then(|before| scan.tokens.get(before))
        .and_then(|token| scan.text.get(token.span[0]..token.span[1]))
        .is_some_and(|before| {
            ["not", "no", "non", "previously"]
                .iter()
                .any(|word| word.eq_ignore_ascii_case(before))
        })
}

/// "Clear lungs", "normal heart size and mediastinal contours": the list right behind the word.
fn places_after(scan: &Scan<'_>, word: &Mark<Modifier>) -> Vec<Mark<ConceptIdx>> {
    let mut list = Vec::new();
    let mut end = word.end;
    for place in scan.mentions.iter().filter(|mark| word.end <= mark.first) {
        let gap = scan.tokens.get(end..place.first).unwrap_or_default();
        let near = if list.is_empty() {
            gap.is_empty()
        } else {
            gap.iter().all(|token| joins(scan, token.span))
        };
        if !near || !scan.is_anatomy(place) {
            break;
        }
        list.push(*place);
        end = place.end;
    }
    list
}

/// "The liver, spleen and pancreas are unremarkable": back to the start of the clause or to something found.
fn places_before(scan: &Scan<'_>, word: &Mark<Modifier>) -> Vec<Mark<ConceptIdx>> {
    let earlier_normal = scan
        .modifiers
        .iter()
        .filter(|mark| mark.value == Modifier::Normal && mark.end <= word.first)
        .map(|mark| mark.end)
        .max()
        .unwrap_or(0);
    let last_find = scan
        .finds()
        .filter(|mark| mark.end <= word.first)
        .map(|mark| mark.end)
        .max()
        .unwrap_or(0);
    let from = earlier_normal.max(last_find);
    let before: Vec<_> = scan
        .mentions
        .iter()
        .filter(|mark| from <= mark.first && mark.end <= word.first && scan.is_anatomy(mark))
        .filter(|mark| {
            scan.same_clause(mark.first, word.first)
                || only_colon_between(scan, mark.end, word.first)
        })
        .copied()
        .collect();
    let Some(nearest) = before.last() else {
        return before;
    };
    let gap = scan.tokens.get(nearest.end..word.first).unwrap_or_default();
    // A normal word far behind, or behind a number, speaks of something else.
    let is_far = 8 < gap.len()
        || gap
            .iter()
            .any(|token| matches!(token.kind, TokenKind::Number(_)));
    if is_far { Vec::new() } else { before }
}

fn only_colon_between(scan: &Scan<'_>, from: usize, to: usize) -> bool {
    let gap = scan.tokens.get(from..to).unwrap_or_default();
    gap.len() <= 2 && gap.iter().any(|token| token.kind == TokenKind::Mark(':'))
}

fn joins(scan: &Scan<'_>, span: case::TextSpan) -> bool {
    matches!(
        scan.text.get(span[0]..span[1]),
        Some("," | "and" | "or" | "/" | "the" | "&")
    )
}
