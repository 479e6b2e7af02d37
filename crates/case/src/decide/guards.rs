use crate::{Actor, Case, Event, Refusal, Stage};

impl Case {
    /// The case was created, and is neither on hold nor over.
    pub(crate) fn require_going_on(&self) -> Result<(), Refusal> {
        self.require_created()?;
        match self.stage {
            Stage::OnHold => Err(Refusal::new(
                "on_hold",
                "this case is on hold",
                "take it off hold first",
            )),
            Stage::NonDiagnostic | Stage::Withdrawn => Err(Refusal::new(
                "ended",
                "this case has ended without a read",
                "make a new case of the study",
            )),
            Stage::Closed => Err(Refusal::new(
                "closed",
                "this case is closed",
                "attach a corrected report to reopen it, or make a new case",
            )),
            Stage::Draft
            | Stage::Intake
            | Stage::Ready
            | Stage::Reading
            | Stage::Sealed
            | Stage::UnblindedEarly
            | Stage::Comparing
            | Stage::Adjudicating
            | Stage::Feedback => Ok(()),
        }
    }

    /// A late or corrected report comes to a closed case as well; one on hold waits, one that ended takes none.
    pub(crate) fn require_takes_reports(&self) -> Result<(), Refusal> {
        match self.stage {
            Stage::Closed => Ok(()),
            _ => self.require_going_on(),
        }
    }

    pub(super) fn require_created(&self) -> Result<(), Refusal> {
        if self.study.is_some() {
            return Ok(());
        }
        Err(Refusal::new(
            "not_created",
            format!("there is no case {}", self.id),
            "create it from a study first",
        ))
    }

    /// The read is not somebody else's.
    pub(super) fn require_own_read(&self, actor: &Actor) -> Result<(), Refusal> {
        match &self.read.reader {
            Some(reader) if reader != actor => Err(Refusal::new(
                "not_your_read",
                format!("the second read of this case belongs to {reader}"),
                "only the same reader may go on with it",
            )),
            _ => Ok(()),
        }
    }

    pub(super) fn require_unsealed(&self) -> Result<(), Refusal> {
        if self.read.seal.is_none() {
            return Ok(());
        }
        Err(Refusal::new(
            "sealed_read",
            "the second read is sealed and stays as it is",
            "write what is new into the comparison",
        ))
    }

    /// May this actor change the read now? Answers with the events that start or resume it, when that is needed.
    pub(super) fn open_read(&self, actor: &Actor) -> Result<Vec<Event>, Refusal> {
        self.require_going_on()?;
        self.require_own_read(actor)?;
        self.require_unsealed()?;
        if self.read.reader.is_some() {
            self.require_no_conflict(actor)?;
        }
        if self.stage == Stage::Draft {
            return Err(Refusal::new(
                "not_checked",
                "the images of this case have not been checked",
                "check the intake first",
            ));
        }
        Ok(match &self.read.reader {
            None => {
                self.may_be_second(actor)?;
                self.require_assigned(actor)?;
                vec![Event::ReadStarted {}]
            }
            Some(_) if self.read.paused => vec![Event::ReadResumed {}],
            Some(_) => Vec::new(),
        })
    }

    /// Puts the resume before the events of an edit, when the actor's own read is paused.
    pub(super) fn resumed(&self, actor: &Actor, events: Vec<Event>) -> Vec<Event> {
        let mut all = Vec::new();
        if self.read.paused && self.read.reader.as_ref() == Some(actor) {
            all.push(Event::ReadResumed {});
        }
        all.extend(events);
        all
    }
}

/// Refuses a reason without words.
pub(super) fn require_reason(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refusal::new(
            "no_reason",
            "this needs a reason",
            "say in a few words why",
        ));
    }
    Ok(reason.to_owned())
}
