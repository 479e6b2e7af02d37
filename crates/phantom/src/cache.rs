//! Cases on the disk that are made once.

use std::fs;
use std::path::{Path, PathBuf};

use crate::case::{Case, Options, PhantomError};

/// Counts changes of what a seed stands for: a case of another version is made anew.
const GENERATOR_VERSION: u32 = 2;
const STAMP: &str = "stamp.txt";

/// Returns the folder of the case of `seed` under `dir`, made now if it is not there in this version and size.
///
/// # Errors
/// As [`ensure_at`].
pub fn ensure(dir: &Path, seed: u64, options: &Options) -> Result<PathBuf, PhantomError> {
    let Options { matrix, n_slices } = options;
    let name = if *options == Options::default() {
        format!("seed-{seed}")
    } else {
        format!("seed-{seed}-{matrix}-{n_slices}")
    };
    let place = dir.join(name);
    ensure_at(&place, seed, options)?;
    Ok(place)
}

/// Makes the case of `seed` in the folder `place`, unless it is there in this version and size. The case is written
/// beside its place and renamed, so that no half of one is ever found there.
///
/// # Errors
/// As [`Case::generate`] and [`Case::write`]; [`PhantomError::FolderInUse`] when `place` holds anything but a case.
pub fn ensure_at(place: &Path, seed: u64, options: &Options) -> Result<(), PhantomError> {
    let Options { matrix, n_slices } = options;
    let stamp =
        format!("phantom {GENERATOR_VERSION} seed {seed} matrix {matrix} slices {n_slices}\n");
    let is_there = || fs::read_to_string(place.join(STAMP)).is_ok_and(|found| found == stamp);
    if is_there() {
        return Ok(());
    }
    let is_empty = fs::read_dir(place).map_or(true, |mut entries| entries.next().is_none());
    if !is_empty && !place.join(STAMP).exists() {
        return Err(PhantomError::FolderInUse(place.to_owned()));
    }
    let parent = place
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    fs::create_dir_all(parent)?;
    let draft = parent.join(format!(
        ".draft-{seed}-{matrix}-{n_slices}-{}",
        std::process::id()
    ));
    let written = Case::generate(seed, options).and_then(|case| case.write(&draft));
    let finished = written.and_then(|()| {
        fs::write(draft.join(STAMP), &stamp)?;
        if place.exists() && !is_there() {
            fs::remove_dir_all(place)?;
        }
        match fs::rename(&draft, place) {
            Err(_) if is_there() => Ok(()),
            other => Ok(other?),
        }
    });
    if draft.exists() {
        // What is left of a failed or overtaken attempt; the reason of the failure is what counts.
        let _ = fs::remove_dir_all(&draft);
    }
    finished
}
