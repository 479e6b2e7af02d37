use crate::{
    Actor, AmendedFinding, Amendment, Assignment, Case, Conflict, ConflictDeclaration, Declaration,
    Event, Refusal, SealRecord, SealStage, decide::guards::require_reason,
    decide::reading::check_finding,
};

impl Case {
    /// Seals a stage of the read and opens the next.
    pub(super) fn decide_stage_seal(
        &self,
        actor: &Actor,
        seal: SealRecord,
    ) -> Result<Vec<Event>, Refusal> {
        // The seal covers the state before it, so nothing may come in between.
        if !self.open_read(actor)?.is_empty() {
            return Err(Refusal::new(
                "not_started",
                "the read of this case is not under way",
                "start or resume it first",
            ));
        }
        if self.rules().n_stages() <= self.stage_idx() + 1 {
            return Err(Refusal::new(
                "last_stage",
                "everything but the first report is open already",
                "seal the read itself",
            ));
        }
        self.check_seal(&seal, SealStage::ReadingStage)?;
        Ok(vec![Event::StageSealed { seal }])
    }

    pub(super) fn assign(&self, assignment: Assignment) -> Result<Vec<Event>, Refusal> {
        self.require_going_on()?;
        if let Some(reader) = &self.read.reader
            && *reader != assignment.reader
        {
            return Err(Refusal::new(
                "already_taken",
                format!("{reader} reads this case already"),
                "assign another case",
            ));
        }
        if let Some(problem) = assignment.problem() {
            return Err(Refusal::new(
                "bad_assignment",
                format!("this assignment cannot be kept: {problem}"),
                "mend it and assign again",
            ));
        }
        self.may_be_assigned(&assignment.reader)?;
        if self.assignment.as_ref() == Some(&assignment) {
            return Ok(Vec::new());
        }
        Ok(vec![Event::Assigned { assignment }])
    }

    /// May this person be given the second read of the case? A declaration that the protocol asks for may come later.
    ///
    /// # Errors
    /// When the first read is theirs, or they have declared a conflict of interest.
    pub fn may_be_assigned(&self, reader: &Actor) -> Result<(), Refusal> {
        match self.first_reader.as_ref() == Some(reader) || self.has_conflict(reader) {
            true => self.may_be_second(reader),
            false => Ok(()),
        }
    }

    pub(super) fn name_first_reader(&self, reader: Actor) -> Result<Vec<Event>, Refusal> {
        self.require_created()?;
        if [self.reader(), self.third_reader()].contains(&Some(&reader)) {
            return Err(Refusal::new(
                "own_read",
                "the first reader cannot make another read of the same case",
                "make a new case for another reader",
            ));
        }
        if self.first_reader.as_ref() == Some(&reader) {
            return Ok(Vec::new());
        }
        Ok(vec![Event::FirstReaderNamed { reader }])
    }

    /// A conflict that is declared during a read ends this person's part; what is on record stays.
    pub(super) fn declare(
        &self,
        actor: &Actor,
        conflict: Conflict,
        text: String,
    ) -> Result<Vec<Event>, Refusal> {
        self.require_going_on()?;
        let text = match conflict {
            Conflict::Declared => require_reason(&text)?,
            Conflict::None => text,
        };
        let declaration = ConflictDeclaration {
            by: actor.clone(),
            conflict,
            text,
        };
        if self.declaration(actor) == Some(&declaration) {
            return Ok(Vec::new());
        }
        Ok(vec![Event::ConflictDeclared { declaration }])
    }

    /// What a person said last about a conflict of interest; `None`: nothing.
    pub fn declaration(&self, actor: &Actor) -> Option<&ConflictDeclaration> {
        self.declarations.iter().rev().find(|d| d.by == *actor)
    }

    /// May this person make the second read of the case?
    pub(super) fn may_be_second(&self, actor: &Actor) -> Result<(), Refusal> {
        if self.first_reader.as_ref() == Some(actor) {
            return Err(Refusal::new(
                "own_read",
                "nobody makes the second read of a first read of their own",
                "let somebody else read it",
            ));
        }
        self.require_no_conflict(actor)
    }

    /// A case that is assigned waits for its reader.
    pub(super) fn require_assigned(&self, actor: &Actor) -> Result<(), Refusal> {
        match &self.assignment {
            Some(assignment) if assignment.reader != *actor => Err(Refusal::new(
                "assigned_to_other",
                format!("this case is assigned to {}", assignment.reader),
                "have it assigned anew, or take another case",
            )),
            _ => Ok(()),
        }
    }

    /// Has this person declared a conflict of interest, and not taken that back?
    pub(super) fn has_conflict(&self, actor: &Actor) -> bool {
        self.declaration(actor)
            .is_some_and(|declaration| declaration.conflict == Conflict::Declared)
    }

    pub(super) fn require_no_conflict(&self, actor: &Actor) -> Result<(), Refusal> {
        let declared = self.declaration(actor).map(|d| d.conflict);
        match (declared, self.rules().conflict_declaration) {
            (Some(Conflict::Declared), _) => Err(Refusal::new(
                "conflict_of_interest",
                format!("{actor} has declared a conflict of interest in this case"),
                "let somebody else read it",
            )),
            (None, Declaration::Required) if self.read.reader.as_ref() != Some(actor) => {
                Err(Refusal::new(
                    "conflict_not_declared",
                    "the protocol asks readers first whether they have a conflict of interest",
                    "declare one, or that there is none",
                ))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn amend(&self, actor: &Actor, amendment: Amendment) -> Result<Vec<Event>, Refusal> {
        self.open_comparison(actor)?;
        require_reason(&amendment.reason)?;
        self.require_row(amendment.pair)?;
        if let AmendedFinding::Added { finding } | AmendedFinding::Changed { finding } =
            &amendment.change
        {
            check_finding(finding)?;
        }
        let has = |id| self.findings_now().iter().any(|f| f.id == id);
        match &amendment.change {
            AmendedFinding::Added { finding } => {
                let next = self.next_amended_id();
                if finding.id != next {
                    return Err(Refusal::new(
                        "wrong_id",
                        format!("{} is not the next free name, {next} is", finding.id),
                        "load the case again and repeat the step",
                    ));
                }
            }
            AmendedFinding::Changed { finding } if self.findings_now().contains(finding) => {
                return Err(Refusal::new(
                    "nothing_changed",
                    format!("{} reads like that already", finding.id),
                    "change something of it, or leave it as it is",
                ));
            }
            AmendedFinding::Changed { finding } if has(finding.id) => {}
            AmendedFinding::Retracted { id } if has(*id) => {}
            AmendedFinding::Changed { finding } => return Err(no_such_finding(finding.id)),
            AmendedFinding::Retracted { id } => return Err(no_such_finding(*id)),
        }
        Ok(vec![Event::ReadAmended { amendment }])
    }
}

fn no_such_finding(id: crate::FindingId) -> Refusal {
    Refusal::new(
        "no_such_finding",
        format!("the second read has no finding {id} now"),
        "name one of the findings that the case shows",
    )
}
