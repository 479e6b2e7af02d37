//! Fingers and pens do what a reader of a touch screen expects. The events are those that the window system of the program
//! makes of a touch: the first finger is the pointer as well.

use acceptance::ReportForm;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, TouchDeviceId, TouchId, TouchPhase, vec2};
use session::{Command, LayoutKind, ViewCommand, ViewSnapshot};

use super::bench::Bench;

fn touch(bench: &mut Bench, finger: u64, phase: TouchPhase, pos: Pos2) {
    press_with(bench, finger, phase, pos, None);
}

/// One event of a finger, or of a pen that tells its pressure.
fn press_with(bench: &mut Bench, finger: u64, phase: TouchPhase, pos: Pos2, force: Option<f32>) {
    let button = |pressed| Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    let mut events = vec![Event::Touch {
        device_id: TouchDeviceId(7),
        id: TouchId(finger),
        phase,
        pos,
        force,
    }];
    if finger == 0 {
        match phase {
            TouchPhase::Start => events.extend([Event::PointerMoved(pos), button(true)]),
            TouchPhase::Move => events.push(Event::PointerMoved(pos)),
            TouchPhase::End => events.extend([button(false), Event::PointerGone]),
            TouchPhase::Cancel => events.push(Event::PointerGone),
        }
    }
    bench.events(events);
}

fn one_view() -> Bench {
    let mut bench = Bench::reading(1, ReportForm::Text);
    bench.dispatch(Command::View(ViewCommand::SetLayout(LayoutKind::One)));
    bench
}

fn view(bench: &mut Bench) -> ViewSnapshot {
    let snapshot = bench.snapshot();
    snapshot.views[snapshot.active.0].clone()
}

fn n_marks(bench: &mut Bench) -> usize {
    let case = |shell: &mut shell::Shell| shell.session().case().unwrap().read().clone();
    bench.with(case).annotations.len()
}

/// Fingers go down one after the other, move together, and are lifted.
fn move_fingers(bench: &mut Bench, from: &[Pos2], to: &[Pos2]) {
    for (finger, pos) in from.iter().enumerate() {
        touch(bench, finger as u64, TouchPhase::Start, *pos);
    }
    for k in 1..=8 {
        let share = k as f32 / 8.0;
        for (finger, (from, to)) in from.iter().zip(to).enumerate() {
            let pos = *from + (*to - *from) * share;
            touch(bench, finger as u64, TouchPhase::Move, pos);
        }
    }
    for (finger, pos) in to.iter().enumerate() {
        touch(bench, finger as u64, TouchPhase::End, *pos);
    }
    bench.settle();
}

#[test]
fn one_finger_is_the_tool_in_hand_and_pressure_changes_nothing() {
    let mut lengths = Vec::new();
    for force in [None, Some(0.1), Some(1.0)] {
        let mut bench = one_view();
        bench.key(Key::L, Modifiers::NONE);
        let from = bench.view_rect().center();
        press_with(&mut bench, 0, TouchPhase::Start, from, force);
        for k in 1..=8 {
            let pos = from + vec2(10.0 * k as f32, 0.0);
            press_with(&mut bench, 0, TouchPhase::Move, pos, force);
        }
        press_with(
            &mut bench,
            0,
            TouchPhase::End,
            from + vec2(80.0, 0.0),
            force,
        );
        bench.settle();
        assert_eq!(n_marks(&mut bench), 1, "{force:?}");
        let case = |shell: &mut shell::Shell| shell.session().case().unwrap().read().clone();
        lengths.push(bench.with(case).annotations[0].values[0].value);
        // The new finding's first field may have taken the keyboard.
        bench.key(Key::Escape, Modifiers::NONE);
        bench.key(Key::Z, Modifiers::COMMAND);
        assert_eq!(n_marks(&mut bench), 0, "one touch is one step back");
    }
    assert!(0.0 < lengths[0]);
    assert!(
        lengths.iter().all(|length| *length == lengths[0]),
        "{lengths:?}"
    );
}

#[test]
fn two_fingers_move_and_magnify_and_touch_nothing_else() {
    let mut bench = one_view();
    let middle = bench.view_rect().center();
    let [left, right] = [middle - vec2(60.0, 0.0), middle + vec2(60.0, 0.0)];
    bench.key(Key::L, Modifiers::NONE);
    let before = view(&mut bench);
    // Twice as far apart is twice as large.
    let apart = [middle - vec2(120.0, 0.0), middle + vec2(120.0, 0.0)];
    move_fingers(&mut bench, &[left, right], &apart);
    let larger = view(&mut bench);
    let scale = |view: &ViewSnapshot| view.plane.unwrap().mm_per_pixel;
    let ratio = scale(&before) / scale(&larger);
    assert!((ratio - 2.0).abs() < 0.02, "{ratio}");
    // Together they move the picture by their own way.
    let by = vec2(40.0, 24.0);
    move_fingers(&mut bench, &[left, right], &[left + by, right + by]);
    let moved = view(&mut bench);
    assert!((scale(&moved) / scale(&larger) - 1.0).abs() < 1e-6);
    let way_mm = (moved.plane.unwrap().centre - larger.plane.unwrap().centre).length_mm();
    let expected_mm = f64::from(by.length()) * scale(&moved);
    assert!(
        (way_mm - expected_mm).abs() < 0.01 * expected_mm,
        "{way_mm} {expected_mm}"
    );
    assert_eq!(moved.window_text, before.window_text);
    assert_eq!(moved.slice, before.slice);
    assert_eq!(n_marks(&mut bench), 0, "the ruler in hand draws nothing");
    assert!(bench.snapshot().undo.is_none(), "nothing went on record");
}

#[test]
fn three_fingers_go_through_the_slices() {
    let mut bench = one_view();
    bench.key(Key::Home, Modifiers::NONE);
    let middle = bench.view_rect().center();
    let from = [-60.0, 0.0, 60.0].map(|x| middle + vec2(x, -60.0));
    let to = from.map(|pos| pos + vec2(0.0, 61.0));
    let before = view(&mut bench);
    move_fingers(&mut bench, &from, &to);
    let after = view(&mut bench);
    assert!((8..=10).contains(&after.slice[0]), "{}", after.slice[0]);
    assert_eq!(after.window_text, before.window_text);
}

#[test]
fn a_finger_that_rests_opens_the_menu_and_does_nothing_else() {
    let mut bench = one_view();
    let middle = bench.view_rect().center();
    let before = view(&mut bench);
    touch(&mut bench, 0, TouchPhase::Start, middle);
    for _ in 0..20 {
        bench.event(Event::Touch {
            device_id: TouchDeviceId(7),
            id: TouchId(0),
            phase: TouchPhase::Move,
            pos: middle,
            force: None,
        });
    }
    assert!(bench.shows("New finding here"), "{:#?}", bench.names());
    // It slips while it is lifted.
    touch(&mut bench, 0, TouchPhase::Move, middle + vec2(9.0, 9.0));
    touch(&mut bench, 0, TouchPhase::End, middle + vec2(9.0, 9.0));
    bench.settle();
    assert!(bench.shows("New finding here"), "the menu stays");
    assert_eq!(view(&mut bench).window_text, before.window_text);
}

#[test]
fn a_pen_over_the_picture_reads_it_without_touching() {
    let mut bench = one_view();
    let middle = bench.view_rect().center();
    let before = view(&mut bench);
    bench.event(Event::PointerMoved(middle));
    bench.event(Event::PointerMoved(middle + vec2(3.0, 3.0)));
    bench.settle();
    assert!(bench.shows("HU"), "{:#?}", bench.names());
    assert_eq!(view(&mut bench).window_text, before.window_text);
}

#[test]
fn small_controls_answer_beside_themselves_once_a_finger_was_seen() {
    let mut bench = one_view();
    let near = bench.interact_radius();
    let middle = bench.view_rect().center();
    touch(&mut bench, 0, TouchPhase::Start, middle);
    touch(&mut bench, 0, TouchPhase::End, middle);
    bench.settle();
    assert!(near < 8.0);
    // The smallest control is 16 points high.
    assert_eq!(16.0 + 2.0 * bench.interact_radius(), 32.0);
}

#[test]
fn a_pinch_on_a_touch_pad_magnifies_about_the_pointer() {
    let mut bench = one_view();
    let pos = bench.view_rect().center() + vec2(80.0, -50.0);
    bench.event(Event::PointerMoved(pos));
    let before = view(&mut bench).plane.unwrap();
    // What the window system makes of a pinch: factors, one after the other.
    for factor in [1.25, 1.1, 1.0 / 1.1] {
        bench.event(Event::Zoom(factor));
    }
    bench.settle();
    let after = view(&mut bench).plane.unwrap();
    let factor = before.mm_per_pixel / after.mm_per_pixel;
    assert!((factor - 1.25).abs() < 1e-4, "{factor}");
    // What lies under the pointer stays there, within rounding of the pointer's own place.
    let rect = bench.view_rect();
    let share = (pos - rect.min) / rect.size();
    let [was, is] = [before, after].map(|plane| {
        plane.patient([
            f64::from(share.x) * plane.size_px[0] as f64 - 0.5,
            f64::from(share.y) * plane.size_px[1] as f64 - 0.5,
        ])
    });
    let way_mm = (is - was).length_mm();
    assert!(way_mm < 0.2 * before.mm_per_pixel, "{way_mm} mm");
    for odd in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        bench.event(Event::Zoom(odd));
    }
    bench.settle();
    assert_eq!(view(&mut bench).plane.unwrap(), after);
}
