//! Broken preambles, meta information and ends of files.

use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;

use super::Expect::{Display, MetadataOnly, Refuse, RefuseOrDisplay};
use super::{BrokenCase, BrokenFile, case, data_set, many, one, sound, sound_bytes};
use crate::data_set::{DataSet, Encoding, Value, write_header};
use crate::part10::{Syntax, file_bytes, header};
use crate::random::Random;

pub(super) const CASES: &[BrokenCase] = &[
    case("C01", "empty file", Refuse, || one(Vec::new())),
    case("C02", "preamble alone", Refuse, || one(vec![0; 128])),
    case("C03", "ends after the magic word", Refuse, || {
        one(sound_bytes()[..132].to_vec())
    }),
    case(
        "C04",
        "bare data set without preamble",
        RefuseOrDisplay,
        || one(data_set().encode(Encoding::ImplicitLe)),
    ),
    case("C05", "wrong magic word", Refuse, || {
        one(patched(128, b"DICX"))
    }),
    case("C06", "program header in the preamble", Display, || {
        one(patched(0, b"MZ\x90\0\x03"))
    }),
    case("C07", "ELF header in the preamble", Display, || {
        one(patched(0, b"\x7fELF\x02\x01\x01"))
    }),
    case("C08", "no transfer syntax", RefuseOrDisplay, || {
        one(with_meta(|meta| {
            meta.remove(tags::TRANSFER_SYNTAX_UID);
        }))
    }),
    case("C09", "unknown transfer syntax", MetadataOnly, || {
        one(with_meta(|meta| {
            meta.put(tags::TRANSFER_SYNTAX_UID, "1.2.840.10008.1.2.4.9999");
        }))
    }),
    case(
        "C10",
        "group length of the meta information is 0",
        Display,
        || one(with_group_length(|_| 0)),
    ),
    case(
        "C11",
        "group length of the meta information is 0xFFFFFFFF",
        Refuse,
        || one(with_group_length(|_| u32::MAX)),
    ),
    case(
        "C12",
        "group length of the meta information too long",
        Refuse,
        || one(with_group_length(|length| length + 5000)),
    ),
    case(
        "C13",
        "group length of the meta information too short",
        Display,
        || one(with_group_length(|length| length - 20)),
    ),
    case("C14", "private meta element of 4 GB", Refuse, || {
        one(with_long_meta_element(VR::UN))
    }),
    case(
        "C15",
        "invalid value representation in the meta information",
        Refuse,
        || one(with_odd_vr()),
    ),
    case("C16", "cut at twenty places", RefuseOrDisplay, cut),
    case("C17", "1 kB of 0xFF after the end", Display, || {
        one([sound_bytes(), vec![0xFF; 1024]].concat())
    }),
    case("C18a", "1 MB of zeros", Refuse, || one(vec![0; 1 << 20])),
    case("C18b", "1 MB of 0xFF", Refuse, || one(vec![0xFF; 1 << 20])),
    case("C18c", "1 MB of chance", Refuse, || one(chance(1 << 20))),
    case(
        "C18d",
        "1 MB of chance after a sound header",
        Refuse,
        || {
            let header = header(&sound().sop_class_uid, "2.25.1", Syntax::ExplicitLe.uid());
            one([header, chance(1 << 20)].concat())
        },
    ),
    case("C18e", "a text file", Refuse, || {
        one(b"This is a note and no image.\n".to_vec())
    }),
];

fn patched(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = sound_bytes();
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

fn chance(n: usize) -> Vec<u8> {
    let mut random = Random::new(18, 18);
    (0..n).map(|_| random.next_u64() as u8).collect()
}

fn meta() -> DataSet {
    let mut meta = DataSet::new();
    meta.put(
        tags::FILE_META_INFORMATION_VERSION,
        Value::Bytes(vec![0, 1]),
    );
    meta.put(tags::MEDIA_STORAGE_SOP_CLASS_UID, sound().sop_class_uid);
    meta.put(tags::MEDIA_STORAGE_SOP_INSTANCE_UID, sound().sop_uid(0));
    meta.put(tags::TRANSFER_SYNTAX_UID, Syntax::ExplicitLe.uid());
    meta.put(tags::IMPLEMENTATION_CLASS_UID, "2.25.1");
    meta
}

fn assembled(meta_bytes: &[u8], group_length: u32) -> Vec<u8> {
    let mut length = DataSet::new();
    length.put(Tag(0x0002, 0x0000), group_length);
    [
        vec![0; 128],
        b"DICM".to_vec(),
        length.encode(Encoding::ExplicitLe),
        meta_bytes.to_vec(),
        data_set().encode(Encoding::ExplicitLe),
    ]
    .concat()
}

fn with_meta(change: impl FnOnce(&mut DataSet)) -> Vec<u8> {
    let mut meta = meta();
    change(&mut meta);
    let bytes = meta.encode(Encoding::ExplicitLe);
    assembled(&bytes, bytes.len() as u32)
}

fn with_group_length(change: impl FnOnce(u32) -> u32) -> Vec<u8> {
    let bytes = meta().encode(Encoding::ExplicitLe);
    assembled(&bytes, change(bytes.len() as u32))
}

fn with_long_meta_element(vr: VR) -> Vec<u8> {
    let mut bytes = meta().encode(Encoding::ExplicitLe);
    write_header(
        &mut bytes,
        Encoding::ExplicitLe,
        (0x0002, 0x0102),
        vr,
        0xFFFF_FFFE,
    );
    assembled(&bytes, bytes.len() as u32)
}

fn with_odd_vr() -> Vec<u8> {
    let mut bytes = meta().encode(Encoding::ExplicitLe);
    bytes.extend([0x02, 0x00, 0x16, 0x00, b'?', b'?', 0x04, 0x00, 1, 2, 3, 4]);
    assembled(&bytes, bytes.len() as u32)
}

fn cut() -> Vec<BrokenFile> {
    let whole = file_bytes(&data_set(), Syntax::ExplicitLe);
    many((1..=20).map(|part| whole[..whole.len() * part / 21].to_vec()))
}
