use std::path::Path;

use render::{
    AdapterKind, Appearance, Gpu, PictureTexture, ReslicePass, ResliceView, VolumeTexture,
    WindowPass,
};
use session::headless::RenderPlane;
use volume::{Interpolation, Outside, Slab, SliceView, colour_layer, native_slice};

use crate::ShellError;

/// Memory of the adapter that a still picture's volume may take.
const BUDGET_BYTES: u64 = 4 << 30;

/// What the graphics adapter says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdapterFacts {
    /// Its name.
    pub name: String,
    /// `Vulkan`, `Metal`, …
    pub backend: String,
    /// Is it a program on the processor?
    pub software: bool,
    /// Largest side of a volume, voxels.
    pub max_volume_side: u32,
}

/// Asks the adapter that the screens would be drawn with.
///
/// # Errors
/// When there is none.
pub fn adapter_facts() -> Result<AdapterFacts, ShellError> {
    let gpu = Gpu::headless().map_err(|e| ShellError::NoAdapter(e.to_string()))?;
    Ok(AdapterFacts {
        name: gpu.info.name.clone(),
        backend: format!("{:?}", gpu.info.backend),
        software: gpu.adapter_kind() == AdapterKind::Software,
        max_volume_side: gpu.device.limits().max_texture_dimension_3d,
    })
}

/// Draws one picture with the GPU's passes and writes it as PNG.
///
/// # Errors
/// When there is no adapter, the volume is too large for it, or the file cannot be written.
pub fn render_still(
    still: &RenderPlane,
    interpolation: Interpolation,
    slab: Option<Slab>,
    out: &Path,
) -> Result<(), ShellError> {
    let gpu = Gpu::headless().map_err(|e| ShellError::NoAdapter(e.to_string()))?;
    let appearance = Appearance {
        presentation: still.presentation.clone(),
        outside: Outside::Black,
    };
    let parts = (&gpu.device, &gpu.queue);
    let failed = |e: &dyn std::fmt::Display| ShellError::ReadBack(e.to_string());
    let size = still.plane.size_px;
    let picture = match still.slice_idx {
        Some(slice_idx) => {
            let native = native_slice(&still.volume, slice_idx);
            let view = SliceView::of_plane(&still.volume, slice_idx, &still.plane);
            let (native, view) = native
                .zip(view)
                .ok_or_else(|| failed(&"this slice cannot be drawn"))?;
            let as_it_lies = SliceView::native([native.width, native.height]);
            let colours = colour_layer(&still.volume, slice_idx, &as_it_lies);
            let picture = (&native, colours.as_ref());
            let texture =
                PictureTexture::new(&gpu.device, &gpu.queue, picture).map_err(|e| failed(&e))?;
            let pass = WindowPass::new(&gpu.device, Gpu::OFF_SCREEN_FORMAT);
            let draw = pass.prepare(parts, &texture, &view, interpolation, &appearance);
            gpu.off_screen(size, |pass| draw.draw(pass))
        }
        None => {
            let mut texture =
                VolumeTexture::new(&gpu.device, &gpu.queue, &still.volume, BUDGET_BYTES)
                    .map_err(|e| failed(&e))?;
            while !texture.is_complete()
                && 0 < texture.upload(&gpu.device, &gpu.queue, &still.volume, usize::MAX)
            {
            }
            let pass = ReslicePass::new(Gpu::OFF_SCREEN_FORMAT);
            let view = ResliceView {
                plane: still.plane,
                interpolation,
                slab,
            };
            let draw = pass
                .prepare(parts, (&texture, &still.volume.grid), &view, &appearance)
                .map_err(|e| failed(&e))?;
            gpu.off_screen(size, |pass| draw.draw(pass))
        }
    };
    let picture = picture.map_err(|e| failed(&e))?;
    let rgba: Vec<u8> = picture.values.into_iter().flatten().collect();
    let [width, height] = size.map(|n| u32::try_from(n).unwrap_or(u32::MAX));
    image::save_buffer(out, &rgba, width, height, image::ExtendedColorType::Rgba8)
        .map_err(|e| failed(&e))
}
