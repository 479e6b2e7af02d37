//! Standardised uptake values of PET images: which attributes say what, after the vendor-neutral rules of QIBA.

use volume::{
    BodyFacts, DecayReference, ModalityLut, Quantity, QuantityKind, Rescale, Sex, SuvActivity,
    SuvFacts, SuvProblem, suv_factors,
};

use crate::dataset::Node;
use crate::frame::{FrameValues, Levels};
use crate::pet_frames::{EnhancedPet, concentration_line};
use crate::read_keys::private;
use crate::tags;
use crate::timestamp::{date_time_s, moment_s, time_of_day_s};

/// What a PET object says about dose, time and body.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PetHeader {
    units: String,
    suv_type: String,
    corrections: Vec<String>,
    decay_correction: String,
    /// Series Date and Time, as seconds of a common origin.
    series_s: Option<f64>,
    times: FrameTimes,
    /// Start of the scan in GE's private group.
    ge_scan_s: Option<f64>,
    philips_suv: Option<f64>,
    philips_activity: Option<f64>,
    n_injections: usize,
    injection: Option<Injection>,
    dose_bq: Option<f64>,
    half_life_s: Option<f64>,
    weight_kg: Option<f64>,
    height_m: Option<f64>,
    sex: Option<Sex>,
    /// Set for enhanced PET, which says all of this but the body elsewhere.
    enhanced: Option<EnhancedPet>,
    /// The times of each frame of an object that was converted from single slices; empty for any other.
    converted: Vec<FrameTimes>,
}

/// When a frame was acquired.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct FrameTimes {
    /// Acquisition Date and Time, as seconds of the common origin.
    acquisition_s: Option<f64>,
    /// Actual Frame Duration.
    duration_s: Option<f64>,
}

/// The times of the frames of an object that was converted from single slices (PS3.3 A.72): those of their functional
/// groups, else those that conversion found no group for.
fn converted_frames(
    levels: &Levels<'_>,
    object_offset: Option<&str>,
    n_frames: u32,
) -> Vec<FrameTimes> {
    let groups = levels
        .root
        .items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
    let frame = |own: Node<'_>| {
        let levels = Levels {
            own: Some(own),
            ..*levels
        };
        let content = levels.group(tags::FRAME_CONTENT_SEQUENCE);
        let ascii = |tag| levels.single(|n| n.ascii(tag));
        let by_group = content
            .and_then(|c| c.ascii(tags::FRAME_ACQUISITION_DATE_TIME))
            .and_then(|text| date_time_s(&text, object_offset));
        let by_attributes = || {
            moment_s(
                &ascii(tags::ACQUISITION_DATE)?,
                &ascii(tags::ACQUISITION_TIME)?,
            )
        };
        let duration_ms = content
            .and_then(|c| c.floats(tags::FRAME_ACQUISITION_DURATION))
            .and_then(|v| v.ok()?.first().copied())
            .or_else(|| levels.single(|n| n.decimal(tags::ACTUAL_FRAME_DURATION)));
        FrameTimes {
            acquisition_s: by_group.or_else(by_attributes),
            duration_s: duration_ms.map(|ms| ms / 1000.0),
        }
    };
    // Never more than the object has frames, which the format has bounded.
    let groups = groups.into_iter().take(n_frames as usize);
    groups.map(frame).collect()
}

/// The PET frame that a slice shows.
#[derive(Clone, Copy)]
pub(crate) struct PetSlice<'a> {
    pub(crate) header: &'a PetHeader,
    /// 0-based.
    pub(crate) frame_idx: usize,
    pub(crate) values: &'a FrameValues,
}

impl PetSlice<'_> {
    /// What the values are, which attributes say so, and the line from stored values to them.
    fn activity(
        &self,
        series: &PetSeries,
        modality: Option<Rescale>,
    ) -> Result<(SuvActivity, String, Option<Rescale>), SuvProblem> {
        match &self.header.enhanced {
            None => {
                let (activity, said) = self.header.activity(self.times(), series)?;
                Ok((activity, said, modality))
            }
            Some(enhanced) => {
                let line = concentration_line(self.values)
                    .ok_or_else(|| missing("a real world value mapping to Bq/ml"))?;
                let (activity, said) = enhanced.activity(self.frame_idx)?;
                Ok((activity, said, Some(line)))
            }
        }
    }

    /// When the frame was acquired: its own times before those of the object.
    fn times(&self) -> FrameTimes {
        let whole = self.header.times;
        let own = self.header.converted.get(self.frame_idx);
        own.map_or(whole, |own| FrameTimes {
            acquisition_s: own.acquisition_s.or(whole.acquisition_s),
            duration_s: own.duration_s.or(whole.duration_s),
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Injection {
    /// Radiopharmaceutical Start DateTime.
    Moment(f64),
    /// Radiopharmaceutical Start Time alone: seconds of a day that is not said.
    TimeOfDay(f64),
}

impl PetHeader {
    pub(crate) fn read(root: Node<'_>, n_frames: u32) -> Self {
        // Conversion moves what no functional group is for into sequences of its own (PS3.3 C.7.6.16.2.25).
        let levels = Levels::of_first_frame(root);
        let ascii = |tag| levels.single(|n| n.ascii(tag)).unwrap_or_default();
        let decimal = |tag| levels.single(|n| n.decimal(tag));
        let moment = |date, time| moment_s(&ascii(date), &ascii(time));
        let offset = root.ascii(tags::TIMEZONE_OFFSET);
        let injections = levels.single(|n| {
            let items = n.items(tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE);
            (!items.is_empty()).then_some(items)
        });
        let injections = injections.unwrap_or_default();
        let enhanced = EnhancedPet::read(root, n_frames);
        let converted = match enhanced {
            Some(_) => Vec::new(),
            None => converted_frames(&levels, offset.as_deref(), n_frames),
        };
        let injected = injections.first();
        let by_moment = injected
            .and_then(|i| i.ascii(tags::RADIOPHARMACEUTICAL_START_DATE_TIME))
            .and_then(|text| date_time_s(&text, offset.as_deref()));
        let by_time = injected
            .and_then(|i| i.ascii(tags::RADIOPHARMACEUTICAL_START_TIME))
            .and_then(|text| time_of_day_s(&text));
        let philips = |element| {
            let read = |n| {
                private(
                    n,
                    "Philips PET Private Group",
                    0x7053,
                    element,
                    Node::decimal,
                )
            };
            levels.single(read).filter(|v| *v != 0.0)
        };
        let ge = levels.single(|n| private(n, "GEMS_PETD_01", 0x0009, 0x0D, Node::ascii));
        Self {
            units: ascii(tags::UNITS),
            suv_type: ascii(tags::SUV_TYPE),
            corrections: levels
                .single(|n| Some(n.ascii_values(tags::CORRECTED_IMAGE)).filter(|v| !v.is_empty()))
                .unwrap_or_default(),
            decay_correction: ascii(tags::DECAY_CORRECTION),
            series_s: moment(tags::SERIES_DATE, tags::SERIES_TIME),
            times: FrameTimes {
                acquisition_s: moment(tags::ACQUISITION_DATE, tags::ACQUISITION_TIME),
                duration_s: decimal(tags::ACTUAL_FRAME_DURATION).map(|ms| ms / 1000.0),
            },
            ge_scan_s: ge.and_then(|text| date_time_s(&text, offset.as_deref())),
            philips_suv: philips(0x00),
            philips_activity: philips(0x09),
            n_injections: injections.len(),
            injection: by_moment
                .map(Injection::Moment)
                .or(by_time.map(Injection::TimeOfDay)),
            dose_bq: injected.and_then(|i| i.decimal(tags::RADIONUCLIDE_TOTAL_DOSE)),
            half_life_s: injected.and_then(|i| i.decimal(tags::RADIONUCLIDE_HALF_LIFE)),
            weight_kg: decimal(tags::PATIENT_WEIGHT),
            height_m: decimal(tags::PATIENT_SIZE),
            sex: match root.ascii(tags::PATIENT_SEX).as_deref() {
                Some("M") => Some(Sex::Male),
                Some("F") => Some(Sex::Female),
                _ => None,
            },
            enhanced,
            converted,
        }
    }

    fn body(&self) -> BodyFacts {
        BodyFacts {
            weight_kg: self.weight_kg,
            height_m: self.height_m,
            sex: self.sex,
        }
    }

    /// What the values of a frame of these times are, and which attributes say so.
    fn activity(
        &self,
        times: FrameTimes,
        series: &PetSeries,
    ) -> Result<(SuvActivity, String), SuvProblem> {
        use QuantityKind::{SuvBodySurface, SuvBodyWeight, SuvIdealWeight, SuvLeanBodyMass};
        match (self.units.as_str(), self.suv_type.as_str()) {
            ("", _) => Err(missing("Units")),
            ("BQML", _) => self.concentration(times, series, (1.0, "Units BQML")),
            ("CNTS", _) => match (self.philips_suv, self.philips_activity) {
                (Some(factor), _) => Ok((
                    SuvActivity::TimesScannerFactor(factor),
                    "Units CNTS, SUV factor (7053,1000)".to_owned(),
                )),
                (None, Some(factor)) => self.concentration(
                    times,
                    series,
                    (factor, "Units CNTS, activity factor (7053,1009)"),
                ),
                (None, None) => Err(missing("the scanner's factor (7053,1000) or (7053,1009)")),
            },
            ("GML", "" | "BW") => Ok((SuvActivity::Already(SuvBodyWeight), "Units GML".to_owned())),
            ("GML", "LBMJANMA") => Ok((
                SuvActivity::Already(SuvLeanBodyMass),
                "Units GML, SUV Type LBMJANMA".to_owned(),
            )),
            ("GML", "IBW") => Ok((
                SuvActivity::Already(SuvIdealWeight),
                "Units GML, SUV Type IBW".to_owned(),
            )),
            ("CM2ML", "" | "BSA") => Ok((
                SuvActivity::Already(SuvBodySurface),
                "Units CM2ML".to_owned(),
            )),
            ("GML" | "CM2ML", other) => Err(no_rule("SUVType", other)),
            (other, _) => Err(no_rule("Units", other)),
        }
    }

    fn concentration(
        &self,
        times: FrameTimes,
        series: &PetSeries,
        (bq_per_ml, units): (f64, &str),
    ) -> Result<(SuvActivity, String), SuvProblem> {
        if !self.corrections.iter().any(|c| c == "ATTN") {
            return Err(missing("ATTN in CorrectedImage"));
        }
        if 1 < self.n_injections {
            let said = format!("{} injections", self.n_injections);
            return Err(no_rule("RadiopharmaceuticalInformationSequence", &said));
        }
        let is_corrected = self.corrections.iter().any(|c| c == "DECY" || c == "DECAY");
        let correction = match (self.decay_correction.as_str(), is_corrected) {
            ("START", true) => DecayCorrection::Start,
            ("ADMIN", true) => DecayCorrection::Admin,
            ("NONE", false) => DecayCorrection::None,
            ("", _) => return Err(missing("DecayCorrection")),
            ("START" | "ADMIN", false) => return Err(missing("DECY in CorrectedImage")),
            (other, _) => return Err(no_rule("DecayCorrection", other)),
        };
        let (reference, said) = match correction {
            DecayCorrection::Admin => (DecayReference::Injection, "to the injection (ADMIN)"),
            DecayCorrection::Start => {
                let (scan_s, said) = self.scan_start_s(series)?;
                let since_injection_s = self.since_injection_s(scan_s)?;
                (DecayReference::ScanStart { since_injection_s }, said)
            }
            DecayCorrection::None => {
                let start_s = times
                    .acquisition_s
                    .ok_or_else(|| missing("AcquisitionTime"))?;
                let reference = DecayReference::Frame {
                    since_injection_s: self.since_injection_s(start_s)?,
                    duration_s: times
                        .duration_s
                        .ok_or_else(|| missing("ActualFrameDuration"))?,
                };
                (reference, "of each frame from AcquisitionTime (NONE)")
            }
        };
        let activity = SuvActivity::Concentration {
            bq_per_ml,
            dose_bq: self
                .dose_bq
                .ok_or_else(|| missing("RadionuclideTotalDose"))?,
            half_life_s: self
                .half_life_s
                .ok_or_else(|| missing("RadionuclideHalfLife"))?,
            reference,
        };
        Ok((activity, format!("{units}, decay {said}")))
    }

    /// The start of the scan. Series Time counts unless it is later than an acquisition: then the series was written anew.
    fn scan_start_s(&self, series: &PetSeries) -> Result<(f64, &'static str), SuvProblem> {
        match (self.series_s, series.first_acquisition_s) {
            (Some(series_s), Some(first_s)) if series_s <= first_s => {
                Ok((series_s, "to SeriesTime (START)"))
            }
            (_, first_s) => match (self.ge_scan_s, first_s, series.extent) {
                (Some(ge_s), ..) => Ok((ge_s, "to the scan time (0009,100D) (START)")),
                (None, Some(first_s), PetExtent::WholeSeries) => {
                    Ok((first_s, "to the earliest AcquisitionTime (START)"))
                }
                (None, Some(_), PetExtent::PartOfSeries) => Err(missing(
                    "a SeriesTime before the acquisition, of a series with several parts,",
                )),
                (None, None, _) => Err(missing("AcquisitionTime")),
            },
        }
    }

    fn since_injection_s(&self, moment: f64) -> Result<f64, SuvProblem> {
        const DAY_S: f64 = 86_400.0;
        match self.injection {
            Some(Injection::Moment(injected)) => Ok(moment - injected),
            // The day is not said: it is that of the scan, or the one before when midnight came between.
            Some(Injection::TimeOfDay(injected)) => Ok((moment - injected).rem_euclid(DAY_S)),
            None => Err(missing("RadiopharmaceuticalStartDateTime")),
        }
    }
}

#[derive(Clone, Copy)]
enum DecayCorrection {
    Start,
    Admin,
    None,
}

/// What several objects say together.
struct PetSeries {
    first_acquisition_s: Option<f64>,
    extent: PetExtent,
}

/// Are the slices all of their series?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PetExtent {
    WholeSeries,
    PartOfSeries,
}

pub(crate) fn missing(attribute: &'static str) -> SuvProblem {
    SuvProblem::Missing { attribute }
}

pub(crate) fn no_rule(attribute: &'static str, value: &str) -> SuvProblem {
    let value = value.to_owned();
    SuvProblem::NoRule { attribute, value }
}

/// The uptake values of slices, and why those that are not there are not. A hole is `None`.
pub(crate) fn suv_quantities(
    slices: &[Option<PetSlice<'_>>],
    modality_lut: &ModalityLut,
    extent: PetExtent,
) -> (Vec<Quantity>, Vec<SuvProblem>) {
    let first_acquisition_s = slices
        .iter()
        .flatten()
        .filter_map(|s| s.times().acquisition_s)
        .min_by(f64::total_cmp);
    let series = PetSeries {
        first_acquisition_s,
        extent,
    };
    let mut problems: Vec<SuvProblem> = Vec::new();
    let mut note = |problem: SuvProblem| {
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    };
    let kinds = [
        (QuantityKind::SuvBodyWeight, "SUVbw", "g/ml"),
        (QuantityKind::SuvLeanBodyMass, "SUVlbm", "g/ml"),
        (QuantityKind::SuvBodySurface, "SUVbsa", "cm2/ml"),
        (QuantityKind::SuvIdealWeight, "SUVibw", "g/ml"),
    ];
    let mut luts: [Option<Vec<Rescale>>; 4] = std::array::from_fn(|_| Some(Vec::new()));
    let mut provenance = String::new();
    for (slice_idx, slice) in slices.iter().enumerate() {
        let mut line = modality_lut.rescale(slice_idx);
        let factors = slice.map(|slice| {
            let (activity, said, own_line) = slice.activity(&series, line)?;
            (provenance, line) = (said, own_line);
            let body = slice.header.body();
            Ok(suv_factors(&SuvFacts { activity, body }))
        });
        let factors = match factors {
            // A hole has no value, whatever its factor.
            None => None,
            Some(Ok(factors)) => Some(factors),
            Some(Err(problem)) => {
                note(problem);
                return (Vec::new(), problems);
            }
        };
        for ((kind, ..), lut) in kinds.iter().zip(&mut luts) {
            let factor = match &factors {
                None => Some(1.0),
                Some(all) => match all.iter().find(|(k, _)| k == kind) {
                    Some((_, Ok(factor))) => Some(*factor),
                    Some((_, Err(problem))) => {
                        note(problem.clone());
                        None
                    }
                    None => None,
                },
            };
            let rescale = factor.zip(line).map(|(factor, r)| Rescale {
                slope: factor * r.slope,
                intercept: factor * r.intercept,
            });
            match (lut.as_mut(), rescale) {
                (Some(entries), Some(rescale)) => entries.push(rescale),
                _ => *lut = None,
            }
        }
    }
    let quantities = kinds
        .into_iter()
        .zip(luts)
        .filter_map(|((kind, name, unit), entries)| {
            Some(Quantity {
                kind,
                name: name.to_owned(),
                unit: unit.to_owned(),
                lut: ModalityLut::Rescale(joined(entries?)),
                defined: None,
                provenance: provenance.clone(),
            })
        });
    (quantities.collect(), problems)
}

/// One entry where all are the same.
pub(crate) fn joined(entries: Vec<Rescale>) -> Vec<Rescale> {
    match entries.first() {
        Some(first) if entries.iter().all(|e| e == first) => vec![*first],
        _ => entries,
    }
}
