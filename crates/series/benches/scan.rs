//! Headers of a folder of 10,000 small files: read from the files, and known from the header index.
//!
//! `OVERREAD_SCAN_FOLDER` names another folder to scan.

#![allow(missing_docs, clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use criterion::{Criterion, criterion_group, criterion_main};
use series::{HeaderIndex, ScanOptions};

const N_FILES: u32 = 10_000;
const PER_SERIES: u32 = 500;

fn text(out: &mut Vec<u8>, tag: (u16, u16), vr: &[u8; 2], value: &str) {
    let pad = if vr == b"UI" { 0 } else { b' ' };
    let mut bytes = value.as_bytes().to_vec();
    bytes.resize(bytes.len().next_multiple_of(2), pad);
    out.extend(tag.0.to_le_bytes());
    out.extend(tag.1.to_le_bytes());
    out.extend(vr);
    out.extend((bytes.len() as u16).to_le_bytes());
    out.extend(bytes);
}

/// A slice with the hundred elements that a scanner writes, most of them alike in all slices.
fn slice(series: u32, k: u32) -> Vec<u8> {
    let mut out = vec![0; 128];
    out.extend(b"DICM");
    text(&mut out, (2, 0x10), b"UI", "1.2.840.10008.1.2.1");
    text(&mut out, (8, 0x16), b"UI", "1.2.840.10008.5.1.4.1.1.2");
    text(&mut out, (8, 0x18), b"UI", &format!("1.2.3.{series}.{k}"));
    text(&mut out, (8, 0x20), b"DA", "20260102");
    text(&mut out, (8, 0x60), b"CS", "CT");
    for element in 0x90..0xA0 {
        text(&mut out, (8, element), b"LO", "a name of something");
    }
    text(&mut out, (0x10, 0x10), b"PN", "Phantom^One");
    text(&mut out, (0x10, 0x20), b"LO", "P1");
    for element in 0x60..0xA0 {
        text(&mut out, (0x18, element), b"DS", "120.5");
    }
    text(&mut out, (0x20, 0x0D), b"UI", "1.2.3");
    text(&mut out, (0x20, 0x0E), b"UI", &format!("1.2.3.{series}"));
    text(&mut out, (0x20, 0x11), b"IS", &series.to_string());
    text(&mut out, (0x20, 0x13), b"IS", &(k + 1).to_string());
    let z_mm = f64::from(k) * 1.25;
    text(
        &mut out,
        (0x20, 0x32),
        b"DS",
        &format!("-180\\-180\\{z_mm}"),
    );
    text(&mut out, (0x20, 0x37), b"DS", "1\\0\\0\\0\\1\\0");
    text(&mut out, (0x28, 0x04), b"CS", "MONOCHROME2");
    let number = |out: &mut Vec<u8>, element: u16, value: u16| {
        text(out, (0x28, element), b"US", "");
        let at = out.len() - 2;
        out[at] = 2;
        out.extend(value.to_le_bytes());
    };
    for (element, value) in [
        (0x10, 16),
        (0x11, 16),
        (0x100, 16),
        (0x101, 12),
        (0x102, 11),
        (0x103, 0),
    ] {
        number(&mut out, element, value);
    }
    text(&mut out, (0x28, 0x1052), b"DS", "-1024");
    text(&mut out, (0x28, 0x1053), b"DS", "1");
    out.extend([0xE0, 0x7F, 0x10, 0, b'O', b'W', 0, 0]);
    out.extend(512_u32.to_le_bytes());
    out.resize(out.len() + 512, 7);
    out
}

fn write_files(folder: &Path) {
    for nth in 0..N_FILES {
        let (series, k) = (nth / PER_SERIES, nth % PER_SERIES);
        let folder = folder.join(format!("S{series:02}"));
        if k == 0 {
            std::fs::create_dir_all(&folder).unwrap();
        }
        std::fs::write(folder.join(format!("IM{k:05}")), slice(series, k)).unwrap();
    }
}

fn scan_folder(c: &mut Criterion) {
    let made = tempfile::tempdir().unwrap();
    let folder = match std::env::var_os("OVERREAD_SCAN_FOLDER") {
        Some(folder) => PathBuf::from(folder),
        None => {
            write_files(made.path());
            made.path().to_owned()
        }
    };
    let index = tempfile::tempdir().unwrap();
    let options = ScanOptions {
        index: Some(HeaderIndex {
            folder: index.path().to_owned(),
            // The files have just been made; in an hour they are at rest.
            now: SystemTime::now() + Duration::from_secs(3600),
        }),
        ..ScanOptions::default()
    };
    let paths = vec![folder];
    let scan = |options: &ScanOptions| series::scan(&paths, options, &|_| {}, &|| false);
    let mut group = c.benchmark_group("headers");
    group.sample_size(10);
    group.bench_function("without_index", |b| {
        b.iter(|| scan(&ScanOptions::default()))
    });
    group.bench_function("first_time", |b| {
        b.iter(|| {
            HeaderIndex::clear(index.path()).unwrap();
            scan(&options)
        });
    });
    scan(&options);
    group.bench_function("second_time", |b| b.iter(|| scan(&options)));
    group.finish();
}

criterion_group!(benches, scan_folder);
criterion_main!(benches);
