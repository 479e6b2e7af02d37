//! The third read in the window: both reads without names, a decision to each row, and the third reader's own marks.
//!
//! Entry type: [`ThirdCommand`]; what is drawn is [`ThirdReadSnapshot`].

mod checks;
mod marks;
mod snapshot;

use std::collections::BTreeMap;

use case::{
    Annotation, AnonymousRead, CaseId, PairId, Significance, Sureness, ThirdReadCommand,
    ThirdVerdict, Upheld,
};

use crate::{Session, SessionError};

pub use checks::ThirdCheck;
pub use snapshot::{ThirdDecision, ThirdReadSnapshot, ThirdRowSnapshot, ThirdSide};

/// Makes a third read.
#[derive(Clone, Debug, PartialEq)]
pub enum ThirdCommand {
    /// Take it.
    Take,
    /// Look at both reads; how much of the study was looked at before goes on record.
    OpenReads,
    /// Select a row; the views follow.
    Select(PairId),
    /// Next (1) or previous (−1) row.
    Step(i32),
    /// Decide about a row.
    Uphold(PairId, Upheld),
    /// How sure.
    SetSure(PairId, Option<Sureness>),
    /// Would care change?
    SetSignificance(PairId, Option<Significance>),
    /// Why.
    SetNote(PairId, String),
    /// Take the decision about a row back.
    Clear(PairId),
    /// Choose whose marks are drawn where.
    ShowMarks(ThirdMarks),
    /// Sign.
    Sign,
}

/// Whose marks of a third read are drawn where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ThirdMarks {
    /// Those of A in the first view, those of B in the second, all in the others.
    #[default]
    SideBySide,
    /// All in every view.
    Together,
    /// None but the third reader's own.
    Off,
}

/// Whose mark it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MarkOf {
    /// The second reader's.
    SecondRead,
    /// That of one of two reads without names.
    Read(AnonymousRead),
    /// The third reader's.
    ThirdRead,
}

/// What the third reader chose on the screen and is on no record yet.
#[derive(Default)]
pub(crate) struct ThirdRoom {
    /// The case that it is about.
    of: Option<CaseId>,
    /// What was said and measured of rows without a decision.
    drafts: BTreeMap<PairId, ThirdDraft>,
    shown: ThirdMarks,
}

/// A decision without what is decided.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ThirdDraft {
    sure: Option<Sureness>,
    significance: Option<Significance>,
    note: String,
    marks: Vec<Annotation>,
}

impl ThirdDraft {
    fn of(verdict: &ThirdVerdict) -> Self {
        Self {
            sure: verdict.sure,
            significance: verdict.significance,
            note: verdict.note.clone(),
            marks: verdict.marks.clone(),
        }
    }

    /// The decision. The image of the first own mark is what shows it.
    fn decided(self, upheld: Upheld) -> ThirdVerdict {
        ThirdVerdict {
            upheld,
            sure: self.sure,
            significance: self.significance,
            note: self.note,
            evidence: self.marks.first().map(|mark| mark.image.clone()),
            marks: self.marks,
        }
    }
}

impl Session {
    pub(crate) fn apply_third(&mut self, command: ThirdCommand) -> Result<(), SessionError> {
        self.follow_third();
        match command {
            ThirdCommand::Take => self.record_third(ThirdReadCommand::Take),
            ThirdCommand::OpenReads => self.open_reads(),
            ThirdCommand::Select(row) => {
                self.select_third_row(row);
                Ok(())
            }
            ThirdCommand::Step(by) => {
                self.step_third_row(by);
                Ok(())
            }
            ThirdCommand::Uphold(row, upheld) => {
                let draft = self.third_draft(row)?;
                self.third_room.drafts.remove(&row);
                self.decide(row, Some(draft.decided(upheld)))
            }
            ThirdCommand::SetSure(row, sure) => self.edit_decision(row, |d| d.sure = sure),
            ThirdCommand::SetSignificance(row, significance) => {
                self.edit_decision(row, |d| d.significance = significance)
            }
            ThirdCommand::SetNote(row, note) => self.edit_decision(row, |d| d.note = note),
            ThirdCommand::Clear(row) => self.decide(row, None),
            ThirdCommand::ShowMarks(shown) => {
                self.third_room.shown = shown;
                if shown == ThirdMarks::SideBySide {
                    self.hang_side_by_side();
                }
                Ok(())
            }
            ThirdCommand::Sign => self.sign_third_read(),
        }
    }

    /// Are both reads open to the actor as the third reader? The marks that are drawn are theirs then.
    pub(crate) fn reads_are_open(&self) -> bool {
        let third = self.whole_case().and_then(|case| case.third_read());
        third.is_some_and(|third| {
            third.seal.is_none()
                && third.opened.is_some()
                && third.reader.as_ref() == Some(&self.actor)
        })
    }

    /// Forgets what was chosen for another case.
    fn follow_third(&mut self) {
        let open = self.whole_case().map(|case| case.id().clone());
        if self.third_room.of != open {
            self.third_room = ThirdRoom {
                of: open,
                ..ThirdRoom::default()
            };
        }
    }

    fn open_reads(&mut self) -> Result<(), SessionError> {
        let viewed_percent = self.viewed_percent();
        self.record_third(ThirdReadCommand::Open { viewed_percent })?;
        self.hang_side_by_side();
        if let Some(row) = self.next_third_row() {
            self.select_third_row(row);
        }
        Ok(())
    }

    /// The first row without a decision, else the first of all; `None` while the reads are not open to the actor.
    pub(crate) fn next_third_row(&self) -> Option<PairId> {
        let third = self.whole_case()?.third_read()?;
        let order = third.order.iter().copied();
        let mut waiting = order.filter(|row| third.verdict(*row).is_none());
        let row = waiting.next().or(third.order.first().copied());
        row.filter(|_| self.reads_are_open())
    }

    /// What was said and measured of a row, decided or not.
    fn third_draft(&self, row: PairId) -> Result<ThirdDraft, SessionError> {
        let case = self.whole_case_ref()?;
        let third = case.third_read();
        if !third.is_some_and(|third| third.order.contains(&row)) {
            return Err(SessionError::Usage(format!(
                "there is no row {row} in this third read"
            )));
        }
        let verdict = third.and_then(|third| third.verdict(row));
        Ok(match verdict {
            Some(verdict) => ThirdDraft::of(verdict),
            None => self
                .third_room
                .drafts
                .get(&row)
                .cloned()
                .unwrap_or_default(),
        })
    }

    /// Changes what is said of a row: on record where it is decided, else kept until it is.
    fn edit_decision(
        &mut self,
        row: PairId,
        edit: impl FnOnce(&mut ThirdDraft),
    ) -> Result<(), SessionError> {
        let mut draft = self.third_draft(row)?;
        edit(&mut draft);
        let upheld = self
            .whole_case_ref()?
            .third_read()
            .and_then(|third| third.verdict(row))
            .map(|verdict| verdict.upheld);
        match upheld {
            Some(upheld) => self.decide(row, Some(draft.decided(upheld))),
            None => {
                self.third_room.drafts.insert(row, draft);
                Ok(())
            }
        }
    }

    fn decide(&mut self, pair: PairId, verdict: Option<ThirdVerdict>) -> Result<(), SessionError> {
        self.record_third(ThirdReadCommand::SetVerdict { pair, verdict })
    }

    fn record_third(&mut self, command: ThirdReadCommand) -> Result<(), SessionError> {
        self.record(case::Command::ThirdRead(command))
    }

    fn select_third_row(&mut self, row: PairId) {
        self.selected_pair = Some(row);
        if !self.reads_are_open() {
            return;
        }
        let Some(case) = self.whole_case() else {
            return;
        };
        let rows = case.third_rows();
        let Some(row) = rows.iter().find(|other| other.pair == row) else {
            return;
        };
        let shown = [&row.a_evidence, &row.b_evidence];
        let mark = shown.iter().find_map(|evidence| evidence.marks.first());
        let image = shown.iter().find_map(|evidence| evidence.key_image.clone());
        let place = mark.map(|mark| (mark.image.clone(), Some(mark.geometry.centre())));
        if let Some((image, place)) = place.or(image.map(|image| (image, None))) {
            self.go_to_place(&image, place);
        }
    }

    fn step_third_row(&mut self, by: i32) {
        let Some(third) = self.whole_case().and_then(|case| case.third_read()) else {
            return;
        };
        let order = &third.order;
        let at = self
            .selected_pair
            .and_then(|row| order.iter().position(|other| *other == row));
        let last = order.len().saturating_sub(1) as i64;
        let to = at.map_or(0, |at| (at as i64 + i64::from(by)).clamp(0, last));
        if let Some(row) = order.get(usize::try_from(to).unwrap_or(0)).copied() {
            self.select_third_row(row);
        }
    }

    /// The same plane twice, one for the marks of each read, and the planes across it.
    pub(crate) fn hang_side_by_side(&mut self) {
        let active = self.room.view(self.room.active);
        let key = active.and_then(|view| view.volume.clone());
        let key = key.or_else(|| self.library.reading_keys().first().cloned());
        if let Some(key) = key {
            self.room.hang_side_by_side(&key, &self.library);
        }
    }
}
