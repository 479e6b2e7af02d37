//! Sequences that were left as they were when the data set around them was written anew without representations.

use crate::builder::{Object, codes, element, file, item, scan_files, volumes};

const IMPLICIT_LE: &str = "1.2.840.10008.1.2";

fn implicit(tag: u32, value: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(((tag >> 16) as u16).to_le_bytes());
    bytes.extend((tag as u16).to_le_bytes());
    bytes.extend((value.len() as u32).to_le_bytes());
    bytes.extend(value);
    bytes
}

/// The object without representations, a private sequence with these items before its pixels.
fn object(items: &[Vec<u8>]) -> Vec<u8> {
    let mut object = Object::ct(1, 0.0);
    let pixels = object
        .elements
        .iter()
        .find(|e| e.0 == 0x7FE0_0010)
        .unwrap()
        .2
        .clone();
    object.without(0x7FE0_0010);
    let plain: Vec<Vec<u8>> = object
        .elements
        .iter()
        .map(|(tag, _, value)| implicit(*tag, value))
        .collect();
    let mut sequence = implicit(0x2005_140F, &[]);
    sequence[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    for one in items {
        sequence.extend(item(0xFFFE_E000, u32::MAX));
        sequence.extend(one);
        sequence.extend(item(0xFFFE_E00D, 0));
    }
    sequence.extend(item(0xFFFE_E0DD, 0));
    file(
        IMPLICIT_LE,
        &[plain.concat(), sequence, implicit(0x7FE0_0010, &pixels)].concat(),
    )
}

/// Enough bytes for a length that was made of a representation to lie in the file.
fn long(n: usize) -> Vec<u8> {
    implicit(0x2005_1410, &vec![7; n])
}

#[test]
fn items_with_representations_in_a_data_set_without_are_read() {
    let inner = {
        let mut sequence = element(0x0018_9176, b"SQ", &[]);
        sequence[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
        sequence.extend(item(0xFFFE_E000, u32::MAX));
        sequence.extend(element(0x0018_9177, b"CS", b"RF"));
        sequence.extend(item(0xFFFE_E00D, 0));
        sequence.extend(item(0xFFFE_E0DD, 0));
        sequence
    };
    let code = element(0x0018_9077, b"CS", b"NO");
    let rows: [(&str, Vec<Vec<u8>>, bool); 7] = [
        ("without", vec![implicit(0x0018_9077, b"NO")], false),
        ("empty", vec![vec![]], false),
        ("with", vec![code.clone()], true),
        (
            "with, and longer than its length",
            vec![code.clone(), long(400_000)],
            true,
        ),
        (
            "with, a sequence in it",
            vec![[code, inner.clone()].concat()],
            true,
        ),
        ("with, a sequence first", vec![inner], true),
        // Its length is that of "DS" and nothing more: the bytes of a value of 21,316 bytes.
        (
            "without, of a length that looks like one",
            vec![implicit(0x0018_1030, &[b' '; 0x5344])],
            false,
        ),
    ];
    for (what, items, is_said) in rows {
        let (_folder, scan) = scan_files(&[("a.dcm", object(&items))]);
        let said = codes(&scan).contains(&"sequence_otherwise_written");
        assert_eq!(said, is_said, "{what}: {:?}", codes(&scan));
        let want: Vec<i16> = (1..=16).collect();
        let got = series::decode_slice(volumes(&scan)[0], 0).unwrap();
        assert_eq!(got, volume::SliceVoxels::I16(want.into()), "{what}");
    }
}
