//! Wrong transfer syntaxes and broken compressed streams.

use dicom_core::VR;
use dicom_dictionary_std::tags;

use super::Expect::{Display, MetadataOnly, Refuse, RefuseOrDisplay};
use super::{BrokenCase, BrokenFile, case, data_set, one, sound};
use crate::data_set::{DataSet, Encoding, Value, write_header, write_item};
use crate::part10::{Syntax, header, rle_frame};

pub(super) const CASES: &[BrokenCase] = &[
    case(
        "C67",
        "big endian label, little endian data",
        Refuse,
        || one(labelled(Syntax::ExplicitBe.uid(), Encoding::ExplicitLe)),
    ),
    case(
        "C68",
        "implicit label, explicit data",
        RefuseOrDisplay,
        || one(labelled(Syntax::ImplicitLe.uid(), Encoding::ExplicitLe)),
    ),
    case("C69", "RLE label, native data", MetadataOnly, || {
        one(labelled(Syntax::RleLossless.uid(), Encoding::ExplicitLe))
    }),
    case("K01", "native label, fragments", MetadataOnly, || {
        fragments(Syntax::ExplicitLe.uid(), vec![Vec::new(), sound_rle()])
    }),
    case("K02", "deflate stream that grows to 512 MB", Refuse, || {
        one(bomb())
    }),
    case("K03", "deflate label, garbage", Refuse, || {
        one([
            header(
                &sound().sop_class_uid,
                &sound().sop_uid(0),
                Syntax::DeflatedLe.uid(),
            ),
            vec![0xA7; 400],
        ]
        .concat())
    }),
    case("K04", "RLE header of 0xFFFFFFFF segments", Refuse, || {
        rle(|stream| stream[..4].fill(0xFF))
    }),
    case("K05", "RLE segment offset out of bounds", Refuse, || {
        rle(|stream| stream[8..12].copy_from_slice(&0x00FF_FF00u32.to_le_bytes()))
    }),
    case("K06", "RLE fragment of two bytes", Refuse, || {
        fragments(Syntax::RleLossless.uid(), vec![Vec::new(), vec![1, 0]])
    }),
    case("K07", "RLE literal cut short", Refuse, || {
        rle(|stream| {
            stream.truncate(66);
            stream[64] = 127;
        })
    }),
    case("K08", "RLE run beyond the frame", MetadataOnly, || {
        rle(|stream| stream.extend([0x81, 0xAA].repeat(4000)))
    }),
    case(
        "K09",
        "65535 × 65535 pixels in 1 kB of RLE",
        Refuse,
        || {
            let mut data_set = encapsulated(vec![Vec::new(), [sound_rle(), vec![0; 900]].concat()]);
            data_set
                .put(tags::ROWS, 65535u16)
                .put(tags::COLUMNS, 65535u16);
            one(file(&data_set, Syntax::RleLossless.uid()))
        },
    ),
    case("K08b", "RLE of twice as many rows", Display, || {
        let pixels: Vec<u8> = (0..128u16).flat_map(u16::to_le_bytes).collect();
        let stream = rle_frame(&pixels, 8, 1, 2);
        fragments(Syntax::RleLossless.uid(), vec![Vec::new(), stream])
    }),
    case("K10", "no fragments", MetadataOnly, || {
        fragments(Syntax::RleLossless.uid(), vec![Vec::new()])
    }),
    case("K11", "fragment claims 4 GB", Refuse, || {
        one(open_ended(0xFFFF_FFFE))
    }),
    case(
        "K12",
        "no delimiter after the fragments",
        RefuseOrDisplay,
        || one(open_ended(sound_rle().len() as u32)),
    ),
    case("K13", "offset table out of bounds", Display, || {
        fragments(
            Syntax::RleLossless.uid(),
            vec![0xFFFF_FF00u32.to_le_bytes().to_vec(), sound_rle()],
        )
    }),
    case(
        "K14",
        "1,000,000 frames, one fragment",
        RefuseOrDisplay,
        || {
            let mut data_set = encapsulated(vec![Vec::new(), sound_rle()]);
            data_set.put(tags::NUMBER_OF_FRAMES, "1000000");
            one(file(&data_set, Syntax::RleLossless.uid()))
        },
    ),
    case("K15", "JPEG garbage", MetadataOnly, || {
        fragments(
            "1.2.840.10008.1.2.4.70",
            vec![Vec::new(), garbage(b"\xFF\xD8\xFF\xE0")],
        )
    }),
    case("K15b", "JPEG baseline garbage", MetadataOnly, || {
        fragments(
            "1.2.840.10008.1.2.4.50",
            vec![Vec::new(), garbage(b"\xFF\xD8\xFF\xDB")],
        )
    }),
    case("K15c", "JPEG with arithmetic coding", MetadataOnly, || {
        let start = b"\xFF\xD8\xFF\xC9\x00\x0B\x08\x00\x08\x00\x08\x01\x01\x11\x00";
        fragments("1.2.840.10008.1.2.4.50", vec![Vec::new(), garbage(start)])
    }),
    case("K16", "JPEG of another size", MetadataOnly, || {
        let start = [
            &b"\xFF\xD8\xFF\xC3\x00\x0B\x10\x00\x08\x00\x0C\x01\x01\x11\x00"[..],
            &b"\xFF\xDA\x00\x08\x01\x01\x00\x01\x00\x00"[..],
        ]
        .concat();
        fragments("1.2.840.10008.1.2.4.70", vec![Vec::new(), garbage(&start)])
    }),
    case(
        "K17",
        "JPEG 2000 header of 100,000 × 100,000",
        MetadataOnly,
        || {
            fragments(
                "1.2.840.10008.1.2.4.90",
                vec![Vec::new(), jpeg_2000_header(100_000, 1)],
            )
        },
    ),
    case(
        "K18",
        "JPEG-LS header of 65,535 × 65,535",
        MetadataOnly,
        || {
            let start = [
                &b"\xFF\xD8\xFF\xF7\x00\x0B\x10\xFF\xFF\xFF\xFF\x01\x01\x11\x00"[..],
                &b"\xFF\xDA\x00\x08\x01\x01\x00\x00\x00\x00"[..],
            ]
            .concat();
            fragments("1.2.840.10008.1.2.4.80", vec![Vec::new(), garbage(&start)])
        },
    ),
    case(
        "K19",
        "HTJ2K header of 100,000 × 100,000",
        MetadataOnly,
        || {
            fragments(
                "1.2.840.10008.1.2.4.201",
                vec![Vec::new(), jpeg_2000_header(100_000, 1)],
            )
        },
    ),
    case(
        "K20",
        "JPEG XL header of a billion pixels a side",
        MetadataOnly,
        || {
            // Size header (ISO/IEC 18181-1 D.2): not small, 30 bits of height, the same ratio; all bits of the height set.
            let stream = garbage(b"\xFF\x0A\xFE\xFF\xFF\xFF\x3F");
            fragments("1.2.840.10008.1.2.4.110", vec![Vec::new(), stream])
        },
    ),
    case(
        "K21",
        "JPEG 2000 header of 4,000 components",
        MetadataOnly,
        || {
            fragments(
                "1.2.840.10008.1.2.4.90",
                vec![Vec::new(), jpeg_2000_header(8, 4_000)],
            )
        },
    ),
    case(
        "K22",
        "JPEG 2000 header of 16,384 tiles",
        MetadataOnly,
        || {
            let mut stream = jpeg_2000_header(128, 1);
            // The width and height of a tile.
            stream[24..32].copy_from_slice(&[0, 0, 0, 1, 0, 0, 0, 1]);
            let mut data_set = encapsulated(vec![Vec::new(), stream]);
            data_set.put(tags::ROWS, 128u16).put(tags::COLUMNS, 128u16);
            one(file(&data_set, "1.2.840.10008.1.2.4.90"))
        },
    ),
    case(
        "K23",
        "progressive JPEG of 20,000 scans",
        MetadataOnly,
        || {
            let mut data_set = encapsulated(vec![Vec::new(), many_scans(1024, 20_000)]);
            data_set
                .put(tags::ROWS, 1024u16)
                .put(tags::COLUMNS, 1024u16)
                .put(tags::BITS_ALLOCATED, 8u16)
                .put(tags::BITS_STORED, 8u16)
                .put(tags::HIGH_BIT, 7u16);
            one(file(&data_set, "1.2.840.10008.1.2.4.51"))
        },
    ),
];

/// A progressive stream whose scans hold nothing but one long run of empty blocks, again and again: each costs a decoder
/// a walk over the whole picture (ISO/IEC 10918-1 G.1.2.2).
fn many_scans(side: u16, n_scans: usize) -> Vec<u8> {
    let [high, low] = side.to_be_bytes();
    let mut out = b"\xFF\xD8\xFF\xDB\x00\x43\x00".to_vec();
    out.extend([1; 64]);
    out.extend([0xFF, 0xC2, 0, 11, 8, high, low, high, low, 1, 1, 0x11, 0]);
    // Tables of one code of one bit: no difference; the end of 16,384 blocks.
    for (class, symbol) in [(0x00, 0x00), (0x10, 0xE0)] {
        out.extend([0xFF, 0xC4, 0, 20, class, 1]);
        out.extend([0; 15]);
        out.push(symbol);
    }
    let first = [0xFF, 0xDA, 0, 8, 1, 1, 0x00, 0, 0, 0x00];
    out.extend(first);
    out.extend(vec![0; usize::from(side / 8).pow(2).div_ceil(8)]);
    for _ in 0..n_scans {
        out.extend([0xFF, 0xDA, 0, 8, 1, 1, 0x00, 1, 1, 0x01, 0x00, 0x00, 0x00]);
    }
    out.extend([0xFF, 0xD9]);
    out
}

fn file(data_set: &DataSet, syntax_uid: &str) -> Vec<u8> {
    [
        header(&sound().sop_class_uid, &sound().sop_uid(0), syntax_uid),
        data_set.encode(Encoding::ExplicitLe),
    ]
    .concat()
}

fn labelled(syntax_uid: &str, encoding: Encoding) -> Vec<u8> {
    [
        header(&sound().sop_class_uid, &sound().sop_uid(0), syntax_uid),
        data_set().encode(encoding),
    ]
    .concat()
}

fn encapsulated(fragments: Vec<Vec<u8>>) -> DataSet {
    let mut data_set = data_set();
    data_set.put_as(tags::PIXEL_DATA, VR::OB, Value::Fragments(fragments));
    data_set
}

fn fragments(syntax_uid: &str, fragments: Vec<Vec<u8>>) -> Vec<BrokenFile> {
    one(file(&encapsulated(fragments), syntax_uid))
}

fn sound_rle() -> Vec<u8> {
    let pixels: Vec<u8> = (0..64u16).flat_map(u16::to_le_bytes).collect();
    rle_frame(&pixels, 8, 1, 2)
}

fn rle(change: impl FnOnce(&mut Vec<u8>)) -> Vec<BrokenFile> {
    let mut stream = sound_rle();
    change(&mut stream);
    fragments(Syntax::RleLossless.uid(), vec![Vec::new(), stream])
}

fn open_ended(claimed: u32) -> Vec<u8> {
    let mut data_set = data_set();
    data_set.remove(tags::PIXEL_DATA);
    let mut bytes = file(&data_set, Syntax::RleLossless.uid());
    write_header(
        &mut bytes,
        Encoding::ExplicitLe,
        (0x7FE0, 0x0010),
        VR::OB,
        u32::MAX,
    );
    write_item(&mut bytes, Encoding::ExplicitLe, 0xE000, 0);
    write_item(&mut bytes, Encoding::ExplicitLe, 0xE000, claimed);
    bytes.extend(sound_rle());
    bytes
}

fn garbage(start: &[u8]) -> Vec<u8> {
    [
        start.to_vec(),
        (0..300u32).map(|i| (i * 37 % 251) as u8).collect(),
    ]
    .concat()
}

/// A code stream with SOC, SIZ and nothing behind them.
fn jpeg_2000_header(size: u32, n_components: u16) -> Vec<u8> {
    let mut out = vec![0xFF, 0x4F, 0xFF, 0x51];
    out.extend((38 + 3 * u32::from(n_components)).to_be_bytes()[2..].iter());
    out.extend([0, 0]);
    for number in [size, size, 0, 0, size, size, 0, 0] {
        out.extend(number.to_be_bytes());
    }
    out.extend(n_components.to_be_bytes());
    (0..n_components).for_each(|_| out.extend([15, 1, 1]));
    garbage(&out)
}

/// A deflate block of fixed codes: one zero byte, then copies of it, 258 at a time (RFC 1951 3.2.6).
fn bomb() -> Vec<u8> {
    let mut bits = BitWriter::default();
    bits.push_low_first(0b011, 3);
    bits.push_high_first(0b0011_0000, 8);
    for _ in 0..(512usize << 20) / 258 {
        bits.push_high_first(0b1100_0101, 8);
        bits.push_high_first(0, 5);
    }
    bits.push_high_first(0, 7);
    [
        header(
            &sound().sop_class_uid,
            &sound().sop_uid(0),
            Syntax::DeflatedLe.uid(),
        ),
        bits.bytes,
    ]
    .concat()
}

#[derive(Default)]
struct BitWriter {
    bytes: Vec<u8>,
    n_bits: usize,
}

impl BitWriter {
    fn push(&mut self, bit: u32) {
        if self.n_bits.is_multiple_of(8) {
            self.bytes.push(0);
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= ((bit & 1) as u8) << (self.n_bits % 8);
        }
        self.n_bits += 1;
    }

    fn push_low_first(&mut self, value: u32, n: u32) {
        (0..n).for_each(|bit| self.push(value >> bit));
    }

    fn push_high_first(&mut self, value: u32, n: u32) {
        (0..n).rev().for_each(|bit| self.push(value >> bit));
    }
}
