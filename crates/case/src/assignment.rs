use serde::{Deserialize, Serialize};

use crate::{Actor, Sha256};

/// How soon a case is wanted.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// In its turn.
    #[default]
    Routine,
    /// Before those in their turn.
    Soon,
    /// Before all others.
    Urgent,
}

/// How a case came to its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SamplingMethod {
    /// Somebody chose it, so no rate may be counted from it.
    Chosen,
    /// Drawn at random.
    Random,
    /// Every so manieth.
    EveryNth,
    /// Up to so many of each group.
    Quota,
}

/// Who reads a case, and how it came to be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// Who reads.
    pub reader: Actor,
    /// Day it is due, `YYYY-MM-DD`; empty for none.
    #[serde(default)]
    pub due: String,
    /// How soon it is wanted.
    #[serde(default)]
    pub priority: Priority,
    /// How the case was drawn.
    pub method: SamplingMethod,
    /// Probability with which a case of its group was drawn, above 0 to 1; `None` where somebody chose it.
    pub inclusion_probability: Option<f64>,
    /// The draw that it came of; `None` where the program did not draw it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw: Option<DrawRecord>,
}

/// A draw, so that whoever has the cases can make it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawRecord {
    /// The rule in words.
    pub rule: String,
    /// What chance started from.
    pub seed: u64,
    /// Cases that were drawn from.
    pub n_frame: usize,
    /// Digest of their names in order of creation, one a line.
    pub frame: Sha256,
}

impl Assignment {
    /// What is wrong with it; `None` when nothing is.
    pub fn problem(&self) -> Option<&'static str> {
        let chosen = self.method == SamplingMethod::Chosen;
        let in_range = |p: f64| 0.0 < p && p <= 1.0;
        if self.reader.as_str().trim().is_empty() {
            return Some("it names no reader");
        }
        match self.inclusion_probability {
            None if !chosen => Some("a case that was drawn has a probability"),
            Some(_) if chosen => Some("a case that somebody chose has no probability"),
            Some(p) if !in_range(p) => Some("a probability lies above 0 and is at most 1"),
            _ if !is_day(&self.due) => Some("a day is written YYYY-MM-DD"),
            _ => None,
        }
    }
}

fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [""] => true,
        [year, month, day] => {
            let number = |part: &str, n_digits: usize| {
                let is_number = part.len() == n_digits && part.bytes().all(|b| b.is_ascii_digit());
                is_number.then(|| part.parse::<u32>().unwrap_or(0))
            };
            number(year, 4).is_some()
                && number(month, 2).is_some_and(|m| (1..=12).contains(&m))
                && number(day, 2).is_some_and(|d| (1..=31).contains(&d))
        }
        _ => false,
    }
}

/// What a person said about a conflict of interest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictDeclaration {
    /// Who.
    pub by: Actor,
    /// Is there one?
    pub conflict: Conflict,
    /// In words; may be empty where there is none.
    pub text: String,
}

/// Is there a conflict of interest?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conflict {
    /// None.
    None,
    /// There is one: this person does not read the case.
    Declared,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_that_cannot_be_counted_from_is_refused() {
        let rows = [
            (
                "Iyer",
                "2026-05-01",
                SamplingMethod::Random,
                Some(0.05),
                true,
            ),
            ("Iyer", "", SamplingMethod::Chosen, None, true),
            ("Iyer", "", SamplingMethod::Random, Some(1.0), true),
            (" ", "", SamplingMethod::Chosen, None, false),
            ("Iyer", "", SamplingMethod::Random, None, false),
            ("Iyer", "", SamplingMethod::Chosen, Some(0.5), false),
            ("Iyer", "", SamplingMethod::Quota, Some(0.0), false),
            ("Iyer", "", SamplingMethod::EveryNth, Some(1.1), false),
            ("Iyer", "", SamplingMethod::EveryNth, Some(f64::NAN), false),
            ("Iyer", "1 May", SamplingMethod::Chosen, None, false),
            ("Iyer", "2026-13-01", SamplingMethod::Chosen, None, false),
            ("Iyer", "2026-12-00", SamplingMethod::Chosen, None, false),
            ("Iyer", "2026-12", SamplingMethod::Chosen, None, false),
        ];
        for (reader, due, method, inclusion_probability, good) in rows {
            let assignment = Assignment {
                reader: Actor::new(reader),
                due: due.into(),
                priority: Priority::Routine,
                method,
                inclusion_probability,
                draw: None,
            };
            assert_eq!(assignment.problem().is_none(), good, "{assignment:?}");
        }
    }
}
