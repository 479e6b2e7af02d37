use crate::{
    Actor, AnatomyReview, Annotation, AnnotationId, Case, Category, Command, Event, Finding,
    FindingId, Refusal,
};

impl Case {
    pub(super) fn decide_reading(
        &self,
        actor: &Actor,
        command: Command,
    ) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::StartRead => self.open_read(actor),
            Command::PauseRead { active_ms } => self.pause(actor, active_ms),
            Command::RecordCoverage { coverage } => {
                self.require_started(actor)?;
                if coverage == self.read.coverage {
                    return Ok(Vec::new());
                }
                Ok(vec![Event::CoverageRecorded { coverage }])
            }
            edit => {
                let mut events = self.open_read(actor)?;
                let changes = self.edit(edit)?;
                if changes.is_empty() {
                    return Ok(Vec::new());
                }
                events.extend(changes);
                Ok(events)
            }
        }
    }

    fn edit(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::AddFinding { finding } => self.add_finding(finding),
            Command::EditFinding { finding } => self.edit_finding(finding),
            Command::RemoveFinding { id } => self.remove_finding(id),
            Command::AddAnnotation { annotation } => self.add_annotation(annotation),
            Command::EditAnnotation { annotation } => self.edit_annotation(annotation),
            Command::RemoveAnnotation { id } => self.remove_annotation(id),
            Command::ChangeAnnotations {
                added,
                edited,
                removed,
            } => self.change_annotations(added.map(|mark| *mark), edited, removed),
            Command::WriteImpression { text } if text != self.read.impression => {
                Ok(vec![Event::ImpressionWritten {
                    before: self.read.impression.clone(),
                    after: text,
                }])
            }
            Command::ReviewAnatomy { review } => self.review_anatomy(review),
            _ => Ok(Vec::new()),
        }
    }

    fn review_anatomy(&self, review: AnatomyReview) -> Result<Vec<Event>, Refusal> {
        if !review.is_sound() {
            return Err(Refusal::new(
                "unsound_checklist",
                "the checklist names a region twice, too many of them, or one that it does not ask for",
                "choose another checklist",
            ));
        }
        let before = self.read.anatomy.clone();
        Ok(match before == review {
            true => Vec::new(),
            false => vec![Event::AnatomyReviewed {
                before,
                after: review,
            }],
        })
    }

    fn require_started(&self, actor: &Actor) -> Result<(), Refusal> {
        self.require_going_on()?;
        self.require_own_read(actor)?;
        self.require_unsealed()?;
        if self.read.reader.is_none() {
            return Err(Refusal::new(
                "not_started",
                "nobody has started the second read of this case",
                "start the read first",
            ));
        }
        Ok(())
    }

    fn pause(&self, actor: &Actor, active_ms: u64) -> Result<Vec<Event>, Refusal> {
        self.require_started(actor)?;
        if self.read.paused {
            return Ok(Vec::new());
        }
        Ok(vec![Event::ReadPaused { active_ms }])
    }

    fn add_finding(&self, finding: Finding) -> Result<Vec<Event>, Refusal> {
        check_finding(&finding)?;
        if finding.id != self.next_finding_id() {
            return Err(wrong_id(finding.id, self.next_finding_id()));
        }
        Ok(vec![Event::FindingAdded { finding }])
    }

    fn edit_finding(&self, finding: Finding) -> Result<Vec<Event>, Refusal> {
        check_finding(&finding)?;
        let before = self.find_finding(finding.id)?.clone();
        if before == finding {
            return Ok(Vec::new());
        }
        Ok(vec![Event::FindingEdited {
            before,
            after: finding,
        }])
    }

    fn remove_finding(&self, id: FindingId) -> Result<Vec<Event>, Refusal> {
        let finding = self.find_finding(id)?.clone();
        let marks = self
            .read
            .annotations
            .iter()
            .filter(|a| a.finding == Some(id));
        let mut events: Vec<_> = marks
            .map(|annotation| Event::AnnotationRemoved {
                annotation: annotation.clone(),
            })
            .collect();
        events.push(Event::FindingRemoved { finding });
        Ok(events)
    }

    fn add_annotation(&self, annotation: Annotation) -> Result<Vec<Event>, Refusal> {
        if annotation.id != self.next_annotation_id() {
            return Err(wrong_id(annotation.id, self.next_annotation_id()));
        }
        let mut events = self.finding_for(&annotation)?;
        events.push(Event::AnnotationAdded { annotation });
        Ok(events)
    }

    /// The finding that a mark is evidence of, where it is not there yet.
    fn finding_for(&self, annotation: &Annotation) -> Result<Vec<Event>, Refusal> {
        let Some(id) = annotation.finding.filter(|id| !self.has_finding(*id)) else {
            return Ok(Vec::new());
        };
        if id != self.next_finding_id() {
            return Err(wrong_id(id, self.next_finding_id()));
        }
        Ok(vec![Event::FindingAdded {
            finding: Finding::empty(id),
        }])
    }

    fn edit_annotation(&self, annotation: Annotation) -> Result<Vec<Event>, Refusal> {
        let before = self.find_annotation(annotation.id)?.clone();
        if before == annotation {
            return Ok(Vec::new());
        }
        let mut events = self.finding_for(&annotation)?;
        events.push(Event::AnnotationEdited {
            before,
            after: annotation,
        });
        Ok(events)
    }

    fn change_annotations(
        &self,
        added: Option<Annotation>,
        edited: Vec<Annotation>,
        removed: Option<AnnotationId>,
    ) -> Result<Vec<Event>, Refusal> {
        let mut events = Vec::new();
        if let Some(annotation) = added {
            events.extend(self.add_annotation(annotation)?);
        }
        if let Some(id) = removed {
            events.extend(self.remove_annotation(id)?);
        }
        for annotation in edited {
            if Some(annotation.id) != removed {
                events.extend(self.edit_annotation(annotation)?);
            }
        }
        Ok(events)
    }

    fn remove_annotation(&self, id: AnnotationId) -> Result<Vec<Event>, Refusal> {
        Ok(vec![Event::AnnotationRemoved {
            annotation: self.find_annotation(id)?.clone(),
        }])
    }
}

pub(super) fn check_finding(finding: &Finding) -> Result<(), Refusal> {
    if finding.confidence.is_some_and(|percent| 100 < percent) {
        return Err(Refusal::new(
            "confidence_out_of_range",
            "a confidence lies between 0 and 100",
            "give a number in that range, or none",
        ));
    }
    if let Some(problem) = finding.category.as_ref().and_then(Category::problem) {
        return Err(Refusal::new(
            "unknown_category",
            format!("this category cannot be kept: {problem}"),
            "choose one that the scheme has",
        ));
    }
    Ok(())
}

fn wrong_id(given: impl std::fmt::Display, next: impl std::fmt::Display) -> Refusal {
    Refusal::new(
        "wrong_id",
        format!("{given} is not the next free name, {next} is"),
        "load the case again and repeat the step",
    )
}
