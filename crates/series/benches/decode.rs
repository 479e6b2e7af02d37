//! A 275-slice CT of 512 × 512, written natively, from the named folder to all voxels in memory, and its parts.

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

fn slice(k: u16) -> Vec<u8> {
    let mut out = vec![0; 128];
    out.extend(b"DICM");
    text(&mut out, (2, 0x10), b"UI", "1.2.840.10008.1.2.1");
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
    let pixels: Vec<u8> = (0..u32::from(SIDE) * u32::from(SIDE))
        .flat_map(|i| ((i.wrapping_mul(2_654_435_761) >> 20) as u16).to_le_bytes())
        .collect();
    element(&mut out, (0x7FE0, 0x10), b"OW", &pixels);
    out
}

fn write_series(folder: &Path) -> Vec<PathBuf> {
    for k in 0..N_SLICES {
        std::fs::write(folder.join(format!("{k:04}.dcm")), slice(k)).unwrap();
    }
    vec![folder.to_owned()]
}

fn scan(paths: &[PathBuf]) -> series::Scan {
    series::scan(paths, &series::ScanOptions::default(), &|_| {}, &|| false)
}

fn decode(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let paths = write_series(folder.path());
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
    group.bench_function("scan_and_decode", |b| {
        b.iter(|| {
            let scan = scan(&paths);
            let plan = &scan.studies[0].series[0].volumes[0];
            let volume = plan.empty_volume();
            let order = series::decode_order(plan.n_slices(), plan.n_slices() / 2);
            let warnings = series::decode_into(plan, &volume, &order, &|_| {}, &|| false);
            assert!(warnings.is_empty());
            volume
        });
    });
    group.finish();
}

criterion_group!(benches, decode);
criterion_main!(benches);
