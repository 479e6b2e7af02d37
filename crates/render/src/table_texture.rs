use volume::Voi;

use crate::gpu_types::TABLE_WIDTH;
use crate::pipeline::filled_texture_2d;

/// The outputs of a VOI LUT, 0 to 1, in rows of [`TABLE_WIDTH`]; one texel for a window, which needs none.
pub(crate) fn table_texture(
    device: &wgpu::Device,
    queue: &wgpu::Queue,
    voi: &Voi,
) -> wgpu::TextureView {
    let (size, values) = match voi {
        Voi::Window { .. } => ([1, 1], vec![0.0f32]),
        Voi::Table { entries, bits, .. } => {
            let brightest = ((1u32 << (*bits).min(16)) - 1) as f32;
            // A LUT has at most 65536 entries (PS3.3 C.11.2.1.1); more could not be told apart by 16-bit input.
            let used = entries.len().min(1 << 16);
            let n_rows = used.div_ceil(TABLE_WIDTH as usize).max(1);
            let mut values: Vec<f32> = entries
                .iter()
                .take(used)
                .map(|y| (f32::from(*y) / brightest).min(1.0))
                .collect();
            values.resize(n_rows * TABLE_WIDTH as usize, 1.0);
            ([TABLE_WIDTH, n_rows as u32], values)
        }
    };
    let bytes = bytemuck::cast_slice(&values);
    filled_texture_2d(
        device,
        queue,
        "VOI LUT",
        wgpu::TextureFormat::R32Float,
        (size, bytes),
    )
    .create_view(&Default::default())
}
