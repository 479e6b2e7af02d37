//! What is really in a case, as plain data for tests and judges.

use serde::{Deserialize, Serialize};

/// Name of the form of `truth.json`.
pub const TRUTH_SCHEMA: &str = "overread.phantom-truth/1";

/// The truth of one case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// Always [`TRUTH_SCHEMA`].
    pub schema: String,
    /// Seed of the case.
    pub seed: u64,
    /// Patient ID.
    pub patient_id: String,
    /// Patient's Name.
    pub patient_name: String,
    /// Study Instance UID of the current study.
    pub current_study_uid: String,
    /// Series Instance UID of the current axial series.
    pub current_series_uid: String,
    /// Study Instance UID of the earlier study.
    pub prior_study_uid: String,
    /// Series Instance UID of the earlier axial series.
    pub prior_series_uid: String,
    /// SOP Instance UID of the structured report.
    pub report_sop_uid: String,
    /// What was planted.
    pub findings: Vec<TrueFinding>,
    /// What a perfect second reader enters, in the order of `findings`.
    pub second_read: Vec<ReadFinding>,
}

/// One planted finding. Places in the patient space of the current study, mm, LPS.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrueFinding {
    /// `F1`, `F2`, …
    pub id: String,
    /// What it is, in words of a report.
    pub concept: String,
    /// `left`, `right`, or `None` in the middle.
    pub side: Option<String>,
    /// Organ or part of it.
    pub site: String,
    /// Vertebra, rib, liver segment or node station; `None` where the site says enough.
    pub level: Option<String>,
    /// Centre.
    pub centre_mm: [f64; 3],
    /// Diameter of a spherical finding.
    pub diameter_mm: Option<f64>,
    /// Extents of another one along its own axes; an effusion states its greatest depth as the second number.
    pub extent_mm: Option<[f64; 3]>,
    /// Mean density inside, HU.
    pub mean_hu: f64,
    /// Diameter in the earlier study; `None` for what is no sphere, 0 for what was not there.
    pub prior_diameter_mm: Option<f64>,
    /// `missed`, `wrong_size`, `wrong_side`, `right` or `negated`.
    pub first_report: String,
    /// Size that the first report states, mm.
    pub reported_mm: Option<f64>,
    /// First sentence of the first report that speaks of it; `None` when none does.
    pub report_sentence: Option<String>,
    /// Verdict that a comparison must reach: `D1`, `D6`, `D4`, `agree` or `D3`.
    pub expected_class: String,
}

/// One finding as a second reader would enter it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadFinding {
    /// Planted finding that it answers to.
    pub finding_id: String,
    /// What it is.
    pub concept: String,
    /// `left`, `right`, or `None`.
    pub side: Option<String>,
    /// Organ or part of it.
    pub site: String,
    /// Vertebra, rib, liver segment or node station.
    pub level: Option<String>,
    /// One sentence with side, size and place.
    pub sentence: String,
    /// Ends of a length measurement in patient space, mm; `None` for what is not measured.
    pub length_mm: Option<[[f64; 3]; 2]>,
    /// SOP Instance UID of the slice nearest to the centre.
    pub key_sop_uid: String,
    /// Series Instance UID of that slice.
    pub series_uid: String,
}
