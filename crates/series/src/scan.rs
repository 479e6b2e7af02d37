use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::instance::{Instance, Problem};
use crate::intake::find;
use crate::model::{Scan, VolumePlan};
use crate::prescan::{Note, parse};
use crate::refusal::Refusal;
use crate::source::Source;
use crate::studies::group;
use crate::syntax::{Compression, compression};
use crate::threads::pool;
use crate::volumes::plan_volumes;
use crate::walk::Oddity;
use crate::warning::{Severity, Warning};

/// How to scan. The default is right for the workstation.
#[derive(Clone, Debug, Default)]
pub struct ScanOptions {
    /// Only objects of this study; `None`: all.
    pub study_instance_uid: Option<String>,
}

/// How far a scan is. Called from any of the scanning threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanProgress {
    /// Files were found; their headers come next.
    Found {
        /// Files to look at.
        n_files: usize,
    },
    /// Headers were read.
    Headers {
        /// Headers read so far.
        n_done: usize,
        /// Files to look at.
        n_files: usize,
    },
}

/// What a walked file turned out to be.
pub(crate) enum Outcome {
    Object(Box<Instance>),
    /// A directory record, which names others and is none itself.
    Directory,
    Refused(Warning),
}

const MEDIA_STORAGE_DIRECTORY: &str = "1.2.840.10008.1.3.10";

/// Finds and reads the headers of everything below the named paths: folders, files, zip archives, a DICOMDIR.
///
/// Nothing is written and nothing is decoded. Files that cannot be taken in are warnings and never end the scan. When
/// `cancel` answers true what was read so far comes back, with the warning `scan_cancelled`.
///
/// For a first picture before a large scan is done, see [`first_image`].
pub fn scan(
    inputs: &[PathBuf],
    options: &ScanOptions,
    progress: &(dyn Fn(ScanProgress) + Sync),
    cancel: &(dyn Fn() -> bool + Sync),
) -> Scan {
    let found = find(inputs, cancel);
    let n_files = found.sources.len();
    progress(ScanProgress::Found { n_files });
    let n_done = AtomicUsize::new(0);
    let outcomes: Vec<Outcome> = pool().install(|| {
        found
            .sources
            .par_iter()
            .filter(|_| !cancel())
            .map(|source| {
                let outcome = read_header(source);
                let n_done = n_done.fetch_add(1, Ordering::Relaxed) + 1;
                progress(ScanProgress::Headers { n_done, n_files });
                outcome
            })
            .collect()
    });
    let mut warnings = found.warnings;
    if outcomes.len() < n_files {
        let text = "The scan was cancelled; what is listed is not everything.";
        warnings.push(Warning::new("scan_cancelled", Severity::Warning, text));
    }
    let mut instances = Vec::with_capacity(outcomes.len());
    for outcome in outcomes {
        match outcome {
            Outcome::Object(instance) => instances.push(Arc::new(*instance)),
            Outcome::Refused(warning) => warnings.push(warning),
            Outcome::Directory => {}
        }
    }
    if let Some(uid) = &options.study_instance_uid {
        instances.retain(|i| &i.study_instance_uid == uid);
    }
    warnings.extend(instances.iter().flat_map(|i| instance_warnings(i)));
    if instances.is_empty() && warnings.is_empty() {
        let text = "Nothing was found here that is a DICOM object; name a folder, a file, a zip archive or a DICOMDIR.";
        let warning = Warning::new("nothing_found", Severity::Error, text);
        warnings.push(
            inputs
                .first()
                .map_or(warning.clone(), |path| warning.at(path)),
        );
    }
    let (studies, more) = group(instances);
    warnings.extend(more);
    Scan {
        studies,
        warnings: merged(warnings),
        n_files,
    }
}

/// One image of the named paths as soon as it can be had: the middle file of the first folder that has any.
///
/// The plan holds that one slice (of a multi-frame object, its frames). It serves until [`scan`] has the real one;
/// `None` when the first files tried are no images.
pub fn first_image(inputs: &[PathBuf], cancel: &(dyn Fn() -> bool + Sync)) -> Option<VolumePlan> {
    const TRIES: usize = 16;
    let found = find(inputs, cancel);
    let folder = found.sources.first()?.path().parent()?.to_owned();
    let near: Vec<&Source> = found
        .sources
        .iter()
        .take_while(|s| s.path().parent() == Some(&folder))
        .collect();
    let order = crate::fill::decode_order(near.len(), near.len() / 2);
    order
        .into_iter()
        .take(TRIES)
        .filter_map(|i| near.get(i))
        .find_map(|source| match read_header(source) {
            Outcome::Object(instance) if instance.pixels.is_some() => {
                let uid = instance.series_instance_uid.clone();
                plan_volumes(&uid, &[Arc::new(*instance)])
                    .into_iter()
                    .next()
            }
            _ => None,
        })
}

pub(crate) fn read_header(source: &Source) -> Outcome {
    let read = || -> Result<Option<Instance>, Refusal> {
        let content = source.open()?;
        let parsed = parse(&content)?;
        if parsed.media_class_uid.as_deref() == Some(MEDIA_STORAGE_DIRECTORY) {
            return Ok(None);
        }
        let len = parsed.inflated.as_ref().unwrap_or(&content).len();
        Instance::new(source.clone(), &parsed, len).map(Some)
    };
    match read() {
        Ok(Some(instance)) => Outcome::Object(Box::new(instance)),
        Ok(None) => Outcome::Directory,
        Err(refusal) => {
            // Files of other kinds lie in every folder; they are listed, but they are no fault of the study.
            let severity = if refusal == Refusal::NotDicom {
                Severity::Info
            } else {
                Severity::Error
            };
            let text = sentence(&refusal.to_string());
            Outcome::Refused(Warning::new(refusal.code(), severity, text).at(source.shown_path()))
        }
    }
}

/// A library's message as a sentence.
pub(crate) fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    let first = chars
        .next()
        .map(|c| c.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}.", chars.as_str().trim_end_matches('.'))
}

fn instance_warnings(instance: &Instance) -> Vec<Warning> {
    let here = |code, severity, text: &str| {
        Warning::new(code, severity, text)
            .at(instance.source.shown_path())
            .in_series(instance.series_instance_uid.clone())
    };
    let mut warnings: Vec<Warning> = instance
        .problems
        .iter()
        .filter_map(|p| problem_text(*p))
        .map(|(code, severity, text)| here(code, severity, text))
        .collect();
    // In fragments nothing can be guessed: the decoder refuses those.
    let plain_samples = instance
        .pixels
        .as_ref()
        .is_some_and(|p| p.element.len.is_some());
    if plain_samples && compression(&instance.transfer_syntax_uid) == Compression::Unknown {
        warnings.push(here(
            "syntax_unknown",
            Severity::Warning,
            "The file says that it is written in a way that is not known here; its pixels were taken as they lie.",
        ));
    }
    if let Some(problem) = &instance.pixel_problem {
        warnings.push(here(
            "pixel_attributes",
            Severity::Error,
            &sentence(&problem.to_string()),
        ));
    } else if let Some(unshown) = &instance.unshown {
        warnings.push(here(unshown.code(), Severity::Warning, &unshown.sentence()));
    } else if instance.pixels.is_none() && instance.document.is_none() {
        warnings.push(here(
            "no_pixel_data",
            Severity::Warning,
            "This object should be an image and has no pixel data, so nothing of it is shown; ask for it to be sent again.",
        ));
    }
    warnings
}

/// Code and sentence of what concerns a file; what concerns a volume is said there.
fn problem_text(problem: Problem) -> Option<(&'static str, Severity, &'static str)> {
    use Severity::{Info, Warning};
    Some(match problem {
        Problem::Note(Note::NoPreamble) => (
            "preamble_missing",
            Info,
            "The file lacks the DICOM file header; it was read all the same.",
        ),
        Problem::Note(Note::NoTransferSyntax) => (
            "transfer_syntax_missing",
            Warning,
            "The file does not say how it is written; this was guessed from its bytes.",
        ),
        Problem::Note(Note::OtherSyntaxThanStated) => (
            "syntax_mismatch",
            Warning,
            "The file is written otherwise than it says; the bytes were believed.",
        ),
        Problem::Note(Note::ExecutablePreamble) => (
            "executable_preamble",
            Warning,
            "The file also looks like a program; it is only read, but do not run it.",
        ),
        Problem::Note(Note::Data(oddity)) => match oddity {
            Oddity::OddLength => (
                "odd_length",
                Info,
                "An element has an odd length; it was read all the same.",
            ),
            Oddity::StrayDelimiter => (
                "stray_delimiter",
                Info,
                "A delimiter stands where none belongs; it was stepped over.",
            ),
            Oddity::ItemOutsideSequence => (
                "item_outside_sequence",
                Info,
                "An item stands outside any sequence; it was stepped over.",
            ),
            Oddity::Duplicate => (
                "duplicate_element",
                Warning,
                "An element occurs twice; the first was believed.",
            ),
            Oddity::Unsorted => (
                "elements_unsorted",
                Info,
                "Elements are not in ascending order; they were read all the same.",
            ),
            Oddity::TrailingBytes => (
                "trailing_bytes",
                Info,
                "Bytes behind the last element were left out.",
            ),
            Oddity::UnknownVr => (
                "vr_unknown",
                Warning,
                "An element has no known value representation; its length was read as in the implicit syntax.",
            ),
        },
        Problem::CharsetGuessed => (
            "charset_guessed",
            Info,
            "Some text is not in the character set that the file states; it was guessed.",
        ),
        Problem::UidOdd => (
            "uid_odd",
            Info,
            "A UID is missing or has characters that no UID may have; it was taken as it is.",
        ),
        Problem::OrientationUnusable
        | Problem::OrientationAdjusted
        | Problem::PositionUnusable
        | Problem::FrameGroupsMissing
        | Problem::FrameOffsetsUnusable
        | Problem::FrameOffsetsContradict
        | Problem::MosaicPacked
        | Problem::PaletteUnusable
        | Problem::HighBitOdd
        | Problem::PixelsCut => return None,
    })
}

/// Many files with the same oddity are one warning: the first three are named, the rest is counted.
fn merged(warnings: Vec<Warning>) -> Vec<Warning> {
    const NAMED: usize = 3;
    let mut counts = std::collections::HashMap::new();
    let key = |w: &Warning| (w.code, w.text.clone(), w.series_uid.clone());
    for warning in &warnings {
        *counts.entry(key(warning)).or_insert(0_usize) += 1;
    }
    let mut seen = std::collections::HashMap::new();
    let mut kept: Vec<Warning> = Vec::new();
    for mut warning in warnings {
        let key = key(&warning);
        let total = counts.get(&key).copied().unwrap_or(1);
        let nth = seen.entry(key).or_insert(0_usize);
        *nth += 1;
        // Refused files are always named one by one.
        if warning.severity == Severity::Error || total <= NAMED {
            kept.push(warning);
        } else if *nth == 1 {
            warning.text = format!("{} ({total} files, the first is named.)", warning.text);
            kept.push(warning);
        }
    }
    kept
}
