//! What an archive said of the number of images and objects when it sent them.

use crate::builder::{Object, codes, scan_files};

/// Slices that each say how many the series and the study have.
fn slices(n: i32, of_series: [&str; 2], of_study: [&str; 2]) -> Vec<(String, Vec<u8>)> {
    let slice = |k: i32| {
        let mut object = Object::ct(k + 1, f64::from(k));
        let nth = usize::from(0 < k);
        for (tag, text) in [(0x0020_1208, of_study[nth]), (0x0020_1209, of_series[nth])] {
            if !text.is_empty() {
                object.text(tag, b"IS", text);
            }
        }
        (format!("{k}.dcm"), object.file())
    };
    (0..n).map(slice).collect()
}

#[test]
fn fewer_objects_than_were_said_to_be_there_are_told() {
    type Counts = [&'static str; 2];
    let rows: [(&str, Counts, Counts, &[&str]); 7] = [
        ("nothing is said", [""; 2], [""; 2], &[]),
        ("all are there", ["3"; 2], ["3"; 2], &[]),
        ("more are there", ["2"; 2], ["1"; 2], &[]),
        (
            "one image is missing",
            ["4"; 2],
            [""; 2],
            &["series_fewer_than_stated"],
        ),
        (
            "a series is missing",
            ["3"; 2],
            ["120"; 2],
            &["study_fewer_than_stated"],
        ),
        (
            "the greatest count is believed",
            ["3", "5"],
            ["", "5"],
            &["series_fewer_than_stated", "study_fewer_than_stated"],
        ),
        ("no counts at all", ["-7"; 2], ["many"; 2], &[]),
    ];
    for (name, of_series, of_study, want) in rows {
        let files = slices(3, of_series, of_study);
        let files: Vec<(&str, Vec<u8>)> = files
            .iter()
            .map(|(name, bytes)| (name.as_str(), bytes.clone()))
            .collect();
        let (_folder, scan) = scan_files(&files);
        assert_eq!(codes(&scan), want, "{name}");
    }
}

#[test]
fn a_copy_does_not_stand_for_an_image_that_is_missing() {
    let files = slices(2, ["3"; 2], ["3"; 2]);
    let copy = ("copy.dcm", files[0].1.clone());
    let files = [
        ("0.dcm", files[0].1.clone()),
        ("1.dcm", files[1].1.clone()),
        copy,
    ];
    let (_folder, scan) = scan_files(&files);
    assert_eq!(
        codes(&scan),
        [
            "duplicate_file",
            "series_fewer_than_stated",
            "study_fewer_than_stated"
        ]
    );
}
