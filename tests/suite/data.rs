//! Real and reference studies from outside: everything is read or refused with a sentence, and lies where its truth says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use acceptance::{Desk, Npy, data_folder, numbers};
use serde_json::Value;

/// Folders that hold files themselves, with the number of those.
fn leaves(dir: &Path) -> BTreeMap<PathBuf, usize> {
    let mut leaves = BTreeMap::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                *leaves.entry(folder.clone()).or_insert(0) += 1;
            }
        }
    }
    leaves
}

#[test]
fn every_folder_of_the_reference_data_is_read_or_refused_with_a_sentence() {
    let Some(folder) = data_folder(1) else { return };
    let desk = Desk::new();
    let me = desk.reader("Ada Second");
    let (mut n_read, mut n_refused, mut n_slices) = (0, 0, 0);
    for (leaf, n_files) in leaves(&folder) {
        let path = leaf.to_str().unwrap();
        for args in [vec!["scan", path], vec!["decode", path, "--discard"]] {
            let answer = me.run(&args);
            let what = format!("{} of {path}, {n_files} files", args[0]);
            assert!(
                !answer.stderr.contains("panicked"),
                "{what}: {}",
                answer.stderr
            );
            match answer.code {
                Some(0) => {
                    n_read += 1;
                    n_slices += answer.json()["n_slices"].as_u64().unwrap_or(0);
                }
                Some(3) => {
                    n_refused += 1;
                    assert!(
                        answer.stderr.starts_with("overread: "),
                        "{what}: {}",
                        answer.stderr
                    );
                }
                code => panic!("{what} ended with {code:?}: {}", answer.stderr),
            }
        }
    }
    println!("{n_read} answers, {n_refused} refusals, {n_slices} slices decoded");
    assert!(1300 < n_slices, "only {n_slices} slices were decoded");
}

/// Noise of the reference phantoms; their bodies differ from each other and from the ground by more than twice that.
const NOISE_HU: f64 = 60.0;

/// Reference phantoms whose planes can be cut, with their folder's name.
const CUT: [&str; 7] = [
    "axial_iso",
    "oblique",
    "anisotropic_pixels",
    "sagittal",
    "gantry_tilt",
    "shuffled_files_descending_instance",
    "signed16",
];

#[test]
fn reference_phantoms_have_their_sphere_where_their_truth_says() {
    let Some(folder) = data_folder(1) else { return };
    let folder = folder.join("synth/phantoms");
    let text = std::fs::read_to_string(folder.join("TRUTH.json")).unwrap();
    let truth: Value = serde_json::from_str(&text).unwrap();
    let desk = Desk::new();
    let me = desk.reader("Ada Second");
    let out = desk.path("plane.npy");
    for name in CUT {
        let own = &truth[name];
        let number = |field: &str| own[field].as_f64().unwrap();
        let place = |field: &str| -> Vec<f64> {
            own[field]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(Value::as_f64)
                .collect()
        };
        for (body, radius, hu) in [
            ("sphere_centre_lps", "sphere_radius_mm", "sphere_hu"),
            ("marker_centre_lps", "marker_radius_mm", "marker_hu"),
        ] {
            for plane in ["axial", "coronal", "sagittal"] {
                let (at, input) = (numbers(&place(body)), folder.join(name));
                let args = [
                    "render",
                    input.to_str().unwrap(),
                    "--out",
                    out.to_str().unwrap(),
                ];
                let view = [
                    "--plane",
                    plane,
                    "--at",
                    &at,
                    "--size",
                    "61x61",
                    "--mm-per-pixel",
                    "0.5",
                    "--interpolation",
                    "nearest",
                ];
                me.json(&[&args[..], &view].concat());
                let picture = Npy::read(&out);
                let what = format!("{name} {plane} {body}");
                let middle = f64::from(picture.values[30 * 61 + 30]);
                assert!((middle - number(hu)).abs() < NOISE_HU, "{what}: {middle}");
                // The area at the body's value is that of its largest circle.
                let n = picture
                    .values
                    .iter()
                    .filter(|v| (f64::from(**v) - number(hu)).abs() < NOISE_HU)
                    .count();
                let radius_mm = (n as f64 * 0.25 / std::f64::consts::PI).sqrt();
                // The picture spans 30.5 mm, so both bodies lie in it whole.
                assert!(
                    (radius_mm - number(radius)).abs() < 1.0,
                    "{what}: radius {radius_mm} mm"
                );
            }
        }
    }
}

#[test]
fn odd_reference_series_say_what_is_odd() {
    let Some(folder) = data_folder(1) else { return };
    let rows: [(&str, &[&str]); 6] = [
        ("gantry_tilt", &["gantry_tilt"]),
        ("nonuniform_spacing", &["uneven_spacing"]),
        (
            "missing_slices_11_12_19",
            &["slice_missing", "missing_slices"],
        ),
        ("mixed_orientation_one_slice", &["mixed_orientation"]),
        ("no_ipp_iop", &["position_missing", "orientation_missing"]),
        ("duplicate_sop_uid", &["duplicate_uid_differs"]),
    ];
    let me = Desk::new().reader("Ada Second");
    for (name, wanted) in rows {
        let path = folder.join("synth/phantoms").join(name);
        let scanned = me.json(&["scan".as_ref(), path.as_os_str()]);
        let mut said = BTreeSet::new();
        collect_codes(&scanned, &mut said);
        assert!(
            wanted.iter().any(|code| said.contains(*code)),
            "{name} says {said:?}"
        );
    }
}

fn collect_codes(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let (Some(Value::String(code)), true) =
                (fields.get("code"), fields.contains_key("text"))
            {
                into.insert(code.clone());
            }
            fields.values().for_each(|v| collect_codes(v, into));
        }
        Value::Array(items) => items.iter().for_each(|v| collect_codes(v, into)),
        _ => {}
    }
}
