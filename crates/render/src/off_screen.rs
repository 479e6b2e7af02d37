use volume::ColourPicture;

use crate::pipeline::check_2d;
use crate::{Gpu, RenderError};

impl Gpu {
    /// The format of off-screen targets: what is drawn is what is read.
    pub const OFF_SCREEN_FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

    /// Draws into a texture of its own, black at first, and reads it back. Blocks until the device is done.
    ///
    /// # Errors
    /// When the size is beyond the device's limits, or the device does not answer.
    pub fn off_screen(
        &self,
        size_px: [usize; 2],
        draw: impl FnOnce(&mut wgpu::RenderPass<'_>),
    ) -> Result<ColourPicture, RenderError> {
        self.off_screen_in(Self::OFF_SCREEN_FORMAT, size_px, draw)
    }

    fn off_screen_in(
        &self,
        format: wgpu::TextureFormat,
        size_px: [usize; 2],
        draw: impl FnOnce(&mut wgpu::RenderPass<'_>),
    ) -> Result<ColourPicture, RenderError> {
        let [width, height] = check_2d(&self.device, size_px, 4)?;
        let target = self.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("off-screen target"),
            size: wgpu::Extent3d {
                width,
                height,
                depth_or_array_layers: 1,
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
            view_formats: &[],
        });
        let view = target.create_view(&Default::default());
        let mut encoder = self
            .device
            .create_command_encoder(&wgpu::CommandEncoderDescriptor {
                label: Some("off-screen"),
            });
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("off-screen"),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: &view,
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
        self.read_back(&target, encoder)
    }

    fn read_back(
        &self,
        target: &wgpu::Texture,
        mut encoder: wgpu::CommandEncoder,
    ) -> Result<ColourPicture, RenderError> {
        let (width, height) = (target.width() as usize, target.height() as usize);
        let row_bytes = width * 4;
        // Copies to a buffer need rows of a multiple of this.
        let padded_bytes = row_bytes.next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT as usize);
        let buffer = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("read back"),
            size: (padded_bytes * height) as u64,
            usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
            mapped_at_creation: false,
        });
        let bytes_per_row = Some(padded_bytes as u32);
        let layout = wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row,
            rows_per_image: None,
        };
        let copy = wgpu::TexelCopyBufferInfo {
            buffer: &buffer,
            layout,
        };
        encoder.copy_texture_to_buffer(target.as_image_copy(), copy, target.size());
        self.queue.submit([encoder.finish()]);
        let (sender, receiver) = std::sync::mpsc::channel();
        buffer
            .slice(..)
            .map_async(wgpu::MapMode::Read, move |result| {
                // The receiver is gone only when this call has already failed.
                let _ = sender.send(result);
            });
        let lost = |e: &dyn std::fmt::Display| RenderError::Lost(e.to_string());
        self.device
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
        let values = bytes
            .chunks_exact(padded_bytes)
            .flat_map(|row| row.iter().copied().take(row_bytes).collect::<Vec<u8>>())
            .collect::<Vec<u8>>();
        let values = values.as_chunks::<4>().0.to_vec();
        Ok(ColourPicture {
            width,
            height,
            values,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use volume::{
        Interpolation, Invert, Outside, Picture, Presentation, SliceView, Voi, VoiFunction,
    };

    use super::*;
    use crate::{Appearance, PictureTexture, WindowPass};

    #[test]
    fn targets_that_encode_srgb_show_the_same_greys() {
        if std::env::var_os("NO_GPU").is_some() {
            println!("skipped 1 test: NO_GPU is set");
            return;
        }
        let gpu = Gpu::headless().unwrap();
        let ramp = Picture {
            width: 256,
            height: 1,
            values: (0u16..256).map(f32::from).collect(),
        };
        let voi = Voi::window(128.0, 256.0, VoiFunction::Linear, None).unwrap();
        let appearance = Appearance {
            presentation: Presentation::grey(voi, Invert::No),
            outside: Outside::Black,
        };
        let texture = PictureTexture::new(&gpu.device, &gpu.queue, (&ramp, None)).unwrap();
        for format in [
            wgpu::TextureFormat::Rgba8Unorm,
            wgpu::TextureFormat::Rgba8UnormSrgb,
        ] {
            let pass = WindowPass::new(&gpu.device, format);
            let devices = (&gpu.device, &gpu.queue);
            let view = SliceView::native([256, 1]);
            let draw = pass.prepare(
                devices,
                &texture,
                &view,
                Interpolation::Nearest,
                &appearance,
            );
            let drawn = gpu
                .off_screen_in(format, [256, 1], |pass| draw.draw(pass))
                .unwrap();
            for (grey, pixel) in drawn.values.iter().enumerate() {
                let off = usize::from(pixel[0]).abs_diff(grey);
                // The encoding of the target itself may round a level away.
                assert!(
                    off <= usize::from(format.is_srgb()),
                    "{format:?}: {} for {grey}",
                    pixel[0]
                );
            }
        }
    }
}
