//! Mosaics as their objects have them: one picture, whose tiles lie beside each other.

use std::sync::Arc;

use volume::{GeometryKind, ModalityLut, Placement};

use crate::model::{SliceSource, VolumePlan};
use crate::warning::{Severity, Warning};

impl VolumePlan {
    /// The stored pictures that the slices were unpacked from, each once and in their order; `None` where every slice is
    /// a stored frame itself.
    ///
    /// A point between two tiles is no point of the patient, so the pictures are not placed. Only the spacing holds, and
    /// that within a tile.
    pub fn as_stored(&self) -> Option<Self> {
        let of_tiles = |s: &&SliceSource| s.tile_number.is_some();
        let first = self.slices.iter().flatten().find(of_tiles)?;
        let mut plan = self.clone();
        plan.slices.clear();
        let mut slice_idxs = Vec::new();
        for (slice_idx, slice) in self.slices.iter().enumerate() {
            let Some(slice) = slice else { continue };
            let same = |other: &SliceSource| {
                Arc::ptr_eq(&other.instance, &slice.instance)
                    && other.frame_number == slice.frame_number
            };
            if !plan.slices.iter().flatten().any(same) {
                slice_idxs.push(slice_idx);
                plan.slices.push(Some(SliceSource {
                    tile_number: None,
                    ..slice.clone()
                }));
            }
        }
        if let Some(pixels) = &first.instance.pixels {
            plan.format = pixels.format.clone();
        }
        if let Some(mosaic) = &first.instance.mosaic {
            plan.grid.origin = mosaic.stated_origin;
        }
        let [rows, columns] = [plan.format.rows, plan.format.columns].map(usize::from);
        plan.grid.size = [columns, rows, plan.slices.len()];
        plan.kind = match plan.slices.len() {
            1 => GeometryKind::Single,
            _ => GeometryKind::Stack,
        };
        plan.placed = Placement::Unplaced;
        plan.slice_origins = Vec::new();
        if let ModalityLut::Rescale(all) = &mut plan.modality_lut
            && 1 < all.len()
        {
            let kept = slice_idxs.iter().filter_map(|k| all.get(*k).copied());
            *all = kept.collect();
        }
        let text = "The slices are tiles of one stored picture and are given so, as stored: distances across tiles mean nothing. Ask for modality values to have them unpacked.";
        let warning = Warning::new("mosaic_as_stored", Severity::Info, text);
        plan.warnings
            .push(warning.in_series(self.series_instance_uid.clone()));
        Some(plan)
    }
}
