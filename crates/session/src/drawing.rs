//! Draws cases for second reading and gives each to somebody who may read it.

use case::{
    Actor, Assignment, Case, CaseId, Chance, DrawRecord, Entry, Priority, Role, SamplingRule,
    Sha256, Stage,
};
use serde::Serialize;

use crate::case_rows::case_table;
use crate::{BUILD, Session, SessionError};

/// What a draw is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawRequest {
    /// By what rule.
    pub rule: SamplingRule,
    /// What a quota counts by.
    pub group_by: GroupBy,
    /// The cases to draw from; none: all that wait for a reader.
    pub cases: Vec<CaseId>,
    /// Only cases of this modality; empty: any.
    pub modality: String,
    /// Only cases of this protocol; empty: any.
    pub protocol: String,
    /// Who may be given cases; none: the second readers of the roster.
    pub readers: Vec<Actor>,
    /// Do the specialities of the roster count?
    pub specialities: Specialities,
    /// Day they are due, `YYYY-MM-DD`; empty for none.
    pub due: String,
    /// How soon they are wanted.
    pub priority: Priority,
    /// What chance starts from.
    pub seed: u64,
    /// Is it written, or only shown?
    pub keep: KeepDraw,
}

/// What a quota counts by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    /// The modalities of the study.
    Modality,
    /// The protocol.
    Protocol,
    /// Who made the first read. The answer does not say who that is.
    FirstReader,
}

/// Do the specialities of the roster count?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Specialities {
    /// Yes: a case goes to somebody whose speciality it is, or who names none.
    Count,
    /// No.
    LeftAside,
}

/// Is a draw written into the cases?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeepDraw {
    /// Yes, all of it or nothing.
    Yes,
    /// No: it is only shown.
    No,
}

/// What came of a draw.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DrawAnswer {
    /// The rule in words.
    pub rule: String,
    /// What chance started from: the same seed over the same cases gives the same draw.
    pub seed: u64,
    /// Cases that were drawn from.
    pub n_frame: usize,
    /// Was it written?
    pub written: bool,
    /// The cases that were drawn, with who reads them.
    pub drawn: Vec<DrawnRow>,
    /// Cases that could not be drawn from, with the reason.
    pub left_out: Vec<LeftOut>,
    /// What each reader had to do, and has now.
    pub readers: Vec<ReaderLoad>,
}

/// A case that was drawn.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DrawnRow {
    /// Which.
    pub id: CaseId,
    /// Who reads it.
    pub reader: Actor,
    /// Probability with which it was drawn.
    pub probability: f64,
}

/// A case that could not be drawn from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LeftOut {
    /// Which.
    pub id: CaseId,
    /// Stable name of the reason.
    pub code: &'static str,
    /// The reason.
    pub text: String,
}

/// The work of a reader.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReaderLoad {
    /// Who.
    pub reader: Actor,
    /// Cases that waited for them before.
    pub n_before: u32,
    /// Cases that they were given.
    pub n_given: u32,
}

/// A case that may be drawn, and the places of those who may read it.
struct Candidate {
    case: Case,
    may_read: Vec<usize>,
}

/// What there is to draw from.
struct Frame {
    candidates: Vec<Candidate>,
    left_out: Vec<LeftOut>,
    /// Cases that wait for each reader already.
    load: Vec<u32>,
}

impl Session {
    /// Draws cases and assigns them. Who cannot read a case, because the first read is theirs, a conflict is declared or
    /// it is not their role or speciality, is never given it; a case that nobody may read is none to draw from, so that
    /// the probabilities stay those of the rule. Among those who may, the work is spread evenly.
    ///
    /// # Errors
    /// When the rule or the readers make no sense, the actor may not assign, or the store fails; then nothing is written.
    pub fn draw_cases(&mut self, request: &DrawRequest) -> Result<DrawAnswer, SessionError> {
        if let Some(problem) = request.rule.problem() {
            return Err(SessionError::Usage(problem.into()));
        }
        self.roster.allow_look(&self.actor)?;
        let readers = self.readers_for(request)?;
        let Frame {
            candidates,
            left_out,
            load: before,
        } = self.frame(request, &readers)?;
        let groups: Vec<String> = candidates
            .iter()
            .map(|candidate| group_of(&candidate.case, request.group_by))
            .collect();
        let mut chance = Chance::new(request.seed);
        let drawn = request.rule.draw(&groups, &mut chance);
        let may_read: Vec<Vec<usize>> = drawn
            .iter()
            .filter_map(|case| Some(candidates.get(case.case_idx)?.may_read.clone()))
            .collect();
        let given = case::allocate(&may_read, &before, &mut chance);
        let record = record_of(request, &candidates);
        let mut rows = Vec::new();
        let mut logs = Vec::new();
        for (drawn, reader_idx) in drawn.iter().zip(given) {
            let (Some(candidate), Some(reader)) = (
                candidates.get(drawn.case_idx),
                reader_idx.and_then(|idx| readers.get(idx)),
            ) else {
                continue;
            };
            let assignment = Assignment {
                reader: reader.clone(),
                due: request.due.clone(),
                priority: request.priority,
                method: request.rule.method(),
                inclusion_probability: Some(drawn.probability),
                draw: Some(record.clone()),
            };
            logs.push(self.assigned(&candidate.case, assignment)?);
            rows.push(DrawnRow {
                id: candidate.case.id().clone(),
                reader: reader.clone(),
                probability: drawn.probability,
            });
        }
        let written = request.keep == KeepDraw::Yes;
        if written {
            self.store.append_many(&logs)?;
            self.worklist = None;
            // The open case may be among them: its record is read again, and its pictures stay.
            let open = self.case().map(|case| case.id().clone());
            if let Some(id) = open.filter(|id| rows.iter().any(|row| row.id == *id)) {
                self.open_record(&id)?;
            }
        }
        let n_given = |reader: &Actor| rows.iter().filter(|row| row.reader == *reader).count();
        let loads = readers
            .iter()
            .zip(&before)
            .map(|(reader, n_before)| ReaderLoad {
                reader: reader.clone(),
                n_before: *n_before,
                n_given: u32::try_from(n_given(reader)).unwrap_or(u32::MAX),
            });
        Ok(DrawAnswer {
            rule: request.rule.words(),
            seed: request.seed,
            n_frame: candidates.len(),
            written,
            readers: loads.collect(),
            drawn: rows,
            left_out,
        })
    }

    /// The entries that give a case to a reader.
    fn assigned(
        &self,
        case: &Case,
        assignment: Assignment,
    ) -> Result<(CaseId, Vec<Entry>), SessionError> {
        let command = case::Command::Assign { assignment };
        self.roster.allow(case, &self.actor, &command)?;
        let entries = case.record(&self.actor, &(self.clock)(), BUILD, command)?;
        Ok((case.id().clone(), entries))
    }

    fn readers_for(&self, request: &DrawRequest) -> Result<Vec<Actor>, SessionError> {
        let of_roster = self.roster.members.iter();
        let of_roster = of_roster.filter(|member| member.roles.contains(&Role::SecondReader));
        let mut readers = match request.readers.is_empty() {
            true => of_roster.map(|member| member.actor.clone()).collect(),
            false => request.readers.clone(),
        };
        readers.sort();
        readers.dedup();
        if readers.is_empty() || readers.iter().any(|r| r.as_str().trim().is_empty()) {
            return Err(SessionError::Usage(
                "nobody is named to read; name the readers, or keep a roster with second readers"
                    .into(),
            ));
        }
        Ok(readers)
    }

    /// The cases to draw from in order of creation, those that cannot be, and what each reader has to do.
    fn frame(&mut self, request: &DrawRequest, readers: &[Actor]) -> Result<Frame, SessionError> {
        let (table, _) = case_table(self.store.as_mut(), &self.actor)?;
        // In order of creation, of which the draw keeps a digest.
        let rows: Vec<(CaseId, Stage)> = (0..table.len())
            .filter_map(|idx| table.tabled(idx))
            .map(|row| (CaseId::new(row.id()), row.stage()))
            .collect();
        let mut load = vec![0_u32; readers.len()];
        let (mut candidates, mut left_out) = (Vec::new(), Vec::new());
        let named = |id: &CaseId| request.cases.contains(id);
        if let Some(id) = request
            .cases
            .iter()
            .find(|id| !rows.iter().any(|(row, _)| row == *id))
        {
            return Err(SessionError::Usage(format!(
                "there is no case {id} in this store; see `overread case list`"
            )));
        }
        for (id, stage) in rows {
            let is_over = matches!(
                stage,
                Stage::Comparing
                    | Stage::Adjudicating
                    | Stage::Feedback
                    | Stage::Closed
                    | Stage::NonDiagnostic
                    | Stage::Withdrawn
            );
            if is_over && !named(&id) {
                continue;
            }
            let case = self.store.load(&id)?;
            let has_it = case.reader().or(case.assignment().map(|a| &a.reader));
            let place = has_it.and_then(|reader| readers.iter().position(|r| r == reader));
            if let Some(n) = place.and_then(|idx| load.get_mut(idx)).filter(|_| !is_over) {
                *n += 1;
            }
            if !(request.cases.is_empty() || named(&id)) || !is_of(&case, request) {
                continue;
            }
            let may_read = self.who_may_read(&case, readers, request.specialities);
            match why_not(&case, &may_read) {
                // What has a reader is no news, unless it was asked for by name.
                Some((_, "taken" | "over", _)) if !named(&id) => {}
                Some((id, code, text)) => left_out.push(LeftOut { id, code, text }),
                None => candidates.push(Candidate { case, may_read }),
            }
        }
        Ok(Frame {
            candidates,
            left_out,
            load,
        })
    }

    /// The places of those who may read a case.
    fn who_may_read(
        &self,
        case: &Case,
        readers: &[Actor],
        specialities: Specialities,
    ) -> Vec<usize> {
        let may = |reader: &Actor| {
            let fits = match specialities {
                Specialities::Count => self.roster.is_speciality(case, reader),
                Specialities::LeftAside => true,
            };
            let start = case::Command::StartRead;
            fits && case.may_be_assigned(reader).is_ok()
                && self.roster.allow(case, reader, &start).is_ok()
        };
        let places = readers.iter().enumerate().filter(|(_, reader)| may(reader));
        places.map(|(idx, _)| idx).collect()
    }
}

fn is_of(case: &Case, request: &DrawRequest) -> bool {
    let modality = request.modality.trim();
    let of_modality = modality.is_empty()
        || case.study().is_some_and(|study| {
            study
                .modalities
                .iter()
                .any(|m| m.eq_ignore_ascii_case(modality))
        });
    of_modality && (request.protocol.is_empty() || case.protocol() == request.protocol)
}

/// Why a case cannot be drawn from; `None` when it can.
fn why_not(case: &Case, may_read: &[usize]) -> Option<(CaseId, &'static str, String)> {
    let (code, text) = match case.stage() {
        _ if case.reader().is_some() || case.assignment().is_some() => {
            ("taken", "it has a reader already")
        }
        Stage::Draft | Stage::Intake => ("intake_open", "its intake is not settled"),
        Stage::OnHold => ("on_hold", "it is on hold"),
        Stage::Ready if may_read.is_empty() => (
            "no_reader",
            "nobody of those named may read it: a read of their own, a conflict, their role or their speciality stands in the way",
        ),
        Stage::Ready => return None,
        _ => ("over", "it waits for no reader"),
    };
    Some((case.id().clone(), code, text.into()))
}

fn group_of(case: &Case, group_by: GroupBy) -> String {
    match group_by {
        GroupBy::Modality => case
            .study()
            .map(|study| study.modalities.join(", "))
            .unwrap_or_default(),
        GroupBy::Protocol => case.protocol().to_owned(),
        GroupBy::FirstReader => case
            .first_reader()
            .map(ToString::to_string)
            .unwrap_or_default(),
    }
}

/// What each assignment of a draw records of it.
fn record_of(request: &DrawRequest, candidates: &[Candidate]) -> DrawRecord {
    let ids: Vec<&str> = candidates.iter().map(|c| c.case.id().as_str()).collect();
    DrawRecord {
        rule: request.rule.words(),
        seed: request.seed,
        n_frame: candidates.len(),
        frame: Sha256::of(ids.join("\n").as_bytes()),
    }
}

/// A seed that nobody chose. It keeps to 53 bits, which every reader of JSON holds whole.
pub fn seed_of_chance() -> u64 {
    let random = uuid::Uuid::new_v4().as_u128();
    // The low 62 bits of a version 4 identifier are random.
    u64::try_from(random & ((1 << 53) - 1)).unwrap_or(0)
}

/// Refuses what is no rule of a draw.
///
/// # Errors
/// With the rules that there are.
pub fn sampling_rule(
    name: &str,
    percent: Option<f64>,
    n: Option<u32>,
) -> Result<SamplingRule, SessionError> {
    let missing = |what: &str| SessionError::Usage(format!("the rule {name} needs {what}"));
    let rule = match name {
        "random" => SamplingRule::Share {
            percent: percent.ok_or_else(|| missing("--share PERCENT"))?,
        },
        "every_nth" => SamplingRule::EveryNth {
            n: n.ok_or_else(|| missing("--n NUMBER"))?,
        },
        "quota" => SamplingRule::Quota {
            n: n.ok_or_else(|| missing("--n NUMBER"))?,
        },
        other => {
            return Err(SessionError::Usage(format!(
                "'{other}' is no rule; use random, every_nth or quota"
            )));
        }
    };
    match rule.problem() {
        Some(problem) => Err(SessionError::Usage(problem.into())),
        None => Ok(rule),
    }
}
