use crate::{
    Actor, Case, CaseId, PathKey, PathRead, PathSeal, Refusal, SealRecord, SealStage, Stage,
};

/// Leave to open a part of a reading path. Only [`Case::path_permit`] makes one.
///
/// ```compile_fail
/// let key = case::PathKey { read: case::PathRead::Second, part: 0 };
/// let permit = case::PathPermit { case: case::CaseId::new("OR-1"), key };
/// ```
#[derive(Debug)]
pub struct PathPermit {
    case: CaseId,
    key: PathKey,
}

impl PathPermit {
    /// The case it is for.
    pub fn case(&self) -> &CaseId {
        &self.case
    }

    /// The part it is for.
    pub fn key(&self) -> PathKey {
        self.key
    }
}

impl Case {
    /// The part of a path that is being written while this actor reads; `None` where they read nothing now.
    pub fn path_being_made(&self, actor: &Actor) -> Option<PathKey> {
        if let Some(third) = self.third.as_ref().filter(|third| third.seal.is_none()) {
            let makes = third.reader.as_ref() == Some(actor);
            return makes.then(|| self.next_path(PathRead::Third));
        }
        let reads = matches!(self.stage, Stage::Reading | Stage::UnblindedEarly)
            && self.read.reader.as_ref() == Some(actor)
            && self.read.seal.is_none()
            && !self.read.paused;
        reads.then(|| self.next_path(PathRead::Second))
    }

    /// The same, and the part that this actor would begin by taking a read that nobody has taken yet: what was on the screen
    /// before they take it belongs to it, once they do.
    pub fn path_that_may_begin(&self, actor: &Actor) -> Option<PathKey> {
        let being_made = self.path_being_made(actor);
        if being_made.is_some() {
            return being_made;
        }
        match self.third.as_ref().filter(|third| third.seal.is_none()) {
            Some(third) => {
                let is_free = third.reader.is_none() && self.is_anonymous_for(actor);
                is_free.then(|| self.next_path(PathRead::Third))
            }
            None => {
                let is_free = matches!(self.stage, Stage::Intake | Stage::Ready)
                    && self.read.reader.is_none();
                is_free.then(|| self.next_path(PathRead::Second))
            }
        }
    }

    fn next_path(&self, read: PathRead) -> PathKey {
        let sealed = self.sealed_paths.iter().filter(|(key, _)| key.read == read);
        let part = match read {
            PathRead::Second => u32::try_from(sealed.count()).unwrap_or(u32::MAX),
            // One that was given up leaves its path behind.
            PathRead::Third => self.n_third_reads.saturating_sub(1),
        };
        PathKey { read, part }
    }

    /// The parts that were sealed, in order, with what their seals say of them; `None`: no path was recorded.
    pub fn sealed_paths(&self) -> &[(PathKey, Option<PathSeal>)] {
        &self.sealed_paths
    }

    /// Parts that may be there without a seal: of a read that goes on, and of third reads that were given up.
    pub fn unsealed_paths(&self) -> Vec<PathKey> {
        let second = (self.read.seal.is_none()).then(|| self.next_path(PathRead::Second));
        let third = (0..self.n_third_reads).map(|part| PathKey {
            read: PathRead::Third,
            part,
        });
        let is_sealed = |key: &PathKey| self.sealed_paths.iter().any(|(sealed, _)| sealed == key);
        let all = second.into_iter().chain(third);
        all.filter(|key| !is_sealed(key)).collect()
    }

    /// The part that a seal closes now; `None` where it closes none.
    pub fn path_closed_by(&self, stage: SealStage) -> Option<PathKey> {
        match stage {
            SealStage::ReadingStage | SealStage::SecondRead => {
                Some(self.next_path(PathRead::Second))
            }
            SealStage::ThirdRead => Some(self.next_path(PathRead::Third)),
            SealStage::Comparison => None,
        }
    }

    /// Notes that a seal closed a part.
    pub(crate) fn note_path(&mut self, seal: &SealRecord) {
        if let Some(key) = self.path_closed_by(seal.stage) {
            let path = seal.claims.as_ref().and_then(|claims| claims.path.clone());
            self.sealed_paths.push((key, path));
        }
    }

    /// Leave for an actor to open a part of a path.
    ///
    /// A reader's own is open to them at any time. That of the second reader is open to others after the reveal, that of
    /// the third reader once the third read is signed. Whoever makes a third read sees that of the second reader after
    /// their own look, without a name. The first reader sees none.
    ///
    /// # Errors
    /// Code `path_closed`.
    pub fn path_permit(&self, actor: &Actor, key: PathKey) -> Result<PathPermit, Refusal> {
        let third = self.third.as_ref();
        let makes_third = self.third_reader() == Some(actor);
        let is_open = match key.read {
            PathRead::Second if self.reader() == Some(actor) && !makes_third => true,
            _ if self.first_reader.as_ref() == Some(actor) => false,
            PathRead::Second if self.is_anonymous_for(actor) => {
                makes_third && third.is_some_and(|third| third.opened.is_some())
            }
            PathRead::Second => self.read.seal.is_some() && !self.is_blinded(),
            PathRead::Third => {
                let is_own = makes_third && key.part.checked_add(1) == Some(self.n_third_reads);
                let is_sealed = self.sealed_paths.iter().any(|(sealed, _)| *sealed == key);
                is_own || is_sealed && !self.is_anonymous_for(actor)
            }
        };
        if is_open {
            return Ok(PathPermit {
                case: self.id.clone(),
                key,
            });
        }
        Err(Refusal::new(
            "path_closed",
            "the reading path of another reader is closed to you at this stage of the case",
            "make your own read first, or ask the reader whose path it is",
        ))
    }
}
