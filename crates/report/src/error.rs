/// Why no report could be made of the bytes. Never quotes them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Nothing was given.
    #[error("the report is empty; choose the file again or paste its text")]
    Empty,
    /// More bytes than any report has.
    #[error(
        "the report has {n_bytes} bytes and the limit is {limit_bytes}; choose the report itself, not an archive or an image"
    )]
    TooLarge {
        /// What was given.
        n_bytes: usize,
        /// What is taken.
        limit_bytes: usize,
    },
    /// The document has no text, only pictures.
    #[error(
        "the document has {n_pages} page(s) without text, it was probably scanned; look at the pages and type the report off"
    )]
    NoText {
        /// Pages, where known.
        n_pages: usize,
    },
    /// The bytes are no text and no known document.
    #[error(
        "the file is neither text nor a known document; give the report as DICOM SR, PDF, RTF, HTML, HL7, FHIR or text"
    )]
    Binary,
    /// A known form that cannot be read yet.
    #[error("{what} is not yet read here; export the report as PDF or text and attach that")]
    NotYetRead {
        /// The form in words.
        what: &'static str,
    },
    /// A DICOM file that is no report.
    #[error(
        "the DICOM file is not a report (SOP class {sop_class_uid}); choose a structured report or an encapsulated document"
    )]
    NotAReport {
        /// Its class.
        sop_class_uid: String,
    },
    /// The file claims a form and breaks its rules.
    #[error("the {what} could not be parsed: {why}; ask for the report again, or paste its text")]
    Damaged {
        /// The form in words.
        what: &'static str,
        /// What the parser said.
        why: String,
    },
    /// The PDF asks for a password.
    #[error("the PDF is protected with a password; save it without one and attach it again")]
    Protected,
}
