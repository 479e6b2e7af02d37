use thiserror::Error;

/// Why a file is not taken in. The rest of the study opens without it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The file has no bytes.
    #[error("the file is empty; copy it again from where it came")]
    Empty,
    /// Neither a DICOM file nor a data set without its file header.
    #[error("this is not a DICOM file, so it was left out")]
    NotDicom,
    /// An element says that it is longer than what is left of the file, or of the sequence around it.
    #[error(
        "element {tag} claims {claimed} bytes where {left} are left, so the file was refused; ask for it to be sent again"
    )]
    LengthBeyondEnd {
        /// Group and element, `(gggg,eeee)`.
        tag: String,
        /// Bytes the element claims.
        claimed: u64,
        /// Bytes that are left.
        left: u64,
    },
    /// The file ends inside an element.
    #[error(
        "the file ends in the middle of its header, so it was refused; ask for it to be sent again"
    )]
    Truncated,
    /// Sequences nest deeper than any real object.
    #[error("sequences are nested more than {limit} deep, so the file was refused as unsafe")]
    TooDeep {
        /// The cap.
        limit: usize,
    },
    /// More items or elements than any real object.
    #[error("the file holds more than {limit} items or elements, so it was refused as unsafe")]
    TooMany {
        /// The cap.
        limit: usize,
    },
    /// Bytes that cannot be an element where one must be.
    #[error(
        "the structure is broken at byte {offset} ({what}), so the file was refused; ask for it to be sent again"
    )]
    Structure {
        /// Where, from the start of the data.
        offset: u64,
        /// What was found.
        what: &'static str,
    },
    /// A deflated stream that does not inflate.
    #[error(
        "the deflated data set cannot be inflated, so the file was refused; ask for it to be sent again"
    )]
    InflateFailed,
    /// A deflated stream that grows beyond the cap.
    #[error(
        "the compressed data grow beyond {limit_bytes} bytes, so the file was refused as unsafe"
    )]
    InflatesTooLarge {
        /// The cap.
        limit_bytes: u64,
    },
    /// The operating system could not read it.
    #[error("the file cannot be read ({kind}); check the disk or the share and open it again")]
    Unreadable {
        /// The operating system's kind of error.
        kind: std::io::ErrorKind,
    },
    /// An attribute that names the object is missing or is no UID.
    #[error(
        "{what} is missing or not a valid UID, so the file cannot be told apart and was refused"
    )]
    NoIdentity {
        /// Which attribute.
        what: &'static str,
    },
}

impl Refusal {
    /// A stable name of the reason.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::NotDicom => "not_dicom",
            Self::LengthBeyondEnd { .. } => "length_beyond_end",
            Self::Truncated => "file_truncated",
            Self::TooDeep { .. } => "nested_too_deep",
            Self::TooMany { .. } => "too_many_items",
            Self::Structure { .. } => "structure_broken",
            Self::InflateFailed => "inflate_failed",
            Self::InflatesTooLarge { .. } => "inflates_too_large",
            Self::Unreadable { .. } => "file_unreadable",
            Self::NoIdentity { .. } => "no_identity",
        }
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Self::Truncated,
            kind => Self::Unreadable { kind },
        }
    }
}
