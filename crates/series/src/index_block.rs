//! Headers as bytes: one after the other, each as its difference from the one before.
//!
//! The slices of a series say a hundred things alike and ten differently, so that a header takes some hundred bytes.

use crate::dataset::{Dataset, Element};
use crate::index_bytes::{Broken, Reader, put_bytes, put_number, put_option};
use crate::prescan::{Note, Parsed};
use crate::stamp::Stamp;
use crate::walk::{Oddity, PixelElement};

/// Longest header that is kept, elements: what is longer is an object of its own kind and is read again.
const MAX_ELEMENTS: usize = 20_000;

/// Longest header that is kept, bytes of values.
const MAX_VALUE_BYTES: usize = 1024 * 1024;

/// What the index knows of a file.
#[derive(Debug)]
pub(crate) enum Known {
    /// The header of an image.
    Header(Box<Parsed>),
    /// A file that is nothing of ours.
    NotDicom,
}

/// Headers in the making.
#[derive(Debug, Default)]
pub(crate) struct BlockWriter {
    pub(crate) bytes: Vec<u8>,
    pub(crate) n_files: usize,
    last_name: Vec<u8>,
    last: Option<Parts>,
}

/// The parts of a header that the next one is compared with.
#[derive(Debug, Default)]
struct Parts {
    transfer_syntax_uid: String,
    media_class_uid: Option<String>,
    dataset: Dataset,
}

impl BlockWriter {
    /// Appends a file; a header too long to be kept is left out.
    pub(crate) fn push(&mut self, name: &[u8], stamp: Stamp, header: Option<&Parsed>) {
        if header.is_some_and(|h| !is_small(&h.dataset)) {
            return;
        }
        let n_shared = name
            .iter()
            .zip(&self.last_name)
            .take_while(|(a, b)| a == b)
            .count();
        put_number(&mut self.bytes, n_shared as u64);
        put_bytes(&mut self.bytes, name.get(n_shared..).unwrap_or_default());
        name.clone_into(&mut self.last_name);
        put_number(&mut self.bytes, stamp.len);
        self.bytes.extend(stamp.modified_ns.to_le_bytes());
        self.bytes.extend(stamp.changed_ns.to_le_bytes());
        put_number(&mut self.bytes, stamp.identity.0);
        put_number(&mut self.bytes, stamp.identity.1);
        self.n_files += 1;
        self.bytes.push(u8::from(header.is_some()));
        if let Some(header) = header {
            self.header(header);
        }
    }

    fn header(&mut self, header: &Parsed) {
        let out = &mut self.bytes;
        let last = self.last.get_or_insert_default();
        let is_same_kind = last.transfer_syntax_uid == header.transfer_syntax_uid
            && last.media_class_uid == header.media_class_uid
            && last.dataset.big_endian == header.dataset.big_endian;
        out.push(u8::from(is_same_kind));
        if !is_same_kind {
            put_bytes(out, header.transfer_syntax_uid.as_bytes());
            out.push(u8::from(header.media_class_uid.is_some()));
            let class = header.media_class_uid.as_deref().unwrap_or_default();
            put_bytes(out, class.as_bytes());
            out.push(u8::from(header.dataset.big_endian));
            last.transfer_syntax_uid
                .clone_from(&header.transfer_syntax_uid);
            last.media_class_uid.clone_from(&header.media_class_uid);
        }
        put_number(out, header.notes.len() as u64);
        out.extend(header.notes.iter().map(|note| note_code(*note)));
        out.push(u8::from(header.pixels.is_some()));
        if let Some(pixels) = &header.pixels {
            put_number(out, u64::from(pixels.tag));
            out.extend(pixels.vr);
            put_number(out, pixels.offset);
            put_option(out, pixels.len);
        }
        put_dataset(out, &last.dataset, &header.dataset);
        last.dataset = header.dataset.clone();
    }
}

/// The files of a block, one after the other.
pub(crate) struct BlockReader<'a> {
    reader: Reader<'a>,
    name: Vec<u8>,
    last: Parts,
}

/// One file of a block.
pub(crate) struct Record {
    pub(crate) name: Vec<u8>,
    pub(crate) stamp: Stamp,
    pub(crate) known: Known,
}

impl<'a> BlockReader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self {
            reader: Reader::new(bytes),
            name: Vec::new(),
            last: Parts::default(),
        }
    }

    /// The next file; `None` behind the last.
    pub(crate) fn next(&mut self) -> Result<Option<Record>, Broken> {
        if self.reader.is_at_end() {
            return Ok(None);
        }
        let n_shared = self.reader.number()?;
        let n_shared = usize::try_from(n_shared).map_err(|_| Broken)?;
        if self.name.len() < n_shared {
            return Err(Broken);
        }
        self.name.truncate(n_shared);
        self.name.extend_from_slice(self.reader.bytes()?);
        let stamp = Stamp {
            len: self.reader.number()?,
            modified_ns: i128::from_le_bytes(self.reader.array()?),
            changed_ns: i128::from_le_bytes(self.reader.array()?),
            identity: (self.reader.number()?, self.reader.number()?),
        };
        let known = match self.reader.flag()? {
            true => Known::Header(Box::new(self.header()?)),
            false => Known::NotDicom,
        };
        Ok(Some(Record {
            name: self.name.clone(),
            stamp,
            known,
        }))
    }

    fn header(&mut self) -> Result<Parsed, Broken> {
        let reader = &mut self.reader;
        if !reader.flag()? {
            self.last.transfer_syntax_uid = reader.text()?;
            let has_class = reader.flag()?;
            self.last.media_class_uid = Some(reader.text()?).filter(|_| has_class);
            self.last.dataset.big_endian = reader.flag()?;
        }
        let mut notes = Vec::new();
        for _ in 0..reader.number()? {
            notes.push(note_of(reader.byte()?)?);
        }
        let pixels = match reader.flag()? {
            false => None,
            true => Some(PixelElement {
                tag: u32::try_from(reader.number()?).map_err(|_| Broken)?,
                vr: reader.array()?,
                offset: reader.number()?,
                len: reader.option()?,
            }),
        };
        read_dataset(reader, &mut self.last.dataset)?;
        Ok(Parsed {
            transfer_syntax_uid: self.last.transfer_syntax_uid.clone(),
            media_class_uid: self.last.media_class_uid.clone(),
            dataset: self.last.dataset.clone(),
            pixels,
            inflated: None,
            notes,
        })
    }
}

fn is_small(set: &Dataset) -> bool {
    set.elements.len() <= MAX_ELEMENTS && set.kept.len() <= MAX_VALUE_BYTES
}

/// Do both have the same elements in the same order and nesting, whatever their values?
fn is_same_shape(a: &Dataset, b: &Dataset) -> bool {
    let shape = |e: &Element| (e.tag, e.vr, e.next_idx, e.kept_at.is_some());
    a.elements.len() == b.elements.len()
        && a.elements
            .iter()
            .zip(&b.elements)
            .all(|(a, b)| shape(a) == shape(b))
}

fn put_dataset(out: &mut Vec<u8>, last: &Dataset, set: &Dataset) {
    let same_shape = is_same_shape(last, set);
    out.push(u8::from(same_shape));
    if !same_shape {
        put_number(out, set.elements.len() as u64);
        for (idx, element) in set.elements.iter().enumerate() {
            put_number(out, u64::from(element.tag));
            out.extend(element.vr);
            put_number(out, u64::from(element.next_idx) - idx as u64);
            out.push(u8::from(element.kept_at.is_some()));
        }
    }
    // Elements whose value differs, each with how many that do not lie before it; the end is one beyond them all.
    let mut n_same = 0_u64;
    for (idx, element) in set.elements.iter().enumerate() {
        let before = last.elements.get(idx).filter(|_| same_shape);
        let is_same = before.is_some_and(|before| {
            before.len == element.len && last.kept_of(before) == set.kept_of(element)
        });
        if is_same {
            n_same += 1;
            continue;
        }
        put_number(out, n_same);
        n_same = 0;
        put_option(out, element.len);
        out.extend_from_slice(set.kept_of(element).unwrap_or_default());
    }
    put_number(out, n_same + 1);
}

/// Turns the header before into the next one.
fn read_dataset(reader: &mut Reader<'_>, set: &mut Dataset) -> Result<(), Broken> {
    if !reader.flag()? {
        let n_elements = reader.number()?;
        if MAX_ELEMENTS as u64 <= n_elements {
            return Err(Broken);
        }
        set.elements.clear();
        set.kept.clear();
        for idx in 0..n_elements {
            let tag = u32::try_from(reader.number()?).map_err(|_| Broken)?;
            let vr = reader.array()?;
            let next_idx = idx.checked_add(reader.number()?).ok_or(Broken)?;
            if next_idx <= idx || n_elements < next_idx {
                return Err(Broken);
            }
            set.elements.push(Element {
                tag,
                vr,
                len: None,
                kept_at: reader.flag()?.then_some(0),
                value_offset: 0,
                next_idx: u32::try_from(next_idx).map_err(|_| Broken)?,
            });
        }
    }
    let mut kept = Vec::with_capacity(set.kept.len() + 64);
    let mut n_same = reader.number()?;
    for element in &mut set.elements {
        let new_len = match n_same.checked_sub(1) {
            Some(left) => {
                n_same = left;
                None
            }
            None => Some(reader.option()?),
        };
        let at = u32::try_from(kept.len()).map_err(|_| Broken)?;
        match (new_len, element.kept_at) {
            (None, Some(from)) => {
                let from = from as usize;
                let to = from + element.len.unwrap_or(0) as usize;
                kept.extend_from_slice(set.kept.get(from..to).ok_or(Broken)?);
            }
            (Some(len), Some(_)) => {
                let value = reader.take(len.ok_or(Broken)? as usize)?;
                kept.extend_from_slice(value);
            }
            (_, None) => {}
        }
        if MAX_VALUE_BYTES < kept.len() {
            return Err(Broken);
        }
        if let Some(len) = new_len {
            element.len = len;
            n_same = reader.number()?;
        }
        element.kept_at = element.kept_at.map(|_| at);
    }
    if n_same != 1 {
        return Err(Broken);
    }
    set.kept = kept;
    set.order_root();
    Ok(())
}

const NOTES: [Note; 12] = [
    Note::NoPreamble,
    Note::NoTransferSyntax,
    Note::OtherSyntaxThanStated,
    Note::ExecutablePreamble,
    Note::Data(Oddity::OddLength),
    Note::Data(Oddity::StrayDelimiter),
    Note::Data(Oddity::ItemOutsideSequence),
    Note::Data(Oddity::Duplicate),
    Note::Data(Oddity::Unsorted),
    Note::Data(Oddity::TrailingBytes),
    Note::Data(Oddity::UnknownVr),
    Note::Data(Oddity::IdentityTooLong),
];

/// A note without a place in the list is written as one that no reader knows, so that its file is read again.
fn note_code(note: Note) -> u8 {
    let at = NOTES.iter().position(|known| *known == note);
    at.and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}

fn note_of(code: u8) -> Result<Note, Broken> {
    NOTES.get(usize::from(code)).copied().ok_or(Broken)
}
