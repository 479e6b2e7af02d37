//! Damaged streams of every kind: no panic, no more memory than agreed, an answer in bounded time.

use codec::{RleLayout, Samples, StreamHeader, UnmarkedComponents, decode_rle};

use crate::lossless_encoder::{Encoding, Picture, Scans, encode};
use crate::random::Random;
use crate::streams;

/// Mutations of each stream.
const N_MUTATIONS: usize = 20_000;

fn small_picture(n_components: usize) -> Picture {
    let mut random = Random(3);
    Picture {
        width: 12,
        height: 9,
        n_components,
        samples: (0..108 * n_components)
            .map(|_| random.below(4096) as u16)
            .collect(),
    }
}

fn kinds() -> Vec<(&'static str, Vec<u8>)> {
    let plain = Encoding::plain(12, 1);
    let apart = Encoding {
        scans: Scans::Apart,
        restart_rows: 2,
        selection: 7,
        ..plain
    };
    vec![
        ("lossless", encode(&small_picture(1), &plain)),
        ("lossless in scans", encode(&small_picture(3), &apart)),
        ("grey", streams::bytes(streams::GREY)),
        (
            "progressive",
            streams::bytes(streams::COLOUR_422_PROGRESSIVE),
        ),
        ("4:2:0", streams::bytes(streams::COLOUR_420)),
        ("12 bits", streams::bytes(streams::GREY_12)),
        (
            "12 bits, progressive",
            streams::bytes(streams::GREY_12_PROGRESSIVE),
        ),
        ("XL of 16 bits", streams::bytes(streams::XL_GREY_16)),
        ("XL in boxes", streams::bytes(streams::XL_GREY_12)),
        ("XL lossy", streams::bytes(streams::XL_LOSSY)),
    ]
}

/// As the product does: what is not of the agreed size is not decoded.
fn decode_agreed(bytes: &[u8], agreed: &StreamHeader) -> Option<Samples> {
    let header = StreamHeader::read(bytes)?;
    let (rows, columns) = (agreed.height as u16, agreed.width as u16);
    if !header.is_of(rows, columns, agreed.n_components, 16) {
        return None;
    }
    let samples = codec::decode(bytes, &header, UnmarkedComponents::Ycc).ok()?;
    assert_eq!(samples.len(), agreed.n_samples());
    Some(samples)
}

#[test]
fn a_stream_cut_anywhere_is_refused_or_whole() {
    for (name, whole) in kinds() {
        let agreed = StreamHeader::read(&whole).unwrap();
        let want = decode_agreed(&whole, &agreed);
        assert!(want.is_some(), "{name}");
        for n in 0..whole.len() {
            let cut = decode_agreed(&whole[..n], &agreed);
            assert!(cut.is_none() || cut == want, "{name} cut at {n}");
        }
    }
}

#[test]
fn random_damage_is_survived() {
    for (name, whole) in kinds() {
        let agreed = StreamHeader::read(&whole).unwrap();
        let mut random = Random(whole.len() as u64);
        let mut n_refused = 0;
        for _ in 0..N_MUTATIONS {
            let mut bytes = whole.clone();
            damage(&mut bytes, &mut random);
            n_refused += usize::from(decode_agreed(&bytes, &agreed).is_none());
        }
        println!("{name}: {n_refused} of {N_MUTATIONS} damaged streams refused");
        assert!(0 < n_refused, "{name}");
    }
}

/// One to four faults: a byte changed, a bit turned, bytes taken out, put in, or said again.
fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        let n = 1 + random.below(8.min(bytes.len() - at));
        match random.below(6) {
            0 => bytes[at] = random.below(256) as u8,
            1 => bytes[at] = [0, 0xFF, 0x7F, 0x80][random.below(4)],
            2 => bytes[at] ^= 1 << random.below(8),
            3 if n < bytes.len() => drop(bytes.drain(at..at + n)),
            4 => bytes.insert(at, random.below(256) as u8),
            _ => {
                let again = bytes[at..at + n].to_vec();
                bytes.splice(at..at, again);
            }
        }
    }
}

#[test]
fn run_lengths_cut_or_damaged_are_survived() {
    let layout = RleLayout {
        n_samples: 1,
        bytes_per_sample: 2,
        segment_bytes: 40,
    };
    let run = [0x81 + 88, 7];
    let mut whole: Vec<u8> = [2_u32, 64, 66]
        .into_iter()
        .flat_map(u32::to_le_bytes)
        .collect();
    whole.resize(64, 0);
    whole.extend(run);
    whole.push(39);
    whole.extend(0..40);
    assert_eq!(decode_rle(&whole, layout).unwrap().len(), 80);
    for n in 0..whole.len() {
        assert!(decode_rle(&whole[..n], layout).is_err(), "cut at {n}");
    }
    let mut random = Random(1);
    for _ in 0..N_MUTATIONS {
        let mut bytes = whole.clone();
        damage(&mut bytes, &mut random);
        assert!(decode_rle(&bytes, layout).is_ok_and(|b| b.len() == 80) | true);
    }
}
