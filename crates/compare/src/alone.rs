//! Facts that only one read states: said again elsewhere, contradicted, a candidate, or nothing that needs an answer.

use std::collections::{BTreeMap, HashSet};

use case::{Class, Fact, SectionKind, Statement};

use crate::align::{Node, content_words, cost, overlap};
use crate::conflicts::{Conflict, conflicts, is_there, sides_disjoint};
use crate::relations::{Kind, Relations};
use crate::rows::{Draft, Key, add_pair};
use crate::tolerance::Tolerance;

/// Which read a fact without a partner belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    First,
    Second,
}

/// The other read, as a fact without a partner sees it.
pub(crate) struct Alone<'a, 's> {
    side: Side,
    others: &'a [Node<'s>],
    /// For each of `others`, the sections of this read from which it has a partner.
    taken_by: &'a [Vec<SectionKind>],
    others_alone: &'a [&'a Node<'s>],
    /// Words of the other read's statements.
    other_words: Vec<HashSet<String>>,
    tolerance: &'a Tolerance,
}

impl<'a, 's> Alone<'a, 's> {
    /// `others` are all facts of the other read, `others_alone` those without a partner.
    pub fn new(
        side: Side,
        (others, taken_by): (&'a [Node<'s>], &'a [Vec<SectionKind>]),
        others_alone: &'a [&'a Node<'s>],
        statements: &[&Statement],
        tolerance: &'a Tolerance,
    ) -> Self {
        let other_words = statements
            .iter()
            .map(|statement| content_words(&statement.text))
            .collect();
        Self {
            side,
            others,
            taken_by,
            others_alone,
            other_words,
            tolerance,
        }
    }

    /// Puts the fact into the row where it belongs, or into none.
    pub fn place(&self, drafts: &mut BTreeMap<Key, Draft>, node: &Node<'_>, own: &[&Statement]) {
        if let Some((other, taken_by)) = self.said_again(node) {
            let (one, two) = if self.side == Side::First {
                (node, other)
            } else {
                (other, node)
            };
            // The partner has a better pair; a conflict with this one only counts where the report contradicts itself.
            if conflicts(one.fact, two.fact, self.tolerance).is_empty()
                || !taken_by.contains(&node.section)
            {
                add_pair(drafts, one, two, self.tolerance);
                return;
            }
        }
        let Some(confidence) = self.candidate_confidence(node, own) else {
            return;
        };
        let (class, rule) = match self.side {
            Side::First => (Class::D2, "unmatched.first"),
            Side::Second => (Class::D1, "unmatched.second"),
        };
        if let Some(normal) = self
            .others_alone
            .iter()
            .find(|other| calls_normal(other.fact, node.fact))
        {
            let draft = drafts
                .entry(self.key(node.owner, Some(normal.owner)))
                .or_default();
            draft.conflicts.push(self.conflict(
                Class::D3,
                "normal.contradicted",
                node,
                Some(normal),
            ));
            draft.conflicts.push(Conflict {
                confidence: 0.6,
                ..self.conflict(class, rule, node, None)
            });
            return;
        }
        let conflict = Conflict {
            confidence,
            ..self.conflict(class, rule, node, None)
        };
        drafts
            .entry(self.key(node.owner, None))
            .or_default()
            .conflicts
            .push(conflict);
    }

    fn key(&self, own: usize, other: Option<usize>) -> Key {
        match self.side {
            Side::First => (Some(own), other),
            Side::Second => (other, Some(own)),
        }
    }

    fn conflict(
        &self,
        class: Class,
        rule: &'static str,
        own: &Node<'_>,
        other: Option<&Node<'_>>,
    ) -> Conflict {
        let (own, other) = (Some(own.fact.span), other.map(|node| node.fact.span));
        let (first_span, second_span) = if self.side == Side::First {
            (own, other)
        } else {
            (other, own)
        };
        Conflict {
            class,
            rule,
            confidence: 0.6,
            first_span,
            second_span,
        }
    }

    /// Is a phrase outside the lexicon said on the other side in another way?
    fn is_said_on_other_side(&self, node: &Node<'_>, own: &[&Statement]) -> bool {
        let sentence = own
            .get(node.owner)
            .map(|statement| content_words(&statement.text))
            .unwrap_or_default();
        let said = content_words(&node.fact.text);
        self.other_words
            .iter()
            .any(|words| 0.5 <= overlap(&sentence, words) || said.is_subset(words))
    }

    /// The cheapest fact on the other side that speaks of the same thing, taken or not.
    fn said_again(&self, node: &Node<'_>) -> Option<(&'a Node<'s>, &'a [SectionKind])> {
        let price = |other: &Node<'_>| match self.side {
            Side::First => cost(node, other, self.tolerance),
            Side::Second => cost(other, node, self.tolerance),
        };
        self.others
            .iter()
            .zip(self.taken_by)
            .filter_map(|(other, taken_by)| Some((price(other)?, other, taken_by)))
            // Kinds of one parent are no repetition of each other.
            .filter(|(price, other, _)| *price < 0.9 && !are_only_siblings(node.fact, other.fact))
            .min_by(|one, other| one.0.total_cmp(&other.0))
            .map(|(_, other, taken_by)| (other, taken_by.as_slice()))
    }

    /// How sure we are that the other read should have said it; `None` for what needs no answer.
    fn candidate_confidence(&self, node: &Node<'_>, own: &[&Statement]) -> Option<f64> {
        let fact = node.fact;
        if !is_there(fact.assertion) || fact.normal {
            return None;
        }
        if let Some(advice) = &fact.recommendation {
            return (advice.action != "none" && advice.action != "clinical_correlation")
                .then_some(0.5);
        }
        let Some(concept) = &fact.concept else {
            return (node.only_unknown && !self.is_said_on_other_side(node, own)).then_some(0.3);
        };
        let relations = Relations::get();
        match relations.kind(concept) {
            Kind::Symptom => None,
            // A place with a size, such as a duct of 9 mm.
            Kind::Anatomy => (!fact.measurements.is_empty()).then_some(0.4),
            Kind::Device => Some(0.5),
            Kind::Finding | Kind::Diagnosis if relations.is_generic(concept) => {
                (!self.is_said_on_other_side(node, own)).then_some(0.35)
            }
            Kind::Finding | Kind::Diagnosis => {
                Some(if fact.assertion == case::Assertion::Present {
                    0.8
                } else {
                    0.6
                })
            }
        }
    }
}

fn are_only_siblings(one: &Fact, other: &Fact) -> bool {
    matches!((&one.concept, &other.concept), (Some(one), Some(other)) if Relations::get().is_a_steps(one, other).is_none())
}

/// Does the one fact call the place normal in which the other found something?
fn calls_normal(normal: &Fact, found: &Fact) -> bool {
    if !normal.normal || !is_compared_place(normal, found) || sides_disjoint(normal, found) {
        return false;
    }
    let is_device = found
        .concept
        .as_deref()
        .is_some_and(|concept| Relations::get().kind(concept) == Kind::Device);
    !is_device
}

fn is_compared_place(normal: &Fact, found: &Fact) -> bool {
    let relations = Relations::get();
    let usual = found
        .concept
        .as_deref()
        .map(|concept| relations.site(concept))
        .filter(|site| !site.is_empty());
    let site = found.site.as_deref().or(usual);
    match (normal.site.as_deref(), site) {
        (Some(normal), Some(site)) => {
            relations.lineage(site).contains(&normal)
                && !matches!(normal, "body" | "chest" | "abdomen" | "pelvis")
        }
        _ => false,
    }
}
