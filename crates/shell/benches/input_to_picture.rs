//! Time from an input to the picture that follows from it, on a screen of 1920 × 1080 with four views, beside the time of
//! a pass that draws the interface and no new picture. Prints medians and the difference; the aim is 20 ms without a card.
#![allow(missing_docs, clippy::unwrap_used)]

use std::time::{Duration, Instant};

use egui::{Event, Modifiers, MouseWheelUnit, TouchPhase, Vec2, pos2, vec2};
use phantom::raw::SeriesSpec;
use session::{Actor, Command, PicturesBy, Session, SessionOptions, ViewKind, system_clock};
use shell::offscreen::Offscreen;
use shell::{Shell, ThemeChoice};

const LIMIT: Duration = Duration::from_secs(120);

/// Rounds of each measurement: one where the bench is only tried out, as `cargo test` does.
fn n_rounds() -> usize {
    match std::env::args().any(|arg| arg == "--bench") {
        true => 41,
        false => 1,
    }
}

fn main() {
    let dir = tempfile::tempdir().unwrap();
    let images = dir.path().join("images");
    std::fs::create_dir(&images).unwrap();
    // A head of 512 × 512 × 160: two shells and a ramp, so that no picture is even.
    let mut spec = SeriesSpec::ct("bench", 512, 512, 160);
    spec.pixel_spacing_mm = Some([0.5, 0.5]);
    spec.write(&images, |v| {
        let [x, y] = [v.col_idx as f64 - 255.5, v.row_idx as f64 - 255.5];
        match x.hypot(y) {
            r if r < 180.0 => 30 + (v.slice_idx % 7) as i64 + (r as i64 % 5),
            r if r < 200.0 => 900,
            _ => -1000,
        }
    })
    .unwrap();
    let session = Session::open(SessionOptions {
        store_dir: dir.path().join("store"),
        actor: Actor::new("bench"),
        clock: system_clock(),
        trace: None,
        pictures: PicturesBy::Session,
    })
    .unwrap();
    let mut screen = Offscreen::new([1920, 1080], 1.0).unwrap();
    let mut shell = screen.shell(session, ThemeChoice::Dark);
    shell
        .session_mut()
        .dispatch(Command::OpenPaths(vec![images]))
        .unwrap();
    screen.settle(&mut shell, LIMIT).unwrap();
    assert_eq!(shell.snapshot().views.len(), 4);

    // Points in the axial, coronal and sagittal view of the layout of four.
    let places = [
        (ViewKind::Axial, vec2(400.0, 350.0)),
        (ViewKind::Coronal, vec2(1100.0, 350.0)),
        (ViewKind::Sagittal, vec2(400.0, 820.0)),
    ];
    let idle = idle_pass(&mut screen, &mut shell);
    println!("interface alone: {:.1} ms", ms(idle));
    for (kind, at) in places {
        let wheel = median((0..n_rounds()).map(|_| wheel(&mut screen, &mut shell, kind, at)));
        println!(
            "{kind:?}: wheel to picture {:.1} ms, {:+.1} ms beside the interface alone (aim +20)",
            ms(wheel),
            ms(wheel) - ms(idle)
        );
    }
}

/// A pass in which the pointer moved over the bar at the top: all of the interface, no new picture.
fn idle_pass(screen: &mut Offscreen, shell: &mut Shell) -> Duration {
    let pass = |i: usize| {
        let pos = pos2(600.0 + (i % 9) as f32 * 3.0, 20.0);
        let start = Instant::now();
        screen.frame(shell, vec![Event::PointerMoved(pos)]);
        screen.wait().unwrap();
        start.elapsed()
    };
    median((0..n_rounds()).map(pass))
}

/// One notch of the wheel over a view, until the pass that shows its new slice is drawn.
fn wheel(screen: &mut Offscreen, shell: &mut Shell, kind: ViewKind, at: Vec2) -> Duration {
    screen.frame(shell, vec![Event::PointerMoved(at.to_pos2())]);
    screen.settle(shell, LIMIT).unwrap();
    let view_of = |shell: &mut Shell| {
        let snapshot = shell.snapshot();
        snapshot
            .views
            .iter()
            .find(|v| v.kind == kind)
            .unwrap()
            .clone()
    };
    let before = view_of(shell).slice[0];
    let notch = Event::MouseWheel {
        unit: MouseWheelUnit::Line,
        // Up and down by turns, so that the ends are never reached.
        delta: vec2(0.0, if before < 100 { -1.0 } else { 1.0 }),
        phase: TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    };
    let start = Instant::now();
    screen.frame(shell, vec![notch]);
    loop {
        let view = view_of(shell);
        let is_shown = view.picture.as_ref().map(|p| Some(p.plane) == view.plane);
        let has_moved = view.slice[0] != before;
        screen.frame(shell, Vec::new());
        if has_moved && is_shown == Some(true) {
            screen.wait().unwrap();
            return start.elapsed();
        }
        assert!(start.elapsed() < LIMIT, "no picture came");
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    times[times.len() / 2]
}
