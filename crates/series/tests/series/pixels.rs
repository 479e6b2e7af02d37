//! Stored values of every sample layout, against values written by hand.

use volume::{ModalityLut, Rescale, SliceVoxels, ValueUnit, Voi};

use crate::builder::{Object, codes, file, fragments, scan_files, volumes};

fn decode(object: &Object) -> SliceVoxels {
    let (_folder, scan) = scan_files(&[("a.dcm", object.file())]);
    series::decode_slice(volumes(&scan)[0], 0).unwrap()
}

fn object(layout: [u16; 6], photometric: &str, pixels: &[u8]) -> Object {
    let mut object = Object::ct(1, 0.0);
    object.picture(layout, photometric, pixels.to_vec());
    object
}

#[test]
fn samples_are_masked_and_their_sign_is_extended() {
    let grey = |allocated, stored, sign, pixels: &[u8]| {
        decode(&object(
            [1, 2, 1, allocated, stored, sign],
            "MONOCHROME2",
            pixels,
        ))
    };
    assert_eq!(grey(8, 8, 0, &[1, 255]), SliceVoxels::U8([1, 255].into()));
    assert_eq!(
        grey(8, 6, 0, &[0xC1, 0x3F]),
        SliceVoxels::U8([1, 0x3F].into())
    );
    assert_eq!(grey(8, 8, 1, &[1, 255]), SliceVoxels::I8([1, -1].into()));
    assert_eq!(
        grey(16, 12, 0, &[0xFF, 0xFF, 1, 0xF0]),
        SliceVoxels::U16([0xFFF, 1].into())
    );
    assert_eq!(
        grey(16, 12, 1, &[0xFF, 0x0F, 0, 0x08]),
        SliceVoxels::I16([-1, -2048].into())
    );
    assert_eq!(
        grey(16, 16, 1, &[0xFE, 0xFF, 5, 0]),
        SliceVoxels::I16([-2, 5].into())
    );
    assert_eq!(
        grey(32, 32, 0, &[1, 2, 3, 4, 0, 0, 0, 128]),
        SliceVoxels::U32([0x0403_0201, 0x8000_0000].into())
    );
    assert_eq!(
        grey(32, 24, 1, &[255, 255, 255, 0, 1, 0, 0, 0]),
        SliceVoxels::I32([-1, 1].into())
    );
}

#[test]
fn samples_above_the_low_bits_are_moved_down() {
    let mut shifted = object(
        [1, 2, 1, 16, 12, 0],
        "MONOCHROME2",
        &[0x10, 0x00, 0xF5, 0xFF],
    );
    shifted.us(0x0028_0102, 15);
    assert_eq!(decode(&shifted), SliceVoxels::U16([1, 0xFFF].into()));
}

#[test]
fn single_bits_run_on_across_frames() {
    // Two frames of 1 × 3: bits 1 0 1 and 1 1 0, the first in the lowest bit.
    let mut bits = object([1, 3, 1, 1, 1, 0], "MONOCHROME2", &[0b01_1101, 0]);
    bits.text(0x0028_0008, b"IS", "2");
    let (_folder, scan) = scan_files(&[("a.dcm", bits.file())]);
    let plan = volumes(&scan)[0];
    assert_eq!(
        series::decode_slice(plan, 0).unwrap(),
        SliceVoxels::U8([1, 0, 1].into())
    );
    assert_eq!(
        series::decode_slice(plan, 1).unwrap(),
        SliceVoxels::U8([1, 1, 0].into())
    );
}

#[test]
fn float_pixels_are_kept_as_they_are() {
    let mut floats = object([1, 2, 1, 32, 32, 0], "MONOCHROME2", &[]);
    floats.without(0x7FE0_0010).set(
        0x7FE0_0008,
        b"OF",
        [1.5_f32, f32::NEG_INFINITY]
            .iter()
            .flat_map(|v| v.to_le_bytes())
            .collect(),
    );
    assert_eq!(
        decode(&floats),
        SliceVoxels::F32([1.5, f32::NEG_INFINITY].into())
    );
}

#[test]
fn colours_are_red_green_blue_whatever_the_layout() {
    let red_white = SliceVoxels::Rgb8([[255, 0, 0], [255, 255, 255]].into());
    assert_eq!(
        decode(&object(
            [1, 2, 3, 8, 8, 0],
            "RGB",
            &[255, 0, 0, 255, 255, 255]
        )),
        red_white
    );
    let mut planes = object([1, 2, 3, 8, 8, 0], "RGB", &[255, 255, 0, 255, 0, 255]);
    planes.us(0x0028_0006, 1);
    assert_eq!(decode(&planes), red_white);
    let white = SliceVoxels::Rgb8([[255; 3], [0; 3]].into());
    assert_eq!(
        decode(&object(
            [1, 2, 3, 8, 8, 0],
            "YBR_FULL",
            &[255, 128, 128, 0, 128, 128]
        )),
        white
    );
    assert_eq!(
        decode(&object(
            [1, 2, 3, 8, 8, 0],
            "YBR_FULL_422",
            &[255, 0, 128, 128]
        )),
        white
    );
}

#[test]
fn palette_pixels_stay_indices_and_their_colours_are_at_hand() {
    let mut palette = object([1, 2, 1, 8, 8, 0], "PALETTE COLOR", &[1, 9]);
    for (channel, top) in [(0_u32, 10_u16), (1, 20), (2, 30)] {
        let descriptor: Vec<u8> = [2_u16, 0, 16]
            .iter()
            .flat_map(|v| v.to_le_bytes())
            .collect();
        let data: Vec<u8> = [0_u16, top << 8]
            .iter()
            .flat_map(|v| v.to_le_bytes())
            .collect();
        palette.set(0x0028_1101 + channel, b"US", descriptor).set(
            0x0028_1201 + channel,
            b"OW",
            data,
        );
    }
    let (_folder, scan) = scan_files(&[("a.dcm", palette.file())]);
    let plan = volumes(&scan)[0];
    assert_eq!(
        series::decode_slice(plan, 0).unwrap(),
        SliceVoxels::U8([1, 9].into())
    );
    let colours = plan.palette.as_ref().unwrap();
    let shown = colours.to_rgb(&SliceVoxels::U8([1, 0].into()));
    assert_eq!(
        shown,
        Some(SliceVoxels::Rgb8([[10, 20, 30], [0; 3]].into()))
    );
    assert_eq!(
        [colours.colour(0), colours.colour(1), colours.colour(9)],
        [[0; 3], [10, 20, 30], [10, 20, 30]]
    );
}

#[test]
fn a_run_length_frame_gives_the_same_values_as_a_native_one() {
    let mut object = Object::ct(1, 0.0);
    object.without(0x7FE0_0010);
    let mut frame: Vec<u8> = [2_u32, 64, 66]
        .iter()
        .flat_map(|w| w.to_le_bytes())
        .collect();
    frame.resize(64, 0);
    frame.extend([(-15_i8) as u8, 0, 15]);
    frame.extend(1..=16);
    frame.push(0);
    let bytes = file(
        "1.2.840.10008.1.2.5",
        &[object.dataset(), fragments(&[&frame])].concat(),
    );
    let (_folder, scan) = scan_files(&[("a.dcm", bytes)]);
    assert_eq!(
        series::decode_slice(volumes(&scan)[0], 0).unwrap(),
        decode(&Object::ct(1, 0.0))
    );
}

#[test]
fn a_rescale_is_read_or_the_values_are_stored_units() {
    let one = |slope: Option<&str>, intercept: Option<&str>| {
        let mut object = Object::ct(1, 0.0);
        for (tag, value) in [(0x0028_1053, slope), (0x0028_1052, intercept)] {
            match value {
                Some(value) => object.text(tag, b"DS", value),
                None => object.without(tag),
            };
        }
        let (_folder, scan) = scan_files(&[("a.dcm", object.file())]);
        let volume = volumes(&scan)[0].empty_volume();
        (
            volume.modality_lut,
            volume.unit,
            codes(&scan).contains(&"rescale_unreadable"),
        )
    };
    let rescale = |slope, intercept| ModalityLut::Rescale(vec![Rescale { slope, intercept }]);
    assert_eq!(
        one(Some("2.5"), Some("-1024")),
        (rescale(2.5, -1024.0), ValueUnit::Hounsfield, false)
    );
    assert_eq!(
        one(None, None),
        (ModalityLut::Identity, ValueUnit::Stored, false)
    );
    for bad in ["NaN", "1e400", "abc", "1,5", "", "0", "1\\2"] {
        assert_eq!(
            one(Some(bad), Some("0")),
            (ModalityLut::Identity, ValueUnit::Stored, true),
            "{bad:?}"
        );
    }
    assert!(one(Some("1"), None).2, "half a rescale");
}

#[test]
fn windows_are_offered_in_order_and_impossible_ones_left_out() {
    let mut object = Object::ct(1, 0.0);
    object
        .text(0x0028_1050, b"DS", "40\\-600\\0")
        .text(0x0028_1051, b"DS", "400\\1500\\0")
        .text(0x0028_1055, b"LO", "SOFT\\LUNG");
    let (_folder, scan) = scan_files(&[("a.dcm", object.file())]);
    let centres: Vec<(f64, f64)> = volumes(&scan)[0]
        .voi
        .iter()
        .map(Voi::center_width)
        .collect();
    assert_eq!(centres, [(40.0, 400.0), (-600.0, 1500.0)]);
    assert_eq!(volumes(&scan)[0].voi[1].explanation(), Some("LUNG"));
    assert!(codes(&scan).contains(&"window_unreadable"));
}

#[test]
fn integers_of_64_bits_are_exact_or_refused() {
    let cells =
        |values: &[i64]| -> Vec<u8> { values.iter().flat_map(|v| v.to_le_bytes()).collect() };
    let exact = object([1, 2, 1, 64, 64, 1], "MONOCHROME2", &cells(&[-5, 1 << 52]));
    assert_eq!(
        decode(&exact),
        SliceVoxels::F64([-5.0, 4_503_599_627_370_496.0].into())
    );
    let beyond = object(
        [1, 2, 1, 64, 64, 1],
        "MONOCHROME2",
        &cells(&[1, (1 << 53) + 1]),
    );
    let (_folder, scan) = scan_files(&[("a.dcm", beyond.file())]);
    let refused = series::decode_slice(volumes(&scan)[0], 0).unwrap_err();
    assert_eq!(refused.code, "stream_differs");
}

#[test]
fn deep_colour_is_spread_over_16_bits() {
    let le = |values: &[u32], n: usize| -> Vec<u8> {
        values
            .iter()
            .flat_map(|v| v.to_le_bytes()[..n].to_vec())
            .collect()
    };
    let wide = le(&[0, u32::MAX, 1 << 31], 4);
    assert_eq!(
        decode(&object([1, 1, 3, 32, 32, 0], "RGB", &wide)),
        SliceVoxels::Rgb16([[0, 65_535, 32_768]].into())
    );
    let twelve = le(&[0, 4095, 2048], 2);
    assert_eq!(
        decode(&object([1, 1, 3, 16, 12, 0], "RGB", &twelve)),
        SliceVoxels::Rgb16([[0, 65_535, 32_776]].into())
    );
    let full = le(&[1, 65_535, 2], 2);
    assert_eq!(
        decode(&object([1, 1, 3, 16, 16, 0], "RGB", &full)),
        SliceVoxels::Rgb16([[1, 65_535, 2]].into())
    );
}

#[test]
fn halved_chrominance_of_odd_rows_is_found_by_the_length() {
    let lumas = |voxels: SliceVoxels| match voxels {
        SliceVoxels::Rgb8(v) => v.iter().map(|c| c[0]).collect::<Vec<u8>>(),
        other => panic!("{other:?}"),
    };
    let in_rows = [
        1, 2, 128, 128, 3, 0, 128, 128, 4, 5, 128, 128, 6, 0, 128, 128,
    ];
    let through = [1, 2, 128, 128, 3, 4, 128, 128, 5, 6, 128, 128];
    let whole: Vec<u8> = (1..=6).flat_map(|y| [y, 128, 128]).collect();
    for (what, bytes) in [
        ("rows", &in_rows[..]),
        ("through", &through),
        ("whole", &whole),
    ] {
        let mut padded = bytes.to_vec();
        if what == "rows" {
            padded.truncate(16);
        }
        let picture = object([2, 3, 3, 8, 8, 0], "YBR_FULL_422", &padded);
        assert_eq!(lumas(decode(&picture)), [1, 2, 3, 4, 5, 6], "{what}");
    }
}

#[test]
fn frames_filled_up_to_an_even_length_are_found_by_the_length() {
    let mut frames = object([1, 3, 1, 8, 8, 0], "MONOCHROME2", &[1, 2, 3, 0, 4, 5, 6, 0]);
    frames.text(0x0028_0008, b"IS", "2");
    let (_folder, scan) = scan_files(&[("a.dcm", frames.file())]);
    let plan = volumes(&scan)[0];
    assert_eq!(
        series::decode_slice(plan, 1).unwrap(),
        SliceVoxels::U8([4, 5, 6].into())
    );
    assert!(codes(&scan).contains(&"frames_padded"));
}

#[test]
fn colour_spaces_that_would_be_a_guess_are_refused_by_name() {
    for (term, samples) in [
        ("ARGB", 4),
        ("CMYK", 4),
        ("HSV", 3),
        ("YBR_PARTIAL_422", 3),
        ("YBR_PARTIAL_420", 3),
        ("RGB", 4),
        ("MONOCHROME2", 3),
        ("SEPIA", 1),
    ] {
        let picture = object([1, 2, samples, 8, 8, 0], term, &[0; 8]);
        let (_folder, scan) = scan_files(&[("a.dcm", picture.file())]);
        assert!(volumes(&scan).is_empty(), "{term}");
        let said = scan.warnings.iter().find(|w| w.code == "pixel_attributes");
        let text = said.map(|w| w.text.clone()).unwrap_or_default();
        assert!(text.contains("ask for the image"), "{term}: {text}");
    }
}

#[test]
fn one_dark_channel_of_a_16_bit_palette_is_dark() {
    let mut palette = object([1, 2, 1, 8, 8, 0], "PALETTE COLOR", &[0, 1]);
    for (channel, top) in [(0_u32, 0x0080_u16), (1, 0xFF00), (2, 0x1200)] {
        palette
            .uss(0x0028_1101 + channel, &[2, 0, 16])
            .uss(0x0028_1201 + channel, &[0, top]);
    }
    let (_folder, scan) = scan_files(&[("a.dcm", palette.file())]);
    let colours = volumes(&scan)[0].palette.as_ref().unwrap();
    assert_eq!(colours.colour(1), [0, 0xFF, 0x12]);
}

#[test]
fn a_palette_of_signed_pixels_begins_below_zero() {
    let mut palette = object([1, 2, 1, 8, 8, 1], "PALETTE COLOR", &[0xFF, 0]);
    for channel in 0..3_u32 {
        palette
            .uss(0x0028_1101 + channel, &[2, 0xFFFF, 16])
            .uss(0x0028_1201 + channel, &[0x1100, 0x2200]);
    }
    let (_folder, scan) = scan_files(&[("a.dcm", palette.file())]);
    let colours = volumes(&scan)[0].palette.as_ref().unwrap();
    assert_eq!([-1, 0].map(|i| colours.colour(i)), [[0x11; 3], [0x22; 3]]);
}
