//! The headers of JPEG, JPEG-LS and JPEG 2000 streams, read before any codec is given the bytes.

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
}

impl StreamCodec {
    /// The name of the compression, as a reader knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::JpegDct => "JPEG",
            Self::JpegLossless => "JPEG lossless",
            Self::JpegLs => "JPEG-LS",
            Self::Jpeg2000 => "JPEG 2000",
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
    /// JPEG 2000 with its multiple component transform: the codec gives red, green and blue.
    Transformed,
    /// JPEG-LS, each component in a scan of its own.
    Planes,
}

/// Tiles of a JPEG 2000 stream beyond which it is taken for an attack.
const MAX_TILES: u64 = 4096;
/// Scans of a JPEG stream beyond which it is taken for an attack.
const MAX_SCANS: usize = 64;

impl StreamHeader {
    /// Reads the header of whatever stream it is; `None` when it is none of those known.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xFF, 0x4F, 0xFF, 0x51, ..] => jpeg2000(bytes),
            [0, 0, 0, 12, b'j', b'P', b' ', b' ', ..] => {
                // The file format around the code stream, which DICOM forbids and some writers use.
                let at = bytes
                    .windows(4)
                    .position(|w| w == [0xFF, 0x4F, 0xFF, 0x51])?;
                jpeg2000(bytes.get(at..)?)
            }
            [0xFF, 0xD8, ..] => jpeg(bytes),
            _ => None,
        }
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

/// SIZ and COD of ISO/IEC 15444-1 A.5.1 and A.6.1.
fn jpeg2000(bytes: &[u8]) -> Option<StreamHeader> {
    let siz = |i: usize| be32(bytes, 8 + 4 * i);
    let (width, height) = (siz(0)?.checked_sub(siz(2)?)?, siz(1)?.checked_sub(siz(3)?)?);
    let (tile_width, tile_height) = (siz(4)?, siz(5)?);
    if tile_width == 0 || tile_height == 0 {
        return None;
    }
    let n_tiles = u64::from(width.div_ceil(tile_width)) * u64::from(height.div_ceil(tile_height));
    let n_components = be16(bytes, 40)?;
    let (depth, dx, dy) = (*bytes.get(42)?, *bytes.get(43)?, *bytes.get(44)?);
    let alike = (0..usize::from(n_components))
        .all(|c| bytes.get(42 + 3 * c..45 + 3 * c) == Some(&[depth, dx, dy]));
    if MAX_TILES < n_tiles || !alike || dx != 1 || dy != 1 {
        return None;
    }
    let mut at = 4 + usize::from(be16(bytes, 4)?);
    let mut is_transformed = false;
    // Marker segments up to the first tile part.
    while let Some(marker) = be16(bytes, at).filter(|m| *m != 0xFF90) {
        if marker == 0xFF52 {
            is_transformed = *bytes.get(at + 8)? == 1;
        }
        at += 2 + usize::from(be16(bytes, at + 2)?);
    }
    Some(StreamHeader {
        codec: StreamCodec::Jpeg2000,
        width,
        height,
        n_components,
        precision: (depth & 0x7F) + 1,
        sign: if depth & 0x80 == 0 {
            StreamSign::Unsigned
        } else {
            StreamSign::Signed
        },
        colour: if is_transformed {
            StreamColour::Transformed
        } else {
            StreamColour::Unsaid
        },
    })
}

/// Marker segments of ISO/IEC 10918-1 and 14495-1 up to the first scan.
fn jpeg(bytes: &[u8]) -> Option<StreamHeader> {
    let mut header: Option<StreamHeader> = None;
    let mut adobe = None;
    let mut is_jfif = false;
    let mut at = 2;
    loop {
        let marker = be16(bytes, at)?;
        if marker == 0xFFFF {
            at += 1;
            continue;
        }
        let len = usize::from(be16(bytes, at + 2)?);
        let segment = bytes.get(at + 4..at + 2 + len)?;
        match marker {
            0xFFC0..=0xFFC3 | 0xFFF7 => header = Some(start_of_frame(marker, segment)?),
            0xFFC5..=0xFFC7 | 0xFFC9..=0xFFCB | 0xFFCD..=0xFFCF => return None,
            0xFFE0 => is_jfif |= segment.starts_with(b"JFIF"),
            0xFFEE if segment.starts_with(b"Adobe") => adobe = segment.get(11).copied(),
            0xFFDA => break finish(header?, segment, adobe, is_jfif),
            _ => {}
        }
        at += 2 + len;
    }
    .filter(|_| {
        bytes
            .windows(2)
            .filter(|w| *w == [0xFF, 0xDA])
            .take(MAX_SCANS + 1)
            .count()
            <= MAX_SCANS
    })
}

fn start_of_frame(marker: u16, segment: &[u8]) -> Option<StreamHeader> {
    let &[precision, h0, h1, w0, w1, n, ref components @ ..] = segment else {
        return None;
    };
    let codec = match marker {
        0xFFC3 => StreamCodec::JpegLossless,
        0xFFF7 => StreamCodec::JpegLs,
        _ => StreamCodec::JpegDct,
    };
    let ids: Vec<u8> = components.chunks_exact(3).map(|c| c[0]).collect();
    Some(StreamHeader {
        codec,
        width: u32::from(u16::from_be_bytes([w0, w1])),
        height: u32::from(u16::from_be_bytes([h0, h1])),
        n_components: u16::from(n),
        precision,
        sign: StreamSign::Unsigned,
        colour: if ids == *b"RGB" {
            StreamColour::Rgb
        } else {
            StreamColour::Unsaid
        },
    })
}

fn finish(
    mut header: StreamHeader,
    scan: &[u8],
    adobe: Option<u8>,
    is_jfif: bool,
) -> Option<StreamHeader> {
    if header.codec == StreamCodec::JpegLs {
        // Interleave mode stands behind the components and NEAR.
        let n = usize::from(*scan.first()?);
        if header.n_components == 3 && *scan.get(2 + 2 * n)? == 0 {
            header.colour = StreamColour::Planes;
        }
        return Some(header);
    }
    header.colour = match (adobe, header.colour) {
        (Some(0), _) => StreamColour::Rgb,
        (Some(_), _) => StreamColour::Ycc,
        (None, StreamColour::Rgb) => StreamColour::Rgb,
        (None, _) if is_jfif => StreamColour::Ycc,
        (None, unsaid) => unsaid,
    };
    Some(header)
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
                StreamColour::Planes,
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
