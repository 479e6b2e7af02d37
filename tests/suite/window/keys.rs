//! Keys do what the one table of keys says.

use acceptance::ReportForm;
use egui::{Event, Key, Modifiers};
use session::{Command, LayoutKind, ViewCommand, ViewIdx, ViewKind};

use super::bench::Bench;

#[test]
fn digits_choose_the_window_presets_of_the_house() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    let rows = [
        (Key::Num1, "W 400 L 40"),
        (Key::Num2, "W 1500 L -600"),
        (Key::Num3, "W 150 L 90"),
        (Key::Num4, "W 2500 L 480"),
        (Key::Num5, "W 80 L 40"),
        (Key::Num6, "W 350 L 50"),
        (Key::Num7, "W 600 L 300"),
        (Key::Num8, "W 40 L 40"),
    ];
    for (key, expected) in rows {
        bench.key(key, Modifiers::NONE);
        let snapshot = bench.snapshot();
        let view = &snapshot.views[snapshot.active.0];
        // A minus sign may be typeset.
        assert_eq!(view.window_text.replace('−', "-"), expected, "{key:?}");
    }
}

#[test]
fn keys_and_wheel_move_through_the_slices() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    bench.dispatch(Command::View(ViewCommand::SetLayout(LayoutKind::One)));
    let slice = |bench: &mut Bench| {
        let snapshot = bench.snapshot();
        snapshot.views[snapshot.active.0].slice
    };
    bench.key(Key::Home, Modifiers::NONE);
    assert_eq!(slice(&mut bench), [0, 40]);
    let rows = [
        (Key::ArrowDown, 1),
        (Key::ArrowDown, 2),
        (Key::PageDown, 12),
        (Key::ArrowUp, 11),
        (Key::PageUp, 1),
        (Key::End, 39),
        (Key::ArrowDown, 39),
        (Key::Home, 0),
    ];
    for (key, expected) in rows {
        bench.key(key, Modifiers::NONE);
        assert_eq!(slice(&mut bench)[0], expected, "{key:?}");
    }
    let middle = bench.view_rect().center();
    bench.wheel(middle, -1.0);
    assert_eq!(slice(&mut bench)[0], 1, "a notch is a slice");
    bench.wheel(middle, -3.0);
    assert_eq!(slice(&mut bench)[0], 4);
    bench.wheel(middle, 2.0);
    assert_eq!(slice(&mut bench)[0], 2);
}

#[test]
fn what_is_typed_at_once_after_the_key_of_the_palette_does_nothing_in_the_views() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    let (tool, findings) = {
        let before = bench.snapshot();
        let findings = before.case.as_ref().map(|case| case.findings.len());
        (before.tool, findings)
    };
    // E is a tool, K takes a key image and Enter makes a finding, wherever no text is typed.
    let stroke = |key, modifiers| Event::Key {
        key,
        physical_key: Some(key),
        pressed: true,
        repeat: false,
        modifiers,
    };
    let (none, ctrl) = (Modifiers::NONE, Modifiers::COMMAND);
    bench.at_once(vec![
        stroke(Key::K, ctrl),
        stroke(Key::K, none),
        Event::Text("k".into()),
        stroke(Key::E, none),
        Event::Text("e".into()),
        stroke(Key::Y, none),
        Event::Text("y".into()),
        stroke(Key::S, none),
        Event::Text("s".into()),
        stroke(Key::Enter, none),
    ]);
    let after = bench.snapshot();
    assert_eq!(after.tool, tool);
    let found = after.case.as_ref().map(|case| case.findings.len());
    assert_eq!(found, findings, "typing made a finding");
    assert!(bench.shows("Put all back"), "{:#?}", bench.names());
    // Behind a dialog no key of a view is a command either.
    bench.key(Key::E, none);
    assert_eq!(bench.snapshot().tool, tool);
}

#[test]
fn the_map_of_keys_and_the_palette_open_and_close() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    for (key, modifiers, sign) in [
        (Key::F1, Modifiers::NONE, "Find a shortcut"),
        (Key::K, Modifiers::COMMAND, "What do you want to do?"),
    ] {
        assert!(!bench.shows(sign), "'{sign}' is there before {key:?}");
        bench.key(key, modifiers);
        assert!(
            bench.shows(sign),
            "{key:?} shows no '{sign}': {:#?}",
            bench.names()
        );
        bench.key(Key::Escape, Modifiers::NONE);
        assert!(!bench.shows(sign), "'{sign}' stays after Escape");
    }
}

#[test]
fn enter_makes_a_finding_and_undo_takes_it_away() {
    let mut bench = Bench::reading(2, ReportForm::Text);
    let n = |bench: &mut Bench| bench.snapshot().case.as_ref().unwrap().findings.len();
    assert_eq!(n(&mut bench), 0);
    bench.key(Key::Enter, Modifiers::NONE);
    assert_eq!(n(&mut bench), 1);
    // The new finding's first field may have taken the keyboard.
    bench.key(Key::Escape, Modifiers::NONE);
    bench.key(Key::Z, Modifiers::COMMAND);
    assert_eq!(n(&mut bench), 0);
    bench.key(Key::Y, Modifiers::COMMAND);
    assert_eq!(n(&mut bench), 1);
}

#[test]
fn views_invert_turn_and_reset() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    let view = |bench: &mut Bench| {
        let snapshot = bench.snapshot();
        snapshot.views[snapshot.active.0].clone()
    };
    let before = view(&mut bench);
    let frame = |v: &session::ViewSnapshot| v.plane.unwrap().frame;
    bench.key(Key::H, Modifiers::NONE);
    let flipped = view(&mut bench);
    assert!(flipped.flipped && !before.flipped);
    assert_ne!(
        flipped.letters, before.letters,
        "the letters follow the flip"
    );
    bench.key(Key::CloseBracket, Modifiers::NONE);
    assert_ne!(frame(&view(&mut bench)), frame(&flipped));
    bench.key(Key::I, Modifiers::NONE);
    assert_ne!(view(&mut bench).presentation, before.presentation);
    bench.key(Key::R, Modifiers::NONE);
    let reset = view(&mut bench);
    assert_eq!(
        (frame(&reset), reset.letters, reset.flipped),
        (frame(&before), before.letters, false)
    );
}

#[test]
fn letters_stand_where_the_patient_lies() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    bench.dispatch(Command::View(ViewCommand::SetLayout(LayoutKind::Mpr)));
    let snapshot = bench.snapshot();
    let mut n_seen = 0;
    for view in &snapshot.views {
        // Seen from the feet, from the front, and from the patient's left.
        let expected = match view.kind {
            ViewKind::Stack | ViewKind::Axial => ["R", "L", "A", "P"],
            ViewKind::Coronal | ViewKind::Mip | ViewKind::Rendering => ["R", "L", "S", "I"],
            ViewKind::Sagittal => ["A", "P", "S", "I"],
        };
        let letters = view.letters.as_ref().unwrap();
        let found = [&letters.left, &letters.right, &letters.top, &letters.bottom];
        assert_eq!(found, expected, "{:?}", view.kind);
        n_seen += 1;
    }
    assert_eq!(n_seen, 4);
}

#[test]
fn a_click_within_one_frame_chooses_its_view_as_a_slow_one_does() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    bench.dispatch(Command::View(ViewCommand::SetLayout(LayoutKind::Mpr)));
    // Four views of one size: the last lies below and to the right of the first.
    let first = bench.view_rect();
    assert_eq!(bench.snapshot().active, ViewIdx(0));
    bench.quick_click(first.center() + first.size());
    assert_eq!(bench.snapshot().active, ViewIdx(3));
}
