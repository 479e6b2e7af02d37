//! JPEG, JPEG lossless and JPEG XL through the crate's front door.
#![allow(missing_docs, clippy::unwrap_used)]

mod boundary;
mod lossless;
mod lossless_encoder;
mod lossy;
mod oracle;
mod random;
mod streams;
mod xl;

use codec::{CodecError, Samples, StreamHeader, UnmarkedComponents};

/// Reads the header and decodes.
fn decode(bytes: &[u8]) -> Result<Samples, CodecError> {
    let header = StreamHeader::read(bytes).unwrap();
    codec::decode(bytes, &header, UnmarkedComponents::Ycc)
}

/// The samples as numbers, whatever their depth.
fn numbers(samples: &Samples) -> Vec<u16> {
    match samples {
        Samples::Bits8(values) => values.iter().map(|v| u16::from(*v)).collect(),
        Samples::Bits16(values) => values.clone(),
    }
}

/// Size of the pictures in [`streams`].
const WIDTH: usize = 27;
const HEIGHT: usize = 21;

/// The grey picture of [`streams`].
fn greys(precision: u8) -> Vec<u16> {
    let pixel = |i| 20 + 5 * (i % WIDTH) + 3 * (i / WIDTH);
    (0..WIDTH * HEIGHT)
        .map(|i| (pixel(i) << (precision - 8)) as u16)
        .collect()
}

/// The coloured picture of [`streams`], samples of a pixel together.
fn colours(precision: u8) -> Vec<u16> {
    let pixel = |i| {
        let (x, y) = (i % WIDTH, i / WIDTH);
        [20 + 5 * x + 3 * y, 200 - 4 * x - 2 * y, 60 + 2 * x + 4 * y]
    };
    let levels = (0..WIDTH * HEIGHT).flat_map(pixel);
    levels.map(|v| (v << (precision - 8)) as u16).collect()
}

/// The largest difference of two pictures of one size.
fn furthest(got: &[u16], want: &[u16]) -> u16 {
    assert_eq!(got.len(), want.len());
    got.iter()
        .zip(want)
        .map(|(a, b)| a.abs_diff(*b))
        .max()
        .unwrap_or(0)
}
