#![allow(clippy::unwrap_used)]

use case::*;
use serde_json::Value;

use super::fixture::{CANARY, Opening, Story, Until, context, report_part, story};
use super::paper::kept;
use crate::container::{self, Part};
use crate::package::lines_of;
use crate::{
    ExchangeError, Extra, ReportPart, Verification, package, pdf, verify_log, verify_package,
};

fn extras(story: &Story) -> Vec<Extra> {
    vec![
        Extra {
            name: "report.pdf".into(),
            bytes: pdf(&story.case, &[], &context()).unwrap(),
        },
        Extra {
            name: "case.json".into(),
            bytes: lines_of(&crate::json(&story.case, &context())).unwrap(),
        },
    ]
}

pub(super) fn packed(story: &Story) -> Vec<u8> {
    let report = report_part();
    let report = if story.case.is_blinded() {
        ReportPart {
            key: None,
            ..report
        }
    } else {
        report
    };
    package(&story.case, &story.entries, Some(&report), &extras(story)).unwrap()
}

pub(super) fn failed(verification: &Verification) -> Vec<&str> {
    verification
        .checks
        .iter()
        .filter(|check| !check.ok)
        .map(|check| check.name.as_str())
        .collect()
}

/// Packs changed parts anew, with the digests of the manifest made to fit: what somebody would do who knows the format.
fn repacked(bytes: &[u8], change: impl FnOnce(&mut Vec<Part>)) -> Vec<u8> {
    let mut parts = container::read(bytes).unwrap();
    change(&mut parts);
    let mut manifest: Value = serde_json::from_slice(&parts[0].1).unwrap();
    let listed = parts.iter().skip(1).map(|(name, bytes)| {
        serde_json::json!({ "name": name, "sha256": Sha256::of(bytes), "n_bytes": bytes.len() })
    });
    manifest["parts"] = listed.collect();
    let log = parts.iter().find(|(name, _)| name == "log.jsonl").unwrap();
    let last = log
        .1
        .split(|&byte| byte == b'\n')
        .rfind(|line| !line.is_empty());
    let last: Option<Entry> = last.and_then(|line| serde_json::from_slice(line).ok());
    if let Some(last) = last {
        manifest["log"] = serde_json::json!({ "n_entries": last.seq, "head": last.hash });
    }
    parts[0].1 = lines_of(&manifest).unwrap();
    container::write(&parts).unwrap()
}

fn part<'p>(parts: &'p mut [Part], name: &str) -> &'p mut Vec<u8> {
    &mut parts.iter_mut().find(|(other, _)| other == name).unwrap().1
}

#[test]
fn an_unaltered_package_verifies_at_every_stage() {
    for opening in [Opening::AfterSeal, Opening::Early] {
        for until in [
            Until::Created,
            Until::Reading,
            Until::Sealed,
            Until::Compared,
            Until::Signed,
        ] {
            let story = story(until, opening);
            let bytes = kept("case.overread", packed(&story));
            let verification = verify_package(&bytes);
            assert!(
                verification.ok,
                "{until:?} {opening:?}: {:?}",
                failed(&verification)
            );
            assert_eq!(verification.case_id, Some(story.case.id().clone()));
            assert_eq!(verification.sealed_at.is_some(), Until::Sealed <= until);
            assert_eq!(verification.signed_at.is_some(), Until::Signed <= until);
            let early = opening == Opening::Early && !story.case.is_blinded();
            let blinded = (early || Until::Sealed <= until).then_some(!early);
            assert_eq!(verification.blinded, blinded);
            assert!(verify_log(&story.entries).ok);
        }
    }
}

#[test]
fn a_package_of_a_blinded_case_keeps_the_first_report_closed() {
    let story = story(Until::Sealed, Opening::AfterSeal);
    let refused = package(&story.case, &story.entries, Some(&report_part()), &[]);
    assert!(matches!(refused, Err(ExchangeError::Blinded)));
    let bytes = packed(&story);
    let canary = CANARY.as_bytes();
    assert!(!bytes.windows(canary.len()).any(|window| window == canary));
    let opened = repacked(&bytes, |parts| {
        let json = part(parts, "first-report-1.json");
        let mut value: Value = serde_json::from_slice(json).unwrap();
        value["key"] = "03".repeat(32).into();
        *json = lines_of(&value).unwrap();
    });
    assert_eq!(failed(&verify_package(&opened)), ["first_report:1"]);
}

#[test]
fn every_changed_byte_of_every_part_is_found() {
    let bytes = packed(&story(Until::Signed, Opening::AfterSeal));
    // Every seventh byte, and each of the last four hundred (directory and end of the archive).
    let positions =
        (0..bytes.len()).filter(|position| position % 499 == 0 || bytes.len() < position + 400);
    let mut n_tried = 0;
    for position in positions {
        let mut changed = bytes.clone();
        changed[position] ^= 1 << (position % 8);
        assert!(
            !verify_package(&changed).ok,
            "byte {position} of {}",
            bytes.len()
        );
        n_tried += 1;
    }
    assert!(500 < n_tried, "{n_tried}");
    for length in (0..bytes.len()).step_by(bytes.len() / 40) {
        assert!(!verify_package(&bytes[..length]).ok, "cut at {length}");
    }
}

/// Does a changed byte of `case.json` change nothing but who printed it and when?
fn only_printing_differs(bytes: &[u8], position: usize) -> bool {
    let mut parts = container::read(bytes).unwrap();
    let mut text = part(&mut parts, "case.json").clone();
    let without_printing = |text: &[u8]| {
        let mut value: Value = serde_json::from_slice(text).ok()?;
        value.as_object_mut()?.remove("printed")?;
        Some(value)
    };
    let before = without_printing(&text);
    text[position] ^= 1;
    before == without_printing(&text)
}

#[test]
fn a_changed_part_is_found_even_when_the_manifest_is_made_to_fit() {
    let bytes = packed(&story(Until::Signed, Opening::AfterSeal));
    assert!(verify_package(&repacked(&bytes, |_| {})).ok);
    for name in [
        "log.jsonl",
        "seal.json",
        "study-manifest.json",
        "first-report-1.json",
        "first-report-1.sealed",
        "case.json",
    ] {
        let n_bytes = part(&mut container::read(&bytes).unwrap(), name).len();
        for position in (0..n_bytes).step_by(n_bytes.div_ceil(60)) {
            // Who printed a document and when is not in the log, so nothing can tell that it was another.
            if name == "case.json" && only_printing_differs(&bytes, position) {
                continue;
            }
            let changed = repacked(&bytes, |parts| part(parts, name)[position] ^= 1);
            let verification = verify_package(&changed);
            assert!(!verification.ok, "{name} byte {position}");
            assert!(!failed(&verification).contains(&"container"));
        }
        let without = repacked(&bytes, |parts| {
            parts.retain(|(other, _)| other != name || other == "log.jsonl")
        });
        let optional = [
            "first-report-1.sealed",
            "case.json",
            "log.jsonl",
            "first-report-1.json",
        ]
        .contains(&name);
        assert!(optional || !verify_package(&without).ok, "without {name}");
    }
}

#[test]
fn words_changed_in_a_log_whose_hashes_were_made_anew_do_not_fit_the_seal() {
    let mut story = story(Until::Signed, Opening::AfterSeal);
    for entry in &mut story.entries {
        if let Event::FindingAdded { finding } = &mut entry.event {
            finding.side = Some(Side::Left);
        }
    }
    rechain(&mut story.entries);
    assert!(failed(&verify_log(&story.entries)).contains(&"seal"));
}

#[test]
fn lines_dropped_doubled_or_exchanged_are_found() {
    let story = story(Until::Signed, Opening::AfterSeal);
    let n_entries = story.entries.len();
    for seq_idx in 0..n_entries - 1 {
        let mut dropped = story.entries.clone();
        dropped.remove(seq_idx);
        assert!(!verify_log(&dropped).ok, "dropped {seq_idx}");
        let mut exchanged = story.entries.clone();
        exchanged.swap(seq_idx, seq_idx + 1);
        assert!(!verify_log(&exchanged).ok, "exchanged {seq_idx}");
        let mut doubled = story.entries.clone();
        doubled.insert(seq_idx, story.entries[seq_idx].clone());
        assert!(!verify_log(&doubled).ok, "doubled {seq_idx}");
    }
    let bytes = packed(&story);
    for n_kept in 0..n_entries {
        let cut = repacked(&bytes, |parts| {
            let log = part(parts, "log.jsonl");
            let lines: Vec<&[u8]> = log
                .split_inclusive(|&byte| byte == b'\n')
                .take(n_kept)
                .collect();
            *log = lines.concat();
        });
        assert!(!verify_package(&cut).ok, "kept {n_kept}");
    }
    assert!(!verify_log(&[]).ok);
}

/// Each kind of event after whose removal a log would read better than it was.
#[test]
fn a_log_chained_anew_without_an_event_does_not_fit_its_signatures() {
    type Wanted = fn(&Event) -> bool;
    let rows: [(&str, Wanted); 5] = [
        ("reveal", |event| matches!(event, Event::Revealed { .. })),
        ("early reveal", |event| {
            matches!(event, Event::RevealedEarly { .. })
        }),
        ("seal", |event| matches!(event, Event::ReadSealed { .. })),
        ("verdict", |event| matches!(event, Event::VerdictSet { .. })),
        ("impression", |event| {
            matches!(event, Event::ImpressionWritten { .. })
        }),
    ];
    for (name, wanted) in rows {
        let opening = if name == "early reveal" {
            Opening::Early
        } else {
            Opening::AfterSeal
        };
        let mut story = story(Until::Signed, opening);
        let position = story
            .entries
            .iter()
            .position(|entry| wanted(&entry.event))
            .unwrap();
        story.entries.remove(position);
        rechain(&mut story.entries);
        let verification = verify_log(&story.entries);
        assert!(!verification.ok, "{name}");
        assert!(!failed(&verification).contains(&"chain"), "{name}");
    }
}

#[test]
fn a_comparison_before_the_reveal_is_found_without_any_signature() {
    let mut story = story(Until::Compared, Opening::AfterSeal);
    story
        .entries
        .retain(|entry| !matches!(entry.event, Event::Revealed { .. }));
    rechain(&mut story.entries);
    assert_eq!(failed(&verify_log(&story.entries)), ["order"]);
}

#[test]
fn signatures_of_other_keys_and_other_seals_are_refused() {
    type Change = fn(&mut SealRecord);
    let changes: [(&str, Change); 5] = [
        ("signature of zeros", |seal| {
            seal.signature = "0".repeat(128)
        }),
        ("half a signature", |seal| seal.signature.truncate(64)),
        ("key of zeros", |seal| seal.public_key = "0".repeat(64)),
        ("upper case", |seal| {
            seal.signature = seal.signature.to_uppercase()
        }),
        ("digest of nothing", |seal| seal.digest = Sha256::of(b"")),
    ];
    for (name, change) in changes {
        let mut story = story(Until::Sealed, Opening::AfterSeal);
        for entry in &mut story.entries {
            if let Event::ReadSealed { seal, .. } = &mut entry.event {
                change(seal);
            }
        }
        rechain(&mut story.entries);
        assert_eq!(failed(&verify_log(&story.entries)), ["seal"], "{name}");
    }
    // The signature of the read in place of that of the comparison.
    let mut story = story(Until::Signed, Opening::AfterSeal);
    let read_seal = story.case.read().seal.clone().unwrap().0;
    for entry in &mut story.entries {
        if let Event::ComparisonSigned { seal, .. } = &mut entry.event {
            seal.signature.clone_from(&read_seal.signature);
        }
    }
    rechain(&mut story.entries);
    assert_eq!(failed(&verify_log(&story.entries)), ["seal"]);
}

#[test]
fn another_hand_in_a_read_is_found() {
    let mut story = story(Until::Reading, Opening::AfterSeal);
    if let Some(entry) = story
        .entries
        .iter_mut()
        .find(|entry| matches!(entry.event, Event::ImpressionWritten { .. }))
    {
        entry.actor = Actor::new("Dr Other");
    }
    rechain(&mut story.entries);
    assert_eq!(failed(&verify_log(&story.entries)), ["one_reader"]);
}

#[test]
fn a_package_needs_the_whole_log_of_its_case() {
    let story = story(Until::Sealed, Opening::AfterSeal);
    let package_of = |entries: &[Entry]| package(&story.case, entries, None, &[]);
    assert!(matches!(package_of(&[]), Err(ExchangeError::NoLog)));
    assert!(matches!(
        package_of(&story.entries[..3]),
        Err(ExchangeError::LogDiffers)
    ));
    let named = |name: &str| {
        let extra = Extra {
            name: name.into(),
            bytes: vec![],
        };
        package(&story.case, &story.entries, None, &[extra])
    };
    for name in ["../x.pdf", "log.jsonl", "", "a/b"] {
        assert!(
            matches!(named(name), Err(ExchangeError::PartName(_))),
            "{name}"
        );
    }
}

#[test]
fn hostile_bytes_never_verify_and_never_panic() {
    let deep = "[".repeat(100_000);
    let rows = [
        Vec::new(),
        b"PK".to_vec(),
        b"PK\x05\x06".iter().copied().chain([0; 18]).collect(),
        vec![0xFF; 4096],
    ];
    for bytes in rows {
        assert!(!verify_package(&bytes).ok);
    }
    for log in [deep.as_str(), "", "\n", "null\n", "{}\n", "\u{feff}{}\n"] {
        let parts = vec![
            ("manifest.json".to_owned(), deep.clone().into_bytes()),
            ("log.jsonl".to_owned(), log.as_bytes().to_vec()),
        ];
        let verification = verify_package(&container::write(&parts).unwrap());
        assert!(
            !verification.ok && verification.case_id.is_none(),
            "{log:.10}"
        );
    }
}

/// Gives every entry the number, the predecessor and the hash that it would have at its place.
fn rechain(entries: &mut [Entry]) {
    let mut prev = Sha256::zero();
    for (idx, entry) in entries.iter_mut().enumerate() {
        entry.seq = idx as u64 + 1;
        entry.prev = prev;
        entry.hash = entry.compute_hash();
        prev = entry.hash.clone();
    }
}
