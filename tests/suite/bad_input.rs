//! Files that are not what they should be: a sentence each, what can be opened opens, nothing is written, no panic.

mod broken_files;
mod sentences;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use acceptance::{Answer, Reader, files_below, sha256_hex};
use phantom::raw::SeriesSpec;
use serde_json::Value;

/// Well beyond what any file needs, also on a machine that is busy with other tests.
const TIME_LIMIT: Duration = Duration::from_secs(15);

/// Bytes and times of everything below a folder.
fn fingerprint(dir: &Path) -> Vec<(PathBuf, String, std::time::SystemTime)> {
    let files = files_below(dir).into_iter();
    files
        .map(|(path, bytes)| {
            let modified = path.metadata().unwrap().modified().unwrap();
            (path, sha256_hex(&bytes), modified)
        })
        .collect()
}

/// The warnings' codes, each of which has a sentence; of an answer that ended well.
fn codes(answer: &Value) -> Vec<String> {
    let volumes = |s: &Value| s["volumes"].as_array().cloned().unwrap_or_default();
    let series = |s: &Value| s["series"].as_array().cloned().unwrap_or_default();
    let studies = answer["studies"].as_array().cloned().unwrap_or_default();
    let of_volumes = studies.iter().flat_map(series).flat_map(|s| volumes(&s));
    let all = [answer.clone()].into_iter().chain(of_volumes);
    all.flat_map(|v| v["warnings"].as_array().cloned().unwrap_or_default())
        .map(|w| {
            let text = w["text"].as_str().unwrap_or_default();
            assert!(10 < text.len() && text.contains(' '), "no sentence: {w}");
            w["code"].as_str().unwrap().to_owned()
        })
        .collect()
}

/// Runs one command over a folder and holds what is promised for any input.
fn survive(by: &Reader, args: &[&str], name: &str) -> Answer {
    let start = Instant::now();
    let answer = by.run(args);
    let took = start.elapsed();
    assert!(
        !answer.stderr.contains("panicked"),
        "{name}: {args:?}: {}",
        answer.stderr
    );
    match answer.code {
        Some(0) => drop(answer.json()),
        Some(3) => assert!(
            10 < answer.stderr.len() && answer.stdout.is_empty(),
            "{name}: {args:?}: {answer:?}"
        ),
        code => panic!("{name}: {args:?} ended with {code:?}: {}", answer.stderr),
    }
    assert!(took < TIME_LIMIT, "{name}: {args:?} took {took:?}");
    answer
}

fn ct(name: &str) -> SeriesSpec {
    SeriesSpec::ct(name, 16, 16, 6)
}

fn write(spec: &SeriesSpec, dir: &Path) -> Vec<PathBuf> {
    spec.write(dir, |v| v.col_idx as i64).unwrap()
}
