use std::path::Path;

use serde_json::{Value, json};

use crate::SessionError;
use crate::headless::Guard;
use crate::intake::read_report_file;

/// `report read FILE [--phrase TEXT] --json`.
///
/// # Errors
/// When the file cannot be read as a report, or it is the first report of a case under blinded read.
pub fn read_report(
    path: &Path,
    phrase: Option<&str>,
    guard: &Guard,
) -> Result<Value, SessionError> {
    let mut report = checked(path, guard)?;
    if let Some(phrase) = phrase {
        report::add_phrase(&mut report, phrase);
    }
    Ok(json!({
        "schema": "overread.report/1",
        "source": report.source,
        "text": report.text,
        "sections": report.sections,
        "statements": report.statements,
        "warnings": report.warnings,
    }))
}

/// `compare FIRST SECOND --json` of two reports.
///
/// # Errors
/// As [`read_report`].
pub fn compare_files(first: &Path, second: &Path, guard: &Guard) -> Result<Value, SessionError> {
    let (first, second) = (checked(first, guard)?, checked(second, guard)?);
    let pairs = compare::compare_reports(
        &first.statements,
        &second.statements,
        &compare::Tolerance::default(),
    );
    let named: Vec<_> = second
        .statements
        .iter()
        .map(|s| (case::SecondRef::Sentence(s.id), s.clone()))
        .collect();
    Ok(
        serde_json::to_value(compare::answer(&pairs, &first.statements, &named))
            .unwrap_or_default(),
    )
}

fn checked(path: &Path, guard: &Guard) -> Result<report::Report, SessionError> {
    let bytes = read_report_file(path)?;
    guard.check_report(&bytes, None)?;
    let report = report::read(&bytes, None)?;
    guard.check_report(&bytes, report.source.study_instance_uid.as_deref())?;
    Ok(report)
}
