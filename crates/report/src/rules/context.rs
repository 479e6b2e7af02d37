//! Is it there? Triggers with direction, reach and stops, in the manner of the NegEx and ConText algorithms.

use case::Assertion;

use super::scan::{Mark, Scan};
use crate::structure::TokenKind;
use crate::taxonomy::{ContextKind, Modifier, Reach, Trigger};

/// A trigger behind its finding reaches back only so many tokens.
const POST_REACH: usize = 9;

/// What the context says about the phrase of tokens `first..end`.
///
/// Order of precedence: absent, other person, historical, hypothetical, possible, present. "Cannot be excluded" and the
/// like are triggers of their own, so that their "not" does not negate.
pub(super) fn assertion(scan: &Scan<'_>, first: usize, end: usize) -> Assertion {
    let acts = |kind: ContextKind| {
        scan.forward
            .iter()
            .any(|mark| mark.value.kind == kind && acts_forward(scan, mark, first))
            || scan
                .backward
                .iter()
                .any(|mark| mark.value.kind == kind && acts_backward(scan, mark, end))
    };
    if acts(ContextKind::Negation) {
        Assertion::Absent
    } else if acts(ContextKind::OtherPerson) {
        Assertion::OtherPerson
    } else if acts(ContextKind::Historical) {
        Assertion::Historical
    } else if acts(ContextKind::Hypothetical) {
        Assertion::Hypothetical
    } else if acts(ContextKind::Possible) {
        Assertion::Possible
    } else {
        Assertion::Present
    }
}

fn acts_forward(scan: &Scan<'_>, mark: &Mark<Trigger>, first: usize) -> bool {
    if mark.value.reach == Reach::Post
        || first <= mark.first
        || is_plus_sign_before(scan, mark)
        || hidden(mark, &scan.backward)
    {
        return false;
    }
    !stopped(scan, mark.end.min(first), first, mark.value.kind)
}

fn acts_backward(scan: &Scan<'_>, mark: &Mark<Trigger>, end: usize) -> bool {
    if mark.value.reach == Reach::Pre || mark.first < end || hidden(mark, &scan.forward) {
        return false;
    }
    if mark.first - end > POST_REACH || begins_new_phrase(scan, mark, end) {
        return false;
    }
    !stopped(scan, end, mark.first, mark.value.kind)
}

/// "+ve for" is positive.
fn is_plus_sign_before(scan: &Scan<'_>, mark: &Mark<Trigger>) -> bool {
    mark.first
        .checked_sub(1)
        .and_then(|before| scan.tokens.get(before))
        .is_some_and(|token| token.kind == TokenKind::Mark('+'))
}

/// A longer phrase that covers the trigger in the other direction's list and is a pseudo trigger or says more.
fn hidden(mark: &Mark<Trigger>, others: &[Mark<Trigger>]) -> bool {
    others.iter().any(|other| {
        other.first <= mark.first
            && mark.end <= other.end
            && mark.end - mark.first < other.end - other.first
            && other.value.kind != ContextKind::Stop
    })
}

/// "Cough, no fever": the "no" in front of a later word does not reach back.
fn begins_new_phrase(scan: &Scan<'_>, mark: &Mark<Trigger>, end: usize) -> bool {
    let comma = scan
        .tokens
        .get(end..mark.first)
        .unwrap_or_default()
        .iter()
        .any(|token| matches!(token.kind, TokenKind::Mark(',')));
    let other_find_between = scan
        .finds()
        .any(|find| end <= find.first && find.end <= mark.first);
    comma && other_find_between && mark.value.kind == ContextKind::Possible
}

fn stopped(scan: &Scan<'_>, from: usize, to: usize, kind: ContextKind) -> bool {
    let between = scan.tokens.get(from..to).unwrap_or_default();
    let mark_stops = between
        .iter()
        .enumerate()
        .any(|(offset, token)| match token.kind {
            TokenKind::Mark(';' | '.' | '?' | '!') => true,
            TokenKind::Mark(')') => kind == ContextKind::Negation,
            // "History: cough": a colon does not end what a history heading says.
            TokenKind::Mark(':') => {
                kind == ContextKind::Negation
                    && !between.get(..offset).unwrap_or_default().is_empty()
            }
            TokenKind::Mark(',') => {
                kind == ContextKind::Negation && starts_positive(scan, from + offset + 1, to)
            }
            TokenKind::Mark(_) | TokenKind::Word | TokenKind::Number(_) | TokenKind::Mask => false,
        });
    mark_stops
        || scan
            .stops()
            .any(|stop| from <= stop.first && stop.end <= to)
        || (kind != ContextKind::Negation && other_negation(scan, from, to))
}

/// "No effusion, mild cardiomegaly": a grade after the comma starts something that is there, unless an "or" follows.
fn starts_positive(scan: &Scan<'_>, first: usize, to: usize) -> bool {
    let graded = scan
        .modifiers
        .iter()
        .any(|modifier| modifier.first == first && matches!(modifier.value, Modifier::Severity(_)));
    let or_follows = scan
        .tokens
        .get(first..)
        .unwrap_or_default()
        .iter()
        .any(|token| {
            matches!(
                scan.text.get(token.span[0]..token.span[1]),
                Some("or" | "nor" | "OR" | "NOR")
            )
        });
    graded && first <= to && !or_follows
}

/// A "no" between "history of" and the phrase begins something else.
fn other_negation(scan: &Scan<'_>, from: usize, to: usize) -> bool {
    scan.forward.iter().any(|mark| {
        mark.value.kind == ContextKind::Negation && from <= mark.first && mark.end <= to
    })
}
