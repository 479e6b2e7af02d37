use std::collections::BTreeSet;

use crate::{
    Actor, Case, Event, PairId, ReferralReason, Refusal, SealRecord, SealStage, Significance,
    Stage, ThirdRead, ThirdReadCommand, ThirdReadEvent, ThirdReadMode, ThirdVerdict,
};

impl Case {
    pub(super) fn decide_third_read(
        &self,
        actor: &Actor,
        command: ThirdReadCommand,
    ) -> Result<Vec<Event>, Refusal> {
        let events = match command {
            ThirdReadCommand::Ask {
                mode,
                reason,
                read_a,
                order,
            } => {
                let mode = self.may_ask(mode, reason, &order)?;
                vec![ThirdReadEvent::Asked {
                    mode,
                    reason,
                    read_a,
                    order,
                }]
            }
            ThirdReadCommand::Take => self.take_third(actor)?,
            ThirdReadCommand::Open { viewed_percent } => self.open_reads(actor, viewed_percent)?,
            ThirdReadCommand::SetVerdict { pair, verdict } => {
                self.set_third_verdict(actor, pair, verdict)?
            }
            ThirdReadCommand::Sign { seal } => self.sign_third(actor, seal)?,
        };
        Ok(events.into_iter().map(Event::ThirdRead).collect())
    }

    fn may_ask(
        &self,
        mode: Option<ThirdReadMode>,
        reason: ReferralReason,
        order: &[PairId],
    ) -> Result<ThirdReadMode, Refusal> {
        self.require_going_on()?;
        let mode = mode.unwrap_or(self.rules().third_read.mode);
        if mode == ThirdReadMode::None {
            return Err(Refusal::new(
                "no_third_read",
                "the protocol of this case has no third read",
                "name how it shall be made",
            ));
        }
        if self.stage != Stage::Feedback {
            return Err(Refusal::new(
                "not_signed",
                "a third read is about a signed comparison",
                "sign the comparison first",
            ));
        }
        if self.third.is_some() {
            return Err(Refusal::new(
                "third_read_done",
                "this case has had its third read",
                "attach a corrected report to compare anew",
            ));
        }
        let rows: BTreeSet<PairId> = self.pairs().iter().map(|pair| pair.id).collect();
        let named: BTreeSet<PairId> = order.iter().copied().collect();
        if order.is_empty() || named.len() < order.len() || !named.is_subset(&rows) {
            return Err(Refusal::new(
                "bad_rows",
                "a third read needs rows of the comparison, each once",
                "name rows that the case shows",
            ));
        }
        let differs = |pair: &&crate::Pair| pair.verdict.as_ref().is_some_and(|v| !v.agrees());
        let left_out = self
            .pairs()
            .iter()
            .filter(differs)
            .any(|pair| !named.contains(&pair.id));
        self.check_audit(reason, order)?;
        if left_out && reason == ReferralReason::Discrepancy {
            return Err(Refusal::new(
                "rows_left_out",
                "a discrepancy would be left out of the third read",
                "name every row that differs",
            ));
        }
        Ok(mode)
    }

    fn take_third(&self, actor: &Actor) -> Result<Vec<ThirdReadEvent>, Refusal> {
        let third = self.open_third()?;
        self.may_be_third(actor)?;
        match &third.reader {
            Some(reader) if reader == actor => Ok(Vec::new()),
            // Who has declared a conflict since makes room; the decisions go with them.
            Some(reader) if !self.has_conflict(reader) => Err(not_yours(reader)),
            Some(_) | None => Ok(vec![ThirdReadEvent::Taken {}]),
        }
    }

    fn open_reads(
        &self,
        actor: &Actor,
        viewed_percent: u8,
    ) -> Result<Vec<ThirdReadEvent>, Refusal> {
        let third = self.open_third()?;
        let mut events = self.take_third(actor)?;
        // What a reader who made room had looked at says nothing of this one.
        if third.opened.is_none() || !events.is_empty() {
            events.push(ThirdReadEvent::Opened {
                viewed_percent: viewed_percent.min(100),
            });
        }
        Ok(events)
    }

    /// The third reader must be neither of the two, and must not have declared a conflict.
    fn may_be_third(&self, actor: &Actor) -> Result<(), Refusal> {
        let is_second = self.read.reader.as_ref() == Some(actor);
        let is_first = self.first_reader.as_ref() == Some(actor);
        // Whoever made the case knows both sides of it.
        let made_it = self.created_by.as_ref() == Some(actor);
        if is_second || is_first || made_it {
            return Err(Refusal::new(
                "own_read",
                "nobody decides about a read of their own, or about a case that they made",
                "let somebody else make the third read",
            ));
        }
        self.require_no_conflict(actor)
    }

    fn set_third_verdict(
        &self,
        actor: &Actor,
        pair: PairId,
        verdict: Option<ThirdVerdict>,
    ) -> Result<Vec<ThirdReadEvent>, Refusal> {
        let third = self.open_third()?;
        let mut events = self.take_third(actor)?;
        if !third.order.contains(&pair) {
            return Err(Refusal::new(
                "no_such_pair",
                format!("the third read of this case has no row {pair}"),
                "name one of the rows that it shows",
            ));
        }
        let before = third.verdict(pair).cloned();
        if before == verdict {
            return Ok(Vec::new());
        }
        events.push(ThirdReadEvent::VerdictSet {
            pair,
            before,
            after: verdict,
        });
        Ok(events)
    }

    fn sign_third(&self, actor: &Actor, seal: SealRecord) -> Result<Vec<ThirdReadEvent>, Refusal> {
        let third = self.open_third()?;
        self.require_no_conflict(actor)?;
        match &third.reader {
            Some(reader) if reader == actor => {}
            Some(reader) => return Err(not_yours(reader)),
            None => {
                return Err(Refusal::new(
                    "not_started",
                    "nobody has taken the third read of this case",
                    "take it first",
                ));
            }
        }
        let n_pending = third.n_pending();
        if 0 < n_pending {
            return Err(Refusal::new(
                "verdicts_missing",
                format!("{n_pending} rows of the third read are without a decision"),
                "decide about each; what cannot be told is indeterminate",
            ));
        }
        self.check_seal(&seal, SealStage::ThirdRead)?;
        Ok(vec![ThirdReadEvent::Signed { seal }])
    }

    fn open_third(&self) -> Result<&ThirdRead, Refusal> {
        self.require_going_on()?;
        let third = self.third.as_ref().filter(|third| third.seal.is_none());
        third.ok_or_else(|| {
            Refusal::new(
                "no_third_read",
                "no third read is open on this case",
                "ask for one after the comparison is signed",
            )
        })
    }

    /// Does the protocol ask for a third read that was not made yet?
    pub fn awaits_third_read(&self) -> bool {
        let rule = &self.rules().third_read;
        let reaches = |pair: &crate::Pair| {
            pair.verdict.as_ref().is_some_and(|verdict| {
                let significance = verdict.significance.unwrap_or(Significance::None);
                !verdict.agrees() && rule.required_from.is_some_and(|from| from <= significance)
            })
        };
        let signed = self.third.as_ref().filter(|third| third.seal.is_some());
        let made = |pair: &crate::Pair| signed.is_some_and(|third| third.order.contains(&pair.id));
        let mut waiting = self.pairs().iter().filter(|pair| !made(pair));
        self.awaits_audit() || rule.mode != ThirdReadMode::None && waiting.any(reaches)
    }
}

fn not_yours(reader: &Actor) -> Refusal {
    Refusal::new(
        "not_your_read",
        format!("the third read of this case belongs to {reader}"),
        "only the same reader may go on with it",
    )
}
