use serde::{Deserialize, Serialize};

use crate::{Actor, Case, CaseId, Event, Sha256, Timestamp};

/// An event in the log: who, when, with which build, chained to the entry before.
///
/// `hash = SHA-256(0x00 ‖ canonical bytes ‖ prev)`, where `prev` goes in as its 32 bytes and the canonical bytes are
/// the JSON of all fields but `hash` and `prev`, in the order they stand here, without white space, UTF-8 not escaped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The case it belongs to.
    pub case: CaseId,
    /// 1, 2, 3, … in the case; this, not the time, orders.
    pub seq: u64,
    /// Entries of one command share a step; undo takes back a step.
    pub step: u64,
    /// The step that this one takes back or does again, for undo and redo.
    pub undoes: Option<u64>,
    /// Wall clock; a label.
    pub at: Timestamp,
    /// Who acted.
    pub actor: Actor,
    /// Version of the program.
    pub build: String,
    /// What happened.
    pub event: Event,
    /// Hash of the entry before; 64 zeros for the first.
    pub prev: Sha256,
    /// Hash of this entry.
    pub hash: Sha256,
}

/// The fields that the hash covers, in the order of the canonical bytes.
#[derive(Serialize)]
struct Body<'a> {
    case: &'a CaseId,
    seq: u64,
    step: u64,
    undoes: Option<u64>,
    at: &'a Timestamp,
    actor: &'a Actor,
    build: &'a str,
    event: &'a Event,
}

/// The same fields, read back.
#[derive(Deserialize)]
struct OwnedBody {
    case: CaseId,
    seq: u64,
    step: u64,
    undoes: Option<u64>,
    at: Timestamp,
    actor: Actor,
    build: String,
    event: Event,
}

impl Entry {
    /// Reads an entry back from its canonical bytes and its two hashes, as a store keeps them. Checks nothing but form.
    ///
    /// # Errors
    /// When the bytes are not those of an entry that this version knows.
    pub fn from_canonical(
        bytes: &[u8],
        prev: Sha256,
        hash: Sha256,
    ) -> Result<Self, serde_json::Error> {
        let body: OwnedBody = serde_json::from_slice(bytes)?;
        Ok(Self {
            case: body.case,
            seq: body.seq,
            step: body.step,
            undoes: body.undoes,
            at: body.at,
            actor: body.actor,
            build: body.build,
            event: body.event,
            prev,
            hash,
        })
    }

    /// What the hash covers, besides `prev`.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        canonical_json(&Body {
            case: &self.case,
            seq: self.seq,
            step: self.step,
            undoes: self.undoes,
            at: &self.at,
            actor: &self.actor,
            build: &self.build,
            event: &self.event,
        })
    }

    /// The hash that this entry must have after `prev`.
    pub fn compute_hash(&self) -> Sha256 {
        chain_hash(&self.canonical_bytes(), &self.prev)
    }
}

/// `SHA-256(0x00 ‖ canonical bytes ‖ prev)`. A `prev` that is no digest goes in as its text, and so never fits.
pub fn chain_hash(canonical: &[u8], prev: &Sha256) -> Sha256 {
    match prev.to_bytes() {
        Some(bytes) => Sha256::of_parts(&[&[0], canonical, &bytes]),
        None => Sha256::of_parts(&[&[0], canonical, prev.as_str().as_bytes()]),
    }
}

pub(crate) fn canonical_json(value: &impl Serialize) -> Vec<u8> {
    // Our types have text keys and derived serialisation only, which cannot fail in memory.
    serde_json::to_vec(value).expect("types of this crate serialise")
}

/// A log that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the log of case {case} is broken at entry {seq}: {what}; restore the newest backup that verifies"
)]
pub struct ChainBroken {
    /// The case.
    pub case: CaseId,
    /// The first entry that does not fit, counted from 1.
    pub seq: u64,
    /// What does not fit.
    pub what: String,
}

impl Case {
    /// Turns the events of one command into entries that continue this case's log.
    ///
    /// `undoes` is [`Case::undoes`] of the command.
    pub fn entries_for(
        &self,
        actor: &Actor,
        at: &Timestamp,
        build: &str,
        events: Vec<Event>,
        undoes: Option<u64>,
    ) -> Vec<Entry> {
        let step = self.history.last_step().saturating_add(1);
        let mut prev = self.log_head.clone();
        let first_seq = self.n_entries.saturating_add(1);
        (first_seq..)
            .zip(events)
            .map(|(seq, event)| {
                let mut entry = Entry {
                    case: self.id.clone(),
                    seq,
                    step,
                    undoes,
                    at: at.clone(),
                    actor: actor.clone(),
                    build: build.to_owned(),
                    event,
                    prev: prev.clone(),
                    hash: Sha256::zero(),
                };
                entry.hash = entry.compute_hash();
                prev = entry.hash.clone();
                entry
            })
            .collect()
    }

    /// Decides about a command and makes the entries that record it: [`Case::decide`], [`Case::undoes`] and
    /// [`Case::entries_for`] in one. An empty answer means that nothing changes.
    ///
    /// # Errors
    /// The refusal of [`Case::decide`].
    pub fn record(
        &self,
        actor: &Actor,
        at: &Timestamp,
        build: &str,
        command: crate::Command,
    ) -> Result<Vec<Entry>, crate::Refusal> {
        let undoes = self.undoes(&command);
        let events = self.decide(actor, command)?;
        Ok(self.entries_for(actor, at, build, events, undoes))
    }

    /// Folds a whole log into a case, and checks that each entry is the one that was written in its place.
    ///
    /// # Errors
    /// The first entry that is missing, out of order, of another case, or altered.
    pub fn replay(id: CaseId, entries: &[Entry]) -> Result<Self, ChainBroken> {
        let mut case = Self::new(id);
        for entry in entries {
            case.check_next(entry)?;
            case.apply(entry);
        }
        Ok(case)
    }

    /// Does an entry continue this case's log?
    ///
    /// # Errors
    /// What does not fit.
    pub fn check_next(&self, entry: &Entry) -> Result<(), ChainBroken> {
        let seq = self.n_entries.saturating_add(1);
        let broken = |what: String| ChainBroken {
            case: self.id.clone(),
            seq,
            what,
        };
        if entry.case != self.id {
            return Err(broken("it belongs to another case".into()));
        }
        if entry.seq != seq {
            return Err(broken(format!("entry {} stands in its place", entry.seq)));
        }
        if entry.prev != self.log_head {
            return Err(broken("it does not follow the entry before".into()));
        }
        if entry.hash != entry.compute_hash() {
            return Err(broken("its content does not fit its hash".into()));
        }
        Ok(())
    }
}
