//! What of a volume planes went through: layer by layer, in bricks of about 16 mm.
//!
//! A plane that crosses a brick once has shown one layer of it, not the brick. So each brick is thought of as layers one
//! voxel thick along each of its three axes; a plane shows the layers of the axis that its normal is nearest to. A brick
//! is seen when all its layers along one axis were on screen for long enough.

use std::collections::BTreeMap;

use case::{LaneLayers, MAX_LAYER_NUMBERS, VolumeCoverage};
use space::{Grid, PatientVector, ViewPlane};

use crate::coverage::SEEN_MS;

/// Length of the edge of a brick, mm, as near as whole voxels come.
const BRICK_MM: f64 = 16.0;
/// Voxels along an edge of a brick at most.
const MAX_BRICK_VOXELS: usize = 32;
/// Layers of all bricks along one axis at most; of a larger volume no layers are kept, only slices.
const MAX_LAYERS: usize = 1 << 24;

/// How a volume is cut into bricks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bricks {
    grid: Grid,
    /// Voxels of a brick along each axis.
    edge: [usize; 3],
    /// Bricks along each axis.
    n: [usize; 3],
}

/// A plane or slab on the screen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) plane: ViewPlane,
    /// To both sides of the plane, mm.
    pub(crate) half_thickness_mm: f64,
}

/// The layers that a look shows.
struct Crossed {
    axis: usize,
    layer_idxs: Vec<usize>,
}

impl Bricks {
    /// `None` for volumes of no voxels, and for those too large to keep layers of.
    pub(crate) fn of(grid: &Grid) -> Option<Self> {
        let spacing_mm = grid.spacing_mm();
        let edge: [usize; 3] = std::array::from_fn(|a| {
            let voxels = (BRICK_MM / spacing_mm[a].max(1e-3)).round();
            // The cast is safe: the clamp leaves 1 ..= 32.
            let voxels = voxels.clamp(1.0, MAX_BRICK_VOXELS as f64) as usize;
            voxels.min(grid.size[a].max(1))
        });
        let n = std::array::from_fn(|a| grid.size[a].div_ceil(edge[a]));
        let bricks = Self {
            grid: *grid,
            edge,
            n,
        };
        let fits = (0..3).all(|axis| {
            let layers = bricks.n_layers(axis);
            0 < layers && layers <= MAX_LAYERS
        });
        fits.then_some(bricks)
    }

    /// Layers of all bricks along an axis.
    fn n_layers(&self, axis: usize) -> usize {
        let [b, c] = others(axis);
        self.n[b]
            .saturating_mul(self.n[c])
            .saturating_mul(self.grid.size[axis])
    }

    fn n_bricks(&self) -> usize {
        self.n.iter().product()
    }

    /// The brick that a layer belongs to, and how many layers that brick has along the axis.
    fn brick_of(&self, axis: usize, layer_idx: usize) -> (usize, usize) {
        let [b, c] = others(axis);
        let size = self.grid.size[axis];
        let (column_idx, along) = (layer_idx / size, layer_idx % size);
        let mut at = [0; 3];
        at[axis] = along / self.edge[axis];
        at[b] = column_idx % self.n[b];
        at[c] = column_idx / self.n[b];
        let brick_idx = at[0] + self.n[0] * (at[1] + self.n[1] * at[2]);
        (brick_idx, self.extent(axis, at[axis]))
    }

    /// Voxels of the nth brick along an axis.
    fn extent(&self, axis: usize, nth: usize) -> usize {
        self.edge[axis].min(self.grid.size[axis] - nth * self.edge[axis])
    }

    fn n_voxels_of(&self, brick_idx: usize) -> f64 {
        let at = [
            brick_idx % self.n[0],
            brick_idx / self.n[0] % self.n[1],
            brick_idx / (self.n[0] * self.n[1]),
        ];
        (0..3).map(|a| self.extent(a, at[a]) as f64).product()
    }

    /// Leaves of the layers of an axis those that all brick columns of a square of so many to a side showed.
    fn merge(&self, axis: usize, flags: &mut [bool], n_to_side: usize) {
        let [b, c] = others(axis);
        let n_along = self.grid.size[axis];
        let squares = [self.n[b], self.n[c]].map(|n| n.div_ceil(n_to_side.max(1)));
        for square in 0..squares[0] * squares[1] {
            let [b_first, c_first] =
                [square % squares[0], square / squares[0]].map(|k| k * n_to_side);
            let columns: Vec<usize> = (c_first..(c_first + n_to_side).min(self.n[c]))
                .flat_map(|c_idx| {
                    let in_row = b_first..(b_first + n_to_side).min(self.n[b]);
                    in_row.map(move |b_idx| (c_idx, b_idx))
                })
                .map(|(c_idx, b_idx)| (c_idx * self.n[b] + b_idx) * n_along)
                .collect();
            for along in 0..n_along {
                let all = columns
                    .iter()
                    .all(|first| flags.get(first + along) == Some(&true));
                for first in &columns {
                    if let Some(flag) = flags.get_mut(first + along) {
                        *flag = all;
                    }
                }
            }
        }
    }

    /// The layers whose middle lies in the plane or slab, and inside of the picture on the screen.
    fn crossed(&self, look: &Look) -> Crossed {
        let grid = &self.grid;
        let away = look.plane.frame.away;
        let steps = [grid.column_step, grid.row_step, grid.slice_step];
        let cosine = |step: &PatientVector| step.dot(away).abs() / step.length_mm().max(1e-9);
        let axis = (0..3)
            .max_by(|a, b| cosine(&steps[*a]).total_cmp(&cosine(&steps[*b])))
            .unwrap_or(2);
        let mut layer_idxs = Vec::new();
        let per_layer_mm = steps[axis].dot(away);
        let [b, c] = others(axis);
        if per_layer_mm.abs() < 1e-9 {
            return Crossed { axis, layer_idxs };
        }
        let half_layers = look.half_thickness_mm / per_layer_mm.abs() + 1e-6;
        let last = grid.size[axis] as f64 - 1.0;
        for c_idx in 0..self.n[c] {
            for b_idx in 0..self.n[b] {
                let middle = |axis: usize, nth: usize| {
                    (nth * self.edge[axis]) as f64 + (self.extent(axis, nth) as f64 - 1.0) / 2.0
                };
                let mut voxel = [0.0; 3];
                voxel[b] = middle(b, b_idx);
                voxel[c] = middle(c, c_idx);
                let at_first = look.plane.distance_mm(grid.patient(voxel));
                let crossing = -at_first / per_layer_mm;
                let low = (crossing - half_layers).ceil().max(0.0);
                let high = (crossing + half_layers).floor().min(last);
                if !crossing.is_finite() || high < low {
                    continue;
                }
                let first_idx = (c_idx * self.n[b] + b_idx) * grid.size[axis];
                // The casts are safe: both lie within 0 ..= last.
                for along in low as usize..=high as usize {
                    voxel[axis] = along as f64;
                    if is_on_screen(&look.plane, look.plane.pixel(grid.patient(voxel))) {
                        layer_idxs.push(first_idx + along);
                    }
                }
            }
        }
        Crossed { axis, layer_idxs }
    }
}

/// The two other axes, the lower first.
fn others(axis: usize) -> [usize; 2] {
    match axis {
        0 => [1, 2],
        1 => [0, 2],
        _ => [0, 1],
    }
}

fn is_on_screen(plane: &ViewPlane, pixel: [f64; 2]) -> bool {
    (0..2).all(|a| (-0.5..=plane.size_px[a] as f64 - 0.5).contains(&pixel[a]))
}

/// One lane of a volume.
#[derive(Clone, Debug, Default)]
struct Lane {
    /// Time on screen of each layer, ms, for each axis that was looked along.
    ms: [Vec<u16>; 3],
    /// What the record had before, for each axis it had anything of.
    before: [Vec<bool>; 3],
    dwell_ms: u64,
    zoom_percent: u32,
}

impl Lane {
    fn is_seen(&self, axis: usize, layer_idx: usize) -> bool {
        let long_enough = |ms: &u16| SEEN_MS <= u32::from(*ms);
        self.before[axis].get(layer_idx) == Some(&true)
            || self.ms[axis].get(layer_idx).is_some_and(long_enough)
    }
}

/// What was seen of one volume in planes.
#[derive(Clone, Debug)]
pub(crate) struct SeenLayers {
    bricks: Bricks,
    lanes: BTreeMap<String, Lane>,
    /// For each axis: was the layer seen in any lane?
    seen: [Vec<bool>; 3],
    /// For each axis: layers of each brick seen in any lane.
    n_seen: [Vec<u16>; 3],
    /// Of each brick the share that was seen, along the axis where it is largest.
    share: Vec<f64>,
    /// Voxels seen, as shares of bricks.
    seen_voxels: f64,
}

impl SeenLayers {
    /// Goes on from what the record has of a volume; a record of another layout is not of this volume, and forgotten.
    pub(crate) fn resume(bricks: Bricks, recorded: Option<&VolumeCoverage>) -> Self {
        let mut seen = Self {
            share: vec![0.0; bricks.n_bricks()],
            bricks,
            lanes: BTreeMap::new(),
            seen: Default::default(),
            n_seen: Default::default(),
            seen_voxels: 0.0,
        };
        let [size, edge] = [bricks.grid.size, bricks.edge].map(small);
        let recorded = recorded.filter(|r| r.size == size && r.brick == edge);
        for (name, layers) in recorded.into_iter().flat_map(|r| &r.lanes) {
            let mut lane = Lane {
                dwell_ms: layers.dwell_ms,
                zoom_percent: layers.zoom_percent,
                ..Lane::default()
            };
            for axis in 0..3 {
                if layers.layers[axis].is_empty() && layers.columns[axis].places.is_empty() {
                    continue;
                }
                let n = [bricks.grid.size[axis], bricks.n_layers(axis)];
                lane.before[axis] = layers.flags(axis, n);
                for layer_idx in (0..lane.before[axis].len()).filter(|i| lane.before[axis][*i]) {
                    seen.count(axis, layer_idx);
                }
            }
            seen.lanes.insert(name.clone(), lane);
        }
        seen
    }

    /// A plane was on screen for so long. `zoom`: screen pixels per image pixel; below 1 it is too small to count.
    pub(crate) fn look(&mut self, lane: &str, look: &Look, elapsed_ms: u64, zoom: f64) {
        let crossed = self.bricks.crossed(look);
        let n_layers = self.bricks.n_layers(crossed.axis);
        let held = self.lanes.entry(lane.to_owned()).or_default();
        held.dwell_ms = held.dwell_ms.saturating_add(elapsed_ms);
        held.zoom_percent = held.zoom_percent.max(zoom_percent(zoom));
        if zoom < 1.0 {
            return;
        }
        let ms = &mut held.ms[crossed.axis];
        ms.resize(n_layers, 0);
        let elapsed = u16::try_from(elapsed_ms).unwrap_or(u16::MAX);
        let mut new = Vec::new();
        for layer_idx in crossed.layer_idxs {
            let Some(ms) = ms.get_mut(layer_idx) else {
                continue;
            };
            let was_short = u32::from(*ms) < SEEN_MS;
            *ms = ms.saturating_add(elapsed);
            if was_short && SEEN_MS <= u32::from(*ms) {
                new.push(layer_idx);
            }
        }
        for layer_idx in new {
            self.count(crossed.axis, layer_idx);
        }
    }

    /// Counts a layer that was seen in some lane, once.
    fn count(&mut self, axis: usize, layer_idx: usize) {
        self.seen[axis].resize(self.bricks.n_layers(axis), false);
        self.n_seen[axis].resize(self.bricks.n_bricks(), 0);
        match self.seen[axis].get_mut(layer_idx) {
            Some(seen) if !*seen => *seen = true,
            Some(_) | None => return,
        }
        let (brick_idx, n_layers) = self.bricks.brick_of(axis, layer_idx);
        let Some((n_seen, share)) = self.n_seen[axis]
            .get_mut(brick_idx)
            .zip(self.share.get_mut(brick_idx))
        else {
            return;
        };
        *n_seen += 1;
        let now = f64::from(*n_seen) / n_layers.max(1) as f64;
        if *share < now {
            self.seen_voxels += (now - *share) * self.bricks.n_voxels_of(brick_idx);
            *share = now;
        }
    }

    /// Share of the volume seen in at least one lane, percent, rounded down so that 100 means all.
    pub(crate) fn percent(&self) -> u8 {
        let all: f64 = self.bricks.grid.size.iter().map(|n| *n as f64).product();
        // The cast saturates.
        (self.seen_voxels / all.max(1.0) * 100.0 + 1e-6).floor() as u8
    }

    /// Of the layers that a look would show: how many there are, and how many were not yet seen in a lane.
    pub(crate) fn unseen(&self, lane: &str, look: &Look) -> [usize; 2] {
        let crossed = self.bricks.crossed(look);
        let lane = self.lanes.get(lane);
        let is_new = |idx: &&usize| lane.is_none_or(|l| !l.is_seen(crossed.axis, **idx));
        let n_unseen = crossed.layer_idxs.iter().filter(is_new).count();
        [crossed.layer_idxs.len(), n_unseen]
    }

    /// What to put into the record: every layer, or where that would be too many numbers, what more and more neighbouring
    /// brick columns have in common. What is not said counts as not seen when the read goes on.
    pub(crate) fn record(&self) -> VolumeCoverage {
        self.record_within(MAX_LAYER_NUMBERS)
    }

    fn record_within(&self, max_numbers: usize) -> VolumeCoverage {
        let mut lanes: Vec<(String, LaneLayers, [Vec<bool>; 3])> = self
            .lanes
            .iter()
            .map(|(name, lane)| {
                let of_axis = |axis: usize| {
                    let n = lane.ms[axis].len().max(lane.before[axis].len());
                    (0..n)
                        .map(|layer_idx| lane.is_seen(axis, layer_idx))
                        .collect()
                };
                let layers = LaneLayers {
                    dwell_ms: lane.dwell_ms,
                    zoom_percent: lane.zoom_percent,
                    ..LaneLayers::default()
                };
                (name.clone(), layers, std::array::from_fn(of_axis))
            })
            .collect();
        let most_columns = self.bricks.n.into_iter().max().unwrap_or(0);
        let longest = self.bricks.grid.size.into_iter().max().unwrap_or(0);
        let (mut merged, mut shortest) = (1, 1);
        loop {
            let mut n_numbers = 0;
            for (_, layers, flags) in &mut lanes {
                for (axis, flags) in flags.iter_mut().enumerate() {
                    if 1 < merged {
                        self.bricks.merge(axis, flags, merged);
                    }
                    layers.say(axis, flags, [self.bricks.grid.size[axis], shortest]);
                }
                (layers.merged, layers.shortest) = (coarseness(merged), coarseness(shortest));
                n_numbers += layers.n_numbers();
            }
            // Beyond the longest stretch nothing is said at all.
            if n_numbers <= max_numbers || longest < shortest {
                break;
            }
            match merged < most_columns {
                true => merged *= 2,
                false => shortest *= 2,
            }
        }
        let lanes = lanes.into_iter().map(|(name, layers, _)| (name, layers));
        VolumeCoverage {
            size: small(self.bricks.grid.size),
            brick: small(self.bricks.edge),
            percent: self.percent(),
            lanes: lanes.collect(),
        }
    }
}

/// As a record says it: 0 for what is said in full.
fn coarseness(factor: usize) -> u32 {
    match factor {
        0 | 1 => 0,
        more => u32::try_from(more).unwrap_or(u32::MAX),
    }
}

/// Magnification in whole percent.
pub(crate) fn zoom_percent(zoom: f64) -> u32 {
    // The cast saturates, and NaN becomes 0.
    (zoom * 100.0).floor() as u32
}

fn small(numbers: [usize; 3]) -> [u32; 3] {
    numbers.map(|n| u32::try_from(n).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use space::{Orientation, PatientPoint, PlaneFrame};

    use super::*;

    /// 64 × 64 × 64 voxels of 1 mm about the origin: four bricks of 16 layers along each axis.
    fn cube() -> Bricks {
        let grid = Grid {
            size: [64, 64, 64],
            origin: PatientPoint::new(-31.5, -31.5, -31.5),
            column_step: PatientVector::new(1.0, 0.0, 0.0),
            row_step: PatientVector::new(0.0, 1.0, 0.0),
            slice_step: PatientVector::new(0.0, 0.0, 1.0),
        };
        Bricks::of(&grid).unwrap()
    }

    fn look(frame: PlaneFrame, centre: PatientPoint, half_thickness_mm: f64) -> Look {
        Look {
            plane: ViewPlane {
                centre,
                frame,
                mm_per_pixel: 0.5,
                size_px: [512, 512],
            },
            half_thickness_mm,
        }
    }

    fn at_z(z_mm: f64) -> Look {
        let centre = PatientPoint::new(0.0, 0.0, z_mm);
        look(Orientation::Axial.frame(), centre, 0.5)
    }

    #[test]
    fn bricks_are_as_near_to_16_mm_as_whole_voxels_come() {
        let bricks = cube();
        assert_eq!((bricks.edge, bricks.n), ([16; 3], [4; 3]));
        for (spacing_mm, size, edge) in [
            (0.7, 512, 23),
            (5.0, 40, 3),
            (0.2, 900, 32),
            (40.0, 9, 1),
            (1.0, 5, 5),
        ] {
            let grid = Grid {
                size: [size; 3],
                slice_step: PatientVector::new(0.0, 0.0, spacing_mm),
                ..bricks.grid
            };
            assert_eq!(Bricks::of(&grid).unwrap().edge[2], edge, "{spacing_mm} mm");
        }
        let huge = Grid {
            size: [1 << 20; 3],
            ..bricks.grid
        };
        assert!(Bricks::of(&huge).is_none(), "a stated limit");
    }

    #[test]
    fn one_plane_shows_one_layer_of_the_bricks_it_crosses() {
        let mut seen = SeenLayers::resume(cube(), None);
        seen.look("soft", &at_z(0.5), 249, 2.0);
        assert_eq!(seen.unseen("soft", &at_z(0.5)), [16, 16], "too short");
        seen.look("soft", &at_z(0.5), 1, 2.0);
        assert_eq!(seen.unseen("soft", &at_z(0.5)), [16, 0]);
        assert_eq!(seen.unseen("lung", &at_z(0.5)), [16, 16], "another lane");
        assert_eq!(seen.unseen("soft", &at_z(1.5)), [16, 16], "the next layer");
        // One of 64 layers.
        assert_eq!(seen.percent(), 1);
        for k in 0..64 {
            seen.look("soft", &at_z(f64::from(k) - 31.5), 250, 1.0);
        }
        assert_eq!(seen.percent(), 100);
    }

    #[test]
    fn a_record_that_would_be_too_large_is_coarser_and_says_no_more_than_was_seen() {
        let mut seen = SeenLayers::resume(cube(), None);
        // Stretches of 1, 2, 4 and 8 layers, seen in the left half of the screen only.
        for k in [2, 5, 6, 10, 11, 12, 13, 20, 21, 22, 23, 24, 25, 26, 27] {
            let mut half = at_z(f64::from(k) - 31.5);
            half.plane.size_px = [60 + 2 * k as usize, 512];
            seen.look("soft", &half, 250, 2.0);
        }
        let all = seen.record();
        let lane = |record: &VolumeCoverage| record.lanes.get("soft").unwrap().clone();
        let n = [64, 16 * 64];
        let flags = lane(&all).flags(2, n);
        let n_all = lane(&all).n_numbers();
        assert!(flags.iter().any(|seen| *seen));
        let mut n_said_before = usize::MAX;
        for max in [n_all, n_all - 1, n_all / 2, 5, 0] {
            let record = seen.record_within(max);
            assert!(lane(&record).n_numbers() <= max, "{max}");
            assert_eq!(record.percent, all.percent, "the share is that of all");
            assert_eq!(lane(&record).dwell_ms, lane(&all).dwell_ms);
            let said = lane(&record).flags(2, n);
            assert!(said.iter().zip(&flags).all(|(said, was)| !said || *was));
            let n_said = said.iter().filter(|seen| **seen).count();
            assert!(n_said <= n_said_before);
            n_said_before = n_said;
            let again = SeenLayers::resume(cube(), Some(&record));
            assert_eq!(again.record().lanes.get("soft").unwrap().flags(2, n), said);
        }
        assert_eq!(n_said_before, 0, "no room, no layers");
    }

    /// The largest series that is agreed on: 2,000 slices of 512 × 512, as a CT of the trunk has them.
    fn trunk() -> Bricks {
        let grid = Grid {
            size: [512, 512, 2000],
            origin: PatientPoint::new(-179.0, -179.0, 0.0),
            column_step: PatientVector::new(0.7, 0.0, 0.0),
            row_step: PatientVector::new(0.0, 0.7, 0.0),
            slice_step: PatientVector::new(0.0, 0.0, 0.5),
        };
        Bricks::of(&grid).unwrap()
    }

    #[test]
    fn a_long_read_of_a_long_series_stays_within_the_bound() {
        let frames = [
            Orientation::Axial,
            Orientation::Coronal,
            Orientation::Sagittal,
        ];
        let at = |along: f64, axis: usize| match axis {
            0 => PatientPoint::new(0.0, 0.0, along),
            1 => PatientPoint::new(0.0, along, 500.0),
            _ => PatientPoint::new(along, 0.0, 500.0),
        };
        // What was seen, and the most numbers that it may take: everything; every other slice of every plane; slabs at
        // every sixth; scattered planes, magnified so that each shows another part.
        for (what, step_mm, half_mm, magnified, most) in [
            ("every plane", 0.25, 0.5, false, 30),
            ("every other plane", 1.0, 0.25, false, 15_000),
            ("slabs with gaps", 30.0, 10.0, false, 1_000),
            ("parts", 1.6, 0.25, true, MAX_LAYER_NUMBERS),
        ] {
            let mut seen = SeenLayers::resume(trunk(), None);
            for (axis, orientation) in frames.iter().enumerate() {
                let (from, to) = if axis == 0 {
                    (0.0, 1000.0)
                } else {
                    (-179.0, 179.0)
                };
                let n = ((to - from) / step_mm) as usize;
                for k in 0..=n {
                    let centre = at(from + k as f64 * step_mm, axis);
                    let mut look = look(orientation.frame(), centre, half_mm);
                    look.plane.size_px = [4000, 4000];
                    if magnified {
                        look.plane.size_px = [200 + 97 * (k % 11), 150 + 89 * (k % 7)];
                    }
                    for lane in ["soft", "lung", "bone", "brain"] {
                        seen.look(lane, &look, 250, 2.0);
                    }
                }
            }
            let begin = std::time::Instant::now();
            let record = seen.record();
            let took_ms = begin.elapsed().as_millis();
            let n_numbers: usize = record.lanes.values().map(LaneLayers::n_numbers).sum();
            let n_bytes = serde_json::to_string(&record).unwrap().len();
            println!(
                "{what}: {n_numbers} numbers, {n_bytes} bytes of text, {took_ms} ms, {} %",
                record.percent
            );
            assert!(n_numbers <= most, "{what}: {n_numbers}");
            assert!(
                1000 < n_bytes || what == "every plane",
                "{what} is not lost"
            );
            let again = SeenLayers::resume(trunk(), Some(&record));
            assert!(again.percent() <= record.percent);
        }
    }

    #[test]
    fn what_is_too_small_on_screen_does_not_count_but_its_time_is_kept() {
        let mut seen = SeenLayers::resume(cube(), None);
        seen.look("soft", &at_z(0.5), 10_000, 0.99);
        assert_eq!(seen.percent(), 0);
        let record = seen.record();
        let lane = record.lanes.get("soft").unwrap();
        assert_eq!((lane.dwell_ms, lane.zoom_percent), (10_000, 99));
        assert!(lane.layers.iter().all(Vec::is_empty));
    }

    #[test]
    fn what_lies_beside_the_picture_does_not_count() {
        let mut seen = SeenLayers::resume(cube(), None);
        let mut near = at_z(0.5);
        // 40 × 40 mm about the middle hold the middles of the four inner columns, at ±8 mm, and not those at ±24 mm.
        near.plane.size_px = [80, 80];
        seen.look("soft", &near, 250, 2.0);
        assert_eq!(seen.unseen("soft", &at_z(0.5)), [16, 12]);
    }

    #[test]
    fn an_oblique_plane_shows_what_geometry_says() {
        // Through a ball of bricks: of those with their middle within 30 mm, the plane crosses the middle line of as many
        // as lie that near to it. Counted here from the distances alone, without any of the code above.
        let bricks = cube();
        for (deg, centre_mm) in [(20.0, 0.0), (35.0, 6.3), (44.0, -11.0)] {
            let angle = f64::to_radians(deg);
            let frame = Orientation::Axial
                .frame()
                .turned_about(PatientVector::new(1.0, 0.0, 0.0), angle);
            let centre = PatientPoint::new(0.0, 0.0, centre_mm);
            let mut seen = SeenLayers::resume(bricks, None);
            seen.look("soft", &look(frame, centre, 0.5), 250, 2.0);
            let half_along_z = 0.5 / frame.away.z_mm.abs();
            let mut expected = 0;
            for x in [-24.0, -8.0, 8.0, 24.0_f64] {
                for y in [-24.0, -8.0, 8.0, 24.0_f64] {
                    // away · (p − centre) = 0, solved for z.
                    let z =
                        centre_mm - (frame.away.x_mm * x + frame.away.y_mm * y) / frame.away.z_mm;
                    let layers = (0..64).map(|k| f64::from(k) - 31.5);
                    let near = |at: &f64| (at - z).abs() <= half_along_z + 1e-6;
                    expected += layers.filter(near).count();
                }
            }
            let record = seen.record();
            let lane = &record.lanes["soft"];
            let n_seen = |axis| lane.flags(axis, [64, 1024]).iter().filter(|s| **s).count();
            assert_eq!(n_seen(2), expected, "{deg}°");
            assert!(16 <= expected && n_seen(0) == 0 && n_seen(1) == 0);
        }
    }

    #[test]
    fn planes_one_step_apart_leave_nothing_out_whatever_their_angle() {
        for deg in [0.0, 17.0, 40.0, 45.0, 90.0] {
            let frame = Orientation::Axial
                .frame()
                .turned_about(PatientVector::new(1.0, 0.0, 0.0), f64::to_radians(deg));
            let mut seen = SeenLayers::resume(cube(), None);
            for step in -60..=60 {
                let centre = PatientPoint::new(0.0, 0.0, 0.0) + frame.away * f64::from(step);
                seen.look("soft", &look(frame, centre, 0.5), 250, 2.0);
            }
            assert_eq!(seen.percent(), 100, "{deg}°");
        }
    }

    #[test]
    fn a_slab_shows_all_layers_that_it_holds() {
        let mut seen = SeenLayers::resume(cube(), None);
        let slab = Look {
            half_thickness_mm: 8.0,
            ..at_z(0.0)
        };
        seen.look("soft", &slab, 250, 2.0);
        // 16 of 64 layers.
        assert_eq!(seen.percent(), 25);
    }

    #[test]
    fn the_record_is_small_and_goes_on_where_it_ended() {
        let mut first = SeenLayers::resume(cube(), None);
        let coronal = |y_mm: f64| {
            let centre = PatientPoint::new(0.0, y_mm, 0.0);
            look(Orientation::Coronal.frame(), centre, 0.5)
        };
        for k in 0..32 {
            first.look("lung", &coronal(f64::from(k) - 31.5), 250, 1.5);
        }
        let record = first.record();
        assert_eq!(record.percent, 50);
        assert!(record.lanes["lung"].n_numbers() <= 2 * 16);
        let mut second = SeenLayers::resume(cube(), Some(&record));
        assert_eq!(second.record(), record);
        for k in 32..64 {
            second.look("soft", &coronal(f64::from(k) - 31.5), 250, 1.5);
        }
        assert_eq!(second.percent(), 100, "in one lane or the other");
        let other = VolumeCoverage {
            size: [64, 64, 63],
            ..record
        };
        assert_eq!(SeenLayers::resume(cube(), Some(&other)).percent(), 0);
    }
}
