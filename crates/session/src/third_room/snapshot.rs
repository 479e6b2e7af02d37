use case::{
    Annotation, AnonymousRead, Class, PairId, Side, Significance, Sureness, ThirdReadMode,
    ThirdRow, Upheld,
};

use super::marks::evidence;
use super::{ThirdCheck, ThirdMarks};
use crate::measure::size_text;
use crate::snap::clock_time;
use crate::{MarkRow, Session};

/// A third read as whoever makes it, or may take it, sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ThirdReadSnapshot {
    /// How it is made.
    pub mode: ThirdReadMode,
    /// Has the actor taken it?
    pub yours: bool,
    /// Has somebody else taken it?
    pub taken_by_other: bool,
    /// When both reads were opened, local time, and how much had been viewed before, percent; `None`: not yet.
    pub opened: Option<(String, u8)>,
    /// The rows in the order that was drawn; none before both reads are open.
    pub rows: Vec<ThirdRowSnapshot>,
    /// What both reads say alike, while they are open.
    pub agreed: Vec<String>,
    /// Rows there are; known before they are open.
    pub n_rows: usize,
    /// Rows with a decision.
    pub n_decided: usize,
    /// Whose marks are drawn where.
    pub marks: ThirdMarks,
    /// What is computed from the images about the selected row.
    pub checks: Vec<ThirdCheck>,
}

/// A row of a third read.
#[derive(Clone, Debug, PartialEq)]
pub struct ThirdRowSnapshot {
    /// Which.
    pub pair: PairId,
    /// Where the reads differ; empty where the third reader is not told, and where only one speaks of it.
    pub classes: Vec<Class>,
    /// The read that alone speaks of it.
    pub only_in: Option<AnonymousRead>,
    /// What the read that is called A has.
    pub a: ThirdSide,
    /// What the read that is called B has.
    pub b: ThirdSide,
    /// What the third reader has said so far.
    pub decision: ThirdDecision,
    /// What the third reader measured for it.
    pub own_marks: Vec<MarkRow>,
}

/// What one of the two reads has about a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ThirdSide {
    /// Its words; `None`: nothing.
    pub text: Option<String>,
    /// `S2 · 73`; empty where it names no image.
    pub image_text: String,
    /// `33 × 22 mm`; empty where nothing was measured.
    pub size_text: String,
    /// Side of the body that it names.
    pub side: Option<Side>,
    /// Has it any mark?
    pub is_marked: bool,
}

/// A decision as far as it goes; it is on record once something is upheld.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ThirdDecision {
    /// Which statement the images support.
    pub upheld: Option<Upheld>,
    /// How sure.
    pub sure: Option<Sureness>,
    /// Would care change?
    pub significance: Option<Significance>,
    /// Why.
    pub note: String,
}

impl Session {
    /// The third read of the open case, for whoever may not see names; `None` for everybody else.
    pub(crate) fn third_snapshot(&self) -> Option<ThirdReadSnapshot> {
        let case = self.whole_case()?;
        let third = case
            .third_read()
            .filter(|_| case.onlooker(&self.actor) == case::Onlooker::ThirdReader)?;
        let yours = third.reader.as_ref() == Some(&self.actor);
        let is_open = self.reads_are_open();
        let rows = match is_open {
            true => case.third_rows(),
            false => Vec::new(),
        };
        let selected = rows.iter().find(|row| Some(row.pair) == self.selected_pair);
        Some(ThirdReadSnapshot {
            mode: third.mode,
            yours,
            taken_by_other: third.reader.is_some() && !yours,
            opened: third
                .opened
                .as_ref()
                .filter(|_| is_open)
                .map(|opened| (clock_time(&opened.at), opened.viewed_percent)),
            agreed: match is_open {
                true => case.third_agreed(),
                false => Vec::new(),
            },
            n_rows: third.order.len(),
            n_decided: third.order.len() - third.n_pending(),
            marks: self.third_room.shown,
            checks: selected.map_or_else(Vec::new, |row| self.third_checks(row)),
            rows: rows
                .iter()
                .map(|row| self.third_row_snapshot(row))
                .collect(),
        })
    }

    fn third_row_snapshot(&self, row: &ThirdRow<'_>) -> ThirdRowSnapshot {
        let draft = self.third_draft(row.pair).unwrap_or_default();
        ThirdRowSnapshot {
            pair: row.pair,
            classes: row.classes.clone(),
            only_in: row.only_in,
            a: self.third_side(row.a.clone(), row, AnonymousRead::A),
            b: self.third_side(row.b.clone(), row, AnonymousRead::B),
            own_marks: draft.marks.iter().map(|mark| self.mark_row(mark)).collect(),
            decision: ThirdDecision {
                upheld: row.verdict.map(|verdict| verdict.upheld),
                sure: draft.sure,
                significance: draft.significance,
                note: draft.note,
            },
        }
    }

    fn third_side(
        &self,
        text: Option<String>,
        row: &ThirdRow<'_>,
        read: AnonymousRead,
    ) -> ThirdSide {
        let shown = evidence(row, read);
        let values = |mark: &'_ Annotation| mark.values.clone();
        let values: Vec<_> = shown.marks.iter().map(values).collect();
        let image = shown.marks.first().map(|mark| mark.image.clone());
        let image = image.or_else(|| shown.key_image.clone());
        let found = image.and_then(|image| self.library.find_image(&image));
        ThirdSide {
            image_text: found
                .map(|(key, slice_idx)| self.image_text(&key, slice_idx))
                .unwrap_or_default(),
            size_text: size_text(values.iter().map(Vec::as_slice)),
            side: shown.side,
            is_marked: !shown.marks.is_empty(),
            text,
        }
    }
}
