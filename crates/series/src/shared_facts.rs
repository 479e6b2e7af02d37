use std::sync::Arc;

use space::StatedDirections;

use crate::charset::Charset;
use crate::concatenation::Concatenation;
use crate::dataset::Node;
use crate::document::document_kind;
use crate::frame::Levels;
use crate::header_parts::Odd;
use crate::instance::Problem;
use crate::model::{DocumentKind, Patient};
use crate::prescan::Parsed;
use crate::refusal::Refusal;
use crate::tags;
use crate::unshown::Unshown;

/// What an object mostly says like the others of its series, which then share it.
#[derive(Debug)]
pub(crate) struct SharedFacts {
    pub(crate) transfer_syntax_uid: String,
    pub(crate) sop_class_uid: String,
    pub(crate) study_instance_uid: String,
    pub(crate) series_instance_uid: String,
    pub(crate) patient: Patient,
    pub(crate) about: About,
    pub(crate) acquisition_number: Option<i64>,
    /// Images in Acquisition, for telling whether the series is whole.
    pub(crate) n_images_in_acquisition: Option<i64>,
    /// Number of Series and of Study Related Instances, where whoever sent the object wrote them in.
    pub(crate) n_in_series: Option<i64>,
    pub(crate) n_in_study: Option<i64>,
    pub(crate) image_type: Arc<str>,
    pub(crate) document: Option<DocumentKind>,
    /// Set for pictures that are listed and never shown.
    pub(crate) unshown: Option<Unshown>,
    pub(crate) title: String,
    pub(crate) mime_type: String,
    pub(crate) concatenation: Option<Concatenation>,
    /// Positioner Primary and Secondary Angle of angiography, degrees: positive to the patient's left and head.
    pub(crate) beam_angles_deg: [Option<f64>; 2],
    /// Stated tilt of the gantry, degrees.
    pub(crate) gantry_tilt_deg: Option<f64>,
}

/// Words about the study and series that the object repeats.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    pub(crate) study_date: String,
    pub(crate) study_time: String,
    pub(crate) study_description: String,
    pub(crate) accession: String,
    pub(crate) series_number: Option<i64>,
    pub(crate) modality: String,
    pub(crate) series_description: String,
    pub(crate) body_part: String,
    pub(crate) laterality: String,
    pub(crate) view_position: String,
    pub(crate) frame_of_reference_uid: Option<String>,
    /// The sides that Patient Orientation names, along the rows and along the columns.
    pub(crate) sides: Option<StatedDirections>,
    pub(crate) date: String,
}

/// [`SharedFacts`] as it was read; the attribute that refuses the object otherwise.
pub(crate) type SharedPart = Result<Odd<Arc<SharedFacts>>, &'static str>;

impl SharedFacts {
    pub(crate) fn read(root: Node<'_>, parsed: &Parsed) -> SharedPart {
        let charset = Charset::of(root);
        let mut problems = Vec::new();
        let sop_class_uid = root
            .ascii(tags::SOP_CLASS_UID)
            .or_else(|| parsed.media_class_uid.clone());
        let sop_class_uid = sop_class_uid.unwrap_or_default();
        let study = (tags::STUDY_INSTANCE_UID, "Study Instance UID");
        let study_instance_uid = uid(root, study, &mut problems)?;
        let series = (tags::SERIES_INSTANCE_UID, "Series Instance UID");
        let series_instance_uid = uid(root, series, &mut problems)?;
        let about = about(root, &charset);
        let document = document_kind(
            &sop_class_uid,
            &about.modality,
            &parsed.transfer_syntax_uid,
            parsed.pixels.is_some(),
        );
        let common = Self {
            transfer_syntax_uid: parsed.transfer_syntax_uid.clone(),
            document,
            unshown: Unshown::of(root, &sop_class_uid, document),
            sop_class_uid,
            study_instance_uid,
            series_instance_uid,
            patient: patient(root, &charset),
            acquisition_number: root.integer(tags::ACQUISITION_NUMBER).and_then(Result::ok),
            n_images_in_acquisition: root
                .integer(tags::IMAGES_IN_ACQUISITION)
                .and_then(Result::ok),
            n_in_series: root
                .integer(tags::SERIES_RELATED_INSTANCES)
                .and_then(Result::ok),
            n_in_study: root
                .integer(tags::STUDY_RELATED_INSTANCES)
                .and_then(Result::ok),
            title: title(root, &charset),
            mime_type: root.ascii(tags::MIME_TYPE).unwrap_or_default(),
            concatenation: Concatenation::read(root),
            beam_angles_deg: [
                tags::POSITIONER_PRIMARY_ANGLE,
                tags::POSITIONER_SECONDARY_ANGLE,
            ]
            .map(|tag| root.decimal(tag)),
            gantry_tilt_deg: Levels::of_first_frame(root)
                .single(|n| n.decimal(tags::GANTRY_DETECTOR_TILT)),
            about,
            image_type: Arc::from(root.ascii(tags::IMAGE_TYPE).unwrap_or_default()),
        };
        problems.extend(charset.guessed().then_some(Problem::CharsetGuessed));
        Ok(Odd {
            value: Arc::new(common),
            problems,
        })
    }
}

/// A UID as it is, padding apart; the attribute's name where it is too long to be one.
pub(crate) fn uid(
    root: Node<'_>,
    (tag, what): (u32, &'static str),
    problems: &mut Vec<Problem>,
) -> Result<String, &'static str> {
    let uid = root.ascii(tag).unwrap_or_default();
    if 128 < uid.len() {
        return Err(what);
    }
    if uid.is_empty() || 64 < uid.len() || !uid.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        problems.push(Problem::UidOdd);
    }
    Ok(uid)
}

/// Refuses an object that nothing identifies.
pub(crate) fn no_identity(what: &'static str) -> Refusal {
    Refusal::NoIdentity { what }
}

fn patient(root: Node<'_>, charset: &Charset) -> Patient {
    let text = |tag| root.text(tag, charset).unwrap_or_default();
    Patient {
        name: text(tags::PATIENT_NAME),
        id: text(tags::PATIENT_ID),
        issuer: text(tags::ISSUER_OF_PATIENT_ID),
        birth_date: root.ascii(tags::PATIENT_BIRTH_DATE).unwrap_or_default(),
        sex: root.ascii(tags::PATIENT_SEX).unwrap_or_default(),
        age: root.ascii(tags::PATIENT_AGE).unwrap_or_default(),
    }
}

fn about(root: Node<'_>, charset: &Charset) -> About {
    let text = |tag| root.text(tag, charset).unwrap_or_default();
    let ascii = |tag| root.ascii(tag).unwrap_or_default();
    let first = |tags: &[u32]| {
        tags.iter()
            .map(|t| ascii(*t))
            .find(|v| !v.is_empty())
            .unwrap_or_default()
    };
    let mut series_description = text(tags::SERIES_DESCRIPTION);
    if series_description.is_empty() {
        series_description = text(tags::PROTOCOL_NAME);
    }
    About {
        study_date: ascii(tags::STUDY_DATE).replace('.', ""),
        study_time: ascii(tags::STUDY_TIME),
        study_description: text(tags::STUDY_DESCRIPTION),
        accession: text(tags::ACCESSION_NUMBER),
        series_number: root.integer(tags::SERIES_NUMBER).and_then(Result::ok),
        modality: ascii(tags::MODALITY),
        series_description,
        body_part: body_part(root, charset),
        laterality: match first(&[tags::IMAGE_LATERALITY, tags::LATERALITY]) {
            none if none.is_empty() => frame_laterality(root),
            stated => stated,
        },
        view_position: ascii(tags::VIEW_POSITION),
        frame_of_reference_uid: root.ascii(tags::FRAME_OF_REFERENCE_UID),
        sides: match root.ascii_values(tags::PATIENT_ORIENTATION).as_slice() {
            [along_row, along_column] => StatedDirections::from_terms(along_row, along_column),
            _ => None,
        },
        date: first(&[
            tags::SERIES_DATE,
            tags::CONTENT_DATE,
            tags::ACQUISITION_DATE,
            tags::STUDY_DATE,
        ])
        .replace('.', ""),
    }
}

/// Body Part Examined, as enhanced and converted objects keep it elsewhere: among the attributes that conversion found no
/// group for, or as the name of the anatomic region of the first frame, in capitals as the term would be.
fn body_part(root: Node<'_>, charset: &Charset) -> String {
    let levels = Levels::of_first_frame(root);
    let region = || {
        let anatomy = levels.group(tags::FRAME_ANATOMY_SEQUENCE)?;
        let region = anatomy.item(tags::ANATOMIC_REGION_SEQUENCE)?;
        Some(region.text(tags::CODE_MEANING, charset)?.to_uppercase())
    };
    levels
        .single(|n| n.text(tags::BODY_PART_EXAMINED, charset))
        .or_else(region)
        .unwrap_or_default()
}

/// Frame Laterality (PS3.3 C.7.6.16.2.8), where all frames of an enhanced object share it: tomosynthesis has no other.
fn frame_laterality(root: Node<'_>) -> String {
    root.item(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE)
        .and_then(|shared| shared.item(tags::FRAME_ANATOMY_SEQUENCE))
        .and_then(|anatomy| anatomy.ascii(tags::FRAME_LATERALITY))
        .unwrap_or_default()
}

fn title(root: Node<'_>, charset: &Charset) -> String {
    let concept = root
        .item(tags::CONCEPT_NAME_CODE_SEQUENCE)
        .and_then(|i| i.text(tags::CODE_MEANING, charset));
    root.text(tags::DOCUMENT_TITLE, charset)
        .or(concept)
        .or_else(|| root.text(tags::CONTENT_LABEL, charset))
        .or_else(|| root.text(tags::CONTENT_DESCRIPTION, charset))
        .or_else(|| root.text(tags::SERIES_DESCRIPTION, charset))
        .unwrap_or_default()
}
