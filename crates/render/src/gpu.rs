use crate::RenderError;

/// What computes the pictures; shown to the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdapterKind {
    /// A software rasteriser on the processor: the CPU pictures are faster.
    Software,
    /// A graphics card, integrated or not.
    Hardware,
}

/// Says what an adapter is. Unknown kinds count as hardware.
pub fn adapter_kind(info: &wgpu::AdapterInfo) -> AdapterKind {
    match info.device_type {
        wgpu::DeviceType::Cpu => AdapterKind::Software,
        wgpu::DeviceType::Other
        | wgpu::DeviceType::IntegratedGpu
        | wgpu::DeviceType::DiscreteGpu
        | wgpu::DeviceType::VirtualGpu => AdapterKind::Hardware,
    }
}

/// The device to ask an adapter for: its own limits for textures and buffers, no optional features.
pub fn device_descriptor(adapter: &wgpu::Adapter) -> wgpu::DeviceDescriptor<'static> {
    let offered = adapter.limits();
    wgpu::DeviceDescriptor {
        label: Some("overread device"),
        required_limits: wgpu::Limits {
            max_texture_dimension_2d: offered.max_texture_dimension_2d,
            max_texture_dimension_3d: offered.max_texture_dimension_3d,
            max_buffer_size: offered.max_buffer_size,
            ..wgpu::Limits::downlevel_defaults().using_resolution(offered)
        },
        ..Default::default()
    }
}

/// A device with its queue and what is known of its adapter. Cloning shares them.
#[derive(Clone, Debug)]
pub struct Gpu {
    /// The device.
    pub device: wgpu::Device,
    /// Its queue.
    pub queue: wgpu::Queue,
    /// What the adapter says of itself.
    pub info: wgpu::AdapterInfo,
}

impl Gpu {
    /// Opens a device without a window. `WGPU_BACKEND` and `WGPU_ADAPTER_NAME` choose among several.
    ///
    /// # Errors
    /// When the machine offers no adapter, or the adapter no device.
    pub fn headless() -> Result<Self, RenderError> {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
            backends: wgpu::Backends::from_env().unwrap_or(wgpu::Backends::PRIMARY),
            ..wgpu::InstanceDescriptor::new_without_display_handle()
        });
        let adapter =
            pollster::block_on(instance.request_adapter(&wgpu::RequestAdapterOptions::default()))
                .map_err(|e| RenderError::NoAdapter(e.to_string()))?;
        let (device, queue) =
            pollster::block_on(adapter.request_device(&device_descriptor(&adapter)))
                .map_err(|e| RenderError::NoDevice(e.to_string()))?;
        Ok(Self {
            device,
            queue,
            info: adapter.get_info(),
        })
    }

    /// Is it software or hardware?
    pub fn adapter_kind(&self) -> AdapterKind {
        adapter_kind(&self.info)
    }
}
