//! How slices become volumes: order, holes, splits, duplicates, patients.

use volume::{GeometryKind, ModalityLut, Placement, SpacingSource};

use crate::builder::{Object, codes, scan_files, scan_path, volumes};

fn named(objects: Vec<Object>) -> Vec<(String, Vec<u8>)> {
    objects
        .into_iter()
        .enumerate()
        .map(|(i, o)| (format!("{i:03}.dcm"), o.file()))
        .collect()
}

fn scan(objects: Vec<Object>) -> (tempfile::TempDir, series::Scan) {
    let files = named(objects);
    scan_files(
        &files
            .iter()
            .map(|(n, b)| (n.as_str(), b.clone()))
            .collect::<Vec<_>>(),
    )
}

#[test]
fn slices_are_in_geometric_order_whatever_their_files_and_numbers_say() {
    let (_folder, scan) = scan(vec![
        Object::ct(3, 0.0),
        Object::ct(1, 5.0),
        Object::ct(2, -5.0),
    ]);
    let plan = volumes(&scan)[0];
    let order: Vec<_> = plan
        .slices
        .iter()
        .flatten()
        .map(|s| s.instance_number().unwrap())
        .collect();
    assert_eq!(
        (order, plan.kind, plan.placed),
        (vec![2, 3, 1], GeometryKind::Volume, Placement::InPatient)
    );
    assert_eq!(
        plan.grid.origin.to_owned(),
        space::PatientPoint::new(-10.0, -20.0, -5.0)
    );
    // Pixel Spacing is between rows, then between columns.
    assert_eq!(plan.grid.spacing_mm(), [0.25, 0.5, 5.0]);
    assert_eq!(
        plan.direction(),
        [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]
    );
    assert_eq!(codes(&scan), ["unsorted"]);
}

#[test]
fn a_missing_slice_is_a_hole_in_its_place() {
    let (_folder, scan) = scan(
        [0, 1, 2, 5, 6]
            .map(|k| Object::ct(k, f64::from(k) * 1.5))
            .to_vec(),
    );
    let plan = volumes(&scan)[0];
    let holes: Vec<_> = (0..plan.n_slices())
        .filter(|i| plan.slices[*i].is_none())
        .collect();
    assert_eq!(
        (plan.kind, plan.n_slices(), holes),
        (GeometryKind::Volume, 7, vec![3, 4])
    );
    assert_eq!(codes(&scan), ["missing_slices"]);
    assert_eq!(plan.warnings[0].slice_idxs, [3, 4]);
    let volume = plan.empty_volume();
    let order = series::decode_order(7, 3);
    assert!(series::decode_into(plan, &volume, &order, &|_| {}, &|| false).is_empty());
    assert_eq!(
        (volume.voxels.n_filled(), volume.voxels.is_filled(3)),
        (5, false)
    );
}

#[test]
fn uneven_distances_make_a_stack_with_a_place_for_each_slice() {
    let (_folder, scan) = scan(
        [0.0, 1.0, 2.0, 3.4, 4.0]
            .iter()
            .enumerate()
            .map(|(i, z)| Object::ct(i as i32, *z))
            .collect(),
    );
    let plan = volumes(&scan)[0];
    assert_eq!(
        (plan.kind, plan.slice_origins.len()),
        (GeometryKind::Stack, 5)
    );
    assert_eq!(plan.slice_origins[3].z_mm, 3.4);
    assert_eq!(codes(&scan), ["uneven_spacing"]);
}

#[test]
fn a_tilted_gantry_keeps_its_shear() {
    let tilted = |k: i32| {
        let mut object = Object::ct(k, 0.0);
        object.text(
            0x0020_0032,
            b"DS",
            &format!("0\\{}\\{}", f64::from(k) * 0.5, f64::from(k) * 2.0),
        );
        object
    };
    let (_folder, scan) = scan((0..6).map(tilted).collect());
    let plan = volumes(&scan)[0];
    assert_eq!(
        (plan.kind, plan.grid.slice_step.to_array()),
        (GeometryKind::Volume, [0.0, 0.5, 2.0])
    );
    assert_eq!(codes(&scan), ["gantry_tilt"]);
}

#[test]
fn what_does_not_belong_together_is_split_with_a_reason() {
    let row = |code: &str, change: &dyn Fn(&mut Object)| {
        let mut objects: Vec<Object> = (0..6).map(|k| Object::ct(k, f64::from(k))).collect();
        objects[4..].iter_mut().for_each(change);
        let (_folder, scan) = scan(objects);
        assert!(codes(&scan).contains(&code), "{code}: {:?}", codes(&scan));
        let sizes: Vec<usize> = volumes(&scan).iter().map(|v| v.n_slices()).collect();
        assert_eq!(sizes, [4, 2], "{code}");
    };
    row("mixed_orientation", &|o| {
        let number = o.elements.iter().find(|e| e.0 == 0x0020_0013).unwrap().2[0];
        o.text(0x0020_0037, b"DS", "0\\1\\0\\0\\0\\-1").text(
            0x0020_0032,
            b"DS",
            &format!("{number}\\0\\0"),
        );
    });
    row("mixed_matrix", &|o| {
        o.us(0x0028_0010, 2);
    });
    row("mixed_spacing", &|o| {
        o.text(0x0028_0030, b"DS", "0.5\\0.5");
    });
    row("localizer_apart", &|o| {
        o.text(0x0008_0008, b"CS", "ORIGINAL\\PRIMARY\\LOCALIZER");
    });
    row("position_missing_in_some", &|o| {
        o.without(0x0020_0032);
    });
}

#[test]
fn orientation_noise_keeps_a_volume_whole_and_a_degree_splits_it() {
    for (angle_deg, n_volumes) in [(0.01_f64, 1), (1.0, 2)] {
        let (s, c) = angle_deg.to_radians().sin_cos();
        let mut objects: Vec<Object> = (0..4).map(|k| Object::ct(k, f64::from(k))).collect();
        objects[3].text(
            0x0020_0037,
            b"DS",
            &format!("{c:.9}\\{s:.9}\\0\\{:.9}\\{c:.9}\\0", -s),
        );
        let (_folder, scan) = scan(objects);
        assert_eq!(volumes(&scan).len(), n_volumes, "{angle_deg}°");
    }
}

#[test]
fn times_at_the_same_places_are_volumes_of_their_own() {
    for (tag, vr) in [
        (0x0020_0100, b"IS"),
        (0x0018_0086, b"IS"),
        (0x0020_0012, b"IS"),
    ] {
        let at = |k: i32| {
            let mut object = Object::ct(k, f64::from(k / 2));
            object.text(tag, vr, &(k % 2 + 1).to_string());
            object
        };
        let (_folder, scan) = scan((0..8).map(at).collect());
        let plans = volumes(&scan);
        assert_eq!(
            plans
                .iter()
                .map(|p| (p.kind, p.n_slices()))
                .collect::<Vec<_>>(),
            [(GeometryKind::Volume, 4); 2],
            "{tag:08X}"
        );
        assert!(plans[1].label.ends_with("2 of 2"), "{}", plans[1].label);
        let numbers: Vec<_> = plans[1]
            .slices
            .iter()
            .flatten()
            .map(|s| s.instance_number().unwrap())
            .collect();
        assert_eq!(numbers, [1, 3, 5, 7]);
    }
    let (_folder, scan) = scan((0..8).map(|k| Object::ct(k, f64::from(k / 2))).collect());
    assert_eq!(volumes(&scan).len(), 2);
    assert!(codes(&scan).contains(&"duplicate_positions"));
}

#[test]
fn copies_are_left_out_and_twins_by_uid_are_kept_and_named() {
    let (_folder, with_copy) = scan(vec![
        Object::ct(1, 0.0),
        Object::ct(2, 1.0),
        Object::ct(2, 1.0),
    ]);
    assert_eq!(
        (volumes(&with_copy)[0].n_slices(), codes(&with_copy)),
        (2, vec!["duplicate_file"])
    );
    let mut twin = Object::ct(3, 2.0);
    twin.text(0x0008_0018, b"UI", "1.2.3.4.2");
    let (_folder, with_twin) = scan(vec![Object::ct(1, 0.0), Object::ct(2, 1.0), twin]);
    assert_eq!(
        (volumes(&with_twin)[0].n_slices(), codes(&with_twin)),
        (3, vec!["duplicate_uid_differs"])
    );
}

#[test]
fn two_patients_are_never_one_study() {
    let mut other = Object::ct(2, 1.0);
    other
        .text(0x0010_0010, b"PN", "Phantom^Two")
        .text(0x0010_0020, b"LO", "P2");
    let mut spelled_otherwise = Object::ct(3, 2.0);
    spelled_otherwise.text(0x0010_0010, b"PN", "PHANTOM^ONE^");
    let (_folder, scan) = scan(vec![Object::ct(1, 0.0), other, spelled_otherwise]);
    let sizes: Vec<usize> = scan
        .studies
        .iter()
        .map(|s| s.series[0].n_instances)
        .collect();
    assert_eq!((sizes, codes(&scan)), (vec![2, 1], vec!["two_patients"]));
}

#[test]
fn newest_study_comes_first() {
    let dated = |n: i32, date: &str| {
        let mut object = Object::ct(n, 0.0);
        object
            .text(0x0008_0020, b"DA", date)
            .text(0x0020_000D, b"UI", &format!("1.2.{n}"));
        object
    };
    let (_folder, scan) = scan(vec![
        dated(1, "20250101"),
        dated(2, "20260101"),
        dated(3, "20240101"),
    ]);
    assert_eq!(
        scan.studies
            .iter()
            .map(|s| s.date.as_str())
            .collect::<Vec<_>>(),
        ["20260101", "20250101", "20240101"]
    );
}

#[test]
fn a_rescale_of_its_own_goes_with_each_slice() {
    let with_slope = |k: i32| {
        let mut object = Object::ct(k, f64::from(k));
        object.text(0x0028_1053, b"DS", &(k + 1).to_string());
        object
    };
    let (_folder, scan) = scan(vec![with_slope(2), with_slope(0), with_slope(1)]);
    let ModalityLut::Rescale(all) = &volumes(&scan)[0].modality_lut else {
        panic!("no rescale")
    };
    assert_eq!(
        all.iter().map(|r| r.slope).collect::<Vec<_>>(),
        [1.0, 2.0, 3.0]
    );
    assert!(codes(&scan).contains(&"rescale_varies"));
}

#[test]
fn the_source_of_a_spacing_is_named_and_a_missing_one_is_never_mm() {
    let row = |modality: &str, stated: &[(u32, &str)], source, mm: [f64; 2]| {
        let mut object = Object::ct(1, 0.0);
        object
            .text(0x0008_0060, b"CS", modality)
            .without(0x0028_0030)
            .without(0x0020_0032);
        stated.iter().for_each(|(tag, value)| {
            object.text(*tag, b"DS", value);
        });
        let (_folder, scan) = scan(vec![object]);
        let plan = volumes(&scan)[0];
        assert_eq!(
            (
                plan.spacing_source,
                [plan.grid.spacing_mm()[1], plan.grid.spacing_mm()[0]]
            ),
            (source, mm),
            "{stated:?}"
        );
    };
    const PIXEL: u32 = 0x0028_0030;
    const IMAGER: u32 = 0x0018_1164;
    row(
        "CT",
        &[(PIXEL, "0.5\\0.25")],
        SpacingSource::PixelSpacing,
        [0.5, 0.25],
    );
    row(
        "DX",
        &[(PIXEL, "0.1\\0.1"), (IMAGER, "0.1\\0.1")],
        SpacingSource::ImagerPixelSpacing,
        [0.1; 2],
    );
    row(
        "DX",
        &[(PIXEL, "0.09\\0.09"), (IMAGER, "0.1\\0.1")],
        SpacingSource::CalibratedPixelSpacing,
        [0.09; 2],
    );
    row(
        "DX",
        &[(IMAGER, "0.3\\0.3"), (0x0018_1114, "1.5")],
        SpacingSource::ImagerPixelSpacingMagnificationCorrected,
        [0.3 / 1.5; 2],
    );
    row("DX", &[], SpacingSource::Unknown, [1.0; 2]);
    for bad in ["0\\0", "-1\\1", "NaN\\1", "0.5", "1e9\\1"] {
        row("CT", &[(PIXEL, bad)], SpacingSource::Unknown, [1.0; 2]);
    }
}

#[test]
fn projections_stand_alone() {
    let view = |k| {
        let mut object = Object::ct(k, 0.0);
        object
            .text(0x0008_0060, b"CS", "MG")
            .without(0x0020_0032)
            .without(0x0020_0037);
        object
    };
    let (_folder, scan) = scan((0..4).map(view).collect());
    assert_eq!(
        volumes(&scan).iter().map(|v| v.kind).collect::<Vec<_>>(),
        [GeometryKind::Single; 4]
    );
}

#[test]
fn a_projection_says_its_sides_and_its_view_and_a_placed_slice_only_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut projection = Object::ct(1, 0.0);
    projection
        .text(0x0008_0060, b"CS", "MG")
        .text(0x0018_5101, b"CS", "MLO")
        .text(0x0020_0020, b"CS", "P\\FL")
        .text(0x0020_0062, b"CS", "R")
        .without(0x0020_0032)
        .without(0x0020_0037);
    let letters = |object: &Object, name: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, object.file()).unwrap();
        let scan = scan_path(&path);
        let json = serde_json::to_value(series::ScanJson(&scan)).unwrap();
        let volume = &json["studies"][0]["series"][0]["volumes"][0];
        (volume["letters"].clone(), volume["label"].clone())
    };
    let (sides, label) = letters(&projection, "mlo");
    assert_eq!(sides, serde_json::json!(["A", "P", "SR", "IL"]));
    assert_eq!(label, "R MLO");
    // Flipped by the writer: the attribute follows, and so do the letters.
    let (sides, _) = letters(projection.text(0x0020_0020, b"CS", "A\\FL"), "mirrored");
    assert_eq!(sides, serde_json::json!(["P", "A", "SR", "IL"]));
    let (sides, _) = letters(projection.text(0x0020_0020, b"CS", "P\\A"), "unusable");
    assert_eq!(sides, serde_json::Value::Null);
    // Where position and orientation are given they count, whatever the attribute says.
    let mut placed = Object::ct(1, 0.0);
    let (sides, _) = letters(placed.text(0x0020_0020, b"CS", "R\\H"), "placed");
    assert_eq!(sides, serde_json::json!(["R", "L", "A", "P"]));
}
