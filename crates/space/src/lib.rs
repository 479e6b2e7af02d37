//! Patient space in millimetres: points, planes, grids and measuring.
//!
//! Coordinates are DICOM's patient-based system, LPS: x grows to the patient's Left, y to the Posterior, z to the
//! Superior end (PS3.3 C.7.6.2.1.1). Everything is `f64`.
//!
//! This crate must never know: files, DICOM data sets, voxels, screens, egui or wgpu.
//! Entry types: [`PatientPoint`], [`Grid`], [`ViewPlane`].

mod affine;
mod bidirectional;
mod cardiothoracic;
mod contours;
mod grid;
mod letters;
mod measure;
mod plane;
mod point;
mod polygon;
mod region;
mod stated;

pub use affine::Affine;
pub use bidirectional::{Bidirectional, acute_angle_deg, directed_angle_deg};
pub use cardiothoracic::CardiothoracicWidths;
pub use contours::{ContourError, ContourVolume, MAX_CONTOUR_PLANES, contour_volume};
pub use grid::Grid;
pub use letters::{EdgeLetters, direction_letters, edge_letters};
pub use measure::{Ellipse, angle_deg, distance_mm, path_length_mm};
pub use plane::{Orientation, PlaneFrame, ViewPlane};
pub use point::{PatientPoint, PatientVector};
pub use polygon::Polygon;
pub use region::{FlatRegion, Rectangle, RegionRow};
pub use stated::StatedDirections;
