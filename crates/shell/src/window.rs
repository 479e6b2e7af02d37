use std::sync::Arc;

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
pub fn run_window(session: Session, options: WindowOptions) -> Result<(), ShellError> {
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
            }))
        }),
    );
    run.map_err(|error| ShellError::NoWindow(error.to_string()))
}

struct Window {
    shell: Shell,
}

impl eframe::App for Window {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.shell.ui(ui);
    }

    /// The ground of the panels, which then need not paint it.
    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}
