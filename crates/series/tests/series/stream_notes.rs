//! What a compressed stream contradicts itself or the attributes in, said once for all slices with how many values.

use volume::SliceVoxels;

use crate::builder::{Object, file, fragments, scan_files, volumes};

/// 37 × 29 values of 12 bits: `4 * ((3x² + 7xy + 40y) mod 1009)`, by OpenJPEG, reversible.
const TWELVE_BITS: &[u8] = include_bytes!("../../../codec/tests/jpeg2000/plain_u12.j2k");
/// 12 × 8 pixels of red, green and blue, by libjxl, lossless.
const COLOURS: &[u8] = include_bytes!("../streams/colours.jxl");

fn compressed(mut object: Object, syntax: &str, stream: &[u8]) -> Vec<u8> {
    object.without(0x7FE0_0010);
    let mut stream = stream.to_vec();
    stream.resize(stream.len().next_multiple_of(2), 0);
    file(syntax, &[object.dataset(), fragments(&[&stream])].concat())
}

/// The stream as one of `n_bits`, its values moved down by the other level shift (ISO/IEC 15444-1 A.5.1, G.1).
fn of_bits(n_bits: u8) -> Vec<u8> {
    let mut stream = TWELVE_BITS.to_vec();
    stream[42] = n_bits - 1;
    stream
}

fn n_outside(n_bits: u8) -> u64 {
    let values =
        (0..29).flat_map(|y| (0..37).map(move |x| 4 * ((3 * x * x + 7 * x * y + 40 * y) % 1009)));
    let shifted = values.map(|v: i64| v - 2048 + (1 << (n_bits - 1)));
    shifted.filter(|v| !(0..1 << n_bits).contains(v)).count() as u64
}

#[test]
fn clamped_values_of_a_lossless_stream_are_counted_once_a_series() {
    let (lossless, perhaps_lossy) = ("1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91");
    for (syntax, bits, is_said) in [
        (lossless, [12, 12, 12], false),
        (lossless, [10, 12, 9], true),
        (perhaps_lossy, [10, 10, 10], false),
    ] {
        let files: Vec<(String, Vec<u8>)> = (0..3)
            .map(|k| {
                let mut object = Object::ct(k as i32 + 1, 1.5 * k as f64);
                object.picture([29, 37, 1, 16, 12, 0], "MONOCHROME2", vec![]);
                let stream = of_bits(bits[k]);
                (format!("{k}.dcm"), compressed(object, syntax, &stream))
            })
            .collect();
        let files: Vec<(&str, Vec<u8>)> = files
            .iter()
            .map(|(name, bytes)| (name.as_str(), bytes.clone()))
            .collect();
        let (_folder, scan) = scan_files(&files);
        let plan = volumes(&scan)[0];
        let volume = plan.empty_volume();
        let warnings = series::decode_into(plan, &volume, &[0, 1, 2], &|_| {}, &|| false);
        if !is_said {
            assert_eq!(warnings, []);
            continue;
        }
        let [warning] = warnings.as_slice() else {
            panic!("{warnings:?}");
        };
        assert_eq!(
            (warning.code, &warning.slice_idxs),
            ("samples_clamped", &vec![0, 2])
        );
        let n: u64 = bits.iter().map(|b| n_outside(*b)).sum();
        assert!(n > 0 && warning.text.starts_with(&format!("{n} of the values")));
        // A slice that was let go and is decoded again adds nothing.
        let again = series::decode_slice_noted(plan, 2).unwrap().notes;
        let both = [warnings.clone(), again].concat();
        assert_eq!(series::merge_slice_warnings(both), warnings);
    }
}

#[test]
fn a_lossless_jpeg_xl_stream_under_a_label_of_luminance_says_so() {
    let want: Vec<[u8; 3]> = (0..8_u32)
        .flat_map(|y| (0..12_u32).map(move |x| (x, y)))
        .map(|(x, y)| [x * 20 + y, y * 30 + 3 * x, x * y * 7].map(|v| (v % 256) as u8))
        .collect();
    for (tail, photometric, is_said) in [
        ("110", "RGB", false),
        ("110", "YBR_FULL", true),
        ("110", "YBR_RCT", true),
        ("111", "YBR_FULL", false),
        ("112", "XYB", false),
    ] {
        let mut object = Object::ct(1, 0.0);
        object.picture([8, 12, 3, 8, 8, 0], photometric, vec![]);
        let bytes = compressed(object, &format!("1.2.840.10008.1.2.4.{tail}"), COLOURS);
        let (_folder, scan) = scan_files(&[("a.dcm", bytes)]);
        let decoded = series::decode_slice_noted(volumes(&scan)[0], 0).unwrap();
        let told: Vec<&str> = decoded.notes.iter().map(|w| w.code).collect();
        let said: &[&str] = if is_said {
            &["colour_other_than_stated"]
        } else {
            &[]
        };
        assert_eq!(told, said, "{tail} {photometric}");
        assert_eq!(decoded.voxels, SliceVoxels::Rgb8(want.clone().into()));
    }
}

#[test]
fn plain_samples_in_a_fragment_may_begin_as_a_stream_does() {
    // 0xFF 0x0A begins JPEG XL, 0xFF 0xD8 begins JPEG: as the first sample they are 2815 and 55551.
    for first in [0x0AFF_u16, 0xD8FF] {
        let cells: Vec<u16> = (0..16)
            .map(|k| if k == 0 { first } else { 0xFFD8 + k })
            .collect();
        let mut object = Object::ct(1, 0.0);
        object.picture([4, 4, 1, 16, 16, 0], "MONOCHROME2", vec![]);
        let plain: Vec<u8> = cells.iter().flat_map(|c| c.to_le_bytes()).collect();
        let bytes = compressed(object, "1.2.840.10008.1.2.1.98", &plain);
        let (_folder, scan) = scan_files(&[("a.dcm", bytes)]);
        let decoded = series::decode_slice_noted(volumes(&scan)[0], 0).unwrap();
        assert_eq!(decoded.voxels, SliceVoxels::U16(cells.into()));
        assert_eq!(decoded.notes, []);
    }
}

/// `60 * ((3x² + 7xy + 40y) mod 1009) - 30,000`, 16 bits signed, by OpenJPEG.
const SIGNED: &[u8] = include_bytes!("../../../codec/tests/jpeg2000/plain_s16.j2k");

#[test]
fn negative_values_under_an_unsigned_label_are_said() {
    for (stream, sign, said) in [
        (SIGNED, 0, &["sign_other_than_stated"][..]),
        (SIGNED, 1, &[]),
        (TWELVE_BITS, 0, &[]),
        // Bits of signed values, taken as they are by the encoder.
        (TWELVE_BITS, 1, &[]),
    ] {
        let mut object = Object::ct(1, 0.0);
        object.picture([29, 37, 1, 16, 16, sign], "MONOCHROME2", vec![]);
        let bytes = compressed(object, "1.2.840.10008.1.2.4.90", stream);
        let (_folder, scan) = scan_files(&[("a.dcm", bytes)]);
        let notes = series::decode_slice_noted(volumes(&scan)[0], 0)
            .unwrap()
            .notes;
        let told: Vec<&str> = notes.iter().map(|w| w.code).collect();
        assert_eq!(told, said, "{sign}");
    }
}
