//! Every file that is broken in a named way: the codes it gives, exactly, and what it may cost.
//!
//! Each is read in a process of its own, so that its greatest memory can be told, and so that an overflowing stack or a
//! refused allocation is a failure of that case alone.

#![allow(clippy::unwrap_used)]

mod expected;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use expected::EXPECTED;
use phantom::broken::{BrokenCase, all};
use series::{ScanOptions, Warning};

/// Names the folder that the child reads.
const FOLDER: &str = "OVERREAD_BROKEN_FOLDER";

/// Greatest memory of a process that reads one case, MB; all of them need less than 10.
const MAX_MB: u64 = 64;

/// Cases that inflate up to the cap on what may be inflated, which is 256 MB.
const INFLATED: [&str; 1] = ["K02"];
const MAX_INFLATED_MB: u64 = 320;

/// Far more than any case needs on an idle machine.
const TIME_LIMIT: Duration = Duration::from_secs(20);

#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let codes = read(&PathBuf::from(folder));
    println!("said: {}", codes.into_iter().collect::<Vec<_>>().join(" "));
    println!("peak: {}", peak_kb());
}

/// Codes of everything that is said while a folder is scanned and all of it is decoded.
fn read(folder: &Path) -> BTreeSet<&'static str> {
    let options = ScanOptions::default();
    // What is to be opened is a DICOMDIR where there is one, and its folder otherwise.
    let dicomdir = folder.join("DICOMDIR");
    let input = match dicomdir.is_file() {
        true => dicomdir,
        false => folder.to_owned(),
    };
    let scan = series::scan(&[input], &options, &|_| {}, &|| false);
    let series = scan.studies.iter().flat_map(|study| &study.series);
    let plans: Vec<_> = series.flat_map(|series| &series.volumes).collect();
    let mut warnings: Vec<Warning> = scan.warnings.clone();
    for plan in plans {
        warnings.extend(plan.warnings.iter().cloned());
        // A lying number of frames must not make this test long: what is asked for is answered one by one.
        for slice_idx in 0..plan.n_slices().min(50) {
            match series::decode_slice_noted(plan, slice_idx) {
                Ok(decoded) => warnings.extend(decoded.notes),
                Err(warning) => warnings.push(warning),
            }
        }
    }
    for warning in &warnings {
        let text = &warning.text;
        assert!(
            text.len() > 20 && text.ends_with(['.', ')']) && text.contains(' '),
            "no sentence: {warning:?}"
        );
        // Patient's data of the sound file that all are made from.
        assert!(
            !text.contains("PHANTOM") && !text.contains("PH-") && !text.contains("OTHER"),
            "{warning:?}"
        );
    }
    warnings.iter().map(|warning| warning.code).collect()
}

/// Greatest resident memory of this process so far; 0 where the system does not tell.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

/// What a child said of one case: its codes and its memory in MB; an error where it did not end well.
fn outcome(case: &BrokenCase, folder: &Path) -> Result<(String, u64), String> {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env(FOLDER, folder)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&child.stdout).into_owned();
    let line = |head: &str| text.lines().find_map(|line| line.split_once(head));
    match (child.status.success(), line("said: "), line("peak: ")) {
        (true, Some((_, codes)), Some((_, kb))) => {
            Ok((codes.to_owned(), kb.parse::<u64>().unwrap() / 1024))
        }
        _ => Err(format!(
            "{} {}: {}",
            case.id,
            case.title,
            String::from_utf8_lossy(&child.stderr)
        )),
    }
}

#[test]
fn every_broken_case_says_what_it_must_within_its_bounds() {
    let mut wrong = Vec::new();
    let (mut largest, mut slowest) = ((0, ""), (Duration::ZERO, ""));
    let cases = all();
    for case in &cases {
        let folder = tempfile::tempdir().unwrap();
        case.write(folder.path()).unwrap();
        let start = Instant::now();
        let (codes, mb) = match outcome(case, folder.path()) {
            Ok(outcome) => outcome,
            Err(problem) => {
                wrong.push(problem);
                continue;
            }
        };
        let took = start.elapsed();
        largest = largest.max((mb, case.id));
        slowest = slowest.max((took, case.id));
        let expected = EXPECTED.iter().find(|(id, _)| *id == case.id);
        let expected = expected.map_or("a row of expected.rs", |(_, codes)| *codes);
        if codes != expected {
            wrong.push(format!(
                "{} {}: {codes:?}, not {expected:?}",
                case.id, case.title
            ));
        }
        let limit_mb = match INFLATED.contains(&case.id) {
            true => MAX_INFLATED_MB,
            false => MAX_MB,
        };
        if limit_mb < mb || TIME_LIMIT < took {
            wrong.push(format!("{} took {mb} MB and {took:?}", case.id));
        }
    }
    println!(
        "{} cases; most memory {} MB ({}), most time {:?} ({})",
        cases.len(),
        largest.0,
        largest.1,
        slowest.0,
        slowest.1
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(EXPECTED.len(), cases.len(), "a row without its case");
}
