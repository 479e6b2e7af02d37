//! The uniforms as the shaders see them. A test holds every offset against the shader compiler.

use bytemuck::{Pod, Zeroable};
use volume::{Interpolation, Invert, Outside, Presentation, SlabMode, SliceView, Voi, VoiFunction};

use crate::table_texture::palette_row;

/// Samples this close to an edge or a slice lie on it: 32-bit coordinates of a large volume are not better.
#[cfg(test)]
pub(crate) const EDGE_TOLERANCE_VOXELS: f32 = 1e-4;
/// Entries in a row of a table texture.
pub(crate) const TABLE_WIDTH: u32 = 256;

/// Entries in a row of the texture of a transfer table, and rows.
pub(crate) const LIGHT_TABLE_WIDTH: u32 = 64;
/// Light that gets through is not worth following below this share.
#[cfg(test)]
pub(crate) const DARK: f32 = 0.01;
/// Part of a step by which a leap over what is empty ends early.
#[cfg(test)]
pub(crate) const LEAP_MARGIN_STEPS: f32 = 0.002;

pub(crate) const FUNCTION_LINEAR: u32 = 0;
pub(crate) const FUNCTION_LINEAR_EXACT: u32 = 1;
pub(crate) const FUNCTION_SIGMOID: u32 = 2;
pub(crate) const FUNCTION_TABLE: u32 = 3;

pub(crate) const INTERPOLATION_NEAREST: u32 = 0;
pub(crate) const INTERPOLATION_LINEAR: u32 = 1;
pub(crate) const INTERPOLATION_CUBIC: u32 = 2;

pub(crate) const MODE_MEAN: u32 = 0;
pub(crate) const MODE_MIP: u32 = 1;
pub(crate) const MODE_MIN_IP: u32 = 2;

/// Values to grey.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub(crate) struct Grey {
    pub center: f32,
    pub width: f32,
    pub function_code: u32,
    pub inverted: u32,
    pub table_first: f32,
    pub table_last: f32,
    pub hatched: u32,
    /// Row of the table texture where the colours of the levels begin; 0: grey.
    pub palette_row: u32,
}

/// A windowed picture.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub(crate) struct Window {
    pub grey: Grey,
    pub at_first_pixel: [f32; 2],
    pub per_column: [f32; 2],
    pub per_row: [f32; 2],
    pub size_px: [f32; 2],
    pub interpolation: u32,
    pub reserved: u32,
}

/// A colour picture.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub(crate) struct Colour {
    pub at_first_pixel: [f32; 2],
    pub per_column: [f32; 2],
    pub per_row: [f32; 2],
    pub size_px: [f32; 2],
    pub interpolation: u32,
    pub hatched: u32,
    pub reserved: [u32; 2],
}

/// A reslice.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub(crate) struct Reslice {
    pub grey: Grey,
    pub centre: [f32; 4],
    pub right: [f32; 4],
    pub down: [f32; 4],
    pub layer: [f32; 4],
    pub size_px: [f32; 2],
    pub rescale: [f32; 2],
    pub n_layers: u32,
    pub mode: u32,
    pub interpolation: u32,
    pub per_slice: u32,
    pub excluded: [f32; 4],
    pub size: [i32; 4],
    pub brick: [i32; 4],
    pub n_bricks: [i32; 4],
    pub n_in_texture: [i32; 4],
}

/// Light through a volume.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub(crate) struct RayCast {
    pub centre: [f32; 4],
    pub right: [f32; 4],
    pub down: [f32; 4],
    pub per_step: [f32; 4],
    pub low: [f32; 4],
    pub high: [f32; 4],
    pub to_lamp: [f32; 4],
    pub half_way: [f32; 4],
    pub row_i: [f32; 4],
    pub row_j: [f32; 4],
    pub row_k: [f32; 4],
    pub shading: [f32; 4],
    pub size_px: [f32; 2],
    pub rescale: [f32; 2],
    pub first_value: f32,
    pub per_value: f32,
    pub surface_per_mm: f32,
    pub per_slice: u32,
    pub excluded: [f32; 4],
    pub size: [i32; 4],
    pub brick: [i32; 4],
    pub n_bricks: [i32; 4],
    pub n_in_texture: [i32; 4],
    pub n_rooms: [i32; 4],
}

impl Grey {
    pub fn new(presentation: &Presentation, outside: Outside) -> Self {
        let (center, width) = presentation.voi.center_width();
        let (function_code, table_first, table_last) = match &presentation.voi {
            Voi::Window {
                function: VoiFunction::Linear,
                ..
            } => (FUNCTION_LINEAR, 0.0, 0.0),
            Voi::Window {
                function: VoiFunction::LinearExact,
                ..
            } => (FUNCTION_LINEAR_EXACT, 0.0, 0.0),
            Voi::Window {
                function: VoiFunction::Sigmoid,
                ..
            } => (FUNCTION_SIGMOID, 0.0, 0.0),
            Voi::Table {
                first_value,
                entries,
                ..
            } => (
                FUNCTION_TABLE,
                *first_value as f32,
                entries.len().saturating_sub(1) as f32,
            ),
        };
        Self {
            center: center as f32,
            width: width as f32,
            function_code,
            inverted: u32::from(presentation.invert == Invert::Yes),
            table_first,
            table_last,
            hatched: hatched(outside),
            palette_row: palette_row(presentation),
        }
    }
}

impl Window {
    pub fn new(grey: Grey, view: &SliceView, interpolation: Interpolation) -> Self {
        Self {
            grey,
            at_first_pixel: view.at_first_pixel.map(|c| c as f32),
            per_column: view.per_column.map(|c| c as f32),
            per_row: view.per_row.map(|c| c as f32),
            size_px: view.size_px.map(|n| n as f32),
            interpolation: interpolation_code(interpolation),
            reserved: 0,
        }
    }
}

impl Colour {
    pub fn new(view: &SliceView, interpolation: Interpolation, outside: Outside) -> Self {
        Self {
            at_first_pixel: view.at_first_pixel.map(|c| c as f32),
            per_column: view.per_column.map(|c| c as f32),
            per_row: view.per_row.map(|c| c as f32),
            size_px: view.size_px.map(|n| n as f32),
            interpolation: interpolation_code(interpolation),
            hatched: hatched(outside),
            reserved: [0; 2],
        }
    }
}

fn hatched(outside: Outside) -> u32 {
    match outside {
        Outside::Black => 0,
        Outside::Hatched => 1,
    }
}

pub(crate) fn interpolation_code(interpolation: Interpolation) -> u32 {
    match interpolation {
        Interpolation::Nearest => INTERPOLATION_NEAREST,
        Interpolation::Linear => INTERPOLATION_LINEAR,
        Interpolation::Cubic => INTERPOLATION_CUBIC,
    }
}

pub(crate) fn mode_code(mode: SlabMode) -> u32 {
    match mode {
        SlabMode::Mean => MODE_MEAN,
        SlabMode::Mip => MODE_MIP,
        SlabMode::MinIp => MODE_MIN_IP,
    }
}
