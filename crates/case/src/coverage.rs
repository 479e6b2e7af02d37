use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

/// What was on screen, per series and lane (window class): which slices counted as seen (DECISIONS 5).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// By Series Instance UID, then lane name (`soft`, `lung`, `bone`, `brain`, `other`), one flag a slice.
    pub series: BTreeMap<String, BTreeMap<String, Vec<bool>>>,
    /// Active reading time, ms.
    pub active_ms: u64,
    /// How long and how large each slice was on screen, by the same names. Records from before this was kept have none,
    /// and are written as they were.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub looks: BTreeMap<String, BTreeMap<String, SliceLooks>>,
    /// What planes and slabs went through, by the same names; only volumes that planes were cut through.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub volumes: BTreeMap<String, VolumeCoverage>,
}

/// How long and how large the slices of a series were on screen in one lane, slice after slice as runs of equal ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SliceLooks {
    /// Pairs of how many slices, and tenths of a second that each was on screen.
    pub dwell_ds: Vec<[u32; 2]>,
    /// Pairs of how many slices, and the largest magnification of each: screen pixels per image pixel, percent.
    pub zoom_percent: Vec<[u32; 2]>,
}

/// What of a volume planes in any direction went through.
///
/// The volume is cut into bricks, and each brick along each of its three axes into layers one voxel thick. A brick is
/// seen as far as its layers were on screen along the axis that was gone through furthest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VolumeCoverage {
    /// Voxels of the volume: columns, rows, slices.
    pub size: [u32; 3],
    /// Voxels of a brick along the same axes; those at the far ends may be smaller.
    pub brick: [u32; 3],
    /// Share of the volume that was seen in at least one lane, percent, rounded down.
    pub percent: u8,
    /// By lane name.
    pub lanes: BTreeMap<String, LaneLayers>,
}

/// The layers of a volume that were seen in one lane.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LaneLayers {
    /// For columns, rows and slices: the lengths of runs of layers not seen, seen, not seen, and so on. They go brick
    /// column by brick column, the lower of the other two axes first, and within it along the axis. Empty: none, or in
    /// `columns`.
    pub layers: [Vec<u32>; 3],
    /// The same in fewer numbers, for axes whose brick columns were seen in few ways.
    #[serde(default, skip_serializing_if = "no_columns")]
    pub columns: [SeenColumns; 3],
    /// So many neighbouring brick columns to each side are taken as one, because all of them by themselves would be more
    /// than [`MAX_LAYER_NUMBERS`]: a layer counts where every one of them showed it. 0: each is by itself.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub merged: u32,
    /// Stretches of fewer layers than this that were seen are not said, for the same reason; 0: all are.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub shortest: u32,
    /// How long planes of this volume were on screen, ms; several at once count once each.
    pub dwell_ms: u64,
    /// The largest magnification of them: screen pixels per image pixel, percent.
    pub zoom_percent: u32,
}

/// The brick columns along one axis by the ways in which they were seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenColumns {
    /// Each way once: runs of layers not seen, seen, not seen, and so on.
    pub ways: Vec<Vec<u32>>,
    /// Column by column: how many neighbours, and which way, from 0. Columns that are not said were not seen.
    pub places: Vec<[u32; 2]>,
}

impl SeenColumns {
    fn of(flags: &[bool], [n_along, shortest]: [usize; 2]) -> Self {
        let mut known: HashMap<&[bool], u32> = HashMap::new();
        let mut columns = Self::default();
        for column in flags.chunks(n_along.max(1)) {
            let next = u32::try_from(columns.ways.len()).unwrap_or(u32::MAX);
            let way = *known.entry(column).or_insert_with(|| {
                let runs = runs_of_flags(column.iter().copied());
                columns.ways.push(without_short(runs, shortest));
                next
            });
            match columns.places.last_mut() {
                Some([n, same]) if *same == way => *n = n.saturating_add(1),
                Some(_) | None => columns.places.push([1, way]),
            }
        }
        if columns.ways.iter().all(Vec::is_empty) {
            return Self::default();
        }
        columns
    }

    fn flags(&self, [n_along, n]: [usize; 2]) -> Vec<bool> {
        let mut flags = Vec::with_capacity(n);
        for [n_columns, way] in &self.places {
            let way = usize::try_from(*way)
                .ok()
                .and_then(|way| self.ways.get(way));
            let column = flags_of_runs(way.map_or(&[][..], Vec::as_slice), n_along);
            for _ in 0..*n_columns {
                if n < flags.len() + n_along || n_along == 0 {
                    break;
                }
                flags.extend_from_slice(&column);
            }
        }
        flags.resize(n, false);
        flags
    }

    fn n_numbers(&self) -> usize {
        let ways: usize = self.ways.iter().map(Vec::len).sum();
        ways + 2 * self.places.len()
    }
}

/// The most numbers that the layers of one volume may take in a record, over all lanes and axes. In text that is at most
/// 1.4 MB, and most often a hundredth of it. What would be more is said more coarsely, never left out as a whole, and
/// never so that more was seen than was.
pub const MAX_LAYER_NUMBERS: usize = 1 << 17;

fn no_columns(columns: &[SeenColumns; 3]) -> bool {
    columns.iter().all(|columns| columns.places.is_empty())
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl LaneLayers {
    /// The layers of an axis, one flag each, brick column by brick column of `n_along` layers, `n` in all. Runs that say
    /// more than there is take no more room.
    pub fn flags(&self, axis: usize, [n_along, n]: [usize; 2]) -> Vec<bool> {
        match self.columns.get(axis) {
            Some(columns) if !columns.places.is_empty() => columns.flags([n_along, n]),
            Some(_) | None => {
                flags_of_runs(self.layers.get(axis).map_or(&[][..], Vec::as_slice), n)
            }
        }
    }

    /// Says the layers of an axis, in the way that takes fewer numbers. Stretches of fewer than `shortest` layers are left
    /// out; columns have `n_along` layers each.
    pub fn say(&mut self, axis: usize, flags: &[bool], [n_along, shortest]: [usize; 2]) {
        let columns = SeenColumns::of(flags, [n_along, shortest]);
        let n_columns = columns.n_numbers();
        // What is left out goes column by column, so only columns know it.
        let whole = match shortest {
            0 | 1 => Some(runs_of_flags(flags.iter().copied())),
            _ => None,
        };
        let whole = whole.filter(|whole| whole.len() <= n_columns);
        let Some((layers, said)) = self.layers.get_mut(axis).zip(self.columns.get_mut(axis)) else {
            return;
        };
        (*layers, *said) = match whole {
            Some(whole) => (whole, SeenColumns::default()),
            None => (Vec::new(), columns),
        };
    }

    /// How many numbers the layers take.
    pub fn n_numbers(&self) -> usize {
        let runs: usize = self.layers.iter().map(Vec::len).sum();
        runs + self
            .columns
            .iter()
            .map(SeenColumns::n_numbers)
            .sum::<usize>()
    }
}

/// Runs in which stretches that are too short to be said count as not seen.
fn without_short(runs: Vec<u32>, shortest: usize) -> Vec<u32> {
    let is_short = |run: &u32| usize::try_from(*run).is_ok_and(|run| run < shortest);
    if !runs.iter().skip(1).step_by(2).any(is_short) {
        return runs;
    }
    let flags = runs.iter().enumerate().flat_map(|(run_idx, run)| {
        let is_said = run_idx % 2 == 1 && !is_short(run);
        std::iter::repeat_n(is_said, usize::try_from(*run).unwrap_or(0))
    });
    runs_of_flags(flags)
}

/// The lengths of runs of `false`, `true`, `false` and so on. Nothing where none is `true`.
pub fn runs_of_flags(flags: impl IntoIterator<Item = bool>) -> Vec<u32> {
    let mut runs = vec![0_u32];
    let mut now = false;
    for flag in flags {
        if flag != now {
            runs.push(0);
            now = flag;
        }
        if let Some(run) = runs.last_mut() {
            *run = run.saturating_add(1);
        }
    }
    // What is not seen at the end need not be said.
    if !now {
        runs.pop();
    }
    runs
}

/// The flags of such runs, exactly `n` of them: what is beyond is left out, and what is not said is `false`.
pub fn flags_of_runs(runs: &[u32], n: usize) -> Vec<bool> {
    let mut flags = Vec::with_capacity(n);
    for (run_idx, run) in runs.iter().enumerate() {
        let room = n - flags.len();
        let len = usize::try_from(*run).unwrap_or(usize::MAX).min(room);
        flags.resize(flags.len() + len, run_idx % 2 == 1);
    }
    flags.resize(n, false);
    flags
}

/// Equal neighbours as pairs of how many, and what.
pub fn runs_of_numbers(numbers: impl IntoIterator<Item = u32>) -> Vec<[u32; 2]> {
    let mut runs: Vec<[u32; 2]> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some([n, same]) if *same == number => *n = n.saturating_add(1),
            Some(_) | None => runs.push([1, number]),
        }
    }
    runs
}

/// The numbers of such pairs, exactly `n` of them: what is beyond is left out, and what is not said is 0.
pub fn numbers_of_runs(runs: &[[u32; 2]], n: usize) -> Vec<u32> {
    let mut numbers = Vec::with_capacity(n);
    for [len, number] in runs {
        let room = n - numbers.len();
        let len = usize::try_from(*len).unwrap_or(usize::MAX).min(room);
        numbers.resize(numbers.len() + len, *number);
    }
    numbers.resize(n, 0);
    numbers
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn runs_give_back_what_they_were_made_of() {
        for (flags, runs) in [
            (&[][..], &[][..]),
            (&[false, false], &[]),
            (&[true, true, false], &[0, 2]),
            (&[false, true, false, true], &[1, 1, 1, 1]),
        ] {
            assert_eq!(runs_of_flags(flags.iter().copied()), runs, "{flags:?}");
            assert_eq!(flags_of_runs(runs, flags.len()), flags, "{runs:?}");
        }
        let numbers = [0, 0, 7, 7, 7, 1];
        let runs = runs_of_numbers(numbers);
        assert_eq!(runs, [[2, 0], [3, 7], [1, 1]]);
        assert_eq!(numbers_of_runs(&runs, 6), numbers);
    }

    #[test]
    fn ways_in_which_columns_were_seen_are_said_once_and_come_back_as_they_were() {
        // Every other layer of 500 columns of 200 layers, and of three of them nothing.
        let column: Vec<bool> = (0..200).map(|k| k % 2 == 1).collect();
        let mut flags = column.repeat(500);
        flags[200 * 70..200 * 73].fill(false);
        let n = [200, flags.len()];
        let mut lane = LaneLayers::default();
        lane.say(1, &flags, [200, 1]);
        assert_eq!(lane.n_numbers(), 200 + 2 * 3);
        assert_eq!(lane.flags(1, n), flags);
        assert_eq!(lane.flags(0, n), vec![false; flags.len()]);
        let text = serde_json::to_string(&lane).unwrap();
        assert_eq!(serde_json::from_str::<LaneLayers>(&text).unwrap(), lane);
        // One run over all columns is shorter as it was always said.
        lane.say(1, &vec![true; 1000], [200, 1]);
        assert_eq!((lane.n_numbers(), lane.columns[1].places.len()), (2, 0));
        assert_eq!(lane.flags(1, [200, 1000]), vec![true; 1000]);
    }

    #[test]
    fn stretches_that_are_not_said_count_as_not_seen() {
        let flags = [
            true, false, true, true, false, true, true, true, false, false,
        ];
        for (shortest, n_seen) in [(0, 6), (1, 6), (2, 5), (3, 3), (4, 0)] {
            let mut lane = LaneLayers::default();
            lane.say(2, &flags, [10, shortest]);
            let said = lane.flags(2, [10, 10]);
            assert_eq!(said.iter().filter(|seen| **seen).count(), n_seen);
            assert!(said.iter().zip(&flags).all(|(said, was)| !said || *was));
        }
    }

    #[test]
    fn columns_that_say_more_than_there_are_take_no_more_room() {
        let columns = SeenColumns {
            ways: vec![vec![0, u32::MAX]],
            places: vec![[1, 9], [u32::MAX, 0]],
        };
        let lane = LaneLayers {
            columns: [columns, SeenColumns::default(), SeenColumns::default()],
            ..LaneLayers::default()
        };
        let expected = [[false; 3], [true; 3]].concat();
        assert_eq!(lane.flags(0, [3, 6]), expected, "no such way, then one");
        assert_eq!(lane.flags(0, [0, 4]), [false; 4]);
        assert_eq!(lane.flags(7, [3, 2]), [false; 2]);
    }

    #[test]
    fn runs_that_say_more_than_there_is_take_no_more_room() {
        assert_eq!(flags_of_runs(&[1, u32::MAX, 5], 3), [false, true, true]);
        assert_eq!(numbers_of_runs(&[[u32::MAX, 4]], 2), [4, 4]);
    }

    #[test]
    fn a_record_of_before_is_read_and_written_as_it_was() {
        let old = r#"{"series":{"1.2":{"soft":[true,false]}},"active_ms":1500}"#;
        let coverage: Coverage = serde_json::from_str(old).unwrap();
        assert!(coverage.volumes.is_empty() && coverage.looks.is_empty());
        assert_eq!(serde_json::to_string(&coverage).unwrap(), old);
    }
}
