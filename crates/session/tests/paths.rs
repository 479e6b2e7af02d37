//! Reading paths through the session: kept while somebody reads, named by the seal, shown again picture for picture.

#![allow(clippy::unwrap_used, missing_docs)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use case::{LookedAt, Sha256};
use phantom::raw::SeriesSpec;
use session::headless::{self, WhichPath};
use session::{
    Actor, Command, Geometry, InputSeen, LayoutKind, PatientPoint, PicturesAre, PicturesBy,
    ReadCommand, ReplayCommand, Session, SessionOptions, Snapshot, ViewCommand, ViewIdx,
    system_clock,
};

const FIRST: ViewIdx = ViewIdx(0);

struct Bench {
    session: Session,
    dir: tempfile::TempDir,
}

fn session_on(dir: &Path, actor: &str) -> Session {
    Session::open(SessionOptions {
        store_dir: dir.join("store"),
        actor: Actor::new(actor),
        clock: system_clock(),
        trace: None,
        pictures: PicturesBy::Session,
    })
    .unwrap()
}

/// A 32 × 24 × 20 CT, 2 mm pixels, 3 mm slices, with a report, read by `iyer`.
fn reading() -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let images = dir.path().join("images");
    std::fs::create_dir_all(&images).unwrap();
    let mut spec = SeriesSpec::ct("paths", 32, 24, 20);
    spec.pixel_spacing_mm = Some([2.0, 2.0]);
    spec.slice_step_mm = [0.0, 0.0, 3.0];
    spec.slice_thickness_mm = Some(3.0);
    spec.slice_positions = Vec::new();
    spec.write(&images, |v| {
        (v.col_idx * 7 + 13 * v.row_idx + 31 * v.slice_idx) as i64
    })
    .unwrap();
    let report = dir.path().join("report.txt");
    std::fs::write(
        &report,
        "Findings: There is a nodule.\n\nImpression: Nodule.\n",
    )
    .unwrap();
    let mut session = session_on(dir.path(), "iyer");
    let paths: Vec<PathBuf> = vec![images];
    let id = session
        .create_case_from(&paths, Some(&report), None, None)
        .unwrap();
    session.dispatch(Command::OpenCase(id)).unwrap();
    session.dispatch(Command::OpenAgain).unwrap();
    session.run_until_idle(Duration::from_secs(60)).unwrap();
    session.dispatch(Command::Read(ReadCommand::Start)).unwrap();
    // The case was begun without a look at its images, so nothing hangs yet.
    let planes = ViewCommand::SetLayout(LayoutKind::Mpr);
    session.dispatch(Command::View(planes)).unwrap();
    Bench { session, dir }
}

impl Bench {
    fn view(&mut self, command: ViewCommand) {
        self.session.dispatch(Command::View(command)).unwrap();
    }

    fn replay(&mut self, command: ReplayCommand) {
        self.session.dispatch(Command::Replay(command)).unwrap();
    }

    /// Time passes with what is on the screen.
    fn wait(&mut self, elapsed_ms: u64) {
        self.session
            .run_until_idle(Duration::from_secs(60))
            .unwrap();
        self.view(ViewCommand::Tick {
            elapsed_ms,
            input: InputSeen::Yes,
            pictures: PicturesAre::InSight,
        });
    }

    fn seal_and_reveal(&mut self) {
        let impression = ReadCommand::WriteImpression("A nodule.".into());
        for command in [
            impression,
            ReadCommand::Seal,
            ReadCommand::Reveal { urgent: None },
        ] {
            self.session.dispatch(Command::Read(command)).unwrap();
        }
        self.session
            .run_until_idle(Duration::from_secs(60))
            .unwrap();
        self.session
            .dispatch(Command::Show(session::Screen::Reading))
            .unwrap();
    }

    fn id(&self) -> String {
        self.session.case().unwrap().id().to_string()
    }

    /// The pictures of all views, once they are made.
    fn pictures(&mut self) -> Vec<(Sha256, String)> {
        for _ in 0..3000 {
            // What a picture lacks is asked for here; only one that is taken at rest shows no older picture.
            self.session.snapshot();
            let was_idle = self.session.is_idle();
            let snapshot = self.session.snapshot();
            let waits = |v: &session::ViewSnapshot| v.key.is_some() && v.picture.is_none();
            if was_idle && self.session.is_idle() && !snapshot.views.iter().any(waits) {
                return shown(&snapshot);
            }
            std::thread::sleep(Duration::from_millis(2));
            self.session.poll();
        }
        panic!("the pictures were not made");
    }
}

/// What each view draws: its values, and how they become grey.
fn shown(snapshot: &Snapshot) -> Vec<(Sha256, String)> {
    let views = snapshot.views.iter();
    views
        .map(|view| {
            let picture = format!("{:?}", view.picture.as_ref().map(|p| &p.picture));
            let marks: Vec<_> = view.marks.iter().map(|m| (m.annotation.id, m.of)).collect();
            let facts = (
                &view.key,
                view.kind,
                view.slice,
                &view.plane,
                &view.presentation,
            );
            let rest = (&view.rendering, view.slab, view.interpolation, marks);
            (
                Sha256::of(picture.as_bytes()),
                format!("{facts:?} {rest:?}"),
            )
        })
        .collect()
}

/// A read with planes, slices, windows, zoom, pan, a slab, a mark and a turned rendering; what was on the screen each time.
fn read_through(bench: &mut Bench) -> Vec<(u64, Vec<(Sha256, String)>)> {
    let mut seen = Vec::new();
    let mut at_ms = 0;
    let mut step = |bench: &mut Bench, commands: Vec<ViewCommand>| {
        commands.into_iter().for_each(|command| bench.view(command));
        seen.push((at_ms, bench.pictures()));
        bench.wait(700);
        at_ms += 700;
    };
    step(bench, vec![ViewCommand::SetLayout(LayoutKind::Mpr)]);
    step(bench, vec![ViewCommand::Scroll(FIRST, 3)]);
    step(
        bench,
        vec![
            ViewCommand::Zoom {
                view: FIRST,
                factor: 1.7,
                about_px: [100.0, 77.0],
            },
            ViewCommand::Pan(FIRST, [13.0, -7.0]),
        ],
    );
    step(
        bench,
        vec![ViewCommand::DragWindow {
            view: FIRST,
            right_px: 31.0,
            down_px: 12.0,
        }],
    );
    step(bench, vec![ViewCommand::CycleSlab(ViewIdx(1))]);
    step(
        bench,
        vec![
            ViewCommand::Invert(FIRST),
            ViewCommand::Rotate(ViewIdx(2), 1),
        ],
    );
    let geometry = Geometry::Length {
        from: PatientPoint::new(10.0, 10.0, 30.0),
        to: PatientPoint::new(20.0, 14.0, 30.0),
    };
    let mark = ReadCommand::AddMark {
        view: FIRST,
        geometry,
    };
    bench.session.dispatch(Command::Read(mark)).unwrap();
    step(bench, vec![ViewCommand::SetLayout(LayoutKind::One)]);
    step(bench, vec![ViewCommand::GoToSlice(FIRST, 7)]);
    seen
}

#[test]
fn a_replay_shows_the_very_pictures_that_the_reader_had_and_then_the_own_views_come_back() {
    let mut bench = reading();
    let seen = read_through(&mut bench);
    bench.seal_and_reveal();
    let own = bench.pictures();
    bench.replay(ReplayCommand::Open);
    // The opening itself was the first step, or none: times count from the first picture after it.
    for (at_ms, expected) in seen.iter().chain(seen.iter().rev()) {
        bench.replay(ReplayCommand::GoTo(0, at_ms + 650));
        assert_eq!(bench.pictures(), *expected, "at {at_ms} ms");
    }
    bench.replay(ReplayCommand::Close);
    assert_eq!(bench.pictures(), own);
}

#[test]
fn nothing_that_is_shown_again_counts_as_seen_or_can_be_changed() {
    let mut bench = reading();
    read_through(&mut bench);
    bench.seal_and_reveal();
    let before = bench.session.case().unwrap().clone();
    bench.replay(ReplayCommand::Open);
    let scroll = Command::View(ViewCommand::Scroll(FIRST, 1));
    let refused = bench.session.dispatch(scroll).unwrap_err();
    assert_eq!(refused.code(), "replay_open");
    bench.replay(ReplayCommand::Play(16));
    for _ in 0..50 {
        bench.wait(1000);
    }
    let replay = bench.session.snapshot().replay.clone().unwrap();
    assert_eq!(
        (replay.at.speed, replay.at.at_ms),
        (0, replay.lines[0].end_ms)
    );
    assert_eq!(*bench.session.case().unwrap(), before);
    // What leads elsewhere leaves the replay first.
    let select = session::CompareCommand::Select(before.comparison().unwrap().pairs[0].id);
    bench.session.dispatch(Command::Compare(select)).unwrap();
    assert!(bench.session.snapshot().replay.is_none());
}

#[test]
fn the_seal_names_the_path_and_verify_finds_one_that_was_changed_taken_away_or_added() {
    for (sql, told) in [
        ("", "the reading path is the one that its seal names"),
        (
            "UPDATE path_chunk SET ciphertext = zeroblob(length(ciphertext)) WHERE chunk = 0",
            "does not open",
        ),
        ("DELETE FROM path_chunk", "it is missing"),
        (
            "DELETE FROM path_chunk WHERE chunk = (SELECT max(chunk) FROM path_chunk)",
            "not the one that its seal names",
        ),
        (
            "INSERT INTO path_chunk SELECT case_id, 'third-0', chunk, nonce, ciphertext FROM path_chunk",
            "no read of this case has it",
        ),
    ] {
        let mut bench = reading();
        read_through(&mut bench);
        for _ in 0..12 {
            bench.wait(1000);
        }
        bench.seal_and_reveal();
        let (seal, _) = bench.session.case().unwrap().read().seal.clone().unwrap();
        assert!(seal.claims.unwrap().path.is_some());
        let database = rusqlite::Connection::open(bench.dir.path().join("store/overread.db"));
        let triggers =
            "DROP TRIGGER path_stays; DROP TRIGGER path_remains; DROP TRIGGER path_continues;";
        let database = database.unwrap();
        database.execute_batch(triggers).unwrap();
        database.execute_batch(sql).unwrap();
        let (value, ok) = headless::verify(Ok(&bench.session), &bench.id(), None).unwrap();
        assert_eq!(ok, sql.is_empty(), "{value}");
        assert!(value.to_string().contains(told), "{told}: {value}");
        let (checked, _) = headless::store_check(&bench.dir.path().join("store")).unwrap();
        assert!(
            checked.to_string().contains("reading path") != sql.is_empty(),
            "{checked}"
        );
        if !sql.is_empty() && !sql.starts_with("INSERT") && sql != "DELETE FROM path_chunk" {
            let open = Command::Replay(ReplayCommand::Open);
            assert!(
                bench.session.dispatch(open).is_err(),
                "a changed path is not shown"
            );
        }
    }
}

#[test]
fn a_crash_before_the_seal_keeps_what_was_kept_and_reading_goes_on_behind_it() {
    let mut bench = reading();
    for k in 0..15 {
        bench.view(ViewCommand::GoToSlice(FIRST, k));
        bench.wait(1000);
    }
    let id = bench.session.case().unwrap().id().clone();
    // As if it had crashed: nothing is put away at the end.
    let store = bench.dir.path().to_path_buf();
    std::mem::forget(bench.session);
    bench.session = session_on(&store, "iyer");
    bench.session.dispatch(Command::OpenCase(id)).unwrap();
    bench
        .session
        .run_until_idle(Duration::from_secs(60))
        .unwrap();
    bench.wait(1000);
    bench.seal_and_reveal();
    let value = headless::reading_paths(&bench.session, WhichPath::All).unwrap();
    let summary = &value["paths"][0]["summary"];
    assert_eq!(summary["n_sittings"], 2);
    assert!(11_000 <= summary["whole_ms"].as_u64().unwrap(), "{summary}");
}

#[test]
fn a_path_says_when_places_were_on_the_screen_and_is_closed_to_others_while_blinded() {
    let mut bench = reading();
    bench.view(ViewCommand::SetLayout(LayoutKind::One));
    bench.view(ViewCommand::GoToSlice(FIRST, 2));
    bench.wait(600);
    bench.view(ViewCommand::GoToSlice(FIRST, 9));
    bench
        .session
        .dispatch(Command::Read(ReadCommand::NewFindingHere))
        .unwrap();
    bench.wait(1500);
    let id = bench.id();
    // Opening it anew keeps what is not kept yet.
    headless::open_for_view(&mut bench.session, &id).unwrap();
    let own = headless::reading_paths(&bench.session, WhichPath::Second).unwrap();
    assert_eq!(own["paths"][0]["reader"], "second");
    assert!(
        own["paths"][0].get("rows").is_none(),
        "nothing of the comparison while blinded"
    );
    let look = &own["paths"][0]["findings"][0]["on_screen"];
    assert_eq!(
        (&look["first_ms"], &look["on_screen_ms"]),
        (&600.into(), &1500.into())
    );
    assert_eq!(
        look["looked"],
        serde_json::to_value(LookedAt::Longer).unwrap()
    );
    let csv = headless::reading_paths_csv(&own);
    assert!(csv.starts_with("reader,part,at_ms,what,"), "{csv}");
    // Somebody else, while it is blinded.
    let id = bench.session.case().unwrap().id().clone();
    bench
        .session
        .dispatch(Command::SetActor(Actor::new("brandt")))
        .unwrap();
    headless::open_for_view(&mut bench.session, id.as_str()).unwrap();
    let refused = headless::reading_paths(&bench.session, WhichPath::Second).unwrap_err();
    assert_eq!(refused.code(), "path_closed");
    let all = headless::reading_paths(&bench.session, WhichPath::All).unwrap();
    assert_eq!(all["paths"], serde_json::json!([]));
}

#[test]
fn a_case_without_a_path_says_so() {
    let mut bench = reading();
    bench.seal_and_reveal();
    let (seal, _) = bench.session.case().unwrap().read().seal.clone().unwrap();
    assert_eq!(seal.claims.unwrap().path, None);
    let refused = bench
        .session
        .dispatch(Command::Replay(ReplayCommand::Open))
        .unwrap_err();
    assert!(
        refused.to_string().contains("no path was recorded"),
        "{refused}"
    );
    let (value, ok) = headless::verify(Ok(&bench.session), &bench.id(), None).unwrap();
    assert!(ok && value.to_string().contains("no reading path was recorded"));
}
