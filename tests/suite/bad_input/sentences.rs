//! What people meet, with the sentence that it has.

use std::path::Path;

use acceptance::{Desk, ReportForm, sample};
use phantom::Patient;
use phantom::broken::{self, ZipEntry, zip_bytes};
use phantom::raw::SeriesSpec;
use serde_json::Value;

use super::{codes, ct, fingerprint, survive, write};

/// A way of being unreadable that a person meets, what `scan` ends with, and the code of the warning that says it.
struct Row {
    name: &'static str,
    build: fn(&Path),
    exit: i32,
    /// Empty where the sentence stands on standard error alone.
    code: &'static str,
}

const ROWS: [Row; 9] = [
    Row {
        name: "not a DICOM file",
        build: |dir| std::fs::write(dir.join("letter.txt"), "Dear colleague,").unwrap(),
        exit: 3,
        code: "",
    },
    Row {
        name: "an empty folder",
        build: |_| {},
        exit: 3,
        code: "",
    },
    Row {
        name: "a truncated file among good ones",
        build: |dir| {
            let paths = write(&ct("truncated"), dir);
            let bytes = std::fs::read(&paths[2]).unwrap();
            std::fs::write(&paths[2], &bytes[..bytes.len() - 200]).unwrap();
        },
        exit: 0,
        code: "pixel_data_short|file_truncated|length_beyond_end|slice_missing|missing_slices",
    },
    Row {
        name: "a file without pixel data among good ones",
        build: |dir| {
            write(&ct("with pixels"), dir);
            for file in broken::by_id("C50b").unwrap().files() {
                std::fs::write(dir.join("no-pixels.dcm"), file.bytes).unwrap();
            }
        },
        exit: 0,
        code: "no_pixel_data",
    },
    Row {
        name: "a zip with a path outside itself",
        build: |dir| {
            let good = ct("zipped").files(|v| v.row_idx as i64);
            let mut entries = vec![ZipEntry::file("../../escaped.dcm", good[0].bytes.clone())];
            entries.extend(
                good.iter()
                    .map(|f| ZipEntry::file(&f.name, f.bytes.clone())),
            );
            std::fs::write(dir.join("study.zip"), zip_bytes(&entries)).unwrap();
        },
        exit: 0,
        code: "zip_path_refused",
    },
    Row {
        name: "a series of two mixed orientations",
        build: |dir| {
            let axial = ct("mixed");
            let sagittal = SeriesSpec {
                row_direction: [0.0, 1.0, 0.0],
                column_direction: [0.0, 0.0, -1.0],
                slice_step_mm: [1.0, 0.0, 0.0],
                uid_salt: "sagittal".into(),
                ..ct("mixed")
            };
            write(&axial, &dir.join("a"));
            write(&sagittal, &dir.join("b"));
        },
        exit: 0,
        code: "mixed_orientation",
    },
    Row {
        name: "two patients in one folder under one series",
        build: |dir| {
            let patient = Patient {
                name: "OTHER^PERSON".into(),
                id: "PH-999".into(),
                ..Patient::default()
            };
            write(&ct("two patients"), &dir.join("a"));
            write(
                &SeriesSpec {
                    patient,
                    uid_salt: "b".into(),
                    ..ct("two patients")
                },
                &dir.join("b"),
            );
        },
        exit: 0,
        code: "two_patients",
    },
    Row {
        name: "a slice that is not there",
        build: |dir| {
            drop(write(
                &SeriesSpec {
                    dropped: vec![3],
                    ..ct("gap")
                },
                dir,
            ))
        },
        exit: 0,
        code: "slice_missing|missing_slices",
    },
    Row {
        name: "a file of an unknown transfer syntax",
        build: |dir| {
            write(&ct("known"), dir);
            for file in broken::by_id("C09").unwrap().files() {
                std::fs::write(dir.join("unknown.dcm"), file.bytes).unwrap();
            }
        },
        exit: 0,
        code: "syntax_unknown",
    },
];

#[test]
fn each_bad_input_has_its_sentence() {
    let desk = Desk::new();
    let me = desk.reader("Ada Second");
    for (k, row) in ROWS.iter().enumerate() {
        let folder = desk.path(&format!("bad-{k}")).join("inside");
        std::fs::create_dir_all(&folder).unwrap();
        (row.build)(&folder);
        let before = fingerprint(&folder);
        let path = folder.to_str().unwrap();
        let answer = survive(&me, &["scan", path], row.name);
        assert_eq!(
            answer.code,
            Some(row.exit),
            "{}: {}",
            row.name,
            answer.stderr
        );
        if row.exit == 0 {
            let mut said = codes(&answer.json());
            let decoded = survive(&me, &["decode", path, "--discard"], row.name);
            assert_eq!(
                decoded.code,
                Some(0),
                "what is good does not open: {}",
                row.name
            );
            said.extend(codes(&decoded.json()));
            let wanted: Vec<&str> = row.code.split('|').collect();
            assert!(
                said.iter().any(|c| wanted.contains(&c.as_str())),
                "{}: {said:?}",
                row.name
            );
        }
        let escaped = desk.path("escaped.dcm");
        assert!(!escaped.exists());
        assert_eq!(fingerprint(&folder), before, "{} was written to", row.name);
    }
}

#[test]
fn two_patients_are_never_one_study() {
    let desk = Desk::new();
    let me = desk.reader("Ada Second");
    let folder = desk.path("two");
    let patient = Patient {
        name: "OTHER^PERSON".into(),
        id: "PH-999".into(),
        ..Patient::default()
    };
    write(&ct("two"), &folder.join("a"));
    write(
        &SeriesSpec {
            patient,
            uid_salt: "b".into(),
            origin_mm: [0.0, 0.0, 6.0],
            ..ct("two")
        },
        &folder.join("b"),
    );
    let scanned = me.json(&["scan", folder.to_str().unwrap()]);
    let studies = scanned["studies"].as_array().unwrap();
    assert_eq!(studies.len(), 2, "{scanned:#}");
    for study in studies {
        assert_eq!(study["series"][0]["n_instances"], 6);
    }
}

#[test]
fn a_report_of_another_patient_is_said_at_intake_and_not_quoted() {
    let (desk, own, other) = (Desk::new(), sample(1), sample(2));
    let me = desk.reader("Ada Second");
    assert_ne!(own.truth.patient_id, other.truth.patient_id);
    let report = other.report(ReportForm::Sr);
    let id = me.create(&[&own.current()], Some(&report), "");
    let shown = me.show(&id);
    let completeness = shown["completeness"].as_array().unwrap();
    let said: Vec<&Value> = completeness
        .iter()
        .filter(|c| c["code"].as_str().unwrap().contains("patient"))
        .collect();
    assert_eq!(said.len(), 1, "{completeness:#?}");
    assert!(
        said[0]["severity"] != "ok" && said[0]["severity"] != "info",
        "{said:?}"
    );
    let text = shown.to_string();
    let stranger = other.truth.patient_name.split('^').next().unwrap();
    assert!(
        !text.contains(stranger) && !text.contains(&other.truth.patient_id),
        "{text}"
    );
}

#[test]
fn opening_a_study_changes_nothing_in_it() {
    let desk = Desk::new();
    let me = desk.reader("Ada Second");
    let sample = sample(2);
    let before = fingerprint(&sample.dir);
    let id = sample.create(&me, ReportForm::InStudy, "");
    me.json(&["case", "read", &id, "finding", "add", "--concept", "scar"]);
    me.json(&["case", "seal", &id, "--accept"]);
    me.json(&["case", "reveal", &id]);
    let out = desk.path("out");
    me.json(&[
        "decode",
        sample.current().to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ]);
    assert_eq!(fingerprint(&sample.dir), before);
}
