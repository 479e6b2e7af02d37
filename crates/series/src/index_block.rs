//! Headers as bytes: one after the other, each as its difference from the one before.
//!
//! The slices of a series say a hundred things alike and ten differently, so that a header takes some hundred bytes.

use crate::dataset::{Dataset, Element};
use crate::difference::Difference;
use crate::index_bytes::{Broken, Reader, put_bytes, put_number, put_option};
use crate::own_values::OwnValues;
use crate::prescan::{Note, Parsed};
use crate::stamp::Stamp;
use crate::walk::{Oddity, PixelElement};

/// Longest header that is kept, elements: what is longer is an object of its own kind and is read again.
const MAX_ELEMENTS: usize = 20_000;

/// Longest header that is kept, bytes of values.
const MAX_VALUE_BYTES: usize = 1024 * 1024;

/// What the index knows of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Known<'a> {
    /// The header of an image.
    Header(&'a Parsed),
    /// An image that is as the last one with a header, these values apart.
    Like(&'a OwnValues),
    /// A file that is nothing of ours.
    NotDicom,
}

/// What is to be kept of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry<'a> {
    /// A header, and its difference from the header appended before.
    Header(&'a Parsed, &'a Difference),
    /// As [`Known::Like`].
    Like(&'a OwnValues),
    NotDicom,
}

const NOT_DICOM: u8 = 0;
const HEADER: u8 = 1;
const LIKE: u8 = 2;

/// Headers in the making.
#[derive(Debug, Default)]
pub(crate) struct BlockWriter {
    pub(crate) bytes: Vec<u8>,
    pub(crate) n_files: usize,
    last_name: Vec<u8>,
    last_kind: Option<Kind>,
    last_own: OwnValues,
}

/// How a header is written: of the files of a folder mostly the same.
#[derive(Debug, PartialEq, Eq)]
struct Kind {
    transfer_syntax_uid: String,
    media_class_uid: Option<String>,
    big_endian: bool,
}

impl BlockWriter {
    /// Appends a file, and tells whether it was; a header too long to be kept is left out.
    pub(crate) fn push(&mut self, name: &[u8], stamp: Stamp, entry: Entry<'_>) -> bool {
        if let Entry::Header(header, _) = entry
            && !is_small(&header.dataset)
        {
            return false;
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
        match entry {
            Entry::NotDicom => self.bytes.push(NOT_DICOM),
            Entry::Header(header, difference) => {
                self.bytes.push(HEADER);
                self.header(header, difference);
            }
            Entry::Like(own) => {
                self.bytes.push(LIKE);
                own.write(&mut self.bytes, &self.last_own);
                own.clone_into(&mut self.last_own);
            }
        }
        true
    }

    fn header(&mut self, header: &Parsed, difference: &Difference) {
        let out = &mut self.bytes;
        let is_kind = |last: &Kind| {
            last.transfer_syntax_uid == header.transfer_syntax_uid
                && last.media_class_uid == header.media_class_uid
                && last.big_endian == header.dataset.big_endian
        };
        let is_same_kind = self.last_kind.as_ref().is_some_and(is_kind);
        out.push(u8::from(is_same_kind));
        if !is_same_kind {
            put_bytes(out, header.transfer_syntax_uid.as_bytes());
            out.push(u8::from(header.media_class_uid.is_some()));
            let class = header.media_class_uid.as_deref().unwrap_or_default();
            put_bytes(out, class.as_bytes());
            out.push(u8::from(header.dataset.big_endian));
            self.last_kind = Some(Kind {
                transfer_syntax_uid: header.transfer_syntax_uid.clone(),
                media_class_uid: header.media_class_uid.clone(),
                big_endian: header.dataset.big_endian,
            });
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
        put_dataset(out, &header.dataset, difference);
    }
}

/// The files of a block, one after the other, each made of the one before by what differs.
pub(crate) struct BlockReader<'a> {
    reader: Reader<'a>,
    name: Vec<u8>,
    header: Parsed,
    /// The values of the header before, kept for their memory alone.
    spare: Vec<u8>,
    own: OwnValues,
}

/// The block without the files that `is_kept` does not name, and without those that are like one of these.
pub(crate) fn without_others(
    block: &[u8],
    is_kept: impl Fn(&[u8]) -> bool,
) -> Result<BlockWriter, Broken> {
    let mut reader = BlockReader::new(block);
    let mut writer = BlockWriter::default();
    let mut last: Option<Parsed> = None;
    let mut is_pattern_kept = false;
    while let Some(record) = reader.next()? {
        let is_kept = is_kept(record.name);
        let header = match record.known {
            Known::Header(header) => header,
            Known::Like(own) => {
                if is_kept && is_pattern_kept {
                    writer.push(record.name, record.stamp, Entry::Like(own));
                }
                continue;
            }
            Known::NotDicom => {
                if is_kept {
                    writer.push(record.name, record.stamp, Entry::NotDicom);
                }
                continue;
            }
        };
        is_pattern_kept = is_kept;
        if !is_kept {
            continue;
        }
        let difference = match &last {
            Some(last) => Difference::between(last, header),
            None => Difference::Shape,
        };
        let entry = Entry::Header(header, &difference);
        writer.push(record.name, record.stamp, entry);
        last = Some(Parsed {
            transfer_syntax_uid: header.transfer_syntax_uid.clone(),
            media_class_uid: header.media_class_uid.clone(),
            dataset: header.dataset.clone(),
            pixels: header.pixels.clone(),
            inflated: None,
            notes: header.notes.clone(),
        });
    }
    Ok(writer)
}

/// One file of a block.
#[derive(Debug)]
pub(crate) struct Record<'r> {
    pub(crate) name: &'r [u8],
    pub(crate) stamp: Stamp,
    pub(crate) known: Known<'r>,
    /// What its header, if it has one, says otherwise than that of the file before that has one.
    pub(crate) difference: Difference,
}

impl<'a> BlockReader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self {
            reader: Reader::new(bytes),
            name: Vec::new(),
            header: Parsed {
                transfer_syntax_uid: String::new(),
                media_class_uid: None,
                dataset: Dataset::default(),
                pixels: None,
                inflated: None,
                notes: Vec::new(),
            },
            spare: Vec::new(),
            own: OwnValues::default(),
        }
    }

    /// The next file; `None` behind the last.
    pub(crate) fn next(&mut self) -> Result<Option<Record<'_>>, Broken> {
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
            modified_ns: i64::from_le_bytes(self.reader.array()?),
            changed_ns: i64::from_le_bytes(self.reader.array()?),
            identity: (self.reader.number()?, self.reader.number()?),
        };
        let mut difference = Difference::Values(Vec::new());
        let known = match self.reader.byte()? {
            NOT_DICOM => Known::NotDicom,
            HEADER => {
                difference = self.header()?;
                Known::Header(&self.header)
            }
            LIKE => {
                self.own.read(&mut self.reader)?;
                Known::Like(&self.own)
            }
            _ => return Err(Broken),
        };
        Ok(Some(Record {
            name: &self.name,
            stamp,
            known,
            difference,
        }))
    }

    /// Turns the header before into the next one.
    fn header(&mut self) -> Result<Difference, Broken> {
        let (reader, header) = (&mut self.reader, &mut self.header);
        let is_same_kind = reader.flag()?;
        if !is_same_kind {
            header.transfer_syntax_uid = reader.text()?;
            let has_class = reader.flag()?;
            header.media_class_uid = Some(reader.text()?).filter(|_| has_class);
            header.dataset.big_endian = reader.flag()?;
        }
        header.notes.clear();
        for _ in 0..reader.number()? {
            header.notes.push(note_of(reader.byte()?)?);
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
        let written = |p: &PixelElement| (p.tag, p.vr, p.len);
        let is_same_pixels = header.pixels.as_ref().map(written) == pixels.as_ref().map(written);
        header.pixels = pixels;
        let difference = read_dataset(reader, &mut header.dataset, &mut self.spare)?;
        Ok(match is_same_kind && is_same_pixels {
            true => difference,
            false => Difference::Shape,
        })
    }
}

/// Is it short enough to be kept, here or until the next one was read?
pub(crate) fn is_small(set: &Dataset) -> bool {
    set.elements.len() <= MAX_ELEMENTS && set.kept.len() <= MAX_VALUE_BYTES
}

fn put_dataset(out: &mut Vec<u8>, set: &Dataset, difference: &Difference) {
    let changed = match difference {
        Difference::Values(changed) => Some(changed),
        Difference::Shape => None,
    };
    out.push(u8::from(changed.is_some()));
    if changed.is_none() {
        put_number(out, set.elements.len() as u64);
        for (idx, element) in set.elements.iter().enumerate() {
            put_number(out, u64::from(element.tag));
            out.extend(element.vr);
            put_number(out, u64::from(element.next_idx) - idx as u64);
            out.push(u8::from(element.kept_at.is_some()));
        }
    }
    // Elements whose value differs, each with how many that do not lie before it; the end is one beyond them all.
    let mut n_before = 0_usize;
    let mut put_value = |out: &mut Vec<u8>, idx: usize, element: &Element| {
        put_number(out, (idx - n_before) as u64);
        n_before = idx + 1;
        put_option(out, element.len);
        out.extend_from_slice(set.kept_of(element).unwrap_or_default());
    };
    match changed {
        None => {
            for (idx, element) in set.elements.iter().enumerate() {
                put_value(out, idx, element);
            }
        }
        Some(changed) => {
            for idx in changed.iter().map(|idx| *idx as usize) {
                if let Some(element) = set.elements.get(idx) {
                    put_value(out, idx, element);
                }
            }
        }
    }
    put_number(out, (set.elements.len() - n_before) as u64 + 1);
}

fn read_dataset(
    reader: &mut Reader<'_>,
    set: &mut Dataset,
    spare: &mut Vec<u8>,
) -> Result<Difference, Broken> {
    let is_same_shape = reader.flag()?;
    if !is_same_shape {
        set.kept.clear();
        read_shape(reader, set)?;
    }
    let mut changed = Vec::new();
    spare.clear();
    // Values that are as they were lie in one piece between those that are not.
    let (mut idx, mut copied_to, mut shift) = (0_usize, 0_usize, 0_i64);
    loop {
        let n_same = usize::try_from(reader.number()?).map_err(|_| Broken)?;
        let next_idx = idx.checked_add(n_same).ok_or(Broken)?;
        let same_end = next_idx.min(set.elements.len());
        let same = set.elements.get_mut(idx..same_end).ok_or(Broken)?;
        if shift != 0 {
            for element in same {
                element.kept_at = moved(element.kept_at, shift)?;
            }
        }
        if set.elements.len() < next_idx {
            // The end is one beyond them all.
            if set.elements.len() + 1 < next_idx {
                return Err(Broken);
            }
            break;
        }
        let Some(element) = set.elements.get_mut(next_idx) else {
            // Nothing else can follow but the end, which was not it.
            return Err(Broken);
        };
        let len = reader.option()?;
        if let Some(kept_at) = element.kept_at {
            let value = reader.take(len.ok_or(Broken)? as usize)?;
            let (from, old_len) = match is_same_shape {
                true => (kept_at as usize, element.len.unwrap_or(0) as usize),
                false => (0, 0),
            };
            spare.extend_from_slice(set.kept.get(copied_to..from).ok_or(Broken)?);
            copied_to = from + old_len;
            element.kept_at = Some(u32::try_from(spare.len()).map_err(|_| Broken)?);
            spare.extend_from_slice(value);
            shift = spare.len() as i64 - copied_to as i64;
        }
        if MAX_VALUE_BYTES < spare.len() {
            return Err(Broken);
        }
        element.len = len;
        changed.push(u32::try_from(next_idx).map_err(|_| Broken)?);
        idx = next_idx + 1;
    }
    spare.extend_from_slice(set.kept.get(copied_to..).ok_or(Broken)?);
    if MAX_VALUE_BYTES < spare.len() {
        return Err(Broken);
    }
    std::mem::swap(&mut set.kept, spare);
    if is_same_shape {
        return Ok(Difference::Values(changed));
    }
    if changed.len() != set.elements.len() {
        return Err(Broken);
    }
    set.order_root();
    Ok(Difference::Shape)
}

fn moved(kept_at: Option<u32>, shift: i64) -> Result<Option<u32>, Broken> {
    kept_at
        .map(|at| u32::try_from(i64::from(at) + shift))
        .transpose()
        .map_err(|_| Broken)
}

/// The elements, yet without their values.
fn read_shape(reader: &mut Reader<'_>, set: &mut Dataset) -> Result<(), Broken> {
    let n_elements = reader.number()?;
    if MAX_ELEMENTS as u64 <= n_elements {
        return Err(Broken);
    }
    set.elements.clear();
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
    Ok(())
}

const NOTES: [Note; 13] = [
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
    Note::Data(Oddity::ItemExplicit),
];

/// A note without a place in the list is written as one that no reader knows, so that its file is read again.
fn note_code(note: Note) -> u8 {
    let at = NOTES.iter().position(|known| *known == note);
    at.and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}

fn note_of(code: u8) -> Result<Note, Broken> {
    NOTES.get(usize::from(code)).copied().ok_or(Broken)
}
