/// The first index of the Grayscale Standard Display Function.
const MIN_JND_INDEX: f64 = 1.0;
/// The last index of the Grayscale Standard Display Function.
const MAX_JND_INDEX: f64 = 1023.0;

/// The luminance of a just-noticeable-difference index, cd/m² (PS3.14 7.1, equation 7-1). Indices outside 1 to 1023 are
/// taken for the nearest of these.
pub fn luminance_of_jnd(index: f64) -> f64 {
    // PS3.14 7.1: a, c, e, g and m above the fraction line, 1, b, d, f, h and k below it, by rising powers of ln j.
    const ABOVE: [f64; 5] = [
        -1.301_187_7,
        8.024_263_6e-2,
        1.364_669_9e-1,
        -2.546_840_4e-2,
        1.363_533_4e-3,
    ];
    const BELOW: [f64; 6] = [
        1.0,
        -2.584_019_1e-2,
        -1.032_022_9e-1,
        2.874_562_0e-2,
        -3.197_897_7e-3,
        1.299_263_4e-4,
    ];
    let x = index.clamp(MIN_JND_INDEX, MAX_JND_INDEX).ln();
    let polynomial = |of: &[f64]| of.iter().rev().fold(0.0, |sum, factor| sum * x + factor);
    10_f64.powf(polynomial(&ABOVE) / polynomial(&BELOW))
}

/// The just-noticeable-difference index of a luminance in cd/m²: the inverse of [`luminance_of_jnd`], found by halving.
/// `None` for a luminance that the function does not reach, below 0.05 or above 3993 cd/m².
pub fn jnd_of_luminance(luminance_cd_m2: f64) -> Option<f64> {
    let (mut low, mut high) = (MIN_JND_INDEX, MAX_JND_INDEX);
    // The first and the last luminance as the table of PS3.14 rounds them count as reached.
    const ROUNDING: f64 = 1e-3;
    let reaches = luminance_of_jnd(low) * (1.0 - ROUNDING) <= luminance_cd_m2
        && luminance_cd_m2 <= luminance_of_jnd(high) * (1.0 + ROUNDING);
    if !reaches {
        return None;
    }
    // Sixty halvings bring a thousand indices below the precision of 64 bits.
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if luminance_of_jnd(middle) < luminance_cd_m2 {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(0.5 * (low + high))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_ends_are_those_of_table_b_1() {
        assert!((luminance_of_jnd(1.0) - 0.0500).abs() < 5e-5);
        // The published constants have eight digits, which shows in the fifth of the largest luminance.
        assert!((luminance_of_jnd(1023.0) / 3993.404 - 1.0).abs() < 3e-5);
    }

    #[test]
    fn the_inverse_agrees_with_the_published_polynomial() {
        // PS3.14 7.1, note 1.
        const OF_LOG10: [f64; 9] = [
            71.498_068,
            94.593_053,
            41.912_053,
            9.824_700_4,
            0.281_754_07,
            -1.187_845_5,
            -0.180_143_49,
            0.147_108_99,
            -0.017_046_845,
        ];
        for step in 0..=100 {
            let luminance = 0.06 * (3900.0_f64 / 0.06).powf(f64::from(step) / 100.0);
            let x = luminance.log10();
            let published = OF_LOG10.iter().rev().fold(0.0, |sum, f| sum * x + f);
            let found = jnd_of_luminance(luminance).unwrap();
            assert!(
                (found - published).abs() < 0.1,
                "{luminance}: {found} {published}"
            );
        }
    }

    #[test]
    fn the_example_of_annex_d_2_is_met() {
        // PS3.14 D.2: the darkest place of the film, 12.0 cd/m², has the index 233.32.
        assert!((jnd_of_luminance(12.0).unwrap() - 233.32).abs() < 0.1);
    }

    #[test]
    fn back_and_forth_is_the_same_and_beyond_is_nothing() {
        for index in [1.0, 2.0, 10.5, 233.3, 848.7, 1023.0] {
            let back = jnd_of_luminance(luminance_of_jnd(index)).unwrap();
            assert!((back - index).abs() < 1e-6, "{index}");
        }
        for luminance in [0.0, 0.04, 4100.0, -1.0, f64::NAN] {
            assert_eq!(jnd_of_luminance(luminance), None, "{luminance}");
        }
    }

    #[test]
    fn luminance_rises_with_every_index() {
        let all: Vec<f64> = (1..=1023).map(|j| luminance_of_jnd(f64::from(j))).collect();
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
