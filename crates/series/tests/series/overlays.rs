//! Overlay planes: their place, their frames, and their bits in every encoding, against bits set by hand.

use volume::OverlayKind;

use crate::builder::{EXPLICIT_LE, Object, codes, element, file, scan_files, volumes};

/// A picture of 2 × 3 with `n_frames` frames and an overlay of 3 × 2 bits a frame.
fn object(n_frames: u16, overlay: &[(u32, &[u8; 2], Vec<u8>)]) -> Object {
    let mut object = Object::ct(1, 0.0);
    object
        .picture(
            [2, 3, 1, 8, 8, 0],
            "MONOCHROME2",
            vec![0; 6 * usize::from(n_frames)],
        )
        .text(0x0028_0008, b"IS", &n_frames.to_string());
    for (element, vr, value) in overlay {
        object.set(0x6002_0000 | element, vr, value.clone());
    }
    object
}

fn words(values: &[i16]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn basic(data: Vec<u8>) -> Vec<(u32, &'static [u8; 2], Vec<u8>)> {
    vec![
        (0x0010, b"US", words(&[3])),
        (0x0011, b"US", words(&[2])),
        (0x0022, b"LO", b"drawn by hand ".to_vec()),
        (0x0040, b"CS", b"R ".to_vec()),
        (0x0050, b"SS", words(&[0, 2])),
        (0x0100, b"US", words(&[1])),
        (0x0102, b"US", words(&[0])),
        (0x1500, b"LO", b"lesion".to_vec()),
        (0x3000, b"OW", data),
    ]
}

/// The set (column, row) bits of the first overlay of each slice.
fn set_bits(bytes: Vec<u8>, n_frames: usize) -> Vec<Vec<[usize; 2]>> {
    let (_folder, scan) = scan_files(&[("a.dcm", bytes)]);
    let plan = volumes(&scan)[0];
    assert_eq!(plan.n_overlays(), 1);
    assert!(codes(&scan).contains(&"overlays_present"));
    (0..n_frames)
        .map(|k| {
            let overlays = series::read_overlays(plan, k).unwrap().overlays;
            let Some(overlay) = overlays.first() else {
                return Vec::new();
            };
            let [columns, rows] = overlay.size();
            let places = (0..rows).flat_map(|r| (0..columns).map(move |c| [c, r]));
            places.filter(|[c, r]| overlay.is_set(*c, *r)).collect()
        })
        .collect()
}

#[test]
fn an_overlay_has_words_a_place_and_bits_in_rows() {
    let (_folder, scan) = scan_files(&[("a.dcm", object(1, &basic(vec![0b01_1001, 0])).file())]);
    let plan = volumes(&scan)[0];
    let overlays = series::read_overlays(plan, 0).unwrap().overlays;
    let [overlay] = overlays.as_slice() else {
        panic!("{overlays:?}")
    };
    assert_eq!(
        (overlay.kind, overlay.label.as_str(), overlay.origin),
        (OverlayKind::Region, "lesion", [1, -1])
    );
    assert_eq!(overlay.description, "drawn by hand");
    assert_eq!(overlay.n_set(), 3);
    assert!(overlay.is_set(0, 0) && overlay.is_set(1, 1) && overlay.is_set(0, 2));
    assert!(!overlay.is_set(2, 0) && !overlay.is_set(0, 3));
    // The marks of a first reader must not be found in what is listed.
    let listed = serde_json::to_string(&series::ScanJson(&scan)).unwrap();
    assert!(!listed.contains("lesion") && !listed.contains("drawn by hand"));
    assert!(listed.contains("\"n_overlays\":1"));
}

#[test]
fn the_bits_of_frames_run_on_and_lie_over_the_frames_that_are_named() {
    // Frame 1: the first and last bit; frame 2: the second; 6 bits each.
    let data = vec![0b1010_0001, 0];
    let mut two = basic(data.clone());
    two.push((0x0015, b"IS", b"2 ".to_vec()));
    two.push((0x0051, b"US", words(&[2])));
    assert_eq!(
        set_bits(object(4, &two).file(), 4),
        [vec![], vec![[0, 0], [1, 2]], vec![[1, 0]], vec![]]
    );
    // Without both attributes it lies over every frame.
    assert_eq!(
        set_bits(object(2, &basic(data)).file(), 2),
        [[[0, 0], [1, 2]], [[0, 0], [1, 2]]]
    );
}

#[test]
fn bits_of_big_endian_words_are_the_same_bits() {
    let little = object(1, &basic(vec![0b01_1001, 0]));
    let big: Vec<u8> = little
        .elements
        .iter()
        .flat_map(|(tag, vr, value)| big_endian(*tag, vr, value))
        .collect();
    let mut meta = vec![0; 128];
    meta.extend(b"DICM");
    meta.extend(element(0x0002_0010, b"UI", b"1.2.840.10008.1.2.2\0"));
    meta.extend(big);
    assert_eq!(
        set_bits(meta, 1),
        set_bits(file(EXPLICIT_LE, &little.dataset()), 1)
    );
}

fn big_endian(tag: u32, vr: &[u8; 2], value: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(((tag >> 16) as u16).to_be_bytes());
    bytes.extend((tag as u16).to_be_bytes());
    bytes.extend(vr);
    let mut value = value.to_vec();
    if matches!(vr, b"US" | b"SS" | b"OW") {
        value.chunks_exact_mut(2).for_each(|pair| pair.swap(0, 1));
    }
    if matches!(vr, b"OW" | b"SQ") {
        bytes.extend([0, 0]);
        bytes.extend((value.len() as u32).to_be_bytes());
    } else {
        bytes.extend((value.len() as u16).to_be_bytes());
    }
    bytes.extend(value);
    bytes
}

#[test]
fn bits_in_the_pixel_cells_are_found_and_are_no_part_of_the_values() {
    let mut object = Object::ct(1, 0.0);
    let cells = words(&[0x1005, 0x0006, 0x1007, 0x0FFF]);
    object.picture([2, 2, 1, 16, 12, 0], "MONOCHROME2", cells);
    for (element, value) in [(0x0010, 2), (0x0011, 2), (0x0100, 16), (0x0102, 12)] {
        object.us(0x6000_0000 | element, value);
    }
    object.text(0x6000_0040, b"CS", "G");
    assert_eq!(set_bits(object.file(), 1), [[[0, 0], [0, 1]]]);
    let (_folder, scan) = scan_files(&[("a.dcm", object.file())]);
    assert_eq!(
        series::decode_slice(volumes(&scan)[0], 0).unwrap(),
        volume::SliceVoxels::U16([5, 6, 7, 0xFFF].into())
    );
}

#[test]
fn damaged_overlays_are_left_out_or_refused_and_the_picture_opens() {
    let short = object(1, &basic(vec![]));
    let (_folder, scan) = scan_files(&[("a.dcm", short.file())]);
    let refused = series::read_overlays(volumes(&scan)[0], 0).unwrap_err();
    assert_eq!(refused.code, "overlay_unreadable");
    let mut without_size = basic(vec![1, 0]);
    without_size.remove(0);
    let (_folder, scan) = scan_files(&[("a.dcm", object(1, &without_size).file())]);
    assert_eq!(volumes(&scan)[0].n_overlays(), 0);
    assert!(codes(&scan).contains(&"overlay_unreadable"));
    assert!(series::decode_slice(volumes(&scan)[0], 0).is_ok());
    // A size that asks for half a gigabyte of a file that has two bytes.
    let mut huge = basic(vec![1, 0]);
    huge[0].2 = words(&[-1]);
    huge[1].2 = words(&[-1]);
    let (_folder, scan) = scan_files(&[("a.dcm", object(1, &huge).file())]);
    assert!(series::read_overlays(volumes(&scan)[0], 0).is_err());
}
