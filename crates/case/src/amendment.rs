use serde::{Deserialize, Serialize};

use crate::{Case, Finding, FindingId, PairId, Timestamp};

/// A change of mind after the first report was seen. The sealed read stays as it was; this is a layer over it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Amendment {
    /// What changed.
    pub change: AmendedFinding,
    /// The row that it is about, if it is about one.
    pub pair: Option<PairId>,
    /// Does it lead towards what the first report says?
    pub direction: Direction,
    /// Why.
    pub reason: String,
}

/// What changed after the reveal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AmendedFinding {
    /// Something is there that the sealed read does not have.
    Added {
        /// It; its id is that of the layer, after those of the read.
        finding: Finding,
    },
    /// A finding reads otherwise.
    Changed {
        /// As it shall be; its id says which.
        finding: Finding,
    },
    /// A finding is taken back.
    Retracted {
        /// Which.
        id: FindingId,
    },
}

/// Where a change of mind leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Towards what the first report says.
    TowardsFirst,
    /// Away from it.
    AwayFromFirst,
    /// The first report says nothing of it.
    Unrelated,
}

/// An amendment and when it was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Amended {
    /// It.
    pub amendment: Amendment,
    /// When.
    pub at: Timestamp,
}

/// How far the second reader moved towards the first report after seeing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AnchoringIndex {
    /// Findings added, changed or taken back towards the first report.
    pub n_towards_first: usize,
    /// Findings of the sealed read and those added after it.
    pub n_findings: usize,
}

impl AnchoringIndex {
    /// Share of the findings that moved towards the first report, 0 to 1; `None` where there is no finding.
    pub fn share(self) -> Option<f64> {
        (0 < self.n_findings).then(|| self.n_towards_first as f64 / self.n_findings as f64)
    }
}

impl Case {
    /// What the second reader changed after the reveal, in order.
    pub fn amendments(&self) -> &[Amended] {
        &self.amendments
    }

    /// How far the second reader moved towards the first report. A finding counts once, by its last amendment.
    pub fn anchoring_index(&self) -> AnchoringIndex {
        let mut last: Vec<(FindingId, Direction)> = Vec::new();
        let mut n_added = 0;
        for Amended { amendment, .. } in &self.amendments {
            let id = match &amendment.change {
                AmendedFinding::Added { finding } => {
                    n_added += 1;
                    finding.id
                }
                AmendedFinding::Changed { finding } => finding.id,
                AmendedFinding::Retracted { id } => *id,
            };
            last.retain(|(other, _)| *other != id);
            last.push((id, amendment.direction));
        }
        let towards =
            |(_, direction): &&(FindingId, Direction)| *direction == Direction::TowardsFirst;
        AnchoringIndex {
            n_towards_first: last.iter().filter(towards).count(),
            n_findings: self.read.findings.len() + n_added,
        }
    }

    /// The id that the next finding of the layer must have.
    pub fn next_amended_id(&self) -> FindingId {
        let added = self
            .amendments
            .iter()
            .filter_map(|a| match &a.amendment.change {
                AmendedFinding::Added { finding } => Some(finding.id.0),
                _ => None,
            });
        FindingId(
            added
                .fold(self.last_finding_number, u32::max)
                .saturating_add(1),
        )
    }

    /// The findings as the second reader holds them now: the sealed read with the layer over it.
    pub fn findings_now(&self) -> Vec<Finding> {
        let mut findings = self.read.findings.clone();
        for Amended { amendment, .. } in &self.amendments {
            match &amendment.change {
                AmendedFinding::Added { finding } => findings.push(finding.clone()),
                AmendedFinding::Changed { finding } => {
                    for old in findings.iter_mut().filter(|f| f.id == finding.id) {
                        *old = finding.clone();
                    }
                }
                AmendedFinding::Retracted { id } => findings.retain(|f| f.id != *id),
            }
        }
        findings
    }
}
