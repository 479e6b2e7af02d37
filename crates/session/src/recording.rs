//! Events of the case: on the disk first, then applied, then seen.

use std::time::Instant;

use case::Case;

use crate::open_case::OpenCase;
use crate::session::{BUILD, SavedState};
use crate::{Session, SessionError};

impl Session {
    /// Writes an event of the case: durable first, then visible.
    pub(crate) fn record(&mut self, command: case::Command) -> Result<(), SessionError> {
        let now = (self.clock)();
        self.check_onlooker(&command)?;
        let Some(open) = &mut self.open else {
            return Err(SessionError::Usage(
                "no case is open; open one from the worklist first".into(),
            ));
        };
        let case = open.whole();
        self.roster.allow(case, &self.actor, &command)?;
        let entries = case.record(&self.actor, &now, BUILD, command)?;
        if entries.is_empty() {
            return Ok(());
        }
        let written = match case.n_entries() {
            0 => self.store.create_case(case.id(), &entries),
            _ => self.store.append(case.id(), &entries),
        };
        if let Err(error) = written {
            self.not_written(&error);
            return Err(error.into());
        }
        open.take(entries, &self.actor);
        self.saved = SavedState::At(Instant::now());
        self.after_record();
        Ok(())
    }

    /// Says that a change was not kept. Where another program was first, what it wrote is read anew, so that the step can
    /// be repeated on top of it.
    fn not_written(&mut self, error: &store::StoreError) {
        let store::StoreError::Conflict { case } = error else {
            self.saved = SavedState::Failed(error.to_string());
            return;
        };
        let reread = self.store.entries(case).ok();
        if let Some(entries) = reread
            && let Ok(fresh) = Case::replay(case.clone(), &entries)
        {
            self.open = Some(OpenCase::new(fresh, entries, &self.actor));
            self.touch();
        }
    }

    /// Keeps selections on things that still exist, and the worklist in step.
    fn after_record(&mut self) {
        let Some(open) = &self.open else { return };
        if self
            .selected_finding
            .is_some_and(|id| open.whole().finding(id).is_none())
        {
            self.selected_finding = None;
        }
        if let Some(pair) = self.selected_pair
            && open
                .whole()
                .comparison()
                .is_none_or(|c| c.pairs.iter().all(|p| p.id != pair))
        {
            self.selected_pair = None;
        }
        self.refresh_row();
        self.touch();
    }
}
