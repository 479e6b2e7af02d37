use std::collections::BTreeSet;

use crate::{
    Actor, Case, Class, Command, Comparison, Event, Impact, Outcome, Pair, PairId, Refusal,
    SecondRef, Stage, Statement, TextSpan, Verdict,
};

impl Case {
    pub(super) fn decide_comparing(
        &self,
        actor: &Actor,
        command: Command,
    ) -> Result<Vec<Event>, Refusal> {
        if let Command::ProposeComparison { .. } = command {
            return self.propose_comparison(actor, command);
        }
        let comparison = self.open_comparison(actor)?;
        match command {
            Command::SetVerdict { pair, verdict } => self.set_verdict(comparison, pair, verdict),
            Command::AgreeWithRemaining => Ok(agree_with_remaining(comparison)),
            Command::Realign { pairs } => self.realign(comparison, pairs),
            Command::SetOutcome { outcome } => Ok(set_outcome(comparison, outcome)),
            Command::WriteSummary { text } => Ok(write_summary(comparison, text)),
            _ => Ok(Vec::new()),
        }
    }

    /// The comparison, when this actor may change it now.
    pub(super) fn open_comparison(&self, actor: &Actor) -> Result<&Comparison, Refusal> {
        self.require_comparing(actor)?;
        self.comparison.as_ref().ok_or_else(|| {
            Refusal::new(
                "no_comparison",
                "the reads of this case have not been paired yet",
                "pair them first",
            )
        })
    }

    fn require_comparing(&self, actor: &Actor) -> Result<(), Refusal> {
        self.require_going_on()?;
        self.require_own_read(actor)?;
        if self.read.seal.is_none() {
            return Err(Refusal::new(
                "not_sealed",
                "reads are compared after the second read is sealed",
                "seal the read first",
            ));
        }
        if self.is_blinded() {
            return Err(Refusal::new(
                "blinded",
                "the first report is still closed",
                "reveal it first",
            ));
        }
        if self.stage != Stage::Comparing {
            return Err(Refusal::new(
                "comparison_signed",
                "the comparison is signed and stays as it is",
                "attach a corrected report to compare anew",
            ));
        }
        Ok(())
    }

    fn propose_comparison(&self, actor: &Actor, command: Command) -> Result<Vec<Event>, Refusal> {
        let Command::ProposeComparison {
            report_version,
            first_text,
            first_author,
            first_issued,
            first,
            second,
            pairs,
        } = command
        else {
            return Ok(Vec::new());
        };
        self.require_comparing(actor)?;
        let current = self.current_report().map(|r| r.version);
        if current != Some(report_version) {
            return Err(Refusal::new(
                "no_such_report",
                format!("version {report_version} is not the current first report"),
                "compare the version that the case names as current",
            ));
        }
        if let Some(comparison) = &self.comparison
            && comparison.report_version == report_version
            && comparison.pairs.iter().any(|pair| pair.verdict.is_some())
        {
            return Err(Refusal::new(
                "already_compared",
                "verdicts have been given in this comparison",
                "align rows by hand, or take the verdicts back",
            ));
        }
        check_spans(&first, &first_text)?;
        check_spans(&second, &self.read.impression)?;
        if pairs.iter().any(|pair| pair.verdict.is_some()) {
            return Err(bad_pairs("a proposal carries no verdicts"));
        }
        self.check_pairs(&pairs, &first, &second)?;
        for (_, span) in pairs.iter().flat_map(|pair| &pair.first_spans) {
            check_span(*span, &first_text)?;
        }
        Ok(vec![Event::ComparisonProposed {
            report_version,
            first_text,
            first_author,
            first_issued,
            first,
            second,
            pairs: self.numbered_on(pairs)?,
        }])
    }

    /// The rows with numbers that no row of an earlier comparison had.
    fn numbered_on(&self, mut pairs: Vec<Pair>) -> Result<Vec<Pair>, Refusal> {
        let used = self.last_pair_number_aside;
        if pairs.iter().all(|pair| used < pair.id.0) {
            return Ok(pairs);
        }
        for pair in &mut pairs {
            let number = pair.id.0.checked_add(used);
            pair.id = PairId(number.ok_or_else(|| bad_pairs("the numbers of rows are used up"))?);
        }
        Ok(pairs)
    }

    fn check_pairs(
        &self,
        pairs: &[Pair],
        first: &[Statement],
        second: &[Statement],
    ) -> Result<(), Refusal> {
        let ids: BTreeSet<_> = pairs.iter().map(|pair| pair.id).collect();
        if ids.len() < pairs.len() || ids.contains(&PairId(0)) {
            return Err(bad_pairs("each row needs a name of its own, from P1"));
        }
        for pair in pairs {
            if let Some(id) = pair.first
                && !first.iter().any(|statement| statement.id == id)
            {
                return Err(bad_pairs(&format!("there is no statement {id}")));
            }
            let known = match pair.second {
                None => pair.first.is_some(),
                Some(SecondRef::Finding(id)) => self.has_finding(id),
                Some(SecondRef::Sentence(id)) => second.iter().any(|sentence| sentence.id == id),
            };
            if !known {
                return Err(bad_pairs(&format!(
                    "{} names nothing that is there",
                    pair.id
                )));
            }
            if let Some(verdict) = &pair.verdict {
                check_verdict(verdict)?;
            }
        }
        Ok(())
    }

    fn set_verdict(
        &self,
        comparison: &Comparison,
        id: PairId,
        verdict: Option<Verdict>,
    ) -> Result<Vec<Event>, Refusal> {
        let pair = comparison.pairs.iter().find(|pair| pair.id == id);
        let pair = pair.ok_or_else(|| {
            Refusal::new(
                "no_such_pair",
                format!("this comparison has no row {id}"),
                "name one of the rows that the case shows",
            )
        })?;
        let verdict = verdict.map(|verdict| {
            let (cause, biases) = (verdict.cause, verdict.biases.clone());
            match verdict.error_type {
                // A cause says its broad type as well.
                None => verdict.with_cause(cause),
                Some(_) => verdict,
            }
            .with_biases(biases)
        });
        if let Some(verdict) = &verdict {
            check_verdict(verdict)?;
        }
        if pair.verdict == verdict {
            return Ok(Vec::new());
        }
        Ok(vec![Event::VerdictSet {
            pair: id,
            before: pair.verdict.clone(),
            after: verdict,
        }])
    }

    fn realign(&self, comparison: &Comparison, pairs: Vec<Pair>) -> Result<Vec<Event>, Refusal> {
        self.check_pairs(&pairs, &comparison.first, &comparison.second)?;
        let kept: BTreeSet<_> = comparison.pairs.iter().map(|pair| pair.id).collect();
        let reused = |pair: &&Pair| !kept.contains(&pair.id) && pair.id < self.next_pair_id();
        if let Some(pair) = pairs.iter().find(reused) {
            return Err(bad_pairs(&format!(
                "{} was the name of another row, the next free one is {}",
                pair.id,
                self.next_pair_id()
            )));
        }
        let lost = comparison.pairs.iter().any(|old| {
            let first_lost = old.first.is_some() && !pairs.iter().any(|new| new.first == old.first);
            let second_lost =
                old.second.is_some() && !pairs.iter().any(|new| new.second == old.second);
            first_lost || second_lost
        });
        if lost {
            return Err(bad_pairs("a statement or a finding would be lost"));
        }
        if pairs == comparison.pairs {
            return Ok(Vec::new());
        }
        Ok(vec![Event::PairsRealigned {
            before: comparison.pairs.clone(),
            after: pairs,
        }])
    }
}

fn agree_with_remaining(comparison: &Comparison) -> Vec<Event> {
    let remaining = comparison
        .pairs
        .iter()
        .filter(|pair| pair.verdict.is_none() && pair.proposed == [Class::Agree]);
    remaining
        .map(|pair| Event::VerdictSet {
            pair: pair.id,
            before: None,
            after: Some(Verdict::agree()),
        })
        .collect()
}

fn set_outcome(comparison: &Comparison, outcome: Option<Outcome>) -> Vec<Event> {
    if comparison.outcome_chosen == outcome {
        return Vec::new();
    }
    vec![Event::OutcomeSet {
        before: comparison.outcome_chosen,
        after: outcome,
    }]
}

fn write_summary(comparison: &Comparison, text: Option<String>) -> Vec<Event> {
    if comparison.summary_written == text {
        return Vec::new();
    }
    vec![Event::SummaryWritten {
        before: comparison.summary_written.clone(),
        after: text,
    }]
}

fn check_verdict(verdict: &Verdict) -> Result<(), Refusal> {
    let distinct: BTreeSet<_> = verdict.classes.iter().collect();
    if verdict.classes.is_empty() || distinct.len() < verdict.classes.len() {
        return Err(Refusal::new(
            "no_class",
            "a verdict names what it says, each class once",
            "choose agree, or one or more kinds of discrepancy",
        ));
    }
    if 1 < verdict.classes.len() && verdict.classes.contains(&Class::Agree) {
        return Err(Refusal::new(
            "agree_with_others",
            "a row either agrees or differs",
            "choose agree alone, or the kinds of discrepancy",
        ));
    }
    check_cause(verdict)
}

fn check_cause(verdict: &Verdict) -> Result<(), Refusal> {
    let has_impact = verdict.impact.is_some_and(|i| i != Impact::None);
    if verdict.agrees() && (verdict.cause.is_some() || !verdict.biases.is_empty() || has_impact) {
        return Err(Refusal::new(
            "agreement_has_no_cause",
            "where both reads say the same there is no cause, no bias and no impact to name",
            "name the kind of discrepancy first, or leave these out",
        ));
    }
    let Some(cause) = verdict.cause else {
        return Ok(());
    };
    if !cause.fits(&verdict.classes) {
        return Err(Refusal::new(
            "cause_does_not_fit",
            format!("a discrepancy of this kind does not come of {cause}"),
            "name another cause, or another kind of discrepancy",
        ));
    }
    if verdict.error_type != Some(cause.error_type()) {
        return Err(Refusal::new(
            "cause_contradicts",
            format!(
                "{cause} is of the type {}, and another is named",
                cause.error_type()
            ),
            "name the cause alone; its type follows",
        ));
    }
    Ok(())
}

fn check_spans(statements: &[Statement], text: &str) -> Result<(), Refusal> {
    let ids: BTreeSet<_> = statements.iter().map(|statement| statement.id).collect();
    if ids.len() < statements.len() {
        return Err(bad_pairs("two statements have the same name"));
    }
    statements
        .iter()
        .try_for_each(|statement| check_span(statement.span, text))
}

fn check_span([start, end]: TextSpan, text: &str) -> Result<(), Refusal> {
    match text.get(start..end) {
        Some(_) => Ok(()),
        None => Err(bad_pairs("a passage lies outside its text")),
    }
}

fn bad_pairs(what: &str) -> Refusal {
    Refusal::new(
        "bad_pairs",
        format!("these rows cannot be recorded: {what}"),
        "propose the comparison again",
    )
}
