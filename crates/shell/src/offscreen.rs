//! The same screens without a window: drawn into a texture and read back.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use egui::{Context, Event, FullOutput, RawInput, Rect, pos2, vec2};
use egui_wgpu::{RenderState, Renderer, RendererOptions, ScreenDescriptor};
use image::{ExtendedColorType, ImageEncoder};
use session::Session;

use crate::{Shell, ShellError, ThemeChoice};

/// What the screen is drawn as, which is also what is read back.
const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;
/// The largest screen, pixels to a side.
const MAX_SIDE: u32 = 8192;
/// A pass that is wanted later than this is for a clock, and the screen stands still until then.
const SOON: Duration = Duration::from_millis(300);
/// Pause between passes while the session works.
const PAUSE: Duration = Duration::from_millis(4);

/// A screen in memory.
pub struct Offscreen {
    ctx: Context,
    state: RenderState,
    size_px: [u32; 2],
    pixels_per_point: f32,
    started: Instant,
    drawn: Option<wgpu::Texture>,
    wants_pass: bool,
    requests: Arc<Requests>,
    n_drawn: usize,
}

/// Drawings that were asked for since the last one: the number of the pass it was asked in, and for when.
#[derive(Default)]
struct Requests {
    asked: Mutex<Vec<(u64, Instant)>>,
    came: Condvar,
}

impl Offscreen {
    /// Makes a screen of so many pixels. Software adapters will do.
    ///
    /// # Errors
    /// When there is nothing to draw with, or the screen is larger than it can draw.
    pub fn new(size_px: [u32; 2], pixels_per_point: f32) -> Result<Self, ShellError> {
        let [width, height] = size_px;
        if width == 0 || height == 0 || MAX_SIDE < width || MAX_SIDE < height {
            return Err(ShellError::ReadBack(format!(
                "a screen has 1 to {MAX_SIDE} pixels to a side"
            )));
        }
        let state = pollster::block_on(render_state())?;
        let ctx = Context::default();
        let requests = Arc::new(Requests::default());
        let told = requests.clone();
        ctx.set_request_repaint_callback(move |info| {
            // A time that no clock reaches is never.
            if let Some(at) = Instant::now().checked_add(info.delay) {
                let mut asked = told.asked.lock().unwrap_or_else(PoisonError::into_inner);
                asked.push((info.current_cumulative_pass_nr, at));
                told.came.notify_all();
            }
        });
        Ok(Self {
            ctx,
            state,
            size_px,
            pixels_per_point: pixels_per_point.clamp(0.5, 4.0),
            started: Instant::now(),
            drawn: None,
            wants_pass: true,
            requests,
            n_drawn: 0,
        })
    }

    /// The screens of a session, to be drawn here.
    pub fn shell(&self, session: Session, theme: ThemeChoice) -> Shell {
        let shell = Shell::new(&self.ctx, session, Some(self.state.clone()), theme);
        // A picture of the screen has no moment in which the cursor is away.
        self.ctx
            .all_styles_mut(|style| style.visuals.text_cursor.blink = false);
        shell
    }

    /// The context that the screens are drawn in.
    pub fn context(&self) -> &Context {
        &self.ctx
    }

    /// Draws one pass that sees these events.
    pub fn frame(&mut self, shell: &mut Shell, events: Vec<Event>) {
        let [width, height] = self.size_px.map(|n| n as f32 / self.pixels_per_point);
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(width, height))),
            time: Some(self.started.elapsed().as_secs_f64()),
            focused: true,
            events,
            max_texture_side: Some(self.state.device.limits().max_texture_dimension_2d as usize),
            ..RawInput::default()
        };
        if let Some(viewport) = input.viewports.get_mut(&egui::ViewportId::ROOT) {
            viewport.native_pixels_per_point = Some(self.pixels_per_point);
        }
        self.lock_requests().clear();
        shell.take_input(&mut input);
        let output = self.ctx.run_ui(input, |ui| shell.ui(ui));
        let delay = output
            .viewport_output
            .get(&egui::ViewportId::ROOT)
            .map_or(Duration::MAX, |viewport| viewport.repaint_delay);
        self.wants_pass = delay < SOON;
        self.draw(output);
        self.n_drawn += 1;
    }

    /// Draws as a window does: at once for these events, then only when something asks for it, until `ends` says so or
    /// `limit` is over. How many times it drew.
    pub fn live(
        &mut self,
        shell: &mut Shell,
        events: Vec<Event>,
        limit: Duration,
        mut ends: impl FnMut(&Shell) -> bool,
    ) -> usize {
        let end = Instant::now() + limit;
        let before = self.n_drawn;
        self.frame(shell, events);
        while !ends(shell) && self.wait_for_request(end) {
            self.frame(shell, Vec::new());
        }
        self.n_drawn - before
    }

    /// Waits until a drawing that was asked for is due; `false` when none is before `end`.
    fn wait_for_request(&self, end: Instant) -> bool {
        let pass_nr = self.ctx.cumulative_pass_nr();
        let mut asked = self.lock_requests();
        loop {
            // As a window does: what an earlier pass asked for, later ones of its drawing have done.
            asked.retain(|(nr, _)| pass_nr <= nr + 1);
            let next = asked.iter().map(|(_, at)| *at).min();
            let now = Instant::now();
            if next.is_some_and(|at| at <= now) {
                return true;
            }
            if end <= now {
                return false;
            }
            let until = next.map_or(end, |at| at.min(end));
            let waited = self.requests.came.wait_timeout(asked, until - now);
            asked = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock_requests(&self) -> std::sync::MutexGuard<'_, Vec<(u64, Instant)>> {
        let asked = self.requests.asked.lock();
        asked.unwrap_or_else(PoisonError::into_inner)
    }

    /// Draws passes until the session has nothing left to do and the screen stands still.
    ///
    /// # Errors
    /// When that takes longer than `limit`.
    pub fn settle(&mut self, shell: &mut Shell, limit: Duration) -> Result<(), ShellError> {
        let start = Instant::now();
        let mut n_quiet = 0;
        while n_quiet < 3 {
            self.frame(shell, Vec::new());
            let quiet = shell.is_idle() && !self.wants_pass;
            n_quiet = if quiet { n_quiet + 1 } else { 0 };
            if limit < start.elapsed() {
                return Err(ShellError::Unfinished);
            }
            if !shell.is_idle() {
                std::thread::sleep(PAUSE);
            }
        }
        Ok(())
    }

    /// Waits until the last pass is drawn, for those who measure.
    ///
    /// # Errors
    /// When the device does not answer.
    pub fn wait(&self) -> Result<(), ShellError> {
        let all = wgpu::PollType::Wait {
            submission_index: None,
            timeout: None,
        };
        let polled = self.state.device.poll(all);
        polled.map_err(|error| ShellError::ReadBack(error.to_string()))?;
        Ok(())
    }

    /// The last pass as PNG.
    ///
    /// # Errors
    /// When nothing was drawn yet, or the device does not answer.
    pub fn png(&self) -> Result<Vec<u8>, ShellError> {
        let bytes = self.pixels()?;
        let [width, height] = self.size_px;
        let mut png = Vec::new();
        image::codecs::png::PngEncoder::new(&mut png)
            .write_image(&bytes, width, height, ExtendedColorType::Rgba8)
            .map_err(|error| ShellError::ReadBack(error.to_string()))?;
        Ok(png)
    }

    fn draw(&mut self, output: FullOutput) {
        let (device, queue) = (&self.state.device, &self.state.queue);
        let [width, height] = self.size_px;
        let jobs = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let screen = ScreenDescriptor {
            size_in_pixels: self.size_px,
            pixels_per_point: output.pixels_per_point,
        };
        let target = self.drawn.get_or_insert_with(|| {
            device.create_texture(&wgpu::TextureDescriptor {
                label: Some("screen"),
                size: wgpu::Extent3d {
                    width,
                    height,
                    depth_or_array_layers: 1,
                },
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format: FORMAT,
                usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
                view_formats: &[],
            })
        });
        let view = target.create_view(&wgpu::TextureViewDescriptor::default());
        let [r, g, b, a] = self
            .ctx
            .global_style()
            .visuals
            .panel_fill
            .to_normalized_gamma_f32()
            .map(f64::from);
        let ground = wgpu::Color { r, g, b, a };
        let mut renderer = self.state.renderer.write();
        for (id, deltas) in &output.textures_delta.set {
            for delta in deltas {
                renderer.update_texture(device, queue, *id, delta);
            }
        }
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor {
            label: Some("screen"),
        });
        let more = renderer.update_buffers(device, queue, &mut encoder, &jobs, &screen);
        let mut pass = encoder
            .begin_render_pass(&wgpu::RenderPassDescriptor {
                label: Some("screen"),
                color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                    view: &view,
                    resolve_target: None,
                    depth_slice: None,
                    ops: wgpu::Operations {
                        load: wgpu::LoadOp::Clear(ground),
                        store: wgpu::StoreOp::Store,
                    },
                })],
                ..Default::default()
            })
            .forget_lifetime();
        renderer.render(&mut pass, &jobs, &screen);
        drop(pass);
        queue.submit(more.into_iter().chain([encoder.finish()]));
        for id in &output.textures_delta.free {
            renderer.free_texture(id);
        }
    }

    /// The last pass, four bytes a pixel.
    fn pixels(&self) -> Result<Vec<u8>, ShellError> {
        let Some(target) = &self.drawn else {
            return Err(ShellError::ReadBack("nothing was drawn yet".into()));
        };
        let (device, queue) = (&self.state.device, &self.state.queue);
        let [width, height] = self.size_px;
        let row_bytes = width * 4;
        // Copies to a buffer need rows of a multiple of this.
        let padded_bytes = row_bytes.next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("read back"),
            size: u64::from(padded_bytes) * u64::from(height),
            usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
            mapped_at_creation: false,
        });
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor {
            label: Some("read back"),
        });
        let layout = wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(padded_bytes),
            rows_per_image: None,
        };
        let copy = wgpu::TexelCopyBufferInfo {
            buffer: &buffer,
            layout,
        };
        encoder.copy_texture_to_buffer(target.as_image_copy(), copy, target.size());
        queue.submit([encoder.finish()]);
        let lost = |error: &dyn std::fmt::Display| ShellError::ReadBack(error.to_string());
        let (sender, receiver) = std::sync::mpsc::channel();
        buffer
            .slice(..)
            .map_async(wgpu::MapMode::Read, move |result| {
                // The receiver is gone only when this call has already failed.
                let _ = sender.send(result);
            });
        device
            .poll(wgpu::PollType::Wait {
                submission_index: None,
                timeout: None,
            })
            .map_err(|e| lost(&e))?;
        receiver
            .recv()
            .map_err(|e| lost(&e))?
            .map_err(|e| lost(&e))?;
        let mapped = buffer.slice(..).get_mapped_range().map_err(|e| lost(&e))?;
        let bytes: &[u8] = &mapped;
        let rows = bytes.chunks_exact(padded_bytes as usize);
        Ok(rows
            .flat_map(|row| row.iter().copied().take(row_bytes as usize))
            .collect())
    }
}

/// What egui draws with, without a window.
async fn render_state() -> Result<RenderState, ShellError> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: wgpu::Backends::from_env().unwrap_or(wgpu::Backends::PRIMARY),
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let adapter = instance
        .request_adapter(&wgpu::RequestAdapterOptions::default())
        .await
        .map_err(|error| ShellError::NoAdapter(error.to_string()))?;
    let (device, queue) = adapter
        .request_device(&render::device_descriptor(&adapter))
        .await
        .map_err(|error| ShellError::NoAdapter(error.to_string()))?;
    let options = RendererOptions {
        dithering: false,
        ..RendererOptions::default()
    };
    let renderer = Renderer::new(&device, FORMAT, options);
    Ok(RenderState {
        available_adapters: vec![adapter.clone()],
        adapter,
        instance,
        device,
        queue,
        target_format: FORMAT,
        renderer: Arc::new(egui::mutex::RwLock::new(renderer)),
    })
}
