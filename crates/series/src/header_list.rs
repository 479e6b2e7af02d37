use std::hash::{DefaultHasher, Hasher};
use std::rc::Rc;
use std::sync::Arc;

use crate::charset::Charset;
use crate::dataset::{Dataset, Element, ITEM};
use crate::element_header::{dictionary_vr, keyword};
use crate::fragments::{End, FragmentTable};
use crate::header_value::{Written, resolved, value_text};
use crate::prescan::{Parsed, meta_elements, parse};
use crate::refusal::Refusal;
use crate::source::{Content, Source};
use crate::tags;
use crate::walk::{Encoding, PixelElement, walk};
use crate::window::Window;

/// Most rows of a list; an object that has more is listed up to here, and the list says so.
const MAX_ROWS: usize = 200_000;
/// Most bytes of text in all rows together; values beyond it are given by their length alone.
const MAX_TEXT_BYTES: usize = 32 << 20;
/// Longest part of a value that is turned into text, bytes.
const MAX_SHOWN_BYTES: usize = 4096;

/// All elements of one object in the order of the file, for people to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeaderList {
    /// Outermost elements and, behind each sequence, its items and their elements.
    pub rows: Vec<HeaderRow>,
    /// Elements that were too many to be listed.
    pub n_left_out: usize,
    /// Why what follows the pixels could not be listed; `None`: it was, or there is nothing.
    pub unread_tail: Option<Refusal>,
}

/// One element, or one item of a sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderRow {
    /// How many sequences and items are around it.
    pub depth: usize,
    /// Group and element, `0xGGGGEEEE`; of an item that of its sequence.
    pub tag: u32,
    /// 1-based number of an item of a sequence; `None` for an element.
    pub item_number: Option<usize>,
    /// Keyword of PS3.6 without spaces; empty for an item, and where the dictionary does not know the tag.
    pub keyword: &'static str,
    /// Who reserved the block of a private element (PS3.5 7.8.1); `None`: a standard element, or nobody did.
    pub creator: Option<Arc<str>>,
    /// Value representation as written, or by the dictionary where the syntax does not write it; `[0, 0]` for an item.
    pub vr: [u8; 2],
    /// Length of the value in bytes as written; `None`: undefined, or an item.
    pub n_bytes: Option<u64>,
    /// What it holds.
    pub value: HeaderValue,
}

/// What an element holds, as far as it can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderValue {
    /// Text, or numbers and bytes as text; several values stand between backslashes.
    Text(String),
    /// The beginning of a longer value, with a digest of the whole of it, which is good for comparing and nothing else.
    Beginning(String, u64),
    /// A sequence of so many items.
    Items(usize),
    /// An item of a sequence: its elements follow.
    Item,
    /// Pixels: so many bytes, in so many fragments where they are encapsulated. They are not shown as text.
    Pixels {
        /// Bytes of all frames as they are stored.
        n_bytes: u64,
        /// Fragments of encapsulated pixels; `None` for native ones.
        n_fragments: Option<usize>,
    },
    /// The list grew too long to hold it.
    TooMuch,
}

/// Lists every element of an object: the file meta information, the data set, and what follows the pixels. Group lengths
/// (PS3.5 7.2) and delimiters are left out. Memory is bounded by the limits of the walk and of the list.
///
/// # Errors
/// A [`Refusal`] when the object cannot be read or its structure is broken.
pub fn list_header(source: &Source) -> Result<HeaderList, Refusal> {
    let content = source.open()?;
    let parsed = parse(&content)?;
    let mut lister = Lister::default();
    let (meta, meta_content) = meta_elements(&content)?;
    lister.list(&meta, &meta_content)?;
    let content = parsed.inflated.as_ref().unwrap_or(&content);
    lister.list(&parsed.dataset, content)?;
    if let Some(pixels) = &parsed.pixels {
        let end = lister.pixels(pixels, content, &parsed)?;
        if let Some(end) = end.filter(|end| end + 8 <= content.len()) {
            let encoding = Encoding {
                explicit_vr: pixels.vr != [0, 0],
                big_endian: parsed.dataset.big_endian,
            };
            // What stands behind the pixels is seldom more than padding, and its damage harms nothing before it.
            match walk_from(content, end, encoding) {
                Ok(tail) => lister.list(&tail, content)?,
                Err(refusal) => lister.list.unread_tail = Some(refusal),
            }
        }
    }
    Ok(lister.list)
}

fn walk_from(content: &Content, start: u64, encoding: Encoding) -> Result<Dataset, Refusal> {
    Ok(walk(&mut Window::new(content), start, encoding)?.dataset)
}

/// The elements around the one that is listed.
struct Level {
    /// Index behind the last element inside.
    end: usize,
    charset: Rc<Charset>,
    /// Blocks that were reserved at this level: the reserving tag, and by whom.
    creators: Vec<(u32, Arc<str>)>,
    /// The row of a sequence whose items are counted, and its tag.
    sequence: Option<(usize, u32)>,
}

#[derive(Default)]
struct Lister {
    list: HeaderList,
    n_text_bytes: usize,
    is_signed: bool,
}

impl Lister {
    fn push(&mut self, row: HeaderRow) -> usize {
        if MAX_ROWS <= self.list.rows.len() {
            self.list.n_left_out += 1;
        } else {
            self.list.rows.push(row);
        }
        self.list.rows.len() - 1
    }

    fn list(&mut self, set: &Dataset, content: &Content) -> Result<(), Refusal> {
        let mut levels = vec![Level {
            end: set.elements.len(),
            charset: Rc::new(Charset::new(&[])),
            creators: Vec::new(),
            sequence: None,
        }];
        self.is_signed = set.root().u16(tags::PIXEL_REPRESENTATION) == Some(1);
        for (idx, element) in set.elements.iter().enumerate() {
            while 1 < levels.len() && levels.last().is_some_and(|level| level.end <= idx) {
                levels.pop();
            }
            let depth = levels.len() - 1;
            let Some(level) = levels.last_mut() else {
                break;
            };
            let end = element.next_idx as usize;
            let inner = |charset: &Rc<Charset>, sequence| Level {
                end,
                charset: Rc::clone(charset),
                creators: Vec::new(),
                sequence,
            };
            if element.tag == ITEM {
                let next = inner(&level.charset, None);
                let sequence = level.sequence;
                self.item(depth, sequence);
                levels.push(next);
            } else if element.tag & 0xFFFF == 0 {
                // A group length says nothing of the object, and few are right.
            } else if &element.vr == b"SQ" || idx + 1 < end {
                let row_idx = self.sequence(depth, element, level);
                let next = inner(&level.charset, Some((row_idx, element.tag)));
                levels.push(next);
            } else {
                self.element(depth, element, level, set, content)?;
            }
        }
        Ok(())
    }

    fn item(&mut self, depth: usize, sequence: Option<(usize, u32)>) {
        let (row_idx, tag) = sequence.unwrap_or((usize::MAX, ITEM));
        let mut item_number = 1;
        if let Some(HeaderValue::Items(n)) = self.list.rows.get_mut(row_idx).map(|r| &mut r.value) {
            *n += 1;
            item_number = *n;
        }
        self.push(HeaderRow {
            depth,
            tag,
            item_number: Some(item_number),
            keyword: "",
            creator: None,
            vr: [0, 0],
            n_bytes: None,
            value: HeaderValue::Item,
        });
    }

    fn sequence(&mut self, depth: usize, element: &Element, level: &Level) -> usize {
        let is_left_out = MAX_ROWS <= self.list.rows.len();
        let row_idx = self.push(HeaderRow {
            depth,
            tag: element.tag,
            item_number: None,
            keyword: keyword(element.tag),
            creator: creator_of(element.tag, &level.creators),
            vr: match element.vr {
                [0, 0] => *b"SQ",
                vr => vr,
            },
            n_bytes: element.len.map(u64::from),
            value: HeaderValue::Items(0),
        });
        match is_left_out {
            true => usize::MAX,
            false => row_idx,
        }
    }

    fn element(
        &mut self,
        depth: usize,
        element: &Element,
        level: &mut Level,
        set: &Dataset,
        content: &Content,
    ) -> Result<(), Refusal> {
        let tag = element.tag;
        let is_private = tag >> 16 & 1 == 1;
        let reserves = is_private && (0x10..0x100).contains(&(tag & 0xFFFF));
        let by_dictionary = match reserves {
            true => Some(*b"LO"),
            false => dictionary_vr(tag).map(|vr| resolved(vr, self.is_signed)),
        };
        let n_bytes = element.len.map_or(0, u64::from);
        let head = match set.kept_of(element) {
            Some(kept) => kept.get(..MAX_SHOWN_BYTES).unwrap_or(kept).to_vec(),
            None => {
                let n_head = n_bytes.min(MAX_SHOWN_BYTES as u64);
                content.read_range(element.value_offset, usize::try_from(n_head).unwrap_or(0))?
            }
        };
        let charset = Rc::clone(&level.charset);
        let written = Written {
            vr: match &element.vr {
                [0, 0] | b"UN" => by_dictionary.unwrap_or(*b"UN"),
                vr => *vr,
            },
            // What stands as unknown is little-endian in every syntax (PS3.5 6.2.2 note 2).
            big_endian: set.big_endian && &element.vr != b"UN",
            charset: &charset,
        };
        let (text, is_all) = value_text(&head, &written);
        if tag == tags::SPECIFIC_CHARACTER_SET {
            let terms: Vec<String> = text.split('\\').map(|t| t.trim().to_owned()).collect();
            level.charset = Rc::new(Charset::new(&terms));
        }
        if reserves {
            level.creators.push((tag, text.as_str().into()));
        }
        let is_whole = is_all && head.len() as u64 == n_bytes;
        self.n_text_bytes += text.len();
        let value = match (is_whole, self.n_text_bytes <= MAX_TEXT_BYTES) {
            (_, false) => HeaderValue::TooMuch,
            (true, true) => HeaderValue::Text(text),
            (false, true) => HeaderValue::Beginning(text, digest(element, set, content)?),
        };
        self.push(HeaderRow {
            depth,
            tag,
            item_number: None,
            keyword: keyword(tag),
            creator: creator_of(tag, &level.creators),
            vr: match element.vr {
                [0, 0] => written.vr,
                vr => vr,
            },
            n_bytes: element.len.map(u64::from),
            value,
        });
        Ok(())
    }

    /// The row of the pixels, and where they end; `None` where that is not known.
    fn pixels(
        &mut self,
        pixels: &PixelElement,
        content: &Content,
        parsed: &Parsed,
    ) -> Result<Option<u64>, Refusal> {
        let left = content.len().saturating_sub(pixels.offset);
        let (n_bytes, n_fragments, end) = match pixels.len {
            Some(len) => {
                let len = u64::from(len);
                (len.min(left), None, pixels.offset.checked_add(len))
            }
            None => {
                let table = FragmentTable::read(content, pixels.offset, parsed.dataset.big_endian)?;
                let n_bytes = table.fragments.iter().map(|(_, len)| len).sum();
                // The delimiter of the sequence is eight bytes long.
                let end = table.fragments.last().map(|(at, len)| at + len + 8);
                let end = end.filter(|_| table.end == End::Delimited);
                (n_bytes, Some(table.fragments.len()), end)
            }
        };
        self.push(HeaderRow {
            depth: 0,
            tag: pixels.tag,
            item_number: None,
            keyword: keyword(pixels.tag),
            creator: None,
            vr: match pixels.vr {
                [0, 0] => *b"OW",
                vr => vr,
            },
            n_bytes: pixels.len.map(u64::from),
            value: HeaderValue::Pixels {
                n_bytes,
                n_fragments,
            },
        });
        Ok(end)
    }
}

/// Who reserved the block of a private element.
fn creator_of(tag: u32, creators: &[(u32, Arc<str>)]) -> Option<Arc<str>> {
    let is_private = tag >> 16 & 1 == 1 && 0x1000 <= tag & 0xFFFF;
    let reserving = tag & 0xFFFF_0000 | (tag & 0xFFFF) >> 8;
    let found = creators.iter().find(|(by, _)| *by == reserving);
    found
        .filter(|_| is_private)
        .map(|(_, name)| Arc::clone(name))
}

/// A digest of a whole value, read piece by piece.
fn digest(element: &Element, set: &Dataset, content: &Content) -> Result<u64, Refusal> {
    const PIECE_BYTES: u64 = 64 << 10;
    let mut hasher = DefaultHasher::new();
    if let Some(kept) = set.kept_of(element) {
        hasher.write(kept);
        return Ok(hasher.finish());
    }
    let mut at = element.value_offset;
    let mut n_left = element.len.map_or(0, u64::from);
    while 0 < n_left {
        let n = n_left.min(PIECE_BYTES);
        hasher.write(&content.read_range(at, usize::try_from(n).unwrap_or(0))?);
        at += n;
        n_left -= n;
    }
    Ok(hasher.finish())
}
