//! A package that was altered anywhere is known by it.

use std::path::PathBuf;

use acceptance::{Desk, ReportForm, decide_all, enter_findings, sample};
use phantom::Random;

const N_FLIPS: usize = 150;
const SEED: u64 = 7;

/// A signed package of a small case, and what wrote it.
fn package(desk: &Desk) -> PathBuf {
    let sample = sample(1);
    let me = desk.reader("Ada Second");
    let id = sample.create(&me, ReportForm::Text, "");
    enter_findings(&me, &id, &sample.truth);
    me.json(&["case", "seal", &id, "--accept"]);
    me.json(&["case", "reveal", &id]);
    decide_all(&me, &id);
    me.json(&["case", "sign", &id]);
    let out = desk.path("out");
    me.json(&[
        "case",
        "export",
        &id,
        "--format",
        "package",
        "--out",
        out.to_str().unwrap(),
    ]);
    out.join(format!("{id}.overread"))
}

#[test]
fn a_package_with_one_byte_changed_does_not_verify() {
    println!("seed {SEED}");
    let desk = Desk::new();
    let path = package(&desk);
    let anybody = Desk::new().reader("anybody");
    let sound = std::fs::read(&path).unwrap();
    assert_eq!(
        anybody.json(&["verify".as_ref(), path.as_os_str()])["ok"],
        true
    );
    let mut random = Random::new(SEED, 1);
    let changed = desk.path("changed.overread");
    let mut passed = Vec::new();
    for _ in 0..N_FLIPS {
        let at = random.index(sound.len());
        let bit = random.index(8);
        let mut bytes = sound.clone();
        bytes[at] ^= 1 << bit;
        std::fs::write(&changed, &bytes).unwrap();
        let answer = anybody.run(&["verify".as_ref(), changed.as_os_str()]);
        assert!(
            !answer.stderr.contains("panicked"),
            "byte {at} bit {bit}: {}",
            answer.stderr
        );
        match answer.code {
            Some(1) => assert_eq!(answer.json()["ok"], false, "byte {at} bit {bit}"),
            _ => passed.push((at, bit, answer.code)),
        }
    }
    assert!(passed.is_empty(), "of {} bytes: {passed:?}", sound.len());
}

#[test]
fn what_is_no_whole_package_does_not_verify() {
    let desk = Desk::new();
    let path = package(&desk);
    let anybody = Desk::new().reader("anybody");
    let sound = std::fs::read(&path).unwrap();
    let n = sound.len();
    let rows: [(&str, Vec<u8>); 9] = [
        ("empty", Vec::new()),
        ("one byte", sound[..1].to_vec()),
        ("half", sound[..n / 2].to_vec()),
        ("without its last byte", sound[..n - 1].to_vec()),
        ("without its first byte", sound[1..].to_vec()),
        ("with a byte more", [&sound[..], b"x"].concat()),
        ("twice", [&sound[..], &sound].concat()),
        (
            "noise",
            (0..5000_u32)
                .map(|k| (k.wrapping_mul(2_654_435_761) >> 24) as u8)
                .collect(),
        ),
        ("an empty archive", phantom::broken::zip_bytes(&[])),
    ];
    let changed = desk.path("changed.overread");
    for (name, bytes) in rows {
        std::fs::write(&changed, bytes).unwrap();
        let answer = anybody.run(&["verify".as_ref(), changed.as_os_str()]);
        assert_eq!(answer.code, Some(1), "{name}: {answer:?}");
        assert_eq!(answer.json()["ok"], false, "{name}");
    }
}

#[test]
fn what_is_no_file_and_no_case_is_said_to_be_neither() {
    let desk = Desk::new();
    let folder = desk.path("folder");
    std::fs::create_dir(&folder).unwrap();
    let somebody = desk.reader("anybody");
    for name in [folder.to_str().unwrap(), "OR-NONE"] {
        let answer = somebody.run(&["verify", name]);
        assert!(matches!(answer.code, Some(1..=5)), "{name}: {answer:?}");
        assert!(
            answer.stderr.starts_with("overread: "),
            "{name}: {answer:?}"
        );
    }
}
