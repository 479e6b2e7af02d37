use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use volume::{
    FillError, MaskSubtraction, Stored, Volume, VoxelBudget, Voxels, subtracted_slice,
    subtraction_volume,
};

use crate::decode::{Decoded, decode_slice_noted, not_taken};
use crate::decode_error::DecodeError;
use crate::decode_note::merge_slice_warnings;
use crate::model::VolumePlan;
use crate::threads::on_reader_threads;
use crate::warning::{Severity, Warning};

/// Decodes a slice into its place in a volume made by [`VolumePlan::empty_volume`], the indices of a palette as their
/// colours where the volume holds colours. One that cannot be decoded is given up there, and the warning says why.
///
/// # Errors
/// As [`decode_slice_noted`]; also when the slice was let go and its file has changed since.
pub fn fill_slice(
    plan: &VolumePlan,
    volume: &Volume,
    slice_idx: usize,
) -> Result<Vec<Warning>, Warning> {
    let decoded = match &plan.subtraction {
        Some(subtraction) => decode_subtracted(plan, subtraction, slice_idx),
        None => decode_slice_noted(plan, slice_idx),
    };
    let filled = decoded.and_then(|Decoded { voxels, notes }| {
        let colours = plan
            .palette
            .as_ref()
            .filter(|_| volume.voxels.stored().is_colour() && !voxels.stored().is_colour())
            .and_then(|palette| palette.to_rgb(&voxels));
        match volume.voxels.fill(slice_idx, colours.unwrap_or(voxels)) {
            // Losing a race for a slice is no harm: both are the same values.
            Ok(()) | Err(FillError::NotFree { .. }) => Ok(notes),
            Err(FillError::Changed { .. }) => Err(not_taken(DecodeError::Changed, plan, slice_idx)),
            Err(FillError::OtherType { given, wanted, .. }) => {
                let error = DecodeError::StreamDiffers {
                    stream: format!("{given:?}"),
                    attributes: format!("{wanted:?}"),
                };
                Err(not_taken(error, plan, slice_idx))
            }
        }
    });
    if filled.is_err() {
        volume.voxels.give_up(slice_idx);
    }
    filled
}

/// A slice less its mask. The frames that it needs are decoded for it, and nothing of them is kept.
fn decode_subtracted(
    plan: &VolumePlan,
    subtraction: &MaskSubtraction,
    slice_idx: usize,
) -> Result<Decoded, Warning> {
    let frames = plan.volume_of(Voxels::new(plan.stored(), plan.n_slices()));
    let n_averaged = subtraction.n_averaged.max(1);
    let mut needed: Vec<usize> = subtraction.mask_of(slice_idx).unwrap_or_default();
    needed.extend(slice_idx..(slice_idx + n_averaged).min(plan.n_slices()));
    needed.sort_unstable();
    needed.dedup();
    let mut all_notes = Vec::new();
    for frame_idx in needed.into_iter().filter(|k| *k < plan.n_slices()) {
        let Decoded { voxels, notes } = decode_slice_noted(plan, frame_idx)?;
        all_notes.extend(notes);
        // Each frame is decoded once, into a volume made for its type.
        let _ = frames.voxels.fill(frame_idx, voxels);
    }
    match subtracted_slice(&frames, subtraction, slice_idx) {
        Ok(voxels) => Ok(Decoded {
            voxels,
            notes: all_notes,
        }),
        Err(error) => {
            let text = format!("Slice {} is not shown: {error}.", slice_idx + 1);
            Err(Warning::new("not_subtracted", Severity::Warning, text)
                .in_series(plan.series_instance_uid.clone())
                .for_slices(vec![slice_idx]))
        }
    }
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
            let mut told = match fill_slice(plan, volume, slice_idx) {
                Ok(notes) => {
                    on_slice(slice_idx);
                    notes
                }
                Err(warning) => vec![warning],
            };
            if !told.is_empty() {
                let mut warnings = warnings.lock().unwrap_or_else(PoisonError::into_inner);
                warnings.append(&mut told);
            }
        }
    };
    // One strand a thread takes slices from the front of the order, so that what was asked for first comes first.
    on_reader_threads(&work);
    let warnings = warnings.into_inner();
    merge_slice_warnings(warnings.unwrap_or_else(PoisonError::into_inner))
}

/// The order in which slices are wanted: the one looked at, then its neighbours, outwards.
pub fn decode_order(n_slices: usize, first_slice_idx: usize) -> Vec<usize> {
    let first = first_slice_idx.min(n_slices.saturating_sub(1));
    let mut order: Vec<usize> = (0..n_slices).collect();
    order.sort_by_key(|idx| (idx.abs_diff(first), *idx < first));
    order
}

impl VolumePlan {
    /// A volume of holes, to be filled by [`decode_into`]; nothing is allocated for voxels yet, and what comes stays.
    pub fn empty_volume(&self) -> Volume {
        self.volume_within(VoxelBudget::unlimited())
    }

    /// A volume of holes for the stored values; what fills it is charged to a budget.
    pub fn volume_within(&self, budget: Arc<VoxelBudget>) -> Volume {
        let stored = match self.subtraction {
            Some(_) => Stored::F32,
            None => self.stored(),
        };
        self.volume_as_shown(Voxels::within(stored, self.slices.len(), budget))
    }

    /// A volume of holes as it will be shown: the indices of a palette become their colours. What fills it is charged to
    /// a budget.
    pub fn shown_volume(&self, budget: Arc<VoxelBudget>) -> Volume {
        let shown = self.shown_as();
        self.volume_as_shown(Voxels::within(shown, self.slices.len(), budget))
    }

    /// The element type in which the slices are shown: colours for the indices of a palette.
    pub fn shown_as(&self) -> Stored {
        match (&self.subtraction, &self.palette) {
            (Some(_), _) => Stored::F32,
            (None, Some(_)) => Stored::Rgb8,
            (None, None) => self.stored(),
        }
    }

    /// Bytes of one slice as it is shown.
    pub fn shown_slice_bytes(&self) -> u64 {
        self.format.n_pixels() as u64 * self.shown_as().n_bytes() as u64
    }

    fn volume_as_shown(&self, voxels: Voxels) -> Volume {
        let Some(subtraction) = &self.subtraction else {
            return self.volume_of(voxels);
        };
        let frames = self.volume_of(Voxels::new(self.stored(), self.slices.len()));
        Volume {
            voxels,
            ..subtraction_volume(&frames, subtraction)
        }
    }

    /// Whatever the slices are shown as, their own frames.
    fn volume_of(&self, voxels: Voxels) -> Volume {
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
            meaning: self.meaning(),
            voxels,
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
