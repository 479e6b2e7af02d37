//! The first report as a DICOM structured report: Basic Text SR in the shape of TID 2000 (PS3.16).

use dicom_dictionary_std::tags;

use crate::data_set::DataSet;
use crate::part10::{Syntax, file_bytes};
use crate::patient::Patient;
use crate::study::{CT_IMAGE_STORAGE, Study, put_equipment, put_study};
use crate::uid::uid_of;
use crate::words::{Report, Section};

/// An image that a sentence was seen on.
#[derive(Clone, Debug)]
pub(crate) struct KeyImage {
    /// Finding that it shows.
    pub finding_id: String,
    /// Series of the image.
    pub series_uid: String,
    /// SOP Instance UID of the image.
    pub sop_uid: String,
}

/// Builds the file of the report on `study`.
pub(crate) fn file(
    report: &Report,
    study: &Study,
    patient: &Patient,
    key_images: &[KeyImage],
) -> Vec<u8> {
    file_bytes(
        &data_set(report, study, patient, key_images),
        Syntax::ExplicitLe,
    )
}

/// Builds the data set of the report on `study`.
pub(crate) fn data_set(
    report: &Report,
    study: &Study,
    patient: &Patient,
    key_images: &[KeyImage],
) -> DataSet {
    let mut data_set = DataSet::new();
    patient.put_into(&mut data_set);
    put_study(&mut data_set, study, patient);
    put_equipment(&mut data_set);
    let name = format!("{}/report", study.study_uid);
    data_set.put(tags::SPECIFIC_CHARACTER_SET, "ISO_IR 192");
    data_set.put(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.88.11");
    data_set.put(tags::SOP_INSTANCE_UID, uid_of(&name));
    data_set.put(tags::MODALITY, "SR");
    data_set.put(tags::SERIES_INSTANCE_UID, uid_of(&format!("{name}/series")));
    data_set.put(tags::SERIES_NUMBER, "900");
    data_set.put(tags::SERIES_DESCRIPTION, "Radiology report");
    data_set.put(tags::SERIES_DATE, study.date.as_str());
    data_set.put(tags::SERIES_TIME, "144500");
    data_set.put(
        tags::REFERENCED_PERFORMED_PROCEDURE_STEP_SEQUENCE,
        Vec::<DataSet>::new(),
    );
    data_set.put(tags::INSTANCE_NUMBER, "1");
    data_set.put(tags::CONTENT_DATE, study.date.as_str());
    data_set.put(tags::CONTENT_TIME, "144500");
    data_set.put(tags::COMPLETION_FLAG, "COMPLETE");
    data_set.put(tags::VERIFICATION_FLAG, "VERIFIED");
    let mut observer = DataSet::new();
    observer.put(tags::VERIFYING_ORGANIZATION, "PHANTOM");
    observer.put(
        tags::VERIFICATION_DATE_TIME,
        format!("{}145210", study.date),
    );
    observer.put(tags::VERIFYING_OBSERVER_NAME, report.reader_name.as_str());
    observer.put(
        tags::VERIFYING_OBSERVER_IDENTIFICATION_CODE_SEQUENCE,
        Vec::<DataSet>::new(),
    );
    data_set.put(tags::VERIFYING_OBSERVER_SEQUENCE, vec![observer]);
    data_set.put(tags::REFERENCED_REQUEST_SEQUENCE, vec![request(study)]);
    data_set.put(
        tags::PERFORMED_PROCEDURE_CODE_SEQUENCE,
        Vec::<DataSet>::new(),
    );
    if !key_images.is_empty() {
        data_set.put(
            tags::CURRENT_REQUESTED_PROCEDURE_EVIDENCE_SEQUENCE,
            vec![evidence(study, key_images)],
        );
    }
    data_set.put_all(&content(report, key_images));
    data_set
}

fn request(study: &Study) -> DataSet {
    let mut request = DataSet::new();
    request.put(tags::STUDY_INSTANCE_UID, study.study_uid.as_str());
    request.put(tags::REFERENCED_STUDY_SEQUENCE, Vec::<DataSet>::new());
    request.put(tags::ACCESSION_NUMBER, study.accession_number.as_str());
    request.put(tags::PLACER_ORDER_NUMBER_IMAGING_SERVICE_REQUEST, "");
    request.put(tags::FILLER_ORDER_NUMBER_IMAGING_SERVICE_REQUEST, "");
    request.put(
        tags::REQUESTED_PROCEDURE_ID,
        study.accession_number.as_str(),
    );
    request.put(
        tags::REQUESTED_PROCEDURE_DESCRIPTION,
        study.description.as_str(),
    );
    request.put(
        tags::REQUESTED_PROCEDURE_CODE_SEQUENCE,
        Vec::<DataSet>::new(),
    );
    request
}

fn evidence(study: &Study, key_images: &[KeyImage]) -> DataSet {
    let mut series: Vec<(String, Vec<DataSet>)> = Vec::new();
    for image in key_images {
        let reference = reference(&image.sop_uid);
        match series.iter_mut().find(|(uid, _)| *uid == image.series_uid) {
            Some((_, references)) if references.contains(&reference) => {}
            Some((_, references)) => references.push(reference),
            None => series.push((image.series_uid.clone(), vec![reference])),
        }
    }
    let series: Vec<DataSet> = series
        .into_iter()
        .map(|(uid, references)| {
            let mut item = DataSet::new();
            item.put(tags::SERIES_INSTANCE_UID, uid);
            item.put(tags::REFERENCED_SOP_SEQUENCE, references);
            item
        })
        .collect();
    let mut item = DataSet::new();
    item.put(tags::STUDY_INSTANCE_UID, study.study_uid.as_str());
    item.put(tags::REFERENCED_SERIES_SEQUENCE, series);
    item
}

fn reference(sop_uid: &str) -> DataSet {
    let mut item = DataSet::new();
    item.put(tags::REFERENCED_SOP_CLASS_UID, CT_IMAGE_STORAGE);
    item.put(tags::REFERENCED_SOP_INSTANCE_UID, sop_uid);
    item
}

fn code(value: &str, scheme: &str, meaning: &str) -> DataSet {
    let mut item = DataSet::new();
    item.put(tags::CODE_VALUE, value);
    item.put(tags::CODING_SCHEME_DESIGNATOR, scheme);
    item.put(tags::CODE_MEANING, meaning);
    item
}

fn item(relationship: &str, value_type: &str, name: DataSet) -> DataSet {
    let mut item = DataSet::new();
    item.put(tags::RELATIONSHIP_TYPE, relationship);
    item.put(tags::VALUE_TYPE, value_type);
    item.put(tags::CONCEPT_NAME_CODE_SEQUENCE, vec![name]);
    item
}

fn content(report: &Report, key_images: &[KeyImage]) -> DataSet {
    let mut root = DataSet::new();
    root.put(tags::VALUE_TYPE, "CONTAINER");
    root.put(tags::CONTINUITY_OF_CONTENT, "SEPARATE");
    root.put(
        tags::CONCEPT_NAME_CODE_SEQUENCE,
        vec![code("18748-4", "LN", "Diagnostic imaging report")],
    );
    let mut template = DataSet::new();
    template.put(tags::MAPPING_RESOURCE, "DCMR");
    template.put(tags::TEMPLATE_IDENTIFIER, "2000");
    root.put(tags::CONTENT_TEMPLATE_SEQUENCE, vec![template]);
    let mut language = item(
        "HAS CONCEPT MOD",
        "CODE",
        code("121049", "DCM", "Language of Content Item and Descendants"),
    );
    language.put(
        tags::CONCEPT_CODE_SEQUENCE,
        vec![code("en", "RFC5646", "English")],
    );
    let mut observer_type = item(
        "HAS OBS CONTEXT",
        "CODE",
        code("121005", "DCM", "Observer Type"),
    );
    observer_type.put(
        tags::CONCEPT_CODE_SEQUENCE,
        vec![code("121006", "DCM", "Person")],
    );
    let mut observer = item(
        "HAS OBS CONTEXT",
        "PNAME",
        code("121008", "DCM", "Person Observer Name"),
    );
    observer.put(tags::PERSON_NAME, report.reader_name.as_str());
    let mut items = vec![language, observer_type, observer];
    items.extend(
        report
            .sections
            .iter()
            .map(|section| container(section, key_images)),
    );
    root.put(tags::CONTENT_SEQUENCE, items);
    root
}

fn container(section: &Section, key_images: &[KeyImage]) -> DataSet {
    // Headings of CID 7001 and elements of CID 7002.
    let (heading, element) = match section.heading {
        "Clinical information" => (
            ("55752-0", "Clinical Information"),
            ("11329-0", "LN", "History"),
        ),
        "Technique" => (
            ("55111-9", "Current Procedure Descriptions"),
            ("121065", "DCM", "Procedure Description"),
        ),
        "Comparison" => (
            ("55114-3", "Prior Procedure Descriptions"),
            ("121065", "DCM", "Procedure Description"),
        ),
        "Impression" => (("19005-8", "Impressions"), ("121073", "DCM", "Impression")),
        _ => (("59776-5", "Findings"), ("121071", "DCM", "Finding")),
    };
    let mut container = item("CONTAINS", "CONTAINER", code(heading.0, "LN", heading.1));
    container.put(tags::CONTINUITY_OF_CONTENT, "SEPARATE");
    let mut items = Vec::new();
    for sentence in &section.sentences {
        let (value, scheme, meaning) = element;
        let mut text = item("CONTAINS", "TEXT", code(value, scheme, meaning));
        text.put(tags::TEXT_VALUE, sentence.text.as_str());
        let images: Vec<DataSet> = key_images
            .iter()
            .filter(|image| {
                section.heading == "Findings"
                    && sentence.finding_id.as_ref() == Some(&image.finding_id)
            })
            .map(|image| {
                let mut item = DataSet::new();
                item.put(tags::RELATIONSHIP_TYPE, "INFERRED FROM");
                item.put(tags::VALUE_TYPE, "IMAGE");
                item.put(
                    tags::REFERENCED_SOP_SEQUENCE,
                    vec![reference(&image.sop_uid)],
                );
                item
            })
            .collect();
        if !images.is_empty() {
            text.put(tags::CONTENT_SEQUENCE, images);
        }
        items.push(text);
    }
    container.put(tags::CONTENT_SEQUENCE, items);
    container
}
