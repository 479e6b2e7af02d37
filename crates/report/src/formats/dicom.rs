use case::ReportStatus;
use dicom_core::Tag;
use dicom_dictionary_std::{tags, uids};
use dicom_object::{InMemDicomObject, from_reader};

use super::{Extracted, pdf, sr};
use crate::document::Source;
use crate::error::ReadError;

/// A DICOM report: structured report (PS3.3 A.35) or encapsulated document (PS3.3 A.45). Runs on a large stack.
pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ReadError> {
    let object = from_reader(bytes).map_err(|_| ReadError::Damaged {
        what: "DICOM file",
        why: "its elements do not follow the rules of PS3.10".to_owned(),
    })?;
    let class = string(&object, tags::SOP_CLASS_UID).unwrap_or_default();
    let mut extracted = match class.as_str() {
        uids::ENCAPSULATED_PDF_STORAGE => encapsulated_pdf(&object)?,
        uids::ENCAPSULATED_CDA_STORAGE => {
            return Err(ReadError::NotYetRead {
                what: "an encapsulated CDA document",
            });
        }
        uids::KEY_OBJECT_SELECTION_DOCUMENT_STORAGE => {
            return Err(ReadError::NotAReport {
                sop_class_uid: class,
            });
        }
        _ if object.get(tags::CONTENT_SEQUENCE).is_some() => sr::extract(&object),
        _ => {
            return Err(ReadError::NotAReport {
                sop_class_uid: class,
            });
        }
    };
    let format = std::mem::take(&mut extracted.source.format);
    let observer = extracted.source.author.take();
    extracted.source = header(&object, format, observer);
    if extracted.source.format == "sr"
        && string(&object, tags::VERIFICATION_FLAG).as_deref() != Some("VERIFIED")
    {
        extracted
            .warnings
            .push("the structured report is not verified by its author".to_owned());
    }
    if extracted.text.trim().is_empty() {
        return Err(ReadError::NoText { n_pages: 0 });
    }
    Ok(extracted)
}

fn encapsulated_pdf(object: &InMemDicomObject) -> Result<Extracted, ReadError> {
    let document = object
        .get(tags::ENCAPSULATED_DOCUMENT)
        .and_then(|element| element.to_bytes().ok())
        .ok_or_else(|| ReadError::Damaged {
            what: "encapsulated document",
            why: "it holds no document".to_owned(),
        })?;
    let mut extracted = pdf::extract(&document)?;
    extracted.source.format = "encapsulated_pdf".to_owned();
    Ok(extracted)
}

fn header(object: &InMemDicomObject, format: String, observer: Option<String>) -> Source {
    let verifier = item(object, tags::VERIFYING_OBSERVER_SEQUENCE)
        .and_then(|item| string(item, tags::VERIFYING_OBSERVER_NAME));
    let author = item(object, tags::AUTHOR_OBSERVER_SEQUENCE)
        .and_then(|item| string(item, tags::PERSON_NAME));
    let reader = string(object, tags::NAME_OF_PHYSICIANS_READING_STUDY);
    let date = string(object, tags::CONTENT_DATE);
    let time = string(object, tags::CONTENT_TIME);
    let is_preliminary = string(object, tags::PRELIMINARY_FLAG).as_deref() == Some("PRELIMINARY")
        || string(object, tags::COMPLETION_FLAG).as_deref() == Some("PARTIAL");
    let says_final = string(object, tags::VERIFICATION_FLAG).as_deref() == Some("VERIFIED")
        || string(object, tags::PRELIMINARY_FLAG).as_deref() == Some("FINAL");
    Source {
        author: verifier.or(author).or(observer).or(reader),
        issued: date.map(|date| format!("{date}{}", time.unwrap_or_default())),
        status: if is_preliminary {
            Some(ReportStatus::Preliminary)
        } else if says_final {
            Some(ReportStatus::Final)
        } else {
            None
        },
        patient_name: string(object, tags::PATIENT_NAME),
        patient_id: string(object, tags::PATIENT_ID),
        accession: string(object, tags::ACCESSION_NUMBER),
        study_instance_uid: string(object, tags::STUDY_INSTANCE_UID),
        study_date: string(object, tags::STUDY_DATE),
        format,
    }
}

/// The value of an element as text without padding; `None` when absent or empty.
pub(super) fn string(object: &InMemDicomObject, tag: Tag) -> Option<String> {
    let text = object.get(tag)?.to_str().ok()?;
    let text = text.trim_matches(['\0', ' ']);
    (!text.is_empty()).then(|| text.to_owned())
}

/// The first item of a sequence.
pub(super) fn item(object: &InMemDicomObject, tag: Tag) -> Option<&InMemDicomObject> {
    object.get(tag)?.items()?.first()
}
