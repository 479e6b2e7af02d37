//! A chest that a reader recognises as one, described by solids with known places.

pub(crate) mod belly;
mod body;
pub(crate) mod canvas;
pub(crate) mod lung;
mod mediastinum;
mod outline;
pub(crate) mod shape;
pub(crate) mod skeleton;
mod texture;
mod tree;
mod wall;

pub(crate) use body::{Body, Effusion, Sex};
pub(crate) use outline::{VERTEBRAE, cage, diaphragm_height, spine_y};
pub(crate) use skeleton::RibBreak;
