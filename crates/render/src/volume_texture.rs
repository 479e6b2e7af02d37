use volume::{GeometryKind, ModalityLut, ResliceError, Stored, Volume, Voxels, native_slice};

use crate::RenderError;
use crate::bricks::Bricks;
use crate::pipeline::filled_texture_2d;

/// How voxels are held on the GPU. Integers of 8 and 16 bit stay exact; the rest is held in 32-bit float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VoxelFormat {
    Sint,
    Uint,
    Float,
}

/// Ranges of stored values without meaning that the shader looks for itself. Where there are more, where each slice has
/// its own, and in 32-bit float, which holds modality values, voxels that do not count are uploaded as minus infinity.
const MAX_EXCLUDED: usize = 2;

/// A range that no value is in.
const NOTHING: [f32; 2] = [1.0, -1.0];

impl VoxelFormat {
    fn of(volume: &Volume) -> Result<Self, RenderError> {
        // A table is applied before the upload, because values between two of its entries mean nothing.
        if let ModalityLut::Table { .. } = volume.modality_lut {
            return Ok(Self::Float);
        }
        let meaning = &volume.meaning;
        let is_marked = MAX_EXCLUDED < meaning.excluded.len() || !meaning.slice_padding.is_empty();
        match volume.voxels.stored() {
            Stored::Rgb8 | Stored::Rgb16 => Err(ResliceError::Colour.into()),
            _ if is_marked => Ok(Self::Float),
            Stored::I8 | Stored::I16 => Ok(Self::Sint),
            Stored::U8 | Stored::U16 => Ok(Self::Uint),
            Stored::U32 | Stored::I32 | Stored::F32 | Stored::F64 => Ok(Self::Float),
        }
    }

    fn texture_format(self) -> wgpu::TextureFormat {
        match self {
            Self::Sint => wgpu::TextureFormat::R16Sint,
            Self::Uint => wgpu::TextureFormat::R16Uint,
            Self::Float => wgpu::TextureFormat::R32Float,
        }
    }

    fn n_bytes(self) -> u64 {
        match self {
            Self::Sint | Self::Uint => 2,
            Self::Float => 4,
        }
    }
}

/// Bytes that a volume would take on the GPU.
///
/// # Errors
/// For colour, which is never held as a volume.
pub fn voxel_texture_bytes(volume: &Volume) -> Result<u64, RenderError> {
    let format = VoxelFormat::of(volume)?;
    Ok(volume
        .grid
        .size
        .iter()
        .fold(format.n_bytes(), |bytes, n| bytes.saturating_mul(*n as u64)))
}

/// A volume on the GPU, filled slice by slice as slices get decoded. Slices not yet here are drawn as holes.
#[derive(Debug)]
pub struct VolumeTexture {
    texture: wgpu::Texture,
    pub(crate) voxels: wgpu::TextureView,
    pub(crate) slices: wgpu::TextureView,
    pub(crate) format: VoxelFormat,
    pub(crate) bricks: Bricks,
    /// Two ranges of texels that do not count, both ends included.
    pub(crate) excluded: [f32; 4],
    /// Slope, intercept and presence of each slice, with one spare number.
    slice_facts: Vec<[f32; 4]>,
    uploaded: Vec<bool>,
}

impl VolumeTexture {
    /// Makes an empty texture for a volume; one that is longer than the device's longest side lies in it in bricks.
    ///
    /// # Errors
    /// When the volume cannot be resliced, or the texture exceeds `budget_bytes` or a limit of the device.
    pub fn new(
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        volume: &Volume,
        budget_bytes: u64,
    ) -> Result<Self, RenderError> {
        let side_limit = device.limits().max_texture_dimension_3d;
        Self::within((device, queue), volume, budget_bytes, side_limit)
    }

    /// The same under a longest side of `side_limit` texels, at most the device's.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn within(
        (device, queue): (&wgpu::Device, &wgpu::Queue),
        volume: &Volume,
        budget_bytes: u64,
        side_limit: u32,
    ) -> Result<Self, RenderError> {
        if volume.kind != GeometryKind::Volume {
            return Err(ResliceError::NotAVolume { kind: volume.kind }.into());
        }
        let format = VoxelFormat::of(volume)?;
        let side_limit = side_limit.min(device.limits().max_texture_dimension_3d);
        let [width, height, depth] = volume.grid.size;
        let sides = [width, height, depth].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
        if sides.contains(&0) {
            return Err(ResliceError::DegenerateGrid.into());
        }
        let bricks = Bricks::new(sides, side_limit);
        // Bricks that are filled in part take room as well.
        let n_bytes = match &bricks {
            Some(bricks) => bricks
                .texture_size()
                .iter()
                .fold(format.n_bytes(), |bytes, n| {
                    bytes.saturating_mul(u64::from(*n))
                }),
            None => voxel_texture_bytes(volume)?,
        };
        let Some(bricks) = bricks.filter(|_| n_bytes <= budget_bytes) else {
            return Err(RenderError::TooLarge {
                width,
                height,
                depth,
                n_bytes,
                side_limit,
                budget_bytes,
            });
        };
        let texels = bricks.texture_size();
        let texture = device.create_texture(&wgpu::TextureDescriptor {
            label: Some("voxels"),
            size: wgpu::Extent3d {
                width: texels[0],
                height: texels[1],
                depth_or_array_layers: texels[2],
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D3,
            format: format.texture_format(),
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
        let slice_facts = vec![[0.0; 4]; depth];
        let slices = slices_texture(device, queue, &slice_facts);
        let voxels = texture.create_view(&Default::default());
        Ok(Self {
            texture,
            voxels,
            slices,
            format,
            bricks,
            excluded: excluded(volume, format),
            slice_facts,
            uploaded: vec![false; depth],
        })
    }

    /// Uploads up to `max_slices` slices that were decoded since the last time; gives how many.
    pub fn upload(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        volume: &Volume,
        max_slices: usize,
    ) -> usize {
        let waiting: Vec<usize> = (0..self.uploaded.len())
            .filter(|k| !self.uploaded[*k] && volume.voxels.is_filled(*k))
            .take(max_slices)
            .collect();
        let mut n_uploaded = 0;
        for slice_idx in waiting {
            let write = |bytes: &[u8]| self.write(queue, slice_idx, bytes);
            if !self.with_slice_bytes(volume, slice_idx, write) {
                continue;
            }
            let rescale = match self.format {
                VoxelFormat::Float => [1.0, 0.0],
                VoxelFormat::Sint | VoxelFormat::Uint => {
                    match volume.modality_lut.rescale(slice_idx) {
                        Some(r) => [r.slope as f32, r.intercept as f32],
                        None => continue,
                    }
                }
            };
            self.slice_facts[slice_idx] = [rescale[0], rescale[1], 1.0, 0.0];
            self.uploaded[slice_idx] = true;
            n_uploaded += 1;
        }
        if 0 < n_uploaded {
            self.slices = slices_texture(device, queue, &self.slice_facts);
        }
        n_uploaded
    }

    /// Number of slices that are here.
    pub fn n_uploaded(&self) -> usize {
        self.uploaded.iter().filter(|here| **here).count()
    }

    /// Is every slice here?
    pub fn is_complete(&self) -> bool {
        self.uploaded.iter().all(|here| *here)
    }

    /// The slope and intercept of every slice, when all are here and share it.
    pub(crate) fn uniform_rescale(&self) -> Option<[f32; 2]> {
        let [slope, intercept, ..] = *self.slice_facts.first()?;
        let same = |facts: &[f32; 4]| *facts == [slope, intercept, 1.0, 0.0];
        self.slice_facts
            .iter()
            .all(same)
            .then_some([slope, intercept])
    }

    /// Gives the texels of a slice to `take`; `false` where the volume has none, or fewer than the grid says.
    fn with_slice_bytes(
        &self,
        volume: &Volume,
        slice_idx: usize,
        take: impl FnOnce(&[u8]),
    ) -> bool {
        let [width, height] = volume.slice_size();
        let n_bytes = width as u64 * height as u64 * self.format.n_bytes();
        let give = |bytes: &[u8]| {
            let is_whole = bytes.len() as u64 == n_bytes;
            if is_whole {
                take(bytes);
            }
            is_whole
        };
        let given = match (&volume.voxels, self.format) {
            (Voxels::I16(planes), VoxelFormat::Sint) => planes
                .slice(slice_idx)
                .map(|plane| give(bytemuck::cast_slice(&plane))),
            (Voxels::U16(planes), VoxelFormat::Uint) => planes
                .slice(slice_idx)
                .map(|plane| give(bytemuck::cast_slice(&plane))),
            (Voxels::I8(planes), VoxelFormat::Sint) => planes.slice(slice_idx).map(|plane| {
                let wide: Vec<i16> = plane.iter().map(|v| i16::from(*v)).collect();
                give(bytemuck::cast_slice(&wide))
            }),
            (Voxels::U8(planes), VoxelFormat::Uint) => planes.slice(slice_idx).map(|plane| {
                let wide: Vec<u16> = plane.iter().map(|v| u16::from(*v)).collect();
                give(bytemuck::cast_slice(&wide))
            }),
            _ => native_slice(volume, slice_idx)
                .map(|picture| give(bytemuck::cast_slice(&picture.values))),
        };
        given.unwrap_or(false)
    }

    fn write(&self, queue: &wgpu::Queue, slice_idx: usize, bytes: &[u8]) {
        let [width, height, _] = self.bricks.size;
        // Below the limits that the bricks kept, so the cast loses nothing.
        for part in self.bricks.parts(slice_idx as u32) {
            let [x, y, z] = part.to;
            let first = u64::from(part.from[1]) * u64::from(width) + u64::from(part.from[0]);
            queue.write_texture(
                wgpu::TexelCopyTextureInfo {
                    origin: wgpu::Origin3d { x, y, z },
                    ..self.texture.as_image_copy()
                },
                bytes,
                wgpu::TexelCopyBufferLayout {
                    offset: first * self.format.n_bytes(),
                    bytes_per_row: Some(width * self.format.n_bytes() as u32),
                    rows_per_image: Some(height),
                },
                wgpu::Extent3d {
                    width: part.size[0],
                    height: part.size[1],
                    depth_or_array_layers: 1,
                },
            );
        }
    }
}

/// The ranges for the shader, which compares texels: in integer formats these are the stored values, all exact in f32.
fn excluded(volume: &Volume, format: VoxelFormat) -> [f32; 4] {
    let mut ranges = [NOTHING; MAX_EXCLUDED];
    if format != VoxelFormat::Float {
        let all = volume.meaning.excluded.iter();
        for (range, of) in ranges.iter_mut().zip(all) {
            *range = [of.low as f32, of.high as f32];
        }
    }
    let [[a, b], [c, d]] = ranges;
    [a, b, c, d]
}

fn slices_texture(
    device: &wgpu::Device,
    queue: &wgpu::Queue,
    facts: &[[f32; 4]],
) -> wgpu::TextureView {
    let size = [facts.len() as u32, 1];
    let bytes = bytemuck::cast_slice(facts);
    filled_texture_2d(
        device,
        queue,
        "slice rescales",
        wgpu::TextureFormat::Rgba32Float,
        (size, bytes),
    )
    .create_view(&Default::default())
}
