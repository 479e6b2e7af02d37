use std::collections::HashMap;

use codec::{Samples, StreamCodec, StreamColour, StreamHeader, StreamSign};

use crate::frame_places::FrameOddity;
use crate::pixel_format::{Photometric, SampleKind};
use crate::syntax::{Compression, JPEG_XL_LOSSLESS, compression, is_lossy};
use crate::warning::{Severity, Warning};

/// Does a compression lose detail?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    /// It does.
    Certain,
    /// It does not, or it may.
    Unsaid,
}

/// What had to be guessed to show a frame. The picture is shown, and this is said on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DecodeNote {
    /// Fragments, and a syntax that has none.
    FragmentsUnderNative,
    /// Plain samples under a compressed syntax.
    SamplesUnderCompressed,
    /// A compressed stream in a plain element.
    StreamWithoutFragments,
    /// Another compression than the syntax says.
    OtherStream { found: &'static str, loss: Loss },
    /// A compressed stream writes its colours otherwise than the image attributes say.
    ColourOtherThanStated,
    /// A stream that loses nothing gives samples outside of the range of its own bits.
    SamplesClamped { n: u64 },
    /// A stream holds negative samples where the image attributes say that there are none.
    NegativeUnderUnsigned,
    /// Run lengths that go on for rows behind the picture.
    RowsLeftOver,
    /// How the frames were told apart.
    Frames(FrameOddity),
}

impl DecodeNote {
    /// The note as the reader gets it.
    pub(crate) fn warning(self, stated_uid: &str) -> Warning {
        use Severity::{Info, Warning as Warn};
        let (code, severity, text) = match self {
            Self::FragmentsUnderNative => (
                "syntax_mismatch",
                Warn,
                "The file says that its pixels are not compressed and holds them in fragments; they were decoded as what they are. Check the image against the archive.".to_owned(),
            ),
            Self::SamplesUnderCompressed => (
                "syntax_mismatch",
                Warn,
                "The file says that its pixels are compressed and they are not; they were taken as they lie. Check the image against the archive.".to_owned(),
            ),
            Self::StreamWithoutFragments => (
                "syntax_mismatch",
                Warn,
                "The compressed picture does not lie in fragments as it should; it was decoded all the same. Check the image against the archive.".to_owned(),
            ),
            Self::OtherStream { found, loss } => {
                let stated = match compression(stated_uid) {
                    Compression::Native | Compression::Fragmented => "uncompressed",
                    Compression::DeflatedFrame => "deflated",
                    Compression::Rle => "RLE",
                    Compression::Jpeg => "JPEG",
                    Compression::JpegLossless => "JPEG lossless",
                    Compression::JpegLs => "JPEG-LS",
                    Compression::Jpeg2000 => "JPEG 2000",
                    Compression::JpegXl => "JPEG XL",
                    Compression::Video => "a video",
                    Compression::Unknown => "an unknown compression",
                };
                let loss = match loss {
                    Loss::Certain if !is_lossy(stated_uid) => {
                        " This compression loses detail, which the file does not say."
                    }
                    Loss::Certain | Loss::Unsaid => "",
                };
                (
                    "stream_other_than_stated",
                    Warn,
                    format!("The pictures are {found} where the file says {stated}; they were decoded as {found}.{loss} Check the image against the archive."),
                )
            }
            Self::ColourOtherThanStated => (
                "colour_other_than_stated",
                Warn,
                "The file and its compressed pictures disagree on how colours are written; what the pictures say was followed. Check the colours against the archive.".to_owned(),
            ),
            Self::SamplesClamped { n } => {
                return Warning::counting(
                    "samples_clamped",
                    Warn,
                    n,
                    "of the values in the compressed pictures lie outside of the range that the pictures themselves state, though nothing was lost in compressing them; each was set to the nearer end of the range. Check the image against the archive.",
                );
            }
            Self::NegativeUnderUnsigned => (
                "sign_other_than_stated",
                Warn,
                "The compressed picture holds negative values where the file says that there are none; the file was followed, so that they are shown as large ones. Check the image against the archive.".to_owned(),
            ),
            Self::RowsLeftOver => (
                "compressed_rows_left_over",
                Warn,
                "The compressed picture has more rows than the file says; those left over are not shown. Check the image against the archive.".to_owned(),
            ),
            Self::Frames(FrameOddity::TableWrong) => (
                "offset_table_wrong",
                Warn,
                "The table that says where each frame begins is wrong; the frames were told apart without it. Check that they are in order.".to_owned(),
            ),
            Self::Frames(FrameOddity::OtherNumber) => (
                "frame_count_differs",
                Warn,
                "The file holds another number of pictures than it says; they were taken in their order. Check that none is missing.".to_owned(),
            ),
            Self::Frames(FrameOddity::ByStart) => (
                "offset_table_missing",
                Info,
                "Nothing in the file says where each frame begins; each was taken from where a compressed picture starts.".to_owned(),
            ),
            Self::Frames(FrameOddity::NoDelimiter) => (
                "fragments_unclosed",
                Info,
                "The compressed pixels end without their delimiter; they were read all the same.".to_owned(),
            ),
        };
        Warning::new(code, severity, text)
    }
}

/// Is a stream what the transfer syntax says it is?
pub(crate) fn stream_note(stated_uid: &str, found: StreamCodec) -> Option<DecodeNote> {
    let stated = compression(stated_uid);
    let as_stated = match found {
        StreamCodec::JpegDct => stated == Compression::Jpeg,
        StreamCodec::JpegLossless => stated == Compression::JpegLossless,
        StreamCodec::JpegLs => stated == Compression::JpegLs,
        StreamCodec::Jpeg2000 => stated == Compression::Jpeg2000,
        StreamCodec::JpegXl => stated == Compression::JpegXl,
    };
    let loss = match found {
        StreamCodec::JpegDct => Loss::Certain,
        StreamCodec::JpegLossless
        | StreamCodec::JpegLs
        | StreamCodec::Jpeg2000
        | StreamCodec::JpegXl => Loss::Unsaid,
    };
    (!as_stated).then_some(DecodeNote::OtherStream {
        found: found.name(),
        loss,
    })
}

/// Does a lossy JPEG stream mark its components as the image attributes do? Where it marks nothing, they count.
pub(crate) fn colour_note(header: &StreamHeader, stated: Photometric) -> Option<DecodeNote> {
    let is_stated_rgb = match stated {
        Photometric::Rgb => true,
        Photometric::YbrFull | Photometric::YbrFull422 => false,
        _ => return None,
    };
    let is_marked_rgb = match header.colour {
        StreamColour::Rgb => true,
        StreamColour::Ycc => false,
        StreamColour::Unsaid | StreamColour::Transformed => return None,
    };
    let is_conflict = header.codec == StreamCodec::JpegDct && is_stated_rgb != is_marked_rgb;
    is_conflict.then_some(DecodeNote::ColourOtherThanStated)
}

/// Does a JPEG XL stream write its colours otherwise than the image attributes say? It always gives red, green and blue;
/// a label of luminance and chrominances is of a recompressed JPEG stream alone (PS3.5 8.2.15).
pub(crate) fn jpeg_xl_colour_note(
    uid: &str,
    header: &StreamHeader,
    stated: Photometric,
) -> Option<DecodeNote> {
    let is_stated_ybr = match stated {
        Photometric::YbrFull
        | Photometric::YbrFull422
        | Photometric::YbrIct
        | Photometric::YbrRct => true,
        Photometric::Monochrome1
        | Photometric::Monochrome2
        | Photometric::Palette
        | Photometric::Rgb => false,
    };
    let is_lossless = uid == JPEG_XL_LOSSLESS && header.codec == StreamCodec::JpegXl;
    (is_lossless && is_stated_ybr).then_some(DecodeNote::ColourOtherThanStated)
}

/// How many samples had to be clamped, where the transfer syntax promises that nothing was lost.
pub(crate) fn clamped_note(uid: &str, n_clamped: u64) -> Option<DecodeNote> {
    (0 < n_clamped && !is_lossy(uid)).then_some(DecodeNote::SamplesClamped { n: n_clamped })
}

/// Does a stream hold negative samples though the attributes say that there are none? The other way round nothing is in
/// doubt: many encoders take the bits of signed values as they are.
pub(crate) fn sign_note(
    samples: &Samples,
    header: &StreamHeader,
    stated: SampleKind,
) -> Option<DecodeNote> {
    let is_contrary = header.sign == StreamSign::Signed && stated == SampleKind::Unsigned;
    let any_negative = || match samples {
        Samples::Bits8(values) => values.iter().any(|v| 0x80 <= *v),
        Samples::Bits16(values) => values.iter().any(|v| 0x8000 <= *v),
    };
    (is_contrary && any_negative()).then_some(DecodeNote::NegativeUnderUnsigned)
}

/// Warnings of many slices that say the same become one that names them all, and counts of what they concern one sum.
pub fn merge_slice_warnings(warnings: Vec<Warning>) -> Vec<Warning> {
    let mut merged: Vec<Warning> = Vec::new();
    let mut first_of = HashMap::new();
    for warning in warnings {
        let what = (
            warning.code,
            warning.uncounted_text().to_owned(),
            warning.series_uid.clone(),
        );
        let first_idx = match warning.severity {
            Severity::Error => merged.len(),
            Severity::Info | Severity::Warning => *first_of.entry(what).or_insert(merged.len()),
        };
        match merged.get_mut(first_idx) {
            Some(first) => first.take_in(warning),
            None => merged.push(warning),
        }
    }
    for warning in &mut merged {
        warning.slice_idxs.sort_unstable();
        warning.slice_idxs.dedup();
    }
    merged.sort_by(|a, b| a.slice_idxs.cmp(&b.slice_idxs));
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_named_where_it_is_not_what_the_syntax_says() {
        use StreamCodec::{Jpeg2000, JpegDct, JpegLossless, JpegLs, JpegXl};
        let of = |tail: &str| format!("1.2.840.10008.1.2.4.{tail}");
        for (stated, found, is_noted) in [
            (of("70"), JpegLossless, false),
            (of("57"), JpegLossless, false),
            (of("50"), JpegDct, false),
            (of("51"), JpegDct, false),
            (of("80"), JpegLs, false),
            (of("90"), Jpeg2000, false),
            (of("201"), Jpeg2000, false),
            (of("110"), JpegXl, false),
            (of("111"), JpegXl, false),
            (of("111"), JpegDct, true),
            (of("70"), Jpeg2000, true),
            (of("90"), JpegLs, true),
            (of("70"), JpegDct, true),
            ("1.2.840.10008.1.2.5".to_owned(), JpegLossless, true),
            ("1.2.840.10008.1.2.1".to_owned(), JpegDct, true),
        ] {
            let note = stream_note(&stated, found);
            assert_eq!(note.is_some(), is_noted, "{stated} {found:?}");
        }
        let text = |uid: &str| stream_note(uid, JpegDct).map(|note| note.warning(uid).text);
        let says_loss = |uid: &str| text(uid).is_some_and(|t| t.contains("loses detail"));
        assert!(says_loss(&of("70")));
        assert!(!says_loss(&of("91")), "lossy as stated");
    }

    #[test]
    fn a_mark_that_contradicts_the_attributes_is_said() {
        for (colour, stated, is_noted) in [
            (StreamColour::Ycc, Photometric::Rgb, true),
            (StreamColour::Rgb, Photometric::YbrFull422, true),
            (StreamColour::Rgb, Photometric::Rgb, false),
            (StreamColour::Ycc, Photometric::YbrFull, false),
            (StreamColour::Unsaid, Photometric::Rgb, false),
            (StreamColour::Unsaid, Photometric::YbrFull, false),
        ] {
            let header = StreamHeader {
                codec: StreamCodec::JpegDct,
                width: 1,
                height: 1,
                n_components: 3,
                precision: 8,
                sign: codec::StreamSign::Unsigned,
                colour,
            };
            let note = colour_note(&header, stated);
            assert_eq!(note.is_some(), is_noted, "{colour:?} {stated:?}");
        }
    }

    #[test]
    fn one_warning_names_all_slices_that_it_is_about() {
        let of =
            |code, k: usize, severity| Warning::new(code, severity, "Said.").for_slices(vec![k]);
        let merged = merge_slice_warnings(vec![
            of("a", 7, Severity::Info),
            of("b", 2, Severity::Error),
            of("a", 3, Severity::Info),
            of("b", 1, Severity::Error),
        ]);
        let told: Vec<_> = merged
            .iter()
            .map(|w| (w.code, w.slice_idxs.clone()))
            .collect();
        assert_eq!(
            told,
            [("b", vec![1]), ("b", vec![2]), ("a", vec![3, 7])],
            "errors stay one by one"
        );
    }
}
