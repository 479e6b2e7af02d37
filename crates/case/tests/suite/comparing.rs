use case::{Class, Command, Outcome, PairId, SecondRef, Significance, Stage, StatementId, Verdict};

use crate::sample::{Desk, attach, iyer, novak, pair, pairs, proposal, proposal_of, verdict};

#[test]
fn reads_are_compared_after_seal_and_reveal_by_the_reader() {
    assert_eq!(Desk::read().refusal(proposal(1)), "not_sealed");
    assert_eq!(Desk::sealed().refusal(proposal(1)), "blinded");
    let desk = Desk::revealed();
    assert_eq!(desk.refusal_to(&novak(), proposal(1)), "not_your_read");
    assert_eq!(desk.refusal(proposal(2)), "no_such_report");
    assert_eq!(desk.refusal(verdict(1, None)), "no_comparison");
    assert_eq!(desk.refusal(proposal(1)), "");
    assert_eq!(
        Desk::signed().refusal(verdict(1, None)),
        "comparison_signed"
    );
    assert_eq!(Desk::signed().refusal(proposal(1)), "comparison_signed");
}

#[test]
fn rows_that_name_nothing_are_refused() {
    let desk = Desk::revealed();
    let with = |change: &dyn Fn(&mut Vec<case::Pair>)| {
        let mut rows = pairs();
        change(&mut rows);
        desk.refusal(proposal_of(1, rows))
    };
    assert_eq!(with(&|_| ()), "");
    assert_eq!(with(&|rows| rows[0].id = PairId(2)), "bad_pairs");
    assert_eq!(with(&|rows| rows[0].id = PairId(0)), "bad_pairs");
    assert_eq!(
        with(&|rows| rows[0].first = Some(StatementId(9))),
        "bad_pairs"
    );
    assert_eq!(
        with(&|rows| rows[0].second = Some(SecondRef::Sentence(StatementId(1)))),
        "bad_pairs"
    );
    assert_eq!(with(&|rows| rows[2].first = None), "bad_pairs");
    assert_eq!(
        with(&|rows| rows[0].verdict = Some(Verdict::agree())),
        "bad_pairs"
    );
    assert_eq!(
        with(&|rows| rows[0].first_spans = vec![(Class::D6, [60, 99])]),
        "bad_pairs"
    );
    assert_eq!(with(&|rows| rows[0].confidence = f64::NAN), "not_storable");
}

#[test]
fn a_verdict_agrees_alone_or_names_kinds_of_discrepancy() {
    let desk = Desk::comparing();
    let set = |classes| desk.refusal(verdict(1, Some(Verdict::of(classes))));
    assert_eq!(set(vec![]), "no_class");
    assert_eq!(set(vec![Class::D4, Class::D4]), "no_class");
    assert_eq!(set(vec![Class::Agree, Class::D4]), "agree_with_others");
    assert_eq!(set(vec![Class::D4, Class::D6]), "");
    assert_eq!(desk.refusal(verdict(9, None)), "no_such_pair");
    assert_eq!(desk.case.decide(&iyer(), verdict(1, None)), Ok(Vec::new()));
    // A row without a proposal may still get a verdict.
    assert_eq!(
        desk.refusal(verdict(3, Some(Verdict::of(vec![Class::D2])))),
        ""
    );
}

#[test]
fn agreeing_with_what_remains_leaves_what_differs_and_is_one_step() {
    let mut desk = Desk::comparing();
    assert_eq!(desk.case.n_pending_verdicts(), 2);
    desk.perform(Command::AgreeWithRemaining);
    assert_eq!(desk.kinds_of_last_step(), ["verdict_set"]);
    assert_eq!(desk.case.n_pending_verdicts(), 1);
    let refused = desk.case.decide(&iyer(), desk.sign_command()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "1 statement is still without a verdict; decide about each of them, or agree with those that remain"
    );
    desk.perform(verdict(1, Some(Verdict::agree())));
    desk.sign();
    assert_eq!(desk.case.stage(), Stage::Feedback);
    assert_eq!(desk.case.outcome(), Some(Outcome::Confirmed));
    assert_eq!(
        desk.case.summary().unwrap(),
        "The second read confirms the first report. 2 statements agree."
    );
}

#[test]
fn the_outcome_follows_the_verdicts_until_it_is_chosen() {
    let graded = |class, significance| Verdict {
        significance,
        ..Verdict::of(vec![class])
    };
    let rows = [
        (graded(Class::Agree, None), Some(Outcome::Confirmed)),
        (graded(Class::D6, None), Some(Outcome::Refined)),
        (
            graded(Class::D6, Some(Significance::None)),
            Some(Outcome::Refined),
        ),
        (
            graded(Class::D6, Some(Significance::Minor)),
            Some(Outcome::Refined),
        ),
        (
            graded(Class::D4, Some(Significance::Moderate)),
            Some(Outcome::Changed),
        ),
        (
            graded(Class::D1, Some(Significance::Major)),
            Some(Outcome::Changed),
        ),
        // A miss of the second read leaves the first report as it is.
        (
            graded(Class::D1Second, Some(Significance::Major)),
            Some(Outcome::Confirmed),
        ),
    ];
    for (given, expected) in rows {
        let mut desk = Desk::comparing();
        assert_eq!(desk.case.outcome(), None);
        desk.perform(Command::AgreeWithRemaining);
        desk.perform(verdict(1, Some(given.clone())));
        assert_eq!(desk.case.outcome_suggested(), expected, "{given:?}");
        desk.perform(Command::SetOutcome {
            outcome: Some(Outcome::Changed),
        });
        assert_eq!(desk.case.outcome(), Some(Outcome::Changed));
        desk.perform(Command::SetOutcome { outcome: None });
        assert_eq!(desk.case.outcome(), expected);
    }
}

#[test]
fn the_summary_is_built_from_the_verdicts_until_it_is_written() {
    let mut desk = Desk::comparing();
    desk.perform(Command::AgreeWithRemaining);
    let size = Verdict {
        significance: Some(Significance::Moderate),
        note: "Measured in three planes".into(),
        ..Verdict::of(vec![Class::D6])
    };
    desk.perform(verdict(1, Some(size)));
    desk.perform(verdict(3, Some(Verdict::of(vec![Class::D2]))));
    assert_eq!(
        desk.case.summary().unwrap(),
        "The second read changes the first report in 2 points. \
         Nodule, 8.3 mm; the first report says “Zwiebelkanarienvogel nodule of 14 mm” (size differs). \
         Measured in three planes. \
         “Normal heart”: not confirmed by the second read. One other statement agrees."
    );
    desk.perform(Command::WriteSummary {
        text: Some("Mine.".into()),
    });
    assert_eq!(desk.case.summary().unwrap(), "Mine.");
    desk.perform(Command::WriteSummary { text: None });
    assert_ne!(desk.case.summary().unwrap(), "Mine.");
}

#[test]
fn realigning_loses_nothing_and_names_new_rows_anew() {
    let mut desk = Desk::comparing();
    let split = vec![
        pair(1, Some(1), None, vec![Class::D2]),
        pair(4, None, Some(1), vec![Class::D1]),
        pair(2, Some(2), Some(2), vec![Class::Agree]),
        pair(3, Some(3), None, Vec::new()),
    ];
    let mut lossy = split.clone();
    lossy.remove(1);
    assert_eq!(desk.refusal(Command::Realign { pairs: lossy }), "bad_pairs");
    assert_eq!(
        desk.refusal(Command::Realign {
            pairs: split.clone()
        }),
        ""
    );
    desk.perform(Command::Realign {
        pairs: split.clone(),
    });
    assert_eq!(desk.case.next_pair_id(), PairId(5));
    desk.perform(Command::Realign { pairs: pairs() });
    // P4 was a row once.
    assert_eq!(desk.refusal(Command::Realign { pairs: split }), "bad_pairs");
}

#[test]
fn a_correction_reopens_the_comparison_and_the_old_one_stays_in_the_log() {
    let mut desk = Desk::signed();
    desk.perform(attach(2, Some(1)));
    assert_eq!(
        desk.kinds_of_last_step(),
        ["report_attached", "comparison_reopened"]
    );
    assert_eq!(desk.case.stage(), Stage::Comparing);
    assert!(desk.case.comparison().is_none());
    assert_eq!(desk.case.current_report().map(|r| r.version), Some(2));
    assert_eq!(desk.refusal(proposal(1)), "no_such_report");
    desk.perform(proposal(2));
    let n = desk
        .log
        .iter()
        .filter(|e| e.event.kind() == "comparison_signed")
        .count();
    assert_eq!(n, 1);
}

#[test]
fn no_number_names_rows_of_two_comparisons() {
    let mut desk = Desk::signed();
    let used = desk.case.next_pair_id().0 - 1;
    for number in [2_u8, 3] {
        let version = u32::from(number);
        desk.perform(attach(number, Some(version - 1)));
        desk.perform(proposal(version));
        let rows = &desk.case.comparison().unwrap().pairs;
        let numbers: Vec<u32> = rows.iter().map(|pair| pair.id.0).collect();
        let before = used + (version - 2) * 3;
        assert_eq!(
            numbers,
            [before + 1, before + 2, before + 3],
            "version {version}"
        );
        // Proposing the same once more, before any verdict, gives the same names.
        assert_eq!(desk.refusal(proposal(version)), "");
        assert_eq!(desk.case.next_pair_id().0, before + 4);
    }
}

#[test]
fn reports_are_added_replaced_and_withdrawn_never_deleted() {
    let mut desk = Desk::ready();
    assert_eq!(desk.refusal(attach(1, None)), "same_report");
    assert_eq!(desk.refusal(attach(2, Some(7))), "no_such_report");
    desk.perform(attach(2, None));
    assert_eq!(desk.case.reports()[1].status, case::ReportStatus::Addendum);
    desk.perform(attach(3, Some(1)));
    assert_eq!(desk.refusal(attach(4, Some(1))), "no_such_report");
    assert_eq!(desk.case.current_report().map(|r| r.version), Some(3));
    let withdraw = |version, reason: &str| Command::WithdrawReport {
        version,
        reason: reason.into(),
    };
    assert_eq!(desk.refusal(withdraw(3, "")), "no_reason");
    assert_eq!(desk.refusal(withdraw(9, "x")), "no_such_report");
    desk.perform(withdraw(3, "another patient"));
    assert_eq!(desk.case.current_report().map(|r| r.version), Some(2));
    assert_eq!(desk.refusal(withdraw(3, "again")), "no_such_report");
    // What the withdrawn one replaced stands again.
    desk.perform(withdraw(2, "another patient"));
    assert_eq!(desk.case.current_report().map(|r| r.version), Some(1));
    assert_eq!(desk.case.reports().len(), 3);
}

#[test]
fn withdrawing_the_compared_report_clears_the_comparison() {
    let mut desk = Desk::signed();
    desk.perform(Command::WithdrawReport {
        version: 1,
        reason: "another patient".into(),
    });
    assert!(desk.case.comparison().is_none());
    assert_eq!(desk.refusal(proposal(1)), "no_such_report");
}

#[test]
fn a_comparison_with_verdicts_is_not_proposed_over() {
    let mut desk = Desk::comparing();
    assert_eq!(desk.refusal(proposal(1)), "");
    desk.perform(verdict(1, Some(Verdict::agree())));
    assert_eq!(desk.refusal(proposal(1)), "already_compared");
}
