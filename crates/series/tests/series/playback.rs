//! How frames are to be played, against attributes written by hand.

use series::{Playback, PlaybackOrder, RateFrom};

use crate::builder::{Object, scan_files, volumes};

/// What is said of an object of four frames with these elements.
fn playback(elements: &[(u32, &[u8; 2], &str)]) -> Playback {
    let mut object = Object::ct(1, 0.0);
    object
        .text(0x0008_0016, b"UI", "1.2.840.10008.5.1.4.1.1.3.1")
        .text(0x0008_0060, b"CS", "US")
        .without(0x0020_0032)
        .without(0x0020_0037)
        .picture([2, 3, 1, 8, 8, 0], "MONOCHROME2", vec![0; 24])
        .text(0x0028_0008, b"IS", "4");
    for &(tag, vr, value) in elements {
        match vr {
            b"US" => object.us(tag, value.parse().unwrap()),
            b"AT" => {
                let pointed = u32::from_str_radix(value, 16).unwrap();
                let pair = [(pointed >> 16) as u16, pointed as u16];
                object.set(
                    tag,
                    b"AT",
                    pair.iter().flat_map(|v| v.to_le_bytes()).collect(),
                )
            }
            _ => object.text(tag, vr, value),
        };
    }
    let (_folder, scan) = scan_files(&[("a.dcm", object.file())]);
    volumes(&scan)[0].playback()
}

const RECOMMENDED: u32 = 0x0008_2144;
const CINE_RATE: u32 = 0x0018_0040;
const FRAME_TIME: u32 = 0x0018_1063;
const VECTOR: u32 = 0x0018_1065;
const SEQUENCING: u32 = 0x0018_1244;
const POINTER: u32 = 0x0028_0009;

#[test]
fn the_rate_is_the_recommended_one_then_that_of_cine_then_that_of_the_times() {
    let all = [
        (RECOMMENDED, b"IS", "30"),
        (CINE_RATE, b"IS", "15"),
        (VECTOR, b"DS", "0\\50\\50\\50"),
        (FRAME_TIME, b"DS", "40"),
    ];
    for (n_left_out, rate, from) in [
        (0, 30.0, RateFrom::RecommendedDisplayFrameRate),
        (1, 15.0, RateFrom::CineRate),
        (2, 20.0, RateFrom::FrameTimeVector),
        (3, 25.0, RateFrom::FrameTime),
    ] {
        assert_eq!(playback(&all[n_left_out..]).rate, Some((rate, from)));
    }
    let pointed = [all[2], all[3], (POINTER, b"AT", "00181063")];
    assert_eq!(playback(&pointed).rate, Some((25.0, RateFrom::FrameTime)));
}

#[test]
fn frames_stay_until_the_time_of_the_next_and_the_last_for_the_mean() {
    let uneven = playback(&[(VECTOR, b"DS", "0\\20\\40\\60")]);
    assert_eq!(uneven.slice_ms, [20.0, 40.0, 60.0, 40.0]);
    assert_eq!(uneven.rate, Some((25.0, RateFrom::FrameTimeVector)));
    assert!(
        playback(&[(VECTOR, b"DS", "0\\50\\50\\50")])
            .slice_ms
            .is_empty()
    );
}

#[test]
fn what_is_no_rate_is_not_played_by() {
    for elements in [
        &[(CINE_RATE, b"IS", "0")][..],
        &[(CINE_RATE, b"IS", "-5")],
        &[(FRAME_TIME, b"DS", "0")],
        &[(FRAME_TIME, b"DS", "fast")],
        &[(RECOMMENDED, b"IS", "999999")],
        &[(VECTOR, b"DS", "0\\20")],
        &[(VECTOR, b"DS", "0\\-20\\40\\60")],
        &[(VECTOR, b"DS", "0\\0\\0\\0")],
        &[],
    ] {
        assert_eq!(playback(elements), Playback::default(), "{elements:?}");
    }
}

#[test]
fn a_sweep_is_played_there_and_back() {
    for (value, order) in [
        ("0", PlaybackOrder::Loop),
        ("1", PlaybackOrder::Sweep),
        ("7", PlaybackOrder::Loop),
    ] {
        assert_eq!(playback(&[(SEQUENCING, b"US", value)]).order, order);
    }
}
