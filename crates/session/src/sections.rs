//! What of a grown body lies on a slice, so that the reader sees what was counted.

use case::{Annotation, Geometry};
use space::{PatientPoint, Polygon};
use volume::{Grown, ValueRange, Volume, grow};

use crate::{Session, VolumeKey};

/// Bodies that are kept, the last first.
const MAX_KEPT: usize = 8;

/// Bodies that were grown, with the shapes they were grown from.
pub(crate) type KeptBodies = Vec<(Geometry, Grown)>;

impl Session {
    /// The border on a slice of the body that a mark counts, as straight pieces; empty for all other marks.
    pub(crate) fn section(
        &self,
        mark: &Annotation,
        (key, volume): (&VolumeKey, &Volume),
        slice_idx: Option<usize>,
    ) -> Vec<[PatientPoint; 2]> {
        // Values of another series would make another body.
        if mark.image.series_instance_uid != key.series_instance_uid {
            return Vec::new();
        }
        let (
            Geometry::GrownBody {
                corners,
                low,
                high,
                reach_mm,
            },
            Some(slice_idx),
        ) = (&mark.geometry, slice_idx)
        else {
            return Vec::new();
        };
        let mut kept = self.kept_bodies.borrow_mut();
        let at = kept.iter().position(|(of, _)| *of == mark.geometry);
        let at = match at {
            Some(at) => at,
            None => {
                let range = ValueRange {
                    low: *low,
                    high: *high,
                };
                let grown = Polygon::new(corners)
                    .and_then(|outline| grow(volume, &outline, range, *reach_mm).ok());
                // What cannot be grown while slices are loading is tried again.
                let Some(grown) = grown else {
                    return Vec::new();
                };
                kept.truncate(MAX_KEPT - 1);
                kept.insert(0, (mark.geometry.clone(), grown));
                0
            }
        };
        kept.get(at)
            .map_or_else(Vec::new, |(_, grown)| border(grown, volume, slice_idx))
    }
}

/// The edges between voxels of a body and those beside it on one slice.
fn border(grown: &Grown, volume: &Volume, slice_idx: usize) -> Vec<[PatientPoint; 2]> {
    let Some(map) = volume.slice_map(slice_idx) else {
        return Vec::new();
    };
    let runs: Vec<_> = grown.runs.iter().filter(|run| run.0 == slice_idx).collect();
    let place = |column: f64, row: f64| map.apply([column, row, 0.0]);
    let holds = |row: Option<usize>, column: usize| {
        let mut beside = runs.iter().filter(|run| Some(run.1) == row);
        beside.any(|run| run.2.contains(&column))
    };
    let mut pieces = Vec::new();
    for (_, row, columns) in &runs {
        let (left, right) = (columns.start as f64 - 0.5, columns.end as f64 - 0.5);
        let (top, bottom) = (*row as f64 - 0.5, *row as f64 + 0.5);
        for x in [left, right] {
            pieces.push([place(x, top), place(x, bottom)]);
        }
        for (beside, y) in [(row.checked_sub(1), top), (row.checked_add(1), bottom)] {
            let mut open: Option<usize> = None;
            for column in columns.start..=columns.end {
                let is_edge = column < columns.end && !holds(beside, column);
                match (is_edge, open) {
                    (true, None) => open = Some(column),
                    (false, Some(from)) => {
                        let [a, b] = [from, column].map(|c| c as f64 - 0.5);
                        pieces.push([place(a, y), place(b, y)]);
                        open = None;
                    }
                    (true, Some(_)) | (false, None) => {}
                }
            }
        }
    }
    pieces
}
