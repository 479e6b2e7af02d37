//! The range of values that a volume without a window of its own is shown in.

use bytemuck::Pod;

use crate::{Planes, Volume, Voxels};

/// Slices about the middle that are looked at.
const N_SLICES: usize = 3;
/// What is left out at the dark and at the bright end.
const LEFT_OUT: f64 = 0.005;
/// Stored values that 16 bits can hold.
const N_CODES: usize = 1 << 16;

/// A value and how often it occurs.
type Counted = (f64, u64);

impl Volume {
    /// The range of up to three filled slices about the middle, without the darkest and brightest 0.5 %; `None` for
    /// colour, and where no value counts.
    ///
    /// The thread that draws asks for it: of 8 and 16 bits the stored values are counted rather than sorted.
    pub(crate) fn middle_range(&self) -> Option<[f64; 2]> {
        match &self.voxels {
            Voxels::U8(planes) => self.range_of_counts(planes, usize::from, |code| code as f64),
            Voxels::U16(planes) => self.range_of_counts(planes, usize::from, |code| code as f64),
            // The sign is flipped on the way there and back, so that the codes begin at 0.
            Voxels::I8(planes) => self.range_of_counts(
                planes,
                |stored| usize::from((stored as u8) ^ 0x80),
                |code| code as f64 - 128.0,
            ),
            Voxels::I16(planes) => self.range_of_counts(
                planes,
                |stored| usize::from((stored as u16) ^ 0x8000),
                |code| code as f64 - 32768.0,
            ),
            Voxels::U32(_) | Voxels::I32(_) | Voxels::F32(_) | Voxels::F64(_) => {
                self.range_of_values()
            }
            Voxels::Rgb8(_) | Voxels::Rgb16(_) => None,
        }
    }

    /// The slices in the order of their distance from the middle.
    fn by_distance_from_middle(&self) -> Vec<usize> {
        let n_slices = self.n_slices();
        let mut by_distance: Vec<usize> = (0..n_slices).collect();
        by_distance.sort_by_key(|k| (2 * k).abs_diff(n_slices));
        by_distance
    }

    fn range_of_values(&self) -> Option<[f64; 2]> {
        let slices = self.by_distance_from_middle().into_iter();
        let mut values: Vec<f64> = slices
            .filter_map(|slice_idx| self.slice_counted_values(slice_idx))
            .take(N_SLICES)
            .flatten()
            .collect();
        let last_idx = values.len().checked_sub(1)?;
        let rank = |part: f64| (part * last_idx as f64).round() as usize;
        let mut at = |part| *values.select_nth_unstable_by(rank(part), f64::total_cmp).1;
        Some([at(LEFT_OUT), at(1.0 - LEFT_OUT)])
    }

    fn range_of_counts<T: Pod>(
        &self,
        planes: &Planes<T>,
        code: impl Fn(T) -> usize,
        stored: impl Fn(usize) -> f64,
    ) -> Option<[f64; 2]> {
        let mut counted: Vec<Counted> = Vec::new();
        let mut n_of_code = vec![0_u64; N_CODES];
        let slices = self.by_distance_from_middle().into_iter();
        let filled = slices.filter_map(|slice_idx| Some((slice_idx, planes.slice(slice_idx)?)));
        for (slice_idx, plane) in filled.take(N_SLICES) {
            n_of_code.fill(0);
            for value in plane.iter() {
                if let Some(n) = n_of_code.get_mut(code(*value)) {
                    *n += 1;
                }
            }
            let occurring = n_of_code.iter().enumerate().filter(|(_, n)| 0 < **n);
            counted.extend(occurring.filter_map(|(code, n)| {
                let stored = stored(code);
                let value = self.modality_lut.value(slice_idx, stored);
                (self.meaning.counts(slice_idx, stored) && value.is_finite()).then_some((value, *n))
            }));
        }
        counted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        range_of(&counted)
    }
}

/// The range of sorted values without those that are left out at both ends.
fn range_of(counted: &[Counted]) -> Option<[f64; 2]> {
    let n: u64 = counted.iter().map(|(_, n)| n).sum();
    let last_idx = n.checked_sub(1)?;
    let at = |part: f64| {
        let rank = (part * last_idx as f64).round() as u64;
        let mut n_below = 0;
        let found = counted.iter().find(|(_, n)| {
            n_below += n;
            rank < n_below
        });
        found.map(|(value, _)| *value)
    };
    Some([at(LEFT_OUT)?, at(1.0 - LEFT_OUT)?])
}
