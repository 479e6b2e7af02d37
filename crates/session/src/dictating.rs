//! Findings from typed or dictated text. Nothing goes on record before the reader chose it.

use std::collections::BTreeSet;
use std::sync::Arc;

use case::{Actor, CaseId, Finding, FindingId};

use crate::{Session, SessionError};

/// A finding that a text seems to name.
#[derive(Clone, Debug, PartialEq)]
pub struct DictatedRow {
    /// As it would be recorded, without a number.
    pub finding: Finding,
    /// The sentence that it came from.
    pub words: String,
    /// Does it name something that is, or may be, there?
    pub is_there: bool,
    /// The finding on record that says the same.
    pub known_as: Option<FindingId>,
}

/// What a text proposed, to whom, and in which case.
#[derive(Clone, Debug)]
pub(crate) struct Dictated {
    case: CaseId,
    actor: Actor,
    found: Vec<report::DictatedFinding>,
}

impl Session {
    /// Proposes the findings that a text names, for the reader to choose from.
    pub(crate) fn dictate(&mut self, text: &str) -> Result<(), SessionError> {
        let case = self.open_case_ref()?.id().clone();
        self.dictated = Some(Dictated {
            case,
            actor: self.actor.clone(),
            found: report::findings_of_text(text),
        });
        Ok(())
    }

    /// Puts the chosen ones on record, in order, each once; all that are named, or none.
    pub(crate) fn take_dictated(&mut self, chosen: &[usize]) -> Result<(), SessionError> {
        let rows = self.dictated_rows();
        let chosen: BTreeSet<usize> = chosen.iter().copied().collect();
        let mut findings = Vec::new();
        for idx in chosen {
            let place = idx.saturating_add(1);
            let problem = match rows.get(idx) {
                Some(DictatedRow {
                    known_as: None,
                    finding,
                    ..
                }) => {
                    findings.push(finding.clone());
                    continue;
                }
                Some(DictatedRow {
                    known_as: Some(id), ..
                }) => {
                    format!("finding {place} of the text is on record as {id}; leave it out")
                }
                None => format!(
                    "the text proposes no finding {place}; it proposes {}",
                    rows.len()
                ),
            };
            return Err(SessionError::Usage(problem));
        }
        for finding in findings {
            self.add_finding(finding)?;
        }
        Ok(())
    }

    /// What the text proposed last; none in another case, or for somebody else.
    pub fn dictated_rows(&self) -> Arc<[DictatedRow]> {
        let Some((dictated, case)) = self.dictated.as_ref().zip(self.case()) else {
            return Arc::default();
        };
        if dictated.case != *case.id() || dictated.actor != self.actor {
            return Arc::default();
        }
        let known_as = |finding: &Finding| {
            let same = |known: &&Finding| {
                known.concept.eq_ignore_ascii_case(&finding.concept)
                    && (known.side, &known.level, known.assertion)
                        == (finding.side, &finding.level, finding.assertion)
            };
            case.read().findings.iter().find(same).map(|f| f.id)
        };
        let rows = dictated.found.iter().map(|found| DictatedRow {
            known_as: known_as(&found.finding),
            finding: found.finding.clone(),
            words: found.words.clone(),
            is_there: found.is_there,
        });
        rows.collect()
    }
}
