use crate::{
    Actor, BlindingLevel, Case, Event, FeedbackKind, LearningEvent, Pair, Refusal, SealRecord,
    SealStage, Sender, Sha256, Stage, decide::guards::require_reason,
};

/// What a first reader is asked where the row has no note.
const ASKED: &str = "The two reads differ here. Would you look at it again and say how you see it?";

impl Case {
    pub(super) fn decide_seal(
        &self,
        actor: &Actor,
        seal: SealRecord,
        limitations: Vec<String>,
    ) -> Result<Vec<Event>, Refusal> {
        self.require_going_on()?;
        self.require_own_read(actor)?;
        self.require_unsealed()?;
        self.require_no_conflict(actor)?;
        if self.read_is_empty() {
            return Err(Refusal::new(
                "empty_read",
                "a read with neither an impression nor a finding cannot be sealed",
                "write the impression or enter a finding",
            ));
        }
        self.check_seal(&seal, SealStage::SecondRead)?;
        Ok(vec![Event::ReadSealed { seal, limitations }])
    }

    pub(super) fn decide_sign(
        &self,
        actor: &Actor,
        seal: SealRecord,
        audit_nonce: Option<Sha256>,
    ) -> Result<Vec<Event>, Refusal> {
        self.open_comparison(actor)?;
        let n_pending = self.n_pending_verdicts();
        if 0 < n_pending {
            return Err(Refusal::new(
                "verdicts_missing",
                format!(
                    "{n_pending} {} still without a verdict",
                    if n_pending == 1 {
                        "statement is"
                    } else {
                        "statements are"
                    }
                ),
                "decide about each of them, or agree with those that remain",
            ));
        }
        self.check_seal(&seal, SealStage::Comparison)?;
        let audit = self.draw_audit(audit_nonce);
        let mut events = vec![Event::ComparisonSigned { seal, audit }];
        events.extend(self.questions_to_first_reader());
        Ok(events)
    }

    /// What the verdicts ask the first reader. The question names nobody: who asks openly writes a message of their own.
    fn questions_to_first_reader(&self) -> impl Iterator<Item = Event> {
        let asks = |pair: &&Pair| pair.verdict.as_ref().is_some_and(|v| v.asks_first_reader);
        let rows = self.pairs().iter().filter(asks);
        (self.next_feedback_number()..)
            .zip(rows)
            .map(|(number, pair)| {
                let note = pair.verdict.as_ref().map(|verdict| verdict.note.trim());
                let text = note.filter(|note| !note.is_empty()).unwrap_or(ASKED);
                Event::Learning(LearningEvent::FeedbackGiven {
                    number,
                    kind: FeedbackKind::Question,
                    sender: Sender::Anonymous,
                    pair: Some(pair.id),
                    text: text.to_owned(),
                })
            })
    }

    /// Is the seal one of this very state? Its signature is checked where the keys are.
    pub(super) fn check_seal(&self, seal: &SealRecord, stage: SealStage) -> Result<(), Refusal> {
        let fits = self.is_covered_by(seal, stage) && seal.log_head == self.log_head;
        if fits {
            return Ok(());
        }
        Err(Refusal::new(
            "seal_does_not_fit",
            "the seal was made over another state of the case",
            "look at the case again and seal it once more",
        ))
    }

    pub(super) fn decide_reveal(
        &self,
        actor: &Actor,
        urgent: Option<String>,
    ) -> Result<Vec<Event>, Refusal> {
        self.require_going_on()?;
        self.require_own_read(actor)?;
        if !self.is_blinded() {
            return Ok(Vec::new());
        }
        if self.current_report().is_none() {
            return Err(Refusal::new(
                "no_report",
                "no first report is attached to this case",
                "attach one, then reveal it",
            ));
        }
        match (self.stage, urgent) {
            (Stage::Sealed, _) => Ok(vec![Event::Revealed {
                follows: self.milestone.clone(),
            }]),
            (_, None) if self.rules().blinding == BlindingLevel::Open => {
                Ok(vec![Event::RevealedEarly {
                    reason: "The protocol of this case is not blinded".into(),
                }])
            }
            (_, Some(reason)) => Ok(vec![Event::RevealedEarly {
                reason: require_reason(&reason)?,
            }]),
            (_, None) => Err(Refusal::new(
                "blinded",
                "the second read is not sealed, so the first report stays closed",
                "seal the read first, or give a reason for an urgent reveal",
            )),
        }
    }
}
