use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::archive::ArchiveKind;
use crate::dicomdir::{FileId, file_ids};
use crate::difference::Difference;
use crate::header_parts::HeaderParts;
use crate::index::FolderIndex;
use crate::index_block::{BlockWriter, Entry, is_small};
use crate::instance::Instance;
use crate::own_values::OwnValues;
use crate::prescan::{Note, Parsed, parse};
use crate::refusal::Refusal;
use crate::root_set::RootSet;
use crate::scan::ScanProgress;
use crate::source::{Content, Source};
use crate::stamp::Stamp;
use crate::threads::pool;
use crate::warning::{Severity, Warning};

/// What a file turned out to be.
pub(crate) enum Outcome {
    Object(Arc<Instance>),
    /// A directory record, which names others and is none itself.
    Directory(Vec<FileId>),
    /// Holds files of its own.
    Archive(ArchiveKind),
    Refused(Box<Warning>),
}

const MEDIA_STORAGE_DIRECTORY: &str = "1.2.840.10008.1.3.10";

/// Most files that one strand reads, and that one block of the index holds.
const MAX_CHUNK: usize = 256;

/// Reads headers on all threads, tells how far it is, and stops when asked to.
pub(crate) struct HeaderReader<'a> {
    pub(crate) progress: &'a (dyn Fn(ScanProgress) + Sync),
    pub(crate) cancel: &'a (dyn Fn() -> bool + Sync),
    n_done: AtomicUsize,
    n_files: AtomicUsize,
}

impl<'a> HeaderReader<'a> {
    pub(crate) fn new(
        progress: &'a (dyn Fn(ScanProgress) + Sync),
        cancel: &'a (dyn Fn() -> bool + Sync),
    ) -> Self {
        Self {
            progress,
            cancel,
            n_done: AtomicUsize::new(0),
            n_files: AtomicUsize::new(0),
        }
    }

    /// Says that there are more files to look at.
    pub(crate) fn add_files(&self, n_files: usize) {
        let n_files = self.n_files.fetch_add(n_files, Ordering::Relaxed) + n_files;
        (self.progress)(ScanProgress::Found { n_files });
    }

    fn step(&self, n_files: usize) {
        if n_files == 0 {
            return;
        }
        let n_done = self.n_done.fetch_add(n_files, Ordering::Relaxed) + n_files;
        let n_files = self.n_files.load(Ordering::Relaxed);
        (self.progress)(ScanProgress::Headers { n_done, n_files });
    }

    /// What each of the files is, in their order; fewer than were asked for when it was cancelled.
    pub(crate) fn read(&self, sources: &[Source], index: Option<&FolderIndex>) -> Vec<Outcome> {
        let Some(index) = index else {
            let all: Vec<usize> = (0..sources.len()).collect();
            let chunks = self.read_chunks(sources, &all, None);
            return chunks
                .into_iter()
                .flat_map(|(outcomes, _)| outcomes)
                .map(|(_, outcome)| outcome)
                .collect();
        };
        let told = |n_files| {
            self.step(n_files);
            (self.cancel)()
        };
        let mut recalled = index.recall(sources, &told);
        let mut outcomes = std::mem::take(&mut recalled.outcomes);
        let unknown: Vec<usize> = outcomes
            .iter()
            .enumerate()
            .filter(|(_, outcome)| outcome.is_none())
            .map(|(idx, _)| idx)
            .collect();
        let mut blocks = Vec::new();
        for (read, block) in self.read_chunks(sources, &unknown, Some(index)) {
            blocks.push(block);
            for (idx, outcome) in read {
                if let Some(place) = outcomes.get_mut(idx) {
                    *place = Some(outcome);
                }
            }
        }
        if !(self.cancel)() {
            index.save(recalled, blocks);
        }
        outcomes.into_iter().flatten().collect()
    }

    fn read_chunks(
        &self,
        sources: &[Source],
        wanted: &[usize],
        index: Option<&FolderIndex>,
    ) -> Vec<(Vec<(usize, Outcome)>, BlockWriter)> {
        if wanted.is_empty() {
            return Vec::new();
        }
        let n_threads = pool().current_num_threads();
        let chunk_len = (wanted.len() / (4 * n_threads)).clamp(1, MAX_CHUNK);
        let read_chunk = |chunk: &[usize]| {
            let mut strand = Strand {
                index,
                ..Strand::default()
            };
            let mut outcomes = Vec::with_capacity(chunk.len());
            for idx in chunk {
                let Some(source) = sources.get(*idx).filter(|_| !(self.cancel)()) else {
                    break;
                };
                let outcome = strand.read_header(source);
                self.step(1);
                outcomes.push((*idx, outcome));
            }
            (outcomes, strand.block)
        };
        pool().install(|| wanted.par_chunks(chunk_len).map(read_chunk).collect())
    }
}

/// Reads the header of one file by itself.
pub(crate) fn read_header(source: &Source) -> Outcome {
    Strand::default().read_header(source)
}

/// Headers that are read one after the other, each by what it says otherwise than the one before.
#[derive(Default)]
struct Strand<'a> {
    /// Where headers are kept.
    index: Option<&'a FolderIndex>,
    block: BlockWriter,
    parts: HeaderParts,
    /// The last image.
    last: Option<Rc<Parsed>>,
    pattern: Option<Pattern>,
}

/// The last image that was kept with its header: the next is kept by what differs from it.
struct Pattern {
    parsed: Rc<Parsed>,
    instance: Arc<Instance>,
    /// The outermost elements that were other than its own anywhere since.
    changed: RootSet,
}

impl<'a> Strand<'a> {
    fn read_header(&mut self, source: &Source) -> Outcome {
        let content = match source.open_header() {
            Ok(content) => content,
            Err(error) => return refused(source, &error.into()),
        };
        let parsed = parse(&content);
        // What begins as an archive begins is one, whatever a lenient reading makes of its first bytes.
        let is_plain = parsed
            .as_ref()
            .is_ok_and(|p| !p.notes.contains(&Note::NoPreamble));
        if !is_plain && let Some(kind) = ArchiveKind::of(&content) {
            return Outcome::Archive(kind);
        }
        let stamp = match &content {
            Content::File { stamp, .. } => Some(*stamp),
            Content::Part(_) | Content::Inflating(_) | Content::Memory(_) => None,
        };
        let parsed = match parsed {
            Ok(parsed) => parsed,
            Err(refusal) => {
                if refusal == Refusal::NotDicom
                    && let Some((index, stamp)) = self.where_kept(stamp)
                {
                    let name = index.name(source.path());
                    self.block.push(name, stamp, Entry::NotDicom);
                }
                return refused(source, &refusal);
            }
        };
        if parsed.media_class_uid.as_deref() == Some(MEDIA_STORAGE_DIRECTORY) {
            return Outcome::Directory(file_ids(&parsed));
        }
        let len = parsed.inflated.as_ref().unwrap_or(&content).len();
        match self.instance(source, parsed, len, stamp) {
            Ok(instance) => Outcome::Object(instance),
            Err(refusal) => refused(source, &refusal),
        }
    }

    /// The index and what tells the file, where it may be kept: it was at rest.
    fn where_kept(&self, stamp: Option<Stamp>) -> Option<(&'a FolderIndex, Stamp)> {
        let kept = self.index.zip(stamp);
        kept.filter(|(index, stamp)| index.is_at_rest(stamp))
    }

    fn instance(
        &mut self,
        source: &Source,
        parsed: Parsed,
        len: u64,
        stamp: Option<Stamp>,
    ) -> Result<Arc<Instance>, Refusal> {
        let difference = match &self.last {
            Some(last) => Difference::between(last, &parsed),
            None => Difference::Shape,
        };
        let changed = self.parts.go_on(&difference, &parsed.dataset);
        if let Some(pattern) = &mut self.pattern {
            pattern.changed.unite(&changed);
        }
        let instance = Instance::new(source.clone(), &parsed, len, &mut self.parts);
        let mut instance = match instance {
            Ok(instance) => instance,
            Err(refusal) => {
                // Nothing was made of this one, and the next is not compared with it.
                self.last = None;
                return Err(refusal);
            }
        };
        instance.stamp = stamp;
        let instance = Arc::new(instance);
        let may_be_kept = may_be_kept(&instance, &parsed);
        let parsed = Rc::new(Parsed {
            inflated: None,
            ..parsed
        });
        if let Some((index, stamp)) = self.where_kept(stamp)
            && may_be_kept
        {
            self.keep(index.name(source.path()), stamp, &parsed, &instance);
        }
        self.last = is_small(&parsed.dataset).then_some(parsed);
        Ok(instance)
    }

    /// Keeps an image: where it is like the pattern by its own values alone, else with its header, as the next pattern.
    fn keep(&mut self, name: &[u8], stamp: Stamp, parsed: &Rc<Parsed>, instance: &Arc<Instance>) {
        let pattern = self.pattern.as_ref();
        let own = pattern.and_then(|p| OwnValues::of(instance, &p.instance, p.changed));
        if let Some(own) = own {
            self.block.push(name, stamp, Entry::Like(&own));
            return;
        }
        let difference = match pattern {
            Some(pattern) => Difference::between(&pattern.parsed, parsed),
            None => Difference::Shape,
        };
        let entry = Entry::Header(parsed, &difference);
        if self.block.push(name, stamp, entry) {
            self.pattern = Some(Pattern {
                parsed: Rc::clone(parsed),
                instance: Arc::clone(instance),
                changed: RootSet::default(),
            });
        }
    }
}

/// Documents may be a first report, no word of which may lie anywhere while the case is blinded.
fn may_be_kept(instance: &Instance, parsed: &Parsed) -> bool {
    instance.document.is_none() && instance.pixels.is_some() && parsed.inflated.is_none()
}

pub(crate) fn refused(source: &Source, refusal: &Refusal) -> Outcome {
    // Files of other kinds lie in every folder; they are listed, but they are no fault of the study.
    let severity = match refusal {
        Refusal::NotDicom => Severity::Info,
        _ => Severity::Error,
    };
    let text = crate::scan::sentence(&refusal.to_string());
    let warning = Warning::new(refusal.code(), severity, text).at(source.shown_path());
    Outcome::Refused(Box::new(warning))
}
