use thiserror::Error;

/// Why a compressed picture gives no samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CodecError {
    /// The bytes contradict the standard, their own header or each other: the same picture sent again may be whole.
    #[error("the {codec} data are damaged ({what}); ask for the image to be sent again")]
    Damaged {
        /// The name of the compression, as a reader knows it.
        codec: &'static str,
        /// What is wrong with the bytes, in a few words.
        what: &'static str,
    },
    /// The bytes may be sound, but use what is not decoded here: sent again they would be no better.
    #[error(
        "the {codec} data use what is not supported here ({what}); ask for the image in another transfer syntax"
    )]
    Unsupported {
        /// The name of the compression, as a reader knows it.
        codec: &'static str,
        /// What is used, in a few words.
        what: &'static str,
    },
}

impl CodecError {
    /// What is wrong with the bytes, or what they use, in a few words.
    pub fn what(&self) -> &'static str {
        match self {
            Self::Damaged { what, .. } | Self::Unsupported { what, .. } => what,
        }
    }

    pub(crate) fn of(codec: &'static str, fault: Fault) -> Self {
        match fault {
            Fault::Damaged(what) => Self::Damaged { codec, what },
            Fault::Unsupported(what) => Self::Unsupported { codec, what },
        }
    }
}

/// Why a stream does not decode, before it is said of which compression it is. Bare words are damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Against the standard.
    Damaged(&'static str),
    /// Within a standard, and not decoded here.
    Unsupported(&'static str),
}

impl From<&'static str> for Fault {
    fn from(what: &'static str) -> Self {
        Self::Damaged(what)
    }
}
