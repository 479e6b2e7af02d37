//! Commands in any order.

use proptest::prelude::*;

use super::*;

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
