use serde::Serialize;

use crate::{
    Bias, Case, Cause, Class, Detectability, ErrorType, Outcome, Pair, Significance, Verdict,
};

/// The score of a verdict, derived, never typed (DECISIONS 14): 1 agree, 2 understandable, 3 usually seen; `a` when
/// care would not change, `b` when it would.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Score {
    /// 1, 2 or 3.
    pub value: u8,
    /// `a` or `b`; `None` for a row that agrees, or while the significance is open.
    pub suffix: Option<char>,
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.value)?;
        self.suffix.map_or(Ok(()), |suffix| write!(f, "{suffix}"))
    }
}

/// The score of a verdict; `None` for a discrepancy whose detectability is open.
pub fn score(verdict: &Verdict) -> Option<Score> {
    if verdict.agrees() {
        return Some(Score {
            value: 1,
            suffix: None,
        });
    }
    let value = match verdict.detectability? {
        Detectability::Understandable => 2,
        Detectability::UsuallySeen => 3,
    };
    let suffix = verdict.significance.map(|significance| match significance {
        Significance::None | Significance::Minor => 'a',
        Significance::Moderate | Significance::Major => 'b',
    });
    Some(Score { value, suffix })
}

impl Verdict {
    /// The verdict that both reads say the same.
    pub fn agree() -> Self {
        Self::of(vec![Class::Agree])
    }

    /// A verdict of some classes, the leading first, with nothing else said yet.
    pub fn of(classes: Vec<Class>) -> Self {
        Self {
            classes,
            error_type: None,
            cause: None,
            biases: Vec::new(),
            impact: None,
            detectability: None,
            significance: None,
            note: String::new(),
            evidence: None,
            asks_first_reader: false,
        }
    }

    /// The same of other classes, without what they rule out.
    pub fn of_other_classes(mut self, classes: Vec<Class>) -> Self {
        self.cause = self.cause.filter(|cause| cause.fits(&classes));
        self.classes = classes;
        if self.agrees() {
            self.biases.clear();
            self.impact = None;
            self.asks_first_reader = false;
        }
        self
    }

    /// The same of another error type, without a cause that is not of it.
    pub fn of_error_type(mut self, error_type: Option<ErrorType>) -> Self {
        self.cause = self.cause.filter(|c| Some(c.error_type()) == error_type);
        self.error_type = error_type;
        self
    }

    /// The same with a cause, and with the error type that the cause is of.
    pub fn with_cause(mut self, cause: Option<Cause>) -> Self {
        self.error_type = cause.map(Cause::error_type).or(self.error_type);
        self.cause = cause;
        self
    }

    /// The same with what may have bent a judgement, each once and in order.
    pub fn with_biases(mut self, mut biases: Vec<Bias>) -> Self {
        biases.sort();
        biases.dedup();
        self.biases = biases;
        self
    }

    /// Does it say that both reads say the same?
    pub fn agrees(&self) -> bool {
        self.classes == [Class::Agree]
    }

    /// Does it leave the first report as it is? A miss of the second read does.
    fn leaves_first_report(&self) -> bool {
        self.agrees() || self.classes == [Class::D1Second]
    }
}

impl Pair {
    /// Does it wait for a verdict? A row without a proposal needs none (DECISIONS 16).
    pub fn is_pending(&self) -> bool {
        self.verdict.is_none() && !self.proposed.is_empty()
    }
}

impl Case {
    /// Number of rows that wait for a verdict; 0 without a comparison.
    pub fn n_pending_verdicts(&self) -> usize {
        self.pairs().iter().filter(|pair| pair.is_pending()).count()
    }

    /// The outcome that follows from the verdicts: changed with any of moderate or major significance, refined with any
    /// other discrepancy, confirmed when every row agrees. `None` without a comparison, and while rows wait and none
    /// differs yet.
    pub fn outcome_suggested(&self) -> Option<Outcome> {
        self.comparison.as_ref()?;
        let verdicts = self.pairs().iter().filter_map(|pair| pair.verdict.as_ref());
        let worst = verdicts
            .filter(|v| !v.leaves_first_report())
            .map(weight)
            .max();
        match worst {
            Some(outcome) => Some(outcome),
            None if self.n_pending_verdicts() == 0 => Some(Outcome::Confirmed),
            None => None,
        }
    }

    /// The outcome that counts: the reader's choice, else what follows from the verdicts.
    pub fn outcome(&self) -> Option<Outcome> {
        let chosen = self.comparison.as_ref()?.outcome_chosen;
        chosen.or_else(|| self.outcome_suggested())
    }

    pub(crate) fn pairs(&self) -> &[Pair] {
        self.comparison.as_ref().map_or(&[], |c| &c.pairs)
    }
}

fn weight(verdict: &Verdict) -> Outcome {
    match verdict.significance {
        Some(Significance::Moderate | Significance::Major) => Outcome::Changed,
        Some(Significance::None | Significance::Minor) | None => Outcome::Refined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_follow_detectability_and_significance() {
        use Detectability::{Understandable, UsuallySeen};
        use Significance::{Major, Minor, Moderate, None as No};
        let rows = [
            (Class::Agree, None, None, Some("1")),
            (Class::Agree, Some(UsuallySeen), Some(Major), Some("1")),
            (Class::D4, Some(Understandable), Some(No), Some("2a")),
            (Class::D4, Some(Understandable), Some(Minor), Some("2a")),
            (Class::D1, Some(Understandable), Some(Moderate), Some("2b")),
            (Class::D1, Some(UsuallySeen), Some(Major), Some("3b")),
            (Class::D6, Some(UsuallySeen), Some(Minor), Some("3a")),
            (Class::D6, Some(UsuallySeen), None, Some("3")),
            (Class::D6, None, Some(Major), None),
        ];
        for (class, detectability, significance, expected) in rows {
            let verdict = Verdict {
                detectability,
                significance,
                ..Verdict::of(vec![class])
            };
            assert_eq!(score(&verdict).map(|s| s.to_string()).as_deref(), expected);
        }
    }
}
