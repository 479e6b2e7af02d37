//! The hanging protocols of a session: which there are, which one a study gets, and what the reader keeps.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use volume::Placement;

use crate::hanging::{
    HangingProtocol, StudyFacts, VolumeFacts, choose, from_screen, plane_of_slices, shipped,
};
use crate::linking::LinkedByHand;
use crate::{
    Arrangement, HangingItem, HangingSnapshot, NoticeKind, Session, SessionError, VolumeKey,
    may_reslice,
};

/// Under which name the store keeps them.
const SETTING: &str = "hanging_protocols";
/// Choices that are remembered at most.
const MAX_CHOSEN: usize = 32;

/// The reader's own protocols, and what was chosen by hand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Hangings {
    own: Vec<HangingProtocol>,
    /// Names, the last chosen first.
    chosen: Vec<String>,
    /// Those of the reader's files; they are read anew each time.
    #[serde(skip)]
    pub(crate) of_folder: Vec<HangingProtocol>,
}

impl Hangings {
    /// The reader's own, those of the reader's files, then those that came with the program; the first of a name hides the
    /// others.
    fn all(&self) -> impl Iterator<Item = (&HangingProtocol, bool)> {
        let hidden = |name: &str| self.own.iter().any(|p| p.name == name);
        let in_folder = |name: &str| self.of_folder.iter().any(|p| p.name == name);
        let of_folder = self.of_folder.iter().filter(move |p| !hidden(&p.name));
        let others = shipped()
            .iter()
            .filter(move |p| !hidden(&p.name) && !in_folder(&p.name));
        self.own
            .iter()
            .map(|p| (p, true))
            .chain(of_folder.chain(others).map(|p| (p, false)))
    }

    fn named(&self, name: &str) -> Option<&HangingProtocol> {
        self.all().map(|(p, _)| p).find(|p| p.name == name)
    }
}

impl Session {
    /// Reads what the store keeps. A setting of another version of the program is left as it is.
    pub(crate) fn read_hangings(&mut self) -> Result<(), SessionError> {
        let kept = self.store.setting(SETTING)?;
        let kept: Option<Hangings> = kept.and_then(|text| serde_json::from_str(&text).ok());
        let of_folder = std::mem::take(&mut self.hangings.of_folder);
        self.hangings = Hangings {
            of_folder,
            ..kept.unwrap_or_default()
        };
        self.hangings.own.retain(|p| p.check().is_ok());
        Ok(())
    }

    fn keep_hangings(&mut self, hangings: Hangings) -> Result<(), SessionError> {
        let text = serde_json::to_string(&hangings)
            .map_err(|e| SessionError::Usage(format!("the protocol cannot be kept: {e}")))?;
        self.store.set_setting(SETTING, &text)?;
        self.hangings = hangings;
        self.touch();
        Ok(())
    }

    /// After opening: by the protocol that says most about the study, else the main series in planes or as a stack.
    pub(crate) fn hang_first(&mut self) {
        let facts = self.study_facts();
        let protocols = self.hangings.all().map(|(p, _)| p);
        let places = match choose(protocols, &self.hangings.chosen, &facts) {
            Some(hung) => {
                self.room.hang(&hung, &self.library);
                hung.protocol.own_windows()
            }
            None => {
                if let Some(main) = self.library.main_key() {
                    self.room.open(&main, &self.library);
                }
                Vec::new()
            }
        };
        self.take_hung_windows(&places);
    }

    /// Hangs by a protocol and remembers that it was chosen.
    pub(crate) fn hang(&mut self, name: &str) -> Result<(), SessionError> {
        let facts = self.study_facts();
        let protocol = self.hangings.named(name).cloned().ok_or_else(|| {
            SessionError::Usage(format!(
                "there is no hanging protocol \"{name}\"; choose one of the menu"
            ))
        })?;
        let hung = protocol.fit(&facts).ok_or_else(|| {
            SessionError::Usage(format!(
                "the hanging protocol \"{name}\" needs series that this study does not have"
            ))
        })?;
        self.room.hang(&hung, &self.library);
        self.take_hung_windows(&protocol.own_windows());
        let mut hangings = self.hangings.clone();
        hangings.chosen.retain(|n| n != name);
        hangings.chosen.insert(0, name.to_owned());
        hangings.chosen.truncate(MAX_CHOSEN);
        self.keep_hangings(hangings)
    }

    /// Forgets that protocols which fit the open study were chosen by hand: the reader took another layout.
    pub(crate) fn forget_chosen_hanging(&mut self) -> Result<(), SessionError> {
        let facts = self.study_facts();
        let mut hangings = self.hangings.clone();
        hangings.chosen.retain(|name| {
            self.hangings
                .named(name)
                .is_some_and(|p| !p.when.holds(&facts))
        });
        match hangings == self.hangings {
            true => Ok(()),
            false => self.keep_hangings(hangings),
        }
    }

    /// Keeps a protocol of the reader's own.
    pub(crate) fn save_hanging(&mut self, protocol: HangingProtocol) -> Result<(), SessionError> {
        protocol
            .check()
            .map_err(|e| SessionError::Usage(e.to_string()))?;
        let mut hangings = self.hangings.clone();
        let before = hangings.own.iter().find(|p| p.name == protocol.name);
        let version = before.map_or(1, |p| p.version + 1);
        hangings.own.retain(|p| p.name != protocol.name);
        hangings.own.push(HangingProtocol {
            version,
            ..protocol
        });
        hangings.own.sort_by(|a, b| a.name.cmp(&b.name));
        self.keep_hangings(hangings)
    }

    /// Takes a protocol of the reader's own away; one of the same name that came with the program is there again.
    pub(crate) fn remove_hanging(&mut self, name: &str) -> Result<(), SessionError> {
        let mut hangings = self.hangings.clone();
        hangings.own.retain(|p| p.name != name);
        if hangings.own.len() == self.hangings.own.len() {
            return Err(SessionError::Usage(format!(
                "\"{name}\" came with the program or is not there, so there is nothing to take away"
            )));
        }
        hangings.chosen.retain(|n| n != name);
        self.keep_hangings(hangings)
    }

    /// Changes the cells; new ones take the next series that may be seen.
    pub(crate) fn arrange(&mut self, arrangement: Arrangement) {
        let offered: Vec<VolumeKey> = self
            .study_facts()
            .volumes
            .into_iter()
            .map(|v| v.key)
            .collect();
        self.room.arrange(arrangement, &offered, &self.library);
    }

    /// Takes the slices on screen as the same place of the body, and says what came of it.
    pub(crate) fn link_by_hand(&mut self) {
        let LinkedByHand {
            n_linked,
            n_not_parallel,
        } = self.room.link_by_hand(&self.library);
        if 0 < n_not_parallel {
            self.notify(
                NoticeKind::Warning,
                "not_parallel",
                "A view whose slices are not parallel to the active one, or whose place is not known, cannot follow it.",
                "Choose a series of the same plane",
            );
        }
        if 0 < n_linked {
            self.notify(
                NoticeKind::Info,
                "linked_by_hand",
                "Slices are linked as they stand now. They were laid over each other by eye, along the slices only.",
                "",
            );
        } else if n_not_parallel == 0 {
            self.notify(
                NoticeKind::Info,
                "nothing_to_link",
                "No view shows a stack of another frame of reference, so there is nothing to link by hand.",
                "",
            );
        }
    }

    /// What rules can ask of what is open. Series that are closed now are not in it, and neither are their names.
    pub(crate) fn study_facts(&self) -> StudyFacts {
        let prior_idx = |key: &VolumeKey| {
            let has = |s: &series::Series| s.series_instance_uid == key.series_instance_uid;
            self.library
                .priors
                .iter()
                .position(|p| p.series.iter().any(has))
        };
        let volumes = self
            .library
            .iter()
            .filter(|(_, s)| !(s.is_computed() || self.is_closed(s)))
            .map(|(key, s)| {
                let first = s.plan.slices.iter().flatten().next();
                let text = |of: fn(&series::SliceSource) -> &str| first.map_or("", of).to_owned();
                VolumeFacts {
                    key: key.clone(),
                    prior_idx: s.prior_date.as_ref().and_then(|_| prior_idx(key)),
                    modality: s.modality.clone(),
                    description: s.title.clone(),
                    body_part: text(series::SliceSource::body_part),
                    laterality: text(series::SliceSource::laterality),
                    view_position: text(series::SliceSource::view_position),
                    plane: match s.volume.placed {
                        Placement::InPatient => plane_of_slices(&s.volume.grid),
                        Placement::SidesOnly(_) | Placement::Unplaced => None,
                    },
                    may_reslice: may_reslice(&s.volume),
                    n_slices: s.volume.n_slices(),
                }
            })
            .collect();
        let description = self.library.study.as_ref().map(|s| s.description.clone());
        StudyFacts {
            description: description.unwrap_or_default(),
            volumes,
        }
    }

    pub(crate) fn hanging_snapshot(&self) -> HangingSnapshot {
        let facts = self.study_facts();
        let items = self.hangings.all().map(|(protocol, is_own)| HangingItem {
            name: protocol.name.clone(),
            fits: protocol.when.holds(&facts) && protocol.fit(&facts).is_some(),
            own: is_own.then(|| Arc::new(protocol.clone())),
        });
        let mut items: Vec<HangingItem> = items.collect();
        items.sort_by_key(|item| !item.fits);
        HangingSnapshot {
            in_use: self.room.hanging.clone(),
            items,
            draft: from_screen(&self.room, &facts, &self.library, &self.window_places())
                .map(Arc::new),
        }
    }
}
