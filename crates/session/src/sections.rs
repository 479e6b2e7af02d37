//! What of a grown body lies on a slice, so that the reader sees what was counted.

use case::{Annotation, Geometry};
use space::{PatientPoint, Polygon};
use volume::{Grown, ValueRange, Volume, grow_while};

use crate::results::JobResult;
use crate::{Session, VolumeKey};

/// Bodies that are kept, the last first.
const MAX_KEPT: usize = 8;
/// What the status bar says while a body is grown again.
const TITLE_KEY: &str = "job.body";

/// Bodies that were grown, with the shapes they were grown from, and those that somebody would like to see.
#[derive(Default)]
pub(crate) struct KeptBodies {
    kept: Vec<Kept>,
    /// Wished for by the last drawing: shape and volume.
    wished: Vec<(Geometry, VolumeKey)>,
    /// Being grown again.
    growing: Option<Geometry>,
}

struct Kept {
    of: Geometry,
    /// `None` where nothing could be grown.
    body: Option<Grown>,
    /// Slices that had values then: with more of them it may be another body.
    n_decoded: usize,
}

impl KeptBodies {
    /// Keeps a body that was grown while `n_decoded` slices had values.
    pub(crate) fn keep(&mut self, of: Geometry, body: Option<Grown>, n_decoded: usize) {
        self.kept.retain(|kept| kept.of != of);
        self.kept.truncate(MAX_KEPT - 1);
        self.kept.insert(
            0,
            Kept {
                of,
                body,
                n_decoded,
            },
        );
    }

    /// The body of a shape, as far as it is known; it is wished for where it is not.
    fn of(&mut self, geometry: &Geometry, (key, volume): (&VolumeKey, &Volume)) -> Option<&Grown> {
        let at = self.kept.iter().position(|kept| kept.of == *geometry);
        let n_known = at
            .and_then(|at| self.kept.get(at))
            .map(|kept| kept.n_decoded);
        if n_known.is_none_or(|n| n < volume.voxels.n_decoded()) {
            let wish = (geometry.clone(), key.clone());
            if self.wished.len() < MAX_KEPT && !self.wished.contains(&wish) {
                self.wished.push(wish);
            }
        }
        self.kept.get(at?)?.body.as_ref()
    }
}

impl Session {
    /// The border on a slice of the body that a mark counts, as straight pieces; empty for all other marks, and until the
    /// body is grown.
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
        let (Geometry::GrownBody { .. }, Some(slice_idx)) = (&mark.geometry, slice_idx) else {
            return Vec::new();
        };
        let mut kept = self.kept_bodies.borrow_mut();
        let grown = kept.of(&mark.geometry, (key, volume));
        grown.map_or_else(Vec::new, |grown| border(grown, volume, slice_idx))
    }

    /// Grows the bodies that the screen wishes for, one after the other, in the background.
    pub(crate) fn follow_bodies(&mut self) {
        let kept = self.kept_bodies.get_mut();
        let wished = std::mem::take(&mut kept.wished);
        if kept.growing.is_some() {
            return;
        }
        // The next drawing wishes again for those that are left.
        let Some((geometry, key)) = wished.into_iter().next() else {
            return;
        };
        let Some(volume) = self.library.get(&key).map(|shelved| shelved.volume.clone()) else {
            return;
        };
        kept.growing = Some(geometry.clone());
        let n_decoded = volume.voxels.n_decoded();
        self.jobs.spawn(TITLE_KEY, false, move |job, _| {
            let grown = grown_as(&geometry, &volume, &|| !job.cancelled());
            JobResult::Section {
                of: Box::new(geometry),
                grown,
                n_decoded,
            }
        });
    }

    /// Takes in a body that was grown for the screen.
    pub(crate) fn take_section(&mut self, of: Geometry, grown: Option<Grown>, n_decoded: usize) {
        let kept = self.kept_bodies.get_mut();
        kept.growing = None;
        kept.keep(of, grown, n_decoded);
    }
}

/// The body of a shape; `None` for other shapes and where nothing can be grown.
fn grown_as(geometry: &Geometry, volume: &Volume, goes_on: &dyn Fn() -> bool) -> Option<Grown> {
    let Geometry::GrownBody {
        corners,
        low,
        high,
        reach_mm,
    } = geometry
    else {
        return None;
    };
    let range = ValueRange {
        low: *low,
        high: *high,
    };
    let outline = Polygon::new(corners)?;
    grow_while(volume, &outline, (range, *reach_mm), goes_on).ok()
}

/// The edges between voxels of a body and those beside it on one slice.
fn border(grown: &Grown, volume: &Volume, slice_idx: usize) -> Vec<[PatientPoint; 2]> {
    let Some(map) = volume.slice_map(slice_idx) else {
        return Vec::new();
    };
    // Runs are in the order of slices and rows.
    let runs = of_place(&grown.runs, |run| run.0.cmp(&slice_idx));
    let place = |column: f64, row: f64| map.apply([column, row, 0.0]);
    let mut pieces = Vec::new();
    for (_, row, columns) in runs {
        let (left, right) = (columns.start as f64 - 0.5, columns.end as f64 - 0.5);
        let (top, bottom) = (*row as f64 - 0.5, *row as f64 + 0.5);
        for x in [left, right] {
            pieces.push([place(x, top), place(x, bottom)]);
        }
        for (beside, y) in [(row.checked_sub(1), top), (row.checked_add(1), bottom)] {
            let runs_beside = beside.map_or(&[][..], |row| of_place(runs, |run| run.1.cmp(&row)));
            let holds = |column: usize| runs_beside.iter().any(|run| run.2.contains(&column));
            let mut open: Option<usize> = None;
            for column in columns.start..=columns.end {
                let is_edge = column < columns.end && !holds(column);
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

/// Part of an ordered list.
fn of_place<T>(all: &[T], order: impl Fn(&T) -> std::cmp::Ordering) -> &[T] {
    let from = all.partition_point(|one| order(one).is_lt());
    let to = all.partition_point(|one| order(one).is_le());
    all.get(from..to).unwrap_or_default()
}
