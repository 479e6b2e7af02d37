use serde::{Deserialize, Serialize};

use crate::{
    Actor, Case, Command, CriticalCommand, LearningCommand, Refusal, StudyRef, ThirdReadCommand,
};

/// What a person of the roster is there for. A person may have several, but not on the same case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Makes and assigns cases, sees both reads, never reads.
    Coordinator,
    /// Makes second reads.
    SecondReader,
    /// Makes third reads.
    Adjudicator,
    /// Made first reads; sees what is written to them, and may answer.
    FirstReader,
    /// Leads the programme.
    Chair,
    /// Looks at records, changes nothing.
    Auditor,
    /// Keeps the program running, sees no case.
    Administrator,
}

/// What a command is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// Make a case, attach and withdraw reports, settle the intake, assign, put aside, end.
    Coordinate,
    /// Read, seal, reveal, compare, sign, amend.
    Read,
    /// Ask for a third read.
    Refer,
    /// Take a third read, decide, sign it.
    Adjudicate,
    /// Raise a critical finding, and say who was told.
    Communicate,
    /// Write to the first reader.
    GiveFeedback,
    /// Answer as the first reader.
    AnswerFeedback,
    /// Write down what became known later.
    FollowUp,
    /// Say whether there is a conflict of interest.
    Declare,
    /// Write files for others.
    Export,
    /// Close.
    Close,
}

impl Duty {
    /// Every duty.
    pub const ALL: [Self; 11] = [
        Self::Coordinate,
        Self::Read,
        Self::Refer,
        Self::Adjudicate,
        Self::Communicate,
        Self::GiveFeedback,
        Self::AnswerFeedback,
        Self::FollowUp,
        Self::Declare,
        Self::Export,
        Self::Close,
    ];
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 7] = [
        Self::Coordinator,
        Self::SecondReader,
        Self::Adjudicator,
        Self::FirstReader,
        Self::Chair,
        Self::Auditor,
        Self::Administrator,
    ];

    /// What the role may do: the least that it needs.
    pub fn duties(self) -> &'static [Duty] {
        use Duty::*;
        match self {
            Self::Coordinator => &[
                Coordinate,
                Refer,
                Communicate,
                GiveFeedback,
                FollowUp,
                Export,
                Close,
            ],
            Self::SecondReader => &[
                Read,
                Refer,
                Communicate,
                GiveFeedback,
                FollowUp,
                Declare,
                Export,
                Close,
            ],
            Self::Adjudicator => &[Adjudicate, Communicate, FollowUp, Declare, Export],
            Self::FirstReader => &[AnswerFeedback],
            Self::Chair => &[Refer, GiveFeedback, FollowUp, Export, Close],
            Self::Auditor | Self::Administrator => &[],
        }
    }

    /// May the role take records of peer learning out: those who run the programme, and who checks it?
    pub fn may_take_learning_record(self) -> bool {
        matches!(self, Self::Coordinator | Self::Chair | Self::Auditor)
    }

    /// May the role look at cases? What is closed stays closed for it as for everybody.
    pub fn may_look(self) -> bool {
        !matches!(self, Self::Administrator)
    }
}

/// Formats of files that hold what is learned from cases, kept apart from the patient's record.
pub const LEARNING_FORMATS: [&str; 4] = [
    "learning-ledger",
    "learning-ledger-named",
    "conference",
    "teaching",
];

impl Command {
    /// Does it record that what is learned from a case left the house?
    pub fn takes_learning_record(&self) -> bool {
        match self {
            Self::RecordExport { format, .. } => LEARNING_FORMATS.contains(&format.as_str()),
            _ => false,
        }
    }

    /// What the command is part of. Undo and redo belong to whoever did the step.
    pub fn duty(&self) -> Duty {
        match self {
            Self::CreateCase { .. }
            | Self::WriteQuestion { .. }
            | Self::AttachReport { .. }
            | Self::WithdrawReport { .. }
            | Self::CheckIntake { .. }
            | Self::AddImages { .. }
            | Self::AcceptLimitation { .. }
            | Self::Assign { .. }
            | Self::NameFirstReader { .. }
            | Self::CommitAudit { .. }
            | Self::Hold { .. }
            | Self::Unhold
            | Self::End { .. } => Duty::Coordinate,
            Self::StartRead
            | Self::PauseRead { .. }
            | Self::AddFinding { .. }
            | Self::EditFinding { .. }
            | Self::RemoveFinding { .. }
            | Self::AddAnnotation { .. }
            | Self::EditAnnotation { .. }
            | Self::RemoveAnnotation { .. }
            | Self::ChangeAnnotations { .. }
            | Self::ReviewAnatomy { .. }
            | Self::WriteImpression { .. }
            | Self::RecordCoverage { .. }
            | Self::SealStage { .. }
            | Self::SealRead { .. }
            | Self::Reveal { .. }
            | Self::ProposeComparison { .. }
            | Self::SetVerdict { .. }
            | Self::AgreeWithRemaining
            | Self::Realign { .. }
            | Self::SetOutcome { .. }
            | Self::WriteSummary { .. }
            | Self::SignComparison { .. }
            | Self::AmendRead { .. }
            | Self::Undo
            | Self::Redo => Duty::Read,
            Self::ThirdRead(ThirdReadCommand::Ask { .. }) => Duty::Refer,
            Self::ThirdRead(_) => Duty::Adjudicate,
            Self::Critical(CriticalCommand::Raise { .. } | CriticalCommand::Communicate { .. }) => {
                Duty::Communicate
            }
            Self::Learning(
                LearningCommand::GiveFeedback { .. }
                | LearningCommand::Flag { .. }
                | LearningCommand::Unflag { .. },
            ) => Duty::GiveFeedback,
            Self::Learning(LearningCommand::AnswerFeedback { .. }) => Duty::AnswerFeedback,
            Self::Learning(LearningCommand::FollowUp { .. }) => Duty::FollowUp,
            Self::DeclareConflict { .. } => Duty::Declare,
            Self::RecordExport { .. } => Duty::Export,
            Self::CloseCase => Duty::Close,
        }
    }
}

/// A person and what they are there for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The name that they act by.
    pub actor: Actor,
    /// What they are there for.
    pub roles: Vec<Role>,
    /// What they read; none: anything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub specialities: Vec<Speciality>,
}

/// What somebody reads. Both must fit; what is empty fits any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Speciality {
    /// `CT`, `MR`, …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub modality: String,
    /// A part of the body, as the images or the description of the study name it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub body_part: String,
}

impl Speciality {
    /// Is a study of it?
    fn fits(&self, study: &StudyRef) -> bool {
        let (modality, part) = (self.modality.trim(), self.body_part.trim().to_lowercase());
        let of_modality = modality.is_empty()
            || study
                .modalities
                .iter()
                .any(|m| m.eq_ignore_ascii_case(modality));
        let names_part = |text: &String| {
            let mut words = text.split(|c: char| !c.is_alphanumeric());
            words.any(|word| word.to_lowercase() == part) || text.to_lowercase() == part
        };
        let of_part = part.is_empty()
            || study.body_parts.iter().any(names_part)
            || names_part(&study.description);
        of_modality && of_part
    }
}

/// Who may do what. Where it names nobody, everybody may do everything (DECISIONS 9).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roster {
    /// Everybody.
    #[serde(default)]
    pub members: Vec<Member>,
}

impl Roster {
    /// Does it name nobody?
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// What a person is there for; nothing for strangers.
    pub fn roles(&self, actor: &Actor) -> &[Role] {
        self.members
            .iter()
            .find(|member| member.actor == *actor)
            .map_or(&[], |member| &member.roles)
    }

    /// May a person give a command on a case?
    ///
    /// # Errors
    /// Code `not_your_role` when no role of theirs covers it, `roles_conflict` when they have another role on this case.
    pub fn allow(&self, case: &Case, actor: &Actor, command: &Command) -> Result<(), Refusal> {
        if self.is_empty() {
            return Ok(());
        }
        let duty = match command {
            // Taking a step back belongs to what the step was part of.
            Command::Undo | Command::Redo if case.third_reader() == Some(actor) => Duty::Adjudicate,
            _ => command.duty(),
        };
        let covering: Vec<Role> = self
            .roles(actor)
            .iter()
            .copied()
            .filter(|role| match command.takes_learning_record() {
                true => role.may_take_learning_record(),
                false => role.duties().contains(&duty) || may_note_images(*role, command),
            })
            .collect();
        if covering.is_empty() {
            return Err(Refusal::new(
                "not_your_role",
                format!("the roster gives {actor} no role that may do this"),
                "ask somebody whose role it is, or whoever keeps the roster",
            ));
        }
        if duty == Duty::Adjudicate && !self.may_adjudicate(case, actor) {
            return Err(Refusal::new(
                "not_your_role",
                format!("the protocol of this case does not let {actor} make its third read"),
                "ask somebody whom it names",
            ));
        }
        let reads = matches!(duty, Duty::Read | Duty::Adjudicate);
        if reads && case.created_by() == Some(actor) {
            return Err(Refusal::new(
                "roles_conflict",
                "whoever made a case knows both sides of it and does not read it",
                "assign it to another reader",
            ));
        }
        Ok(())
    }

    /// Is a case of somebody's speciality? Who names none, or is no member, reads anything.
    pub fn is_speciality(&self, case: &Case, actor: &Actor) -> bool {
        let member = self.members.iter().find(|member| member.actor == *actor);
        let specialities = member
            .map(|m| m.specialities.as_slice())
            .unwrap_or_default();
        let fits = |s: &Speciality| case.study().is_some_and(|study| s.fits(study));
        specialities.is_empty() || specialities.iter().any(fits)
    }

    fn may_adjudicate(&self, case: &Case, actor: &Actor) -> bool {
        let by = &case.rules().third_read.by;
        self.roles(actor).iter().any(|role| by.contains(role))
    }

    /// May a person look at cases at all?
    ///
    /// # Errors
    /// Code `not_your_role`.
    pub fn allow_look(&self, actor: &Actor) -> Result<(), Refusal> {
        if self.is_empty() || self.roles(actor).iter().any(|role| role.may_look()) {
            return Ok(());
        }
        Err(Refusal::new(
            "not_your_role",
            format!("the roster gives {actor} no role that sees cases"),
            "ask whoever keeps the roster",
        ))
    }
}

/// A reader whose images have changed since the case was made puts that on record, as whoever coordinates does.
fn may_note_images(role: Role, command: &Command) -> bool {
    let about_images = matches!(
        command,
        Command::AddImages { .. } | Command::CheckIntake { .. }
    );
    about_images && role.duties().contains(&Duty::Read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CaseId, Sha256};

    #[test]
    fn records_of_learning_leave_through_few_hands_and_clinical_ones_through_others() {
        let case = Case::new(CaseId::new("OR-1"));
        let rows = [
            (Role::Coordinator, true, true),
            (Role::SecondReader, true, false),
            (Role::Adjudicator, true, false),
            (Role::FirstReader, false, false),
            (Role::Chair, true, true),
            (Role::Auditor, false, true),
            (Role::Administrator, false, false),
        ];
        for (role, clinical, learning) in rows {
            let actor = Actor::new("somebody");
            let roster = Roster {
                members: vec![Member {
                    actor: actor.clone(),
                    roles: vec![role],
                    specialities: Vec::new(),
                }],
            };
            let may = |format: &str| {
                let export = Command::RecordExport {
                    format: format.into(),
                    sha256: Sha256::zero(),
                };
                roster.allow(&case, &actor, &export).is_ok()
            };
            for format in LEARNING_FORMATS {
                assert_eq!(may(format), learning, "{role:?} {format}");
            }
            for format in ["pdf", "letter", "clinical-ledger", "certificate", "package"] {
                assert_eq!(may(format), clinical, "{role:?} {format}");
            }
        }
    }
}
