use case::{Fact, ReportStatus, SectionKind, Statement, TextSpan};
use serde::{Deserialize, Serialize};

/// A report that was read: its text, and what the rules found in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The whole text, normalised. All spans are byte ranges of it.
    pub text: String,
    /// Parts in order of the text, without gaps that hold words.
    pub sections: Vec<Section>,
    /// Statements S1, S2, … in order of the text.
    pub statements: Vec<Statement>,
    /// What the document says of itself.
    pub source: Source,
    /// What could not be read, one sentence each; never quotes the report.
    pub warnings: Vec<String>,
}

/// A part of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// What it is about.
    pub kind: SectionKind,
    /// Its heading as written; empty where there is none.
    pub title: String,
    /// Its words without the heading.
    pub span: TextSpan,
}

/// What a document says of itself. `None`: it does not say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// `sr`, `encapsulated_pdf`, `pdf`, `text`, `rtf`, `html`, `hl7` or `fhir`.
    pub format: String,
    /// Who wrote or verified it.
    pub author: Option<String>,
    /// When it was issued, as written there (DICOM, HL7 or ISO 8601 date and time).
    pub issued: Option<String>,
    /// Preliminary, final, addendum.
    pub status: Option<ReportStatus>,
    /// Patient's name, DICOM style where the document has that.
    pub patient_name: Option<String>,
    /// Patient ID.
    pub patient_id: Option<String>,
    /// Accession number.
    pub accession: Option<String>,
    /// Study Instance UID.
    pub study_instance_uid: Option<String>,
    /// Date of the study, digits only (`YYYYMMDD`).
    pub study_date: Option<String>,
}

impl Report {
    /// All facts with the statement they stand in, in order of the text.
    pub fn facts(&self) -> impl Iterator<Item = (&Statement, &Fact)> {
        self.statements
            .iter()
            .flat_map(|statement| statement.facts.iter().map(move |fact| (statement, fact)))
    }
}
