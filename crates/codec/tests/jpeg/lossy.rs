//! Lossy JPEG of other people's encoders: the samples are those of the formula that they were made from.

use codec::{CodecError, StreamCodec, StreamColour, StreamHeader, UnmarkedComponents};

use crate::streams::{
    COLOUR_12, COLOUR_411, COLOUR_420, COLOUR_422_PROGRESSIVE, COLOUR_440, GREY, GREY_12,
    GREY_12_PROGRESSIVE, GREY_PROGRESSIVE, bytes,
};
use crate::{HEIGHT, WIDTH, colours, decode, furthest, greys, numbers};

#[test]
fn every_process_and_sampling_gives_the_picture_back() {
    // Halved chrominances are interpolated at the edges of the picture, where the ramp goes on and they cannot.
    for (name, stream, precision, is_colour, tolerance) in [
        ("grey", GREY, 8, false, 1),
        ("grey progressive", GREY_PROGRESSIVE, 8, false, 1),
        ("4:2:0", COLOUR_420, 8, true, 6),
        ("4:2:2 progressive", COLOUR_422_PROGRESSIVE, 8, true, 5),
        ("4:4:0", COLOUR_440, 8, true, 5),
        ("4:1:1", COLOUR_411, 8, true, 14),
        ("grey of 12 bits", GREY_12, 12, false, 20),
        (
            "grey of 12 bits, progressive",
            GREY_12_PROGRESSIVE,
            12,
            false,
            8,
        ),
        ("4:2:0 of 12 bits", COLOUR_12, 12, true, 96),
    ] {
        let stream = bytes(stream);
        let header = StreamHeader::read(&stream).unwrap();
        assert_eq!(header.codec, StreamCodec::JpegDct, "{name}");
        assert_eq!(
            (header.width as usize, header.height as usize),
            (WIDTH, HEIGHT),
            "{name}"
        );
        assert_eq!(header.precision, precision, "{name}");
        let want = if is_colour {
            colours(precision)
        } else {
            greys(precision)
        };
        let off = furthest(&numbers(&decode(&stream).unwrap()), &want);
        assert!(off <= tolerance, "{name}: off by {off}");
    }
}

#[test]
fn components_are_converted_as_the_stream_or_else_the_caller_says() {
    let marked = bytes(COLOUR_420);
    let jfif = marked.windows(2).position(|w| w == [0xFF, 0xE0]).unwrap();
    // Without its JFIF segment of 16 bytes the stream says nothing of its colours.
    let unmarked = [&marked[..jfif], &marked[jfif + 18..]].concat();
    let adobe = |transform| {
        let marker = [
            &[0xFF, 0xEE, 0, 14][..],
            b"Adobe",
            &[0, 100, 0, 0, 0, 0, transform],
        ];
        [&unmarked[..2], &marker.concat(), &unmarked[2..]].concat()
    };
    let first_pixel = |stream: &[u8], caller| {
        let header = StreamHeader::read(stream).unwrap();
        let samples = codec::decode(stream, &header, caller).unwrap();
        (header.colour, numbers(&samples)[..3].to_vec())
    };
    use UnmarkedComponents::{Rgb, Ycc};
    let (_, converted) = first_pixel(&marked, Ycc);
    let (_, bare) = first_pixel(&unmarked, Rgb);
    // 20, 200, 60 has luminance 130.
    assert!(furthest(&bare[..1], &[130]) <= 3 && furthest(&converted, &[20, 200, 60]) <= 6);
    for (name, stream, caller, colour, pixel) in [
        ("JFIF", &marked, Rgb, StreamColour::Ycc, &converted),
        (
            "no mark, and the caller says",
            &unmarked,
            Ycc,
            StreamColour::Unsaid,
            &converted,
        ),
        ("Adobe 0", &adobe(0), Ycc, StreamColour::Rgb, &bare),
        ("Adobe 1", &adobe(1), Rgb, StreamColour::Ycc, &converted),
    ] {
        assert_eq!(
            first_pixel(stream, caller),
            (colour, pixel.clone()),
            "{name}"
        );
    }
}

#[test]
fn a_picture_of_which_a_part_is_missing_is_refused() {
    let stream = bytes(GREY_PROGRESSIVE);
    let scans: Vec<usize> = (0..stream.len() - 1)
        .filter(|at| stream[*at..].starts_with(&[0xFF, 0xDA]))
        .collect();
    assert!(2 < scans.len(), "the stream is to have several scans");
    for at in &scans[1..] {
        let cut = [&stream[..*at], &[0xFF, 0xD9]].concat();
        let error = decode(&cut).unwrap_err();
        assert_eq!(error.what(), "parts of the picture are missing");
    }
    let again = [&stream[..scans[1]], &stream[scans[0]..]].concat();
    assert_eq!(
        decode(&again).unwrap_err().what(),
        "its scans come in a wrong order"
    );
}

#[test]
fn what_is_damaged_or_not_supported_is_refused_in_words() {
    let good = bytes(GREY);
    let at = |marker: u8| good.windows(2).position(|w| w == [0xFF, marker]).unwrap();
    let with = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        bytes
    };
    let mut four = with(at(0xC0) + 3, 20);
    four[at(0xC0) + 9] = 4;
    // Three of the five codes of three bits become codes of one.
    let mut crowded = with(at(0xC4) + 5, 3);
    crowded[at(0xC4) + 7] -= 3;
    let more = [2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0];
    four.splice(at(0xC0) + 13..at(0xC0) + 13, more);
    for (name, bytes, what) in [
        ("four components", four, "neither one component nor three"),
        (
            "16 bits",
            with(at(0xC0) + 4, 16),
            "a depth that is not 8 to 12 bits",
        ),
        (
            "no sampling",
            with(at(0xC0) + 11, 0),
            "a sampling factor is not 1 to 4",
        ),
        (
            "a quantisation table that is not there",
            with(at(0xC0) + 12, 3),
            "a table is missing",
        ),
        (
            "restarts out of order",
            with(at(0xD1) + 1, 0xD3),
            "a restart marker is missing",
        ),
        (
            "more codes than there are",
            crowded,
            "a code table holds more codes than there are",
        ),
        ("cut", good[..good.len() - 40].to_vec(), "it ends early"),
    ] {
        let error = decode(&bytes).expect_err(name);
        assert_eq!(error.what(), what, "{name}");
    }
}

#[test]
fn arithmetic_and_hierarchical_streams_are_not_supported_and_cut_ones_are_damaged() {
    let stream = bytes(GREY);
    let at = stream.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    for process in [0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF] {
        let mut stream = stream.clone();
        stream[at + 1] = process;
        assert_eq!(StreamHeader::read(&stream), None, "{process:X}");
        let fault = StreamHeader::fault(&stream);
        assert!(
            matches!(fault, Some(CodecError::Unsupported { .. })),
            "{process:X}: {fault:?}"
        );
    }
    let fault = StreamHeader::fault(&stream[..at + 4]);
    assert!(
        matches!(fault, Some(CodecError::Damaged { .. })),
        "{fault:?}"
    );
    assert_eq!(StreamHeader::fault(&stream), None);
    assert_eq!(StreamHeader::fault(b"no stream at all"), None);
}
