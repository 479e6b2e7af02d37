//! Where one report contradicts itself.

use case::{Assertion, Fact, SectionKind, Side, Statement, StatementId, TextSpan};
use serde::{Deserialize, Serialize};

use crate::align::{Node, nodes};
use crate::conflicts::{Negation, is_there, negation};
use crate::relations::Relations;

/// A contradiction between two statements of one report (class D13).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Internal {
    /// The rule, `internal.negation` or `internal.laterality`.
    pub rule: String,
    /// The statement in the findings.
    pub findings: StatementId,
    /// The statement in the impression.
    pub impression: StatementId,
    /// The words in the findings.
    pub findings_span: TextSpan,
    /// The words in the impression.
    pub impression_span: TextSpan,
    /// 0 to 1.
    pub confidence: f64,
}

/// Holds the findings of a report against its impression: negation and side of the same concept.
pub fn internal(statements: &[Statement]) -> Vec<Internal> {
    let all = nodes(statements.iter());
    let of = |kind: SectionKind| {
        all.iter()
            .filter(move |node| node.section == kind && is_checked(node.fact))
            .collect::<Vec<_>>()
    };
    let (findings, impressions) = (of(SectionKind::Findings), of(SectionKind::Impression));
    let mut found: Vec<Internal> = Vec::new();
    for impression in &impressions {
        let same: Vec<&&Node<'_>> = findings
            .iter()
            .filter(|finding| is_same_thing(finding.fact, impression.fact))
            .collect();
        let Some((rule, finding)) =
            negated(&same, impression).or_else(|| other_side(&same, impression))
        else {
            continue;
        };
        let (Some(one), Some(other)) = (
            statements.get(finding.owner),
            statements.get(impression.owner),
        ) else {
            continue;
        };
        found.push(Internal {
            rule: rule.to_owned(),
            findings: one.id,
            impression: other.id,
            findings_span: finding.fact.span,
            impression_span: impression.fact.span,
            confidence: 0.8,
        });
    }
    found
}

fn is_checked(fact: &Fact) -> bool {
    let known = fact
        .concept
        .as_deref()
        .is_some_and(|concept| !Relations::get().is_generic(concept));
    known
        && !fact.normal
        && fact.recommendation.is_none()
        && (is_there(fact.assertion) || fact.assertion == Assertion::Absent)
}

fn is_same_thing(one: &Fact, other: &Fact) -> bool {
    one.concept == other.concept
        && (one.site.is_none() || other.site.is_none() || one.site == other.site)
}

/// All findings say one thing and the impression its opposite, where sides and levels do not tell them apart.
fn negated<'n, 's>(
    same: &[&&'n Node<'s>],
    impression: &Node<'_>,
) -> Option<(&'static str, &'n Node<'s>)> {
    let opposite = |node: &Node<'_>| {
        negation(node.fact.assertion, impression.fact.assertion) == Negation::Opposite
            && tells_nothing_apart(node.fact, impression.fact)
    };
    let first = same.first()?;
    same.iter()
        .all(|node| opposite(node))
        .then_some(("internal.negation", **first))
}

fn tells_nothing_apart(one: &Fact, other: &Fact) -> bool {
    one.laterality == other.laterality
        && (one.level.is_none() || other.level.is_none() || one.level == other.level)
}

/// The impression names a side that the findings of the same concept never name.
fn other_side<'n, 's>(
    same: &[&&'n Node<'s>],
    impression: &Node<'_>,
) -> Option<(&'static str, &'n Node<'s>)> {
    let side = impression
        .fact
        .laterality
        .filter(|side| *side != Side::Bilateral && is_there(impression.fact.assertion))?;
    let there: Vec<_> = same
        .iter()
        .filter(|node| is_there(node.fact.assertion))
        .collect();
    let first = there.first()?;
    let all_other = there.iter().all(|node| {
        node.fact
            .laterality
            .is_some_and(|other| other != side && other != Side::Bilateral)
    });
    all_other.then_some(("internal.laterality", ***first))
}
