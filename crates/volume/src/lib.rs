//! Voxels and everything that is computed from them: modality and VOI LUT, sampling, reslice, slab, statistics.
//!
//! This is the CPU reference of every picture and the only source of every number a reader may quote. All sampling
//! is in `f64`, in modality units (HU, or stored units where nothing else is known).
//!
//! This crate must never know: files, DICOM data sets, wgpu, the case.
//! Entry type: [`Volume`].

mod modality;
mod presentation;
mod values;
mod voi;
mod volume;
mod voxels;

pub use modality::{ModalityLut, Rescale};
pub use presentation::{DefaultPresentation, Invert, PRESETS, Presentation, Preset, WindowOrigin};
pub use voi::{Voi, VoiError, VoiFunction};
pub use volume::{GeometryKind, Placement, SmallValues, SpacingSource, ValueUnit, Volume};
pub use voxels::{FillError, Planes, SliceVoxels, Stored, Voxels};
