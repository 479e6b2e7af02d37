use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command as Process, Stdio},
    time::Duration,
};

use store::{SqliteStore, Store};

use crate::sample;

const CHILD_FOLDER: &str = "OVERREAD_STORE_CHILD_FOLDER";
const N_KILLS: u64 = 60;

/// The other half of the next test: writes findings until it is killed, and says each that was acknowledged.
#[test]
fn child_that_writes_until_it_is_killed() {
    let Ok(folder) = std::env::var(CHILD_FOLDER) else {
        return;
    };
    let mut store = SqliteStore::open(Path::new(&folder)).unwrap();
    let mut case = store.load(&sample::id()).unwrap();
    let mut out = std::io::stdout();
    loop {
        let add = sample::add_finding(&case);
        sample::perform(&mut store, &mut case, add).unwrap();
        writeln!(out, "acknowledged {}", case.n_entries()).unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    sample::ready(&mut SqliteStore::open(folder.path()).unwrap());
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let (mut n_acknowledged, mut n_unacknowledged) = (0, 0);
    for round in 0..N_KILLS {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let wait = Duration::from_micros(5_000 + random % 45_000);
        let acknowledged = run_and_kill(folder.path(), wait);
        let store = SqliteStore::open(folder.path()).unwrap();
        let entries = store.entries(&sample::id()).unwrap();
        let n = entries.len() as u64;
        assert!(
            acknowledged <= n,
            "round {round}: {acknowledged} acknowledged, {n} kept"
        );
        // At most the one that was being written can be there without having been acknowledged.
        if 0 < acknowledged {
            assert!(
                n <= acknowledged + 2,
                "round {round}: {n} kept of {acknowledged}"
            );
            n_unacknowledged += n - acknowledged;
        }
        n_acknowledged = n_acknowledged.max(acknowledged);
        assert_eq!(store.check().unwrap().problems, Vec::<String>::new());
    }
    println!(
        "{N_KILLS} kills, {n_acknowledged} entries acknowledged, 0 lost, {n_unacknowledged} more kept"
    );
    assert!(
        N_KILLS < n_acknowledged,
        "the children wrote too little to prove anything"
    );
}

/// Starts a child, kills it, and answers the last entry that it had acknowledged; 0 for none.
fn run_and_kill(folder: &Path, wait: Duration) -> u64 {
    let mut child = Process::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "durability::child_that_writes_until_it_is_killed",
            "--nocapture",
        ])
        .env(CHILD_FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let number = |line: &str| {
        line.strip_prefix("acknowledged ")
            .and_then(|n| n.parse().ok())
    };
    // The clock runs from the first acknowledgement, so that the kill meets a process that is writing.
    let first = lines.by_ref().find_map(|line| number(&line.unwrap()));
    std::thread::sleep(wait);
    child.kill().unwrap();
    child.wait().unwrap();
    lines
        .map_while(Result::ok)
        .filter_map(|line| number(&line))
        .last()
        .or(first)
        .unwrap_or(0)
}

#[test]
fn the_settings_that_durability_rests_on_are_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let health = SqliteStore::open(folder.path()).unwrap().health().unwrap();
    for (name, value) in [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("fullfsync", "1"),
        ("foreign_keys", "1"),
        ("recursive_triggers", "1"),
        ("trusted_schema", "0"),
        ("cell_size_check", "1"),
        ("secure_delete", "1"),
        ("busy_timeout", "5000"),
        ("application_id", "1331057220"),
        ("user_version", "3"),
    ] {
        assert_eq!(
            health.pragmas.get(name).map(String::as_str),
            Some(value),
            "{name}"
        );
    }
    println!("SQLite {}", health.sqlite_version);
}

#[test]
fn a_second_entry_in_the_same_place_is_a_conflict_even_when_it_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    let case = sample::ready(&mut store);
    let entries = sample::entries(&case, sample::add_finding(&case));
    store.append(case.id(), &entries).unwrap();
    // Two windows can make the same entry; only one of them may be told that it was kept.
    let refused = store.append(case.id(), &entries);
    assert!(
        matches!(refused, Err(store::StoreError::Conflict { .. })),
        "{refused:?}"
    );
    let hold = case::Command::Hold {
        reason: "waits".into(),
    };
    let other = sample::entries(&case, hold);
    let refused = store.append(case.id(), &other);
    assert!(
        matches!(refused, Err(store::StoreError::Conflict { .. })),
        "{refused:?}"
    );
    assert_eq!(
        store.entries(case.id()).unwrap().len() as u64,
        case.n_entries() + 2
    );
}

#[test]
fn entries_that_do_not_fit_together_are_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    let case = sample::ready(&mut store);
    let good = sample::entries(&case, sample::add_finding(&case));
    let mut altered = good.clone();
    altered[1].build = "another".into();
    let mut reversed = good.clone();
    reversed.reverse();
    let mut foreign = good.clone();
    foreign[0].case = case::CaseId::new("OR-2");
    for bad in [altered, reversed, foreign] {
        let refused = store.append(case.id(), &bad);
        assert!(
            matches!(refused, Err(store::StoreError::BadEntries { .. })),
            "{refused:?}"
        );
    }
    assert_eq!(
        store.entries(case.id()).unwrap().len() as u64,
        case.n_entries()
    );
}
