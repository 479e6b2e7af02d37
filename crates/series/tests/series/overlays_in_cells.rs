//! Overlays among the bits of the pixels (retired in 2004), whatever the pixels are compressed with. The streams in
//! `tests/streams` were made by OpenJPEG, OpenJPH, CharLS, libjxl, libjpeg-turbo and LJ92 of a picture that is a formula.

use volume::SliceVoxels;

use crate::builder::{EXPLICIT_LE, Object, codes, file, fragments, scan_files, volumes};

const COLUMNS: u16 = 12;
const ROWS: u16 = 8;

/// The stored value, 12 bits.
fn value(x: u16, y: u16) -> u16 {
    (37 * x + 101 * y + 5 * x * y) % 4096
}

fn is_in_bit_12(x: u16, y: u16) -> bool {
    (x + 2 * y).is_multiple_of(5)
}

fn is_in_bit_15(x: u16, y: u16) -> bool {
    (x * y) % 7 == 3
}

fn places() -> impl Iterator<Item = (u16, u16)> {
    (0..ROWS).flat_map(|y| (0..COLUMNS).map(move |x| (x, y)))
}

fn cells() -> Vec<u16> {
    places()
        .map(|(x, y)| {
            value(x, y) | u16::from(is_in_bit_12(x, y)) << 12 | u16::from(is_in_bit_15(x, y)) << 15
        })
        .collect()
}

/// Run lengths of literals alone, the high bytes first (PS3.5 G).
fn run_lengths(cells: &[u16]) -> Vec<u8> {
    let segment = |byte: usize| -> Vec<u8> {
        let bytes: Vec<u8> = cells.iter().map(|c| c.to_be_bytes()[byte]).collect();
        let mut packed = vec![bytes.len() as u8 - 1];
        packed.extend(&bytes);
        if packed.len() % 2 == 1 {
            packed.push(0x80);
        }
        packed
    };
    let (high, low) = (segment(0), segment(1));
    let mut frame = vec![0; 64];
    (frame[0], frame[4], frame[8]) = (2, 64, 64 + high.len() as u8);
    frame.extend(high);
    frame.extend(low);
    frame
}

fn object(bits: &[u16], edit: impl Fn(&mut Object)) -> Object {
    let mut object = Object::ct(1, 0.0);
    let pixels = cells().iter().flat_map(|c| c.to_le_bytes()).collect();
    object.picture([ROWS, COLUMNS, 1, 16, 12, 0], "MONOCHROME2", pixels);
    for (group, bit) in [0x6000_0000, 0x6002_0000].into_iter().zip(bits) {
        object
            .us(group | 0x0010, ROWS)
            .us(group | 0x0011, COLUMNS)
            .text(group | 0x0040, b"CS", "G")
            .us(group | 0x0100, 16)
            .us(group | 0x0102, *bit);
    }
    edit(&mut object);
    object
}

fn compressed(syntax: &str, stream: &[u8]) -> Vec<u8> {
    let mut object = object(&[12, 15], |_| {});
    object.without(0x7FE0_0010);
    let mut stream = stream.to_vec();
    stream.resize(stream.len().next_multiple_of(2), 0);
    file(syntax, &[object.dataset(), fragments(&[&stream])].concat())
}

fn values() -> SliceVoxels {
    SliceVoxels::U16(places().map(|(x, y)| value(x, y)).collect())
}

#[test]
fn marks_in_the_cells_are_found_in_every_compression_that_keeps_them() {
    let runs = run_lengths(&cells());
    let plain: Vec<u8> = cells().iter().flat_map(|c| c.to_le_bytes()).collect();
    let rows: [(&str, &str, &[u8]); 8] = [
        ("RLE", "1.2.840.10008.1.2.5", &runs),
        ("fragments", "1.2.840.10008.1.2.1.98", &plain),
        (
            "JPEG lossless",
            "1.2.840.10008.1.2.4.70",
            include_bytes!("../streams/cells.jpg"),
        ),
        (
            "JPEG lossless of another encoder",
            "1.2.840.10008.1.2.4.57",
            include_bytes!("../streams/cells_turbo.jpg"),
        ),
        (
            "JPEG-LS",
            "1.2.840.10008.1.2.4.80",
            include_bytes!("../streams/cells.jls"),
        ),
        (
            "JPEG 2000",
            "1.2.840.10008.1.2.4.90",
            include_bytes!("../streams/cells.j2k"),
        ),
        (
            "HTJ2K",
            "1.2.840.10008.1.2.4.201",
            include_bytes!("../streams/cells.j2c"),
        ),
        (
            "JPEG XL",
            "1.2.840.10008.1.2.4.110",
            include_bytes!("../streams/cells.jxl"),
        ),
    ];
    let native = ("native", object(&[12, 15], |_| {}).file());
    let rows = rows.map(|(name, syntax, stream)| (name, compressed(syntax, stream)));
    for (name, bytes) in rows.into_iter().chain([native]) {
        let (_folder, scan) = scan_files(&[("a.dcm", bytes)]);
        let plan = volumes(&scan)[0];
        assert!(codes(&scan).contains(&"overlays_present"), "{name}");
        let read = series::read_overlays(plan, 0).unwrap();
        assert_eq!(read.notes, [], "{name}");
        let [in_12, in_15] = read.overlays.as_slice() else {
            panic!("{name}: {} overlays", read.overlays.len());
        };
        for (x, y) in places() {
            let at = (usize::from(x), usize::from(y));
            assert_eq!(
                in_12.is_set(at.0, at.1),
                is_in_bit_12(x, y),
                "{name} {at:?}"
            );
            assert_eq!(
                in_15.is_set(at.0, at.1),
                is_in_bit_15(x, y),
                "{name} {at:?}"
            );
        }
        let decoded = series::decode_slice_noted(plan, 0).unwrap();
        assert_eq!(
            decoded.voxels,
            values(),
            "{name}: the marks are no part of the values"
        );
        assert_eq!(decoded.notes, [], "{name}");
    }
}

#[test]
fn marks_that_a_compression_lost_are_said_and_the_picture_is_the_same() {
    let stream: &[u8] = include_bytes!("../streams/values.j2k");
    let whole: &[u8] = include_bytes!("../streams/cells.j2k");
    for (what, bytes, says) in [
        (
            "12 bits kept",
            compressed("1.2.840.10008.1.2.4.90", stream),
            "12 lowest bits",
        ),
        (
            "may be lossy",
            compressed("1.2.840.10008.1.2.4.91", whole),
            "with loss",
        ),
    ] {
        let (_folder, scan) = scan_files(&[("a.dcm", bytes)]);
        let plan = volumes(&scan)[0];
        let read = series::read_overlays(plan, 0).unwrap();
        assert!(read.overlays.is_empty(), "{what}");
        assert_eq!(read.notes.len(), 2, "{what}: one for each overlay");
        for note in &read.notes {
            assert_eq!(
                (note.code, &note.slice_idxs),
                ("overlay_not_kept", &vec![0])
            );
            assert!(note.text.contains(says), "{what}: {}", note.text);
        }
        assert_eq!(series::decode_slice(plan, 0).unwrap(), values(), "{what}");
    }
}

#[test]
fn bits_of_the_values_themselves_are_no_overlay() {
    for (what, bits, edit) in [
        ("a bit of the value", [0], None),
        ("its highest bit", [11], None),
        ("beyond the cell", [16], None),
        ("another number of rows", [12], Some((0x6000_0010, 7_u16))),
        ("another number of columns", [12], Some((0x6000_0011, 13))),
    ] {
        let object = object(&bits, |o| {
            if let Some((tag, value)) = edit {
                o.us(tag, value);
            }
        });
        let (_folder, scan) = scan_files(&[("a.dcm", file(EXPLICIT_LE, &object.dataset()))]);
        assert_eq!(volumes(&scan)[0].n_overlays(), 0, "{what}");
        assert!(codes(&scan).contains(&"overlay_unreadable"), "{what}");
        assert_eq!(
            series::decode_slice(volumes(&scan)[0], 0).unwrap(),
            values()
        );
    }
}
