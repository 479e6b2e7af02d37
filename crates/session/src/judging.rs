//! A verdict given as a whole, and the signature of a comparison with what hangs on it.

use case::{AuditDraw, CaseId, Class, PairId, ReferralReason, Refusal, SealStage, Sha256, Verdict};

use crate::{Judgement, Session, SessionError};

/// Setting of the store from which the numbers of its audits are made.
const AUDIT_SECRET: &str = "audit_secret";

impl Session {
    /// Changes several things of a verdict in one step; a row without one takes over its proposal first.
    pub(crate) fn judge(&mut self, id: PairId, judgement: Judgement) -> Result<(), SessionError> {
        let pair = self.pair(id)?;
        let before = pair.verdict.clone();
        let Judgement {
            classes,
            error_type,
            cause,
            biases,
            impact,
            detectability,
            significance,
            note,
            asks_first_reader,
        } = judgement;
        let mut verdict = match (&before, classes.is_empty()) {
            (Some(before), true) => before.clone(),
            (Some(before), false) => before.clone().of_other_classes(classes),
            (None, false) => Verdict::of(classes),
            (None, true) if pair.proposed.is_empty() => {
                return Err(SessionError::Usage(
                    "say first what this row is: agree, or the letter of a discrepancy".into(),
                ));
            }
            (None, true) => Verdict::of(pair.proposed.clone()),
        };
        if error_type.is_some() {
            verdict = verdict.of_error_type(error_type);
        }
        if let Some(cause) = cause {
            // A type that is named beside a cause must be its own: the case refuses another.
            verdict = verdict.with_cause(Some(cause));
            verdict.error_type = error_type.or(verdict.error_type);
        }
        if !biases.is_empty() {
            verdict = verdict.with_biases(biases);
        }
        verdict.impact = impact.or(verdict.impact);
        verdict.detectability = detectability.or(verdict.detectability);
        verdict.significance = significance.or(verdict.significance);
        if let Some(note) = note {
            verdict.note = note;
        }
        verdict.asks_first_reader |= asks_first_reader;
        if before.as_ref() == Some(&verdict) {
            return Ok(());
        }
        self.record(case::Command::SetVerdict {
            pair: id,
            verdict: Some(verdict),
        })
    }

    /// Signs the comparison. Chance decides about an agreeing case; one that is drawn goes to a third reader at once.
    pub(crate) fn sign_comparison(&mut self) -> Result<(), SessionError> {
        let case = self.open_case_ref()?;
        let (id, percent) = (
            case.id().clone(),
            case.rules().third_read.concordant_percent,
        );
        let audit_nonce = match percent {
            0 => None,
            _ => Some(self.audit_nonce(&id)?),
        };
        let seal = self.sign(SealStage::Comparison)?;
        self.record(case::Command::SignComparison { seal, audit_nonce })?;
        if self.open_case_ref()?.awaits_audit() {
            self.ask_third_read(None, ReferralReason::ConcordanceAudit, Vec::new())?;
        }
        Ok(())
    }

    /// Agrees with every open row and signs, where nothing differs.
    pub(crate) fn agree_and_sign(&mut self) -> Result<(), SessionError> {
        let case = self.open_case_ref()?;
        if case.is_blinded() {
            return Err(SessionError::Refused(Refusal::new(
                "blinded",
                "the first report is still closed, so there is nothing to agree with",
                "seal the read and reveal it first",
            )));
        }
        let pairs = case.comparison().into_iter().flat_map(|c| &c.pairs);
        let differs = |pair: &&case::Pair| match &pair.verdict {
            Some(verdict) => !verdict.agrees(),
            None => pair.is_pending() && pair.proposed != [Class::Agree],
        };
        let n_differing = pairs.filter(differs).count();
        if 0 < n_differing {
            let rows = if n_differing == 1 {
                "row differs"
            } else {
                "rows differ"
            };
            return Err(SessionError::Refused(Refusal::new(
                "reads_differ",
                format!(
                    "{n_differing} {rows}, or may differ, so the case cannot be agreed with as a whole"
                ),
                "decide about each, then sign",
            )));
        }
        self.record(case::Command::AgreeWithRemaining)?;
        self.sign_comparison()
    }

    /// Puts away the number that will decide about the audit of a case that has just begun.
    pub(crate) fn commit_audit(&mut self, id: &CaseId) -> Result<(), SessionError> {
        let rule = &self.open_case_ref()?.rules().third_read;
        if rule.mode == case::ThirdReadMode::None || rule.concordant_percent == 0 {
            return Ok(());
        }
        let commitment = AuditDraw::commitment(&self.audit_nonce(id)?);
        self.record(case::Command::CommitAudit { commitment })
    }

    /// The number that decides about the audit of a case: a digest of its name and of a secret of the store.
    fn audit_nonce(&mut self, id: &CaseId) -> Result<Sha256, SessionError> {
        let secret = match self.store.setting(AUDIT_SECRET)? {
            Some(secret) => secret,
            None => {
                // Version 4 identifiers are random in all but six bits; two of them hold 244.
                let random = || uuid::Uuid::new_v4().simple().to_string();
                let secret = format!("{}{}", random(), random());
                self.store.set_setting(AUDIT_SECRET, &secret)?;
                secret
            }
        };
        Ok(Sha256::of_parts(&[
            b"overread.audit-nonce/1",
            secret.as_bytes(),
            id.as_str().as_bytes(),
        ]))
    }
}
