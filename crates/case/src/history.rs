use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::{Actor, Case, Command, Entry, Event, ThirdReadEvent};

/// Steps that undo reaches back over; older ones stay in the log but can no longer be taken back one by one.
const MAX_STEPS: usize = 1000;

/// Which steps can be taken back and done again: two stacks, derived from the entries alone.
///
/// A seal, a signature and a new comparison empty both, so undo never reaches behind them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct History {
    last_step: u64,
    done: Vec<DoneStep>,
    undone: Vec<DoneStep>,
}

/// A step with its events that have an inverse, in order.
#[derive(Clone, Debug, PartialEq)]
struct DoneStep {
    step: u64,
    actor: Actor,
    events: Vec<Event>,
}

/// What an event means for undo.
enum Bearing {
    /// It has an inverse.
    Undoable,
    /// It neither can be taken back nor stands in the way.
    Neutral,
    /// Nothing before it can be taken back any more.
    Barrier,
}

impl Serialize for History {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut counts = serializer.serialize_struct("History", 2)?;
        counts.serialize_field("n_undo", &self.done.len())?;
        counts.serialize_field("n_redo", &self.undone.len())?;
        counts.end()
    }
}

impl History {
    pub(crate) fn last_step(&self) -> u64 {
        self.last_step
    }

    /// Takes note of an applied entry.
    pub(crate) fn note(&mut self, entry: &Entry) {
        let opens_step = entry.step != self.last_step;
        self.last_step = entry.step;
        if let Some(target) = entry.undoes {
            if opens_step {
                self.shift(target);
            }
            return;
        }
        match bearing(&entry.event) {
            Bearing::Undoable => self.push(entry),
            Bearing::Neutral => {}
            Bearing::Barrier => {
                self.done.clear();
                self.undone.clear();
            }
        }
    }

    fn push(&mut self, entry: &Entry) {
        match self.done.last_mut() {
            Some(top) if top.step == entry.step => top.events.push(entry.event.clone()),
            _ => {
                self.undone.clear();
                if self.done.len() == MAX_STEPS {
                    self.done.remove(0);
                }
                self.done.push(DoneStep {
                    step: entry.step,
                    actor: entry.actor.clone(),
                    events: vec![entry.event.clone()],
                });
            }
        }
    }

    /// Moves the step from one stack to the other: undo when it is on top of the done, redo when on top of the undone.
    fn shift(&mut self, target: u64) {
        let (from, to) = if self.done.last().is_some_and(|top| top.step == target) {
            (&mut self.done, &mut self.undone)
        } else if self.undone.last().is_some_and(|top| top.step == target) {
            (&mut self.undone, &mut self.done)
        } else {
            return;
        };
        to.extend(from.pop());
    }
}

fn bearing(event: &Event) -> Bearing {
    match event {
        Event::FindingAdded { .. }
        | Event::FindingEdited { .. }
        | Event::FindingRemoved { .. }
        | Event::AnnotationAdded { .. }
        | Event::AnnotationEdited { .. }
        | Event::AnnotationRemoved { .. }
        | Event::ImpressionWritten { .. }
        | Event::AnatomyReviewed { .. }
        | Event::QuestionWritten { .. }
        | Event::VerdictSet { .. }
        | Event::PairsRealigned { .. }
        | Event::OutcomeSet { .. }
        | Event::SummaryWritten { .. }
        | Event::ThirdRead(ThirdReadEvent::VerdictSet { .. }) => Bearing::Undoable,
        Event::StageSealed { .. }
        | Event::ReadSealed { .. }
        | Event::ThirdRead(
            ThirdReadEvent::Asked { .. } | ThirdReadEvent::Taken {} | ThirdReadEvent::Signed { .. },
        )
        | Event::ComparisonProposed { .. }
        | Event::ComparisonSigned { .. }
        | Event::ComparisonReopened { .. }
        | Event::CaseClosed {}
        | Event::Ended { .. } => Bearing::Barrier,
        Event::CaseCreated { .. }
        | Event::ReportAttached { .. }
        | Event::ReportWithdrawn { .. }
        | Event::IntakeChecked { .. }
        | Event::ImagesAdded { .. }
        | Event::LimitationAccepted { .. }
        | Event::ReadStarted {}
        | Event::ReadPaused { .. }
        | Event::ReadResumed {}
        | Event::CoverageRecorded { .. }
        | Event::Revealed { .. }
        | Event::RevealedEarly { .. }
        | Event::ThirdRead(ThirdReadEvent::Opened { .. })
        | Event::PutOnHold { .. }
        | Event::TakenOffHold {}
        | Event::Assigned { .. }
        | Event::FirstReaderNamed { .. }
        | Event::ConflictDeclared { .. }
        | Event::AuditCommitted { .. }
        | Event::ReadAmended { .. }
        | Event::Critical(_)
        | Event::Learning(_)
        | Event::Exported { .. } => Bearing::Neutral,
    }
}

impl Event {
    /// The event that takes this one back; `None` for what cannot be taken back (a seal, a reveal, a signature, …).
    pub fn inverse(&self) -> Option<Self> {
        Some(match self.clone() {
            Self::FindingAdded { finding } => Self::FindingRemoved { finding },
            Self::FindingRemoved { finding } => Self::FindingAdded { finding },
            Self::FindingEdited { before, after } => Self::FindingEdited {
                before: after,
                after: before,
            },
            Self::AnnotationAdded { annotation } => Self::AnnotationRemoved { annotation },
            Self::AnnotationRemoved { annotation } => Self::AnnotationAdded { annotation },
            Self::AnnotationEdited { before, after } => Self::AnnotationEdited {
                before: after,
                after: before,
            },
            Self::QuestionWritten { before, after } => Self::QuestionWritten {
                before: after,
                after: before,
            },
            Self::AnatomyReviewed { before, after } => Self::AnatomyReviewed {
                before: after,
                after: before,
            },
            Self::ImpressionWritten { before, after } => Self::ImpressionWritten {
                before: after,
                after: before,
            },
            Self::VerdictSet {
                pair,
                before,
                after,
            } => Self::VerdictSet {
                pair,
                before: after,
                after: before,
            },
            Self::PairsRealigned { before, after } => Self::PairsRealigned {
                before: after,
                after: before,
            },
            Self::OutcomeSet { before, after } => Self::OutcomeSet {
                before: after,
                after: before,
            },
            Self::ThirdRead(ThirdReadEvent::VerdictSet {
                pair,
                before,
                after,
            }) => Self::ThirdRead(ThirdReadEvent::VerdictSet {
                pair,
                before: after,
                after: before,
            }),
            Self::SummaryWritten { before, after } => Self::SummaryWritten {
                before: after,
                after: before,
            },
            _ => return None,
        })
    }
}

impl Case {
    /// The first event of the step that undo would take back; `None` when there is nothing.
    pub fn last_done(&self) -> Option<&Event> {
        self.history.done.last()?.events.first()
    }

    /// The first event of the step that redo would do again; `None` when there is nothing.
    pub fn last_undone(&self) -> Option<&Event> {
        self.history.undone.last()?.events.first()
    }

    /// Can this actor take a step back now?
    pub fn can_undo(&self, actor: &Actor) -> bool {
        self.undo_events(actor).is_ok()
    }

    /// Can this actor do a step again now?
    pub fn can_redo(&self, actor: &Actor) -> bool {
        self.redo_events(actor).is_ok()
    }

    /// The step that a command takes back or does again: what its entries carry in `undoes`. `None` for other commands.
    pub fn undoes(&self, command: &Command) -> Option<u64> {
        match command {
            Command::Undo => self.history.done.last().map(|top| top.step),
            Command::Redo => self.history.undone.last().map(|top| top.step),
            _ => None,
        }
    }

    pub(crate) fn undo_events(&self, actor: &Actor) -> Result<Vec<Event>, crate::Refusal> {
        let step = self.history.done.last();
        let step = self.own_step(actor, step, "nothing_to_undo", "there is nothing to undo")?;
        Ok(step
            .events
            .iter()
            .rev()
            .filter_map(Event::inverse)
            .collect())
    }

    pub(crate) fn redo_events(&self, actor: &Actor) -> Result<Vec<Event>, crate::Refusal> {
        let step = self.history.undone.last();
        let step = self.own_step(actor, step, "nothing_to_redo", "there is nothing to redo")?;
        Ok(step.events.clone())
    }

    fn own_step<'a>(
        &self,
        actor: &Actor,
        step: Option<&'a DoneStep>,
        code: &'static str,
        text: &str,
    ) -> Result<&'a DoneStep, crate::Refusal> {
        self.require_going_on()?;
        step.filter(|step| step.actor == *actor).ok_or_else(|| {
            crate::Refusal::new(
                code,
                text,
                "steps before a seal or a signature, and steps of others, stay as they are",
            )
        })
    }
}
