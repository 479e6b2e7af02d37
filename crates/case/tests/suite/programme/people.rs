//! Assignments, conflicts, roles, critical findings, feedback and changes of mind.

use super::*;

#[test]
fn who_read_first_or_has_a_conflict_or_was_not_assigned_does_not_read_second() {
    let mut desk = begun(Protocol {
        conflict_declaration: Declaration::Required,
        ..Protocol::default()
    });
    assert_eq!(desk.refusal(Command::StartRead), "conflict_not_declared");
    desk.perform(declare(Conflict::None));
    assert_eq!(desk.refusal(Command::StartRead), "");
    desk.perform_as(&novak(), declare(Conflict::Declared));
    assert_eq!(
        desk.refusal_to(&novak(), Command::StartRead),
        "conflict_of_interest"
    );
    desk.perform_as(&okoye(), Command::NameFirstReader { reader: iyer() });
    assert_eq!(desk.refusal(Command::StartRead), "own_read");
    let mut desk = begun(Protocol::default());
    let assignment = |reader| Assignment {
        reader,
        due: "2026-12-01".into(),
        priority: Priority::Soon,
        method: SamplingMethod::Random,
        inclusion_probability: Some(0.05),
        draw: None,
    };
    desk.perform_as(
        &okoye(),
        Command::Assign {
            assignment: assignment(novak()),
        },
    );
    assert_eq!(desk.refusal(Command::StartRead), "assigned_to_other");
    desk.perform_as(&novak(), Command::StartRead);
    let again = Command::Assign {
        assignment: assignment(iyer()),
    };
    assert_eq!(desk.refusal(again), "already_taken");
}

#[test]
fn the_first_readers_name_is_closed_while_blinded() {
    let mut desk = begun(Protocol::default());
    desk.perform_as(
        &okoye(),
        Command::NameFirstReader {
            reader: Actor::new(CANARY),
        },
    );
    assert!(!view(&desk, &iyer()).contains(CANARY));
    desk.perform(Command::AddFinding {
        finding: finding(1, "nodule"),
    });
    desk.seal();
    desk.perform(Command::Reveal { urgent: None });
    assert!(view(&desk, &iyer()).contains(CANARY));
}

#[test]
fn a_critical_finding_may_be_raised_at_any_stage_and_must_be_repeated_before_the_case_closes() {
    for mut desk in [Desk::ready(), Desk::read(), Desk::sealed(), Desk::signed()] {
        let (blinded, stage) = (desk.case.is_blinded(), desk.case.stage());
        desk.perform(raise());
        assert_eq!(
            (desk.case.is_blinded(), desk.case.stage()),
            (blinded, stage)
        );
    }
    let mut desk = Desk::signed();
    desk.perform(raise());
    assert_eq!(desk.refusal(Command::CloseCase), "critical_open");
    desk.perform(tell(1, ReadBack::NotDone));
    assert_eq!(desk.refusal(Command::CloseCase), "critical_open");
    desk.perform(tell(1, ReadBack::Confirmed));
    assert_eq!(desk.refusal(Command::CloseCase), "");
    assert_eq!(
        desk.refusal(tell(2, ReadBack::Confirmed)),
        "no_such_critical"
    );
}

#[test]
fn feedback_is_anonymous_to_the_first_reader_and_answered_by_no_one_else() {
    let mut desk = Desk::signed();
    let give = |sender| {
        Command::Learning(LearningCommand::GiveFeedback {
            kind: FeedbackKind::LearningPoint,
            sender,
            pair: Some(PairId(1)),
            text: "The lower lobe".into(),
        })
    };
    desk.perform(Command::NameFirstReader { reader: novak() });
    desk.perform(give(Sender::Anonymous));
    desk.perform(give(Sender::Named));
    let shown: serde_json::Value = serde_json::from_str(&view(&desk, &novak())).unwrap();
    assert!(shown["feedback"][0]["by"].is_null());
    assert_eq!(shown["feedback"][1]["by"], "iyer");
    let answer = Command::Learning(LearningCommand::AnswerFeedback {
        number: 1,
        text: String::new(),
    });
    assert_eq!(desk.refusal(answer.clone()), "not_for_you");
    desk.perform_as(&novak(), answer);
    assert_eq!(desk.case.feedback()[0].answers.len(), 1);
    assert_eq!(Desk::comparing().refusal(give(Sender::Named)), "not_signed");
}

#[test]
fn a_first_reader_sees_what_is_written_to_them_and_nothing_else_of_the_second_read() {
    let mut desk = Desk::signed();
    desk.perform(Command::NameFirstReader { reader: novak() });
    desk.perform(Command::Learning(LearningCommand::GiveFeedback {
        kind: FeedbackKind::Praise,
        sender: Sender::Anonymous,
        pair: Some(PairId(1)),
        text: "Well seen".into(),
    }));
    assert_eq!(desk.case.onlooker(&novak()), Onlooker::FirstReader);
    let text = view(&desk, &novak());
    for closed in ["iyer", "Iyer", "detectability", "F2"] {
        assert!(!text.contains(closed), "{closed}");
    }
    let shown: serde_json::Value = serde_json::from_str(&text).unwrap();
    for closed in [
        "read",
        "comparison",
        "assignment",
        "third_read",
        "anchoring",
    ] {
        assert!(shown[closed].is_null(), "{closed}");
    }
    let message = &shown["feedback"][0];
    let pair = &desk.case.comparison().unwrap().pairs[0];
    let said = desk.case.comparison().unwrap().first[0].text.clone();
    assert_eq!(message["row"]["first"], said.as_str());
    assert_eq!(message["row"]["second"].is_null(), pair.second.is_none());
    assert_eq!(
        message["row"]["differs"][0],
        pair.verdict.as_ref().unwrap().classes[0].label()
    );
    let seen = desk.case.as_seen_by(&novak());
    assert!(seen.comparison().is_none() && seen.read().findings.is_empty());
    assert!(
        seen.feedback().is_empty(),
        "messages come from the view, without names"
    );
    // Whoever runs the case, or reads it, is no stranger to it.
    assert_eq!(desk.case.onlooker(&iyer()), Onlooker::Reviewer);
}

#[test]
fn a_row_that_asks_the_first_reader_does_so_with_the_signature_and_not_before() {
    let mut desk = Desk::comparing();
    let asking = |note: &str| Verdict {
        asks_first_reader: true,
        note: note.into(),
        ..Verdict::of(vec![Class::D6])
    };
    desk.perform(verdict(1, Some(asking(" Measured on which series? "))));
    desk.perform(verdict(2, Some(asking(""))));
    desk.perform(verdict(
        2,
        Some(asking("").of_other_classes(vec![Class::Agree])),
    ));
    assert!(desk.case.feedback().is_empty());
    desk.sign();
    let messages = desk.case.feedback();
    assert_eq!(messages.len(), 1, "where both agree nothing is asked");
    assert_eq!(messages[0].text, "Measured on which series?");
    assert_eq!(
        (messages[0].kind, messages[0].sender, messages[0].pair),
        (FeedbackKind::Question, Sender::Anonymous, Some(PairId(1)))
    );
}

#[test]
fn a_case_goes_on_a_list_once_it_is_revealed() {
    let flag = || {
        Command::Learning(LearningCommand::Flag {
            list: LearningList::Teaching,
            reason: "Side".into(),
        })
    };
    assert_eq!(Desk::ready().refusal(flag()), "not_signed");
    let mut desk = Desk::comparing();
    desk.perform(flag());
    assert_eq!(desk.case.flags().len(), 1);
}

#[test]
fn the_truth_may_come_after_the_case_is_closed() {
    let mut desk = Desk::signed();
    desk.perform(Command::CloseCase);
    desk.perform(Command::Learning(LearningCommand::FollowUp {
        pair: Some(PairId(1)),
        source: FollowUpSource::Pathology,
        text: "Adenocarcinoma, 13 mm".into(),
        bears_out: BorneOut::First,
    }));
    assert_eq!(desk.case.stage(), Stage::Closed);
    assert_eq!(desk.case.follow_ups().len(), 1);
}

#[test]
fn changes_of_mind_are_a_layer_and_the_sealed_read_stays() {
    let mut desk = Desk::comparing();
    let sealed = desk.case.read().clone();
    let amend = |change, direction| Command::AmendRead {
        amendment: Amendment {
            change,
            pair: Some(PairId(1)),
            direction,
            reason: "Looked again".into(),
        },
    };
    let added = AmendedFinding::Added {
        finding: finding(3, "rib fracture"),
    };
    desk.perform(amend(added.clone(), Direction::TowardsFirst));
    assert_eq!(
        desk.refusal(amend(added, Direction::TowardsFirst)),
        "wrong_id"
    );
    desk.perform(amend(
        AmendedFinding::Retracted { id: FindingId(2) },
        Direction::TowardsFirst,
    ));
    desk.perform(amend(
        AmendedFinding::Changed {
            finding: finding(1, "mass"),
        },
        Direction::AwayFromFirst,
    ));
    let again = amend(
        AmendedFinding::Retracted { id: FindingId(2) },
        Direction::TowardsFirst,
    );
    assert_eq!(desk.refusal(again), "no_such_finding");
    assert_eq!(*desk.case.read(), sealed);
    let now: Vec<String> = desk
        .case
        .findings_now()
        .into_iter()
        .map(|f| f.concept)
        .collect();
    assert_eq!(now, ["mass", "rib fracture"]);
    let index = desk.case.anchoring_index();
    assert_eq!((index.n_towards_first, index.n_findings), (2, 3));
    let early = amend(
        AmendedFinding::Retracted { id: FindingId(1) },
        Direction::Unrelated,
    );
    assert_eq!(Desk::sealed().refusal(early), "blinded");
}

/// One command of each duty.
fn commands() -> Vec<Command> {
    vec![
        create(),
        Command::StartRead,
        ask(ReadA::First),
        Command::ThirdRead(ThirdReadCommand::Take),
        raise(),
        Command::Learning(LearningCommand::GiveFeedback {
            kind: FeedbackKind::Praise,
            sender: Sender::Named,
            pair: None,
            text: "Good".into(),
        }),
        Command::Learning(LearningCommand::AnswerFeedback {
            number: 1,
            text: String::new(),
        }),
        Command::Learning(LearningCommand::FollowUp {
            pair: None,
            source: FollowUpSource::Imaging,
            text: "Gone".into(),
            bears_out: BorneOut::Both,
        }),
        Command::DeclareConflict {
            conflict: Conflict::None,
            text: String::new(),
        },
        Command::RecordExport {
            format: "pdf".into(),
            sha256: case::Sha256::zero(),
        },
        Command::CloseCase,
    ]
}

#[test]
fn each_role_may_do_what_its_duties_name_and_nothing_else() {
    // C coordinator, S second reader, A adjudicator, F first reader, H chair.
    let rows = [
        (Duty::Coordinate, "C"),
        (Duty::Read, "S"),
        (Duty::Refer, "CSH"),
        (Duty::Adjudicate, "A"),
        (Duty::Communicate, "CSA"),
        (Duty::GiveFeedback, "CSH"),
        (Duty::AnswerFeedback, "F"),
        (Duty::FollowUp, "CSAH"),
        (Duty::Declare, "SA"),
        (Duty::Export, "CSAH"),
        (Duty::Close, "CSH"),
    ];
    let letters = ["C", "S", "A", "F", "H", "-", "-"];
    assert_eq!(rows.len(), Duty::ALL.len());
    let commands = commands();
    let case = begun(Protocol::default()).case;
    for (duty, may) in rows {
        let command = commands.iter().find(|c| c.duty() == duty).unwrap();
        for (role, letter) in Role::ALL.into_iter().zip(letters) {
            let roster = Roster {
                members: vec![Member {
                    actor: iyer(),
                    roles: vec![role],
                    specialities: Vec::new(),
                }],
            };
            let allowed = roster.allow(&case, &iyer(), command).is_ok();
            assert_eq!(allowed, may.contains(letter), "{role:?} {duty:?}");
            let stranger = roster.allow(&case, &novak(), command);
            assert_eq!(stranger.unwrap_err().code, "not_your_role");
        }
    }
}

#[test]
fn without_a_roster_everybody_may_do_everything_and_with_one_nobody_reads_a_case_of_their_own() {
    let case = begun(Protocol::default()).case;
    for command in commands() {
        assert!(Roster::default().allow(&case, &novak(), &command).is_ok());
    }
    let roster = Roster {
        members: vec![Member {
            actor: okoye(),
            roles: vec![Role::Coordinator, Role::SecondReader],
            specialities: Vec::new(),
        }],
    };
    let refused = roster
        .allow(&case, &okoye(), &Command::StartRead)
        .unwrap_err();
    assert_eq!(refused.code, "roles_conflict");
    assert!(roster.allow(&case, &okoye(), &Command::CloseCase).is_ok());
}

#[test]
fn a_conflict_that_is_declared_later_ends_the_part_of_who_declares_it() {
    let mut desk = begun(Protocol::default());
    desk.perform(Command::AddFinding {
        finding: finding(1, "nodule"),
    });
    desk.perform(declare(Conflict::Declared));
    let edit = Command::EditFinding {
        finding: finding(1, "scar"),
    };
    assert_eq!(desk.refusal(edit.clone()), "conflict_of_interest");
    assert_eq!(desk.refusal(desk.seal_command()), "conflict_of_interest");
    desk.perform(declare(Conflict::None));
    assert_eq!(desk.refusal(edit), "");
    let mut desk = Desk::signed();
    desk.perform(ask(ReadA::First));
    desk.perform_as(&novak(), decide(1, Upheld::A));
    desk.perform_as(&novak(), decide(2, Upheld::A));
    desk.perform_as(&novak(), declare(Conflict::Declared));
    let command = third_seal(&desk);
    assert_eq!(desk.refusal_to(&novak(), command), "conflict_of_interest");
    // Another third reader begins anew.
    desk.perform_as(&okoye(), Command::ThirdRead(ThirdReadCommand::Take));
    assert_eq!(desk.case.third_reader(), Some(&okoye()));
    assert_eq!(desk.case.third_read().unwrap().n_pending(), 2);
    assert_eq!(desk.refusal_to(&novak(), Command::Undo), "nothing_to_undo");
}

#[test]
fn a_case_may_be_assigned_before_its_reader_declares() {
    let mut desk = begun(Protocol {
        conflict_declaration: Declaration::Required,
        ..Protocol::default()
    });
    let assign = Command::Assign {
        assignment: Assignment {
            reader: iyer(),
            due: String::new(),
            priority: Priority::Routine,
            method: SamplingMethod::EveryNth,
            inclusion_probability: Some(0.1),
            draw: None,
        },
    };
    desk.perform_as(&okoye(), assign.clone());
    assert_eq!(desk.refusal(Command::StartRead), "conflict_not_declared");
    desk.perform(declare(Conflict::Declared));
    assert_eq!(desk.refusal_to(&okoye(), assign), "conflict_of_interest");
}
