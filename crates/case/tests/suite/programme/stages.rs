//! What a stage does not open stays closed, and what a protocol asks of a read is checked.

use super::*;

#[test]
fn what_a_stage_does_not_open_is_in_no_view_until_the_stage_before_is_sealed() {
    let mut desk = begun(staged());
    desk.perform(Command::AddFinding {
        finding: finding(1, "nodule"),
    });
    let shown = |desk: &Desk| {
        let text = view(desk, &iyer());
        [text.contains(QUESTION), text.contains(PRIOR)]
    };
    assert_eq!(shown(&desk), [false, false]);
    seal_stage(&mut desk);
    assert_eq!(shown(&desk), [true, false]);
    seal_stage(&mut desk);
    assert_eq!(shown(&desk), [true, true]);
    let seal = desk.seal_record(SealStage::ReadingStage);
    assert_eq!(desk.refusal(Command::SealStage { seal }), "last_stage");
    desk.seal();
    let (case, seals) = Case::replay_with_seals(desk.case.id().clone(), &desk.log).unwrap();
    assert_eq!(case, desk.case);
    assert_eq!(
        seals.len(),
        3,
        "each stage has its seal, and the read its own"
    );
}

#[test]
fn a_read_that_is_sealed_early_opens_what_its_stages_had_left() {
    let mut desk = begun(staged());
    desk.perform(Command::AddFinding {
        finding: finding(1, "nodule"),
    });
    desk.seal();
    assert_eq!(desk.case.closed(), Vec::<Disclosure>::new());
}

#[test]
fn each_stage_keeps_the_read_as_it_was() {
    let mut desk = begun(staged());
    desk.perform(Command::AddFinding {
        finding: finding(1, "nodule"),
    });
    seal_stage(&mut desk);
    assert_eq!(desk.refusal(Command::Undo), "nothing_to_undo");
    desk.perform(Command::EditFinding {
        finding: finding(1, "scar"),
    });
    let kept = &desk.case.read().stages[0];
    assert_eq!(kept.findings[0].concept, "nodule");
    assert_eq!(desk.case.read().findings[0].concept, "scar");
}

#[test]
fn a_stage_is_sealed_by_its_reader_over_this_very_state() {
    let mut desk = begun(staged());
    let seal = desk.seal_record(SealStage::ReadingStage);
    let command = Command::SealStage { seal };
    assert_eq!(desk.refusal(command.clone()), "not_started");
    desk.perform(Command::StartRead);
    assert_eq!(desk.refusal(command), "seal_does_not_fit");
    let seal = desk.seal_record(SealStage::ReadingStage);
    let command = Command::SealStage { seal };
    assert_eq!(desk.refusal_to(&novak(), command.clone()), "not_your_read");
    assert_eq!(desk.refusal(command), "");
}

#[test]
fn a_protocol_that_cannot_be_used_begins_no_case() {
    let rules = Protocol {
        stages: Vec::new(),
        ..Protocol::default()
    };
    let command = Command::CreateCase {
        study: study("1.2.3"),
        priors: Vec::new(),
        question: String::new(),
        protocol: "x".into(),
        rules: Some(Box::new(rules)),
    };
    assert_eq!(Desk::empty().refusal(command), "bad_protocol");
}

#[test]
fn what_a_protocol_expects_of_a_read_is_what_is_checked() {
    let required = case::RequiredSeries {
        series_instance_uid: "1.2.3.1".into(),
        name: "Series 1".into(),
        lane: None,
        n_slices: 10,
        of: case::SeriesOf::Current,
    };
    for (percent, expected, met) in [
        (0, case::Expected::No, [true, true, true]),
        (95, case::Expected::Yes, [false, false, false]),
    ] {
        let mut rules = Protocol::default();
        rules.required.coverage_percent = percent;
        rules.required.prior = expected;
        rules.required.anatomy = expected;
        let checks = begun(rules)
            .case
            .checks_before_seal(std::slice::from_ref(&required));
        let codes = ["coverage:1.2.3.1", "prior_opened", "anatomy_reviewed"];
        let found = codes.map(|code| checks.iter().filter(|c| c.code == code).all(|c| c.met));
        assert_eq!(found, met, "{checks:?}");
    }
}
