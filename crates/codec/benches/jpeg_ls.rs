//! Time of one frame of 512 × 512 in JPEG-LS: the depths and kinds that scanners write, and one of near-lossless.
#![allow(missing_docs, clippy::unwrap_used)]

// The tests use all of it.
#[allow(dead_code)]
#[path = "../tests/jpeg_ls/encoder.rs"]
mod encoder;

use codec::{StreamHeader, UnmarkedComponents, decode};
use criterion::{Criterion, criterion_group, criterion_main};
use encoder::{Interleave, Job, encode};

const SIDE: usize = 512;

/// A body of smooth tissue with noise in air that is empty, in samples of 12 bits.
fn section() -> Vec<i32> {
    let mut seed = 1_u64;
    let mut noise = move || {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (0..4).map(|k| seed >> (20 + 10 * k) & 15).sum::<u64>() as f64 - 30.0
    };
    let sample = |i: usize| {
        let (x, y) = ((i % SIDE) as f64 - 256.0, (i / SIDE) as f64 - 256.0);
        let noise = noise();
        if 1.0 < (x / 220.0).powi(2) + (y / 150.0).powi(2) {
            return 0;
        }
        (1040.0 + 60.0 * (x / 40.0).sin() * (y / 25.0).cos() + noise) as i32
    };
    (0..SIDE * SIDE).map(sample).collect()
}

fn frames(criterion: &mut Criterion) {
    let section = section();
    let grey_8: Vec<i32> = section.iter().map(|v| v >> 4).collect();
    // As a signed picture lies in unsigned samples: negative values at the upper end.
    let signed: Vec<i32> = section.iter().map(|v| (v - 1024) & 0xFFFF).collect();
    let colours = vec![grey_8.clone(), grey_8.clone(), grey_8.clone()];
    for (name, precision, planes, near, interleave) in [
        ("grey_16_signed", 16, vec![signed], 0, Interleave::None),
        ("grey_12", 12, vec![section.clone()], 0, Interleave::None),
        ("grey_12_near_2", 12, vec![section], 2, Interleave::None),
        ("grey_8", 8, vec![grey_8], 0, Interleave::None),
        ("rgb_lines", 8, colours.clone(), 0, Interleave::Line),
        ("rgb_pixels", 8, colours, 0, Interleave::Sample),
    ] {
        let job = Job {
            width: SIDE,
            height: SIDE,
            precision,
            planes,
            near,
            interleave,
            presets: None,
            restart_interval: 0,
            before: Vec::new(),
        };
        let stream = encode(&job).stream;
        let header = StreamHeader::read(&stream).unwrap();
        criterion.bench_function(&format!("jpeg_ls_{name}"), |bencher| {
            bencher.iter(|| decode(&stream, &header, UnmarkedComponents::Rgb).unwrap());
        });
    }
}

criterion_group!(benches, frames);
criterion_main!(benches);
