use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use crate::archive::{expand, too_deep};
use crate::dicomdir::check;
use crate::headers::{HeaderReader, Outcome};
use crate::index::HeaderIndex;
use crate::instance::{Instance, Problem};
use crate::intake::{Group, find};
use crate::limits;
use crate::model::Scan;
use crate::password::Password;
use crate::prescan::Note;
use crate::source::Source;
use crate::studies::group;
use crate::syntax::{Compression, compression};
use crate::threads::pool;
use crate::walk::Oddity;
use crate::warning::{Severity, Warning};

/// How to scan. The default is right for the workstation.
#[derive(Clone, Debug)]
pub struct ScanOptions {
    /// Only objects of this study; `None`: all.
    pub study_instance_uid: Option<String>,
    /// Passwords to try on encrypted archives, in this order.
    pub passwords: Vec<Password>,
    /// Most bytes of memory that archives may take which cannot be read in place (gzip, archives in archives).
    pub max_archive_bytes: u64,
    /// Where headers are kept for the next time; `None`: nowhere.
    pub index: Option<HeaderIndex>,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self {
            study_instance_uid: None,
            passwords: Vec::new(),
            max_archive_bytes: limits::MAX_ARCHIVE_BYTES,
            index: None,
        }
    }
}

/// How far a scan is. Called from any of the scanning threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanProgress {
    /// Files were found; their headers come next. Said again when an archive turns out to hold more.
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

/// Objects that one thread asks for what is odd about them at a time.
const INSTANCES_AT_A_TIME: usize = 512;

/// What reading the headers of everything gave.
#[derive(Default)]
struct Gathered {
    instances: Vec<Arc<Instance>>,
    warnings: Vec<Warning>,
    n_files: usize,
    is_cancelled: bool,
}

/// Finds and reads the headers of everything below the named paths: folders, files, archives and disc images, a
/// DICOMDIR.
///
/// The studied files are never written to and nothing is decoded. Files that cannot be taken in are warnings and never
/// end the scan. When `cancel` answers true what was read so far comes back, with the warning `scan_cancelled`.
///
/// For a first picture before a large scan is done, see [`crate::first_image`].
pub fn scan(
    inputs: &[PathBuf],
    options: &ScanOptions,
    progress: &(dyn Fn(ScanProgress) + Sync),
    cancel: &(dyn Fn() -> bool + Sync),
) -> Scan {
    let found = find(inputs, options.index.as_ref(), cancel);
    let reader = HeaderReader::new(progress, cancel);
    let mut gathered = Gathered {
        warnings: found.warnings,
        ..Gathered::default()
    };
    let mut memory_bytes = options.max_archive_bytes;
    for group in found.groups {
        gathered.read_group(group, options, &reader, &mut memory_bytes);
    }
    let Gathered {
        mut instances,
        mut warnings,
        n_files,
        is_cancelled,
    } = gathered;
    if is_cancelled {
        let text = "The scan was cancelled; what is listed is not everything.";
        warnings.push(Warning::new("scan_cancelled", Severity::Warning, text));
    }
    if let Some(uid) = &options.study_instance_uid {
        instances.retain(|i| &i.study_instance_uid == uid);
    }
    let told = || {
        let instances = instances.par_iter().with_min_len(INSTANCES_AT_A_TIME);
        instances
            .flat_map_iter(|instance| instance_warnings(instance))
            .collect::<Vec<Warning>>()
    };
    warnings.extend(pool().install(told));
    if instances.is_empty() && warnings.is_empty() {
        let text = "Nothing was found here that is a DICOM object; name a folder, a file, an archive or a DICOMDIR.";
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

impl Gathered {
    /// Reads files, then what lies in those of them that are archives, and so on.
    fn read_group(
        &mut self,
        group: Group,
        options: &ScanOptions,
        reader: &HeaderReader<'_>,
        memory_bytes: &mut u64,
    ) {
        let mut round = group.files;
        let mut known = group.index.map(|index| index.with_stamps(group.stamps));
        let mut all: Vec<Source> = Vec::new();
        let mut directories = Vec::new();
        for depth in 0.. {
            if round.is_empty() {
                break;
            }
            reader.add_files(round.len());
            // Only files on disk can be told to be unchanged without being read.
            let outcomes = reader.read(&round, known.take().as_ref());
            self.is_cancelled |= outcomes.len() < round.len();
            let mut inside = Vec::new();
            let mut n_opened = 0;
            for (source, outcome) in round.iter().zip(outcomes) {
                match outcome {
                    Outcome::Object(instance) => self.instances.push(instance),
                    Outcome::Refused(warning) => self.warnings.push(*warning),
                    Outcome::Directory(ids) => directories.push((source.clone(), ids)),
                    Outcome::Archive(_) if limits::MAX_ARCHIVE_DEPTH <= depth => {
                        self.warnings.push(too_deep(source))
                    }
                    Outcome::Archive(kind) => {
                        let entries = expand(source, kind, &options.passwords, memory_bytes);
                        self.warnings.extend(entries.warnings);
                        inside.extend(entries.sources);
                        // Not the archive counts as a file, but what lies in it.
                        n_opened += 1;
                    }
                }
            }
            self.n_files += round.len() - n_opened;
            all.append(&mut round);
            if limits::MAX_FILES < all.len() + inside.len() {
                let text = "The archives hold more files than allowed; the rest was left out. Unpack them and open a part.";
                self.warnings
                    .push(Warning::new("too_many_files", Severity::Warning, text));
                inside.truncate(limits::MAX_FILES.saturating_sub(all.len()));
            }
            round = inside;
        }
        for (source, ids) in &directories {
            self.warnings.extend(check(source, ids, &all));
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
            Oddity::IdentityTooLong => (
                "identity_too_long",
                Warning,
                "An attribute that names the patient or the study is longer than any may be, so it was left out. Compare with the archive whose images these are.",
            ),
            Oddity::ItemExplicit => (
                "sequence_otherwise_written",
                Info,
                "A sequence is written otherwise than the file around it; it was read as what it is.",
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
