use crate::{
    Case, CriticalEvent, CriticalFinding, Entry, Event, Feedback, FeedbackAnswer, Flag, FollowUp,
    LearningEvent, Stage, ThirdOpening, ThirdRead, ThirdReadEvent,
};

impl Case {
    /// Folds what persons do besides the two reads: assignments, declarations, critical findings, feedback, third read.
    pub(crate) fn apply_people(&mut self, entry: &Entry) {
        match &entry.event {
            Event::Assigned { assignment } => self.assignment = Some(assignment.clone()),
            Event::FirstReaderNamed { reader } => self.first_reader = Some(reader.clone()),
            Event::ConflictDeclared { declaration } => self.declarations.push(declaration.clone()),
            Event::AuditCommitted { commitment } => {
                self.audit_commitment = Some(commitment.clone());
            }
            Event::Critical(event) => self.apply_critical(event, entry),
            Event::Learning(event) => self.apply_learning(event, entry),
            Event::ThirdRead(event) => self.apply_third_read(event, entry),
            _ => {}
        }
    }

    fn apply_critical(&mut self, event: &CriticalEvent, entry: &Entry) {
        match event {
            CriticalEvent::Raised {
                number,
                text,
                urgency,
                finding,
            } => self.criticals.push(CriticalFinding {
                number: *number,
                text: text.clone(),
                urgency: *urgency,
                finding: *finding,
                by: entry.actor.clone(),
                at: entry.at.clone(),
                communications: Vec::new(),
            }),
            CriticalEvent::Communicated {
                number,
                communication,
            } => {
                for critical in self.criticals.iter_mut().filter(|c| c.number == *number) {
                    critical.communications.push(communication.clone());
                }
            }
        }
    }

    fn apply_learning(&mut self, event: &LearningEvent, entry: &Entry) {
        match event {
            LearningEvent::FeedbackGiven {
                number,
                kind,
                sender,
                pair,
                text,
            } => self.feedback.push(Feedback {
                number: *number,
                kind: *kind,
                sender: *sender,
                pair: *pair,
                text: text.clone(),
                by: entry.actor.clone(),
                at: entry.at.clone(),
                answers: Vec::new(),
            }),
            LearningEvent::FeedbackAnswered { number, text } => {
                for feedback in self.feedback.iter_mut().filter(|f| f.number == *number) {
                    feedback.answers.push(FeedbackAnswer {
                        by: entry.actor.clone(),
                        at: entry.at.clone(),
                        text: text.clone(),
                    });
                }
            }
            LearningEvent::Flagged { list, reason } => {
                self.flags.retain(|flag| flag.list != *list);
                self.flags.push(Flag {
                    list: *list,
                    reason: reason.clone(),
                    by: entry.actor.clone(),
                    at: entry.at.clone(),
                });
            }
            LearningEvent::Unflagged { list } => self.flags.retain(|flag| flag.list != *list),
            LearningEvent::FollowedUp {
                pair,
                source,
                text,
                bears_out,
            } => self.follow_ups.push(FollowUp {
                pair: *pair,
                source: *source,
                text: text.clone(),
                bears_out: *bears_out,
                by: entry.actor.clone(),
                at: entry.at.clone(),
            }),
        }
    }

    fn apply_third_read(&mut self, event: &ThirdReadEvent, entry: &Entry) {
        if let ThirdReadEvent::Asked { .. } = event {
            self.n_third_reads = self.n_third_reads.saturating_add(1);
        }
        if let ThirdReadEvent::Asked {
            mode,
            reason,
            read_a,
            order,
        } = event
        {
            self.stage = Stage::Adjudicating;
            self.third = Some(ThirdRead {
                mode: *mode,
                reason: *reason,
                read_a: *read_a,
                order: order.clone(),
                reader: None,
                opened: None,
                verdicts: Vec::new(),
                seal: None,
            });
            return;
        }
        let Some(third) = &mut self.third else { return };
        match event {
            ThirdReadEvent::Asked { .. } => {}
            ThirdReadEvent::Taken {} => {
                third.reader = Some(entry.actor.clone());
                third.opened = None;
                third.verdicts.clear();
            }
            ThirdReadEvent::Opened { viewed_percent } => {
                third.opened = Some(ThirdOpening {
                    at: entry.at.clone(),
                    viewed_percent: *viewed_percent,
                });
            }
            ThirdReadEvent::VerdictSet { pair, after, .. } => {
                third.verdicts.retain(|(id, _)| id != pair);
                if let Some(verdict) = after {
                    third.verdicts.push((*pair, verdict.clone()));
                    third.verdicts.sort_by_key(|(id, _)| *id);
                }
            }
            ThirdReadEvent::Signed { seal } => {
                third.seal = Some((seal.clone(), entry.at.clone()));
                self.stage = Stage::Feedback;
            }
        }
    }
}
