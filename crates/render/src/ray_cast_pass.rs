use std::sync::OnceLock;

use space::{Grid, PatientVector};
use volume::{Occupancy, RayCastView, ResliceError, TransferTable};
use wgpu::{TextureSampleType, TextureViewDimension};

use crate::gpu_types::{LIGHT_TABLE_WIDTH, RayCast};
use crate::pipeline::{Bound, LOADED, Pipeline, TextureSlot, filled_texture_2d};
use crate::volume_texture::VoxelFormat;
use crate::{RenderError, VolumeTexture, shader};

/// What a transfer function makes of a volume, on the card: its table, and how far each place is from what shows. It holds
/// for every direction, and as long as volume, function and step stay.
#[derive(Clone, Debug)]
pub struct LightTextures {
    table: TransferTable,
    step_mm: f64,
    entries: wgpu::TextureView,
    distances: wgpu::TextureView,
    n_rooms: [i32; 4],
}

impl LightTextures {
    /// Puts the function of a view and the empty places of a volume on the card.
    ///
    /// # Errors
    /// When the grid does not span space, or the volume is longer than the device's textures allow.
    pub fn new(
        (device, queue): (&wgpu::Device, &wgpu::Queue),
        (occupancy, grid): (&Occupancy, &Grid),
        view: &RayCastView,
    ) -> Result<Self, RenderError> {
        let step_mm = view.step.mm(grid).ok_or(ResliceError::DegenerateGrid)?;
        let table = TransferTable::new(view.transfer, step_mm);
        let size = [LIGHT_TABLE_WIDTH; 2];
        let bytes = bytemuck::cast_slice(table.entries());
        let format = wgpu::TextureFormat::Rgba32Float;
        let entries = filled_texture_2d(device, queue, "light", format, (size, bytes));
        let bricks = occupancy.visible(&table);
        let [x, y, z] = bricks.n_bricks();
        let side_limit = device.limits().max_texture_dimension_3d;
        let longest = x.max(y).max(z);
        if !u32::try_from(longest).is_ok_and(|n| n <= side_limit) {
            return Err(RenderError::TooLarge {
                width: x,
                height: y,
                depth: z,
                n_bytes: bricks.distances().len() as u64,
                side_limit,
                budget_bytes: u64::from(u32::MAX),
            });
        }
        Ok(Self {
            entries: entries.create_view(&Default::default()),
            distances: distances(
                device,
                queue,
                [x, y, z].map(|n| n as u32),
                bricks.distances(),
            ),
            n_rooms: [x, y, z, volume::VisibleBricks::BRICK_CELLS].map(|n| n as i32),
            table,
            step_mm,
        })
    }
}

fn distances(
    device: &wgpu::Device,
    queue: &wgpu::Queue,
    [width, height, depth_or_array_layers]: [u32; 3],
    bytes: &[u8],
) -> wgpu::TextureView {
    let size = wgpu::Extent3d {
        width,
        height,
        depth_or_array_layers,
    };
    let texture = device.create_texture(&wgpu::TextureDescriptor {
        label: Some("empty places"),
        size,
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D3,
        format: wgpu::TextureFormat::R8Uint,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    });
    let layout = wgpu::TexelCopyBufferLayout {
        offset: 0,
        bytes_per_row: Some(width),
        rows_per_image: Some(height),
    };
    queue.write_texture(texture.as_image_copy(), bytes, layout, size);
    texture.create_view(&Default::default())
}

/// Draws a volume as light through it, over black. Its twin is `volume::ray_cast`.
#[derive(Debug)]
pub struct RayCastPass {
    target: wgpu::TextureFormat,
    /// One pipeline for each voxel format, made on first use.
    sint: OnceLock<Pipeline>,
    uint: OnceLock<Pipeline>,
    float: OnceLock<Pipeline>,
}

/// One prepared drawing of a [`RayCastPass`].
#[derive(Clone, Debug)]
pub struct RayCastDraw(Bound);

impl RayCastPass {
    /// Makes the pass for targets of a format.
    pub fn new(target: wgpu::TextureFormat) -> Self {
        Self {
            target,
            sint: OnceLock::new(),
            uint: OnceLock::new(),
            float: OnceLock::new(),
        }
    }

    /// Prepares a drawing of a volume whose voxels lie on `grid`; `textures` are those of the view's function and step.
    ///
    /// # Errors
    /// When the plane or the grid is none that light goes through; the twin refuses the same.
    pub fn prepare(
        &self,
        (device, queue): (&wgpu::Device, &wgpu::Queue),
        (volume, grid): (&VolumeTexture, &Grid),
        (view, textures): (&RayCastView, &LightTextures),
    ) -> Result<RayCastDraw, RenderError> {
        let uniforms = uniforms(volume, grid, view, textures)?;
        let pipeline = self.pipeline(device, volume.format);
        let bound = [
            &volume.voxels,
            &textures.entries,
            &volume.slices,
            &textures.distances,
        ];
        let group = pipeline.bind(device, queue, bytemuck::bytes_of(&uniforms), &bound);
        Ok(RayCastDraw(Bound {
            pipeline: pipeline.pipeline.clone(),
            group,
        }))
    }

    fn pipeline(&self, device: &wgpu::Device, format: VoxelFormat) -> &Pipeline {
        let (cell, label, source, sample_type) = match format {
            VoxelFormat::Sint => (
                &self.sint,
                "ray cast pass, signed",
                shader::RAY_CAST_SINT,
                TextureSampleType::Sint,
            ),
            VoxelFormat::Uint => (
                &self.uint,
                "ray cast pass, unsigned",
                shader::RAY_CAST_UINT,
                TextureSampleType::Uint,
            ),
            VoxelFormat::Float => (
                &self.float,
                "ray cast pass, float",
                shader::RAY_CAST_FLOAT,
                LOADED,
            ),
        };
        let slot = |sample_type, dimension| TextureSlot {
            sample_type,
            dimension,
        };
        let slots = [
            slot(sample_type, TextureViewDimension::D3),
            slot(LOADED, TextureViewDimension::D2),
            slot(LOADED, TextureViewDimension::D2),
            slot(TextureSampleType::Uint, TextureViewDimension::D3),
        ];
        cell.get_or_init(|| Pipeline::new(device, label, source, &slots, self.target))
    }
}

impl RayCastDraw {
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
    view: &RayCastView,
    textures: &LightTextures,
) -> Result<RayCast, RenderError> {
    let plane = &view.plane;
    if !plane.centre.is_finite() || !plane.mm_per_pixel.is_finite() || plane.mm_per_pixel <= 0.0 {
        return Err(ResliceError::BadPlane.into());
    }
    let rows = grid
        .patient_from_voxel()
        .inverse_rows()
        .ok_or(ResliceError::DegenerateGrid)?;
    if grid.size.iter().any(|n| *n < 2) {
        return Err(ResliceError::DegenerateGrid.into());
    }
    // Geometry is 64-bit up to here, the last step before the GPU.
    let narrow = |[x, y, z]: [f64; 3]| [x as f32, y as f32, z as f32, 0.0];
    let in_voxels = |v: PatientVector| narrow(rows.map(|row| row.dot(v)));
    let frame = &plane.frame;
    // The lamp stands above the viewer's left shoulder.
    let to_eye = -frame.away;
    let to_lamp = (to_eye + frame.up * 0.45 - frame.right() * 0.35)
        .unit()
        .unwrap_or(to_eye);
    let half_way = (to_lamp + to_eye).unit().unwrap_or(to_eye);
    let bounds = view.crop.in_voxels(grid.size);
    let shading = &textures.table.shading;
    let [first_value, per_value] = textures.table.scale();
    let uniform_rescale = volume.uniform_rescale();
    Ok(RayCast {
        centre: in_voxels(plane.centre - grid.origin),
        right: in_voxels(frame.right() * plane.mm_per_pixel),
        down: in_voxels(-(frame.up * plane.mm_per_pixel)),
        per_step: in_voxels(frame.away * textures.step_mm),
        low: narrow(bounds.map(|[low, _]| low)),
        high: narrow(bounds.map(|[_, high]| high)),
        to_lamp: narrow(to_lamp.to_array()),
        half_way: narrow(half_way.to_array()),
        row_i: narrow(rows[0].to_array()),
        row_j: narrow(rows[1].to_array()),
        row_k: narrow(rows[2].to_array()),
        shading: [
            shading.ambient,
            shading.diffuse,
            shading.specular,
            shading.shininess,
        ],
        size_px: plane.size_px.map(|n| n as f32),
        rescale: uniform_rescale.unwrap_or([1.0, 0.0]),
        first_value,
        per_value,
        surface_per_mm: textures.table.surface_per_mm(),
        per_slice: u32::from(uniform_rescale.is_none()),
        excluded: volume.excluded,
        size: four(volume.bricks.size),
        brick: four(volume.bricks.brick),
        n_bricks: four(volume.bricks.n_bricks),
        n_in_texture: four(volume.bricks.n_in_texture),
        n_rooms: textures.n_rooms,
    })
}
