use crate::{
    Amended, Annotation, AnnotationId, Blinding, Case, Comparison, CompletenessItem, Entry, Event,
    Finding, FindingId, ManifestItem, PairId, ReportVersion, SealedStage, Settled, Stage,
    Timestamp, Verdict,
};

impl Case {
    /// Folds one entry into the state. It trusts the entry: [`Case::replay`] checks the chain, [`Case::decide`] the rules.
    pub fn apply(&mut self, entry: &Entry) {
        self.n_entries = entry.seq;
        self.log_head = entry.hash.clone();
        self.history.note(entry);
        self.note_milestone(entry);
        match &entry.event {
            Event::CaseCreated { .. }
            | Event::ReportAttached { .. }
            | Event::QuestionWritten { .. }
            | Event::ReportWithdrawn { .. }
            | Event::IntakeChecked { .. }
            | Event::LimitationAccepted { .. } => {
                if let Event::CaseCreated { .. } = &entry.event {
                    self.created_by = Some(entry.actor.clone());
                }
                self.apply_intake(&entry.event);
            }
            Event::Assigned { .. }
            | Event::FirstReaderNamed { .. }
            | Event::ConflictDeclared { .. }
            | Event::AuditCommitted { .. }
            | Event::Critical(_)
            | Event::Learning(_)
            | Event::ThirdRead(_) => self.apply_people(entry),
            Event::ImagesAdded {
                study_instance_uid,
                added,
                n_images,
            } => self.add_to_study(study_instance_uid, added, *n_images, &entry.at),
            Event::ReadStarted {}
            | Event::ReadPaused { .. }
            | Event::ReadResumed {}
            | Event::FindingAdded { .. }
            | Event::FindingEdited { .. }
            | Event::FindingRemoved { .. }
            | Event::AnnotationAdded { .. }
            | Event::AnnotationEdited { .. }
            | Event::AnnotationRemoved { .. }
            | Event::ImpressionWritten { .. }
            | Event::AnatomyReviewed { .. }
            | Event::CoverageRecorded { .. } => self.apply_reading(entry),
            Event::StageSealed { .. }
            | Event::ReadAmended { .. }
            | Event::ReadSealed { .. }
            | Event::Revealed { .. }
            | Event::RevealedEarly { .. }
            | Event::ComparisonProposed { .. }
            | Event::VerdictSet { .. }
            | Event::PairsRealigned { .. }
            | Event::OutcomeSet { .. }
            | Event::SummaryWritten { .. }
            | Event::ComparisonSigned { .. }
            | Event::ComparisonReopened { .. } => self.apply_comparing(entry),
            Event::CaseClosed {} => self.stage = Stage::Closed,
            Event::PutOnHold { .. } => {
                self.held_from = Some(self.stage);
                self.stage = Stage::OnHold;
            }
            Event::TakenOffHold {} => {
                if let Some(stage) = self.held_from.take() {
                    self.stage = stage;
                }
            }
            Event::Ended { kind, .. } => {
                self.held_from = None;
                self.stage = match kind.as_str() {
                    "non_diagnostic" => Stage::NonDiagnostic,
                    _ => Stage::Withdrawn,
                };
            }
            Event::Exported { .. } => {}
        }
    }

    fn note_milestone(&mut self, entry: &Entry) {
        match (&entry.event, entry.event.seal()) {
            (_, Some(seal)) => {
                self.milestone = Some(seal.name());
                self.note_path(seal);
            }
            (Event::Revealed { .. } | Event::RevealedEarly { .. }, None) => {
                self.milestone = Some(entry.hash.clone());
            }
            _ => {}
        }
    }

    fn apply_intake(&mut self, event: &Event) {
        match event {
            Event::CaseCreated {
                study,
                priors,
                question,
                protocol,
                rules,
            } => {
                self.rules = rules.as_deref().cloned().unwrap_or_default();
                self.records_rules = rules.is_some();
                self.study = Some(study.clone());
                self.priors = priors.clone();
                self.question = question.clone();
                self.protocol = protocol.clone();
            }
            Event::QuestionWritten { after, .. } => self.question = after.clone(),
            Event::ReportAttached {
                version,
                sha256,
                n_bytes,
                format,
                status,
                replaces,
                intake,
            } => self.reports.push(ReportVersion {
                version: *version,
                sha256: sha256.clone(),
                n_bytes: *n_bytes,
                format: format.clone(),
                status: *status,
                replaces: *replaces,
                withdrawn: None,
                intake: intake.clone(),
            }),
            Event::ReportWithdrawn { version, reason } => {
                let report = self.reports.iter_mut().find(|r| r.version == *version);
                if let Some(report) = report {
                    report.withdrawn = Some(reason.clone());
                }
            }
            Event::IntakeChecked { completeness } => {
                self.completeness = completeness.clone();
                self.settle_stage();
            }
            Event::LimitationAccepted { code } => {
                for item in self.completeness.iter_mut().filter(|i| i.code == *code) {
                    item.settled = Settled::Yes;
                }
                self.settle_stage();
            }
            _ => {}
        }
    }

    fn add_to_study(&mut self, uid: &str, added: &[ManifestItem], n_images: usize, at: &Timestamp) {
        let mut studies = self.study.iter_mut().chain(&mut self.priors);
        if let Some(study) = studies.find(|s| s.study_instance_uid == uid) {
            study.manifest.extend_from_slice(added);
            study.n_images = n_images;
            self.additions.push((at.clone(), added.len()));
        }
    }

    fn settle_stage(&mut self) {
        if matches!(self.stage, Stage::Draft | Stage::Intake | Stage::Ready) {
            let waits = self.completeness.iter().any(CompletenessItem::waits);
            self.stage = if waits { Stage::Intake } else { Stage::Ready };
        }
    }

    fn apply_reading(&mut self, entry: &Entry) {
        let read = &mut self.read;
        match &entry.event {
            Event::ReadStarted {} => {
                read.reader = Some(entry.actor.clone());
                read.started = Some(entry.at.clone());
                if self.stage != Stage::UnblindedEarly {
                    self.stage = Stage::Reading;
                }
            }
            Event::ReadPaused { active_ms } => {
                read.paused = true;
                read.active_ms = read.active_ms.saturating_add(*active_ms);
            }
            Event::ReadResumed {} => read.paused = false,
            Event::FindingAdded { finding } => {
                self.last_finding_number = self.last_finding_number.max(finding.id.0);
                insert_by(&mut read.findings, finding.clone(), |f| f.id);
            }
            Event::FindingEdited { after, .. } => replace_by(&mut read.findings, after, |f| f.id),
            Event::FindingRemoved { finding } => read.findings.retain(|f| f.id != finding.id),
            Event::AnnotationAdded { annotation } => {
                self.last_annotation_number = self.last_annotation_number.max(annotation.id.0);
                insert_by(&mut read.annotations, annotation.clone(), |a| a.id);
            }
            Event::AnnotationEdited { after, .. } => {
                replace_by(&mut read.annotations, after, |a| a.id);
            }
            Event::AnnotationRemoved { annotation } => {
                read.annotations.retain(|a| a.id != annotation.id);
            }
            Event::ImpressionWritten { after, .. } => read.impression = after.clone(),
            Event::AnatomyReviewed { after, .. } => read.anatomy = after.clone(),
            Event::CoverageRecorded { coverage } => read.coverage = coverage.clone(),
            _ => {}
        }
    }

    fn apply_comparing(&mut self, entry: &Entry) {
        match &entry.event {
            Event::ReadSealed { seal, limitations } => {
                self.read.seal = Some((seal.clone(), entry.at.clone()));
                self.read.limitations = limitations.clone();
                self.read.paused = false;
                self.stage = if self.is_blinded() {
                    Stage::Sealed
                } else {
                    Stage::Comparing
                };
            }
            Event::StageSealed { seal } => self.read.stages.push(SealedStage {
                seal: seal.clone(),
                at: entry.at.clone(),
                findings: self.read.findings.clone(),
                impression: self.read.impression.clone(),
            }),
            Event::ReadAmended { amendment } => self.amendments.push(Amended {
                amendment: amendment.clone(),
                at: entry.at.clone(),
            }),
            Event::Revealed { .. } => {
                self.blinding = Blinding::RevealedAfterSeal {
                    at: entry.at.clone(),
                };
                self.stage = Stage::Comparing;
            }
            Event::RevealedEarly { reason } => {
                self.blinding = Blinding::RevealedEarly {
                    at: entry.at.clone(),
                    reason: reason.clone(),
                };
                self.stage = Stage::UnblindedEarly;
            }
            Event::ComparisonProposed { .. } => self.propose(&entry.event),
            Event::ComparisonReopened { .. } => {
                self.put_comparison_aside(&entry.at);
                self.third = None;
                self.stage = Stage::Comparing;
            }
            event => {
                if let Some(comparison) = &mut self.comparison {
                    apply_decision(comparison, &mut self.last_pair_number, event, entry);
                }
                if let Event::ComparisonSigned { audit, .. } = event {
                    self.stage = Stage::Feedback;
                    self.audit = audit.clone().or(self.audit.take());
                }
            }
        }
    }

    fn propose(&mut self, event: &Event) {
        let Event::ComparisonProposed {
            report_version,
            first_text,
            first_author,
            first_issued,
            first,
            second,
            pairs,
        } = event
        else {
            return;
        };
        self.last_pair_number = pairs
            .iter()
            .map(|pair| pair.id.0)
            .fold(self.last_pair_number_aside, u32::max);
        self.comparison = Some(Comparison {
            report_version: *report_version,
            first_text: first_text.clone(),
            first_author: first_author.clone(),
            first_issued: first_issued.clone(),
            first: first.clone(),
            second: second.clone(),
            pairs: pairs.clone(),
            outcome_chosen: None,
            summary_written: None,
            seal: None,
        });
    }
}

fn apply_decision(comparison: &mut Comparison, last_pair: &mut u32, event: &Event, entry: &Entry) {
    match event {
        Event::VerdictSet { pair, after, .. } => set_verdict(comparison, *pair, after.clone()),
        Event::PairsRealigned { after, .. } => {
            *last_pair = after.iter().map(|p| p.id.0).fold(*last_pair, u32::max);
            comparison.pairs = after.clone();
        }
        Event::OutcomeSet { after, .. } => comparison.outcome_chosen = *after,
        Event::SummaryWritten { after, .. } => comparison.summary_written = after.clone(),
        Event::ComparisonSigned { seal, .. } => {
            comparison.seal = Some((seal.clone(), entry.at.clone()));
        }
        _ => {}
    }
}

fn set_verdict(comparison: &mut Comparison, id: PairId, verdict: Option<Verdict>) {
    for pair in comparison.pairs.iter_mut().filter(|pair| pair.id == id) {
        pair.verdict = verdict.clone();
    }
}

/// Keeps a list in order of entry, so that taking back a removal puts the item where it was.
fn insert_by<T, K: Ord>(items: &mut Vec<T>, item: T, key: impl Fn(&T) -> K) {
    let place = items.partition_point(|other| key(other) < key(&item));
    items.insert(place, item);
}

fn replace_by<T: Clone, K: PartialEq>(items: &mut [T], item: &T, key: impl Fn(&T) -> K) {
    for other in items.iter_mut().filter(|other| key(other) == key(item)) {
        *other = item.clone();
    }
}

impl CompletenessItem {
    /// Does it wait to be accepted before the case is ready?
    pub fn waits(&self) -> bool {
        self.settled == Settled::No && self.severity == "warning"
    }
}

impl Case {
    pub(crate) fn has_finding(&self, id: FindingId) -> bool {
        self.finding(id).is_some()
    }

    pub(crate) fn find_finding(&self, id: FindingId) -> Result<&Finding, crate::Refusal> {
        self.finding(id).ok_or_else(|| {
            crate::Refusal::new(
                "no_such_finding",
                format!("this read has no finding {id}"),
                "name one of the findings that the case shows",
            )
        })
    }

    pub(crate) fn find_annotation(&self, id: AnnotationId) -> Result<&Annotation, crate::Refusal> {
        let found = self.read.annotations.iter().find(|a| a.id == id);
        found.ok_or_else(|| {
            crate::Refusal::new(
                "no_such_annotation",
                format!("this read has no mark {id}"),
                "name one of the marks that the case shows",
            )
        })
    }
}
