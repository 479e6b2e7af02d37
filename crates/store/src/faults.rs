//! Disks that fill up, power that goes and steps that fail in the middle, made on purpose: a change of many cases is kept
//! whole or not at all.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use case::{Actor, Case, CaseId, Command, Entry, StudyRef, Timestamp};

use crate::{
    SqliteStore, Store, StoreError,
    folder::{DATABASE, KEY_FILE},
};

const N_CASES: usize = 5;

fn entries(case: &Case, command: Command) -> Vec<Entry> {
    let at = Timestamp::new("2026-01-01T10:00:00Z");
    case.record(&Actor::new("iyer"), &at, "0.1.0", command)
        .unwrap()
}

fn created(number: usize) -> (CaseId, Vec<Entry>) {
    let case = Case::new(CaseId::new(format!("OR-{number}")));
    let create = Command::CreateCase {
        study: StudyRef::default(),
        priors: Vec::new(),
        question: String::new(),
        protocol: String::new(),
        rules: None,
    };
    (case.id().clone(), entries(&case, create))
}

/// A store with some cases of one entry each, and a further entry for each of them. `n_letters` is how long it is.
fn begun(folder: &Path, n_letters: usize) -> (SqliteStore, Vec<(CaseId, Vec<Entry>)>) {
    let mut store = SqliteStore::open(folder).unwrap();
    let cases: Vec<_> = (0..N_CASES).map(created).collect();
    store.create_cases(&cases).unwrap();
    let further = cases.iter().map(|(id, _)| {
        let reason = "x".repeat(n_letters);
        let case = store.load(id).unwrap();
        (id.clone(), entries(&case, Command::Hold { reason }))
    });
    let further = further.collect();
    (store, further)
}

/// How many entries each case has, when they all have as many and nothing is broken.
fn lengths(store: &SqliteStore) -> Option<usize> {
    assert_eq!(store.check().unwrap().problems, Vec::<String>::new());
    let mut all = store.case_ids().unwrap().into_iter().map(|id| {
        let n_entries = store.entries(&id).unwrap().len();
        assert_eq!(store.n_entries(&id).unwrap(), n_entries as u64);
        n_entries
    });
    let first = all.next().unwrap_or(0);
    all.all(|n| n == first).then_some(first)
}

#[test]
fn a_fault_between_any_two_entries_of_many_cases_leaves_none_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, further) = begun(folder.path(), 10);
    let how = ["ABORT", "FAIL", "ROLLBACK"];
    for (number, how) in (0..N_CASES).flat_map(|number| how.map(|how| (number, how))) {
        for table in ["event", "case_head"] {
            // What is refused is the entry itself, or the record of the log's end behind it.
            let (when, of) = match table {
                "event" => ("INSERT", "NEW.seq = 2 AND"),
                _ => ("UPDATE", ""),
            };
            let sql = format!(
                "CREATE TEMP TRIGGER fault BEFORE {when} ON main.{table} WHEN {of} NEW.case_id = 'OR-{number}'
                 BEGIN SELECT RAISE({how}, 'on purpose'); END"
            );
            store.connection().execute_batch(&sql).unwrap();
            let refused = store.append_many(&further).unwrap_err();
            assert!(refused.to_string().contains("on purpose"), "{refused}");
            store
                .connection()
                .execute_batch("DROP TRIGGER fault")
                .unwrap();
            assert_eq!(lengths(&store), Some(1), "OR-{number} {how} {table}");
        }
    }
    // One that does not continue its log takes all others with it as well.
    let mut stale = further.clone();
    stale[N_CASES - 1].1 = created(N_CASES - 1).1;
    let refused = store.append_many(&stale).unwrap_err();
    assert!(matches!(refused, StoreError::Conflict { .. }), "{refused}");
    assert_eq!(lengths(&store), Some(1));
    store.append_many(&further).unwrap();
    assert_eq!(lengths(&store), Some(2));
}

#[test]
fn a_disk_that_is_full_at_any_page_keeps_nothing_of_a_change() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, further) = begun(folder.path(), 30_000);
    let pages = |store: &SqliteStore, limit: i64| {
        let sql = format!("PRAGMA max_page_count = {limit}");
        let connection = store.connection();
        connection
            .query_row(&sql, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    let n_before = pages(&store, 1);
    let mut n_refused = 0;
    for limit in n_before.. {
        pages(&store, limit);
        match store.append_many(&further) {
            Ok(()) => break,
            Err(refused) => {
                assert!(matches!(refused, StoreError::DiskFull), "{refused}");
                assert_eq!(lengths(&store), Some(1), "{limit} pages");
                n_refused += 1;
            }
        }
    }
    assert_eq!(lengths(&store), Some(2));
    assert!(20 < n_refused, "only {n_refused} pages were ever missing");
}

#[test]
fn power_that_goes_at_any_write_leaves_all_of_a_change_or_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, further) = begun(folder.path(), 3_000);
    let wal = format!("{DATABASE}-wal");
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    let before = read(&wal).len();
    store.append_many(&further).unwrap();
    let (database, log, key) = (read(DATABASE), read(&wal), read(KEY_FILE));
    assert!(before < log.len(), "nothing was written to the log");
    drop(store);
    let mut seen = [0, 0];
    // After every sector, and in the middle of some; what a disk holds behind it may be zeros or what was there.
    let ends = (before..=log.len())
        .step_by(512)
        .chain([before + 7, log.len() - 1, log.len()]);
    for (k, end) in ends.enumerate() {
        let copy = tempfile::tempdir().unwrap();
        let put = |name: &str, bytes: &[u8]| std::fs::write(copy.path().join(name), bytes).unwrap();
        let mut torn = log[..end].to_vec();
        if k % 2 == 1 {
            torn.resize(log.len(), 0);
        }
        put(DATABASE, &database);
        put(KEY_FILE, &key);
        put(&wal, &torn);
        let store = SqliteStore::open(copy.path()).unwrap();
        match lengths(&store) {
            Some(1) => seen[0] += 1,
            Some(2) => {
                assert_eq!(torn, log, "a change counts that was not written to its end");
                seen[1] += 1;
            }
            other => panic!("cut at {end}: {other:?}"),
        }
    }
    assert!(10 < seen[0] && 0 < seen[1], "{seen:?}");
}
