//! What keys and mouse do is what the profile in use says, everywhere and at once.

use acceptance::ReportForm;
use egui::{Event, Key, Modifiers, PointerButton, vec2};
use session::commands::{COMMANDS, Shortcut};
use session::{Actor, Command, LayoutKind, Tool, ViewCommand};

use super::bench::Bench;

fn slice(bench: &mut Bench) -> usize {
    let snapshot = bench.snapshot();
    snapshot.views[snapshot.active.0].slice[0]
}

#[test]
fn a_profile_works_at_once_and_is_remembered_for_who_chose_it() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    bench.dispatch(Command::UseBindings("Weasis".into()));
    bench.key(Key::D, Modifiers::NONE);
    assert_eq!(bench.snapshot().tool, Tool::Length, "D is the ruler there");
    bench.key(Key::T, Modifiers::NONE);
    assert_eq!(bench.snapshot().tool, Tool::Pan);
    bench.dispatch(Command::SetActor(Actor::new("Bob Other")));
    assert_eq!(bench.snapshot().bindings.name, "Overread");
    bench.key(Key::D, Modifiers::NONE);
    assert_ne!(bench.snapshot().tool, Tool::Length);
    bench.dispatch(Command::SetActor(Actor::new("Ada Second")));
    assert_eq!(bench.snapshot().bindings.name, "Weasis");
}

#[test]
fn a_profile_that_there_is_not_is_refused_by_name() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    let asked = Command::UseBindings("No such".into());
    let said = bench.with(|shell| shell.session_mut().dispatch(asked));
    let said = said.unwrap_err().to_string();
    assert!(said.contains("Horos/OsiriX"), "{said}");
    assert_eq!(bench.snapshot().bindings.name, "Overread");
}

/// The name of a command on the screen.
pub fn title(id: &str) -> &'static str {
    let lines = include_str!("../../../assets/text/en.txt").lines();
    let mut titles = lines.filter_map(|line| line.strip_prefix("command.")?.split_once(" = "));
    titles.find(|(key, _)| *key == id).unwrap().1
}

/// The keys as their caps say them.
fn caps(keys: &[Shortcut]) -> String {
    let keys: Vec<String> = keys.iter().map(Shortcut::to_string).collect();
    let words = [
        ("Up", "↑"),
        ("Down", "↓"),
        ("Left", "←"),
        ("Right", "→"),
        ("Escape", "Esc"),
        ("Delete", "Del"),
    ];
    let cap = |part: &str| {
        let word = words.iter().find(|(name, _)| *name == part);
        word.map_or(part.to_owned(), |(_, cap)| (*cap).to_owned())
    };
    let caps = |key: &String| key.split('+').map(cap).collect::<Vec<_>>().join("+");
    keys.iter().map(caps).collect::<Vec<_>>().join(", ")
}

#[test]
fn every_command_is_on_the_palette_and_its_keys_on_the_sheet_in_every_profile() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    for profile in bench.snapshot().binding_profiles.iter() {
        let name = &profile.name;
        bench.dispatch(Command::UseBindings(name.clone()));
        bench.key(Key::K, Modifiers::COMMAND);
        bench.event(Event::Text(">".into()));
        bench.settle();
        let found = bench.names();
        bench.key(Key::Escape, Modifiers::NONE);
        bench.key(Key::F1, Modifiers::NONE);
        bench.press("All");
        let rows = bench.named_values();
        bench.key(Key::Escape, Modifiers::NONE);
        let snapshot = bench.snapshot();
        for spec in COMMANDS {
            let title = title(spec.id);
            let is_way_in_or_out = ["palette", "cancel"].contains(&spec.id);
            assert!(
                is_way_in_or_out || found.iter().any(|n| n == title),
                "{name}: {title} is not on the palette"
            );
            let keys = snapshot.bindings.keys(spec.id);
            let expected = caps(keys);
            let shows = |(name, value): &(String, String)| name == title && *value == expected;
            assert!(
                keys.is_empty() || rows.iter().any(shows),
                "{name}: the sheet does not say {expected} of {title}"
            );
        }
    }
}

#[test]
fn both_buttons_together_scroll() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    bench.dispatch(Command::View(ViewCommand::SetLayout(LayoutKind::One)));
    bench.key(Key::Home, Modifiers::NONE);
    let from = bench.view_rect().center();
    let buttons = [PointerButton::Primary, PointerButton::Secondary];
    bench.drag_with(from, from + vec2(0.0, 62.0), &buttons);
    let at = slice(&mut bench);
    assert!((8..=10).contains(&at), "ten slices of six points, not {at}");
}

#[test]
fn a_drag_downwards_raises_the_level_until_that_is_turned_around() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    let level = |bench: &mut Bench| {
        let snapshot = bench.snapshot();
        let voi = &snapshot.views[snapshot.active.0]
            .presentation
            .as_ref()
            .unwrap()
            .voi;
        voi.center_width().0
    };
    let from = bench.view_rect().center();
    let down = vec2(0.0, 40.0);
    let before = level(&mut bench);
    bench.drag(from, from + down, PointerButton::Primary);
    let raised = level(&mut bench);
    assert!(before < raised, "{before} {raised}");
    bench.dispatch(Command::InvertLevel);
    bench.drag(from, from + down, PointerButton::Primary);
    let lowered = level(&mut bench);
    assert!(lowered < raised, "{raised} {lowered}");
}

#[test]
fn a_gesture_that_a_profile_takes_away_does_nothing() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    let scale = |bench: &mut Bench| {
        let snapshot = bench.snapshot();
        snapshot.views[snapshot.active.0]
            .plane
            .unwrap()
            .mm_per_pixel
    };
    let from = bench.view_rect().center();
    let up = vec2(0.0, -60.0);
    let before = scale(&mut bench);
    bench.dispatch(Command::UseBindings("Weasis".into()));
    bench.drag(from, from + up, PointerButton::Secondary);
    assert_eq!(
        scale(&mut bench),
        before,
        "the right button is for the menu there"
    );
    bench.dispatch(Command::UseBindings("Overread".into()));
    bench.drag(from, from + up, PointerButton::Secondary);
    assert!(scale(&mut bench) < before);
}

#[test]
fn the_wheel_turns_the_view_under_the_pointer_without_a_click() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    bench.dispatch(Command::View(ViewCommand::SetLayout(LayoutKind::Mpr)));
    // Each view would follow the others otherwise.
    bench.dispatch(Command::View(ViewCommand::ToggleLink));
    let active = bench.snapshot().active;
    let rects = bench.view_rects();
    assert!(3 <= rects.len(), "{}", rects.len());
    let mut turned = std::collections::BTreeSet::new();
    for rect in rects {
        let slices = |bench: &mut Bench| -> Vec<usize> {
            let snapshot = bench.snapshot();
            // A projection has no slice of its own to be on.
            let flat = snapshot.views.iter().filter(|v| !v.kind.is_projection());
            flat.map(|view| view.slice[0]).collect()
        };
        let before = slices(&mut bench);
        bench.wheel(rect.center(), -2.0);
        let after = slices(&mut bench);
        let changed: Vec<usize> = (0..after.len())
            .filter(|i| before[*i] != after[*i])
            .collect();
        assert!(changed.len() <= 1, "{before:?} {after:?}");
        turned.extend(changed);
        assert_eq!(bench.snapshot().active, active, "looking is not choosing");
    }
    assert!(3 <= turned.len(), "{turned:?}");
}

#[test]
fn one_drag_is_one_step_back() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    let marks = |bench: &mut Bench| {
        bench.with(|shell| shell.session().case().unwrap().read().annotations.clone())
    };
    let middle = bench.view_rect().center();
    let end = middle + vec2(120.0, 0.0);
    let mut states = vec![marks(&mut bench)];
    bench.key(Key::L, Modifiers::NONE);
    for (from, to) in [
        // It is drawn, its end is moved, it is moved as a whole, and another one is drawn.
        (middle, end),
        (end, end + vec2(30.0, 20.0)),
        (middle + vec2(75.0, 10.0), middle + vec2(75.0, -60.0)),
        (middle + vec2(-60.0, 120.0), middle + vec2(60.0, 120.0)),
    ] {
        bench.drag(from, to, PointerButton::Primary);
        let now = marks(&mut bench);
        assert_ne!(states.last(), Some(&now), "{from:?} changed nothing");
        states.push(now);
    }
    states.pop();
    while let Some(before) = states.pop() {
        bench.key(Key::Z, Modifiers::COMMAND);
        assert_eq!(marks(&mut bench), before, "{} steps are left", states.len());
    }
    // What changes only how it looks is no step of the record.
    bench.key(Key::W, Modifiers::NONE);
    let undo = bench.snapshot().undo.clone();
    bench.drag(middle, end, PointerButton::Primary);
    bench.drag(middle, end, PointerButton::Secondary);
    bench.drag(middle, end, PointerButton::Middle);
    assert_eq!(bench.snapshot().undo, undo);
}

#[test]
fn every_tool_has_a_button_or_stands_in_the_menu_in_every_profile() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    let words = include_str!("../../../assets/text/en.txt").lines();
    let words: Vec<(&str, &str)> = words
        .filter_map(|line| line.strip_prefix("tool.")?.split_once(" = "))
        .collect();
    for profile in bench.snapshot().binding_profiles.iter() {
        bench.dispatch(Command::UseBindings(profile.name.clone()));
        let mut names = bench.names();
        for menu in ["More measuring tools", "Window"] {
            bench.press(menu);
            names.extend(bench.names());
            bench.key(Key::Escape, Modifiers::NONE);
        }
        for spec in COMMANDS.iter().filter(|spec| spec.group == "tools") {
            let name = spec.id.trim_start_matches("tool_");
            let (_, word) = words.iter().find(|(key, _)| *key == name).unwrap();
            let is_there = names.iter().any(|n| n == word);
            assert!(is_there, "{}: {word} has neither", profile.name);
        }
    }
}
