//! Protocols: the rules that cases are read by, as versioned files. Those that came with the program and those beside the
//! store; of two with one id the one beside the store counts.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use case::{Protocol, Roster};

use crate::own_files::read_own_files;
use crate::{NoticeKind, Session, SessionError};

/// The folder of protocols beside the store.
pub(crate) const OWN_PROTOCOLS: &str = "protocols";
/// The protocol of a case that names none: a blinded second opinion.
pub(crate) const DEFAULT_PROTOCOL: &str = "second-opinion";
/// Bytes of a file that is read as a protocol at most.
const MAX_BYTES: u64 = 64 * 1024;
/// The setting of the store that holds the roster.
const ROSTER: &str = "roster";

/// The files that come with the program.
const FILES: [&str; 6] = [
    include_str!("../../../assets/protocols/second_opinion.toml"),
    include_str!("../../../assets/protocols/double_reading.toml"),
    include_str!("../../../assets/protocols/peer_learning.toml"),
    include_str!("../../../assets/protocols/over_read.toml"),
    include_str!("../../../assets/protocols/screening.toml"),
    include_str!("../../../assets/protocols/observer_study.toml"),
];

/// Why a file is no protocol.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProtocolError {
    /// It does not read as TOML of this form.
    #[error("the protocol cannot be read: {0}")]
    Form(String),
    /// It does not hold together.
    #[error("the protocol cannot be used: {}", .0.join("; "))]
    Problems(Vec<String>),
}

/// Reads a protocol from the text of its file.
///
/// # Errors
/// What is wrong with it, every fault at once.
pub fn read_protocol(text: &str) -> Result<Protocol, ProtocolError> {
    let protocol: Protocol =
        toml::from_str(text).map_err(|e| ProtocolError::Form(e.message().to_owned()))?;
    match protocol.problems() {
        problems if problems.is_empty() => Ok(protocol),
        problems => Err(ProtocolError::Problems(problems)),
    }
}

/// Reads a protocol from a file, to check it before it is put beside the store.
///
/// # Errors
/// When the file cannot be read or is no protocol.
pub fn read_protocol_file(path: &Path) -> Result<Protocol, SessionError> {
    let unreadable = |text: String| SessionError::NothingRead {
        code: "protocol_unreadable",
        text,
    };
    let size = std::fs::metadata(path).map(|about| about.len());
    if size.as_ref().is_ok_and(|size| MAX_BYTES < *size) {
        return Err(unreadable(format!(
            "the file is larger than {MAX_BYTES} bytes, so it is no protocol; name another"
        )));
    }
    let text = std::fs::read_to_string(path).map_err(|e| {
        unreadable(format!(
            "the protocol could not be read ({}); check the file and try again",
            e.kind()
        ))
    })?;
    read_protocol(&text).map_err(|e| unreadable(e.to_string()))
}

fn shipped() -> &'static [Protocol] {
    static SHIPPED: OnceLock<Vec<Protocol>> = OnceLock::new();
    SHIPPED.get_or_init(|| {
        let read = FILES.iter().filter_map(|text| read_protocol(text).ok());
        read.collect()
    })
}

/// A protocol as it is offered.
#[derive(Clone, Debug, PartialEq)]
pub struct ProtocolChoice {
    /// Its stable name.
    pub id: String,
    /// As it is shown.
    pub name: String,
    /// What it is for, in one sentence.
    pub purpose: String,
    /// All of it.
    pub protocol: Arc<Protocol>,
    /// Does it lie beside the store?
    pub is_own: bool,
}

impl Session {
    /// Every protocol that a case can be begun with, those beside the store first.
    ///
    /// The second value has a sentence for each file beside the store that was left out.
    pub fn protocols(&self) -> (Vec<Protocol>, Vec<String>) {
        let folder = self.own_folder.join(OWN_PROTOCOLS);
        let own = read_own_files(&folder, read_protocol, |p: &Protocol| p.id.clone());
        let is_own = |id: &str| own.read.iter().any(|one| one.id == id);
        let others = shipped().iter().filter(|one| !is_own(&one.id)).cloned();
        (
            own.read.iter().cloned().chain(others).collect(),
            own.left_out,
        )
    }

    /// The ids of those that lie beside the store.
    fn own_protocol_ids(&self) -> Vec<String> {
        let folder = self.own_folder.join(OWN_PROTOCOLS);
        let own = read_own_files(&folder, read_protocol, |p: &Protocol| p.id.clone());
        own.read.into_iter().map(|protocol| protocol.id).collect()
    }

    /// Reads the protocols that a case can be begun by, for the screens.
    pub(crate) fn read_protocol_choices(&mut self) {
        let (all, left_out) = self.protocols();
        let own = self.own_protocol_ids();
        let choices = all.into_iter().map(|protocol| ProtocolChoice {
            id: protocol.id.clone(),
            name: protocol.name.clone(),
            purpose: protocol.purpose.clone(),
            is_own: own.contains(&protocol.id),
            protocol: Arc::new(protocol),
        });
        self.protocol_choices = choices.collect();
        for sentence in left_out {
            self.notify(NoticeKind::Warning, "protocol_left_out", &sentence, "");
        }
    }

    /// The protocol of an id.
    ///
    /// # Errors
    /// When there is none, with those that there are.
    pub fn protocol_of_id(&self, id: &str) -> Result<Protocol, SessionError> {
        let (all, left_out) = self.protocols();
        if let Some(found) = all.iter().find(|protocol| protocol.id == id) {
            return Ok(found.clone());
        }
        let ids: Vec<&str> = all.iter().map(|protocol| protocol.id.as_str()).collect();
        let mut text = format!(
            "there is no protocol '{id}'; choose one of: {}",
            ids.join(", ")
        );
        for sentence in left_out {
            text.push_str("; left out: ");
            text.push_str(&sentence);
        }
        Err(SessionError::Usage(text))
    }

    /// The protocol that the next case is begun by.
    pub fn next_protocol(&self) -> &Protocol {
        &self.protocol
    }

    /// Who may do what; names nobody where everybody may do everything.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    pub(crate) fn read_roster(&mut self) -> Result<(), SessionError> {
        if let Some(text) = self.store.setting(ROSTER)? {
            // A roster that cannot be read must not open everything to everybody.
            self.roster = serde_json::from_str(&text).map_err(|_| {
                SessionError::Usage(
                    "the roster of this store cannot be read by this version; use the version that wrote it, or set it anew with `overread roster set`".into(),
                )
            })?;
        }
        Ok(())
    }

    /// Keeps a roster. The first may be set by anybody; from then on an administrator or a coordinator is needed, and the
    /// new one must name an administrator or a coordinator as well.
    ///
    /// # Errors
    /// `not_your_role`, `nobody_keeps_the_roster`; when it names somebody twice.
    pub fn set_roster(&mut self, roster: Roster) -> Result<(), SessionError> {
        let keeps = |roles: &[case::Role]| {
            roles
                .iter()
                .any(|role| matches!(role, case::Role::Administrator | case::Role::Coordinator))
        };
        if !self.roster.is_empty() && !keeps(self.roster.roles(&self.actor)) {
            return Err(SessionError::Refused(case::Refusal::new(
                "not_your_role",
                "the roster is kept by administrators and coordinators",
                "ask one of them",
            )));
        }
        if !roster.is_empty() && !roster.members.iter().any(|member| keeps(&member.roles)) {
            return Err(SessionError::Refused(case::Refusal::new(
                "nobody_keeps_the_roster",
                "this roster names nobody who could change it again",
                "give somebody the role administrator or coordinator",
            )));
        }
        let mut names: Vec<_> = roster.members.iter().map(|member| &member.actor).collect();
        names.sort();
        names.dedup();
        if names.len() < roster.members.len() {
            return Err(SessionError::Usage(
                "the roster names somebody twice; give each person one entry with all roles".into(),
            ));
        }
        let text = serde_json::to_string(&roster)
            .map_err(|e| SessionError::Usage(format!("the roster cannot be written: {e}")))?;
        self.store.set_setting(ROSTER, &text)?;
        self.roster = roster;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_a_protocol_of_its_own_id() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/protocols");
        let mut ids = std::collections::BTreeSet::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let protocol = read_protocol(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
            assert!(
                shipped().contains(&protocol),
                "{} does not ship",
                protocol.id
            );
            assert!(ids.insert(protocol.id.clone()), "{}", protocol.id);
        }
        assert_eq!(ids.len(), FILES.len());
    }

    #[test]
    fn the_shipped_second_opinion_is_what_cases_without_a_protocol_are_read_by() {
        let shipped = shipped().iter().find(|p| p.id == "second-opinion").unwrap();
        assert_eq!(*shipped, Protocol::default());
    }

    #[test]
    fn a_file_that_is_no_protocol_says_why() {
        let good = FILES[0];
        let rows = [
            ("nonsense", "cannot be read"),
            ("", "missing field"),
            (
                &good.replace("version = 1", "version = 0"),
                "The version must be",
            ),
            (&good.replace("\"priors\"", "\"report\""), "unknown variant"),
            (
                &good.replace("[required]", "[required]\ncolour = 1"),
                "unknown field",
            ),
        ];
        for (text, expected) in rows {
            let error = read_protocol(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
