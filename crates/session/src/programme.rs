//! The programme around the cases, as the screens keep it: who may do what, protocols beside the store, draws.

use std::sync::Arc;

use case::{Protocol, Refusal, Role, Roster};

use crate::protocols::{OWN_PROTOCOLS, read_protocol};
use crate::{DrawAnswer, DrawRequest, KeepDraw, Session, SessionError};

/// Changes of the programme.
#[derive(Clone, Debug, PartialEq)]
pub enum ProgrammeCommand {
    /// Keep another roster.
    SetRoster(Roster),
    /// Keep a protocol beside the store. One that differs from what its id names now gets the next version.
    SaveProtocol(Box<Protocol>),
    /// Take a protocol beside the store away; one of the same id that came with the program is there again.
    RemoveProtocol(String),
    /// Draw cases, or show what a draw would give.
    Draw(Box<DrawRequest>),
}

/// The programme as the screens show it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProgrammeSnapshot {
    /// Who may do what; names nobody where everybody may do everything.
    pub roster: Roster,
    /// May the actor change roster and protocols?
    pub may_keep: bool,
    /// What the last draw gave, or would give.
    pub draw: Option<DrawAnswer>,
}

impl Session {
    pub(crate) fn apply_programme(
        &mut self,
        command: ProgrammeCommand,
    ) -> Result<(), SessionError> {
        let done = match command {
            ProgrammeCommand::SetRoster(roster) => self.set_roster(roster),
            ProgrammeCommand::SaveProtocol(protocol) => self.save_protocol(*protocol),
            ProgrammeCommand::RemoveProtocol(id) => self.remove_protocol(&id),
            ProgrammeCommand::Draw(request) => self.draw(&request),
        };
        self.programme = self.programme_snapshot();
        done
    }

    /// What is given out is what was shown: where the store changed since, it is shown again first.
    fn draw(&mut self, request: &DrawRequest) -> Result<(), SessionError> {
        self.put_coverage_on_record()?;
        // What was shown before does not count once another draw was asked for.
        let shown = self.last_draw.take().filter(|shown| !shown.written);
        if let Some(shown) = shown.filter(|_| request.keep == KeepDraw::Yes) {
            let looked = DrawRequest {
                keep: KeepDraw::No,
                ..request.clone()
            };
            let now = self.draw_cases(&looked)?;
            if now != shown {
                self.last_draw = Some(now);
                return Err(SessionError::Usage(
                    "the cases changed since they were shown, so nothing was given out; look at the draw again".into(),
                ));
            }
        }
        let answer = self.draw_cases(request)?;
        let written = answer.written;
        self.last_draw = Some(answer);
        match written {
            true => self.refresh_worklist(),
            false => Ok(()),
        }
    }

    pub(crate) fn programme_snapshot(&self) -> Arc<ProgrammeSnapshot> {
        Arc::new(ProgrammeSnapshot {
            roster: self.roster().clone(),
            may_keep: self.keeps_programme().is_ok(),
            draw: self.last_draw.clone(),
        })
    }

    /// Roster and protocols are kept by administrators and coordinators, where there is a roster.
    fn keeps_programme(&self) -> Result<(), SessionError> {
        let keeps = |role: &Role| matches!(role, Role::Administrator | Role::Coordinator);
        let roster = self.roster();
        if roster.is_empty() || roster.roles(&self.actor).iter().any(keeps) {
            return Ok(());
        }
        Err(SessionError::Refused(Refusal::new(
            "not_your_role",
            "roster and protocols are kept by administrators and coordinators",
            "ask one of them",
        )))
    }

    fn save_protocol(&mut self, protocol: Protocol) -> Result<(), SessionError> {
        self.keeps_programme()?;
        let (all, _) = self.protocols();
        let before = all.iter().find(|one| one.id == protocol.id);
        let version = match before {
            // Nothing changed, so nothing is kept: a copy would hide later versions of what came with the program.
            Some(before) if is_same_but_version(before, &protocol) => return Ok(()),
            Some(before) => before.version.saturating_add(1),
            None => 1,
        };
        let protocol = Protocol {
            version,
            ..protocol
        };
        let unusable = |text: String| SessionError::Usage(text);
        let text = toml::to_string(&protocol)
            .map_err(|e| unusable(format!("the protocol cannot be written: {e}")))?;
        // What could not be read again is not written.
        read_protocol(&text).map_err(|e| unusable(e.to_string()))?;
        let folder = self.own_folder.join(OWN_PROTOCOLS);
        let path = folder.join(format!("{}.toml", protocol.id));
        let beside = folder.join(format!("{}.toml.new", protocol.id));
        std::fs::create_dir_all(&folder)
            .and_then(|()| std::fs::write(&beside, text))
            .and_then(|()| std::fs::rename(&beside, &path))
            .map_err(|e| SessionError::NothingRead {
                code: "protocol_not_kept",
                text: format!(
                    "the protocol could not be kept beside the store ({}); check the folder and its free space, and try again",
                    e.kind()
                ),
            })?;
        self.reread_protocols();
        if self.protocol_of_id(&protocol.id).ok().as_ref() != Some(&protocol) {
            return Err(SessionError::Usage(format!(
                "another file beside the store holds the id {} and counts before this one; take that file away, or use another id",
                protocol.id
            )));
        }
        Ok(())
    }

    /// Reads the protocols again; the one that the next case is begun by as it is now, or the usual one where it is gone.
    fn reread_protocols(&mut self) {
        self.read_protocol_choices();
        let now = self.protocol_of_id(&self.protocol.id);
        self.protocol = now.unwrap_or_default();
    }

    fn remove_protocol(&mut self, id: &str) -> Result<(), SessionError> {
        self.keeps_programme()?;
        let is_slug = !id.is_empty()
            && id
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        let path = self
            .own_folder
            .join(OWN_PROTOCOLS)
            .join(format!("{id}.toml"));
        if !is_slug || !path.is_file() {
            return Err(SessionError::Usage(format!(
                "no file \"{id}.toml\" lies beside the store, so there is nothing to take away; a protocol in a file of another name is taken away by hand"
            )));
        }
        std::fs::remove_file(&path).map_err(|e| SessionError::NothingRead {
            code: "protocol_not_removed",
            text: format!(
                "the protocol could not be taken away ({}); check the folder and try again",
                e.kind()
            ),
        })?;
        self.reread_protocols();
        Ok(())
    }
}

fn is_same_but_version(one: &Protocol, other: &Protocol) -> bool {
    let other = Protocol {
        version: one.version,
        ..other.clone()
    };
    *one == other
}
