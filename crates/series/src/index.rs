use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::headers::Outcome;
use crate::index_block::{BlockReader, BlockWriter, Known, Record};
use crate::index_bytes::{Broken, Reader, put_bytes, put_number};
use crate::limits;
use crate::source::Source;
use crate::stamp::Stamp;
use crate::threads::pool;

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

const SUFFIX: &str = "headers";
const MAGIC: &[u8; 8] = b"OVRHDRS1";

/// A file changed less than this before the scan may change again within the same tick of the file system's clock.
const TICK_NS: i128 = 100_000_000;

/// As above, where the file system counts in seconds or two of them.
const COARSE_TICK_NS: i128 = 2_000_000_000;

/// Changes with whatever decides what a kept header is: headers kept by other code are dropped.
const FINGERPRINT: u64 = fingerprint(&[
    env!("CARGO_PKG_VERSION").as_bytes(),
    include_bytes!("dataset.rs"),
    include_bytes!("element_header.rs"),
    include_bytes!("index_block.rs"),
    include_bytes!("limits.rs"),
    include_bytes!("prescan.rs"),
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
    folder: PathBuf,
    path: PathBuf,
    root: PathBuf,
    resolved_root: Vec<u8>,
    now_ns: i128,
    blocks: Vec<Vec<u8>>,
}

/// What the index knew of the files that were found.
pub(crate) struct Recalled {
    /// In the order of the sources; `None` where the file has to be read.
    pub(crate) outcomes: Vec<Option<Outcome>>,
    /// The blocks as they are to be kept.
    blocks: Vec<Vec<u8>>,
    is_changed: bool,
}

impl FolderIndex {
    /// Opens the index of a folder. One that is absent, damaged or made by other code is empty.
    pub(crate) fn load(index: &HeaderIndex, root: &Path) -> Option<Self> {
        let resolved = root.canonicalize().ok()?;
        let resolved_root = resolved.as_os_str().as_encoded_bytes().to_vec();
        let name = Sha256::digest(&resolved_root);
        let name: String = name.iter().take(12).map(|b| format!("{b:02x}")).collect();
        let path = index.folder.join(format!("{name}.{SUFFIX}"));
        let now_ns = match index.now.duration_since(UNIX_EPOCH) {
            // Nanoseconds since 1970 stay below 2^94.
            Ok(since) => since.as_nanos() as i128,
            Err(_) => 0,
        };
        let is_small = std::fs::metadata(&path)
            .is_ok_and(|m| m.is_file() && m.len() <= limits::MAX_INDEX_FILE_BYTES);
        let bytes = is_small.then(|| std::fs::read(&path).ok()).flatten();
        let blocks = bytes
            .and_then(|bytes| blocks_of(&bytes, &resolved_root).ok())
            .unwrap_or_default();
        Some(Self {
            folder: index.folder.clone(),
            path,
            root: root.to_owned(),
            resolved_root,
            now_ns,
            blocks,
        })
    }

    /// The name by which a file is kept: its path below the folder.
    pub(crate) fn name<'p>(&self, path: &'p Path) -> &'p [u8] {
        let bytes = path.as_os_str().as_encoded_bytes();
        let root = self.root.as_os_str().as_encoded_bytes();
        let below = bytes.strip_prefix(root).unwrap_or(bytes);
        below.strip_prefix(b"/").unwrap_or(below)
    }

    /// May a file with this stamp be kept: was it at rest when it was read?
    pub(crate) fn is_at_rest(&self, stamp: &Stamp) -> bool {
        let is_coarse = stamp.changed_ns % 1_000_000_000 == 0;
        let tick = if is_coarse { COARSE_TICK_NS } else { TICK_NS };
        stamp.modified_ns.max(stamp.changed_ns) + tick < self.now_ns
    }

    /// Looks the files up, block by block in parallel. `make` makes sense of a header.
    pub(crate) fn recall(
        &self,
        sources: &[Source],
        make: &(dyn Fn(&Source, &Known, Stamp) -> Option<Outcome> + Sync),
        cancel: &(dyn Fn() -> bool + Sync),
    ) -> Recalled {
        let mut recalled = Recalled {
            outcomes: sources.iter().map(|_| None).collect(),
            blocks: Vec::new(),
            is_changed: false,
        };
        if self.blocks.is_empty() {
            return recalled;
        }
        let places: HashMap<&[u8], usize> = sources
            .iter()
            .enumerate()
            .filter(|(_, source)| source.entry().is_none())
            .map(|(idx, source)| (self.name(source.path()), idx))
            .collect();
        let look_up = |block: &Vec<u8>| match cancel() {
            true => (Vec::new(), Some(block.clone())),
            false => self.look_up(block, sources, &places, make),
        };
        let looked_up: Vec<_> = pool().install(|| self.blocks.par_iter().map(look_up).collect());
        for ((found, kept), before) in looked_up.into_iter().zip(&self.blocks) {
            recalled.is_changed |= kept.as_ref() != Some(before);
            recalled.blocks.extend(kept);
            for (idx, outcome) in found {
                if let Some(place) = recalled.outcomes.get_mut(idx) {
                    *place = Some(outcome);
                }
            }
        }
        recalled
    }

    /// The files of a block that are as they were, and the block as it is to be kept.
    fn look_up(
        &self,
        block: &[u8],
        sources: &[Source],
        places: &HashMap<&[u8], usize>,
        make: &(dyn Fn(&Source, &Known, Stamp) -> Option<Outcome> + Sync),
    ) -> (Vec<(usize, Outcome)>, Option<Vec<u8>>) {
        let mut found = Vec::new();
        let mut is_whole = true;
        let outcome = |record: &Record| {
            let idx = *places.get(record.name.as_slice())?;
            let source = sources.get(idx)?;
            let now = Stamp::of(&std::fs::metadata(source.path()).ok()?);
            match now == record.stamp {
                true => Some((idx, make(source, &record.known, now)?)),
                false => None,
            }
        };
        let each = each_record(block, |record| {
            let outcome = outcome(&record);
            is_whole &= outcome.is_some();
            found.extend(outcome);
        });
        if each.is_err() {
            // Its checksum was right, so that this is an error of ours; what was read of it is not trusted.
            return (Vec::new(), None);
        }
        if is_whole {
            return (found, Some(block.to_vec()));
        }
        let names: HashSet<&[u8]> = found
            .iter()
            .filter_map(|(idx, _)| sources.get(*idx))
            .map(|source| self.name(source.path()))
            .collect();
        let kept = without_others(block, &names);
        (found, Some(kept).filter(|b| !b.is_empty()))
    }

    /// Writes the index anew when there is anything new. What fails is left: the next scan reads the files.
    pub(crate) fn save(&self, recalled: Recalled, new: Vec<BlockWriter>) {
        let Recalled {
            mut blocks,
            is_changed,
            ..
        } = recalled;
        let n_before = blocks.len();
        blocks.extend(new.into_iter().map(|w| w.bytes).filter(|b| !b.is_empty()));
        if !is_changed && blocks.len() == n_before {
            return;
        }
        let mut out = MAGIC.to_vec();
        out.extend(FINGERPRINT.to_le_bytes());
        put_bytes(&mut out, &self.resolved_root);
        put_number(&mut out, blocks.len() as u64);
        for block in &blocks {
            put_number(&mut out, u64::from(crc32fast::hash(block)));
            put_bytes(&mut out, block);
        }
        if out.len() as u64 <= limits::MAX_INDEX_FILE_BYTES
            && write_atomically(&self.path, &out).is_ok()
        {
            forget_oldest(&self.folder, &self.path);
        }
    }
}

fn each_record(block: &[u8], mut take: impl FnMut(Record)) -> Result<(), Broken> {
    let mut reader = BlockReader::new(block);
    while let Some(record) = reader.next()? {
        take(record);
    }
    Ok(())
}

/// The block without the files that are not among the names.
fn without_others(block: &[u8], names: &HashSet<&[u8]>) -> Vec<u8> {
    let mut writer = BlockWriter::default();
    let copied = each_record(block, |record| {
        if names.contains(record.name.as_slice()) {
            let header = match &record.known {
                Known::Header(header) => Some(header.as_ref()),
                Known::NotDicom => None,
            };
            writer.push(&record.name, record.stamp, header);
        }
    });
    copied.map(|()| writer.bytes).unwrap_or_default()
}

fn blocks_of(bytes: &[u8], resolved_root: &[u8]) -> Result<Vec<Vec<u8>>, Broken> {
    let mut reader = Reader::new(bytes);
    let is_ours = reader.take(MAGIC.len())? == MAGIC
        && u64::from_le_bytes(reader.array()?) == FINGERPRINT
        && reader.bytes()? == resolved_root;
    if !is_ours {
        return Err(Broken);
    }
    let mut blocks = Vec::new();
    for _ in 0..reader.number()? {
        let checksum = reader.number()?;
        let block = reader.bytes()?;
        if u64::from(crc32fast::hash(block)) != checksum {
            return Err(Broken);
        }
        blocks.push(block.to_vec());
    }
    Ok(blocks)
}

/// Puts a whole new file in the place of the old one, so that another process sees either.
fn write_atomically(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    create_private_folder(folder)?;
    static N_WRITTEN: AtomicU64 = AtomicU64::new(0);
    let nth = N_WRITTEN.fetch_add(1, Ordering::Relaxed);
    let unfinished = path.with_extension(format!("{}-{nth}.unfinished", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .open(&unfinished)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| std::fs::rename(&unfinished, path));
    if written.is_err() {
        // Nothing to be done if even that fails: the next write truncates it.
        let _ = std::fs::remove_file(&unfinished);
    }
    written
}

fn create_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The files of an index, oldest first, with their sizes in bytes.
fn index_files(folder: &Path) -> Vec<(SystemTime, u64, PathBuf)> {
    let listing = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = listing
        .filter(|entry| {
            let name = entry.file_name();
            let name = Path::new(&name);
            name.extension()
                .is_some_and(|e| e == SUFFIX || e == "unfinished")
        })
        .filter_map(|entry| {
            let metadata = entry.metadata().ok().filter(|m| m.is_file())?;
            Some((metadata.modified().ok()?, metadata.len(), entry.path()))
        })
        .collect();
    files.sort();
    files
}

/// Keeps the whole index within its bound.
fn forget_oldest(folder: &Path, newest: &Path) {
    let files = index_files(folder);
    let mut total: u64 = files.iter().map(|(_, len, _)| len).sum();
    for (_, len, path) in files {
        if total <= limits::MAX_INDEX_BYTES {
            return;
        }
        if path != newest && std::fs::remove_file(&path).is_ok() {
            total -= len;
        }
    }
}
