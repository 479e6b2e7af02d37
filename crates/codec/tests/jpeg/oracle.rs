//! Streams and samples that common programs have made, from a folder that `OVERREAD_CODEC_STREAMS` names: for each
//! `NAME.jpg` or `NAME.jxl` the samples in `NAME.raw`, bytes or little-endian words. `tests/codec_streams.py` of
//! the project makes such a folder.

use std::path::{Path, PathBuf};

use codec::{StreamCodec, StreamHeader, UnmarkedComponents};

use crate::{furthest, numbers};

fn streams(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "jpg" || e == "jxl"));
    paths.sort();
    paths
}

/// How far a decoder may be from another.
fn tolerance(header: &StreamHeader, name: &str) -> u16 {
    match header.codec {
        _ if name.contains("lossless") => 0,
        StreamCodec::JpegDct if header.n_components == 1 => 1,
        StreamCodec::JpegDct => 3,
        // Another decoder keeps chrominances within 8 bits on the way, and this one does not.
        _ if name.contains("recompressed") => 40,
        _ => 1,
    }
}

#[test]
fn common_programs_agree() {
    let Some(folder) = std::env::var_os("OVERREAD_CODEC_STREAMS") else {
        println!("1 data test skipped: OVERREAD_CODEC_STREAMS is not set");
        return;
    };
    let mut n_exact = 0;
    let mut worst = 0;
    let paths = streams(Path::new(&folder));
    for path in &paths {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let stream = std::fs::read(path).unwrap();
        let header = StreamHeader::read(&stream).expect(&name);
        let unmarked = match name.contains("rgb") {
            true => UnmarkedComponents::Rgb,
            false => UnmarkedComponents::Ycc,
        };
        let got = numbers(&codec::decode(&stream, &header, unmarked).expect(&name));
        let raw = std::fs::read(path.with_extension("raw")).unwrap();
        let want: Vec<u16> = match header.precision {
            ..=8 => raw.into_iter().map(u16::from).collect(),
            _ => raw
                .as_chunks::<2>()
                .0
                .iter()
                .map(|b| u16::from_le_bytes(*b))
                .collect(),
        };
        let off = furthest(&got, &want);
        assert!(off <= tolerance(&header, &name), "{name}: off by {off}");
        n_exact += usize::from(off == 0);
        worst = worst.max(off);
    }
    println!(
        "{} streams agree, {n_exact} of them exactly, the others within {worst}",
        paths.len()
    );
}
