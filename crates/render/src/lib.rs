//! GPU passes that draw pictures: windowed slices, reslices of volumes, light through them, and colour.
//!
//! Every pass has its twin on the CPU in `volume`, is held against it by a test, and draws at most one grey level
//! away from it. No number that a reader may quote comes from here. Passes only need a `wgpu` device, a queue and a
//! render pass whose viewport is set to the place of the picture, so that a window or an off-screen target may call them.
//!
//! This crate must never know: the case, series and files, egui, what a finding is.
//! Entry types: [`Gpu`], [`WindowPass`], [`ReslicePass`], [`RayCastPass`], [`ColourPass`].

mod bricks;
mod colour_pass;
mod error;
mod gpu;
mod gpu_types;
mod off_screen;
mod pipeline;
mod ray_cast_pass;
mod reslice_pass;
mod shader;
mod table_texture;
mod volume_texture;
mod window_pass;

pub use colour_pass::{ColourDraw, ColourPass, ColourTexture};
pub use error::RenderError;
pub use gpu::{AdapterKind, Gpu, adapter_kind, device_descriptor};
pub use ray_cast_pass::{LightTextures, RayCastDraw, RayCastPass};
pub use reslice_pass::{ResliceDraw, ReslicePass, ResliceView};
pub use volume_texture::{VolumeTexture, voxel_texture_bytes};
pub use window_pass::{Appearance, PictureTexture, WindowDraw, WindowPass};
