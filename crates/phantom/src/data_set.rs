//! A DICOM data set in memory and its encoding: small, and written without the toolkit that the product reads with,
//! so that a fault of that toolkit cannot hide in files that it wrote itself.

use std::collections::BTreeMap;

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_core::{Tag, VR};
use dicom_dictionary_std::StandardDataDictionary;

/// The value of one element.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Characters as they are to stand in the file (UTF-8 bytes), padded to even length when written.
    Text(String),
    /// 16-bit unsigned numbers (US, OW, and SS by their bits).
    U16(Vec<u16>),
    /// 32-bit unsigned numbers (UL, OL).
    U32(Vec<u32>),
    /// 32-bit floating point numbers (FL, OF).
    F32(Vec<f32>),
    /// 64-bit floating point numbers (FD, OD).
    F64(Vec<f64>),
    /// Bytes in file order (OB, UN).
    Bytes(Vec<u8>),
    /// Tags (AT).
    Tags(Vec<Tag>),
    /// The items of a sequence (SQ).
    Items(Vec<DataSet>),
    /// The fragments of encapsulated pixel data, the offset table first (PS3.5 A.4).
    Fragments(Vec<Vec<u8>>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<u16> for Value {
    fn from(number: u16) -> Self {
        Self::U16(vec![number])
    }
}
impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::U32(vec![number])
    }
}
impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::F64(vec![number])
    }
}
impl From<Vec<DataSet>> for Value {
    fn from(items: Vec<DataSet>) -> Self {
        Self::Items(items)
    }
}

/// How the elements of a data set are laid out in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Implicit value representation, little endian.
    ImplicitLe,
    /// Explicit value representation, little endian.
    ExplicitLe,
    /// Explicit value representation, big endian (retired).
    ExplicitBe,
}

/// Elements sorted by tag, each with its value representation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DataSet {
    elements: BTreeMap<(u16, u16), (VR, Value)>,
}

impl DataSet {
    /// Makes an empty data set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an element with the value representation of the standard's dictionary (UN when the tag is not in it).
    pub fn put(&mut self, tag: Tag, value: impl Into<Value>) -> &mut Self {
        let vr = StandardDataDictionary
            .by_tag(tag)
            .map_or(VR::UN, |entry| entry.vr().relaxed());
        self.put_as(tag, vr, value)
    }

    /// Sets an element with a value representation of the caller's choice, also a wrong one.
    pub fn put_as(&mut self, tag: Tag, vr: VR, value: impl Into<Value>) -> &mut Self {
        self.elements
            .insert((tag.group(), tag.element()), (vr, value.into()));
        self
    }

    /// Removes an element, if it is there.
    pub fn remove(&mut self, tag: Tag) -> &mut Self {
        self.elements.remove(&(tag.group(), tag.element()));
        self
    }

    /// Sets every element of `other`, replacing those that are here.
    pub fn put_all(&mut self, other: &DataSet) -> &mut Self {
        for (tag, element) in &other.elements {
            self.elements.insert(*tag, element.clone());
        }
        self
    }

    /// Value of an element, if it is there.
    pub fn get(&self, tag: Tag) -> Option<&Value> {
        self.elements
            .get(&(tag.group(), tag.element()))
            .map(|(_, value)| value)
    }

    /// Text of an element, empty where the element is absent or no text.
    pub fn text(&self, tag: Tag) -> &str {
        match self.get(tag) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// Encodes all elements in ascending order of tag.
    pub fn encode(&self, encoding: Encoding) -> Vec<u8> {
        let mut out = Vec::new();
        for ((group, element), (vr, value)) in &self.elements {
            write_element(&mut out, encoding, (*group, *element), *vr, value);
        }
        out
    }
}

fn u16_bytes(encoding: Encoding, number: u16) -> [u8; 2] {
    if encoding == Encoding::ExplicitBe {
        number.to_be_bytes()
    } else {
        number.to_le_bytes()
    }
}

fn u32_bytes(encoding: Encoding, number: u32) -> [u8; 4] {
    if encoding == Encoding::ExplicitBe {
        number.to_be_bytes()
    } else {
        number.to_le_bytes()
    }
}

/// Value representations whose explicit header has two reserved bytes and a 32-bit length (PS3.5 7.1.2).
fn has_long_header(vr: VR) -> bool {
    matches!(
        vr,
        VR::OB
            | VR::OD
            | VR::OF
            | VR::OL
            | VR::OV
            | VR::OW
            | VR::SQ
            | VR::SV
            | VR::UC
            | VR::UN
            | VR::UR
            | VR::UT
            | VR::UV
    )
}

fn write_element(out: &mut Vec<u8>, encoding: Encoding, tag: (u16, u16), vr: VR, value: &Value) {
    let body = value_bytes(encoding, vr, value);
    let length = match value {
        Value::Fragments(_) => u32::MAX,
        _ => body.len() as u32,
    };
    write_header(out, encoding, tag, vr, length);
    out.extend_from_slice(&body);
}

/// Writes the header of an element with whatever length is asked for.
pub(crate) fn write_header(
    out: &mut Vec<u8>,
    encoding: Encoding,
    tag: (u16, u16),
    vr: VR,
    length: u32,
) {
    out.extend(u16_bytes(encoding, tag.0));
    out.extend(u16_bytes(encoding, tag.1));
    if encoding == Encoding::ImplicitLe {
        out.extend(u32_bytes(encoding, length));
    } else if has_long_header(vr) {
        out.extend(vr.to_bytes());
        out.extend([0, 0]);
        out.extend(u32_bytes(encoding, length));
    } else {
        out.extend(vr.to_bytes());
        out.extend(u16_bytes(encoding, length.min(0xFFFE) as u16));
    }
}

fn value_bytes(encoding: Encoding, vr: VR, value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    match value {
        Value::Text(text) => {
            out.extend_from_slice(text.as_bytes());
            if out.len() % 2 == 1 {
                out.push(if vr == VR::UI { 0 } else { b' ' });
            }
        }
        Value::U16(numbers) => {
            out.reserve(numbers.len() * 2);
            numbers
                .iter()
                .for_each(|number| out.extend(u16_bytes(encoding, *number)));
        }
        Value::U32(numbers) => numbers
            .iter()
            .for_each(|number| out.extend(u32_bytes(encoding, *number))),
        Value::F32(numbers) => numbers
            .iter()
            .for_each(|number| out.extend(u32_bytes(encoding, number.to_bits()))),
        Value::F64(numbers) => numbers.iter().for_each(|number| {
            out.extend(if encoding == Encoding::ExplicitBe {
                number.to_be_bytes()
            } else {
                number.to_le_bytes()
            });
        }),
        Value::Bytes(bytes) => {
            out.extend_from_slice(bytes);
            if out.len() % 2 == 1 {
                out.push(0);
            }
        }
        Value::Tags(tags) => {
            for tag in tags {
                out.extend(u16_bytes(encoding, tag.group()));
                out.extend(u16_bytes(encoding, tag.element()));
            }
        }
        Value::Items(items) => {
            for item in items {
                let body = item.encode(encoding);
                write_item(&mut out, encoding, 0xE000, body.len() as u32);
                out.extend(body);
            }
        }
        Value::Fragments(fragments) => {
            for fragment in fragments {
                write_item(
                    &mut out,
                    encoding,
                    0xE000,
                    (fragment.len() + fragment.len() % 2) as u32,
                );
                out.extend_from_slice(fragment);
                if fragment.len() % 2 == 1 {
                    out.push(0);
                }
            }
            write_item(&mut out, encoding, 0xE0DD, 0);
        }
    }
    out
}

/// Writes an item header or delimiter, which has no value representation in any encoding.
pub(crate) fn write_item(out: &mut Vec<u8>, encoding: Encoding, element: u16, length: u32) {
    out.extend(u16_bytes(encoding, 0xFFFE));
    out.extend(u16_bytes(encoding, element));
    out.extend(u32_bytes(encoding, length));
}
