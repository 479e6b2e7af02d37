//! Lists as tables for a spreadsheet: the worklist, and the discrepancies of all cases.

use std::path::Path;

use case::{Case, CaseId, Onlooker, Pair, SecondRef, score};
use serde_json::{Value, json};

use crate::{ListView, Session, SessionError, WorklistRow};

/// The columns of the worklist.
const WORKLIST: [&str; 17] = [
    "id",
    "state",
    "unblinded_early",
    "patient_name",
    "patient_id",
    "study_date",
    "modality",
    "description",
    "accession",
    "second_reader",
    "outcome",
    "significance",
    "due",
    "priority",
    "protocol",
    "marks",
    "waits_for",
];

/// The columns of the discrepancies.
const DISCREPANCIES: [&str; 21] = [
    "id",
    "protocol",
    "protocol_version",
    "method",
    "inclusion_probability",
    "blinded_until_sealed",
    "row",
    "first",
    "second",
    "classes",
    "error_type",
    "cause",
    "biases",
    "detectability",
    "significance",
    "impact",
    "score",
    "signed",
    "third_read",
    "third_sure",
    "note",
];

/// Writes what a view of the worklist lists, as the actor sees it, group after group.
///
/// # Errors
/// `not_your_role`; when the file cannot be written.
pub fn worklist_csv(
    session: &mut Session,
    view: &ListView,
    file: &Path,
) -> Result<Value, SessionError> {
    session.roster().allow_look(session.actor())?;
    let cases = session.list_now(view)?;
    let rows = (0..cases.listed.rows.len()).filter_map(|at| cases.row(at));
    write(
        file,
        &WORKLIST,
        rows.map(|row| worklist_row(&row)).collect(),
    )
}

/// Writes a line for each row that differs, of every case whose comparison the actor may see. A case that is blinded, or
/// whose third read is open to them, has none.
///
/// # Errors
/// `not_your_role`; when the file cannot be written.
pub fn discrepancies_csv(session: &mut Session, file: &Path) -> Result<Value, SessionError> {
    let rows = open_cases(session)?;
    let lines = rows.iter().flat_map(discrepancy_rows);
    write(file, &DISCREPANCIES, lines.collect())
}

/// The discrepancies of every case whose comparison the actor may see, by case.
///
/// # Errors
/// `not_your_role`; when the store cannot be read.
pub fn discrepancies(session: &mut Session) -> Result<Value, SessionError> {
    let rows: Vec<Value> = open_cases(session)?
        .iter()
        .flat_map(discrepancy_rows)
        .map(|cells| {
            let named = DISCREPANCIES.iter().zip(cells);
            Value::Object(
                named
                    .map(|(name, cell)| ((*name).to_owned(), json!(cell)))
                    .collect(),
            )
        })
        .collect();
    Ok(json!({ "schema": "overread.discrepancy-list/1", "rows": rows }))
}

/// Cases whose comparison the actor may see with names.
fn open_cases(session: &mut Session) -> Result<Vec<Case>, SessionError> {
    session.roster().allow_look(session.actor())?;
    let actor = session.actor().clone();
    let listed = session.worklist()?;
    let mut ids: Vec<CaseId> = listed.iter().map(|row| row.id.clone()).collect();
    ids.sort();
    let mut open = Vec::new();
    for id in ids {
        let case = session.store.load(&id)?;
        let is_open = case.onlooker(&actor) == Onlooker::Reviewer && !case.is_blinded();
        if is_open && case.comparison().is_some() {
            open.push(case);
        }
    }
    Ok(open)
}

fn worklist_row(row: &WorklistRow) -> Vec<String> {
    vec![
        row.id.to_string(),
        row.stage.word().to_owned(),
        yes_or_no(row.unblinded_early),
        row.patient_name.clone(),
        row.patient_id.clone(),
        row.study_date.clone(),
        row.modality.clone(),
        row.description.clone(),
        row.accession.clone(),
        row.second_reader.clone(),
        row.outcome.map(|o| o.word().to_owned()).unwrap_or_default(),
        row.significance
            .map(|s| s.word().to_owned())
            .unwrap_or_default(),
        row.due.clone(),
        word_of(&row.priority),
        row.protocol.clone(),
        row.marks.iter().map(word_of).collect::<Vec<_>>().join(" "),
        row.waits_for.as_ref().map(word_of).unwrap_or_default(),
    ]
}

/// The word of a choice as the JSON has it.
pub(crate) fn word_of(choice: &impl serde::Serialize) -> String {
    match json!(choice) {
        Value::String(word) => word,
        _ => String::new(),
    }
}

fn discrepancy_rows(case: &Case) -> Vec<Vec<String>> {
    let pairs = case
        .comparison()
        .map(|c| c.pairs.as_slice())
        .unwrap_or_default();
    pairs
        .iter()
        .filter_map(|pair| discrepancy_row(case, pair))
        .collect()
}

fn discrepancy_row(case: &Case, pair: &Pair) -> Option<Vec<String>> {
    let verdict = pair.verdict.as_ref().filter(|verdict| !verdict.agrees())?;
    let comparison = case.comparison()?;
    let assignment = case.assignment();
    let first = pair
        .first
        .and_then(|id| comparison.first.iter().find(|s| s.id == id));
    let second = pair.second.map(|item| match item {
        SecondRef::Finding(id) => case.finding_text(id),
        SecondRef::Sentence(id) => {
            let sentence = comparison.second.iter().find(|s| s.id == id);
            sentence.map(|s| s.text.clone()).unwrap_or_default()
        }
    });
    let third = case.third_read().filter(|third| third.seal.is_some());
    let third = third.and_then(|third| Some((third, third.verdict(pair.id)?)));
    // Whom the third reader bears out is said by read, since A and B mean nothing outside the case.
    let upheld = third.map(|(third, verdict)| match third.upheld_read(verdict) {
        Some(case::ReadA::First) => "first",
        Some(case::ReadA::Second) => "second",
        None => verdict.upheld.word(),
    });
    let words = |list: Vec<&str>| list.join(" ");
    let text = |word: Option<&str>| word.unwrap_or_default().to_owned();
    Some(vec![
        case.id().to_string(),
        case.protocol().to_owned(),
        case.rules().version.to_string(),
        text(assignment.map(|a| a.method.word())),
        assignment
            .and_then(|a| a.inclusion_probability)
            .map(|p| p.to_string())
            .unwrap_or_default(),
        yes_or_no(case.was_blinded_until_sealed()),
        pair.id.to_string(),
        one_line(first.map(|s| s.text.as_str())),
        one_line(second.as_deref()),
        words(verdict.classes.iter().map(|class| class.code()).collect()),
        text(verdict.error_type.map(case::ErrorType::word)),
        text(verdict.cause.map(case::Cause::word)),
        words(verdict.biases.iter().map(|bias| bias.word()).collect()),
        text(verdict.detectability.map(case::Detectability::word)),
        text(verdict.significance.map(case::Significance::word)),
        verdict
            .impact
            .map(|i| i.number().to_string())
            .unwrap_or_default(),
        score(verdict)
            .map(|score| score.to_string())
            .unwrap_or_default(),
        yes_or_no(comparison.seal.is_some()),
        text(upheld),
        text(
            third
                .and_then(|(_, verdict)| verdict.sure)
                .map(case::Sureness::word),
        ),
        one_line(Some(&verdict.note)),
    ])
}

fn one_line(text: Option<&str>) -> String {
    let words = text.unwrap_or_default().split_whitespace();
    words.collect::<Vec<_>>().join(" ")
}

fn yes_or_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.into()
}

/// A cell that a spreadsheet would take for a formula is text with an apostrophe before it: what stands in a report or a
/// name must not run on whoever opens the table.
fn defused(cell: String) -> String {
    match cell.trim_start().starts_with(['=', '+', '-', '@'])
        || cell.starts_with(['\t', '\r', '\n'])
    {
        true => format!("'{cell}"),
        false => cell,
    }
}

fn write(file: &Path, columns: &[&str], rows: Vec<Vec<String>>) -> Result<Value, SessionError> {
    let n_rows = rows.len();
    let mut table = csv::Writer::from_writer(Vec::new());
    let not_written = |reason: String| SessionError::Write {
        reason,
        path: file.to_path_buf(),
    };
    table
        .write_record(columns)
        .map_err(|e| not_written(e.to_string()))?;
    for row in rows {
        let cells = row.into_iter().map(defused);
        table
            .write_record(cells)
            .map_err(|e| not_written(e.to_string()))?;
    }
    let bytes = table.into_inner().map_err(|e| not_written(e.to_string()))?;
    // Written whole beside its place and then put there: a table is never half of one.
    let beside = file.with_extension("part");
    std::fs::write(&beside, bytes)
        .and_then(|()| std::fs::rename(&beside, file))
        .map_err(|e| not_written(e.kind().to_string()))?;
    Ok(
        json!({ "schema": "overread.table/1", "file": file.display().to_string(), "n_rows": n_rows, "columns": columns }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_begins_like_a_formula_is_text() {
        let rows = [
            ("=1+1", "'=1+1"),
            ("+49", "'+49"),
            ("-3 mm", "'-3 mm"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =cmd", "'  =cmd"),
            ("\t=cmd", "'\t=cmd"),
            ("Nodule, 8 mm", "Nodule, 8 mm"),
            ("", ""),
        ];
        for (cell, expected) in rows {
            assert_eq!(defused(cell.into()), expected);
        }
    }
}
