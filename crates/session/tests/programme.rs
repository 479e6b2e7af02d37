//! The programme around the cases as the screens keep it: protocols beside the store, the roster, draws.

#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;
use std::time::Duration;

use phantom::raw::SeriesSpec;
use session::{
    Actor, Command, DrawRequest, GroupBy, KeepDraw, Member, PicturesBy, Priority, ProgrammeCommand,
    Protocol, Role, Roster, SamplingRule, Session, SessionError, SessionOptions, Specialities,
    system_clock,
};

fn session_of(dir: &Path, actor: &str) -> Session {
    Session::open(SessionOptions {
        store_dir: dir.join("store"),
        actor: Actor::new(actor),
        clock: system_clock(),
        trace: None,
        pictures: PicturesBy::Session,
    })
    .unwrap()
}

fn tell(session: &mut Session, command: ProgrammeCommand) -> Result<(), SessionError> {
    session.dispatch(Command::Programme(command))
}

fn save(session: &mut Session, protocol: &Protocol) -> Result<(), SessionError> {
    tell(
        session,
        ProgrammeCommand::SaveProtocol(Box::new(protocol.clone())),
    )
}

#[test]
fn a_protocol_that_differs_gets_the_next_version_and_the_shipped_one_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = session_of(dir.path(), "A");
    let shipped = session.protocol_of_id("second-opinion").unwrap();
    save(&mut session, &shipped).unwrap();
    let folder = dir.path().join("store").join("protocols");
    assert!(!folder.exists(), "what did not change is not kept");
    assert_eq!(
        session.protocol_of_id("second-opinion").unwrap(),
        shipped,
        "nothing changed"
    );
    let mut changed = shipped.clone();
    changed.required.coverage_percent = 80;
    save(&mut session, &changed).unwrap();
    let kept = session.protocol_of_id("second-opinion").unwrap();
    assert_eq!(
        (kept.version, kept.required.coverage_percent),
        (shipped.version + 1, 80)
    );
    let choice = session
        .snapshot()
        .protocols
        .iter()
        .find(|p| p.id == kept.id)
        .cloned();
    assert!(choice.is_some_and(|choice| choice.is_own));
    // It is there for the next session, and another id is another protocol.
    drop(session);
    let mut session = session_of(dir.path(), "A");
    assert_eq!(session.protocol_of_id("second-opinion").unwrap(), kept);
    let own = Protocol {
        id: "night-shift".into(),
        version: 7,
        ..kept.clone()
    };
    save(&mut session, &own).unwrap();
    assert_eq!(session.protocol_of_id("night-shift").unwrap().version, 1);
    for (id, there) in [("second-opinion", true), ("night-shift", false)] {
        tell(&mut session, ProgrammeCommand::RemoveProtocol(id.into())).unwrap();
        assert_eq!(session.protocol_of_id(id).is_ok(), there, "{id}");
    }
    assert_eq!(session.protocol_of_id("second-opinion").unwrap(), shipped);
}

#[test]
fn the_next_case_is_begun_by_a_protocol_as_it_is_now() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = session_of(dir.path(), "A");
    let chosen = Command::ChooseProtocol("screening-arbitration".into());
    session.dispatch(chosen).unwrap();
    let mut changed = session.protocol_of_id("screening-arbitration").unwrap();
    changed.required.coverage_percent = 7;
    save(&mut session, &changed).unwrap();
    assert_eq!(session.next_protocol().required.coverage_percent, 7);
    tell(
        &mut session,
        ProgrammeCommand::RemoveProtocol("screening-arbitration".into()),
    )
    .unwrap();
    assert_eq!(session.next_protocol().required.coverage_percent, 100);
}

#[test]
fn an_id_that_another_file_holds_is_refused_and_said() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = session_of(dir.path(), "A");
    let mut own = session.protocol_of_id("second-opinion").unwrap();
    own.id = "night-shift".into();
    save(&mut session, &own).unwrap();
    let folder = dir.path().join("store").join("protocols");
    std::fs::rename(folder.join("night-shift.toml"), folder.join("a.toml")).unwrap();
    own.required.coverage_percent = 3;
    let error = save(&mut session, &own).unwrap_err().to_string();
    assert!(error.contains("another file"), "{error}");
}

#[test]
fn a_protocol_that_does_not_hold_together_or_leads_out_of_the_folder_is_not_written() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = session_of(dir.path(), "A");
    let good = session.protocol_of_id("second-opinion").unwrap();
    for id in ["../evil", "", "UPPER", "a/b"] {
        let bad = Protocol {
            id: id.into(),
            ..good.clone()
        };
        assert!(save(&mut session, &bad).is_err(), "{id}");
        assert!(
            tell(&mut session, ProgrammeCommand::RemoveProtocol(id.into())).is_err(),
            "{id}"
        );
    }
    let mut no_stage = good;
    no_stage.stages.clear();
    assert!(save(&mut session, &no_stage).is_err());
    let folder = dir.path().join("store").join("protocols");
    let n_files = std::fs::read_dir(folder).map_or(0, Iterator::count);
    assert_eq!(n_files, 0);
}

#[test]
fn only_who_keeps_the_roster_changes_roster_and_protocols() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = session_of(dir.path(), "Keeper");
    let member = |name: &str, role| Member {
        actor: Actor::new(name),
        roles: vec![role],
        specialities: Vec::new(),
    };
    let roster = Roster {
        members: vec![
            member("Keeper", Role::Administrator),
            member("Reader", Role::SecondReader),
        ],
    };
    assert!(
        session.snapshot().programme.may_keep,
        "without a roster everybody may"
    );
    tell(&mut session, ProgrammeCommand::SetRoster(roster.clone())).unwrap();
    assert_eq!(session.snapshot().programme.roster, roster);
    session
        .dispatch(Command::SetActor(Actor::new("Reader")))
        .unwrap();
    assert!(!session.snapshot().programme.may_keep);
    let protocol = session.protocol_of_id("screening-arbitration").unwrap();
    let mut changed = protocol.clone();
    changed.required.coverage_percent = 1;
    assert!(save(&mut session, &changed).is_err());
    assert!(tell(&mut session, ProgrammeCommand::SetRoster(Roster::default())).is_err());
    assert_eq!(
        session.protocol_of_id("screening-arbitration").unwrap(),
        protocol
    );
    assert_eq!(session.snapshot().programme.roster, roster);
}

/// Every case to B.
fn every_case() -> DrawRequest {
    DrawRequest {
        rule: SamplingRule::Share { percent: 100.0 },
        group_by: GroupBy::Modality,
        cases: Vec::new(),
        modality: String::new(),
        protocol: String::new(),
        readers: vec![Actor::new("B")],
        specialities: Specialities::Count,
        due: String::new(),
        priority: Priority::Routine,
        seed: 3,
        keep: KeepDraw::No,
    }
}

/// Begins a case of a small series, which waits for a reader.
fn with_a_case(dir: &Path, session: &mut Session) {
    let images = dir.join("images");
    std::fs::create_dir(&images).unwrap();
    for file in SeriesSpec::ct("drawn", 16, 16, 3).files(|v| v.slice_idx as i64) {
        std::fs::write(images.join(&file.name), &file.bytes).unwrap();
    }
    session.dispatch(Command::OpenPaths(vec![images])).unwrap();
    session.run_until_idle(Duration::from_secs(60)).unwrap();
}

#[test]
fn a_draw_that_is_only_looked_at_writes_nothing_and_what_was_shown_is_given_out() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = session_of(dir.path(), "A");
    with_a_case(dir.path(), &mut session);
    let n_entries =
        |session: &Session| session::headless::case_view(session).unwrap()["n_entries"].clone();
    let before = n_entries(&session);
    let request = every_case();
    let draw = |request: &DrawRequest| ProgrammeCommand::Draw(Box::new(request.clone()));
    tell(&mut session, draw(&request)).unwrap();
    let shown = session.snapshot().programme.draw.clone().unwrap();
    assert_eq!((shown.drawn.len(), shown.written), (1, false));
    assert_eq!(n_entries(&session), before, "it was only looked at");
    let given = DrawRequest {
        keep: KeepDraw::Yes,
        ..request.clone()
    };
    tell(&mut session, draw(&given)).unwrap();
    let written = session.snapshot().programme.draw.clone().unwrap();
    assert_eq!((written.drawn, written.written), (shown.drawn, true));
    assert_ne!(n_entries(&session), before);
    // One that makes no sense takes the answer of the one before off the screen.
    let nonsense = DrawRequest {
        rule: SamplingRule::EveryNth { n: 0 },
        ..request
    };
    assert!(tell(&mut session, draw(&nonsense)).is_err());
    assert_eq!(session.snapshot().programme.draw, None);
}

#[test]
fn a_draw_that_changed_since_it_was_shown_gives_nothing_out() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = session_of(dir.path(), "A");
    let request = every_case();
    let draw = |keep| {
        let request = DrawRequest {
            keep,
            ..request.clone()
        };
        ProgrammeCommand::Draw(Box::new(request))
    };
    tell(&mut session, draw(KeepDraw::No)).unwrap();
    with_a_case(dir.path(), &mut session);
    assert!(tell(&mut session, draw(KeepDraw::Yes)).is_err());
    let shown = session.snapshot().programme.draw.clone().unwrap();
    assert_eq!(
        (shown.n_frame, shown.written),
        (1, false),
        "it is shown anew"
    );
}
