//! What floats over every screen opens, works and closes by keyboard alone.

#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use session::{Actor, PicturesBy, Session, SessionOptions, system_clock};
use shell::{Shell, ThemeChoice};

struct Desk {
    harness: Harness<'static>,
    store: PathBuf,
}

impl Desk {
    /// A worklist without a case.
    fn new(name: &str) -> Self {
        let store = std::env::temp_dir().join(format!("overread-{name}-{}", std::process::id()));
        let options = SessionOptions {
            store_dir: store.clone(),
            actor: Actor::new("S. Iyer"),
            clock: system_clock(),
            trace: None,
            pictures: PicturesBy::Session,
        };
        let shell = Rc::new(RefCell::new(None));
        let drawn = shell.clone();
        let session = RefCell::new(Some(Session::open(options).unwrap()));
        let harness = Harness::builder()
            .with_size([1366.0, 768.0])
            .with_step_dt(0.25)
            .with_context_setup(move |ctx| {
                let session = session.borrow_mut().take().unwrap();
                *shell.borrow_mut() = Some(Shell::new(ctx, session, None, ThemeChoice::Dark));
            })
            .build_ui(move |ui| drawn.borrow_mut().as_mut().unwrap().ui(ui));
        let mut desk = Self { harness, store };
        desk.harness.run_steps(3);
        desk
    }

    fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.run_steps(3);
    }

    fn shows(&self, name: &str) -> bool {
        self.harness.query_all_by_label(name).next().is_some()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.store));
    }
}

const FIELD: &str = "What do you want to do?";

#[test]
fn the_palette_finds_a_command_and_runs_it() {
    let mut desk = Desk::new("palette");
    assert!(!desk.shows(FIELD));
    desk.press(Modifiers::COMMAND, Key::K);
    assert!(desk.shows(FIELD));
    for letter in ["m", "a", "p", " ", "o", "f"] {
        desk.harness.event(egui::Event::Text(letter.into()));
    }
    desk.harness.run_steps(3);
    assert!(desk.shows("Map of keys"));
    assert!(!desk.shows("Open a folder"));
    desk.press(Modifiers::NONE, Key::Enter);
    assert!(!desk.shows(FIELD), "the palette goes when its command runs");
    assert!(desk.shows("Find a shortcut"), "the map of keys is there");
    desk.press(Modifiers::NONE, Key::Escape);
    assert!(!desk.shows("Find a shortcut"));
}

/// Presses and releases of a key, as a window tells them in one pass.
fn strokes(key: Key, modifiers: Modifiers, text: &str) -> Vec<egui::Event> {
    let stroke = |pressed| egui::Event::Key {
        key,
        physical_key: Some(key),
        pressed,
        repeat: false,
        modifiers,
    };
    let text = (!text.is_empty()).then(|| egui::Event::Text(text.into()));
    [Some(stroke(true)), text, Some(stroke(false))]
        .into_iter()
        .flatten()
        .collect()
}

#[test]
fn what_is_typed_faster_than_the_screen_follows_is_for_the_palette() {
    // All in one pass, and the last key alone after a pass for the rest.
    for n_at_once in [usize::MAX, 1, 9] {
        let mut desk = Desk::new(&format!("fast-{n_at_once}"));
        let mut typed = vec![strokes(Key::K, Modifiers::COMMAND, "")];
        typed.extend("keys and mouse".chars().map(|letter| {
            let key = match letter {
                ' ' => Key::Space,
                letter => Key::from_name(&letter.to_ascii_uppercase().to_string()).unwrap(),
            };
            strokes(key, Modifiers::NONE, &letter.to_string())
        }));
        typed.push(strokes(Key::Enter, Modifiers::NONE, ""));
        for together in typed.chunks(n_at_once.min(typed.len())) {
            let events = together.iter().flatten().cloned();
            desk.harness.input_mut().events.extend(events);
            desk.harness.step();
        }
        desk.harness.run_steps(20);
        assert!(!desk.shows(FIELD), "{n_at_once}: the palette stays open");
        assert!(desk.shows("Put all back"), "{n_at_once}: no dialog opened");
    }
}

#[test]
fn the_profile_in_use_is_not_offered() {
    let mut desk = Desk::new("profiles");
    desk.press(Modifiers::COMMAND, Key::K);
    desk.harness.event(egui::Event::Text("profile".into()));
    desk.harness.run_steps(3);
    assert!(desk.shows("Profile: OHIF"));
    assert!(!desk.shows("Profile: Overread"));
}

#[test]
fn arrows_choose_and_escape_closes() {
    let mut desk = Desk::new("arrows");
    desk.press(Modifiers::COMMAND, Key::K);
    desk.press(Modifiers::NONE, Key::ArrowDown);
    desk.press(Modifiers::NONE, Key::ArrowUp);
    assert!(desk.shows(FIELD));
    desk.press(Modifiers::NONE, Key::Escape);
    assert!(!desk.shows(FIELD));
}

#[test]
fn the_map_of_keys_opens_with_its_key_and_names_what_holds_here() {
    let mut desk = Desk::new("keys");
    desk.press(Modifiers::NONE, Key::F1);
    assert!(desk.shows("Next case"));
    assert!(
        !desk.shows("Verdict: agree"),
        "verdicts are no keys of the worklist"
    );
    desk.press(Modifiers::NONE, Key::F1);
    assert!(!desk.shows("Next case"));
}

#[test]
fn letters_typed_into_the_palette_are_no_commands() {
    let mut desk = Desk::new("typing");
    desk.press(Modifiers::COMMAND, Key::K);
    // ? is the key of the map wherever no text is typed.
    desk.press(Modifiers::NONE, Key::Questionmark);
    assert!(desk.shows(FIELD));
    assert!(!desk.shows("Find a shortcut"));
}
