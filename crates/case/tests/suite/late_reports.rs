//! Reports that come late, change or are withdrawn, in every state of a case.

use case::{
    Case, Class, Command, PairId, ReadA, ReferralReason, Reopened, Stage, ThirdReadCommand,
    ThirdReadMode, ThirdVerdict, Upheld, Verdict,
};

use crate::sample::{Desk, attach, create, novak, proposal, verdict};

fn third_reader() -> case::Actor {
    case::Actor::new("cleo")
}

fn adjudicating() -> Desk {
    let mut desk = Desk::signed();
    desk.perform(Command::ThirdRead(ThirdReadCommand::Ask {
        mode: Some(ThirdReadMode::Arbitration),
        reason: ReferralReason::Discrepancy,
        read_a: ReadA::Second,
        order: vec![PairId(1)],
    }));
    let upheld = ThirdVerdict {
        upheld: Upheld::B,
        sure: None,
        significance: None,
        note: String::new(),
        evidence: None,
        marks: Vec::new(),
    };
    desk.perform_as(
        &third_reader(),
        Command::ThirdRead(ThirdReadCommand::SetVerdict {
            pair: PairId(1),
            verdict: Some(upheld),
        }),
    );
    desk
}

/// A case with a report of version 1 in each state that it may be in.
fn in_state(stage: Stage) -> Desk {
    let ended = |kind: &str| {
        let mut desk = Desk::ready();
        desk.perform(Command::End {
            kind: kind.into(),
            reason: "asked for".into(),
        });
        desk
    };
    let mut desk = match stage {
        Stage::Draft => {
            let mut desk = Desk::empty();
            desk.perform(create());
            desk.perform(attach(1, None));
            desk
        }
        Stage::Intake => {
            let mut desk = Desk::ready();
            desk.perform(Command::CheckIntake {
                completeness: vec![case::CompletenessItem {
                    code: "missing_slices".into(),
                    severity: "warning".into(),
                    text: "6 slices missing.".into(),
                    settled: case::Settled::No,
                }],
            });
            desk
        }
        Stage::Ready => Desk::ready(),
        Stage::Reading => Desk::read(),
        Stage::Sealed => Desk::sealed(),
        Stage::UnblindedEarly => {
            let mut desk = Desk::read();
            desk.perform(Command::Reveal {
                urgent: Some("in theatre".into()),
            });
            desk
        }
        Stage::Comparing => Desk::comparing(),
        Stage::Adjudicating => adjudicating(),
        Stage::Feedback | Stage::Closed => Desk::signed(),
        Stage::OnHold => Desk::comparing(),
        Stage::NonDiagnostic => ended("non_diagnostic"),
        Stage::Withdrawn => ended("withdrawn"),
    };
    match stage {
        Stage::Closed => desk.perform(Command::CloseCase),
        Stage::OnHold => desk.perform(Command::Hold { reason: "x".into() }),
        _ => {}
    }
    assert_eq!(desk.case.stage(), stage);
    desk
}

/// Where a case stands afterwards and whether its comparison was reopened, or the code of the refusal.
type Became = Result<(Stage, bool), &'static str>;

/// What became of a case: where it stands, and whether its comparison was reopened.
fn after(stage: Stage, command: Command) -> Became {
    let mut desk = in_state(stage);
    let before = desk.log.clone();
    if let Err(refusal) = desk.entries_of(&novak(), command.clone()) {
        assert_eq!(desk.log, before);
        return Err(refusal.code);
    }
    desk.perform_as(&novak(), command);
    let reopened = desk.kinds_of_last_step().contains(&"comparison_reopened");
    assert_eq!(
        reopened,
        !desk.case.earlier_comparisons().is_empty(),
        "{stage:?}"
    );
    // What was kept replays to the same, and nothing of what there was is gone.
    let replayed = Case::replay(desk.case.id().clone(), &desk.log).unwrap();
    assert_eq!(replayed, desk.case);
    assert!(desk.log.starts_with(&before));
    Ok((desk.case.stage(), reopened))
}

#[test]
fn in_every_state_a_report_that_comes_late_changes_or_goes_does_what_the_table_says() {
    use Stage::*;
    let same = |stage| Ok((stage, false));
    let anew = Ok((Comparing, true));
    // State; an addendum beside; a version that replaces; version 1 withdrawn.
    let rows: [(Stage, [Became; 3]); 13] = [
        (Draft, [same(Draft), same(Draft), same(Draft)]),
        (Intake, [same(Intake), same(Intake), same(Intake)]),
        (Ready, [same(Ready), same(Ready), same(Ready)]),
        (Reading, [same(Reading), same(Reading), same(Reading)]),
        (Sealed, [same(Sealed), same(Sealed), same(Sealed)]),
        (
            UnblindedEarly,
            [
                same(UnblindedEarly),
                same(UnblindedEarly),
                same(UnblindedEarly),
            ],
        ),
        (Comparing, [same(Comparing), anew, anew]),
        (Adjudicating, [same(Adjudicating), anew, anew]),
        (Feedback, [same(Feedback), anew, anew]),
        (Closed, [same(Closed), anew, anew]),
        (OnHold, [Err("on_hold"), Err("on_hold"), Err("on_hold")]),
        (NonDiagnostic, [Err("ended"), Err("ended"), Err("ended")]),
        (Withdrawn, [Err("ended"), Err("ended"), Err("ended")]),
    ];
    for (stage, expected) in rows {
        let commands = [
            attach(2, None),
            attach(2, Some(1)),
            Command::WithdrawReport {
                version: 1,
                reason: "another patient".into(),
            },
        ];
        for (command, expected) in commands.into_iter().zip(expected) {
            assert_eq!(
                after(stage, command.clone()),
                expected,
                "{stage:?} {command:?}"
            );
        }
    }
}

#[test]
fn a_correction_makes_the_next_comparison_and_says_what_changed() {
    let mut desk = Desk::signed();
    let outcome = desk.case.outcome();
    desk.perform(attach(2, Some(1)));
    let Command::ProposeComparison {
        report_version,
        first_author,
        first_issued,
        mut first_text,
        mut first,
        second,
        pairs,
    } = proposal(2)
    else {
        panic!("a proposal");
    };
    let gone = first[0].text.clone();
    let corrected = format!("{gone} Corrected.");
    let start = first_text.len();
    first_text.push_str(&corrected);
    first[0].text.clone_from(&corrected);
    first[0].span = [start, first_text.len()];
    desk.perform(Command::ProposeComparison {
        report_version,
        first_text,
        first_author,
        first_issued,
        first,
        second,
        pairs,
    });
    let earlier = &desk.case.earlier_comparisons()[0];
    assert_eq!((earlier.number, earlier.report_version), (1, 1));
    assert_eq!(earlier.reopened, Reopened::Corrected);
    assert_eq!((earlier.outcome, earlier.n_verdicts), (outcome, 2));
    assert!(earlier.signed_at.is_some());
    let correction = desk.case.correction().unwrap();
    assert_eq!(correction.gone, [gone]);
    assert_eq!(correction.new, [(case::StatementId(1), corrected)]);
}

#[test]
fn a_correction_during_a_third_read_ends_it_and_counts_what_was_decided() {
    let mut desk = adjudicating();
    desk.perform(attach(2, Some(1)));
    assert!(desk.case.third_read().is_none());
    let third = desk.case.earlier_comparisons()[0]
        .third_read
        .clone()
        .unwrap();
    assert_eq!((third.n_verdicts, third.signed_at), (1, None));
    // The third reader goes on with nothing; another third read may be asked for once the new comparison is signed.
    let set = Command::ThirdRead(ThirdReadCommand::SetVerdict {
        pair: PairId(1),
        verdict: None,
    });
    assert_eq!(desk.refusal_to(&third_reader(), set), "no_third_read");
    desk.perform(proposal(2));
    desk.perform(verdict(4, Some(Verdict::of(vec![Class::D6]))));
    desk.perform(Command::AgreeWithRemaining);
    desk.sign();
    let ask = Command::ThirdRead(ThirdReadCommand::Ask {
        mode: Some(ThirdReadMode::Arbitration),
        reason: ReferralReason::Discrepancy,
        read_a: ReadA::First,
        order: vec![PairId(4)],
    });
    assert_eq!(desk.refusal(ask), "");
}

#[test]
fn a_withdrawn_report_says_so_and_a_case_without_one_can_be_closed() {
    let mut desk = Desk::signed();
    desk.perform(Command::WithdrawReport {
        version: 1,
        reason: "another patient".into(),
    });
    assert_eq!(
        desk.case.earlier_comparisons()[0].reopened,
        Reopened::Withdrawn
    );
    assert_eq!(desk.case.correction(), None);
    desk.perform(Command::CloseCase);
    assert_eq!(desk.case.stage(), Stage::Closed);
    // A report that comes after all opens it again.
    desk.perform(attach(2, None));
    assert_eq!(desk.case.reports().len(), 2);
}

#[test]
fn an_addendum_beside_the_compared_version_is_named_as_not_compared() {
    let mut desk = Desk::signed();
    desk.perform(attach(2, None));
    let versions: Vec<u32> = desk
        .case
        .reports_not_compared()
        .map(|r| r.version)
        .collect();
    assert_eq!(versions, [2]);
    assert!(desk.case.comparison().is_some());
}

#[test]
fn what_an_earlier_comparison_says_is_kept_from_whoever_must_not_know_the_reads() {
    let mut desk = Desk::signed();
    desk.perform(attach(2, Some(1)));
    desk.perform(proposal(2));
    desk.perform(verdict(4, Some(Verdict::of(vec![Class::D6]))));
    desk.perform(Command::AgreeWithRemaining);
    desk.sign();
    desk.perform(Command::ThirdRead(ThirdReadCommand::Ask {
        mode: Some(ThirdReadMode::Arbitration),
        reason: ReferralReason::Discrepancy,
        read_a: ReadA::First,
        order: vec![PairId(4)],
    }));
    let shown = |actor: &case::Actor| {
        let view = desk.case.view(actor);
        (view.earlier_comparisons.len(), view.correction.is_some())
    };
    assert_eq!(shown(&third_reader()), (0, false));
    assert_eq!(shown(&crate::sample::iyer()), (1, true));
}
