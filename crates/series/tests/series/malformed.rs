//! Files that lie: each is refused or shown with a warning, within bounded memory, and a good file beside it opens.

use series::{Refusal, prescan};

use crate::builder::{
    EXPLICIT_LE, Object, codes, element, file, fragments, header, item, scan_files, volumes,
};

const SEQUENCE: u32 = 0x0008_1115;

fn nested(levels: usize, closed: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..levels {
        bytes.extend(header(SEQUENCE, b"SQ", u32::MAX));
        bytes.extend(item(0xFFFE_E000, u32::MAX));
    }
    for _ in 0..if closed { levels } else { 0 } {
        bytes.extend(item(0xFFFE_E00D, 0));
        bytes.extend(item(0xFFFE_E0DD, 0));
    }
    bytes
}

/// A good object whose data set is led by these bytes, so that a parser must get past them.
fn led_by(bytes: Vec<u8>) -> Vec<u8> {
    file(EXPLICIT_LE, &[bytes, Object::ct(1, 0.0).dataset()].concat())
}

#[test]
fn structures_that_lie_are_refused_before_they_cost_anything() {
    let items = |n: usize| {
        let all: Vec<u8> = (0..n).flat_map(|_| item(0xFFFE_E000, 0)).collect();
        [header(SEQUENCE, b"SQ", all.len() as u32), all].concat()
    };
    let in_sequence =
        |inner: Vec<u8>| [header(SEQUENCE, b"SQ", inner.len() as u32), inner].concat();
    let rows: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty", vec![], "file_empty"),
        ("preamble only", vec![0; 128], "not_dicom"),
        (
            "magic word only",
            [vec![0; 128], b"DICM".to_vec()].concat(),
            "file_truncated",
        ),
        (
            "bad magic word",
            [vec![0; 128], b"DICN".to_vec(), vec![0xAA; 400]].concat(),
            "not_dicom",
        ),
        (
            "a text",
            b"This is a letter, not an image.".repeat(20),
            "not_dicom",
        ),
        ("zeros", vec![0; 1 << 20], "not_dicom"),
        ("ones", vec![0xFF; 1 << 20], "not_dicom"),
        (
            "private meta of 4 GB",
            file("", &header(0x0002_0102, b"OB", u32::MAX - 1)),
            "length_beyond_end",
        ),
        (
            "UT of 4 GB",
            led_by(header(0x0008_0115, b"UT", u32::MAX - 1)),
            "length_beyond_end",
        ),
        (
            "OB of 2 GB",
            led_by(header(0x0008_0115, b"OB", 1 << 31)),
            "length_beyond_end",
        ),
        (
            "UT of undefined length",
            led_by(header(0x0008_0115, b"UT", u32::MAX)),
            "structure_broken",
        ),
        ("nested 65", led_by(nested(65, true)), "nested_too_deep"),
        (
            "nested 5,000",
            led_by(nested(5_000, true)),
            "nested_too_deep",
        ),
        (
            "nested 100,000, unclosed",
            led_by(nested(100_000, false)),
            "nested_too_deep",
        ),
        ("100,001 items", led_by(items(100_001)), "too_many_items"),
        (
            "item longer than its sequence",
            led_by(in_sequence(item(0xFFFE_E000, 900))),
            "length_beyond_end",
        ),
        (
            "element between items",
            led_by(in_sequence(element(0x0008_0100, b"SH", b"AB"))),
            "structure_broken",
        ),
        (
            "element cut by its item",
            led_by(in_sequence(
                [item(0xFFFE_E000, 6), vec![8, 0, 0, 1, b'S', b'H']].concat(),
            )),
            "structure_broken",
        ),
        (
            "item never closed",
            file(EXPLICIT_LE, &nested(1, false)),
            "file_truncated",
        ),
        (
            "another byte order than stated",
            file("1.2.840.10008.1.2.2", &Object::ct(1, 0.0).dataset()),
            "structure_broken",
        ),
        (
            "deflate garbage",
            file("1.2.840.10008.1.2.1.99", &[0xFF; 300]),
            "inflate_failed",
        ),
    ];
    for (name, bytes, code) in rows {
        let refused = prescan(&bytes).map(|_| ()).map_err(|r| r.code());
        assert_eq!(refused, Err(code), "{name}");
        let (_folder, scan) =
            scan_files(&[("bad.dcm", bytes), ("good.dcm", Object::ct(2, 0.0).file())]);
        assert!(codes(&scan).contains(&code), "{name}: {:?}", codes(&scan));
        assert_eq!(volumes(&scan).len(), 1, "{name}: the good file opens");
    }
}

#[test]
fn structures_that_are_odd_open_with_a_warning() {
    let good = Object::ct(1, 0.0);
    let behind = |bytes: Vec<u8>| {
        let mut object = good.clone();
        let pixels = object.elements.pop().unwrap();
        file(
            EXPLICIT_LE,
            &[
                object.dataset(),
                bytes,
                element(pixels.0, &pixels.1, &pixels.2),
            ]
            .concat(),
        )
    };
    let program = |magic: &[u8]| {
        let mut bytes = good.file();
        bytes[..magic.len()].copy_from_slice(magic);
        bytes
    };
    let rows: Vec<(&str, Vec<u8>, &str)> = vec![
        (
            "no preamble",
            good.file()[132..].to_vec(),
            "preamble_missing",
        ),
        ("no meta at all", good.dataset(), "preamble_missing"),
        (
            "no transfer syntax",
            file("", &good.dataset()),
            "transfer_syntax_missing",
        ),
        (
            "implicit label, explicit data",
            file("1.2.840.10008.1.2", &good.dataset()),
            "syntax_mismatch",
        ),
        ("PE preamble", program(b"MZ"), "executable_preamble"),
        ("ELF preamble", program(b"\x7fELF"), "executable_preamble"),
        (
            "stray delimiter",
            behind(item(0xFFFE_E0DD, 0)),
            "stray_delimiter",
        ),
        (
            "item outside a sequence",
            behind(item(0xFFFE_E000, 0)),
            "item_outside_sequence",
        ),
        (
            "odd length",
            behind(element(0x0028_4000, b"LT", b"abc")),
            "odd_length",
        ),
        (
            "unsorted",
            behind(element(0x0008_0070, b"LO", b"AB")),
            "elements_unsorted",
        ),
        ("nested 64", behind(nested(64, true)), "elements_unsorted"),
    ];
    for (name, bytes, code) in rows {
        let (_folder, scan) = scan_files(&[("odd.dcm", bytes)]);
        assert!(codes(&scan).contains(&code), "{name}: {:?}", codes(&scan));
        let volumes = volumes(&scan);
        assert_eq!(volumes.len(), 1, "{name}");
        assert!(series::decode_slice(volumes[0], 0).is_ok(), "{name}");
    }
}

#[test]
fn every_truncation_is_refused_or_warned_of_and_never_shown() {
    let whole = Object::ct(1, 0.0).file();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.dcm");
    for n in 0..whole.len() {
        std::fs::write(&path, &whole[..n]).unwrap();
        let scan = crate::builder::scan_path(&path);
        assert!(!codes(&scan).is_empty(), "cut at {n} goes unnoticed");
        for plan in volumes(&scan) {
            assert!(
                series::decode_slice(plan, 0).is_err(),
                "cut at {n} is shown"
            );
        }
    }
}

#[test]
fn attributes_that_make_no_picture_are_said_and_nothing_is_shown() {
    let with = |change: &dyn Fn(&mut Object)| {
        let mut object = Object::ct(1, 0.0);
        change(&mut object);
        object.file()
    };
    let rows: Vec<(&str, Vec<u8>)> = vec![
        (
            "no rows",
            with(&|o| {
                o.us(0x0028_0010, 0);
            }),
        ),
        (
            "rows missing",
            with(&|o| {
                o.without(0x0028_0010);
            }),
        ),
        (
            "rows as text",
            with(&|o| {
                o.text(0x0028_0010, b"LO", "4");
            }),
        ),
        (
            "rows as 32 bits",
            with(&|o| {
                o.set(0x0028_0010, b"UL", vec![4, 0, 0, 0x40]);
            }),
        ),
        (
            "65535 × 65535 × 2 bytes",
            with(&|o| {
                o.us(0x0028_0010, 65535).us(0x0028_0011, 65535);
            }),
        ),
        (
            "frames −1",
            with(&|o| {
                o.text(0x0028_0008, b"IS", "-1");
            }),
        ),
        (
            "frames abc",
            with(&|o| {
                o.text(0x0028_0008, b"IS", "abc");
            }),
        ),
        (
            "frames 2³¹ − 1",
            with(&|o| {
                o.text(0x0028_0008, b"IS", "2147483647");
            }),
        ),
        (
            "12 bits allocated",
            with(&|o| {
                o.us(0x0028_0100, 12);
            }),
        ),
        (
            "more stored than allocated",
            with(&|o| {
                o.us(0x0028_0101, 17);
            }),
        ),
        (
            "representation missing",
            with(&|o| {
                o.without(0x0028_0103);
            }),
        ),
        (
            "65535 samples",
            with(&|o| {
                o.us(0x0028_0002, 65535);
            }),
        ),
        (
            "planar 7",
            with(&|o| {
                o.picture([4, 4, 3, 8, 8, 0], "RGB", vec![0; 48])
                    .us(0x0028_0006, 7);
            }),
        ),
        (
            "unknown photometric",
            with(&|o| {
                o.text(0x0028_0004, b"CS", "CIELAB");
            }),
        ),
    ];
    for (name, bytes) in rows {
        let (_folder, scan) = scan_files(&[("odd.dcm", bytes)]);
        assert_eq!(codes(&scan), ["pixel_attributes"], "{name}");
        assert!(volumes(&scan).is_empty(), "{name}");
    }
    let (_folder, scan) = scan_files(&[(
        "none.dcm",
        with(&|o| {
            o.without(0x7FE0_0010);
        }),
    )]);
    assert_eq!(codes(&scan), ["no_pixel_data"]);
}

#[test]
fn pixels_that_are_not_whole_stay_a_hole() {
    let encapsulated = |syntax, parts: &[&[u8]]| {
        let mut object = Object::ct(1, 0.0);
        object.without(0x7FE0_0010);
        file(syntax, &[object.dataset(), fragments(parts)].concat())
    };
    let cut = |bytes: Vec<u8>, n: usize| bytes[..bytes.len() - n].to_vec();
    const RLE: &str = "1.2.840.10008.1.2.5";
    const JPEG: &str = "1.2.840.10008.1.2.4.50";
    const J2K: &str = "1.2.840.10008.1.2.4.90";
    let huge_j2k = [
        &[0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0][..],
        &[0, 1, 0x86, 0xA0].repeat(2),
        &[0; 8],
        &[0, 1, 0x86, 0xA0].repeat(2),
        &[0; 8],
        &[0, 1, 15, 1, 1, 0xFF, 0x90],
    ]
    .concat();
    let rows: Vec<(&str, Vec<u8>, &str)> = vec![
        (
            "native pixels cut",
            cut(Object::ct(1, 0.0).file(), 2),
            "pixel_data_short",
        ),
        (
            "native pixels short",
            Object::ct(1, 0.0)
                .set(0x7FE0_0010, b"OW", vec![0; 10])
                .file(),
            "pixel_data_short",
        ),
        (
            "no pixels",
            Object::ct(1, 0.0).set(0x7FE0_0010, b"OW", vec![]).file(),
            "pixel_data_short",
        ),
        ("no fragments", encapsulated(RLE, &[]), "frame_missing"),
        (
            "RLE of two bytes",
            encapsulated(RLE, &[&[1, 0]]),
            "codec_failed",
        ),
        (
            "RLE of 4 G segments",
            encapsulated(RLE, &[&[0xFF; 80]]),
            "codec_failed",
        ),
        (
            "JPEG garbage",
            encapsulated(JPEG, &[&[0xFF, 0xD8, 1, 2, 3, 4]]),
            "codec_failed",
        ),
        (
            "arithmetic JPEG",
            encapsulated(
                JPEG,
                &[&[0xFF, 0xD8, 0xFF, 0xC9, 0, 11, 8, 0, 4, 0, 4, 1, 1, 0x11, 0]],
            ),
            "codec_unsupported",
        ),
        (
            "J2K of 100,000²",
            encapsulated(J2K, &[&huge_j2k]),
            "stream_differs",
        ),
        (
            "fragment beyond the end",
            cut(encapsulated(RLE, &[&[0; 64]]), 30),
            "frame_missing",
        ),
        (
            "JPEG XL garbage",
            encapsulated("1.2.840.10008.1.2.4.110", &[&[0xFF, 0x0A, 0, 0]]),
            "codec_failed",
        ),
        (
            "an unknown syntax",
            encapsulated("1.2.3.4.5", &[&[0; 8]]),
            "syntax_unsupported",
        ),
    ];
    for (name, bytes, code) in rows {
        let (_folder, scan) = scan_files(&[("bad.dcm", bytes)]);
        let volumes = volumes(&scan);
        assert_eq!(volumes.len(), 1, "{name}: {:?}", codes(&scan));
        let volume = volumes[0].empty_volume();
        let warnings =
            series::decode_into(volumes[0], &volume, &[0], &|_| panic!("shown"), &|| false);
        assert_eq!(
            warnings.iter().map(|w| w.code).collect::<Vec<_>>(),
            [code],
            "{name}"
        );
        assert_eq!(volume.voxels.n_filled(), 0, "{name}");
    }
}

#[test]
fn a_deflate_bomb_is_stopped_at_the_cap() {
    // A stored value of zeros, deflated by the archive writer and cut out of the archive.
    let bomb = crate::media::deflated(&vec![0; 300 << 20]);
    assert!(bomb.len() < 1 << 20);
    let refused = prescan(&file("1.2.840.10008.1.2.1.99", &bomb)).unwrap_err();
    assert!(
        matches!(refused, Refusal::InflatesTooLarge { .. }),
        "{refused}"
    );
}

#[test]
fn a_message_names_no_patient() {
    let mut object = Object::ct(1, 0.0);
    object
        .text(0x0010_0010, b"PN", "Canary^Name")
        .text(0x0010_0020, b"LO", "CANARYID")
        .us(0x0028_0010, 0);
    let (_folder, scan) = scan_files(&[("a.dcm", object.file())]);
    let text = serde_json::to_string(&scan.warnings).unwrap();
    assert!(!text.to_lowercase().contains("canary"), "{text}");
}

#[test]
fn no_mutation_of_a_good_object_panics_or_runs_on() {
    // A linear congruential generator, so that a failure can be repeated.
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = move |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut object = Object::ct(1, 0.0);
    object
        .text(0x0008_0005, b"CS", "ISO 2022 IR 6\\ISO 2022 IR 87")
        .set(
            SEQUENCE,
            b"SQ",
            [item(0xFFFE_E000, 0), item(0xFFFE_E000, 0)].concat(),
        );
    let seeds = [object.file(), led_by(nested(8, true)), object.dataset()];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mutated.dcm");
    for round in 0..20_000 {
        let mut bytes = seeds[round % seeds.len()].clone();
        for _ in 0..=random(4) {
            let at = random(bytes.len());
            match random(4) {
                0 => bytes[at] = random(256) as u8,
                1 => bytes[at] ^= 1 << random(8),
                2 => bytes.truncate(at.max(1)),
                _ => bytes.splice(at..at, [0xFF; 4]).for_each(drop),
            }
        }
        let _ = prescan(&bytes);
        if round % 20 == 0 {
            std::fs::write(&path, &bytes).unwrap();
            let scan = crate::builder::scan_path(&path);
            for plan in volumes(&scan) {
                let _ = series::decode_slice(plan, 0);
            }
        }
    }
}
