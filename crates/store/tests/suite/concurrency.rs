use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command as Process, Stdio},
    time::{Duration, Instant},
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
            Err(StoreError::Conflict { .. } | StoreError::Busy { .. }) => {}
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

const STATION_FOLDER: &str = "OVERREAD_STORE_STATION_FOLDER";

/// The other station of the tests below: looks at the case, says so, and does what it is told by then.
#[test]
fn child_that_decides_from_what_it_saw() {
    let Ok(folder) = std::env::var(STATION_FOLDER) else {
        return;
    };
    let mut store = SqliteStore::open(Path::new(&folder)).unwrap();
    let mut seen = store.load(&sample::id()).unwrap();
    let mut told = String::new();
    println!("\nseen");
    while std::io::stdin().lock().read_line(&mut told).unwrap() != 0 {
        let add = sample::add_finding(&seen);
        match told.trim() {
            "decide" => match sample::perform(&mut store, &mut seen, add) {
                Ok(()) => println!("kept"),
                Err(error) => println!("refused: {error}"),
            },
            "look" => println!("entries {}", store.entries(&sample::id()).unwrap().len()),
            other => panic!("{other}"),
        }
        told.clear();
    }
}

/// Another station at the same store.
struct Station {
    child: Child,
    said: BufReader<std::process::ChildStdout>,
}

impl Station {
    fn at(folder: &Path) -> Self {
        let mut child = Process::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "concurrency::child_that_decides_from_what_it_saw",
                "--nocapture",
            ])
            .env(STATION_FOLDER, folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let mut station = Self { child, said };
        station.hear("seen");
        station
    }

    /// The next line that begins so.
    fn hear(&mut self, begins: &str) -> String {
        let mut lines = (&mut self.said).lines().map_while(Result::ok);
        lines.find(|line| line.starts_with(begins)).unwrap()
    }

    fn tell(&mut self, what: &str) {
        let input = self.child.stdin.as_mut().unwrap();
        writeln!(input, "{what}").unwrap();
        input.flush().unwrap();
    }

    fn leave(mut self) {
        drop(self.child.stdin.take());
        assert!(self.child.wait().unwrap().success());
    }
}

#[test]
fn a_station_that_decides_from_an_old_state_is_refused_and_nothing_changes() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    let mut case = sample::ready(&mut store);
    let mut station = Station::at(folder.path());
    let hold = case::Command::Hold {
        reason: "waits".into(),
    };
    sample::perform(&mut store, &mut case, hold).unwrap();
    station.tell("decide");
    assert_eq!(
        station.hear("refused"),
        "refused: case OR-00000001 was changed by another window or command; load it again and repeat the step"
    );
    station.leave();
    assert_eq!(store.load(case.id()).unwrap(), case);
    assert_eq!(store.check().unwrap().problems, Vec::<String>::new());
}

#[test]
fn a_second_writer_waits_for_a_while_then_is_told_who_writes_and_readers_never_wait() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    let case = sample::ready(&mut store);
    let writes = rusqlite::Connection::open(folder.path().join("overread.db")).unwrap();
    writes.execute_batch("BEGIN IMMEDIATE").unwrap();
    // Opened and looked at while somebody writes.
    let from = Instant::now();
    let mut station = Station::at(folder.path());
    station.tell("look");
    assert_eq!(
        station.hear("entries"),
        format!("entries {}", case.n_entries())
    );
    assert!(
        from.elapsed() < Duration::from_secs(4),
        "it waited for the writer"
    );
    let from = Instant::now();
    station.tell("decide");
    let refused = station.hear("refused");
    let waited = from.elapsed();
    assert!(
        Duration::from_secs(4) < waited && waited < Duration::from_secs(30),
        "{waited:?}"
    );
    assert!(
        refused.contains("keeps the store locked; wait"),
        "{refused}"
    );
    if cfg!(target_os = "linux") {
        let me = format!("process {}", std::process::id());
        assert!(refused.contains(&me), "{refused}");
    }
    // It goes on as soon as the other is done, well within its time.
    station.tell("decide");
    std::thread::sleep(Duration::from_millis(500));
    writes.execute_batch("ROLLBACK").unwrap();
    assert_eq!(station.hear("kept"), "kept");
    station.leave();
    assert_eq!(store.n_entries(case.id()).unwrap(), case.n_entries() + 2);
}
