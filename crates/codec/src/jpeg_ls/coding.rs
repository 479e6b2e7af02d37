use super::bits::CodeLimit;
use crate::jpeg::Damage;

/// Orders of the run lengths that one bit stands for (ISO/IEC 14495-1 A.2.1, table of J).
pub(super) const RUN_ORDERS: [u8; 32] = [
    0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13,
    14, 15,
];

/// The preset parameters as a stream gives them; 0 asks for the default (ISO/IEC 14495-1 C.2.4.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Presets {
    /// The greatest sample.
    pub(super) maxval: u16,
    /// The gradients at which the regions of a context end.
    pub(super) thresholds: [u16; 3],
    /// Samples of a context after which its counters are halved.
    pub(super) reset: u16,
}

/// Everything that stays the same for all samples of a scan.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coding {
    /// The greatest sample.
    pub(super) maxval: i32,
    /// By how much a sample may differ from what was encoded; 0 is lossless.
    pub(super) near: i32,
    /// The gradients at which the regions of a context end, ascending.
    pub(super) thresholds: [i32; 3],
    /// Samples of a context after which its counters are halved.
    pub(super) reset: i32,
    /// How many prediction errors are told apart.
    pub(super) range: i32,
    /// The greatest value of a code that a prediction error can have. With it, no counter of a context overflows.
    pub(super) greatest_code: u32,
    /// The limit of codes outside of runs.
    pub(super) limit: CodeLimit,
    /// The limit of a code in bits, from which those within runs follow.
    n_code_bits: u32,
    /// Bits of a prediction error that is written as it is.
    n_error_bits: u32,
}

impl Coding {
    /// Works the parameters out as ISO/IEC 14495-1 A.2.1 and C.2.4.1.1.1 say.
    ///
    /// # Errors
    /// A few words when a parameter is outside of what the standard allows.
    pub(super) fn new(precision: u8, near: u8, presets: Presets) -> Result<Self, Damage> {
        const OUT_OF_RANGE: &str = "its coding parameters are outside of what the format allows";
        let greatest = i32::from(u16::MAX >> (16 - precision.clamp(2, 16)));
        let near = i32::from(near);
        let maxval = match i32::from(presets.maxval) {
            0 => greatest,
            maxval => maxval,
        };
        let reset = match i32::from(presets.reset) {
            0 => 64,
            reset => reset,
        };
        let mut thresholds = default_thresholds(maxval, near);
        for (threshold, preset) in thresholds.iter_mut().zip(presets.thresholds) {
            if preset != 0 {
                *threshold = i32::from(preset);
            }
        }
        let [t1, t2, t3] = thresholds;
        let is_ascending = near < t1 && t1 <= t2 && t2 <= t3 && t3 <= maxval;
        if greatest < maxval
            || maxval / 2 < near
            || !is_ascending
            || !(3..=maxval.max(255)).contains(&reset)
        {
            return Err(OUT_OF_RANGE);
        }
        let range = (maxval + 2 * near) / (2 * near + 1) + 1;
        let n_sample_bits = n_bits_of(maxval + 1).max(2);
        let n_error_bits = n_bits_of(range);
        let n_code_bits = 2 * (n_sample_bits + n_sample_bits.max(8));
        Ok(Self {
            maxval,
            near,
            thresholds,
            reset,
            range,
            greatest_code: range.unsigned_abs(),
            limit: CodeLimit::new(n_code_bits, n_error_bits),
            n_code_bits,
            n_error_bits,
        })
    }

    /// The limit of the code of the sample that ends a run of the given order (ISO/IEC 14495-1 A.7.2).
    pub(super) fn limit_after_run(&self, order: u8) -> CodeLimit {
        let n_code_bits = self.n_code_bits - u32::from(order) - 1;
        CodeLimit::new(n_code_bits, self.n_error_bits)
    }

    /// The counter of magnitudes with which a context begins (ISO/IEC 14495-1 A.2.1).
    pub(super) fn first_magnitude(&self) -> i32 {
        ((self.range + 32) / 64).max(2)
    }
}

/// Bits that tell `n` values apart.
fn n_bits_of(n: i32) -> u32 {
    n.unsigned_abs().next_power_of_two().trailing_zeros()
}

/// ISO/IEC 14495-1 C.2.4.1.1.1.
fn default_thresholds(maxval: i32, near: i32) -> [i32; 3] {
    let wanted = if 128 <= maxval {
        let factor = (maxval.min(4095) + 128) / 256;
        [factor + 2, 4 * factor + 3, 17 * factor + 4]
    } else {
        let factor = 256 / (maxval + 1);
        [3 / factor, 7 / factor, 21 / factor]
    };
    let least = if 128 <= maxval { [0; 3] } else { [2, 3, 4] };
    let mut floor = near + 1;
    let mut thresholds = [0; 3];
    for (i, threshold) in thresholds.iter_mut().enumerate() {
        let value = (wanted[i] + [3, 5, 7][i] * near).max(least[i]);
        // The standard's clamp: what is too great becomes the least that is allowed.
        *threshold = if value < floor || maxval < value {
            floor
        } else {
            value
        };
        floor = *threshold;
    }
    thresholds
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_standard() {
        // The basic thresholds 3, 7 and 21 hold at 8 bits; the rest is worked out by hand from the formulas.
        for (precision, near, thresholds, range) in [
            (8, 0, [3, 7, 21], 256),
            (8, 3, [12, 22, 42], 38),
            (2, 0, [2, 3, 3], 4),
            (5, 0, [2, 3, 4], 32),
            (7, 1, [4, 8, 17], 44),
            (12, 0, [18, 67, 276], 4096),
            (16, 0, [18, 67, 276], 65536),
            (16, 2, [24, 77, 290], 13108),
        ] {
            let coding = Coding::new(precision, near, Presets::default()).unwrap();
            assert_eq!(
                coding.thresholds, thresholds,
                "{precision} bits, near {near}"
            );
            assert_eq!(coding.range, range, "{precision} bits, near {near}");
        }
    }

    #[test]
    fn parameters_outside_of_the_standard_are_refused() {
        let preset = |maxval, thresholds, reset| Presets {
            maxval,
            thresholds,
            reset,
        };
        for (name, near, presets) in [
            (
                "samples greater than the precision",
                0,
                preset(256, [0; 3], 0),
            ),
            ("thresholds that fall", 0, preset(0, [9, 8, 21], 0)),
            (
                "a threshold above every sample",
                0,
                preset(0, [0, 0, 256], 0),
            ),
            ("a threshold within NEAR", 3, preset(0, [3, 7, 21], 0)),
            ("NEAR beyond half of the samples", 128, preset(0, [0; 3], 0)),
            ("a reset at 2", 0, preset(0, [0; 3], 2)),
        ] {
            assert!(Coding::new(8, near, presets).is_err(), "{name}");
        }
    }
}
