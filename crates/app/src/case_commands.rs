use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use session::headless::{self, FindingRequest, WhichPath};
use session::{
    Category, Command, CompareCommand, Deidentify, Finding, FindingField, FindingId, Geometry,
    Judgement, PatientPoint, PatientVector, ReadCommand, SecondRef, Session, SessionError,
    StatementId,
};

use crate::arguments::{
    Case, Discrepancy, Finding as FindingCommand, FindingFields, Global, PathReader, Read,
};
use crate::open_session;
use crate::output::{answer, numbers};
use crate::{list_commands, programme_commands};

/// Commands on cases of the store.
pub fn run(global: &Global, command: Case) -> Result<ExitCode, SessionError> {
    let mut session = open_session(global)?;
    let session = &mut session;
    let value = match command {
        Case::Create {
            protocol,
            from_csv: Some(table),
            ..
        } => headless::create_cases(session, &table, protocol.as_deref())?,
        Case::Create {
            paths,
            report,
            question,
            protocol,
            study,
            from_csv: None,
        } => {
            session.dispatch(Command::SetQuestion(question.unwrap_or_default()))?;
            headless::create_case(
                session,
                &paths,
                report.as_deref(),
                study.as_deref(),
                protocol.as_deref(),
            )?
        }
        Case::List(asked) => list_commands::list(session, &asked)?,
        Case::Views { command } => list_commands::views(session, command)?,
        Case::Discrepancies { csv: Some(file) } => headless::discrepancies_csv(session, &file)?,
        Case::Discrepancies { csv: None } => headless::discrepancies(session)?,
        Case::Programme(command) => programme_commands::run(session, command)?,
        Case::Path { id, reader, csv } => {
            headless::open_for_view(session, &id)?;
            path(session, reader, csv.as_deref())?
        }
        Case::Show { id } => {
            headless::open_for_view(session, &id)?;
            headless::case_view(session)?
        }
        Case::Read { id, command } => {
            headless::open_for_command(session, &id)?;
            read(session, command)?
        }
        Case::Seal { id, accept } => {
            headless::open_for_command(session, &id)?;
            seal(session, accept)?
        }
        Case::Reveal { id, urgent } => {
            headless::open_for_command(session, &id)?;
            session.dispatch(Command::Read(ReadCommand::Reveal { urgent }))?;
            session.run_until_idle(std::time::Duration::from_secs(60))?;
            state(session)
        }
        Case::Discrepancy { id, command } => {
            headless::open_for_command(session, &id)?;
            discrepancy(session, command)?
        }
        Case::Sign { id } => {
            headless::open_for_command(session, &id)?;
            session.dispatch(Command::Compare(CompareCommand::Sign))?;
            state(session)
        }
        Case::Agree { id } => {
            headless::open_for_command(session, &id)?;
            session.dispatch(Command::Compare(CompareCommand::AgreeAndSign))?;
            state(session)
        }
        Case::Close { id } => {
            headless::open_for_command(session, &id)?;
            session.dispatch(Command::Compare(CompareCommand::Close))?;
            state(session)
        }
        Case::Attach { id, file, replaces } => {
            headless::open_for_command(session, &id)?;
            session.attach_report_version(&file, replaces)?;
            session.run_until_idle(std::time::Duration::from_secs(60))?;
            state(session)
        }
        Case::Withdraw {
            id,
            version,
            reason,
        } => {
            headless::open_for_command(session, &id)?;
            session.withdraw_report(version, reason)?;
            session.run_until_idle(std::time::Duration::from_secs(60))?;
            state(session)
        }
        Case::Undo { id } => {
            headless::open_for_view(session, &id)?;
            session.dispatch(Command::Undo)?;
            state(session)
        }
        Case::Redo { id } => {
            headless::open_for_view(session, &id)?;
            session.dispatch(Command::Redo)?;
            state(session)
        }
        Case::Export {
            id,
            format,
            out,
            deidentify,
        } => {
            headless::open_for_command(session, &id)?;
            export(
                session,
                &format,
                &out,
                if deidentify {
                    Deidentify::Yes
                } else {
                    Deidentify::No
                },
            )?
        }
    };
    Ok(answer(global.json, &value))
}

/// Where the case stands, as the answer of commands that change it.
pub(crate) fn state(session: &Session) -> Value {
    json!({
        "schema": "overread.case-state/1",
        "id": session.case().map(|c| c.id().clone()),
        "state": session.case().map(|c| c.stage()),
        "n_entries": session.case().map(|c| c.n_entries()),
    })
}

fn path(
    session: &Session,
    reader: Option<PathReader>,
    csv: Option<&Path>,
) -> Result<Value, SessionError> {
    let which = match reader {
        None => WhichPath::All,
        Some(PathReader::Second) => WhichPath::Second,
        Some(PathReader::Third) => WhichPath::Third,
        Some(PathReader::OneOfTheReads) => WhichPath::OneOfTheReads,
    };
    let mut value = headless::reading_paths(session, which)?;
    if let Some(file) = csv {
        let text = headless::reading_paths_csv(&value);
        std::fs::write(file, text).map_err(|error| SessionError::Write {
            reason: error.kind().to_string(),
            path: file.to_owned(),
        })?;
        // The table has the steps.
        for path in value["paths"].as_array_mut().into_iter().flatten() {
            if let Some(fields) = path.as_object_mut() {
                fields.remove("steps");
            }
        }
    }
    Ok(value)
}

fn read(session: &mut Session, command: Read) -> Result<Value, SessionError> {
    match command {
        Read::Start => session.dispatch(Command::Read(ReadCommand::Start))?,
        Read::Pause => session.dispatch(Command::Read(ReadCommand::Pause))?,
        Read::Impression { file } => {
            let text = text_of(&file)?;
            session.dispatch(Command::Read(ReadCommand::WriteImpression(text)))?;
        }
        Read::Finding { command } => return finding(session, *command),
    }
    Ok(state(session))
}

fn finding(session: &mut Session, command: FindingCommand) -> Result<Value, SessionError> {
    let id = match command {
        FindingCommand::Add(fields) => session.enter_finding(request(&fields)?)?,
        FindingCommand::Edit { finding, fields } => {
            let id: FindingId = finding.parse().map_err(SessionError::Usage)?;
            edit(session, id, &fields)?;
            id
        }
        FindingCommand::FromText { file, take } => {
            return from_text(session, &file, take.as_deref());
        }
        FindingCommand::Remove { finding } => {
            let id: FindingId = finding.parse().map_err(SessionError::Usage)?;
            session.dispatch(Command::Read(ReadCommand::RemoveFinding(id)))?;
            return Ok(state(session));
        }
    };
    Ok(json!({ "schema": "overread.finding/1", "finding_id": id.to_string() }))
}

/// Findings that a text names; those that are taken are entered.
fn from_text(
    session: &mut Session,
    file: &Path,
    take: Option<&str>,
) -> Result<Value, SessionError> {
    session.dispatch(Command::Read(ReadCommand::Dictate(text_of(file)?)))?;
    let rows = session.dictated_rows();
    let chosen: Vec<usize> = match take {
        None => Vec::new(),
        Some("all") => {
            let rows = rows.iter().enumerate();
            rows.filter(|(_, row)| row.is_there && row.known_as.is_none())
                .map(|(idx, _)| idx)
                .collect()
        }
        Some(places) => places
            .split(',')
            .map(|place| {
                let number: Option<usize> = place.trim().parse().ok();
                number.and_then(|n| n.checked_sub(1)).ok_or_else(|| {
                    SessionError::Usage(format!(
                        "'{place}' is no place; use numbers from 1, or all"
                    ))
                })
            })
            .collect::<Result<_, _>>()?,
    };
    session.dispatch(Command::Read(ReadCommand::TakeDictated(chosen)))?;
    let rows = session.dictated_rows();
    let shown = rows.iter().enumerate().map(|(idx, row)| {
        json!({
            "place": idx + 1,
            "title": row.finding.title(),
            "assertion": row.finding.assertion,
            "finding": row.finding,
            "words": row.words,
            "finding_id": row.known_as.map(|id| id.to_string()),
        })
    });
    Ok(json!({ "schema": "overread.dictated/1", "findings": shown.collect::<Vec<_>>() }))
}

/// A word of the record's vocabulary, for instance `left` or `moderate`.
pub(crate) fn word<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, SessionError> {
    serde_json::from_value(Value::String(text.to_owned())).map_err(|e| {
        let choices = e.to_string();
        SessionError::Usage(format!(
            "'{text}' is no {what}: {}",
            choices.split(" at line").next().unwrap_or_default()
        ))
    })
}

pub(crate) fn maybe<T: DeserializeOwned>(
    text: Option<&String>,
    what: &str,
) -> Result<Option<T>, SessionError> {
    text.map(|t| word(t, what)).transpose()
}

/// A number that stands for something, such as an impact.
fn numbered<T: TryFrom<u8, Error = String>>(number: Option<u8>) -> Result<Option<T>, SessionError> {
    let value = number.map(T::try_from).transpose();
    value.map_err(SessionError::Usage)
}

/// How sure the reader is, 0 to 100, from either scale.
fn confidence(fields: &FindingFields) -> Option<u8> {
    let rated = fields.rating.map(|rating| rating.saturating_sub(1) * 25);
    fields.confidence.or(rated)
}

fn category(fields: &FindingFields) -> Result<Option<Category>, SessionError> {
    let category = fields.category.as_deref().map(str::parse).transpose();
    category.map_err(SessionError::Usage)
}

fn request(fields: &FindingFields) -> Result<FindingRequest, SessionError> {
    if fields.concept.is_none() {
        return Err(SessionError::Usage(
            "name the finding with --concept".into(),
        ));
    }
    Ok(FindingRequest {
        finding: finding_of(Finding::empty(FindingId(0)), fields)?,
        marks: marks(fields)?,
        sop_instance_uid: fields.sop.clone(),
    })
}

/// A finding with what was named of it; the rest stays.
pub(crate) fn finding_of(
    mut finding: Finding,
    fields: &FindingFields,
) -> Result<Finding, SessionError> {
    if let Some(concept) = &fields.concept {
        finding.concept.clone_from(concept);
    }
    if let Some(assertion) = maybe(fields.assertion.as_ref(), "assertion")? {
        finding.assertion = assertion;
    }
    finding.side = maybe(fields.side.as_ref(), "side")?.or(finding.side);
    finding.site = fields.site.clone().or(finding.site);
    finding.level = fields.level.clone().or(finding.level);
    finding.severity = maybe(fields.severity.as_ref(), "severity")?.or(finding.severity);
    finding.change = maybe(fields.change.as_ref(), "change")?.or(finding.change);
    finding.confidence = confidence(fields).or(finding.confidence);
    finding.category = category(fields)?.or(finding.category);
    finding.criticality = numbered(fields.criticality)?.or(finding.criticality);
    if let Some(note) = &fields.note {
        finding.note.clone_from(note);
    }
    Ok(finding)
}

fn marks(fields: &FindingFields) -> Result<Vec<Geometry>, SessionError> {
    let mut marks = Vec::new();
    if let Some(text) = &fields.length_mm {
        let [x1, y1, z1, x2, y2, z2] = numbers::<6>(text, "--length-mm")?;
        marks.push(Geometry::Length {
            from: PatientPoint::new(x1, y1, z1),
            to: PatientPoint::new(x2, y2, z2),
        });
    }
    if let Some(text) = &fields.ellipse_mm {
        let [cx, cy, cz, ax, ay, az, bx, by, bz] = numbers::<9>(text, "--ellipse-mm")?;
        marks.push(Geometry::Ellipse(session::Ellipse {
            centre: PatientPoint::new(cx, cy, cz),
            half_axis_a: PatientVector::new(ax, ay, az),
            half_axis_b: PatientVector::new(bx, by, bz),
        }));
    }
    for text in &fields.mark {
        let mark = serde_json::from_str(text).map_err(|problem| {
            SessionError::Usage(format!(
                "--mark is no mark ({problem}); give it as `overread case show` prints the geometry of one"
            ))
        })?;
        marks.push(mark);
    }
    Ok(marks)
}

fn edit(session: &mut Session, id: FindingId, fields: &FindingFields) -> Result<(), SessionError> {
    let mut changes = Vec::new();
    changes.extend(fields.concept.clone().map(FindingField::Concept));
    changes.extend(maybe(fields.assertion.as_ref(), "assertion")?.map(FindingField::Assertion));
    changes.extend(maybe(fields.side.as_ref(), "side")?.map(|s| FindingField::Side(Some(s))));
    changes.extend(fields.site.clone().map(|s| FindingField::Site(Some(s))));
    changes.extend(fields.level.clone().map(|l| FindingField::Level(Some(l))));
    changes.extend(
        maybe(fields.severity.as_ref(), "severity")?.map(|s| FindingField::Severity(Some(s))),
    );
    changes.extend(maybe(fields.change.as_ref(), "change")?.map(|c| FindingField::Change(Some(c))));
    changes.extend(confidence(fields).map(|c| FindingField::Confidence(Some(c))));
    changes.extend(category(fields)?.map(|c| FindingField::Category(Some(c))));
    changes.extend(numbered(fields.criticality)?.map(|c| FindingField::Criticality(Some(c))));
    changes.extend(fields.note.clone().map(FindingField::Note));
    let marks = marks(fields)?;
    if changes.is_empty() && marks.is_empty() {
        return Err(SessionError::Usage(
            "nothing to change was named; see `overread case read ID finding edit --help`".into(),
        ));
    }
    for field in changes {
        session.dispatch(Command::Read(ReadCommand::SetField(id, field)))?;
    }
    if !marks.is_empty() {
        session.open_headers()?;
    }
    for geometry in marks {
        session.dispatch(Command::Read(ReadCommand::AddMarkOnImage {
            finding: id,
            image: None,
            geometry,
        }))?;
    }
    Ok(())
}

fn seal(session: &mut Session, accept: bool) -> Result<Value, SessionError> {
    // The checks need the series; where they are not to be had the seal says so as a limitation.
    let headers = session.open_headers();
    let unmet = session.unmet_checks();
    if let Err(error) = headers {
        eprintln!("overread: the images could not be looked at ({error})");
    }
    session.dispatch(Command::Read(ReadCommand::Seal))?;
    if !accept && !unmet.is_empty() {
        for text in &unmet {
            eprintln!("overread: {text}");
        }
        eprintln!(
            "overread: sealed all the same; each of these is recorded as a limitation (--accept silences this)"
        );
    }
    session.run_until_idle(std::time::Duration::from_secs(60))?;
    let seal = session.case().and_then(|c| c.read().seal.clone());
    let mut value = state(session);
    value["seal"] = json!(seal.map(|(seal, at)| json!({ "at": at, "seal": seal })));
    value["limitations"] = json!(session.case().map(|c| c.read().limitations.clone()));
    Ok(value)
}

fn discrepancy(session: &mut Session, command: Discrepancy) -> Result<Value, SessionError> {
    match command {
        Discrepancy::List => return session.rows_json(),
        Discrepancy::Add { statement, finding } => {
            let statement: StatementId = statement.parse().map_err(SessionError::Usage)?;
            let finding: FindingId = finding.parse().map_err(SessionError::Usage)?;
            session.dispatch(Command::Compare(CompareCommand::Join(
                statement,
                SecondRef::Finding(finding),
            )))?;
        }
        Discrepancy::Set {
            row,
            class,
            error_type,
            cause,
            bias,
            impact,
            detectability,
            significance,
            note,
            ask_first_reader,
        } => {
            let row = session.row_named(&row)?;
            let classes: Result<_, _> = class.iter().map(|c| word(c, "class")).collect();
            let biases: Result<_, _> = bias.iter().map(|b| word(b, "bias")).collect();
            let judgement = Judgement {
                classes: classes?,
                error_type: maybe(error_type.as_ref(), "error type")?,
                cause: maybe(cause.as_ref(), "cause")?,
                biases: biases?,
                impact: numbered(impact)?,
                detectability: maybe(detectability.as_ref(), "detectability")?,
                significance: maybe(significance.as_ref(), "significance")?,
                note,
                asks_first_reader: ask_first_reader,
            };
            if judgement == Judgement::default() {
                return Err(SessionError::Usage(
                    "nothing to say of the row was named; see `overread case discrepancy ID set --help`".into(),
                ));
            }
            session.dispatch(Command::Compare(CompareCommand::Judge(row, judgement)))?;
        }
        Discrepancy::AgreeRemaining => {
            session.dispatch(Command::Compare(CompareCommand::AgreeWithRemaining))?
        }
        Discrepancy::Outcome { outcome } => {
            let outcome = word(&outcome, "outcome")?;
            session.dispatch(Command::Compare(CompareCommand::SetOutcome(Some(outcome))))?;
        }
        Discrepancy::Summary { file } => {
            let text = text_of(&file)?;
            session.dispatch(Command::Compare(CompareCommand::WriteSummary(Some(text))))?;
        }
    }
    session.rows_json()
}

fn export(
    session: &mut Session,
    formats: &[String],
    out: &Path,
    deidentify: Deidentify,
) -> Result<Value, SessionError> {
    if let Err(error) = session.open_headers() {
        eprintln!(
            "overread: the images are not where they were, so there are no key images ({error})"
        );
    }
    session.decode_evidence();
    let files = session.export(out, formats, deidentify)?;
    Ok(json!({ "schema": "overread.export/1", "files": files }))
}

/// A text file, or standard input for `-`.
fn text_of(file: &Path) -> Result<String, SessionError> {
    let unreadable = |e: std::io::Error| SessionError::NothingRead {
        code: "unreadable",
        text: format!(
            "the text could not be read ({}); it must be UTF-8",
            e.kind()
        ),
    };
    if file.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .map_err(unreadable)?;
        return Ok(text);
    }
    std::fs::read_to_string(file).map_err(unreadable)
}
