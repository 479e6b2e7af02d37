//! The open case, whole and as its actor may look at it.

use std::borrow::Cow;

use case::{Actor, Case, Entry};

use crate::{Session, SessionError};

/// A case with its log.
pub(crate) struct OpenCase {
    /// The whole record: commands are judged by it, and nothing is drawn from it.
    whole: Case,
    pub(crate) entries: Vec<Entry>,
    /// What is drawn, where that is less than the whole.
    seen: Option<Box<Case>>,
}

impl OpenCase {
    pub(crate) fn new(whole: Case, entries: Vec<Entry>, actor: &Actor) -> Self {
        let mut open = Self {
            whole,
            entries,
            seen: None,
        };
        open.look_as(actor);
        open
    }

    /// From now on it is looked at by this actor.
    pub(crate) fn look_as(&mut self, actor: &Actor) {
        self.seen = match self.whole.as_seen_by(actor) {
            Cow::Owned(seen) => Some(Box::new(seen)),
            Cow::Borrowed(_) => None,
        };
    }

    /// Applies what was written.
    pub(crate) fn take(&mut self, entries: Vec<Entry>, actor: &Actor) {
        for entry in &entries {
            self.whole.apply(entry);
        }
        self.entries.extend(entries);
        self.look_as(actor);
    }

    pub(crate) fn whole(&self) -> &Case {
        &self.whole
    }

    pub(crate) fn seen(&self) -> &Case {
        self.seen.as_deref().unwrap_or(&self.whole)
    }
}

impl Session {
    /// The open case as its actor may look at it: nothing of either read while they may still make its third read.
    pub fn case(&self) -> Option<&Case> {
        self.open.as_ref().map(OpenCase::seen)
    }

    /// The open case as its log has it: what commands are judged by, and what [`Case::view`] and [`Case::third_view`] leave
    /// things out of.
    pub fn whole_case(&self) -> Option<&Case> {
        self.open.as_ref().map(OpenCase::whole)
    }

    pub(crate) fn open_case_ref(&self) -> Result<&Case, SessionError> {
        self.case().ok_or_else(no_case)
    }

    pub(crate) fn whole_case_ref(&self) -> Result<&Case, SessionError> {
        self.whole_case().ok_or_else(no_case)
    }
}

fn no_case() -> SessionError {
    SessionError::Usage("no case is open; open one from the worklist first".into())
}
