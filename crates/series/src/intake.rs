use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::WalkDir;

use crate::dicomdir::read_dicomdir;
use crate::limits;
use crate::source::{Content, PositionedFile, Source, ZipEntry};
use crate::warning::{Severity, Warning};

/// Objects to look at, and what was left out on the way.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) sources: Vec<Source>,
    pub(crate) warnings: Vec<Warning>,
}

/// Finds everything below the named paths; folders are walked in the order of their names.
pub(crate) fn find(inputs: &[PathBuf], cancel: &(dyn Fn() -> bool + Sync)) -> Found {
    let mut found = Found::default();
    for input in inputs {
        match std::fs::metadata(input) {
            Ok(metadata) if metadata.is_dir() => found.folder(input, cancel),
            Ok(metadata) if metadata.is_file() => found.named_file(input, cancel),
            Ok(_) => found.warn(
                "not_a_file",
                "This is neither a file nor a folder, so it was left out.",
                input,
            ),
            Err(error) => {
                let text = format!(
                    "The path cannot be opened ({}); check it and try again.",
                    error.kind()
                );
                found
                    .warnings
                    .push(Warning::new("path_unreadable", Severity::Error, text).at(input));
            }
        }
    }
    // The same file named twice, or by its folder as well, is one file.
    let mut seen = std::collections::HashSet::new();
    found.sources.retain(|s| seen.insert(s.shown_path()));
    found
}

impl Found {
    fn warn(&mut self, code: &'static str, text: &str, path: &Path) {
        self.warnings
            .push(Warning::new(code, Severity::Warning, text).at(path));
    }

    fn named_file(&mut self, path: &Path, cancel: &(dyn Fn() -> bool + Sync)) {
        let is_directory_record = path
            .file_name()
            .is_some_and(|n| n.eq_ignore_ascii_case("DICOMDIR"));
        if is_directory_record {
            self.dicomdir(path, cancel);
        } else {
            self.file(path);
        }
    }

    fn file(&mut self, path: &Path) {
        if is_zip(path) {
            self.zip(path)
        } else {
            self.sources.push(Source::File(path.to_owned()))
        }
    }

    fn folder(&mut self, root: &Path, cancel: &(dyn Fn() -> bool + Sync)) {
        let resolved_root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let walk = WalkDir::new(root)
            .follow_links(false)
            .max_depth(limits::MAX_FOLDER_DEPTH)
            .sort_by_file_name();
        for entry in walk {
            if cancel() {
                return;
            }
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().unwrap_or(root).to_owned();
                    self.warn(
                        "folder_unreadable",
                        "This folder cannot be read, so it was left out; check its permissions.",
                        &path,
                    );
                    continue;
                }
            };
            if limits::MAX_FILES <= self.sources.len() {
                self.warn("too_many_files", "The folder holds more files than allowed; the rest was left out. Open a part of it.", root);
                return;
            }
            let path = entry.path();
            if entry.file_type().is_symlink() {
                self.link(path, &resolved_root);
            } else if entry.file_type().is_file() {
                self.file(path);
            }
        }
    }

    /// A link counts when it leads to a regular file below the folder that was named, and not otherwise.
    fn link(&mut self, path: &Path, resolved_root: &Path) {
        match path.canonicalize() {
            Ok(target) if target.starts_with(resolved_root) && target.is_file() => self.file(path),
            Ok(target) if target.starts_with(resolved_root) => {}
            Ok(_) => self.warn(
                "link_outside",
                "This link leads outside the folder, so it was not followed.",
                path,
            ),
            Err(_) => self.warn(
                "link_broken",
                "This link leads nowhere; a file may be missing.",
                path,
            ),
        }
    }

    fn dicomdir(&mut self, path: &Path, cancel: &(dyn Fn() -> bool + Sync)) {
        let folder = path.parent().unwrap_or(Path::new(".")).to_owned();
        match read_dicomdir(path) {
            Ok(listing) if !listing.files.is_empty() => {
                for missing in listing.missing {
                    self.warn("dicomdir_file_missing", "The DICOMDIR names this file and it is not there; the study may be incomplete.", &missing);
                }
                for refused in listing.refused {
                    let text = "The DICOMDIR names a file outside its own folder; it was not read.";
                    self.warnings.push(
                        Warning::new("dicomdir_path_refused", Severity::Warning, text)
                            .at(path.join(refused)),
                    );
                }
                listing.files.iter().for_each(|f| self.file(f));
            }
            _ => {
                let text = "The DICOMDIR cannot be read or names no file that is there; its whole folder was searched instead.";
                self.warn("dicomdir_unreadable", text, path);
                self.folder(&folder, cancel);
            }
        }
    }

    fn zip(&mut self, path: &Path) {
        let archive = PositionedFile::open(path)
            .ok()
            .and_then(|file| zip::ZipArchive::new(file).ok());
        let Some(archive) = archive else {
            self.warn(
                "zip_unreadable",
                "This zip archive is damaged and cannot be read; copy it again from where it came.",
                path,
            );
            return;
        };
        if limits::MAX_ARCHIVE_ENTRIES < archive.len() {
            self.warn(
                "too_many_files",
                "The archive holds more entries than allowed, so it was left out.",
                path,
            );
            return;
        }
        let mut directory = archive.clone();
        for entry_idx in 0..directory.len() {
            let Ok(entry) = directory.by_index_raw(entry_idx) else {
                self.warn(
                    "zip_entry_unreadable",
                    "An entry of this archive cannot be read, so it was left out.",
                    path,
                );
                continue;
            };
            let name = entry.name().map(|n| n.into_owned()).unwrap_or_default();
            let (is_file, is_link, encrypted) =
                (entry.is_file(), entry.is_symlink(), entry.encrypted());
            // Nothing is ever extracted, yet a name that points outside marks an archive made to do harm.
            let is_inside = is_inside_archive(&name);
            drop(entry);
            if !is_inside {
                self.warn(
                    "zip_path_refused",
                    "An entry of this archive points outside the archive; it was not read.",
                    path,
                );
            } else if is_link {
                self.warn(
                    "zip_link_refused",
                    "An entry of this archive is a link; it was not read.",
                    path,
                );
            } else if encrypted {
                self.warn(
                    "zip_encrypted",
                    "An entry of this archive is encrypted; decrypt the archive and open it again.",
                    path,
                );
            } else if is_file {
                let entry = ZipEntry::new(path.to_owned(), name, entry_idx, archive.clone());
                self.sources.push(Source::ZipEntry(Arc::new(entry)));
            }
        }
    }
}

/// A relative name that never goes up; both kinds of slashes separate, since archives of either kind are met.
fn is_inside_archive(name: &str) -> bool {
    let is_absolute = name.starts_with(['/', '\\']) || name.get(1..2) == Some(":");
    !name.is_empty() && !is_absolute && !name.split(['/', '\\']).any(|part| part == "..")
}

/// Begins with the signature of a zip entry, or of an empty archive.
fn is_zip(path: &Path) -> bool {
    let mut head = [0; 4];
    let Ok(content) = Content::open(path) else {
        return false;
    };
    content.read_exact_at(0, &mut head).is_ok() && matches!(&head, b"PK\x03\x04" | b"PK\x05\x06")
}
