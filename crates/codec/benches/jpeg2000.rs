//! Time of one frame of JPEG 2000 and of its high-throughput variant: 512 × 512 of 16 bits, as `bench_*.j2k` in the
//! folder that `OVERREAD_CODEC_STREAMS` names; `tests/codec_streams.py` makes it and tells the times of OpenJPEG and
//! OpenJPH.
#![allow(missing_docs, clippy::unwrap_used)]

use codec::{StreamHeader, UnmarkedComponents, decode};
use criterion::{Criterion, criterion_group, criterion_main};

fn streams_at_hand(criterion: &mut Criterion) {
    let Some(folder) = std::env::var_os("OVERREAD_CODEC_STREAMS") else {
        println!("JPEG 2000 not timed: OVERREAD_CODEC_STREAMS is not set");
        return;
    };
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if !name.starts_with("bench_") || path.extension().is_none_or(|e| e != "j2k") {
            continue;
        }
        let stream = std::fs::read(&path).unwrap();
        let header = StreamHeader::read(&stream).unwrap();
        criterion.bench_function(&name, |bencher| {
            bencher.iter(|| decode(&stream, &header, UnmarkedComponents::Rgb).unwrap());
        });
    }
}

criterion_group!(benches, streams_at_hand);
criterion_main!(benches);
