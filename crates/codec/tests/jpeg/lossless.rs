//! The lossless process: every way of writing it gives the samples back.

use codec::{Samples, StreamCodec, StreamHeader, UnmarkedComponents};

use crate::lossless_encoder::{CodeLengths, Encoding, Height, Picture, Scans, encode};
use crate::random::Random;
use crate::{decode, numbers};

/// Half of the samples noise of the whole range, half of it smooth.
fn picture(width: usize, height: usize, n_components: usize, precision: u8) -> Picture {
    let mut random = Random(u64::from(precision) + 7);
    let n = 1 << precision;
    let samples = (0..width * height * n_components).map(|i| {
        let is_noise = i / n_components % width < width / 2;
        (if is_noise {
            random.below(n)
        } else {
            (i * 3 + i / width) % n
        }) as u16
    });
    Picture {
        width,
        height,
        n_components,
        samples: samples.collect(),
    }
}

#[test]
fn every_predictor_and_depth_is_exact() {
    for precision in 2..=16 {
        for selection in 1..=7 {
            for lengths in [CodeLengths::Even, CodeLengths::Growing] {
                let picture = picture(23, 9, 1, precision);
                let how = Encoding {
                    lengths,
                    ..Encoding::plain(precision, selection)
                };
                let bytes = encode(&picture, &how);
                let header = StreamHeader::read(&bytes).unwrap();
                assert_eq!(header.codec, StreamCodec::JpegLossless);
                let samples = decode(&bytes).unwrap();
                assert_eq!(matches!(samples, Samples::Bits8(_)), precision <= 8);
                assert!(numbers(&samples) == picture.samples, "{how:?}");
            }
        }
    }
}

#[test]
fn every_arrangement_is_exact() {
    let plain = Encoding::plain(12, 4);
    let rows = [
        plain,
        Encoding {
            restart_rows: 1,
            ..plain
        },
        Encoding {
            restart_rows: 4,
            ..plain
        },
        Encoding {
            scans: Scans::Apart,
            ..plain
        },
        Encoding {
            scans: Scans::Apart,
            restart_rows: 3,
            ..plain
        },
        Encoding {
            height: Height::BehindScan,
            ..plain
        },
        Encoding {
            height: Height::BehindScan,
            scans: Scans::Apart,
            ..plain
        },
        Encoding { n_fill: 3, ..plain },
    ];
    for how in rows {
        for (width, height) in [(1, 1), (1, 40), (40, 1), (13, 11)] {
            for n_components in 1..=4 {
                let picture = picture(width, height, n_components, 12);
                let samples = decode(&encode(&picture, &how)).unwrap();
                let what = format!("{width} × {height} × {n_components}: {how:?}");
                assert!(numbers(&samples) == picture.samples, "{what}");
            }
        }
    }
}

#[test]
fn a_point_transform_takes_the_lowest_bits() {
    for (precision, point_transform) in [(16, 1), (12, 4), (8, 7)] {
        let picture = picture(11, 6, 1, precision);
        let how = Encoding {
            point_transform,
            ..Encoding::plain(precision, 6)
        };
        let want: Vec<u16> = picture
            .samples
            .iter()
            .map(|v| v >> point_transform << point_transform)
            .collect();
        assert_eq!(numbers(&decode(&encode(&picture, &how)).unwrap()), want);
    }
}

#[test]
fn differences_go_round_at_the_ends_of_sixteen_bits() {
    // 0 to 32768 is category 16, 0 to 65535 is -1.
    let samples = vec![
        0, 32768, 0, 65535, 0, 32769, 65535, 32767, 1, 0, 32768, 65535,
    ];
    for selection in 1..=7 {
        let picture = Picture {
            width: 4,
            height: 3,
            n_components: 1,
            samples: samples.clone(),
        };
        let bytes = encode(&picture, &Encoding::plain(16, selection));
        assert_eq!(numbers(&decode(&bytes).unwrap()), samples, "{selection}");
    }
}

#[test]
fn what_stands_behind_the_last_sample_does_not_matter() {
    let picture = picture(16, 8, 1, 10);
    let whole = encode(&picture, &Encoding::plain(10, 1));
    let without_end = &whole[..whole.len() - 2];
    for (name, tail) in [
        ("nothing", &[][..]),
        ("the end", &[0xFF, 0xD9]),
        ("zeros before the end", &[0, 0, 0, 0xFF, 0xD9]),
        ("ones before the end", &[0xFF, 0xFF, 0xFF, 0xD9]),
        ("a zero behind the end", &[0xFF, 0xD9, 0]),
        (
            "much behind the end",
            &[0xFF, 0xD9, 1, 2, 3, 0xFF, 0xD8, 0xFF],
        ),
    ] {
        let bytes = [without_end, tail].concat();
        assert_eq!(numbers(&decode(&bytes).unwrap()), picture.samples, "{name}");
    }
}

#[test]
fn what_is_damaged_or_not_supported_is_refused_in_words() {
    let picture = picture(16, 8, 3, 10);
    let how = Encoding {
        restart_rows: 2,
        ..Encoding::plain(10, 1)
    };
    let good = encode(&picture, &how);
    let at = |marker: u8| good.windows(2).position(|w| w == [0xFF, marker]).unwrap();
    let with = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        bytes
    };
    let (scan, frame) = (at(0xDA), at(0xC3));
    let first_code_byte = scan + 2 + 12;
    for (name, bytes, what) in [
        (
            "selection 0",
            with(scan + 11, 0),
            "its predictor is none of the seven",
        ),
        (
            "selection 8",
            with(scan + 11, 8),
            "its predictor is none of the seven",
        ),
        (
            "a shift of all bits",
            with(scan + 13, 10),
            "its point transform leaves no bits",
        ),
        (
            "a table that is not there",
            with(scan + 6, 0x20),
            "a table is missing",
        ),
        (
            "a component that is not there",
            with(scan + 5, 9),
            "a scan asks for a component that the frame has not",
        ),
        (
            "a component twice",
            with(scan + 7, 1),
            "a scan has a component twice",
        ),
        (
            "sub-sampling",
            with(frame + 11, 0x21),
            "components of different sizes",
        ),
        (
            "half a row between restarts",
            with(at(0xDD) + 5, 24),
            "a restart interval is not of whole rows",
        ),
        (
            "restarts out of order",
            with(at(0xD1) + 1, 0xD2),
            "a restart marker is missing",
        ),
        (
            "an unknown code",
            with(first_code_byte, 0xF8),
            "a code is unknown",
        ),
        (
            "a deeper first table",
            with(at(0xC4) + 5 + 15, 255),
            "a code table is cut",
        ),
    ] {
        let error = decode(&bytes).expect_err(name);
        assert_eq!(error.what(), what, "{name}");
    }
    let header = StreamHeader::read(&good).unwrap();
    for (width, height) in [(16, 9), (15, 8)] {
        let header = StreamHeader {
            width,
            height,
            ..header.clone()
        };
        let error = codec::decode(&good, &header, UnmarkedComponents::Rgb).unwrap_err();
        assert_eq!(error.what(), "its frame is not the one it announced");
    }
}
