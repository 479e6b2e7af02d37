use std::cmp::Reverse;
use std::sync::Arc;

use case::{Actor, CaseId, Outcome, Priority, Significance, Stage, WaitsFor};
use rayon::prelude::*;

use super::ask::CaseMark;
use super::packed::{Packed, field, mark};
use crate::WorklistRow;

/// Every case of a store as its actor sees it. Rows stay packed; one that is shown is unpacked for it.
#[derive(Clone, Default)]
pub struct CaseTable {
    actor: Option<Actor>,
    /// The first is as the store gave it; each change of a row adds one.
    pieces: Vec<Arc<Vec<u8>>>,
    /// In order of creation.
    rows: Vec<Place>,
    /// Those that wait for the actor, open ones, ended ones; in each group the newest study first.
    order: Vec<u32>,
}

/// Where a row lies.
#[derive(Clone, Copy)]
struct Place {
    piece_idx: u32,
    start: u32,
    end: u32,
}

/// Pieces of changed rows before all rows are put into one again.
const MAX_PIECES: usize = 64;
/// Cases that a list holds at most; far more than a department reads in its life.
const MAX_ROWS: usize = 4_000_000;
/// Bytes of the largest piece; a place counts in 32 bits.
const MAX_PIECE_BYTES: usize = u32::MAX as usize;

impl CaseTable {
    pub(crate) fn new(actor: &Actor) -> Self {
        Self {
            actor: Some(actor.clone()),
            ..Self::default()
        }
    }

    /// Takes rows over, one behind the other in `bytes`, each to its end in `ends`. They are in no order but that of
    /// creation until [`Self::put_in_order`].
    pub(crate) fn fill(&mut self, bytes: Vec<u8>, ends: &[usize]) {
        self.pieces = vec![Arc::new(bytes)];
        self.rows.clear();
        let mut start = 0;
        for end in ends.iter().copied().take(MAX_ROWS) {
            if let (Ok(from), Ok(to)) = (u32::try_from(start), u32::try_from(end)) {
                self.rows.push(Place {
                    piece_idx: 0,
                    start: from,
                    end: to,
                });
            }
            start = end;
        }
    }

    /// Puts all rows in the order of [`Self::iter`].
    pub(crate) fn put_in_order(&mut self) {
        let mut keys: Vec<(SortKey, u32)> = (0..self.rows.len())
            .into_par_iter()
            .filter_map(|idx| Some((SortKey::of(self.tabled(idx)?), u32::try_from(idx).ok()?)))
            .collect();
        keys.par_sort_unstable_by(|(a, a_idx), (b, b_idx)| {
            a.cmp(b).then_with(|| self.id(*a_idx).cmp(self.id(*b_idx)))
        });
        self.order = keys.into_iter().map(|(_, idx)| idx).collect();
    }

    /// Puts a row in the place of the one of the same case, or behind all others where there is none.
    pub(crate) fn put(&mut self, packed: Vec<u8>) {
        let (Some(row), true) = (
            Packed::of(&packed),
            packed.len() <= MAX_PIECE_BYTES && self.rows.len() < MAX_ROWS,
        ) else {
            return;
        };
        let known = self.position_of(row.text(field::ID));
        let place = Place {
            piece_idx: u32::try_from(self.pieces.len()).unwrap_or(u32::MAX),
            start: 0,
            end: u32::try_from(packed.len()).unwrap_or(u32::MAX),
        };
        self.pieces.push(Arc::new(packed));
        let idx = match known {
            Some(idx) => {
                self.order.retain(|other| *other as usize != idx);
                if let Some(row) = self.rows.get_mut(idx) {
                    *row = place;
                }
                idx
            }
            None => {
                self.rows.push(place);
                self.rows.len() - 1
            }
        };
        let Some((key, idx)) = self
            .tabled(idx)
            .map(SortKey::of)
            .zip(u32::try_from(idx).ok())
        else {
            return;
        };
        let is_before = |other: &u32| {
            let other_key = self.tabled(*other as usize).map(SortKey::of);
            (other_key.as_ref(), self.id(*other)) < (Some(&key), self.id(idx))
        };
        let at = self.order.partition_point(is_before);
        self.order.insert(at, idx);
        if MAX_PIECES < self.pieces.len() {
            self.join_pieces();
        }
    }

    fn join_pieces(&mut self) {
        let mut bytes = Vec::new();
        let mut places = Vec::with_capacity(self.rows.len());
        for idx in 0..self.rows.len() {
            let row = self.packed(idx).map_or(&[][..], Packed::bytes);
            let (start, end) = (bytes.len(), bytes.len() + row.len());
            let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(end)) else {
                return;
            };
            bytes.extend(row);
            places.push(Place {
                piece_idx: 0,
                start,
                end,
            });
        }
        self.pieces = vec![Arc::new(bytes)];
        self.rows = places;
    }

    /// Number of cases.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Is there no case?
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A row by its place in order of creation.
    pub fn row(&self, row_idx: usize) -> Option<WorklistRow> {
        Some(self.tabled(row_idx)?.shown())
    }

    /// All rows: those that wait for the actor first, then open ones, then ended ones.
    pub fn iter(&self) -> impl Iterator<Item = WorklistRow> {
        self.order.iter().filter_map(|idx| self.row(*idx as usize))
    }

    /// The first rows in which every one of some words stands, as a search of the list finds them.
    pub fn found<'a>(&'a self, words: &'a [String]) -> impl Iterator<Item = WorklistRow> {
        let idxs = self.order.iter().map(|idx| *idx as usize);
        let rows = idxs.filter_map(|idx| self.tabled(idx));
        rows.filter(move |row| row.has_words(words))
            .map(Tabled::shown)
    }

    /// The place of a case in order of creation.
    pub fn position(&self, id: &CaseId) -> Option<usize> {
        self.position_of(id.as_str())
    }

    fn position_of(&self, id: &str) -> Option<usize> {
        (0..self.rows.len()).find(|idx| {
            self.packed(*idx)
                .is_some_and(|row| row.raw(field::ID) == id.as_bytes())
        })
    }

    /// Rows in the order of [`Self::iter`], by their places.
    pub(crate) fn order(&self) -> &[u32] {
        &self.order
    }

    fn id(&self, idx: u32) -> &[u8] {
        self.packed(idx as usize)
            .map_or(&[], |row| row.raw(field::ID))
    }

    pub(crate) fn packed(&self, idx: usize) -> Option<Packed<'_>> {
        let place = self.rows.get(idx)?;
        let piece = self.pieces.get(place.piece_idx as usize)?;
        Packed::of(piece.get(place.start as usize..place.end as usize)?)
    }

    pub(crate) fn tabled(&self, idx: usize) -> Option<Tabled<'_>> {
        Some(Tabled {
            row: self.packed(idx)?,
            actor: self.actor.as_ref().map_or("", Actor::as_str),
        })
    }
}

impl std::fmt::Debug for CaseTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// What decides the order of the list: group, then day, the newest first, then the name as far as it goes into a number:
/// most rows differ by then, and numbers are compared at once.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct SortKey(u8, Reverse<[u8; 10]>, u128);

impl SortKey {
    fn of(row: Tabled<'_>) -> Self {
        let mut name = [0; 16];
        let letters = row.row.raw(field::ID).iter();
        name.iter_mut()
            .zip(letters)
            .for_each(|(to, letter)| *to = *letter);
        Self(row.need(), Reverse(row.day()), u128::from_be_bytes(name))
    }
}

/// A row as the actor sees it, still packed.
#[derive(Clone, Copy)]
pub(crate) struct Tabled<'a> {
    row: Packed<'a>,
    actor: &'a str,
}

impl<'a> Tabled<'a> {
    pub(crate) fn new(row: Packed<'a>, actor: &'a Actor) -> Self {
        let actor = actor.as_str();
        Self { row, actor }
    }

    pub(crate) fn stage(self) -> Stage {
        let all = Stage::ALL.get(usize::from(self.row.stage()));
        all.copied().unwrap_or(Stage::Draft)
    }

    pub(crate) fn is_over(self) -> bool {
        matches!(
            self.stage(),
            Stage::Closed | Stage::Withdrawn | Stage::NonDiagnostic
        )
    }

    /// Are names, and how far the reads differ, closed to the actor, who makes the third read or made the first? As
    /// [`case::Case::onlooker`].
    pub(crate) fn is_anonymous(self) -> bool {
        self.must_read_without_names() || self.is_barred()
    }

    /// Did the actor make the first read, and sees nothing of the second?
    fn is_barred(self) -> bool {
        let barred = self.row.text(field::BARRED);
        !barred.is_empty() && barred == self.actor
    }

    fn must_read_without_names(self) -> bool {
        let makes = || self.row.text(field::THIRD_READER) == self.actor;
        let knows = || self.row.items(field::KNOWS).any(|who| who == self.actor);
        self.row.has(mark::THIRD_OPEN) && (makes() || !knows())
    }

    /// Who has the case: its reader, else who it was given to; empty for nobody, and for those who must not know.
    pub(crate) fn reader(self) -> &'a str {
        if self.is_anonymous() {
            return "";
        }
        self.holder()
    }

    /// Has nobody the case?
    pub(crate) fn is_unassigned(self) -> bool {
        self.holder().is_empty()
    }

    fn holder(self) -> &'a str {
        match self.row.text(field::READER) {
            "" => self.row.text(field::ASSIGNED),
            reader => reader,
        }
    }

    /// Does the actor read it, a second or a third time, or was it given to them?
    pub(crate) fn is_yours(self) -> bool {
        let third = self.row.has(mark::THIRD_TAKEN)
            && self.row.has(mark::THIRD_OPEN)
            && self.row.text(field::THIRD_READER) == self.actor;
        third || self.reader() == self.actor
    }

    /// Does it wait for the actor? While its third read is open it waits for the third reader.
    pub(crate) fn needs_you(self) -> bool {
        let waits_for = match self.stage() {
            Stage::Adjudicating if self.row.has(mark::THIRD_OPEN) => {
                self.row.text(field::THIRD_READER)
            }
            _ => self.holder(),
        };
        !self.is_over() && !waits_for.is_empty() && waits_for == self.actor
    }

    /// 0: it waits for the actor; 1: it is open; 2: it has ended.
    pub(crate) fn need(self) -> u8 {
        match (self.is_over(), self.needs_you()) {
            (true, _) => 2,
            (false, true) => 0,
            (false, false) => 1,
        }
    }

    /// The day of the study as its first ten letters, which sort as days do.
    pub(crate) fn day(self) -> [u8; 10] {
        let mut day = [0; 10];
        let text = self.row.raw(field::STUDY_DATE).iter();
        day.iter_mut()
            .zip(text)
            .for_each(|(to, letter)| *to = *letter);
        day
    }

    pub(crate) fn due(self) -> &'a str {
        match self.is_over() {
            true => "",
            false => self.row.text(field::DUE),
        }
    }

    pub(crate) fn priority(self) -> Priority {
        match self.row.priority() {
            2 => Priority::Urgent,
            1 => Priority::Soon,
            _ => Priority::Routine,
        }
    }

    pub(crate) fn modality(self) -> &'a str {
        self.row.text(field::MODALITY)
    }

    pub(crate) fn protocol(self) -> &'a str {
        self.row.text(field::PROTOCOL)
    }

    pub(crate) fn patient_name(self) -> &'a str {
        self.row.text(field::PATIENT_NAME)
    }

    pub(crate) fn id(self) -> &'a str {
        self.row.text(field::ID)
    }

    pub(crate) fn outcome(self) -> Option<Outcome> {
        let idx = usize::from(self.row.outcome()).checked_sub(1)?;
        let outcome = Outcome::ALL.get(idx).copied();
        outcome.filter(|_| !self.is_anonymous())
    }

    fn significance(self) -> Option<Significance> {
        let idx = usize::from(self.row.significance()).checked_sub(1)?;
        let grade = Significance::ALL.get(idx).copied();
        grade.filter(|_| !self.is_anonymous())
    }

    pub(crate) fn waits_for(self) -> Option<WaitsFor> {
        let has = |what| self.row.has(what);
        if self.is_barred() {
            return None;
        }
        match (has(mark::THIRD_OPEN), has(mark::THIRD_TAKEN)) {
            (true, true) => Some(WaitsFor::ThirdDecision),
            (true, false) => Some(WaitsFor::ThirdReader),
            (false, _) => has(mark::THIRD_DUE).then_some(WaitsFor::ThirdToBeAsked),
        }
    }

    /// Is something true of it that the actor may know?
    pub(crate) fn has_mark(self, which: CaseMark) -> bool {
        let anonymous = self.is_anonymous();
        // What others learn from is nothing for who is under blinded read.
        let may_learn = || !anonymous && !self.row.has(mark::BLINDED);
        let has = |what| self.row.has(what);
        match which {
            CaseMark::Limitation => {
                has(mark::LIMITED_INTAKE) || (has(mark::LIMITED_READ) && !anonymous)
            }
            CaseMark::Critical => has(mark::CRITICAL) && !anonymous,
            CaseMark::ThirdRead => self.waits_for().is_some(),
            CaseMark::Conference => has(mark::CONFERENCE) && may_learn(),
            CaseMark::Teaching => has(mark::TEACHING) && may_learn(),
        }
    }

    /// Are all words, in lower case, somewhere in what it says of patient, study and case?
    pub(crate) fn has_words(self, words: &[String]) -> bool {
        let text = self.row.text(field::FOUND);
        words.iter().all(|word| text.contains(word.as_str()))
    }

    pub(crate) fn shown(self) -> WorklistRow {
        let text = |idx| self.row.text(idx).to_owned();
        let first_reader = match self.is_anonymous() {
            true => String::new(),
            false => text(field::FIRST_AUTHOR),
        };
        let marks = CaseMark::ALL.into_iter();
        WorklistRow {
            id: CaseId::new(self.id()),
            study_instance_uid: text(field::STUDY),
            stage: self.stage(),
            unblinded_early: self.row.has(mark::EARLY),
            patient_name: text(field::PATIENT_NAME),
            age_sex: text(field::AGE_SEX),
            patient_id: text(field::PATIENT_ID),
            study_date: text(field::STUDY_DATE),
            modality: text(field::MODALITY),
            description: text(field::DESCRIPTION),
            accession: text(field::ACCESSION),
            protocol: text(field::PROTOCOL),
            due: self.due().to_owned(),
            priority: self.priority(),
            first_reader,
            second_reader: self.reader().to_owned(),
            outcome: self.outcome(),
            significance: self.significance(),
            marks: marks.filter(|which| self.has_mark(*which)).collect(),
            waits_for: self.waits_for(),
            needs_you: self.needs_you(),
        }
    }
}
