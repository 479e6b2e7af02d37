use egui_wgpu::RenderState;
use render::RenderError;

/// A texture that a view is drawn into and that is put on the screen from there.
pub(crate) struct Target {
    texture: wgpu::Texture,
    view: wgpu::TextureView,
    size_px: [usize; 2],
}

impl Target {
    /// The target in `held`, made anew when its size differs.
    ///
    /// # Errors
    /// When the card takes no texture of that size.
    pub(crate) fn fit<'a>(
        held: &'a mut Option<Self>,
        state: &RenderState,
        size_px: [usize; 2],
    ) -> Result<&'a Self, RenderError> {
        let fits = held
            .as_ref()
            .is_some_and(|target| target.size_px == size_px);
        if !fits {
            *held = Some(Self::new(state, size_px)?);
        }
        held.as_ref()
            .ok_or_else(|| RenderError::Lost("no target".into()))
    }

    fn new(state: &RenderState, size_px: [usize; 2]) -> Result<Self, RenderError> {
        let limit = state.device.limits().max_texture_dimension_2d;
        let [width, height] = size_px.map(|n| u32::try_from(n.max(1)).unwrap_or(u32::MAX));
        if limit < width || limit < height {
            return Err(RenderError::TooLarge {
                width: size_px[0],
                height: size_px[1],
                depth: 1,
                n_bytes: 4 * u64::from(width) * u64::from(height),
                side_limit: limit,
                budget_bytes: u64::MAX,
            });
        }
        let texture = state.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("view"),
            size: wgpu::Extent3d {
                width,
                height,
                depth_or_array_layers: 1,
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba8Unorm,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT
                | wgpu::TextureUsages::TEXTURE_BINDING
                | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        Ok(Self {
            texture,
            view,
            size_px,
        })
    }

    /// What was drawn.
    pub(crate) fn view(&self) -> wgpu::TextureView {
        self.view.clone()
    }

    /// Puts colours over the whole target, four bytes a pixel. Nothing happens where there are fewer than it has pixels.
    pub(crate) fn fill(&self, state: &RenderState, rgba: &[u8]) {
        let size = self.texture.size();
        let bytes_per_row = 4 * size.width;
        if (rgba.len() as u64) < u64::from(bytes_per_row) * u64::from(size.height) {
            return;
        }
        let layout = wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(bytes_per_row),
            rows_per_image: None,
        };
        let all = self.texture.as_image_copy();
        state.queue.write_texture(all, rgba, layout, size);
    }

    /// Draws over the whole target, on black.
    pub(crate) fn draw(&self, state: &RenderState, draw: impl FnOnce(&mut wgpu::RenderPass<'_>)) {
        let mut encoder = state
            .device
            .create_command_encoder(&wgpu::CommandEncoderDescriptor {
                label: Some("view"),
            });
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("view"),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: &self.view,
                resolve_target: None,
                depth_slice: None,
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
                    store: wgpu::StoreOp::Store,
                },
            })],
            ..Default::default()
        });
        draw(&mut pass);
        drop(pass);
        state.queue.submit([encoder.finish()]);
    }
}
