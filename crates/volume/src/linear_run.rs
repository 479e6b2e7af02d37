//! Linear samples along the inner part of a row, many at a time: where they lie, their eight voxels, and the blend.

use std::ops::Range;

use crate::lattice::{EDGE_TOLERANCE_VOXELS, Lattice, Mapping, Row, lerp};
use crate::registers::{self, Registers};
use crate::values::Scalar;

/// Samples that are computed together: enough that no array is read back before its writing is done.
const N_LANES: usize = 32;

/// Adding it to a number from 0 to itself rounds that to a whole number and leaves this in the lowest bits.
const WHOLE: f64 = (1_u64 << 52) as f64;

/// Where some samples lie: the first of their eight voxels, and the weights of the next along each axis.
struct Places {
    slice_idx: [u64; N_LANES],
    offset: [u64; N_LANES],
    weights: [[f64; N_LANES]; 3],
}

/// The eight voxels about each sample: of the near and of the far slice the pairs of two neighbouring rows.
struct Corners<T> {
    near: [[[T; 2]; N_LANES]; 2],
    far: [[[T; 2]; N_LANES]; 2],
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
    /// Linear samples of a run whose points are all between voxels (see [`Row::between_voxels`]) and beside no hole.
    ///
    /// The same arithmetic in the same order as for one sample alone, so the same bits on every processor.
    pub fn linear_between_voxels(
        &self,
        mapping: &impl Mapping,
        of: (&Row, Range<usize>),
        out: &mut [f64],
    ) {
        match Registers::here() {
            #[cfg(target_arch = "x86_64")]
            Registers::Bits512 => registers::by_512_bits::run(self, mapping, of, out),
            #[cfg(target_arch = "x86_64")]
            Registers::Bits256 => registers::by_256_bits::run(self, mapping, of, out),
            Registers::Any => self.linear_in_lanes(mapping, of, out),
        }
    }

    /// The loops, to be compiled for several processors.
    #[inline(always)]
    pub fn linear_in_lanes(
        &self,
        mapping: &impl Mapping,
        (row, run): (&Row, Range<usize>),
        out: &mut [f64],
    ) {
        // What lies beyond the last sample of a run that is no multiple is computed at its place, and dropped.
        let last = run.end.saturating_sub(1);
        let mut starts = run.step_by(N_LANES);
        let (whole, rest) = out.as_chunks_mut::<N_LANES>();
        for (out, first) in whole.iter_mut().zip(&mut starts) {
            self.blend(mapping, &self.places(row, first, last), out);
        }
        if let Some(first) = starts.next() {
            let mut values = [0.0; N_LANES];
            self.blend(mapping, &self.places(row, first, last), &mut values);
            rest.iter_mut().zip(values).for_each(|(out, v)| *out = v);
        }
    }

    /// Where the samples from `first` on lie; those beyond `last` lie where it does.
    #[inline(always)]
    fn places(&self, row: &Row, first: usize, last: usize) -> Places {
        let [n_columns, ..] = self.size();
        let (first, last) = (first as f64, last as f64);
        let mut places = Places {
            slice_idx: [0; N_LANES],
            offset: [0; N_LANES],
            weights: [[0.0; N_LANES]; 3],
        };
        for lane in 0..N_LANES {
            let i = (first + lane as f64).min(last);
            let split = |axis: usize| {
                let c = row.start[axis] + i * row.step[axis];
                let low = floor(c + EDGE_TOLERANCE_VOXELS);
                let weight = c - low;
                let weight = if weight < EDGE_TOLERANCE_VOXELS {
                    0.0
                } else {
                    weight
                };
                (low, weight)
            };
            let [(i, fi), (j, fj), (k, fk)] = [split(0), split(1), split(2)];
            places.weights[0][lane] = fi;
            places.weights[1][lane] = fj;
            places.weights[2][lane] = fk;
            places.slice_idx[lane] = whole(k);
            places.offset[lane] = whole(j * n_columns as f64 + i);
        }
        places
    }

    #[inline(always)]
    fn corners(&self, places: &Places) -> Corners<T> {
        let n_columns = self.size()[0];
        let none = [[[T::zeroed(); 2]; N_LANES]; 2];
        let mut corners = Corners {
            near: none,
            far: none,
        };
        let slices = self.slices();
        for lane in 0..N_LANES {
            let k = places.slice_idx[lane] as usize;
            let first = places.offset[lane] as usize;
            let [near, far] = [slices[k], slices[k + 1]];
            for (slice, to) in [(near, &mut corners.near), (far, &mut corners.far)] {
                let about = &slice[first..first + n_columns + 2];
                to[0][lane] = [about[0], about[1]];
                to[1][lane] = [about[n_columns], about[n_columns + 1]];
            }
        }
        corners
    }

    #[inline(always)]
    fn blend(&self, mapping: &impl Mapping, places: &Places, out: &mut [f64; N_LANES]) {
        let corners = self.corners(places);
        let [fi, fj, fk] = &places.weights;
        for lane in 0..N_LANES {
            let plane = |k: usize, of: &[[[T; 2]; N_LANES]; 2]| {
                let across = |[left, right]: [T; 2]| {
                    let (left, right) = (left.into(), right.into());
                    lerp(mapping.value(k, left), mapping.value(k, right), fi[lane])
                };
                lerp(across(of[0][lane]), across(of[1][lane]), fj[lane])
            };
            let k = places.slice_idx[lane] as usize;
            let near = plane(k, &corners.near);
            let both = lerp(near, plane(k + 1, &corners.far), fk[lane]);
            // A value that is no number does not count where its weight is zero.
            out[lane] = if fk[lane] <= 0.0 { near } else { both };
        }
    }
}

/// The whole number at or below one from 0 to 2⁵¹, in steps that every processor does in many lanes.
#[inline(always)]
fn floor(c: f64) -> f64 {
    let nearest = (c + WHOLE) - WHOLE;
    if c < nearest { nearest - 1.0 } else { nearest }
}

/// A whole number from 0 to 2⁵¹ as an integer.
#[inline(always)]
fn whole(c: f64) -> u64 {
    (c + WHOLE).to_bits() & ((1 << 52) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::Straight;
    #[cfg(target_arch = "x86_64")]
    use crate::registers::{by_256_bits, by_512_bits};
    use crate::{ModalityLut, Rescale};

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

    fn check<T: Scalar>(size: [usize; 3], mapping: &impl Mapping, value: impl Fn(f64) -> T) {
        let slices = slices(size, value);
        let slices: Vec<&[T]> = slices.iter().map(Vec::as_slice).collect();
        let lattice = Lattice::of(slices, [size[0], size[1]]).expect("a lattice");
        let mut n_together = 0;
        for (row, n_samples) in rows(size) {
            let run = row.between_voxels(size, 0..n_samples);
            n_together += run.len();
            let alone: Vec<u64> = run
                .clone()
                .map(|i| lattice.linear(mapping, row.at(i)).to_bits())
                .collect();
            let check = |name: &str, compute: &dyn Fn(&mut [f64])| {
                let mut together = vec![0.0; run.len()];
                compute(&mut together);
                let together: Vec<u64> = together.into_iter().map(f64::to_bits).collect();
                assert_eq!(together, alone, "{name}, {n_samples} from {:?}", row.start);
            };
            check("any processor", &|out| {
                lattice.linear_in_lanes(mapping, (&row, run.clone()), out);
            });
            #[cfg(target_arch = "x86_64")]
            if by_256_bits::is_here() {
                check("256 bits", &|out| {
                    by_256_bits::run(&lattice, mapping, (&row, run.clone()), out);
                });
            }
            #[cfg(target_arch = "x86_64")]
            if by_512_bits::is_here() {
                check("512 bits", &|out| {
                    by_512_bits::run(&lattice, mapping, (&row, run.clone()), out);
                });
            }
        }
        assert!(200 < n_together, "only {n_together} samples were compared");
    }

    #[test]
    fn many_samples_together_have_the_bits_of_one_alone_on_every_processor() {
        let each = ModalityLut::Rescale(
            (0..40)
                .map(|k| Rescale {
                    slope: 0.5 + f64::from(k),
                    intercept: -7.25 * f64::from(k),
                })
                .collect(),
        );
        let size = [37, 23, 40];
        check(size, &Straight, |part| (part * 65_535.0 - 32_768.0) as i16);
        check(size, &Straight, |part| (part * 65_535.0) as u16);
        check(size, &Straight, |part| (part * 255.0) as u8);
        check(size, &Straight, |part| (part * 4e9) as u32);
        check(size, &Straight, |part| part * 1e-3);
        check([2, 2, 2], &Straight, |part| part as f32);
        check(size, &each, |part| (part * 4095.0) as i16);
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
            let mut out = [0.0; 8];
            lattice.linear_between_voxels(&Straight, (&row, 0..8), &mut out);
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

    #[test]
    fn whole_numbers_and_what_lies_between_them_are_rounded_down() {
        for low in [0.0, 1.0, 2.0, 511.0, 65_535.0, 4_294_836_224.0] {
            for part in [0.0, 1e-6, 0.25, 0.5, 0.75, 1.0 - 1e-6] {
                assert_eq!(floor(low + part), low, "{low} + {part}");
            }
            assert_eq!(whole(low), low as u64);
        }
    }
}
