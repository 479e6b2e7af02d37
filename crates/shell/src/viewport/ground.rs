//! One colour over a whole part of the window. The interface's own shader costs a software rasteriser several times as
//! much as the one that puts views on the screen, which is shared here so that no other has to be compiled at the start.

use std::cell::RefCell;

use egui::{Color32, Painter, Rect};
use egui_wgpu::RenderState;
use wgpu::util::DeviceExt;

use super::blit::{BlitPass, Mapping};

/// Colours that are held at most; a theme has fewer.
const MAX_COLOURS: usize = 16;

/// Paints grounds: with the shader of the views where there is one, and as any rectangle elsewhere.
#[derive(Clone, Default)]
pub(crate) struct Grounds(Option<std::rc::Rc<OnCard>>);

struct OnCard {
    state: RenderState,
    pass: std::rc::Rc<BlitPass>,
    /// A texture of one texel for each colour.
    texels: RefCell<Vec<(Color32, wgpu::TextureView)>>,
}

impl Grounds {
    /// Grounds that are painted as views are.
    pub(crate) fn new(state: &RenderState, pass: std::rc::Rc<BlitPass>) -> Self {
        Self(Some(std::rc::Rc::new(OnCard {
            state: state.clone(),
            pass,
            texels: RefCell::default(),
        })))
    }

    /// Paints a rectangle that lies on whole pixels in an opaque colour.
    pub(crate) fn paint(&self, painter: &Painter, rect: Rect, colour: Color32) {
        match &self.0 {
            Some(card) if colour.is_opaque() => {
                let texel = card.texel(colour);
                painter.add(card.pass.callback(&texel, Mapping::EVEN, rect));
            }
            Some(_) | None => {
                painter.rect_filled(rect, 0, colour);
            }
        }
    }
}

impl OnCard {
    fn texel(&self, colour: Color32) -> wgpu::TextureView {
        let mut texels = self.texels.borrow_mut();
        if let Some((_, texel)) = texels.iter().find(|(of, _)| *of == colour) {
            return texel.clone();
        }
        let size = wgpu::Extent3d {
            width: 1,
            height: 1,
            depth_or_array_layers: 1,
        };
        let texture = self.state.device.create_texture_with_data(
            &self.state.queue,
            &wgpu::TextureDescriptor {
                label: Some("ground"),
                size,
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format: wgpu::TextureFormat::Rgba8Unorm,
                usage: wgpu::TextureUsages::TEXTURE_BINDING,
                view_formats: &[],
            },
            wgpu::util::TextureDataOrder::LayerMajor,
            &colour.to_array(),
        );
        let texel = texture.create_view(&wgpu::TextureViewDescriptor::default());
        if MAX_COLOURS <= texels.len() {
            texels.clear();
        }
        texels.push((colour, texel.clone()));
        texel
    }
}
