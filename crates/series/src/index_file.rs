use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use crate::limits;

const SUFFIX: &str = "headers";

/// The file in which the headers of one folder are kept.
#[derive(Debug)]
pub(crate) struct IndexFile {
    /// Where it lies, among the files of other folders.
    folder: PathBuf,
    path: PathBuf,
    root: PathBuf,
    resolved_root: Vec<u8>,
}

impl IndexFile {
    /// That of `root`, in the folder of all; `None` where the root's real path cannot be told.
    pub(crate) fn of(root: &Path, folder: &Path) -> Option<Self> {
        let resolved = root.canonicalize().ok()?;
        let resolved_root = resolved.as_os_str().as_encoded_bytes().to_vec();
        let name = Sha256::digest(&resolved_root);
        let name: String = name.iter().take(12).map(|b| format!("{b:02x}")).collect();
        Some(Self {
            folder: folder.to_owned(),
            path: folder.join(format!("{name}.{SUFFIX}")),
            root: root.to_owned(),
            resolved_root,
        })
    }

    /// The folder whose headers it keeps, as it was named.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The bytes of that folder's real path.
    pub(crate) fn resolved_root(&self) -> &[u8] {
        &self.resolved_root
    }

    /// Is there one that could be read?
    pub(crate) fn is_there(&self) -> bool {
        std::fs::metadata(&self.path)
            .is_ok_and(|m| m.is_file() && m.len() <= limits::MAX_INDEX_FILE_BYTES)
    }

    /// All of it; empty when it cannot be read.
    pub(crate) fn read(&self) -> Vec<u8> {
        let bytes = self.is_there().then(|| std::fs::read(&self.path).ok());
        bytes.flatten().unwrap_or_default()
    }

    /// Writes it anew. What fails is left: the next scan reads the files.
    pub(crate) fn replace(&self, bytes: &[u8]) {
        if bytes.len() as u64 <= limits::MAX_INDEX_FILE_BYTES
            && write_atomically(&self.path, bytes).is_ok()
        {
            forget_oldest(&self.folder, &self.path);
        }
    }
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
pub(crate) fn index_files(folder: &Path) -> Vec<(SystemTime, u64, PathBuf)> {
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
