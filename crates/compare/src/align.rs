//! Which fact of one read speaks of the same thing as which fact of the other.

use std::collections::HashSet;

use case::{Assertion, Fact, SectionKind, Statement};

use crate::assignment::assign;
use crate::conflicts::{Negation, conflicts, is_there, negation, sides_disjoint};
use crate::levels::levels_agree;
use crate::relations::Relations;
use crate::tolerance::Tolerance;

/// A fact with where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node<'s> {
    pub fact: &'s Fact,
    pub section: SectionKind,
    /// Index of its statement or item.
    pub owner: usize,
    /// 0 to 1: how far down the report it stands.
    pub depth: f64,
    /// Does its statement say nothing that the lexicon knows?
    pub only_unknown: bool,
    words: HashSet<String>,
}

/// A fact alone costs this; a pair must cost less than two facts alone.
const ALONE_COST: f64 = 0.5;

/// The facts that take part, in order.
pub(crate) fn nodes<'s>(statements: impl Iterator<Item = &'s Statement>) -> Vec<Node<'s>> {
    let statements: Vec<&Statement> = statements.collect();
    let n = statements.len().max(1) as f64;
    let mut nodes = Vec::new();
    for (owner, statement) in statements
        .iter()
        .enumerate()
        .filter(|(_, statement)| is_compared(statement.section))
    {
        let words: HashSet<String> = content_words(&statement.text);
        let only_unknown = statement.facts.iter().all(|fact| fact.concept.is_none());
        nodes.extend(statement.facts.iter().map(|fact| Node {
            fact,
            section: statement.section,
            owner,
            depth: owner as f64 / n,
            only_unknown,
            words: words.clone(),
        }));
    }
    nodes
}

/// Clinical information, technique and the like are not what the reads differ in.
pub(crate) fn is_compared(section: SectionKind) -> bool {
    matches!(
        section,
        SectionKind::Findings
            | SectionKind::Impression
            | SectionKind::Recommendation
            | SectionKind::Other
    )
}

pub(crate) fn content_words(text: &str) -> HashSet<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Words in common, as a share of all words.
pub(crate) fn overlap(one: &HashSet<String>, other: &HashSet<String>) -> f64 {
    let shared = one.intersection(other).count() as f64;
    let all = (one.len() + other.len()) as f64 - shared;
    if all == 0.0 { 0.0 } else { shared / all }
}

/// What it costs to take two facts for one thing; `None` when they cannot be.
pub(crate) fn cost(first: &Node<'_>, second: &Node<'_>, tolerance: &Tolerance) -> Option<f64> {
    let base = concept_cost(first.fact, second.fact)?;
    let (one, other) = (first.fact, second.fact);
    let mut cost = base;
    let opposite = negation(one.assertion, other.assertion) != Negation::None;
    let disjoint = sides_disjoint(one, other);
    // "No right effusion" does not contradict "left effusion".
    if opposite && disjoint {
        return None;
    }
    cost += if opposite { 0.35 } else { 0.0 };
    cost += if one.assertion != other.assertion && !opposite {
        0.1
    } else {
        0.0
    };
    cost += if disjoint { 0.3 } else { 0.0 };
    cost += if one.laterality != other.laterality && !disjoint {
        0.05
    } else {
        0.0
    };
    if let (Some(one_site), Some(other_site)) = (&one.site, &other.site)
        && !Relations::get().same_place(one_site, other_site)
    {
        cost += 0.35;
    }
    if let (Some(one_level), Some(other_level)) = (&one.level, &other.level) {
        cost += if !levels_agree(one_level, other_level) {
            0.2
        } else if one_level != other_level {
            0.05
        } else {
            0.0
        };
    }
    if !one.measurements.is_empty() && !other.measurements.is_empty() {
        let differs = conflicts(one, other, tolerance)
            .iter()
            .any(|conflict| conflict.class == case::Class::D6);
        cost += if differs { 0.15 } else { 0.0 };
    } else if one.measurements.is_empty() != other.measurements.is_empty() {
        cost += 0.05;
    }
    cost += if first.section == second.section {
        0.0
    } else {
        0.06
    };
    cost += 0.04 * (first.depth - second.depth).abs();
    cost += 0.12 * (1.0 - overlap(&first.words, &second.words));
    (cost < 2.0 * ALONE_COST).then_some(cost)
}

fn concept_cost(one: &Fact, other: &Fact) -> Option<f64> {
    if one.recommendation.is_some() != other.recommendation.is_some() || one.normal != other.normal
    {
        return None;
    }
    let relations = Relations::get();
    let (one_name, other_name) = match (&one.concept, &other.concept) {
        (Some(one), Some(other)) => (one.as_str(), other.as_str()),
        (None, None) => return one.text.eq_ignore_ascii_case(&other.text).then_some(0.0),
        _ => return None,
    };
    if one_name == other_name {
        return Some(0.0);
    }
    let opposite = negation(one.assertion, other.assertion) != Negation::None;
    if let Some(steps) = relations.is_a_steps(one_name, other_name) {
        // "No opacity" and "atelectasis" stand together in many reports; "no fracture" and "rib fracture" do not.
        let too_general = |name: &str| {
            matches!(
                name,
                "pulmonary_opacity"
                    | "opacity"
                    | "thickening"
                    | "enlargement"
                    | "dilatation"
                    | "edema"
            )
        };
        let contradicts = steps == 1
            && general_one_is_absent(one, other)
            && !too_general(one_name)
            && !too_general(other_name);
        return (!opposite || contradicts).then_some(0.12 * steps as f64);
    }
    let both_there = is_there(one.assertion) && is_there(other.assertion);
    if both_there && relations.are_siblings(one_name, other_name) && !one.normal {
        return Some(0.45);
    }
    None
}

/// "No fracture" denies every fracture; "no rib fracture" denies no fracture elsewhere.
fn general_one_is_absent(one: &Fact, other: &Fact) -> bool {
    let (Some(one_name), Some(other_name)) = (&one.concept, &other.concept) else {
        return false;
    };
    let line = Relations::get().lineage(one_name);
    let other_is_general = line.iter().any(|name| name == other_name);
    let general = if other_is_general { other } else { one };
    general.assertion == Assertion::Absent
}

/// Which facts go together.
pub(crate) struct Alignment {
    /// Indices of the first and the second fact.
    pub pairs: Vec<(usize, usize)>,
    /// Facts of the first read without a partner; what only repeats such a fact is left out.
    pub first_alone: Vec<usize>,
    /// The same for the second read.
    pub second_alone: Vec<usize>,
}

/// Aligns two reads. A finding that the impression repeats is one thing: its first mention looks for a partner, and the
/// repetitions follow it.
pub(crate) fn align(first: &[Node<'_>], second: &[Node<'_>], tolerance: &Tolerance) -> Alignment {
    let (first_leaders, second_leaders) = (leaders(first, tolerance), leaders(second, tolerance));
    let own = |leaders: &[usize]| -> Vec<usize> {
        leaders
            .iter()
            .enumerate()
            .filter(|(idx, leader)| idx == *leader)
            .map(|(idx, _)| idx)
            .collect()
    };
    let (first_own, second_own) = (own(&first_leaders), own(&second_leaders));
    let found = best_pairs(
        &pick(first, &first_own),
        &pick(second, &second_own),
        tolerance,
    );
    let partners: Vec<(usize, usize)> = found
        .iter()
        .enumerate()
        .filter_map(|(one, other)| Some((*first_own.get(one)?, *second_own.get((*other)?)?)))
        .collect();
    let mut pairs = Vec::new();
    for (one, other) in &partners {
        let group = |leaders: &[usize], leader: usize| -> Vec<usize> {
            (0..leaders.len())
                .filter(|idx| leaders.get(*idx) == Some(&leader))
                .collect()
        };
        pair_groups(
            first,
            second,
            &group(&first_leaders, *one),
            &group(&second_leaders, *other),
            &mut pairs,
        );
    }
    let alone = |own: &[usize], paired: &dyn Fn(usize) -> bool| {
        own.iter().copied().filter(|idx| !paired(*idx)).collect()
    };
    Alignment {
        first_alone: alone(&first_own, &|idx| {
            partners.iter().any(|(one, _)| *one == idx)
        }),
        second_alone: alone(&second_own, &|idx| {
            partners.iter().any(|(_, other)| *other == idx)
        }),
        pairs,
    }
}

fn pick<'s>(nodes: &[Node<'s>], idxs: &[usize]) -> Vec<Node<'s>> {
    idxs.iter()
        .filter_map(|idx| nodes.get(*idx))
        .cloned()
        .collect()
}

/// Every mention on each side gets a mention on the other one, of the same section where there is one.
fn pair_groups(
    first: &[Node<'_>],
    second: &[Node<'_>],
    ones: &[usize],
    others: &[usize],
    pairs: &mut Vec<(usize, usize)>,
) {
    let section = |nodes: &[Node<'_>], idx: usize| nodes.get(idx).map(|node| node.section);
    for one in ones {
        let like = others
            .iter()
            .find(|other| section(second, **other) == section(first, *one))
            .or(others.first());
        pairs.extend(like.map(|other| (*one, *other)));
    }
    for other in others {
        let like = ones
            .iter()
            .find(|one| section(first, **one) == section(second, *other))
            .or(ones.first());
        pairs.extend(
            like.map(|one| (*one, *other))
                .filter(|pair| !pairs.contains(pair)),
        );
    }
}

/// For each fact the earlier one that it repeats from another section, or itself.
fn leaders(nodes: &[Node<'_>], tolerance: &Tolerance) -> Vec<usize> {
    let mut leaders: Vec<usize> = Vec::with_capacity(nodes.len());
    for (idx, node) in nodes.iter().enumerate() {
        let earlier = nodes
            .iter()
            .enumerate()
            .take(idx)
            .filter(|(other_idx, other)| {
                leaders.get(*other_idx) == Some(other_idx)
                    && other.section != node.section
                    && repeats(other.fact, node.fact, tolerance)
            });
        let price = |other: &Node<'_>| cost(other, node, tolerance).unwrap_or(f64::INFINITY);
        let nearest = earlier.min_by(|one, other| price(one.1).total_cmp(&price(other.1)));
        leaders.push(nearest.map_or(idx, |(other_idx, _)| other_idx));
    }
    leaders
}

/// Do both facts say the same of the same thing, as far as each says anything?
fn repeats(one: &Fact, other: &Fact, tolerance: &Tolerance) -> bool {
    let kin = match (&one.concept, &other.concept) {
        (Some(one), Some(other)) => Relations::get().is_a_steps(one, other).is_some(),
        _ => false,
    };
    let same_place = match (&one.site, &other.site) {
        (Some(one), Some(other)) => Relations::get().same_place(one, other),
        _ => true,
    };
    kin && same_place
        && one.normal == other.normal
        && is_there(one.assertion) == is_there(other.assertion)
        && conflicts(one, other, tolerance).is_empty()
}

/// The best pairs of facts: index of the second fact for each first one. Facts that cannot touch each other are
/// assigned apart, so that the work grows with the size of the largest group only.
fn best_pairs(
    first: &[Node<'_>],
    second: &[Node<'_>],
    tolerance: &Tolerance,
) -> Vec<Option<usize>> {
    let edges: Vec<Vec<(usize, f64)>> = first
        .iter()
        .map(|one| {
            second
                .iter()
                .enumerate()
                .filter_map(|(idx, other)| Some((idx, cost(one, other, tolerance)?)))
                .collect()
        })
        .collect();
    let mut pairs = vec![None; first.len()];
    for (rows, cols) in groups(&edges, second.len()) {
        let edge = |row: usize, col: usize| {
            let wanted = *cols.get(col)?;
            edges
                .get(*rows.get(row)?)?
                .iter()
                .find(|(idx, _)| *idx == wanted)
                .map(|(_, cost)| *cost)
        };
        for (row, col) in assign(rows.len(), cols.len(), ALONE_COST, edge)
            .into_iter()
            .enumerate()
        {
            if let Some(slot) = rows.get(row).and_then(|row_idx| pairs.get_mut(*row_idx)) {
                *slot = col.and_then(|col| cols.get(col)).copied();
            }
        }
    }
    pairs
}

/// Facts that are connected by possible pairs.
fn groups(edges: &[Vec<(usize, f64)>], n_cols: usize) -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut rows_of_col: Vec<Vec<usize>> = vec![Vec::new(); n_cols];
    for (row, row_edges) in edges.iter().enumerate() {
        for (col, _) in row_edges {
            if let Some(rows) = rows_of_col.get_mut(*col) {
                rows.push(row);
            }
        }
    }
    let mut seen_rows = vec![false; edges.len()];
    let mut seen_cols = vec![false; n_cols];
    let mut groups = Vec::new();
    for start in 0..edges.len() {
        let (mut rows, mut cols, mut open) = (Vec::new(), Vec::new(), vec![start]);
        while let Some(row) = open.pop() {
            if seen_rows.get(row).copied().unwrap_or(true) {
                continue;
            }
            mark(&mut seen_rows, row);
            rows.push(row);
            for (col, _) in edges.get(row).map(Vec::as_slice).unwrap_or_default() {
                if !seen_cols.get(*col).copied().unwrap_or(true) {
                    mark(&mut seen_cols, *col);
                    cols.push(*col);
                    open.extend(rows_of_col.get(*col).map(Vec::as_slice).unwrap_or_default());
                }
            }
        }
        rows.sort_unstable();
        cols.sort_unstable();
        if !rows.is_empty() && !cols.is_empty() {
            groups.push((rows, cols));
        }
    }
    groups
}

fn mark(flags: &mut [bool], idx: usize) {
    if let Some(flag) = flags.get_mut(idx) {
        *flag = true;
    }
}
