//! Linear samples along the inner part of a row, many at a time: where they lie, their eight voxels, and the blend.

use std::ops::Range;

use crate::counting::NOT_MEASURED;
use crate::lanes::{Lanes, N_LANES, split_in_lane, whole};
use crate::lattice::{EDGE_TOLERANCE_VOXELS, Lattice, Row, lerp};
use crate::registers::{self, Loop};
use crate::values::Scalar;

/// Where some samples lie: the first of their eight voxels, and the weights of the next along each axis.
struct Places {
    slice_idx: [u64; N_LANES],
    offset: [u64; N_LANES],
    weights: [[f64; N_LANES]; 3],
}

/// The pairs of voxels in two neighbouring rows of a slice about each sample.
struct Pairs<T, S> {
    voxels: [[[T; 2]; N_LANES]; 2],
    of_slice: [S; N_LANES],
}

impl Row {
    /// The samples of a run that have a voxel on either side along every axis, so that nothing is to be clamped.
    #[inline(always)]
    pub fn between_voxels(&self, size: [usize; 3], run: Range<usize>) -> Range<usize> {
        // The place of a sample grows or falls steadily along the row, so that the two ends speak for all.
        let Some(last) = run.end.checked_sub(1) else {
            return 0..0;
        };
        if self.is_between(size, run.start) && self.is_between(size, last) {
            return run;
        }
        let (mut first, mut end) = (run.start as f64, run.end as f64);
        for ((s, d), n) in self.start.into_iter().zip(self.step).zip(size) {
            if d == 0.0 {
                continue;
            }
            let (a, b) = (
                -s / d,
                ((n - 1) as f64 - 2.0 * EDGE_TOLERANCE_VOXELS - s) / d,
            );
            first = first.max(a.min(b).ceil());
            end = end.min(a.max(b).floor() + 1.0);
        }
        // What rounding did to the ends is seen by looking at them. The casts saturate.
        let (mut first, mut end) = (first as usize, end as usize);
        while first < end && !self.is_between(size, first) {
            first += 1;
        }
        while first < end && !self.is_between(size, end - 1) {
            end -= 1;
        }
        if first < end { first..end } else { 0..0 }
    }

    #[inline(always)]
    fn is_between(&self, size: [usize; 3], i: usize) -> bool {
        let inside = |(c, n): (f64, usize)| 0.0 <= c && c + EDGE_TOLERANCE_VOXELS < (n - 1) as f64;
        self.at(i).into_iter().zip(size).all(inside)
    }
}

impl<T: Scalar> Lattice<'_, T> {
    /// With fewer samples than these it does not pay to compute many at a time.
    const FEWEST_TOGETHER: usize = 4;

    /// Linear samples of a run, together where they lie between voxels, and one by one at the edge and near a hole. What
    /// does not count comes out as [`NOT_MEASURED`] where nothing else is about, and else as NaN.
    ///
    /// The same arithmetic in the same order as for one sample alone, so the same bits on every processor.
    pub fn linear_run(
        &self,
        mapping: &impl Lanes,
        (row, run): (&Row, Range<usize>),
        out: &mut [f64],
    ) {
        let mut inner = row.between_voxels(self.size(), run.clone());
        if inner.len() < Self::FEWEST_TOGETHER || !self.is_whole_about(row, &inner) {
            inner = run.start..run.start;
        }
        let (before, rest) = out.split_at_mut(inner.start - run.start);
        let (between, after) = rest.split_at_mut(inner.len());
        for (v, i) in before.iter_mut().zip(run.start..inner.start) {
            *v = self.linear(mapping, row.at(i));
        }
        for (v, i) in after.iter_mut().zip(inner.end..run.end) {
            *v = self.linear(mapping, row.at(i));
        }
        registers::run(Between {
            lattice: self,
            mapping,
            row,
            run: inner,
            out: between,
        });
    }
}

/// Linear samples of a run whose points are all between voxels (see [`Row::between_voxels`]) and beside no hole.
struct Between<'a, T, M> {
    lattice: &'a Lattice<'a, T>,
    mapping: &'a M,
    row: &'a Row,
    run: Range<usize>,
    out: &'a mut [f64],
}

impl<T: Scalar, M: Lanes> Loop for Between<'_, T, M> {
    #[inline(always)]
    fn run(self) {
        // What lies beyond the last sample of a run that is no multiple is computed at its place, and dropped.
        let last = self.run.end.saturating_sub(1);
        let n_columns = self.lattice.size()[0];
        let mut starts = self.run.step_by(N_LANES);
        let blend = |first: usize, out: &mut [f64; N_LANES]| {
            let places = places(self.row, n_columns, [first, last]);
            blend(self.lattice, self.mapping, &places, out);
        };
        let (whole, rest) = self.out.as_chunks_mut::<N_LANES>();
        for (out, first) in whole.iter_mut().zip(&mut starts) {
            blend(first, out);
        }
        if let Some(first) = starts.next() {
            let mut values = [0.0; N_LANES];
            blend(first, &mut values);
            rest.iter_mut().zip(values).for_each(|(out, v)| *out = v);
        }
    }
}

/// Where the samples from the first on lie; those beyond the last lie where it does.
#[inline(always)]
fn places(row: &Row, n_columns: usize, [first, last]: [usize; 2]) -> Places {
    let (first, last) = (first as f64, last as f64);
    let mut places = Places {
        slice_idx: [0; N_LANES],
        offset: [0; N_LANES],
        weights: [[0.0; N_LANES]; 3],
    };
    for lane in 0..N_LANES {
        let i = (first + lane as f64).min(last);
        let along = |axis: usize| split_in_lane(row.start[axis] + i * row.step[axis]);
        let [(i, fi), (j, fj), (k, fk)] = [along(0), along(1), along(2)];
        places.weights[0][lane] = fi;
        places.weights[1][lane] = fj;
        places.weights[2][lane] = fk;
        places.slice_idx[lane] = whole(k);
        places.offset[lane] = whole(j * n_columns as f64 + i);
    }
    places
}

/// The voxels of the near and of the far slice about each sample.
#[inline(always)]
fn corners<T: Scalar, M: Lanes>(
    lattice: &Lattice<T>,
    mapping: &M,
    places: &Places,
) -> [Pairs<T, M::OfSlice>; 2] {
    let n_columns = lattice.size()[0];
    let none = || Pairs {
        voxels: [[[T::zeroed(); 2]; N_LANES]; 2],
        of_slice: [M::OfSlice::default(); N_LANES],
    };
    let mut corners = [none(), none()];
    let slices = lattice.slices();
    for lane in 0..N_LANES {
        let k = places.slice_idx[lane] as usize;
        let first = places.offset[lane] as usize;
        for (k, pairs) in (k..).zip(&mut corners) {
            let about = &slices[k][first..first + n_columns + 2];
            pairs.voxels[0][lane] = [about[0], about[1]];
            pairs.voxels[1][lane] = [about[n_columns], about[n_columns + 1]];
            pairs.of_slice[lane] = mapping.of_slice(k);
        }
    }
    corners
}

#[inline(always)]
fn blend<T: Scalar, M: Lanes>(
    lattice: &Lattice<T>,
    mapping: &M,
    places: &Places,
    out: &mut [f64; N_LANES],
) {
    let [near, far] = corners(lattice, mapping, places);
    let [fi, fj, fk] = &places.weights;
    for lane in 0..N_LANES {
        let plane = |pairs: &Pairs<T, M::OfSlice>| {
            let of_slice = pairs.of_slice[lane];
            let across = |[left, right]: [T; 2]| {
                let value = |voxel: T| M::value_in(of_slice, voxel.into());
                lerp(value(left), value(right), fi[lane])
            };
            let [above, below] = &pairs.voxels;
            lerp(across(above[lane]), across(below[lane]), fj[lane])
        };
        let near_value = plane(&near);
        let both = lerp(near_value, plane(&far), fk[lane]);
        // A value that is no number does not count where its weight is zero.
        let value = if fk[lane] <= 0.0 { near_value } else { both };
        let nothing =
            M::LEAVES_OUT && none_counts::<T, M>(&near, lane) & none_counts::<T, M>(&far, lane);
        out[lane] = if nothing { NOT_MEASURED } else { value };
    }
}

/// Does none of four voxels count?
#[inline(always)]
fn none_counts<T: Scalar, M: Lanes>(pairs: &Pairs<T, M::OfSlice>, lane: usize) -> bool {
    let counts = |voxel: T| M::counts_in(pairs.of_slice[lane], voxel.into());
    let [[a, b], [c, d]] = [pairs.voxels[0][lane], pairs.voxels[1][lane]];
    !(counts(a) | counts(b) | counts(c) | counts(d))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counting::CountingOne;
    use crate::lanes::Lines;
    use crate::lattice::Straight;
    #[cfg(target_arch = "x86_64")]
    use crate::registers::{by_256_bits, by_512_bits};
    use crate::{Excluded, ExclusionReason, Interpolation, Meaning, ModalityLut, Rescale};

    /// Fractions from 0 to 1 in an order that repeats itself after a long while.
    struct Scatter(u64);

    impl Scatter {
        fn next(&mut self) -> f64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
            (self.0 >> 11) as f64 / (1_u64 << 53) as f64
        }

        fn within(&mut self, low: f64, high: f64) -> f64 {
            low + self.next() * (high - low)
        }
    }

    fn slices<T: Scalar>(
        [n_columns, n_rows, n_slices]: [usize; 3],
        value: impl Fn(f64) -> T,
    ) -> Vec<Vec<T>> {
        let mut scatter = Scatter(7);
        let slice = |_| {
            (0..n_columns * n_rows)
                .map(|_| value(scatter.next()))
                .collect()
        };
        (0..n_slices).map(slice).collect()
    }

    /// Rows of all directions, along the axes too, that begin and end somewhere within half a voxel around the volume.
    fn rows(size: [usize; 3]) -> Vec<(Row, usize)> {
        let mut scatter = Scatter(3);
        let row = |n: usize| {
            let ends: [[f64; 2]; 3] = std::array::from_fn(|a| {
                let end = |scatter: &mut Scatter| match n % 5 {
                    0 => scatter.within(0.0, size[a] as f64 - 1.0).round(),
                    _ => scatter.within(-0.5, size[a] as f64 - 0.5),
                };
                let first = end(&mut scatter);
                match n % 3 == a {
                    true => [first; 2],
                    false => [first, end(&mut scatter)],
                }
            });
            let n_samples = 1 + n % 131;
            let start = ends.map(|[first, _]| first);
            let step = ends.map(|[first, last]| (last - first) / n_samples as f64);
            (Row { start, step }, n_samples)
        };
        (0..600).map(row).collect()
    }

    fn check<T: Scalar>(size: [usize; 3], mapping: &impl Lanes, value: impl Fn(f64) -> T) {
        let slices = slices(size, value);
        let slices: Vec<&[T]> = slices.iter().map(Vec::as_slice).collect();
        let lattice = &Lattice::of(slices, [size[0], size[1]]).expect("a lattice");
        let mut n_together = 0;
        for (row, n_samples) in rows(size) {
            let row = &row;
            let run = row.between_voxels(size, 0..n_samples);
            n_together += run.len();
            let mut alone = vec![0.0; run.len()];
            let linear = Interpolation::Linear;
            lattice.sample(mapping, linear, (row, run.clone()), &mut alone);
            let check = |name: &str, compute: &dyn Fn(Between<T, _>)| {
                let mut together = vec![0.0; run.len()];
                compute(Between {
                    lattice,
                    mapping,
                    row,
                    run: run.clone(),
                    out: &mut together,
                });
                lattice.settle_all(mapping, linear, (row, run.clone()), &mut together);
                let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
                assert_eq!(bits(&together), bits(&alone), "{name} from {:?}", row.start);
            };
            check("any processor", &|work| work.run());
            #[cfg(target_arch = "x86_64")]
            if by_256_bits::is_here() {
                check("256 bits", &|work| by_256_bits::run(work));
            }
            #[cfg(target_arch = "x86_64")]
            if by_512_bits::is_here() {
                check("512 bits", &|work| by_512_bits::run(work));
            }
        }
        assert!(200 < n_together, "only {n_together} samples were compared");
    }

    #[test]
    fn many_samples_together_have_the_bits_of_one_alone_on_every_processor() {
        let line = |k: u32| Rescale {
            slope: 0.5 + f64::from(k),
            intercept: -7.25 * f64::from(k),
        };
        let each = ModalityLut::Rescale((0..40).map(line).collect());
        let lines = Lines::of(&each, 40).expect("lines");
        let size = [37, 23, 40];
        check(size, &Straight, |part| (part * 65_535.0 - 32_768.0) as i16);
        check(size, &Straight, |part| (part * 65_535.0) as u16);
        check(size, &Straight, |part| (part * 255.0) as u8);
        check(size, &Straight, |part| (part * 4e9) as u32);
        check(size, &Straight, |part| part * 1e-3);
        check([2, 2, 2], &Straight, |part| part as f32);
        check(size, &lines, |part| (part * 4095.0) as i16);
        let excluded = Excluded {
            low: 0.0,
            high: 2000.0,
            reason: ExclusionReason::Padding,
        };
        let meaning = Meaning {
            excluded: vec![excluded],
            ..Meaning::default()
        };
        let one = CountingOne::new(&Straight, &meaning, 40).expect("one range");
        check(size, &one, |part| (part * 4095.0) as i16);
        check(size, &one, |part| (part * 2100.0) as i16);
    }

    #[test]
    fn a_voxel_without_weight_may_be_no_number_in_the_next_slice_alone() {
        let slices = [vec![1.0; 16], vec![f64::NAN; 16], vec![f64::INFINITY; 16]];
        let held = slices.iter().map(Vec::as_slice).collect();
        let lattice = Lattice::of(held, [4, 4]).expect("a lattice");
        for (z, is_number) in [(0.0, true), (1e-10, true), (1e-6, false), (0.999, false)] {
            let row = Row {
                start: [0.25, 1.0, z],
                step: [0.25, 0.0, 0.0],
            };
            let mut out = [0.0_f64; 8];
            lattice.linear_run(&Straight, (&row, 0..8), &mut out);
            assert!(
                out.iter().all(|v| v.is_nan() != is_number),
                "{out:?} at {z}"
            );
        }
    }

    #[test]
    fn a_run_between_voxels_is_the_longest_that_needs_no_clamping() {
        let size = [9, 8, 7];
        let is_between = |row: &Row, i: usize| {
            let axes = row.at(i).into_iter().zip(size);
            let mut axes = axes.map(|(c, n)| 0.0 <= c && c + 1e-9 < n as f64 - 1.0);
            axes.all(|inside| inside)
        };
        for (row, n_samples) in rows(size) {
            let run = row.between_voxels(size, 0..n_samples);
            for i in 0..n_samples {
                assert_eq!(run.contains(&i), is_between(&row, i), "{i} of {n_samples}");
            }
        }
    }
}
