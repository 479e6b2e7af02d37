//! A programme of second reads: stages of disclosure, the third read, and what persons do besides.

mod auditing;
mod paths;
mod people;
mod sequences;
mod stages;
mod third_read;

use case::{
    Actor, AmendedFinding, Amendment, Assignment, BorneOut, Case, Class, Command, Communication,
    Conflict, CriticalCommand, Declaration, Direction, Disclosure, Duty, Event, FeedbackKind,
    FindingId, FollowUpSource, LearningCommand, LearningList, Medium, Member, Onlooker, PairId,
    Priority, Protocol, ReadA, ReadBack, ReferralReason, Role, Roster, SamplingMethod, SealStage,
    Sender, Significance, Stage, Sureness, ThirdReadCommand, ThirdVerdict, Upheld, Urgency,
    Verdict,
};

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
            marks: Vec::new(),
        }),
    })
}

fn third_seal(desk: &Desk) -> Command {
    Command::ThirdRead(ThirdReadCommand::Sign {
        seal: desk.seal_record(SealStage::ThirdRead),
    })
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

fn declare(conflict: Conflict) -> Command {
    Command::DeclareConflict {
        conflict,
        text: "Treats the patient".into(),
    }
}
