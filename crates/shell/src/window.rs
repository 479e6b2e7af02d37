use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::ViewportCommand;
use egui_wgpu::{WgpuSetup, WgpuSetupCreateNew};
use session::Session;
use ui_kit::t;

use crate::metrics::MIN_WINDOW;
use crate::{Shell, ShellError, ThemeChoice};

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

/// Opens the window and runs until it is closed.
///
/// # Errors
/// When there is no desktop to open it on, or nothing to draw with.
pub fn run_window(mut session: Session, options: WindowOptions) -> Result<(), ShellError> {
    session.watch_folders();
    let WindowOptions {
        theme,
        size,
        full_screen,
    } = options;
    let viewport = egui::ViewportBuilder::default()
        .with_title(t("app.name"))
        .with_app_id("overread")
        .with_min_inner_size(MIN_WINDOW)
        .with_inner_size(size.unwrap_or([1600.0, 960.0]))
        .with_maximized(size.is_none())
        .with_fullscreen(full_screen)
        .with_drag_and_drop(true);
    let native = eframe::NativeOptions {
        viewport,
        renderer: eframe::Renderer::Wgpu,
        wgpu_options: egui_wgpu::WgpuConfiguration {
            wgpu_setup: WgpuSetup::CreateNew(WgpuSetupCreateNew {
                device_descriptor: Arc::new(render::device_descriptor),
                ..WgpuSetupCreateNew::without_display_handle()
            }),
            ..Default::default()
        },
        // Grey values must reach the screen as they are.
        dithering: false,
        // What the interface says is in the fonts that it brings along.
        system_font_fallback: false,
        ..Default::default()
    };
    let run = eframe::run_native(
        t("app.name"),
        native,
        Box::new(move |cc| {
            let gpu = cc.wgpu_render_state.clone();
            Ok(Box::new(Window {
                shell: Shell::new(&cc.egui_ctx, session, gpu, theme),
                opened: Instant::now(),
                claim: if size.is_none() && !full_screen {
                    Claim::Waits
                } else {
                    Claim::Done
                },
            }))
        }),
    );
    run.map_err(|error| ShellError::NoWindow(error.to_string()))
}

struct Window {
    shell: Shell,
    opened: Instant,
    claim: Claim,
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

const CLAIM_AFTER: Duration = Duration::from_millis(400);

impl Window {
    fn claim_screen(&mut self, ctx: &egui::Context, frame: &eframe::Frame) {
        let info = ctx.input(|input| input.viewport().clone());
        match self.claim {
            Claim::Done => return,
            Claim::Waits if self.opened.elapsed() < CLAIM_AFTER => {}
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

impl eframe::App for Window {
    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        self.claim_screen(ui.ctx(), frame);
        self.shell.ui(ui);
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
