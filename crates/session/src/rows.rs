//! The rows of the comparison, ready to draw.

use case::{Case, Class, Comparison, Pair, SecondRef};

use serde_json::{Value, json};

use crate::comparing::second_items;
use crate::{ComparisonSnapshot, PairRow, Session, SessionError};

/// The rows in the order of the report; what only the second read has comes where its section ends.
pub(crate) fn ordered(comparison: &Comparison) -> Vec<&Pair> {
    let mut pairs: Vec<&Pair> = comparison.pairs.iter().collect();
    pairs.sort_by_key(|p| (p.first.is_none(), p.first.map_or(u32::MAX, |s| s.0), p.id));
    pairs
}

pub(crate) fn comparison_snapshot(
    case: &Case,
    comparison: &Comparison,
    editable: bool,
) -> ComparisonSnapshot {
    let rows: Vec<PairRow> = ordered(comparison)
        .into_iter()
        .map(|pair| row(case, comparison, pair))
        .collect();
    let decided = |r: &&PairRow| r.asks && r.verdict.is_some();
    let differs = |r: &&PairRow| r.asks && r.classes.iter().any(|c| *c != Class::Agree);
    ComparisonSnapshot {
        first_author: comparison.first_author.clone(),
        first_issued: comparison.first_issued.clone(),
        first: comparison.first.clone(),
        second: comparison.second.clone(),
        n_asked: rows.iter().filter(|r| r.asks).count(),
        n_decided: rows.iter().filter(decided).count(),
        n_agree: rows
            .iter()
            .filter(|r| r.asks && r.classes == [Class::Agree])
            .count(),
        n_differ: rows.iter().filter(differs).count(),
        n_notes: rows
            .iter()
            .filter(|r| {
                differs(r)
                    && r.verdict
                        .as_ref()
                        .is_some_and(|v| !v.note.trim().is_empty())
            })
            .count(),
        outcome: case
            .outcome()
            .unwrap_or_else(|| outcome_of_proposals(case, comparison)),
        outcome_chosen: comparison.outcome_chosen.is_some(),
        summary: case.summary().unwrap_or_default(),
        signed_at: comparison
            .seal
            .as_ref()
            .map(|(_, at)| crate::snap::clock_time(at)),
        editable: editable && comparison.seal.is_none(),
        rows,
    }
}

fn row(case: &Case, comparison: &Comparison, pair: &Pair) -> PairRow {
    let first = pair
        .first
        .and_then(|id| comparison.first.iter().find(|s| s.id == id).cloned());
    let (second_text, finding) = match pair.second {
        Some(SecondRef::Finding(id)) => (finding_words(case, id), Some(id)),
        Some(SecondRef::Sentence(id)) => (
            comparison
                .second
                .iter()
                .find(|s| s.id == id)
                .map(|s| s.text.clone()),
            None,
        ),
        None => (None, None),
    };
    let verdict = pair.verdict.clone();
    let score = verdict
        .as_ref()
        .and_then(case::score)
        .map(|s| s.to_string());
    PairRow {
        first,
        second_text,
        finding,
        classes: verdict
            .as_ref()
            .map_or_else(|| pair.proposed.clone(), |v| v.classes.clone()),
        provisional: verdict.is_none(),
        asks: !pair.proposed.is_empty() || verdict.is_some(),
        score,
        verdict,
        pair: pair.clone(),
    }
}

/// What the rows without a verdict propose, while no verdict differs: never more favourable than they are.
fn outcome_of_proposals(case: &Case, comparison: &Comparison) -> case::Outcome {
    let open: Vec<Pair> = comparison
        .pairs
        .iter()
        .filter(|p| p.is_pending())
        .cloned()
        .collect();
    let second: Vec<_> = second_items(case, &comparison.second)
        .into_iter()
        .map(|item| item.statement)
        .collect();
    compare::outcome_suggested(&open, &comparison.first, &second)
}

/// The words that the spans of a row refer to.
fn finding_words(case: &Case, id: case::FindingId) -> Option<String> {
    let marks: Vec<_> = case
        .read()
        .annotations
        .iter()
        .filter(|a| a.finding == Some(id))
        .cloned()
        .collect();
    Some(report::statement_of_finding(case.finding(id)?, &marks).text)
}

impl Session {
    /// The rows of the comparison as `case discrepancy ID list` gives them.
    ///
    /// # Errors
    /// While nothing is revealed.
    pub fn rows_json(&self) -> Result<Value, SessionError> {
        let case = self
            .case()
            .ok_or_else(|| SessionError::Usage("no case is open".into()))?;
        let comparison = case.comparison().ok_or_else(|| {
            SessionError::Refused(case::Refusal {
                code: "blinded",
                text: "there is no comparison before the reveal".into(),
                hint: "seal the read and reveal the first report".into(),
            })
        })?;
        let snapshot = comparison_snapshot(case, comparison, true);
        let rows: Vec<Value> = snapshot
            .rows
            .iter()
            .map(|row| {
                json!({
                    "row": row.pair.id.to_string(),
                    "statement": row.first.as_ref().map(|s| s.id.to_string()),
                    "first": row.first.as_ref().map(|s| s.text.clone()),
                    "finding": row.finding.map(|f| f.to_string()),
                    "second": row.second_text,
                    "proposed": row.pair.proposed,
                    "rule": row.pair.rule,
                    "confidence": row.pair.confidence,
                    "asks": row.asks,
                    "verdict": row.verdict,
                    "score": row.score,
                })
            })
            .collect();
        Ok(json!({
            "schema": "overread.discrepancies/1",
            "id": case.id(),
            "outcome": snapshot.outcome,
            "summary": snapshot.summary,
            "n_asked": snapshot.n_asked,
            "n_decided": snapshot.n_decided,
            "rows": rows,
        }))
    }
}
