//! Single slices and the one object that they may be converted to (PS3.3 A.70 to A.72) give the same volume, values
//! and uptake.

use volume::{QuantityKind, ValueUnit, Volume};

use crate::builder::{Object, codes, scan_files, volumes};
use crate::uptake::pet;

/// What conversion has functional groups for, as far as these slices have it.
const GROUPS: [(u32, &[u32]); 4] = [
    (0x0020_9113, &[0x0020_0032]),
    (0x0020_9116, &[0x0020_0037]),
    (0x0028_9110, &[0x0018_0050, 0x0018_0088, 0x0028_0030]),
    (0x0028_9145, &[0x0028_1052, 0x0028_1053]),
];
/// What stays in the object itself: who, which, and the image pixel module.
fn stays(tag: u32) -> bool {
    matches!(tag >> 16, 0x0008 | 0x0010)
        && !matches!(tag, 0x0008_0016 | 0x0008_0018 | 0x0008_0022 | 0x0008_0032)
        || matches!(tag, 0x0020_000D | 0x0020_000E | 0x0020_0052)
        || (0x0028_0002..=0x0028_0103).contains(&tag) && !matches!(tag, 0x0028_0030 | 0x0028_0051)
}

fn value(object: &Object, tag: u32) -> Option<&(u32, [u8; 2], Vec<u8>)> {
    object.elements.iter().find(|e| e.0 == tag)
}

fn copied<'a>(from: &'a Object, tags: impl Iterator<Item = &'a u32>) -> Object {
    let mut item = Object::empty();
    for (tag, vr, bytes) in tags.filter_map(|tag| value(from, *tag)) {
        item.set(*tag, vr, bytes.clone());
    }
    item
}

/// The converted object: what all slices say alike is shared, what no group is for goes into sequences of its own.
fn converted(slices: &[Object], class: &str) -> Object {
    let first = &slices[0];
    let is_shared = |tag: &u32| slices.iter().all(|s| value(s, *tag) == value(first, *tag));
    let all_tags: Vec<u32> = first.elements.iter().map(|e| e.0).collect();
    let grouped: Vec<u32> = GROUPS.iter().flat_map(|(_, tags)| *tags).copied().collect();
    let leftover: Vec<u32> = all_tags
        .iter()
        .copied()
        .filter(|tag| !stays(*tag) && !grouped.contains(tag))
        .filter(|tag| !matches!(tag, 0x0008_0016 | 0x0008_0018 | 0x7FE0_0010))
        .collect();
    let mut shared = Object::empty();
    let alike = copied(first, leftover.iter().filter(|t| is_shared(t)));
    shared.sequence(0x0020_9170, &[&alike]);
    let mut frames: Vec<Object> = Vec::new();
    for slice in slices {
        let mut frame = Object::empty();
        let own = copied(slice, leftover.iter().filter(|t| !is_shared(t)));
        frame.sequence(0x0020_9171, &[&own]);
        frames.push(frame);
    }
    for (group, tags) in GROUPS {
        if tags.iter().all(&is_shared) {
            shared.sequence(group, &[&copied(first, tags.iter())]);
        } else {
            for (frame, slice) in frames.iter_mut().zip(slices) {
                frame.sequence(group, &[&copied(slice, tags.iter())]);
            }
        }
    }
    let mut object = copied(first, all_tags.iter().filter(|tag| stays(**tag)));
    let pixels = slices
        .iter()
        .flat_map(|s| value(s, 0x7FE0_0010).unwrap().2.clone());
    object
        .text(0x0008_0016, b"UI", class)
        .text(0x0008_0018, b"UI", "1.2.3.9")
        .text(0x0028_0008, b"IS", &slices.len().to_string())
        .sequence(0x5200_9229, &[&shared])
        .sequence(0x5200_9230, &frames.iter().collect::<Vec<_>>())
        .set(0x7FE0_0010, b"OW", pixels.collect());
    object
}

/// The one volume of some files, filled, and the codes of its warnings.
fn filled(files: &[Object]) -> (Volume, Vec<&'static str>) {
    let files: Vec<(String, Vec<u8>)> = files
        .iter()
        .enumerate()
        .map(|(k, object)| (format!("{k}.dcm"), object.file()))
        .collect();
    let files: Vec<(&str, Vec<u8>)> = files.iter().map(|(n, b)| (n.as_str(), b.clone())).collect();
    let (_folder, scan) = scan_files(&files);
    let [plan] = volumes(&scan)[..] else {
        panic!("{} volumes", volumes(&scan).len());
    };
    let volume = plan.empty_volume();
    let order: Vec<usize> = (0..plan.slices.len()).collect();
    assert_eq!(
        series::decode_into(plan, &volume, &order, &|_| {}, &|| false),
        []
    );
    (volume, codes(&scan))
}

fn same(classic: &[Object], class: &str, what: &str) -> Volume {
    let (a, told_a) = filled(classic);
    let (b, told_b) = filled(&[converted(classic, class)]);
    assert_eq!(told_a, told_b, "{what}");
    assert_eq!(
        (a.grid, a.kind, &a.unit),
        (b.grid, b.kind, &b.unit),
        "{what}"
    );
    assert_eq!(a.meaning, b.meaning, "{what}");
    for k in 0..a.n_slices() {
        assert_eq!(a.slice_values(k), b.slice_values(k), "{what}, slice {k}");
    }
    b
}

/// Slices out of order, each with a slope of its own, sheared by `shift_mm` from one to the next.
fn ct(shift_mm: f64) -> Vec<Object> {
    [3, 1, 4, 2, 5]
        .map(|k| {
            let z_mm = f64::from(k) * 2.0;
            let mut object = Object::ct(k, z_mm);
            let y_mm = f64::from(k) * shift_mm;
            object
                .text(0x0018_0015, b"CS", "CHEST")
                .text(0x0018_0050, b"DS", "2")
                .text(
                    0x0018_1120,
                    b"DS",
                    &format!("{:.4}", (shift_mm / 2.0).atan().to_degrees()),
                )
                .text(0x0020_0032, b"DS", &format!("-10\\{y_mm}\\{z_mm}"))
                .text(0x0028_1053, b"DS", &k.to_string());
            object
        })
        .to_vec()
}

#[test]
fn a_converted_ct_has_the_places_and_values_of_its_slices() {
    let class = "1.2.840.10008.5.1.4.1.1.2.2";
    for (what, shift_mm) in [("upright", 0.0), ("a tilted gantry", 0.7)] {
        let volume = same(&ct(shift_mm), class, what);
        assert_eq!(volume.grid.size, [4, 4, 5]);
        assert!(
            (volume.grid.slice_step.y_mm - shift_mm).abs() < 1e-9,
            "{what}"
        );
        // Stored values run from the number of the slice on, its slope is that number.
        for k in 0..5 {
            let n = k as f64 + 1.0;
            assert_eq!(volume.slice_values(k).unwrap()[1], (n + 1.0) * n - 1000.0);
        }
    }
    let (_folder, scan) = scan_files(&[("a.dcm", converted(&ct(0.0), class).file())]);
    assert_eq!(scan.studies[0].series[0].body_part, "CHEST");
}

#[test]
fn a_converted_pet_has_the_uptake_of_its_slices() {
    let class = "1.2.840.10008.5.1.4.1.1.128.1";
    type Edit = fn(&mut Object);
    let rows: [(&str, Edit); 4] = [
        ("START", |_| {}),
        ("ADMIN", |o| {
            o.text(0x0054_1102, b"CS", "ADMIN");
        }),
        ("NONE, each frame from its own time", |o| {
            o.text(0x0028_0051, b"CS", "ATTN")
                .text(0x0054_1102, b"CS", "NONE");
        }),
        ("already uptake", |o| {
            o.text(0x0054_1001, b"CS", "GML").without(0x0054_0016);
        }),
    ];
    for (what, edit) in rows {
        let mut slices: Vec<Object> = (1..=4).map(|k| pet(k, 4.0 * f64::from(k))).collect();
        slices.iter_mut().for_each(edit);
        let volume = same(&slices, class, what);
        let by_weight = |q: &&volume::Quantity| q.kind == QuantityKind::SuvBodyWeight;
        let quantity = volume.meaning.quantities.iter().find(by_weight);
        assert!(
            quantity.is_some(),
            "{what}: {:?}",
            volume.meaning.quantities
        );
        assert_ne!(volume.unit, ValueUnit::Stored, "{what}");
    }
}

#[test]
fn the_anatomy_of_frames_is_that_of_the_series() {
    let mut object = converted(&ct(0.0), "1.2.840.10008.5.1.4.1.1.13.1.3");
    let mut region = Object::empty();
    region.text(0x0008_0104, b"LO", "Breast");
    let mut anatomy = Object::empty();
    anatomy
        .sequence(0x0008_2218, &[&region])
        .text(0x0020_9072, b"CS", "L");
    let mut shared = Object::empty();
    shared.sequence(0x0020_9071, &[&anatomy]);
    object.sequence(0x5200_9229, &[&shared]);
    let (_folder, scan) = scan_files(&[("a.dcm", object.file())]);
    let series = &scan.studies[0].series[0];
    assert_eq!(
        (series.body_part.as_str(), series.laterality.as_str()),
        ("BREAST", "L")
    );
}
