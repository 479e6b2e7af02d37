//! The inverse discrete cosine transform of an 8 × 8 block (A.3.3), in single precision.

use std::f32::consts::FRAC_1_SQRT_2;

/// Where the coefficients of the zigzag order lie in a block, which has its columns of the standard as rows (figure A.6,
/// transposed): so the transform has to turn the block only once.
pub(super) const PLACES: [u8; 64] = [
    0, 8, 1, 2, 9, 16, 24, 17, 10, 3, 4, 11, 18, 25, 32, 40, 33, 26, 19, 12, 5, 6, 13, 20, 27, 34,
    41, 48, 56, 49, 42, 35, 28, 21, 14, 7, 15, 22, 29, 36, 43, 50, 57, 58, 51, 44, 37, 30, 23, 31,
    38, 45, 52, 59, 60, 53, 46, 39, 47, 54, 61, 62, 55, 63,
];

/// Quantised coefficients, horizontal frequencies by rows.
pub(super) type Coefficients = [i16; 64];

/// What each coefficient is multiplied with: its quantisation step and the constant factors of the transform.
#[derive(Clone)]
pub(super) struct Steps([f32; 64]);

impl Steps {
    /// Takes the quantisation steps in zigzag order.
    pub(super) fn new(zigzag: &[u16; 64]) -> Self {
        // C(u) C(v) / 4, and the half turn of the frequencies 0 and 4 that `pass` leaves out.
        let factor = |frequency: usize| match frequency {
            0 | 4 => FRAC_1_SQRT_2,
            _ => 1.0,
        };
        let mut steps = [0.0; 64];
        for (step, place) in zigzag.iter().zip(PLACES.map(usize::from)) {
            steps[place] = f32::from(*step) * factor(place / 8) * factor(place % 8) / 4.0;
        }
        Self(steps)
    }
}

/// Levels from 0 to the largest of a precision.
#[derive(Clone, Copy)]
pub(super) struct Levels {
    middle: f32,
    largest: f32,
}

impl Levels {
    /// Those of 1 to 15 bits.
    pub(super) fn new(precision: u8) -> Self {
        let middle = f32::from(1_u16 << (precision - 1));
        Self {
            middle,
            largest: 2.0 * middle - 1.0,
        }
    }

    /// Shifts a sample up to unsigned levels (A.3.1), rounds it, and keeps it among them.
    #[inline(always)]
    fn place(self, sample: f32) -> u16 {
        // At this magnitude the last bit of a float is worth one, so that the addition rounds.
        const UNIT: f32 = 8_388_608.0;
        let level = (sample + self.middle).max(0.0).min(self.largest);
        (level + UNIT).to_bits() as u16
    }
}

/// The samples of a block, by rows.
pub(super) fn inverse(coefficients: &Coefficients, steps: &Steps, levels: Levels) -> [[u16; 8]; 8] {
    let mut block = [[0.0; 8]; 8];
    let rows = coefficients.as_chunks::<8>().0.iter();
    for (row, (from, steps)) in block.iter_mut().zip(rows.zip(steps.0.as_chunks::<8>().0)) {
        for ((value, coefficient), step) in row.iter_mut().zip(from).zip(steps) {
            *value = f32::from(*coefficient) * step;
        }
    }
    let across = pass(&block);
    let turned: [[f32; 8]; 8] = std::array::from_fn(|v| std::array::from_fn(|x| across[x][v]));
    pass(&turned).map(|row| row.map(|sample| levels.place(sample)))
}

/// The samples of a block of which only the mean is not zero.
pub(super) fn inverse_mean(mean: i16, steps: &Steps, levels: Levels) -> [[u16; 8]; 8] {
    let [step, ..] = steps.0;
    [[levels.place(f32::from(mean) * step); 8]; 8]
}

/// Transforms along the rows' numbers, for all eight of a row at once.
#[inline(always)]
fn pass(rows: &[[f32; 8]; 8]) -> [[f32; 8]; 8] {
    // cos(k π / 16)
    const C1: f32 = 0.980_785_25;
    const C2: f32 = 0.923_879_5;
    const C3: f32 = 0.831_469_6;
    const C5: f32 = 0.555_570_24;
    const C6: f32 = 0.382_683_43;
    const C7: f32 = 0.195_090_32;
    let mut out = [[0.0; 8]; 8];
    for lane in 0..8 {
        let s: [f32; 8] = std::array::from_fn(|k| rows[k][lane]);
        let (sum, difference) = (s[0] + s[4], s[0] - s[4]);
        let (outer, inner) = (s[2] * C2 + s[6] * C6, s[2] * C6 - s[6] * C2);
        let even = [
            sum + outer,
            difference + inner,
            difference - inner,
            sum - outer,
        ];
        let odd = [
            s[1] * C1 + s[3] * C3 + s[5] * C5 + s[7] * C7,
            s[1] * C3 - s[3] * C7 - s[5] * C1 - s[7] * C5,
            s[1] * C5 - s[3] * C1 + s[5] * C7 + s[7] * C3,
            s[1] * C7 - s[3] * C5 + s[5] * C3 - s[7] * C1,
        ];
        for k in 0..4 {
            out[k][lane] = even[k] + odd[k];
            out[7 - k][lane] = even[k] - odd[k];
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A.3.3 word for word, in double precision; `block` has vertical frequencies by rows.
    fn definition(block: &[f64; 64]) -> [[f64; 8]; 8] {
        let cosine = |x: usize, u: usize| {
            let c = if u == 0 { 0.5_f64.sqrt() } else { 1.0 };
            c * ((2 * x + 1) as f64 * u as f64 * std::f64::consts::PI / 16.0).cos() / 2.0
        };
        std::array::from_fn(|y| {
            std::array::from_fn(|x| {
                let term = |at| block[at] * cosine(x, at % 8) * cosine(y, at / 8);
                (0..64).map(term).sum()
            })
        })
    }

    #[test]
    fn places_are_the_zigzag_order_turned() {
        // Along the diagonals, whose direction changes: (column, row) of figure A.6.
        let (mut column, mut row) = (0_i32, 0_i32);
        for (k, place) in PLACES.iter().enumerate() {
            assert_eq!(i32::from(*place), 8 * column + row, "{k}");
            let is_upward = (column + row) % 2 == 0;
            (column, row) = match (is_upward, column, row) {
                (true, 7, _) => (7, row + 1),
                (true, _, 0) => (column + 1, 0),
                (true, ..) => (column + 1, row - 1),
                (false, _, 7) => (column + 1, 7),
                (false, 0, _) => (0, row + 1),
                (false, ..) => (column - 1, row + 1),
            };
        }
    }

    #[test]
    fn random_blocks_agree_with_the_definition() {
        let mut seed = 9_u64;
        let mut random = move |n: u64| {
            seed = seed
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (seed >> 33) % n
        };
        let zigzag: [u16; 64] = std::array::from_fn(|k| 1 + random(20) as u16 + k as u16);
        let steps = Steps::new(&zigzag);
        let levels = Levels::new(12);
        for round in 0..200 {
            let mut coefficients = [0; 64];
            let mut natural = [0.0; 64];
            for (step, place) in zigzag.iter().zip(PLACES.map(usize::from)) {
                let value = random(21) as i16 - 10;
                coefficients[place] = value;
                natural[place % 8 * 8 + place / 8] = f64::from(value) * f64::from(*step);
            }
            let got = inverse(&coefficients, &steps, levels);
            for (got, want) in got
                .iter()
                .flatten()
                .zip(definition(&natural).iter().flatten())
            {
                let want = (want + 2048.0).clamp(0.0, 4095.0);
                assert!(
                    (f64::from(*got) - want).abs() < 0.502,
                    "{round}: {got} {want}"
                );
            }
        }
    }

    #[test]
    fn a_mean_alone_is_what_the_whole_transform_gives() {
        let steps = Steps::new(&[16; 64]);
        for (precision, mean) in [(8, 0), (8, 7), (8, -64), (8, 1000), (12, -1024), (12, 511)] {
            let mut block = [0; 64];
            block[0] = mean;
            let levels = Levels::new(precision);
            let largest = (1 << precision) - 1;
            let want = (i32::from(mean) * 2 + (1 << (precision - 1))).clamp(0, largest) as u16;
            assert_eq!(inverse_mean(mean, &steps, levels), [[want; 8]; 8]);
            assert_eq!(inverse(&block, &steps, levels), [[want; 8]; 8]);
        }
    }
}
