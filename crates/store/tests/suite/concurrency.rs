use std::{
    path::Path,
    process::{Command as Process, Stdio},
};

use store::{SqliteStore, Store, StoreError};

use crate::sample;

const CHILD_FOLDER: &str = "OVERREAD_STORE_RIVAL_FOLDER";
const N_EACH: usize = 20;

/// One of the rivals of the next test: enters its findings, loading again whenever another was faster.
#[test]
fn child_that_writes_against_others() {
    let Ok(folder) = std::env::var(CHILD_FOLDER) else {
        return;
    };
    write_against_others(Path::new(&folder));
}

fn write_against_others(folder: &Path) {
    let mut store = SqliteStore::open(folder).unwrap();
    let mut n_done = 0;
    while n_done < N_EACH {
        let mut case = store.load(&sample::id()).unwrap();
        let add = sample::add_finding(&case);
        match sample::perform(&mut store, &mut case, add) {
            Ok(()) => n_done += 1,
            Err(StoreError::Conflict { .. } | StoreError::Busy) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn four_processes_write_one_case_and_nothing_is_lost_or_doubled() {
    let folder = tempfile::tempdir().unwrap();
    let ready = sample::ready(&mut SqliteStore::open(folder.path()).unwrap());
    let rivals: Vec<_> = (0..4)
        .map(|_| {
            Process::new(std::env::current_exe().unwrap())
                .args(["--exact", "concurrency::child_that_writes_against_others"])
                .env(CHILD_FOLDER, folder.path())
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut rival in rivals {
        assert!(rival.wait().unwrap().success());
    }
    let store = SqliteStore::open(folder.path()).unwrap();
    let case = store.load(&sample::id()).unwrap();
    assert_eq!(case.read().findings.len(), 4 * N_EACH);
    // The first finding also started the read.
    assert_eq!(case.n_entries() - ready.n_entries(), 4 * N_EACH as u64 + 1);
    assert_eq!(store.check().unwrap().problems, Vec::<String>::new());
}

#[test]
fn a_new_store_opened_by_eight_threads_at_once_has_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let keys: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let mut store = SqliteStore::open(folder.path()).unwrap();
                    store.sign(&sample::reader(), b"x").unwrap().public_key
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    let names = std::fs::read_dir(folder.path()).unwrap();
    let drafts = names.filter(|name| {
        name.as_ref()
            .unwrap()
            .file_name()
            .to_string_lossy()
            .starts_with('.')
    });
    assert_eq!(drafts.count(), 0, "drafts of the key file are left");
}

#[test]
fn the_slower_of_two_windows_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = SqliteStore::open(folder.path()).unwrap();
    let mut second = SqliteStore::open(folder.path()).unwrap();
    let mut case = sample::ready(&mut first);
    let mut stale = case.clone();
    let add = sample::add_finding(&case);
    sample::perform(&mut first, &mut case, add).unwrap();
    let hold = case::Command::Hold {
        reason: "waits".into(),
    };
    let refused = sample::perform(&mut second, &mut stale, hold).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "case OR-00000001 was changed by another window or command; load it again and repeat the step"
    );
    assert_eq!(second.n_entries(case.id()).unwrap(), case.n_entries());
}
