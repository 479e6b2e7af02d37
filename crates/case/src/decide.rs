mod auditing;
mod comparing;
mod course;
mod guards;
mod intake;
mod learning;
mod reading;
mod sealing;
mod staging;
mod storable;
mod third_read;

use crate::{Actor, Case, Command, Event, Refusal};

impl Case {
    /// Turns a command into the events that record it, or refuses it. Changes nothing itself.
    ///
    /// An empty list means that the command is fulfilled already (the same text written again, for instance).
    /// Commands that edit start the read, or resume it, when their actor has not done so in words.
    ///
    /// # Errors
    /// A [`Refusal`] with a stable code, what was refused and why, and what to do next.
    pub fn decide(&self, actor: &Actor, command: Command) -> Result<Vec<Event>, Refusal> {
        let events = match command {
            Command::CreateCase { .. }
            | Command::WriteQuestion { .. }
            | Command::AttachReport { .. }
            | Command::WithdrawReport { .. }
            | Command::CheckIntake { .. }
            | Command::AddImages { .. }
            | Command::AcceptLimitation { .. }
            | Command::Assign { .. }
            | Command::NameFirstReader { .. } => self.decide_intake(command)?,
            Command::CommitAudit { commitment } => self.commit_audit(commitment)?,
            Command::DeclareConflict { conflict, text } => self.declare(actor, conflict, text)?,
            Command::StartRead
            | Command::PauseRead { .. }
            | Command::AddFinding { .. }
            | Command::EditFinding { .. }
            | Command::RemoveFinding { .. }
            | Command::AddAnnotation { .. }
            | Command::EditAnnotation { .. }
            | Command::RemoveAnnotation { .. }
            | Command::ChangeAnnotations { .. }
            | Command::WriteImpression { .. }
            | Command::ReviewAnatomy { .. }
            | Command::RecordCoverage { .. } => self.decide_reading(actor, command)?,
            Command::SealStage { seal } => self.decide_stage_seal(actor, seal)?,
            Command::SealRead { seal, limitations } => {
                self.decide_seal(actor, seal, limitations)?
            }
            Command::Reveal { urgent } => self.decide_reveal(actor, urgent)?,
            Command::SignComparison { seal, audit_nonce } => {
                self.decide_sign(actor, seal, audit_nonce)?
            }
            Command::ProposeComparison { .. }
            | Command::SetVerdict { .. }
            | Command::AgreeWithRemaining
            | Command::Realign { .. }
            | Command::SetOutcome { .. }
            | Command::WriteSummary { .. } => self.decide_comparing(actor, command)?,
            Command::AmendRead { amendment } => self.amend(actor, amendment)?,
            Command::ThirdRead(command) => self.decide_third_read(actor, command)?,
            Command::Critical(command) => self.decide_critical(command)?,
            Command::Learning(command) => self.decide_learning(actor, command)?,
            Command::CloseCase
            | Command::Hold { .. }
            | Command::Unhold
            | Command::End { .. }
            | Command::RecordExport { .. } => self.decide_course(command)?,
            Command::Undo => self.resumed(actor, self.undo_events(actor)?),
            Command::Redo => self.resumed(actor, self.redo_events(actor)?),
        };
        storable::check(&events)?;
        Ok(events)
    }
}
