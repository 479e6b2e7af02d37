//! What leaves the workstation: files of a case in a folder that the user names.

use std::path::{Path, PathBuf};

use case::{Annotation, Case, Entry, FindingId, Sha256, Shown};
use exchange::{Deidentify, Extra, KeyPicture, LetterFor, Names, OutputContext, ReportPart};
use std::sync::Arc;

use crate::key_picture::key_picture;
use crate::results::JobResult;
use crate::session::BUILD;
use crate::{ColourImage, NoticeKind, Session, SessionError, VolumeKey};

/// Formats that can be written, with the end of their file names.
pub const EXPORT_FORMATS: &[(&str, &str)] = &[
    ("pdf", "pdf"),
    ("json", "json"),
    ("narrative", "txt"),
    ("package", "overread"),
    ("certificate", "json"),
    ("letter", "pdf"),
    ("plain-letter", "pdf"),
    ("clinical-ledger", "json"),
    ("learning-ledger", "json"),
    ("learning-ledger-named", "json"),
];

/// Size of a key image in outputs, pixels.
const KEY_IMAGE_PX: [usize; 2] = [640, 480];

/// Everything that an export needs, taken from the session at one moment.
pub(crate) struct ExportPlan {
    case: Case,
    entries: Vec<Entry>,
    report: Option<ReportPart>,
    /// Signed already, since only the session has the keys.
    certificate: Option<Vec<u8>>,
    pictures: Vec<PicturePlan>,
    context: OutputContext,
    formats: Vec<String>,
    dir: PathBuf,
}

struct PicturePlan {
    finding: FindingId,
    caption: String,
    key: VolumeKey,
    source: Arc<series::VolumePlan>,
    volume: Arc<volume::Volume>,
    shown: Shown,
    slice_idx: Option<usize>,
    marks: Vec<Annotation>,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ExportedFile {
    /// `pdf`, `json`, …
    pub format: String,
    /// Digest of its bytes.
    pub sha256: String,
    /// Where it is.
    pub path: PathBuf,
}

impl Session {
    /// Writes the files of the open case now and records them.
    ///
    /// # Errors
    /// When a format is unknown, or a file cannot be made or written.
    pub fn export(
        &mut self,
        dir: &Path,
        formats: &[String],
        deidentify: Deidentify,
    ) -> Result<Vec<ExportedFile>, SessionError> {
        let files = run(&self.export_plan(dir, formats, deidentify)?)?;
        self.take_exported(&files)?;
        let exported = |(format, sha256, path): (String, Sha256, PathBuf)| ExportedFile {
            format,
            sha256: sha256.to_string(),
            path,
        };
        Ok(files.into_iter().map(exported).collect())
    }

    /// The result as plain text for the clipboard.
    ///
    /// # Errors
    /// When no case is open.
    pub fn narrative(&self) -> Result<String, SessionError> {
        self.check_may_leave(&[String::new()])?;
        let case = self
            .case()
            .ok_or_else(|| SessionError::Usage("no case is open".into()))?;
        Ok(exchange::narrative(
            case,
            &self.output_context(Deidentify::No),
        ))
    }

    pub(crate) fn start_export(
        &mut self,
        dir: &Path,
        formats: &[String],
    ) -> Result<(), SessionError> {
        let plan = self.export_plan(dir, formats, Deidentify::No)?;
        self.jobs
            .spawn("job.export", false, move |_, _| match run(&plan) {
                Ok(files) => JobResult::Exported { files },
                Err(error) => JobResult::Failed {
                    code: error.code(),
                    text: error.to_string(),
                },
            });
        Ok(())
    }

    pub(crate) fn take_exported(
        &mut self,
        files: &[(String, Sha256, PathBuf)],
    ) -> Result<(), SessionError> {
        for (format, sha256, _) in files {
            self.record(case::Command::RecordExport {
                format: format.clone(),
                sha256: sha256.clone(),
            })?;
        }
        if let Some(folder) = files.first().and_then(|(_, _, path)| path.parent()) {
            self.notify(
                NoticeKind::Done,
                "exported",
                &format!("{} files written.", files.len()),
                &folder.display().to_string(),
            );
        }
        Ok(())
    }

    pub(crate) fn output_context(&self, deidentify: Deidentify) -> OutputContext {
        OutputContext {
            build: BUILD.into(),
            printed_at: (self.clock)(),
            actor: self.actor.clone(),
            deidentify,
        }
    }

    fn export_plan(
        &mut self,
        dir: &Path,
        formats: &[String],
        deidentify: Deidentify,
    ) -> Result<ExportPlan, SessionError> {
        self.check_may_leave(formats)?;
        let known: Vec<&str> = EXPORT_FORMATS.iter().map(|f| f.0).collect();
        if let Some(unknown) = formats.iter().find(|f| !known.contains(&f.as_str())) {
            return Err(SessionError::Usage(format!(
                "there is no format '{unknown}'; choose from {}",
                known.join(", ")
            )));
        }
        let names_first_reader = self
            .case()
            .is_some_and(|case| case.is_blinded() && case.first_reader().is_some());
        if names_first_reader && formats.iter().any(|f| f == "package") {
            return Err(SessionError::Refused(case::Refusal::new(
                "blinded",
                "a package holds the log, which names the first reader",
                "reveal the first report, or export another format",
            )));
        }
        if deidentify == Deidentify::Yes && formats.iter().any(|f| f == "package") {
            return Err(SessionError::Usage("a package holds the log, which names the patient; export it without de-identification".into()));
        }
        let asked = |format: &str| formats.iter().any(|f| f == format);
        let certificate = asked("certificate")
            .then(|| self.certificate())
            .transpose()?;
        let open = self
            .open
            .as_ref()
            .ok_or_else(|| SessionError::Usage("no case is open".into()))?;
        let case = open.whole().clone();
        let report = match case.current_report().map(|r| r.version) {
            Some(version) => {
                let sealed = self.store.sealed_report(case.id(), version)?;
                let key = match case.reveal_permit(&self.actor) {
                    Ok(permit) => Some(self.store.report_key(version, &permit)?),
                    Err(_) => None,
                };
                Some(ReportPart {
                    version,
                    nonce: sealed.nonce,
                    ciphertext: sealed.ciphertext,
                    associated_data: sealed.associated.into_bytes(),
                    key,
                })
            }
            None => None,
        };
        Ok(ExportPlan {
            pictures: case
                .read()
                .findings
                .iter()
                .filter_map(|f| self.picture_plan(&case, f.id))
                .collect(),
            entries: open.entries.clone(),
            case,
            report,
            certificate,
            context: self.output_context(deidentify),
            formats: formats.to_vec(),
            dir: dir.to_path_buf(),
        })
    }

    /// The key pictures of the open case whose images carry no warning of burned-in text; none where the images are not to
    /// be had.
    pub(crate) fn pictures_without_text(&mut self) -> Vec<KeyPicture> {
        if self.open_headers().is_err() {
            return Vec::new();
        }
        self.decode_evidence();
        let Some(case) = self.case().cloned() else {
            return Vec::new();
        };
        let findings = case.read().findings.iter();
        let plans = findings.filter_map(|finding| self.picture_plan(&case, finding.id));
        let has_text = |plan: &PicturePlan| {
            let warns = |s: &crate::library::Shelved| {
                s.warnings()
                    .any(|warning| warning.code == "burned_in_annotation")
            };
            self.library.get(&plan.key).is_none_or(warns)
        };
        plans
            .filter(|plan| !has_text(plan))
            .filter_map(|plan| picture(&plan))
            .collect()
    }

    fn picture_plan(&self, case: &Case, finding: FindingId) -> Option<PicturePlan> {
        let marks: Vec<Annotation> = case
            .read()
            .annotations
            .iter()
            .filter(|a| a.finding == Some(finding))
            .cloned()
            .collect();
        let key_image = case.finding(finding)?.key_image.clone();
        let image = marks.first().map(|a| a.image.clone()).or(key_image)?;
        let (key, slice_idx) = self.library.find_image(&image)?;
        let shelved = self.library.get(&key)?;
        let shown = match marks.first() {
            Some(mark) => mark.shown.clone(),
            None => self.slice_shown(&key, slice_idx)?,
        };
        let native = space::PlaneFrame::native(&shelved.volume.grid);
        let along_slices = native.is_some_and(|n| 0.999 < n.away.dot(shown.frame.away).abs());
        let sides = if shelved.volume.placed != volume::Placement::Unplaced {
            ""
        } else {
            " · sides unknown"
        };
        let caption = format!(
            "{finding} {} · {}, image {}{sides}",
            case.finding(finding)?.title(),
            shelved.title,
            slice_idx + 1
        );
        Some(PicturePlan {
            finding,
            caption,
            source: shelved.plan.clone(),
            volume: shelved.volume.clone(),
            key,
            shown,
            slice_idx: along_slices.then_some(slice_idx),
            marks: marks.into_iter().filter(|m| m.image == image).collect(),
        })
    }

    /// How a slice is shown when nobody chose: whole, in its own window.
    pub(crate) fn slice_shown(&self, key: &VolumeKey, slice_idx: usize) -> Option<Shown> {
        let volume = &self.library.get(key)?.volume;
        let view = crate::View {
            slice_idx,
            ..crate::View::empty(crate::ViewKind::Stack)
        };
        Some(view.shown(
            volume,
            volume.grid.centre(),
            &volume.default_presentation().presentation,
        ))
    }

    /// The small picture of a finding, made once for each state of its evidence.
    pub(crate) fn finding_thumbnail(&self, finding: FindingId) -> Option<Arc<ColourImage>> {
        let case = self.case()?;
        let plan = self.picture_plan(case, finding)?;
        let evidence = (plan.shown.clone(), plan.slice_idx);
        if let Some((kept, picture)) = self.thumbnails.borrow().get(&finding)
            && *kept == evidence
        {
            return Some(picture.clone());
        }
        if !self.library.has_slices(&plan.key, plan.slice_idx) {
            return None;
        }
        let picture = key_picture(&plan.volume, &plan.shown, plan.slice_idx, &[], [128, 112]);
        let picture = Arc::new(picture.image());
        self.thumbnails
            .borrow_mut()
            .insert(finding, (evidence, picture.clone()));
        Some(picture)
    }
}

/// Makes the bytes of every format and writes them, each whole or not at all.
fn run(plan: &ExportPlan) -> Result<Vec<(String, Sha256, PathBuf)>, SessionError> {
    let pictures: Vec<KeyPicture> = plan.pictures.iter().filter_map(picture).collect();
    std::fs::create_dir_all(&plan.dir).map_err(|e| not_written(&e, &plan.dir))?;
    let mut files = Vec::new();
    for format in &plan.formats {
        let bytes = bytes_of(plan, format, &pictures)?;
        let end = EXPORT_FORMATS
            .iter()
            .find(|f| f.0 == format)
            .map_or("bin", |f| f.1);
        let name = match format.as_str() {
            "package" => format!("{}.{end}", plan.case.id()),
            // Not even the name of the file leads to the case.
            "learning-ledger" => {
                let name = exchange::learning_name(&plan.case).unwrap_or_default();
                format!("{name}-{format}.{end}")
            }
            _ => format!("{}-{format}.{end}", plan.case.id()),
        };
        let path = plan.dir.join(name);
        write_whole(&path, &bytes)?;
        files.push((format.clone(), Sha256::of(&bytes), path));
    }
    Ok(files)
}

fn bytes_of(
    plan: &ExportPlan,
    format: &str,
    pictures: &[KeyPicture],
) -> Result<Vec<u8>, SessionError> {
    let json = |case: &Case| pretty(&exchange::json(case, &plan.context));
    Ok(match format {
        "pdf" => exchange::pdf(&plan.case, pictures, &plan.context)?,
        "json" => json(&plan.case),
        "letter" => exchange::letter_pdf(&plan.case, LetterFor::Clinician, &plan.context)?,
        "plain-letter" => exchange::letter_pdf(&plan.case, LetterFor::Patient, &plan.context)?,
        "clinical-ledger" => pretty(&exchange::clinical_ledger(&plan.case, &plan.context)?),
        "learning-ledger" => learning(plan, Names::LeftOut)?,
        "learning-ledger-named" => learning(plan, Names::Kept)?,
        "certificate" => plan.certificate.clone().unwrap_or_default(),
        "narrative" => exchange::narrative(&plan.case, &plan.context).into_bytes(),
        "package" => {
            let extras = [
                Extra {
                    name: "report.pdf".into(),
                    bytes: exchange::pdf(&plan.case, pictures, &plan.context)?,
                },
                Extra {
                    name: "case.json".into(),
                    bytes: json(&plan.case),
                },
            ];
            exchange::package(&plan.case, &plan.entries, plan.report.as_ref(), &extras)?
        }
        unknown => {
            return Err(SessionError::Usage(format!(
                "there is no format '{unknown}'"
            )));
        }
    })
}

fn learning(plan: &ExportPlan, names: Names) -> Result<Vec<u8>, SessionError> {
    let ledger = exchange::learning_ledger(&plan.case, names, &plan.context)?;
    Ok(pretty(&ledger))
}

fn pretty(value: &serde_json::Value) -> Vec<u8> {
    serde_json::to_vec_pretty(value).unwrap_or_default()
}

fn picture(plan: &PicturePlan) -> Option<KeyPicture> {
    // What was let go to make room for other images is decoded again: a key picture has no gaps of our making.
    let needed: Vec<usize> = match plan.slice_idx {
        Some(slice_idx) => vec![slice_idx],
        None => (0..plan.volume.n_slices())
            .filter(|k| plan.volume.voxels.presence(*k) != volume::Presence::Unreadable)
            .collect(),
    };
    series::decode_into(&plan.source, &plan.volume, &needed, &|_| {}, &|| false);
    let marks: Vec<&Annotation> = plan.marks.iter().collect();
    let picture = key_picture(
        &plan.volume,
        &plan.shown,
        plan.slice_idx,
        &marks,
        KEY_IMAGE_PX,
    );
    Some(KeyPicture {
        finding: plan.finding,
        caption: plan.caption.clone(),
        png: picture.png()?,
    })
}

/// Writes beside the target and renames, so that no half file is ever seen.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), SessionError> {
    let beside = path.with_extension("part");
    std::fs::write(&beside, bytes)
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(|e| not_written(&e, path))
}

fn not_written(error: &std::io::Error, path: &Path) -> SessionError {
    SessionError::Write {
        reason: error.kind().to_string(),
        path: path.to_path_buf(),
    }
}
