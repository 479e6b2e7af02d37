use std::path::PathBuf;
use std::sync::Arc;

use crate::archive::expand;
use crate::dicomdir::{named_files, read_file_ids};
use crate::folder_walk::{Item, list_folder};
use crate::headers::{Outcome, read_header};
use crate::instance::Instance;
use crate::listing::Ask;
use crate::model::VolumePlan;
use crate::scan::ScanOptions;
use crate::source::Source;
use crate::volumes::plan_volumes;

/// Files of one folder that are tried.
const TRIES: usize = 16;

/// Folders that are looked into before it is given up.
const MAX_FOLDERS: usize = 256;

/// One image of the named paths as soon as it can be had: the middle file of the first folder that has any.
///
/// The plan holds that one slice (of a multi-frame object, its frames). It serves until [`crate::scan`] has the real
/// one; `None` when the first files tried are no images. Only the folders on the way are listed, so that it does not
/// matter how many there are.
pub fn first_image(
    inputs: &[PathBuf],
    options: &ScanOptions,
    cancel: &(dyn Fn() -> bool + Sync),
) -> Option<VolumePlan> {
    let mut open: Vec<PathBuf> = inputs.iter().rev().cloned().collect();
    for _ in 0..MAX_FOLDERS {
        let path = open.pop().filter(|_| !cancel())?;
        if path.is_file() {
            let found = image_in(Source::file(path), options);
            if found.is_some() {
                return found;
            }
            continue;
        }
        let resolved = path.canonicalize().unwrap_or_else(|_| path.clone());
        let (mut files, mut folders) = (Vec::new(), Vec::new());
        for item in list_folder(&path, &resolved, Ask::Names).items {
            match item {
                Item::File(file) => files.push(Source::File(file.path)),
                Item::Folder(path) => folders.push(path.to_path_buf()),
            }
        }
        if let Some(plan) = from_middle(&files) {
            return Some(plan);
        }
        open.extend(folders.into_iter().rev());
    }
    None
}

fn image_in(source: Source, options: &ScanOptions) -> Option<VolumePlan> {
    match read_header(&source) {
        Outcome::Object(instance) => plan(instance),
        Outcome::Archive(kind) => {
            let mut memory_bytes = options.max_archive_bytes;
            let entries = expand(&source, kind, &options.passwords, &mut memory_bytes);
            from_middle(&entries.sources)
        }
        Outcome::Directory(_) => {
            let files = named_files(source.path(), &read_file_ids(source.path()).ok()?);
            from_middle(&files.into_iter().map(Source::file).collect::<Vec<_>>())
        }
        Outcome::Refused(_) => None,
    }
}

fn from_middle(sources: &[Source]) -> Option<VolumePlan> {
    let order = crate::fill::decode_order(sources.len(), sources.len() / 2);
    let tried = order.into_iter().take(TRIES).filter_map(|i| sources.get(i));
    tried.map(read_header).find_map(|outcome| match outcome {
        Outcome::Object(instance) => plan(instance),
        Outcome::Archive(_) | Outcome::Directory(_) | Outcome::Refused(_) => None,
    })
}

fn plan(instance: Arc<Instance>) -> Option<VolumePlan> {
    instance.pixels.as_ref()?;
    let uid = instance.series_instance_uid.clone();
    plan_volumes(&uid, &[instance]).into_iter().next()
}
