use thiserror::Error;

use crate::refusal::Refusal;

/// Why a frame is not shown. It stays a hole; nothing half decoded is ever shown.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum DecodeError {
    #[error(
        "the file could not be read ({kind}); check the disk or the share and open the study again"
    )]
    Unreadable { kind: std::io::ErrorKind },
    #[error(
        "the pixel data hold {found} of the {expected} bytes that the frame needs; ask for the image to be sent again"
    )]
    PixelsShort { expected: u64, found: u64 },
    #[error("the frame is not among the compressed fragments; ask for the image to be sent again")]
    FrameMissing,
    #[error(
        "its {n_frames} frames lie in {n_fragments} fragments and nothing says where each begins; ask for the image to be sent again with a table of offsets"
    )]
    FramesInseparable { n_fragments: usize, n_frames: usize },
    #[error(
        "it is not what it was when it was read first, so the file was changed meanwhile; open the study again"
    )]
    Changed,
    #[error("its decoder stopped unexpectedly; ask for the image in another transfer syntax")]
    DecoderStopped,
    #[error(
        "the transfer syntax {uid} is not supported, so the picture cannot be shown; ask for it in another one"
    )]
    SyntaxUnsupported { uid: String },
    #[error(
        "the compressed picture says {stream} where the image attributes say {attributes}, so it is not shown"
    )]
    StreamDiffers { stream: String, attributes: String },
    #[error("the {codec} data are damaged ({what}); ask for the image to be sent again")]
    CodecFailed {
        codec: &'static str,
        what: &'static str,
    },
    #[error(
        "the {codec} data use what is not supported here ({what}); ask for the image in another transfer syntax"
    )]
    CodecUnsupported {
        codec: &'static str,
        what: &'static str,
    },
    #[error("the file has been replaced or changed since it was listed; open the study again")]
    FileChanged,
    #[error("the slice is missing from the series")]
    SliceMissing,
}

impl DecodeError {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "file_unreadable",
            Self::PixelsShort { .. } => "pixel_data_short",
            Self::FrameMissing => "frame_missing",
            Self::FramesInseparable { .. } => "frames_inseparable",
            Self::Changed => "file_changed",
            Self::DecoderStopped => "decoder_stopped",
            Self::SyntaxUnsupported { .. } => "syntax_unsupported",
            Self::StreamDiffers { .. } => "stream_differs",
            Self::CodecFailed { .. } => "codec_failed",
            Self::CodecUnsupported { .. } => "codec_unsupported",
            Self::FileChanged => "file_changed",
            Self::SliceMissing => "slice_missing",
        }
    }
}

impl From<codec::CodecError> for DecodeError {
    fn from(error: codec::CodecError) -> Self {
        match error {
            codec::CodecError::Damaged { codec, what } => Self::CodecFailed { codec, what },
            codec::CodecError::Unsupported { codec, what } => {
                Self::CodecUnsupported { codec, what }
            }
        }
    }
}

impl From<std::io::Error> for DecodeError {
    fn from(error: std::io::Error) -> Self {
        Self::Unreadable { kind: error.kind() }
    }
}

impl From<Refusal> for DecodeError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unreadable { kind } => Self::Unreadable { kind },
            Refusal::InflatesTooLarge { .. } => Self::CodecFailed {
                codec: "deflate",
                what: "it grows beyond the frame",
            },
            Refusal::InflateFailed => Self::CodecFailed {
                codec: "deflate",
                what: "it does not inflate",
            },
            _ => Self::CodecFailed {
                codec: "fragment",
                what: "its structure is broken",
            },
        }
    }
}
