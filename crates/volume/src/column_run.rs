//! Linear samples along voxel rows, many at a time: the voxel rows about them are blended into one, which is sampled.

use std::marker::PhantomData;
use std::ops::Range;

use crate::counting::NOT_MEASURED;
use crate::lanes::{Lanes, N_LANES, split_in_lane, whole};
use crate::lattice::{Lattice, Mapping, Row, lerp, split};
use crate::registers::{self, Loop};
use crate::values::Scalar;

impl<T: Scalar> Lattice<'_, T> {
    /// Linear samples of a run that stays in its voxel row (see [`Row::stays_in_voxel_row`]); `blended` is room to work
    /// in. What does not count comes out as [`NOT_MEASURED`] where nothing else is about, and else as NaN.
    ///
    /// The same arithmetic in the same order as [`Lattice::sample`], so the same bits on every processor.
    pub fn linear_columns<M: Lanes>(
        &self,
        mapping: &M,
        (row, run): (&Row, Range<usize>),
        blended: &mut Vec<f64>,
        out: &mut [f64],
    ) {
        let [n_columns, n_rows, n_slices] = self.size();
        let (j, fj) = split(row.start[1], n_rows);
        let (k, fk) = split(row.start[2], n_slices);
        let below = (j + 1).min(n_rows - 1);
        // Only the columns between the outermost samples are needed.
        let reach =
            [run.start, run.end.saturating_sub(1)].map(|i| split(row.at(i)[0], n_columns).0);
        let first = reach[0].min(reach[1]);
        let columns = first..(reach[0].max(reach[1]) + 2).min(n_columns);
        let rows = |k: usize| {
            let voxel_row = |j: usize| {
                let start = j * n_columns;
                let slice = self.slices().get(k)?;
                slice.get(start + columns.start..start + columns.end)
            };
            Some((mapping.of_slice(k), [voxel_row(j)?, voxel_row(below)?]))
        };
        let near = rows(k);
        // A slice without weight may be missing.
        let far = if 0.0 < fk { rows(k + 1) } else { near };
        let (Some(near), Some(far)) = (near, far) else {
            out.fill(f64::NAN);
            return;
        };
        blended.clear();
        blended.resize(columns.len() + 1, 0.0);
        registers::run(Blend::<T, M> {
            near,
            far,
            weights: [fj, fk],
            out: &mut blended[..columns.len()],
        });
        // Beyond the last voxel there is no neighbour, and its weight is zero.
        blended[columns.len()] = blended[columns.len() - 1];
        registers::run(Across::<M> {
            blended,
            first,
            n_columns,
            row,
            run,
            out,
            mapping: PhantomData,
        });
    }
}

/// What a slice has of its own, and two neighbouring voxel rows of it.
type Rows<'a, T, S> = (S, [&'a [T]; 2]);

/// Blends two voxel rows of two slices.
struct Blend<'a, T, M: Lanes> {
    near: Rows<'a, T, M::OfSlice>,
    far: Rows<'a, T, M::OfSlice>,
    weights: [f64; 2],
    out: &'a mut [f64],
}

impl<T: Scalar, M: Lanes> Loop for Blend<'_, T, M> {
    #[inline(always)]
    fn run(self) {
        let [fj, fk] = self.weights;
        let plane = |of_slice: M::OfSlice, above: T, below: T| {
            let (above, below) = (above.into(), below.into());
            let counts = |stored| M::counts_in(of_slice, stored);
            let value = |stored| M::value_in(of_slice, stored);
            let blended = lerp(value(above), value(below), fj);
            let nothing = M::LEAVES_OUT && !(counts(above) | counts(below));
            if nothing { NOT_MEASURED } else { blended }
        };
        let (of_near, [above, below]) = self.near;
        let near = above.iter().zip(below);
        let near = near.map(|(a, b)| plane(of_near, *a, *b));
        if fk <= 0.0 {
            self.out.iter_mut().zip(near).for_each(|(out, v)| *out = v);
            return;
        }
        let (of_far, [above, below]) = self.far;
        let far = above.iter().zip(below);
        let far = far.map(|(a, b)| plane(of_far, *a, *b));
        for (out, (near, far)) in self.out.iter_mut().zip(near.zip(far)) {
            *out = between::<M>(near, far, fk);
        }
    }
}

/// Samples a blended row along its columns.
struct Across<'a, M> {
    blended: &'a [f64],
    /// The voxel column of the first blended value.
    first: usize,
    n_columns: usize,
    row: &'a Row,
    run: Range<usize>,
    out: &'a mut [f64],
    mapping: PhantomData<M>,
}

impl<M: Lanes> Loop for Across<'_, M> {
    #[inline(always)]
    fn run(self) {
        let (start, step) = (self.row.start[0], self.row.step[0]);
        let last = self.run.end.saturating_sub(1) as f64;
        let last_column = (self.n_columns - 1) as f64;
        for (out, first) in self.out.chunks_mut(N_LANES).zip(self.run.step_by(N_LANES)) {
            let mut places = [0; N_LANES];
            let mut weights = [0.0; N_LANES];
            for lane in 0..N_LANES {
                // Beyond the last sample nothing is asked for, and its place is as good as any.
                let i = (first as f64 + lane as f64).min(last);
                let (low, weight) = split_in_lane((start + i * step).max(0.0).min(last_column));
                places[lane] = whole(low);
                weights[lane] = weight;
            }
            let mut pairs = [[0.0; 2]; N_LANES];
            for (pair, place) in pairs.iter_mut().zip(places) {
                let at = place as usize - self.first;
                let about = &self.blended[at..at + 2];
                *pair = [about[0], about[1]];
            }
            let mut values = [0.0; N_LANES];
            for lane in 0..N_LANES {
                let [left, right] = pairs[lane];
                values[lane] = between::<M>(left, right, weights[lane]);
            }
            match out.as_mut_array::<N_LANES>() {
                Some(out) => *out = values,
                None => out.iter_mut().zip(values).for_each(|(out, v)| *out = v),
            }
        }
    }
}

/// Blends two values; nothing between two places where nothing was measured, and NaN beside one such place.
#[inline(always)]
fn between<M: Mapping>(a: f64, b: f64, weight: f64) -> f64 {
    let value = lerp(a, b, weight);
    if !M::LEAVES_OUT {
        return value;
    }
    let (a, b) = (a == NOT_MEASURED, b == NOT_MEASURED);
    let beside = if a | b { f64::NAN } else { value };
    if a & b { NOT_MEASURED } else { beside }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counting::CountingOne;
    use crate::lanes::Lines;
    use crate::lattice::Straight;
    use crate::{Excluded, ExclusionReason, Interpolation, Meaning, ModalityLut, Rescale};

    const SIZE: [usize; 3] = [41, 6, 5];

    fn rows() -> impl Iterator<Item = (Row, usize)> {
        (0..400).map(|n: usize| {
            let part = |odd: usize| (n * odd % 1000) as f64 / 1000.0;
            let within = |odd, size: usize| match n % 4 {
                0 => (part(odd) * (size - 1) as f64).round(),
                _ => part(odd) * size as f64 - 0.5,
            };
            let ends = [part(37) * 41.0 - 0.5, part(611) * 41.0 - 0.5];
            let n_samples = 1 + n % 131;
            let step = (ends[1] - ends[0]) / n_samples as f64;
            let row = Row {
                start: [ends[0], within(173, 6), within(419, 5)],
                step: [step, 0.0, 0.0],
            };
            (row, n_samples)
        })
    }

    fn check(mapping: &impl Lanes, hole: Option<usize>) {
        let slices: Vec<Vec<i16>> = (0..SIZE[2])
            .map(|k| match hole == Some(k) {
                true => vec![],
                false => (0..SIZE[0] * SIZE[1]).map(|at| voxel(at, k)).collect(),
            })
            .collect();
        let held = slices.iter().map(Vec::as_slice).collect();
        let lattice = Lattice::of(held, [SIZE[0], SIZE[1]]).expect("a lattice");
        let mut blended = vec![];
        for (row, n) in rows() {
            let mut one_by_one = vec![0.0; n];
            lattice.sample(
                mapping,
                Interpolation::Linear,
                (&row, 0..n),
                &mut one_by_one,
            );
            let mut together = vec![1.0; n];
            lattice.linear_columns(mapping, (&row, 0..n), &mut blended, &mut together);
            lattice.settle_all(mapping, Interpolation::Linear, (&row, 0..n), &mut together);
            let bits = |values: &[f64]| -> Vec<u64> {
                let one_nan = |v: &f64| if v.is_nan() { f64::NAN } else { *v };
                values.iter().map(|v| one_nan(v).to_bits()).collect()
            };
            assert_eq!(
                bits(&together),
                bits(&one_by_one),
                "{n} from {:?}",
                row.start
            );
        }
    }

    /// Whole stretches, single voxels and whole slices of padding among scattered values.
    fn voxel(at: usize, k: usize) -> i16 {
        let (i, scattered) = (at % SIZE[0], (at * 7919 + k * 104_729) % 4001);
        match i < 9 || k == 3 && i < 30 || scattered % 23 == 0 {
            true => -2000,
            false => scattered as i16 - 1000,
        }
    }

    #[test]
    fn a_run_along_columns_has_the_bits_of_one_sample_after_the_other() {
        let each = ModalityLut::Rescale(
            (0..4)
                .map(|k| Rescale {
                    slope: 1.5 - f64::from(k),
                    intercept: 100.0 * f64::from(k),
                })
                .collect(),
        );
        let lines = Lines::of(&each, SIZE[2]).expect("lines");
        let padded = |of: &[usize]| {
            let padding = Excluded {
                low: -2000.0,
                high: -1999.0,
                reason: ExclusionReason::Padding,
            };
            let own = |k| of.contains(&k).then_some(padding);
            Meaning {
                slice_padding: (0..SIZE[2]).map(own).collect(),
                ..Meaning::default()
            }
        };
        for hole in [None, Some(0), Some(2)] {
            check(&Straight, hole);
            check(&lines, hole);
            for of in [&[0, 1, 2, 3, 4][..], &[0, 2, 3]] {
                let meaning = padded(of);
                let one = CountingOne::new(&Straight, &meaning, SIZE[2]).expect("one range");
                check(&one, hole);
                let one = CountingOne::new(&lines, &meaning, SIZE[2]).expect("one range");
                check(&one, hole);
            }
        }
    }
}
