//! The second read: findings, marks, impression, seal, reveal.

use case::{Finding, FindingId, RequiredSeries, SealClaims, SealRecord, SealStage, SeriesOf};

use crate::coverage::lanes;

use crate::{FindingField, NoticeKind, ReadCommand, Session, SessionError, VolumeKey};

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
            ReadCommand::RemoveFinding(id) => self.remove_finding(id),
            ReadCommand::Select(id) => {
                self.selected_finding = id;
                if let Some(id) = id {
                    self.go_to_finding(id);
                }
                Ok(())
            }
            ReadCommand::AddMark { view, geometry } if self.reads_are_open() => {
                self.add_third_mark(view, geometry)
            }
            ReadCommand::MoveMark { id, by } if self.reads_are_open() => {
                self.move_third_mark(id, by)
            }
            ReadCommand::ReshapeMark { id, geometry } if self.reads_are_open() => {
                self.reshape_third_mark(id, &geometry)
            }
            ReadCommand::RemoveMark(id) if self.reads_are_open() => self.remove_third_mark(id),
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
            ReadCommand::RemoveMark(id) => self.remove_mark(id),
            ReadCommand::MakeFindingOf(id) => self.make_finding_of(id),
            ReadCommand::GrowBody { view, corners } => self.grow_body(view, corners),
            ReadCommand::AddContour { view, corners } => self.add_contour(view, corners),
            ReadCommand::CopyToPrior(marks) => self.copy_to_prior(marks),
            ReadCommand::TakeKeyImage => self.take_key_image(),
            ReadCommand::WriteQuestion(text) => self.record(case::Command::WriteQuestion { text }),
            ReadCommand::ReviewRegion(region, reviewed) => self.review_region(&region, reviewed),
            ReadCommand::WriteImpression(text) => {
                self.record(case::Command::WriteImpression { text })
            }
            ReadCommand::Dictate(text) => self.dictate(&text),
            ReadCommand::TakeDictated(chosen) => self.take_dictated(&chosen),
            ReadCommand::AcceptLimitation(code) => {
                self.record(case::Command::AcceptLimitation { code })
            }
            ReadCommand::SealStage => self.seal_stage(),
            ReadCommand::Seal => self.seal(),
            ReadCommand::Reveal { urgent } => self.reveal(urgent),
        }
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
            FindingField::Category(category) => finding.category = category,
            FindingField::Criticality(criticality) => finding.criticality = criticality,
        }
        if case.finding(id) == Some(&finding) {
            return Ok(());
        }
        self.record(case::Command::EditFinding { finding })
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
        self.check_bodies_stand()?;
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
        let path = self.path_to_seal(stage);
        let case = self.whole_case_ref()?;
        let claims = SealClaims {
            path,
            ..case.seal_claims(stage, (self.clock)(), Some(self.running.now()))
        };
        let (digest, log_head) = (claims.digest(), case.log_head().clone());
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
            claims: Some(Box::new(claims)),
        })
    }

    /// Opens the first report and starts to pair it with the read.
    fn reveal(&mut self, urgent: Option<String>) -> Result<(), SessionError> {
        self.check_bodies_stand()?;
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
