use crate::charset::Charset;
use crate::number::{Unreadable, parse_decimals, parse_first_integer};
use crate::root_set::{AskedSet, RootSet};

/// An element of a data set: the walk keeps them in file order, sequences followed by their items and content.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    pub(crate) tag: u32,
    /// Two letters; `[0, 0]` where the syntax is implicit.
    pub(crate) vr: [u8; 2],
    /// `None`: undefined length.
    pub(crate) len: Option<u32>,
    /// Place of the value among the kept bytes; `None` when it was too long to keep.
    pub(crate) kept_at: Option<u32>,
    /// Place of the value's first byte in the walked content; zero for sequences and items, and where the header was not
    /// walked but kept.
    pub(crate) value_offset: u64,
    /// Index behind the last element nested in this one.
    pub(crate) next_idx: u32,
}

/// Tag of an item (PS3.5 7.5).
pub(crate) const ITEM: u32 = 0xFFFE_E000;

/// The elements of an object up to its pixel data, with the short values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dataset {
    pub(crate) elements: Vec<Element>,
    pub(crate) kept: Vec<u8>,
    pub(crate) big_endian: bool,
    /// Tag and index of the outermost elements; empty where their tags do not ascend.
    root_order: Vec<(u32, u32)>,
    /// The outermost elements that were asked for since [`Node::watch`] began.
    asked: AskedSet,
}

impl Dataset {
    pub(crate) fn new(big_endian: bool) -> Self {
        Self {
            elements: Vec::with_capacity(256),
            kept: Vec::with_capacity(8192),
            big_endian,
            root_order: Vec::new(),
            asked: AskedSet::default(),
        }
    }

    /// Appends an element without content of its own.
    pub(crate) fn push(&mut self, tag: u32, vr: [u8; 2], len: Option<u32>) -> usize {
        let idx = self.elements.len();
        let next_idx = u32::try_from(idx + 1).unwrap_or(u32::MAX);
        self.elements.push(Element {
            tag,
            vr,
            len,
            kept_at: None,
            value_offset: 0,
            next_idx,
        });
        idx
    }

    /// Keeps the value of the last appended element.
    pub(crate) fn keep(&mut self, value: &[u8]) {
        let at = u32::try_from(self.kept.len()).ok();
        if let Some(element) = self.elements.last_mut() {
            element.kept_at = at;
            self.kept.extend_from_slice(value);
        }
    }

    /// The value's bytes; `None` when it was not kept.
    pub(crate) fn kept_of(&self, element: &Element) -> Option<&[u8]> {
        let from = element.kept_at? as usize;
        self.kept.get(from..from + element.len? as usize)
    }

    /// Says where the value of the last appended element lies.
    pub(crate) fn place(&mut self, value_offset: u64) {
        if let Some(element) = self.elements.last_mut() {
            element.value_offset = value_offset;
        }
    }

    /// Says that everything appended since belongs inside the element.
    pub(crate) fn close(&mut self, idx: usize) {
        let next_idx = u32::try_from(self.elements.len()).unwrap_or(u32::MAX);
        if let Some(element) = self.elements.get_mut(idx) {
            element.next_idx = next_idx;
        }
    }

    /// Once every element is there: a header is asked for some hundred attributes, which are then found by halving.
    pub(crate) fn order_root(&mut self) {
        let root = self.root().elements();
        let order: Vec<(u32, u32)> = root
            .filter_map(|(idx, element)| Some((element.tag, u32::try_from(idx).ok()?)))
            .collect();
        // Of two elements with one tag the first is believed, and halving might find the second.
        let ascends = order.is_sorted_by(|a, b| a.0 < b.0);
        self.root_order = if ascends { order } else { Vec::new() };
    }

    /// The outermost element that an element is or lies in, as [`RootSet`] counts; `None` where their tags do not ascend.
    pub(crate) fn root_place(&self, idx: usize) -> Option<usize> {
        let after = self
            .root_order
            .partition_point(|(_, root)| *root as usize <= idx);
        after.checked_sub(1)
    }

    /// The outermost level.
    pub(crate) fn root(&self) -> Node<'_> {
        Node {
            set: self,
            first: 0,
            end: self.elements.len(),
        }
    }
}

/// The elements of one level: the object itself or one item of a sequence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'a> {
    set: &'a Dataset,
    first: usize,
    end: usize,
}

impl<'a> Node<'a> {
    fn elements(self) -> impl Iterator<Item = (usize, &'a Element)> {
        let mut idx = self.first;
        std::iter::from_fn(move || {
            let element = (idx < self.end)
                .then(|| self.set.elements.get(idx))
                .flatten()?;
            let at = idx;
            idx = (element.next_idx as usize).max(idx + 1);
            Some((at, element))
        })
    }

    fn find(self, tag: u32) -> Option<(usize, &'a Element)> {
        let order = &self.set.root_order;
        if self.first == 0 && self.end == self.set.elements.len() && !order.is_empty() {
            let at = order.binary_search_by_key(&tag, |(tag, _)| *tag).ok()?;
            self.set.asked.insert(at);
            let idx = order.get(at)?.1 as usize;
            return self.set.elements.get(idx).map(|element| (idx, element));
        }
        self.elements().find(|(_, element)| element.tag == tag)
    }

    /// What `make` gives, and the outermost elements that it asked for.
    ///
    /// Another header with the same elements whose values are the same in that set would give the same.
    pub(crate) fn watch<T>(self, make: impl FnOnce() -> T) -> (T, RootSet) {
        let has_order = !self.set.root_order.is_empty();
        self.set.asked.set(match has_order {
            true => RootSet::default(),
            false => RootSet::EVERYTHING,
        });
        let made = make();
        (made, self.set.asked.get())
    }

    /// Is there such an element, empty or not?
    pub(crate) fn has(self, tag: u32) -> bool {
        self.find(tag).is_some()
    }

    pub(crate) fn element(self, tag: u32) -> Option<&'a Element> {
        self.find(tag).map(|(_, element)| element)
    }

    /// The value's bytes as they are in the file; `None` when absent or too long to have been kept.
    pub(crate) fn bytes(self, tag: u32) -> Option<&'a [u8]> {
        let (_, element) = self.find(tag)?;
        self.set.kept_of(element)
    }

    /// Where the value lies in the walked content, and its length in bytes; `None` when absent or of undefined length.
    pub(crate) fn place(self, tag: u32) -> Option<(u64, u32)> {
        let element = self.element(tag)?;
        // Where a value lies is no value: it differs between headers that say the same.
        self.set.asked.set(RootSet::EVERYTHING);
        Some((element.value_offset, element.len?))
    }

    /// Is the value written with its bytes in big-endian order?
    pub(crate) fn is_big_endian(self) -> bool {
        self.set.big_endian
    }

    /// The tags of this level between two, both included, in the order of the file.
    pub(crate) fn tags_between(self, first: u32, last: u32) -> impl Iterator<Item = u32> + use<'a> {
        self.elements()
            .map(|(_, element)| element.tag)
            .filter(move |tag| (first..=last).contains(tag))
    }

    /// The items of a sequence; empty when it is absent.
    pub(crate) fn items(self, tag: u32) -> Vec<Node<'a>> {
        let Some((idx, element)) = self.find(tag) else {
            return Vec::new();
        };
        Node {
            set: self.set,
            first: idx + 1,
            end: element.next_idx as usize,
        }
        .elements()
        .filter(|(_, item)| item.tag == ITEM)
        .map(|(at, item)| Node {
            set: self.set,
            first: at + 1,
            end: item.next_idx as usize,
        })
        .collect()
    }

    /// The first tag of the block that a private creator reserved in a group (PS3.5 7.8.1).
    pub(crate) fn private_block(self, group: u16, creator: &str) -> Option<u32> {
        let first = u32::from(group) << 16 | 0x10;
        let reserved = |element: &Element| (first..first + 0xF0).contains(&element.tag);
        self.elements()
            .map(|(_, element)| element)
            .filter(|element| reserved(element))
            .find(|element| self.ascii(element.tag).is_some_and(|c| c == creator))
            .map(|element| u32::from(group) << 16 | (element.tag & 0xFF) << 8)
    }

    /// The first item of a sequence.
    pub(crate) fn item(self, tag: u32) -> Option<Node<'a>> {
        self.items(tag).into_iter().next()
    }

    /// Text without padding; `None` when absent or empty.
    pub(crate) fn text(self, tag: u32, charset: &Charset) -> Option<String> {
        let element = self.element(tag)?;
        let bytes = self.bytes(tag)?;
        // The implicit syntax does not say which elements are names.
        let is_name = &element.vr == b"PN" || tag == crate::tags::PATIENT_NAME;
        let text = match is_name {
            true => charset.decode_name(bytes),
            false => charset.decode(bytes),
        };
        let text = text.trim_matches([' ', '\0']);
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Text of an attribute of the default repertoire (codes, UIDs, numbers, dates).
    pub(crate) fn ascii(self, tag: u32) -> Option<String> {
        let text = String::from_utf8_lossy(self.bytes(tag)?);
        let text = text.trim_matches([' ', '\0']);
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The values of a multi-valued attribute of the default repertoire.
    pub(crate) fn ascii_values(self, tag: u32) -> Vec<String> {
        let text = self.ascii(tag).unwrap_or_default();
        text.split('\\')
            .map(|v| v.trim_matches([' ', '\0']).to_owned())
            .filter(|_| !text.is_empty())
            .collect()
    }

    /// Unsigned 16-bit values (US, also SS as its bits); `None` when absent, empty or of another representation.
    pub(crate) fn u16s(self, tag: u32) -> Option<Vec<u16>> {
        let element = self.element(tag)?;
        if !matches!(
            &element.vr,
            [0, 0] | b"US" | b"SS" | b"OW" | b"UN" | b"AT" | b"OB"
        ) {
            return None;
        }
        let bytes = self.bytes(tag).filter(|b| 2 <= b.len())?;
        Some(
            bytes
                .chunks_exact(2)
                .map(|b| self.u16_from([b[0], b[1]]))
                .collect(),
        )
    }

    /// Unsigned 64-bit values; empty when there are none.
    pub(crate) fn u64s(self, tag: u32) -> Vec<u64> {
        let bytes = self.bytes(tag).unwrap_or_default();
        let (words, _) = bytes.as_chunks::<8>();
        let value = |word: &[u8; 8]| match self.set.big_endian {
            true => u64::from_be_bytes(*word),
            false => u64::from_le_bytes(*word),
        };
        words.iter().map(value).collect()
    }

    fn u16_from(self, bytes: [u8; 2]) -> u16 {
        if self.set.big_endian {
            u16::from_be_bytes(bytes)
        } else {
            u16::from_le_bytes(bytes)
        }
    }

    /// The first unsigned 16-bit value.
    pub(crate) fn u16(self, tag: u32) -> Option<u16> {
        self.u16s(tag)?.first().copied()
    }

    /// Unsigned 32-bit values (UL).
    pub(crate) fn u32s(self, tag: u32) -> Option<Vec<u32>> {
        let element = self.element(tag)?;
        if !matches!(&element.vr, [0, 0] | b"UL" | b"SL" | b"UN") {
            return None;
        }
        let big_endian = self.set.big_endian;
        let value = |b: &[u8]| -> Option<u32> {
            let bytes: [u8; 4] = b.try_into().ok()?;
            Some(if big_endian {
                u32::from_be_bytes(bytes)
            } else {
                u32::from_le_bytes(bytes)
            })
        };
        self.bytes(tag)?.chunks_exact(4).map(value).collect()
    }

    /// 64-bit floats (FD); also FL and, for writers that chose the wrong representation, decimal strings.
    pub(crate) fn floats(self, tag: u32) -> Option<Result<Vec<f64>, Unreadable>> {
        let element = self.element(tag)?;
        let bytes = self.bytes(tag).filter(|b| !b.is_empty())?;
        let big_endian = self.set.big_endian;
        let values: Vec<f64> = match &element.vr {
            b"DS" | b"IS" => return Some(parse_decimals(bytes)),
            b"FL" => bytes
                .chunks_exact(4)
                .filter_map(|b| <[u8; 4]>::try_from(b).ok())
                .map(|b| {
                    f64::from(if big_endian {
                        f32::from_be_bytes(b)
                    } else {
                        f32::from_le_bytes(b)
                    })
                })
                .collect(),
            _ => bytes
                .chunks_exact(8)
                .filter_map(|b| <[u8; 8]>::try_from(b).ok())
                .map(|b| {
                    if big_endian {
                        f64::from_be_bytes(b)
                    } else {
                        f64::from_le_bytes(b)
                    }
                })
                .collect(),
        };
        Some(if values.iter().all(|v| v.is_finite()) {
            Ok(values)
        } else {
            Err(Unreadable::NotFinite)
        })
    }

    /// Decimal strings (DS). `None`: absent or empty; an error: present and not all finite numbers.
    pub(crate) fn decimals(self, tag: u32) -> Option<Result<Vec<f64>, Unreadable>> {
        let element = self.element(tag)?;
        match &element.vr {
            b"FD" | b"FL" => self.floats(tag),
            _ => {
                let bytes = self.bytes(tag)?;
                (!bytes.iter().all(|b| matches!(b, b' ' | 0))).then(|| parse_decimals(bytes))
            }
        }
    }

    /// The first readable decimal.
    pub(crate) fn decimal(self, tag: u32) -> Option<f64> {
        self.decimals(tag)?.ok()?.first().copied()
    }

    /// Integer string (IS), also US and UL. `None`: absent or empty; an error: present and no integer.
    pub(crate) fn integer(self, tag: u32) -> Option<Result<i64, Unreadable>> {
        let element = self.element(tag)?;
        let bytes = self.bytes(tag)?;
        if bytes.iter().all(|b| matches!(b, b' ' | 0)) && !matches!(&element.vr, b"US" | b"UL") {
            return None;
        }
        match &element.vr {
            b"US" => self.u16(tag).map(|v| Ok(i64::from(v))),
            b"UL" => self.u32s(tag)?.first().map(|v| Ok(i64::from(*v))),
            _ => Some(parse_first_integer(bytes)),
        }
    }
}
