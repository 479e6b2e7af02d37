use super::{StreamCodec, StreamColour, StreamHeader, StreamSign, be16, jpeg_ls};

/// Scans of a stream beyond which it is taken for an attack.
const MAX_SCANS: usize = 64;

/// Marker segments of ISO/IEC 10918-1 and 14495-1 up to the first scan.
pub(super) fn read(bytes: &[u8]) -> Option<StreamHeader> {
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
        return jpeg_ls::finish(header, scan);
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
