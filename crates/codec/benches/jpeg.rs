//! Time of one frame of the JPEG family: 512 × 512 of 16 bits lossless, and 1024 × 1024 of 8 and 12 bits where
//! `OVERREAD_CODEC_STREAMS` holds `bench_*.jpg`.
#![allow(missing_docs, clippy::unwrap_used)]

// The tests use all of it.
#[allow(dead_code)]
#[path = "../tests/jpeg/lossless_encoder.rs"]
mod lossless_encoder;

use codec::{StreamHeader, UnmarkedComponents, decode};
use criterion::{Criterion, criterion_group, criterion_main};

use lossless_encoder::{Encoding, Picture, encode};

const SIDE: usize = 512;

/// A body of smooth tissue with the noise of a scanner, in air.
fn section() -> Picture {
    let mut seed = 1_u64;
    let mut noise = move || {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (0..4).map(|k| seed >> (20 + 10 * k) & 15).sum::<u64>() as f64 - 30.0
    };
    let sample = |i: usize| {
        let (x, y) = ((i % SIDE) as f64 - 256.0, (i / SIDE) as f64 - 256.0);
        let is_body = (x / 220.0).powi(2) + (y / 150.0).powi(2) < 1.0;
        let level = if is_body {
            1040.0 + 60.0 * (x / 40.0).sin() * (y / 25.0).cos()
        } else {
            24.0
        };
        (level + noise()).max(0.0) as u16
    };
    Picture {
        width: SIDE,
        height: SIDE,
        n_components: 1,
        samples: (0..SIDE * SIDE).map(sample).collect(),
    }
}

fn bench_stream(criterion: &mut Criterion, name: &str, stream: &[u8]) {
    let header = StreamHeader::read(stream).unwrap();
    criterion.bench_function(name, |bencher| {
        bencher.iter(|| decode(stream, &header, UnmarkedComponents::Ycc).unwrap());
    });
}

fn lossless(criterion: &mut Criterion) {
    let picture = section();
    for selection in 1..=7 {
        let stream = encode(&picture, &Encoding::plain(16, selection));
        bench_stream(
            criterion,
            &format!("lossless_16_selection_{selection}"),
            &stream,
        );
    }
}

fn streams_at_hand(criterion: &mut Criterion) {
    let Some(folder) = std::env::var_os("OVERREAD_CODEC_STREAMS") else {
        println!("lossy JPEG and JPEG XL not timed: OVERREAD_CODEC_STREAMS is not set");
        return;
    };
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if name.starts_with("bench_") && path.extension().is_some_and(|e| e == "jpg" || e == "jxl")
        {
            bench_stream(criterion, &name, &std::fs::read(&path).unwrap());
        }
    }
}

criterion_group!(benches, lossless, streams_at_hand);
criterion_main!(benches);
