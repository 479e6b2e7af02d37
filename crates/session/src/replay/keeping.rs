//! The path of whoever reads the open case: written while they read, kept beside the log, and named by the seal.

use case::{CaseId, PathEvent, PathSeal, ReadingPath, SealStage};
use exchange::{Check, Verification};

use super::recorder::{Attention, Earlier, PathRecorder};
use crate::{InputSeen, NoticeKind, PicturesAre, Screen, Session, SessionError};

impl Session {
    /// Time passed for the path. Nothing is kept of who does not read this case, and of what is shown again.
    pub(crate) fn tick_path(&mut self, elapsed_ms: u64, input: InputSeen, pictures: PicturesAre) {
        self.follow_path();
        if self.path.is_none() {
            return;
        }
        let is_shown = self.screen == Screen::Reading && self.replay.is_none();
        let scene = is_shown.then(|| self.scene()).flatten();
        let opened = self.reads_are_open();
        let Some(path) = &mut self.path else { return };
        if opened {
            path.note_reads_opened();
        }
        let pictures = match is_shown {
            true => pictures,
            false => PicturesAre::Covered,
        };
        let attention = Attention {
            elapsed_ms,
            input,
            pictures,
        };
        path.tick(attention, scene);
        if path.is_due() {
            self.keep_path();
        }
    }

    /// Begins, changes or ends the path as the case and its reader have it.
    fn follow_path(&mut self) {
        let wanted = self.whole_case().and_then(|case| {
            let key = case.path_that_may_begin(&self.actor)?;
            Some((case.id().clone(), key))
        });
        let now = self.path.as_ref().map(|path| (&path.case, path.key));
        if now == wanted.as_ref().map(|(case, key)| (case, *key)) {
            return;
        }
        self.keep_path();
        self.path = None;
        if self.path_given_up == wanted {
            return;
        }
        self.path_given_up = None;
        let Some((case, key)) = wanted else { return };
        match self.earlier_path(key) {
            Ok(earlier) => self.path = Some(PathRecorder::begin(case, key, &earlier)),
            Err(error) => self.give_path_up(&error),
        }
    }

    fn earlier_path(&self, key: case::PathKey) -> Result<Earlier, SessionError> {
        let case = self.whole_case_ref()?;
        let kept = match case.path_being_made(&self.actor) {
            Some(_) => self.store.open_path(&case.path_permit(&self.actor, key)?)?,
            // Nobody has taken the read, so nothing is kept of it.
            None => store::KeptPath::default(),
        };
        let path = read_path(&kept.bytes)?;
        Ok(Earlier {
            n_chunks: kept.n_chunks,
            n_bytes: kept.bytes.len(),
            n_steps: path.steps.len(),
            end_ms: path.end_ms,
            reads_opened: path
                .steps
                .iter()
                .any(|step| step.what == PathEvent::ReadsOpened),
        })
    }

    /// What was written since goes to the disk. A path that cannot be kept never stands in the way of the read: it is
    /// begun anew where another window wrote, and else given up with a notice.
    pub(crate) fn keep_path(&mut self) {
        // Of who has not taken the read, nothing goes to the disk; once they take it, all of it does.
        let taken = self.whole_case().and_then(|case| {
            let key = case.path_being_made(&self.actor)?;
            Some((case.id().clone(), key))
        });
        let path = self.path.as_mut();
        let Some(path) = path.filter(|path| Some((path.case.clone(), path.key)) == taken) else {
            return;
        };
        let bytes = path.take();
        if bytes.is_empty() {
            return;
        }
        let part = (path.key, path.n_chunks);
        match self.store.append_path(&path.case, part, &bytes) {
            Ok(()) => path.n_chunks = path.n_chunks.saturating_add(1),
            // It begins anew with the next tick.
            Err(store::StoreError::Conflict { .. }) => self.path = None,
            Err(error) => self.give_path_up(&error.into()),
        }
    }

    fn give_path_up(&mut self, error: &SessionError) {
        self.path = None;
        self.path_given_up = self.whole_case().and_then(|case| {
            let key = case.path_that_may_begin(&self.actor)?;
            Some((case.id().clone(), key))
        });
        self.notify(
            NoticeKind::Warning,
            "path_not_kept",
            &format!("The reading path of this read is no longer kept: {error}."),
            "The read itself is not affected.",
        );
    }

    /// What a seal made now says of the path that it closes: of the bytes as the store has them.
    pub(crate) fn path_to_seal(&mut self, stage: SealStage) -> Option<PathSeal> {
        self.keep_path();
        self.path = None;
        let case = self.whole_case()?;
        let key = case.path_closed_by(stage)?;
        let permit = case.path_permit(&self.actor, key).ok()?;
        let kept = self.store.open_path(&permit).ok()?;
        (!kept.bytes.is_empty()).then(|| PathSeal::of(&kept.bytes))
    }
}

impl Session {
    /// Adds to a check of the log whether the reading paths are those that the seals name.
    pub(crate) fn check_paths(
        &self,
        name: &str,
        verification: &mut Verification,
    ) -> Result<(), SessionError> {
        // A log that does not fold has been found to be broken already.
        let Ok(case) = self.store.load(&CaseId::new(name)) else {
            return Ok(());
        };
        let problems = self.store.path_problems(&case)?;
        let n_named = case
            .sealed_paths()
            .iter()
            .filter(|(_, seal)| seal.is_some());
        let text = match (problems.is_empty(), n_named.count()) {
            (false, _) => problems.join("; "),
            (true, 0) => "no reading path was recorded".to_owned(),
            (true, 1) => "the reading path is the one that its seal names".to_owned(),
            (true, n) => format!("the {n} reading paths are those that their seals name"),
        };
        verification.ok &= problems.is_empty();
        verification.checks.push(Check {
            name: "reading_path".into(),
            ok: problems.is_empty(),
            text,
        });
        Ok(())
    }
}

/// Reads a path.
pub(super) fn read_path(bytes: &[u8]) -> Result<ReadingPath, SessionError> {
    ReadingPath::from_bytes(bytes).map_err(|problem| SessionError::Usage(problem.to_string()))
}
