use std::ffi::OsString;
use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::limits;
use crate::threads::pool;
use crate::warning::{Severity, Warning};

/// The regular files below a folder, in the order of their names, and what was left out.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    pub(crate) files: Vec<PathBuf>,
    pub(crate) warnings: Vec<Warning>,
}

/// One folder: its files and folders in the order of their names.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    pub(crate) items: Vec<Item>,
    warnings: Vec<Warning>,
}

#[derive(Debug)]
pub(crate) enum Item {
    File(PathBuf),
    Folder(PathBuf),
}

/// A folder on the way: what it holds, with its folders as places in the list of all.
#[derive(Default)]
struct Node {
    items: Vec<NodeItem>,
}

enum NodeItem {
    File(PathBuf),
    Folder(usize),
}

/// Walks a folder tree level by level, the folders of a level in parallel.
pub(crate) fn walk_folder(root: &Path, cancel: &(dyn Fn() -> bool + Sync)) -> Walked {
    let resolved_root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let mut walked = Walked::default();
    let mut nodes = vec![Node::default()];
    let mut level = vec![(0, root.to_owned())];
    let mut n_files = 0;
    for depth in 0.. {
        if level.is_empty() || cancel() {
            break;
        }
        if limits::MAX_FOLDER_DEPTH < depth {
            let text =
                "Folders lie deeper in each other than is looked; open the inner one by itself.";
            walked.warn("folder_too_deep", text, root);
            break;
        }
        let list = |(at, path): (usize, PathBuf)| (at, list_folder(&path, &resolved_root));
        let folders: Vec<(usize, Folder)> =
            pool().install(|| level.into_par_iter().map(list).collect());
        level = Vec::new();
        for (at, folder) in folders {
            walked.warnings.extend(folder.warnings);
            let items = folder.items.into_iter().map(|item| match item {
                Item::File(path) => {
                    n_files += 1;
                    NodeItem::File(path)
                }
                Item::Folder(path) => {
                    nodes.push(Node::default());
                    level.push((nodes.len() - 1, path));
                    NodeItem::Folder(nodes.len() - 1)
                }
            });
            let items = items.collect();
            if let Some(node) = nodes.get_mut(at) {
                node.items = items;
            }
        }
        if limits::MAX_FILES < n_files.max(nodes.len()) {
            let text = "The folder holds more files than allowed; the rest was left out. Open a part of it.";
            walked.warn("too_many_files", text, root);
            break;
        }
    }
    walked.files = in_order(nodes);
    walked.files.truncate(limits::MAX_FILES);
    walked
}

impl Walked {
    fn warn(&mut self, code: &'static str, text: &str, path: &Path) {
        self.warnings
            .push(Warning::new(code, Severity::Warning, text).at(path));
    }
}

/// The files of the tree, each folder's content where its name stands.
fn in_order(mut nodes: Vec<Node>) -> Vec<PathBuf> {
    let take = |nodes: &mut Vec<Node>, idx: usize| {
        let node = nodes.get_mut(idx).map(std::mem::take);
        node.unwrap_or_default().items.into_iter()
    };
    let mut files = Vec::new();
    let mut open = vec![take(&mut nodes, 0)];
    while let Some(items) = open.last_mut() {
        match items.next() {
            Some(NodeItem::File(path)) => files.push(path),
            Some(NodeItem::Folder(idx)) => {
                let inner = take(&mut nodes, idx);
                open.push(inner);
            }
            None => drop(open.pop()),
        }
    }
    files
}

/// Lists one folder without opening any of its files.
pub(crate) fn list_folder(path: &Path, resolved_root: &Path) -> Folder {
    let mut folder = Folder::default();
    let unreadable = "This folder cannot be read, so it was left out; check its permissions.";
    let listing = match std::fs::read_dir(path) {
        Ok(listing) => listing,
        Err(_) => {
            folder.warn("folder_unreadable", unreadable, path);
            return folder;
        }
    };
    let mut entries: Vec<(OsString, DirEntry)> = Vec::new();
    for entry in listing.take(limits::MAX_FILES) {
        match entry {
            Ok(entry) => entries.push((entry.file_name(), entry)),
            Err(_) => folder.warn("folder_unreadable", unreadable, path),
        }
    }
    entries.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    for (name, entry) in entries {
        let path = path.join(name);
        match entry.file_type() {
            Ok(kind) if kind.is_file() => folder.items.push(Item::File(path)),
            Ok(kind) if kind.is_dir() => folder.items.push(Item::Folder(path)),
            Ok(kind) if kind.is_symlink() => folder.link(path, resolved_root),
            Ok(_) => folder.warn("not_a_file", NOT_A_FILE, &path),
            Err(_) => folder.warn("folder_unreadable", unreadable, &path),
        }
    }
    folder
}

pub(crate) const NOT_A_FILE: &str = "This is neither a file nor a folder, so it was left out.";

impl Folder {
    fn warn(&mut self, code: &'static str, text: &str, path: &Path) {
        self.warnings
            .push(Warning::new(code, Severity::Warning, text).at(path));
    }

    /// A link counts when it leads to a regular file below the folder that was named, and not otherwise.
    fn link(&mut self, path: PathBuf, resolved_root: &Path) {
        match path.canonicalize() {
            Ok(target) if target.starts_with(resolved_root) && target.is_file() => {
                self.items.push(Item::File(path))
            }
            Ok(target) if target.starts_with(resolved_root) => {}
            Ok(_) => {
                let text = "This link leads outside the folder, so it was not followed.";
                self.warn("link_outside", text, &path)
            }
            Err(_) => {
                let text = "This link leads nowhere; a file may be missing.";
                self.warn("link_broken", text, &path)
            }
        }
    }
}
