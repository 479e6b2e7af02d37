use serde::Serialize;

use crate::{
    Actor, Amended, Blinding, Case, CaseId, ChainBroken, Comparison, Entry, Event, ManifestItem,
    Outcome, Protocol, Read, ReportVersion, SealRecord, SealStage, Sha256, ThirdRead,
    chain::canonical_json,
};

/// What a seal covers. Its canonical bytes are its JSON, fields in this order, manifests sorted by instance.
#[derive(Serialize)]
struct Sealed<'a> {
    schema: &'static str,
    stage: SealStage,
    case: &'a CaseId,
    question: &'a str,
    protocol: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<&'a Protocol>,
    blinding: &'a Blinding,
    study: Option<SealedStudy<'a>>,
    priors: Vec<SealedStudy<'a>>,
    reports: &'a [ReportVersion],
    read: &'a Read,
    comparison: Option<&'a Comparison>,
    outcome: Option<Outcome>,
    summary: Option<String>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    amendments: &'a [Amended],
    #[serde(skip_serializing_if = "Option::is_none")]
    third_read: Option<&'a ThirdRead>,
}

#[derive(Serialize)]
struct SealedStudy<'a> {
    study_instance_uid: &'a str,
    manifest: Vec<&'a ManifestItem>,
}

/// A seal and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealBy {
    /// Whose.
    pub actor: Actor,
    /// It.
    pub seal: SealRecord,
}

impl SealRecord {
    /// The 64 bytes that the signature is over: the digest, then the log head. `None` when either is no digest.
    pub fn signed_bytes(&self) -> Option<Vec<u8>> {
        signed_bytes(&self.digest, &self.log_head)
    }
}

/// The 64 bytes that a seal's signature is over: the digest, then the log head. `None` when either is no digest.
pub fn signed_bytes(digest: &Sha256, log_head: &Sha256) -> Option<Vec<u8>> {
    Some([digest.to_bytes()?, log_head.to_bytes()?].concat())
}

impl Case {
    /// The canonical bytes of a stage as the case stands: what a seal made now would cover.
    pub fn seal_bytes(&self, stage: SealStage) -> Vec<u8> {
        let comparing = matches!(stage, SealStage::Comparison | SealStage::ThirdRead);
        let amendments: &[Amended] = if comparing { &self.amendments } else { &[] };
        let third_read = self
            .third
            .as_ref()
            .filter(|_| stage == SealStage::ThirdRead);
        let rules = Some(&self.rules).filter(|_| self.records_rules);
        canonical_json(&Sealed {
            schema: "overread.seal/1",
            stage,
            case: &self.id,
            question: &self.question,
            protocol: &self.protocol,
            rules,
            blinding: &self.blinding,
            study: self.study.as_ref().map(sealed_study),
            priors: self.priors.iter().map(sealed_study).collect(),
            reports: &self.reports,
            read: &self.read,
            comparison: self.comparison.as_ref().filter(|_| comparing),
            outcome: self.outcome().filter(|_| comparing),
            summary: self.summary().filter(|_| comparing),
            amendments,
            third_read,
        })
    }

    /// SHA-256 of [`Case::seal_bytes`].
    pub fn seal_digest(&self, stage: SealStage) -> Sha256 {
        Sha256::of(&self.seal_bytes(stage))
    }

    /// Replays a log and checks besides its chain that each seal in it covers what the case was at that moment.
    /// The signatures are for the caller to check, over [`SealRecord::signed_bytes`].
    ///
    /// # Errors
    /// The first entry that does not fit.
    pub fn replay_with_seals(
        id: CaseId,
        entries: &[Entry],
    ) -> Result<(Self, Vec<SealBy>), ChainBroken> {
        let mut case = Self::new(id);
        let mut seals = Vec::new();
        for entry in entries {
            case.check_next(entry)?;
            if let Event::ComparisonSigned { audit, .. } = &entry.event
                && !case.draw_fits(audit.as_ref())
            {
                return Err(ChainBroken {
                    case: case.id.clone(),
                    seq: entry.seq,
                    what: "the draw for the audit is not the one that was put away".into(),
                });
            }
            if let (Some(seal), Some(stage)) = (entry.event.seal(), entry.event.seals()) {
                let fits = case.is_covered_by(seal, stage) && seal.log_head == entry.prev;
                if !fits {
                    return Err(ChainBroken {
                        case: case.id.clone(),
                        seq: entry.seq,
                        what: "the seal does not cover the case as it was".into(),
                    });
                }
                seals.push(SealBy {
                    actor: entry.actor.clone(),
                    seal: seal.clone(),
                });
            }
            case.apply(entry);
        }
        Ok((case, seals))
    }
}

fn sealed_study(study: &crate::StudyRef) -> SealedStudy<'_> {
    let mut manifest: Vec<_> = study.manifest.iter().collect();
    manifest.sort();
    SealedStudy {
        study_instance_uid: &study.study_instance_uid,
        manifest,
    }
}
