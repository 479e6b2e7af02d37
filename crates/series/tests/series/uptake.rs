//! Standardised uptake by each vendor's path, against numbers computed by hand.

use volume::{Quantity, QuantityKind};

use crate::builder::{Object, codes, scan_files, volumes};

/// 370 MBq of fluorine-18 at 10:00, scanned at 11:00, a patient of 74 kg: SUVbw = value · 74,000 / (3.7e8 · 2^(−3600/6586.2)).
pub fn pet(number: i32, z_mm: f64) -> Object {
    let mut injection = Object::empty();
    injection
        .text(0x0018_1072, b"TM", "100000")
        .text(0x0018_1074, b"DS", "370000000")
        .text(0x0018_1075, b"DS", "6586.2");
    let mut object = Object::ct(number, z_mm);
    object
        .text(0x0008_0016, b"UI", "1.2.840.10008.5.1.4.1.1.128")
        .text(0x0008_0060, b"CS", "PT")
        .text(0x0008_0021, b"DA", "20260102")
        .text(0x0008_0031, b"TM", "110000")
        .text(0x0008_0022, b"DA", "20260102")
        .text(0x0008_0032, b"TM", &format!("11{number:02}00"))
        .text(0x0010_0040, b"CS", "M")
        .text(0x0010_1020, b"DS", "1.80")
        .text(0x0010_1030, b"DS", "74")
        .text(0x0018_1242, b"IS", "120000")
        .text(0x0028_0051, b"CS", "ATTN\\DECY")
        .text(0x0028_1052, b"DS", "0")
        .text(0x0028_1053, b"DS", &format!("{}", 2 * number))
        .text(0x0054_1001, b"CS", "BQML")
        .text(0x0054_1102, b"CS", "START")
        .sequence(0x0054_0016, &[&injection]);
    object
}

fn with_injection(edit: impl Fn(&mut Object)) -> Object {
    let mut injection = Object::empty();
    injection
        .text(0x0018_1072, b"TM", "100000")
        .text(0x0018_1074, b"DS", "370000000")
        .text(0x0018_1075, b"DS", "6586.2");
    edit(&mut injection);
    let mut object = pet(1, 0.0);
    object.sequence(0x0054_0016, &[&injection]);
    object
}

fn quantities(objects: &[Object]) -> (Vec<Quantity>, Vec<&'static str>) {
    let files: Vec<(String, Vec<u8>)> = objects
        .iter()
        .enumerate()
        .map(|(i, o)| (format!("{i}.dcm"), o.file()))
        .collect();
    let named: Vec<(&str, Vec<u8>)> = files.iter().map(|(n, b)| (n.as_str(), b.clone())).collect();
    let (_folder, scan) = scan_files(&named);
    let meaning = volumes(&scan)[0].empty_volume().meaning;
    (meaning.quantities, codes(&scan))
}

/// The uptake by body weight of stored value 1000 in each slice.
fn by_weight(objects: &[Object]) -> Option<Vec<f64>> {
    let (quantities, _) = quantities(objects);
    let quantity = quantities
        .iter()
        .find(|q| q.kind == QuantityKind::SuvBodyWeight)?;
    (0..objects.len())
        .map(|k| quantity.value(k, 1000.0))
        .collect()
}

fn close(got: Option<Vec<f64>>, want: &[f64], what: &str) {
    let got = got.unwrap_or_default();
    assert_eq!(got.len(), want.len(), "{what}");
    for (got, want) in got.iter().zip(want) {
        assert!((got / want - 1.0).abs() < 1e-9, "{what}: {got}, not {want}");
    }
}

/// 74,000 g / 3.7e8 Bq.
const WHOLE: f64 = 2e-4;
const HALF_LIFE_S: f64 = 6586.2;

fn after(seconds: f64) -> f64 {
    WHOLE * (seconds / HALF_LIFE_S).exp2()
}

#[test]
fn each_slice_has_its_own_slope_and_one_decay() {
    let objects = [pet(1, 0.0), pet(2, 4.0), pet(3, 8.0)];
    let want: Vec<f64> = (1..=3)
        .map(|n| 1000.0 * 2.0 * f64::from(n) * after(3600.0))
        .collect();
    close(by_weight(&objects), &want, "START");
    let (quantities, codes) = quantities(&objects);
    let names: Vec<(&str, &str)> = quantities
        .iter()
        .map(|q| (q.name.as_str(), q.unit.as_str()))
        .collect();
    assert_eq!(
        names,
        [
            ("SUVbw", "g/ml"),
            ("SUVlbm", "g/ml"),
            ("SUVbsa", "cm2/ml"),
            ("SUVibw", "g/ml")
        ]
    );
    assert!(quantities.iter().all(|q| q.is_meaningful()));
    assert_eq!(
        quantities[0].provenance,
        "Units BQML, decay to SeriesTime (START)"
    );
    assert!(!codes.contains(&"suv_unavailable"));
}

type Edit = fn(&mut Object);

#[test]
fn the_vendors_paths_lead_to_the_right_moment_and_unit() {
    let ge = |o: &mut Object| {
        o.text(0x0008_0031, b"TM", "150000")
            .text(0x0009_0010, b"LO", "GEMS_PETD_01")
            .text(0x0009_100D, b"DT", "20260102110000.00");
    };
    let philips: Edit = |o| {
        o.text(0x0054_1001, b"CS", "CNTS")
            .text(0x7053_0012, b"LO", "Philips PET Private Group")
            .text(0x7053_1200, b"DS", "0.005");
    };
    let philips_activity: Edit = |o| {
        o.text(0x0054_1001, b"CS", "CNTS")
            .text(0x7053_0010, b"LO", "Philips PET Private Group")
            .text(0x7053_1000, b"DS", "0.0")
            .text(0x7053_1009, b"DS", "3");
    };
    let rows: [(&str, Edit, f64); 8] = [
        ("GE's scan time after a late series time", ge, after(3600.0)),
        (
            "a late series time alone: the earliest acquisition",
            |o| {
                o.text(0x0008_0031, b"TM", "150000");
            },
            after(3660.0),
        ),
        ("Philips' SUV factor, in any block", philips, 0.005),
        (
            "Philips' activity factor",
            philips_activity,
            3.0 * after(3600.0),
        ),
        (
            "corrected to the injection",
            |o| {
                o.text(0x0054_1102, b"CS", "ADMIN");
            },
            WHOLE,
        ),
        (
            "not corrected: each frame's own start and mean",
            |o| {
                o.text(0x0054_1102, b"CS", "NONE")
                    .text(0x0028_0051, b"CS", "ATTN");
            },
            {
                let decay = std::f64::consts::LN_2 * 120.0 / HALF_LIFE_S;
                after(3660.0) * decay / (1.0 - (-decay).exp())
            },
        ),
        (
            "already an uptake",
            |o| {
                o.text(0x0054_1001, b"CS", "GML");
            },
            1.0,
        ),
        (
            "a series after midnight of an injection before",
            |o| {
                o.text(0x0008_0031, b"TM", "003000")
                    .text(0x0008_0032, b"TM", "003500");
            },
            after(14.5 * 3600.0),
        ),
    ];
    for (what, edit, per_value) in rows {
        let mut object = pet(1, 0.0);
        edit(&mut object);
        close(by_weight(&[object]), &[2000.0 * per_value], what);
    }
    let dated = with_injection(|i| {
        i.text(0x0018_1078, b"DT", "20260102093000");
    });
    close(
        by_weight(&[dated]),
        &[2000.0 * after(5400.0)],
        "the date time counts",
    );
}

#[test]
fn what_is_missing_gives_a_reason_and_no_number() {
    let rows: [(&str, Object); 9] = [
        ("PatientWeight", without(0x0010_1030)),
        ("Units", without(0x0054_1001)),
        ("DecayCorrection", without(0x0054_1102)),
        ("RadiopharmaceuticalStartDateTime", without(0x0054_0016)),
        (
            "RadionuclideHalfLife",
            with_injection(|i| {
                i.without(0x0018_1075);
            }),
        ),
        (
            "RadionuclideTotalDose is 370",
            with_injection(|i| {
                i.text(0x0018_1074, b"DS", "370");
            }),
        ),
        (
            "RadiopharmaceuticalStartDateTime",
            with_injection(|i| {
                i.without(0x0018_1072);
            }),
        ),
        (
            "the time from injection to scan",
            with_injection(|i| {
                i.text(0x0018_1078, b"DT", "20260102120000");
            }),
        ),
        ("ATTN in CorrectedImage", without(0x0028_0051)),
    ];
    for (what, object) in rows {
        let (_folder, scan) = scan_files(&[("a.dcm", object.file())]);
        let plan = volumes(&scan)[0];
        assert_eq!(plan.empty_volume().meaning.quantities, [], "{what}");
        let said = plan.warnings.iter().find(|w| w.code == "suv_unavailable");
        let text = said.map(|w| w.text.to_lowercase()).unwrap_or_default();
        assert!(text.starts_with(&what.to_lowercase()), "{what}: {text:?}");
    }
    // Without a height three kinds are gone, and body weight stays.
    let (some, codes) = quantities(&[without(0x0010_1020)]);
    assert_eq!(some.len(), 1);
    assert!(codes.contains(&"suv_unavailable"));
}

fn without(tag: u32) -> Object {
    let mut object = pet(1, 0.0);
    object.without(tag);
    object
}

#[test]
fn uptake_that_is_there_is_not_said_to_be_missing() {
    for (tag, offered, cause) in [
        (0x0010_1020, "offered as SUVbw alone", "PatientSize"),
        (
            0x0010_0040,
            "offered as SUVbw and SUVbsa alone",
            "PatientSex",
        ),
        (
            0x0010_1030,
            "there is no standardised uptake",
            "PatientWeight",
        ),
    ] {
        let mut object = pet(1, 0.0);
        object.without(tag);
        let (_folder, scan) = scan_files(&[("a.dcm", object.file())]);
        let plan = volumes(&scan)[0];
        let said = plan.warnings.iter().filter(|w| w.code == "suv_unavailable");
        let texts: Vec<&str> = said.map(|w| w.text.as_str()).collect();
        assert!(
            texts
                .iter()
                .any(|t| t.contains(offered) && t.contains(cause)),
            "{cause}: {texts:?}"
        );
    }
}
