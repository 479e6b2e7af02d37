//! A store of many cases: how long a command waits for one of them, how long the worklist takes, how long a step of a read
//! is on its way to the disk, and how long a long log takes to fold.
//!
//! `OVERREAD_BENCH_CASES` says how many cases (100,000), `OVERREAD_BENCH_STORE` names a folder that is made once and kept.

#![allow(missing_docs, clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use case::{Case, CaseId, Command, Entry, Finding, StudyRef, Timestamp};
use session::{
    Actor, ListView, PicturesBy, ReadCommand, Session, SessionOptions, headless, system_clock,
};
use store::{SqliteStore, Store};

/// Events of a case: creation, intake, and the steps of a read.
const EVENTS: usize = 20;
/// Cases that are kept in one step.
const CHUNK: usize = 2_000;
const READER: &str = "Ada Second";

fn log_of(number: usize, n_events: usize) -> (Case, Vec<Entry>) {
    let mut case = Case::new(CaseId::new(format!("OR-{number:08X}")));
    let mut log = Vec::with_capacity(n_events);
    let day = number % 28 + 1;
    let study = StudyRef {
        study_instance_uid: format!("1.2.{number}"),
        patient_name: format!("SAMPLE^{number}"),
        patient_id: format!("ID-{number}"),
        study_date: format!("202603{day:02}"),
        description: "CT chest with contrast".into(),
        modalities: vec!["CT".into()],
        n_images: 240,
        ..StudyRef::default()
    };
    let mut commands = vec![
        Command::CreateCase {
            study,
            priors: Vec::new(),
            question: "Second opinion".into(),
            protocol: "second-opinion".into(),
            rules: None,
        },
        Command::CheckIntake {
            completeness: Vec::new(),
        },
        Command::StartRead,
    ];
    let n_findings = u32::try_from(n_events - commands.len()).unwrap();
    commands.extend((1..=n_findings).map(|k| Command::AddFinding {
        finding: Finding {
            concept: format!("nodule {k}"),
            ..Finding::empty(case::FindingId(k))
        },
    }));
    let (actor, at) = (Actor::new(READER), Timestamp::new("2026-03-01T10:00:00Z"));
    for command in commands {
        let entries = case.record(&actor, &at, "bench", command).unwrap();
        entries.iter().for_each(|entry| case.apply(entry));
        log.extend(entries);
    }
    (case, log)
}

fn make(folder: &Path, n_cases: usize) {
    let from = Instant::now();
    let mut store = SqliteStore::open(folder).unwrap();
    for start in (0..n_cases).step_by(CHUNK) {
        let cases: Vec<_> = (start..n_cases.min(start + CHUNK))
            .map(|number| {
                let (case, log) = log_of(number, EVENTS);
                (case.id().clone(), log)
            })
            .collect();
        store.create_cases(&cases).unwrap();
    }
    drop(store);
    println!(
        "made {n_cases} cases of {EVENTS} events in {:.1?}",
        from.elapsed()
    );
    let from = Instant::now();
    headless::list_cases(&mut open(folder), &ListView::default()).unwrap();
    println!("first worklist, every log read: {:.1?}", from.elapsed());
}

fn open(folder: &Path) -> Session {
    Session::open(SessionOptions {
        store_dir: folder.to_owned(),
        actor: Actor::new(READER),
        clock: system_clock(),
        trace: None,
        pictures: PicturesBy::Session,
    })
    .unwrap()
}

/// The middle of an odd number of runs.
fn median(mut run: impl FnMut() -> Duration) -> Duration {
    let mut times: Vec<Duration> = (0..7).map(|_| run()).collect();
    times.sort();
    times[times.len() / 2]
}

/// What a key in the search costs the frame that takes it, and how long the list takes to follow.
fn type_into_search(session: &mut Session) {
    session.snapshot();
    let text = "sample, 99 chest";
    let (mut frames, mut answers) = (Vec::new(), Vec::new());
    for n in 1..=text.len() {
        let from = Instant::now();
        let search = text.get(..n).unwrap().to_owned();
        let view = ListView {
            search: search.clone(),
            group_by: session::Grouping::State,
            ..ListView::default()
        };
        let show = session::ListCommand::Show(Box::new(view));
        session.dispatch(session::Command::List(show)).unwrap();
        session.snapshot();
        frames.push(from.elapsed());
        while session.snapshot().list.listed.view.search != search {
            session.poll();
            std::thread::sleep(Duration::from_micros(200));
        }
        answers.push(from.elapsed());
    }
    frames.sort();
    answers.sort();
    println!(
        "a key in the search: frame {:.1?}, at most {:.1?} (aim 4 ms); list {:.1?}, at most {:.1?}",
        frames[frames.len() / 2],
        frames[frames.len() - 1],
        answers[answers.len() / 2],
        answers[answers.len() - 1]
    );
}

fn main() {
    let n_cases = std::env::var("OVERREAD_BENCH_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(100_000);
    let kept = std::env::var_os("OVERREAD_BENCH_STORE").map(PathBuf::from);
    let folder = kept.clone().unwrap_or_else(|| {
        std::env::temp_dir().join(format!("overread-many-{}", std::process::id()))
    });
    if !folder.join("overread.db").exists() {
        make(&folder, n_cases);
    }
    let id = format!("OR-{:08X}", n_cases / 2);
    let opened = median(|| {
        let from = Instant::now();
        let mut session = open(&folder);
        headless::open_for_command(&mut session, &id).unwrap();
        from.elapsed()
    });
    println!("store opened and one case of it: {opened:.1?} (aim 100 ms)");
    let listed = median(|| {
        let mut session = open(&folder);
        let from = Instant::now();
        session.snapshot();
        from.elapsed()
    });
    println!("worklist of all cases: {listed:.1?} (aim 100 ms)");
    let mut session = open(&folder);
    session.snapshot();
    headless::open_for_command(&mut session, &id).unwrap();
    type_into_search(&mut open(&folder));
    let mut k = 0;
    let durable = median(|| {
        k += 1;
        let text = format!("Nothing new, {k} {:?}", Instant::now());
        let from = Instant::now();
        let write = ReadCommand::WriteImpression(text);
        session.dispatch(session::Command::Read(write)).unwrap();
        from.elapsed()
    });
    println!("a step of a read on the disk: {durable:.1?} (aim 10 ms)");
    let (long, log) = log_of(0, 10_000);
    let folded = median(|| {
        let from = Instant::now();
        let mut case = Case::new(long.id().clone());
        log.iter().for_each(|entry| case.apply(entry));
        from.elapsed()
    });
    let replayed = median(|| {
        let from = Instant::now();
        Case::replay(long.id().clone(), &log).unwrap();
        from.elapsed()
    });
    println!(
        "10,000 events folded: {folded:.1?} (aim 20 ms); with every hash checked: {replayed:.1?}"
    );
    if kept.is_none() {
        // What stays behind in the temporary folder harms nobody.
        let _ = std::fs::remove_dir_all(&folder);
    }
}
