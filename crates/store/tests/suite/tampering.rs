use std::path::Path;

use rusqlite::Connection;
use store::{SqliteStore, Store, StoreError};

use crate::sample;

fn database(folder: &Path) -> Connection {
    Connection::open(folder.join("overread.db")).unwrap()
}

/// Somebody with the file and a database tool, but without the key of the store.
fn without_triggers(folder: &Path) -> Connection {
    let connection = database(folder);
    connection
        .execute_batch(
            "DROP TRIGGER event_stays; DROP TRIGGER event_remains; DROP TRIGGER event_continues; DROP TRIGGER head_remains;",
        )
        .unwrap();
    connection
}

#[test]
fn the_log_cannot_be_changed_through_sql() {
    let folder = tempfile::tempdir().unwrap();
    sample::sealed(&mut SqliteStore::open(folder.path()).unwrap());
    let connection = database(folder.path());
    connection
        .execute_batch("PRAGMA recursive_triggers = ON")
        .unwrap();
    for sql in [
        "UPDATE event SET actor = 'other' WHERE seq = 2",
        "DELETE FROM event WHERE seq = 8",
        "INSERT OR REPLACE INTO event SELECT case_id, 8, kind, actor, body, prev, hash FROM event WHERE seq = 8",
        "INSERT INTO event SELECT case_id, 10, kind, actor, body, prev, hash FROM event WHERE seq = 8",
        "INSERT INTO event SELECT case_id, 9, kind, actor, body, prev, hash FROM event WHERE seq = 8",
        "DELETE FROM case_head",
    ] {
        assert!(connection.execute_batch(sql).is_err(), "{sql}");
    }
}

#[test]
fn every_altered_row_is_found_and_named() {
    let rows = [
        ("DELETE FROM event WHERE seq = 1", 1),
        ("DELETE FROM event WHERE seq = 5", 5),
        ("DELETE FROM event WHERE seq = 8", 8),
        ("DELETE FROM event", 1),
        ("DELETE FROM case_head", 1),
        (
            "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'nodule', 'tumour') AS BLOB)",
            5,
        ),
        ("UPDATE event SET actor = 'other' WHERE seq = 6", 6),
        ("UPDATE event SET kind = 'revealed' WHERE seq = 8", 8),
        (
            "UPDATE event SET hash = replace(hash, '1', '2') WHERE seq = 3",
            3,
        ),
        (
            "UPDATE event SET prev = replace(prev, '1', '2') WHERE seq = 3",
            3,
        ),
        (
            "UPDATE event SET seq = 100 WHERE seq = 6; UPDATE event SET seq = 6 WHERE seq = 7; UPDATE event SET seq = 7 WHERE seq = 100",
            6,
        ),
        ("UPDATE event SET seq = seq + 100", 1),
        (
            "UPDATE case_head SET n_entries = 7, hash = (SELECT hash FROM event WHERE seq = 7); DELETE FROM event WHERE seq = 8",
            7,
        ),
        ("UPDATE case_head SET hash = replace(hash, '1', '2')", 8),
    ];
    for (sql, seq) in rows {
        let folder = tempfile::tempdir().unwrap();
        let case = sample::sealed(&mut SqliteStore::open(folder.path()).unwrap());
        assert_eq!(case.n_entries(), 8);
        without_triggers(folder.path()).execute_batch(sql).unwrap();
        let store = SqliteStore::open(folder.path()).unwrap();
        match store.entries(case.id()) {
            Err(StoreError::ChainBroken(broken)) => assert_eq!(broken.seq, seq, "{sql}: {broken}"),
            other => panic!("{sql}: {other:?}"),
        }
    }
}

#[test]
fn every_flipped_bit_of_every_row_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let case = sample::sealed(&mut SqliteStore::open(folder.path()).unwrap());
    let connection = without_triggers(folder.path());
    let mut n_flips = 0;
    for seq in 1..=case.n_entries() {
        let body: Vec<u8> = connection
            .query_row(
                "SELECT body FROM event WHERE seq = ?1",
                [seq as i64],
                |row| row.get(0),
            )
            .unwrap();
        for bit_idx in (0..body.len() * 8).step_by(23) {
            let mut flipped = body.clone();
            flipped[bit_idx / 8] ^= 1 << (bit_idx % 8);
            set_body(&connection, seq, &flipped);
            let store = SqliteStore::open(folder.path()).unwrap();
            match store.entries(case.id()) {
                Err(StoreError::ChainBroken(broken)) => assert_eq!(broken.seq, seq),
                other => panic!("entry {seq}, bit {bit_idx}: {other:?}"),
            }
            n_flips += 1;
        }
        set_body(&connection, seq, &body);
    }
    println!("{n_flips} flips, all found");
    SqliteStore::open(folder.path())
        .unwrap()
        .entries(case.id())
        .unwrap();
}

fn set_body(connection: &Connection, seq: u64, body: &[u8]) {
    let row = rusqlite::params![body, seq as i64];
    connection
        .execute("UPDATE event SET body = ?1 WHERE seq = ?2", row)
        .unwrap();
}

/// Bits of the file that no row uses may flip unseen; what is read is then still what was written, or an error.
#[test]
fn no_flipped_bit_of_the_file_changes_what_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let case = sample::sealed(&mut SqliteStore::open(folder.path()).unwrap());
    let written = SqliteStore::open(folder.path())
        .unwrap()
        .entries(case.id())
        .unwrap();
    database(folder.path())
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    let path = folder.path().join("overread.db");
    let good = std::fs::read(&path).unwrap();
    let (mut n_found, mut n_unused) = (0, 0);
    for k in 0..300 {
        let bit_idx = (k * 7919 * 131) % (good.len() * 8);
        let mut bad = good.clone();
        bad[bit_idx / 8] ^= 1 << (bit_idx % 8);
        std::fs::write(&path, &bad).unwrap();
        let read = SqliteStore::open(folder.path()).and_then(|store| store.entries(case.id()));
        match read {
            Ok(entries) => {
                assert_eq!(entries, written, "bit {bit_idx}");
                n_unused += 1;
            }
            Err(_) => n_found += 1,
        }
        for side in ["overread.db-wal", "overread.db-shm"] {
            let _ = std::fs::remove_file(folder.path().join(side));
        }
    }
    println!(
        "300 flips: {n_found} found, {n_unused} in bytes that nothing is read from, 0 unnoticed"
    );
    assert!(0 < n_found);
}

#[test]
fn a_log_rewritten_with_good_hashes_is_found_by_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let case = sample::ready(&mut SqliteStore::open(folder.path()).unwrap());
    // Another history of the same length, chained without a fault.
    let elsewhere = tempfile::tempdir().unwrap();
    let mut other = SqliteStore::open(elsewhere.path()).unwrap();
    let forged = sample::ready(&mut other);
    let hold = sample::entries(&forged, case::Command::Hold { reason: "x".into() });
    other.append(forged.id(), &hold).unwrap();
    let entries = other.entries(forged.id()).unwrap();
    let connection = without_triggers(folder.path());
    connection.execute_batch("DELETE FROM event").unwrap();
    for entry in &entries {
        connection
            .execute(
                "INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                rusqlite::params![
                    entry.case.as_str(),
                    entry.seq as i64,
                    entry.event.kind(),
                    entry.actor.as_str(),
                    entry.canonical_bytes(),
                    entry.prev.as_str(),
                    entry.hash.as_str()
                ],
            )
            .unwrap();
    }
    let head = entries.last().unwrap();
    connection
        .execute(
            "UPDATE case_head SET n_entries = ?1, hash = ?2",
            rusqlite::params![head.seq as i64, head.hash.as_str()],
        )
        .unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    let refused = store.entries(case.id());
    assert!(
        matches!(refused, Err(StoreError::ChainBroken(_))),
        "{refused:?}"
    );
}
