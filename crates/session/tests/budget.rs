//! A session with little memory: everything can be seen, what is shown is right, and what cannot be is said.

#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;
use std::time::{Duration, Instant};

use phantom::raw::SeriesSpec;
use session::{
    Actor, Command, LayoutKind, PictureKind, PicturesBy, Session, SessionOptions, ViewCommand,
    ViewIdx, ViewKind, system_clock,
};

const LIMIT: Duration = Duration::from_secs(60);
const FIRST: ViewIdx = ViewIdx(0);
/// Bytes of a slice of 32 × 24 of 16 bit.
const SLICE_BYTES: u64 = 32 * 24 * 2;

/// A series of 40 slices, each value the number of its slice, in a folder of its own.
fn write_series(images: &Path, seed: &str) {
    let folder = images.join(seed);
    std::fs::create_dir_all(&folder).unwrap();
    let mut spec = SeriesSpec::ct(seed, 32, 24, 40);
    spec.slice_step_mm = [0.0, 0.0, 3.0];
    spec.slice_thickness_mm = Some(3.0);
    spec.slice_positions = Vec::new();
    spec.write(&folder, |v| v.slice_idx as i64).unwrap();
}

fn open(dir: &Path, n_slices: u64) -> Session {
    let mut session = Session::open(SessionOptions {
        store_dir: dir.join("store"),
        actor: Actor::new("reader"),
        clock: system_clock(),
        trace: None,
        pictures: PicturesBy::Session,
    })
    .unwrap();
    session.set_memory_limit(n_slices * SLICE_BYTES);
    let images = dir.join("images");
    session.dispatch(Command::OpenPaths(vec![images])).unwrap();
    session.run_until_idle(LIMIT).unwrap();
    session
}

/// Shows a slice of the first view and gives the stored values that its picture shows, smallest and largest.
fn shown(session: &mut Session, slice_idx: usize) -> [f32; 2] {
    let command = ViewCommand::GoToSlice(FIRST, slice_idx);
    session.dispatch(Command::View(command)).unwrap();
    let start = Instant::now();
    loop {
        session.poll();
        let snapshot = session.snapshot();
        let here = |s: &Session| s.is_idle();
        if here(session) && snapshot.views[0].slice[0] == slice_idx {
            let snapshot = session.snapshot();
            let Some(PictureKind::Grey(picture)) =
                snapshot.views[0].picture.as_ref().map(|p| &p.picture)
            else {
                panic!("no picture of slice {slice_idx}")
            };
            let inside = picture.values.iter().filter(|v| !v.is_nan());
            return inside.fold([f32::MAX, f32::MIN], |[low, high], v| {
                [low.min(*v), high.max(*v)]
            });
        }
        assert!(start.elapsed() < LIMIT, "slice {slice_idx} does not come");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_volume_larger_than_memory_is_shown_slice_by_slice_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    write_series(&dir.path().join("images"), "large");
    let mut session = open(dir.path(), 12);
    let layout = ViewCommand::SetLayout(LayoutKind::Mpr);
    session.dispatch(Command::View(layout)).unwrap();
    let snapshot = session.snapshot();
    assert_eq!(snapshot.views.len(), 1);
    assert_eq!(snapshot.views[0].kind, ViewKind::Stack);
    let warnings = &snapshot.views[0].warnings;
    assert!(
        warnings.iter().any(|w| w.contains("slice by slice")),
        "{warnings:?}"
    );
    // There and back: every slice is decoded at least twice.
    let [base, _] = shown(&mut session, 0);
    for slice_idx in (0..40).chain((0..40).rev()) {
        let value = base + slice_idx as f32;
        assert_eq!(shown(&mut session, slice_idx), [value, value]);
        let [used, limit] = session.memory_use();
        assert!(used <= limit, "{used} of {limit} bytes");
    }
    assert!(
        session.snapshot().views[0].hole.is_none(),
        "a slice that was let go is no hole"
    );
}

#[test]
fn planes_stay_whole_while_other_series_come_and_go() {
    let dir = tempfile::tempdir().unwrap();
    for seed in ["one", "two", "three"] {
        write_series(&dir.path().join("images"), seed);
    }
    // One volume and a half.
    let mut session = open(dir.path(), 60);
    for _ in 0..6 {
        let snapshot = session.snapshot();
        assert_eq!(snapshot.views.len(), 4, "planes are allowed");
        let volume = snapshot.views[0].volume.clone().unwrap();
        assert_eq!(volume.voxels.n_filled(), 40, "all of what is on the screen");
        // A picture of the volume before may still be in the making; what it reads is given back with it.
        let start = Instant::now();
        let [used, limit] = loop {
            let [used, limit] = session.memory_use();
            if used <= limit || LIMIT < start.elapsed() {
                break [used, limit];
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        assert!(used <= limit, "{used} of {limit} bytes");
        let next = ViewCommand::StepSeries(1);
        session.dispatch(Command::View(next)).unwrap();
        session.run_until_idle(LIMIT).unwrap();
    }
}
