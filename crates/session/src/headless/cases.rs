use std::path::{Path, PathBuf};

use case::{CaseId, Finding, FindingId, Geometry};
use serde_json::{Value, json};

use crate::headless::scan::scan_paths;
use crate::intake::read_report_file;
use crate::library::Library;
use crate::protocols::DEFAULT_PROTOCOL;
use crate::{Session, SessionError};

/// A finding as the command line gives it.
#[derive(Clone, Debug)]
pub struct FindingRequest {
    /// Everything but marks; its id is ignored.
    pub finding: Finding,
    /// Marks in patient space.
    pub marks: Vec<Geometry>,
    /// SOP Instance UID of the image that shows it; `None`: the nearest.
    pub sop_instance_uid: Option<String>,
}

impl Session {
    /// Begins a case on what lies under the paths, without decoding it.
    ///
    /// # Errors
    /// When nothing can be read there, the report cannot be read, or the store fails.
    pub fn create_case_from(
        &mut self,
        paths: &[PathBuf],
        report: Option<&Path>,
        study: Option<&str>,
        protocol: Option<&str>,
    ) -> Result<CaseId, SessionError> {
        self.protocol = self.protocol_of_id(protocol.unwrap_or(DEFAULT_PROTOCOL))?;
        // The report is read first: a case whose report cannot be read is not begun half.
        let report = report.map(read_report_file).transpose()?;
        let scan = scan_paths(paths, &self.access, &|_, _| {})?;
        self.library = Library::from_scan(scan, study, &self.budget);
        self.library.paths = paths.to_vec();
        // Nothing of this may go into the case that was open before.
        self.open = None;
        let study = self.library.study.as_ref();
        let Some(uid) = study.map(|s| s.study_instance_uid.clone()) else {
            return Err(no_images());
        };
        self.check_no_closed_prior(&uid)?;
        self.begin_case(report.is_none())?;
        if let Some(bytes) = report {
            let format = crate::intake::format_name(&bytes);
            self.attach_report(&bytes, format, case::ReportStatus::Final, None)?;
            self.check_intake()?;
        }
        self.case().map(|c| c.id().clone()).ok_or_else(no_images)
    }

    /// Reads the headers of the open case's images, without decoding them.
    ///
    /// # Errors
    /// When they are not where they were.
    pub fn open_headers(&mut self) -> Result<(), SessionError> {
        let case = self
            .case()
            .ok_or_else(|| SessionError::Usage("no case is open".into()))?;
        let uid = case.study().map(|s| s.study_instance_uid.clone());
        if self
            .library
            .study
            .as_ref()
            .map(|s| s.study_instance_uid.clone())
            == uid
        {
            return Ok(());
        }
        let mut paths: Vec<PathBuf> = case
            .study()
            .into_iter()
            .chain(case.priors())
            .flat_map(|s| s.paths.iter().map(PathBuf::from))
            .collect();
        paths.sort();
        paths.dedup();
        let scan = scan_paths(&paths, &self.access, &|_, _| {})?;
        self.library = Library::from_scan(scan, uid.as_deref(), &self.budget);
        Ok(())
    }

    /// Decodes what the pictures of the findings need.
    pub fn decode_evidence(&mut self) {
        let Some(case) = self.case() else { return };
        let images: Vec<_> = case
            .read()
            .findings
            .iter()
            .filter_map(|f| {
                let mark = case
                    .read()
                    .annotations
                    .iter()
                    .find(|a| a.finding == Some(f.id));
                let image = mark
                    .map(|a| a.image.clone())
                    .or_else(|| f.key_image.clone())?;
                Some((image, mark.map(|m| m.geometry.clone())))
            })
            .collect();
        for (image, geometry) in images {
            if let Some((key, slice_idx)) = self.library.find_image(&image) {
                let geometry = geometry.unwrap_or(Geometry::Probe {
                    at: space::PatientPoint::default(),
                });
                self.library.ensure_slices_for(&key, slice_idx, &geometry);
            }
        }
    }

    /// Enters a finding with its marks; the whole is refused when a mark cannot be measured.
    ///
    /// # Errors
    /// When the case refuses it, or a mark lies on no image.
    pub fn enter_finding(&mut self, request: FindingRequest) -> Result<FindingId, SessionError> {
        let FindingRequest {
            mut finding,
            marks,
            sop_instance_uid,
        } = request;
        if !marks.is_empty() || sop_instance_uid.is_some() {
            self.open_headers()?;
        }
        let image = match &sop_instance_uid {
            Some(uid) => {
                let (key, slice_idx) = self.library.find_object(uid).ok_or_else(|| {
                    SessionError::Usage(
                        "there is no image with that SOP Instance UID in this study".into(),
                    )
                })?;
                self.library.image_ref(&key, slice_idx)
            }
            None => None,
        };
        if finding.key_image.is_none() {
            finding.key_image = image.clone();
        }
        let id = self.add_finding(finding)?;
        for geometry in marks {
            if let Err(error) = self.add_mark_on_image(id, image.clone(), geometry) {
                // The half-entered finding goes again, so that a command is done whole or not at all.
                self.dispatch(crate::Command::Read(crate::ReadCommand::RemoveFinding(id)))?;
                return Err(error);
            }
        }
        Ok(id)
    }
}

fn no_images() -> SessionError {
    SessionError::NothingRead {
        code: "no_images",
        text: "no image series of that study was found there; name the folder, archive or disc that holds it".into(),
    }
}

/// Begins a case; answers `{id, state, completeness[]}`.
///
/// # Errors
/// As [`Session::create_case_from`].
pub fn create_case(
    session: &mut Session,
    paths: &[PathBuf],
    report: Option<&Path>,
    study: Option<&str>,
    protocol: Option<&str>,
) -> Result<Value, SessionError> {
    let id = session.create_case_from(paths, report, study, protocol)?;
    let case = session.case();
    Ok(json!({
        "schema": "overread.case-created/1",
        "id": id,
        "state": case.map(|c| c.stage()),
        "completeness": case.map(|c| c.shown_completeness().cloned().collect::<Vec<_>>()),
    }))
}

/// The whole state of the open case as its actor may see it.
///
/// # Errors
/// When no case is open.
pub fn case_view(session: &Session) -> Result<Value, SessionError> {
    let case = session
        .whole_case()
        .ok_or_else(|| SessionError::Usage("no case is open".into()))?;
    let mut value = serde_json::to_value(case.view(session.actor())).unwrap_or_default();
    if let Some(map) = value.as_object_mut() {
        map.insert("schema".into(), json!("overread.case/1"));
    }
    Ok(value)
}

/// Opens a case for a command: its record only.
///
/// # Errors
/// When there is no such case, or its third read is open and the actor must see both reads without names.
pub fn open_for_command(session: &mut Session, id: &str) -> Result<(), SessionError> {
    open_for_view(session, id)?;
    session.check_not_anonymous()
}

/// Opens a case for a look at it, or for its third read: what must have no names has none in the view.
///
/// # Errors
/// When there is no such case.
pub fn open_for_view(session: &mut Session, id: &str) -> Result<(), SessionError> {
    session.roster().allow_look(session.actor())?;
    session.open_record(&CaseId::new(id))
}

/// The bytes of a file; `None` where there is none of that name.
fn file_bytes(name: &str) -> Result<Option<Vec<u8>>, SessionError> {
    let path = Path::new(name);
    if !path.is_file() {
        return Ok(None);
    }
    std::fs::read(path)
        .map(Some)
        .map_err(|e| SessionError::NothingRead {
            code: "unreadable",
            text: format!(
                "the file could not be read ({}); check it and try again",
                e.kind()
            ),
        })
}

/// Checks a package, a certificate, or a case of the store by its id. With `other`, a certificate is checked for being of
/// the same record as that file or case. The second value says whether all is as it was written.
///
/// # Errors
/// When neither a file nor a case of that name can be read.
pub fn verify(
    session: Result<&Session, &SessionError>,
    name: &str,
    other: Option<&str>,
) -> Result<(Value, bool), SessionError> {
    let entries_of = |name: &str| match session {
        Ok(session) => session.stored_entries(&CaseId::new(name)),
        Err(e) => Err(SessionError::Usage(e.to_string())),
    };
    let bytes = file_bytes(name)?;
    let verification = match (bytes, other) {
        (Some(bytes), None) if bytes.starts_with(b"{") => exchange::verify_certificate(&bytes),
        (Some(bytes), None) => exchange::verify_package(&bytes),
        (Some(bytes), Some(other)) if bytes.starts_with(b"{") => match file_bytes(other)? {
            Some(other) => exchange::verify_certificate_with(&bytes, &other),
            None => exchange::verify_certificate_with_log(&bytes, &entries_of(other)?),
        },
        (None, None) => {
            let mut verification = exchange::verify_log(&entries_of(name)?);
            if let Ok(session) = session {
                session.check_paths(name, &mut verification)?;
                session.without_names(name, &mut verification)?;
            }
            verification
        }
        (_, Some(_)) => {
            return Err(SessionError::Usage(
                "a certificate is compared with another file or a case; name the certificate first"
                    .into(),
            ));
        }
    };
    let ok = verification.ok;
    let mut value = serde_json::to_value(&verification).unwrap_or_default();
    if let Some(map) = value.as_object_mut() {
        map.insert("schema".into(), json!("overread.verify/1"));
    }
    Ok((value, ok))
}
