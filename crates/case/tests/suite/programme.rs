//! Stages of disclosure, roles, the third read, critical findings, feedback and changes of mind.

use case::{
    Actor, AmendedFinding, Amendment, Assignment, BorneOut, Case, Class, Command, Communication,
    Conflict, CriticalCommand, Declaration, Direction, Disclosure, Duty, Event, FeedbackKind,
    FindingId, FollowUpSource, LearningCommand, Medium, Member, PairId, Priority, Protocol, ReadA,
    ReadBack, ReferralReason, Role, Roster, SamplingMethod, SealStage, Sender, Significance, Stage,
    Sureness, ThirdReadCommand, ThirdVerdict, Upheld, Urgency, Verdict,
};
use proptest::prelude::*;

use crate::sample::{CANARY, Desk, attach, create, finding, iyer, novak, study, verdict};

fn okoye() -> Actor {
    Actor::new("okoye")
}

/// A word that only the question holds, and one that only the prior holds.
const QUESTION: &str = "Quittengelee";
const PRIOR: &str = "1.2.99.1";

fn staged() -> Protocol {
    Protocol {
        id: "observer-study".into(),
        stages: vec![
            vec![Disclosure::Images],
            vec![Disclosure::Question],
            vec![Disclosure::Priors],
        ],
        ..Protocol::default()
    }
}

fn begun(rules: Protocol) -> Desk {
    let mut desk = Desk::empty();
    desk.perform_as(
        &okoye(),
        Command::CreateCase {
            study: study("1.2.3"),
            priors: vec![study(PRIOR)],
            question: QUESTION.into(),
            protocol: rules.id.clone(),
            rules: Some(Box::new(rules)),
        },
    );
    desk.perform_as(&okoye(), attach(1, None));
    desk.perform_as(
        &okoye(),
        Command::CheckIntake {
            completeness: Vec::new(),
        },
    );
    desk
}

fn view(desk: &Desk, actor: &Actor) -> String {
    serde_json::to_string(&desk.case.view(actor)).unwrap()
}

fn seal_stage(desk: &mut Desk) {
    let seal = desk.seal_record(SealStage::ReadingStage);
    desk.perform(Command::SealStage { seal });
}

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

fn ask(read_a: ReadA) -> Command {
    Command::ThirdRead(ThirdReadCommand::Ask {
        mode: None,
        reason: ReferralReason::Discrepancy,
        read_a,
        order: vec![PairId(2), PairId(1)],
    })
}

fn decide(pair: u32, upheld: Upheld) -> Command {
    Command::ThirdRead(ThirdReadCommand::SetVerdict {
        pair: PairId(pair),
        verdict: Some(ThirdVerdict {
            upheld,
            sure: None,
            significance: None,
            note: String::new(),
            evidence: None,
        }),
    })
}

fn third_seal(desk: &Desk) -> Command {
    Command::ThirdRead(ThirdReadCommand::Sign {
        seal: desk.seal_record(SealStage::ThirdRead),
    })
}

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

fn raise() -> Command {
    Command::Critical(CriticalCommand::Raise {
        text: "Tension pneumothorax".into(),
        urgency: Urgency::Minutes,
        finding: None,
    })
}

fn tell(number: u32, read_back: ReadBack) -> Command {
    Command::Critical(CriticalCommand::Communicate {
        number,
        communication: Communication {
            to: "Ward 3".into(),
            medium: Medium::Telephone,
            read_back,
            told_at: "10:05".into(),
        },
    })
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
        }],
    };
    let refused = roster
        .allow(&case, &okoye(), &Command::StartRead)
        .unwrap_err();
    assert_eq!(refused.code, "roles_conflict");
    assert!(roster.allow(&case, &okoye(), &Command::CloseCase).is_ok());
}

/// Any command, sensible or not, chosen by two numbers.
fn any_command(desk: &Desk, kind: u8, value: u8) -> Command {
    let pair = u32::from(value % 4);
    let upheld = [Upheld::A, Upheld::B, Upheld::Neither, Upheld::Indeterminate];
    match kind % 24 {
        0 => attach(value, None),
        1 => Command::StartRead,
        2 => Command::AddFinding {
            finding: finding(desk.case.next_finding_id().0, "nodule"),
        },
        3 => Command::SealStage {
            seal: desk.seal_record(SealStage::ReadingStage),
        },
        4 => desk.seal_command(),
        5 => Command::Reveal { urgent: None },
        6 => Command::Reveal {
            urgent: Some("Bleeding".into()),
        },
        7 => crate::sample::proposal_of(
            1,
            vec![crate::sample::pair(1, Some(1), None, vec![Class::D2])],
        ),
        8 => verdict(pair, Some(Verdict::of(vec![Class::D2]))),
        9 => Command::AgreeWithRemaining,
        10 => desk.sign_command(),
        11 => Command::ThirdRead(ThirdReadCommand::Ask {
            mode: None,
            reason: ReferralReason::Requested,
            read_a: ReadA::First,
            order: vec![PairId(1)],
        }),
        12 => Command::ThirdRead(ThirdReadCommand::Take),
        13 => decide(pair, upheld[usize::from(value) % 4]),
        14 => third_seal(desk),
        15 => raise(),
        16 => tell(pair, ReadBack::Confirmed),
        17 => Command::NameFirstReader { reader: novak() },
        18 => Command::DeclareConflict {
            conflict: if value.is_multiple_of(5) {
                Conflict::Declared
            } else {
                Conflict::None
            },
            text: "x".into(),
        },
        19 => Command::AmendRead {
            amendment: Amendment {
                change: AmendedFinding::Retracted { id: FindingId(1) },
                pair: None,
                direction: Direction::TowardsFirst,
                reason: "x".into(),
            },
        },
        20 => Command::Undo,
        21 => Command::Redo,
        22 => Command::Hold { reason: "x".into() },
        _ => [Command::Unhold, Command::CloseCase][usize::from(value) % 2].clone(),
    }
}

/// The command that leads on, and who gives it.
fn next_command(desk: &Desk) -> (Actor, Command) {
    let case = &desk.case;
    let reader = case.reader().cloned().unwrap_or_else(iyer);
    let third = case.third_reader().cloned();
    let third = third.unwrap_or_else(|| if reader == novak() { iyer() } else { novak() });
    match case.stage() {
        Stage::Ready | Stage::Reading | Stage::UnblindedEarly => {
            let empty = case.read().findings.is_empty();
            let kind = if empty { 2 } else { 4 };
            (reader, any_command(desk, kind, 0))
        }
        Stage::Sealed => (reader, Command::Reveal { urgent: None }),
        Stage::Comparing if case.comparison().is_none() => (reader, any_command(desk, 7, 0)),
        Stage::Comparing if 0 < case.n_pending_verdicts() => (reader, any_command(desk, 8, 1)),
        Stage::Comparing => (reader, desk.sign_command()),
        Stage::Feedback if case.third_read().is_none() => (reader, any_command(desk, 11, 0)),
        Stage::Adjudicating if case.third_read().is_some_and(|t| 0 < t.n_pending()) => {
            (third, decide(1, Upheld::A))
        }
        Stage::Adjudicating => (third, third_seal(desk)),
        Stage::OnHold => (reader, Command::Unhold),
        _ => (reader, Command::CloseCase),
    }
}

#[test]
fn the_way_that_the_random_sequences_leave_leads_to_a_closed_case() {
    let mut desk = begun(staged());
    for _ in 0..12 {
        let (actor, command) = next_command(&desk);
        if desk.refusal_to(&actor, command.clone()).is_empty() {
            desk.perform_as(&actor, command);
        }
    }
    assert_eq!(desk.case.stage(), Stage::Closed);
    assert_eq!(desk.case.third_reader(), Some(&novak()));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

    #[test]
    fn no_sequence_of_commands_reaches_a_state_that_the_rules_forbid(
        choices in proptest::collection::vec((any::<u8>(), any::<u8>(), 0..3_u8), 0..120)
    ) {
        let mut desk = begun(staged());
        let mut sealed: Option<String> = None;
        for (kind, value, who) in choices {
            let actor = [iyer(), novak(), okoye()][usize::from(who)].clone();
            // Every other command leads on, so that sequences come to the end as well.
            let (actor, command) = match value % 2 {
                0 => next_command(&desk),
                _ => (actor, any_command(&desk, kind, value / 2)),
            };
            let before = desk.case.clone();
            match desk.entries_of(&actor, command.clone()) {
                Err(_) => prop_assert_eq!(&before, &desk.case),
                Ok(_) => desk.perform_as(&actor, command),
            }
            let case = &desk.case;
            // The first report is open only after a seal, or for ever marked as opened early.
            if !case.is_blinded() && case.read().seal.is_none() {
                let early = matches!(case.blinding(), case::Blinding::RevealedEarly { .. });
                prop_assert!(early);
            }
            // A sealed read never changes.
            let content = serde_json::to_string(case.read()).unwrap();
            if case.read().seal.is_some() {
                prop_assert_eq!(sealed.get_or_insert_with(|| content.clone()), &content);
            }
            // The third reader is neither of the two.
            if let Some(third) = case.third_reader() {
                prop_assert_ne!(Some(third), case.reader());
                prop_assert_ne!(Some(third), case.first_reader());
                prop_assert_ne!(Some(third), case.created_by());
            }
            if case.stage() == Stage::Closed {
                prop_assert!(case.comparison().is_some_and(|c| c.seal.is_some()));
                prop_assert!(!case.awaits_third_read());
            }
            // Nothing of a later stage shows to whoever reads.
            let text = view(&desk, &iyer());
            prop_assert_eq!(text.contains(QUESTION), desk.case.discloses(Disclosure::Question));
        }
        let (again, _) = Case::replay_with_seals(desk.case.id().clone(), &desk.log).unwrap();
        prop_assert_eq!(again, desk.case);
    }
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

fn declare(conflict: Conflict) -> Command {
    Command::DeclareConflict {
        conflict,
        text: "Treats the patient".into(),
    }
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
        },
    };
    desk.perform_as(&okoye(), assign.clone());
    assert_eq!(desk.refusal(Command::StartRead), "conflict_not_declared");
    desk.perform(declare(Conflict::Declared));
    assert_eq!(desk.refusal_to(&okoye(), assign), "conflict_of_interest");
}
