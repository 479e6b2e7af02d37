//! The hold button acts after one second and not before, and only once a hold.

#![allow(clippy::unwrap_used)]

use egui::{Event, Key, Modifiers, PointerButton, Pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use ui_kit::{HoldButton, Icon, install};

const STEP_S: f32 = 0.05;

#[derive(Default)]
struct Seen {
    n_completed: u32,
    progress: f32,
}

fn harness() -> Harness<'static, Seen> {
    let mut harness = Harness::builder()
        .with_size([400.0, 100.0])
        .with_step_dt(STEP_S)
        .with_context_setup(install)
        .build_ui_state(
            |ui, seen: &mut Seen| {
                let hold = HoldButton::new("Hold").icon(Icon::Eye).show(ui);
                seen.n_completed += u32::from(hold.completed());
                seen.progress = hold.progress;
            },
            Seen::default(),
        );
    harness.run_steps(2);
    harness
}

fn pointer(harness: &Harness<'_, Seen>, pos: Pos2, pressed: bool) {
    harness.event(Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    });
}

fn steps(seconds: f32) -> usize {
    (seconds / STEP_S).round() as usize
}

#[test]
fn a_hold_of_less_than_a_second_does_nothing() {
    let mut harness = harness();
    let center = harness.get_by_label("Hold").rect().center();
    harness.hover_at(center);
    harness.run_steps(1);
    pointer(&harness, center, true);
    harness.run_steps(steps(0.9));
    assert!(0.5 < harness.state().progress);
    pointer(&harness, center, false);
    harness.run_steps(steps(1.0));
    assert_eq!(harness.state().n_completed, 0);
    assert_eq!(harness.state().progress, 0.0, "letting go cancels");
}

#[test]
fn a_hold_of_a_second_acts_once_until_let_go() {
    let mut harness = harness();
    let center = harness.get_by_label("Hold").rect().center();
    harness.hover_at(center);
    harness.run_steps(1);
    pointer(&harness, center, true);
    harness.run_steps(steps(3.5));
    assert_eq!(harness.state().n_completed, 1);
    pointer(&harness, center, false);
    harness.run_steps(2);
    pointer(&harness, center, true);
    harness.run_steps(steps(1.2));
    assert_eq!(harness.state().n_completed, 2, "a second hold acts again");
}

#[test]
fn leaving_the_button_cancels() {
    let mut harness = harness();
    let center = harness.get_by_label("Hold").rect().center();
    harness.hover_at(center);
    harness.run_steps(1);
    pointer(&harness, center, true);
    harness.run_steps(steps(0.6));
    harness.hover_at(center + egui::vec2(0.0, 60.0));
    harness.run_steps(steps(1.0));
    assert_eq!(harness.state().n_completed, 0);
}

#[test]
fn the_keyboard_holds_too_and_a_tap_does_nothing() {
    for key in [Key::Space, Key::Enter] {
        let mut harness = harness();
        harness.get_by_label("Hold").focus();
        harness.run_steps(2);
        harness.key_press(key);
        harness.run_steps(steps(1.5));
        assert_eq!(harness.state().n_completed, 0, "a tap of {key:?}");
        harness.key_down(key);
        harness.run_steps(steps(1.2));
        assert_eq!(harness.state().n_completed, 1, "a hold of {key:?}");
    }
}

#[test]
fn an_assistive_click_does_not_skip_the_hold() {
    let mut harness = harness();
    harness.get_by_label("Hold").click_accesskit();
    harness.run_steps(steps(1.5));
    assert_eq!(harness.state().n_completed, 0);
}
