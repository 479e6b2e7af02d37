//! How often the screen is drawn: once for an input, and not at all while nothing happens.

#![allow(clippy::unwrap_used)]

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use egui::{Event, Modifiers, MouseWheelSource, MouseWheelUnit, Pos2, TouchPhase, pos2, vec2};
use phantom::raw::SeriesSpec;
use session::{Actor, Command, PicturesBy, Session, SessionOptions, ViewKind, ViewSnapshot};
use shell::offscreen::Offscreen;
use shell::{Shell, ThemeChoice};

const LIMIT: Duration = Duration::from_secs(120);
/// Longer than a slice takes to count as seen, which is drawn as well.
const A_WHILE: Duration = Duration::from_millis(900);

/// One desk at a time: each needs all processors to draw.
static ONE_DESK: Mutex<()> = Mutex::new(());

struct Desk {
    _alone: MutexGuard<'static, ()>,
    screen: Offscreen,
    shell: Shell,
    _dir: tempfile::TempDir,
}

/// A CT on a small screen of four views with everything drawn; `None` where there is nothing to draw with.
fn desk() -> Option<Desk> {
    let alone = ONE_DESK.lock().unwrap_or_else(PoisonError::into_inner);
    let screen = match Offscreen::new([1200, 700], 1.0) {
        Ok(screen) => screen,
        Err(error) => {
            println!("1 test skipped: {error}");
            return None;
        }
    };
    let dir = tempfile::tempdir().unwrap();
    let images = dir.path().join("images");
    std::fs::create_dir(&images).unwrap();
    let spec = SeriesSpec::ct("drawings", 64, 64, 40);
    spec.write(&images, |v| (v.slice_idx * 10 + v.col_idx) as i64)
        .unwrap();
    let session = Session::open(SessionOptions {
        store_dir: dir.path().join("store"),
        actor: Actor::new("S. Iyer"),
        clock: session::system_clock(),
        trace: None,
        pictures: PicturesBy::Session,
    });
    let shell = screen.shell(session.unwrap(), ThemeChoice::Dark);
    let mut desk = Desk {
        _alone: alone,
        screen,
        shell,
        _dir: dir,
    };
    let open = Command::OpenPaths(vec![images]);
    desk.shell.session_mut().dispatch(open).unwrap();
    desk.settle();
    Some(desk)
}

impl Desk {
    fn settle(&mut self) {
        self.screen.settle(&mut self.shell, LIMIT).unwrap();
        assert!(self.comes_to_rest(), "the screen is drawn without end");
    }

    /// Is there soon a while in which nothing is drawn but what is made for this question? What counts as seen, and late
    /// pictures of busy processors, are drawn before.
    fn comes_to_rest(&mut self) -> bool {
        (0..20).any(|_| self.n_drawn(Vec::new()) == 1)
    }

    /// Drawings for events and what follows from them.
    fn n_drawn(&mut self, events: Vec<Event>) -> usize {
        self.screen
            .live(&mut self.shell, events, A_WHILE, |_| false)
    }

    fn axial(&self) -> ViewSnapshot {
        let views = &self.shell.drawn().unwrap().views;
        let axial = views.iter().find(|v| v.kind == ViewKind::Axial);
        axial.unwrap().clone()
    }

    /// The middle of the axial view, which is the first of four.
    fn middle(&self) -> Pos2 {
        pos2(320.0, 250.0)
    }
}

fn notch() -> Event {
    Event::MouseWheel {
        unit: MouseWheelUnit::Line,
        delta: vec2(0.0, -1.0),
        phase: TouchPhase::Move,
        source: MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    }
}

#[test]
fn nothing_is_drawn_while_nothing_happens() {
    let Some(mut desk) = desk() else { return };
    let middle = desk.middle();
    desk.n_drawn(vec![Event::PointerMoved(middle)]);
    assert!(desk.comes_to_rest(), "the pointer rests over a view");
    // The one is that which is made here.
    assert_eq!(desk.n_drawn(Vec::new()), 1);
}

#[test]
fn a_notch_of_the_wheel_is_drawn_once_with_its_picture_and_once_when_it_was_seen() {
    let Some(mut desk) = desk() else { return };
    let middle = desk.middle();
    desk.n_drawn(vec![Event::PointerMoved(middle)]);
    let before = desk.axial().slice[0];
    let mut with_picture = 0;
    let n_notches = 5;
    for n in 1..=n_notches {
        let mut first = None;
        let n_drawn = desk
            .screen
            .live(&mut desk.shell, vec![notch()], A_WHILE, |shell| {
                if first.is_none() {
                    first = shell.drawn().cloned();
                }
                false
            });
        let drawn = first.unwrap();
        let axial = drawn.views.iter().find(|v| v.kind == ViewKind::Axial);
        let axial = axial.unwrap();
        assert_eq!(axial.slice[0].abs_diff(before), n, "it follows at once");
        let plane = axial.picture.as_ref().map(|picture| picture.plane);
        with_picture += usize::from(plane == axial.plane);
        // Where the processors are busy the picture may come too late for the first.
        let causes = desk.screen.context().repaint_causes();
        assert!(
            (1..=5).contains(&n_drawn),
            "drawn {n_drawn} times, at last for {causes:?}"
        );
    }
    println!("{with_picture} of {n_notches} slices came with their picture");
}

#[test]
fn turns_of_the_wheel_beside_the_views_go_where_they_went_before() {
    let Some(mut desk) = desk() else { return };
    desk.n_drawn(vec![Event::PointerMoved(pos2(60.0, 300.0))]);
    let before = desk.axial().slice[0];
    desk.n_drawn(vec![notch()]);
    assert_eq!(desk.axial().slice[0], before);
    // And one that comes with a move into a view is for that view.
    let middle = desk.middle();
    desk.n_drawn(vec![Event::PointerMoved(middle), notch()]);
    assert_eq!(desk.axial().slice[0].abs_diff(before), 1);
}
