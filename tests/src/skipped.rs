use std::path::{Path, PathBuf};

/// Environment variable that says that nothing can be drawn with a card here.
pub const NO_GPU: &str = "NO_GPU";

/// Says in countable words that tests were left out, and why.
pub fn skipped(n: usize, why: &str) {
    let what = if n == 1 {
        "1 data test skipped".to_owned()
    } else {
        format!("{n} data tests skipped")
    };
    println!("{why}: {what}");
}

/// May this run draw with wgpu? Where it may not, the test says that it was skipped.
pub fn has_gpu() -> bool {
    let no = std::env::var_os(NO_GPU).is_some_and(|v| v != "0");
    if no {
        skipped(1, "no adapter to draw with");
    }
    !no
}

/// The folder of real studies: `OVERREAD_TEST_DATA`, by default `../shared/data/dev` beside the checkout. Where it is
/// absent the `n_tests` that ask for it say that they were skipped.
pub fn data_folder(n_tests: usize) -> Option<PathBuf> {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/dev");
    let folder = std::env::var_os("OVERREAD_TEST_DATA").map_or_else(default, PathBuf::from);
    let found = folder.join("MANIFEST.tsv").is_file();
    if !found {
        skipped(n_tests, "no reference data (set OVERREAD_TEST_DATA)");
    }
    found.then_some(folder)
}
