#![allow(clippy::unwrap_used)]

use case::*;
use serde_json::{Value, json};

use super::fixture::{CANARY, Opening, SealForm, Story, Until, context, story, story_in, story_of};
use super::paper::kept;
use super::tamper::{failed, packed};
use crate::package::lines_of;
use crate::{
    ExchangeError, certificate, verify_certificate, verify_certificate_with,
    verify_certificate_with_log,
};

/// The certificate of a story, signed with the key of its read.
fn certified(story: &Story) -> Vec<u8> {
    let unsigned = certificate(&story.case, &story.entries, &context()).unwrap();
    let (signature, public_key) = story.sign(&unsigned.message().unwrap());
    let signed = unsigned.signed(signature, public_key);
    signed.bytes().unwrap()
}

/// A changed certificate that its issuer signs anew, with its sentences made to fit: what somebody would do who knows the
/// form and has a key.
fn forged(story: &Story, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(&certified(story)).unwrap();
    change(&mut value);
    value["issuer"] = Value::Null;
    let mut unsigned: crate::Certificate = serde_json::from_value(value).unwrap();
    (unsigned.proves, unsigned.does_not_prove) = crate::certificate::words_of(&unsigned);
    let (signature, public_key) = story.sign(&unsigned.message().unwrap());
    let signed = unsigned.signed(signature, public_key);
    signed.bytes().unwrap()
}

fn proves(bytes: &[u8]) -> String {
    let value: Value = serde_json::from_slice(bytes).unwrap();
    value["proves"].to_string()
}

#[test]
fn a_certificate_shows_that_the_read_was_sealed_before_the_first_report_was_opened() {
    let story = story(Until::Signed, Opening::AfterSeal);
    let bytes = kept("certificate.json", certified(&story));
    let verification = verify_certificate(&bytes);
    assert!(verification.ok, "{verification:#?}");
    assert_eq!(verification.blinded, Some(true));
    assert_eq!(verification.case_id, Some(CaseId::new("OR-7F3A21C4")));
    let order = verification
        .checks
        .iter()
        .find(|c| c.name == "order")
        .unwrap();
    assert!(
        order.text.contains("the reveal names the seal"),
        "{}",
        order.text
    );
    let text = String::from_utf8(bytes).unwrap();
    for word in [
        CANARY,
        "Hartley",
        "DEMO-0051",
        "ACC-90017",
        "nodule",
        "Nodule",
        "growing",
        "Novak",
        "slices",
        "1968",
        "2.25.",
    ] {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn a_certificate_made_before_the_reveal_says_that_the_first_report_was_closed() {
    let sealed = story(Until::Sealed, Opening::AfterSeal);
    let bytes = certified(&sealed);
    assert!(verify_certificate(&bytes).ok);
    assert!(proves(&bytes).contains("still closed when this was written"));
    for until in [Until::Created, Until::Reading] {
        let story = story(until, Opening::AfterSeal);
        let refused = certificate(&story.case, &story.entries, &context());
        assert!(
            matches!(refused, Err(ExchangeError::Refused(_))),
            "{until:?}"
        );
    }
    // What was given away before the reveal fits what came of it, so a second party can tell.
    let signed = story(Until::Signed, Opening::AfterSeal);
    let both = verify_certificate_with(&bytes, &certified(&signed));
    assert!(both.ok, "{both:#?}");
}

#[test]
fn a_read_that_was_opened_early_is_told_apart() {
    let story = story(Until::Signed, Opening::Early);
    let bytes = certified(&story);
    let verification = verify_certificate(&bytes);
    assert!(verification.ok, "{verification:#?}");
    assert_eq!(verification.blinded, Some(false));
    assert!(proves(&bytes).contains("this read was not blinded"));
    assert!(!String::from_utf8(bytes).unwrap().contains("theatre"));
    // Without the early reveal the seal still says so.
    let hidden = forged(&story, |value| {
        let milestones = value["milestones"].as_array_mut().unwrap();
        milestones.retain(|milestone| milestone["kind"] != "early_reveal");
    });
    let verification = verify_certificate(&hidden);
    assert_eq!(failed(&verification), ["links", "order"]);
    assert_eq!(verification.blinded, Some(false));
}

#[test]
fn every_changed_bit_is_found_and_named() {
    let bytes = certified(&story(Until::Signed, Opening::AfterSeal));
    for position in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[position] ^= 1 << (position % 8);
        let verification = verify_certificate(&changed);
        assert!(!verification.ok, "byte {position}");
        assert!(!failed(&verification).is_empty(), "byte {position}");
    }
    for length in (0..bytes.len()).step_by(97) {
        assert!(!verify_certificate(&bytes[..length]).ok, "cut at {length}");
    }
    assert!(!verify_certificate(&[&bytes[..], b"\n"].concat()).ok);
}

#[test]
fn what_somebody_with_a_key_changes_is_found_by_its_name() {
    type Change = fn(&mut Value);
    let rows: [(&str, Change); 12] = [
        ("seal:second_read", |v| {
            v["milestones"][0]["record"]["claims"]["first_report"] = json!("opened_early");
        }),
        ("seal:second_read", |v| {
            v["milestones"][0]["record"]["digest"] = json!("0".repeat(64));
        }),
        ("seal:second_read", |v| {
            v["milestones"][0]["record"]["claims"]["images"] = json!("0".repeat(64));
        }),
        ("links", |v| {
            let milestones = v["milestones"].as_array_mut().unwrap();
            milestones.remove(1);
        }),
        ("links", |v| {
            let milestones = v["milestones"].as_array_mut().unwrap();
            milestones.swap(0, 1);
        }),
        ("reveal", |v| {
            let body = v["milestones"][1]["body"].as_str().unwrap().to_owned();
            v["milestones"][1]["body"] = json!(body.replace("+01:00", "+02:00"));
        }),
        ("reveal", |v| v["milestones"][1]["seq"] = json!(17)),
        ("between", |v| {
            v["milestones"][1]["prev"] = json!("0".repeat(64));
        }),
        ("protocol", |v| v["protocol"]["version"] = json!(2)),
        ("seal:second_read", |v| v["case"] = json!("OR-00000000")),
        ("order", |v| {
            v["milestones"].as_array_mut().unwrap().clear();
        }),
        ("seal:comparison", |v| {
            v["milestones"][2]["record"]["signature"] = json!("0".repeat(128));
        }),
    ];
    let story = story(Until::Signed, Opening::AfterSeal);
    assert!(verify_certificate(&forged(&story, |_| {})).ok);
    for (row, (name, change)) in rows.into_iter().enumerate() {
        let verification = verify_certificate(&forged(&story, change));
        let failed = failed(&verification);
        assert!(failed.contains(&name), "row {row}, {name}: {failed:?}");
    }
    // Sentences of its own choosing.
    let mut value: Value = serde_json::from_slice(&certified(&story)).unwrap();
    value["proves"] = json!(["The read is right."]);
    let verification = verify_certificate(&lines_of(&value).unwrap());
    assert_eq!(failed(&verification), ["issuer", "words"]);
}

#[test]
fn a_certificate_of_another_case_key_or_read_does_not_fit() {
    let form = SealForm::WithClaims;
    let mine = story(Until::Signed, Opening::AfterSeal);
    let bytes = certified(&mine);
    let json = lines_of(&crate::json(&mine.case, &context())).unwrap();
    for (name, other) in [("package", packed(&mine)), ("json", json)] {
        let verification = verify_certificate_with(&bytes, &other);
        assert!(verification.ok, "{name}: {verification:#?}");
    }
    assert!(verify_certificate_with_log(&bytes, &mine.entries).ok);
    let another_case = story_of(("OR-00000001", 7), form, Until::Signed, Opening::AfterSeal);
    let another_key = story_of(("OR-7F3A21C4", 9), form, Until::Signed, Opening::AfterSeal);
    let early = story(Until::Signed, Opening::Early);
    let rows = [
        (
            &another_case,
            vec!["other:case", "other:seals", "other:log"],
        ),
        (&another_key, vec!["other:seals", "other:log"]),
        (&early, vec!["other:seals", "other:log"]),
    ];
    for (other, expected) in rows {
        let verification = verify_certificate_with(&bytes, &packed(other));
        assert_eq!(failed(&verification), expected);
        let other = certified(other);
        let public_key = verify_certificate(&other).public_key;
        let is_mine = public_key == verify_certificate(&bytes).public_key;
        assert_eq!(
            is_mine,
            !expected.ends_with(&["other:seals"]) && {
                let verification = verify_certificate_with(&bytes, &other);
                let seals = verification.checks.iter().find(|c| c.name == "other:seals");
                !seals.unwrap().text.contains("another key")
            }
        );
    }
    for other in [
        &b""[..],
        b"{}",
        b"PK",
        b"{\"schema\":\"overread.certificate/1\"}",
    ] {
        assert_eq!(failed(&verify_certificate_with(&bytes, other)), ["other"]);
    }
}

#[test]
fn a_record_of_an_older_version_is_certified_with_what_it_can_show() {
    for opening in [Opening::AfterSeal, Opening::Early] {
        let story = story_in(SealForm::Old, Until::Signed, opening);
        let bytes = certified(&story);
        let verification = verify_certificate(&bytes);
        assert!(verification.ok, "{verification:#?}");
        assert_eq!(verification.blinded, Some(opening == Opening::AfterSeal));
        assert!(String::from_utf8(bytes).unwrap().contains("older version"));
    }
}

#[test]
fn what_stands_between_seal_and_reveal_is_shown_as_far_as_it_holds_nothing_clinical() {
    let mut story = story(Until::Sealed, Opening::AfterSeal);
    let exported = Command::RecordExport {
        format: "certificate".into(),
        sha256: Sha256::of(b"x"),
    };
    story.act(exported);
    story.act(Command::Critical(CriticalCommand::Raise {
        text: "Free air".into(),
        urgency: Urgency::Minutes,
        finding: None,
    }));
    story.act(Command::Reveal { urgent: None });
    let bytes = certified(&story);
    let verification = verify_certificate(&bytes);
    assert!(verification.ok, "{verification:#?}");
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    assert!(value["between"][0]["body"].is_string());
    assert_eq!(value["between"][1]["kind"], "critical");
    assert_eq!(value["between"][1]["body"], Value::Null);
    assert!(!value.to_string().contains("Free air"));
    let changed = forged(&story, |v| {
        let body = v["between"][0]["body"].as_str().unwrap().to_owned();
        v["between"][0]["body"] = json!(body.replace("certificate", "package"));
    });
    assert_eq!(failed(&verify_certificate(&changed)), ["between"]);
}

#[test]
fn hostile_bytes_are_no_certificate() {
    let deep = format!("{{\"schema\":{}", "[".repeat(100_000));
    for bytes in [
        &b""[..],
        b"{",
        b"{}",
        b"null",
        b"[]",
        deep.as_bytes(),
        &[0xFF; 64],
    ] {
        assert_eq!(failed(&verify_certificate(bytes)), ["form"]);
    }
}
