//! In what two facts about one thing differ.

use case::{Assertion, Change, Class, Fact, Measurement, Severity, Side, TextSpan};

use crate::levels::levels_agree;
use crate::relations::{Kind, Relations};
use crate::tolerance::Tolerance;

/// One point in which two facts differ.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Conflict {
    pub class: Class,
    pub rule: &'static str,
    pub confidence: f64,
    pub first_span: Option<TextSpan>,
    pub second_span: Option<TextSpan>,
}

/// All points in which two facts that were paired differ, in no order.
pub(crate) fn conflicts(first: &Fact, second: &Fact, tolerance: &Tolerance) -> Vec<Conflict> {
    let mut found = Vec::new();
    let mut add = |class, rule, confidence| {
        found.push(Conflict {
            class,
            rule,
            confidence,
            first_span: Some(first.span),
            second_span: Some(second.span),
        });
    };
    if let (Some(one), Some(other)) = (&first.recommendation, &second.recommendation) {
        if let Some(rule) = advice_differs(one, other) {
            add(Class::D11, rule, 0.7);
        }
        return found;
    }
    match negation(first.assertion, second.assertion) {
        Negation::Opposite => add(Class::D3, "negation.opposite", 0.9),
        Negation::Soft => add(Class::D3, "negation.soft", 0.5),
        Negation::None => {}
    }
    // What is not there has no size, grade or change that could differ.
    if is_there(first.assertion) && is_there(second.assertion) {
        if sides_disjoint(first, second) {
            add(Class::D4, "laterality.disjoint", 0.9);
        }
        if let (Some(one), Some(other)) = (&first.level, &second.level)
            && !levels_agree(one, other)
        {
            add(Class::D5, "level.differs", 0.8);
        }
        if other_diagnosis(first, second) {
            add(Class::D9, "diagnosis.differs", 0.6);
        }
        if severities_differ(first.severity, second.severity) {
            add(Class::D7, "severity.differs", 0.6);
        }
        if changes_differ(first.change, second.change) {
            add(Class::D8, "change.opposite", 0.7);
        }
        if let Some((one, other)) = size_conflict(first, second, tolerance) {
            let (first_span, second_span) = (Some(one.span), Some(other.span));
            found.push(Conflict {
                class: Class::D6,
                rule: "size.beyond_tolerance",
                confidence: 0.85,
                first_span,
                second_span,
            });
        }
    }
    found
}

pub(crate) fn is_there(assertion: Assertion) -> bool {
    matches!(assertion, Assertion::Present | Assertion::Possible)
}

/// Strength of a contradiction about existence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Negation {
    None,
    /// Possible against absent.
    Soft,
    /// Present against absent.
    Opposite,
}

pub(crate) fn negation(one: Assertion, other: Assertion) -> Negation {
    match (one, other) {
        (Assertion::Present, Assertion::Absent) | (Assertion::Absent, Assertion::Present) => {
            Negation::Opposite
        }
        (Assertion::Possible, Assertion::Absent) | (Assertion::Absent, Assertion::Possible) => {
            Negation::Soft
        }
        _ => Negation::None,
    }
}

/// Left against right. "Both" contains either side and contradicts none.
pub(crate) fn sides_disjoint(first: &Fact, second: &Fact) -> bool {
    matches!(
        (first.laterality, second.laterality),
        (Some(Side::Left), Some(Side::Right)) | (Some(Side::Right), Some(Side::Left))
    )
}

fn other_diagnosis(first: &Fact, second: &Fact) -> bool {
    let (Some(one), Some(other)) = (&first.concept, &second.concept) else {
        return false;
    };
    let relations = Relations::get();
    let is_diagnosis = |concept: &str| relations.kind(concept) == Kind::Diagnosis;
    one != other
        && relations.is_a_steps(one, other).is_none()
        && (is_diagnosis(one) || is_diagnosis(other))
}

/// Trace and mild are used for the same thing; every other step is a difference.
fn severities_differ(one: Option<Severity>, other: Option<Severity>) -> bool {
    let rank = |severity| match severity {
        Severity::Trace | Severity::Mild => 0,
        Severity::Moderate => 1,
        Severity::Severe => 2,
    };
    matches!((one, other), (Some(one), Some(other)) if rank(one) != rank(other))
}

fn changes_differ(one: Option<Change>, other: Option<Change>) -> bool {
    let direction = |change| match change {
        Change::New | Change::Increased => 1,
        Change::Stable => 0,
        Change::Decreased | Change::Resolved => -1,
    };
    matches!((one, other), (Some(one), Some(other)) if direction(one) != direction(other))
}

/// The two sizes that differ most beyond tolerance. Sizes of as many dimensions are compared in order of length, others
/// by their largest.
fn size_conflict<'f>(
    first: &'f Fact,
    second: &'f Fact,
    tolerance: &Tolerance,
) -> Option<(&'f Measurement, &'f Measurement)> {
    let (one, other) = (largest(first)?, largest(second)?);
    let (mut one_mm, mut other_mm) = (one.mm.clone(), other.mm.clone());
    one_mm.sort_by(|a, b| b.total_cmp(a));
    other_mm.sort_by(|a, b| b.total_cmp(a));
    let n_compared = if one_mm.len() == other_mm.len() {
        one_mm.len()
    } else {
        1
    };
    let differs = one_mm
        .iter()
        .zip(&other_mm)
        .take(n_compared)
        .any(|(a, b)| !tolerance.accepts(*a, *b));
    differs.then_some((one, other))
}

fn largest(fact: &Fact) -> Option<&Measurement> {
    let size = |measurement: &Measurement| measurement.mm.iter().copied().fold(0.0, f64::max);
    fact.measurements
        .iter()
        .max_by(|one, other| size(one).total_cmp(&size(other)))
}

fn advice_differs(
    one: &case::Recommendation,
    other: &case::Recommendation,
) -> Option<&'static str> {
    if (one.action == "none") != (other.action == "none") {
        return Some("recommendation.none_or_some");
    }
    let general = |action: &str| matches!(action, "follow_up");
    if one.action != other.action && !general(&one.action) && !general(&other.action) {
        return Some("recommendation.action");
    }
    let (Some(one_days), Some(other_days)) = (one.interval_days, other.interval_days) else {
        return None;
    };
    let (shorter, longer) = (one_days.min(other_days), one_days.max(other_days));
    // Two weeks and one month may mean the same visit; three and six months do not.
    (shorter * 3 < longer * 2 && 7 < longer - shorter).then_some("recommendation.interval")
}
