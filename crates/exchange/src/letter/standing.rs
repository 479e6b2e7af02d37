use case::{
    Assertion, Case, Class, Comparison, Finding, Outcome, Pair, ReadA, SecondRef, SectionKind,
    Significance, ThirdVerdict, Upheld, Verdict,
};

use super::reference::Reference;

/// What counts of a row, once everything about it is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counts {
    /// Both reads say the same.
    Both,
    /// The first report, against the second read.
    First,
    /// The second read, against the first report.
    Second,
    /// Each in part, as a third reader decided.
    InPart,
    /// It cannot be told, or neither is borne out.
    Open,
}

/// A row that somebody decided about.
pub(super) struct Decided<'a> {
    pub pair: &'a Pair,
    pub verdict: &'a Verdict,
    pub third: Option<&'a ThirdVerdict>,
    pub counts: Counts,
}

impl Decided<'_> {
    /// Whether care would change: the third reader's word where there is one, else the second reader's.
    pub(super) fn significance(&self) -> Option<Significance> {
        let third = self.third.and_then(|third| third.significance);
        third.or(self.verdict.significance)
    }

    /// The items that the row and its decision are.
    pub(super) fn references(&self) -> Vec<Reference> {
        let mut from = Vec::new();
        from.extend(self.pair.first.map(Reference::Statement));
        from.extend(self.pair.second.map(Reference::second));
        from.push(Reference::Row(self.pair.id));
        from.extend(self.third.map(|_| Reference::Third(self.pair.id)));
        from
    }
}

/// The rows with a verdict, each with what counts: the third read where there was one, else the second reader's verdict.
pub(super) fn decided(case: &Case) -> Vec<Decided<'_>> {
    let Some(comparison) = signed(case) else {
        return Vec::new();
    };
    let third = case.third_read().filter(|third| third.seal.is_some());
    let rows = comparison.pairs.iter().filter_map(|pair| {
        let verdict = pair.verdict.as_ref()?;
        let decision = third.and_then(|third| third.verdict(pair.id));
        let counts = match (decision, third) {
            (Some(decision), Some(third)) => match third.upheld_read(decision) {
                // What agrees stands with either.
                Some(_) if verdict.agrees() => Counts::Both,
                Some(ReadA::First) => Counts::First,
                Some(ReadA::Second) => Counts::Second,
                None if decision.upheld == Upheld::BothPartly => Counts::InPart,
                None => Counts::Open,
            },
            _ if verdict.agrees() => Counts::Both,
            _ if verdict.classes == [Class::D1Second] => Counts::First,
            _ => Counts::Second,
        };
        Some(Decided {
            pair,
            verdict,
            third: decision,
            counts,
        })
    });
    rows.collect()
}

/// The comparison, once it is signed.
pub(super) fn signed(case: &Case) -> Option<&Comparison> {
    case.comparison()
        .filter(|comparison| comparison.seal.is_some() && !case.is_blinded())
}

/// Findings of the sealed read that no row with a verdict speaks of.
pub(super) fn alone(case: &Case) -> impl Iterator<Item = &Finding> {
    let rows = decided(case);
    case.read().findings.iter().filter(move |finding| {
        let item = Some(SecondRef::Finding(finding.id));
        !rows.iter().any(|row| row.pair.second == item)
    })
}

/// Is a row about what should happen next, on either side?
pub(super) fn is_advice(comparison: &Comparison, pair: &Pair) -> bool {
    let advises = |statement: &case::Statement| {
        statement.section == SectionKind::Recommendation
            || statement.facts.iter().any(|f| f.recommendation.is_some())
    };
    let first = comparison
        .first
        .iter()
        .any(|s| Some(s.id) == pair.first && advises(s));
    let second = comparison
        .second
        .iter()
        .any(|s| pair.second == Some(SecondRef::Sentence(s.id)) && advises(s));
    first && pair.second.is_none() || second
}

/// Does the second reader say that it may be so?
pub(super) fn is_uncertain(case: &Case, pair: &Pair) -> bool {
    match pair.second {
        Some(SecondRef::Finding(id)) => case
            .finding(id)
            .is_some_and(|finding| finding.assertion == Assertion::Possible),
        Some(SecondRef::Sentence(_)) | None => false,
    }
}

/// The outcome that stands. After a third read it follows from its decisions; before, it is the comparison's own. `None`
/// without a signed comparison.
pub(crate) fn letter_outcome(case: &Case) -> Option<Outcome> {
    signed(case)?;
    let third = case.third_read().filter(|third| third.seal.is_some());
    if third.is_none() {
        return case.outcome();
    }
    let rows = decided(case);
    let against = rows
        .iter()
        .filter(|row| !matches!(row.counts, Counts::Both | Counts::First));
    let worst = against.map(|row| match row.significance() {
        Some(Significance::Moderate | Significance::Major) => Outcome::Changed,
        Some(Significance::None | Significance::Minor) | None => Outcome::Refined,
    });
    Some(worst.max().unwrap_or(Outcome::Confirmed))
}
