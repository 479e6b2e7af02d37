use std::io::Read;

use dicom_encoding::transfer_syntax::{Codec, TransferSyntaxIndex};
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;

use crate::dataset::Dataset;
use crate::fragments::FragmentTable;
use crate::limits;
use crate::refusal::Refusal;
use crate::source::Content;
use crate::syntax;
use crate::tags;
use crate::walk::{Encoding, Oddity, PixelElement, walk};
use crate::window::Window;

/// What an iterative walk found in an object, before any other parser sees its bytes.
///
/// Everything it names lies inside the bytes it was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prescan {
    /// Transfer Syntax UID as stated, or the native one that the bytes show where none is stated.
    pub transfer_syntax_uid: String,
    /// Number of elements up to the pixel data, all levels together.
    pub n_elements: usize,
    /// Place of native pixels: offset and length in bytes. `None`: none, or encapsulated.
    pub native_pixels: Option<(u64, u64)>,
    /// Places of the fragments of encapsulated pixels: offset and length in bytes.
    pub fragments: Vec<(u64, u64)>,
}

/// Walks a whole object in memory and refuses what could exhaust or crash a parser.
///
/// # Errors
/// A [`Refusal`] for a declared length beyond the end, nesting beyond [`limits::MAX_DEPTH`], too many items, a broken
/// structure, or something that is no DICOM object. Truncated pixels alone are no refusal: `native_pixels` and
/// `fragments` name what is there.
pub fn prescan(bytes: &[u8]) -> Result<Prescan, Refusal> {
    let content = Content::Memory(bytes.to_vec());
    let parsed = parse(&content)?;
    let pixels = parsed.inflated.as_ref().unwrap_or(&content);
    let mut native_pixels = None;
    let mut fragments = Vec::new();
    match &parsed.pixels {
        Some(PixelElement {
            offset,
            len: Some(len),
            ..
        }) => {
            native_pixels = Some((*offset, u64::from(*len).min(pixels.len() - *offset)));
        }
        Some(PixelElement {
            offset, len: None, ..
        }) => {
            fragments = FragmentTable::read(pixels, *offset, parsed.dataset.big_endian)?.fragments;
        }
        None => {}
    }
    Ok(Prescan {
        transfer_syntax_uid: parsed.transfer_syntax_uid,
        n_elements: parsed.dataset.elements.len(),
        native_pixels,
        fragments,
    })
}

/// An object whose header has been walked.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) transfer_syntax_uid: String,
    /// SOP class of the file meta information, for directories, which carry none themselves.
    pub(crate) media_class_uid: Option<String>,
    pub(crate) dataset: Dataset,
    pub(crate) pixels: Option<PixelElement>,
    /// The inflated data set, whose offsets the others are, for the deflated syntax.
    pub(crate) inflated: Option<Content>,
    pub(crate) notes: Vec<Note>,
}

/// What is odd about a file that opens all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    Data(Oddity),
    NoPreamble,
    NoTransferSyntax,
    OtherSyntaxThanStated,
    ExecutablePreamble,
}

/// Walks the header of an object.
pub(crate) fn parse(content: &Content) -> Result<Parsed, Refusal> {
    if content.len() == 0 {
        return Err(Refusal::Empty);
    }
    let mut window = Window::new(content);
    let mut notes = Vec::new();
    let start = find_start(&mut window, &mut notes)?;
    let meta = read_meta(&mut window, start)?;
    if meta.transfer_syntax_uid.is_none() {
        notes.push(Note::NoTransferSyntax);
    }
    let stated = meta.transfer_syntax_uid.unwrap_or_default();
    if stated == syntax::DEFLATED_EXPLICIT_LE {
        let rest = content.read_range(
            meta.end,
            usize::try_from(content.len() - meta.end).unwrap_or(0),
        )?;
        let inflated = Content::Memory(inflate(&rest)?);
        let encoding = Encoding {
            explicit_vr: true,
            big_endian: false,
        };
        let walked = walk(&mut Window::new(&inflated), 0, encoding)?;
        notes.extend(walked.oddities.into_iter().map(Note::Data));
        return Ok(Parsed {
            transfer_syntax_uid: stated,
            media_class_uid: meta.sop_class_uid,
            dataset: walked.dataset,
            pixels: walked.pixels,
            inflated: Some(inflated),
            notes,
        });
    }
    let shown = sniff(&mut window, meta.end);
    let encoding = match (syntax::encoding(&stated), shown) {
        (stated_encoding, Some(shown)) if !stated.is_empty() && stated_encoding != shown => {
            if stated_encoding.big_endian != shown.big_endian {
                return Err(Refusal::Structure {
                    offset: meta.end,
                    what: "another byte order than stated",
                });
            }
            notes.push(Note::OtherSyntaxThanStated);
            shown
        }
        (_, Some(shown)) => shown,
        (stated_encoding, None) => stated_encoding,
    };
    let walked = walk(&mut window, meta.end, encoding)?;
    notes.extend(walked.oddities.into_iter().map(Note::Data));
    let transfer_syntax_uid = if stated.is_empty() {
        syntax::native_uid(encoding).to_owned()
    } else {
        stated
    };
    Ok(Parsed {
        transfer_syntax_uid,
        media_class_uid: meta.sop_class_uid,
        dataset: walked.dataset,
        pixels: walked.pixels,
        inflated: None,
        notes,
    })
}

/// The elements of the file meta information (PS3.10 7.1) and the bytes they were walked in; none where the file has none.
pub(crate) fn meta_elements(content: &Content) -> Result<(Dataset, Content), Refusal> {
    let mut window = Window::new(content);
    let start = find_start(&mut window, &mut Vec::new())?;
    let meta = read_meta(&mut window, start)?;
    let n_bytes = usize::try_from(meta.end - start).unwrap_or(0);
    let encoding = sniff(&mut window, start).filter(|_| 0 < n_bytes);
    let Some(encoding) = encoding else {
        return Ok((Dataset::new(false), Content::Memory(Vec::new())));
    };
    let bytes = Content::Memory(content.read_range(start, n_bytes)?);
    let walked = walk(&mut Window::new(&bytes), 0, encoding)?;
    Ok((walked.dataset, bytes))
}

/// Place of the first element, of the file meta information or else of the data set.
fn find_start(window: &mut Window<'_>, notes: &mut Vec<Note>) -> Result<u64, Refusal> {
    let head: Option<[u8; 132]> = window.bytes(0, 132).ok().and_then(|b| b.try_into().ok());
    if let Some(head) = head
        && head.ends_with(b"DICM")
        // The four letters may also stand at that place in a data set without a preamble.
        && (window.bytes(132, 2).is_ok_and(|g| g == [2, 0]) || !looks_like_dataset(window, 0))
    {
        if head.starts_with(b"MZ") || head.starts_with(b"\x7fELF") {
            notes.push(Note::ExecutablePreamble);
        }
        return if window.len() == 132 {
            Err(Refusal::Truncated)
        } else {
            Ok(132)
        };
    }
    if window.bytes(0, 4).is_ok_and(|b| b == b"DICM") {
        notes.push(Note::NoPreamble);
        return Ok(4);
    }
    // Without the magic word only what begins as data sets begin is taken for one. A blank preamble alone also counts.
    for start in [0, 128] {
        if looks_like_dataset(window, start) {
            notes.push(Note::NoPreamble);
            return Ok(start);
        }
    }
    Err(Refusal::NotDicom)
}

fn looks_like_dataset(window: &mut Window<'_>, start: u64) -> bool {
    let left = window.len().saturating_sub(start);
    let Ok(&[g0, g1, e0, e1, a, b, c, d]) = window
        .bytes(start, 8)
        .map(|b| <&[u8; 8]>::try_from(b).unwrap_or(&[0; 8]))
    else {
        return false;
    };
    let vr = [a, b];
    let little = (u16::from_le_bytes([g0, g1]), u16::from_le_bytes([e0, e1]));
    let big = (u16::from_be_bytes([g0, g1]), u16::from_be_bytes([e0, e1]));
    let first_group = |(group, element): (u16, u16)| matches!(group, 2 | 8) && element < 0x0100;
    if is_vr(vr) && (first_group(little) || first_group(big)) {
        return true;
    }
    let len = u32::from_le_bytes([a, b, c, d]);
    first_group(little) && u64::from(len) <= left - 8 && len < 1024
}

/// The representations of PS3.5 6.2.
pub(crate) fn is_vr(vr: [u8; 2]) -> bool {
    const ALL: &[u8] = b"AEASATCSDADSDTFLFDISLOLTOBODOFOLOVOWPNSHSLSQSSSTSVTMUCUIULUNURUSUTUV";
    ALL.chunks_exact(2).any(|known| known == vr)
}

/// What the first element of the data set shows; `None` when there is none.
fn sniff(window: &mut Window<'_>, start: u64) -> Option<Encoding> {
    let b: [u8; 8] = window.bytes(start, 8).ok()?.try_into().ok()?;
    let explicit_vr = is_vr([b[4], b[5]]);
    // Groups of standard attributes are small numbers: the smaller reading of the first group is the right one.
    let group = u16::from_le_bytes([b[0], b[1]]);
    let big_endian = explicit_vr && group.swap_bytes() < group;
    Some(Encoding {
        explicit_vr,
        big_endian,
    })
}

struct Meta {
    transfer_syntax_uid: Option<String>,
    sop_class_uid: Option<String>,
    end: u64,
}

/// Reads the elements of group 0002 one by one. The group's length is not believed.
fn read_meta(window: &mut Window<'_>, start: u64) -> Result<Meta, Refusal> {
    let mut meta = Meta {
        transfer_syntax_uid: None,
        sop_class_uid: None,
        end: start,
    };
    for _ in 0..256 {
        let left = window.len() - meta.end;
        if left < 8 {
            return if left == 0 {
                Ok(meta)
            } else {
                Err(Refusal::Truncated)
            };
        }
        let bytes = window.bytes(meta.end, left.min(12) as usize)?;
        if bytes[0..2] != [2, 0] {
            return Ok(meta);
        }
        let tag = 0x0002_0000 | u32::from(u16::from_le_bytes([bytes[2], bytes[3]]));
        let vr = [bytes[4], bytes[5]];
        let (header_len, len) = match &vr {
            b"OB" | b"OW" | b"UN" | b"UT" | b"SQ" => {
                let long = bytes.get(8..12).ok_or(Refusal::Truncated)?;
                (12, u32::from_le_bytes([long[0], long[1], long[2], long[3]]))
            }
            _ if is_vr(vr) => (8, u32::from(u16::from_le_bytes([bytes[6], bytes[7]]))),
            _ => (
                8,
                u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]),
            ),
        };
        if left - header_len.min(left) < u64::from(len) {
            let left = left.saturating_sub(header_len);
            return Err(Refusal::LengthBeyondEnd {
                tag: tags::shown(tag),
                claimed: u64::from(len),
                left,
            });
        }
        if matches!(
            tag,
            tags::TRANSFER_SYNTAX_UID | tags::MEDIA_STORAGE_SOP_CLASS_UID
        ) && len <= 128
        {
            let value = window.bytes(meta.end + header_len, len as usize)?;
            let text = String::from_utf8_lossy(value)
                .trim_matches(['\0', ' '])
                .to_owned();
            let slot = if tag == tags::TRANSFER_SYNTAX_UID {
                &mut meta.transfer_syntax_uid
            } else {
                &mut meta.sop_class_uid
            };
            *slot = (!text.is_empty()).then_some(text);
        }
        meta.end += header_len + u64::from(len);
    }
    Err(Refusal::TooMany { limit: 256 })
}

/// Inflates a raw deflate stream (PS3.5 A.5) below the cap.
pub(crate) fn inflate(compressed: &[u8]) -> Result<Vec<u8>, Refusal> {
    let limit_bytes = limits::max_inflated_bytes(compressed.len() as u64);
    inflate_at_most(compressed, limit_bytes)
}

/// Inflates a raw deflate stream of at most `limit_bytes`.
pub(crate) fn inflate_at_most(compressed: &[u8], limit_bytes: u64) -> Result<Vec<u8>, Refusal> {
    let syntax = TransferSyntaxRegistry
        .get(syntax::DEFLATED_EXPLICIT_LE)
        .ok_or(Refusal::InflateFailed)?;
    let Codec::Dataset(Some(adapter)) = syntax.codec() else {
        return Err(Refusal::InflateFailed);
    };
    let mut inflated = Vec::new();
    let reader = adapter.adapt_reader(Box::new(compressed));
    let read = reader.take(limit_bytes + 1).read_to_end(&mut inflated);
    if limit_bytes < inflated.len() as u64 {
        return Err(Refusal::InflatesTooLarge { limit_bytes });
    }
    // Some writers leave the padding byte or the end of the stream out; what was inflated is then walked and checked.
    if read.is_err() && inflated.is_empty() {
        return Err(Refusal::InflateFailed);
    }
    Ok(inflated)
}
