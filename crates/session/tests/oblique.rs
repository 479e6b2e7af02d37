//! Rules of oblique planes: what turns, what stays, and what is said of them.

#![allow(clippy::unwrap_used, missing_docs)]

use std::time::Duration;

use phantom::raw::SeriesSpec;
use session::{
    Actor, Command, LayoutKind, PatientVector, PicturesBy, Session, SessionOptions, SlabMode,
    Snapshot, ViewCommand, ViewIdx, system_clock,
};

const AXIAL: ViewIdx = ViewIdx(0);
const CORONAL: ViewIdx = ViewIdx(1);
const SAGITTAL: ViewIdx = ViewIdx(2);

fn open(dir: &std::path::Path) -> Session {
    let images = dir.join("images");
    std::fs::create_dir_all(&images).unwrap();
    let mut spec = SeriesSpec::ct("oblique", 32, 24, 20);
    spec.slice_step_mm = [0.0, 0.0, 2.0];
    spec.write(&images, |v| v.col_idx as i64).unwrap();
    let mut session = Session::open(SessionOptions {
        store_dir: dir.join("store"),
        actor: Actor::new("reader"),
        clock: system_clock(),
        trace: None,
        pictures: PicturesBy::Window,
    })
    .unwrap();
    session.dispatch(Command::OpenPaths(vec![images])).unwrap();
    session.run_until_idle(Duration::from_secs(60)).unwrap();
    session
        .dispatch(Command::View(ViewCommand::SetLayout(LayoutKind::Mpr)))
        .unwrap();
    session
}

fn view(session: &mut Session, command: ViewCommand) -> Snapshot {
    session.dispatch(Command::View(command)).unwrap();
    (*session.snapshot()).clone()
}

fn turn(view: ViewIdx, only: Option<ViewIdx>, clockwise_deg: f64) -> ViewCommand {
    ViewCommand::TurnPlanes {
        view,
        only,
        clockwise_deg,
    }
}

fn away(s: &Snapshot, idx: ViewIdx) -> PatientVector {
    s.views[idx.0].plane.unwrap().frame.away
}

fn is_near(one: PatientVector, other: [f64; 3]) -> bool {
    (one - PatientVector::from(other)).length_mm() < 1e-12
}

#[test]
fn turning_the_lines_of_a_view_turns_the_planes_they_stand_for_about_the_crosshair() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = open(dir.path());
    let before = (*session.snapshot()).clone();
    let cursor = before.cursor.unwrap();
    let turned = view(&mut session, turn(AXIAL, None, 30.0));
    // Clockwise on an axial picture, where the patient's left is on the right and the back below: what looked backwards
    // (+y) looks backwards and to the patient's right (−x).
    let (sin, cos) = 30.0_f64.to_radians().sin_cos();
    assert!(
        is_near(away(&turned, CORONAL), [-sin, cos, 0.0]),
        "{:?}",
        away(&turned, CORONAL)
    );
    assert!(
        is_near(away(&turned, SAGITTAL), [-cos, -sin, 0.0]),
        "{:?}",
        away(&turned, SAGITTAL)
    );
    assert!(
        is_near(away(&turned, AXIAL), [0.0, 0.0, 1.0]),
        "the view in hand stays"
    );
    assert_eq!(turned.cursor, before.cursor);
    for idx in [CORONAL, SAGITTAL] {
        let [was, is] = [&before, &turned].map(|s| s.views[idx.0].plane.unwrap());
        assert!(
            is.distance_mm(cursor).abs() < 1e-9,
            "it still goes through the crosshair"
        );
        assert_eq!(
            was.mm_per_pixel, is.mm_per_pixel,
            "nothing grows or shrinks"
        );
        let said = turned.views[idx.0].oblique_deg.unwrap();
        assert!((said - 30.0).abs() < 1e-9, "{said}");
        assert_eq!(
            turned.views[idx.0].position_text, "",
            "no coordinate holds for it"
        );
    }
    assert_eq!(turned.views[0].oblique_deg, None);
    // Back the other way they are straight again, and a projection never took part.
    let back = view(&mut session, turn(AXIAL, None, -30.0));
    assert!(back.views.iter().all(|v| v.oblique_deg.is_none()));
    assert!(is_near(away(&back, ViewIdx(3)), [0.0, 1.0, 0.0]));
}

#[test]
fn one_plane_can_be_turned_alone_and_all_be_put_straight() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = open(dir.path());
    let one = view(&mut session, turn(AXIAL, Some(SAGITTAL), -20.0));
    assert_eq!(one.views[1].oblique_deg, None);
    assert!((one.views[2].oblique_deg.unwrap() - 20.0).abs() < 1e-9);
    // Double oblique: then about the sagittal picture's own direction.
    let two = view(&mut session, turn(SAGITTAL, None, 15.0));
    assert!(two.views[0].oblique_deg.is_some() && two.views[1].oblique_deg.is_some());
    assert!((two.views[2].oblique_deg.unwrap() - 20.0).abs() < 1e-9);
    let straight = view(&mut session, ViewCommand::StraightenPlanes);
    assert!(straight.views.iter().all(|v| v.oblique_deg.is_none()));
    // What is no number, or no plane, turns nothing.
    view(&mut session, turn(AXIAL, None, f64::NAN));
    let still = view(&mut session, turn(ViewIdx(3), None, 40.0));
    assert!(still.views.iter().all(|v| v.oblique_deg.is_none()));
}

#[test]
fn mirrored_and_turned_pictures_of_a_straight_plane_are_not_oblique() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = open(dir.path());
    for command in [
        ViewCommand::FlipHorizontal(CORONAL),
        ViewCommand::FlipVertical(CORONAL),
        ViewCommand::Rotate(CORONAL, 1),
    ] {
        let s = view(&mut session, command);
        assert_eq!(s.views[1].oblique_deg, None);
    }
}

#[test]
fn a_slab_is_set_to_the_thickness_that_its_handle_is_dragged_to() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = open(dir.path());
    for (asked_mm, given_mm) in [(7.5, 7.5), (0.2, 1.0), (900.0, 100.0)] {
        let s = view(
            &mut session,
            ViewCommand::SetSlabThickness(CORONAL, asked_mm),
        );
        let slab = s.views[1].slab.unwrap();
        assert_eq!((slab.mode, slab.thickness_mm), (SlabMode::Mean, given_mm));
    }
    // The mode that was chosen stays.
    view(
        &mut session,
        ViewCommand::SetSlab(CORONAL, Some(SlabMode::Mip)),
    );
    let s = view(&mut session, ViewCommand::SetSlabThickness(CORONAL, 12.0));
    assert_eq!(s.views[1].slab.unwrap().mode, SlabMode::Mip);
    let s = view(
        &mut session,
        ViewCommand::SetSlabThickness(ViewIdx(0), f64::NAN),
    );
    assert_eq!(s.views[0].slab, None);
}
