//! Standardised uptake of enhanced PET, where each frame has its own time and injection, against numbers by hand.

use volume::QuantityKind;

use crate::builder::{Object, codes, scan_files, volumes};

const HALF_LIFE_S: f64 = 6586.2;
/// 74 kg and 370 MBq: 74,000 g / 3.7e8 Bq.
const WHOLE: f64 = 2e-4;

fn injection(agent: u16, start: &str, dose_mbq: &str) -> Object {
    let mut item = Object::empty();
    item.text(0x0018_1074, b"DS", dose_mbq)
        .text(0x0018_1075, b"DS", "6586.2")
        .text(0x0018_1078, b"DT", start)
        .us(0x0018_9729, agent);
    item
}

/// A frame that starts so long after ten o'clock, lasts a half life, and whose stored values are tenths of Bq/ml.
fn frame(number: usize, start: &str, agent: Option<u16>, unit: &str) -> Object {
    let mut content = Object::empty();
    content
        .text(0x0018_9074, b"DT", start)
        .fd(0x0018_9220, &[HALF_LIFE_S * 1000.0]);
    let mut position = Object::empty();
    position.text(0x0020_0032, b"DS", &format!("0\\0\\{number}"));
    let mut units = Object::empty();
    units.text(0x0008_0100, b"SH", unit);
    let mut mapping = Object::empty();
    mapping
        .sequence(0x0040_08EA, &[&units])
        .us(0x0040_9211, u16::MAX)
        .us(0x0040_9216, 0)
        .fd(0x0040_9224, &[0.0])
        .fd(0x0040_9225, &[0.1]);
    let mut group = Object::empty();
    if let Some(agent) = agent {
        let mut usage = Object::empty();
        usage.us(0x0018_9729, agent);
        group.sequence(0x0018_9737, &[&usage]);
    }
    group
        .sequence(0x0020_9111, &[&content])
        .sequence(0x0020_9113, &[&position])
        .sequence(0x0040_9096, &[&mapping]);
    group
}

fn object(frames: &[Object], injections: &[Object], edit: impl Fn(&mut Object)) -> Object {
    let mut orientation = Object::empty();
    orientation.text(0x0020_0037, b"DS", "1\\0\\0\\0\\1\\0");
    let mut measures = Object::empty();
    measures
        .text(0x0018_0050, b"DS", "1")
        .text(0x0028_0030, b"DS", "2\\2");
    let mut shared = Object::empty();
    shared
        .sequence(0x0020_9116, &[&orientation])
        .sequence(0x0028_9110, &[&measures]);
    let mut object = Object::ct(1, 0.0);
    let pixels = vec![0; 2 * 2 * 2 * frames.len()];
    object.picture([2, 2, 1, 16, 16, 0], "MONOCHROME2", pixels);
    for tag in [
        0x0020_0032,
        0x0020_0037,
        0x0028_0030,
        0x0018_0050,
        0x0028_1052,
        0x0028_1053,
    ] {
        object.without(tag);
    }
    object
        .text(0x0008_0016, b"UI", "1.2.840.10008.5.1.4.1.1.130")
        .text(0x0008_0060, b"CS", "PT")
        .text(0x0010_1030, b"DS", "74")
        .text(0x0018_9701, b"DT", "20260102100000")
        .text(0x0018_9758, b"CS", "YES")
        .text(0x0018_9759, b"CS", "YES")
        .text(0x0028_0008, b"IS", &frames.len().to_string())
        .sequence(0x0054_0016, &injections.iter().collect::<Vec<_>>())
        .sequence(0x5200_9229, &[&shared])
        .sequence(0x5200_9230, &frames.iter().collect::<Vec<_>>());
    edit(&mut object);
    object
}

/// The uptake by body weight of stored value 1000 in each frame, and the codes.
fn by_weight(object: &Object) -> (Option<Vec<f64>>, Vec<&'static str>) {
    let (_folder, scan) = scan_files(&[("a.dcm", object.file())]);
    let plans = volumes(&scan);
    let volume = plans[0].empty_volume();
    let quantities = &volume.meaning.quantities;
    let quantity = quantities
        .iter()
        .find(|q| q.kind == QuantityKind::SuvBodyWeight);
    let values = quantity.and_then(|q| {
        let n_slices = plans[0].n_slices();
        (0..n_slices).map(|k| q.value(k, 1000.0)).collect()
    });
    (values, codes(&scan))
}

/// Two frames, the second starting a half life after ten o'clock, 11:49:46.2.
fn frames() -> [Object; 2] {
    [
        frame(1, "20260102100000", Some(1), "Bq/ml"),
        frame(2, "20260102114946.2", Some(1), "Bq/ml"),
    ]
}

#[test]
fn each_frame_is_corrected_from_its_own_time_and_injection() {
    let at_ten = || injection(1, "20260102100000", "370");
    let mean_of_frame = 2.0 * std::f64::consts::LN_2;
    // Stored 1000 is 100 Bq/ml.
    let hundred = 100.0 * WHOLE;
    let corrected = object(&frames(), &[at_ten()], |_| {});
    let corrected_later = object(&frames(), &[at_ten()], |o| {
        o.text(0x0018_9701, b"DT", "20260102114946.2");
    });
    let uncorrected = object(&frames(), &[at_ten()], |o| {
        o.text(0x0018_9758, b"CS", "NO").without(0x0018_9701);
    });
    let kilo = object(
        &[frame(1, "20260102100000", None, "kBq/mL")],
        &[at_ten()],
        |_| {},
    );
    let of_two = [
        frame(1, "20260102100000", Some(2), "Bq/ml"),
        frame(2, "20260102100000", Some(1), "Bq/ml"),
    ];
    let half_dose = injection(2, "20260102100000", "185");
    let two_agents = object(&of_two, &[at_ten(), half_dose], |_| {});
    for (what, object, want) in [
        ("to the injection", corrected, vec![hundred, hundred]),
        (
            "to a half life later",
            corrected_later,
            vec![2.0 * hundred; 2],
        ),
        (
            "each frame by its own time",
            uncorrected,
            vec![mean_of_frame * hundred, 2.0 * mean_of_frame * hundred],
        ),
        ("in kBq/mL", kilo, vec![1000.0 * hundred]),
        ("two agents", two_agents, vec![2.0 * hundred, hundred]),
    ] {
        let (got, codes) = by_weight(&object);
        let got = got.unwrap_or_else(|| panic!("{what}: no uptake, {codes:?}"));
        assert_eq!(got.len(), want.len(), "{what}");
        for (got, want) in got.iter().zip(want) {
            assert!((got / want - 1.0).abs() < 1e-9, "{what}: {got}, not {want}");
        }
    }
}

#[test]
fn what_an_enhanced_object_does_not_say_gives_a_reason_and_no_number() {
    let at_ten = || injection(1, "20260102100000", "370");
    let plain = |edit: fn(&mut Object)| object(&frames(), &[at_ten()], edit);
    let two_in_one = || {
        let mut both = frame(1, "20260102100000", None, "Bq/ml");
        let [mut one, mut two] = [Object::empty(), Object::empty()];
        one.us(0x0018_9729, 1);
        two.us(0x0018_9729, 2);
        both.sequence(0x0018_9737, &[&one, &two]);
        object(
            &[both],
            &[at_ten(), injection(2, "20260102100000", "9")],
            |_| {},
        )
    };
    for (what, object) in [
        (
            "not corrected for attenuation",
            plain(|o| {
                o.text(0x0018_9759, b"CS", "NO");
            }),
        ),
        (
            "no moment of correction",
            plain(|o| {
                o.without(0x0018_9701);
            }),
        ),
        (
            "decay not said",
            plain(|o| {
                o.without(0x0018_9758);
            }),
        ),
        (
            "no injection",
            plain(|o| {
                o.without(0x0054_0016);
            }),
        ),
        (
            "no weight",
            plain(|o| {
                o.without(0x0010_1030);
            }),
        ),
        (
            "a dose in Bq where MBq belong",
            object(
                &frames(),
                &[injection(1, "20260102100000", "370000000")],
                |_| {},
            ),
        ),
        (
            "another unit",
            object(
                &[frame(1, "20260102100000", None, "{counts}")],
                &[at_ten()],
                |_| {},
            ),
        ),
        (
            "an agent that is not described",
            object(
                &[frame(1, "20260102100000", Some(7), "Bq/ml")],
                &[at_ten()],
                |_| {},
            ),
        ),
        ("two agents in one frame", two_in_one()),
    ] {
        let (got, codes) = by_weight(&object);
        assert_eq!(got, None, "{what}");
        assert!(codes.contains(&"suv_unavailable"), "{what}: {codes:?}");
    }
}
