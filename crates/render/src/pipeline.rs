//! What all passes share: a bind group of one uniform and some textures, one triangle, one target.

use wgpu::{BindingType, ShaderStages, TextureSampleType, TextureViewDimension};

/// A texture binding of a pass, beginning at binding 1.
#[derive(Clone, Copy)]
pub(crate) struct TextureSlot {
    pub sample_type: TextureSampleType,
    pub dimension: TextureViewDimension,
}

/// Float values that are only ever loaded, never filtered by the sampler.
pub(crate) const LOADED: TextureSampleType = TextureSampleType::Float { filterable: false };

/// An immutable pipeline with the layout of its only bind group.
#[derive(Clone, Debug)]
pub(crate) struct Pipeline {
    pub pipeline: wgpu::RenderPipeline,
    layout: wgpu::BindGroupLayout,
    label: &'static str,
}

impl Pipeline {
    pub fn new(
        device: &wgpu::Device,
        label: &'static str,
        source: &'static str,
        slots: &[TextureSlot],
        target: wgpu::TextureFormat,
    ) -> Self {
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(label),
            source: wgpu::ShaderSource::Wgsl(source.into()),
        });
        let entry = |binding, ty| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: ShaderStages::FRAGMENT,
            ty,
            count: None,
        };
        let uniform = BindingType::Buffer {
            ty: wgpu::BufferBindingType::Uniform,
            has_dynamic_offset: false,
            min_binding_size: None,
        };
        let textures = slots.iter().zip(1..).map(|(slot, binding)| {
            let (sample_type, view_dimension) = (slot.sample_type, slot.dimension);
            entry(
                binding,
                BindingType::Texture {
                    sample_type,
                    view_dimension,
                    multisampled: false,
                },
            )
        });
        let entries: Vec<_> = std::iter::once(entry(0, uniform)).chain(textures).collect();
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some(label),
            entries: &entries,
        });
        let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some(label),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let constants = [("target_is_srgb", f64::from(u8::from(target.is_srgb())))];
        let compilation_options = wgpu::PipelineCompilationOptions {
            constants: &constants,
            ..Default::default()
        };
        let pipeline = device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some(label),
            layout: Some(&pipeline_layout),
            vertex: wgpu::VertexState {
                module: &module,
                entry_point: Some("vertex"),
                compilation_options: Default::default(),
                buffers: &[],
            },
            primitive: Default::default(),
            depth_stencil: None,
            multisample: Default::default(),
            fragment: Some(wgpu::FragmentState {
                module: &module,
                entry_point: Some("fragment"),
                compilation_options,
                targets: &[Some(wgpu::ColorTargetState {
                    format: target,
                    blend: None,
                    write_mask: wgpu::ColorWrites::ALL,
                })],
            }),
            multiview_mask: None,
            cache: None,
        });
        Self {
            pipeline,
            layout,
            label,
        }
    }

    /// Puts fresh uniforms and the textures of its slots together.
    pub fn bind(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        uniforms: &[u8],
        textures: &[&wgpu::TextureView],
    ) -> wgpu::BindGroup {
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some(self.label),
            size: uniforms.len() as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        queue.write_buffer(&buffer, 0, uniforms);
        let uniform = wgpu::BindGroupEntry {
            binding: 0,
            resource: buffer.as_entire_binding(),
        };
        let textures = textures
            .iter()
            .zip(1..)
            .map(|(view, binding)| wgpu::BindGroupEntry {
                binding,
                resource: wgpu::BindingResource::TextureView(view),
            });
        let entries: Vec<_> = std::iter::once(uniform).chain(textures).collect();
        device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(self.label),
            layout: &self.layout,
            entries: &entries,
        })
    }
}

/// A pipeline with its bound uniforms and textures, ready to draw into a viewport that is set.
#[derive(Clone, Debug)]
pub(crate) struct Bound {
    pub pipeline: wgpu::RenderPipeline,
    pub group: wgpu::BindGroup,
}

impl Bound {
    pub fn draw(&self, pass: &mut wgpu::RenderPass<'_>) {
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, &self.group, &[]);
        pass.draw(0..3, 0..1);
    }
}

/// Makes a 2-D texture and fills it; `width` texels of `texel_bytes` a row.
pub(crate) fn filled_texture_2d(
    device: &wgpu::Device,
    queue: &wgpu::Queue,
    label: &'static str,
    format: wgpu::TextureFormat,
    (size, bytes): ([u32; 2], &[u8]),
) -> wgpu::Texture {
    let extent = wgpu::Extent3d {
        width: size[0],
        height: size[1],
        depth_or_array_layers: 1,
    };
    let texture = device.create_texture(&wgpu::TextureDescriptor {
        label: Some(label),
        size: extent,
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    });
    let bytes_per_row = u32::try_from(bytes.len()).unwrap_or(u32::MAX) / size[1].max(1);
    let layout = wgpu::TexelCopyBufferLayout {
        offset: 0,
        bytes_per_row: Some(bytes_per_row),
        rows_per_image: None,
    };
    queue.write_texture(texture.as_image_copy(), bytes, layout, extent);
    texture
}

/// Refuses a 2-D texture that the device cannot hold.
pub(crate) fn check_2d(
    device: &wgpu::Device,
    [width, height]: [usize; 2],
    texel_bytes: u64,
) -> Result<[u32; 2], crate::RenderError> {
    let side_limit = device.limits().max_texture_dimension_2d;
    let n_bytes = (width as u64)
        .saturating_mul(height as u64)
        .saturating_mul(texel_bytes);
    // The size of the upload is a 32-bit number.
    let budget_bytes = u64::from(u32::MAX);
    let fits = |n: usize| {
        u32::try_from(n)
            .ok()
            .filter(|n| (1..=side_limit).contains(n))
    };
    match (fits(width), fits(height), n_bytes < budget_bytes) {
        (Some(w), Some(h), true) => Ok([w, h]),
        _ => Err(crate::RenderError::TooLarge {
            width,
            height,
            depth: 1,
            n_bytes,
            side_limit,
            budget_bytes,
        }),
    }
}
