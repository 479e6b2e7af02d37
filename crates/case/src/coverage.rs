use std::collections::BTreeMap;

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
    /// column by brick column, the lower of the other two axes first, and within it along the axis. Empty: none.
    pub layers: [Vec<u32>; 3],
    /// How long planes of this volume were on screen, ms; several at once count once each.
    pub dwell_ms: u64,
    /// The largest magnification of them: screen pixels per image pixel, percent.
    pub zoom_percent: u32,
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
