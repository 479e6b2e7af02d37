//! The rows of the comparison.

use std::collections::{BTreeMap, HashSet};

use case::{Class, Fact, Pair, PairId, SecondRef, Statement};

use crate::align::{Node, best_pairs, content_words, cost, is_compared, nodes, overlap};
use crate::conflicts::{Conflict, conflicts, is_there, sides_disjoint};
use crate::relations::{Kind, Relations};
use crate::tolerance::Tolerance;
use crate::wording::wording_conflicts;

/// Something of the second read: a finding, or a sentence of the impression that no finding covers.
#[derive(Clone, Debug, PartialEq)]
pub struct SecondItem {
    /// What it is.
    pub reference: SecondRef,
    /// Its words and facts; for a finding, its form as a statement.
    pub statement: Statement,
}

/// Pairs a first report with a second read and proposes what each row says.
///
/// Rows come in order of the first report, what only the second read has at the end; ids count from 1. `proposed` is
/// `[Agree]`, or classes with the leading one first, or empty for a statement that needs no answer (DECISIONS 16).
/// A statement has several rows when several items of the second read speak of it.
pub fn compare(first: &[Statement], second: &[SecondItem], tolerance: &Tolerance) -> Vec<Pair> {
    let items: Vec<(SecondRef, &Statement)> = second
        .iter()
        .map(|item| (item.reference, &item.statement))
        .collect();
    rows(first, &items, tolerance)
}

/// Pairs two reports; the second one's statements stand as sentences.
pub fn compare_reports(
    first: &[Statement],
    second: &[Statement],
    tolerance: &Tolerance,
) -> Vec<Pair> {
    let items: Vec<(SecondRef, &Statement)> = second
        .iter()
        .map(|statement| (SecondRef::Sentence(statement.id), statement))
        .collect();
    rows(first, &items, tolerance)
}

/// The leading class is the one that comes first here.
const LEADING: [Class; 16] = [
    Class::D3,
    Class::D1,
    Class::D1Second,
    Class::D2,
    Class::D4,
    Class::D12,
    Class::D9,
    Class::D5,
    Class::D6,
    Class::D8,
    Class::D7,
    Class::D10,
    Class::D11,
    Class::D13,
    Class::D14,
    Class::Agree,
];

/// What is known of a row while it is made.
#[derive(Default)]
struct Draft {
    conflicts: Vec<Conflict>,
    /// Confidence of the facts that agree.
    agreement: Option<f64>,
}

type Key = (Option<usize>, Option<usize>);

fn rows(
    first: &[Statement],
    second: &[(SecondRef, &Statement)],
    tolerance: &Tolerance,
) -> Vec<Pair> {
    let first_nodes = nodes(first.iter());
    let second_nodes = nodes(second.iter().map(|(_, statement)| *statement));
    let pairs = best_pairs(&first_nodes, &second_nodes, tolerance);
    let mut drafts: BTreeMap<Key, Draft> = BTreeMap::new();
    for (one, other) in paired(&first_nodes, &second_nodes, &pairs) {
        add_pair(&mut drafts, one, other, tolerance);
    }
    let taken: HashSet<usize> = pairs.iter().flatten().copied().collect();
    let first_alone: Vec<&Node<'_>> = first_nodes
        .iter()
        .zip(&pairs)
        .filter(|(_, pair)| pair.is_none())
        .map(|(node, _)| node)
        .collect();
    let second_alone: Vec<&Node<'_>> = second_nodes
        .iter()
        .enumerate()
        .filter(|(idx, _)| !taken.contains(idx))
        .map(|(_, node)| node)
        .collect();
    let texts = Texts::new(first, second);
    for node in &first_alone {
        place_alone(
            &mut drafts,
            node,
            &second_nodes,
            &second_alone,
            Side::First,
            &texts,
            tolerance,
        );
    }
    for node in &second_alone {
        place_alone(
            &mut drafts,
            node,
            &first_nodes,
            &first_alone,
            Side::Second,
            &texts,
            tolerance,
        );
    }
    let first_refs: Vec<&Statement> = first.iter().collect();
    let second_refs: Vec<&Statement> = second.iter().map(|(_, statement)| *statement).collect();
    for (one, other, found) in wording_conflicts(&first_refs, &second_refs) {
        add_wording(&mut drafts, one, other, found);
    }
    finish(drafts, first, second)
}

fn paired<'n, 's>(
    first: &'n [Node<'s>],
    second: &'n [Node<'s>],
    pairs: &'n [Option<usize>],
) -> impl Iterator<Item = (&'n Node<'s>, &'n Node<'s>)> {
    first
        .iter()
        .zip(pairs)
        .filter_map(|(one, other)| Some((one, second.get((*other)?)?)))
}

fn add_pair(
    drafts: &mut BTreeMap<Key, Draft>,
    one: &Node<'_>,
    other: &Node<'_>,
    tolerance: &Tolerance,
) {
    let draft = drafts
        .entry((Some(one.owner), Some(other.owner)))
        .or_default();
    let found = conflicts(one.fact, other.fact, tolerance);
    if found.is_empty() {
        let certainty = one.fact.certainty.min(other.fact.certainty);
        draft.agreement = Some(
            draft
                .agreement
                .map_or(certainty, |known| known.max(certainty)),
        );
    }
    draft.conflicts.extend(found);
}

/// Which read a fact without a partner belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    First,
    Second,
}

/// Words of both reads, to see whether a phrase outside the lexicon is said on the other side in another way.
struct Texts {
    first: Vec<HashSet<String>>,
    second: Vec<HashSet<String>>,
}

impl Texts {
    fn new(first: &[Statement], second: &[(SecondRef, &Statement)]) -> Self {
        Self {
            first: first
                .iter()
                .map(|statement| content_words(&statement.text))
                .collect(),
            second: second
                .iter()
                .map(|(_, statement)| content_words(&statement.text))
                .collect(),
        }
    }

    fn is_said_on_other_side(&self, node: &Node<'_>, side: Side) -> bool {
        let (own, other) = match side {
            Side::First => (&self.first, &self.second),
            Side::Second => (&self.second, &self.first),
        };
        let said = content_words(&node.fact.text);
        own.get(node.owner)
            .is_some_and(|own| other.iter().any(|words| 0.5 <= overlap(own, words)))
            || other.iter().any(|words| said.is_subset(words))
    }
}

/// A fact without a partner: said again elsewhere, contradicted, a candidate, or nothing that needs an answer.
fn place_alone(
    drafts: &mut BTreeMap<Key, Draft>,
    node: &Node<'_>,
    others: &[Node<'_>],
    others_alone: &[&Node<'_>],
    side: Side,
    texts: &Texts,
    tolerance: &Tolerance,
) {
    let key = |other: Option<usize>| match side {
        Side::First => (Some(node.owner), other),
        Side::Second => (other, Some(node.owner)),
    };
    if let Some(other) = said_again(node, others, side, tolerance) {
        let (one, two) = if side == Side::First {
            (node, other)
        } else {
            (other, node)
        };
        // The partner has a better pair; a conflict with this one only counts where the report contradicts itself.
        if conflicts(one.fact, two.fact, tolerance).is_empty() || other.section != node.section {
            add_pair(drafts, one, two, tolerance);
            return;
        }
    }
    let Some(confidence) = candidate_confidence(node, side, texts) else {
        return;
    };
    let class = if side == Side::First {
        Class::D2
    } else {
        Class::D1
    };
    let rule = if side == Side::First {
        "unmatched.first"
    } else {
        "unmatched.second"
    };
    let own_span = Some(node.fact.span);
    let conflict = |class, rule, confidence, other_span| {
        let (first_span, second_span) = if side == Side::First {
            (own_span, other_span)
        } else {
            (other_span, own_span)
        };
        Conflict {
            class,
            rule,
            confidence,
            first_span,
            second_span,
        }
    };
    if let Some(normal) = others_alone
        .iter()
        .find(|other| calls_normal(other.fact, node.fact))
    {
        let draft = drafts.entry(key(Some(normal.owner))).or_default();
        draft.conflicts.push(conflict(
            Class::D3,
            "normal.contradicted",
            0.6,
            Some(normal.fact.span),
        ));
        draft.conflicts.push(conflict(class, rule, 0.6, None));
        return;
    }
    drafts
        .entry(key(None))
        .or_default()
        .conflicts
        .push(conflict(class, rule, confidence, None));
}

/// The cheapest fact on the other side that speaks of the same thing, taken or not.
fn said_again<'n, 's>(
    node: &Node<'_>,
    others: &'n [Node<'s>],
    side: Side,
    tolerance: &Tolerance,
) -> Option<&'n Node<'s>> {
    others
        .iter()
        .filter_map(|other| {
            let price = if side == Side::First {
                cost(node, other, tolerance)
            } else {
                cost(other, node, tolerance)
            };
            Some((price?, other))
        })
        // Kinds of one parent are no repetition of each other.
        .filter(|(price, other)| *price < 0.9 && !are_only_siblings(node.fact, other.fact))
        .min_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, other)| other)
}

fn are_only_siblings(one: &Fact, other: &Fact) -> bool {
    matches!((&one.concept, &other.concept), (Some(one), Some(other)) if Relations::get().is_a_steps(one, other).is_none())
}

/// How sure we are that the other read should have said it; `None` for what needs no answer.
fn candidate_confidence(node: &Node<'_>, side: Side, texts: &Texts) -> Option<f64> {
    let fact = node.fact;
    if !is_there(fact.assertion) || fact.normal {
        return None;
    }
    if let Some(advice) = &fact.recommendation {
        return (advice.action != "none" && advice.action != "clinical_correlation").then_some(0.5);
    }
    let Some(concept) = &fact.concept else {
        return (!texts.is_said_on_other_side(node, side)).then_some(0.3);
    };
    let relations = Relations::get();
    match relations.kind(concept) {
        Kind::Symptom => None,
        // A place with a size, such as a duct of 9 mm.
        Kind::Anatomy => (!fact.measurements.is_empty()).then_some(0.4),
        Kind::Device => Some(0.5),
        Kind::Finding | Kind::Diagnosis if relations.is_generic(concept) => {
            (!texts.is_said_on_other_side(node, side)).then_some(0.35)
        }
        Kind::Finding | Kind::Diagnosis => Some(if fact.assertion == case::Assertion::Present {
            0.8
        } else {
            0.6
        }),
    }
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

/// A difference in wording counts only where the facts did not already say so.
fn add_wording(drafts: &mut BTreeMap<Key, Draft>, one: usize, other: usize, found: Vec<Conflict>) {
    for conflict in found {
        let known = drafts
            .iter()
            .filter(|(key, _)| key.0 == Some(one) || key.1 == Some(other))
            .any(|(_, draft)| {
                draft.conflicts.iter().any(|known| {
                    known.class == conflict.class
                        || is_existence(known.class) && is_existence(conflict.class)
                })
            });
        if !known {
            drafts
                .entry((Some(one), Some(other)))
                .or_default()
                .conflicts
                .push(conflict);
        }
    }
}

/// Classes that say that one read has something and the other has not.
fn is_existence(class: Class) -> bool {
    matches!(class, Class::D1 | Class::D1Second | Class::D2 | Class::D3)
}

fn finish(
    mut drafts: BTreeMap<Key, Draft>,
    first: &[Statement],
    second: &[(SecondRef, &Statement)],
) -> Vec<Pair> {
    for idx in 0..first.len() {
        if !drafts.keys().any(|key| key.0 == Some(idx)) {
            drafts.insert((Some(idx), None), Draft::default());
        }
    }
    for idx in 0..second.len() {
        if !drafts.keys().any(|key| key.1 == Some(idx)) {
            drafts.insert((None, Some(idx)), Draft::default());
        }
    }
    let mut drafts: Vec<(Key, Draft)> = drafts.into_iter().collect();
    drafts.sort_by_key(|((one, other), _)| {
        (
            one.unwrap_or(usize::MAX),
            other.map_or(usize::MAX, |idx| idx),
        )
    });
    drafts
        .into_iter()
        .zip(1..)
        .map(|(((one, other), draft), number)| {
            let statement = one.and_then(|idx| first.get(idx));
            let item = other.and_then(|idx| second.get(idx));
            let compared = statement
                .map(|statement| statement.section)
                .into_iter()
                .all(is_compared);
            pair(
                PairId(number),
                statement,
                item,
                draft,
                if compared {
                    "not_addressed"
                } else {
                    "not_compared"
                },
            )
        })
        .collect()
}

fn pair(
    id: PairId,
    statement: Option<&Statement>,
    item: Option<&(SecondRef, &Statement)>,
    mut draft: Draft,
    empty_rule: &str,
) -> Pair {
    let rank = |class: Class| {
        LEADING
            .iter()
            .position(|other| *other == class)
            .unwrap_or(LEADING.len())
    };
    draft.conflicts.sort_by(|one, other| {
        rank(one.class)
            .cmp(&rank(other.class))
            .then(other.confidence.total_cmp(&one.confidence))
    });
    let mut proposed: Vec<Class> = Vec::new();
    for conflict in &draft.conflicts {
        if !proposed.contains(&conflict.class) {
            proposed.push(conflict.class);
        }
    }
    let spans = |of: fn(&Conflict) -> Option<case::TextSpan>| {
        let mut spans: Vec<_> = draft
            .conflicts
            .iter()
            .filter_map(|conflict| Some((conflict.class, of(conflict)?)))
            .collect();
        spans.dedup();
        spans
    };
    let (rule, confidence) = match (draft.conflicts.first(), draft.agreement) {
        (Some(leading), _) => (leading.rule, leading.confidence),
        (None, Some(certainty)) => {
            proposed.push(Class::Agree);
            ("agree.same", certainty)
        }
        (None, None) => (empty_rule, 1.0),
    };
    Pair {
        id,
        first: statement.map(|statement| statement.id),
        second: item.map(|(reference, _)| *reference),
        proposed,
        rule: rule.to_owned(),
        confidence,
        first_spans: spans(|conflict| conflict.first_span),
        second_spans: spans(|conflict| conflict.second_span),
        verdict: None,
    }
}
