//! Whole cases: repeatable, truthful in their voxels, readable by another reader of DICOM.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use dicom_object::{from_reader, open_file};
use phantom::{Case, Options, Series, SeriesKind, TrueFinding, Truth, ensure, ensure_at, tags};

fn axial(case: &Case) -> &Series {
    case.current
        .series
        .iter()
        .find(|series| series.kind == SeriesKind::Axial)
        .unwrap()
}

fn all_bytes(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(all_bytes(&path));
        } else {
            files.push((
                path.file_name().unwrap().to_string_lossy().into_owned(),
                fs::read(&path).unwrap(),
            ));
        }
    }
    files.sort();
    files
}

#[test]
fn same_seed_gives_same_bytes_and_another_seed_others() {
    let options = Options {
        matrix: 32,
        n_slices: 16,
    };
    let written = |seed: u64| {
        let dir = tempfile::tempdir().unwrap();
        Case::generate(seed, &options)
            .unwrap()
            .write(dir.path())
            .unwrap();
        all_bytes(dir.path())
    };
    let first = written(3);
    // Slices, localizer, prior slices, three forms of the report, truth and commands.
    assert_eq!(first.len(), 16 + 1 + 8 + 3 + 2);
    assert_eq!(first, written(3));
    let other = written(4);
    let in_both = first.iter().filter(|file| other.contains(file)).count();
    assert_eq!(in_both, 0);
}

#[test]
fn every_seed_plants_each_role_once_with_its_sentence() {
    for seed in 0..16 {
        let case = Case::generate(
            seed,
            &Options {
                matrix: 16,
                n_slices: 8,
            },
        )
        .unwrap();
        let roles: Vec<&str> = case
            .truth
            .findings
            .iter()
            .map(|finding| finding.first_report.as_str())
            .collect();
        assert_eq!(
            roles,
            ["missed", "wrong_size", "wrong_side", "right", "negated"],
            "seed {seed}"
        );
        let text = case.report.plain_text();
        let n_sentences = case.report.sentences().count();
        assert!(
            (15..=25).contains(&n_sentences),
            "seed {seed}: {n_sentences} sentences"
        );
        for finding in &case.truth.findings {
            match &finding.report_sentence {
                None => assert_eq!(finding.first_report, "missed", "seed {seed}"),
                Some(sentence) => check_sentence(seed, finding, sentence, &text),
            }
        }
        assert_eq!(case.truth.second_read.len(), 5, "seed {seed}");
    }
}

fn check_sentence(seed: u64, finding: &TrueFinding, sentence: &str, text: &str) {
    assert!(text.contains(sentence), "seed {seed}: {sentence}");
    let side = finding.side.clone().unwrap_or_default();
    match finding.first_report.as_str() {
        "wrong_side" => assert!(!sentence.contains(&side), "seed {seed}: {sentence}"),
        "wrong_size" => {
            let (real, said) = (finding.diameter_mm.unwrap(), finding.reported_mm.unwrap());
            assert!(
                2.0f64.max(0.15 * real) < real - said,
                "seed {seed}: {real} mm reported as {said} mm"
            );
            assert!(
                sentence.contains(&format!("{said} mm")) && sentence.contains(&side),
                "seed {seed}: {sentence}"
            );
        }
        "negated" => {
            assert!(
                sentence.starts_with("No ")
                    || sentence.starts_with("There is no ")
                    || sentence.starts_with("There are no ")
            );
        }
        _ => assert!(
            sentence.contains(&format!("{} mm", finding.reported_mm.unwrap())),
            "seed {seed}: {sentence}"
        ),
    }
}

/// Mean stored value of the voxels within `radius_mm` of a place.
fn mean_hu(series: &Series, centre_mm: [f64; 3], radius_mm: f64) -> f64 {
    let (sum, n) = fold_voxels(series, centre_mm, radius_mm, |value| Some(f64::from(value)));
    sum / n as f64
}

/// Sum over the voxels within `radius_mm` for which `pick` gives a number, and how many they are.
fn fold_voxels(
    series: &Series,
    centre_mm: [f64; 3],
    radius_mm: f64,
    pick: impl Fn(i16) -> Option<f64>,
) -> (f64, usize) {
    let [row_mm, col_mm] = series.pixel_spacing_mm;
    let (mut sum, mut n) = (0.0, 0);
    for slice in &series.slices {
        let dz = slice.position_mm[2] - centre_mm[2];
        if radius_mm < dz.abs() {
            continue;
        }
        for (at, value) in slice.stored.iter().enumerate() {
            let dx = slice.position_mm[0] + (at % series.n_cols) as f64 * col_mm - centre_mm[0];
            let dy = slice.position_mm[1] + (at / series.n_cols) as f64 * row_mm - centre_mm[1];
            if dx * dx + dy * dy + dz * dz <= radius_mm * radius_mm
                && let Some(number) = pick(*value)
            {
                sum += number;
                n += 1;
            }
        }
    }
    (sum, n)
}

#[test]
fn nodules_measure_on_the_voxels_what_the_truth_says() {
    for seed in [1, 7] {
        let case = Case::generate(
            seed,
            &Options {
                matrix: 192,
                n_slices: 150,
            },
        )
        .unwrap();
        let series = axial(&case);
        let voxel_mm3 =
            series.pixel_spacing_mm[0] * series.pixel_spacing_mm[1] * series.slice_thickness_mm;
        for finding in case
            .truth
            .findings
            .iter()
            .filter(|finding| finding.concept == "solid pulmonary nodule")
        {
            let diameter_mm = finding.diameter_mm.unwrap();
            // Half-way between lung and nodule lies the surface.
            let threshold = (0.5 * (finding.mean_hu - 850.0)) as i16;
            let reach_mm = 0.5 * diameter_mm + 2.4;
            let (_, n) = fold_voxels(series, finding.centre_mm, reach_mm, |value| {
                (threshold < value).then_some(1.0)
            });
            let measured_mm = (6.0 * n as f64 * voxel_mm3 / std::f64::consts::PI).cbrt();
            let half_voxel_mm = 0.5 * series.slice_thickness_mm;
            assert!(
                (measured_mm - diameter_mm).abs() <= half_voxel_mm,
                "seed {seed}: {measured_mm} for {diameter_mm} mm"
            );
            // A few voxels with correlated noise of 15 HU: the mean of the small ones is uncertain.
            let (core_mm, tolerance_hu) = if diameter_mm < 10.0 {
                (1.5, 30.0)
            } else {
                (4.0, 12.0)
            };
            let core = mean_hu(series, finding.centre_mm, core_mm);
            assert!(
                (core - finding.mean_hu).abs() < tolerance_hu,
                "seed {seed}: {core} HU in the nodule"
            );
        }
    }
}

#[test]
fn densities_of_planted_findings_are_found_where_the_truth_says() {
    let mut seen = BTreeSet::new();
    for seed in [1, 2, 3, 7] {
        let case = Case::generate(
            seed,
            &Options {
                matrix: 160,
                n_slices: 100,
            },
        )
        .unwrap();
        for finding in &case.truth.findings {
            let (radius_mm, tolerance_hu) = match finding.concept.as_str() {
                "pleural effusion" => (3.0, 25.0),
                "simple hepatic cyst" | "enlarged mediastinal lymph node" => (4.0, 22.0),
                "bone island" => (2.0, 60.0),
                "calcified pleural plaque" => (1.5, 60.0),
                "thin-walled lung cyst" => (4.0, 30.0),
                _ => continue,
            };
            let found = mean_hu(axial(&case), finding.centre_mm, radius_mm);
            assert!(
                (found - finding.mean_hu).abs() < tolerance_hu,
                "seed {seed}: {found} HU in {}",
                finding.concept
            );
            seen.insert(finding.concept.clone());
        }
    }
    assert_eq!(seen.len(), 6, "{seen:?}");
}

#[test]
fn voxels_have_the_densities_of_a_chest() {
    let case = Case::generate(
        2,
        &Options {
            matrix: 128,
            n_slices: 80,
        },
    )
    .unwrap();
    let values: Vec<i16> = axial(&case)
        .slices
        .iter()
        .flat_map(|slice| slice.stored.iter().copied())
        .collect();
    let share = |low: i16, high: i16| {
        values
            .iter()
            .filter(|value| (low..high).contains(*value))
            .count() as f64
            / values.len() as f64
    };
    for (name, low, high, least, most) in [
        ("lung", -930, -780, 0.05, 0.30),
        ("fat", -140, -70, 0.03, 0.25),
        ("soft tissue", 20, 130, 0.08, 0.40),
        ("bone", 300, 1200, 0.003, 0.05),
    ] {
        let found = share(low, high);
        assert!((least..most).contains(&found), "{name}: {found}");
    }
}

#[test]
fn files_are_read_back_with_their_geometry() {
    let case = Case::generate(5, &Options::small()).unwrap();
    let series = axial(&case);
    for slice_idx in [0, 17, 39] {
        let bytes = series
            .file_bytes(slice_idx, &case.current, &case.patient)
            .unwrap();
        let object = from_reader(&bytes[128..]).unwrap();
        let position = object
            .element(tags::IMAGE_POSITION_PATIENT)
            .unwrap()
            .to_multi_float64()
            .unwrap();
        assert_eq!(position, series.slices[slice_idx].position_mm);
        let words: Vec<u16> = object
            .element(tags::PIXEL_DATA)
            .unwrap()
            .to_multi_int()
            .unwrap();
        let stored: Vec<i16> = words.iter().map(|word| *word as i16).collect();
        assert_eq!(stored, series.slices[slice_idx].stored);
    }
    let steps: BTreeSet<i64> = series
        .slices
        .windows(2)
        .map(|pair| ((pair[0].position_mm[2] - pair[1].position_mm[2]) * 1e3).round() as i64)
        .collect();
    assert_eq!(steps, BTreeSet::from([7500]));
}

#[test]
fn the_three_forms_of_the_report_say_the_same() {
    let case = Case::generate(
        6,
        &Options {
            matrix: 16,
            n_slices: 8,
        },
    )
    .unwrap();
    let object = from_reader(&case.report_sr[128..]).unwrap();
    let mut texts = Vec::new();
    for container in object
        .element(tags::CONTENT_SEQUENCE)
        .unwrap()
        .items()
        .unwrap()
    {
        let Ok(items) = container.element(tags::CONTENT_SEQUENCE) else {
            continue;
        };
        for item in items.items().unwrap() {
            texts.push(
                item.element(tags::TEXT_VALUE)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .trim_end()
                    .to_owned(),
            );
        }
    }
    let sentences: Vec<String> = case
        .report
        .sentences()
        .map(|sentence| sentence.text.clone())
        .collect();
    assert_eq!(texts, sentences);
    let plain = case.report.plain_text();
    assert!(
        case.report
            .sections
            .iter()
            .all(|section| plain.contains(&section.paragraph()))
    );
    assert!(case.report_pdf.starts_with(b"%PDF-"));
}

#[test]
fn a_cached_case_is_made_once_and_replaced_when_its_stamp_is_foreign() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options {
        matrix: 16,
        n_slices: 8,
    };
    let place = ensure(dir.path(), 9, &options).unwrap();
    let truth: Truth =
        serde_json::from_slice(&fs::read(place.join("truth.json")).unwrap()).unwrap();
    assert_eq!(truth.seed, 9);
    fs::write(place.join("truth.json"), "kept").unwrap();
    ensure(dir.path(), 9, &options).unwrap();
    assert_eq!(fs::read(place.join("truth.json")).unwrap(), b"kept");
    fs::write(place.join("stamp.txt"), "phantom 0").unwrap();
    ensure(dir.path(), 9, &options).unwrap();
    assert_ne!(fs::read(place.join("truth.json")).unwrap(), b"kept");
    assert_eq!(
        fs::read_dir(dir.path()).unwrap().count(),
        1,
        "no draft is left"
    );
    assert!(open_file(place.join("prior/chest/IM00001.dcm")).is_ok());
}

#[test]
fn a_folder_with_other_things_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("thesis.txt"), "mine").unwrap();
    let error = ensure_at(
        dir.path(),
        1,
        &Options {
            matrix: 16,
            n_slices: 8,
        },
    )
    .unwrap_err();
    assert!(error.to_string().contains("not empty"), "{error}");
    assert_eq!(fs::read(dir.path().join("thesis.txt")).unwrap(), b"mine");
}

#[test]
fn sizes_out_of_range_are_refused_with_a_sentence() {
    for (matrix, n_slices) in [(0, 40), (15, 40), (1025, 40), (64, 7), (64, 2001)] {
        let error = Case::generate(1, &Options { matrix, n_slices }).unwrap_err();
        assert!(error.to_string().contains("out of range"), "{error}");
    }
}
