#![allow(clippy::unwrap_used)]

use case::*;

use super::fixture::{CANARY, Opening, Story, Until, context, story, without_identifiers};
use super::paper::{kept, read_back};
use crate::letter::{Letter, letter, letter_outcome};
use crate::{ExchangeError, LetterFor, letter_pdf};

const BOTH: [LetterFor; 2] = [LetterFor::Clinician, LetterFor::Patient];

fn refusal(story: &Story, whom: LetterFor) -> &'static str {
    match letter_pdf(&story.case, whom, &context()) {
        Err(ExchangeError::Refused(refusal)) => refusal.code,
        Err(other) => panic!("{other}"),
        Ok(_) => "",
    }
}

fn words(letter: &Letter) -> String {
    let lines = letter.sections.iter().flat_map(|section| &section.lines);
    lines.map(|line| line.traced() + "\n").collect()
}

/// The lines of a section.
fn under(letter: &Letter, title: &str) -> Vec<String> {
    let sections = letter
        .sections
        .iter()
        .filter(|section| section.title == title);
    sections
        .flat_map(|section| section.lines.iter().map(|line| line.traced()))
        .collect()
}

/// A signed comparison with a third read that decides about the first row.
fn arbitrated(upheld: Upheld) -> Story {
    let mut story = story(Until::Signed, Opening::AfterSeal);
    story.act(Command::ThirdRead(ThirdReadCommand::Ask {
        mode: None,
        reason: ReferralReason::Discrepancy,
        read_a: ReadA::First,
        order: vec![PairId(3), PairId(1)],
    }));
    for whom in BOTH {
        assert_eq!(refusal(&story, whom), "third_read_open");
    }
    for pair in [1, 3] {
        story.act_by(
            "Cleo Third",
            Command::ThirdRead(ThirdReadCommand::SetVerdict {
                pair: PairId(pair),
                verdict: Some(ThirdVerdict {
                    upheld,
                    sure: None,
                    significance: None,
                    note: String::new(),
                    evidence: None,
                    marks: Vec::new(),
                }),
            }),
        );
    }
    story.seal_by("Cleo Third", SealStage::ThirdRead);
    story
}

#[test]
fn letters_wait_until_everything_they_speak_of_is_signed() {
    let rows = [
        (Until::Created, "not_sealed"),
        (Until::Reading, "not_sealed"),
        (Until::Sealed, "blinded"),
        (Until::Compared, "not_signed"),
        (Until::Signed, ""),
    ];
    for (until, code) in rows {
        for whom in BOTH {
            assert_eq!(
                refusal(&story(until, Opening::AfterSeal), whom),
                code,
                "{until:?}"
            );
        }
    }
}

#[test]
fn every_line_is_traced_to_a_signed_item_that_is_there() {
    let mut story = story(Until::Signed, Opening::AfterSeal);
    story.act(Command::Critical(CriticalCommand::Raise {
        text: "Growing nodule".into(),
        urgency: Urgency::Days,
        finding: Some(FindingId(1)),
    }));
    for whom in BOTH {
        let letter = letter(&story.case, whom, &context()).unwrap();
        let named: Vec<&str> = letter.sources.iter().map(|s| s.name.as_str()).collect();
        let lines = letter.sections.iter().flat_map(|section| &section.lines);
        for line in lines.chain(&letter.opening) {
            assert!(!line.from.is_empty(), "{}", line.text);
            for reference in &line.from {
                assert!(
                    named.contains(&reference.to_string().as_str()),
                    "{reference}"
                );
            }
        }
        let digest = &story.case.read().seal.as_ref().unwrap().0.digest;
        let finding = letter
            .sources
            .iter()
            .find(|source| source.name == "F1")
            .unwrap();
        assert!(
            finding.covered.contains(&digest.as_str()[..16]),
            "{}",
            finding.covered
        );
        let critical = letter
            .sources
            .iter()
            .find(|source| source.name == "C1")
            .unwrap();
        assert!(
            critical.covered.contains("chained in the log"),
            "{}",
            critical.covered
        );
    }
}

#[test]
fn the_letters_say_what_agrees_what_changed_and_what_comes_next() {
    let story = story(Until::Signed, Opening::AfterSeal);
    let clinician = letter(&story.case, LetterFor::Clinician, &context()).unwrap();
    let agreed = under(&clinician, "Both reads agree");
    assert!(
        agreed[0].contains("No effusion.") && agreed[0].ends_with("[S2, F2, P2]"),
        "{agreed:?}"
    );
    let changed = under(&clinician, "Changed by the second read");
    assert!(
        changed[0].contains("They differ in laterality; they differ in measurement."),
        "{changed:?}"
    );
    assert!(changed[0].ends_with("[S1, F1, P1]"), "{changed:?}");
    let next = under(&clinician, "What next");
    assert!(
        next[0].contains("Follow-up CT in 3 months") && next[0].ends_with("[I1, P3]"),
        "{next:?}"
    );
    let limits = under(&clinician, "What limits this opinion");
    assert!(
        limits[0].contains("93 of 275 slices") && limits[0].ends_with("[L1]"),
        "{limits:?}"
    );

    let plain = letter(&story.case, LetterFor::Patient, &context()).unwrap();
    let agreed = under(&plain, "What both doctors say");
    assert_eq!(
        agreed,
        [
            "Both doctors did not see: fluid around the lung (pleural effusion), on both sides. [S2, F2, P2]"
        ]
    );
    let changed = under(&plain, "What is different now");
    assert!(
        changed[0].starts_with(
            "The second doctor saw: a small round spot (nodule), on the right, in this place: the lower part of the lung, 8.2 × 6.0 mm in size"
        ),
        "{changed:?}"
    );
    assert!(changed[0].contains("names another side"), "{changed:?}");
}

#[test]
fn what_the_third_read_decided_is_what_stands() {
    let rows = [
        (
            Upheld::A,
            "The first report stands",
            Outcome::Confirmed,
            "first report is right here",
        ),
        (
            Upheld::B,
            "Changed by the second read",
            Outcome::Changed,
            "second doctor is right here",
        ),
        (
            Upheld::BothPartly,
            "Changed by the second read",
            Outcome::Changed,
            "both are right in part",
        ),
        (
            Upheld::Neither,
            "Uncertain",
            Outcome::Changed,
            "It stays open",
        ),
        (
            Upheld::Indeterminate,
            "Uncertain",
            Outcome::Changed,
            "It stays open",
        ),
    ];
    for (upheld, section, outcome, plainly) in rows {
        let story = arbitrated(upheld);
        assert_eq!(letter_outcome(&story.case), Some(outcome), "{upheld:?}");
        let clinician = letter(&story.case, LetterFor::Clinician, &context()).unwrap();
        let lines = under(&clinician, section);
        assert!(
            lines[0].ends_with("[S1, F1, P1, T1]"),
            "{upheld:?}: {lines:?}"
        );
        let plain = letter(&story.case, LetterFor::Patient, &context()).unwrap();
        assert!(
            words(&plain).contains(plainly),
            "{upheld:?}: {}",
            words(&plain)
        );
        for letter in [&clinician, &plain] {
            let all = format!("{}{:?}", words(letter), letter.head);
            assert!(!all.contains("Cleo") && !all.contains("Novak"), "{all}");
        }
    }
}

/// What is for learning alone, planted with words of its own.
#[test]
fn no_word_of_learning_is_in_a_letter() {
    let mut story = story(Until::Signed, Opening::AfterSeal);
    story.act(Command::Learning(LearningCommand::GiveFeedback {
        kind: FeedbackKind::LearningPoint,
        sender: Sender::Named,
        pair: Some(PairId(1)),
        text: "Wombatwords to the first reader".into(),
    }));
    story.act(Command::Learning(LearningCommand::FollowUp {
        pair: None,
        source: FollowUpSource::Pathology,
        text: "Echidnatruth".into(),
        bears_out: BorneOut::Second,
    }));
    story.act(Command::NameFirstReader {
        reader: Actor::new("Nils First"),
    });
    for whom in BOTH {
        let bytes = letter_pdf(&story.case, whom, &context()).unwrap();
        let text = read_back(&bytes).0.join(" ").to_lowercase();
        for word in [
            "wombatwords",
            "echidnatruth",
            "nils",
            "novak",
            "score",
            "score 3b",
            "score 2a",
            "feedback",
            "communication",
            "usually seen",
            "understandable",
            "missed",
            "error",
            "anchor",
        ] {
            assert!(!text.contains(word), "{word} for {whom:?}: {text}");
        }
        assert_eq!(
            text.contains(&CANARY.to_lowercase()),
            whom == LetterFor::Clinician
        );
    }
}

#[test]
fn a_case_of_peer_learning_has_no_letters() {
    let mut story = story(Until::Created, Opening::AfterSeal);
    story.case = Case::new(CaseId::new("OR-2"));
    story.act(Command::CreateCase {
        study: StudyRef::default(),
        priors: vec![],
        question: String::new(),
        protocol: "peer-learning".into(),
        rules: Some(Box::new(Protocol {
            ledger: Ledger::PeerLearning,
            ..Protocol::default()
        })),
    });
    for whom in BOTH {
        assert_eq!(refusal(&story, whom), "sequestered");
    }
}

#[test]
fn the_pages_of_both_letters_can_be_read_and_hold_no_identifier_when_asked() {
    for (whom, name) in [
        (LetterFor::Clinician, "letter.pdf"),
        (LetterFor::Patient, "plain-letter.pdf"),
    ] {
        let story = arbitrated(Upheld::B);
        let bytes = kept(name, letter_pdf(&story.case, whom, &context()).unwrap());
        let text = read_back(&bytes).0.join(" ");
        for expected in [
            "Hartley, Rowan",
            "Where each line comes from",
            "Not for primary diagnosis",
            "[R",
        ] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
        assert!(!text.contains("Cleo"), "{text}");
        let bytes = letter_pdf(&story.case, whom, &without_identifiers()).unwrap();
        let text = read_back(&bytes).0.join(" ");
        for word in ["Hartley", "DEMO-0051", "1968", "ACC-90017"] {
            assert!(!text.contains(word), "{word}: {text}");
        }
    }
}

#[test]
fn a_read_that_was_not_blinded_says_so_in_both_letters() {
    let story = story(Until::Signed, Opening::Early);
    for (whom, expected) in BOTH
        .into_iter()
        .zip(["was not blinded", "had seen the first report"])
    {
        let letter = letter(&story.case, whom, &context()).unwrap();
        assert!(
            letter.opening[0].text.contains(expected),
            "{}",
            letter.opening[0].text
        );
    }
}

#[test]
fn a_letter_after_a_correction_takes_the_place_of_the_earlier_one() {
    let mut story = story(Until::Signed, Opening::AfterSeal);
    let attach = |n: u8, replaces| Command::AttachReport {
        sha256: Sha256::of(&[n]),
        n_bytes: 1,
        format: "text".into(),
        status: ReportStatus::Final,
        replaces,
        intake: vec![],
    };
    story.act(attach(2, None));
    let late = "Version 2 of the first report (addendum) came after the comparison";
    let clinician = letter(&story.case, LetterFor::Clinician, &context()).unwrap();
    assert!(words(&clinician).contains(late), "{}", words(&clinician));
    assert!(crate::limitations(&story.case).join(" ").contains(late));
    story.act(attach(3, Some(1)));
    for whom in BOTH {
        assert_eq!(refusal(&story, whom), "not_signed");
    }
    story.compare_version(3);
    story.seal(SealStage::Comparison);
    for whom in BOTH {
        let letter = letter(&story.case, whom, &context()).unwrap();
        let opening: String = letter.opening.iter().map(|line| line.traced()).collect();
        assert!(opening.contains("takes the place of any"), "{opening}");
    }
    let text = crate::narrative(&story.case, &context());
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for expected in [
        "Version 1, final, text: replaced by version 3.",
        "Version 2, addendum, text: stands.",
        "Version 3, final, text: compared here.",
        "Comparison 1 with version 1 (signed 2026-11-18",
        "changed, 3 verdicts) no longer counts: the report was corrected",
    ] {
        assert!(flat.contains(expected), "{expected}: {flat}");
    }
}
