//! The file around a data set: preamble, meta information and transfer syntax (PS3.10 7.1).

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use crate::data_set::{DataSet, Encoding, Value};

/// Transfer syntaxes that can be written here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// Implicit VR Little Endian.
    ImplicitLe,
    /// Explicit VR Little Endian.
    ExplicitLe,
    /// Explicit VR Big Endian (retired).
    ExplicitBe,
    /// Deflated Explicit VR Little Endian; the deflate stream holds stored blocks.
    DeflatedLe,
    /// RLE Lossless.
    RleLossless,
}

impl Syntax {
    /// Transfer syntax UID (PS3.6 A).
    pub fn uid(self) -> &'static str {
        match self {
            Self::ImplicitLe => "1.2.840.10008.1.2",
            Self::ExplicitLe => "1.2.840.10008.1.2.1",
            Self::ExplicitBe => "1.2.840.10008.1.2.2",
            Self::DeflatedLe => "1.2.840.10008.1.2.1.99",
            Self::RleLossless => "1.2.840.10008.1.2.5",
        }
    }

    /// Layout of the elements under this syntax.
    pub fn encoding(self) -> Encoding {
        match self {
            Self::ImplicitLe => Encoding::ImplicitLe,
            Self::ExplicitLe | Self::DeflatedLe | Self::RleLossless => Encoding::ExplicitLe,
            Self::ExplicitBe => Encoding::ExplicitBe,
        }
    }
}

/// Returns the bytes of a whole file; class and instance in the meta information come from the data set.
pub fn file_bytes(data_set: &DataSet, syntax: Syntax) -> Vec<u8> {
    let mut out = header(
        data_set.text(tags::SOP_CLASS_UID),
        data_set.text(tags::SOP_INSTANCE_UID),
        syntax.uid(),
    );
    let body = data_set.encode(syntax.encoding());
    if syntax == Syntax::DeflatedLe {
        out.extend(stored_deflate(&body))
    } else {
        out.extend(body)
    }
    out
}

/// Returns preamble, magic and meta information for the given identifiers.
pub fn header(sop_class_uid: &str, sop_uid: &str, syntax_uid: &str) -> Vec<u8> {
    let mut meta = DataSet::new();
    meta.put(
        tags::FILE_META_INFORMATION_VERSION,
        Value::Bytes(vec![0, 1]),
    );
    meta.put(tags::MEDIA_STORAGE_SOP_CLASS_UID, sop_class_uid);
    meta.put(tags::MEDIA_STORAGE_SOP_INSTANCE_UID, sop_uid);
    meta.put(tags::TRANSFER_SYNTAX_UID, syntax_uid);
    meta.put(
        tags::IMPLEMENTATION_CLASS_UID,
        "2.25.190514420958421773921806418209034512345",
    );
    meta.put(tags::IMPLEMENTATION_VERSION_NAME, "PHANTOM_1");
    let meta = meta.encode(Encoding::ExplicitLe);
    let mut group_length = DataSet::new();
    group_length.put(Tag(0x0002, 0x0000), meta.len() as u32);
    let mut out = vec![0; 128];
    out.extend(b"DICM");
    out.extend(group_length.encode(Encoding::ExplicitLe));
    out.extend(meta);
    out
}

/// Wraps bytes as a deflate stream of uncompressed blocks (RFC 1951 3.2.4).
pub(crate) fn stored_deflate(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + body.len() / 1000 + 16);
    let mut chunks = body.chunks(0xFFFF).peekable();
    if chunks.peek().is_none() {
        out.extend([1, 0, 0, 0xFF, 0xFF]);
    }
    while let Some(chunk) = chunks.next() {
        let length = chunk.len() as u16;
        out.push(u8::from(chunks.peek().is_none()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend_from_slice(chunk);
    }
    if out.len() % 2 == 1 {
        out.push(0);
    }
    out
}

/// Packs one byte plane with the run-length code of PS3.5 G.3.
fn pack_bits(row: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while at < row.len() {
        let run = row[at..]
            .iter()
            .take(128)
            .take_while(|byte| **byte == row[at])
            .count();
        if 2 <= run {
            out.extend([(257 - run) as u8, row[at]]);
            at += run;
            continue;
        }
        let mut n = 1;
        while at + n < row.len()
            && n < 128
            && (at + n + 1 >= row.len() || row[at + n] != row[at + n + 1])
        {
            n += 1;
        }
        out.push((n - 1) as u8);
        out.extend_from_slice(&row[at..at + n]);
        at += n;
    }
}

/// Encodes one frame of `n_samples` interleaved samples of `bytes_per_sample` little-endian bytes as RLE Lossless
/// (PS3.5 G): one segment a byte plane, the most significant first; rows are packed apart.
pub(crate) fn rle_frame(
    pixels: &[u8],
    cols: usize,
    n_samples: usize,
    bytes_per_sample: usize,
) -> Vec<u8> {
    let stride = n_samples * bytes_per_sample;
    let mut segments = Vec::new();
    for sample in 0..n_samples {
        for byte in (0..bytes_per_sample).rev() {
            let plane: Vec<u8> = pixels
                .iter()
                .skip(sample * bytes_per_sample + byte)
                .step_by(stride)
                .copied()
                .collect();
            let mut segment = Vec::new();
            plane
                .chunks(cols)
                .for_each(|row| pack_bits(row, &mut segment));
            if segment.len() % 2 == 1 {
                segment.push(0);
            }
            segments.push(segment);
        }
    }
    let mut header = [0u32; 16];
    header[0] = segments.len() as u32;
    let mut offset = 64;
    for (slot, segment) in header[1..].iter_mut().zip(&segments) {
        *slot = offset;
        offset += segment.len() as u32;
    }
    let mut out: Vec<u8> = header.iter().flat_map(|word| word.to_le_bytes()).collect();
    segments
        .iter()
        .for_each(|segment| out.extend_from_slice(segment));
    out
}
