//! The independence certificate: one small file that shows, without the store and without a word of the read or of the
//! patient, that a second read was sealed before the first report was opened.
//!
//! Each seal names what was open to its reader and the milestone before it, and the reveal names the seal that it came
//! after. So the order follows from the signed links themselves, whatever clinical entries of the log stand in between.

mod against;
mod check;
mod words;

use case::{
    Actor, Case, CaseId, Entry, Event, Protocol, Refusal, SealRecord, SealStage, Sha256, Timestamp,
};
use serde::{Deserialize, Serialize};

#[cfg(test)]
pub(crate) use words::sentences as words_of;

pub use against::{verify_certificate_with, verify_certificate_with_log};
pub use check::verify_certificate;

use crate::words::{NOT_FOR_DIAGNOSIS, PROGRAM};
use crate::{ExchangeError, OutputContext, package};

/// Name and version of the form.
pub(crate) const SCHEMA: &str = "overread.certificate/1";
/// Before what the issuer signs, so that no signature of a seal can pass for one of a certificate.
const SIGNED_AS: &[u8] = b"overread.certificate/1\n";

/// An independence certificate. [`certificate`] makes one, [`verify_certificate`] checks its bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    pub(crate) schema: String,
    pub(crate) notice: String,
    pub(crate) program: String,
    pub(crate) issued_at: Timestamp,
    pub(crate) issued_by: Actor,
    pub(crate) case: CaseId,
    /// Whose read it is.
    pub(crate) reader: Actor,
    pub(crate) protocol: Protocol,
    pub(crate) protocol_sha256: Sha256,
    /// Seals and reveal in the order of the log.
    pub(crate) milestones: Vec<Milestone>,
    /// What stands in the log between the seal of the read and the reveal.
    pub(crate) between: Vec<Link>,
    pub(crate) log: LogEnd,
    pub(crate) proves: Vec<String>,
    pub(crate) does_not_prove: Vec<String>,
    /// `None` until it is signed.
    pub(crate) issuer: Option<Issuer>,
}

/// A point of the record that later ones name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Milestone {
    /// Something was sealed or signed. `entry` is the hash of its entry in the log.
    Seal {
        seq: u64,
        entry: Sha256,
        at: Timestamp,
        record: Box<SealRecord>,
    },
    /// The first report was opened after the seal. `body` is the entry as its hash covers it: it holds nothing clinical.
    Reveal {
        seq: u64,
        entry: Sha256,
        prev: Sha256,
        body: String,
    },
    /// The first report was opened before the seal. The reason is free text and stays in the log.
    EarlyReveal {
        seq: u64,
        entry: Sha256,
        at: Timestamp,
    },
}

/// An entry of the log: whole where it holds nothing clinical, else by its hash alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Link {
    pub seq: u64,
    pub kind: String,
    pub entry: Sha256,
    pub body: Option<String>,
}

/// How long the log was and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogEnd {
    pub n_entries: u64,
    pub head: Sha256,
}

/// Who vouches for the file as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Issuer {
    pub public_key: String,
    pub signature: String,
}

/// The certificate of a case whose second read is sealed, still unsigned. It discloses nothing of the first report, so it
/// may be made, and handed to somebody else, before the reveal.
///
/// # Errors
/// [`ExchangeError::Refused`] before the seal; [`ExchangeError::LogDiffers`] when the log is not that of the case.
pub fn certificate(
    case: &Case,
    entries: &[Entry],
    context: &OutputContext,
) -> Result<Certificate, ExchangeError> {
    let whole = entries.last().is_some_and(|last| {
        last.hash == *case.log_head() && entries.len() as u64 == case.n_entries()
    });
    if !whole {
        return Err(ExchangeError::LogDiffers);
    }
    let reader = case.reader().filter(|_| case.read().seal.is_some());
    let reader = reader.ok_or_else(|| {
        Refusal::new(
            "not_sealed",
            "the second read is not sealed, so there is nothing to certify",
            "seal it first",
        )
    })?;
    let mut certificate = Certificate {
        schema: SCHEMA.to_owned(),
        notice: NOT_FOR_DIAGNOSIS.to_owned(),
        program: format!("{PROGRAM} {}", context.build),
        issued_at: context.printed_at.clone(),
        issued_by: context.actor.clone(),
        case: case.id().clone(),
        reader: reader.clone(),
        protocol: case.rules().clone(),
        protocol_sha256: case.rules().digest(),
        milestones: entries.iter().filter_map(milestone).collect(),
        between: between(entries),
        log: LogEnd {
            n_entries: case.n_entries(),
            head: case.log_head().clone(),
        },
        proves: Vec::new(),
        does_not_prove: Vec::new(),
        issuer: None,
    };
    (certificate.proves, certificate.does_not_prove) = words::sentences(&certificate);
    Ok(certificate)
}

impl Certificate {
    /// What its issuer signs.
    ///
    /// # Errors
    /// When something of it has no JSON form.
    pub fn message(&self) -> Result<Vec<u8>, ExchangeError> {
        let unsigned = Self {
            issuer: None,
            ..self.clone()
        };
        let digest = Sha256::of(&unsigned.bytes()?);
        Ok([SIGNED_AS, digest.as_str().as_bytes()].concat())
    }

    /// The certificate with the signature over [`Certificate::message`], hexadecimal.
    pub fn signed(self, signature: String, public_key: String) -> Self {
        Self {
            issuer: Some(Issuer {
                public_key,
                signature,
            }),
            ..self
        }
    }

    /// The file: JSON in the one form that [`verify_certificate`] accepts.
    ///
    /// # Errors
    /// When something of it has no JSON form.
    pub fn bytes(&self) -> Result<Vec<u8>, ExchangeError> {
        package::lines_of(&serde_json::to_value(self)?)
    }
}

fn milestone(entry: &Entry) -> Option<Milestone> {
    let (seq, hash) = (entry.seq, entry.hash.clone());
    if let Some(seal) = entry.event.seal() {
        return Some(Milestone::Seal {
            seq,
            entry: hash,
            at: entry.at.clone(),
            record: Box::new(seal.clone()),
        });
    }
    match &entry.event {
        Event::Revealed { .. } => Some(Milestone::Reveal {
            seq,
            entry: hash,
            prev: entry.prev.clone(),
            body: body(entry),
        }),
        Event::RevealedEarly { .. } => Some(Milestone::EarlyReveal {
            seq,
            entry: hash,
            at: entry.at.clone(),
        }),
        _ => None,
    }
}

fn between(entries: &[Entry]) -> Vec<Link> {
    let place = |wanted: fn(&Event) -> bool| entries.iter().position(|e| wanted(&e.event));
    let sealed = place(|event| matches!(event, Event::ReadSealed { .. }));
    let revealed = place(|event| matches!(event, Event::Revealed { .. }));
    let (Some(sealed), Some(revealed)) = (sealed, revealed) else {
        return Vec::new();
    };
    let links = entries.get(sealed + 1..revealed).unwrap_or_default();
    links
        .iter()
        .map(|entry| Link {
            seq: entry.seq,
            kind: entry.event.kind().to_owned(),
            entry: entry.hash.clone(),
            body: holds_nothing_clinical(&entry.event).then(|| body(entry)),
        })
        .collect()
}

/// Entries that are shown whole: no free text, no digest of a report.
fn holds_nothing_clinical(event: &Event) -> bool {
    matches!(
        event,
        Event::Exported { .. }
            | Event::TakenOffHold {}
            | Event::ReadResumed {}
            | Event::ReadPaused { .. }
    )
}

/// The bytes that the hash of an entry covers besides `prev`; they are JSON, so they are text.
fn body(entry: &Entry) -> String {
    String::from_utf8_lossy(&entry.canonical_bytes()).into_owned()
}

/// The course of a read as its milestones tell it.
pub(crate) struct Course<'a> {
    /// Seals of stages, in order.
    pub stages: Vec<(&'a Timestamp, &'a SealRecord)>,
    /// The seal of the read.
    pub read: Option<(&'a Timestamp, &'a SealRecord)>,
    pub reveal: Reveal<'a>,
    /// Signatures of comparisons and third reads, in order.
    pub later: Vec<(&'a Timestamp, &'a SealRecord)>,
}

/// How the first report was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reveal<'a> {
    /// Not yet.
    Closed,
    /// By the entry with this body.
    AfterSeal(&'a str),
    Early(&'a Timestamp),
}

impl Certificate {
    pub(crate) fn course(&self) -> Course<'_> {
        let mut course = Course {
            stages: Vec::new(),
            read: None,
            reveal: Reveal::Closed,
            later: Vec::new(),
        };
        for milestone in &self.milestones {
            match milestone {
                Milestone::Seal { at, record, .. } => match record.stage {
                    SealStage::ReadingStage => course.stages.push((at, record)),
                    SealStage::SecondRead => course.read = Some((at, record)),
                    SealStage::Comparison | SealStage::ThirdRead => course.later.push((at, record)),
                },
                Milestone::Reveal { body, .. } => course.reveal = Reveal::AfterSeal(body),
                Milestone::EarlyReveal { at, .. } => course.reveal = Reveal::Early(at),
            }
        }
        course
    }
}
