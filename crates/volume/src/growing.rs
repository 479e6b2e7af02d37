use std::collections::VecDeque;
use std::ops::Range;

use space::{FlatRegion, Polygon};
use thiserror::Error;

use crate::probe::nearest_slice;
use crate::statistics::{MAX_REGION_SAMPLES, SAME_PLANE_SINE};
use crate::{GeometryKind, StatisticsError, Volume, probe, region_values};

/// A range of modality values; `None` is open. Both ends belong to it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ValueRange {
    /// Smallest value.
    pub low: Option<f64>,
    /// Largest value.
    pub high: Option<f64>,
}

impl ValueRange {
    /// Is a value in the range?
    pub fn contains(&self, value: f64) -> bool {
        self.low.is_none_or(|low| low <= value) && self.high.is_none_or(|high| value <= high)
    }
}

/// A body of connected voxels.
#[derive(Clone, Debug, PartialEq)]
pub struct Grown {
    /// How many voxels it has.
    pub n_voxels: usize,
    /// Their volume, mm³: each counts as its whole cell.
    pub volume_mm3: f64,
    /// Mean of their modality values.
    pub mean: f64,
    /// First and last slice, both included.
    pub slices: [usize; 2],
    /// Would it have grown on without its limits (the outline, the reach, a missing slice, the edge of the volume)?
    pub is_cut: bool,
    /// Its voxels as runs along the rows: slice, row, columns; in the order of slices and rows.
    pub runs: Vec<(usize, usize, Range<usize>)>,
}

/// Why no body could be grown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum GrowthError {
    /// The slices form no regular volume.
    #[error(
        "these slices form no regular volume, so no volume can be counted; outline it slice by slice on a series that does"
    )]
    NotAVolume,
    /// The outline is oblique to the slices.
    #[error("the outline is oblique to the slices; draw it on a slice as it was stored")]
    Oblique,
    /// No voxel in the outline is in the range.
    #[error("no value inside the outline is in the range; widen the range or draw elsewhere")]
    NothingInRange,
    /// More voxels than [`MAX_REGION_SAMPLES`].
    #[error("the outline with its reach is too large to grow in; draw it smaller")]
    TooLarge,
    /// It was told to stop.
    #[error("growing was stopped; draw the outline again")]
    Stopped,
    /// The region has no values.
    #[error(transparent)]
    Region(#[from] StatisticsError),
}

/// Grows a body from all voxels in the outline on its own slice whose values are in the range, through neighbours that
/// share a face (6-connected) and are in the range as well, within the outline carried along its normal, up to
/// `reach_mm` to both sides. A voxel belongs to the outline when its centre does.
///
/// # Errors
/// See [`GrowthError`].
pub fn grow(
    volume: &Volume,
    outline: &Polygon,
    range: ValueRange,
    reach_mm: f64,
) -> Result<Grown, GrowthError> {
    grow_while(volume, outline, (range, reach_mm), &|| true)
}

/// Voxels that are gone through before it is asked again whether to go on.
const ASKED_EVERY: usize = 1 << 16;

/// The same as [`grow`], while `goes_on` says so.
///
/// # Errors
/// See [`GrowthError`]; [`GrowthError::Stopped`] when it does not go on.
pub fn grow_while(
    volume: &Volume,
    outline: &Polygon,
    (range, reach_mm): (ValueRange, f64),
    goes_on: &dyn Fn() -> bool,
) -> Result<Grown, GrowthError> {
    let room = Room::new(volume, outline, reach_mm)?;
    let mut cells = vec![Cell::Unknown; room.n_cells()];
    let mut queue = VecDeque::new();
    let n_in_slice = room.size[0] * room.size[1];
    let start = room.start_slice * n_in_slice;
    for at in start..start + n_in_slice {
        if room.look(volume, range, &mut cells, at) == Cell::Inside {
            cells[at] = Cell::Grown;
            queue.push_back(at);
        }
    }
    if queue.is_empty() {
        return Err(GrowthError::NothingInRange);
    }
    let mut is_cut = false;
    let mut sum = 0.0;
    let mut n_gone_through = 0usize;
    while let Some(at) = queue.pop_front() {
        n_gone_through += 1;
        if n_gone_through.is_multiple_of(ASKED_EVERY) && !goes_on() {
            return Err(GrowthError::Stopped);
        }
        sum += room.value(volume, at).unwrap_or_default();
        for neighbour in room.neighbours(at) {
            let Some(next) = neighbour else {
                is_cut = true;
                continue;
            };
            match room.look(volume, range, &mut cells, next) {
                Cell::Inside => {
                    cells[next] = Cell::Grown;
                    queue.push_back(next);
                }
                Cell::Beyond => is_cut = true,
                Cell::Unknown | Cell::OutOfRange | Cell::Grown => {}
            }
        }
    }
    Ok(room.body(volume, &cells, (sum, is_cut)))
}

/// What is known of a voxel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cell {
    Unknown,
    /// In the outline, its value is not in the range.
    OutOfRange,
    /// In the outline and in the range, not reached yet.
    Inside,
    /// Not in the outline though in the range, or of no value: growth is cut here.
    Beyond,
    Grown,
}

/// The cuboid of voxels about the outline and its reach, with a margin of one voxel.
struct Room {
    first: [usize; 3],
    size: [usize; 3],
    /// The slice of the outline, counted from the first of the room.
    start_slice: usize,
    /// Is a voxel in the outline?
    in_outline: Vec<bool>,
}

impl Room {
    fn new(volume: &Volume, outline: &Polygon, reach_mm: f64) -> Result<Self, GrowthError> {
        if volume.kind != GeometryKind::Volume {
            return Err(GrowthError::NotAVolume);
        }
        if volume.voxels.stored().is_colour() {
            return Err(StatisticsError::Colour.into());
        }
        let normal = volume.grid.slice_normal().ok_or(GrowthError::NotAVolume)?;
        if SAME_PLANE_SINE <= normal.cross(outline.normal()).length_mm() {
            return Err(GrowthError::Oblique);
        }
        let start = nearest_slice(volume, outline.centre()).ok_or(StatisticsError::NoVoxels)?;
        let [_, _, spacing_mm] = volume.grid.spacing_mm();
        // The cast saturates, and the slices limit it.
        let n_reach = match spacing_mm {
            spacing if 1e-9 < spacing => (reach_mm.max(0.0) / spacing + 1e-9) as usize,
            _ => 0,
        };
        let last = volume.n_slices().saturating_sub(1);
        let slices = [
            start.saturating_sub(n_reach),
            start.saturating_add(n_reach).min(last),
        ];
        let mut bounds = [[f64::INFINITY, f64::NEG_INFINITY]; 2];
        for slice_idx in slices {
            // Of a tilted volume the outline lies elsewhere on each slice; the extremes are on the outermost.
            let map = volume.slice_map(slice_idx).ok_or(GrowthError::NotAVolume)?;
            for corner in outline.corners() {
                let at = map.invert(corner).ok_or(GrowthError::NotAVolume)?;
                for axis in 0..2 {
                    bounds[axis] = [bounds[axis][0].min(at[axis]), bounds[axis][1].max(at[axis])];
                }
            }
        }
        let [n_columns, n_rows] = volume.slice_size();
        // The casts saturate: below zero is zero.
        let range = |[low, high]: [f64; 2], n: usize| {
            let first = (low - 1.0).floor() as usize;
            let end = ((high + 2.0).ceil() as usize).min(n);
            (first.min(end), end)
        };
        let (columns, rows) = (range(bounds[0], n_columns), range(bounds[1], n_rows));
        let size = [
            columns.1 - columns.0,
            rows.1 - rows.0,
            slices[1] - slices[0] + 1,
        ];
        let n_cells = size.iter().try_fold(1usize, |n, side| n.checked_mul(*side));
        match n_cells {
            Some(n) if n <= MAX_REGION_SAMPLES && 0 < n => {}
            Some(0) => return Err(StatisticsError::NoVoxels.into()),
            _ => return Err(GrowthError::TooLarge),
        }
        let mut room = Self {
            first: [columns.0, rows.0, slices[0]],
            size,
            start_slice: start - slices[0],
            in_outline: Vec::new(),
        };
        room.in_outline = room.mask(volume, outline)?;
        Ok(room)
    }

    fn mask(&self, volume: &Volume, outline: &Polygon) -> Result<Vec<bool>, GrowthError> {
        let region = FlatRegion::Polygon(outline.clone());
        let mut mask = Vec::with_capacity(self.n_cells());
        for k in 0..self.size[2] {
            let map = volume.slice_map(self.first[2] + k);
            let map = map.ok_or(GrowthError::NotAVolume)?;
            for j in 0..self.size[1] {
                let start = map.apply([self.first[0] as f64, (self.first[1] + j) as f64, 0.0]);
                let row = region.row(start, map.columns[0]);
                mask.extend((0..self.size[0]).map(|i| row.contains(i as f64)));
            }
        }
        Ok(mask)
    }

    fn n_cells(&self) -> usize {
        self.size.iter().product()
    }

    /// (column, row, slice) within the room.
    fn place(&self, at: usize) -> [usize; 3] {
        let [n_columns, n_rows, _] = self.size;
        [
            at % n_columns,
            at / n_columns % n_rows,
            at / n_columns / n_rows,
        ]
    }

    fn value(&self, volume: &Volume, at: usize) -> Option<f64> {
        let [i, j, k] = self.place(at);
        volume.value(self.first[2] + k, self.first[1] + j, self.first[0] + i)
    }

    /// What a voxel is, found out when it is first asked for.
    fn look(&self, volume: &Volume, range: ValueRange, cells: &mut [Cell], at: usize) -> Cell {
        let Some(cell) = cells.get_mut(at) else {
            return Cell::Beyond;
        };
        if *cell == Cell::Unknown {
            let inside = self.in_outline.get(at).is_some_and(|inside| *inside);
            *cell = match self.value(volume, at) {
                None => Cell::Beyond,
                Some(value) if !range.contains(value) => Cell::OutOfRange,
                Some(_) if inside => Cell::Inside,
                Some(_) => Cell::Beyond,
            };
        }
        *cell
    }

    /// The six neighbours; `None` beyond the room.
    fn neighbours(&self, at: usize) -> [Option<usize>; 6] {
        let place = self.place(at);
        let steps = [1, self.size[0], self.size[0] * self.size[1]];
        std::array::from_fn(|n| {
            let axis = n / 2;
            if n % 2 == 0 {
                (0 < place[axis]).then(|| at - steps[axis])
            } else {
                (place[axis] + 1 < self.size[axis]).then(|| at + steps[axis])
            }
        })
    }

    fn body(&self, volume: &Volume, cells: &[Cell], (sum, is_cut): (f64, bool)) -> Grown {
        let mut runs: Vec<(usize, usize, Range<usize>)> = Vec::new();
        let grown = cells.iter().enumerate().filter(|(_, c)| **c == Cell::Grown);
        for (at, _) in grown {
            let [i, j, k] = self.place(at);
            let (column, row, slice) = (self.first[0] + i, self.first[1] + j, self.first[2] + k);
            match runs.last_mut() {
                Some((s, r, columns)) if *s == slice && *r == row && columns.end == column => {
                    columns.end += 1;
                }
                _ => runs.push((slice, row, column..column + 1)),
            }
        }
        let n_voxels: usize = runs.iter().map(|(_, _, columns)| columns.len()).sum();
        let cell_mm3 = volume.grid.patient_from_voxel().determinant().abs();
        Grown {
            n_voxels,
            volume_mm3: n_voxels as f64 * cell_mm3,
            mean: sum / n_voxels.max(1) as f64,
            slices: [
                runs.first().map_or(0, |run| run.0),
                runs.last().map_or(0, |run| run.0),
            ],
            is_cut,
            runs,
        }
    }
}

/// Bins that a threshold is looked for in.
const N_BINS: usize = 256;

/// The range of values that tells what is in the middle of an outline from the rest of it: the threshold that parts the
/// values in the outline into the two classes furthest apart (Otsu's), open on the side of the value in the middle.
/// All values when they are all the same.
///
/// # Errors
/// See [`StatisticsError`].
pub fn otsu_range(volume: &Volume, outline: &Polygon) -> Result<ValueRange, StatisticsError> {
    let region = FlatRegion::Polygon(outline.clone());
    let values = region_values(volume, None, &region)?;
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if high <= low {
        return Ok(ValueRange::default());
    }
    let width = (high - low) / N_BINS as f64;
    let mut counts = [0.0f64; N_BINS];
    let mut sums = [0.0f64; N_BINS];
    for value in &values {
        // Not negative, and the last value belongs to the last bin.
        let bin = (((value - low) / width) as usize).min(N_BINS - 1);
        counts[bin] += 1.0;
        sums[bin] += value;
    }
    let (n, total): (f64, f64) = (counts.iter().sum(), sums.iter().sum());
    let (mut n_below, mut below) = (0.0, 0.0);
    let mut best = (f64::NEG_INFINITY, low);
    for bin in 0..N_BINS - 1 {
        n_below += counts[bin];
        below += sums[bin];
        let n_above = n - n_below;
        if 0.0 < n_below && 0.0 < n_above {
            let apart = below / n_below - (total - below) / n_above;
            let between = n_below * n_above * apart * apart;
            if best.0 < between {
                best = (between, low + width * (bin + 1) as f64);
            }
        }
    }
    let threshold = best.1;
    let middle = probe(volume, outline.centre()).ok_or(StatisticsError::NoVoxels)?;
    Ok(if threshold <= middle {
        ValueRange {
            low: Some(threshold),
            high: None,
        }
    } else {
        ValueRange {
            low: None,
            high: Some(threshold),
        }
    })
}
