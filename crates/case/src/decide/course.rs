use crate::{Case, Command, Event, Refusal, Stage, decide::guards::require_reason};

impl Case {
    pub(super) fn decide_course(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::CloseCase => self.close(),
            Command::Hold { reason } => {
                self.require_going_on()?;
                let reason = require_reason(&reason)?;
                Ok(vec![Event::PutOnHold { reason }])
            }
            Command::Unhold => {
                if self.stage != Stage::OnHold {
                    return Err(Refusal::new(
                        "not_on_hold",
                        "this case is not on hold",
                        "go on with it as it is",
                    ));
                }
                Ok(vec![Event::TakenOffHold {}])
            }
            Command::End { kind, reason } => self.end(kind, &reason),
            Command::RecordExport { format, sha256 } => {
                self.require_created()?;
                Ok(vec![Event::Exported { format, sha256 }])
            }
            _ => Ok(Vec::new()),
        }
    }

    fn close(&self) -> Result<Vec<Event>, Refusal> {
        let over = matches!(self.stage, Stage::NonDiagnostic | Stage::Withdrawn);
        if !over {
            self.require_going_on()?;
        }
        if self.stage == Stage::Adjudicating {
            return Err(Refusal::new(
                "third_read_open",
                "the third read of this case is not signed",
                "sign it, then close the case",
            ));
        }
        if let Some(critical) = self.criticals.iter().find(|c| !c.is_communicated()) {
            return Err(Refusal::new(
                "critical_open",
                format!("nobody has confirmed critical finding {}", critical.number),
                "tell somebody, let them repeat it, and record that",
            ));
        }
        let told = |id| self.criticals.iter().any(|c| c.finding == Some(id));
        let untold = self.findings_now();
        let mut untold = untold.iter().filter(|f| f.criticality.is_some());
        if let Some(finding) = untold.find(|f| !told(f.id)) {
            return Err(Refusal::new(
                "critical_open",
                format!("{} cannot wait, and nobody was told of it", finding.id),
                "raise it as a critical finding, tell somebody, and record that",
            ));
        }
        if self.awaits_audit() {
            return Err(Refusal::new(
                "third_read_missing",
                "this case was drawn for the audit of agreeing cases",
                "ask for its third read with the reason concordance_audit",
            ));
        }
        if self.awaits_third_read() {
            return Err(Refusal::new(
                "third_read_missing",
                "the protocol asks for a third read of these discrepancies",
                "ask for it, then close the case",
            ));
        }
        let signed = self.comparison.as_ref().is_some_and(|c| c.seal.is_some());
        // A second opinion without a first report, or whose first report was withdrawn, has nothing to compare.
        let alone = self.read.seal.is_some() && self.current_report().is_none();
        if over || signed || alone {
            return Ok(vec![Event::CaseClosed {}]);
        }
        Err(Refusal::new(
            "not_signed",
            "a case closes with a signed comparison",
            "sign the comparison, or end the case with a reason",
        ))
    }

    fn end(&self, kind: String, reason: &str) -> Result<Vec<Event>, Refusal> {
        self.require_created()?;
        if self.stage != Stage::OnHold {
            self.require_going_on()?;
        }
        self.require_unsealed()?;
        if !["non_diagnostic", "withdrawn"].contains(&kind.as_str()) {
            return Err(Refusal::new(
                "unknown_ending",
                "a case ends as non_diagnostic or as withdrawn",
                "choose one of the two",
            ));
        }
        let reason = require_reason(reason)?;
        Ok(vec![Event::Ended { kind, reason }])
    }
}
