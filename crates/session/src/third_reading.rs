//! Commands of a programme that need more than the record: seals are signed here, and what must be random is drawn here.

use case::{
    Case, CaseId, Disclosure, Duty, Onlooker, PairId, ReadA, ReferralReason, Refusal, SealStage,
    ThirdReadCommand, ThirdReadMode,
};

use crate::case_rows::case_table;
use crate::library::Shelved;
use crate::{Session, SessionError};

impl Session {
    /// Seals this stage of the read and opens the next.
    ///
    /// # Errors
    /// When the case refuses it, or the store fails.
    pub(crate) fn seal_stage(&mut self) -> Result<(), SessionError> {
        self.check_bodies_stand()?;
        self.put_coverage_on_record()?;
        let seal = self.sign(SealStage::ReadingStage)?;
        self.record(case::Command::SealStage { seal })
    }

    /// Asks for a third read. Which read is called A is drawn, and so is the order of the rows; `rows` names them, none
    /// names what the mode needs: where the reads differ, or every row where the third reader is not told, and in an audit.
    ///
    /// # Errors
    /// When the case refuses it, or the store fails.
    pub fn ask_third_read(
        &mut self,
        mode: Option<ThirdReadMode>,
        reason: ReferralReason,
        rows: Vec<PairId>,
    ) -> Result<(), SessionError> {
        let case = self.whole_case_ref()?;
        let asked = mode.unwrap_or(case.rules().third_read.mode);
        let all =
            asked == ThirdReadMode::PseudoArbitration || reason == ReferralReason::ConcordanceAudit;
        let mut order = rows;
        if order.is_empty() {
            let pairs = case.comparison().into_iter().flat_map(|c| &c.pairs);
            let differs = |pair: &&case::Pair| pair.verdict.as_ref().is_some_and(|v| !v.agrees());
            order = pairs.filter(|p| all || differs(p)).map(|p| p.id).collect();
        }
        // Version 4 identifiers are random in all but six bits.
        order.sort_by_cached_key(|_| uuid::Uuid::new_v4());
        let read_a = match uuid::Uuid::new_v4().as_u128() & 1 {
            0 => ReadA::First,
            _ => ReadA::Second,
        };
        self.record(case::Command::ThirdRead(ThirdReadCommand::Ask {
            mode,
            reason,
            read_a,
            order,
        }))
    }

    /// Asks as the protocol has it: about what differs, or about every row where nothing does.
    pub(crate) fn ask_third_read_here(&mut self) -> Result<(), SessionError> {
        let pairs = &self.whole_case_ref()?.comparison().map(|c| c.pairs.clone());
        let pairs = pairs.as_deref().unwrap_or_default();
        let differs = |pair: &case::Pair| pair.verdict.as_ref().is_some_and(|v| !v.agrees());
        let (reason, rows) = match pairs.iter().any(differs) {
            true => (ReferralReason::Discrepancy, Vec::new()),
            false => {
                let judged = pairs.iter().filter(|pair| pair.verdict.is_some());
                (
                    ReferralReason::Requested,
                    judged.map(|pair| pair.id).collect(),
                )
            }
        };
        self.ask_third_read(None, reason, rows)
    }

    /// Signs the third read.
    ///
    /// # Errors
    /// When the case refuses it, or the store fails.
    pub fn sign_third_read(&mut self) -> Result<(), SessionError> {
        let seal = self.sign(SealStage::ThirdRead)?;
        self.record(case::Command::ThirdRead(ThirdReadCommand::Sign { seal }))
    }

    /// Refuses what would show an actor two reads with names that they must see without.
    ///
    /// # Errors
    /// `third_read_open` for whoever may make the third read, `first_reader` for whoever made the first.
    pub fn check_not_anonymous(&self) -> Result<(), SessionError> {
        let onlooker = self.whole_case().map(|case| case.onlooker(&self.actor));
        Err(SessionError::Refused(match onlooker {
            None | Some(Onlooker::Reviewer) => return Ok(()),
            Some(Onlooker::ThirdReader) => Refusal::new(
                "third_read_open",
                "the third read of this case is open, and who makes it sees both reads without names",
                "use `overread case adjudicate`, or wait until it is signed",
            ),
            Some(Onlooker::FirstReader) => Refusal::new(
                "first_reader",
                "you made the first read of this case, and see of its second what is written to you",
                "read and answer with `overread case feedback`",
            ),
        }))
    }

    /// Takes the names of readers out of what checking a case of the store came to, for whoever must not know them.
    pub(crate) fn without_names(
        &self,
        id: &str,
        verification: &mut exchange::Verification,
    ) -> Result<(), SessionError> {
        let id = CaseId::new(id);
        let Ok(case) = Case::replay(id.clone(), &self.stored_entries(&id)?) else {
            // A log that cannot be read does not say who must not know what.
            verification.reader = None;
            return Ok(());
        };
        if case.onlooker(&self.actor) == Onlooker::Reviewer {
            return Ok(());
        }
        verification.reader = None;
        let names = [case.reader(), case.created_by(), case.third_reader()];
        for name in names
            .into_iter()
            .flatten()
            .filter(|name| **name != self.actor)
        {
            for check in &mut verification.checks {
                check.text = check.text.replace(&name.to_string(), "a reader");
            }
        }
        Ok(())
    }

    /// Refuses a change by whoever must not know the reads, unless it is theirs to make: a refusal by the rules of the case
    /// could name a reader.
    pub(crate) fn check_onlooker(&self, command: &case::Command) -> Result<(), SessionError> {
        let onlooker = self.whole_case().map(|case| case.onlooker(&self.actor));
        let is_theirs = match (onlooker, command.duty()) {
            (None | Some(Onlooker::Reviewer), _) => true,
            (Some(Onlooker::ThirdReader), duty) => {
                matches!(duty, Duty::Adjudicate | Duty::Communicate | Duty::Declare)
                    || matches!(command, case::Command::Undo | case::Command::Redo)
            }
            (Some(Onlooker::FirstReader), duty) => duty == Duty::AnswerFeedback,
        };
        match is_theirs {
            true => Ok(()),
            false => self.check_not_anonymous(),
        }
    }

    /// Refuses to let out what the actor may not see yet: outputs hold the question and the priors.
    pub(crate) fn check_may_leave(&self, formats: &[String]) -> Result<(), SessionError> {
        self.check_not_anonymous()?;
        self.allow_leaving(formats)?;
        if self.case().is_none_or(|case| case.closed().is_empty()) {
            return Ok(());
        }
        Err(SessionError::Refused(Refusal::new(
            "stages_open",
            "this read has stages that are not sealed, and what they open would be in the files",
            "seal the stages or the read first",
        )))
    }

    /// Does the roster let the actor take these formats out?
    pub(crate) fn allow_leaving(&self, formats: &[String]) -> Result<(), SessionError> {
        if let Some(case) = self.whole_case() {
            for format in formats {
                let export = case::Command::RecordExport {
                    format: format.clone(),
                    sha256: case::Sha256::zero(),
                };
                self.roster.allow(case, &self.actor, &export)?;
            }
        }
        Ok(())
    }

    /// Is a volume closed to whoever reads: a document of the first reader, or a prior that opens at a later stage?
    pub(crate) fn is_closed(&self, shelved: &Shelved) -> bool {
        shelved.sealed && self.is_blinded()
            || shelved.prior_date.is_some() && self.priors_are_closed()
    }

    /// Do the priors of the open case open at a later stage of its read?
    pub(crate) fn priors_are_closed(&self) -> bool {
        self.case()
            .is_some_and(|case| !case.discloses(Disclosure::Priors))
    }

    /// Refuses to open a study for itself that is a prior of another read of this actor, at a stage that has it closed.
    pub(crate) fn check_no_closed_prior(&mut self, uid: &str) -> Result<(), SessionError> {
        let (table, _) = case_table(self.store.as_mut(), &self.actor)?;
        let mut rows = (0..table.len()).filter_map(|idx| table.packed(idx));
        match rows.any(|row| row.closed_priors(&self.actor).iter().any(|p| p == uid)) {
            true => Err(stage_closed()),
            false => Ok(()),
        }
    }

    /// The question of the open case as far as it is open; empty otherwise.
    pub(crate) fn open_question(case: &case::Case) -> &str {
        match case.discloses(Disclosure::Question) {
            true => case.question(),
            false => "",
        }
    }
}

/// The refusal of a prior that is closed at this stage of a read.
pub(crate) fn stage_closed() -> SessionError {
    SessionError::Refused(Refusal::new(
        "stage_closed",
        "this is a prior that opens at a later stage of a read of yours",
        "seal the stages before it, or name another actor",
    ))
}
