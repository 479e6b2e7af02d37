//! The headers of compressed streams, read before any codec is given the bytes.

mod jpeg;
mod jpeg2000;
mod jpeg_ls;

use crate::error::{CodecError, Fault};

/// What a compressed frame says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamHeader {
    /// The decoder that it needs.
    pub codec: StreamCodec,
    /// Pixels of a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Samples of a pixel.
    pub n_components: u16,
    /// Bits of a sample.
    pub precision: u8,
    /// Can samples be negative?
    pub sign: StreamSign,
    /// What the components are to each other.
    pub colour: StreamColour,
}

/// The decoder that a stream needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamCodec {
    /// Lossy JPEG, by discrete cosine transform.
    JpegDct,
    /// JPEG's lossless process.
    JpegLossless,
    /// JPEG-LS.
    JpegLs,
    /// JPEG 2000.
    Jpeg2000,
    /// JPEG XL.
    JpegXl,
}

impl StreamCodec {
    /// The name of the compression, as a reader knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::JpegDct => "JPEG",
            Self::JpegLossless => "JPEG lossless",
            Self::JpegLs => "JPEG-LS",
            Self::Jpeg2000 => "JPEG 2000",
            Self::JpegXl => "JPEG XL",
        }
    }
}

/// Two's complement samples occur in JPEG 2000 alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamSign {
    /// From 0 upwards.
    Unsigned,
    /// Two's complement.
    Signed,
}

/// What the stream says of the relation of its components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamColour {
    /// Nothing.
    Unsaid,
    /// Red, green and blue.
    Rgb,
    /// Luminance and chrominances.
    Ycc,
    /// JPEG 2000 with its multiple component transform, or JPEG XL: the codec gives red, green and blue.
    Transformed,
}

impl StreamHeader {
    /// Reads the header of whatever stream it is; `None` when it is none of those known, or cannot be read.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        Self::read_or_fault(bytes)?.ok()
    }

    /// Why [`Self::read`] gives nothing for bytes that begin as a stream does; `None` when it gives something, and when
    /// they begin as none.
    pub fn fault(bytes: &[u8]) -> Option<CodecError> {
        Self::read_or_fault(bytes)?.err()
    }

    fn read_or_fault(bytes: &[u8]) -> Option<Result<Self, CodecError>> {
        let (codec, header) = match bytes {
            [0xFF, 0x4F, 0xFF, 0x51, ..] => {
                (StreamCodec::Jpeg2000, jpeg2000::read_code_stream(bytes))
            }
            [0, 0, 0, 12, b'j', b'P', b' ', b' ', ..] => {
                (StreamCodec::Jpeg2000, jpeg2000::read_file(bytes))
            }
            [0xFF, 0xD8, ..] => (StreamCodec::JpegDct, jpeg::read(bytes)),
            [0xFF, 0x0A, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] => {
                (StreamCodec::JpegXl, crate::jpeg_xl::read_header(bytes))
            }
            _ => return None,
        };
        Some(header.map_err(|fault| CodecError::of(codec.name(), fault)))
    }

    /// Does it agree with the attributes of the image?
    pub fn is_of(&self, rows: u16, columns: u16, n_samples: u16, bits_allocated: u16) -> bool {
        self.width == u32::from(columns)
            && self.height == u32::from(rows)
            && self.n_components == n_samples
            && u16::from(self.precision) <= bits_allocated
            && (1..=16).contains(&self.precision)
    }

    /// Samples of the whole picture.
    pub fn n_samples(&self) -> usize {
        self.width as usize * self.height as usize * usize::from(self.n_components)
    }
}

const CUT: Fault = Fault::Damaged("its header is cut");

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..at + 2)?
        .try_into()
        .ok()
        .map(u16::from_be_bytes)
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..at + 4)?
        .try_into()
        .ok()
        .map(u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn jpeg_stream(marker: u8, precision: u8, ids: [u8; 3], app: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8];
        bytes.extend_from_slice(app);
        bytes.extend([0xFF, marker, 0, 17, precision, 0, 4, 0, 6, 3]);
        ids.iter().for_each(|id| bytes.extend([*id, 0x11, 0]));
        bytes.extend([0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 0, 0]);
        bytes
    }

    #[test]
    fn a_jpeg_header_tells_size_depth_and_colour() {
        let adobe = |t| [&[0xFF, 0xEE, 0, 14][..], b"Adobe", &[0, 100, 0, 0, 0, 0, t]].concat();
        for (name, bytes, codec, colour) in [
            (
                "plain",
                jpeg_stream(0xC0, 8, [1, 2, 3], &[]),
                StreamCodec::JpegDct,
                StreamColour::Unsaid,
            ),
            (
                "ids",
                jpeg_stream(0xC0, 8, *b"RGB", &[]),
                StreamCodec::JpegDct,
                StreamColour::Rgb,
            ),
            (
                "Adobe 0",
                jpeg_stream(0xC1, 8, [1, 2, 3], &adobe(0)),
                StreamCodec::JpegDct,
                StreamColour::Rgb,
            ),
            (
                "Adobe 1",
                jpeg_stream(0xC0, 8, *b"RGB", &adobe(1)),
                StreamCodec::JpegDct,
                StreamColour::Ycc,
            ),
            (
                "lossless",
                jpeg_stream(0xC3, 8, [1, 2, 3], &[]),
                StreamCodec::JpegLossless,
                StreamColour::Unsaid,
            ),
            (
                "JPEG-LS",
                jpeg_stream(0xF7, 8, [1, 2, 3], &[]),
                StreamCodec::JpegLs,
                StreamColour::Unsaid,
            ),
        ] {
            let header = StreamHeader::read(&bytes).unwrap();
            assert_eq!(
                (header.codec, header.colour, header.width, header.height),
                (codec, colour, 6, 4),
                "{name}"
            );
        }
    }

    #[test]
    fn a_height_that_stands_behind_the_scan_is_found() {
        let mut bytes = jpeg_stream(0xC3, 8, [1, 2, 3], &[]);
        bytes[8] = 0;
        let scan = [0x12, 0xFF, 0, 0xFF, 0xD0, 0x34];
        for (name, tail, height) in [
            ("as it should be", &[0xFF, 0xDC, 0, 4, 1, 2][..], Some(258)),
            ("none", &[0xFF, 0xD9], None),
            ("cut", &[0xFF, 0xDC, 0, 4, 1], None),
        ] {
            let whole = [&bytes[..], &scan, tail].concat();
            assert_eq!(
                StreamHeader::read(&whole).map(|h| h.height),
                height,
                "{name}"
            );
        }
    }

    #[test]
    fn a_stream_of_another_size_is_refused_before_its_codec_runs() {
        let header = StreamHeader::read(&jpeg_stream(0xC0, 8, [1, 2, 3], &[])).unwrap();
        assert!(header.is_of(4, 6, 3, 8));
        for (rows, columns, samples, bits) in [(5, 6, 3, 8), (4, 7, 3, 8), (4, 6, 1, 8)] {
            assert!(!header.is_of(rows, columns, samples, bits));
        }
        let deeper = StreamHeader {
            precision: 12,
            ..header
        };
        assert!(!deeper.is_of(4, 6, 3, 8));
    }

    #[test]
    fn garbage_and_cut_headers_are_no_streams() {
        let whole = jpeg_stream(0xC0, 8, [1, 2, 3], &[]);
        for n in 0..whole.len() {
            assert_eq!(StreamHeader::read(&whole[..n]), None, "{n}");
        }
        assert_eq!(StreamHeader::read(&[0xFF, 0x4F, 0xFF, 0x51, 0, 0]), None);
    }
}
