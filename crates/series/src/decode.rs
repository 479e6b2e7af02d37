use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use volume::{SliceVoxels, Volume, Voxels};

use crate::compressed::decode_frame;
use crate::decode_error::DecodeError;
use crate::fragments::FragmentTable;
use crate::instance::{Instance, Pixels};
use crate::model::VolumePlan;
use crate::mosaic::Mosaic;
use crate::native::decode_native;
use crate::prescan::parse;
use crate::source::Content;
use crate::syntax;
use crate::threads::pool;
use crate::warning::{Severity, Warning};

/// Decodes one slice of a plan.
///
/// # Errors
/// A [`Warning`] that says why the slice stays a hole: missing, short, damaged, or of an unsupported syntax.
pub fn decode_slice(plan: &VolumePlan, slice_idx: usize) -> Result<SliceVoxels, Warning> {
    let Some(Some(slice)) = plan.slices.get(slice_idx) else {
        return Err(warn(DecodeError::SliceMissing, None, plan, slice_idx));
    };
    let decoded = match &slice.instance.mosaic {
        None => decode_instance_frame(&slice.instance, slice.frame_number),
        // All tiles are of the one stored frame.
        Some(mosaic) => decode_instance_frame(&slice.instance, 1)
            .and_then(|whole| tile(mosaic, &whole, slice.frame_number)),
    };
    let decoded = decoded.and_then(|voxels| {
        match voxels.len() == plan.format.n_pixels() && voxels.stored() == plan.stored() {
            true => Ok(voxels),
            false => Err(DecodeError::StreamDiffers {
                stream: format!("{} pixels of {:?}", voxels.len(), voxels.stored()),
                attributes: format!("{} of {:?}", plan.format.n_pixels(), plan.stored()),
            }),
        }
    });
    decoded.map_err(|error| warn(error, Some(&slice.instance), plan, slice_idx))
}

/// One tile of a decoded mosaic.
fn tile(
    mosaic: &Mosaic,
    whole: &SliceVoxels,
    tile_number: u32,
) -> Result<SliceVoxels, DecodeError> {
    let tile_idx = tile_number
        .checked_sub(1)
        .ok_or(DecodeError::FrameMissing)? as usize;
    macro_rules! cut {
        ($($kind:ident),*) => {
            match whole {
                $(SliceVoxels::$kind(v) => mosaic.cut(v, tile_idx).map(|v| SliceVoxels::$kind(v.into())),)*
            }
        };
    }
    let cut = cut!(U8, I8, U16, I16, U32, I32, F32, F64, Rgb8, Rgb16);
    cut.ok_or(DecodeError::FrameMissing)
}

fn warn(
    error: DecodeError,
    instance: Option<&Instance>,
    plan: &VolumePlan,
    slice_idx: usize,
) -> Warning {
    let text = format!("Slice {} is not shown: {error}.", slice_idx + 1);
    let warning = Warning::new(error.code(), Severity::Error, text)
        .in_series(plan.series_instance_uid.clone())
        .for_slices(vec![slice_idx]);
    match instance {
        Some(instance) => warning.at(instance.source.shown_path()),
        None => warning,
    }
}

fn decode_instance_frame(
    instance: &Instance,
    frame_number: u32,
) -> Result<SliceVoxels, DecodeError> {
    let pixels = instance.pixels.as_ref().ok_or(DecodeError::FrameMissing)?;
    let frame_idx = frame_number
        .checked_sub(1)
        .ok_or(DecodeError::FrameMissing)? as usize;
    let mut content = instance.source.open()?;
    if instance.transfer_syntax_uid == syntax::DEFLATED_EXPLICIT_LE {
        content = parse(&content)?.inflated.ok_or(DecodeError::FrameMissing)?;
    }
    match pixels.element.len {
        Some(_) => match syntax::compression(&instance.transfer_syntax_uid) {
            syntax::Compression::Native => decode_native(&content, pixels, frame_idx),
            _ => decode_unwrapped(&content, instance, pixels, frame_idx),
        },
        None => {
            let frame = compressed_frame(&content, pixels, frame_idx)?;
            decode_frame(&instance.transfer_syntax_uid, frame, &pixels.format)
        }
    }
}

/// A compressed syntax whose pixels are not in fragments: the stream itself lies in the element, or plain samples do.
fn decode_unwrapped(
    content: &Content,
    instance: &Instance,
    pixels: &Pixels,
    frame_idx: usize,
) -> Result<SliceVoxels, DecodeError> {
    let expected = pixels.format.frame_bytes() * u64::from(pixels.format.n_frames);
    let claimed = pixels.element.len.map_or(0, u64::from);
    let present = claimed.min(content.len().saturating_sub(pixels.element.offset));
    if expected <= present && present <= expected + 1 {
        return decode_native(content, pixels, frame_idx);
    }
    if pixels.format.n_frames != 1 {
        return Err(DecodeError::FrameMissing);
    }
    let len = usize::try_from(present).map_err(|_| DecodeError::FrameMissing)?;
    decode_frame(
        &instance.transfer_syntax_uid,
        content.read_range(pixels.element.offset, len)?,
        &pixels.format,
    )
}

/// The fragments of a frame, joined.
fn compressed_frame(
    content: &Content,
    pixels: &Pixels,
    frame_idx: usize,
) -> Result<Vec<u8>, DecodeError> {
    let table = match pixels.fragments.get() {
        Some(table) => Arc::clone(table),
        None => {
            let read = FragmentTable::read(content, pixels.element.offset, pixels.big_endian)?;
            Arc::clone(pixels.fragments.get_or_init(|| Arc::new(read)))
        }
    };
    let starts_frame = |(at, _): (u64, u64)| {
        let mut head = [0; 2];
        content.read_exact_at(at, &mut head).is_ok() && matches!(head, [0xFF, 0xD8 | 0x4F])
    };
    let n_frames = pixels.format.n_frames as usize;
    let fragments = table
        .of_frame(frame_idx, n_frames, &starts_frame)
        .filter(|f| !f.is_empty());
    let fragments = fragments.ok_or(DecodeError::FrameMissing)?;
    // The last fragments of a cut file may be gone: a frame that reaches them cannot be whole.
    if table.is_cut && n_frames == 1 && fragments.is_empty() {
        return Err(DecodeError::FrameMissing);
    }
    let total: u64 = fragments.iter().map(|f| f.1).sum();
    let mut frame = vec![0; usize::try_from(total).map_err(|_| DecodeError::FrameMissing)?];
    let mut rest = frame.as_mut_slice();
    for (at, len) in fragments {
        let (part, after) = rest.split_at_mut(len as usize);
        content.read_exact_at(at, part)?;
        rest = after;
    }
    Ok(frame)
}

/// Decodes slices into a volume made by [`VolumePlan::empty_volume`], in the order asked for, on all cores.
///
/// `on_slice` is called from any thread once a slice is in its place. Slices that cannot be decoded stay holes, and a
/// warning each comes back. Those already filled are stepped over, so that a second call goes on where a cancelled one
/// stopped.
pub fn decode_into(
    plan: &VolumePlan,
    volume: &Volume,
    order: &[usize],
    on_slice: &(dyn Fn(usize) + Sync),
    cancel: &(dyn Fn() -> bool + Sync),
) -> Vec<Warning> {
    let next = AtomicUsize::new(0);
    let warnings = Mutex::new(Vec::new());
    let work = || {
        while !cancel() {
            let Some(&slice_idx) = order.get(next.fetch_add(1, Ordering::Relaxed)) else {
                return;
            };
            let is_there = plan.slices.get(slice_idx).is_some_and(Option::is_some);
            if !is_there || volume.voxels.is_filled(slice_idx) {
                continue;
            }
            match decode_slice(plan, slice_idx) {
                Ok(voxels) => {
                    // Losing a race for a slice is no harm: both are the same values.
                    if volume.voxels.fill(slice_idx, voxels).is_ok() {
                        on_slice(slice_idx);
                    }
                }
                Err(warning) => warnings
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(warning),
            }
        }
    };
    // One strand a thread takes slices from the front of the order, so that what was asked for first comes first.
    pool().scope(|scope| {
        for _ in 0..pool().current_num_threads() {
            scope.spawn(|_| work());
        }
    });
    let mut warnings = warnings
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    warnings.sort_by(|a, b| a.slice_idxs.cmp(&b.slice_idxs));
    warnings
}

/// The order in which slices are wanted: the one looked at, then its neighbours, outwards.
pub fn decode_order(n_slices: usize, first_slice_idx: usize) -> Vec<usize> {
    let first = first_slice_idx.min(n_slices.saturating_sub(1));
    let mut order: Vec<usize> = (0..n_slices).collect();
    order.sort_by_key(|idx| (idx.abs_diff(first), *idx < first));
    order
}

impl VolumePlan {
    /// A volume of holes, to be filled by [`decode_into`]; nothing is allocated for voxels yet.
    pub fn empty_volume(&self) -> Volume {
        Volume {
            grid: self.grid,
            kind: self.kind,
            spacing_source: self.spacing_source,
            placed: self.placed,
            slice_origins: self.slice_origins.clone(),
            modality_lut: self.modality_lut.clone(),
            unit: self.unit.clone(),
            voi: self.voi.clone(),
            small_values_are: self.small_values_are(),
            voxels: Voxels::new(self.stored(), self.slices.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_begins_where_the_reader_looks_and_goes_outwards() {
        assert_eq!(decode_order(5, 2), [2, 3, 1, 4, 0]);
        assert_eq!(decode_order(3, 99), [2, 1, 0]);
        assert_eq!(decode_order(0, 0), [0usize; 0]);
    }
}
