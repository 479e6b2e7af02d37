//! Intake: the case that begins with a study, its first report, and what is not as it should be.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use case::{
    Case, CaseId, CompletenessItem, IntakeFinding, ManifestItem, ReportStatus, Settled, Sha256,
    StudyRef,
};
use series::{DocumentKind, Severity, Study};

use crate::intake_questions::settled_at_first;
use crate::open_case::OpenCase;
use crate::results::FoundReport;
use crate::{NoticeKind, Session, SessionError};

/// The largest file taken as a first report.
const MAX_REPORT_BYTES: u64 = 64 << 20;

impl Session {
    /// With the digests known the case begins, or its images are compared with those it was begun with.
    pub(crate) fn take_hashes(
        &mut self,
        manifests: Vec<(String, Vec<ManifestItem>)>,
        reports: Vec<FoundReport>,
    ) -> Result<(), SessionError> {
        if self.case().is_some() {
            return self.compare_manifests(&manifests);
        }
        self.begin_case_with(&manifests, reports)
    }

    /// Begins a case on the library's studies; with `find_reports`, documents among them become the first report.
    pub(crate) fn begin_case(&mut self, find_reports: bool) -> Result<(), SessionError> {
        let studies: Vec<Study> = self
            .library
            .study
            .iter()
            .chain(&self.library.priors)
            .cloned()
            .collect();
        let (manifests, reports) =
            digests(&studies, find_reports, &|| false).map_err(|refusal| {
                SessionError::NothingRead {
                    code: "images_unreadable",
                    text: refusal.to_string(),
                }
            })?;
        self.begin_case_with(&manifests, reports)
    }

    fn begin_case_with(
        &mut self,
        manifests: &[(String, Vec<ManifestItem>)],
        reports: Vec<FoundReport>,
    ) -> Result<(), SessionError> {
        let Some(study) = self.library.study.clone() else {
            return Ok(());
        };
        let paths: Vec<String> = self.library.paths.iter().map(|p| absolute(p)).collect();
        let reference = |study: &Study| study_ref(study, manifests, &paths);
        let current = reference(&study);
        let priors = self.library.priors.iter().map(reference).collect();
        let id = self.create_case(current, priors)?;
        for report in reports {
            self.attach_report(&report.bytes, &report.format, report.status, None)?;
        }
        if let Some(path) = self.report_waits.take() {
            let bytes = read_report_file(&path)?;
            self.attach_report(&bytes, format_name(&bytes), ReportStatus::Final, None)?;
        }
        self.check_intake()?;
        self.notify(
            NoticeKind::Info,
            "case_begun",
            &format!("Case {id} begun."),
            "",
        );
        Ok(())
    }

    /// Begins a case and makes it the open one.
    pub(crate) fn create_case(
        &mut self,
        study: StudyRef,
        priors: Vec<StudyRef>,
    ) -> Result<CaseId, SessionError> {
        let id = self.new_case_id()?;
        let case = Case::new(id.clone());
        self.open = Some(OpenCase::new(case, Vec::new(), &self.actor));
        let question = std::mem::take(&mut self.question);
        let created = self.record(case::Command::CreateCase {
            study,
            priors,
            question,
            protocol: self.protocol.id.clone(),
            rules: Some(Box::new(self.protocol.clone())),
        });
        if let Err(error) = created {
            self.open = None;
            return Err(error);
        }
        self.tabs.push(id.clone());
        self.commit_audit(&id)?;
        Ok(id)
    }

    fn new_case_id(&self) -> Result<CaseId, SessionError> {
        loop {
            let random = uuid::Uuid::new_v4().simple().to_string().to_uppercase();
            let id = CaseId::new(format!("OR-{}", random.get(..8).unwrap_or(&random)));
            if self.store.n_entries(&id)? == 0 {
                return Ok(id);
            }
        }
    }

    /// Attaches a first report from a file.
    pub(crate) fn attach_report_file(
        &mut self,
        path: &Path,
        replaces: Option<u32>,
    ) -> Result<(), SessionError> {
        let bytes = read_report_file(path)?;
        let status = ReportStatus::Final;
        self.attach_report(&bytes, format_name(&bytes), status, replaces)?;
        // What comes to a closed case without opening it again is not checked against anything.
        if self
            .case()
            .is_some_and(|c| c.stage() == case::Stage::Closed)
        {
            return Ok(());
        }
        self.check_intake()
    }

    /// Attaches a late or corrected report. After the reveal the comparison begins anew with it.
    ///
    /// # Errors
    /// When the file cannot be read or the case refuses it.
    pub fn attach_report_version(
        &mut self,
        path: &Path,
        replaces: bool,
    ) -> Result<(), SessionError> {
        let current = self
            .case()
            .and_then(|c| c.current_report())
            .map(|r| r.version);
        self.attach_report_file(path, current.filter(|_| replaces))?;
        self.pair_anew()
    }

    /// Withdraws a wrong report; its bytes stay sealed. Where it was compared, the comparison begins anew with the version
    /// that stands then, if one does.
    ///
    /// # Errors
    /// When the case refuses it, or the store fails.
    pub fn withdraw_report(&mut self, version: u32, reason: String) -> Result<(), SessionError> {
        self.record(case::Command::WithdrawReport { version, reason })?;
        self.pair_anew()
    }

    fn pair_anew(&mut self) -> Result<(), SessionError> {
        let waits = self.case().is_some_and(|c| {
            let open = !c.is_blinded() && c.read().seal.is_some();
            open && c.comparison().is_none() && c.stage() == case::Stage::Comparing
        });
        match waits {
            true => self.start_pairing(),
            false => Ok(()),
        }
    }

    /// Attaches a report as soon as the study that is being opened has its case, unless it has one already.
    pub fn attach_when_open(&mut self, path: PathBuf) {
        self.report_waits = Some(path);
    }

    /// Seals the bytes into the store, lets intake look at them for its closed list, and records the attachment.
    pub(crate) fn attach_report(
        &mut self,
        bytes: &[u8],
        format: &str,
        status: ReportStatus,
        replaces: Option<u32>,
    ) -> Result<(), SessionError> {
        let case = self
            .case()
            .ok_or_else(|| SessionError::Usage("no case is open; open one first".into()))?;
        let permit = case.intake_permit(&self.actor)?;
        let version = case.reports().iter().map(|r| r.version).max().unwrap_or(0) + 1;
        let (id, header) = (case.id().clone(), self.study_header());
        self.store.put_report(&id, version, bytes)?;
        let intake = self
            .store
            .inspect_report(version, &permit, &mut |plain| intake_of(plain, &header))?;
        self.record(case::Command::AttachReport {
            sha256: Sha256::of(bytes),
            n_bytes: bytes.len() as u64,
            format: format.into(),
            status,
            replaces,
            intake,
        })
    }

    fn study_header(&self) -> report::StudyHeader {
        let case = self.case();
        let study = case.and_then(|c| c.study());
        report::StudyHeader {
            patient_name: study.map(|s| s.patient_name.clone()).unwrap_or_default(),
            patient_id: study.map(|s| s.patient_id.clone()).unwrap_or_default(),
            accession: study
                .map(|s| s.accession_number.clone())
                .unwrap_or_default(),
            study_instance_uid: study
                .map(|s| s.study_instance_uid.clone())
                .unwrap_or_default(),
            study_date: study.map(|s| s.study_date.clone()).unwrap_or_default(),
            n_priors: case.map_or(0, |c| c.priors().len()),
            ordered_side: self.ordered_side(),
        }
    }

    /// The side that the images were made of, where all series that name one name the same.
    fn ordered_side(&self) -> Option<case::Side> {
        let study = self.library.study.as_ref()?;
        let mut sides: Vec<&str> = study
            .series
            .iter()
            .map(|s| s.laterality.as_str())
            .filter(|l| !l.is_empty())
            .collect();
        sides.sort_unstable();
        sides.dedup();
        match sides.as_slice() {
            ["L"] => Some(case::Side::Left),
            ["R"] => Some(case::Side::Right),
            _ => None,
        }
    }

    /// Records what is, or is not, as it should be.
    pub(crate) fn check_intake(&mut self) -> Result<(), SessionError> {
        let completeness = self.completeness();
        self.record(case::Command::CheckIntake { completeness })
    }

    fn completeness(&self) -> Vec<CompletenessItem> {
        let mut items = Vec::new();
        let n_missing: usize = self
            .library
            .iter()
            .filter(|(_, s)| s.prior_date.is_none() && !s.is_computed())
            .map(|(_, s)| s.holes().len())
            .sum();
        let n_slices: usize = self
            .library
            .iter()
            .filter(|(_, s)| s.prior_date.is_none() && !s.is_computed())
            .map(|(_, s)| s.volume.n_slices())
            .sum();
        if n_missing == 0 && 0 < n_slices {
            items.push(item(
                "slices",
                "ok",
                format!("{n_slices} of {n_slices} slices present"),
                Settled::Yes,
            ));
        }
        let warnings = self
            .library
            .iter()
            .filter(|(_, s)| s.prior_date.is_none())
            .flat_map(|(_, s)| s.warnings());
        let mut seen = BTreeSet::new();
        for warning in warnings.chain(&self.library.warnings) {
            if seen.insert((warning.code, warning.text.clone())) {
                let (severity, settled) = match warning.severity {
                    Severity::Info => ("info", Settled::Yes),
                    Severity::Warning => ("warning", settled_at_first(warning.code)),
                    Severity::Error => ("warning", Settled::No),
                };
                items.push(item(warning.code, severity, warning.text.clone(), settled));
            }
        }
        items.extend(self.differences());
        let Some(case) = self.case() else {
            return items;
        };
        items.push(match case.priors().first() {
            Some(prior) => item(
                "prior",
                "ok",
                format!(
                    "Prior of {} available",
                    crate::people::iso_date(&prior.study_date)
                ),
                Settled::Yes,
            ),
            None => item(
                "prior",
                "info",
                "No prior study in this case".into(),
                Settled::Yes,
            ),
        });
        match case.current_report() {
            Some(report) => items.extend(report.intake.iter().filter_map(|f| intake_item(*f))),
            None => items.push(item(
                "report_absent",
                "info",
                "No first report attached yet".into(),
                Settled::Yes,
            )),
        }
        items
    }
}

pub(crate) type Digests = (Vec<(String, Vec<ManifestItem>)>, Vec<FoundReport>);

/// The digest of every instance, and the documents of the first study that may be its report.
pub(crate) fn digests(
    studies: &[Study],
    find_reports: bool,
    cancel: &dyn Fn() -> bool,
) -> Result<Digests, series::Refusal> {
    let mut manifests = Vec::new();
    for study in studies.iter().filter(|_| !cancel()) {
        let item = |e: series::ManifestEntry| ManifestItem {
            sop_instance_uid: e.sop_instance_uid,
            sha256: Sha256::new(e.sha256),
        };
        manifests.push((
            study.study_instance_uid.clone(),
            series::manifest(study)?.into_iter().map(item).collect(),
        ));
    }
    let reports = if find_reports {
        studies.first().map(found_reports).unwrap_or_default()
    } else {
        Vec::new()
    };
    Ok((manifests, reports))
}

/// The documents of a study that may be its first report: structured reports and encapsulated documents.
fn found_reports(study: &Study) -> Vec<FoundReport> {
    let may_be_report = |kind| {
        matches!(
            kind,
            DocumentKind::StructuredReport | DocumentKind::Pdf | DocumentKind::Cda
        )
    };
    let mut documents: Vec<_> = study
        .documents
        .iter()
        .filter(|d| may_be_report(d.kind))
        .collect();
    documents.sort_by(|a, b| a.date.cmp(&b.date));
    documents
        .into_iter()
        .filter_map(|document| {
            let bytes = series::read_document(document).ok()?;
            let format = format_name(&bytes).to_owned();
            Some(FoundReport {
                bytes: Arc::new(bytes),
                format,
                status: ReportStatus::Final,
            })
        })
        .collect()
}

/// The form of a report in a word that says nothing of its content.
pub(crate) fn format_name(bytes: &[u8]) -> &'static str {
    match report::Format::sniff(bytes) {
        report::Format::Dicom => "dicom",
        report::Format::Pdf => "pdf",
        report::Format::Text => "text",
        report::Format::Rtf => "rtf",
        report::Format::Html => "html",
        report::Format::Hl7 => "hl7",
        report::Format::Fhir => "fhir",
        report::Format::Docx => "docx",
        report::Format::Cda => "cda",
    }
}

fn intake_of(plain: &[u8], header: &report::StudyHeader) -> Vec<IntakeFinding> {
    match report::read(plain, None) {
        Ok(read) => report::intake_findings(&read, header),
        Err(_) => vec![IntakeFinding::NoText],
    }
}

/// Reads a file that is said to be a report; the caller seals it.
pub(crate) fn read_report_file(path: &Path) -> Result<Vec<u8>, SessionError> {
    let unreadable = |reason: String| SessionError::NothingRead {
        code: "report_unreadable",
        text: format!("the report file could not be read ({reason}); choose it again"),
    };
    let size = std::fs::metadata(path).map_err(|e| unreadable(e.kind().to_string()))?;
    if !size.is_file() {
        return Err(unreadable("it is not a file".into()));
    }
    if MAX_REPORT_BYTES < size.len() {
        return Err(unreadable(format!(
            "it is larger than {} MiB",
            MAX_REPORT_BYTES >> 20
        )));
    }
    let bytes = std::fs::read(path).map_err(|e| unreadable(e.kind().to_string()))?;
    if bytes.get(128..132) == Some(b"DICM") {
        series::prescan(&bytes).map_err(|refusal| unreadable(refusal.to_string()))?;
    }
    Ok(bytes)
}

pub(crate) fn item(code: &str, severity: &str, text: String, settled: Settled) -> CompletenessItem {
    CompletenessItem {
        code: code.into(),
        severity: severity.into(),
        text,
        settled,
    }
}

/// A sentence for what intake may know; it never quotes the report (DECISIONS 10).
fn intake_item(finding: IntakeFinding) -> Option<CompletenessItem> {
    let (code, severity, text) = match finding {
        IntakeFinding::PatientMatches => (
            "report_patient",
            "ok",
            "The first report names this patient",
        ),
        IntakeFinding::PatientDiffers => (
            "report_of_another_patient",
            "warning",
            "The first report names another patient; check which is right before you read",
        ),
        IntakeFinding::PatientUnknown => (
            "report_patient_unknown",
            "info",
            "The first report does not say whose it is",
        ),
        IntakeFinding::DateMatches => return None,
        IntakeFinding::DateDiffers => (
            "report_date_differs",
            "warning",
            "The first report speaks of another date than the study's",
        ),
        IntakeFinding::PriorNamedButAbsent => (
            "prior_absent",
            "warning",
            "The first report compares with a prior that is not in this case",
        ),
        IntakeFinding::SideDiffersFromOrder => (
            "side_differs",
            "warning",
            "The side in the first report is not the side that was ordered",
        ),
        IntakeFinding::NoText => (
            "report_without_text",
            "warning",
            "The first report has no readable text; it was probably scanned",
        ),
    };
    let settled = if severity == "warning" {
        Settled::No
    } else {
        Settled::Yes
    };
    Some(item(code, severity, text.into(), settled))
}

fn study_ref(
    study: &Study,
    manifests: &[(String, Vec<ManifestItem>)],
    paths: &[String],
) -> StudyRef {
    let manifest = manifests
        .iter()
        .find(|(uid, _)| *uid == study.study_instance_uid)
        .map(|(_, m)| m.clone());
    let mut modalities: Vec<String> = study.series.iter().map(|s| s.modality.clone()).collect();
    modalities.sort();
    modalities.dedup();
    StudyRef {
        study_instance_uid: study.study_instance_uid.clone(),
        patient_name: study.patient.name.clone(),
        patient_id: study.patient.id.clone(),
        patient_birth_date: study.patient.birth_date.clone(),
        patient_sex: study.patient.sex.clone(),
        patient_age: study.patient.age.clone(),
        study_date: study.date.clone(),
        study_time: study.time.clone(),
        description: study.description.clone(),
        accession_number: study.accession.clone(),
        modalities,
        body_parts: body_parts(study),
        paths: paths.to_vec(),
        n_images: study.series.iter().map(|s| s.n_frames).sum(),
        manifest: manifest.unwrap_or_default(),
    }
}

/// The parts of the body that the series of a study name, each once.
fn body_parts(study: &Study) -> Vec<String> {
    let parts = study.series.iter().map(|s| s.body_part.trim().to_owned());
    let mut parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.sort();
    parts.dedup();
    parts
}

/// A number with the words for one or for many.
pub(crate) fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn absolute(path: &Path) -> String {
    std::path::absolute(path)
        .unwrap_or_else(|_| path.to_path_buf())
        .display()
        .to_string()
}
