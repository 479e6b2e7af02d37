//! Puts drawn views on the screen. The interface's own shader could, but costs a software rasteriser many times as much.

use std::sync::OnceLock;

use egui::{PaintCallback, PaintCallbackInfo, Rect};
use egui_wgpu::{Callback, CallbackResources, CallbackTrait, ScreenDescriptor};
use space::ViewPlane;
use wgpu::util::DeviceExt;

use super::on_screen::OnScreen;

/// Which texel each pixel of a view shows: at the first pixel, and the steps across and down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mapping {
    at_first_pixel: [f64; 2],
    per_column: [f64; 2],
    per_row: [f64; 2],
}

impl Mapping {
    /// The first texel everywhere.
    pub(crate) const EVEN: Self = Self {
        at_first_pixel: [0.0; 2],
        per_column: [0.0; 2],
        per_row: [0.0; 2],
    };

    /// The mapping that puts a picture of `picture` where its pixels belong in the plane on screen; `None` when that
    /// plane looks another way, so that its pixels have no place here.
    pub(crate) fn new(screen: &OnScreen, picture: &ViewPlane) -> Option<Self> {
        screen.corners_of(picture)?;
        let at = |pixel: [f64; 2]| picture.pixel(screen.plane.patient(pixel));
        // The plane may still have the size of an earlier rectangle: both share their middle.
        let shown = super::size_px(screen.rect, screen.pixels_per_point);
        let shift: [f64; 2] =
            std::array::from_fn(|a| (screen.plane.size_px[a] as f64 - shown[a] as f64) / 2.0);
        let first = at(shift);
        let step = |pixel: [f64; 2]| {
            let next = at(pixel);
            [next[0] - first[0], next[1] - first[1]]
        };
        Some(Self {
            at_first_pixel: first,
            per_column: step([shift[0] + 1.0, shift[1]]),
            per_row: step([shift[0], shift[1] + 1.0]),
        })
    }

    /// A magnified picture is smoothed; one in its own size, or smaller, is taken as it is.
    fn texels(&self) -> Texels {
        let [x, y] = self.per_column;
        match *self != Self::EVEN && x.hypot(y) < 0.999 {
            true => Texels::Smoothed,
            false => Texels::AsTheyAre,
        }
    }

    /// The uniforms of the shader, in the order of its struct.
    fn uniforms(&self, origin_px: [f32; 2]) -> Vec<u8> {
        let [a, b, c] =
            [self.at_first_pixel, self.per_column, self.per_row].map(|pair| pair.map(|v| v as f32));
        [a, b, c, origin_px]
            .into_iter()
            .flatten()
            .flat_map(f32::to_ne_bytes)
            .collect()
    }
}

/// How texels become pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Texels {
    /// Each pixel shows the texel under it.
    AsTheyAre,
    /// Between texels lies what is between them.
    Smoothed,
}

/// The pipelines, made for a window when they are needed first.
pub(crate) struct BlitPass {
    device: wgpu::Device,
    target: wgpu::TextureFormat,
    module: wgpu::ShaderModule,
    as_they_are: OnceLock<wgpu::RenderPipeline>,
    smoothed: OnceLock<wgpu::RenderPipeline>,
}

impl BlitPass {
    pub(crate) fn new(device: &wgpu::Device, target: wgpu::TextureFormat) -> Self {
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("blit"),
            source: wgpu::ShaderSource::Wgsl(include_str!("blit.wgsl").into()),
        });
        Self {
            device: device.clone(),
            target,
            module,
            as_they_are: OnceLock::new(),
            smoothed: OnceLock::new(),
        }
    }

    fn pipeline(&self, texels: Texels) -> wgpu::RenderPipeline {
        let (made, entry_point) = match texels {
            Texels::AsTheyAre => (&self.as_they_are, "fs_as_it_is"),
            Texels::Smoothed => (&self.smoothed, "fs_smoothed"),
        };
        made.get_or_init(|| self.make(entry_point)).clone()
    }

    fn make(&self, entry_point: &'static str) -> wgpu::RenderPipeline {
        self.device
            .create_render_pipeline(&wgpu::RenderPipelineDescriptor {
                label: Some("blit"),
                layout: None,
                vertex: wgpu::VertexState {
                    module: &self.module,
                    entry_point: Some("vs_main"),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    buffers: &[],
                },
                primitive: wgpu::PrimitiveState::default(),
                depth_stencil: None,
                multisample: wgpu::MultisampleState::default(),
                fragment: Some(wgpu::FragmentState {
                    module: &self.module,
                    entry_point: Some(entry_point),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    targets: &[Some(self.target.into())],
                }),
                multiview_mask: None,
                cache: None,
            })
    }

    /// What draws a view into its rectangle.
    pub(crate) fn callback(
        &self,
        view: &wgpu::TextureView,
        mapping: Mapping,
        rect: Rect,
    ) -> PaintCallback {
        let draw = Draw {
            pipeline: self.pipeline(mapping.texels()),
            view: view.clone(),
            mapping,
            rect,
            group: OnceLock::new(),
        };
        Callback::new_paint_callback(rect, draw)
    }
}

struct Draw {
    pipeline: wgpu::RenderPipeline,
    view: wgpu::TextureView,
    mapping: Mapping,
    rect: Rect,
    group: OnceLock<wgpu::BindGroup>,
}

impl CallbackTrait for Draw {
    fn prepare(
        &self,
        device: &wgpu::Device,
        _queue: &wgpu::Queue,
        screen: &ScreenDescriptor,
        _encoder: &mut wgpu::CommandEncoder,
        _resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        let origin_px =
            [self.rect.left(), self.rect.top()].map(|v| (v * screen.pixels_per_point).round());
        let uniforms = device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
            label: Some("blit"),
            contents: &self.mapping.uniforms(origin_px),
            usage: wgpu::BufferUsages::UNIFORM,
        });
        self.group.get_or_init(|| {
            device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some("blit"),
                layout: &self.pipeline.get_bind_group_layout(0),
                entries: &[
                    wgpu::BindGroupEntry {
                        binding: 0,
                        resource: uniforms.as_entire_binding(),
                    },
                    wgpu::BindGroupEntry {
                        binding: 1,
                        resource: wgpu::BindingResource::TextureView(&self.view),
                    },
                ],
            })
        });
        Vec::new()
    }

    fn paint(
        &self,
        _info: PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        _resources: &CallbackResources,
    ) {
        if let Some(group) = self.group.get() {
            pass.set_pipeline(&self.pipeline);
            pass.set_bind_group(0, group, &[]);
            pass.draw(0..3, 0..1);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use egui::{pos2, vec2};
    use space::{Orientation, PatientPoint};

    use super::*;

    fn screen() -> OnScreen {
        let rect = Rect::from_min_size(pos2(10.0, 20.0), vec2(300.0, 200.0));
        let plane = ViewPlane {
            centre: PatientPoint::new(1.0, 2.0, 3.0),
            frame: Orientation::Coronal.frame(),
            mm_per_pixel: 0.7,
            size_px: [300, 200],
        };
        OnScreen {
            plane,
            rect,
            pixels_per_point: 1.0,
        }
    }

    #[test]
    fn the_shader_is_valid() {
        let module = naga::front::wgsl::parse_str(include_str!("blit.wgsl")).unwrap();
        naga::valid::Validator::new(
            naga::valid::ValidationFlags::all(),
            naga::valid::Capabilities::empty(),
        )
        .validate(&module)
        .unwrap();
    }

    #[test]
    fn the_newest_picture_goes_to_the_screen_texel_by_pixel() {
        let mapping = Mapping::new(&screen(), &screen().plane).unwrap();
        for (got, expected) in [
            (mapping.at_first_pixel, [0.0, 0.0]),
            (mapping.per_column, [1.0, 0.0]),
            (mapping.per_row, [0.0, 1.0]),
        ] {
            assert!((got[0] - expected[0]).abs() < 1e-9 && (got[1] - expected[1]).abs() < 1e-9);
        }
        assert_eq!(mapping.texels(), Texels::AsTheyAre);
    }

    #[test]
    fn an_older_picture_is_magnified_about_the_middle() {
        let older = ViewPlane {
            mm_per_pixel: 1.4,
            ..screen().plane
        };
        let mapping = Mapping::new(&screen(), &older).unwrap();
        assert!((mapping.per_column[0] - 0.5).abs() < 1e-9);
        assert_eq!(mapping.texels(), Texels::Smoothed);
        let middle = mapping.at_first_pixel[0] + 149.5 * mapping.per_column[0];
        assert!((middle - 149.5).abs() < 1e-9, "the middle stays: {middle}");
    }

    #[test]
    fn a_picture_of_another_size_keeps_its_middle() {
        // The rectangle grew by 20 pixels since the plane was made.
        let grown = OnScreen {
            rect: Rect::from_min_size(pos2(0.0, 0.0), vec2(320.0, 220.0)),
            ..screen()
        };
        let mapping = Mapping::new(&grown, &screen().plane).unwrap();
        assert!((mapping.at_first_pixel[0] + 10.0).abs() < 1e-9);
        assert!((mapping.at_first_pixel[1] + 10.0).abs() < 1e-9);
    }
}
