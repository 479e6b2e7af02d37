//! One file per form in which a report arrives; each gives the text and what the document says of itself.

pub(crate) mod dicom;
pub(crate) mod fhir;
pub(crate) mod hl7;
pub(crate) mod html;
pub(crate) mod pdf;
mod pdf_layout;
pub(crate) mod plain;
pub(crate) mod rtf;
mod sr;

use crate::document::Source;

/// What a form gives.
#[derive(Debug, Default)]
pub(crate) struct Extracted {
    pub text: String,
    pub source: Source,
    /// What could not be read, one sentence each.
    pub warnings: Vec<String>,
}

impl Extracted {
    fn new(format: &str, text: String) -> Self {
        Self {
            text,
            source: Source {
                format: format.to_owned(),
                ..Source::default()
            },
            warnings: Vec::new(),
        }
    }
}
