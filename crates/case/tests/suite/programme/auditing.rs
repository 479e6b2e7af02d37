//! Agreeing cases of which chance sends a share to a third reader.

use case::{AuditDraw, ChainBroken, Entry, Sha256};

use super::*;
use crate::sample::proposal;

/// A number that sends, or does not send, the case of the desk where half of all go.
fn nonce(goes: bool) -> Sha256 {
    let desk = Desk::empty();
    let fits = |nonce: &Sha256| {
        AuditDraw::new(desk.case.id(), 50, None, Some(nonce.clone())).drawn == goes
    };
    let mut all = (0_u32..).map(|k| Sha256::of(&k.to_be_bytes()));
    all.find(fits).unwrap()
}

/// A comparison with no verdict yet, of a case for which a number was put away.
fn compared(percent: u8, put_away: Option<&Sha256>) -> Desk {
    let mut rules = Protocol::default();
    rules.third_read.concordant_percent = percent;
    let mut desk = Desk::empty();
    let Command::CreateCase {
        study,
        priors,
        question,
        protocol,
        ..
    } = create()
    else {
        unreachable!()
    };
    desk.perform_as(
        &okoye(),
        Command::CreateCase {
            study,
            priors,
            question,
            protocol,
            rules: Some(Box::new(rules)),
        },
    );
    if let Some(nonce) = put_away {
        let commitment = AuditDraw::commitment(nonce);
        desk.perform_as(&okoye(), Command::CommitAudit { commitment });
    }
    desk.perform_as(
        &okoye(),
        Command::CheckIntake {
            completeness: Vec::new(),
        },
    );
    desk.perform(attach(1, None));
    for (number, concept) in [(1, "nodule"), (2, "effusion")] {
        desk.perform(Command::AddFinding {
            finding: finding(number, concept),
        });
    }
    desk.perform(Command::WriteImpression {
        text: "Nodule and effusion.".into(),
    });
    desk.seal();
    desk.perform(Command::Reveal { urgent: None });
    desk.perform(proposal(1));
    desk
}

fn agree(desk: &mut Desk) {
    let rows = desk.case.comparison().map(|c| c.pairs.clone());
    for pair in rows.into_iter().flatten() {
        desk.perform(verdict(pair.id.0, Some(Verdict::agree())));
    }
}

fn sign(desk: &Desk, audit_nonce: Option<Sha256>) -> Command {
    Command::SignComparison {
        seal: desk.seal_record(SealStage::Comparison),
        audit_nonce,
    }
}

fn signed(percent: u8, put_away: &Sha256, shown: Option<Sha256>) -> Desk {
    let mut desk = compared(percent, Some(put_away));
    agree(&mut desk);
    let command = sign(&desk, shown);
    desk.perform(command);
    desk
}

fn audit_of(rows: u32) -> Command {
    Command::ThirdRead(ThirdReadCommand::Ask {
        mode: None,
        reason: ReferralReason::ConcordanceAudit,
        read_a: ReadA::First,
        order: (1..=rows).map(PairId).collect(),
    })
}

#[test]
fn an_agreeing_case_that_chance_draws_does_not_close_before_its_third_read() {
    let number = nonce(true);
    let mut desk = signed(50, &number, Some(number.clone()));
    let draw = desk.case.audit().unwrap();
    assert!(draw.drawn && desk.case.awaits_third_read());
    assert_eq!(draw.probability().to_bits(), 0.5_f64.to_bits());
    assert_eq!(desk.refusal(Command::CloseCase), "third_read_missing");
    // Neither another reason nor a part of the rows gets round it.
    assert_eq!(desk.refusal(audit_of(2)), "audit_drawn");
    assert_eq!(desk.refusal(ask(ReadA::First)), "audit_drawn");
    desk.perform(audit_of(3));
    assert!(
        !view(&desk, &novak()).contains("\"audit\""),
        "it would tell that they agree"
    );
    for pair in 1..=3 {
        desk.perform_as(&novak(), decide(pair, Upheld::BothPartly));
    }
    let command = third_seal(&desk);
    desk.perform_as(&novak(), command);
    desk.perform(Command::CloseCase);
    assert_eq!(desk.case.stage(), Stage::Closed);
    Case::replay_with_seals(desk.case.id().clone(), &desk.log).unwrap();
}

#[test]
fn an_agreeing_case_that_chance_leaves_closes_and_nobody_may_call_it_drawn() {
    let number = nonce(false);
    let mut desk = signed(50, &number, Some(number.clone()));
    assert!(!desk.case.audit().unwrap().drawn);
    assert_eq!(desk.refusal(audit_of(3)), "audit_not_drawn");
    desk.perform(Command::CloseCase);
}

#[test]
fn nothing_is_drawn_where_the_reads_differ_or_the_protocol_wants_none() {
    let number = nonce(true);
    assert_eq!(signed(0, &number, Some(number.clone())).case.audit(), None);
    let mut desk = compared(100, Some(&number));
    agree(&mut desk);
    desk.perform(verdict(1, Some(Verdict::of(vec![Class::D6]))));
    let command = sign(&desk, Some(number));
    desk.perform(command);
    assert_eq!(desk.case.audit(), None);
    assert!(!desk.case.awaits_audit());
}

#[test]
fn who_shows_another_number_than_was_put_away_has_the_case_drawn() {
    let number = nonce(false);
    for shown in [None, Some(nonce(true)), Some(Sha256::of(b"made up"))] {
        let draw = signed(50, &number, shown.clone()).case.audit().cloned();
        let honest = shown.as_ref() == Some(&number);
        assert_eq!(draw.unwrap().drawn, !honest, "{shown:?}");
    }
}

#[test]
fn a_number_is_put_away_once_and_before_the_read() {
    let commit = |number| Command::CommitAudit {
        commitment: AuditDraw::commitment(&nonce(number)),
    };
    let mut desk = Desk::ready();
    let none = Command::CommitAudit {
        commitment: Sha256::new("nothing"),
    };
    assert_eq!(desk.refusal(none), "bad_commitment");
    desk.perform(commit(true));
    assert_eq!(desk.case.decide(&iyer(), commit(true)).unwrap(), Vec::new());
    assert_eq!(desk.refusal(commit(false)), "audit_settled");
    assert_eq!(Desk::read().refusal(commit(true)), "audit_settled");
}

#[test]
fn a_draw_counts_for_the_comparison_with_a_corrected_report_too() {
    let number = nonce(false);
    let mut desk = signed(50, &number, Some(number.clone()));
    let draw = desk.case.audit().cloned();
    desk.perform(attach(2, Some(1)));
    desk.perform(proposal(2));
    agree(&mut desk);
    let command = sign(&desk, Some(nonce(true)));
    desk.perform(command);
    assert_eq!(desk.case.audit().cloned(), draw, "it is not thrown again");
    Case::replay_with_seals(desk.case.id().clone(), &desk.log).unwrap();
}

/// The log with the last signature's draw changed, and every hash made anew.
fn forged(desk: &Desk, change: impl Fn(&mut Option<AuditDraw>)) -> Result<(), ChainBroken> {
    let mut log: Vec<Entry> = desk.log.clone();
    let mut prev = Sha256::zero();
    for entry in &mut log {
        if let Event::ComparisonSigned { audit, .. } = &mut entry.event {
            change(audit);
        }
        entry.prev = prev;
        entry.hash = entry.compute_hash();
        prev = entry.hash.clone();
    }
    Case::replay_with_seals(desk.case.id().clone(), &log).map(|_| ())
}

#[test]
fn a_draw_that_was_changed_in_the_log_is_found() {
    let number = nonce(true);
    let desk = signed(50, &number, Some(number.clone()));
    forged(&desk, |_| {}).unwrap();
    type Change = fn(&mut AuditDraw);
    let changes: [Change; 3] = [
        |draw| draw.drawn = false,
        |draw| draw.percent = 1,
        |draw| (draw.nonce, draw.drawn) = (Some(nonce(false)), false),
    ];
    for (k, change) in changes.into_iter().enumerate() {
        let found = forged(&desk, |audit| audit.iter_mut().for_each(change)).unwrap_err();
        assert!(found.what.contains("draw"), "{k}: {}", found.what);
    }
    let found = forged(&desk, |audit| *audit = None).unwrap_err();
    assert!(found.what.contains("draw"), "{}", found.what);
}
