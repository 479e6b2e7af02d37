use crate::document::Report;
use crate::error::ReadError;
use crate::format::Format;
use crate::formats::{Extracted, dicom, fhir, hl7, html, pdf, plain, rtf};
use crate::letterhead::fill_from_letterhead;
use crate::statements::read_text;

/// A document may have so many bytes: PDF and DICOM hold pictures and fonts.
pub const MAX_DOCUMENT_BYTES: usize = 64 << 20;
/// The text of a report may have so many bytes, some 1,500 pages.
pub const MAX_TEXT_BYTES: usize = 4 << 20;
/// Parsers of foreign formats recurse; a thread of their own has room for it.
const PARSER_STACK_BYTES: usize = 16 << 20;

/// Reads a report. Without a hint the form is guessed from the bytes.
///
/// # Errors
/// [`ReadError`], each with a sentence for the reader: empty, too large, scanned, not a report, damaged, a form not yet read.
pub fn read(bytes: &[u8], hint: Option<Format>) -> Result<Report, ReadError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::Empty);
    }
    if MAX_DOCUMENT_BYTES < bytes.len() {
        return Err(ReadError::TooLarge {
            n_bytes: bytes.len(),
            limit_bytes: MAX_DOCUMENT_BYTES,
        });
    }
    let format = hint.unwrap_or_else(|| Format::sniff(bytes));
    let extracted = extract(bytes, format)?;
    if MAX_TEXT_BYTES < extracted.text.len() {
        return Err(ReadError::TooLarge {
            n_bytes: extracted.text.len(),
            limit_bytes: MAX_TEXT_BYTES,
        });
    }
    let mut report = read_text(&extracted.text, extracted.source);
    if report.text.is_empty() {
        return Err(ReadError::Empty);
    }
    fill_from_letterhead(&mut report.source, &report.text, &report.sections);
    report.warnings = extracted.warnings;
    Ok(report)
}

fn extract(bytes: &[u8], format: Format) -> Result<Extracted, ReadError> {
    match format {
        Format::Dicom => guarded("DICOM file", || dicom::extract(bytes)),
        Format::Pdf => guarded("PDF", || pdf::extract(bytes)),
        Format::Text => limited(bytes).and_then(plain::extract),
        Format::Rtf => limited(bytes).map(rtf::extract),
        Format::Html => limited(bytes).map(html::extract),
        Format::Hl7 => limited(bytes).and_then(hl7::extract),
        Format::Fhir => limited(bytes).and_then(fhir::extract),
        Format::Docx => Err(ReadError::NotYetRead {
            what: "a Word document or archive",
        }),
        Format::Cda => Err(ReadError::NotYetRead {
            what: "a CDA or other XML document",
        }),
    }
}

fn limited(bytes: &[u8]) -> Result<&[u8], ReadError> {
    if 4 * MAX_TEXT_BYTES < bytes.len() {
        return Err(ReadError::TooLarge {
            n_bytes: bytes.len(),
            limit_bytes: 4 * MAX_TEXT_BYTES,
        });
    }
    Ok(bytes)
}

/// Runs a parser of a foreign format on a thread with a large stack; a panic there becomes an error here.
pub(crate) fn guarded<T: Send>(
    what: &'static str,
    parse: impl FnOnce() -> Result<T, ReadError> + Send,
) -> Result<T, ReadError> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("report parser".to_owned())
            .stack_size(PARSER_STACK_BYTES);
        match thread
            .spawn_scoped(scope, parse)
            .map(std::thread::ScopedJoinHandle::join)
        {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(ReadError::Damaged {
                what,
                why: "the parser gave up on it".to_owned(),
            }),
            Err(error) => Err(ReadError::Damaged {
                what,
                why: format!("no thread could be started ({error})"),
            }),
        }
    })
}
