//! Two reads without names, decided row by row.

use super::*;

#[test]
fn a_third_read_is_made_by_a_third_person_and_decides_every_row() {
    let mut desk = Desk::signed();
    desk.perform(ask(ReadA::Second));
    assert_eq!(desk.case.stage(), Stage::Adjudicating);
    assert_eq!(desk.refusal(decide(1, Upheld::A)), "own_read");
    assert_eq!(desk.refusal(Command::CloseCase), "third_read_open");
    desk.perform_as(&novak(), decide(1, Upheld::A));
    assert_eq!(desk.case.third_reader(), Some(&novak()));
    assert_eq!(
        desk.refusal_to(&okoye(), decide(1, Upheld::B)),
        "not_your_read"
    );
    assert_eq!(
        desk.refusal_to(&novak(), decide(3, Upheld::A)),
        "no_such_pair"
    );
    let early = third_seal(&desk);
    assert_eq!(desk.refusal_to(&novak(), early), "verdicts_missing");
    desk.perform_as(&novak(), decide(2, Upheld::Neither));
    desk.perform_as(&novak(), Command::Undo);
    assert_eq!(desk.case.third_read().unwrap().n_pending(), 1);
    desk.perform_as(&novak(), Command::Redo);
    let command = third_seal(&desk);
    desk.perform_as(&novak(), command);
    assert_eq!(desk.case.stage(), Stage::Feedback);
    let third = desk.case.third_read().unwrap();
    let upheld = third.upheld_read(third.verdict(PairId(1)).unwrap());
    assert_eq!(upheld, Some(ReadA::Second), "A is the second read here");
    let (case, seals) = Case::replay_with_seals(desk.case.id().clone(), &desk.log).unwrap();
    assert_eq!((case, seals.len()), (desk.case.clone(), 3));
    assert_eq!(desk.refusal(ask(ReadA::First)), "third_read_done");
}

#[test]
fn a_decision_keeps_how_sure_it_is_and_how_much_it_weighs_and_one_without_reads_as_before() {
    let plain = r#"{"event":"third_read","what":"verdict_set","pair":1,"before":null,"after":{"upheld":"a","note":"","evidence":null}}"#;
    let read: Event = serde_json::from_str(plain).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), plain);
    let mut desk = Desk::signed();
    desk.perform(ask(ReadA::First));
    let decided = ThirdVerdict {
        upheld: Upheld::B,
        sure: Some(Sureness::High),
        significance: Some(Significance::Moderate),
        note: "On the right in every plane".into(),
        evidence: None,
        marks: Vec::new(),
    };
    let command = |verdict: &ThirdVerdict| {
        Command::ThirdRead(ThirdReadCommand::SetVerdict {
            pair: PairId(1),
            verdict: Some(verdict.clone()),
        })
    };
    desk.perform_as(&novak(), command(&decided));
    let third = desk.case.third_read().unwrap();
    assert_eq!(third.verdict(PairId(1)), Some(&decided));
    let shown: serde_json::Value = serde_json::from_str(&view(&desk, &novak())).unwrap();
    let row = &shown["third_read"]["rows"][1]["verdict"];
    assert_eq!(
        (&row["sure"], &row["significance"]),
        (&"high".into(), &"moderate".into())
    );
    // Nobody else sees what is decided before it is signed.
    assert!(!view(&desk, &iyer()).contains("every plane"));
    let replayed = Case::replay(desk.case.id().clone(), &desk.log).unwrap();
    assert_eq!(replayed, desk.case);
}

#[test]
fn the_third_reader_sees_two_reads_without_names_in_the_order_that_was_drawn() {
    for read_a in [ReadA::First, ReadA::Second] {
        let mut desk = Desk::signed();
        desk.perform(ask(read_a));
        let shown: serde_json::Value = serde_json::from_str(&view(&desk, &novak())).unwrap();
        let rows = shown["third_read"]["rows"].as_array().unwrap();
        assert_eq!(rows[0]["pair"], 2);
        let first_is = if read_a == ReadA::First { "a" } else { "b" };
        let text = rows[1][first_is].as_str().unwrap();
        assert!(text.contains(CANARY), "{text}");
        for closed in ["read", "comparison", "assignment", "first_reader"] {
            assert!(shown[closed].is_null(), "{closed}");
        }
        let names = serde_json::to_string(&shown).unwrap();
        assert!(!names.contains("iyer") && !names.contains("A. Novak"));
        // Who read second knows the reads, and sees only that the third goes on.
        let own: serde_json::Value = serde_json::from_str(&view(&desk, &iyer())).unwrap();
        assert!(own["third_read"]["rows"].is_null() && own["read"].is_object());
    }
}

#[test]
fn pseudo_arbitration_does_not_tell_where_the_reads_differ() {
    for (mode, told) in [
        (case::ThirdReadMode::Arbitration, true),
        (case::ThirdReadMode::PseudoArbitration, false),
    ] {
        let mut desk = Desk::signed();
        desk.perform(Command::ThirdRead(ThirdReadCommand::Ask {
            mode: Some(mode),
            reason: ReferralReason::Discrepancy,
            read_a: ReadA::First,
            order: vec![PairId(1), PairId(2), PairId(3)],
        }));
        let shown: serde_json::Value = serde_json::from_str(&view(&desk, &novak())).unwrap();
        let rows = shown["third_read"]["rows"].as_array().unwrap();
        let differs = rows
            .iter()
            .any(|row| row["differs"] != serde_json::json!([]));
        let alone = rows.iter().any(|row| !row["only_in"].is_null());
        assert_eq!((differs, alone), (told, told), "{mode:?}");
    }
}

#[test]
fn a_third_read_needs_a_signed_comparison_and_leaves_no_discrepancy_out() {
    assert_eq!(Desk::comparing().refusal(ask(ReadA::First)), "not_signed");
    let rows = [
        (vec![], "bad_rows"),
        (vec![PairId(1), PairId(1)], "bad_rows"),
        (vec![PairId(9)], "bad_rows"),
        (vec![PairId(2)], "rows_left_out"),
        (vec![PairId(1)], ""),
    ];
    for (order, code) in rows {
        let command = Command::ThirdRead(ThirdReadCommand::Ask {
            mode: None,
            reason: ReferralReason::Discrepancy,
            read_a: ReadA::First,
            order,
        });
        assert_eq!(Desk::signed().refusal(command), code);
    }
}

#[test]
fn a_discrepancy_that_the_protocol_names_waits_for_its_third_read_before_the_case_closes() {
    use Significance::{Major, Minor, Moderate};
    for (required_from, significance, code) in [
        (Some(Major), Major, "third_read_missing"),
        (Some(Moderate), Major, "third_read_missing"),
        (Some(Major), Moderate, ""),
        (Some(Significance::None), Minor, "third_read_missing"),
        (None, Major, ""),
    ] {
        let mut rules = Protocol::default();
        rules.third_read.required_from = required_from;
        let mut desk = begun(rules);
        desk.perform(Command::AddFinding {
            finding: finding(1, "nodule"),
        });
        desk.perform(Command::AddFinding {
            finding: finding(2, "effusion"),
        });
        desk.seal();
        desk.perform(Command::Reveal { urgent: None });
        desk.perform(crate::sample::proposal(1));
        desk.perform(verdict(
            1,
            Some(Verdict {
                significance: Some(significance),
                ..Verdict::of(vec![Class::D6])
            }),
        ));
        desk.perform(Command::AgreeWithRemaining);
        desk.sign();
        assert_eq!(
            desk.refusal(Command::CloseCase),
            code,
            "{required_from:?} {significance:?}"
        );
    }
}

#[test]
fn a_third_read_of_other_rows_does_not_stand_for_the_one_that_is_required() {
    let mut rules = Protocol::default();
    rules.third_read.required_from = Some(Significance::Major);
    let mut desk = begun(rules);
    for (number, concept) in [(1, "nodule"), (2, "effusion")] {
        desk.perform(Command::AddFinding {
            finding: finding(number, concept),
        });
    }
    desk.seal();
    desk.perform(Command::Reveal { urgent: None });
    desk.perform(crate::sample::proposal(1));
    desk.perform(verdict(
        1,
        Some(Verdict {
            significance: Some(Significance::Major),
            ..Verdict::of(vec![Class::D6])
        }),
    ));
    desk.perform(Command::AgreeWithRemaining);
    desk.sign();
    desk.perform(Command::ThirdRead(ThirdReadCommand::Ask {
        mode: None,
        reason: ReferralReason::Requested,
        read_a: ReadA::First,
        order: vec![PairId(2)],
    }));
    assert_eq!(desk.refusal_to(&okoye(), decide(2, Upheld::A)), "own_read");
    desk.perform_as(&novak(), decide(2, Upheld::A));
    let command = third_seal(&desk);
    desk.perform_as(&novak(), command);
    assert_eq!(desk.refusal(Command::CloseCase), "third_read_missing");
}
