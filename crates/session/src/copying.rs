//! Marks of the current study at the same place of the prior.

use case::{Annotation, Geometry};
use volume::Placement;

use crate::marking::MarkPlace;
use crate::{Copied, Session, SessionError, View, ViewKind, VolumeKey};

impl Session {
    /// Draws marks at the same place of the prior and measures them there, as evidence of the same finding where they are of one.
    ///
    /// # Errors
    /// When no series of a prior shares the frame of reference, or none lies there: the same place is then not known.
    pub(crate) fn copy_to_prior(&mut self, copied: Copied) -> Result<(), SessionError> {
        let marks = &self.open_case_ref()?.read().annotations;
        let wanted: Vec<Annotation> = marks
            .iter()
            .filter(|mark| match copied {
                Copied::Mark(id) => mark.id == id,
                Copied::Finding(id) => mark.finding == Some(id),
            })
            .filter(|mark| !self.is_on_prior(mark))
            .filter(|mark| !matches!(mark.geometry, Geometry::Calibration { .. }))
            .cloned()
            .collect();
        if wanted.is_empty() {
            return Err(SessionError::Usage(
                "there is no mark of the current study to copy; select one first".into(),
            ));
        }
        // All are placed before the first is put, so that nothing is half done.
        let places = wanted
            .iter()
            .map(|mark| self.same_place(mark))
            .collect::<Result<Vec<_>, _>>()?;
        for (mark, place) in wanted.into_iter().zip(places) {
            if let Some(slice_idx) = place.slice_idx {
                self.library
                    .ensure_slices_for(&place.key, slice_idx, &mark.geometry);
            }
            self.put_mark(mark.finding, mark.geometry, &place)?;
        }
        Ok(())
    }

    fn is_on_prior(&self, mark: &Annotation) -> bool {
        let found = self.library.find_image(&mark.image);
        let shelved = found.and_then(|(key, _)| self.library.get(&key));
        shelved.is_some_and(|s| s.prior_date.is_some())
    }

    /// Where a mark lies on a prior.
    fn same_place(&self, mark: &Annotation) -> Result<MarkPlace, SessionError> {
        let priors = || {
            self.library
                .iter()
                .filter(|(_, shelved)| shelved.prior_date.is_some() && !shelved.sealed)
        };
        if priors().next().is_none() {
            return Err(SessionError::Usage(
                "there is no prior to copy to; open a folder that holds one".into(),
            ));
        }
        let frame = &mark.frame_of_reference_uid;
        let same = priors().filter(|(_, shelved)| {
            !frame.is_empty()
                && shelved.frame_of_reference == *frame
                && shelved.volume.placed == Placement::InPatient
        });
        let same: Vec<&VolumeKey> = same.map(|(key, _)| key).collect();
        if same.is_empty() {
            return Err(SessionError::Usage(
                "the prior has another frame of reference, so the same place in it is not known; draw the mark there by hand".into(),
            ));
        }
        let centre = mark.geometry.centre();
        let there = same.into_iter().find_map(|key| {
            let shelved = self.library.get(key)?;
            let inside = shelved.volume.grid.contains(centre);
            let slice_idx = volume::nearest_slice(&shelved.volume, centre).filter(|_| inside)?;
            let view = View {
                slice_idx,
                ..View::empty(ViewKind::Stack)
            };
            let presentation = shelved.volume.default_presentation().presentation;
            Some(MarkPlace {
                key: key.clone(),
                slice_idx: Some(slice_idx),
                shown: view.shown(&shelved.volume, centre, &presentation),
            })
        });
        there.ok_or_else(|| {
            SessionError::Usage(
                "no series of the prior reaches to the place of this mark; draw it there by hand"
                    .into(),
            )
        })
    }
}
