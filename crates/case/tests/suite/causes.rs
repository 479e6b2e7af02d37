//! What a verdict says besides its classes, and what a finding carries besides its place.

use case::{
    Bias, Category, Cause, Class, Command, Communication, CriticalCommand, Criticality,
    Detectability, ErrorType, Event, Finding, FindingId, Impact, Medium, PairId, ReadBack, Scheme,
    Significance, Urgency, Verdict, score,
};

use crate::sample::{Desk, finding, verdict};

fn given(desk: &Desk) -> Verdict {
    let pairs = &desk.case.comparison().unwrap().pairs;
    pairs[0].verdict.clone().unwrap()
}

#[test]
fn a_cause_says_its_error_type_and_never_another() {
    let base = Verdict::of(vec![Class::D9]);
    let rows = [
        (None, Cause::LackOfKnowledge, Ok(ErrorType::Interpretation)),
        (None, Cause::HistoryIncomplete, Ok(ErrorType::Information)),
        (
            Some(ErrorType::Technique),
            Cause::Complication,
            Ok(ErrorType::Technique),
        ),
        (
            Some(ErrorType::Judgement),
            Cause::UnderReading,
            Err("cause_contradicts"),
        ),
        (
            Some(ErrorType::Perception),
            Cause::Technique,
            Err("cause_contradicts"),
        ),
    ];
    for (error_type, cause, expected) in rows {
        let mut desk = Desk::comparing();
        let command = verdict(
            1,
            Some(Verdict {
                error_type,
                cause: Some(cause),
                ..base.clone()
            }),
        );
        match expected {
            Ok(follows) => {
                desk.perform(command);
                assert_eq!(given(&desk).error_type, Some(follows));
            }
            Err(code) => assert_eq!(desk.refusal(command), code),
        }
    }
}

#[test]
fn an_agreement_has_no_cause_and_what_was_reported_was_not_overlooked() {
    let of = |classes: &[Class]| Verdict::of(classes.to_vec());
    let caused = |classes: &[Class], cause| of(classes).with_cause(Some(cause));
    let rows = [
        (
            caused(&[Class::Agree], Cause::UnderReading),
            "agreement_has_no_cause",
        ),
        (
            of(&[Class::Agree]).with_biases(vec![Bias::Hindsight]),
            "agreement_has_no_cause",
        ),
        (
            Verdict {
                impact: Some(Impact::Harm),
                ..of(&[Class::Agree])
            },
            "agreement_has_no_cause",
        ),
        (
            Verdict {
                impact: Some(Impact::None),
                ..of(&[Class::Agree])
            },
            "",
        ),
        (
            caused(&[Class::D2], Cause::UnderReading),
            "cause_does_not_fit",
        ),
        (caused(&[Class::D2], Cause::Complacency), ""),
        (
            caused(&[Class::D1], Cause::Complacency),
            "cause_does_not_fit",
        ),
        (caused(&[Class::D1, Class::D4], Cause::Complacency), ""),
        (caused(&[Class::D1Second], Cause::SatisfactionOfSearch), ""),
    ];
    for (given, code) in rows {
        let found = Desk::comparing().refusal(verdict(1, Some(given.clone())));
        assert_eq!(found, code, "{given:?}");
    }
}

#[test]
fn another_kind_of_row_drops_what_it_rules_out_and_the_score_stays_derived() {
    let full = Verdict {
        detectability: Some(Detectability::UsuallySeen),
        significance: Some(Significance::Major),
        impact: Some(Impact::Death),
        ..Verdict::of(vec![Class::D1])
    }
    .with_cause(Some(Cause::UnderReading))
    .with_biases(vec![Bias::Hindsight, Bias::Sampling, Bias::Hindsight]);
    assert_eq!(full.biases, [Bias::Sampling, Bias::Hindsight]);
    assert_eq!(score(&full).unwrap().to_string(), "3b");
    let agreed = full.clone().of_other_classes(vec![Class::Agree]);
    assert_eq!(
        (agreed.cause, agreed.impact, agreed.biases.len()),
        (None, None, 0)
    );
    let not_confirmed = full.clone().of_other_classes(vec![Class::D2]);
    assert_eq!(
        (not_confirmed.cause, not_confirmed.impact),
        (None, Some(Impact::Death))
    );
    let retyped = full.clone().of_error_type(Some(ErrorType::Communication));
    assert_eq!(retyped.cause, None);
    let same = full.clone().of_error_type(Some(ErrorType::Perception));
    assert_eq!(same.cause, Some(Cause::UnderReading));
}

#[test]
fn a_verdict_and_a_finding_without_the_new_fields_have_the_bytes_they_had() {
    let event = Event::VerdictSet {
        pair: PairId(1),
        before: None,
        after: Some(Verdict::of(vec![Class::D4])),
    };
    let text = serde_json::to_string(&event).unwrap();
    assert_eq!(
        text,
        r#"{"event":"verdict_set","pair":1,"before":null,"after":{"classes":["D4"],"error_type":null,"detectability":null,"significance":null,"note":"","evidence":null}}"#
    );
    assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event);
    let event = Event::FindingAdded {
        finding: Finding::empty(FindingId(1)),
    };
    let text = serde_json::to_string(&event).unwrap();
    assert!(
        text.ends_with(r#""confidence":null,"note":"","key_image":null}}"#),
        "{text}"
    );
}

#[test]
fn a_finding_carries_a_category_that_its_scheme_has() {
    let of = |category: Category| Finding {
        category: Some(category),
        ..finding(1, "nodule")
    };
    let known: Category = "lung_rads=4a".parse().unwrap();
    let mut desk = Desk::ready();
    let unknown = Category {
        scheme: Scheme::LungRads,
        version: Some("2022".into()),
        value: "7".into(),
    };
    let add = |finding| Command::AddFinding { finding };
    assert_eq!(desk.refusal(add(of(unknown.clone()))), "unknown_category");
    desk.perform(add(of(known)));
    assert!(
        desk.case
            .finding_text(FindingId(1))
            .contains("Lung-RADS 4A")
    );
    let edit = Command::EditFinding {
        finding: of(unknown),
    };
    assert_eq!(desk.refusal(edit), "unknown_category");
}

#[test]
fn a_case_with_a_finding_that_cannot_wait_closes_when_somebody_was_told_of_it() {
    let mut desk = Desk::ready();
    desk.perform(Command::AddFinding {
        finding: Finding {
            criticality: Some(Criticality::Minutes),
            ..finding(1, "pneumothorax")
        },
    });
    desk.perform(Command::AddFinding {
        finding: finding(2, "nodule"),
    });
    desk.perform(Command::WriteImpression { text: "x".into() });
    desk.seal();
    desk.perform(Command::Reveal { urgent: None });
    desk.perform(crate::sample::proposal(1));
    desk.perform(verdict(1, Some(Verdict::agree())));
    desk.perform(Command::AgreeWithRemaining);
    desk.sign();
    assert_eq!(desk.refusal(Command::CloseCase), "critical_open");
    desk.perform(Command::Critical(CriticalCommand::Raise {
        text: "Tension pneumothorax".into(),
        urgency: Criticality::Minutes.urgency(),
        finding: Some(FindingId(1)),
    }));
    assert_eq!(desk.refusal(Command::CloseCase), "critical_open");
    desk.perform(Command::Critical(CriticalCommand::Communicate {
        number: 1,
        communication: Communication {
            to: "Ward".into(),
            medium: Medium::Telephone,
            read_back: ReadBack::Confirmed,
            told_at: String::new(),
        },
    }));
    desk.perform(Command::CloseCase);
    assert_eq!(Criticality::Days.urgency(), Urgency::Days);
}
