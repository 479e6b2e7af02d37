use std::{collections::BTreeMap, time::Duration};

use rusqlite::{Connection, types::Value};

use crate::StoreError;

/// SQLite before this version could lose writes of two connections in WAL mode.
pub(crate) const MIN_SQLITE: (i32, &str) = (3_051_003, "3.51.3");

/// How long a call waits for another program's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// What durability and integrity rest on: name, value to set, value that must be read back.
const REQUIRED: &[(&str, &str, &str)] = &[
    ("journal_mode", "WAL", "wal"),
    // FULL syncs the log at every commit; NORMAL loses acknowledged commits at power-off.
    ("synchronous", "FULL", "2"),
    ("fullfsync", "ON", "1"),
    ("checkpoint_fullfsync", "ON", "1"),
    ("foreign_keys", "ON", "1"),
    // With it, INSERT OR REPLACE meets the delete triggers.
    ("recursive_triggers", "ON", "1"),
    ("trusted_schema", "OFF", "0"),
    ("cell_size_check", "ON", "1"),
    ("secure_delete", "ON", "1"),
    ("temp_store", "MEMORY", "2"),
    ("wal_autocheckpoint", "1000", "1000"),
];

pub(crate) fn require_sqlite(found_number: i32, found: &str) -> Result<(), StoreError> {
    let (min, needed) = MIN_SQLITE;
    if min <= found_number {
        return Ok(());
    }
    Err(StoreError::SqliteTooOld {
        found: found.to_owned(),
        needed,
    })
}

/// Sets every pragma and reads it back.
pub(crate) fn assert(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    for &(name, value, wanted) in REQUIRED {
        set(connection, name, value)?;
        let found = read(connection, name)?;
        if found != wanted {
            return Err(StoreError::Pragma {
                name,
                wanted: wanted.to_owned(),
                found,
            });
        }
    }
    Ok(())
}

/// The switch to WAL can meet another program's without SQLite waiting for it, so it is tried for the same time.
fn set(connection: &Connection, name: &str, value: &str) -> Result<(), StoreError> {
    let pause = Duration::from_millis(50);
    let mut left = BUSY_TIMEOUT;
    loop {
        let answer = connection
            .pragma_update_and_check(None, name, value, |_| Ok(()))
            .or_else(|error| match error {
                // Most pragmas answer nothing when they are set.
                rusqlite::Error::QueryReturnedNoRows => Ok(()),
                other => Err(StoreError::from(other)),
            });
        match answer {
            Err(StoreError::Busy { .. }) if pause < left => {
                std::thread::sleep(pause);
                left -= pause;
            }
            answer => return answer,
        }
    }
}

fn read(connection: &Connection, name: &str) -> Result<String, rusqlite::Error> {
    connection.pragma_query_value(None, name, |row| {
        Ok(match row.get::<_, Value>(0)? {
            Value::Integer(number) => number.to_string(),
            Value::Text(text) => text,
            other => format!("{other:?}"),
        })
    })
}

/// Every pragma of the list as it is now.
pub(crate) fn read_all(
    connection: &Connection,
) -> Result<BTreeMap<&'static str, String>, rusqlite::Error> {
    let names = REQUIRED.iter().map(|row| row.0);
    names
        .chain(["busy_timeout", "application_id", "user_version"])
        .map(|name| Ok((name, read(connection, name)?)))
        .collect()
}
