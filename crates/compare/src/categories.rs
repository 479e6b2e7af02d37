//! Categories of reporting schemes in which two reads differ.

use std::collections::BTreeMap;

use case::{CategoryMention, Class, Statement};

use crate::conflicts::Conflict;
use crate::rows::{Draft, Key};

/// How sure the rules are that two categories are about one thing, when they stand in one row and when they are the only
/// ones of their scheme.
const IN_ONE_ROW: f64 = 0.85;
const ONLY_ONES: f64 = 0.7;

/// Adds what the categories say: in rows that are there, and otherwise between the only two of a scheme. A category that
/// only one read gives is no difference: schemes are not used by everybody.
pub(crate) fn add_categories(
    drafts: &mut BTreeMap<Key, Draft>,
    first: &[&Statement],
    second: &[&Statement],
) {
    let in_rows: Vec<Key> = drafts.keys().copied().collect();
    let mut used: Vec<(usize, usize)> = Vec::new();
    for key in in_rows {
        let (Some(one), Some(other)) = key else {
            continue;
        };
        let (Some(a), Some(b)) = (first.get(one), second.get(other)) else {
            continue;
        };
        if settle(drafts, key, (a, b), IN_ONE_ROW) {
            used.push((one, other));
        }
    }
    let left = |statements: &[&Statement], is_used: &dyn Fn(usize) -> bool| {
        let all = statements.iter().enumerate();
        let free = all.filter(|(idx, s)| !is_used(*idx) && !s.categories.is_empty());
        free.map(|(idx, _)| idx).collect::<Vec<_>>()
    };
    let first_left = left(first, &|idx| used.iter().any(|(one, _)| *one == idx));
    let second_left = left(second, &|idx| used.iter().any(|(_, other)| *other == idx));
    for one in &first_left {
        let Some(a) = first.get(*one) else { continue };
        for other in &second_left {
            let Some(b) = second.get(*other) else {
                continue;
            };
            let scheme = shared(a, b).map(|(mention, _)| mention.category.scheme);
            let is_only = |places: &[usize], statements: &[&Statement]| {
                let has = |idx: &&usize| {
                    let categories = statements.get(**idx).map(|s| s.categories.as_slice());
                    let categories = categories.unwrap_or_default();
                    categories.iter().any(|m| Some(m.category.scheme) == scheme)
                };
                places.iter().filter(has).count() == 1
            };
            if scheme.is_some() && is_only(&first_left, first) && is_only(&second_left, second) {
                settle(drafts, (Some(*one), Some(*other)), (a, b), ONLY_ONES);
            }
        }
    }
}

/// Two categories of one scheme; those that differ before those that agree.
fn shared<'s>(
    one: &'s Statement,
    other: &'s Statement,
) -> Option<(&'s CategoryMention, &'s CategoryMention)> {
    let pairs = one
        .categories
        .iter()
        .flat_map(|a| other.categories.iter().map(move |b| (a, b)));
    let of_one_scheme = pairs.filter(|(a, b)| a.category.scheme == b.category.scheme);
    of_one_scheme.min_by_key(|(a, b)| a.category.agrees_with(&b.category) == Some(true))
}

/// Says in a row whether two categories agree; `false` where it has no two of one scheme.
fn settle(
    drafts: &mut BTreeMap<Key, Draft>,
    key: Key,
    (one, other): (&Statement, &Statement),
    confidence: f64,
) -> bool {
    let Some((a, b)) = shared(one, other) else {
        return false;
    };
    let draft = drafts.entry(key).or_default();
    if a.category.agrees_with(&b.category) == Some(true) {
        let known = draft.agreement.unwrap_or(confidence);
        draft.agreement = Some(known.max(confidence));
    } else {
        draft.conflicts.push(Conflict {
            class: Class::D10,
            rule: "category.differs",
            confidence,
            first_span: Some(a.span),
            second_span: Some(b.span),
        });
    }
    true
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use case::{Assertion, Category, Fact, FindingId, Pair, SecondRef, SectionKind, StatementId};

    use super::*;
    use crate::{SecondItem, Tolerance, compare};

    /// A statement about a nodule, or about nothing that the lexicon knows, with categories.
    fn statement(number: u32, concept: Option<&str>, categories: &[&str]) -> Statement {
        let text = "Nodule of the right upper lobe, some category";
        let fact = |concept: &str| Fact {
            concept: Some(concept.into()),
            text: "Nodule".into(),
            span: [0, 6],
            assertion: Assertion::Present,
            certainty: 0.9,
            laterality: None,
            site: None,
            level: None,
            severity: None,
            change: None,
            measurements: Vec::new(),
            recommendation: None,
            normal: false,
        };
        let mention = |category: &&str| CategoryMention {
            category: category.parse::<Category>().unwrap(),
            text: "category".into(),
            span: [37, 45],
        };
        Statement {
            id: StatementId(number),
            section: SectionKind::Findings,
            text: text.into(),
            span: [0, text.len()],
            facts: concept.map(fact).into_iter().collect(),
            categories: categories.iter().map(mention).collect(),
        }
    }

    type Said<'a> = (Option<&'a str>, &'a [&'a str]);

    fn rows(first: &[Said<'_>], second: &[Said<'_>]) -> Vec<Pair> {
        let made = |said: &[Said<'_>]| -> Vec<Statement> {
            let numbered = said.iter().zip(1..);
            numbered
                .map(|((concept, c), n)| statement(n, *concept, c))
                .collect()
        };
        let items: Vec<SecondItem> = made(second)
            .into_iter()
            .map(|statement| SecondItem {
                reference: SecondRef::Finding(FindingId(statement.id.0)),
                statement,
            })
            .collect();
        compare(&made(first), &items, &Tolerance::default())
    }

    const NODULE: Option<&str> = Some("pulmonary_nodule");

    #[test]
    fn two_categories_of_a_scheme_that_differ_are_proposed_as_d10() {
        let rows_of: [(&[Said<'_>], &[Said<'_>], bool); 8] = [
            (
                &[(NODULE, &["lung_rads=4A"])],
                &[(NODULE, &["lung_rads=3"])],
                true,
            ),
            (
                &[(NODULE, &["lung_rads=4A"])],
                &[(NODULE, &["lung_rads@1.1=4A"])],
                false,
            ),
            (
                &[(NODULE, &["bi_rads=4"])],
                &[(NODULE, &["bi_rads=4B"])],
                false,
            ),
            // The category stands by itself in one read, with the finding in the other.
            (
                &[(NODULE, &[]), (None, &["lung_rads=4B"])],
                &[(NODULE, &["lung_rads=3"])],
                true,
            ),
            (
                &[(NODULE, &[]), (None, &["lung_rads=3"])],
                &[(NODULE, &["lung_rads=3"])],
                false,
            ),
            // One side alone, or two schemes: nothing to compare.
            (&[(NODULE, &[])], &[(NODULE, &["lung_rads=3"])], false),
            (&[(NODULE, &["lung_rads=4A"])], &[(NODULE, &[])], false),
            (
                &[(NODULE, &["lung_rads=4A"])],
                &[(NODULE, &["li_rads=LR-5"])],
                false,
            ),
        ];
        for (first, second, differs) in rows_of {
            let found = rows(first, second);
            let conflict = found.iter().find(|row| row.proposed.contains(&Class::D10));
            assert_eq!(
                conflict.is_some(),
                differs,
                "{first:?} {second:?}: {found:?}"
            );
            if let Some(row) = conflict {
                assert!(row.first_spans.contains(&(Class::D10, [37, 45])), "{row:?}");
            }
        }
    }

    #[test]
    fn where_several_could_be_meant_nothing_is_guessed() {
        let first: &[Said<'_>] = &[(None, &["bi_rads=4"]), (None, &["bi_rads=2"])];
        let found = rows(first, &[(NODULE, &["bi_rads=3"])]);
        assert!(
            found.iter().all(|row| !row.proposed.contains(&Class::D10)),
            "{found:?}"
        );
    }
}
