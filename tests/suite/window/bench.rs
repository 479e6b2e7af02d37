//! The real screens over a real session, without a window: events in, accessible names and snapshots out.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use acceptance::{Desk, ReportForm, Sample, enter_findings, sample};
use egui::{
    Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, Rect, TouchPhase,
    Vec2, vec2,
};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use session::{CaseId, Command, PicturesBy, Session, SessionOptions, Snapshot, system_clock};
use shell::{Shell, ThemeChoice};

/// Longer than any of these small studies needs.
const PATIENCE: Duration = Duration::from_secs(60);
const SIZE: Vec2 = vec2(1600.0, 960.0);

use crate::programme::signed;

type Slot = Rc<RefCell<Option<Shell>>>;

/// A reader's place: the screens on a case of a small sample.
pub struct Bench {
    harness: Harness<'static>,
    shell: Slot,
    pub sample: Sample,
    pub id: CaseId,
    pub desk: Desk,
}

impl Bench {
    /// The screens with the case opened for reading.
    pub fn reading(seed: u64, form: ReportForm) -> Self {
        let (desk, sample) = (Desk::new(), sample(seed));
        let id = sample.create(&desk.reader("Ada Second"), form, "Nodule?");
        Self::on(desk, sample, &id)
    }

    /// The same with a first report of these words.
    pub fn with_report(seed: u64, text: &str) -> Self {
        let (desk, sample) = (Desk::new(), sample(seed));
        let report = desk.path("report.txt");
        std::fs::write(&report, text).unwrap();
        let me = desk.reader("Ada Second");
        let id = me.create(
            &[&sample.current(), &sample.prior()],
            Some(&report),
            "Nodule?",
        );
        Self::on(desk, sample, &id)
    }

    /// The screens with the case read, sealed and revealed.
    pub fn revealed(seed: u64) -> Self {
        let (desk, sample) = (Desk::new(), sample(seed));
        let me = desk.reader("Ada Second");
        let id = sample.create(&me, ReportForm::Sr, "Nodule?");
        enter_findings(&me, &id, &sample.truth);
        me.json(&["case", "seal", &id, "--accept"]);
        me.json(&["case", "reveal", &id]);
        Self::on(desk, sample, &id)
    }

    /// The same with somebody named who made the first read.
    pub fn revealed_of(seed: u64, first: &str) -> Self {
        let (desk, sample) = (Desk::new(), sample(seed));
        let me = desk.reader("Ada Second");
        let id = sample.create(&me, ReportForm::Sr, "Nodule?");
        me.json(&["case", "first-reader", &id, first]);
        enter_findings(&me, &id, &sample.truth);
        me.json(&["case", "seal", &id, "--accept"]);
        me.json(&["case", "reveal", &id]);
        Self::on(desk, sample, &id)
    }

    /// The screens of somebody else on the same case; this one's are closed.
    pub fn handed_to(self, actor: &str) -> Self {
        let Self {
            harness,
            shell,
            sample,
            id,
            desk,
        } = self;
        drop((harness, shell));
        Self::of(actor, desk, sample, id.as_str())
    }

    /// The screens of a third reader, on a case whose signed comparison waits for one.
    pub fn third_read(seed: u64, third: &str) -> Self {
        let (desk, sample) = (Desk::new(), sample(seed));
        let me = desk.reader("Ada Second");
        let id = signed(&me, &sample);
        me.json(&["case", "adjudicate", &id, "ask"]);
        Self::of(third, desk, sample, &id)
    }

    fn on(desk: Desk, sample: Sample, id: &str) -> Self {
        Self::of("Ada Second", desk, sample, id)
    }

    fn of(actor: &str, desk: Desk, sample: Sample, id: &str) -> Self {
        let id = CaseId::new(id);
        let (harness, shell) = screens(&desk, actor);
        let mut bench = Self {
            harness,
            shell,
            sample,
            id,
            desk,
        };
        bench.settle();
        let open = Command::OpenCase(bench.id.clone());
        bench.dispatch(open);
        bench.settle();
        bench
    }

    /// Does something with the screens between two passes.
    pub fn with<T>(&mut self, act: impl FnOnce(&mut Shell) -> T) -> T {
        act(self.shell.borrow_mut().as_mut().unwrap())
    }

    /// Tells the session something, as the command line could.
    pub fn dispatch(&mut self, command: Command) {
        self.with(|shell| shell.session_mut().dispatch(command))
            .unwrap();
        self.settle();
    }

    /// The code with which the session refuses something.
    pub fn refusal(&mut self, command: Command) -> &'static str {
        let answer = self.with(|shell| shell.session_mut().dispatch(command));
        answer.unwrap_err().code()
    }

    pub fn snapshot(&mut self) -> Arc<Snapshot> {
        self.with(Shell::snapshot)
    }

    /// Draws passes until the session has nothing left to do.
    pub fn settle(&mut self) {
        let start = Instant::now();
        let mut n_quiet = 0;
        while n_quiet < 4 {
            self.harness.step();
            let is_idle = self.with(|shell| shell.is_idle());
            n_quiet = if is_idle { n_quiet + 1 } else { 0 };
            assert!(
                start.elapsed() < PATIENCE,
                "the screens do not come to rest"
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    pub fn event(&mut self, event: Event) {
        self.harness.event(event);
        self.harness.step();
    }

    /// Several events of one moment.
    pub fn events(&mut self, events: Vec<Event>) {
        for event in events {
            self.harness.event(event);
        }
        self.harness.step();
    }

    /// How far beside a control it still answers, points.
    pub fn interact_radius(&self) -> f32 {
        let style = self.harness.ctx.global_style();
        style.interaction.interact_radius
    }

    /// Gives the window events that one pass sees together, as when a hand is faster than the screen.
    pub fn at_once(&mut self, events: Vec<Event>) {
        self.harness.input_mut().events.extend(events);
        self.settle();
    }

    /// Presses and releases a key.
    pub fn key(&mut self, key: Key, modifiers: Modifiers) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    /// Drags with a button held, in steps as a hand does.
    pub fn drag(&mut self, from: Pos2, to: Pos2, button: PointerButton) {
        self.drag_with(from, to, &[button]);
    }

    /// The same with several buttons, which go down one after the other.
    pub fn drag_with(&mut self, from: Pos2, to: Pos2, buttons: &[PointerButton]) {
        let press = |pos, button, pressed| Event::PointerButton {
            pos,
            button,
            pressed,
            modifiers: Modifiers::NONE,
        };
        self.event(Event::PointerMoved(from));
        for button in buttons {
            self.event(press(from, *button, true));
        }
        for k in 1..=8 {
            self.event(Event::PointerMoved(from + (to - from) * (k as f32 / 8.0)));
        }
        for button in buttons {
            self.event(press(to, *button, false));
        }
        self.settle();
    }

    /// Clicks so quickly that press and release fall into one frame.
    pub fn quick_click(&mut self, at: Pos2) {
        let press = |pressed| Event::PointerButton {
            pos: at,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        self.event(Event::PointerMoved(at));
        self.harness.event(press(true));
        self.event(press(false));
        self.settle();
    }

    /// Clicks twice, as quickly as a hand does.
    pub fn double_click(&mut self, at: Pos2) {
        let press = |pressed| Event::PointerButton {
            pos: at,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        self.event(Event::PointerMoved(at));
        for _ in 0..2 {
            self.event(press(true));
            self.event(press(false));
        }
        self.settle();
    }

    /// Turns the wheel over a place.
    pub fn wheel(&mut self, at: Pos2, notches: f32) {
        self.turn(at, vec2(0.0, notches));
    }

    fn turn(&mut self, at: Pos2, delta: Vec2) {
        self.event(Event::PointerMoved(at));
        self.event(Event::MouseWheel {
            unit: MouseWheelUnit::Line,
            delta,
            phase: TouchPhase::Move,
            source: MouseWheelSource::Unknown,
            modifiers: Modifiers::NONE,
        });
        self.settle();
    }

    /// Rectangles of all views, from the left and the top.
    pub fn view_rects(&mut self) -> Vec<Rect> {
        self.harness.step();
        let found = self.harness.query_all_by_role(egui::accesskit::Role::Image);
        let of_view = found.filter(|node| {
            let name = node.accesskit_node().label();
            name.is_some_and(|name| name.contains("slice"))
        });
        of_view.map(|node| node.rect()).collect()
    }

    /// Rectangle of the largest view.
    pub fn view_rect(&mut self) -> Rect {
        self.harness.step();
        let found = self.harness.query_all_by_role(egui::accesskit::Role::Image);
        let mut rects: Vec<Rect> = found
            .filter(|node| {
                node.accesskit_node()
                    .label()
                    .is_some_and(|l| l.contains("slice"))
            })
            .map(|node| node.rect())
            .collect();
        rects.sort_by(|a, b| b.area().total_cmp(&a.area()));
        *rects.first().expect("no view has a name")
    }

    /// Presses the control of this name.
    pub fn press(&mut self, name: &str) {
        self.harness.get_by_label(name).click();
        self.settle();
    }

    /// Presses the row of this name, as an assistive device does: it may be scrolled out of sight.
    pub fn press_row(&mut self, name: &str) {
        let role = egui::accesskit::Role::Row;
        self.harness
            .get_by_role_and_label(role, name)
            .click_accesskit();
        self.settle();
    }

    /// Presses the control of this name, in sight or not.
    pub fn press_unseen(&mut self, name: &str) {
        self.harness.get_by_label(name).click_accesskit();
        self.settle();
    }

    /// Opens the menu of this name, in sight or not.
    pub fn open_menu(&mut self, name: &str) {
        let role = egui::accesskit::Role::ComboBox;
        self.harness
            .get_by_role_and_label(role, name)
            .click_accesskit();
        self.settle();
    }

    /// Types into the large field of this name, and stays in it.
    pub fn type_into(&mut self, name: &str, text: &str) {
        let role = egui::accesskit::Role::MultilineTextInput;
        self.harness.get_by_role_and_label(role, name).focus();
        self.settle();
        self.event(Event::Text(text.into()));
    }

    /// Another case of the same study, sealed and revealed, beside the one on the screen.
    pub fn another_revealed(&mut self) -> CaseId {
        let me = self.desk.reader("Ada Second");
        let id = self.sample.create(&me, ReportForm::Sr, "Again?");
        enter_findings(&me, &id, &self.sample.truth);
        me.json(&["case", "seal", &id, "--accept"]);
        me.json(&["case", "reveal", &id]);
        CaseId::new(&id)
    }

    /// Turns the switch of this name, in sight or not.
    pub fn press_switch(&mut self, name: &str) {
        let role = egui::accesskit::Role::Switch;
        self.harness
            .get_by_role_and_label(role, name)
            .click_accesskit();
        self.settle();
    }

    /// Where the control of this name is.
    pub fn rect_of(&mut self, name: &str) -> Rect {
        self.harness.step();
        self.harness.get_by_label(name).rect()
    }

    /// Turns the wheel sideways over a place.
    pub fn side_wheel(&mut self, at: Pos2, notches: f32) {
        self.turn(at, vec2(notches, 0.0));
    }

    /// All names and values of the controls on screen.
    pub fn names(&mut self) -> Vec<String> {
        self.harness.step();
        let mut names = Vec::new();
        let mut nodes = vec![self.harness.root()];
        while let Some(node) = nodes.pop() {
            let access = node.accesskit_node();
            names.extend(
                [access.label(), access.value(), access.description()]
                    .into_iter()
                    .flatten(),
            );
            nodes.extend(node.children());
        }
        names
    }

    /// Every control that has both a name and a value.
    pub fn named_values(&mut self) -> Vec<(String, String)> {
        self.harness.step();
        let mut found = Vec::new();
        let mut nodes = vec![self.harness.root()];
        while let Some(node) = nodes.pop() {
            let access = node.accesskit_node();
            found.extend(access.label().zip(access.value()));
            nodes.extend(node.children());
        }
        found
    }

    pub fn shows(&mut self, words: &str) -> bool {
        self.names().iter().any(|name| name.contains(words))
    }
}

/// The screens, in a context that has their fonts before the first pass.
fn screens(desk: &Desk, actor: &str) -> (Harness<'static>, Slot) {
    let options = SessionOptions {
        store_dir: desk.store(),
        actor: session::Actor::new(actor),
        clock: system_clock(),
        trace: None,
        pictures: PicturesBy::Session,
    };
    let session = Session::open(options).unwrap();
    let slot: Slot = Rc::default();
    let (for_setup, for_drawing) = (slot.clone(), slot.clone());
    let harness = Harness::builder()
        .with_size(SIZE)
        .with_step_dt(0.05)
        .with_context_setup(move |ctx: &egui::Context| {
            *for_setup.borrow_mut() = Some(Shell::new(ctx, session, None, ThemeChoice::Dark));
        })
        .build_ui(move |ui| for_drawing.borrow_mut().as_mut().unwrap().ui(ui));
    (harness, slot)
}
