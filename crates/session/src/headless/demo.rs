use std::path::{Path, PathBuf};
use std::time::Duration;

use case::{
    Assertion, Change, Class, Detectability, ErrorType, Finding, FindingId, Geometry, Outcome,
    PairId, Severity, Side, Significance,
};
use serde::{Deserialize, Serialize};
use space::{Ellipse, PatientPoint, PatientVector};

use crate::headless::FindingRequest;
use crate::{
    Command, CompareCommand, LayoutKind, ReadCommand, Screen, Session, SessionError, ViewCommand,
    ViewIdx,
};

/// How long a step may work in the background.
const STEP_LIMIT: Duration = Duration::from_secs(300);

/// A line of a command file, with what the caller has to do for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum DemoStep {
    /// Open folders, files or archives, relative to the command file.
    Open {
        /// What to open.
        paths: Vec<PathBuf>,
        /// Question of the referrer.
        #[serde(default)]
        question: String,
    },
    /// Attach a first report.
    AttachReport {
        /// Relative to the command file.
        path: PathBuf,
    },
    /// Go to a screen: `worklist`, `reading`, `compare`.
    Show {
        /// Its name.
        screen: String,
    },
    /// Arrange the views: `one`, `mpr`, `one_and_two`, `with_prior`.
    Layout {
        /// Its name.
        layout: String,
    },
    /// Use a window preset in the active view.
    Preset {
        /// Its digit.
        digit: u8,
    },
    /// Go through all slices of the active view at reading speed in the windows named.
    ReadThrough {
        /// Digits of the presets.
        presets: Vec<u8>,
    },
    /// Enter a finding.
    AddFinding {
        /// What it is.
        concept: String,
        /// There, not there, possible.
        #[serde(default)]
        assertion: Option<Assertion>,
        /// Side.
        #[serde(default)]
        side: Option<Side>,
        /// Organ or region.
        #[serde(default)]
        site: Option<String>,
        /// Lobe, segment …
        #[serde(default)]
        level: Option<String>,
        /// Grade.
        #[serde(default)]
        severity: Option<Severity>,
        /// Change against the prior.
        #[serde(default)]
        change: Option<Change>,
        /// 0 to 100.
        #[serde(default)]
        confidence: Option<u8>,
        /// Free words.
        #[serde(default)]
        note: String,
        /// Ends of a length, patient mm.
        #[serde(default)]
        length_mm: Option<[PatientPoint; 2]>,
        /// Centre and half axes of an ellipse, patient mm.
        #[serde(default)]
        ellipse_mm: Option<[[f64; 3]; 3]>,
        /// SOP Instance UID of its picture.
        #[serde(default)]
        sop: Option<String>,
    },
    /// Select a finding; the views follow.
    SelectFinding {
        /// `F1`, …
        finding: String,
    },
    /// Write the impression.
    Impression {
        /// The words.
        text: String,
    },
    /// Seal the read.
    Seal {},
    /// Open the first report.
    Reveal {
        /// Why before the seal.
        #[serde(default)]
        urgent: Option<String>,
    },
    /// Select a row of the comparison by the finding in it or by its name.
    SelectRow {
        /// `F1` or `P1`.
        row: String,
    },
    /// Decide about a row.
    Verdict {
        /// `F1` or `P1`.
        row: String,
        /// `agree`, `D1`, …
        classes: Vec<Class>,
        /// How the error came about.
        #[serde(default)]
        error_type: Option<ErrorType>,
        /// Should it have been seen?
        #[serde(default)]
        detectability: Option<Detectability>,
        /// Would care change?
        #[serde(default)]
        significance: Option<Significance>,
        /// Free words.
        #[serde(default)]
        note: String,
    },
    /// Take every proposal that is left as it is.
    AcceptProposals {},
    /// Agree with all rows whose proposal is agreement.
    AgreeWithRemaining {},
    /// Choose the outcome.
    Outcome {
        /// Which.
        outcome: Outcome,
    },
    /// Sign the comparison.
    Sign {},
    /// Write the files.
    Export {
        /// `pdf`, `json`, …
        formats: Vec<String>,
    },
    /// Close the case.
    Close {},
    /// Take a picture of the screen.
    Picture {
        /// Name of the file without its end.
        name: String,
        /// Width and height in points; the window's own when left out.
        #[serde(default)]
        size: Option<[u32; 2]>,
        /// `dark` or `light`.
        #[serde(default)]
        theme: Option<String>,
        /// What floats: `palette`, `shortcuts`, `export`.
        #[serde(default)]
        overlay: Option<String>,
    },
}

/// What a step leaves to its caller.
#[derive(Clone, Debug, PartialEq)]
pub enum DemoAction {
    /// Nothing.
    Done,
    /// Files were written.
    Wrote(Vec<PathBuf>),
    /// Draw the screen.
    Picture {
        /// Name of the file without its end.
        name: String,
        /// Width and height.
        size: Option<[u32; 2]>,
        /// `dark` or `light`.
        theme: Option<String>,
        /// What floats.
        overlay: Option<String>,
    },
}

/// Reads a command file: one JSON object a line; empty lines and lines that begin with `#` are skipped.
///
/// # Errors
/// The first line that is not a command.
pub fn parse_commands(text: &str) -> Result<Vec<DemoStep>, SessionError> {
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty() && !l.trim_start().starts_with('#'));
    lines
        .map(|(k, line)| {
            serde_json::from_str(line)
                .map_err(|e| SessionError::Usage(format!("line {} is no command: {e}", k + 1)))
        })
        .collect()
}

/// Does one step with the real session. Paths are relative to `base`; files go to `out`.
///
/// # Errors
/// When the session refuses or fails.
pub fn run_step(
    session: &mut Session,
    step: &DemoStep,
    base: &Path,
    out: &Path,
) -> Result<DemoAction, SessionError> {
    match step {
        DemoStep::Open { paths, question } => {
            session.dispatch(Command::SetQuestion(question.clone()))?;
            session.dispatch(Command::OpenPaths(
                paths.iter().map(|p| base.join(p)).collect(),
            ))?;
            session.run_until_idle(STEP_LIMIT)?;
            if session.case().is_none() {
                return Err(SessionError::NothingRead {
                    code: "no_images",
                    text: "the command file's paths hold no images".into(),
                });
            }
        }
        DemoStep::AttachReport { path } => {
            session.dispatch(Command::AttachReport(base.join(path)))?
        }
        DemoStep::Show { screen } => session.dispatch(Command::Show(screen_named(screen)?))?,
        DemoStep::Layout { layout } => {
            session.dispatch(Command::View(ViewCommand::SetLayout(layout_named(layout)?)))?
        }
        DemoStep::Preset { digit } => session.dispatch(Command::View(ViewCommand::Preset(
            session.active_view(),
            *digit,
        )))?,
        DemoStep::ReadThrough { presets } => read_through(session, presets)?,
        DemoStep::AddFinding { .. } => {
            let request = finding_request(step);
            session.enter_finding(request)?;
        }
        DemoStep::SelectFinding { finding } => {
            let id: FindingId = finding.parse().map_err(SessionError::Usage)?;
            session.dispatch(Command::Read(ReadCommand::Select(Some(id))))?;
        }
        DemoStep::Impression { text } => {
            session.dispatch(Command::Read(ReadCommand::WriteImpression(text.clone())))?
        }
        DemoStep::Seal {} => session.dispatch(Command::Read(ReadCommand::Seal))?,
        DemoStep::Reveal { urgent } => session.dispatch(Command::Read(ReadCommand::Reveal {
            urgent: urgent.clone(),
        }))?,
        DemoStep::SelectRow { row } => {
            let row = session.row_named(row)?;
            session.dispatch(Command::Compare(CompareCommand::Select(row)))?;
        }
        DemoStep::Verdict {
            row,
            classes,
            error_type,
            detectability,
            significance,
            note,
        } => {
            let row = session.row_named(row)?;
            session.dispatch(Command::Compare(CompareCommand::SetClasses(
                row,
                classes.clone(),
            )))?;
            session.dispatch(Command::Compare(CompareCommand::SetErrorType(
                row,
                *error_type,
            )))?;
            session.dispatch(Command::Compare(CompareCommand::SetDetectability(
                row,
                *detectability,
            )))?;
            session.dispatch(Command::Compare(CompareCommand::SetSignificance(
                row,
                *significance,
            )))?;
            session.dispatch(Command::Compare(CompareCommand::SetNote(row, note.clone())))?;
        }
        DemoStep::AcceptProposals {} => session.accept_proposals()?,
        DemoStep::AgreeWithRemaining {} => {
            session.dispatch(Command::Compare(CompareCommand::AgreeWithRemaining))?
        }
        DemoStep::Outcome { outcome } => {
            session.dispatch(Command::Compare(CompareCommand::SetOutcome(Some(*outcome))))?
        }
        DemoStep::Sign {} => session.dispatch(Command::Compare(CompareCommand::Sign))?,
        DemoStep::Export { formats } => {
            let files = session.export(out, formats, exchange::Deidentify::No)?;
            return Ok(DemoAction::Wrote(
                files.into_iter().map(|f| f.path).collect(),
            ));
        }
        DemoStep::Close {} => session.dispatch(Command::Compare(CompareCommand::Close))?,
        DemoStep::Picture {
            name,
            size,
            theme,
            overlay,
        } => {
            return Ok(DemoAction::Picture {
                name: name.clone(),
                size: *size,
                theme: theme.clone(),
                overlay: overlay.clone(),
            });
        }
    }
    session.run_until_idle(STEP_LIMIT)?;
    Ok(DemoAction::Done)
}

impl Session {
    /// The active view.
    pub fn active_view(&self) -> ViewIdx {
        self.room.active
    }

    /// The row of the comparison that a finding stands in, or that has this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn row_named(&self, name: &str) -> Result<PairId, SessionError> {
        let none = || SessionError::Usage(format!("there is no row '{name}' in the comparison"));
        let pairs = self
            .case()
            .and_then(|c| c.comparison())
            .map(|c| c.pairs.as_slice())
            .unwrap_or_default();
        let found = if name.starts_with('F') {
            let id: FindingId = name.parse().map_err(SessionError::Usage)?;
            pairs
                .iter()
                .find(|p| p.second == Some(case::SecondRef::Finding(id)))
        } else {
            let id: PairId = name.parse().map_err(SessionError::Usage)?;
            pairs.iter().find(|p| p.id == id)
        };
        found.map(|p| p.id).ok_or_else(none)
    }

    /// Makes every proposal without a verdict the reader's verdict.
    ///
    /// # Errors
    /// When the case refuses.
    pub fn accept_proposals(&mut self) -> Result<(), SessionError> {
        let pairs = self
            .case()
            .and_then(|c| c.comparison())
            .map(|c| c.pairs.clone())
            .unwrap_or_default();
        for pair in pairs
            .iter()
            .filter(|p| p.verdict.is_none() && !p.proposed.is_empty())
        {
            self.dispatch(Command::Compare(CompareCommand::SetClasses(
                pair.id,
                pair.proposed.clone(),
            )))?;
        }
        Ok(())
    }
}

fn finding_request(step: &DemoStep) -> FindingRequest {
    let mut finding = Finding::empty(FindingId(0));
    let mut marks = Vec::new();
    let mut sop_instance_uid = None;
    if let DemoStep::AddFinding {
        concept,
        assertion,
        side,
        site,
        level,
        severity,
        change,
        confidence,
        note,
        length_mm,
        ellipse_mm,
        sop,
    } = step
    {
        finding = Finding {
            concept: concept.clone(),
            assertion: assertion.unwrap_or(Assertion::Present),
            side: *side,
            site: site.clone(),
            level: level.clone(),
            severity: *severity,
            change: *change,
            confidence: *confidence,
            note: note.clone(),
            ..finding
        };
        marks.extend(length_mm.map(|[from, to]| Geometry::Length { from, to }));
        marks.extend(ellipse_mm.map(|[centre, a, b]| {
            Geometry::Ellipse(Ellipse {
                centre: PatientPoint::from(centre),
                half_axis_a: PatientVector::from(a),
                half_axis_b: PatientVector::from(b),
            })
        }));
        sop_instance_uid = sop.clone();
    }
    FindingRequest {
        finding,
        marks,
        sop_instance_uid,
    }
}

/// Shows every slice of the active view long enough to count, as a reader who scrolls through does.
fn read_through(session: &mut Session, presets: &[u8]) -> Result<(), SessionError> {
    let view = session.active_view();
    session.dispatch(Command::View(ViewCommand::ToggleOneUp(view)))?;
    session.dispatch(Command::View(ViewCommand::Resize(view, [1100, 1100])))?;
    for digit in presets {
        session.dispatch(Command::View(ViewCommand::Preset(view, *digit)))?;
        session.dispatch(Command::View(ViewCommand::GoToSlice(view, 0)))?;
        let n = session
            .room
            .plane_index(view, &session.library)
            .map_or(0, |[_, n]| n);
        for slice_idx in 0..n {
            session.dispatch(Command::View(ViewCommand::GoToSlice(view, slice_idx)))?;
            let tick = ViewCommand::Tick {
                elapsed_ms: 300,
                input: crate::InputSeen::Yes,
                pictures: crate::PicturesAre::InSight,
            };
            session.dispatch(Command::View(tick))?;
        }
    }
    session.dispatch(Command::View(ViewCommand::ToggleOneUp(view)))
}

fn screen_named(name: &str) -> Result<Screen, SessionError> {
    match name {
        "worklist" => Ok(Screen::Worklist),
        "reading" => Ok(Screen::Reading),
        "compare" => Ok(Screen::Compare),
        _ => Err(SessionError::Usage(format!(
            "there is no screen '{name}'; choose worklist, reading or compare"
        ))),
    }
}

fn layout_named(name: &str) -> Result<LayoutKind, SessionError> {
    match name {
        "one" => Ok(LayoutKind::One),
        "mpr" => Ok(LayoutKind::Mpr),
        "one_and_two" => Ok(LayoutKind::OneAndTwo),
        "with_prior" => Ok(LayoutKind::WithPrior),
        _ => Err(SessionError::Usage(format!(
            "there is no layout '{name}'; choose one, mpr, one_and_two or with_prior"
        ))),
    }
}
