//! The transfer syntaxes (PS3.6 A, table A-1): how their elements and pixels are written.

use crate::walk::Encoding;

pub(crate) const IMPLICIT_LE: &str = "1.2.840.10008.1.2";
pub(crate) const EXPLICIT_LE: &str = "1.2.840.10008.1.2.1";
pub(crate) const EXPLICIT_BE: &str = "1.2.840.10008.1.2.2";
pub(crate) const DEFLATED_EXPLICIT_LE: &str = "1.2.840.10008.1.2.1.99";

pub(crate) const ENCAPSULATED_UNCOMPRESSED_LE: &str = "1.2.840.10008.1.2.1.98";
pub(crate) const RLE_LOSSLESS: &str = "1.2.840.10008.1.2.5";
pub(crate) const JPEG_XL_LOSSLESS: &str = "1.2.840.10008.1.2.4.110";

/// How the pixels of a transfer syntax are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    /// Samples as they are, in one element.
    Native,
    /// Samples as they are, in fragments.
    Fragmented,
    /// A deflate stream a frame.
    DeflatedFrame,
    /// Run lengths (PS3.5 G).
    Rle,
    /// JPEG with a discrete cosine transform, 8 or 12 bit.
    Jpeg,
    /// JPEG lossless, process 14.
    JpegLossless,
    /// JPEG-LS.
    JpegLs,
    /// JPEG 2000 and High-Throughput JPEG 2000.
    Jpeg2000,
    /// JPEG XL.
    JpegXl,
    /// MPEG-2, MPEG-4 or HEVC video.
    Video,
    /// Not in our table.
    Unknown,
}

/// How the pixels of a transfer syntax are compressed.
pub(crate) fn compression(uid: &str) -> Compression {
    let Some(tail) = uid.strip_prefix("1.2.840.10008.1.2") else {
        return Compression::Unknown;
    };
    match tail {
        "" | ".1" | ".2" | ".1.99" => Compression::Native,
        ".1.98" => Compression::Fragmented,
        ".8.1" => Compression::DeflatedFrame,
        ".5" => Compression::Rle,
        ".4.50" | ".4.51" | ".4.52" | ".4.53" | ".4.54" | ".4.55" | ".4.56" => Compression::Jpeg,
        ".4.57" | ".4.58" | ".4.70" => Compression::JpegLossless,
        ".4.80" | ".4.81" => Compression::JpegLs,
        ".4.90" | ".4.91" | ".4.92" | ".4.93" | ".4.201" | ".4.202" | ".4.203" => {
            Compression::Jpeg2000
        }
        ".4.110" | ".4.111" | ".4.112" => Compression::JpegXl,
        _ if tail.starts_with(".4.10") => Compression::Video,
        _ => Compression::Unknown,
    }
}

/// Are decoded values allowed to differ from the original ones?
pub(crate) fn is_lossy(uid: &str) -> bool {
    let tail = uid.rsplit('.').next().unwrap_or_default();
    uid.starts_with("1.2.840.10008.1.2.4.")
        && matches!(
            tail,
            "50" | "51"
                | "52"
                | "53"
                | "54"
                | "55"
                | "56"
                | "81"
                | "91"
                | "93"
                | "111"
                | "112"
                | "203"
        )
}

/// How the elements of a transfer syntax are written; everything but two is explicit little endian.
pub(crate) fn encoding(uid: &str) -> Encoding {
    Encoding {
        explicit_vr: uid != IMPLICIT_LE,
        big_endian: uid == EXPLICIT_BE,
    }
}

/// The native syntax of an encoding.
pub(crate) fn native_uid(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding {
            big_endian: true, ..
        } => EXPLICIT_BE,
        Encoding {
            explicit_vr: true, ..
        } => EXPLICIT_LE,
        Encoding { .. } => IMPLICIT_LE,
    }
}
