//! Makes the texture of each view: on the card from the volume, on the card from the session's picture, or on the CPU.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::{Arc, Weak};

use egui::{ColorImage, Context, TextureHandle, TextureId, TextureOptions};
use render::{
    AdapterKind, Appearance, ColourDraw, ColourPass, ColourTexture, PictureTexture, ReslicePass,
    ResliceView, WindowDraw, WindowPass,
};
use session::{PictureKind, PicturesBy, ViewKind, ViewSnapshot};
use space::ViewPlane;
use volume::{
    Interpolation, Outside, Slab, SliceView, Volume, colour_layer, native_colour_slice,
    native_slice,
};

use super::blit::{BlitPass, Mapping};
use super::ground::Grounds;
use super::on_screen::OnScreen;
use super::target::Target;
use super::uploaded::{colours_of, upload};
use super::volumes::Volumes;

/// Views that are remembered at most; no layout has more.
const MAX_VIEWS: usize = 16;
/// The format that egui takes for textures made outside of it.
const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

/// The picture of a view, and the plane that its pixels lie on.
pub(crate) struct Painted {
    pub(crate) picture: Drawn,
    pub(crate) plane: ViewPlane,
}

/// Where the pixels of a picture are.
pub(crate) enum Drawn {
    /// In a texture of egui.
    Egui(TextureId),
    /// In a texture on the card.
    Card(wgpu::TextureView),
}

/// Paints views.
pub(crate) struct Painter {
    way: Way,
    /// The volume did not fit on the card, so the session computes the pictures from now on.
    fell_back: bool,
}

/// How pictures come to the screen.
enum Way {
    /// Nothing to draw with is known: the CPU paints, egui uploads.
    Cpu(Vec<CpuView>),
    /// On the card.
    Gpu(Box<GpuPainter>),
}

impl Painter {
    pub(crate) fn new(gpu: Option<egui_wgpu::RenderState>) -> Self {
        let way = match gpu {
            Some(state) => Way::Gpu(Box::new(GpuPainter::new(state))),
            None => Way::Cpu(Vec::new()),
        };
        Self {
            way,
            fell_back: false,
        }
    }

    /// Who makes the pictures: the card only where it is one.
    pub(crate) fn pictures_by(&self) -> PicturesBy {
        match &self.way {
            Way::Gpu(gpu) if gpu.kind == AdapterKind::Hardware && !self.fell_back => {
                PicturesBy::Window
            }
            Way::Gpu(_) | Way::Cpu(_) => PicturesBy::Session,
        }
    }

    /// What paints the grounds of the window's parts.
    pub(crate) fn grounds(&self) -> Grounds {
        match &self.way {
            Way::Gpu(gpu) => Grounds::new(&gpu.state, gpu.blit_pass.clone()),
            Way::Cpu(_) => Grounds::default(),
        }
    }

    /// Did it change over to the session's pictures?
    pub(crate) fn fell_back(&self) -> bool {
        self.fell_back
    }

    /// Are slices still to be uploaded?
    pub(crate) fn is_busy(&self) -> bool {
        match &self.way {
            Way::Gpu(gpu) => gpu.volumes.is_busy(),
            Way::Cpu(_) => false,
        }
    }

    /// Starts a pass: what was not drawn in the last one may go.
    pub(crate) fn begin(&mut self) {
        if let Way::Gpu(gpu) = &mut self.way {
            gpu.volumes.begin();
        }
    }

    /// What puts a picture of the card on the screen.
    pub(crate) fn blit(
        &self,
        view: &wgpu::TextureView,
        (screen, plane): (&OnScreen, &ViewPlane),
    ) -> Option<egui::PaintCallback> {
        match &self.way {
            Way::Cpu(_) => None,
            Way::Gpu(gpu) => {
                let mapping = Mapping::new(screen, plane)?;
                Some(gpu.blit_pass.callback(view, mapping, screen.rect))
            }
        }
    }

    /// The picture of a view; `None` while there is nothing to show.
    pub(crate) fn paint(&mut self, ctx: &Context, view: &ViewSnapshot) -> Option<Painted> {
        if MAX_VIEWS <= view.idx.0 {
            return None;
        }
        let look = &appearance(view)?;
        let by = self.pictures_by();
        match (&mut self.way, by) {
            (Way::Cpu(views), _) => paint_on_cpu(views, ctx, view, look),
            (Way::Gpu(gpu), PicturesBy::Session) => match gpu.kind {
                AdapterKind::Software => gpu.upload_picture(view, look),
                AdapterKind::Hardware => gpu.paint_picture(view, look),
            },
            // Light through a volume is computed on the processor whoever draws the planes.
            (Way::Gpu(gpu), PicturesBy::Window) if view.kind == ViewKind::Rendering => {
                gpu.paint_picture(view, look)
            }
            (Way::Gpu(gpu), PicturesBy::Window) => match gpu.paint_volume(view, look) {
                Ok(painted) => painted,
                Err(render::RenderError::TooLarge { .. }) => {
                    self.fell_back = true;
                    ctx.request_repaint();
                    None
                }
                // A plane that cannot be cut has no picture; the session says why on the view.
                Err(_) => None,
            },
        }
    }
}

/// What the CPU painted for a view.
#[derive(Default)]
struct CpuView {
    made_from: Option<(u64, Appearance)>,
    texture: Option<TextureHandle>,
}

fn paint_on_cpu(
    views: &mut Vec<CpuView>,
    ctx: &Context,
    view: &ViewSnapshot,
    look: &Appearance,
) -> Option<Painted> {
    let picture = view.picture.as_ref()?;
    while views.len() <= view.idx.0 {
        views.push(CpuView::default());
    }
    let held = views.get_mut(view.idx.0)?;
    let made_from = (picture.generation, look.clone());
    if held.made_from.as_ref() != Some(&made_from) {
        let colours = colours_of(&picture.picture, look);
        let bytes = colours.values.as_flattened();
        let image = ColorImage::from_rgba_unmultiplied([colours.width, colours.height], bytes);
        held.texture = Some(ctx.load_texture("view", image, TextureOptions::LINEAR));
        held.made_from = Some(made_from);
    }
    let id = held.texture.as_ref()?.id();
    Some(Painted {
        picture: Drawn::Egui(id),
        plane: picture.plane,
    })
}

/// What a target shows; equal ones need no drawing.
#[derive(Clone, Debug, PartialEq)]
enum Shown {
    /// The session's picture of this generation.
    Picture(u64, Appearance),
    /// A slice of a volume, under a plane.
    Slice(VolumeId, usize, ViewPlane, Interpolation, Appearance),
    /// A plane of a volume with this many slices uploaded.
    Plane(
        VolumeId,
        usize,
        ViewPlane,
        Interpolation,
        Option<Slab>,
        Appearance,
    ),
}

/// Which volume a picture is of. Its address alone would not tell: another patient's may come to lie at the same one once
/// it is gone, which the weak reference holds off.
#[derive(Clone, Debug)]
struct VolumeId(Weak<Volume>);

impl VolumeId {
    fn of(volume: &Arc<Volume>) -> Self {
        Self(Arc::downgrade(volume))
    }
}

impl PartialEq for VolumeId {
    fn eq(&self, other: &Self) -> bool {
        self.0.ptr_eq(&other.0)
    }
}

#[derive(Default)]
struct GpuView {
    shown: Option<Shown>,
    target: Option<Target>,
    /// The picture on the card and its generation.
    picture: Option<(u64, Source)>,
    /// The slice on the card: its volume and index.
    slice: Option<((VolumeId, usize), Source)>,
}

#[derive(Clone)]
enum Source {
    Grey(PictureTexture),
    Colour(ColourTexture),
}

struct GpuPainter {
    state: egui_wgpu::RenderState,
    kind: AdapterKind,
    blit_pass: Rc<BlitPass>,
    /// Made when the first picture asks for them.
    window_pass: OnceCell<WindowPass>,
    colour_pass: OnceCell<ColourPass>,
    reslice_pass: ReslicePass,
    volumes: Volumes,
    views: Vec<GpuView>,
}

impl GpuPainter {
    fn new(state: egui_wgpu::RenderState) -> Self {
        let kind = render::adapter_kind(&state.adapter.get_info());
        Self {
            kind,
            blit_pass: Rc::new(BlitPass::new(&state.device, state.target_format)),
            window_pass: OnceCell::new(),
            colour_pass: OnceCell::new(),
            reslice_pass: ReslicePass::new(FORMAT),
            volumes: Volumes::default(),
            views: Vec::new(),
            state,
        }
    }

    fn view(&mut self, idx: usize) -> Option<&mut GpuView> {
        while self.views.len() <= idx {
            self.views.push(GpuView::default());
        }
        self.views.get_mut(idx)
    }

    /// Paints the session's picture on the processor.
    fn upload_picture(&mut self, view: &ViewSnapshot, look: &Appearance) -> Option<Painted> {
        let picture = view.picture.as_ref()?;
        let state = self.state.clone();
        let held = self.view(view.idx.0)?;
        let shown = Shown::Picture(picture.generation, look.clone());
        if held.shown.as_ref() != Some(&shown) {
            let colours = colours_of(&picture.picture, look);
            upload(&mut held.target, &state, &colours).ok()?;
            held.shown = Some(shown);
        }
        Some(Painted {
            picture: Drawn::Card(held.target.as_ref().map(Target::view)?),
            plane: picture.plane,
        })
    }

    /// Puts the session's picture through the window.
    fn paint_picture(&mut self, view: &ViewSnapshot, look: &Appearance) -> Option<Painted> {
        let picture = view.picture.as_ref()?;
        let gpu = (self.state.device.clone(), self.state.queue.clone());
        let held = self.view(view.idx.0)?;
        if held
            .picture
            .as_ref()
            .is_none_or(|(generation, _)| *generation != picture.generation)
        {
            let source = match &picture.picture {
                PictureKind::Grey(grey) => {
                    Source::Grey(PictureTexture::new(&gpu.0, &gpu.1, (grey, None)).ok()?)
                }
                PictureKind::GreyUnderColours(grey, colours) => {
                    Source::Grey(PictureTexture::new(&gpu.0, &gpu.1, (grey, Some(colours))).ok()?)
                }
                PictureKind::Colour(colour) => {
                    Source::Colour(ColourTexture::new(&gpu.0, &gpu.1, colour).ok()?)
                }
            };
            held.picture = Some((picture.generation, source));
        }
        let source = held.picture.as_ref().map(|(_, source)| source.clone())?;
        let shown = Shown::Picture(picture.generation, look.clone());
        let size_px = match &picture.picture {
            PictureKind::Grey(grey) | PictureKind::GreyUnderColours(grey, _) => {
                [grey.width, grey.height]
            }
            PictureKind::Colour(colour) => [colour.width, colour.height],
        };
        let drawn = self.draw_source(
            view.idx.0,
            shown,
            &source,
            // It was made pixel by pixel for the screen.
            (&SliceView::native(size_px), Interpolation::Linear),
            look,
        )?;
        Some(Painted {
            picture: Drawn::Card(drawn),
            plane: picture.plane,
        })
    }

    /// Draws the volume itself.
    fn paint_volume(
        &mut self,
        view: &ViewSnapshot,
        look: &Appearance,
    ) -> Result<Option<Painted>, render::RenderError> {
        let (Some(volume), Some(plane)) = (&view.volume, view.plane) else {
            return Ok(None);
        };
        let drawn = match view.kind {
            ViewKind::Stack => self.draw_slice(view, volume, plane, look),
            ViewKind::Axial | ViewKind::Coronal | ViewKind::Sagittal | ViewKind::Mip => {
                self.draw_plane(view, volume, plane, look)?
            }
            ViewKind::Rendering => None,
        };
        Ok(drawn.map(|drawn| Painted {
            picture: Drawn::Card(drawn),
            plane,
        }))
    }

    fn draw_slice(
        &mut self,
        view: &ViewSnapshot,
        volume: &Arc<Volume>,
        plane: ViewPlane,
        look: &Appearance,
    ) -> Option<wgpu::TextureView> {
        let [slice_idx, _] = view.slice;
        let key = (VolumeId::of(volume), slice_idx);
        let slice_view = SliceView::of_plane(volume, slice_idx, &plane)?;
        let gpu = (self.state.device.clone(), self.state.queue.clone());
        let held = self.view(view.idx.0)?;
        if held.slice.as_ref().is_none_or(|(of, _)| *of != key) {
            let source = match (
                native_slice(volume, slice_idx),
                native_colour_slice(volume, slice_idx),
            ) {
                (Some(grey), _) => {
                    let native = SliceView::native([grey.width, grey.height]);
                    let colours = colour_layer(volume, slice_idx, &native);
                    let parts = (&grey, colours.as_ref());
                    Source::Grey(PictureTexture::new(&gpu.0, &gpu.1, parts).ok()?)
                }
                (None, Some(colour)) => {
                    Source::Colour(ColourTexture::new(&gpu.0, &gpu.1, &colour).ok()?)
                }
                // A hole, or a slice that is still on its way.
                (None, None) => return None,
            };
            held.slice = Some((key.clone(), source));
        }
        let source = held.slice.as_ref().map(|(_, source)| source.clone())?;
        let shown = Shown::Slice(key.0, key.1, plane, view.interpolation, look.clone());
        let how = (&slice_view, view.interpolation);
        self.draw_source(view.idx.0, shown, &source, how, look)
    }

    fn draw_plane(
        &mut self,
        view: &ViewSnapshot,
        volume: &Arc<Volume>,
        plane: ViewPlane,
        look: &Appearance,
    ) -> Result<Option<wgpu::TextureView>, render::RenderError> {
        let (device, queue) = (&self.state.device, &self.state.queue);
        let on_card = self.volumes.get(device, queue, volume)?;
        let shown = Shown::Plane(
            VolumeId::of(volume),
            on_card.n_uploaded(),
            plane,
            view.interpolation,
            view.slab,
            look.clone(),
        );
        let reslice = ResliceView {
            plane,
            interpolation: view.interpolation,
            slab: view.slab,
        };
        let is_shown = self
            .views
            .get(view.idx.0)
            .is_some_and(|held| held.shown.as_ref() == Some(&shown));
        let draw = if is_shown {
            None
        } else {
            Some(self.reslice_pass.prepare(
                (device, queue),
                (on_card, &volume.grid),
                &reslice,
                look,
            )?)
        };
        let state = self.state.clone();
        let Some(held) = self.view(view.idx.0) else {
            return Ok(None);
        };
        let target = Target::fit(&mut held.target, &state, plane.size_px)?;
        if let Some(draw) = draw {
            target.draw(&state, |pass| draw.draw(pass));
            held.shown = Some(shown);
        }
        Ok(held.target.as_ref().map(Target::view))
    }

    /// Draws a picture or slice into the view's target, unless it shows just that.
    fn draw_source(
        &mut self,
        idx: usize,
        shown: Shown,
        source: &Source,
        (slice_view, interpolation): (&SliceView, Interpolation),
        look: &Appearance,
    ) -> Option<wgpu::TextureView> {
        let state = self.state.clone();
        let gpu = (&state.device, &state.queue);
        let is_shown = self
            .views
            .get(idx)
            .is_some_and(|held| held.shown.as_ref() == Some(&shown));
        let draw = (!is_shown).then(|| match source {
            Source::Grey(picture) => {
                let make = || WindowPass::new(&state.device, FORMAT);
                let pass = self.window_pass.get_or_init(make);
                SourceDraw::Grey(pass.prepare(gpu, picture, slice_view, interpolation, look))
            }
            Source::Colour(picture) => {
                let make = || ColourPass::new(&state.device, FORMAT);
                let pass = self.colour_pass.get_or_init(make);
                SourceDraw::Colour(pass.prepare(
                    gpu,
                    picture,
                    slice_view,
                    interpolation,
                    look.outside,
                ))
            }
        });
        let held = self.view(idx)?;
        let target = Target::fit(&mut held.target, &state, slice_view.size_px).ok()?;
        if let Some(draw) = draw {
            target.draw(&state, |pass| match draw {
                SourceDraw::Grey(draw) => draw.draw(pass),
                SourceDraw::Colour(draw) => draw.draw(pass),
            });
            held.shown = Some(shown);
        }
        held.target.as_ref().map(Target::view)
    }
}

enum SourceDraw {
    Grey(WindowDraw),
    Colour(ColourDraw),
}

/// How a view looks. The hatch says that there is nothing; of slices that are still to come nobody knows yet.
fn appearance(view: &ViewSnapshot) -> Option<Appearance> {
    Some(Appearance {
        presentation: view.presentation.clone()?,
        outside: match view.loading {
            Some(_) if view.kind != ViewKind::Stack => Outside::Black,
            Some(_) | None => Outside::Hatched,
        },
    })
}
