use crate::limits;
use crate::model::{Document, DocumentKind};
use crate::prescan::parse;
use crate::refusal::Refusal;
use crate::syntax::{Compression, compression};

/// What kind of document an object is; `None` for plain images.
pub(crate) fn document_kind(
    sop_class_uid: &str,
    modality: &str,
    transfer_syntax_uid: &str,
    has_pixels: bool,
) -> Option<DocumentKind> {
    if compression(transfer_syntax_uid) == Compression::Video {
        return Some(DocumentKind::Video);
    }
    let tail = sop_class_uid
        .strip_prefix("1.2.840.10008.5.1.4.1.1.")
        .unwrap_or_default();
    Some(match tail {
        "88.59" => DocumentKind::KeyObjects,
        "88.50" | "88.65" | "88.69" => DocumentKind::Cad,
        "88.67" | "88.68" | "88.73" | "88.74" | "88.76" => DocumentKind::DoseReport,
        t if t.starts_with("88.") => DocumentKind::StructuredReport,
        "104.1" => DocumentKind::Pdf,
        t if t.starts_with("104.") => DocumentKind::Cda,
        t if t.starts_with("11.") => DocumentKind::PresentationState,
        "66.4" | "66.7" => DocumentKind::Segmentation,
        "481.3" => DocumentKind::RtStructureSet,
        "481.2" | "481.1" => return (!has_pixels).then_some(DocumentKind::Other),
        t if t.starts_with("481.") => DocumentKind::RtPlan,
        "66.1" | "66.3" => DocumentKind::Registration,
        t if t.starts_with("9.") => DocumentKind::Waveform,
        t if has_pixels || is_image_class(t) => return None,
        _ if modality == "SR" => DocumentKind::StructuredReport,
        _ => DocumentKind::Other,
    })
}

/// Storage classes whose objects should have pixels (PS3.4 B.5); one without is damaged, not a document.
fn is_image_class(tail: &str) -> bool {
    let family = tail.split('.').next().unwrap_or_default();
    matches!(
        family,
        "1" | "2" | "3" | "4" | "6" | "7" | "12" | "13" | "14" | "20" | "77" | "128" | "130"
    )
}

/// Reads a document's file, whole and checked by the iterative walk, for the parser that understands it.
///
/// This is what may disclose a first report: the session alone calls it, with the permit that its case has made.
///
/// # Errors
/// As [`crate::prescan`], or when the file is larger than [`limits::MAX_DOCUMENT_BYTES`] or cannot be read.
pub fn read_document(document: &Document) -> Result<Vec<u8>, Refusal> {
    let content = document.source.open()?;
    if limits::MAX_DOCUMENT_BYTES < content.len() {
        return Err(Refusal::TooMany {
            limit: limits::MAX_DOCUMENT_BYTES as usize,
        });
    }
    let bytes = content.read_all()?;
    parse(&crate::source::Content::Memory(bytes.clone()))?;
    Ok(bytes)
}
