use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::ViewportCommand;
use egui_wgpu::{WgpuSetup, WgpuSetupCreateNew, wgpu};
use session::Session;
use ui_kit::t;

use crate::acts::Acts;
use crate::metrics::MIN_WINDOW;
use crate::waking::{every_backend, first_backends};
use crate::wheel_pairs::WheelPairs;
use crate::{Shell, ShellError, ThemeChoice, WakingGraphics};

/// How the window opens.
#[derive(Clone, Debug)]
pub struct WindowOptions {
    /// Dark or light.
    pub theme: ThemeChoice,
    /// Width and height in points; `None` fills the screen.
    pub size: Option<[f32; 2]>,
    /// Does it open without a frame over the whole screen?
    pub full_screen: bool,
}

impl Default for WindowOptions {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::Dark,
            size: None,
            full_screen: false,
        }
    }
}

/// Opens the window and runs until it is closed. `graphics` comes from [`crate::wake_graphics`], called as early as can
/// be.
///
/// # Errors
/// When there is no desktop to open it on, or nothing to draw with.
pub fn run_window(
    mut session: Session,
    options: WindowOptions,
    graphics: WakingGraphics,
) -> Result<(), ShellError> {
    session.watch_folders();
    let session = Rc::new(Cell::new(Some(session)));
    let mut run = run_with(first_backends(), &options, &session);
    // The first backends may have no adapter, or one that cannot draw into this window.
    if let (Err(eframe::Error::Wgpu(_)), Some(waits)) = (&run, session.take()) {
        session.set(Some(waits));
        run = run_with(every_backend(), &options, &session);
    }
    drop(graphics);
    run.map_err(|error| ShellError::NoWindow(error.to_string()))
}

/// Opens the window with what some backends offer; takes the session once there is something to draw with.
fn run_with(
    backends: wgpu::Backends,
    options: &WindowOptions,
    session: &Rc<Cell<Option<Session>>>,
) -> eframe::Result {
    let WindowOptions {
        theme,
        size,
        full_screen,
    } = *options;
    let session = Rc::clone(session);
    eframe::run_native(
        t("app.name"),
        native_options(backends, options),
        Box::new(move |cc| {
            let mut session = session.take().ok_or("the session is in another window")?;
            show_at_once(cc);
            session.hold_back_for_screen(FIRST_FRAME_LIMIT);
            let gpu = cc.wgpu_render_state.clone();
            Ok(Box::new(Window {
                shell: Shell::new(&cc.egui_ctx, session, gpu, theme),
                wheel_pairs: WheelPairs::ask(),
                acts: Acts::default(),
                opened: Instant::now(),
                opening: Opening::NothingDrawn,
                asked_for_screens: None,
                claim: if size.is_none() && !full_screen {
                    Claim::Waits
                } else {
                    Claim::Done
                },
            }))
        }),
    )
}

fn native_options(backends: wgpu::Backends, options: &WindowOptions) -> eframe::NativeOptions {
    let viewport = egui::ViewportBuilder::default()
        .with_title(t("app.name"))
        .with_app_id("overread")
        .with_min_inner_size(MIN_WINDOW)
        .with_inner_size(options.size.unwrap_or([1600.0, 960.0]))
        .with_maximized(options.size.is_none())
        .with_fullscreen(options.full_screen)
        .with_drag_and_drop(true);
    let mut setup = WgpuSetupCreateNew {
        device_descriptor: Arc::new(render::device_descriptor),
        ..WgpuSetupCreateNew::without_display_handle()
    };
    setup.instance_descriptor.backends = backends;
    eframe::NativeOptions {
        viewport,
        renderer: eframe::Renderer::Wgpu,
        wgpu_options: egui_wgpu::WgpuConfiguration {
            wgpu_setup: WgpuSetup::CreateNew(setup),
            ..Default::default()
        },
        // Grey values must reach the screen as they are.
        dithering: false,
        // What the interface says is in the fonts that it brings along.
        system_font_fallback: false,
        ..Default::default()
    }
}

/// Puts the window on the screen before its first frame. It would stay hidden until then, which an X server draws for
/// nothing; elsewhere a window without a frame would flash.
fn show_at_once(cc: &eframe::CreationContext<'_>) {
    if cfg!(target_os = "linux")
        && let Some(window) = cc.winit_window()
    {
        window.set_visible(true);
    }
}

struct Window {
    shell: Shell,
    wheel_pairs: WheelPairs,
    acts: Acts,
    opened: Instant,
    claim: Claim,
    opening: Opening,
    asked_for_screens: Option<Instant>,
}

/// How far the first picture is on its way to the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opening {
    /// No frame was drawn yet.
    NothingDrawn,
    /// The graphics have the first one.
    Drawing,
    /// It was shown.
    Drawn,
}

/// Where no window manager runs (kiosks, remote displays), nobody enlarges a window or gives it the keyboard; the window
/// then takes both itself. A window manager has answered long before [`CLAIM_AFTER`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Claim {
    /// Somebody may still do it.
    Waits,
    /// There is nothing to claim, or it is claimed.
    Done,
}

/// The first frame waits so long for a picture at most.
const FIRST_PICTURE_WAIT: Duration = Duration::from_millis(60);
/// Without a card, about as long as the first frame takes to be drawn.
const FIRST_FRAME_DRAWS: Duration = Duration::from_millis(50);
/// Nothing is held back for the first frame longer than this.
const FIRST_FRAME_LIMIT: Duration = Duration::from_millis(250);
const CLAIM_AFTER: Duration = Duration::from_millis(400);

impl Window {
    fn claim_screen(&mut self, ctx: &egui::Context, frame: &eframe::Frame) {
        let info = ctx.input(|input| input.viewport().clone());
        match self.claim {
            Claim::Done => return,
            Claim::Waits if self.opened.elapsed() < CLAIM_AFTER => {
                let rest = CLAIM_AFTER.saturating_sub(self.opened.elapsed());
                return ctx.request_repaint_after(rest);
            }
            Claim::Waits if info.maximized == Some(true) || info.monitor_size.is_none() => {
                self.claim = Claim::Done;
            }
            Claim::Waits => {
                let whole = info.monitor_size.unwrap_or(egui::vec2(1600.0, 960.0));
                ctx.send_viewport_cmd(ViewportCommand::OuterPosition(egui::Pos2::ZERO));
                ctx.send_viewport_cmd(ViewportCommand::InnerSize(whole));
                keyboard::take(frame);
                self.claim = Claim::Done;
            }
        }
        ctx.request_repaint_after(Duration::from_millis(50));
    }
}

/// Screens are plugged in and pulled out so seldom that it is asked for them this often.
const SCREENS_EVERY: Duration = Duration::from_secs(2);

impl Window {
    /// Says where the screens are.
    fn tell_screens(&mut self, ctx: &egui::Context, frame: &eframe::Frame) {
        let asked = self.asked_for_screens;
        if asked.is_some_and(|at| at.elapsed() < SCREENS_EVERY) {
            return;
        }
        self.asked_for_screens = Some(Instant::now());
        let Some(window) = frame.winit_window() else {
            return;
        };
        let scale = ctx.pixels_per_point();
        let screens = window.available_monitors().map(|screen| {
            let (at, size) = (screen.position(), screen.size());
            let at = egui::pos2(at.x as f32, at.y as f32);
            let size = egui::vec2(size.width as f32, size.height as f32);
            egui::Rect::from_min_size((at.to_vec2() / scale).to_pos2(), size / scale)
        });
        self.shell.set_screens(screens.collect());
    }
}

impl eframe::App for Window {
    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        self.claim_screen(ui.ctx(), frame);
        self.tell_screens(ui.ctx(), frame);
        self.shell.ui(ui);
        self.opening = match self.opening {
            Opening::NothingDrawn => {
                // The first pass tells how large the views are; the picture is most often there a few milliseconds later,
                // and a frame without it is drawn for nothing.
                if self.shell.wait_for_first_picture(FIRST_PICTURE_WAIT) {
                    ui.ctx().request_discard("the first picture is there");
                }
                // No pass may follow for long: what is held back goes on when this one should be drawn.
                let session = self.shell.session_mut();
                session.hold_back_for_screen(FIRST_FRAME_DRAWS);
                Opening::Drawing
            }
            Opening::Drawing if ui.ctx().current_pass_index() == 0 => {
                self.shell.session_mut().screen_is_drawn();
                Opening::Drawn
            }
            Opening::Drawing | Opening::Drawn => self.opening,
        };
    }

    fn raw_input_hook(&mut self, ctx: &egui::Context, input: &mut egui::RawInput) {
        self.wheel_pairs.thin(input);
        self.acts.part(ctx, input);
        self.shell.take_input(input);
    }

    /// The ground of the panels, which then need not paint it.
    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

/// The keyboard on an X display without a window manager: there a window gets it only when somebody asks for it.
#[cfg(target_os = "linux")]
mod keyboard {
    use raw_window_handle::{HasWindowHandle, RawWindowHandle};
    use x11rb::connection::Connection;
    use x11rb::protocol::xproto::{ConnectionExt, InputFocus};

    /// Asks for the keyboard. Where that does not work the window is as it was; the mouse works all the same.
    pub(super) fn take(frame: &eframe::Frame) {
        let window = match frame.window_handle().map(|handle| handle.as_raw()) {
            Ok(RawWindowHandle::Xlib(handle)) => u32::try_from(handle.window).ok(),
            Ok(RawWindowHandle::Xcb(handle)) => Some(handle.window.get()),
            _ => None,
        };
        if let Some(window) = window {
            let _ = ask(window);
        }
    }

    fn ask(window: u32) -> Option<()> {
        let (display, _) = x11rb::connect(None).ok()?;
        let asked = display.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME);
        asked.ok()?.check().ok()?;
        display.flush().ok()
    }
}

/// Elsewhere the system gives the keyboard to a window that opens.
#[cfg(not(target_os = "linux"))]
mod keyboard {
    pub(super) fn take(_frame: &eframe::Frame) {}
}
