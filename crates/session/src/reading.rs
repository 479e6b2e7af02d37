//! The second read: findings, marks, impression, seal, reveal.

use case::{
    Annotation, Case, Finding, FindingId, Geometry, ImageRef, RequiredSeries, SealRecord,
    SealStage, SeriesOf, Shown,
};
use volume::GeometryKind;

use crate::coverage::lanes;
use crate::measure::{MeasuredOn, measure, say_holes};

use crate::{
    FindingField, NoticeKind, ReadCommand, Session, SessionError, ViewIdx, ViewKind, VolumeKey,
};

impl Session {
    pub(crate) fn apply_read(&mut self, command: ReadCommand) -> Result<(), SessionError> {
        match command {
            ReadCommand::Start => self.record(case::Command::StartRead),
            ReadCommand::Pause => {
                self.put_coverage_on_record()?;
                let active_ms = self.coverage.active_ms();
                self.record(case::Command::PauseRead { active_ms })
            }
            ReadCommand::NewFindingHere => self.new_finding_here(),
            ReadCommand::AddFinding(finding) => self.add_finding(*finding).map(|_| ()),
            ReadCommand::SetField(id, field) => self.set_field(id, field),
            ReadCommand::RemoveFinding(id) => self.record(case::Command::RemoveFinding { id }),
            ReadCommand::Select(id) => {
                self.selected_finding = id;
                if let Some(id) = id {
                    self.go_to_finding(id);
                }
                Ok(())
            }
            ReadCommand::AddMark { view, geometry } => self.add_mark(view, geometry),
            ReadCommand::AddMarkOnImage {
                finding,
                image,
                geometry,
            } => self.add_mark_on_image(finding, image, geometry).map(|_| ()),
            ReadCommand::MoveMark { id, by } => {
                let geometry = self.mark(id)?.geometry.moved(by);
                self.reshape(id, geometry)
            }
            ReadCommand::ReshapeMark { id, geometry } => self.reshape(id, geometry),
            ReadCommand::PutMark(annotation) => self.record(case::Command::EditAnnotation {
                annotation: *annotation,
            }),
            ReadCommand::RemoveMark(id) => self.record(case::Command::RemoveAnnotation { id }),
            ReadCommand::TakeKeyImage => self.take_key_image(),
            ReadCommand::WriteQuestion(text) => self.record(case::Command::WriteQuestion { text }),
            ReadCommand::WriteImpression(text) => {
                self.record(case::Command::WriteImpression { text })
            }
            ReadCommand::AcceptLimitation(code) => {
                self.record(case::Command::AcceptLimitation { code })
            }
            ReadCommand::Seal => self.seal(),
            ReadCommand::Reveal { urgent } => self.reveal(urgent),
        }
    }

    fn open_case_ref(&self) -> Result<&Case, SessionError> {
        self.case().ok_or_else(|| {
            SessionError::Usage("no case is open; open one from the worklist first".into())
        })
    }

    fn new_finding_here(&mut self) -> Result<(), SessionError> {
        let mut finding = Finding::empty(self.open_case_ref()?.next_finding_id());
        finding.key_image = self.image_on_screen(self.room.active);
        self.add_finding(finding).map(|_| ())
    }

    /// Enters a finding under the next free id and selects it.
    pub fn add_finding(&mut self, finding: Finding) -> Result<FindingId, SessionError> {
        let id = self.open_case_ref()?.next_finding_id();
        self.record(case::Command::AddFinding {
            finding: Finding { id, ..finding },
        })?;
        self.selected_finding = Some(id);
        Ok(id)
    }

    fn set_field(&mut self, id: FindingId, field: FindingField) -> Result<(), SessionError> {
        let case = self.open_case_ref()?;
        let mut finding = case
            .finding(id)
            .cloned()
            .ok_or_else(|| SessionError::Usage(format!("there is no finding {id} in this case")))?;
        match field {
            FindingField::Concept(text) => finding.concept = text,
            FindingField::Assertion(assertion) => finding.assertion = assertion,
            FindingField::Side(side) => finding.side = side,
            FindingField::Site(site) => finding.site = site,
            FindingField::Level(level) => finding.level = level,
            FindingField::Severity(severity) => finding.severity = severity,
            FindingField::Change(change) => finding.change = change,
            FindingField::Confidence(confidence) => {
                finding.confidence = confidence.map(|c| c.min(100))
            }
            FindingField::Note(note) => finding.note = note,
            FindingField::KeyImage(image) => finding.key_image = image,
        }
        if case.finding(id) == Some(&finding) {
            return Ok(());
        }
        self.record(case::Command::EditFinding { finding })
    }

    fn mark(&self, id: case::AnnotationId) -> Result<&Annotation, SessionError> {
        let marks = &self.open_case_ref()?.read().annotations;
        marks
            .iter()
            .find(|a| a.id == id)
            .ok_or_else(|| SessionError::Usage(format!("there is no mark {id} in this case")))
    }

    /// Measures a shape drawn in a view and enters it as evidence of the selected finding, else of a new one.
    fn add_mark(&mut self, idx: ViewIdx, geometry: Geometry) -> Result<(), SessionError> {
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
        let finding = self
            .selected_finding
            .filter(|id| self.case().is_some_and(|c| c.finding(*id).is_some()));
        let shown_as = view.shown(
            &shown.volume,
            self.room.cursor_in(&shown.volume),
            &presentation,
        );
        let slice_idx =
            on_slice.or_else(|| volume::nearest_slice(&shown.volume, geometry.centre()));
        let place = MarkPlace {
            key,
            slice_idx,
            shown: shown_as,
            on_slice: on_slice.is_some(),
        };
        let id = match finding {
            Some(id) => id,
            None => self.open_case_ref()?.next_finding_id(),
        };
        self.put_mark(id, geometry, &place)?;
        self.selected_finding = Some(id);
        Ok(())
    }

    /// Enters a mark given in patient space, on the image named or the nearest of the current study.
    pub fn add_mark_on_image(
        &mut self,
        finding: FindingId,
        image: Option<ImageRef>,
        geometry: Geometry,
    ) -> Result<case::AnnotationId, SessionError> {
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
        let on_slice = volume.kind != GeometryKind::Volume;
        self.put_mark(
            finding,
            geometry,
            &MarkPlace {
                key,
                slice_idx: Some(slice_idx),
                shown,
                on_slice,
            },
        )
    }

    fn put_mark(
        &mut self,
        finding: FindingId,
        geometry: Geometry,
        place: &MarkPlace,
    ) -> Result<case::AnnotationId, SessionError> {
        let shelved = self
            .library
            .get(&place.key)
            .ok_or_else(|| SessionError::Usage("the series is not open".into()))?;
        let slice_of_stack = place
            .slice_idx
            .filter(|_| place.on_slice && shelved.volume.kind != GeometryKind::Volume);
        let on = MeasuredOn {
            volume: &shelved.volume,
            slice_idx: slice_of_stack,
        };
        let mut values = measure(&on, &geometry).map_err(|e| SessionError::Usage(e.to_string()))?;
        say_holes(&mut values, &shelved.volume, &shelved.holes(), &geometry);
        let image = place.slice_idx.and_then(|k| self.library.image_ref(&place.key, k)).ok_or_else(|| {
            SessionError::Usage("there is no image at that place (a missing slice, or outside); draw on an image".into())
        })?;
        let id = self.open_case_ref()?.next_annotation_id();
        let annotation = Annotation {
            id,
            finding,
            geometry,
            frame_of_reference_uid: shelved.frame_of_reference.clone(),
            image,
            shown: place.shown.clone(),
            values,
        };
        self.record(case::Command::AddAnnotation { annotation })?;
        Ok(id)
    }

    /// Gives a mark a new shape and measures it again.
    fn reshape(&mut self, id: case::AnnotationId, geometry: Geometry) -> Result<(), SessionError> {
        let before = self.mark(id)?.clone();
        let (key, before_idx) = self.library.find_image(&before.image).ok_or_else(|| {
            SessionError::Usage("the image of this mark is not open; open the study first".into())
        })?;
        let shelved = self.library.get(&key);
        let shelved =
            shelved.ok_or_else(|| SessionError::Usage("the series is not open".into()))?;
        let volume = shelved.volume.clone();
        // A shape moves within its picture. Only in a regular volume does its place name the slice: frames of a film
        // share one place.
        let is_regular = volume.kind == GeometryKind::Volume;
        let slice_idx = if is_regular {
            volume::nearest_slice(&volume, geometry.centre())
        } else {
            Some(before_idx)
        };
        let on_slice = slice_idx.filter(|_| !is_regular);
        let on = MeasuredOn {
            volume: &volume,
            slice_idx: on_slice,
        };
        let mut values = measure(&on, &geometry).map_err(|e| SessionError::Usage(e.to_string()))?;
        say_holes(&mut values, &volume, &shelved.holes(), &geometry);
        let image = slice_idx
            .and_then(|k| self.library.image_ref(&key, k))
            .unwrap_or_else(|| before.image.clone());
        self.record(case::Command::EditAnnotation {
            annotation: Annotation {
                geometry,
                values,
                image,
                ..before
            },
        })
    }

    fn take_key_image(&mut self) -> Result<(), SessionError> {
        let image = self.image_on_screen(self.room.active).ok_or_else(|| {
            SessionError::Usage(
                "this view shows no single image; take the key image from a slice".into(),
            )
        })?;
        match self.selected_finding {
            Some(id) => self.set_field(id, FindingField::KeyImage(Some(image))),
            None => self.new_finding_here(),
        }
    }

    /// The series that a read is expected to go through, for the checks before the seal.
    pub(crate) fn required_series(&self) -> Vec<RequiredSeries> {
        let reading = self.reading_keys();
        let of = |key: &VolumeKey, of| {
            let shelved = self.library.get(key)?;
            let lane = (lanes(&shelved.modality).len() == 1).then_some("other");
            Some(RequiredSeries {
                series_instance_uid: key.coverage_name(),
                name: shelved.title.clone(),
                lane: lane.map(str::to_owned),
                n_slices: shelved.volume.n_slices(),
                of,
            })
        };
        let mut required: Vec<_> = reading
            .iter()
            .filter_map(|k| of(k, SeriesOf::Current))
            .collect();
        let priors = self
            .library
            .iter()
            .filter(|(_, s)| s.prior_date.is_some())
            .map(|(k, _)| k);
        required.extend(priors.filter_map(|k| of(k, SeriesOf::Prior)));
        required.dedup_by(|a, b| a.series_instance_uid == b.series_instance_uid);
        required
    }

    /// Seals the read: what is not met becomes a limitation, the digest is signed with the reader's key.
    fn seal(&mut self) -> Result<(), SessionError> {
        self.put_coverage_on_record()?;
        let checks = self
            .open_case_ref()?
            .checks_before_seal(&self.required_series());
        let limitations = case::limitations(&checks);
        let seal = self.sign(SealStage::SecondRead)?;
        self.record(case::Command::SealRead { seal, limitations })?;
        // A read that was unblinded early has its report open already: the comparison follows at once.
        if self.case().is_some_and(|c| !c.is_blinded()) {
            self.start_pairing()
        } else {
            Ok(())
        }
    }

    /// Signs what the case is now.
    pub(crate) fn sign(&mut self, stage: SealStage) -> Result<SealRecord, SessionError> {
        let case = self.open_case_ref()?;
        let (digest, log_head) = (case.seal_digest(stage), case.log_head().clone());
        let bytes = case::signed_bytes(&digest, &log_head).ok_or_else(|| {
            SessionError::Usage("the record has no digest to sign; open the case again".into())
        })?;
        let signed = self.store.sign(&self.actor, &bytes)?;
        Ok(SealRecord {
            stage,
            digest,
            log_head,
            signature: signed.signature,
            public_key: signed.public_key,
            key_protected: signed.key_protected,
        })
    }

    /// Opens the first report and starts to pair it with the read.
    fn reveal(&mut self, urgent: Option<String>) -> Result<(), SessionError> {
        self.put_coverage_on_record()?;
        self.record(case::Command::Reveal { urgent })?;
        self.selected_finding = None;
        if self.case().is_some_and(|c| c.read().seal.is_some()) {
            self.start_pairing()?;
        } else {
            self.notify(
                NoticeKind::Warning,
                "unblinded",
                "This read is no longer blinded; every output says so.",
                "",
            );
        }
        Ok(())
    }
}

/// Where a mark was drawn.
struct MarkPlace {
    key: VolumeKey,
    slice_idx: Option<usize>,
    shown: Shown,
    on_slice: bool,
}
