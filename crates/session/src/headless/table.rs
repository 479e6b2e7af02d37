use std::path::{Path, PathBuf};

use case::{Actor, Assignment, Command, SamplingMethod};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Session, SessionError};

/// Rows of a table that are taken at most.
const MAX_ROWS: usize = 10_000;

/// A row of a table of cases. Empty fields are left out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// Folders, files or archives, several with semicolons.
    paths: String,
    #[serde(default)]
    report: String,
    #[serde(default)]
    question: String,
    #[serde(default)]
    protocol: String,
    #[serde(default)]
    study: String,
    #[serde(default)]
    first_reader: String,
    #[serde(default)]
    reader: String,
    #[serde(default)]
    due: String,
    #[serde(default)]
    priority: String,
    #[serde(default)]
    method: String,
    #[serde(default)]
    probability: Option<f64>,
}

/// Begins a case for each row of a table; `protocol` counts for rows that name none. A row that fails is listed with its
/// reason and stops no other.
///
/// # Errors
/// When the table cannot be read, or no row of it made a case.
pub fn create_cases(
    session: &mut Session,
    table: &Path,
    protocol: Option<&str>,
) -> Result<Value, SessionError> {
    let mut rows = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(table)
        .map_err(|e| unreadable(&e.to_string()))?;
    let folder = table.parent().unwrap_or(Path::new(""));
    let mut created = Vec::new();
    let mut failed = Vec::new();
    for (row_idx, row) in rows.deserialize::<Row>().enumerate().take(MAX_ROWS) {
        // The first line names the columns.
        let line = row_idx + 2;
        match row
            .map_err(|e| unreadable(&e.to_string()))
            .and_then(|row| create(session, folder, &row, protocol))
        {
            Ok(mut value) => {
                value["line"] = json!(line);
                created.push(value);
            }
            Err(error) => {
                eprintln!("overread: line {line}: {error}");
                failed
                    .push(json!({ "line": line, "code": error.code(), "text": error.to_string() }));
            }
        }
    }
    if created.is_empty() {
        return Err(SessionError::NothingRead {
            code: "no_case",
            text: format!(
                "no row of the table made a case ({} failed); mend what is named above and try again",
                failed.len()
            ),
        });
    }
    Ok(json!({ "schema": "overread.cases-created/1", "created": created, "failed": failed }))
}

fn unreadable(what: &str) -> SessionError {
    SessionError::NothingRead {
        code: "table_unreadable",
        text: format!("the table cannot be read: {what}; see `overread case create --help`"),
    }
}

fn create(
    session: &mut Session,
    folder: &Path,
    row: &Row,
    protocol: Option<&str>,
) -> Result<Value, SessionError> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let paths: Vec<PathBuf> = row
        .paths
        .split(';')
        .map(str::trim)
        .filter(|path| !path.is_empty())
        .map(|path| folder.join(path))
        .collect();
    if paths.is_empty() {
        return Err(SessionError::Usage("this row names no paths".into()));
    }
    // Everything is looked at before the case is begun.
    let protocol = some(&row.protocol).or_else(|| protocol.map(str::to_owned));
    let assignment = assignment(row)?;
    session.dispatch(crate::Command::SetQuestion(row.question.clone()))?;
    let id = session.create_case_from(
        &paths,
        some(&row.report)
            .map(|report| folder.join(report))
            .as_deref(),
        some(&row.study).as_deref(),
        protocol.as_deref(),
    )?;
    if let Some(name) = some(&row.first_reader) {
        session.record(Command::NameFirstReader {
            reader: Actor::new(name),
        })?;
    }
    if let Some(assignment) = assignment {
        session.record(Command::Assign { assignment })?;
    }
    Ok(json!({ "id": id, "state": session.case().map(|c| c.stage()) }))
}

fn assignment(row: &Row) -> Result<Option<Assignment>, SessionError> {
    if row.reader.is_empty() {
        return Ok(None);
    }
    let word = |text: &str, default: Value| match text {
        "" => default,
        text => json!(text),
    };
    let bad =
        |e: serde_json::Error| SessionError::Usage(format!("this row cannot be assigned: {e}"));
    let assignment = Assignment {
        reader: Actor::new(row.reader.clone()),
        due: row.due.clone(),
        priority: serde_json::from_value(word(&row.priority, json!("routine"))).map_err(bad)?,
        method: serde_json::from_value(word(&row.method, json!(SamplingMethod::Chosen)))
            .map_err(bad)?,
        inclusion_probability: row.probability,
        draw: None,
    };
    match assignment.problem() {
        Some(problem) => Err(SessionError::Usage(format!(
            "this row cannot be assigned: {problem}"
        ))),
        None => Ok(Some(assignment)),
    }
}
