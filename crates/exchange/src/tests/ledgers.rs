#![allow(clippy::unwrap_used)]

use case::*;
use serde_json::Value;

use super::fixture::{CANARY, Opening, Story, Until, context, story, without_identifiers};
use crate::{
    ExchangeError, KeyPicture, Names, clinical_ledger, learning_case, learning_ledger,
    learning_list, learning_name,
};

/// Words that only learning has, each planted where it comes from.
const LEARNED: [&str; 4] = [
    "Wombatwords",
    "Quollanswer",
    "Echidnatruth",
    "Bandicootreason",
];

/// A signed case with everything that somebody may learn from it, full of names and dates.
fn learned() -> Story {
    let mut story = story(Until::Signed, Opening::AfterSeal);
    story.act(Command::NameFirstReader {
        reader: Actor::new("Nils First"),
    });
    story.act(Command::Learning(LearningCommand::GiveFeedback {
        kind: FeedbackKind::LearningPoint,
        sender: Sender::Named,
        pair: Some(PairId(1)),
        text: "Wombatwords about Mr Hartley (DEMO-0051, born 14.02.1968), Dr Iyer to Nils First, OR-7F3A21C4".into(),
    }));
    story.act_by(
        "Nils First",
        Command::Learning(LearningCommand::AnswerFeedback {
            number: 1,
            text: "Quollanswer, I read it on 2026-11-18".into(),
        }),
    );
    story.act(Command::Learning(LearningCommand::FollowUp {
        pair: Some(PairId(1)),
        source: FollowUpSource::Pathology,
        text: "Echidnatruth of Rowan Hartley, ACC-90017, November 2026".into(),
        bears_out: BorneOut::Second,
    }));
    story.act(Command::Learning(LearningCommand::Flag {
        list: LearningList::Conference,
        reason: "Bandicootreason".into(),
    }));
    story
}

fn clinical(story: &Story) -> String {
    clinical_ledger(&story.case, &context())
        .unwrap()
        .to_string()
}

fn learning(story: &Story, names: Names) -> String {
    learning_ledger(&story.case, names, &context())
        .unwrap()
        .to_string()
}

#[test]
fn no_word_of_one_record_is_in_the_other() {
    let story = learned();
    let clinical = clinical(&story);
    for word in LEARNED {
        assert!(!clinical.contains(word), "{word}: {clinical}");
    }
    for field in [
        "score",
        "error_type",
        "detectability",
        "feedback",
        "follow_up",
        "anchoring",
        "direction",
        "\"drawn\"",
        "Nils",
        "communication\"",
        "usually_seen",
        "understandable",
        "\"record\"",
    ] {
        assert!(!clinical.contains(field), "{field}: {clinical}");
    }
    for names in [Names::LeftOut, Names::Kept] {
        let learning = learning(&story, names);
        for word in LEARNED.iter().take(3) {
            assert!(learning.contains(word), "{word}: {learning}");
        }
        for word in [
            CANARY,
            "Growing solid nodule",
            "8.2",
            "Known nodule",
            "slices 66",
            "lower lobe",
            "impression",
            "2.25.",
        ] {
            assert!(!learning.contains(word), "{word}: {learning}");
        }
    }
    assert!(clinical.contains(CANARY) && clinical.contains("slices 66"));
}

#[test]
fn the_record_of_learning_leads_to_nobody_unless_asked() {
    let story = learned();
    let without = learning(&story, Names::LeftOut);
    for word in [
        "Hartley",
        "Rowan",
        "DEMO-0051",
        "ACC-90017",
        "Iyer",
        "Nils",
        "First,",
        "Novak",
        "OR-7F3A21C4",
        "2026",
        "1968",
        "November",
    ] {
        assert!(!without.contains(word), "{word}: {without}");
    }
    let name = learning_name(&story.case).unwrap();
    assert!(without.contains(&name) && name.len() == 18);
    let with: Value = serde_json::from_str(&learning(&story, Names::Kept)).unwrap();
    assert_eq!(with["named"]["case"], "OR-7F3A21C4");
    assert_eq!(with["named"]["first_reader"], "Nils First");
    let rows = with["rows"].as_array().unwrap();
    assert_eq!(rows[0]["score"], "3b");
    assert_eq!(rows[0]["error_type"], "communication");
}

#[test]
fn both_records_wait_for_the_signature() {
    let rows = [
        (Until::Created, "not_sealed", "blinded"),
        (Until::Reading, "not_sealed", "blinded"),
        (Until::Sealed, "blinded", "blinded"),
        (Until::Compared, "not_signed", "not_signed"),
        (Until::Signed, "", ""),
    ];
    let code = |made: Result<Value, ExchangeError>| match made {
        Ok(_) => "",
        Err(ExchangeError::Refused(refusal)) => refusal.code,
        Err(other) => panic!("{other}"),
    };
    for (until, clinical, learning) in rows {
        let case = story(until, Opening::AfterSeal).case;
        assert_eq!(
            code(clinical_ledger(&case, &context())),
            clinical,
            "{until:?}"
        );
        let made = learning_ledger(&case, Names::LeftOut, &context());
        assert_eq!(code(made), learning, "{until:?}");
    }
}

#[test]
fn the_clinical_record_leaves_identifiers_out_when_asked() {
    let story = story(Until::Signed, Opening::AfterSeal);
    let text = clinical_ledger(&story.case, &without_identifiers())
        .unwrap()
        .to_string();
    for word in ["Hartley", "DEMO-0051", "ACC-90017", "Novak"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

#[test]
fn a_case_for_the_conference_leads_to_nobody_and_shows_what_is_to_be_learned() {
    let mut story = learned();
    let picture = KeyPicture {
        finding: FindingId(1),
        caption: "F1 nodule · Hartley thorax 2026-11-18, image 66".into(),
        png: Vec::new(),
    };
    let pictures = [("L-1.png".to_owned(), &picture)];
    let value = learning_case(&story.case, LearningList::Conference, &pictures).unwrap();
    let text = learning_list(LearningList::Conference, vec![value], 0).to_string();
    for word in [
        "Hartley",
        "Rowan",
        "DEMO-0051",
        "ACC-90017",
        "Iyer",
        "Nils",
        "Novak",
        "OR-7F3A21C4",
        "2026",
        "1968",
        "2.25.",
        "Wombatwords",
        "Quollanswer",
        "\"3b\"",
        "communication",
        "usually_seen",
    ] {
        assert!(!text.contains(word), "{word}: {text}");
    }
    for word in [
        "Bandicootreason",
        CANARY,
        "8.2",
        "Echidnatruth",
        "Laterality",
        "58 y",
        "image 66",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
    let refused = learning_case(&story.case, LearningList::Teaching, &[]);
    assert!(matches!(refused, Err(ExchangeError::Refused(r)) if r.code == "not_on_the_list"));
    story.act(Command::Learning(LearningCommand::Unflag {
        list: LearningList::Conference,
    }));
    assert!(learning_case(&story.case, LearningList::Conference, &[]).is_err());
}
