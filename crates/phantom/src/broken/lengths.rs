//! Lengths that lie, nesting without end, elements out of order.

use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;

use super::Expect::{Display, Refuse, RefuseOrDisplay};
use super::{BrokenCase, BrokenFile, case, changed_each, data_set, one, sound};
use crate::data_set::{DataSet, Encoding, Value, write_header, write_item};
use crate::part10::{Syntax, header};

const LE: Encoding = Encoding::ExplicitLe;
/// Request Attributes Sequence: one that a CT may carry and that may be nested.
const SEQUENCE: (u16, u16) = (0x0040, 0x0275);

pub(super) const CASES: &[BrokenCase] = &[
    case("C19", "text claims 4 GB", Refuse, || {
        one(claiming((0x0008, 0x0119), VR::UT, 0xFFFF_FFFE))
    }),
    case("C20", "bytes claim 2 GB", Refuse, || {
        one(claiming((0x0009, 0x1001), VR::OB, 0x8000_0000))
    }),
    case("C21", "pixel data claims 4 GB", Refuse, || {
        one(claiming((0x7FE0, 0x0010), VR::OW, 0xFFFF_FFFE))
    }),
    case("C22", "text of undefined length", Refuse, || {
        one(claiming((0x0008, 0x0119), VR::UT, u32::MAX))
    }),
    case("C23", "value of odd length", Display, odd_length),
    case("C24a", "10 nested sequences", Display, || {
        one(nested(10, Ending::Closed))
    }),
    case("C24b", "64 nested sequences", Display, || {
        one(nested(64, Ending::Closed))
    }),
    case("C24c", "65 nested sequences", Refuse, || {
        one(nested(65, Ending::Closed))
    }),
    case("C24d", "300 nested sequences", Refuse, || {
        one(nested(300, Ending::Closed))
    }),
    case("C25", "5,000 nested sequences", Refuse, || {
        one(nested(5_000, Ending::Closed))
    }),
    case("C26", "100,000 nested sequences", Refuse, || {
        one(nested(100_000, Ending::Closed))
    }),
    case("C27", "1,000,000 nested sequences", Refuse, || {
        one(nested(1_000_000, Ending::Closed))
    }),
    case(
        "C28",
        "100,000 nested sequences, none closed",
        Refuse,
        || one(nested(100_000, Ending::Open)),
    ),
    case("C29", "item never closed", Refuse, || {
        one(nested(1, Ending::Open))
    }),
    case("C30", "item longer than its sequence", Refuse, long_item),
    case(
        "C31",
        "sequence delimiter outside of a sequence",
        RefuseOrDisplay,
        || one(with_stray(0xE0DD)),
    ),
    case("C32", "item outside of a sequence", RefuseOrDisplay, || {
        one(with_stray(0xE000))
    }),
    case("C33", "1,000,000 empty items", Refuse, empty_items),
    case("C34", "group length of group 8 lies", Display, || {
        changed_each([7u32, 0xFFFF_FF00], |data_set, length| {
            data_set.put_as(Tag(0x0008, 0x0000), VR::UL, length);
        })
    }),
    case("C35", "element twice", Display, twice),
    case("C36", "elements out of order", Display, unsorted),
    case(
        "C37a",
        "identifier of 200 characters",
        RefuseOrDisplay,
        || {
            changed_each([format!("2.25.{}", "7".repeat(195))], |data_set, uid| {
                data_set.put(tags::SOP_INSTANCE_UID, uid);
            })
        },
    ),
    case("C37b", "identifier with letters", RefuseOrDisplay, || {
        changed_each(["2.25.abc", "../../etc", ""], |data_set, uid| {
            data_set.put(tags::SOP_INSTANCE_UID, uid);
        })
    }),
    case(
        "C38",
        "rows as text, as a huge number, empty",
        Refuse,
        || {
            let values = [
                (VR::LO, Value::from("eight")),
                (VR::UL, Value::from(0x4000_0001u32)),
                (VR::US, Value::U16(Vec::new())),
            ];
            changed_each(values, |data_set, (vr, value)| {
                data_set.put_as(tags::ROWS, vr, value);
            })
        },
    ),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Closed,
    Open,
}

fn start() -> Vec<u8> {
    header(
        &sound().sop_class_uid,
        &sound().sop_uid(0),
        Syntax::ExplicitLe.uid(),
    )
}

/// Elements of the sound data set, those below `tag` and those above it.
fn split_at(tag: Tag) -> (Vec<u8>, Vec<u8>) {
    let whole = data_set().encode(LE);
    let mut marked = data_set();
    marked.put_as(tag, VR::LO, "MARKMARK");
    let with_mark = marked.encode(LE);
    let at = whole
        .iter()
        .zip(&with_mark)
        .take_while(|(a, b)| a == b)
        .count();
    // The tags just before and after may share their first bytes with the mark's: step back to the mark itself.
    let mark = [tag.group().to_le_bytes(), tag.element().to_le_bytes()].concat();
    let at = (0..=at)
        .rev()
        .find(|at| with_mark[*at..].starts_with(&mark))
        .unwrap_or(whole.len());
    (whole[..at].to_vec(), whole[at..].to_vec())
}

fn claiming(tag: (u16, u16), vr: VR, length: u32) -> Vec<u8> {
    let (mut before, _) = split_at(Tag(tag.0, tag.1));
    write_header(&mut before, LE, tag, vr, length);
    before.extend([0x41; 64]);
    [start(), before].concat()
}

fn odd_length() -> Vec<BrokenFile> {
    let (mut before, after) = split_at(Tag(0x0008, 0x1011));
    write_header(&mut before, LE, (0x0008, 0x1011), VR::LO, 5);
    before.extend(b"seven");
    one([start(), before, after].concat())
}

fn nested(depth: usize, ending: Ending) -> Vec<u8> {
    let (mut bytes, after) = split_at(Tag(SEQUENCE.0, SEQUENCE.1));
    for _ in 0..depth {
        write_header(&mut bytes, LE, SEQUENCE, VR::SQ, u32::MAX);
        write_item(&mut bytes, LE, 0xE000, u32::MAX);
    }
    if ending == Ending::Closed {
        for _ in 0..depth {
            write_item(&mut bytes, LE, 0xE00D, 0);
            write_item(&mut bytes, LE, 0xE0DD, 0);
        }
    }
    [start(), bytes, after].concat()
}

fn long_item() -> Vec<BrokenFile> {
    let (mut bytes, after) = split_at(Tag(SEQUENCE.0, SEQUENCE.1));
    write_header(&mut bytes, LE, SEQUENCE, VR::SQ, 16);
    write_item(&mut bytes, LE, 0xE000, 4000);
    bytes.extend([0; 8]);
    one([start(), bytes, after].concat())
}

fn with_stray(element: u16) -> Vec<u8> {
    let (mut bytes, after) = split_at(Tag(0x0010, 0x0001));
    write_item(&mut bytes, LE, element, 0);
    [start(), bytes, after].concat()
}

fn empty_items() -> Vec<BrokenFile> {
    let (mut bytes, after) = split_at(Tag(SEQUENCE.0, SEQUENCE.1));
    write_header(&mut bytes, LE, SEQUENCE, VR::SQ, 8_000_000);
    for _ in 0..1_000_000 {
        write_item(&mut bytes, LE, 0xE000, 0);
    }
    one([start(), bytes, after].concat())
}

fn twice() -> Vec<BrokenFile> {
    let (before, after) = split_at(Tag(0x0028, 0x0010));
    let mut rows = DataSet::new();
    rows.put(tags::ROWS, 4u16);
    let first_rows = &after[..10];
    one([
        start(),
        before,
        first_rows.to_vec(),
        rows.encode(LE),
        after[10..].to_vec(),
    ]
    .concat())
}

fn unsorted() -> Vec<BrokenFile> {
    // The pixel data stay last: 12 bytes of header and 8 × 8 values of two bytes.
    let (low, high) = split_at(Tag(0x0010, 0x0001));
    let (middle, pixels) = high.split_at(high.len() - 12 - 128);
    one([start(), middle.to_vec(), low, pixels.to_vec()].concat())
}
