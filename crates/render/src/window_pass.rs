use volume::{ColourPicture, Interpolation, Outside, Picture, Presentation, SliceView};
use wgpu::TextureViewDimension::D2;

use crate::RenderError;
use crate::gpu_types::{Grey, Window};
use crate::pipeline::{Bound, LOADED, Pipeline, TextureSlot, check_2d, filled_texture_2d};
use crate::shader;
use crate::table_texture::table_texture;

/// How values are shown, and how pixels without one.
#[derive(Clone, Debug, PartialEq)]
pub struct Appearance {
    /// Window or table, negative or not.
    pub presentation: Presentation,
    /// What is drawn where there is no value.
    pub outside: Outside,
}

/// A picture of modality values on the GPU, 4 bytes a pixel, and as many for colours over it.
#[derive(Clone, Debug)]
pub struct PictureTexture {
    view: wgpu::TextureView,
    /// One transparent pixel where no colours lie over the picture.
    colours: wgpu::TextureView,
}

impl PictureTexture {
    /// Uploads a picture, and the colours over it, which are drawn where they are opaque, whatever the window.
    ///
    /// # Errors
    /// When it is empty or exceeds the device's limits, and when the colours are of another size.
    pub fn new(
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        (picture, colours): (&Picture, Option<&ColourPicture>),
    ) -> Result<Self, RenderError> {
        let size = check_2d(device, [picture.width, picture.height], 4)?;
        let bytes = bytemuck::cast_slice(&picture.values);
        let texture = filled_texture_2d(
            device,
            queue,
            "picture",
            wgpu::TextureFormat::R32Float,
            (size, bytes),
        );
        let none = ColourPicture {
            width: 1,
            height: 1,
            values: vec![[0; 4]],
        };
        let (colours, colours_size) = match colours {
            Some(colours) if [colours.width, colours.height] != [picture.width, picture.height] => {
                return Err(RenderError::SizesDiffer);
            }
            Some(colours) => (colours, size),
            None => (&none, [1, 1]),
        };
        let colours = filled_texture_2d(
            device,
            queue,
            "colours over a picture",
            wgpu::TextureFormat::Rgba8Unorm,
            (colours_size, bytemuck::cast_slice(&colours.values)),
        );
        Ok(Self {
            view: texture.create_view(&Default::default()),
            colours: colours.create_view(&Default::default()),
        })
    }
}

/// Draws a picture of modality values through a window, under pan, zoom, turn and flip.
///
/// Its twin is `volume::sample_slice` followed by `volume::paint` and the colours over it; cubic is drawn as linear.
#[derive(Clone, Debug)]
pub struct WindowPass {
    pipeline: Pipeline,
}

/// One prepared drawing of a [`WindowPass`].
#[derive(Clone, Debug)]
pub struct WindowDraw(Bound);

impl WindowPass {
    /// Makes the pass for targets of a format.
    pub fn new(device: &wgpu::Device, target: wgpu::TextureFormat) -> Self {
        let slot = TextureSlot {
            sample_type: LOADED,
            dimension: D2,
        };
        Self {
            pipeline: Pipeline::new(device, "window pass", shader::WINDOW, &[slot; 3], target),
        }
    }

    /// Prepares a drawing; `view` says which place of the picture each pixel of the viewport shows.
    pub fn prepare(
        &self,
        (device, queue): (&wgpu::Device, &wgpu::Queue),
        picture: &PictureTexture,
        view: &SliceView,
        interpolation: Interpolation,
        appearance: &Appearance,
    ) -> WindowDraw {
        let grey = Grey::new(&appearance.presentation, appearance.outside);
        let uniforms = Window::new(grey, view, interpolation);
        let table = table_texture(device, queue, &appearance.presentation);
        let group = self.pipeline.bind(
            device,
            queue,
            bytemuck::bytes_of(&uniforms),
            &[&picture.view, &table, &picture.colours],
        );
        WindowDraw(Bound {
            pipeline: self.pipeline.pipeline.clone(),
            group,
        })
    }
}

impl WindowDraw {
    /// Draws into the viewport that is set, which must have the size of the view.
    pub fn draw(&self, pass: &mut wgpu::RenderPass<'_>) {
        self.0.draw(pass);
    }
}
