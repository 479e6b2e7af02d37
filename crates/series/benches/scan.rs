//! Headers of a folder of 10,000 small files: read from the files, and from the header index.
//!
//! `OVERREAD_SCAN_FOLDER` names another folder to scan.

#![allow(missing_docs, clippy::unwrap_used)]

use std::path::PathBuf;

use criterion::{Criterion, criterion_group, criterion_main};

fn scan_folder(c: &mut Criterion) {
    let Some(folder) = std::env::var_os("OVERREAD_SCAN_FOLDER").map(PathBuf::from) else {
        return;
    };
    let paths = vec![folder];
    let mut group = c.benchmark_group("headers");
    group.sample_size(10);
    group.bench_function("first_time", |b| {
        b.iter(|| series::scan(&paths, &series::ScanOptions::default(), &|_| {}, &|| false))
    });
    group.finish();
}

criterion_group!(benches, scan_folder);
criterion_main!(benches);
