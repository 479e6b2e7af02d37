//! JPEG XL: lossless streams give the formula back, others come near.

use codec::{CodecError, StreamCodec, StreamHeader};

use crate::streams::{XL_ALPHA, XL_COLOUR, XL_FROM_JPEG, XL_GREY_12, XL_GREY_16, XL_LOSSY, bytes};
use crate::{HEIGHT, WIDTH, colours, decode, furthest, greys, numbers};

#[test]
fn bare_and_boxed_streams_of_every_kind_give_the_picture_back() {
    let deep = (0..WIDTH * HEIGHT).map(|i| 1000 + 517 * (i % WIDTH) + 1091 * (i / WIDTH));
    let deep: Vec<u16> = deep.map(|v| v as u16).collect();
    for (name, stream, precision, want, tolerance) in [
        ("16 bits", XL_GREY_16, 16, deep, 0),
        ("12 bits", XL_GREY_12, 12, greys(12), 0),
        ("colour", XL_COLOUR, 8, colours(8), 0),
        ("lossy", XL_LOSSY, 8, colours(8), 6),
        ("from JPEG", XL_FROM_JPEG, 8, colours(8), 3),
    ] {
        let stream = bytes(stream);
        let header = StreamHeader::read(&stream).unwrap();
        assert_eq!(header.codec, StreamCodec::JpegXl, "{name}");
        assert_eq!(
            (header.width as usize, header.height as usize),
            (WIDTH, HEIGHT),
            "{name}"
        );
        assert_eq!(header.precision, precision, "{name}");
        let off = furthest(&numbers(&decode(&stream).unwrap()), &want);
        assert!(off <= tolerance, "{name}: off by {off}");
    }
}

#[test]
fn channels_beyond_the_colours_are_refused() {
    let error = decode(&bytes(XL_ALPHA)).unwrap_err();
    assert_eq!(
        error,
        CodecError::Unsupported {
            codec: "JPEG XL",
            what: "channels beyond its colours"
        }
    );
}

#[test]
fn another_size_than_agreed_is_refused() {
    let stream = bytes(XL_GREY_16);
    let header = StreamHeader::read(&stream).unwrap();
    let header = StreamHeader {
        height: 20,
        ..header
    };
    let unmarked = codec::UnmarkedComponents::Rgb;
    assert!(codec::decode(&stream, &header, unmarked).is_err());
}
