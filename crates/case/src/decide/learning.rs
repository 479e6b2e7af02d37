use crate::{
    Actor, Case, CriticalCommand, CriticalEvent, Event, Flag, LearningCommand, LearningEvent,
    PairId, Refusal, Stage, decide::guards::require_reason,
};

impl Case {
    /// Critical findings go on record at any stage, also after the end: somebody has to be told.
    pub(super) fn decide_critical(&self, command: CriticalCommand) -> Result<Vec<Event>, Refusal> {
        self.require_created()?;
        let event = match command {
            CriticalCommand::Raise {
                text,
                urgency,
                finding,
            } => {
                if let Some(id) = finding {
                    self.find_finding(id)?;
                }
                CriticalEvent::Raised {
                    number: self.next_critical_number(),
                    text: require_words(&text, "a critical finding")?,
                    urgency,
                    finding,
                }
            }
            CriticalCommand::Communicate {
                number,
                mut communication,
            } => {
                if !self.criticals.iter().any(|c| c.number == number) {
                    return Err(Refusal::new(
                        "no_such_critical",
                        format!("this case has no critical finding {number}"),
                        "name one of the numbers that the case shows",
                    ));
                }
                communication.to = require_words(&communication.to, "a communication")?;
                CriticalEvent::Communicated {
                    number,
                    communication,
                }
            }
        };
        Ok(vec![Event::Critical(event)])
    }

    /// The number that the next critical finding gets.
    pub fn next_critical_number(&self) -> u32 {
        let newest = self.criticals.iter().map(|c| c.number).max().unwrap_or(0);
        newest.saturating_add(1)
    }

    pub(super) fn decide_learning(
        &self,
        actor: &Actor,
        command: LearningCommand,
    ) -> Result<Vec<Event>, Refusal> {
        if self.stage == Stage::OnHold {
            self.require_going_on()?;
        }
        let of_list = matches!(
            command,
            LearningCommand::Flag { .. } | LearningCommand::Unflag { .. }
        );
        // A case is put on a list while it is compared; nothing of the comparison goes there before it is signed.
        let is_for_later = of_list && self.read.seal.is_some() && !self.is_blinded();
        if !is_for_later && self.comparison_is_open() {
            return Err(Refusal::new(
                "not_signed",
                "feedback and follow-up are about a signed comparison",
                "sign the comparison first",
            ));
        }
        let event = match command {
            LearningCommand::GiveFeedback {
                kind,
                sender,
                pair,
                text,
            } => {
                self.require_row(pair)?;
                LearningEvent::FeedbackGiven {
                    number: self.next_feedback_number(),
                    kind,
                    sender,
                    pair,
                    text: require_words(&text, "feedback")?,
                }
            }
            LearningCommand::AnswerFeedback { number, text } => {
                self.may_answer(actor, number)?;
                LearningEvent::FeedbackAnswered { number, text }
            }
            LearningCommand::Flag { list, reason } => {
                let reason = require_reason(&reason)?;
                let is_there = |flag: &Flag| flag.list == list && flag.reason == reason;
                if self.flags.iter().any(is_there) {
                    return Ok(Vec::new());
                }
                LearningEvent::Flagged { list, reason }
            }
            LearningCommand::Unflag { list } => {
                if !self.flags.iter().any(|flag| flag.list == list) {
                    return Ok(Vec::new());
                }
                LearningEvent::Unflagged { list }
            }
            LearningCommand::FollowUp {
                pair,
                source,
                text,
                bears_out,
            } => {
                self.require_row(pair)?;
                LearningEvent::FollowedUp {
                    pair,
                    source,
                    text: require_words(&text, "a follow-up")?,
                    bears_out,
                }
            }
        };
        Ok(vec![Event::Learning(event)])
    }

    /// The number that the next message to the first reader gets.
    pub fn next_feedback_number(&self) -> u32 {
        let newest = self.feedback.iter().map(|f| f.number).max().unwrap_or(0);
        newest.saturating_add(1)
    }

    fn comparison_is_open(&self) -> bool {
        let signed = self.comparison.as_ref().is_some_and(|c| c.seal.is_some());
        !signed
            || !matches!(
                self.stage,
                Stage::Feedback | Stage::Adjudicating | Stage::Closed
            )
    }

    fn may_answer(&self, actor: &Actor, number: u32) -> Result<(), Refusal> {
        if !self.feedback.iter().any(|f| f.number == number) {
            return Err(Refusal::new(
                "no_such_feedback",
                format!("this case has no feedback {number}"),
                "name one of the numbers that the case shows",
            ));
        }
        match &self.first_reader {
            Some(first) if first != actor => Err(Refusal::new(
                "not_for_you",
                "this feedback is for the first reader of the case",
                "only the first reader may answer it",
            )),
            _ => Ok(()),
        }
    }

    pub(super) fn require_row(&self, pair: Option<PairId>) -> Result<(), Refusal> {
        match pair {
            Some(id) if !self.pairs().iter().any(|pair| pair.id == id) => Err(Refusal::new(
                "no_such_pair",
                format!("this comparison has no row {id}"),
                "name one of the rows that the case shows",
            )),
            _ => Ok(()),
        }
    }
}

fn require_words(text: &str, what: &str) -> Result<String, Refusal> {
    require_reason(text).map_err(|_| {
        Refusal::new(
            "no_words",
            format!("{what} needs words"),
            "say in a few words what it is",
        )
    })
}
