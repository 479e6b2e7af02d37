use thiserror::Error;

use super::gsdf::{jnd_of_luminance, luminance_of_jnd};

/// How many grey levels are measured.
pub const N_LEVELS: usize = 18;
/// The code values of the levels that are measured, evenly from black to white (AAPM TG 18, TG 270).
pub const LEVELS: [u8; N_LEVELS] = [
    0, 15, 30, 45, 60, 75, 90, 105, 120, 135, 150, 165, 180, 195, 210, 225, 240, 255,
];
/// Largest deviation of a display for diagnosis, percent (AAPM TG 18 4.3.4).
const MAX_PRIMARY_PERCENT: f64 = 10.0;
/// Largest deviation of any other display, percent (AAPM TG 18 4.3.4).
const MAX_SECONDARY_PERCENT: f64 = 20.0;

/// The light of a display and of the room around it, cd/m².
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surround {
    /// Luminance of black, in the dark.
    pub black_cd_m2: f64,
    /// Luminance of white, in the dark.
    pub white_cd_m2: f64,
    /// What the display reflects of the room.
    pub ambient_cd_m2: f64,
}

/// How well contrast is shown, from black to white.
#[derive(Clone, Debug, PartialEq)]
pub struct ContrastResponse {
    /// Deviation from the standard function at each step between two levels, percent; negative shows less than it should.
    pub deviation_percent: Vec<f64>,
    /// The largest of them, without its sign.
    pub largest_percent: f64,
    /// White over black, with the light of the room on both.
    pub ratio: f64,
}

impl ContrastResponse {
    /// Is it good enough for diagnosis: within 10 %?
    pub fn is_for_diagnosis(&self) -> bool {
        self.largest_percent <= MAX_PRIMARY_PERCENT
    }

    /// Is it good enough to look at images at all: within 20 %?
    pub fn is_for_viewing(&self) -> bool {
        self.largest_percent <= MAX_SECONDARY_PERCENT
    }
}

/// Why a response cannot be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ResponseError {
    /// A luminance is no positive number.
    #[error("a luminance is negative or no number; measure it again, in cd/m²")]
    NotALuminance,
    /// The standard function does not reach the luminances.
    #[error(
        "the standard function goes from 0.05 to 3993 cd/m² with the light of the room; these luminances lie outside"
    )]
    OutOfRange,
    /// Levels do not become brighter.
    #[error(
        "each level must be brighter than the one before; look for a mistake, or measure again"
    )]
    NotRising,
}

/// What each of the 18 levels should be in the dark, cd/m²: equal steps of the index between black and white, both with
/// the light of the room (PS3.14 7).
///
/// # Errors
/// When the luminances are no numbers, do not rise, or lie outside the standard function.
pub fn targets_cd_m2(surround: Surround) -> Result<[f64; N_LEVELS], ResponseError> {
    let Surround {
        black_cd_m2,
        white_cd_m2,
        ambient_cd_m2,
    } = surround;
    let all = [black_cd_m2, white_cd_m2, ambient_cd_m2];
    if all.iter().any(|l| !l.is_finite() || *l < 0.0) {
        return Err(ResponseError::NotALuminance);
    }
    if white_cd_m2 <= black_cd_m2 {
        return Err(ResponseError::NotRising);
    }
    let index = |cd_m2: f64| jnd_of_luminance(cd_m2 + ambient_cd_m2);
    let ends = index(black_cd_m2).zip(index(white_cd_m2));
    let (low, high) = ends.ok_or(ResponseError::OutOfRange)?;
    Ok(LEVELS.map(|level| {
        let part = f64::from(level) / 255.0;
        luminance_of_jnd(low + part * (high - low)) - ambient_cd_m2
    }))
}

/// The contrast response of 18 measured luminances, cd/m² in the dark, black first: for each step between two levels the
/// relative difference of luminance per index, beside that of the standard function between the same black and white
/// (AAPM TG 18 4.3.4).
///
/// # Errors
/// As [`targets_cd_m2`], and when a level is not brighter than the one before.
pub fn contrast_response(
    measured_cd_m2: &[f64; N_LEVELS],
    ambient_cd_m2: f64,
) -> Result<ContrastResponse, ResponseError> {
    let [black, .., white] = *measured_cd_m2;
    if measured_cd_m2.iter().any(|l| !l.is_finite() || *l < 0.0) {
        return Err(ResponseError::NotALuminance);
    }
    if measured_cd_m2.windows(2).any(|pair| pair[1] <= pair[0]) {
        return Err(ResponseError::NotRising);
    }
    let target = targets_cd_m2(Surround {
        black_cd_m2: black,
        white_cd_m2: white,
        ambient_cd_m2,
    })?;
    // The steps are equal in the index, so that its size falls out of the quotient.
    let contrasts = |levels: &[f64; N_LEVELS]| -> Vec<f64> {
        let steps = levels.windows(2);
        let contrast = |pair: &[f64]| {
            let [dark, bright] = [pair[0], pair[1]].map(|l| l + ambient_cd_m2);
            2.0 * (bright - dark) / (bright + dark)
        };
        steps.map(contrast).collect()
    };
    let (found, wanted) = (contrasts(measured_cd_m2), contrasts(&target));
    let deviation_percent: Vec<f64> = found
        .iter()
        .zip(&wanted)
        .map(|(found, wanted)| 100.0 * (found - wanted) / wanted)
        .collect();
    let largest_percent = deviation_percent
        .iter()
        .fold(0.0, |most: f64, d| most.max(d.abs()));
    Ok(ContrastResponse {
        deviation_percent,
        largest_percent,
        ratio: (white + ambient_cd_m2) / (black + ambient_cd_m2),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const DISPLAY: Surround = Surround {
        black_cd_m2: 0.8,
        white_cd_m2: 400.0,
        ambient_cd_m2: 0.2,
    };

    #[test]
    fn a_display_that_follows_the_function_deviates_by_nothing() {
        let targets = targets_cd_m2(DISPLAY).unwrap();
        assert!((targets[0] - 0.8).abs() < 1e-6 && (targets[17] - 400.0).abs() < 1e-4);
        let response = contrast_response(&targets, 0.2).unwrap();
        assert!(response.largest_percent < 1e-6);
        assert!((response.ratio - 400.2).abs() < 1e-3);
        assert!(response.is_for_diagnosis());
    }

    #[test]
    fn one_level_too_bright_deviates_on_both_its_sides() {
        let mut levels = targets_cd_m2(DISPLAY).unwrap();
        let (before, after) = (levels[8] + 0.2, levels[9] + 0.2);
        levels[9] += 0.05 * (after - before);
        let response = contrast_response(&levels, 0.2).unwrap();
        let up = 2.0 * (levels[9] + 0.2 - before) / (levels[9] + 0.2 + before);
        let was = 2.0 * (after - before) / (after + before);
        let expected = 100.0 * (up / was - 1.0);
        assert!((response.deviation_percent[8] - expected).abs() < 1e-9);
        assert!(response.deviation_percent[9] < 0.0);
        assert!(response.deviation_percent[3].abs() < 1e-6);
    }

    #[test]
    fn a_display_of_plain_gamma_is_refused_for_diagnosis() {
        let gamma = LEVELS.map(|l| 0.5 + 250.0 * (f64::from(l) / 255.0).powf(2.2));
        let response = contrast_response(&gamma, 0.0).unwrap();
        assert!(!response.is_for_diagnosis() && !response.is_for_viewing());
    }

    #[test]
    fn what_cannot_be_is_said() {
        let good = targets_cd_m2(DISPLAY).unwrap();
        let with = |at: usize, value: f64| {
            let mut levels = good;
            levels[at] = value;
            contrast_response(&levels, 0.2).unwrap_err()
        };
        assert_eq!(with(4, f64::NAN), ResponseError::NotALuminance);
        assert_eq!(with(4, -1.0), ResponseError::NotALuminance);
        assert_eq!(with(4, 300.0), ResponseError::NotRising);
        assert_eq!(with(17, 5000.0), ResponseError::OutOfRange);
    }
}
