use serde::{Deserialize, Serialize};

use crate::Sha256;

/// A study that belongs to a case. The images stay where they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StudyRef {
    /// Study Instance UID.
    pub study_instance_uid: String,
    /// Patient's name as shown, decoded.
    pub patient_name: String,
    /// Patient ID.
    pub patient_id: String,
    /// DICOM date of birth, `YYYYMMDD`, may be empty.
    pub patient_birth_date: String,
    /// DICOM sex, may be empty.
    pub patient_sex: String,
    /// DICOM age such as `058Y`, may be empty.
    pub patient_age: String,
    /// Study date, `YYYYMMDD`, may be empty.
    pub study_date: String,
    /// Study time, `HHMMSS`, may be empty.
    pub study_time: String,
    /// Study description.
    pub description: String,
    /// Accession number.
    pub accession_number: String,
    /// Modalities of its image series, for instance `CT`.
    pub modalities: Vec<String>,
    /// Parts of the body that its series name, for instance `CHEST`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub body_parts: Vec<String>,
    /// Folders or files it was opened from.
    pub paths: Vec<String>,
    /// Number of images.
    pub n_images: usize,
    /// Every instance with its digest.
    pub manifest: Vec<ManifestItem>,
}

/// One instance that the reader had.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ManifestItem {
    /// SOP Instance UID.
    pub sop_instance_uid: String,
    /// SHA-256 of the file's bytes.
    pub sha256: Sha256,
}

/// Something that is, or is not, as it should be before reading. Never quotes the first report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletenessItem {
    /// Stable name, for instance `missing_slices`.
    pub code: String,
    /// `ok`, `info`, `warning`.
    pub severity: String,
    /// One sentence.
    pub text: String,
    /// Was it accepted?
    pub settled: Settled,
}

/// Was a completeness item looked at and accepted?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// There is nothing to settle, or it was accepted; the record keeps it as a limitation.
    Yes,
    /// It still waits.
    No,
}

/// What intake may learn from a first report while the case is blinded: a closed list, never text (DECISIONS 10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntakeFinding {
    /// The report names the patient of the study.
    PatientMatches,
    /// It names another patient.
    PatientDiffers,
    /// It names no patient.
    PatientUnknown,
    /// Its date is that of the study, or it gives none.
    DateMatches,
    /// It speaks of another date.
    DateDiffers,
    /// It speaks of a prior study that is not in the case.
    PriorNamedButAbsent,
    /// The side it speaks of is not the side that was ordered.
    SideDiffersFromOrder,
    /// No text could be read from it (a scanned page, for instance).
    NoText,
}
