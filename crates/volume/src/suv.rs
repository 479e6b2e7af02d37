//! Standardised uptake: activity concentration divided by the injected dose for each gram (or area) of the body.

use thiserror::Error;

use crate::QuantityKind;

/// All that the factors of one PET picture are computed from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SuvFacts {
    /// What modality values are.
    pub activity: SuvActivity,
    /// The patient.
    pub body: BodyFacts,
}

/// What the modality values of a PET picture are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SuvActivity {
    /// Activity concentration.
    Concentration {
        /// Bq/ml for each modality value of one: 1 where the unit is Bq/ml.
        bq_per_ml: f64,
        /// Injected activity at the time of injection, Bq.
        dose_bq: f64,
        /// Half life of the radionuclide, s.
        half_life_s: f64,
        /// The moment that values are corrected to.
        reference: DecayReference,
    },
    /// A factor of the scanner turns values into uptake by body weight.
    TimesScannerFactor(f64),
    /// Values are such an uptake already.
    Already(QuantityKind),
}

/// The moment to which decay was corrected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DecayReference {
    /// The start of the scan, so long after the injection, s.
    ScanStart {
        /// Seconds since the injection.
        since_injection_s: f64,
    },
    /// The injection.
    Injection,
    /// None was made: a value is the mean of a frame.
    Frame {
        /// From the injection to the start of the frame, s.
        since_injection_s: f64,
        /// Duration of the frame, s.
        duration_s: f64,
    },
}

/// The patient, as far as uptake depends on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BodyFacts {
    /// Patient's Weight (0010,1030), kg.
    pub weight_kg: Option<f64>,
    /// Patient's Size (0010,1020), m.
    pub height_m: Option<f64>,
    /// Patient's Sex (0010,0040), when male or female.
    pub sex: Option<Sex>,
}

/// The two sexes that body formulas know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// M.
    Male,
    /// F.
    Female,
}

/// Why there is no standardised uptake.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum SuvProblem {
    /// An attribute is missing or unreadable.
    #[error(
        "{}, so there is no standardised uptake; values are as stated",
        self.reason()
    )]
    Missing {
        /// Keyword of the attribute.
        attribute: &'static str,
    },
    /// An attribute has a value that cannot be right.
    #[error(
        "{}, so there is no standardised uptake; ask for it to be corrected",
        self.reason()
    )]
    Implausible {
        /// Keyword of the attribute.
        attribute: &'static str,
        /// Its value.
        value: f64,
    },
    /// An attribute has a value for which no rule exists.
    #[error(
        "{}, so there is no standardised uptake; values are as stated",
        self.reason()
    )]
    NoRule {
        /// Keyword of the attribute.
        attribute: &'static str,
        /// Its value.
        value: String,
    },
}

impl SuvProblem {
    /// Which attribute is the cause and what is wrong with it, as the beginning of a sentence.
    pub fn reason(&self) -> String {
        match self {
            Self::Missing { attribute } => format!("{attribute} is missing or unreadable"),
            Self::Implausible { attribute, value } => {
                format!("{attribute} is {value}, which cannot be right")
            }
            Self::NoRule { attribute, value } => {
                format!("{attribute} is {value}, for which there is no rule")
            }
        }
    }
}

/// Lean body mass after Janmahasatian et al. 2005, kg.
pub fn lean_body_mass_kg(weight_kg: f64, height_m: f64, sex: Sex) -> f64 {
    let bmi = weight_kg / (height_m * height_m);
    match sex {
        Sex::Male => 9270.0 * weight_kg / (6680.0 + 216.0 * bmi),
        Sex::Female => 9270.0 * weight_kg / (8780.0 + 244.0 * bmi),
    }
}

/// Body surface after DuBois and DuBois 1916, cm².
pub fn body_surface_cm2(weight_kg: f64, height_m: f64) -> f64 {
    71.84 * weight_kg.powf(0.425) * (100.0 * height_m).powf(0.725)
}

/// Ideal body weight as in QIBA's vendor-neutral computation, never more than the real one, kg.
pub fn ideal_weight_kg(weight_kg: f64, height_m: f64, sex: Sex) -> f64 {
    let above_152_cm = 100.0 * height_m - 152.0;
    let ideal_kg = match sex {
        Sex::Male => 48.0 + 1.06 * above_152_cm,
        Sex::Female => 45.5 + 0.91 * above_152_cm,
    };
    ideal_kg.min(weight_kg)
}

/// For each kind of uptake the factor from modality values to it: g/ml, of the body surface cm²/ml.
pub fn suv_factors(facts: &SuvFacts) -> Vec<(QuantityKind, Result<f64, SuvProblem>)> {
    use QuantityKind::{SuvBodySurface, SuvBodyWeight, SuvIdealWeight, SuvLeanBodyMass};
    let kinds = [
        SuvBodyWeight,
        SuvLeanBodyMass,
        SuvBodySurface,
        SuvIdealWeight,
    ];
    if let SuvActivity::Already(kind) = facts.activity
        && kind != SuvBodyWeight
    {
        return vec![(kind, Ok(1.0))];
    }
    let by_weight = by_body_weight(facts);
    let factor = |kind| match (kind, &by_weight) {
        (SuvBodyWeight, by_weight) => by_weight.clone(),
        (_, Err(problem)) => Err(problem.clone()),
        (kind, Ok(by_weight)) => Ok(by_weight * for_each_gram(kind, &facts.body)?),
    };
    kinds.into_iter().map(|kind| (kind, factor(kind))).collect()
}

fn by_body_weight(facts: &SuvFacts) -> Result<f64, SuvProblem> {
    match facts.activity {
        SuvActivity::Already(_) => Ok(1.0),
        SuvActivity::TimesScannerFactor(factor) => {
            positive("the scanner's SUV factor (7053,1000)", factor)
        }
        SuvActivity::Concentration {
            bq_per_ml,
            dose_bq,
            half_life_s,
            reference,
        } => {
            let weight_kg = facts.body.weight()?;
            let dose_bq = plausible("RadionuclideTotalDose", dose_bq, [1e3, 1e12])?;
            let half_life_s = plausible("RadionuclideHalfLife", half_life_s, [1.0, 1e10])?;
            let bq_per_ml = positive("the activity scale factor (7053,1009)", bq_per_ml)?;
            let left = left_of_dose(reference, half_life_s)?;
            Ok(bq_per_ml * 1000.0 * weight_kg / (dose_bq * left))
        }
    }
}

/// The part of the dose that is left at the reference, less what a frame decays while it is taken.
fn left_of_dose(reference: DecayReference, half_life_s: f64) -> Result<f64, SuvProblem> {
    // Beyond ten half lives less than a thousandth is left: the times belong to different injections.
    let since = |s: f64| {
        plausible(
            "the time from injection to scan in seconds",
            s,
            [0.0, 10.0 * half_life_s],
        )
    };
    Ok(match reference {
        DecayReference::Injection => 1.0,
        DecayReference::ScanStart { since_injection_s } => {
            (-since(since_injection_s)? / half_life_s).exp2()
        }
        DecayReference::Frame {
            since_injection_s,
            duration_s,
        } => {
            let duration_s = plausible("ActualFrameDuration in seconds", duration_s, [1e-3, 1e6])?;
            let decay = std::f64::consts::LN_2 * duration_s / half_life_s;
            // The mean of a decaying activity over the frame, for each unit of it at the frame's start.
            let mean_of_start = -(-decay).exp_m1() / decay;
            (-since(since_injection_s)? / half_life_s).exp2() * mean_of_start
        }
    })
}

/// What takes the place of a gram of body weight: lean or ideal grams, or cm² of surface.
fn for_each_gram(kind: QuantityKind, body: &BodyFacts) -> Result<f64, SuvProblem> {
    let (weight_kg, height_m) = (body.weight()?, body.height()?);
    let sex = || {
        body.sex.ok_or(SuvProblem::Missing {
            attribute: "PatientSex",
        })
    };
    Ok(match kind {
        QuantityKind::SuvLeanBodyMass => lean_body_mass_kg(weight_kg, height_m, sex()?) / weight_kg,
        QuantityKind::SuvIdealWeight => ideal_weight_kg(weight_kg, height_m, sex()?) / weight_kg,
        QuantityKind::SuvBodySurface => {
            body_surface_cm2(weight_kg, height_m) / (1000.0 * weight_kg)
        }
        QuantityKind::SuvBodyWeight | QuantityKind::RealWorld => 1.0,
    })
}

impl BodyFacts {
    fn weight(&self) -> Result<f64, SuvProblem> {
        let attribute = "PatientWeight";
        let weight_kg = self.weight_kg.ok_or(SuvProblem::Missing { attribute })?;
        plausible(attribute, weight_kg, [0.3, 700.0])
    }

    fn height(&self) -> Result<f64, SuvProblem> {
        let attribute = "PatientSize";
        let height_m = self.height_m.ok_or(SuvProblem::Missing { attribute })?;
        plausible(attribute, height_m, [0.2, 2.8])
    }
}

fn plausible(
    attribute: &'static str,
    value: f64,
    [low, high]: [f64; 2],
) -> Result<f64, SuvProblem> {
    if low <= value && value <= high {
        Ok(value)
    } else {
        Err(SuvProblem::Implausible { attribute, value })
    }
}

fn positive(attribute: &'static str, value: f64) -> Result<f64, SuvProblem> {
    plausible(attribute, value, [f64::MIN_POSITIVE, f64::MAX])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use QuantityKind::{SuvBodySurface, SuvBodyWeight, SuvIdealWeight, SuvLeanBodyMass};

    const MAN: BodyFacts = BodyFacts {
        weight_kg: Some(70.0),
        height_m: Some(1.75),
        sex: Some(Sex::Male),
    };

    fn factor(
        activity: SuvActivity,
        body: BodyFacts,
        kind: QuantityKind,
    ) -> Result<f64, SuvProblem> {
        let all = suv_factors(&SuvFacts { activity, body });
        all.into_iter().find(|(k, _)| *k == kind).unwrap().1
    }

    fn fluorine(reference: DecayReference) -> SuvActivity {
        SuvActivity::Concentration {
            bq_per_ml: 1.0,
            dose_bq: 350e6,
            half_life_s: 6586.2,
            reference,
        }
    }

    #[test]
    fn uptake_by_weight_follows_the_moment_of_correction() {
        // By hand: 70,000 g / 350 MBq = 2e-4; after one half life twice that.
        let rows = [
            (DecayReference::Injection, 2e-4),
            (
                DecayReference::ScanStart {
                    since_injection_s: 0.0,
                },
                2e-4,
            ),
            (
                DecayReference::ScanStart {
                    since_injection_s: 6586.2,
                },
                4e-4,
            ),
            (
                DecayReference::ScanStart {
                    since_injection_s: 2.0 * 6586.2,
                },
                8e-4,
            ),
            // Over a frame of one half life the mean is 1 / (2 ln 2) of its start.
            (
                DecayReference::Frame {
                    since_injection_s: 6586.2,
                    duration_s: 6586.2,
                },
                4e-4 * 2.0 * std::f64::consts::LN_2,
            ),
        ];
        for (reference, want) in rows {
            let got = factor(fluorine(reference), MAN, SuvBodyWeight).unwrap();
            assert!(
                (got / want - 1.0).abs() < 1e-12,
                "{reference:?}: {got}, not {want}"
            );
        }
    }

    #[test]
    fn the_other_kinds_follow_their_published_formulas() {
        // By hand for 70 kg and 175 cm: BMI 22.857; man 648900 / 11617.14, woman 648900 / 14357.14;
        // surface 71.84 · 70^0.425 · 175^0.725; ideal 48 + 1.06 · 23 and 45.5 + 0.91 · 23.
        let woman = BodyFacts {
            sex: Some(Sex::Female),
            ..MAN
        };
        let rows = [
            (MAN, SuvLeanBodyMass, 2e-4 * 55.856_979 / 70.0),
            (woman, SuvLeanBodyMass, 2e-4 * 45.196_99 / 70.0),
            (MAN, SuvBodySurface, 2e-4 * 18_481.4 / 70_000.0),
            (MAN, SuvIdealWeight, 2e-4 * 72.38_f64.min(70.0) / 70.0),
            (woman, SuvIdealWeight, 2e-4 * 66.43 / 70.0),
        ];
        for (body, kind, want) in rows {
            let got = factor(fluorine(DecayReference::Injection), body, kind).unwrap();
            assert!(
                (got / want - 1.0).abs() < 1e-4,
                "{kind:?}: {got}, not {want}"
            );
        }
    }

    #[test]
    fn what_the_scanner_computed_is_believed() {
        let no_body = BodyFacts {
            weight_kg: None,
            height_m: None,
            sex: None,
        };
        assert_eq!(
            factor(
                SuvActivity::TimesScannerFactor(0.25),
                no_body,
                SuvBodyWeight
            ),
            Ok(0.25)
        );
        assert_eq!(
            factor(SuvActivity::Already(SuvBodyWeight), no_body, SuvBodyWeight),
            Ok(1.0)
        );
        let only = suv_factors(&SuvFacts {
            activity: SuvActivity::Already(SuvBodySurface),
            body: MAN,
        });
        assert_eq!(only, [(SuvBodySurface, Ok(1.0))]);
    }

    #[test]
    fn what_is_missing_or_cannot_be_right_gives_a_reason_and_no_number() {
        let with = |weight_kg, height_m, sex| BodyFacts {
            weight_kg,
            height_m,
            sex,
        };
        let at = |since_injection_s| fluorine(DecayReference::ScanStart { since_injection_s });
        let rows = [
            (
                at(0.0),
                with(None, None, None),
                SuvBodyWeight,
                "PatientWeight",
            ),
            (
                at(0.0),
                with(Some(0.0), None, None),
                SuvBodyWeight,
                "PatientWeight",
            ),
            (
                at(-1.0),
                MAN,
                SuvBodyWeight,
                "the time from injection to scan",
            ),
            (
                at(1e6),
                MAN,
                SuvBodyWeight,
                "the time from injection to scan",
            ),
            (
                at(0.0),
                with(Some(70.0), None, Some(Sex::Male)),
                SuvLeanBodyMass,
                "PatientSize",
            ),
            (
                at(0.0),
                with(Some(70.0), Some(175.0), Some(Sex::Male)),
                SuvBodySurface,
                "PatientSize",
            ),
            (
                at(0.0),
                with(Some(70.0), Some(1.75), None),
                SuvIdealWeight,
                "PatientSex",
            ),
            (
                SuvActivity::TimesScannerFactor(0.0),
                MAN,
                SuvBodyWeight,
                "the scanner's SUV factor",
            ),
            (
                at(f64::NAN),
                MAN,
                SuvBodyWeight,
                "the time from injection to scan",
            ),
        ];
        for (activity, body, kind, attribute) in rows {
            let said = factor(activity, body, kind).unwrap_err().to_string();
            assert!(said.starts_with(attribute), "{said}");
        }
        // A missing height does not take body weight away.
        assert!(factor(at(0.0), with(Some(70.0), None, None), SuvBodyWeight).is_ok());
    }
}
