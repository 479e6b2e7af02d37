use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use session::headless::{self, RecistRequest};
use session::{
    AmendedFinding, Amendment, Assignment, CaseCommand, Communication, Conflict, CriticalCommand,
    DrawRequest, Finding, FindingId, GroupBy, KeepDraw, LearningCommand, Onlooker, PairId,
    ReadBack, Roster, Sender, Session, SessionError, Specialities, ThirdReadCommand, ThirdVerdict,
};

use crate::arguments::Global;
use crate::case_commands::{finding_of, maybe, state, word};
use crate::open_session;
use crate::output::answer;
use crate::programme_arguments::{
    Adjudicate, Amend, Critical, Draw, Feedback, Per, Programme, Protocols, Recist, RosterCommand,
    Why,
};

/// What a programme does with one case.
pub fn run(session: &mut Session, command: Programme) -> Result<Value, SessionError> {
    match command {
        Programme::Adjudicate { id, command } => {
            headless::open_for_view(session, &id)?;
            adjudicate(session, command)
        }
        Programme::Feedback { id, command } => {
            headless::open_for_view(session, &id)?;
            let onlooker = session
                .whole_case()
                .map(|case| case.onlooker(session.actor()));
            let is_for_first = matches!(command, Feedback::Answer { .. } | Feedback::List);
            if !is_for_first || onlooker != Some(Onlooker::FirstReader) {
                session.check_not_anonymous()?;
            }
            feedback(session, command)
        }
        Programme::Critical { id, command } => {
            headless::open_for_view(session, &id)?;
            critical(session, command)
        }
        Programme::Disclose { id } => {
            headless::open_for_command(session, &id)?;
            session.dispatch(session::Command::Read(session::ReadCommand::SealStage))?;
            let view = headless::case_view(session)?;
            let mut value = state(session);
            value["reading_stage"] = view["reading_stage"].clone();
            value["closed"] = view["closed"].clone();
            Ok(value)
        }
        Programme::Amend { id, command } => {
            headless::open_for_command(session, &id)?;
            amend(session, command)
        }
        Programme::Conflict { id, declare } => {
            headless::open_for_view(session, &id)?;
            let conflict = match declare {
                Some(_) => Conflict::Declared,
                None => Conflict::None,
            };
            let text = declare.unwrap_or_default();
            perform(session, CaseCommand::DeclareConflict { conflict, text })
        }
        Programme::Assign {
            id,
            reader,
            due,
            priority,
            method,
            probability,
        } => {
            let assignment = Assignment {
                reader: session::Actor::new(reader),
                due,
                priority: word(&priority, "priority")?,
                method: word(&method, "method")?,
                inclusion_probability: probability,
                draw: None,
            };
            on(session, &id, CaseCommand::Assign { assignment })
        }
        Programme::Draw(draw) => draw_cases(session, draw),
        Programme::Recist(request) => recist(session, request),
        Programme::FirstReader { id, name } => {
            let reader = session::Actor::new(name);
            on(session, &id, CaseCommand::NameFirstReader { reader })
        }
        Programme::FollowUp {
            id,
            source,
            bears_out,
            text,
            row,
        } => {
            let follow_up = LearningCommand::FollowUp {
                pair: pair_of(row.as_deref())?,
                source: word(&source, "source")?,
                text,
                bears_out: word(&bears_out, "choice")?,
            };
            on(session, &id, CaseCommand::Learning(follow_up))
        }
        Programme::Flag { id, list, reason } => {
            let list = word(&list, "list")?;
            let flag = LearningCommand::Flag { list, reason };
            on(session, &id, CaseCommand::Learning(flag))
        }
        Programme::Unflag { id, list } => {
            let list = word(&list, "list")?;
            on(
                session,
                &id,
                CaseCommand::Learning(LearningCommand::Unflag { list }),
            )
        }
        Programme::Collect { list, out } => {
            session.roster().allow_look(session.actor())?;
            let files = session.write_learning_list(word(&list, "list")?, &out)?;
            Ok(json!({ "schema": "overread.export/1", "files": files }))
        }
        Programme::Hold { id, reason } => on(session, &id, CaseCommand::Hold { reason }),
        Programme::Unhold { id } => on(session, &id, CaseCommand::Unhold),
        Programme::End { id, kind, reason } => on(session, &id, CaseCommand::End { kind, reason }),
    }
}

fn draw_cases(session: &mut Session, draw: Draw) -> Result<Value, SessionError> {
    let request = DrawRequest {
        rule: session::sampling_rule(&draw.rule, draw.share, draw.n)?,
        group_by: match draw.per {
            Per::Modality => GroupBy::Modality,
            Per::Protocol => GroupBy::Protocol,
            Per::FirstReader => GroupBy::FirstReader,
        },
        cases: draw.cases.into_iter().map(session::CaseId::new).collect(),
        modality: draw.modality,
        protocol: draw.protocol,
        readers: draw.readers.into_iter().map(session::Actor::new).collect(),
        specialities: match draw.any_speciality {
            true => Specialities::LeftAside,
            false => Specialities::Count,
        },
        due: draw.due,
        priority: word(&draw.priority, "priority")?,
        seed: draw.seed.unwrap_or_else(session::seed_of_chance),
        keep: match draw.dry_run {
            true => KeepDraw::No,
            false => KeepDraw::Yes,
        },
    };
    let mut value = json!(session.draw_cases(&request)?);
    value["schema"] = json!("overread.draw/1");
    Ok(value)
}

fn recist(session: &mut Session, request: Recist) -> Result<Value, SessionError> {
    let findings = |names: &[String]| -> Result<Vec<FindingId>, SessionError> {
        let ids: Result<_, String> = names.iter().map(|name| name.parse()).collect();
        ids.map_err(SessionError::Usage)
    };
    let asked = RecistRequest {
        targets: findings(&request.target)?,
        nodes: findings(&request.node)?,
        too_small: findings(&request.too_small)?,
        not_evaluable: findings(&request.not_evaluable)?,
        baseline_mm: request.baseline_mm,
        nadir_mm: request.nadir_mm,
        non_target: maybe(request.non_target.as_ref(), "response of other lesions")?,
        new_lesion: request.new_lesion,
    };
    headless::open_for_command(session, &request.id)?;
    headless::recist(session, &asked)
}

/// Gives a case one command.
fn on(session: &mut Session, id: &str, command: CaseCommand) -> Result<Value, SessionError> {
    headless::open_for_command(session, id)?;
    perform(session, command)
}

fn perform(session: &mut Session, command: CaseCommand) -> Result<Value, SessionError> {
    session.case_command(command)?;
    Ok(state(session))
}

fn pair_of(row: Option<&str>) -> Result<Option<PairId>, SessionError> {
    row.map(|row| row.parse().map_err(SessionError::Usage))
        .transpose()
}

fn adjudicate(session: &mut Session, command: Adjudicate) -> Result<Value, SessionError> {
    match command {
        Adjudicate::Ask { mode, reason, rows } => {
            let rows: Result<Vec<PairId>, String> = rows.iter().map(|row| row.parse()).collect();
            let mode = maybe(mode.as_ref(), "mode")?;
            let reason = word(&reason, "reason")?;
            session.ask_third_read(mode, reason, rows.map_err(SessionError::Usage)?)?;
        }
        Adjudicate::Take => {
            session.case_command(CaseCommand::ThirdRead(ThirdReadCommand::Take))?;
        }
        Adjudicate::Show => {}
        Adjudicate::Set {
            row,
            uphold,
            sure,
            significance,
            note,
        } => {
            let pair = row.parse().map_err(SessionError::Usage)?;
            // What was measured in a window for it stays with the row.
            let third = session.whole_case().and_then(|case| case.third_read());
            let before = third.and_then(|third| third.verdict(pair)).cloned();
            let verdict = ThirdVerdict {
                upheld: word(&uphold.to_lowercase(), "choice")?,
                sure: maybe(sure.as_ref(), "word for how sure one is")?,
                significance: maybe(significance.as_ref(), "significance")?,
                note,
                evidence: before.as_ref().and_then(|before| before.evidence.clone()),
                marks: before.map_or_else(Vec::new, |before| before.marks),
            };
            session.case_command(CaseCommand::ThirdRead(ThirdReadCommand::SetVerdict {
                pair,
                verdict: Some(verdict),
            }))?;
        }
        Adjudicate::Sign => session.sign_third_read()?,
    }
    let view = headless::case_view(session)?;
    Ok(json!({
        "schema": "overread.third-read/1",
        "id": view["id"],
        "state": view["state"],
        "third_read": view["third_read"],
    }))
}

fn critical(session: &mut Session, command: Critical) -> Result<Value, SessionError> {
    let command = match command {
        Critical::Raise {
            text,
            within,
            finding,
        } => CriticalCommand::Raise {
            text,
            urgency: word(&within, "time")?,
            finding: finding
                .map(|id| id.parse().map_err(SessionError::Usage))
                .transpose()?,
        },
        Critical::Told {
            number,
            to,
            by,
            read_back,
            at,
        } => CriticalCommand::Communicate {
            number,
            communication: Communication {
                to,
                medium: word(&by, "way")?,
                read_back: match read_back {
                    true => ReadBack::Confirmed,
                    false => ReadBack::NotDone,
                },
                told_at: at,
            },
        },
    };
    session.case_command(CaseCommand::Critical(command))?;
    let mut value = state(session);
    value["critical_findings"] = headless::case_view(session)?["criticals"].clone();
    Ok(value)
}

fn feedback(session: &mut Session, command: Feedback) -> Result<Value, SessionError> {
    let command = match command {
        Feedback::Give {
            kind,
            text,
            row,
            named,
        } => Some(LearningCommand::GiveFeedback {
            kind: word(&kind, "kind of feedback")?,
            sender: match named {
                true => Sender::Named,
                false => Sender::Anonymous,
            },
            pair: pair_of(row.as_deref())?,
            text,
        }),
        Feedback::Answer { number, text } => Some(LearningCommand::AnswerFeedback { number, text }),
        Feedback::List => None,
    };
    if let Some(command) = command {
        session.case_command(CaseCommand::Learning(command))?;
    }
    let view = headless::case_view(session)?;
    Ok(json!({
        "schema": "overread.feedback/1",
        "id": view["id"],
        "state": view["state"],
        "feedback": view["feedback"],
    }))
}

fn amend(session: &mut Session, command: Amend) -> Result<Value, SessionError> {
    let open = session.case().ok_or_else(no_case)?;
    let (change, why) = match command {
        Amend::Add { fields, why } => {
            let empty = Finding::empty(open.next_amended_id());
            let finding = finding_of(empty, &fields)?;
            if finding.concept.trim().is_empty() {
                return Err(SessionError::Usage(
                    "name the finding with --concept".into(),
                ));
            }
            (AmendedFinding::Added { finding }, why)
        }
        Amend::Change {
            finding,
            fields,
            why,
        } => {
            let id: FindingId = finding.parse().map_err(SessionError::Usage)?;
            let now = open.findings_now().into_iter().find(|f| f.id == id);
            let now = now.ok_or_else(|| {
                SessionError::Usage(format!("the second read has no finding {id} now"))
            })?;
            let finding = finding_of(now, &fields)?;
            (AmendedFinding::Changed { finding }, why)
        }
        Amend::Retract { finding, why } => {
            let id = finding.parse().map_err(SessionError::Usage)?;
            (AmendedFinding::Retracted { id }, why)
        }
    };
    let Why {
        direction,
        reason,
        row,
    } = why;
    let amendment = Amendment {
        change,
        pair: pair_of(row.as_deref())?,
        direction: word(&direction, "direction")?,
        reason,
    };
    session.case_command(CaseCommand::AmendRead { amendment })?;
    let view = headless::case_view(session)?;
    let mut value = state(session);
    value["amendments"] = view["amendments"].clone();
    value["anchoring"] = view["anchoring"].clone();
    Ok(value)
}

fn no_case() -> SessionError {
    SessionError::Usage("no case is open".into())
}

/// Protocols.
pub fn protocols(global: &Global, command: &Protocols) -> Result<ExitCode, SessionError> {
    let value = match command {
        Protocols::List => {
            let (all, left_out) = open_session(global)?.protocols();
            let row = |p: &session::Protocol| json!({ "id": p.id, "version": p.version, "name": p.name, "purpose": p.purpose });
            json!({
                "schema": "overread.protocols/1",
                "protocols": all.iter().map(row).collect::<Vec<_>>(),
                "left_out": left_out,
            })
        }
        Protocols::Show { id } => {
            let protocol = open_session(global)?.protocol_of_id(id)?;
            json!({ "schema": "overread.protocol/1", "protocol": protocol })
        }
        Protocols::Check { file } => {
            let protocol = session::read_protocol_file(file)?;
            json!({ "schema": "overread.protocol/1", "protocol": protocol })
        }
    };
    Ok(answer(global.json, &value))
}

/// The roster.
pub fn roster(global: &Global, command: &RosterCommand) -> Result<ExitCode, SessionError> {
    let mut session = open_session(global)?;
    if let RosterCommand::Set { file } = command {
        session.set_roster(read_roster(file)?)?;
    }
    let value = json!({ "schema": "overread.roster/1", "members": session.roster().members });
    Ok(answer(global.json, &value))
}

fn read_roster(file: &Path) -> Result<Roster, SessionError> {
    let unreadable = |text: String| SessionError::NothingRead {
        code: "roster_unreadable",
        text,
    };
    let text = std::fs::read_to_string(file).map_err(|e| {
        unreadable(format!(
            "the roster could not be read ({}); check the file and try again",
            e.kind()
        ))
    })?;
    serde_json::from_str(&text).map_err(|e| {
        unreadable(format!(
            "the file is no roster: {e}; see `overread roster set --help`"
        ))
    })
}
