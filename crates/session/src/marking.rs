//! Marks: drawn in a view or given in patient space, measured, changed, taken out.

use case::{
    Annotation, AnnotationId, FindingId, Geometry, ImageRef, MeasuredValue, Shown, Standing,
};
use volume::GeometryKind;

use crate::calibrating::{by_hand_of, check_may_calibrate};
use crate::measure::{MeasuredOn, measure, say_holes};
use crate::{Session, SessionError, ViewIdx, ViewKind, VolumeKey};

impl Session {
    pub(crate) fn mark(&self, id: AnnotationId) -> Result<&Annotation, SessionError> {
        let marks = &self.open_case_ref()?.read().annotations;
        marks
            .iter()
            .find(|a| a.id == id)
            .ok_or_else(|| SessionError::Usage(format!("there is no mark {id} in this case")))
    }

    /// Measures a shape drawn in a view and enters it: as evidence of a finding or by itself, as its [`case::Standing`] has it.
    pub(crate) fn add_mark(
        &mut self,
        idx: ViewIdx,
        geometry: Geometry,
    ) -> Result<(), SessionError> {
        let place = self.place_of_mark(idx, &geometry)?;
        let finding = match geometry.standing() {
            Standing::Evidence => Some(match self.finding_of_marks() {
                Some(id) => id,
                None => self.open_case_ref()?.next_finding_id(),
            }),
            Standing::Measurement => self.finding_of_marks(),
            Standing::OfImage => None,
        };
        let labelled = match &geometry {
            Geometry::SpineLabel { level, .. } => Some(*level),
            _ => None,
        };
        self.put_mark(finding, geometry, &place)?;
        self.selected_finding = finding.or(self.selected_finding);
        if let Some(level) = labelled {
            self.room.spine = self.room.spine.after(level);
        }
        Ok(())
    }

    /// The finding that marks are drawn for, while it is there.
    pub(crate) fn finding_of_marks(&self) -> Option<FindingId> {
        let is_there = |id: &FindingId| self.case().is_some_and(|c| c.finding(*id).is_some());
        self.selected_finding.filter(is_there)
    }

    /// Where a shape that is drawn in a view lies, and how it is shown.
    ///
    /// # Errors
    /// When the view shows nothing that can be measured on.
    pub(crate) fn place_of_mark(
        &self,
        idx: ViewIdx,
        geometry: &Geometry,
    ) -> Result<MarkPlace, SessionError> {
        let nothing =
            || SessionError::Usage("this view shows no image; put a series into it first".into());
        let (view, shown) = self.room.shown(idx, &self.library).ok_or_else(nothing)?;
        if view.kind.is_projection() {
            return Err(SessionError::Usage(
                "a projection has no depth to measure in; draw on a slice".into(),
            ));
        }
        let key = view.volume.clone().ok_or_else(nothing)?;
        let presentation = self.presentation_of(idx).ok_or_else(nothing)?;
        let on_slice = (view.kind == ViewKind::Stack).then_some(view.slice_idx);
        let shown_as = view.shown(
            &shown.volume,
            self.room.cursor_in(&shown.volume),
            &presentation,
        );
        let slice_idx =
            on_slice.or_else(|| volume::nearest_slice(&shown.volume, geometry.centre()));
        Ok(MarkPlace {
            key,
            slice_idx,
            shown: shown_as,
        })
    }

    /// The image of a place.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn image_at(&self, place: &MarkPlace) -> Result<ImageRef, SessionError> {
        let image = place
            .slice_idx
            .and_then(|k| self.library.image_ref(&place.key, k));
        image.ok_or_else(|| {
            SessionError::Usage(
                "there is no image at that place (a missing slice, or outside); draw on an image"
                    .into(),
            )
        })
    }

    /// Enters a mark given in patient space, on the image named or the nearest of the current study.
    pub fn add_mark_on_image(
        &mut self,
        finding: FindingId,
        image: Option<ImageRef>,
        geometry: Geometry,
    ) -> Result<AnnotationId, SessionError> {
        let centre = geometry.centre();
        let found = match &image {
            Some(image) => self.library.find_image(image),
            None => self.library.reading_keys().into_iter().find_map(|key| {
                Some((
                    key.clone(),
                    volume::nearest_slice(&self.library.get(&key)?.volume, centre)?,
                ))
            }),
        };
        let (key, slice_idx) = found.ok_or_else(|| {
            SessionError::Usage("no image of this study lies at that place; check the coordinates (patient mm, LPS)".into())
        })?;
        let shelved = self
            .library
            .get(&key)
            .ok_or_else(|| SessionError::Usage("the series is not open".into()))?;
        let volume = shelved.volume.clone();
        self.library.ensure_slices_for(&key, slice_idx, &geometry);
        let view = crate::View {
            slice_idx,
            ..crate::View::empty(ViewKind::Stack)
        };
        let presentation = volume.default_presentation().presentation;
        let shown = view.shown(&volume, centre, &presentation);
        self.put_mark(
            Some(finding),
            geometry,
            &MarkPlace {
                key,
                slice_idx: Some(slice_idx),
                shown,
            },
        )
    }

    pub(crate) fn put_mark(
        &mut self,
        finding: Option<FindingId>,
        geometry: Geometry,
        place: &MarkPlace,
    ) -> Result<AnnotationId, SessionError> {
        let shelved = self
            .library
            .get(&place.key)
            .ok_or_else(|| SessionError::Usage("the series is not open".into()))?;
        let calibrates = by_hand_of(&geometry);
        let is_calibration = matches!(geometry, Geometry::Calibration { .. });
        if is_calibration {
            check_may_calibrate(&shelved.volume)?;
        }
        let id = self.open_case_ref()?.next_annotation_id();
        let annotation = self.measured_mark((id, finding), geometry, place)?;
        let command = if is_calibration {
            case::Command::ChangeAnnotations {
                edited: self.remeasured(&annotation.image, calibrates),
                removed: self.calibration_on(&annotation.image),
                added: Some(Box::new(annotation)),
            }
        } else {
            case::Command::AddAnnotation { annotation }
        };
        self.record(command)?;
        Ok(id)
    }

    /// A mark with its numbers, on no record yet.
    pub(crate) fn measured_mark(
        &self,
        (id, finding): (AnnotationId, Option<FindingId>),
        geometry: Geometry,
        place: &MarkPlace,
    ) -> Result<Annotation, SessionError> {
        let shelved = self
            .library
            .get(&place.key)
            .ok_or_else(|| SessionError::Usage("the series is not open".into()))?;
        let image = self.image_at(place)?;
        let values = self.measured(&place.key, place.slice_idx, (&geometry, &image))?;
        Ok(Annotation {
            id,
            finding,
            geometry,
            frame_of_reference_uid: shelved.frame_of_reference.clone(),
            image,
            shown: place.shown.clone(),
            values,
        })
    }

    /// The numbers of a shape on an image.
    fn measured(
        &self,
        key: &VolumeKey,
        slice_idx: Option<usize>,
        (geometry, image): (&Geometry, &ImageRef),
    ) -> Result<Vec<MeasuredValue>, SessionError> {
        let shelved = self
            .library
            .get(key)
            .ok_or_else(|| SessionError::Usage("the series is not open".into()))?;
        let volume = &shelved.volume;
        // Only in a regular volume does a place name the slice: frames of a film share one place.
        let on = MeasuredOn {
            volume,
            slice_idx: slice_idx.filter(|_| volume.kind != GeometryKind::Volume),
            by_hand: self.by_hand_on(image),
        };
        let mut values = measure(&on, geometry).map_err(|e| SessionError::Usage(e.to_string()))?;
        say_holes(&mut values, volume, &shelved.holes(), geometry);
        Ok(values)
    }

    /// Gives a mark a new shape and measures it again.
    pub(crate) fn reshape(
        &mut self,
        id: AnnotationId,
        geometry: Geometry,
    ) -> Result<(), SessionError> {
        let before = self.mark(id)?.clone();
        if geometry.is_body() {
            let (key, slice_idx) = self.place_of_reshaped(&before, &geometry)?;
            let place = MarkPlace {
                slice_idx: slice_idx.filter(|k| self.library.image_ref(&key, *k).is_some()),
                key,
                shown: before.shown.clone(),
            };
            return self.reshape_body(&before, geometry, &place);
        }
        let calibrates = by_hand_of(&geometry);
        let annotation = self.reshaped(&before, geometry)?;
        let Some(by_hand) = calibrates else {
            return self.record(case::Command::EditAnnotation { annotation });
        };
        let mut edited = self.remeasured(&annotation.image, Some(by_hand));
        edited.push(annotation);
        self.record(case::Command::ChangeAnnotations {
            added: None,
            edited,
            removed: None,
        })
    }

    /// A mark in a new shape, with its numbers, on no record yet.
    pub(crate) fn reshaped(
        &self,
        before: &Annotation,
        geometry: Geometry,
    ) -> Result<Annotation, SessionError> {
        let (key, slice_idx) = self.place_of_reshaped(before, &geometry)?;
        let image = slice_idx
            .and_then(|k| self.library.image_ref(&key, k))
            .unwrap_or_else(|| before.image.clone());
        let values = self.measured(&key, slice_idx, (&geometry, &image))?;
        Ok(Annotation {
            geometry,
            values,
            image,
            ..before.clone()
        })
    }

    /// The volume and slice that a mark lies on in a new shape.
    fn place_of_reshaped(
        &self,
        before: &Annotation,
        geometry: &Geometry,
    ) -> Result<(VolumeKey, Option<usize>), SessionError> {
        let (key, before_idx) = self.library.find_image(&before.image).ok_or_else(|| {
            SessionError::Usage("the image of this mark is not open; open the study first".into())
        })?;
        let shelved = self.library.get(&key);
        let volume = &shelved
            .ok_or_else(|| SessionError::Usage("the series is not open".into()))?
            .volume;
        // A shape moves within its picture. Only in a regular volume does its place name the slice: frames of a film
        // share one place.
        let slice_idx = match volume.kind {
            GeometryKind::Volume => volume::nearest_slice(volume, geometry.centre()),
            _ => Some(before_idx),
        };
        Ok((key, slice_idx))
    }

    /// Takes a mark out; with a calibration the lengths that rested on it go back to what the image says.
    pub(crate) fn remove_mark(&mut self, id: AnnotationId) -> Result<(), SessionError> {
        let mark = self.mark(id)?;
        if !matches!(mark.geometry, Geometry::Calibration { .. }) {
            return self.record(case::Command::RemoveAnnotation { id });
        }
        let image = mark.image.clone();
        self.record(case::Command::ChangeAnnotations {
            added: None,
            edited: self.remeasured(&image, None),
            removed: Some(id),
        })
    }

    /// Makes a finding of a mark that stands by itself, and selects it.
    pub(crate) fn make_finding_of(&mut self, id: AnnotationId) -> Result<(), SessionError> {
        let mark = self.mark(id)?;
        if mark.finding.is_some() {
            return Err(SessionError::Usage(
                "this mark is evidence of a finding already; draw another one for a new finding"
                    .into(),
            ));
        }
        if mark.geometry.standing() == Standing::OfImage {
            return Err(SessionError::Usage(
                "this mark says something of the image and is evidence of nothing; draw what was found".into(),
            ));
        }
        let finding = self.open_case_ref()?.next_finding_id();
        let annotation = Annotation {
            finding: Some(finding),
            ..mark.clone()
        };
        self.record(case::Command::EditAnnotation { annotation })?;
        self.selected_finding = Some(finding);
        Ok(())
    }

    /// Takes a finding and its marks out, calibrations first, so that nothing rests on one that is gone.
    pub(crate) fn remove_finding(&mut self, id: FindingId) -> Result<(), SessionError> {
        let marks = &self.open_case_ref()?.read().annotations;
        let calibrations: Vec<AnnotationId> = marks
            .iter()
            .filter(|mark| mark.finding == Some(id))
            .filter(|mark| matches!(mark.geometry, Geometry::Calibration { .. }))
            .map(|mark| mark.id)
            .collect();
        for calibration in calibrations {
            self.remove_mark(calibration)?;
        }
        self.record(case::Command::RemoveFinding { id })
    }
}

/// Where a mark was drawn.
pub(crate) struct MarkPlace {
    pub(crate) key: VolumeKey,
    pub(crate) slice_idx: Option<usize>,
    pub(crate) shown: Shown,
}
