use std::hint::cold_path;

use super::bits::{Bits, CodeLimit};
use super::coding::Coding;
use super::rule::Rule;
use crate::jpeg::Damage;

/// Contexts of samples outside of runs, when a context and its mirror image are one (ISO/IEC 14495-1 A.3.4).
const N_CONTEXTS: usize = 365;

/// What is remembered of the samples of each context (ISO/IEC 14495-1 A.6). One array for each number, so that all of a
/// context are found from its place without multiplying.
pub(super) struct Contexts {
    /// A: the sum of the magnitudes of the prediction errors.
    magnitudes: [i32; N_CONTEXTS],
    /// B: their sum, less what has been taken into the correction.
    biases: [i32; N_CONTEXTS],
    /// N: how many there were.
    counts: [i32; N_CONTEXTS],
    /// C: is added to the prediction.
    corrections: [i32; N_CONTEXTS],
    /// The parameter of the Golomb code, worked out when the others change: then it is ready when the context comes up.
    ks: [u32; N_CONTEXTS],
}

/// The least k with `n << k` at or above `magnitude` (ISO/IEC 14495-1 A.5.1).
#[inline(always)]
fn golomb_parameter(magnitude: i32, n: i32) -> u32 {
    // As many binary places as the two are apart, or one more.
    let k = ((magnitude | 1).leading_zeros() as i32 ^ 31) - ((n | 1).leading_zeros() as i32 ^ 31);
    let k = k.max(0) as u32;
    k + u32::from(n << k < magnitude)
}

impl Contexts {
    /// The state before the first sample.
    pub(super) fn first(coding: &Coding) -> Self {
        let magnitude = coding.first_magnitude();
        Self {
            magnitudes: [magnitude; N_CONTEXTS],
            biases: [0; N_CONTEXTS],
            counts: [1; N_CONTEXTS],
            corrections: [0; N_CONTEXTS],
            ks: [golomb_parameter(magnitude, 1); N_CONTEXTS],
        }
    }

    /// Takes a sample from the bits whose three regions add up to `regions`, from -364 to 364.
    #[inline(always)]
    pub(super) fn sample<R: Rule>(
        &mut self,
        bits: &mut Bits<'_>,
        rule: R,
        coding: &Coding,
        predicted: i32,
        regions: i32,
    ) -> Result<u16, Damage> {
        // A context and its mirror image are one, with the sign of the error turned (A.3.4).
        let sign = regions >> 31;
        let idx = regions.unsigned_abs() as usize;
        if N_CONTEXTS <= idx {
            return Err(NO_CONTEXT);
        }
        let corrected = predicted + ((self.corrections[idx] ^ sign) - sign);
        let predicted = corrected.max(0).min(coding.maxval);
        let k = self.ks[idx];
        let code = bits.golomb(k, &coding.limit)?;
        if coding.greatest_code < code {
            return Err(TOO_GREAT);
        }
        let (bias, n) = (self.biases[idx], self.counts[idx]);
        // The code may have the signs of the errors the other way round (A.5.2): -1 when it has, else 0. Without a
        // branch, both are negative when k is 0 and twice the bias at or below -n.
        let flip = if rule.is_lossless() {
            ((2 * bias + n - 1) & (k as i32 - 1)) >> 31
        } else {
            0
        };
        let error = (code >> 1) as i32 ^ -((code & 1) as i32) ^ flip;
        self.learn(idx, error, rule.step(error), coding.reset);
        Ok(rule.sample(predicted, (error ^ sign) - sign))
    }

    /// Takes an error into the numbers of its context (A.6).
    #[inline(always)]
    fn learn(&mut self, idx: usize, error: i32, step: i32, reset: i32) {
        let mut n = self.counts[idx];
        let mut magnitude = self.magnitudes[idx] + error.abs();
        let mut bias = self.biases[idx] + step;
        if n == reset {
            // Rare: a branch that is foreseen costs less than shifts by a variable.
            cold_path();
            magnitude >>= 1;
            bias >>= 1;
            n >>= 1;
        }
        n += 1;
        // The correction follows the bias by one.
        let change = i32::from(0 < bias) - i32::from(bias <= -n);
        self.corrections[idx] = (self.corrections[idx] + change).clamp(-128, 127);
        self.biases[idx] = (bias - n * change).max(1 - n).min(0);
        self.counts[idx] = n;
        self.magnitudes[idx] = magnitude;
        self.ks[idx] = golomb_parameter(magnitude, n);
    }
}

const NO_CONTEXT: &str = "its gradients fall in no context";
const TOO_GREAT: &str = "a prediction error is greater than any sample";

/// What is remembered of the samples that end runs (ISO/IEC 14495-1 A.7.2).
#[derive(Clone, Copy, Debug)]
pub(super) struct RunContext {
    kind: RunEnd,
    magnitude: i32,
    n: i32,
    n_negative: i32,
}

/// What stands above the sample that ends a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RunEnd {
    /// Another value than that of the run (the standard's RItype 0).
    Edge,
    /// The value of the run (RItype 1).
    Flat,
}

impl RunContext {
    /// The state before the first run.
    pub(super) fn first(kind: RunEnd, coding: &Coding) -> Self {
        Self {
            kind,
            magnitude: coding.first_magnitude(),
            n: 1,
            n_negative: 0,
        }
    }

    /// Takes the prediction error of a sample that ends a run from the bits.
    pub(super) fn error(
        &mut self,
        bits: &mut Bits<'_>,
        coding: &Coding,
        limit: CodeLimit,
    ) -> Result<i32, Damage> {
        let flat = i32::from(self.kind == RunEnd::Flat);
        let k = golomb_parameter(self.magnitude + (self.n >> 1) * flat, self.n);
        let code = bits.golomb(k, &limit)?;
        if coding.greatest_code < code {
            return Err(TOO_GREAT);
        }
        let code = code as i32;
        // The code is twice the magnitude, less the bit that tells the sign, less one where zero cannot be.
        let odd = (code + flat) & 1;
        let magnitude = (code + flat + odd) / 2;
        let odd_is_negative = k != 0 || self.n <= 2 * self.n_negative;
        let error = if odd_is_negative == (odd == 1) {
            -magnitude
        } else {
            magnitude
        };
        self.n_negative += i32::from(error < 0);
        self.magnitude += (code + 1 - flat) >> 1;
        if self.n == coding.reset {
            self.magnitude >>= 1;
            self.n >>= 1;
            self.n_negative >>= 1;
        }
        self.n += 1;
        Ok(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_golomb_parameter_is_the_least_that_reaches_the_mean() {
        for n in 1..=65 {
            for magnitude in (0..500).chain((500..5_000_000).step_by(997)) {
                let least = (0..).find(|k| magnitude <= n << k).unwrap_or_default();
                assert_eq!(golomb_parameter(magnitude, n), least, "{magnitude} {n}");
            }
        }
    }
}
