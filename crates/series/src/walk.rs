use crate::dataset::{Dataset, ITEM};
use crate::element_header::{
    Header, has_representation, is_long_form, is_sequence, is_short_form, item_header,
};
use crate::limits;
use crate::refusal::Refusal;
use crate::tags;
use crate::window::Window;

const ITEM_END: u32 = 0xFFFE_E00D;
const SEQUENCE_END: u32 = 0xFFFE_E0DD;
const UNDEFINED: u32 = u32::MAX;

/// How elements are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Encoding {
    pub(crate) explicit_vr: bool,
    pub(crate) big_endian: bool,
}

/// Where the pixels are, once the walk has met them at the outermost level.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PixelElement {
    pub(crate) tag: u32,
    pub(crate) vr: [u8; 2],
    /// Place of the first byte behind the element's header.
    pub(crate) offset: u64,
    /// `None`: encapsulated, the items begin at `offset`.
    pub(crate) len: Option<u32>,
}

/// Result of a walk.
#[derive(Debug)]
pub(crate) struct Walked {
    pub(crate) dataset: Dataset,
    pub(crate) pixels: Option<PixelElement>,
    pub(crate) oddities: Vec<Oddity>,
}

/// Something that is against the standard and yet understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Oddity {
    OddLength,
    StrayDelimiter,
    ItemOutsideSequence,
    Duplicate,
    Unsorted,
    TrailingBytes,
    UnknownVr,
    IdentityTooLong,
    /// An item written with value representations in a data set without.
    ItemExplicit,
}

struct Open {
    idx: usize,
    /// Where it ends; `None` while a delimiter is awaited.
    end: Option<u64>,
    is_item: bool,
    n_items: usize,
    explicit_vr: bool,
}

struct Walk<'w, 'c> {
    window: &'w mut Window<'c>,
    set: Dataset,
    open: Vec<Open>,
    at: u64,
    end: u64,
    encoding: Encoding,
    oddities: Vec<Oddity>,
    last_root_tag: u32,
}

/// Walks the elements from `start` to the pixel data or the end, without recursion and within the limits.
///
/// Every declared length is checked against what is left of the file and of the sequence around it before anything is
/// read or allocated for it.
pub(crate) fn walk(
    window: &mut Window<'_>,
    start: u64,
    encoding: Encoding,
) -> Result<Walked, Refusal> {
    let end = window.len();
    let set = Dataset::new(encoding.big_endian);
    let mut walk = Walk {
        window,
        set,
        open: Vec::new(),
        at: start,
        end,
        encoding,
        oddities: Vec::new(),
        last_root_tag: 0,
    };
    let pixels = walk.run()?;
    walk.set.order_root();
    Ok(Walked {
        dataset: walk.set,
        pixels,
        oddities: walk.oddities,
    })
}

impl Walk<'_, '_> {
    fn run(&mut self) -> Result<Option<PixelElement>, Refusal> {
        loop {
            self.close_finished();
            if limits::MAX_ELEMENTS < self.set.elements.len() {
                return Err(Refusal::TooMany {
                    limit: limits::MAX_ELEMENTS,
                });
            }
            if self.open.is_empty() && self.at_end() {
                return Ok(None);
            }
            let header = self.header()?;
            if self.open.is_empty() && header.tag >> 16 == 0xFFFF {
                self.note(Oddity::TrailingBytes);
                return Ok(None);
            }
            if self.open.is_empty() && tags::is_pixel_data(header.tag) {
                return self.pixel_element(&header).map(Some);
            }
            if header.tag >> 16 == 0xFFFE {
                self.delimiter(&header)?;
            } else {
                self.element(&header)?;
            }
        }
    }

    /// At the outermost level a tail too short for an element is padding.
    fn at_end(&mut self) -> bool {
        let left = self.end - self.at;
        if 0 < left && left < 8 {
            self.note(Oddity::TrailingBytes);
        }
        left < 8
    }

    fn note(&mut self, oddity: Oddity) {
        if !self.oddities.contains(&oddity) {
            self.oddities.push(oddity);
        }
    }

    fn close_finished(&mut self) {
        while let Some(last) = self.open.last()
            && last.end == Some(self.at)
        {
            self.set.close(last.idx);
            self.open.pop();
        }
    }

    /// Bytes left inside the innermost element of known length.
    fn left(&self) -> u64 {
        let end = self
            .open
            .iter()
            .rev()
            .find_map(|o| o.end)
            .unwrap_or(self.end);
        end.min(self.end).saturating_sub(self.at)
    }

    fn header(&mut self) -> Result<Header, Refusal> {
        let left = self.left();
        if left < 8 {
            return Err(if self.end - self.at < 8 {
                Refusal::Truncated
            } else {
                self.broken("too short for an element")
            });
        }
        let big_endian = self.encoding.big_endian;
        let long = left.min(12) as usize;
        let bytes = self.window.bytes(self.at, long)?;
        let u16_at = |i: usize| {
            let b = [bytes[i], bytes[i + 1]];
            if big_endian {
                u16::from_be_bytes(b)
            } else {
                u16::from_le_bytes(b)
            }
        };
        let u32_at = |i: usize| {
            let b = [bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]];
            if big_endian {
                u32::from_be_bytes(b)
            } else {
                u32::from_le_bytes(b)
            }
        };
        let tag = u32::from(u16_at(0)) << 16 | u32::from(u16_at(2));
        let vr = [bytes[4], bytes[5]];
        let explicit = self
            .open
            .last()
            .map_or(self.encoding.explicit_vr, |o| o.explicit_vr);
        if !explicit || tag >> 16 == 0xFFFE {
            return Ok(Header {
                tag,
                vr: [0, 0],
                len: u32_at(4),
                header_len: 8,
            });
        }
        if is_long_form(vr) {
            if long < 12 {
                return Err(Refusal::Truncated);
            }
            return Ok(Header {
                tag,
                vr,
                len: u32_at(8),
                header_len: 12,
            });
        }
        if vr.iter().all(u8::is_ascii_uppercase) {
            return Ok(Header {
                tag,
                vr,
                len: u32::from(u16_at(6)),
                header_len: 8,
            });
        }
        // Some writers slip an implicit element, or a blank representation, into an explicit data set.
        let as_implicit = u32_at(4);
        let as_short = u32::from(u16_at(6));
        self.note(Oddity::UnknownVr);
        if u64::from(as_implicit) <= left - 8 {
            return Ok(Header {
                tag,
                vr: [0, 0],
                len: as_implicit,
                header_len: 8,
            });
        }
        if u64::from(as_short) <= left - 8 {
            return Ok(Header {
                tag,
                vr: *b"UN",
                len: as_short,
                header_len: 8,
            });
        }
        Err(self.broken("no value representation"))
    }

    fn broken(&self, what: &'static str) -> Refusal {
        Refusal::Structure {
            offset: self.at,
            what,
        }
    }

    fn beyond(&self, tag: u32, claimed: u32, left: u64) -> Refusal {
        Refusal::LengthBeyondEnd {
            tag: tags::shown(tag),
            claimed: u64::from(claimed),
            left,
        }
    }

    fn pixel_element(&mut self, header: &Header) -> Result<PixelElement, Refusal> {
        self.at += header.header_len;
        let len = (header.len != UNDEFINED).then_some(header.len);
        Ok(PixelElement {
            tag: header.tag,
            vr: header.vr,
            offset: self.at,
            len,
        })
    }

    fn delimiter(&mut self, header: &Header) -> Result<(), Refusal> {
        let in_sequence = self.open.last().map(|o| !o.is_item);
        match (header.tag, in_sequence) {
            (ITEM, Some(true)) => self.item(header),
            (ITEM_END, Some(false)) | (SEQUENCE_END, Some(true)) => {
                let closed = self.open.pop();
                if closed.as_ref().is_some_and(|o| o.end.is_some()) {
                    // A delimiter inside a defined length: harmless, the length rules.
                    self.open.extend(closed);
                    self.note(Oddity::StrayDelimiter);
                } else if let Some(o) = closed {
                    self.set.close(o.idx);
                }
                self.at += 8;
                Ok(())
            }
            (SEQUENCE_END, Some(false)) if self.open.last().is_some_and(|o| o.end.is_none()) => {
                // The item's own delimiter is missing: the sequence ends and takes its item along.
                if let Some(o) = self.open.pop() {
                    self.set.close(o.idx);
                }
                self.note(Oddity::StrayDelimiter);
                Ok(())
            }
            (ITEM_END | SEQUENCE_END, None) => {
                self.note(Oddity::StrayDelimiter);
                self.at += 8;
                Ok(())
            }
            (ITEM, None) if header.len != UNDEFINED && u64::from(header.len) <= self.left() - 8 => {
                self.note(Oddity::ItemOutsideSequence);
                self.at += 8 + u64::from(header.len);
                Ok(())
            }
            _ => Err(self.broken("a delimiter where none belongs")),
        }
    }

    fn item(&mut self, header: &Header) -> Result<(), Refusal> {
        let left = self.left() - 8;
        let mut explicit_vr = false;
        if let Some(sequence) = self.open.last_mut() {
            sequence.n_items += 1;
            explicit_vr = sequence.explicit_vr;
            if limits::MAX_ITEMS < sequence.n_items {
                return Err(Refusal::TooMany {
                    limit: limits::MAX_ITEMS,
                });
            }
        }
        if header.len != UNDEFINED && left < u64::from(header.len) {
            return Err(self.beyond(header.tag, header.len, left));
        }
        self.at += 8;
        if !explicit_vr && self.must_be_explicit(header.len) {
            self.note(Oddity::ItemExplicit);
            explicit_vr = true;
        }
        self.open_nested(header, true, explicit_vr)
    }

    /// Some converters write a data set anew without value representations and leave private sequences as they were. Looks
    /// at the first element of an item: without representation it would be longer than what is left, or the bytes in the
    /// place of its length name the representation that its tag has in the dictionary.
    fn must_be_explicit(&mut self, item_len: u32) -> bool {
        let left = match item_len {
            UNDEFINED => self.left(),
            len => u64::from(len),
        };
        let big_endian = self.encoding.big_endian;
        if left < 8 || big_endian {
            return false;
        }
        let Ok(&[a, b, c, d, v, w, low, high]) = self.window.bytes(self.at, 8) else {
            return false;
        };
        let tag =
            u32::from(u16::from_le_bytes([a, b])) << 16 | u32::from(u16::from_le_bytes([c, d]));
        let (as_implicit, as_explicit) = (
            u64::from(u32::from_le_bytes([v, w, low, high])),
            u64::from(u16::from_le_bytes([low, high])),
        );
        let is_too_long = left - 8 < as_implicit && as_implicit != u64::from(UNDEFINED);
        if is_long_form([v, w]) {
            return is_too_long && as_explicit == 0;
        }
        let is_of_tag = 0 < as_explicit && has_representation(tag, [v, w]);
        is_short_form([v, w]) && as_explicit <= left - 8 && (is_too_long || is_of_tag)
    }

    fn open_nested(
        &mut self,
        header: &Header,
        is_item: bool,
        explicit_vr: bool,
    ) -> Result<(), Refusal> {
        if 2 * limits::MAX_DEPTH <= self.open.len() {
            return Err(Refusal::TooDeep {
                limit: limits::MAX_DEPTH,
            });
        }
        let len = (header.len != UNDEFINED).then_some(header.len);
        let idx = self.set.push(header.tag, header.vr, len);
        let end = len.map(|l| self.at + u64::from(l));
        self.open.push(Open {
            idx,
            end,
            is_item,
            n_items: 0,
            explicit_vr,
        });
        Ok(())
    }

    fn element(&mut self, header: &Header) -> Result<(), Refusal> {
        if self.open.last().is_some_and(|o| !o.is_item) {
            return Err(self.broken("an element between the items of a sequence"));
        }
        if self.open.is_empty() {
            match header.tag.cmp(&self.last_root_tag) {
                std::cmp::Ordering::Less => self.note(Oddity::Unsorted),
                std::cmp::Ordering::Equal => self.note(Oddity::Duplicate),
                std::cmp::Ordering::Greater => {}
            }
            self.last_root_tag = header.tag;
        }
        let left = self.left() - header.header_len.min(self.left());
        if header.len != UNDEFINED && left < u64::from(header.len) {
            return Err(self.beyond(header.tag, header.len, left));
        }
        self.at += header.header_len;
        let explicit = self
            .open
            .last()
            .map_or(self.encoding.explicit_vr, |o| o.explicit_vr);
        match (&header.vr, header.len) {
            (b"SQ", _) => self.open_nested(header, false, explicit),
            // UN of undefined length is an implicit sequence (PS3.5 6.2.2 note 2), but not every writer knew.
            (b"UN", UNDEFINED) => {
                let explicit_vr = explicit && self.first_item_looks_explicit();
                self.open_nested(header, false, explicit_vr)
            }
            ([0, 0], UNDEFINED) => self.open_nested(header, false, false),
            ([0, 0], len) if 0 < len && is_sequence(header.tag) && self.starts_with_item() => {
                self.open_nested(header, false, false)
            }
            (b"OB" | b"OW", UNDEFINED) => self.skip_fragments(header),
            (_, UNDEFINED) => Err(self.broken("an undefined length where none is allowed")),
            _ => self.value(header),
        }
    }

    fn starts_with_item(&mut self) -> bool {
        self.window
            .bytes(self.at, 4)
            .is_ok_and(|b| b == [0xFE, 0xFF, 0x00, 0xE0])
    }

    /// Looks at the value representation of the first element behind an item's header.
    fn first_item_looks_explicit(&mut self) -> bool {
        self.window
            .bytes(self.at, 14)
            .is_ok_and(|b| b[12..14].iter().all(u8::is_ascii_uppercase))
    }

    fn value(&mut self, header: &Header) -> Result<(), Refusal> {
        if header.len % 2 == 1 {
            self.note(Oddity::OddLength);
        }
        self.set.push(header.tag, header.vr, Some(header.len));
        self.set.place(self.at);
        let cap = if header.tag == tags::EXTENDED_OFFSET_TABLE {
            8 * limits::MAX_FRAMES
        } else if tags::is_table(header.tag) {
            limits::MAX_KEPT_TABLE_BYTES
        } else {
            limits::MAX_KEPT_VALUE_BYTES
        };
        if header.len <= cap {
            let value = self.window.bytes(self.at, header.len as usize)?;
            self.set.keep(value);
        } else if tags::is_identity(header.tag) {
            self.note(Oddity::IdentityTooLong);
        }
        self.at += u64::from(header.len);
        Ok(())
    }

    /// Steps over encapsulated bytes that are not the object's own pixels, such as an icon's.
    fn skip_fragments(&mut self, header: &Header) -> Result<(), Refusal> {
        self.set.push(header.tag, header.vr, None);
        for _ in 0..limits::MAX_ITEMS {
            if self.left() < 8 {
                return Err(Refusal::Truncated);
            }
            let bytes = self.window.bytes(self.at, 8)?;
            let (tag, len) = item_header(bytes, self.encoding.big_endian);
            self.at += 8;
            match tag {
                SEQUENCE_END => return Ok(()),
                ITEM if u64::from(len) <= self.left() => self.at += u64::from(len),
                ITEM => return Err(self.beyond(header.tag, len, self.left())),
                _ => return Err(self.broken("a fragment without its header")),
            }
        }
        Err(Refusal::TooMany {
            limit: limits::MAX_ITEMS,
        })
    }
}
