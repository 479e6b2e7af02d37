//! The two records of a case, written apart: what the second opinion found, for the patient's record, and what the
//! department learns from it, sequestered. Neither holds what belongs to the other.

use case::{Actor, Case, Refusal, Sha256};
use serde_json::{Value, json};

use crate::content::open_comparison;
use crate::identifiers::Identifiers;
use crate::json::{critical_findings, reports, seals, study_json};
use crate::letter::{letter_outcome, may_be_told};
use crate::rows::{first_text, score, second_text};
use crate::words::{NOT_FOR_DIAGNOSIS, PROGRAM};
use crate::{ExchangeError, OutputContext};

/// Does the record of learning name persons and the case?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// No: the rule.
    LeftOut,
    /// Yes, because somebody who may asked for it.
    Kept,
}

/// The record of the second opinion: both reads, what differs, what a third read decided, what limits it. It holds no score,
/// no cause of an error, nothing that was written to the first reader, and no follow-up of a reader.
///
/// # Errors
/// [`ExchangeError::Refused`] as for letters: until everything is signed, while blinded, and for cases whose protocol keeps
/// them out of the patient's record.
pub fn clinical_ledger(case: &Case, context: &OutputContext) -> Result<Value, ExchangeError> {
    may_be_told(case)?;
    let identifiers = Identifiers::of(case, context.deidentify);
    let read = case.read();
    let findings: Vec<Value> = read
        .findings
        .iter()
        .map(|finding| {
            json!({
                "id": finding.id.to_string(),
                "text": identifiers.clean(&case.finding_text(finding.id)),
                "assertion": finding.assertion,
                "key_image": finding.key_image,
            })
        })
        .collect();
    Ok(json!({
        "schema": "overread.clinical-ledger/1",
        "notice": NOT_FOR_DIAGNOSIS,
        "program": { "name": PROGRAM, "version": context.build },
        "printed": { "at": context.printed_at, "by": context.actor },
        "case": {
            "id": case.id(),
            "protocol": case.protocol(),
            "protocol_version": case.rules().version,
            "question": identifiers.clean(case.question()),
            "was_blinded_until_sealed": case.was_blinded_until_sealed(),
        },
        "study": case.study().map(|study| study_json(study, &identifiers)),
        "priors": case.priors().iter().map(|study| study_json(study, &identifiers)).collect::<Vec<_>>(),
        "first_report_versions": reports(case, &identifiers),
        "second_read": {
            "reader": case.reader(),
            "findings": findings,
            "impression": identifiers.clean(&read.impression),
            "sealed_at": read.seal.as_ref().map(|(_, at)| at),
        },
        "differences": differences(case, &identifiers),
        "outcome": letter_outcome(case),
        "changes_after_reveal": case.amendments().iter().map(|amended| json!({
            "change": identifiers.clean_json(&json!(amended.amendment.change)),
            "row": amended.amendment.pair.map(|pair| pair.to_string()),
            "reason": identifiers.clean(&amended.amendment.reason),
            "at": amended.at,
        })).collect::<Vec<_>>(),
        "critical_findings": critical_findings(case, &identifiers),
        "limitations": read.limitations.iter().map(|line| identifiers.clean(line)).collect::<Vec<_>>(),
        "seals": seals(case),
        "log": { "n_entries": case.n_entries(), "head": case.log_head() },
    }))
}

/// Every row with what both reads say and what counts, without how it came about.
fn differences(case: &Case, identifiers: &Identifiers) -> Vec<Value> {
    let Some(comparison) = open_comparison(case) else {
        return Vec::new();
    };
    let third = case.third_read().filter(|third| third.seal.is_some());
    let rows = comparison.pairs.iter().filter_map(|pair| {
        let verdict = pair.verdict.as_ref()?;
        let decision = third.and_then(|third| Some((third, third.verdict(pair.id)?)));
        Some(json!({
            "id": pair.id.to_string(),
            "first": first_text(comparison, pair).map(|text| identifiers.clean(&text)),
            "second": second_text(case, comparison, pair).map(|text| identifiers.clean(&text)),
            "differs_in": verdict.classes.iter().filter(|_| !verdict.agrees()).collect::<Vec<_>>(),
            "significance": verdict.significance,
            "note": identifiers.clean(&verdict.note),
            "evidence": verdict.evidence,
            "third_read": decision.map(|(third, decision)| json!({
                "bears_out": third.upheld_read(decision),
                "decision": decision.upheld,
                "significance": decision.significance,
                "note": identifiers.clean(&decision.note),
                "evidence": decision.evidence,
            })),
        }))
    });
    rows.collect()
}

/// The name of a case in records of learning: it follows from the signature of its read, so it says nothing by itself and
/// is the same each time. `None` before the seal.
pub fn learning_name(case: &Case) -> Option<String> {
    let (seal, _) = case.read().seal.as_ref()?;
    let digest = Sha256::of_parts(&[b"overread.learning/1\n", seal.signature.as_bytes()]);
    Some(format!("L-{}", digest.as_str().get(..16)?))
}

/// What the department learns from a case: kinds of differences, how they came about, scores, what was written to the first
/// reader and what became known later. It holds no statement of either read and no image; without [`Names::Kept`] no name,
/// no date and nothing that leads to the case either.
///
/// # Errors
/// [`ExchangeError::Refused`] until the comparison is signed, and while a third read is open.
pub fn learning_ledger(
    case: &Case,
    names: Names,
    context: &OutputContext,
) -> Result<Value, ExchangeError> {
    may_be_learned_from(case)?;
    let identifiers = match names {
        Names::LeftOut => Identifiers::for_strangers(case),
        Names::Kept => Identifiers::none(),
    };
    let name = |actor: Option<&Actor>| actor.filter(|_| names == Names::Kept).cloned();
    let named = (names == Names::Kept).then(|| {
        json!({
            "case": case.id(),
            "first_reader": case.first_reader(),
            "second_reader": case.reader(),
            "third_reader": case.third_reader(),
            "printed": { "at": context.printed_at, "by": context.actor },
        })
    });
    let feedback: Vec<Value> = case
        .feedback()
        .iter()
        .map(|feedback| {
            let by = Some(&feedback.by).filter(|_| feedback.sender == case::Sender::Named);
            json!({
                "number": feedback.number,
                "kind": feedback.kind,
                "row": feedback.pair.map(|pair| pair.to_string()),
                "text": identifiers.clean(&feedback.text),
                "by": name(by),
                "answers": feedback.answers.iter().map(|answer| identifiers.clean(&answer.text)).collect::<Vec<_>>(),
            })
        })
        .collect();
    let index = case.anchoring_index();
    Ok(json!({
        "schema": "overread.learning-ledger/1",
        "notice": "Sequestered record of peer learning. It is no part of a patient's record and ranks nobody.",
        "program": { "name": PROGRAM, "version": context.build },
        "record": learning_name(case),
        "named": named,
        "protocol": case.protocol(),
        "protocol_version": case.rules().version,
        "modalities": case.study().map(|study| &study.modalities),
        "drawn": case.assignment().map(|assignment| json!({
            "method": assignment.method,
            "inclusion_probability": assignment.inclusion_probability,
        })),
        "was_blinded_until_sealed": case.was_blinded_until_sealed(),
        "lists": case.flags().iter().map(|flag| json!({
            "list": flag.list, "reason": identifiers.clean(&flag.reason),
        })).collect::<Vec<_>>(),
        "rows": learned_rows(case),
        "anchoring": { "n_towards_first": index.n_towards_first, "n_findings": index.n_findings, "share": index.share() },
        "feedback": feedback,
        "follow_ups": case.follow_ups().iter().map(|known| json!({
            "row": known.pair.map(|pair| pair.to_string()),
            "source": known.source,
            "text": identifiers.clean(&known.text),
            "bears_out": known.bears_out,
        })).collect::<Vec<_>>(),
    }))
}

fn learned_rows(case: &Case) -> Vec<Value> {
    let third = case.third_read();
    let pairs = open_comparison(case).map_or(&[][..], |comparison| &comparison.pairs);
    let rows = pairs.iter().filter_map(|pair| {
        let verdict = pair.verdict.as_ref()?;
        let decision = third.and_then(|third| Some((third, third.verdict(pair.id)?)));
        Some(json!({
            "row": pair.id.to_string(),
            "classes": verdict.classes,
            "error_type": verdict.error_type,
            "detectability": verdict.detectability,
            "significance": verdict.significance,
            "score": score(verdict),
            "third_read": decision.map(|(third, decision)| json!({
                "bears_out": third.upheld_read(decision),
                "decision": decision.upheld,
                "sure": decision.sure,
                "significance": decision.significance,
            })),
        }))
    });
    rows.collect()
}

/// May others learn from the case: is what they would learn signed?
///
/// # Errors
/// `blinded`, `not_signed`, `third_read_open`.
pub(crate) fn may_be_learned_from(case: &Case) -> Result<(), Refusal> {
    if case.is_blinded() {
        return Err(Refusal::new(
            "blinded",
            "what is learned from a case speaks of both reads, and the first report is closed",
            "reveal it, compare and sign first",
        ));
    }
    if case
        .comparison()
        .is_none_or(|comparison| comparison.seal.is_none())
    {
        return Err(Refusal::new(
            "not_signed",
            "the comparison is not signed and may still change",
            "sign it first",
        ));
    }
    if case.third_read().is_some_and(|third| third.seal.is_none()) {
        return Err(Refusal::new(
            "third_read_open",
            "the third read of this case is not signed",
            "wait until it is signed",
        ));
    }
    Ok(())
}
