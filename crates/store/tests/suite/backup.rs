use case::Command;
use store::{SqliteStore, Store, StoreError};

use crate::sample::{self, REPORT};

#[test]
fn a_backup_is_a_store_that_reads_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let parent = tempfile::tempdir().unwrap();
    let to = parent.path().join("backup");
    let mut store = SqliteStore::open(folder.path()).unwrap();
    let mut case = sample::sealed(&mut store);
    let report = store.backup(&to).unwrap();
    assert_eq!(
        (report.n_cases, report.n_entries, report.n_reports),
        (1, 8, 1)
    );
    drop(store);
    std::fs::remove_dir_all(folder.path()).unwrap();
    let mut restored = SqliteStore::open(&to).unwrap();
    assert_eq!(restored.load(case.id()).unwrap(), case);
    // Work goes on in it, and the report still opens.
    sample::perform(&mut restored, &mut case, Command::Reveal { urgent: None }).unwrap();
    let permit = case.reveal_permit(&sample::reader()).unwrap();
    assert_eq!(restored.open_report(1, &permit).unwrap(), REPORT.as_bytes());
}

#[test]
fn a_backup_never_overwrites_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    let refused = store.backup(folder.path()).unwrap_err();
    assert!(
        matches!(refused, StoreError::BackupExists { .. }),
        "{refused}"
    );
}

#[test]
fn a_damaged_store_does_not_make_a_good_backup() {
    let folder = tempfile::tempdir().unwrap();
    let parent = tempfile::tempdir().unwrap();
    let to = parent.path().join("backup");
    let mut store = SqliteStore::open(folder.path()).unwrap();
    sample::sealed(&mut store);
    let database = rusqlite::Connection::open(folder.path().join("overread.db")).unwrap();
    database
        .execute_batch("DROP TRIGGER event_stays; UPDATE event SET actor = 'other' WHERE seq = 4")
        .unwrap();
    let refused = store.backup(&to).unwrap_err();
    assert!(
        matches!(refused, StoreError::BackupDiffers { .. }),
        "{refused}"
    );
    assert!(!to.join("overread.db").exists());
}

#[test]
fn a_backup_of_a_store_in_use_is_of_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let parent = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    let mut case = sample::ready(&mut store);
    let reader = SqliteStore::open(folder.path()).unwrap();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for _ in 0..60 {
                let add = sample::add_finding(&case);
                sample::perform(&mut store, &mut case, add).unwrap();
            }
        });
        for k in 0..5 {
            let to = parent.path().join(k.to_string());
            let report = reader.backup(&to).unwrap();
            assert_eq!(report.problems, Vec::<String>::new());
        }
        writer.join().unwrap();
    });
}
