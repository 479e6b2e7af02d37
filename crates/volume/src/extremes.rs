//! The smallest and the largest of many stored values.

use crate::lanes::N_LANES;
use crate::registers::{self, Loop};
use crate::values::Scalar;

/// The smallest and the largest finite value outside of a range; `None` without any.
pub(crate) fn extremes<T: Scalar>(values: &[T], left_out: Option<[f64; 2]>) -> Option<[f64; 2]> {
    let counts = |value: &&T| counts(left_out, **value);
    let first = *values.iter().find(counts)?;
    let mut found = [first; 2];
    registers::run(Extremes {
        values,
        left_out,
        found: &mut found,
    });
    Some(found.map(T::into))
}

/// Is a value finite, and outside of the range?
#[inline(always)]
fn counts<T: Scalar>(left_out: Option<[f64; 2]>, value: T) -> bool {
    let value: f64 = value.into();
    // Comparisons are false for NaN.
    let is_left_out = left_out.is_some_and(|[from, to]| (from <= value) & (value <= to));
    (value.abs() < f64::INFINITY) & !is_left_out
}

struct Extremes<'a, T> {
    values: &'a [T],
    left_out: Option<[f64; 2]>,
    /// Any value that counts, before; the extremes, after.
    found: &'a mut [T; 2],
}

impl<T: Scalar> Loop for Extremes<'_, T> {
    #[inline(always)]
    fn run(self) {
        // Two loops, because most volumes leave nothing out and then need not look at more than the values.
        *self.found = match self.left_out {
            None => fold(self.values, *self.found, |value| counts(None, value)),
            range => fold(self.values, *self.found, |value| counts(range, value)),
        };
    }
}

#[inline(always)]
fn fold<T: Scalar>(values: &[T], [low, high]: [T; 2], counts: impl Fn(T) -> bool) -> [T; 2] {
    let (mut lows, mut highs) = ([low; N_LANES], [high; N_LANES]);
    let mut take = |lane: usize, value: T| {
        let (low, high) = (lows[lane], highs[lane]);
        lows[lane] = if counts(value) & (value < low) {
            value
        } else {
            low
        };
        highs[lane] = if counts(value) & (high < value) {
            value
        } else {
            high
        };
    };
    let (whole, rest) = values.as_chunks::<N_LANES>();
    for values in whole {
        for (lane, value) in values.iter().enumerate() {
            take(lane, *value);
        }
    }
    for (lane, value) in rest.iter().enumerate() {
        take(lane, *value);
    }
    let low = lows.into_iter().fold(low, |a, b| if b < a { b } else { a });
    let high = highs
        .into_iter()
        .fold(high, |a, b| if a < b { b } else { a });
    [low, high]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extremes_are_those_of_what_counts_wherever_they_lie() {
        const NONE: Option<[f64; 2]> = None;
        let nan = f64::NAN;
        for (values, left_out, expected) in [
            (vec![], NONE, None),
            (vec![3.0], NONE, Some([3.0, 3.0])),
            (vec![3.0, -7.5], NONE, Some([-7.5, 3.0])),
            (vec![nan, f64::INFINITY, -f64::INFINITY], NONE, None),
            (vec![nan, 2.0, f64::INFINITY, 1.0], NONE, Some([1.0, 2.0])),
            (
                vec![-2000.0, 5.0, 6.0],
                Some([-2000.0, -2000.0]),
                Some([5.0, 6.0]),
            ),
            (vec![1.0, 2.0, 3.0, 4.0], Some([2.0, 9.0]), Some([1.0, 1.0])),
            (vec![2.0, 3.0], Some([2.0, 3.0]), None),
        ] {
            assert_eq!(
                extremes(&values, left_out),
                expected,
                "{values:?} without {left_out:?}"
            );
        }
        for n in [1, 31, 32, 33, 64, 100] {
            for at in 0..n {
                let mut values = vec![7_i16; n];
                values[at] = -32_768;
                values[(at * 7 + 1) % n] = 32_767;
                let [low, high] = [values.iter().min(), values.iter().max()];
                let expected = low.zip(high).map(|(a, b)| [f64::from(*a), f64::from(*b)]);
                assert_eq!(extremes(&values, NONE), expected, "{at} of {n}");
            }
        }
    }
}
