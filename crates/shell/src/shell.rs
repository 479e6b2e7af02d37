use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Context, RawInput, Ui, ViewportCommand, ViewportId};
use session::commands::ShellAction;
use session::{
    InputSeen, Patience, PicturesAre, PicturesBy, Screen, Session, Snapshot, ViewCommand,
};

use crate::focus::{Focus, has_input};
use crate::screen::{Panels, dropped_files};
use crate::viewport::Viewports;
use crate::{Action, UiAction, input};

/// A slice counts as seen after this long; the pass after it shows that.
const DWELL: Duration = Duration::from_millis(260);
/// A replay that goes on by itself is drawn so often.
const REPLAY_STEP: Duration = Duration::from_millis(33);
/// A pass this little before that time is the one.
const DWELL_LEEWAY: Duration = Duration::from_millis(3);
/// Time between pictures of what turns or plays, at most, and the least that a screen can show.
const CINE_STEP: Duration = Duration::from_millis(33);
const LEAST_CINE_STEP: Duration = Duration::from_millis(8);

/// What was just done waits so long for its picture, so that one drawing shows both.
const AFTER_INPUT: Patience = Patience {
    for_hand: Duration::from_millis(60),
    for_rest: Duration::from_millis(12),
};
/// A pass without input waits so long, so that pictures that come one after the other come in one drawing.
const WITHOUT_INPUT: Patience = Patience {
    for_hand: Duration::from_millis(12),
    for_rest: Duration::from_millis(12),
};

/// Asks for one more pass. egui would draw twice for a request without delay.
fn ask_for_pass(ctx: &Context) {
    ctx.request_repaint_after_for(Duration::from_nanos(1), ViewportId::ROOT);
}

/// How soon the fastest of the views that play has another picture.
fn cine_step(s: &Snapshot) -> Duration {
    let playing = s.views.iter().filter(|view| view.cine);
    let fastest = playing
        .filter_map(|view| view.playing.as_ref())
        .map(|playing| playing.per_second)
        .fold(0.0, f64::max);
    let step = Duration::try_from_secs_f64(1.0 / fastest).unwrap_or(CINE_STEP);
    step.clamp(LEAST_CINE_STEP, CINE_STEP)
}

/// Dark or light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    /// For the reading room.
    #[default]
    Dark,
    /// For the office.
    Light,
}

/// The screens over one session.
pub struct Shell {
    session: Session,
    panels: Panels,
    focus: Focus,
    ticked: Option<Instant>,
    full_screen: bool,
    /// Was there input that egui was not told of?
    took_input: bool,
    /// When what is on screen counts as seen, after the last input.
    seen_at: Option<Instant>,
    drawn: Option<Arc<Snapshot>>,
    /// What was typed for what is drawn next.
    typed_on: input::TypedOn,
}

impl Shell {
    /// Prepares a window's context and joins the session to it. Without `gpu` the pictures are painted on the CPU.
    pub fn new(
        ctx: &Context,
        mut session: Session,
        gpu: Option<egui_wgpu::RenderState>,
        theme: ThemeChoice,
    ) -> Self {
        ui_kit::install(ctx);
        apply_theme(ctx, theme);
        // Ctrl with + and − would resize the interface, and Ctrl with the wheel belongs to the pictures.
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        let waker = ctx.clone();
        session.set_waker(move || ask_for_pass(&waker));
        let viewports = Viewports::new(gpu);
        session.set_pictures_by(viewports.pictures_by());
        Self {
            session,
            panels: Panels::new(viewports),
            focus: Focus::new(),
            ticked: None,
            full_screen: false,
            took_input: false,
            seen_at: None,
            drawn: None,
            typed_on: input::TypedOn::new(),
        }
    }

    /// The session that is shown.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The session that is shown, for those who drive it from outside.
    pub fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// Takes the session out again; the screens are gone then.
    pub fn into_session(self) -> Session {
        self.session
    }

    /// Does what only a window can do, for those who drive it from outside.
    pub fn act(&mut self, action: ShellAction, ctx: &Context) {
        let snapshot = self.session.snapshot();
        self.apply(vec![Action::Shell(action)], &snapshot, ctx);
    }

    /// Says where the screens of the desktop are, points, so that windows of views open on one of them.
    pub fn set_screens(&mut self, screens: Vec<egui::Rect>) {
        self.panels.viewports.set_screens(screens);
    }

    /// What the screens draw now.
    pub fn snapshot(&mut self) -> Arc<Snapshot> {
        self.session.snapshot()
    }

    /// What the last pass drew; `None` before the first.
    pub fn drawn(&self) -> Option<&Arc<Snapshot>> {
        self.drawn.as_ref()
    }

    /// Takes from an input what egui would only make detours of, before it sees the input.
    pub fn take_input(&mut self, input: &mut RawInput) {
        if input.viewport_id == ViewportId::ROOT && !self.panels.is_covered() {
            self.took_input |= self.panels.viewports.take_wheel(input);
        }
    }

    /// Is everything that was asked for drawn?
    pub fn is_idle(&self) -> bool {
        self.session.is_idle() && self.panels.viewports.is_idle()
    }

    /// Waits until the first picture of what is being opened is made, but not longer than `limit`. Did it come?
    pub(crate) fn wait_for_first_picture(&mut self, limit: Duration) -> bool {
        let start = Instant::now();
        let mut has_waited = false;
        while self.session.awaits_first_picture() && start.elapsed() < limit {
            has_waited = true;
            std::thread::sleep(Duration::from_millis(1));
            self.session.poll();
            // Asks for the pictures.
            self.session.snapshot();
        }
        has_waited && !self.session.awaits_first_picture()
    }

    /// Draws one pass over the whole of `ui` and sends the session what was asked for.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        let typed_on = std::mem::take(&mut self.typed_on);
        ctx.input_mut(|input| drop(input.events.splice(0..0, typed_on)));
        let input = self.look_for_input(&ctx);
        self.tick(input, &ctx);
        crate::touch::make_room(&ctx);
        self.session.poll();
        self.session.set_hand(self.panels.viewports.hovered());
        if input == InputSeen::No && ctx.current_pass_index() == 0 {
            self.session.wait_for_pictures(WITHOUT_INPUT);
        }
        let mut snapshot = self.session.snapshot();
        self.focus.begin(&snapshot);
        let mut out = Vec::new();
        out.extend(dropped_files(&ctx));
        let mark = self.panels.viewports.selected_mark();
        if !self.panels.takes_keys() {
            let keys_of = (&self.focus, self.panels.covers());
            self.typed_on = input::take_keys(&ctx, keys_of, (&snapshot, mark), &mut out);
        }
        if !out.is_empty() {
            self.apply(out, &snapshot, &ctx);
            self.session.wait_for_pictures(AFTER_INPUT);
            snapshot = self.session.snapshot();
            self.focus.begin(&snapshot);
        }
        let mut out = Vec::new();
        self.panels
            .screen_ui(&snapshot, &mut self.focus, ui, &mut out);
        if !out.is_empty() {
            self.apply(out, &snapshot, &ctx);
            self.session.set_hand(self.panels.viewports.hovered());
            self.session.wait_for_pictures(AFTER_INPUT);
            // The pass is gone through once more before anything is drawn: drawing costs far more.
            ctx.request_discard("what was asked for is done");
            if !ctx.will_discard() {
                ask_for_pass(&ctx);
            }
        }
        self.typed_on.extend(self.panels.viewports.take_typed());
        if !self.typed_on.is_empty() {
            ctx.request_discard("what was typed is for what opened");
            if !ctx.will_discard() {
                ask_for_pass(&ctx);
            }
        }
        self.follow(&snapshot, &ctx);
        self.drawn = Some(snapshot);
    }

    /// Did somebody touch anything since the last pass?
    fn look_for_input(&mut self, ctx: &Context) -> InputSeen {
        let seen = ctx.input(|input| has_input(&input.events))
            | self.panels.viewports.take_torn_input()
            | std::mem::take(&mut self.took_input);
        match seen {
            true => {
                self.seen_at = Some(Instant::now() + DWELL);
                InputSeen::Yes
            }
            false => InputSeen::No,
        }
    }

    /// Counts the time since the last pass for what was on screen during it.
    fn tick(&mut self, input: InputSeen, ctx: &Context) {
        let now = Instant::now();
        let Some(last) = self.ticked.replace(now) else {
            return;
        };
        // Another pass of the same drawing: what it shows is not on the screen yet.
        if 0 < ctx.current_pass_index() {
            self.seen_at = self.seen_at.map(|_| now + DWELL);
            return;
        }
        // What a test pattern covers is seen by nobody.
        if self.panels.is_covered() {
            return;
        }
        let elapsed_ms = u64::try_from(now.duration_since(last).as_millis()).unwrap_or(u64::MAX);
        if elapsed_ms == 0 {
            // Less than a millisecond: it counts with the next pass.
            self.ticked = Some(last);
            return;
        }
        let pictures = match self.panels.are_pictures_dimmed() {
            true => PicturesAre::Covered,
            false if !ctx.input(|input| input.focused) => PicturesAre::BesideOtherProgram,
            false => PicturesAre::InSight,
        };
        let tick = ViewCommand::Tick {
            elapsed_ms,
            input,
            pictures,
        };
        self.dispatch(tick.into(), ctx);
    }

    /// Asks for the next pass where something on screen goes on by itself.
    fn follow(&mut self, snapshot: &Snapshot, ctx: &Context) {
        // Each pass asks anew: a pass before the time takes the place of the one asked for.
        let until_seen = self
            .seen_at
            .map(|at| at.saturating_duration_since(Instant::now()));
        match until_seen {
            Some(rest) if DWELL_LEEWAY < rest => ctx.request_repaint_after(rest),
            Some(_) | None => self.seen_at = None,
        }
        if snapshot.screen == Screen::Reading && snapshot.views.iter().any(|view| view.cine) {
            ctx.request_repaint_after(cine_step(snapshot));
        }
        if snapshot.replay.as_ref().is_some_and(|r| 0 < r.at.speed) {
            ctx.request_repaint_after(REPLAY_STEP);
        }
        if self.panels.viewports.wants_another_pass() {
            ask_for_pass(ctx);
        }
        let by = self.panels.viewports.pictures_by();
        if by == PicturesBy::Session && self.panels.viewports.changed_painter() {
            self.session.set_pictures_by(by);
            ask_for_pass(ctx);
        }
    }

    fn apply(&mut self, actions: Vec<Action>, snapshot: &Snapshot, ctx: &Context) {
        // What is typed into a field goes on record when the field is left: before another case takes its place.
        let (last, first): (Vec<_>, Vec<_>) = actions.into_iter().partition(leaves_case);
        let mut waiting: VecDeque<Action> = first.into_iter().chain(last).collect();
        while let Some(action) = waiting.pop_front() {
            let Some(action) = self.panels.hold_back(action, snapshot) else {
                continue;
            };
            match action {
                Action::Shell(action) => {
                    let mut more = Vec::new();
                    self.take_shell(action, ctx);
                    self.panels.take_shell(action, snapshot, &mut more);
                    // What a panel makes of it may be for another panel: the main action may ask for a dialog.
                    waiting.extend(more);
                }
                Action::Ui(UiAction::Focus(region)) => self.focus.give(region),
                Action::Ui(action) => self.panels.take_ui(action, snapshot, ctx),
                Action::Session(_) => self.dispatch(action, ctx),
            }
        }
    }

    fn dispatch(&mut self, action: Action, ctx: &Context) {
        match action {
            // What the session refuses it also tells as a notice of the next snapshot; that is where it is shown.
            Action::Session(command) => drop(self.session.dispatch(command)),
            Action::Ui(UiAction::Focus(region)) => self.focus.give(region),
            Action::Ui(action) => {
                let snapshot = self.session.snapshot();
                self.panels.take_ui(action, &snapshot, ctx);
            }
            Action::Shell(action) => self.take_shell(action, ctx),
        }
    }

    fn take_shell(&mut self, action: ShellAction, ctx: &Context) {
        match action {
            ShellAction::FullScreen => {
                self.full_screen = !self.full_screen;
                ctx.send_viewport_cmd(ViewportCommand::Fullscreen(self.full_screen));
            }
            ShellAction::NextRegion => self.focus.step(1),
            ShellAction::PreviousRegion => self.focus.step(-1),
            ShellAction::ToggleTheme => {
                let next = match ctx.theme() {
                    egui::Theme::Dark => ThemeChoice::Light,
                    egui::Theme::Light => ThemeChoice::Dark,
                };
                apply_theme(ctx, next);
            }
            ShellAction::CopyNarrative => self.copy_narrative(ctx),
            ShellAction::Palette
            | ShellAction::Shortcuts
            | ShellAction::OpenFolder
            | ShellAction::OpenArchive
            | ShellAction::AttachReport
            | ShellAction::Export
            | ShellAction::EditHanging
            | ShellAction::TestPatterns
            | ShellAction::Display
            | ShellAction::EditWindows
            | ShellAction::ListViews
            | ShellAction::Checklist
            | ShellAction::EditBindings
            | ShellAction::Cancel
            | ShellAction::MainAction
            | ShellAction::AskSeal
            | ShellAction::Critical
            | ShellAction::Amend
            | ShellAction::Dictate
            | ShellAction::Roster
            | ShellAction::Protocols
            | ShellAction::Draw
            | ShellAction::RevealEarly => {}
        }
    }

    /// Puts the result as plain text on the clipboard.
    fn copy_narrative(&mut self, ctx: &Context) {
        // The command is off without a case, which is all that can be in the way.
        if let Ok(text) = self.session.narrative() {
            let snapshot = self.session.snapshot();
            self.panels
                .take_ui(UiAction::CopyText(text), &snapshot, ctx);
        }
    }
}

fn apply_theme(ctx: &Context, theme: ThemeChoice) {
    ui_kit::apply(
        ctx,
        match theme {
            ThemeChoice::Dark => egui::Theme::Dark,
            ThemeChoice::Light => egui::Theme::Light,
        },
    );
}

/// Does it open another case, or let somebody else act?
fn leaves_case(action: &Action) -> bool {
    matches!(
        action,
        Action::Session(
            session::Command::OpenCase(_)
                | session::Command::OpenPaths(_)
                | session::Command::CloseTab(_)
                | session::Command::SetActor(_)
        )
    )
}
