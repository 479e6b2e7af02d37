//! Both reads side by side: pairing, verdicts, outcome, signature.

use case::{Case, Class, Pair, PairId, SecondRef, Statement, Verdict};

use crate::people::{shown_name, shown_time};
use crate::results::{JobResult, Paired};
use crate::{CompareCommand, NoticeKind, Screen, Session, SessionError};

impl Session {
    pub(crate) fn apply_compare(&mut self, command: CompareCommand) -> Result<(), SessionError> {
        match command {
            CompareCommand::Select(id) => {
                self.selected_pair = Some(id);
                self.follow_pair();
                Ok(())
            }
            CompareCommand::Step(by) => self.step_pair(by),
            CompareCommand::ToggleClass(id, class) => {
                let classes = toggled(self.pair(id)?, class);
                self.set_classes(id, classes)
            }
            CompareCommand::SetClasses(id, classes) => self.set_classes(id, classes),
            CompareCommand::ClearVerdict(pair) => self.record(case::Command::SetVerdict {
                pair,
                verdict: None,
            }),
            CompareCommand::SetErrorType(id, error_type) => {
                self.edit_verdict(id, |v| *v = v.clone().of_error_type(error_type))
            }
            CompareCommand::SetCause(id, cause) => {
                self.edit_verdict(id, |v| *v = v.clone().with_cause(cause))
            }
            CompareCommand::SetBiases(id, biases) => {
                self.edit_verdict(id, |v| *v = v.clone().with_biases(biases))
            }
            CompareCommand::SetImpact(id, impact) => self.edit_verdict(id, |v| v.impact = impact),
            CompareCommand::Judge(id, judgement) => self.judge(id, judgement),
            CompareCommand::ToggleQuestion(id) => {
                self.edit_verdict(id, |v| v.asks_first_reader = !v.asks_first_reader)
            }
            CompareCommand::Amend(amendment) => self.record(case::Command::AmendRead {
                amendment: *amendment,
            }),
            CompareCommand::SetDetectability(id, detectability) => {
                self.edit_verdict(id, |v| v.detectability = detectability)
            }
            CompareCommand::SetSignificance(id, significance) => {
                self.edit_verdict(id, |v| v.significance = significance)
            }
            CompareCommand::SetNote(id, note) => self.edit_verdict(id, |v| v.note = note),
            CompareCommand::SetEvidence(id, evidence) => {
                self.edit_verdict(id, |v| v.evidence = evidence)
            }
            CompareCommand::TakeEvidence(id) => {
                let image = self.image_on_screen(self.room.active);
                let image = image.ok_or_else(|| {
                    SessionError::Usage(
                        "the active view shows no single image; go to a slice first".into(),
                    )
                })?;
                self.edit_verdict(id, |v| v.evidence = Some(image))
            }
            CompareCommand::AgreeWithRemaining => self.record(case::Command::AgreeWithRemaining),
            CompareCommand::Join(statement, second) => self.join(statement, second),
            CompareCommand::Part(id) => self.part(id),
            CompareCommand::SetOutcome(outcome) => {
                self.record(case::Command::SetOutcome { outcome })
            }
            CompareCommand::WriteSummary(text) => self.record(case::Command::WriteSummary { text }),
            CompareCommand::Sign => self.sign_comparison(),
            CompareCommand::AgreeAndSign => self.agree_and_sign(),
            CompareCommand::AskThirdRead => self.ask_third_read_here(),
            CompareCommand::Export(dir, formats) => self.start_export(&dir, &formats),
            CompareCommand::Close => self.record(case::Command::CloseCase),
        }
    }

    pub(crate) fn pair(&self, id: PairId) -> Result<&Pair, SessionError> {
        let pairs = self
            .case()
            .and_then(|c| c.comparison())
            .map(|c| c.pairs.as_slice())
            .unwrap_or_default();
        pairs
            .iter()
            .find(|p| p.id == id)
            .ok_or_else(|| SessionError::Usage(format!("there is no row {id} in this comparison")))
    }

    fn set_classes(&mut self, id: PairId, classes: Vec<Class>) -> Result<(), SessionError> {
        let before = self.pair(id)?.verdict.clone();
        let verdict = match before {
            _ if classes.is_empty() => None,
            Some(before) => Some(before.of_other_classes(classes)),
            None => Some(Verdict::of(classes)),
        };
        self.record(case::Command::SetVerdict { pair: id, verdict })
    }

    /// Changes one thing of a verdict; a row without one takes over its proposal first.
    fn edit_verdict(
        &mut self,
        id: PairId,
        edit: impl FnOnce(&mut Verdict),
    ) -> Result<(), SessionError> {
        let pair = self.pair(id)?;
        let mut verdict = match &pair.verdict {
            Some(verdict) => verdict.clone(),
            None if pair.proposed.is_empty() => {
                return Err(SessionError::Usage(
                    "say first what this row is: agree, or the letter of a discrepancy".into(),
                ));
            }
            None => Verdict::of(pair.proposed.clone()),
        };
        edit(&mut verdict);
        if pair.verdict.as_ref() == Some(&verdict) {
            return Ok(());
        }
        self.record(case::Command::SetVerdict {
            pair: id,
            verdict: Some(verdict),
        })
    }

    /// Joins two sides into one row; what each was paired with before stands alone again.
    fn join(
        &mut self,
        statement: case::StatementId,
        second: SecondRef,
    ) -> Result<(), SessionError> {
        let case = self
            .case()
            .ok_or_else(|| SessionError::Usage("no case is open".into()))?;
        let comparison = case
            .comparison()
            .ok_or_else(|| SessionError::Usage("nothing is revealed yet".into()))?;
        let mut pairs = comparison.pairs.clone();
        let mut next = case.next_pair_id().0;
        let mut alone = |first, second| {
            let id = PairId(next);
            next += 1;
            bare_pair(id, first, second)
        };
        let mut leftovers = Vec::new();
        pairs.retain(|pair| {
            let has_first = pair.first == Some(statement);
            let has_second = pair.second == Some(second);
            if has_first && !has_second && pair.second.is_some() {
                leftovers.push(alone(None, pair.second));
            }
            if has_second && !has_first && pair.first.is_some() {
                leftovers.push(alone(pair.first, None));
            }
            !(has_first || has_second)
        });
        let mut joined = alone(Some(statement), Some(second));
        joined.rule = "linked.by_reader".into();
        joined.confidence = 1.0;
        joined.proposed = self.classes_between(statement, second);
        self.selected_pair = Some(joined.id);
        pairs.push(joined);
        pairs.append(&mut leftovers);
        self.record(case::Command::Realign { pairs })
    }

    fn part(&mut self, id: PairId) -> Result<(), SessionError> {
        let pair = self.pair(id)?.clone();
        let case = self
            .case()
            .ok_or_else(|| SessionError::Usage("no case is open".into()))?;
        let mut pairs = case
            .comparison()
            .map(|c| c.pairs.clone())
            .unwrap_or_default();
        if pair.first.is_none() || pair.second.is_none() {
            return Err(SessionError::Usage(
                "this row has one side only; there is nothing to part".into(),
            ));
        }
        pairs.retain(|p| p.id != id);
        pairs.push(bare_pair(id, pair.first, None));
        pairs.push(bare_pair(case.next_pair_id(), None, pair.second));
        self.record(case::Command::Realign { pairs })
    }

    /// What the rules say of a statement and an item that the reader joined.
    fn classes_between(&self, statement: case::StatementId, second: SecondRef) -> Vec<Class> {
        let Some((case, comparison)) = self.case().and_then(|c| Some((c, c.comparison()?))) else {
            return Vec::new();
        };
        let first: Vec<Statement> = comparison
            .first
            .iter()
            .filter(|s| s.id == statement)
            .cloned()
            .collect();
        let items: Vec<_> = second_items(case, &comparison.second)
            .into_iter()
            .filter(|i| i.reference == second)
            .collect();
        let rows = compare::compare(&first, &items, &tolerance_of(case));
        let joined = rows
            .iter()
            .find(|p| p.first.is_some() && p.second.is_some());
        joined
            .map(|p| p.proposed.clone())
            .filter(|c| !c.is_empty())
            .unwrap_or_else(|| vec![Class::D9])
    }

    /// Splits the first report and pairs it with the read, in the background.
    pub(crate) fn start_pairing(&mut self) -> Result<(), SessionError> {
        let case = self
            .case()
            .ok_or_else(|| SessionError::Usage("no case is open".into()))?
            .clone();
        let permit = case.reveal_permit(&self.actor)?;
        let Some(version) = case.current_report().map(|r| r.version) else {
            return Ok(());
        };
        let bytes = self.store.open_report(version, &permit)?;
        self.jobs.spawn("job.pair", false, move |_, _| {
            match pair_reads(&case, version, &bytes) {
                Ok(paired) => JobResult::Paired(Box::new(paired)),
                Err(error) => JobResult::Failed {
                    code: "report_unreadable",
                    text: error.to_string(),
                },
            }
        });
        Ok(())
    }

    pub(crate) fn take_pairs(&mut self, paired: Paired) -> Result<(), SessionError> {
        let Paired {
            case,
            report_version,
            first_text,
            first_author,
            first_issued,
            first,
            second,
            pairs,
        } = paired;
        if self.case().is_none_or(|open| *open.id() != case) {
            return Ok(());
        }
        self.record(case::Command::ProposeComparison {
            report_version,
            first_text,
            first_author,
            first_issued,
            first,
            second,
            pairs,
        })?;
        self.selected_pair = self
            .case()
            .and_then(|c| c.comparison())
            .and_then(|c| crate::rows::ordered(c).first().map(|p| p.id));
        self.screen = if self.screen == Screen::Worklist {
            self.screen
        } else {
            Screen::Reading
        };
        self.notify(NoticeKind::Info, "revealed", "The first report is open. Alignment suggested on this computer; you decide every verdict.", "");
        Ok(())
    }
}

/// How far two sizes may lie apart, as the protocol of the case has it; small lesions keep their own tolerance.
fn tolerance_of(case: &Case) -> compare::Tolerance {
    let case::Tolerance {
        size_mm,
        size_percent,
    } = case.rules().tolerance;
    compare::Tolerance {
        size_mm,
        size_fraction: size_percent / 100.0,
        ..compare::Tolerance::default()
    }
}

/// Reads the first report and pairs its statements with the findings and the impression.
pub(crate) fn pair_reads(
    case: &Case,
    report_version: u32,
    bytes: &[u8],
) -> Result<Paired, report::ReadError> {
    let read = report::read(bytes, None)?;
    let (second, _) = report::read_impression(&case.read().impression);
    let pairs = compare::compare(
        &read.statements,
        &second_items(case, &second),
        &tolerance_of(case),
    );
    Ok(Paired {
        case: case.id().clone(),
        report_version,
        first_author: shown_name(&read.source.author.unwrap_or_default()),
        first_issued: shown_time(&read.source.issued.unwrap_or_default()),
        first_text: read.text,
        first: read.statements,
        second,
        pairs,
    })
}

/// The findings, and the sentences of the impression that no finding covers (DECISIONS 17).
pub(crate) fn second_items(case: &Case, impression: &[Statement]) -> Vec<compare::SecondItem> {
    let findings: Vec<_> = case
        .read()
        .findings
        .iter()
        .map(|finding| {
            let marks: Vec<_> = case
                .read()
                .annotations
                .iter()
                .filter(|a| a.finding == Some(finding.id))
                .cloned()
                .collect();
            compare::SecondItem {
                reference: SecondRef::Finding(finding.id),
                statement: report::statement_of_finding(finding, &marks),
            }
        })
        .collect();
    let covered = |statement: &Statement| {
        !statement.facts.is_empty()
            && statement.facts.iter().all(|fact| {
                fact.concept.is_some()
                    && findings.iter().any(|item| {
                        item.statement
                            .facts
                            .iter()
                            .any(|f| f.concept == fact.concept && f.assertion == fact.assertion)
                    })
            })
    };
    let categories_covered = |statement: &Statement| {
        let carried = |mention: &case::CategoryMention| {
            let named = findings.iter().flat_map(|item| &item.statement.categories);
            let mut agree = named.map(|m| m.category.agrees_with(&mention.category));
            agree.any(|agrees| agrees == Some(true))
        };
        statement.categories.iter().all(carried)
    };
    let says_something =
        |statement: &Statement| !(statement.facts.is_empty() && statement.categories.is_empty());
    let is_covered = |statement: &Statement| {
        (statement.facts.is_empty() || covered(statement)) && categories_covered(statement)
    };
    let sentences = impression
        .iter()
        .filter(|statement| says_something(statement) && !is_covered(statement))
        .map(|statement| compare::SecondItem {
            reference: SecondRef::Sentence(statement.id),
            statement: statement.clone(),
        });
    findings.iter().cloned().chain(sentences).collect()
}

/// `Agree` stands alone; another class joins or leaves.
fn toggled(pair: &Pair, class: Class) -> Vec<Class> {
    if class == Class::Agree {
        return vec![Class::Agree];
    }
    let Some(verdict) = &pair.verdict else {
        return vec![class];
    };
    let mut classes: Vec<Class> = verdict
        .classes
        .iter()
        .copied()
        .filter(|c| *c != Class::Agree)
        .collect();
    match classes.iter().position(|c| *c == class) {
        Some(at) if 1 < classes.len() => {
            classes.remove(at);
        }
        Some(_) => {}
        None => classes.push(class),
    }
    classes
}

fn bare_pair(id: PairId, first: Option<case::StatementId>, second: Option<SecondRef>) -> Pair {
    let proposed = match (first, second) {
        (Some(_), None) => vec![Class::D2],
        (None, Some(_)) => vec![Class::D1],
        _ => Vec::new(),
    };
    Pair {
        id,
        first,
        second,
        proposed,
        rule: "parted.by_reader".into(),
        confidence: 1.0,
        first_spans: Vec::new(),
        second_spans: Vec::new(),
        verdict: None,
    }
}
