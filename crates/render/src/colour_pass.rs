use volume::{ColourPicture, Interpolation, Outside, SliceView};
use wgpu::TextureViewDimension::D2;

use crate::RenderError;
use crate::gpu_types::Colour;
use crate::pipeline::{Bound, LOADED, Pipeline, TextureSlot, check_2d, filled_texture_2d};
use crate::shader;

/// A colour picture on the GPU, 4 bytes a pixel.
#[derive(Clone, Debug)]
pub struct ColourTexture {
    view: wgpu::TextureView,
}

impl ColourTexture {
    /// Uploads a picture.
    ///
    /// # Errors
    /// When it is empty or exceeds the device's limits.
    pub fn new(
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        picture: &ColourPicture,
    ) -> Result<Self, RenderError> {
        let size = check_2d(device, [picture.width, picture.height], 4)?;
        let bytes = bytemuck::cast_slice(&picture.values);
        let texture = filled_texture_2d(
            device,
            queue,
            "colour",
            wgpu::TextureFormat::Rgba8Unorm,
            (size, bytes),
        );
        Ok(Self {
            view: texture.create_view(&Default::default()),
        })
    }
}

/// Draws a colour picture under pan, zoom, turn and flip.
///
/// Its twin is `volume::sample_colour_slice`; cubic is drawn as linear.
#[derive(Clone, Debug)]
pub struct ColourPass {
    pipeline: Pipeline,
}

/// One prepared drawing of a [`ColourPass`].
#[derive(Clone, Debug)]
pub struct ColourDraw(Bound);

impl ColourPass {
    /// Makes the pass for targets of a format.
    pub fn new(device: &wgpu::Device, target: wgpu::TextureFormat) -> Self {
        let slot = TextureSlot {
            sample_type: LOADED,
            dimension: D2,
        };
        Self {
            pipeline: Pipeline::new(device, "colour pass", shader::COLOUR, &[slot], target),
        }
    }

    /// Prepares a drawing; `view` says which place of the picture each pixel of the viewport shows.
    pub fn prepare(
        &self,
        (device, queue): (&wgpu::Device, &wgpu::Queue),
        picture: &ColourTexture,
        view: &SliceView,
        interpolation: Interpolation,
        outside: Outside,
    ) -> ColourDraw {
        let uniforms = Colour::new(view, interpolation, outside);
        let group = self.pipeline.bind(
            device,
            queue,
            bytemuck::bytes_of(&uniforms),
            &[&picture.view],
        );
        ColourDraw(Bound {
            pipeline: self.pipeline.pipeline.clone(),
            group,
        })
    }
}

impl ColourDraw {
    /// Draws into the viewport that is set, which must have the size of the view.
    pub fn draw(&self, pass: &mut wgpu::RenderPass<'_>) {
        self.0.draw(pass);
    }
}
