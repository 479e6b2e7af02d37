use case::{Blinding, Command, Quarantined, Stage, Step};

use crate::sample::{CANARY, Desk, attach, finding, iyer, novak};

#[test]
fn the_first_report_opens_after_the_seal() {
    let mut desk = Desk::sealed();
    assert!(desk.case.is_blinded());
    assert_eq!(
        desk.case.reveal_permit(&iyer()).unwrap_err().code,
        "blinded"
    );
    desk.perform(Command::Reveal { urgent: None });
    assert!(matches!(
        desk.case.blinding(),
        Blinding::RevealedAfterSeal { .. }
    ));
    assert_eq!(
        (desk.case.stage(), desk.case.step()),
        (Stage::Comparing, Step::Compare)
    );
    assert!(desk.case.was_blinded_until_sealed());
    // The blinding decides, not the person.
    assert!(desk.case.reveal_permit(&novak()).is_ok());
    assert_eq!(
        desk.case.decide(&iyer(), Command::Reveal { urgent: None }),
        Ok(Vec::new())
    );
}

#[test]
fn before_the_seal_it_opens_with_a_reason_only_and_for_ever() {
    for mut desk in [Desk::ready(), Desk::read()] {
        assert_eq!(desk.refusal(Command::Reveal { urgent: None }), "blinded");
        let wordless = Command::Reveal {
            urgent: Some("  ".into()),
        };
        assert_eq!(desk.refusal(wordless), "no_reason");
        desk.perform(Command::Reveal {
            urgent: Some(" bleeding ".into()),
        });
        let early = |desk: &Desk| match desk.case.blinding() {
            Blinding::RevealedEarly { reason, .. } => reason == "bleeding",
            _ => false,
        };
        assert!(early(&desk));
        assert_eq!(desk.case.stage(), Stage::UnblindedEarly);
        assert!(desk.case.reveal_permit(&iyer()).is_ok());
        // The read goes on, is sealed, is compared; it never counts as blinded.
        let id = desk.case.next_finding_id();
        desk.perform(Command::AddFinding {
            finding: finding(id.0, "late"),
        });
        assert_eq!(desk.case.stage(), Stage::UnblindedEarly);
        assert_eq!(desk.refusal(crate::sample::proposal(1)), "not_sealed");
        desk.seal();
        assert_eq!(desk.case.stage(), Stage::Comparing);
        assert!(early(&desk) && !desk.case.was_blinded_until_sealed());
        desk.perform(Command::Reveal { urgent: None });
        assert!(early(&desk));
        desk.perform(crate::sample::proposal_of(1, Vec::new()));
        assert!(desk.case.summary().unwrap().contains("was not blinded"));
    }
}

#[test]
fn without_a_report_there_is_nothing_to_reveal() {
    let mut desk = Desk::without_report();
    desk.perform(Command::AddFinding {
        finding: finding(1, "nodule"),
    });
    let urgent = Command::Reveal {
        urgent: Some("bleeding".into()),
    };
    assert_eq!(desk.refusal(urgent), "no_report");
    desk.seal();
    assert_eq!(desk.refusal(Command::Reveal { urgent: None }), "no_report");
    desk.perform(attach(1, None));
    desk.perform(Command::Reveal { urgent: None });
    assert_eq!(desk.case.stage(), Stage::Comparing);
}

#[test]
fn a_permit_opens_its_own_case_only() {
    let desk = Desk::revealed();
    let permit = desk.case.reveal_permit(&iyer()).unwrap();
    let own = Quarantined::new(desk.case.id().clone(), 5);
    let other = Quarantined::new(case::CaseId::new("OR-2"), 5);
    assert_eq!((own.open(&permit), other.open(&permit)), (Some(&5), None));
    assert_eq!(format!("{own:?}"), "Quarantined");
}

#[test]
fn an_intake_permit_is_given_while_the_case_goes_on() {
    assert_eq!(
        Desk::empty().case.intake_permit(&iyer()).unwrap_err().code,
        "not_created"
    );
    let mut desk = Desk::ready();
    assert_eq!(
        desk.case.intake_permit(&iyer()).unwrap().case(),
        desk.case.id()
    );
    desk.perform(Command::End {
        kind: "withdrawn".into(),
        reason: "no consent".into(),
    });
    assert_eq!(desk.case.intake_permit(&iyer()).unwrap_err().code, "ended");
}

#[test]
fn the_view_of_a_blinded_case_tells_nothing_of_the_report_but_that_it_is_there() {
    let report = case::Sha256::of(&[1]);
    for desk in [Desk::ready(), Desk::read(), Desk::sealed()] {
        let json = serde_json::to_value(desk.case.view(&iyer())).unwrap();
        assert_eq!(
            json["reports"],
            serde_json::json!([{"version": 1, "status": "final", "format": "text"}])
        );
        assert_eq!(json["comparison"], serde_json::Value::Null);
        assert!(!json.to_string().contains(report.as_str()));
    }
    let json = serde_json::to_value(Desk::signed().case.view(&iyer())).unwrap();
    assert_eq!(json["reports"][0]["sha256"], report.as_str());
    assert!(
        json["comparison"]["first_text"]
            .as_str()
            .unwrap()
            .contains(CANARY)
    );
    assert_eq!(
        json["comparison"]["scores"][0],
        serde_json::json!({"pair": "P2", "score": "1"})
    );
    assert_eq!(json["comparison"]["outcome"], "refined");
    assert_eq!(json["read"]["titles"][0]["title"], "Nodule");
    assert_eq!(json["state"], "feedback");
    assert_eq!(json["blinding"]["state"], "revealed_after_seal");
}
