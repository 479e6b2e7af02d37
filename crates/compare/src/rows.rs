//! The rows of the comparison.

use std::collections::BTreeMap;

use case::{Class, Pair, PairId, SecondRef, SectionKind, Statement};

use crate::align::{Node, align, is_compared, nodes};
use crate::alone::{Alone, Side};
use crate::categories::add_categories;
use crate::conflicts::{Conflict, conflicts};
use crate::tolerance::Tolerance;
use crate::wording::{side_near, wording_conflicts};

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
pub(crate) struct Draft {
    pub conflicts: Vec<Conflict>,
    /// Confidence of the facts that agree.
    pub agreement: Option<f64>,
}

/// Index of the first statement and of the second item.
pub(crate) type Key = (Option<usize>, Option<usize>);

fn rows(
    first: &[Statement],
    second: &[(SecondRef, &Statement)],
    tolerance: &Tolerance,
) -> Vec<Pair> {
    let first_nodes = nodes(first.iter());
    let second_nodes = nodes(second.iter().map(|(_, statement)| *statement));
    let alignment = align(&first_nodes, &second_nodes, tolerance);
    let mut drafts: BTreeMap<Key, Draft> = BTreeMap::new();
    for (one, other) in &alignment.pairs {
        if let (Some(one), Some(other)) = (first_nodes.get(*one), second_nodes.get(*other)) {
            add_pair(&mut drafts, one, other, tolerance);
        }
    }
    let first_alone: Vec<&Node<'_>> = alignment
        .first_alone
        .iter()
        .filter_map(|idx| first_nodes.get(*idx))
        .collect();
    let second_alone: Vec<&Node<'_>> = alignment
        .second_alone
        .iter()
        .filter_map(|idx| second_nodes.get(*idx))
        .collect();
    let taken_by = partner_sections(&first_nodes, &second_nodes, &alignment.pairs);
    let second_statements: Vec<&Statement> =
        second.iter().map(|(_, statement)| *statement).collect();
    let first_statements: Vec<&Statement> = first.iter().collect();
    let from_first = Alone::new(
        Side::First,
        (&second_nodes, &taken_by.second),
        &second_alone,
        &second_statements,
        tolerance,
    );
    for node in &first_alone {
        from_first.place(&mut drafts, node, &first_statements);
    }
    let from_second = Alone::new(
        Side::Second,
        (&first_nodes, &taken_by.first),
        &first_alone,
        &first_statements,
        tolerance,
    );
    for node in &second_alone {
        from_second.place(&mut drafts, node, &second_statements);
    }
    for (one, other, found) in wording_conflicts(&first_statements, &second_statements) {
        add_wording(&mut drafts, one, other, found);
    }
    add_categories(&mut drafts, &first_statements, &second_statements);
    finish(drafts, first, second)
}

/// For each fact, the sections of the other read from which it has a partner.
struct TakenBy {
    first: Vec<Vec<SectionKind>>,
    second: Vec<Vec<SectionKind>>,
}

fn partner_sections(first: &[Node<'_>], second: &[Node<'_>], pairs: &[(usize, usize)]) -> TakenBy {
    let mut taken = TakenBy {
        first: vec![Vec::new(); first.len()],
        second: vec![Vec::new(); second.len()],
    };
    for (one, other) in pairs {
        if let (Some(sections), Some(node)) = (taken.first.get_mut(*one), second.get(*other)) {
            sections.push(node.section);
        }
        if let (Some(sections), Some(node)) = (taken.second.get_mut(*other), first.get(*one)) {
            sections.push(node.section);
        }
    }
    taken
}

/// Adds what two facts that speak of one thing say to their row.
pub(crate) fn add_pair(
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
    // The word that a reader must see differ is the side, not the name of what lies there.
    for conflict in draft.conflicts.iter_mut().filter(|c| c.class == Class::D4) {
        let side = |statement: Option<&Statement>, span| statement.and_then(|s| side_near(s, span));
        conflict.first_span = side(statement, conflict.first_span).or(conflict.first_span);
        let item = item.map(|(_, statement)| *statement);
        conflict.second_span = side(item, conflict.second_span).or(conflict.second_span);
    }
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
