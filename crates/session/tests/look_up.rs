//! What a header says is shown, and nothing of it in which the first reader may have written while the case is blinded.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use phantom::raw::SeriesSpec;
use phantom::{DataSet, Tag, VR};
use session::{
    Actor, AttributeRow, AttributeValue, Beside, Command, DisplayCommand, LEVELS, LookUp,
    LookUpCommand, LookUpState, PicturesBy, ReadCommand, Seeing, Session, SessionOptions, Surround,
    ViewCommand, ViewIdx, WindowWhy, system_clock, targets_cd_m2,
};

const LIMIT: Duration = Duration::from_secs(60);
const FIRST: ViewIdx = ViewIdx(0);
/// What a first reader left in the images.
const WORDS: [&str; 7] = [
    "Reader^First",
    "haemorrhage left",
    "shows a tumour",
    "History of a mass",
    "TUMOUR FINDER",
    "private words",
    "meaning of a diagnosis",
];

fn spec() -> SeriesSpec {
    let mut spec = SeriesSpec::ct("look up", 32, 24, 6);
    let tag = |group: u16, element: u16| Tag(group, element);
    let mut code = DataSet::new();
    code.put(tag(0x0008, 0x0104), WORDS[6]);
    spec.extra
        .put(tag(0x0008, 0x0070), "ACME")
        .put(tag(0x0008, 0x1060), WORDS[0])
        .put(tag(0x0008, 0x1080), WORDS[1])
        .put(tag(0x0020, 0x4000), WORDS[2])
        .put(tag(0x0010, 0x21B0), WORDS[3])
        .put_as(tag(0x0029, 0x0010), VR::LO, WORDS[4])
        .put_as(tag(0x0029, 0x1001), VR::LO, WORDS[5])
        .put(tag(0x0008, 0x1084), vec![code]);
    spec
}

fn open(dir: &Path) -> Session {
    let images = dir.join("images");
    if !images.exists() {
        std::fs::create_dir_all(&images).unwrap();
        spec().write(&images, |v| v.slice_idx as i64).unwrap();
    }
    let mut session = Session::open(SessionOptions {
        store_dir: dir.join("store"),
        actor: Actor::new("reader"),
        clock: system_clock(),
        trace: None,
        pictures: PicturesBy::Session,
    })
    .unwrap();
    session.dispatch(Command::OpenPaths(vec![images])).unwrap();
    session.run_until_idle(LIMIT).unwrap();
    session
}

fn look_up(session: &mut Session, beside: Option<Beside>) -> Arc<LookUp> {
    let command = LookUpCommand::Attributes {
        view: FIRST,
        beside,
    };
    session.dispatch(Command::LookUp(command)).unwrap();
    session.run_until_idle(LIMIT).unwrap();
    session.snapshot().look_up.clone().unwrap()
}

fn rows(look_up: &LookUp) -> Vec<AttributeRow> {
    match &look_up.state {
        LookUpState::Read { rows, .. } => rows.to_vec(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn while_blinded_no_word_of_the_first_reader_is_in_the_list() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = open(dir.path());
    let shown = look_up(&mut session, None);
    let said = format!("{:?}", session.snapshot());
    for word in WORDS {
        assert!(!said.contains(word), "{word}");
    }
    let rows = rows(&shown);
    let value = |tag: &str| rows.iter().find(|r| r.tag == tag).unwrap().value.clone();
    assert_eq!(value("(0008,0070)"), AttributeValue::Text("ACME".into()));
    assert_eq!(value("(0008,1060)"), AttributeValue::Closed);
    assert_eq!(value("(0008,1084)"), AttributeValue::Closed);
    assert!(matches!(
        value("(7FE0,0010)"),
        AttributeValue::Pixels { n_bytes: 1536, .. }
    ));
    assert!(!shown.details.is_empty());
}

#[test]
fn after_the_reveal_everything_is_open_and_the_old_list_is_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = open(dir.path());
    let report = dir.path().join("report.txt");
    std::fs::write(&report, "FINDINGS\nThe lungs are clear.\n").unwrap();
    let finding = session::Finding {
        concept: "pulmonary nodule".into(),
        ..session::Finding::empty(session::FindingId(0))
    };
    look_up(&mut session, None);
    for command in [
        Command::AttachReport(report),
        Command::Read(ReadCommand::AddFinding(Box::new(finding))),
        Command::Read(ReadCommand::Seal),
        Command::Read(ReadCommand::Reveal { urgent: None }),
    ] {
        session.dispatch(command).unwrap();
    }
    session.run_until_idle(LIMIT).unwrap();
    let said = format!("{:?}", look_up(&mut session, None));
    for word in WORDS {
        assert!(said.contains(word), "{word}");
    }
}

#[test]
fn neighbours_differ_in_place_and_name_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = open(dir.path());
    let shown = look_up(&mut session, Some(Beside::Step(1)));
    let found: Vec<String> = rows(&shown).into_iter().map(|r| r.tag).collect();
    for tag in ["(0008,0018)", "(0020,0013)", "(0020,0032)"] {
        assert!(found.contains(&tag.to_owned()), "{tag} in {found:?}");
    }
    for tag in ["(0008,0070)", "(0008,1060)", "(0010,0010)", "(7FE0,0010)"] {
        assert!(!found.contains(&tag.to_owned()), "{tag}");
    }
    let own = look_up(&mut session, Some(Beside::View(FIRST)));
    assert!(
        rows(&own).is_empty(),
        "an image does not differ from itself"
    );
    session
        .dispatch(Command::LookUp(LookUpCommand::Close))
        .unwrap();
    assert!(session.snapshot().look_up.is_none());
}

#[test]
fn beyond_the_last_slice_there_is_nothing_to_compare_with() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = open(dir.path());
    session
        .dispatch(Command::View(ViewCommand::GoToSlice(FIRST, 0)))
        .unwrap();
    let down = LookUpCommand::Attributes {
        view: FIRST,
        beside: Some(Beside::Step(-1)),
    };
    let error = session.dispatch(Command::LookUp(down)).unwrap_err();
    assert_eq!(error.exit_code(), 2);
}

#[test]
fn a_file_that_is_gone_is_said_and_nothing_is_shown_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = open(dir.path());
    std::fs::remove_dir_all(dir.path().join("images")).unwrap();
    let shown = look_up(&mut session, None);
    assert!(matches!(&shown.state, LookUpState::Unreadable(text) if !text.is_empty()));
}

#[test]
fn a_window_says_why_it_is_what_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = open(dir.path());
    let why = |session: &mut Session| session.snapshot().views[0].window_why.clone();
    let first = why(&mut session);
    assert!(
        matches!(
            first,
            Some(WindowWhy::File { number: 1, .. } | WindowWhy::Estimated)
        ),
        "{first:?}"
    );
    session
        .dispatch(Command::View(ViewCommand::Preset(FIRST, 2)))
        .unwrap();
    assert_eq!(why(&mut session), Some(WindowWhy::Preset("Lung")));
    session
        .dispatch(Command::View(ViewCommand::DragWindow {
            view: FIRST,
            right_px: 31.0,
            down_px: 17.0,
        }))
        .unwrap();
    assert_eq!(why(&mut session), Some(WindowWhy::ByHand));
}

#[test]
fn checks_of_the_display_outlive_the_program() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = open(dir.path());
    assert_eq!(session.snapshot().display.last_check, None);
    assert_eq!(session.snapshot().display.response, None);
    let measured = targets_cd_m2(Surround {
        black_cd_m2: 0.5,
        white_cd_m2: 350.0,
        ambient_cd_m2: 0.3,
    })
    .unwrap();
    let commands = [
        DisplayCommand::RecordCheck {
            size_px: [1920, 1080],
            patches: Seeing::Good,
            lines: Seeing::Bad,
            evenness: Seeing::Good,
        },
        DisplayCommand::KeepResponse {
            measured_cd_m2: Box::new(measured),
            ambient_cd_m2: 0.3,
        },
    ];
    for command in commands {
        session.dispatch(Command::Display(command)).unwrap();
    }
    drop(session);
    let mut session = open(dir.path());
    let display = session.snapshot().display.clone();
    let check = display.last_check.clone().unwrap();
    assert!(!check.is_passed() && display.is_checked_today);
    assert_eq!(
        (check.by.to_string(), check.size_px),
        ("reader".into(), [1920, 1080])
    );
    let kept = display.response.clone().unwrap();
    assert!(kept.largest_percent < 1e-6);
    let falling = DisplayCommand::KeepResponse {
        measured_cd_m2: Box::new(LEVELS.map(|l| 300.0 - f64::from(l))),
        ambient_cd_m2: 0.3,
    };
    assert!(session.dispatch(Command::Display(falling)).is_err());
    assert_eq!(
        session.snapshot().display.response,
        Some(kept),
        "what was refused is not kept"
    );
}
