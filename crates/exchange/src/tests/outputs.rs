#![allow(clippy::unwrap_used)]

use serde_json::Value;

use super::fixture::{CANARY, Opening, Until, context, story, without_identifiers};
use crate::{json, limitations, narrative};

#[test]
fn a_blinded_case_gives_no_word_of_the_first_report() {
    for until in [Until::Created, Until::Reading, Until::Sealed] {
        let story = story(until, Opening::AfterSeal);
        let text = narrative(&story.case, &context());
        let json = json(&story.case, &context());
        for output in [text, json.to_string(), limitations(&story.case).join("\n")] {
            for word in [
                CANARY,
                "Novak",
                "18 mm",
                "left lower lobe",
                "patient_matches",
            ] {
                assert!(!output.contains(word), "{word} at {until:?}:\n{output}");
            }
        }
        assert_eq!(json["comparison"], Value::Null);
        assert_eq!(json["case"]["blinding"]["state"], "blinded");
    }
}

#[test]
fn plain_text_says_what_matters_in_lines_of_eighty() {
    let story = story(Until::Signed, Opening::AfterSeal);
    let text = narrative(&story.case, &context());
    for expected in [
        "Case OR-7F3A21C4",
        "Patient: Hartley, Rowan, 58 y, male, born 1968-02-14, ID DEMO-0051",
        "First read: Novak, Anna, 2026-11-18, version 1, final, text",
        "Second read: Dr Iyer, sealed 2026-11-18 16:",
        "F1 Right lower lobe nodule",
        "8.2 × 6.0 mm",
        "Changed. ",
        "1. Laterality, Measurement; significance moderate; score 3b",
        "First read: Quokkaberry nodule in the left lower lobe, 18 mm.",
        "First read: not mentioned",
        "- Not for primary diagnosis.",
        "- Made with Overread 0.1.0.",
        "Unprotected key",
        "6 slices missing, 63 to 68",
        "Lung window: 93 of 275 slices were not seen.",
        "Comparison signed by Dr Iyer",
    ] {
        // A line break may stand where a blank was.
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(expected), "{expected}\n{text}");
    }
    for line in text.lines().filter(|line| line.contains(' ')) {
        assert!(
            line.chars().count() <= 80 || line.trim().split(' ').count() <= 2,
            "{line}"
        );
    }
    assert!(!text.contains("not blinded"));
}

#[test]
fn a_read_that_was_not_blinded_says_so_in_every_output() {
    for until in [
        Until::Reading,
        Until::Sealed,
        Until::Compared,
        Until::Signed,
    ] {
        let story = story(until, Opening::Early);
        let json = json(&story.case, &context());
        let text = narrative(&story.case, &context())
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        assert!(
            text.contains("this read was not blinded. Reason given: patient in theatre."),
            "{text}"
        );
        assert!(
            limitations(&story.case)
                .iter()
                .any(|line| line.contains("this read was not blinded"))
        );
        assert_eq!(json["case"]["blinding"]["reason"], "patient in theatre");
        assert_eq!(json["case"]["was_blinded_until_sealed"], false);
    }
}

#[test]
fn json_holds_marks_verdicts_scores_and_seals() {
    let story = story(Until::Signed, Opening::AfterSeal);
    let json = json(&story.case, &context());
    for (path, expected) in [
        ("/schema", Value::from("overread.case-export/1")),
        ("/notice", "Not for primary diagnosis".into()),
        ("/second_read/findings/0/id", "F1".into()),
        (
            "/second_read/findings/0/title",
            "Right lower lobe nodule".into(),
        ),
        (
            "/second_read/findings/0/annotations/0/geometry/from",
            serde_json::json!([-52.0, 31.5, -112.0]),
        ),
        (
            "/second_read/findings/0/annotations/0/values/0/source",
            "Pixel Spacing (0028,0030)".into(),
        ),
        (
            "/second_read/anatomy_review/reviewed",
            serde_json::json!(["Lungs"]),
        ),
        ("/comparison/pairs/0/verdict/classes/0/letter", "L".into()),
        ("/comparison/pairs/0/verdict/score", "3b".into()),
        ("/comparison/pairs/1/verdict/score", "1".into()),
        ("/comparison/pairs/2/first", Value::Null),
        ("/comparison/outcome", "changed".into()),
        ("/comparison/first_author", "Novak, Anna".into()),
        ("/seals/1/stage", "comparison".into()),
        ("/study/patient/id", "DEMO-0051".into()),
        ("/log/n_entries", story.entries.len().into()),
    ] {
        let found = json.pointer(path);
        if path == "/comparison/first_author" {
            assert_eq!(found, Some(&Value::from("Novak^Anna")));
        } else {
            assert_eq!(found, Some(&expected), "{path}");
        }
    }
    assert_eq!(json["study"]["manifest_sha256"].as_str().unwrap().len(), 64);
    assert!(json["seals"][0]["public_key"].as_str().unwrap().len() == 64);
}

#[test]
fn identifiers_are_left_out_everywhere_and_the_output_says_so() {
    let story = story(Until::Signed, Opening::AfterSeal);
    let text = narrative(&story.case, &without_identifiers());
    let json = json(&story.case, &without_identifiers()).to_string();
    for output in [&text, &json] {
        for word in [
            "Hartley",
            "Rowan",
            "DEMO-0051",
            "1968",
            "ACC-90017",
            "Novak",
            "images/Hartley",
        ] {
            assert!(!output.contains(word), "{word}:\n{output}");
        }
        assert!(
            output
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .contains("Dates, UIDs and other free text are unchanged")
        );
        assert!(output.contains("Laterality"));
    }
}

#[test]
fn the_same_case_gives_the_same_bytes() {
    let (one, two) = (
        story(Until::Signed, Opening::AfterSeal),
        story(Until::Signed, Opening::AfterSeal),
    );
    assert_eq!(
        json(&one.case, &context()).to_string(),
        json(&two.case, &context()).to_string()
    );
    assert_eq!(
        crate::pdf(&one.case, &[], &context()).unwrap(),
        crate::pdf(&two.case, &[], &context()).unwrap()
    );
}
