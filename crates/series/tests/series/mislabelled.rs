//! Files whose pixels are not written as the transfer syntax says: they open, and the image says so.

use std::path::{Path, PathBuf};

use volume::{Presence, SliceVoxels};

use crate::builder::{
    EXPLICIT_LE, Object, element, file, fragments, scan_files, scan_path, volumes,
};

const RLE: &str = "1.2.840.10008.1.2.5";
const JPEG_LOSSLESS: &str = "1.2.840.10008.1.2.4.70";

fn pixels() -> Vec<u8> {
    (0..16_i16).flat_map(|i| (i + 1).to_le_bytes()).collect()
}

/// The same pixels as run lengths: a segment of high bytes, which are all nought, and one of low bytes, as literals.
fn run_lengths() -> Vec<u8> {
    let mut frame = vec![0; 64];
    // Two segments: the first behind the header, the second behind the first's two bytes (PS3.5 G.5).
    (frame[0], frame[4], frame[8]) = (2, 64, 66);
    // Sixteen noughts as one run, then sixteen bytes as they are.
    frame.extend([241, 0, 15]);
    frame.extend(1..=16_u8);
    frame.push(0);
    frame
}

fn in_fragments(syntax: &'static str, parts: &[&[u8]]) -> Vec<u8> {
    let mut object = Object::ct(1, 0.0);
    object.without(0x7FE0_0010);
    file(syntax, &[object.dataset(), fragments(parts)].concat())
}

fn in_one_element(syntax: &'static str, value: &[u8]) -> Vec<u8> {
    let mut object = Object::ct(1, 0.0);
    object.without(0x7FE0_0010);
    let pixels = element(0x7FE0_0010, b"OW", value);
    file(syntax, &[object.dataset(), pixels].concat())
}

#[test]
fn pixels_written_otherwise_than_stated_are_shown_with_a_warning() {
    let (plain, runs) = (pixels(), run_lengths());
    let rows: Vec<(&str, Vec<u8>, &[&str])> = vec![
        ("RLE as stated", in_fragments(RLE, &[&runs]), &[]),
        (
            "fragments under a native syntax",
            in_fragments(EXPLICIT_LE, &[&plain]),
            &["syntax_mismatch"],
        ),
        (
            "run lengths under a native syntax",
            in_fragments(EXPLICIT_LE, &[&runs]),
            &["syntax_mismatch", "stream_other_than_stated"],
        ),
        (
            "plain samples under RLE",
            in_one_element(RLE, &plain),
            &["syntax_mismatch"],
        ),
        (
            "plain samples in a fragment under JPEG lossless",
            in_fragments(JPEG_LOSSLESS, &[&plain]),
            &["syntax_mismatch"],
        ),
        (
            "plain samples in a fragment under RLE",
            in_fragments(RLE, &[&plain]),
            &["syntax_mismatch"],
        ),
        (
            "run lengths under JPEG lossless",
            in_fragments(JPEG_LOSSLESS, &[&runs]),
            &["stream_other_than_stated"],
        ),
        (
            "run lengths in no fragment",
            in_one_element(RLE, &runs),
            &["syntax_mismatch"],
        ),
        (
            "one frame in three fragments, one of them empty",
            in_fragments(RLE, &[&runs[..66], &[], &runs[66..]]),
            &[],
        ),
    ];
    let want: Vec<i16> = (1..=16).collect();
    for (name, bytes, codes) in rows {
        let (_folder, scan) = scan_files(&[("one.dcm", bytes)]);
        let plan = volumes(&scan)[0];
        let volume = plan.empty_volume();
        let warnings = series::decode_into(plan, &volume, &[0], &|_| {}, &|| false);
        let told: Vec<&str> = warnings.iter().map(|w| w.code).collect();
        assert_eq!(told, codes, "{name}: {warnings:?}");
        assert!(warnings.iter().all(|w| w.slice_idxs == [0]), "{name}");
        let got = series::decode_slice(plan, 0).unwrap();
        assert_eq!(got, SliceVoxels::I16(want.clone().into()), "{name}");
    }
}

#[test]
fn a_file_that_goes_shrinks_or_changes_is_said_and_never_shown_half() {
    let bytes = Object::ct(1, 0.0).file();
    let (folder, scan) = scan_files(&[("one.dcm", bytes.clone())]);
    let path = folder.path().join("one.dcm");
    let plan = volumes(&scan)[0];
    let volume = plan.empty_volume();
    let read = || {
        let warnings = series::decode_into(plan, &volume, &[0], &|_| {}, &|| false);
        let codes: Vec<&str> = warnings.iter().map(|w| w.code).collect();
        (codes, volume.voxels.presence(0))
    };

    std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
    assert_eq!(read(), (vec!["pixel_data_short"], Presence::Unreadable));
    std::fs::remove_file(&path).unwrap();
    assert_eq!(read(), (vec!["file_unreadable"], Presence::Unreadable));
    std::fs::create_dir(&path).unwrap();
    assert_eq!(read(), (vec!["file_unreadable"], Presence::Unreadable));
    std::fs::remove_dir(&path).unwrap();
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(read(), (vec![], Presence::Here), "the share is back");

    volume.voxels.let_go(0);
    let mut other = bytes.clone();
    *other.last_mut().unwrap() ^= 1;
    std::fs::write(&path, &other).unwrap();
    assert_eq!(
        read(),
        (vec!["file_changed"], Presence::Unreadable),
        "other pixels under the same name"
    );
}

/// Streams of one family under the name of another: found in the reference data, renamed in memory.
#[test]
fn a_stream_under_the_name_of_another_decodes_to_the_same_values() {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/dev");
    let folder = std::env::var_os("OVERREAD_TEST_DATA").map_or_else(default, PathBuf::from);
    if !folder.join("MANIFEST.tsv").is_file() {
        println!("1 data test skipped: no reference data (set OVERREAD_TEST_DATA)");
        return;
    }
    // Names of the same length, so that nothing else of the file moves.
    let swaps = [
        ("4.70", "4.90"),
        ("4.80", "4.70"),
        ("4.90", "4.80"),
        ("4.50", "4.70"),
    ];
    let mut n_tried = 0;
    let scan = scan_path(&folder.join("ts"));
    for plan in volumes(&scan) {
        let Some(Some(slice)) = plan.slices.first() else {
            continue;
        };
        let uid = slice.transfer_syntax_uid();
        let swap = swaps
            .iter()
            .find(|(from, _)| uid.ends_with(&format!(".2.{from}")));
        let (Some((from, to)), Ok(truth)) = (swap, series::decode_slice(plan, 0)) else {
            continue;
        };
        let renamed_uid = uid.replace(&format!(".2.{from}"), &format!(".2.{to}"));
        let mut bytes = std::fs::read(slice.source().path()).unwrap();
        let Some(at) = bytes.windows(uid.len()).position(|w| w == uid.as_bytes()) else {
            continue;
        };
        bytes[at..at + uid.len()].copy_from_slice(renamed_uid.as_bytes());
        let (_folder, scan) = scan_files(&[("renamed.dcm", bytes)]);
        let renamed = volumes(&scan)[0];
        let decoded = series::decode_slice_noted(renamed, 0).unwrap();
        assert_eq!(decoded.voxels, truth, "{}", slice.source().path().display());
        let codes: Vec<&str> = decoded.notes.iter().map(|w| w.code).collect();
        assert!(codes.contains(&"stream_other_than_stated"), "{codes:?}");
        n_tried += 1;
    }
    println!("{n_tried} streams under the name of another");
    assert!(0 < n_tried);
}
