use super::{CUT, StreamCodec, StreamColour, StreamHeader, StreamSign, jpeg_ls};
use crate::error::Fault;
use crate::jpeg::{Segment, Segments, be16, marker};

/// Marker segments of ISO/IEC 10918-1 and 14495-1 up to the first scan; up to its end where the height stands there.
pub(super) fn read(bytes: &[u8]) -> Result<StreamHeader, Fault> {
    let mut header: Option<StreamHeader> = None;
    let mut adobe = None;
    let mut is_jfif = false;
    let mut segments = Segments::new(bytes)?;
    let mut header = loop {
        let Segment { marker, body } = segments.next()?;
        match marker {
            0xC0..=0xC3 | 0xF7 => header = Some(start_of_frame(marker, body).ok_or(CUT)?),
            0xC5..=0xC7 | 0xCD..=0xCF => {
                return Err(Fault::Unsupported("a hierarchy of pictures"));
            }
            0xC9..=0xCB => return Err(Fault::Unsupported("arithmetic coding")),
            marker::EOI => return Err("it ends before its picture".into()),
            0xF8 => header = header.map(|header| jpeg_ls::with_presets(header, body)),
            marker::APP0 => is_jfif |= body.starts_with(b"JFIF"),
            marker::APP14 if body.starts_with(b"Adobe") => adobe = body.get(11).copied(),
            marker::SOS => {
                let header = header.ok_or("a scan comes before its frame")?;
                break finish(header, adobe, is_jfif);
            }
            _ => {}
        }
    };
    if header.height == 0 {
        let height = height_behind_scan(segments.rest());
        header.height = u32::from(height.ok_or("its height is missing")?);
    }
    Ok(header)
}

/// The number of lines that a segment behind the first scan defines (ISO/IEC 10918-1 B.2.5).
fn height_behind_scan(coded: &[u8]) -> Option<u16> {
    let ends_scan = |w: &[u8]| {
        w.first() == Some(&0xFF)
            && w.get(1)
                .is_some_and(|b| !matches!(b, 0..=0x7F | 0xFF | marker::RST0..=marker::RST7))
    };
    // Behind 0xFF, JPEG stuffs a byte 0 and JPEG-LS a bit 0.
    let at = coded.windows(2).position(ends_scan)?;
    let segment = coded.get(at..).filter(|s| s.get(1) == Some(&marker::DNL))?;
    be16(segment, 4).ok()
}

fn start_of_frame(marker: u8, segment: &[u8]) -> Option<StreamHeader> {
    let &[precision, h0, h1, w0, w1, n, ref components @ ..] = segment else {
        return None;
    };
    let codec = match marker {
        0xC3 => StreamCodec::JpegLossless,
        0xF7 => StreamCodec::JpegLs,
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

fn finish(mut header: StreamHeader, adobe: Option<u8>, is_jfif: bool) -> StreamHeader {
    if header.codec == StreamCodec::JpegLs {
        return header;
    }
    header.colour = match (adobe, header.colour) {
        (Some(0), _) => StreamColour::Rgb,
        (Some(_), _) => StreamColour::Ycc,
        (None, StreamColour::Rgb) => StreamColour::Rgb,
        (None, _) if is_jfif => StreamColour::Ycc,
        (None, unsaid) => unsaid,
    };
    header
}
