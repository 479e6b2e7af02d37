use serde::{Deserialize, Serialize};

/// The form in which a report arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A DICOM file: structured report or encapsulated document.
    Dicom,
    /// A PDF file.
    Pdf,
    /// Characters without markup.
    Text,
    /// Rich Text Format.
    Rtf,
    /// HTML.
    Html,
    /// HL7 v2, pipes and carets.
    Hl7,
    /// FHIR as JSON.
    Fhir,
    /// Office Open XML (a zip archive).
    Docx,
    /// HL7 Clinical Document Architecture, or other XML.
    Cda,
}

impl Format {
    /// Guesses the form from the first bytes. Everything without a known beginning is taken for text.
    pub fn sniff(bytes: &[u8]) -> Self {
        if bytes.get(128..132) == Some(b"DICM".as_slice()) {
            return Self::Dicom;
        }
        let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
        let start = head
            .strip_prefix(b"\xEF\xBB\xBF".as_slice())
            .unwrap_or(head)
            .trim_ascii_start();
        if head.windows(5).any(|w| w == b"%PDF-") && start.starts_with(b"%PDF-") {
            return Self::Pdf;
        }
        if start.starts_with(b"PK\x03\x04") {
            return Self::Docx;
        }
        if start.starts_with(b"{\\rtf") {
            return Self::Rtf;
        }
        if start.starts_with(b"MSH|") || start.starts_with(b"FHS|") || start.starts_with(b"BHS|") {
            return Self::Hl7;
        }
        let lower = start.to_ascii_lowercase();
        if lower.starts_with(b"{") && contains(bytes, b"\"resourceType\"") {
            return Self::Fhir;
        }
        if lower.starts_with(b"<!doctype html")
            || lower.starts_with(b"<html")
            || contains(&lower, b"<body")
        {
            return Self::Html;
        }
        if lower.starts_with(b"<?xml") || lower.starts_with(b"<clinicaldocument") {
            return if contains(&lower, b"<html") {
                Self::Html
            } else {
                Self::Cda
            };
        }
        Self::Text
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}
