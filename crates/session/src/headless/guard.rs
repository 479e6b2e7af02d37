use std::collections::BTreeSet;
use std::path::Path;

use case::{Actor, Sha256};
use store::SqliteStore;

use crate::case_list::field;
use crate::case_rows::case_table;
use crate::third_reading::stage_closed;
use crate::{FileAccess, SessionError};

/// What an actor has under blinded read, so that raw commands do not open it by a side door (DECISIONS 12).
#[derive(Debug, Default)]
pub struct Guard {
    reports: BTreeSet<Sha256>,
    studies: BTreeSet<String>,
    /// Priors that open at a later stage of a read.
    later: BTreeSet<String>,
    pub(crate) access: FileAccess,
}

impl Guard {
    /// Looks into a store, if there is one. Cases that nobody has taken yet count: whoever acts may read them next.
    ///
    /// # Errors
    /// When there is a store and it cannot be read: then nothing raw is opened.
    pub fn of(store_dir: &Path, actor: &Actor) -> Result<Self, SessionError> {
        let mut guard = Self::default();
        if !store_dir.is_dir() {
            return Ok(guard);
        }
        let mut store = SqliteStore::open(store_dir)?;
        let (table, broken) = case_table(&mut store, actor)?;
        // What a broken log closes is not known, so nothing raw is opened.
        if let Some(error) = broken.into_iter().next() {
            return Err(error.into());
        }
        for row in (0..table.len()).filter_map(|idx| table.packed(idx)) {
            guard.later.extend(row.closed_priors(actor));
            let closed = row.closed_reports(actor);
            if !closed.is_empty() {
                guard.reports.extend(closed);
                guard.studies.insert(row.text(field::STUDY).to_owned());
            }
        }
        Ok(guard)
    }

    /// With what the commands that it guards read studies.
    pub fn with_access(mut self, access: FileAccess) -> Self {
        self.access = access;
        self
    }

    /// Refuses bytes that are the first report of a blinded case, or a document of its study.
    ///
    /// # Errors
    /// `blinded`.
    pub fn check_report(
        &self,
        bytes: &[u8],
        study_instance_uid: Option<&str>,
    ) -> Result<(), SessionError> {
        let of_study = study_instance_uid.is_some_and(|uid| self.studies.contains(uid));
        if of_study || self.reports.contains(&Sha256::of(bytes)) {
            return Err(blinded());
        }
        Ok(())
    }

    /// Refuses a study that opens at a later stage of a read.
    ///
    /// # Errors
    /// `stage_closed`.
    pub fn check_open(&self, study_instance_uid: &str) -> Result<(), SessionError> {
        if !self.later.contains(study_instance_uid) {
            return Ok(());
        }
        Err(stage_closed())
    }

    /// Is a study under blinded read?
    pub fn is_blinded(&self, study_instance_uid: &str) -> bool {
        self.studies.contains(study_instance_uid)
    }
}

/// The refusal of everything that would open a blinded case by a side door.
pub(crate) fn blinded() -> SessionError {
    SessionError::Refused(case::Refusal {
        code: "blinded",
        text: "this belongs to a case that you read blinded".into(),
        hint: "seal the read and reveal it, or name another actor".into(),
    })
}
