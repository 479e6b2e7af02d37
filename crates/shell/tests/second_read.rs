//! The second read as a reader goes through it: every control is found by its name.

#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use egui::{Event, Key, PointerButton};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use session::{Actor, Command, PicturesBy, Session, SessionOptions, Stage, system_clock};
use shell::{Shell, ThemeChoice};

/// One shell in a harness; the shell needs the harness's context to begin.
struct Desk {
    harness: Harness<'static>,
    shell: Rc<RefCell<Option<Shell>>>,
    store: PathBuf,
}

impl Desk {
    fn new(name: &str) -> Self {
        let store = std::env::temp_dir().join(format!("overread-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&store);
        let options = SessionOptions {
            store_dir: store.clone(),
            actor: Actor::new("S. Iyer"),
            clock: system_clock(),
            trace: None,
            pictures: PicturesBy::Session,
        };
        let session = Session::open(options).unwrap();
        let shell = Rc::new(RefCell::new(None));
        let (made, drawn) = (shell.clone(), shell.clone());
        let session = RefCell::new(Some(session));
        let harness = Harness::builder()
            .with_size([1920.0, 1080.0])
            .with_step_dt(0.25)
            .with_context_setup(move |ctx| {
                let session = session.borrow_mut().take().unwrap();
                *made.borrow_mut() = Some(Shell::new(ctx, session, None, ThemeChoice::Dark));
            })
            .build_ui(move |ui| drawn.borrow_mut().as_mut().unwrap().ui(ui));
        Self {
            harness,
            shell,
            store,
        }
    }

    fn send(&self, command: Command) {
        self.shell
            .borrow_mut()
            .as_mut()
            .unwrap()
            .session_mut()
            .dispatch(command)
            .unwrap();
    }

    fn stage(&self) -> Option<Stage> {
        self.shell
            .borrow_mut()
            .as_mut()
            .unwrap()
            .snapshot()
            .case
            .as_ref()
            .map(|case| case.stage)
    }

    /// Draws until the session has nothing left to do.
    fn settle(&mut self) {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(60) {
            self.harness.run_steps(2);
            if self.shell.borrow().as_ref().unwrap().is_idle() {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("the session did not come to rest");
    }

    fn has(&self, name: &str) -> bool {
        self.harness.query_all_by_label(name).next().is_some()
    }

    /// Presses the first control of this name.
    fn press(&mut self, name: &str) {
        self.harness
            .get_all_by_label(name)
            .next()
            .unwrap_or_else(|| panic!("no {name}"))
            .click();
        self.harness.run_steps(4);
    }

    /// Holds the pointer on a control for so many passes of a quarter second.
    fn hold(&mut self, name: &str, n_passes: usize) {
        let at = self
            .harness
            .get_all_by_label(name)
            .next()
            .unwrap_or_else(|| panic!("no {name}"))
            .rect()
            .center();
        let button = |pressed| Event::PointerButton {
            pos: at,
            button: PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        };
        self.harness.event(Event::PointerMoved(at));
        self.harness.event(button(true));
        self.harness.run_steps(n_passes);
        self.harness.event(button(false));
        self.harness.run_steps(3);
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // What stays behind in the temporary folder harms nobody.
        let _ = std::fs::remove_dir_all(&self.store);
    }
}

/// A small study of the test data, where there is one.
fn study() -> Option<PathBuf> {
    let data = std::env::var_os("OVERREAD_TEST_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/dev"),
        PathBuf::from,
    );
    let study = data.join("us");
    if study.is_dir() {
        return Some(study);
    }
    println!("1 data test skipped: OVERREAD_TEST_DATA names no folder");
    None
}

#[test]
fn the_first_start_offers_only_what_works() {
    let mut desk = Desk::new("first-start");
    desk.settle();
    for name in [
        "Open folder",
        "Open zip",
        "Drop a folder, a zip or files here",
        "Check",
    ] {
        assert!(desk.has(name), "{name}");
    }
    for name in ["Query PACS", "Quality", "Start practice case"] {
        assert!(!desk.has(name), "{name}");
    }
}

#[test]
fn a_read_is_sealed_only_by_a_hold_on_its_consequence() {
    let Some(study) = study() else { return };
    let mut desk = Desk::new("seal");
    desk.send(Command::OpenPaths(vec![study]));
    desk.settle();
    desk.press("Start blinded read");
    assert_eq!(desk.stage(), Some(Stage::Reading));

    desk.press("Seal second read");
    assert!(desk.has("Hold to seal"));
    let hold = desk.harness.get_by_label("Hold to seal");
    assert!(
        hold.accesskit_node().is_disabled(),
        "an empty read may be sealed"
    );
    desk.press("Cancel");

    desk.press("Finding");
    desk.settle();
    desk.harness.event(Event::Text("Thyroid nodule".into()));
    desk.harness.run_steps(2);
    desk.harness.key_press(Key::Enter);
    desk.harness.run_steps(4);
    let snapshot = desk.shell.borrow_mut().as_mut().unwrap().snapshot();
    let concepts: Vec<_> = snapshot
        .case
        .as_ref()
        .unwrap()
        .findings
        .iter()
        .map(|f| f.finding.concept.clone())
        .collect();
    assert_eq!(concepts, ["Thyroid nodule"]);

    desk.press("Seal second read");
    assert_eq!(
        desk.stage(),
        Some(Stage::Reading),
        "one press sealed the read"
    );
    desk.hold("Hold to seal", 2);
    assert_eq!(
        desk.stage(),
        Some(Stage::Reading),
        "letting go early sealed the read"
    );
    desk.hold("Hold to seal", 7);
    assert_eq!(desk.stage(), Some(Stage::Sealed));
    assert!(!desk.has("Hold to seal"));
}
