use volume::{ColourMap, Presentation, Voi};

use crate::gpu_types::TABLE_WIDTH;
use crate::pipeline::filled_texture_2d;

/// The outputs of a VOI LUT, 0 to 1, in rows of [`TABLE_WIDTH`], and below them, where the picture is coloured, a row each
/// of the red, green and blue of the 256 levels. One texel for a grey window, which needs none.
pub(crate) fn table_texture(
    device: &wgpu::Device,
    queue: &wgpu::Queue,
    presentation: &Presentation,
) -> wgpu::TextureView {
    let (mut size, mut values) = match &presentation.voi {
        Voi::Window { .. } => ([1, 1], vec![0.0f32]),
        Voi::Table { entries, bits, .. } => {
            let brightest = ((1u32 << (*bits).min(16)) - 1) as f32;
            // A LUT has at most 65536 entries (PS3.3 C.11.2.1.1); more could not be told apart by 16-bit input.
            let used = entries.len().min(1 << 16);
            let n_rows = n_rows_of(&presentation.voi) as usize;
            let mut values: Vec<f32> = entries
                .iter()
                .take(used)
                .map(|y| (f32::from(*y) / brightest).min(1.0))
                .collect();
            values.resize(n_rows * TABLE_WIDTH as usize, 1.0);
            ([TABLE_WIDTH, n_rows as u32], values)
        }
    };
    if presentation.colours != ColourMap::Grey {
        let n_rows = n_rows_of(&presentation.voi);
        values.resize((n_rows * TABLE_WIDTH) as usize, 0.0);
        let table = presentation.colours.table();
        for channel in 0..3 {
            values.extend(
                table
                    .iter()
                    .map(|colour| f32::from(colour[channel]) / 255.0),
            );
        }
        size = [TABLE_WIDTH, n_rows + 3];
    }
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

/// The row of the red of the 256 levels; 0 where the picture is grey, for no palette begins there.
pub(crate) fn palette_row(presentation: &Presentation) -> u32 {
    match presentation.colours {
        ColourMap::Grey => 0,
        _ => n_rows_of(&presentation.voi),
    }
}

/// Rows of a VOI LUT; one for a window.
fn n_rows_of(voi: &Voi) -> u32 {
    match voi {
        Voi::Window { .. } => 1,
        // At most 65536 entries are used, so that the cast is safe.
        Voi::Table { entries, .. } => (entries.len().min(1 << 16) as u32)
            .div_ceil(TABLE_WIDTH)
            .max(1),
    }
}
