use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::StoreError;

/// `OVRD`, so that other programs and we know the file.
pub(crate) const APPLICATION_ID: i64 = 0x4F56_5244;

/// Forward steps: step `k` leads from format `k` to format `k + 1`. A released step is never changed.
const STEPS: &[&str] = &[STEP_0_TO_1, STEP_1_TO_2, STEP_2_TO_3];

/// The log, sealed reports and their keys, readers' keys, settings.
///
/// The triggers make the log append-only and keep each case's chain without a gap, whoever writes.
const STEP_0_TO_1: &str = "
CREATE TABLE event (
    case_id TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL,
    body BLOB NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL,
    PRIMARY KEY (case_id, seq)
) STRICT;
CREATE TABLE case_head (
    number INTEGER PRIMARY KEY, case_id TEXT NOT NULL UNIQUE,
    n_entries INTEGER NOT NULL, hash TEXT NOT NULL, nonce BLOB NOT NULL, tag BLOB NOT NULL
) STRICT;
CREATE TABLE sealed_report (
    case_id TEXT NOT NULL, version INTEGER NOT NULL, sha256 TEXT NOT NULL,
    nonce BLOB NOT NULL, ciphertext BLOB NOT NULL,
    PRIMARY KEY (case_id, version)
) STRICT;
CREATE TABLE report_key (
    case_id TEXT NOT NULL, version INTEGER NOT NULL, nonce BLOB NOT NULL, wrapped BLOB NOT NULL,
    PRIMARY KEY (case_id, version),
    FOREIGN KEY (case_id, version) REFERENCES sealed_report (case_id, version) ON DELETE CASCADE
) STRICT;
CREATE TABLE reader_key (
    actor TEXT PRIMARY KEY, public_key TEXT NOT NULL, nonce BLOB NOT NULL, wrapped BLOB NOT NULL
) STRICT;
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE key_check (one INTEGER PRIMARY KEY CHECK (one = 1), nonce BLOB NOT NULL, wrapped BLOB NOT NULL) STRICT;

CREATE TRIGGER event_stays BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'an entry of the log is never changed'); END;
CREATE TRIGGER event_remains BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'an entry of the log is never removed'); END;
CREATE TRIGGER event_continues BEFORE INSERT ON event
WHEN NEW.seq <> 1 + coalesce((SELECT max(seq) FROM event WHERE case_id = NEW.case_id), 0)
  OR NEW.prev <> coalesce(
        (SELECT hash FROM event WHERE case_id = NEW.case_id ORDER BY seq DESC LIMIT 1),
        '0000000000000000000000000000000000000000000000000000000000000000')
BEGIN SELECT RAISE(ABORT, 'an entry of the log continues the one before'); END;
CREATE TRIGGER head_remains BEFORE DELETE ON case_head
BEGIN SELECT RAISE(ABORT, 'a case is never removed'); END;
";

/// What is kept about cases, so that a list need not read their logs. It may be thrown away at any time.
const STEP_1_TO_2: &str = "
ALTER TABLE case_head ADD COLUMN kept_head TEXT;
ALTER TABLE case_head ADD COLUMN kept BLOB;
";

/// Reading paths, in chunks as they were kept.
const STEP_2_TO_3: &str = "
CREATE TABLE path_chunk (
    case_id TEXT NOT NULL, part TEXT NOT NULL, chunk INTEGER NOT NULL,
    nonce BLOB NOT NULL, ciphertext BLOB NOT NULL,
    PRIMARY KEY (case_id, part, chunk)
) STRICT;
CREATE TRIGGER path_stays BEFORE UPDATE ON path_chunk
BEGIN SELECT RAISE(ABORT, 'a reading path is never changed'); END;
CREATE TRIGGER path_remains BEFORE DELETE ON path_chunk
BEGIN SELECT RAISE(ABORT, 'a reading path is never removed'); END;
CREATE TRIGGER path_continues BEFORE INSERT ON path_chunk
WHEN NEW.chunk <> (SELECT count(*) FROM path_chunk WHERE case_id = NEW.case_id AND part = NEW.part)
BEGIN SELECT RAISE(ABORT, 'a reading path goes on where it ended'); END;
";

/// Newest format that this version knows.
pub(crate) fn newest() -> i64 {
    STEPS.len() as i64
}

pub(crate) fn version(connection: &Connection) -> Result<i64, rusqlite::Error> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// What a database file is before anything is done to it.
pub(crate) enum Kind {
    /// Nothing is in it.
    Empty,
    /// It is ours, in a format up to the newest.
    Ours,
    /// It is ours, of a later version of the program.
    Newer(i64),
    /// It is something else.
    Foreign,
}

pub(crate) fn kind(connection: &Connection) -> Result<Kind, rusqlite::Error> {
    // One look at one moment: between two looks another program may have made the store.
    let moment = connection.unchecked_transaction()?;
    let connection: &Connection = &moment;
    let id: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let n_objects: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let found = version(connection)?;
    Ok(match (id, n_objects) {
        (APPLICATION_ID, _) if newest() < found => Kind::Newer(found),
        (APPLICATION_ID, _) => Kind::Ours,
        (0, 0) => Kind::Empty,
        _ => Kind::Foreign,
    })
}

/// Brings the database to the newest format, one transaction a step.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    // Without a lock: whoever only looks need not wait for somebody who writes.
    while version(connection)? < newest() {
        let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Asked inside the transaction: another program may have done the step in between.
        let found = version(&step)?;
        let Some(sql) = usize::try_from(found).ok().and_then(|k| STEPS.get(k)) else {
            return Ok(());
        };
        take(step, sql, found + 1)?;
    }
    Ok(())
}

fn take(step: Transaction<'_>, sql: &str, to: i64) -> Result<(), rusqlite::Error> {
    step.execute_batch(sql)?;
    step.pragma_update(None, "application_id", APPLICATION_ID)?;
    step.pragma_update(None, "user_version", to)?;
    step.commit()
}
