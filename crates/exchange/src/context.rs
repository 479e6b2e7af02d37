use case::{Actor, FindingId, Timestamp};

/// Shall what identifies a person be left out?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deidentify {
    /// The output names patient, study and first reader.
    No,
    /// Patient name, patient ID, date of birth, accession number, file paths and the first reader's name are left out,
    /// also where they stand word for word in free text. Dates and UIDs stay.
    Yes,
}

/// Who makes an output, when and with which build: what a case itself does not know.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputContext {
    /// Version of the program, for instance `0.1.0`.
    pub build: String,
    /// Time of output.
    pub printed_at: Timestamp,
    /// Who asked for it.
    pub actor: Actor,
    /// Shall identifiers be left out?
    pub deidentify: Deidentify,
}

/// A picture that shows a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyPicture {
    /// The finding.
    pub finding: FindingId,
    /// What it shows: plane, slice, window.
    pub caption: String,
    /// PNG file, 8 bits a sample, marks already drawn in.
    pub png: Vec<u8>,
}
