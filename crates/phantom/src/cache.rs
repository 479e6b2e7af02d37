//! Cases on the disk that are made once.

use std::fs;
use std::path::{Path, PathBuf};

use crate::case::{Case, Options, PhantomError};

/// Counts changes of what a seed stands for: a case of another version is made anew.
const GENERATOR_VERSION: u32 = 1;
const STAMP: &str = "stamp.txt";

/// Returns the folder of the case of `seed` under `dir`, made now if it is not there in this version and size.
/// The case is written beside its place and renamed, so that no half of one is ever found there.
///
/// # Errors
/// As [`Case::generate`] and [`Case::write`].
pub fn ensure(dir: &Path, seed: u64, options: &Options) -> Result<PathBuf, PhantomError> {
    let Options { matrix, n_slices } = options;
    let place = dir.join(if *options == Options::default() {
        format!("seed-{seed}")
    } else {
        format!("seed-{seed}-{matrix}-{n_slices}")
    });
    let stamp =
        format!("phantom {GENERATOR_VERSION} seed {seed} matrix {matrix} slices {n_slices}\n");
    let is_there = || fs::read_to_string(place.join(STAMP)).is_ok_and(|found| found == stamp);
    if is_there() {
        return Ok(place);
    }
    fs::create_dir_all(dir)?;
    let draft = dir.join(format!(
        ".draft-{seed}-{matrix}-{n_slices}-{}",
        std::process::id()
    ));
    let written = Case::generate(seed, options).and_then(|case| case.write(&draft));
    let finished = written.and_then(|()| {
        fs::write(draft.join(STAMP), &stamp)?;
        if place.exists() && !is_there() {
            fs::remove_dir_all(&place)?;
        }
        match fs::rename(&draft, &place) {
            Err(_) if is_there() => Ok(()),
            other => Ok(other?),
        }
    });
    if draft.exists() {
        // What is left of a failed or overtaken attempt; the reason of the failure is what counts.
        let _ = fs::remove_dir_all(&draft);
    }
    finished.map(|()| place)
}
