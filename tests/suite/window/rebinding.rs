//! Keys and gestures are changed by pressing them, and nothing is lost without a question.

use acceptance::ReportForm;
use egui::{Key, Modifiers, PointerButton, vec2};
use session::commands::{COMMANDS, Shortcut};
use session::{Command, Held, MouseAction, MouseGesture, Tool, ViewCommand, ViewIdx};

use super::bench::Bench;
use super::hands::title;

fn keys(bench: &mut Bench, id: &str) -> Vec<String> {
    let snapshot = bench.snapshot();
    let keys = snapshot.bindings.keys(id).iter();
    keys.map(Shortcut::to_string).collect()
}

fn opened() -> Bench {
    let mut bench = Bench::reading(1, ReportForm::Text);
    bench.press("Keys and mouse");
    bench
}

#[test]
fn a_key_that_is_pressed_for_a_command_works_at_once() {
    let mut bench = opened();
    let tool = bench.snapshot().tool;
    bench.press_row(title("tool_length"));
    assert!(bench.shows("Press the key for"));
    bench.key(Key::F8, Modifiers::SHIFT);
    assert_eq!(keys(&mut bench, "tool_length"), ["L", "Shift+F8"]);
    assert_eq!(
        bench.snapshot().tool,
        tool,
        "it was pressed for the dialog only"
    );
    bench.key(Key::Escape, Modifiers::NONE);
    bench.key(Key::F8, Modifiers::SHIFT);
    assert_eq!(bench.snapshot().tool, Tool::Length);
}

#[test]
fn a_key_of_another_command_is_taken_only_after_a_yes() {
    let mut bench = opened();
    let asked = format!("D is “{}” now", title("tool_probe"));
    for (answer, length, probe) in [
        ("Leave it", vec!["L"], vec!["D"]),
        ("Give it", vec!["L", "D"], vec![]),
    ] {
        bench.press_row(title("tool_length"));
        bench.key(Key::D, Modifiers::NONE);
        assert!(bench.shows(&asked), "{:#?}", bench.names());
        assert_eq!(
            keys(&mut bench, "tool_length"),
            ["L"],
            "nothing before the answer"
        );
        bench.press(answer);
        assert_eq!(keys(&mut bench, "tool_length"), length, "{answer}");
        assert_eq!(keys(&mut bench, "tool_probe"), probe, "{answer}");
    }
    // Back to how it came: the other way round it is asked as well.
    bench.press_unseen(&format!("Put {} back", title("tool_probe")));
    assert!(bench.shows(&format!("D is “{}” now", title("tool_length"))));
    bench.press("Give it");
    assert_eq!(keys(&mut bench, "tool_probe"), ["D"]);
    assert_eq!(keys(&mut bench, "tool_length"), ["L"]);
}

#[test]
fn a_key_goes_to_the_dialog_that_waits_for_it_though_a_view_has_a_window_of_its_own() {
    let mut bench = opened();
    let tool = bench.snapshot().tool;
    bench.press_row(title("tool_length"));
    bench.dispatch(Command::View(ViewCommand::ToggleOwnWindow(ViewIdx(0))));
    bench.key(Key::D, Modifiers::NONE);
    let asked = format!("D is “{}” now", title("tool_probe"));
    assert!(bench.shows(&asked), "{:#?}", bench.names());
    assert_eq!(bench.snapshot().tool, tool, "no view took it");
}

#[test]
fn what_cannot_be_is_said_and_changes_nothing() {
    let mut bench = opened();
    for (id, key, modifiers, said) in [
        (
            "seal",
            Key::S,
            Modifiers::NONE,
            "alone is too easily pressed",
        ),
        (
            "reveal_early",
            Key::F9,
            Modifiers::SHIFT,
            "alone is too easily pressed",
        ),
        (
            "tool_length",
            Key::K,
            Modifiers::COMMAND,
            "always belongs to",
        ),
        (
            "tool_length",
            Key::F20,
            Modifiers::NONE,
            "cannot be given to a command",
        ),
    ] {
        let before = keys(&mut bench, id);
        bench.press_row(title(id));
        bench.key(key, modifiers);
        assert!(bench.shows(said), "{id} {key:?}: {:#?}", bench.names());
        assert_eq!(keys(&mut bench, id), before);
    }
    let house = bench.snapshot();
    assert_eq!(house.bindings, house.bindings_origin);
}

#[test]
fn escape_ends_the_waiting_first_and_closes_then() {
    let mut bench = opened();
    bench.press_row(title("tool_length"));
    bench.key(Key::Escape, Modifiers::NONE);
    assert!(!bench.shows("Press the key for") && bench.shows("Put all back"));
    bench.key(Key::Escape, Modifiers::NONE);
    assert!(!bench.shows("Put all back"));
}

#[test]
fn every_command_and_every_action_of_the_mouse_has_its_row() {
    let mut bench = opened();
    let names = bench.names();
    for spec in COMMANDS {
        let title = title(spec.id);
        assert!(names.iter().any(|name| name == title), "{title}");
    }
    bench.press("Mouse");
    for words in [
        "Active tool",
        "Pan",
        "Zoom",
        "Slab thickness",
        "Move crosshair",
    ] {
        bench.press_row(words);
    }
}

#[test]
fn a_gesture_that_is_made_for_an_action_works_at_once() {
    let mut bench = opened();
    let action =
        |bench: &mut Bench, gesture| bench.snapshot().bindings.mouse(gesture, Held::default());
    bench.press("Mouse");
    bench.press_row("Pan");
    let pad = bench.rect_of("Make the gesture for “Pan” here");
    let from = pad.center();
    bench.drag(from, from + vec2(60.0, 8.0), PointerButton::Secondary);
    assert!(
        bench.shows("Right drag is “Zoom” now"),
        "{:#?}",
        bench.names()
    );
    assert_eq!(
        action(&mut bench, MouseGesture::RightDrag),
        MouseAction::Zoom
    );
    bench.press("Give it");
    assert_eq!(
        action(&mut bench, MouseGesture::RightDrag),
        MouseAction::Pan
    );
    // Of the wheel sideways nothing is lost, so it is not asked.
    bench.press_row("Zoom");
    let pad = bench.rect_of("Make the gesture for “Zoom” here");
    bench.side_wheel(pad.center(), 1.0);
    assert_eq!(
        action(&mut bench, MouseGesture::SideWheel),
        MouseAction::Zoom
    );
    // A double click magnifies nothing.
    bench.press_row("Zoom");
    let at = bench.rect_of("Make the gesture for “Zoom” here").center();
    bench.double_click(at);
    assert!(
        bench.shows("This gesture cannot do that"),
        "{:#?}",
        bench.names()
    );
    bench.key(Key::Escape, Modifiers::NONE);
    let plane = |bench: &mut Bench| {
        let snapshot = bench.snapshot();
        snapshot.views[snapshot.active.0].plane.unwrap()
    };
    let before = plane(&mut bench);
    let from = bench.view_rect().center();
    bench.drag(from, from + vec2(0.0, 60.0), PointerButton::Secondary);
    let after = plane(&mut bench);
    assert_eq!(after.mm_per_pixel, before.mm_per_pixel);
    assert_ne!(
        after.centre, before.centre,
        "the right button moves the picture now"
    );
}

#[test]
fn all_is_put_back_after_a_yes() {
    let mut bench = opened();
    bench.press_row(title("tool_length"));
    bench.key(Key::F8, Modifiers::NONE);
    bench.press("Put all back");
    assert_eq!(keys(&mut bench, "tool_length"), ["L", "F8"], "it asks");
    bench.press("Leave it");
    assert_eq!(keys(&mut bench, "tool_length"), ["L", "F8"]);
    bench.press_row(title("tool_length"));
    bench.press_unseen(&format!("Take L away from {}", title("tool_length")));
    assert_eq!(keys(&mut bench, "tool_length"), ["F8"]);
    let snapshot = bench.snapshot();
    assert_ne!(snapshot.bindings, snapshot.bindings_origin);
}
