//! A 275-slice CT of 512 × 512 from the named folder to all voxels in memory, and its parts: as it is, and in run lengths.
//!
//! `OVERREAD_BENCH_SERIES` may name more folders, separated as paths are, for instance those that `tests/peers/race.py`
//! makes: each becomes a row.

#![allow(missing_docs, clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};

const N_SLICES: u16 = 275;
const SIDE: u16 = 512;

fn element(out: &mut Vec<u8>, tag: (u16, u16), vr: &[u8; 2], value: &[u8]) {
    out.extend(tag.0.to_le_bytes());
    out.extend(tag.1.to_le_bytes());
    out.extend(vr);
    if matches!(vr, b"OB" | b"OW") {
        out.extend([0, 0]);
        out.extend((value.len() as u32).to_le_bytes());
    } else {
        out.extend((value.len() as u16).to_le_bytes());
    }
    out.extend(value);
}

fn text(out: &mut Vec<u8>, tag: (u16, u16), vr: &[u8; 2], value: &str) {
    let mut bytes = value.as_bytes().to_vec();
    if bytes.len() % 2 == 1 {
        bytes.push(if vr == b"UI" { 0 } else { b' ' });
    }
    element(out, tag, vr, &bytes);
}

/// How the pixels of a made series are written.
#[derive(Clone, Copy)]
enum Written {
    Native,
    RunLengths,
}

fn slice(k: u16, written: Written) -> Vec<u8> {
    let mut out = vec![0; 128];
    out.extend(b"DICM");
    let syntax = match written {
        Written::Native => "1.2.840.10008.1.2.1",
        Written::RunLengths => "1.2.840.10008.1.2.5",
    };
    text(&mut out, (2, 0x10), b"UI", syntax);
    text(&mut out, (8, 0x16), b"UI", "1.2.840.10008.5.1.4.1.1.2");
    text(&mut out, (8, 0x18), b"UI", &format!("1.2.3.{k}"));
    text(&mut out, (8, 0x60), b"CS", "CT");
    text(&mut out, (0x20, 0x0D), b"UI", "1.2.3");
    text(&mut out, (0x20, 0x0E), b"UI", "1.2.3.0");
    text(&mut out, (0x20, 0x13), b"IS", &(k + 1).to_string());
    text(
        &mut out,
        (0x20, 0x32),
        b"DS",
        &format!("-180\\-180\\{}", f64::from(k) * 1.25),
    );
    text(&mut out, (0x20, 0x37), b"DS", "1\\0\\0\\0\\1\\0");
    element(&mut out, (0x28, 0x02), b"US", &1_u16.to_le_bytes());
    text(&mut out, (0x28, 0x04), b"CS", "MONOCHROME2");
    element(&mut out, (0x28, 0x10), b"US", &SIDE.to_le_bytes());
    element(&mut out, (0x28, 0x11), b"US", &SIDE.to_le_bytes());
    text(&mut out, (0x28, 0x30), b"DS", "0.7\\0.7");
    for (at, value) in [(0x100, 16_u16), (0x101, 12), (0x102, 11), (0x103, 0)] {
        element(&mut out, (0x28, at), b"US", &value.to_le_bytes());
    }
    text(&mut out, (0x28, 0x1052), b"DS", "-1024");
    text(&mut out, (0x28, 0x1053), b"DS", "1");
    let pixels = values();
    match written {
        Written::Native => {
            let bytes: Vec<u8> = pixels.iter().flat_map(|v| v.to_le_bytes()).collect();
            element(&mut out, (0x7FE0, 0x10), b"OW", &bytes);
        }
        Written::RunLengths => fragments(&mut out, &run_lengths(&pixels)),
    }
    out
}

/// Noise in a disc, nought around it: some bytes repeat and some do not, as in a picture of a patient.
fn values() -> Vec<u16> {
    let half = i32::from(SIDE) / 2;
    let value = |i: i32| {
        let (x, y) = (i % i32::from(SIDE) - half, i / i32::from(SIDE) - half);
        let noise = (i.cast_unsigned().wrapping_mul(2_654_435_761) >> 26) as u16;
        if x * x + y * y < half * half {
            1000 + noise
        } else {
            0
        }
    };
    (0..i32::from(SIDE) * i32::from(SIDE)).map(value).collect()
}

/// A frame of two segments, the high bytes and the low ones (PS3.5 G).
fn run_lengths(values: &[u16]) -> Vec<u8> {
    let planes = [8, 0].map(|shift| {
        let plane: Vec<u8> = values.iter().map(|v| (v >> shift) as u8).collect();
        let mut packed: Vec<u8> = plane.chunks(usize::from(SIDE)).flat_map(pack_row).collect();
        packed.resize(packed.len().next_multiple_of(2), 0);
        packed
    });
    let mut frame = vec![0; 64];
    frame[0] = 2;
    frame[4] = 64;
    frame[8..12].copy_from_slice(&(64 + planes[0].len() as u32).to_le_bytes());
    planes.iter().for_each(|plane| frame.extend(plane));
    frame
}

/// Runs of three and more as runs, the rest as it is.
fn pack_row(row: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut at = 0;
    let run_at = |at: usize| {
        row[at..]
            .iter()
            .take(128)
            .take_while(|b| **b == row[at])
            .count()
    };
    while at < row.len() {
        let n_run = run_at(at);
        if 3 <= n_run {
            packed.extend([(257 - n_run) as u8, row[at]]);
            at += n_run;
            continue;
        }
        let from = at;
        while at < row.len() && at - from < 128 && run_at(at) < 3 {
            at += 1;
        }
        packed.push((at - from - 1) as u8);
        packed.extend(&row[from..at]);
    }
    packed
}

fn fragments(out: &mut Vec<u8>, frame: &[u8]) {
    out.extend([
        0xE0, 0x7F, 0x10, 0, b'O', b'B', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF,
    ]);
    for item in [&[][..], frame] {
        out.extend([0xFE, 0xFF, 0, 0xE0]);
        out.extend((item.len() as u32).to_le_bytes());
        out.extend(item);
    }
    out.extend([0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
}

fn write_series(folder: &Path, written: Written) -> Vec<PathBuf> {
    for k in 0..N_SLICES {
        std::fs::write(folder.join(format!("{k:04}.dcm")), slice(k, written)).unwrap();
    }
    vec![folder.to_owned()]
}

fn scan(paths: &[PathBuf]) -> series::Scan {
    series::scan(paths, &series::ScanOptions::default(), &|_| {}, &|| false)
}

/// From the named folder to all voxels in memory.
fn scan_and_decode(paths: &[PathBuf]) -> volume::Volume {
    let scan = scan(paths);
    let plan = &scan.studies[0].series[0].volumes[0];
    let volume = plan.empty_volume();
    let order = series::decode_order(plan.n_slices(), plan.n_slices() / 2);
    let warnings = series::decode_into(plan, &volume, &order, &|_| {}, &|| false);
    assert!(warnings.is_empty(), "{warnings:?}");
    volume
}

fn decode(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let paths = write_series(folder.path(), Written::Native);
    let mut group = c.benchmark_group("ct_275x512x512_native");
    group.sample_size(10);
    group.bench_function("first_image", |b| {
        b.iter(|| {
            let plan =
                series::first_image(&paths, &series::ScanOptions::default(), &|| false).unwrap();
            series::decode_slice(&plan, 0).unwrap()
        });
    });
    group.bench_function("scan", |b| b.iter(|| scan(&paths)));
    group.bench_function("scan_and_decode", |b| b.iter(|| scan_and_decode(&paths)));
    group.finish();
    compressed(c);
}

fn compressed(c: &mut Criterion) {
    let mut group = c.benchmark_group("scan_and_decode");
    group.sample_size(10);
    let folder = tempfile::tempdir().unwrap();
    let paths = write_series(folder.path(), Written::RunLengths);
    group.bench_function("rle", |b| b.iter(|| scan_and_decode(&paths)));
    let named = std::env::var_os("OVERREAD_BENCH_SERIES").unwrap_or_default();
    for folder in std::env::split_paths(&named).filter(|p| p.is_dir()) {
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let paths = vec![folder];
        group.bench_function(name, |b| b.iter(|| scan_and_decode(&paths)));
    }
    group.finish();
}

criterion_group!(benches, decode);
criterion_main!(benches);
