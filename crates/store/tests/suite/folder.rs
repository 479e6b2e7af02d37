use std::path::Path;

use rusqlite::Connection;
use store::{SqliteStore, Store, StoreError};

use crate::sample;

fn refusal(folder: &Path) -> StoreError {
    SqliteStore::open(folder).unwrap_err()
}

#[cfg(unix)]
#[test]
fn every_file_is_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("new/store");
    let mut store = SqliteStore::open(&folder).unwrap();
    sample::ready(&mut store);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let mut names = Vec::new();
    for file in std::fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{path:?}");
        names.push(path.file_name().unwrap().to_string_lossy().into_owned());
    }
    names.sort();
    assert_eq!(
        names,
        [
            "overread.db",
            "overread.db-shm",
            "overread.db-wal",
            "store.key"
        ]
    );
    let health = store.health().unwrap();
    assert_eq!(health.key_mode.as_deref(), Some("0600"));
    // What was opened wide in between is narrowed again.
    std::fs::set_permissions(folder.join("store.key"), PermissionsExt::from_mode(0o644)).unwrap();
    SqliteStore::open(&folder).unwrap();
    assert_eq!(mode(&folder.join("store.key")), 0o600);
}

#[test]
fn a_folder_that_cannot_be_used_is_said() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("file");
    std::fs::write(&file, "x").unwrap();
    for folder in [
        file.clone(),
        file.join("below"),
        Path::new("/proc/overread").into(),
    ] {
        let refused = refusal(&folder);
        assert!(matches!(refused, StoreError::Folder { .. }), "{refused:?}");
        let text = refused.to_string();
        assert!(
            text.starts_with("the store's folder cannot be used ("),
            "{text}"
        );
        assert!(text.ends_with(&folder.display().to_string()), "{text}");
    }
}

#[test]
fn a_file_of_something_else_is_left_alone() {
    let text = tempfile::tempdir().unwrap();
    std::fs::write(
        text.path().join("overread.db"),
        "not a database at all, but long enough".repeat(50),
    )
    .unwrap();
    let foreign = tempfile::tempdir().unwrap();
    let database = Connection::open(foreign.path().join("overread.db")).unwrap();
    database.execute_batch("CREATE TABLE theirs (a)").unwrap();
    for folder in [text.path(), foreign.path()] {
        let before = std::fs::read(folder.join("overread.db")).unwrap();
        let refused = refusal(folder);
        assert!(
            matches!(refused, StoreError::NotAStore { .. }),
            "{refused:?}"
        );
        assert_eq!(std::fs::read(folder.join("overread.db")).unwrap(), before);
        assert!(!folder.join("store.key").exists());
    }
}

#[test]
fn a_newer_format_is_refused_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    SqliteStore::open(folder.path()).unwrap();
    let database = Connection::open(folder.path().join("overread.db")).unwrap();
    database.execute_batch("PRAGMA user_version = 7").unwrap();
    assert_eq!(
        refusal(folder.path()).to_string(),
        "the store has format 7, this version knows formats up to 3; update the program"
    );
}

#[test]
fn a_lost_or_foreign_key_is_said_and_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    sample::ready(&mut SqliteStore::open(folder.path()).unwrap());
    let key = folder.path().join("store.key");
    let good = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    assert!(matches!(
        refusal(folder.path()),
        StoreError::KeyMissing { .. }
    ));
    assert!(!key.exists());
    for bad in [vec![0; 32], vec![0; 31], Vec::new()] {
        std::fs::write(&key, bad).unwrap();
        assert!(matches!(
            refusal(folder.path()),
            StoreError::WrongKey { .. }
        ));
    }
    std::fs::write(&key, good).unwrap();
    SqliteStore::open(folder.path())
        .unwrap()
        .entries(&sample::id())
        .unwrap();
}

#[test]
fn a_truncated_database_is_said_or_reads_as_written() {
    let folder = tempfile::tempdir().unwrap();
    let case = sample::sealed(&mut SqliteStore::open(folder.path()).unwrap());
    let path = folder.path().join("overread.db");
    Connection::open(&path)
        .unwrap()
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    let good = std::fs::read(&path).unwrap();
    for length in [
        1,
        50,
        99,
        100,
        512,
        4096,
        8192,
        good.len() / 2,
        good.len() - 4096,
        good.len() - 1,
    ] {
        std::fs::write(&path, &good[..length]).unwrap();
        for side in ["overread.db-wal", "overread.db-shm"] {
            let _ = std::fs::remove_file(folder.path().join(side));
        }
        let read = SqliteStore::open(folder.path()).and_then(|store| store.entries(case.id()));
        let refused = read.map(|entries| entries.len()).unwrap_err();
        assert!(!refused.to_string().is_empty(), "{length}");
    }
}

#[test]
fn settings_read_back_and_outlive_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(store.setting("recent").unwrap(), None);
    store.set_setting("recent", "[\"a\"]").unwrap();
    store.set_setting("recent", "[\"b\"]").unwrap();
    drop(store);
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(store.setting("recent").unwrap().as_deref(), Some("[\"b\"]"));
}

#[test]
fn cases_are_listed_in_order_of_creation_and_unknown_ones_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    for name in ["OR-9", "OR-1", "OR-5"] {
        let mut case = case::Case::new(case::CaseId::new(name));
        let create = case::Command::CreateCase {
            study: sample::study(),
            priors: Vec::new(),
            question: String::new(),
            protocol: "second-opinion".into(),
            rules: None,
        };
        sample::perform(&mut store, &mut case, create).unwrap();
    }
    let names: Vec<_> = store
        .case_ids()
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(names, ["OR-9", "OR-1", "OR-5"]);
    let missing = store.entries(&case::CaseId::new("OR-2")).unwrap_err();
    assert_eq!(
        missing.to_string(),
        "there is no case OR-2 in this store; list the cases to see their names"
    );
}
