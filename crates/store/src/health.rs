use std::collections::BTreeMap;

use case::{Case, CaseId};
use rusqlite::Connection;
use serde::Serialize;

use crate::{
    StoreError,
    folder::{self, DATABASE, KEY_FILE},
    keys::SecretKey,
    log, paths, pragmas, reports, schema,
    signature::verify_seal,
};

/// What `doctor` tells about a store, all of it read back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Version of SQLite in use.
    pub sqlite_version: String,
    /// Format of the store.
    pub schema_version: i64,
    /// Every setting that durability and integrity rest on, as the database says it is.
    pub pragmas: BTreeMap<&'static str, String>,
    /// Number of cases.
    pub n_cases: u64,
    /// Number of entries in all logs.
    pub n_entries: u64,
    /// Permissions of the database, octal; `None` where the system has none.
    pub database_mode: Option<String>,
    /// Permissions of the key file, octal; `None` where the system has none.
    pub key_mode: Option<String>,
}

/// What a check of everything found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// Cases looked at.
    pub n_cases: u64,
    /// Entries that are as they were written.
    pub n_entries: u64,
    /// Sealed reports that open and fit their digest.
    pub n_reports: u64,
    /// What is not as it was written, a sentence each. Empty: all is well.
    pub problems: Vec<String>,
}

pub(crate) fn health(
    connection: &Connection,
    store_folder: &std::path::Path,
) -> Result<Health, StoreError> {
    let octal = |name: &str| folder::mode(&store_folder.join(name)).map(|m| format!("{m:04o}"));
    Ok(Health {
        sqlite_version: rusqlite::version().to_owned(),
        schema_version: schema::version(connection)?,
        pragmas: pragmas::read_all(connection)?,
        n_cases: count(connection, "SELECT count(*) FROM case_head")?,
        n_entries: count(connection, "SELECT count(*) FROM event")?,
        database_mode: octal(DATABASE),
        key_mode: octal(KEY_FILE),
    })
}

fn count(connection: &Connection, sql: &str) -> Result<u64, StoreError> {
    let n: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    Ok(u64::try_from(n).unwrap_or(0))
}

pub(crate) fn check(connection: &Connection, key: &SecretKey) -> Result<CheckReport, StoreError> {
    let mut report = CheckReport::default();
    for line in integrity(connection)? {
        report.problems.push(format!("the database file: {line}"));
    }
    for id in log::case_ids(connection)? {
        report.n_cases += 1;
        match check_case(connection, key, &id) {
            Ok((n_entries, problems)) => {
                report.n_entries += n_entries;
                report.problems.extend(problems);
            }
            Err(error) => report.problems.push(error.to_string()),
        }
    }
    check_reports(connection, key, &mut report)?;
    report.problems.extend(paths::strays(connection)?);
    Ok(report)
}

fn integrity(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare("PRAGMA integrity_check(20)")?;
    let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut lines = lines.collect::<Result<Vec<_>, _>>()?;
    lines.retain(|line| line != "ok");
    Ok(lines)
}

/// How many entries a case has, and what is wrong with its reading paths.
fn check_case(
    connection: &Connection,
    key: &SecretKey,
    id: &CaseId,
) -> Result<(u64, Vec<String>), StoreError> {
    let entries = log::entries(connection, key, id)?;
    let (case, seals) = Case::replay_with_seals(id.clone(), &entries)?;
    seals.iter().try_for_each(|by| verify_seal(&by.seal))?;
    for report in case.reports() {
        let sealed = reports::sealed(connection, id, report.version)?;
        if sealed.sha256 != report.sha256 {
            return Err(StoreError::SealedDamaged {
                what: "report".into(),
            });
        }
    }
    Ok((
        entries.len() as u64,
        paths::problems(connection, key, &case)?,
    ))
}

fn check_reports(
    connection: &Connection,
    key: &SecretKey,
    report: &mut CheckReport,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare("SELECT case_id, version FROM sealed_report")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    for row in rows {
        let (id, version) = row?;
        let id = CaseId::new(id);
        match reports::plain(connection, key, &id, version) {
            Ok(_) => report.n_reports += 1,
            Err(error) => report
                .problems
                .push(format!("case {id}, report version {version}: {error}")),
        }
    }
    Ok(())
}
