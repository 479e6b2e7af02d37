use serde::{Deserialize, Serialize};

use crate::{
    Blinding, Case, CaseId, Disclosure, PathSeal, SealRecord, SealStage, Sha256, StudyRef,
    Timestamp, chain::canonical_json,
};

/// Name and version of the form that a seal with claims has.
const SCHEMA: &str = "overread.seal/2";

/// What a seal says of the course of a read without a word of the read or of the patient, so that it can be shown to
/// anybody. The digest that is signed is the SHA-256 of its canonical bytes: its JSON, fields in this order.
///
/// Seals of older records have none; there the digest is that of the content itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealClaims {
    /// Name and version of this form.
    pub schema: String,
    /// What is closed.
    pub stage: SealStage,
    /// Of which case.
    pub case: CaseId,
    /// Name of the protocol.
    pub protocol: String,
    /// Its version.
    pub protocol_version: u32,
    /// [`crate::Protocol::digest`] of it.
    pub protocol_sha256: Sha256,
    /// Where the first report was at that moment.
    pub first_report: FirstReportThen,
    /// What was open to the reader besides it.
    pub opened: Vec<Disclosure>,
    /// [`StudyRef::manifest_digest`] of the current study; zeros where there is none.
    pub images: Sha256,
    /// SHA-256 of everything that is closed: [`Case::seal_digest`].
    pub content: Sha256,
    /// The milestone of the record before this one: [`SealRecord::name`] of a seal, the hash of the entry of a reveal.
    /// What names another came after it, whatever stands in between. `None` for the first.
    pub follows: Option<Sha256>,
    /// When, by the clock on the wall.
    pub at: Timestamp,
    /// When, by a clock that never jumps; `None` where nobody reads one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<RunClock>,
    /// The reading path that is closed with it; `None` where none was recorded. The path itself is in the store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<PathSeal>,
}

/// Where the first report was when something was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstReportThen {
    /// Closed.
    Closed,
    /// Open, since the second read was sealed.
    OpenedAfterSeal,
    /// Open, since before the second read was sealed.
    OpenedEarly,
}

/// A time by a clock that only goes forward while the program runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunClock {
    /// The run of the program, a word drawn at its start: times of two runs say nothing of each other.
    pub run: String,
    /// ms since it started.
    pub ms: u64,
}

impl SealClaims {
    /// The digest that is signed.
    pub fn digest(&self) -> Sha256 {
        Sha256::of(&canonical_json(self))
    }
}

impl SealRecord {
    /// What later seals and a reveal name it by: SHA-256 of its canonical JSON.
    pub fn name(&self) -> Sha256 {
        Sha256::of(&canonical_json(self))
    }
}

impl StudyRef {
    /// SHA-256 over its instances: one line `<SOP Instance UID> <SHA-256>` with a line feed for each, sorted.
    pub fn manifest_digest(&self) -> Sha256 {
        let mut items: Vec<_> = self.manifest.iter().collect();
        items.sort();
        let lines: String = items
            .iter()
            .map(|item| format!("{} {}\n", item.sop_instance_uid, item.sha256))
            .collect();
        Sha256::of(lines.as_bytes())
    }
}

impl Case {
    /// What a seal made now would claim; the reading path is for the caller to name.
    pub fn seal_claims(
        &self,
        stage: SealStage,
        at: Timestamp,
        clock: Option<RunClock>,
    ) -> SealClaims {
        let all = [Disclosure::Images, Disclosure::Question, Disclosure::Priors];
        SealClaims {
            schema: SCHEMA.into(),
            stage,
            case: self.id.clone(),
            protocol: self.rules.id.clone(),
            protocol_version: self.rules.version,
            protocol_sha256: self.rules.digest(),
            first_report: match self.blinding {
                Blinding::Blinded => FirstReportThen::Closed,
                Blinding::RevealedAfterSeal { .. } => FirstReportThen::OpenedAfterSeal,
                Blinding::RevealedEarly { .. } => FirstReportThen::OpenedEarly,
            },
            opened: all
                .into_iter()
                .filter(|what| self.discloses(*what))
                .collect(),
            images: self
                .study
                .as_ref()
                .map_or_else(Sha256::zero, StudyRef::manifest_digest),
            content: self.seal_digest(stage),
            follows: self.milestone.clone(),
            at,
            clock,
            path: None,
        }
    }

    /// Does a seal cover the case as it stands? Its signature and its place in the log are for others to check.
    pub fn is_covered_by(&self, seal: &SealRecord, stage: SealStage) -> bool {
        if seal.stage != stage {
            return false;
        }
        match &seal.claims {
            None => seal.digest == self.seal_digest(stage),
            Some(claims) => {
                let now = SealClaims {
                    // The store has the path, and checks it.
                    path: claims.path.clone(),
                    ..self.seal_claims(stage, claims.at.clone(), claims.clock.clone())
                };
                seal.digest == claims.digest() && now == **claims
            }
        }
    }
}
