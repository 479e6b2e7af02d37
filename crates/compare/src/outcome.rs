use case::{Class, Outcome, Pair, Statement};

use crate::relations::Relations;

/// Below this a row is a hint, not a reason to call the report changed.
const MIN_CONFIDENCE: f64 = 0.5;

/// What the proposed rows mean for the first report as a whole, before a reader has judged any of them.
///
/// Nothing proposed but agreement: confirmed. Existence, side, place or diagnosis of something critical in doubt:
/// changed. Anything else: refined.
pub fn outcome_suggested(pairs: &[Pair], first: &[Statement], second: &[Statement]) -> Outcome {
    let mut outcome = Outcome::Confirmed;
    for pair in pairs
        .iter()
        .filter(|pair| pair.proposed.iter().any(|class| *class != Class::Agree))
    {
        let weighty = pair.proposed.iter().any(|class| {
            matches!(
                class,
                Class::D1 | Class::D2 | Class::D3 | Class::D4 | Class::D5 | Class::D9
            )
        });
        let spans = |statements: &[Statement], spans: &[(Class, case::TextSpan)]| {
            statements
                .iter()
                .flat_map(|statement| &statement.facts)
                .filter(|fact| spans.iter().any(|(_, span)| *span == fact.span))
                .any(|fact| {
                    fact.concept
                        .as_deref()
                        .is_some_and(|concept| Relations::get().is_critical(concept))
                })
        };
        let critical = spans(first, &pair.first_spans) || spans(second, &pair.second_spans);
        let this = if weighty && critical && MIN_CONFIDENCE <= pair.confidence {
            Outcome::Changed
        } else {
            Outcome::Refined
        };
        outcome = outcome.max(this);
    }
    outcome
}
