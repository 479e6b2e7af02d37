//! Time from an input to the picture that follows from it, on a screen of 1920 × 1080 with four views, beside the time of
//! a drawing of the interface and no new picture. The screen draws as a window does: when something asks for it. Prints
//! medians, differences and how often it drew; the aim is 20 ms without a card.
#![allow(missing_docs, clippy::unwrap_used)]

use std::time::{Duration, Instant};

use egui::{Event, Modifiers, MouseWheelUnit, PointerButton, Pos2, TouchPhase, pos2, vec2};
use phantom::raw::SeriesSpec;
use session::{
    Actor, Command, PicturesBy, Session, SessionOptions, SlabMode, Snapshot, Tool, ViewCommand,
    ViewKind, ViewSnapshot, system_clock,
};
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
    let mut bench = Bench { screen, shell };

    let idle = bench.interface_alone();
    println!("interface alone: {:.1} ms", ms(idle));
    let tell = |name: &str, (time, n_drawn): (Duration, usize)| {
        println!(
            "{name}: {:.1} ms, {:+.1} ms beside the interface alone (aim +20), {:.2} times; drawn {n_drawn} times",
            ms(time),
            ms(time) - ms(idle),
            ms(time) / ms(idle),
        );
    };
    for kind in [ViewKind::Axial, ViewKind::Coronal, ViewKind::Sagittal] {
        tell(&format!("{kind:?}, wheel to picture"), bench.wheel(kind));
    }
    tell("Axial, drag of the window to picture", bench.window_drag());
    bench.slab_of(ViewKind::Axial, 20.0);
    tell(
        "Axial, wheel to a slab of 20 mm",
        bench.wheel(ViewKind::Axial),
    );
    let start = Instant::now();
    let quiet = Duration::from_millis(1500);
    let n_idle = bench
        .screen
        .live(&mut bench.shell, Vec::new(), quiet, |_| false)
        - 1;
    println!(
        "at rest: drawn {n_idle} times in {:.0} ms",
        ms(start.elapsed())
    );
}

struct Bench {
    screen: Offscreen,
    shell: Shell,
}

/// A place in a view of the layout of four.
fn place(kind: ViewKind) -> Pos2 {
    match kind {
        ViewKind::Coronal => pos2(1100.0, 350.0),
        ViewKind::Sagittal => pos2(400.0, 820.0),
        _ => pos2(400.0, 350.0),
    }
}

fn view_of(snapshot: &Snapshot, kind: ViewKind) -> &ViewSnapshot {
    snapshot.views.iter().find(|v| v.kind == kind).unwrap()
}

/// Is the view drawn with the picture of its newest plane?
fn is_whole(view: &ViewSnapshot) -> bool {
    view.picture.as_ref().map(|p| Some(p.plane) == view.plane) == Some(true)
}

impl Bench {
    /// A drawing for a pointer that moved over the bar at the top: all of the interface, no new picture.
    fn interface_alone(&mut self) -> Duration {
        let times = (0..n_rounds()).map(|i| {
            self.rest_at(pos2(600.0, 20.0));
            let moved = Event::PointerMoved(pos2(601.0 + (i % 9) as f32 * 3.0, 20.0));
            let start = Instant::now();
            self.screen.frame(&mut self.shell, vec![moved]);
            self.screen.wait().unwrap();
            start.elapsed()
        });
        median(times.collect())
    }

    fn rest_at(&mut self, at: Pos2) {
        self.screen
            .frame(&mut self.shell, vec![Event::PointerMoved(at)]);
        self.screen.settle(&mut self.shell, LIMIT).unwrap();
        self.screen.wait().unwrap();
    }

    fn drawn(&self) -> &Snapshot {
        self.shell.drawn().unwrap()
    }

    /// From events until a drawing that satisfies `is_shown`: the time, and how many drawings it took.
    fn until(
        &mut self,
        events: Vec<Event>,
        is_shown: impl Fn(&Snapshot) -> bool,
    ) -> (Duration, usize) {
        let start = Instant::now();
        let n_drawn = self.screen.live(&mut self.shell, events, LIMIT, |shell| {
            shell.drawn().is_some_and(|drawn| is_shown(drawn))
        });
        self.screen.wait().unwrap();
        assert!(start.elapsed() < LIMIT, "no picture came");
        (start.elapsed(), n_drawn)
    }

    /// One notch of the wheel over a view, until the drawing that shows its new slice.
    fn wheel(&mut self, kind: ViewKind) -> (Duration, usize) {
        let rounds = (0..n_rounds()).map(|_| {
            self.rest_at(place(kind));
            let before = view_of(self.drawn(), kind).slice[0];
            let notch = Event::MouseWheel {
                unit: MouseWheelUnit::Line,
                // Up and down by turns, so that the ends are never reached.
                delta: vec2(0.0, if before < 100 { -1.0 } else { 1.0 }),
                phase: TouchPhase::Move,
                source: egui::MouseWheelSource::Unknown,
                modifiers: Modifiers::NONE,
            };
            self.until(vec![notch], |drawn| {
                let view = view_of(drawn, kind);
                view.slice[0] != before && is_whole(view)
            })
        });
        medians(rounds.collect())
    }

    /// One move of a drag with the tool of windows, until the drawing in the new window.
    fn window_drag(&mut self) -> (Duration, usize) {
        let tool = Command::View(ViewCommand::SetTool(Tool::Window));
        self.shell.session_mut().dispatch(tool).unwrap();
        let at = place(ViewKind::Axial);
        let rounds = (0..n_rounds()).map(|_| {
            self.rest_at(at);
            let button = |pressed, pos| Event::PointerButton {
                pos,
                button: PointerButton::Primary,
                pressed,
                modifiers: Modifiers::NONE,
            };
            self.screen.frame(&mut self.shell, vec![button(true, at)]);
            // The first move only makes a drag of it.
            self.rest_at(at + vec2(12.0, 0.0));
            let window = |drawn: &Snapshot| view_of(drawn, ViewKind::Axial).presentation.clone();
            let before = window(self.drawn());
            let moved = Event::PointerMoved(at + vec2(20.0, 6.0));
            let took = self.until(vec![moved], |drawn| window(drawn) != before);
            self.screen
                .frame(&mut self.shell, vec![button(false, at + vec2(20.0, 6.0))]);
            took
        });
        medians(rounds.collect())
    }

    fn slab_of(&mut self, kind: ViewKind, thickness_mm: f64) {
        let idx = view_of(self.drawn(), kind).idx;
        for command in [
            ViewCommand::SetSlab(idx, Some(SlabMode::Mip)),
            ViewCommand::SetSlabThickness(idx, thickness_mm),
        ] {
            let command = Command::View(command);
            self.shell.session_mut().dispatch(command).unwrap();
        }
        self.screen.settle(&mut self.shell, LIMIT).unwrap();
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn medians(rounds: Vec<(Duration, usize)>) -> (Duration, usize) {
    let (times, counts): (Vec<_>, Vec<_>) = rounds.into_iter().unzip();
    (median(times), median(counts))
}

fn median<T: Ord + Copy>(mut values: Vec<T>) -> T {
    values.sort();
    values[values.len() / 2]
}
