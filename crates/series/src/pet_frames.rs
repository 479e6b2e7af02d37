//! Enhanced PET (PS3.3 A.56): dose, decay and time of each frame, from modules and functional groups of its own.

use volume::{DecayReference, Rescale, SuvActivity, SuvProblem};

use crate::dataset::Node;
use crate::frame::FrameValues;
use crate::pet::{missing, no_rule};
use crate::real_world::RealWorldMap;
use crate::tags;
use crate::timestamp::date_time_s;

const ENHANCED_PET_IMAGE_STORAGE: &str = "1.2.840.10008.5.1.4.1.1.130";

/// What an enhanced PET object says about corrections (PS3.3 C.8.22.3), isotopes (C.8.22.4) and its frames.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EnhancedPet {
    is_attenuation_corrected: bool,
    /// Decay Corrected; empty when it is not said.
    decay_corrected: String,
    /// The moment that all frames are corrected to.
    corrected_to_s: Option<f64>,
    injections: Vec<Injection>,
    frames: Vec<PetFrame>,
}

#[derive(Clone, Debug, PartialEq)]
struct Injection {
    agent_number: Option<i64>,
    start_s: Option<f64>,
    dose_bq: Option<f64>,
    half_life_s: Option<f64>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct PetFrame {
    /// Which of the injections the frame shows; several when the frame shows more than one.
    agent_numbers: Vec<i64>,
    start_s: Option<f64>,
    duration_s: Option<f64>,
}

impl EnhancedPet {
    /// `None` for an object of another class.
    pub(crate) fn read(root: Node<'_>, n_frames: u32) -> Option<Self> {
        if root.ascii(tags::SOP_CLASS_UID).as_deref() != Some(ENHANCED_PET_IMAGE_STORAGE) {
            return None;
        }
        let offset = root.ascii(tags::TIMEZONE_OFFSET);
        let moment = |node: Node<'_>, tag| date_time_s(&node.ascii(tag)?, offset.as_deref());
        let injection = |item: Node<'_>| Injection {
            agent_number: agent_number(item),
            start_s: moment(item, tags::RADIOPHARMACEUTICAL_START_DATE_TIME),
            // In MBq here, where PET of single frames has Bq (PS3.3 C.8.22.4 and C.8.9.2).
            dose_bq: item
                .decimal(tags::RADIONUCLIDE_TOTAL_DOSE)
                .map(|mbq| mbq * 1e6),
            half_life_s: item.decimal(tags::RADIONUCLIDE_HALF_LIFE),
        };
        let shared = root.item(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE);
        let groups = root.items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
        let frame = |own: Option<&Node<'_>>| {
            let levels = || own.copied().into_iter().chain(shared);
            let usage = levels()
                .map(|n| n.items(tags::RADIOPHARMACEUTICAL_USAGE_SEQUENCE))
                .find(|items| !items.is_empty());
            let content = levels().find_map(|n| n.item(tags::FRAME_CONTENT_SEQUENCE));
            let duration_ms = content
                .and_then(|c| c.floats(tags::FRAME_ACQUISITION_DURATION))
                .and_then(|v| v.ok()?.first().copied());
            PetFrame {
                agent_numbers: usage
                    .into_iter()
                    .flatten()
                    .filter_map(agent_number)
                    .collect(),
                start_s: content.and_then(|c| moment(c, tags::FRAME_ACQUISITION_DATE_TIME)),
                duration_s: duration_ms.map(|ms| ms / 1000.0),
            }
        };
        let injections = root.items(tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE);
        Some(Self {
            is_attenuation_corrected: root.ascii(tags::ATTENUATION_CORRECTED).as_deref()
                == Some("YES"),
            decay_corrected: root.ascii(tags::DECAY_CORRECTED).unwrap_or_default(),
            corrected_to_s: moment(root, tags::DECAY_CORRECTION_DATE_TIME),
            injections: injections.into_iter().map(injection).collect(),
            // Never more than the object has frames, which the format has bounded.
            frames: (0..n_frames as usize)
                .map(|k| frame(groups.get(k)))
                .collect(),
        })
    }

    /// What the values of a frame are under [`concentration_line`], and which attributes say so.
    pub(crate) fn activity(&self, frame_idx: usize) -> Result<(SuvActivity, String), SuvProblem> {
        let frame = self.frames.get(frame_idx);
        let frame = frame.ok_or_else(|| missing("the frame's functional groups"))?;
        if !self.is_attenuation_corrected {
            return Err(missing("AttenuationCorrected YES"));
        }
        let injection = self.injection_of(frame)?;
        let injected_s = injection
            .start_s
            .ok_or_else(|| missing("RadiopharmaceuticalStartDateTime"))?;
        let (reference, said) = match self.decay_corrected.as_str() {
            "YES" => {
                let moment_s = self
                    .corrected_to_s
                    .ok_or_else(|| missing("DecayCorrectionDateTime"))?;
                let since_injection_s = moment_s - injected_s;
                (
                    DecayReference::ScanStart { since_injection_s },
                    "to DecayCorrectionDateTime",
                )
            }
            "NO" => {
                let start_s = frame
                    .start_s
                    .ok_or_else(|| missing("FrameAcquisitionDateTime"))?;
                let reference = DecayReference::Frame {
                    since_injection_s: start_s - injected_s,
                    duration_s: frame
                        .duration_s
                        .ok_or_else(|| missing("FrameAcquisitionDuration"))?,
                };
                (reference, "of each frame from FrameAcquisitionDateTime")
            }
            "" => return Err(missing("DecayCorrected")),
            other => return Err(no_rule("DecayCorrected", other)),
        };
        let activity = SuvActivity::Concentration {
            bq_per_ml: 1.0,
            dose_bq: injection
                .dose_bq
                .ok_or_else(|| missing("RadionuclideTotalDose"))?,
            half_life_s: injection
                .half_life_s
                .ok_or_else(|| missing("RadionuclideHalfLife"))?,
            reference,
        };
        Ok((activity, format!("Real World Value in Bq/ml, decay {said}")))
    }

    /// The one injection that a frame shows.
    fn injection_of(&self, frame: &PetFrame) -> Result<&Injection, SuvProblem> {
        match (frame.agent_numbers.as_slice(), self.injections.as_slice()) {
            (_, []) => Err(missing("RadiopharmaceuticalInformationSequence")),
            ([], [only]) => Ok(only),
            ([], several) => {
                let said = format!("{} injections and no frame's own", several.len());
                Err(no_rule("RadiopharmaceuticalUsageSequence", &said))
            }
            ([agent], all) => all
                .iter()
                .find(|i| i.agent_number == Some(*agent))
                .ok_or_else(|| missing("the RadiopharmaceuticalAgentNumber of the frame")),
            (several, _) => {
                let said = format!("{} agents in one frame", several.len());
                Err(no_rule("RadiopharmaceuticalUsageSequence", &said))
            }
        }
    }
}

/// From stored values to Bq/ml, as a real world value mapping of the frame says in UCUM; `None` when none does.
pub(crate) fn concentration_line(values: &FrameValues) -> Option<Rescale> {
    values.real_world.iter().find_map(|item| {
        // Case tells kilo from nothing and mega from milli in UCUM; only the litre may be written either way.
        let bq_per_ml = match item.unit.replace("mL", "ml").as_str() {
            "Bq/ml" => 1.0,
            "kBq/ml" => 1e3,
            "MBq/ml" => 1e6,
            _ => return None,
        };
        match &item.map {
            RealWorldMap::Line(line) => Some(Rescale {
                slope: line.slope * bq_per_ml,
                intercept: line.intercept * bq_per_ml,
            }),
            RealWorldMap::Table(_) => None,
        }
    })
}

fn agent_number(item: Node<'_>) -> Option<i64> {
    item.u16(tags::RADIOPHARMACEUTICAL_AGENT_NUMBER)
        .map(i64::from)
}
