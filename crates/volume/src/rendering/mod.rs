//! Volume rendering: light through a volume to a picture. A picture only; no number is read off it but the place of a
//! surface, which is found in 64 bits.

mod cast;
mod crop;
mod field;
mod march;
mod occupancy;
mod preset;
mod rays;
mod shade;
#[cfg(test)]
mod testing;
mod transfer;

pub use cast::{RayCastView, SampleStep, ray_cast, surface_point};
pub use crop::CropBox;
pub use occupancy::{Occupancy, VisibleBricks};
pub use preset::RenderingPreset;
pub use transfer::{Shading, TransferFunction, TransferPoint, TransferTable};
