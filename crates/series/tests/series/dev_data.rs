//! Decoded values against checksums made by an independent decoder, where the reference data are at hand.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use volume::SliceVoxels;

use crate::builder::{scan_path, volumes};

/// Syntaxes whose decoders may round differently; everything else must agree bit for bit.
const LOSSY: [&str; 5] = [
    "JPEG Baseline",
    "JPEG Extended",
    "JPEG 2000 Image",
    "JPEG-LS Lossy",
    "High-Throughput JPEG 2000 Image",
];

/// Files whose checksum cannot be met, with the reason.
const KNOWN: [(&str, &str); 2] = [
    (
        "ts/SC_rgb_32bit_2frame.dcm",
        "colour of 32 bits a channel is shown with 16",
    ),
    (
        "ts/SC_rgb_expb_32bit.dcm",
        "colour of 32 bits a channel is shown with 16",
    ),
];

fn data_folder() -> Option<PathBuf> {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/dev");
    let folder = std::env::var_os("OVERREAD_TEST_DATA").map_or_else(default, PathBuf::from);
    folder.join("MANIFEST.tsv").is_file().then_some(folder)
}

struct Row {
    path: String,
    syntax: String,
    sha256: String,
}

fn rows(folder: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(folder.join("MANIFEST.tsv")).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let column = |name| names.iter().position(|n| *n == name).unwrap();
    let (path, syntax, ok, sha) = (
        column("path"),
        column("transfer_syntax"),
        column("pydicom_decode"),
        column("decoded_pixel_sha256"),
    );
    lines
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(|f| f.get(ok) == Some(&"ok") && f.get(sha).is_some_and(|s| s.len() == 64))
        .map(|f| Row {
            path: f[path].to_owned(),
            syntax: f[syntax].to_owned(),
            sha256: f[sha].to_owned(),
        })
        .collect()
}

/// Checksum of all frames of a file in their order; `None` when any is not shown.
fn decoded_sha256(path: &Path) -> Option<String> {
    let scan = scan_path(path);
    let mut frames: BTreeMap<u32, SliceVoxels> = BTreeMap::new();
    for plan in volumes(&scan) {
        let as_stored = plan.as_stored();
        let plan = as_stored.as_ref().unwrap_or(plan);
        for (i, slice) in plan.slices.iter().enumerate() {
            let Some(slice) = slice else { continue };
            let voxels = series::decode_slice(plan, i).ok()?;
            frames.insert(slice.frame_number, voxels);
        }
    }
    (!frames.is_empty()).then(|| series::pixel_sha256(frames.values()))
}

/// The longest that a file of the reference data may take, sound or damaged, on a machine that does other things as
/// well: the largest needs a tenth of a second.
const LONGEST: Duration = Duration::from_secs(5);

#[test]
fn lossless_values_are_those_of_an_independent_decoder() {
    let Some(folder) = data_folder() else {
        println!("1 data tests skipped: no reference data (set OVERREAD_TEST_DATA)");
        return;
    };
    let (mut n_same, mut n_lossy, mut known, mut wrong) = (0, 0, Vec::new(), Vec::new());
    let mut slowest = (Duration::ZERO, String::new());
    for row in rows(&folder) {
        let start = Instant::now();
        let sha256 = decoded_sha256(&folder.join(&row.path));
        let took = start.elapsed();
        if slowest.0 < took {
            slowest = (took, row.path.clone());
        }
        if sha256.as_ref() == Some(&row.sha256) {
            n_same += 1;
        } else if let Some((path, reason)) = KNOWN.iter().find(|(path, _)| *path == row.path) {
            known.push(format!("{path}: {reason}"));
        } else if sha256.is_some() && LOSSY.iter().any(|l| row.syntax.starts_with(l)) {
            n_lossy += 1;
        } else {
            wrong.push(format!(
                "{} ({}) {}",
                row.path,
                row.syntax,
                if sha256.is_some() {
                    "differs"
                } else {
                    "is not shown"
                }
            ));
        }
    }
    println!(
        "{n_same} files agree, {n_lossy} lossy ones were rounded otherwise, {} have a known reason:",
        known.len()
    );
    known.iter().for_each(|k| println!("  {k}"));
    println!("slowest: {} with {:?}", slowest.1, slowest.0);
    assert!(slowest.0 < LONGEST, "{slowest:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(1300 < n_same, "only {n_same} files agree");
}

#[test]
fn no_file_of_the_reference_data_ends_the_scan() {
    let Some(folder) = data_folder() else {
        println!("1 data tests skipped: no reference data (set OVERREAD_TEST_DATA)");
        return;
    };
    let scan = scan_path(&folder);
    assert!(1000 < scan.n_files);
    let n_instances: usize = scan
        .studies
        .iter()
        .flat_map(|s| &s.series)
        .map(|s| s.n_instances)
        .sum();
    println!(
        "{} files, {} studies, {n_instances} images, {} warnings",
        scan.n_files,
        scan.studies.len(),
        scan.warnings.len()
    );
    assert!(1300 < n_instances);
}
