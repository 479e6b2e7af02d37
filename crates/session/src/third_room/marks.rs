use case::{Annotation, AnnotationId, AnonymousRead, Geometry, PairId, Standing, ThirdRow};

use super::{MarkOf, ThirdMarks};
use crate::{Session, SessionError, ViewIdx};

/// The views that show the marks of A and of B, while these are side by side.
const VIEW_OF_A: ViewIdx = ViewIdx(0);
const VIEW_OF_B: ViewIdx = ViewIdx(1);

impl Session {
    /// The read whose marks alone a view shows; `None`: it shows those of both, or none.
    pub(crate) fn read_in_view(&self, idx: ViewIdx) -> Option<AnonymousRead> {
        let side_by_side = self.third_room.shown == ThirdMarks::SideBySide
            && self.reads_are_open()
            && self.room.is_side_by_side();
        match idx {
            _ if !side_by_side => None,
            VIEW_OF_A => Some(AnonymousRead::A),
            VIEW_OF_B => Some(AnonymousRead::B),
            _ => None,
        }
    }

    /// The marks of the selected row that belong into a view.
    pub(crate) fn third_marks_in(&self, idx: ViewIdx) -> Vec<(Annotation, MarkOf)> {
        if !self.reads_are_open() {
            return Vec::new();
        }
        let rows = self.whole_case().map(|case| case.third_rows());
        let rows = rows.unwrap_or_default();
        let Some(row) = rows.iter().find(|row| Some(row.pair) == self.selected_pair) else {
            return Vec::new();
        };
        let only = self.read_in_view(idx);
        let drawn = |read: AnonymousRead| {
            self.third_room.shown != ThirdMarks::Off && only.is_none_or(|only| only == read)
        };
        let of_read = |read| {
            let marks = evidence(row, read)
                .marks
                .iter()
                .filter(move |_| drawn(read));
            marks.map(move |mark| (mark.clone(), MarkOf::Read(read)))
        };
        let own = self.own_third_marks(row.pair).into_iter();
        of_read(AnonymousRead::A)
            .chain(of_read(AnonymousRead::B))
            .chain(own.map(|mark| (mark, MarkOf::ThirdRead)))
            .collect()
    }

    /// What the third reader measured for a row.
    pub(crate) fn own_third_marks(&self, row: PairId) -> Vec<Annotation> {
        self.third_draft(row).unwrap_or_default().marks
    }

    /// Measures a shape for the selected row.
    pub(crate) fn add_third_mark(
        &mut self,
        idx: ViewIdx,
        geometry: Geometry,
    ) -> Result<(), SessionError> {
        let row = self.row_of_marks()?;
        if geometry.standing() == Standing::OfImage || geometry.is_body() {
            return Err(SessionError::Usage(
                "a third read has lengths, diameters, angles and regions; draw one of these".into(),
            ));
        }
        let place = self.place_of_mark(idx, &geometry)?;
        let id = self.next_third_mark()?;
        let mark = self.measured_mark((id, None), geometry, &place)?;
        self.edit_decision(row, |draft| draft.marks.push(mark))
    }

    /// Gives a mark of the third reader another shape; `false` where it is none of theirs.
    pub(crate) fn reshape_third_mark(
        &mut self,
        id: AnnotationId,
        geometry: &Geometry,
    ) -> Result<(), SessionError> {
        let row = self.row_of_marks()?;
        let before = self.third_mark(row, id)?;
        let after = self.reshaped(&before, geometry.clone())?;
        self.edit_decision(row, |draft| {
            let marks = draft.marks.iter_mut().filter(|mark| mark.id == id);
            marks.for_each(|mark| *mark = after.clone());
        })
    }

    pub(crate) fn move_third_mark(
        &mut self,
        id: AnnotationId,
        by: space::PatientVector,
    ) -> Result<(), SessionError> {
        let row = self.row_of_marks()?;
        let geometry = self.third_mark(row, id)?.geometry.moved(by);
        self.reshape_third_mark(id, &geometry)
    }

    pub(crate) fn remove_third_mark(&mut self, id: AnnotationId) -> Result<(), SessionError> {
        let row = self.row_of_marks()?;
        self.third_mark(row, id)?;
        self.edit_decision(row, |draft| draft.marks.retain(|mark| mark.id != id))
    }

    /// A mark of the third reader for the selected row.
    pub(crate) fn own_third_mark(&self, id: AnnotationId) -> Option<Annotation> {
        let mut marks = self.own_third_marks(self.selected_pair?).into_iter();
        marks.find(|mark| mark.id == id)
    }

    fn third_mark(&self, row: PairId, id: AnnotationId) -> Result<Annotation, SessionError> {
        let mut marks = self.own_third_marks(row).into_iter();
        marks.find(|mark| mark.id == id).ok_or_else(|| {
            SessionError::Usage(
                "this mark belongs to one of the two reads and stays as it is; draw one of your own"
                    .into(),
            )
        })
    }

    fn row_of_marks(&self) -> Result<PairId, SessionError> {
        self.selected_pair.ok_or_else(|| {
            SessionError::Usage("choose first which statement this is measured for".into())
        })
    }

    /// The next free number: neither of the second read nor of any other row.
    fn next_third_mark(&self) -> Result<AnnotationId, SessionError> {
        let case = self.whole_case_ref()?;
        let third = case.third_read();
        let decided = third.into_iter().flat_map(|third| &third.verdicts);
        let decided = decided.flat_map(|(_, verdict)| &verdict.marks);
        let drafts = self.third_room.drafts.values();
        let drawn = decided.chain(drafts.flat_map(|draft| &draft.marks));
        let last = drawn.map(|mark| mark.id.0).max().unwrap_or(0);
        Ok(AnnotationId(
            case.next_annotation_id().0.max(last.saturating_add(1)),
        ))
    }
}

/// What a read shows for a row.
pub(super) fn evidence<'a>(row: &'a ThirdRow<'_>, read: AnonymousRead) -> &'a case::ThirdEvidence {
    match read {
        AnonymousRead::A => &row.a_evidence,
        AnonymousRead::B => &row.b_evidence,
    }
}
