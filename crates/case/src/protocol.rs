use serde::{Deserialize, Serialize};

use crate::{Role, Sha256, Significance, chain::canonical_json};

/// The rules that a case is read by, as a versioned file gives them. A case keeps them as they were when it was begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protocol {
    /// Stable name, for instance `second-opinion`.
    pub id: String,
    /// 1 for the first; a changed protocol is another version.
    pub version: u32,
    /// As it is shown.
    pub name: String,
    /// What it is for, in one sentence.
    pub purpose: String,
    /// Is the first report closed while the second read is made?
    pub blinding: BlindingLevel,
    /// What is opened at each stage of the read, in order. The first report is none of them: it opens after the last.
    pub stages: Vec<Vec<Disclosure>>,
    /// What is expected of a read. What is not met becomes a limitation.
    pub required: Required,
    /// How far two sizes may lie apart and still agree.
    pub tolerance: Tolerance,
    /// Who decides where the reads differ, and how.
    pub third_read: ThirdReadRule,
    /// Must a reader say whether there is a conflict of interest, before reading?
    pub conflict_declaration: Declaration,
    /// Where its record is kept.
    pub ledger: Ledger,
}

/// Is the first report closed while the second read is made?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlindingLevel {
    /// Until the second read is sealed.
    Blinded,
    /// It may be opened before; the record says so all the same.
    Open,
}

/// Something that a reader sees from some stage on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disclosure {
    /// The images of the current study.
    Images,
    /// The question of the referrer with the history in it.
    Question,
    /// Earlier studies.
    Priors,
}

/// What is expected of a read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Required {
    /// Share of each series that must have been on screen, 0 to 100 %.
    pub coverage_percent: u8,
    /// Must a prior have been opened, where there is one?
    pub prior: Expected,
    /// Must a checklist have been gone through?
    pub anatomy: Expected,
}

/// Is something expected of a read?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// A read without it has a limitation.
    Yes,
    /// A read may do without.
    No,
}

/// Two sizes agree when they differ by no more than the larger of the two.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tolerance {
    /// mm.
    pub size_mm: f64,
    /// Share of the larger size, 0 to 100 %.
    pub size_percent: f64,
}

/// How a third reader decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThirdReadMode {
    /// Nobody reads a third time.
    None,
    /// The third reader is told where the reads differ.
    Arbitration,
    /// The third reader sees both reads and is not told where they differ.
    PseudoArbitration,
    /// Both readers agree on one result, which a third keeps.
    Consensus,
    /// What two of three reads say counts.
    Majority,
}

/// When there is a third read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThirdReadRule {
    /// How it is made.
    pub mode: ThirdReadMode,
    /// Discrepancies of this significance and above must go there before the case closes; `None`: whoever wants one asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_from: Option<Significance>,
    /// Share of cases without any discrepancy that go there as well, 0 to 100 %: what both reads missed shows nowhere
    /// else. Chance decides when the comparison is signed, see [`crate::AuditDraw`]; a case that is drawn waits for it.
    pub concordant_percent: u8,
    /// Who may make it.
    pub by: Vec<Role>,
}

/// Is a declaration asked for?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Declaration {
    /// Nobody reads without one.
    Required,
    /// It may be left out, which is a limitation.
    Optional,
}

/// Which of the two records of a case a protocol writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ledger {
    /// For the referrer: the second opinion.
    Clinical,
    /// For the department's learning, kept apart from the patient's record.
    PeerLearning,
}

/// Stages of a read, at most.
const MAX_STAGES: usize = 6;
/// Characters of a name or a purpose, at most.
const MAX_CHARS: usize = 400;

impl Default for Protocol {
    /// A blinded second opinion that opens images, question and priors at once: what cases without a protocol in their
    /// log were read by. It is part of the meaning of those logs and never changes.
    fn default() -> Self {
        Self {
            id: "second-opinion".into(),
            version: 1,
            name: "Second opinion".into(),
            purpose: "A blinded second read of an outside study for the referrer".into(),
            blinding: BlindingLevel::Blinded,
            stages: vec![vec![
                Disclosure::Images,
                Disclosure::Question,
                Disclosure::Priors,
            ]],
            required: Required {
                coverage_percent: 95,
                prior: Expected::Yes,
                anatomy: Expected::No,
            },
            tolerance: Tolerance {
                size_mm: 2.0,
                size_percent: 15.0,
            },
            third_read: ThirdReadRule {
                mode: ThirdReadMode::Arbitration,
                required_from: None,
                concordant_percent: 0,
                by: vec![Role::Adjudicator],
            },
            conflict_declaration: Declaration::Optional,
            ledger: Ledger::Clinical,
        }
    }
}

impl Protocol {
    /// What is wrong with it, one sentence each; empty when it can be used.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let is_slug = |text: &str| {
            !text.is_empty()
                && text.len() <= 60
                && text
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        };
        if !is_slug(&self.id) {
            problems.push("The id must be 1 to 60 small letters, digits and hyphens".into());
        }
        if self.version == 0 {
            problems.push("The version must be 1 or more".into());
        }
        for (what, text) in [("name", &self.name), ("purpose", &self.purpose)] {
            if text.trim().is_empty() || MAX_CHARS < text.chars().count() {
                problems.push(format!("The {what} must have 1 to {MAX_CHARS} characters"));
            }
        }
        self.check_stages(&mut problems);
        if 100 < self.required.coverage_percent || 100 < self.third_read.concordant_percent {
            problems.push("A share must lie between 0 and 100 %".into());
        }
        let Tolerance {
            size_mm,
            size_percent,
        } = self.tolerance;
        if !(0.0..=100.0).contains(&size_mm) || !(0.0..=100.0).contains(&size_percent) {
            problems.push(
                "The tolerances of sizes must lie between 0 and 100 mm, and 0 and 100 %".into(),
            );
        }
        if self.third_read.mode != ThirdReadMode::None && self.third_read.by.is_empty() {
            problems.push("A third read needs somebody who may make it".into());
        }
        let rule = &self.third_read;
        let asks = 0 < rule.concordant_percent || rule.required_from.is_some();
        if rule.mode == ThirdReadMode::None && asks {
            problems.push("Cases go to a third read, but there is none".into());
        }
        problems
    }

    fn check_stages(&self, problems: &mut Vec<String>) {
        if self.stages.is_empty() || MAX_STAGES < self.stages.len() {
            problems.push(format!("There must be 1 to {MAX_STAGES} stages"));
        }
        if self.stages.iter().any(Vec::is_empty) {
            problems.push("Every stage must open something".into());
        }
        let mut opened: Vec<_> = self.stages.iter().flatten().collect();
        let n_opened = opened.len();
        opened.sort();
        opened.dedup();
        if opened.len() < n_opened {
            problems.push("Nothing can be opened twice".into());
        }
        let opens_images = |stage: &Vec<Disclosure>| stage.contains(&Disclosure::Images);
        if !self.stages.first().is_some_and(opens_images) {
            problems.push("The first stage must open the images".into());
        }
        if opened.len() < 3 {
            problems.push("Images, question and priors must each be opened at some stage".into());
        }
    }

    /// Number of stages of the read, at least 1.
    pub fn n_stages(&self) -> usize {
        self.stages.len().max(1)
    }

    /// Is something open at a stage, counted from 0?
    pub fn opens_by(&self, stage_idx: usize, what: Disclosure) -> bool {
        self.stages
            .iter()
            .take(stage_idx.saturating_add(1))
            .any(|stage| stage.contains(&what))
    }

    /// SHA-256 of its canonical JSON, fields in the order of the type.
    pub fn digest(&self) -> Sha256 {
        Sha256::of(&canonical_json(self))
    }

    /// `second-opinion 1`: what a record names it by.
    pub fn label(&self) -> String {
        format!("{} {}", self.id, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes a protocol one that cannot be used.
    type Break = fn(&mut Protocol);

    #[test]
    fn the_protocol_of_cases_that_name_none_can_be_used() {
        assert_eq!(Protocol::default().problems(), Vec::<String>::new());
    }

    #[test]
    fn each_fault_of_a_protocol_is_named() {
        use Disclosure::{Images, Priors, Question};
        let rows: [(&str, Break); 13] = [
            ("The id", |p| p.id = "Second opinion".into()),
            ("The version", |p| p.version = 0),
            ("The name", |p| p.name = " ".into()),
            ("The purpose", |p| p.purpose = "x".repeat(401)),
            ("There must be 1", |p| p.stages = Vec::new()),
            ("Every stage", |p| p.stages.push(Vec::new())),
            ("Nothing can be opened twice", |p| {
                p.stages = vec![vec![Images, Question, Priors], vec![Question]];
            }),
            ("The first stage", |p| {
                p.stages = vec![vec![Question], vec![Images, Priors]];
            }),
            ("Images, question and priors", |p| {
                p.stages = vec![vec![Images]]
            }),
            ("A share must", |p| p.required.coverage_percent = 101),
            ("The tolerances", |p| p.tolerance.size_mm = f64::NAN),
            ("A third read needs", |p| p.third_read.by.clear()),
            ("Cases go to a third read", |p| {
                p.third_read.mode = ThirdReadMode::None;
                p.third_read.concordant_percent = 5;
            }),
        ];
        for (start, break_it) in rows {
            let mut protocol = Protocol::default();
            break_it(&mut protocol);
            let problems = protocol.problems();
            assert!(
                problems.iter().any(|p| p.starts_with(start)),
                "{start}: {problems:?}"
            );
        }
    }

    #[test]
    fn a_stage_opens_what_it_names_and_keeps_open_what_was() {
        use Disclosure::{Images, Priors, Question};
        let protocol = Protocol {
            stages: vec![vec![Images], vec![Question], vec![Priors]],
            ..Protocol::default()
        };
        let rows = [
            (0, [true, false, false]),
            (1, [true, true, false]),
            (2, [true, true, true]),
            (9, [true, true, true]),
        ];
        for (stage_idx, open) in rows {
            let found = [Images, Question, Priors].map(|what| protocol.opens_by(stage_idx, what));
            assert_eq!(found, open, "stage {stage_idx}");
        }
    }
}
