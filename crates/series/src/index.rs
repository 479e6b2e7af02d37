use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::SystemTime;

use rayon::prelude::*;

use crate::headers::Outcome;
use crate::index_block::{BlockReader, BlockWriter, Record, without_others};
use crate::index_bytes::{Broken, Reader, put_bytes, put_number};
use crate::index_file::{IndexFile, index_files};
use crate::instance::Instance;
use crate::limits;
use crate::remaker::Remaker;
use crate::source::Source;
use crate::stamp::{Stamp, nanoseconds};
use crate::threads::{make_room, pool};

/// Where headers of folders that were scanned are kept, so that a known folder opens at once.
///
/// The index is never believed over the files: each file is looked up by its path, size, times and identity, and one
/// that differs in any of them is read again. It holds the headers of images, patients' names among them, and so is
/// readable by its owner alone; documents, which may be a first report, are never kept in it.
#[derive(Clone, Debug)]
pub struct HeaderIndex {
    /// The folder of the index; made when needed. One file in it a scanned folder.
    pub folder: PathBuf,
    /// The time now. Files changed in the last moment are not kept: they may be changed again without its showing.
    pub now: SystemTime,
}

impl HeaderIndex {
    /// Forgets every header.
    ///
    /// # Errors
    /// When a file of the index cannot be removed.
    pub fn clear(folder: &Path) -> std::io::Result<()> {
        index_files(folder)
            .into_iter()
            .try_for_each(|(_, _, path)| std::fs::remove_file(path))
    }
}

const MAGIC: &[u8; 8] = b"OVRHDRS3";

/// A file changed less than this before the scan may change again within the same tick of the file system's clock.
const TICK_NS: i64 = 100_000_000;

/// As above, where the file system counts in seconds or two of them.
const COARSE_TICK_NS: i64 = 2_000_000_000;

/// Changes with whatever decides what a kept header is: headers kept by other code are dropped.
const FINGERPRINT: u64 = fingerprint(&[
    env!("CARGO_PKG_VERSION").as_bytes(),
    include_bytes!("dataset.rs"),
    include_bytes!("difference.rs"),
    include_bytes!("element_header.rs"),
    include_bytes!("frame.rs"),
    include_bytes!("frames.rs"),
    include_bytes!("header_parts.rs"),
    include_bytes!("index_block.rs"),
    include_bytes!("instance.rs"),
    include_bytes!("limits.rs"),
    include_bytes!("number.rs"),
    include_bytes!("own_values.rs"),
    include_bytes!("prescan.rs"),
    include_bytes!("root_set.rs"),
    include_bytes!("shared_facts.rs"),
    include_bytes!("syntax.rs"),
    include_bytes!("tags.rs"),
    include_bytes!("walk.rs"),
]);

/// FNV-1a, which can be computed while compiling.
const fn fingerprint(parts: &[&[u8]]) -> u64 {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    let mut part_idx = 0;
    while part_idx < parts.len() {
        let part = parts[part_idx];
        let mut at = 0;
        while at < part.len() {
            hash = (hash ^ part[at] as u64).wrapping_mul(0x0100_0000_01B3);
            at += 1;
        }
        part_idx += 1;
    }
    hash
}

/// The kept headers of one folder.
pub(crate) struct FolderIndex {
    place: IndexFile,
    now_ns: i64,
    file: Vec<u8>,
    blocks: Vec<Block>,
    /// What the file system said of the files that were found, in their order, where it was asked with their names.
    stamps: Vec<Option<Stamp>>,
}

/// A run of files, as they followed each other when they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Block {
    n_files: usize,
    /// Where it lies in the index's file.
    bytes: Range<usize>,
    /// CRC-32 of these bytes, as it was written.
    checksum: u64,
}

/// A block as it is to be kept.
enum Kept {
    /// As it lies in the file.
    AsIs(Block),
    Rewritten {
        n_files: usize,
        bytes: Vec<u8>,
    },
}

impl Kept {
    fn rewritten(writer: BlockWriter) -> Self {
        Self::Rewritten {
            n_files: writer.n_files,
            bytes: writer.bytes,
        }
    }
}

/// What the index knew of the files that were found.
pub(crate) struct Recalled {
    /// In the order of the sources; `None` where the file has to be read.
    pub(crate) outcomes: Vec<Option<Outcome>>,
    kept: Vec<Kept>,
    is_changed: bool,
}

/// The files that were found, by the names that the index knows them by.
struct Places<'a> {
    index: &'a FolderIndex,
    sources: &'a [Source],
    by_name: OnceLock<HashMap<&'a [u8], usize>>,
}

impl<'a> Places<'a> {
    /// Where the file of that name is; `guess` is where it is in a folder that did not change.
    fn find(&self, name: &[u8], guess: usize) -> Option<usize> {
        let name_of = |source: &'a Source| {
            let is_file = source.entry().is_none();
            is_file.then(|| self.index.name(source.path()))
        };
        if self.sources.get(guess).and_then(name_of) == Some(name) {
            return Some(guess);
        }
        let by_name = self.by_name.get_or_init(|| {
            let named = self.sources.iter().enumerate();
            named
                .filter_map(|(idx, source)| Some((name_of(source)?, idx)))
                .collect()
        });
        by_name.get(name).copied()
    }
}

impl FolderIndex {
    /// Opens the index of a folder. One that is absent, damaged or made by other code is empty.
    pub(crate) fn load(place: IndexFile, now: SystemTime) -> Self {
        let file = place.read();
        let blocks = blocks_of(&file, place.resolved_root()).unwrap_or_default();
        Self {
            place,
            now_ns: nanoseconds(now),
            file,
            blocks,
            stamps: Vec::new(),
        }
    }

    /// Takes what the file system said of the files that are going to be looked up, in their order.
    pub(crate) fn with_stamps(self, stamps: Vec<Option<Stamp>>) -> Self {
        Self { stamps, ..self }
    }

    /// The name by which a file is kept: its path below the folder.
    pub(crate) fn name<'p>(&self, path: &'p Path) -> &'p [u8] {
        let bytes = path.as_os_str().as_encoded_bytes();
        let root = self.place.root().as_os_str().as_encoded_bytes();
        let below = bytes.strip_prefix(root).unwrap_or(bytes);
        below.strip_prefix(b"/").unwrap_or(below)
    }

    /// May a file with this stamp be kept: was it at rest when it was read?
    pub(crate) fn is_at_rest(&self, stamp: &Stamp) -> bool {
        let is_coarse = stamp.changed_ns % 1_000_000_000 == 0;
        let tick = if is_coarse { COARSE_TICK_NS } else { TICK_NS };
        stamp.modified_ns.max(stamp.changed_ns).saturating_add(tick) < self.now_ns
    }

    /// Looks the files up, block by block in parallel. `told` hears how many were found in each, and stops it by `true`.
    pub(crate) fn recall(
        &self,
        sources: &[Source],
        told: &(dyn Fn(usize) -> bool + Sync),
    ) -> Recalled {
        let mut recalled = Recalled {
            outcomes: sources.iter().map(|_| None).collect(),
            kept: Vec::new(),
            is_changed: false,
        };
        let places = Places {
            index: self,
            sources,
            by_name: OnceLock::new(),
        };
        let mut n_before = 0;
        let blocks = self.blocks.iter().map(|block| {
            n_before += block.n_files;
            (block, n_before - block.n_files)
        });
        let blocks: Vec<(&Block, usize)> = blocks.collect();
        let look_up = |(block, first): (&Block, usize)| {
            if told(0) {
                return (Vec::new(), Some(Kept::AsIs(block.clone())));
            }
            let looked_up = self.look_up(block, first, &places);
            told(looked_up.0.len());
            looked_up
        };
        let looked_up: Vec<_> = pool().install(|| blocks.into_par_iter().map(look_up).collect());
        for (found, kept) in looked_up {
            recalled.is_changed |= !matches!(kept, Some(Kept::AsIs(_)));
            recalled.kept.extend(kept);
            for (idx, outcome) in found {
                if let Some(place) = recalled.outcomes.get_mut(idx) {
                    *place = Some(outcome);
                }
            }
        }
        recalled
    }

    /// The files of a block that are as they were, and the block as it is to be kept. In a folder that did not change
    /// the first of its files is at `first`.
    fn look_up(
        &self,
        block: &Block,
        first: usize,
        places: &Places<'_>,
    ) -> (Vec<(usize, Outcome)>, Option<Kept>) {
        let bytes = self.file.get(block.bytes.clone()).unwrap_or_default();
        if u64::from(crc32fast::hash(bytes)) != block.checksum {
            return (Vec::new(), None);
        }
        let mut found = Vec::with_capacity(block.n_files.min(places.sources.len()));
        let mut is_whole = true;
        make_room(block.n_files.saturating_mul(size_of::<Instance>()));
        let mut remaker = Remaker::default();
        let mut next = first;
        let each = each_record(bytes, |record| {
            let idx = places.find(record.name, next);
            let source = idx.and_then(|idx| places.sources.get(idx));
            let stamp = idx.and_then(|idx| *self.stamps.get(idx)?);
            let is_unchanged = |source: &Source| match stamp {
                Some(stamp) => stamp == record.stamp,
                None => std::fs::metadata(source.path())
                    .is_ok_and(|now| Stamp::of(&now) == record.stamp),
            };
            let source = source.filter(|source| is_unchanged(source));
            let outcome = remaker.outcome(source, &record);
            is_whole &= outcome.is_some();
            next = idx.unwrap_or(next) + 1;
            found.extend(idx.zip(outcome));
        });
        if each.is_err() {
            // Its checksum was right, so that this is an error of ours; what was read of it is not trusted.
            return (Vec::new(), None);
        }
        if is_whole {
            return (found, Some(Kept::AsIs(block.clone())));
        }
        let names: HashSet<&[u8]> = found
            .iter()
            .filter_map(|(idx, _)| places.sources.get(*idx))
            .map(|source| self.name(source.path()))
            .collect();
        let kept = without_others(bytes, |name| names.contains(name));
        let kept = kept.ok().filter(|writer| 0 < writer.n_files);
        (found, kept.map(Kept::rewritten))
    }

    /// Writes the index anew when there is anything new. What fails is left: the next scan reads the files.
    pub(crate) fn save(&self, recalled: Recalled, new: Vec<BlockWriter>) {
        let n_before = recalled.kept.len();
        let mut kept = recalled.kept;
        kept.extend(
            new.into_iter()
                .filter(|w| 0 < w.n_files)
                .map(Kept::rewritten),
        );
        if !recalled.is_changed && kept.len() == n_before {
            return;
        }
        let mut out = MAGIC.to_vec();
        out.extend(FINGERPRINT.to_le_bytes());
        put_bytes(&mut out, self.place.resolved_root());
        put_number(&mut out, kept.len() as u64);
        for block in &kept {
            let (n_files, bytes) = match block {
                Kept::AsIs(block) => {
                    let bytes = self.file.get(block.bytes.clone()).unwrap_or_default();
                    (block.n_files, bytes)
                }
                Kept::Rewritten { n_files, bytes } => (*n_files, bytes.as_slice()),
            };
            put_number(&mut out, u64::from(crc32fast::hash(bytes)));
            put_number(&mut out, n_files as u64);
            put_bytes(&mut out, bytes);
        }
        self.place.replace(&out);
    }
}

fn each_record(block: &[u8], mut take: impl FnMut(Record<'_>)) -> Result<(), Broken> {
    let mut reader = BlockReader::new(block);
    while let Some(record) = reader.next()? {
        take(record);
    }
    Ok(())
}

fn blocks_of(file: &[u8], resolved_root: &[u8]) -> Result<Vec<Block>, Broken> {
    let mut reader = Reader::new(file);
    let is_ours = reader.take(MAGIC.len())? == MAGIC
        && u64::from_le_bytes(reader.array()?) == FINGERPRINT
        && reader.bytes()? == resolved_root;
    if !is_ours {
        return Err(Broken);
    }
    let mut blocks = Vec::new();
    for _ in 0..reader.number()? {
        let checksum = reader.number()?;
        let n_files = usize::try_from(reader.number()?).map_err(|_| Broken)?;
        let block = reader.bytes()?;
        if limits::MAX_FILES < n_files {
            return Err(Broken);
        }
        let end = file.len() - reader.n_left();
        blocks.push(Block {
            n_files,
            bytes: end - block.len()..end,
            checksum,
        });
    }
    Ok(blocks)
}
