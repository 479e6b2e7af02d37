//! Loads the graphics drivers while the rest of the program starts.

use std::thread::JoinHandle;

use egui_wgpu::{WgpuSetupCreateNew, wgpu};

/// The backends that a window is drawn with where one of them has an adapter. Looking for OpenGL beside them costs as
/// much time again, so that it is asked only where they have none.
pub(crate) fn first_backends() -> wgpu::Backends {
    wgpu::Backends::from_env().unwrap_or(wgpu::Backends::PRIMARY)
}

/// All that could draw into a window.
pub(crate) fn every_backend() -> wgpu::Backends {
    wgpu::Backends::from_env().unwrap_or(wgpu::Backends::PRIMARY | wgpu::Backends::GL)
}

/// Graphics drivers on their way into memory. The window asks for them itself; they are there already then.
pub struct WakingGraphics {
    /// Holds the drivers, which a system would throw out again with the last one who uses them.
    _instance: Option<JoinHandle<wgpu::Instance>>,
}

/// Begins to load the graphics drivers on a thread of its own; on Linux that takes as long as opening a study does.
pub fn wake_graphics() -> WakingGraphics {
    // No question about adapters yet: drivers ask the X server then, and a server whose only client hangs up again starts
    // anew just when the window wants to be opened.
    let load = || wgpu::Instance::new(instance_descriptor(first_backends()));
    let thread = std::thread::Builder::new()
        .name("graphics".into())
        .spawn(load);
    WakingGraphics {
        _instance: thread.ok(),
    }
}

fn instance_descriptor(backends: wgpu::Backends) -> wgpu::InstanceDescriptor {
    wgpu::InstanceDescriptor {
        backends,
        ..WgpuSetupCreateNew::without_display_handle().instance_descriptor
    }
}
