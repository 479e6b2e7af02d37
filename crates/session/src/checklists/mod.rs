//! Checklists of anatomic regions: what a careful reader goes through in images of one kind, ticked one by one. What was
//! ticked is part of the read.

mod checklist;
mod shipped;

use std::sync::Arc;

use case::AnatomyReview;

use crate::hanging::HangingProtocol;
use crate::own_files::read_own_files;
use crate::{NoticeKind, Reviewed, Session, SessionError};
pub use checklist::{Checklist, ChecklistError, ChecklistRegion};

/// The checklist of a read, as the window shows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChecklistSnapshot {
    /// Its name.
    pub name: String,
    /// The regions in its order.
    pub regions: Vec<RegionSnapshot>,
}

impl ChecklistSnapshot {
    /// How many regions were gone through.
    pub fn n_reviewed(&self) -> usize {
        let reviewed = |region: &&RegionSnapshot| region.reviewed == Reviewed::Yes;
        self.regions.iter().filter(reviewed).count()
    }
}

/// A region of a checklist.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionSnapshot {
    /// Its name.
    pub name: String,
    /// The digit and name of the window it is read in; `None` where none is usual.
    pub window: Option<(u8, &'static str)>,
    /// Was it gone through?
    pub reviewed: Reviewed,
}

/// The folder of a reader's own checklists, and of hanging protocols, beside the store.
const OWN_CHECKLISTS: &str = "checklists";
const OWN_HANGINGS: &str = "hanging";

impl Session {
    /// Reads checklists and hanging protocols that lie beside the store. One of the reader's own takes the place of one of
    /// the same name that came with the program. What cannot be read is said once.
    pub(crate) fn read_own_files(&mut self) {
        let name = |list: &Checklist| list.name.clone();
        let own = read_own_files(&self.own_folder.join(OWN_CHECKLISTS), Checklist::read, name);
        let is_own = |list: &&Checklist| own.read.iter().any(|one| one.name == list.name);
        let shipped = shipped::shipped().iter().filter(|list| !is_own(list));
        self.checklists = own.read.iter().chain(shipped).cloned().collect();
        let name = |protocol: &HangingProtocol| protocol.name.clone();
        let folder = self.own_folder.join(OWN_HANGINGS);
        let hangings = read_own_files(&folder, HangingProtocol::read, name);
        self.hangings.of_folder = hangings.read;
        for (code, left_out) in [
            ("checklist_left_out", own.left_out),
            ("hanging_left_out", hangings.left_out),
        ] {
            for sentence in left_out {
                let hint = "Correct the file and open the study again";
                self.notify(NoticeKind::Warning, code, &sentence, hint);
            }
        }
    }

    /// The checklist that was begun, else the one for what is open.
    pub(crate) fn checklist_snapshot(&self) -> Option<Arc<ChecklistSnapshot>> {
        let review = &self.case()?.read().anatomy;
        let lists = &self.checklists;
        let (name, asked) = match review.is_empty() {
            false => (review.checklist.clone(), review.asked.clone()),
            true => {
                let list = checklist::choose(lists, &self.study_facts())?;
                (list.name.clone(), list.names())
            }
        };
        // A later version of the program may know other windows, or none.
        let known = lists.iter().find(|list| list.name == name);
        let regions = asked.into_iter().map(|region| RegionSnapshot {
            window: known.and_then(|list| list.window(&region)),
            reviewed: match review.reviewed.contains(&region) {
                true => Reviewed::Yes,
                false => Reviewed::No,
            },
            name: region,
        });
        Some(Arc::new(ChecklistSnapshot {
            name,
            regions: regions.collect(),
        }))
    }

    /// Puts on record that a region was gone through, or was not. The first one begins the checklist.
    pub(crate) fn review_region(
        &mut self,
        region: &str,
        reviewed: Reviewed,
    ) -> Result<(), SessionError> {
        let before = &self.open_case_ref()?.read().anatomy;
        let mut review = match before.is_empty() {
            false => before.clone(),
            true => self.empty_review()?,
        };
        if !review.asked.iter().any(|asked| asked == region) {
            return Err(SessionError::Usage(format!(
                "the checklist \"{}\" has no region \"{region}\"; choose one of: {}",
                review.checklist,
                review.asked.join(", ")
            )));
        }
        let is_reviewed = |asked: &String| match asked == region {
            true => reviewed == Reviewed::Yes,
            false => review.reviewed.contains(asked),
        };
        review.reviewed = review
            .asked
            .iter()
            .filter(|asked| is_reviewed(asked))
            .cloned()
            .collect();
        self.record(case::Command::ReviewAnatomy { review })
    }

    fn empty_review(&self) -> Result<AnatomyReview, SessionError> {
        let list = checklist::choose(&self.checklists, &self.study_facts()).ok_or_else(|| {
            SessionError::Usage(
                "there is no checklist for images of this kind and part of the body; go on without one".into(),
            )
        })?;
        Ok(AnatomyReview {
            checklist: list.name.clone(),
            version: list.version,
            asked: list.names(),
            reviewed: Vec::new(),
        })
    }
}
