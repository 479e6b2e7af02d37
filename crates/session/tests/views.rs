//! Rules of the views, tried through commands and snapshots on series whose voxels are known.

#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;
use std::time::Duration;

use phantom::raw::SeriesSpec;
use session::{
    Actor, Command, CompareCommand, Geometry, InputSeen, LayoutKind, PatientPoint, PicturesAre,
    PicturesBy, ReadCommand, Screen, Seen, Session, SessionOptions, Stage, ViewCommand, ViewIdx,
    ViewKind, system_clock,
};

const LIMIT: Duration = Duration::from_secs(60);

struct Bench {
    session: Session,
    _dir: tempfile::TempDir,
}

/// A 32 × 24 × 20 CT, 2 mm pixels, 3 mm slices; each value says where it is: x + 10 y + 100 z of the voxel index.
fn spec() -> SeriesSpec {
    let mut spec = SeriesSpec::ct("views", 32, 24, 20);
    spec.pixel_spacing_mm = Some([2.0, 2.0]);
    spec.slice_step_mm = [0.0, 0.0, 3.0];
    spec.slice_thickness_mm = Some(3.0);
    spec.slice_positions = Vec::new();
    spec
}

fn open(spec: &SeriesSpec) -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let images = dir.path().join("images");
    std::fs::create_dir_all(&images).unwrap();
    spec.write(&images, |v| {
        (v.col_idx + 10 * v.row_idx + 100 * v.slice_idx) as i64
    })
    .unwrap();
    Bench {
        session: session_on(dir.path(), "reader", &images),
        _dir: dir,
    }
}

fn session_on(dir: &Path, actor: &str, images: &Path) -> Session {
    let mut session = Session::open(SessionOptions {
        store_dir: dir.join("store"),
        actor: Actor::new(actor),
        clock: system_clock(),
        trace: None,
        pictures: PicturesBy::Session,
    })
    .unwrap();
    session
        .dispatch(Command::OpenPaths(vec![images.to_path_buf()]))
        .unwrap();
    session.run_until_idle(LIMIT).unwrap();
    session
}

impl Bench {
    fn view(&mut self, command: ViewCommand) {
        self.session.dispatch(Command::View(command)).unwrap();
    }
}

const FIRST: ViewIdx = ViewIdx(0);

#[test]
fn a_regular_volume_opens_as_planes_and_a_gapless_case_begins() {
    let mut bench = open(&spec());
    let snapshot = bench.session.snapshot();
    assert_eq!(snapshot.screen, Screen::Reading);
    let kinds: Vec<ViewKind> = snapshot.views.iter().map(|v| v.kind).collect();
    assert_eq!(
        kinds,
        [
            ViewKind::Axial,
            ViewKind::Coronal,
            ViewKind::Sagittal,
            ViewKind::Rendering
        ]
    );
    let case = snapshot.case.as_ref().unwrap();
    assert_eq!(case.stage, Stage::Ready, "{:?}", case.completeness);
    let letters = |k: usize| {
        let l = snapshot.views[k].letters.clone().unwrap();
        [l.left, l.right, l.top, l.bottom]
    };
    assert_eq!(letters(0), ["R", "L", "A", "P"]);
    assert_eq!(letters(1), ["R", "L", "S", "I"]);
    assert_eq!(letters(2), ["A", "P", "S", "I"]);
}

#[test]
fn flips_and_turns_move_the_letters_with_the_picture() {
    let rows: [(&[ViewCommand], [&str; 4], bool); 5] = [
        (
            &[ViewCommand::FlipHorizontal(FIRST)],
            ["L", "R", "A", "P"],
            true,
        ),
        (
            &[ViewCommand::FlipVertical(FIRST)],
            ["R", "L", "P", "A"],
            true,
        ),
        (
            &[
                ViewCommand::FlipHorizontal(FIRST),
                ViewCommand::FlipVertical(FIRST),
            ],
            ["L", "R", "P", "A"],
            false,
        ),
        (
            &[ViewCommand::Rotate(FIRST, 1)],
            ["P", "A", "R", "L"],
            false,
        ),
        (
            &[ViewCommand::Rotate(FIRST, -1)],
            ["A", "P", "L", "R"],
            false,
        ),
    ];
    for (commands, letters, flipped) in rows {
        let mut bench = open(&spec());
        for command in commands {
            bench.view(command.clone());
        }
        let view = bench.session.snapshot().views[0].clone();
        let l = view.letters.unwrap();
        assert_eq!(
            [l.left.as_str(), &l.right, &l.top, &l.bottom],
            letters,
            "{commands:?}"
        );
        assert_eq!(view.flipped, flipped, "{commands:?}");
    }
}

#[test]
fn zoom_holds_the_place_under_the_pointer() {
    let mut bench = open(&spec());
    bench.view(ViewCommand::Resize(FIRST, [300, 200]));
    for (factor, about) in [
        (2.0, [40.0, 30.0]),
        (0.7, [250.0, 190.0]),
        (3.0, [0.0, 0.0]),
    ] {
        let before = bench.session.snapshot().views[0].plane.unwrap();
        bench.view(ViewCommand::Zoom {
            view: FIRST,
            factor,
            about_px: about,
        });
        let after = bench.session.snapshot().views[0].plane.unwrap();
        let moved = (before.patient(about) - after.patient(about)).length_mm();
        assert!(moved < 1e-9, "{factor} at {about:?} moved {moved} mm");
        assert!((before.mm_per_pixel / after.mm_per_pixel - factor).abs() < 1e-9);
    }
}

#[test]
fn pan_carries_the_picture_by_the_pixels_of_the_drag() {
    let mut bench = open(&spec());
    bench.view(ViewCommand::Resize(FIRST, [300, 200]));
    let before = bench.session.snapshot().views[0].plane.unwrap();
    bench.view(ViewCommand::Pan(FIRST, [25.0, -10.0]));
    let after = bench.session.snapshot().views[0].plane.unwrap();
    let [x, y] = after.pixel(before.patient([100.0, 100.0]));
    assert!(
        (x - 125.0).abs() < 1e-9 && (y - 90.0).abs() < 1e-9,
        "{x} {y}"
    );
}

#[test]
fn a_linked_window_reaches_the_planes_and_leaves_the_projection_alone() {
    let mut bench = open(&spec());
    bench.view(ViewCommand::Preset(FIRST, 2));
    let snapshot = bench.session.snapshot();
    let windows: Vec<&str> = snapshot
        .views
        .iter()
        .map(|v| v.window_text.as_str())
        .collect();
    assert_eq!(windows[..3], ["W 1500 L -600"; 3]);
    assert_ne!(windows[3], "W 1500 L -600");
}

#[test]
fn slices_that_are_missing_are_holes_that_the_strip_names() {
    let mut spec = spec();
    spec.dropped = vec![7, 8];
    let mut bench = open(&spec);
    bench.view(ViewCommand::GoToSlice(FIRST, 7));
    let planes = bench.session.snapshot();
    assert!(
        planes.views[0].hole.as_ref().unwrap().contains("missing"),
        "an axial plane through the gap says so as well"
    );
    assert_eq!(
        planes.views[1].hole, None,
        "a plane across the slices shows the gap"
    );
    bench.view(ViewCommand::SetLayout(LayoutKind::One));
    bench.view(ViewCommand::GoToSlice(FIRST, 7));
    let snapshot = bench.session.snapshot();
    assert_eq!(snapshot.views[0].coverage.holes, [7, 8]);
    assert!(
        snapshot.views[0].hole.as_ref().unwrap().contains("missing"),
        "{:?}",
        snapshot.views[0].hole
    );
    assert!(
        !snapshot.views[0].warnings.is_empty(),
        "the problem stands on the image"
    );
    assert!(snapshot.import.as_ref().unwrap().n_missing == 2);
}

#[test]
fn slices_without_a_regular_grid_are_shown_one_by_one() {
    let mut spec = spec();
    spec.slice_positions = (0..20)
        .map(|k| f64::from(k) * if k % 2 == 0 { 1.0 } else { 1.37 })
        .collect();
    let mut bench = open(&spec);
    bench.view(ViewCommand::SetLayout(LayoutKind::Mpr));
    let snapshot = bench.session.snapshot();
    assert!(
        snapshot.views.iter().all(|v| v.kind == ViewKind::Stack),
        "no plane is cut through guessed places"
    );
}

#[test]
fn only_what_was_on_screen_long_and_large_enough_counts_as_seen() {
    let mut bench = open(&spec());
    bench.view(ViewCommand::SetLayout(LayoutKind::One));
    bench.view(ViewCommand::Resize(FIRST, [640, 480]));
    let tick = |ms| ViewCommand::Tick {
        elapsed_ms: ms,
        input: InputSeen::Yes,
        pictures: PicturesAre::InSight,
    };
    bench.view(ViewCommand::GoToSlice(FIRST, 4));
    bench.view(tick(300));
    bench.view(ViewCommand::GoToSlice(FIRST, 5));
    bench.view(tick(100));
    bench.view(ViewCommand::Resize(FIRST, [8, 6]));
    bench.view(ViewCommand::GoToSlice(FIRST, 6));
    bench.view(tick(900));
    bench.view(ViewCommand::Resize(FIRST, [640, 480]));
    bench.view(ViewCommand::GoToSlice(FIRST, 7));
    bench.view(ViewCommand::Tick {
        elapsed_ms: 900,
        input: InputSeen::Yes,
        pictures: PicturesAre::Covered,
    });
    let strip = bench.session.snapshot().views[0].coverage.clone();
    let soft = &strip
        .lanes
        .iter()
        .find(|(lane, _)| *lane == "soft")
        .unwrap()
        .1;
    assert_eq!(
        [soft[4], soft[5], soft[6], soft[7]],
        [Seen::Yes, Seen::Briefly, Seen::Briefly, Seen::No]
    );
}

#[test]
fn a_mark_is_measured_in_patient_space_and_undone_as_one_step() {
    let mut bench = open(&spec());
    let centre = bench.session.snapshot().cursor.unwrap();
    let to = PatientPoint::new(centre.x_mm + 12.0, centre.y_mm + 5.0, centre.z_mm);
    let mark = ReadCommand::AddMark {
        view: FIRST,
        geometry: Geometry::Length { from: centre, to },
    };
    bench.session.dispatch(Command::Read(mark)).unwrap();
    let snapshot = bench.session.snapshot();
    let card = &snapshot.case.as_ref().unwrap().findings[0];
    assert_eq!(card.size_text, "13 mm");
    let value = &snapshot.views[0].marks[0].annotation.values[0];
    assert!((value.value - 13.0).abs() < 1e-9);
    assert_eq!(
        (value.unit.as_str(), value.source.as_str()),
        ("mm", "Pixel Spacing (0028,0030)")
    );
    bench.session.dispatch(Command::Undo).unwrap();
    let snapshot = bench.session.snapshot();
    assert!(
        snapshot.case.as_ref().unwrap().findings.is_empty(),
        "the mark and its finding go together"
    );
    assert!(snapshot.views[0].marks.is_empty());
}

#[test]
fn another_reader_may_look_and_not_touch() {
    let dir = tempfile::tempdir().unwrap();
    let images = dir.path().join("images");
    std::fs::create_dir_all(&images).unwrap();
    spec().write(&images, |_| 0).unwrap();
    let mut first = session_on(dir.path(), "reader one", &images);
    first
        .dispatch(Command::Read(ReadCommand::WriteImpression("Mine.".into())))
        .unwrap();
    drop(first);
    let mut second = session_on(dir.path(), "reader two", &images);
    let refused = second.dispatch(Command::Read(ReadCommand::WriteImpression(
        "Theirs.".into(),
    )));
    assert_eq!(refused.unwrap_err().exit_code(), 4);
    drop(second);
    let mut again = session_on(dir.path(), "reader one", &images);
    assert_eq!(again.snapshot().case.as_ref().unwrap().impression, "Mine.");
    again
        .dispatch(Command::Read(ReadCommand::WriteImpression(
            "Mine, later.".into(),
        )))
        .unwrap();
}

#[test]
fn nothing_is_compared_before_the_reveal() {
    let mut bench = open(&spec());
    for command in [
        CompareCommand::AgreeWithRemaining,
        CompareCommand::Sign,
        CompareCommand::Close,
    ] {
        assert_eq!(
            bench
                .session
                .dispatch(Command::Compare(command.clone()))
                .unwrap_err()
                .exit_code(),
            4,
            "{command:?}"
        );
    }
    bench
        .session
        .dispatch(Command::Show(Screen::Compare))
        .unwrap();
    assert_eq!(bench.session.snapshot().screen, Screen::Reading);
}

#[test]
fn open_differences_are_never_shown_as_a_confirmed_report() {
    let mut bench = open(&spec());
    let report = bench._dir.path().join("report.txt");
    std::fs::write(
        &report,
        "FINDINGS\nThe lungs are clear. No pleural effusion.\n",
    )
    .unwrap();
    let finding = session::Finding {
        concept: "pulmonary nodule".into(),
        side: Some(session::Side::Left),
        ..session::Finding::empty(session::FindingId(0))
    };
    for command in [
        Command::AttachReport(report),
        Command::Read(ReadCommand::AddFinding(Box::new(finding))),
        Command::Read(ReadCommand::Seal),
        Command::Read(ReadCommand::Reveal { urgent: None }),
    ] {
        bench.session.dispatch(command).unwrap();
    }
    bench.session.run_until_idle(LIMIT).unwrap();
    let comparison = |session: &mut Session| {
        let case = session.snapshot().case.clone().unwrap();
        case.comparison.clone().unwrap()
    };
    let before = comparison(&mut bench.session);
    assert!(0 < before.n_differ && before.n_decided == 0);
    assert_ne!(before.outcome, session::Outcome::Confirmed);
    for row in before.rows.iter().filter(|row| row.asks) {
        let agree = CompareCommand::SetClasses(row.pair.id, vec![session::Class::Agree]);
        bench.session.dispatch(Command::Compare(agree)).unwrap();
    }
    let after = comparison(&mut bench.session);
    assert_eq!(
        after.outcome,
        session::Outcome::Confirmed,
        "the reader's agreement counts"
    );
}

#[test]
fn the_interpolation_that_is_chosen_is_the_one_of_the_picture() {
    let mut bench = open(&spec());
    let mut pictures = Vec::new();
    let mut last = None;
    for interpolation in [
        session::Interpolation::Linear,
        session::Interpolation::Nearest,
        session::Interpolation::Cubic,
    ] {
        bench.view(ViewCommand::SetInterpolation(interpolation));
        // Across the slices, where there is something between voxels.
        bench.view(ViewCommand::Focus(ViewIdx(1)));
        let start = std::time::Instant::now();
        let snapshot = loop {
            bench.session.poll();
            let snapshot = bench.session.snapshot();
            let newest = snapshot.views[1].picture.as_ref().map(|p| p.generation);
            if newest.is_some_and(|newest| last.is_none_or(|last| last < newest)) {
                last = newest;
                break snapshot;
            }
            assert!(start.elapsed() < LIMIT, "no picture came");
            std::thread::sleep(Duration::from_millis(1));
        };
        let view = &snapshot.views[1];
        assert_eq!(view.interpolation, interpolation);
        let plane = view.plane.unwrap();
        let volume = view.volume.as_ref().unwrap();
        let expected = volume::reslice(volume, &plane, interpolation, None, &|| false).unwrap();
        let session::PictureKind::Grey(made) = &view.picture.as_ref().unwrap().picture else {
            panic!("a CT is grey");
        };
        let same = made.values.iter().zip(&expected.values);
        let same = same
            .filter(|(a, b)| a == b || a.is_nan() && b.is_nan())
            .count();
        assert_eq!(same, expected.values.len(), "{interpolation:?}");
        pictures.push(made.values.clone());
    }
    assert_ne!(pictures[0], pictures[1]);
    assert_ne!(pictures[1], pictures[2]);
}

#[test]
fn a_window_follows_the_values_on_screen_and_says_where_it_came_from() {
    let mut bench = open(&spec());
    bench.view(ViewCommand::SetLayout(LayoutKind::One));
    let idx = ViewIdx(0);
    bench.view(ViewCommand::GoToSlice(idx, 5));
    let window = |bench: &mut Bench| {
        let view = bench.session.snapshot().views[0].clone();
        (
            view.presentation.unwrap().voi.center_width(),
            view.window_why.unwrap(),
        )
    };
    // The values of slice 5 are 500 + x + 10 y: 500 to 761.
    bench.view(ViewCommand::AutoWindow(idx));
    let ((center, width), why) = window(&mut bench);
    assert!(
        (center - 631.0).abs() < 3.0 && (240.0..=262.0).contains(&width),
        "{center}/{width}"
    );
    assert_eq!(why, session::WindowWhy::ValuesInView);
    bench.view(ViewCommand::Preset(idx, 2));
    assert_eq!(window(&mut bench).1, session::WindowWhy::Preset("Lung"));
    // A box about the middle: a few columns and rows only.
    let size = bench.session.snapshot().views[0].plane.unwrap().size_px;
    let middle = size.map(|n| n as f64 / 2.0);
    let to_px = [middle[0] + 40.0, middle[1] + 40.0];
    bench.view(ViewCommand::WindowOfBox {
        view: idx,
        from_px: middle,
        to_px,
    });
    let ((_, of_box), why) = window(&mut bench);
    assert!(1.0 < of_box && of_box < 100.0, "{of_box}");
    assert_eq!(why, session::WindowWhy::Region);
    let own = session::WindowPreset {
        name: "Narrow".into(),
        center: 600.0,
        width: 50.0,
        modality: "CT".into(),
    };
    bench.view(ViewCommand::SaveWindowPreset(own.clone()));
    bench.view(ViewCommand::UseWindowPreset(idx, "Narrow".into()));
    assert_eq!(
        window(&mut bench),
        ((600.0, 50.0), session::WindowWhy::Own("Narrow".into()))
    );
    assert_eq!(bench.session.snapshot().window_presets.to_vec(), [own]);
    bench.view(ViewCommand::SetColours(idx, session::ColourMap::HotIron));
    bench.view(ViewCommand::Preset(idx, 0));
    let colours = bench.session.snapshot().views[0]
        .presentation
        .clone()
        .unwrap()
        .colours;
    assert_eq!(
        colours,
        session::ColourMap::HotIron,
        "a window does not change the colours"
    );
    bench.view(ViewCommand::Reset(idx));
    let view = bench.session.snapshot().views[0].clone();
    assert_eq!(view.presentation.unwrap().colours, session::ColourMap::Grey);
    let file = session::WindowWhy::File {
        number: 1,
        n: 1,
        explanation: String::new(),
    };
    let why = view.window_why.unwrap();
    assert!(
        why == file || why == session::WindowWhy::Estimated,
        "{why:?}"
    );
}

#[test]
fn planes_count_as_seen_in_their_own_direction() {
    let mut bench = open(&spec());
    bench.view(ViewCommand::SetLayout(LayoutKind::Mpr));
    let coronal = bench
        .session
        .snapshot()
        .views
        .iter()
        .find(|v| v.kind == ViewKind::Coronal)
        .unwrap()
        .idx;
    bench.view(ViewCommand::ToggleOneUp(coronal));
    bench.view(ViewCommand::Resize(coronal, [800, 800]));
    let percent = |bench: &mut Bench| bench.session.snapshot().rail[0].viewed_percent;
    assert_eq!(percent(&mut bench), 0);
    for row in 0..24 {
        bench.view(ViewCommand::GoToSlice(coronal, row));
        bench.view(ViewCommand::Tick {
            elapsed_ms: 300,
            input: InputSeen::Yes,
            pictures: PicturesAre::InSight,
        });
    }
    assert_eq!(percent(&mut bench), 100, "every row in coronal planes");
    bench.view(ViewCommand::StepUnseen(1));
    let notices = bench.session.snapshot().notices.clone();
    assert!(notices.iter().any(|n| n.code == "all_seen"));
}
