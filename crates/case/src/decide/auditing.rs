use crate::{AuditDraw, Case, Event, PairId, ReferralReason, Refusal, Sha256, ThirdReadMode};

impl Case {
    /// The number is put away before anybody reads, and once.
    pub(super) fn commit_audit(&self, commitment: Sha256) -> Result<Vec<Event>, Refusal> {
        self.require_going_on()?;
        if self.audit_commitment.as_ref() == Some(&commitment) {
            return Ok(Vec::new());
        }
        if self.audit_commitment.is_some() || self.read.reader.is_some() {
            return Err(Refusal::new(
                "audit_settled",
                "what decides about the audit of this case is put away before it is read, and once",
                "go on with the case as it is",
            ));
        }
        if commitment.to_bytes().is_none() {
            return Err(Refusal::new(
                "bad_commitment",
                "what was put away is no digest",
                "give the digest of the number",
            ));
        }
        Ok(vec![Event::AuditCommitted { commitment }])
    }

    /// The draw that goes with the signature of the comparison as it is; `None` where nothing is to be drawn, or was.
    pub(super) fn draw_audit(&self, nonce: Option<Sha256>) -> Option<AuditDraw> {
        let rule = &self.rules().third_read;
        let asks = rule.mode != ThirdReadMode::None && 0 < rule.concordant_percent;
        let draws = asks && self.is_concordant() && self.audit.is_none();
        draws.then(|| {
            AuditDraw::new(
                self.id(),
                rule.concordant_percent,
                self.audit_commitment.as_ref(),
                nonce,
            )
        })
    }

    /// Is a draw in the log the one that the rules of the case make?
    pub(crate) fn draw_fits(&self, draw: Option<&AuditDraw>) -> bool {
        match (draw, self.draw_audit(None)) {
            // Logs of before there were draws have none, and were not put away for one.
            (None, expected) => expected.is_none() || self.audit_commitment.is_none(),
            (Some(_), None) => false,
            (Some(draw), Some(expected)) => {
                draw.percent == expected.percent
                    && draw.holds(self.id(), self.audit_commitment.as_ref())
            }
        }
    }

    /// Is there a comparison, and does no row of it differ?
    pub(crate) fn is_concordant(&self) -> bool {
        let differs = |pair: &crate::Pair| pair.verdict.as_ref().is_some_and(|v| !v.agrees());
        !self.pairs().is_empty() && !self.pairs().iter().any(differs)
    }

    /// Was the case drawn for the audit of agreeing cases, and waits for that third read?
    pub fn awaits_audit(&self) -> bool {
        let drawn = self.audit.as_ref().is_some_and(|draw| draw.drawn);
        let signed = self.comparison.as_ref().is_some_and(|c| c.seal.is_some());
        let made = self.third.as_ref().is_some_and(|t| t.seal.is_some());
        drawn && signed && self.is_concordant() && !made
    }

    /// Chance decides about an audit, nobody else, and it is about every row.
    pub(super) fn check_audit(
        &self,
        reason: ReferralReason,
        order: &[PairId],
    ) -> Result<(), Refusal> {
        let is_audit = reason == ReferralReason::ConcordanceAudit;
        if self.awaits_audit() && (!is_audit || order.len() < self.pairs().len()) {
            return Err(Refusal::new(
                "audit_drawn",
                "this case was drawn for the audit of agreeing cases, which is about all its rows",
                "ask for it with the reason concordance_audit and all rows",
            ));
        }
        if is_audit && !self.awaits_audit() && self.audit.is_some() {
            return Err(Refusal::new(
                "audit_not_drawn",
                "chance did not draw this case for the audit of agreeing cases",
                "ask with the reason requested",
            ));
        }
        Ok(())
    }
}
