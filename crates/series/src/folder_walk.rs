use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::limits;
use crate::listing::{Ask, Kind, Listed, Listing};
use crate::source::Source;
use crate::stamp::Stamp;
use crate::threads::pool;
use crate::warning::{Severity, Warning};

/// The regular files below a folder, in the order of their names, and what was left out.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    pub(crate) files: Vec<Source>,
    /// What the file system said of each of them, where it was asked.
    pub(crate) stamps: Vec<Option<Stamp>>,
    pub(crate) warnings: Vec<Warning>,
}

/// A regular file, and what the file system said of it, where that was asked and is to be had with its name.
#[derive(Debug)]
pub(crate) struct WalkedFile {
    pub(crate) path: Arc<Path>,
    pub(crate) stamp: Option<Stamp>,
}

/// One folder: its files and folders in the order of their names.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    pub(crate) items: Vec<Item>,
    warnings: Vec<Warning>,
}

#[derive(Debug)]
pub(crate) enum Item {
    File(WalkedFile),
    Folder(Arc<Path>),
}

/// A folder on the way: what it holds, with its folders as places in the list of all.
#[derive(Default)]
struct Node {
    items: Vec<NodeItem>,
}

enum NodeItem {
    File(WalkedFile),
    Folder(usize),
}

/// Walks a folder tree level by level, the folders of a level in parallel.
pub(crate) fn walk_folder(root: &Path, ask: Ask, cancel: &(dyn Fn() -> bool + Sync)) -> Walked {
    let resolved_root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let mut walked = Walked::default();
    let mut nodes = vec![Node::default()];
    let mut level: Vec<(usize, Arc<Path>)> = vec![(0, Arc::from(root))];
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
        let list = |(at, path): (usize, Arc<Path>)| (at, list_folder(&path, &resolved_root, ask));
        let folders: Vec<(usize, Folder)> =
            pool().install(|| level.into_par_iter().map(list).collect());
        level = Vec::new();
        for (at, folder) in folders {
            walked.warnings.extend(folder.warnings);
            let items = folder.items.into_iter().map(|item| match item {
                Item::File(file) => {
                    n_files += 1;
                    NodeItem::File(file)
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
    walked.take_in_order(nodes, n_files);
    walked.files.truncate(limits::MAX_FILES);
    walked
}

impl Walked {
    fn warn(&mut self, code: &'static str, text: &str, path: &Path) {
        self.warnings
            .push(Warning::new(code, Severity::Warning, text).at(path));
    }

    /// Takes the files of the tree, each folder's content where its name stands.
    fn take_in_order(&mut self, mut nodes: Vec<Node>, n_files: usize) {
        let take = |nodes: &mut Vec<Node>, idx: usize| {
            let node = nodes.get_mut(idx).map(std::mem::take);
            node.unwrap_or_default().items.into_iter()
        };
        self.files.reserve_exact(n_files);
        self.stamps.reserve_exact(n_files);
        let mut open = vec![take(&mut nodes, 0)];
        while let Some(items) = open.last_mut() {
            match items.next() {
                Some(NodeItem::File(file)) => {
                    self.files.push(Source::File(file.path));
                    self.stamps.push(file.stamp);
                }
                Some(NodeItem::Folder(idx)) => {
                    let inner = take(&mut nodes, idx);
                    open.push(inner);
                }
                None => drop(open.pop()),
            }
        }
    }
}

/// Lists one folder without opening any of its files.
pub(crate) fn list_folder(path: &Path, resolved_root: &Path, ask: Ask) -> Folder {
    let mut folder = Folder::default();
    let unreadable = "This folder cannot be read, so it was left out; check its permissions.";
    let Ok(listing) = Listing::of(path, ask) else {
        folder.warn("folder_unreadable", unreadable, path);
        return folder;
    };
    if listing.is_cut {
        folder.warn("folder_unreadable", unreadable, path);
    }
    folder.items.reserve_exact(listing.entries.len());
    for Listed { path, kind, stamp } in listing.entries {
        match kind {
            Kind::File => folder.items.push(Item::File(WalkedFile { path, stamp })),
            Kind::Folder => folder.items.push(Item::Folder(path)),
            Kind::Link => folder.link(path, resolved_root),
            Kind::Other => folder.warn("not_a_file", NOT_A_FILE, &path),
            Kind::Unknown => folder.warn("folder_unreadable", unreadable, &path),
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
    fn link(&mut self, path: Arc<Path>, resolved_root: &Path) {
        match path.canonicalize() {
            Ok(target) if target.starts_with(resolved_root) && target.is_file() => {
                // What was listed is the link, and what counts is the file that it leads to.
                self.items
                    .push(Item::File(WalkedFile { path, stamp: None }))
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
