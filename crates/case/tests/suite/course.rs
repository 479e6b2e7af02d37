use case::{Command, Sha256, Stage, Step};

use crate::sample::{Desk, attach, finding};

fn hold() -> Command {
    Command::Hold {
        reason: "waits for the prior".into(),
    }
}

fn end(kind: &str) -> Command {
    Command::End {
        kind: kind.into(),
        reason: "motion".into(),
    }
}

#[test]
fn a_case_on_hold_waits_and_goes_on_where_it_was() {
    for mut desk in [
        Desk::ready(),
        Desk::read(),
        Desk::sealed(),
        Desk::comparing(),
    ] {
        let (stage, step) = (desk.case.stage(), desk.case.step());
        assert_eq!(desk.refusal(Command::Unhold), "not_on_hold");
        desk.perform(hold());
        assert_eq!((desk.case.stage(), desk.case.step()), (Stage::OnHold, step));
        assert_eq!(desk.refusal(Command::StartRead), "on_hold");
        assert_eq!(desk.refusal(Command::Undo), "on_hold");
        assert_eq!(desk.refusal(hold()), "on_hold");
        desk.perform(Command::Unhold);
        assert_eq!(desk.case.stage(), stage);
    }
}

#[test]
fn a_case_closes_signed_or_ended() {
    for desk in [Desk::ready(), Desk::sealed(), Desk::comparing()] {
        assert_eq!(desk.refusal(Command::CloseCase), "not_signed");
    }
    let mut desk = Desk::signed();
    desk.perform(Command::CloseCase);
    assert_eq!(
        (desk.case.stage(), desk.case.step()),
        (Stage::Closed, Step::Close)
    );
    assert_eq!(desk.refusal(Command::CloseCase), "closed");
    assert_eq!(desk.refusal(Command::Undo), "closed");
    // A correction that comes later still reopens it.
    desk.perform(attach(2, Some(1)));
    assert_eq!(desk.case.stage(), Stage::Comparing);
    for (kind, stage) in [
        ("non_diagnostic", Stage::NonDiagnostic),
        ("withdrawn", Stage::Withdrawn),
    ] {
        let mut desk = Desk::ready();
        desk.perform(end(kind));
        assert_eq!(desk.case.stage(), stage);
        assert_eq!(desk.refusal(Command::StartRead), "ended");
        desk.perform(Command::CloseCase);
        assert_eq!(desk.case.stage(), Stage::Closed);
    }
    assert_eq!(Desk::ready().refusal(end("bored")), "unknown_ending");
}

#[test]
fn an_export_is_recorded_at_any_stage_and_changes_nothing() {
    for mut desk in [Desk::ready(), Desk::signed()] {
        let stage = desk.case.stage();
        let sha256 = Sha256::of(b"pdf");
        desk.perform(Command::RecordExport {
            format: "pdf".into(),
            sha256,
        });
        assert_eq!(desk.case.stage(), stage);
    }
}

#[test]
fn every_refusal_is_one_sentence_with_a_next_step() {
    let desk = Desk::sealed();
    let command = Command::AddFinding {
        finding: finding(3, "x"),
    };
    let refusal = desk
        .case
        .decide(&crate::sample::iyer(), command)
        .unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "the second read is sealed and stays as it is; write what is new into the comparison"
    );
}
