use std::sync::OnceLock;

use space::{Grid, PatientVector, ViewPlane};
use volume::{Interpolation, ResliceError, Slab, SlabMode};
use wgpu::{TextureSampleType, TextureViewDimension};

use crate::gpu_types::{Grey, Reslice, interpolation_code, mode_code};
use crate::pipeline::{Bound, LOADED, Pipeline, TextureSlot};
use crate::table_texture::table_texture;
use crate::volume_texture::VoxelFormat;
use crate::{Appearance, RenderError, VolumeTexture, shader};

/// Which part of a volume to draw, and how it is sampled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ResliceView {
    /// The plane of the picture; its size is that of the viewport.
    pub plane: ViewPlane,
    /// How values between voxel centres are found.
    pub interpolation: Interpolation,
    /// A slab about the plane; `None` is the plane itself.
    pub slab: Option<Slab>,
}

/// Draws a plane or slab of a volume through a window, in one pass. Its twin is `volume::reslice` and `volume::paint`.
#[derive(Debug)]
pub struct ReslicePass {
    target: wgpu::TextureFormat,
    /// One pipeline for each voxel format, made on first use.
    sint: OnceLock<Pipeline>,
    uint: OnceLock<Pipeline>,
    float: OnceLock<Pipeline>,
}

/// One prepared drawing of a [`ReslicePass`].
#[derive(Clone, Debug)]
pub struct ResliceDraw(Bound);

impl ReslicePass {
    /// Makes the pass for targets of a format.
    pub fn new(target: wgpu::TextureFormat) -> Self {
        Self {
            target,
            sint: OnceLock::new(),
            uint: OnceLock::new(),
            float: OnceLock::new(),
        }
    }

    /// Prepares a drawing of a volume whose voxels lie on `grid`.
    ///
    /// # Errors
    /// When the plane, the slab or the grid cannot be resliced; the twin refuses the same.
    pub fn prepare(
        &self,
        (device, queue): (&wgpu::Device, &wgpu::Queue),
        (volume, grid): (&VolumeTexture, &Grid),
        view: &ResliceView,
        appearance: &Appearance,
    ) -> Result<ResliceDraw, RenderError> {
        let grey = Grey::new(&appearance.presentation, appearance.outside);
        let uniforms = uniforms(volume, grid, view, grey)?;
        let table = table_texture(device, queue, &appearance.presentation);
        let pipeline = self.pipeline(device, volume.format);
        let textures = [&volume.voxels, &table, &volume.slices];
        let group = pipeline.bind(device, queue, bytemuck::bytes_of(&uniforms), &textures);
        Ok(ResliceDraw(Bound {
            pipeline: pipeline.pipeline.clone(),
            group,
        }))
    }

    fn pipeline(&self, device: &wgpu::Device, format: VoxelFormat) -> &Pipeline {
        let (cell, label, source, sample_type) = match format {
            VoxelFormat::Sint => (
                &self.sint,
                "reslice pass, signed",
                shader::RESLICE_SINT,
                TextureSampleType::Sint,
            ),
            VoxelFormat::Uint => (
                &self.uint,
                "reslice pass, unsigned",
                shader::RESLICE_UINT,
                TextureSampleType::Uint,
            ),
            VoxelFormat::Float => (
                &self.float,
                "reslice pass, float",
                shader::RESLICE_FLOAT,
                LOADED,
            ),
        };
        let flat = TextureSlot {
            sample_type: LOADED,
            dimension: TextureViewDimension::D2,
        };
        let voxels = TextureSlot {
            sample_type,
            dimension: TextureViewDimension::D3,
        };
        cell.get_or_init(|| {
            Pipeline::new(device, label, source, &[voxels, flat, flat], self.target)
        })
    }
}

impl ResliceDraw {
    /// Draws into the viewport that is set, which must have the size of the plane.
    pub fn draw(&self, pass: &mut wgpu::RenderPass<'_>) {
        self.0.draw(pass);
    }
}

/// Numbers of voxels as the shader takes them; none is above a texture's side or a slice's number.
fn four([x, y, z]: [u32; 3]) -> [i32; 4] {
    [x, y, z, 0].map(|n| i32::try_from(n).unwrap_or(i32::MAX))
}

fn uniforms(
    volume: &VolumeTexture,
    grid: &Grid,
    view: &ResliceView,
    grey: Grey,
) -> Result<Reslice, RenderError> {
    let ResliceView {
        plane,
        interpolation,
        slab,
    } = view;
    if !plane.centre.is_finite() || !plane.mm_per_pixel.is_finite() || plane.mm_per_pixel <= 0.0 {
        return Err(ResliceError::BadPlane.into());
    }
    let rows = grid
        .patient_from_voxel()
        .inverse_rows()
        .ok_or(ResliceError::DegenerateGrid)?;
    // Geometry is 64-bit up to here, the last step before the GPU.
    let in_voxels = |v: PatientVector| -> [f32; 4] {
        let [x, y, z] = rows.map(|row| row.dot(v) as f32);
        [x, y, z, 0.0]
    };
    let layers_mm = match slab {
        Some(slab) => slab.layers_mm(grid)?,
        None => vec![0.0],
    };
    let layer_mm = match layers_mm.as_slice() {
        [first, second, ..] => second - first,
        _ => 0.0,
    };
    let uniform_rescale = volume.uniform_rescale();
    Ok(Reslice {
        grey,
        centre: in_voxels(plane.centre - grid.origin),
        right: in_voxels(plane.frame.right() * plane.mm_per_pixel),
        down: in_voxels(-(plane.frame.up * plane.mm_per_pixel)),
        layer: in_voxels(plane.frame.away * layer_mm),
        size_px: plane.size_px.map(|n| n as f32),
        rescale: uniform_rescale.unwrap_or([1.0, 0.0]),
        n_layers: layers_mm.len() as u32,
        mode: mode_code(slab.map_or(SlabMode::Mean, |s| s.mode)),
        interpolation: interpolation_code(*interpolation),
        per_slice: u32::from(uniform_rescale.is_none()),
        excluded: volume.excluded,
        size: four(volume.bricks.size),
        brick: four(volume.bricks.brick),
        n_bricks: four(volume.bricks.n_bricks),
        n_in_texture: four(volume.bricks.n_in_texture),
    })
}
