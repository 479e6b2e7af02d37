use case::FindingId;

/// Why an output could not be made. Never quotes the case.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// A font of the program does not load; the program itself is damaged.
    #[error("the font '{0}' inside the program cannot be read; install the program again")]
    Font(&'static str),
    /// A key picture is not a PNG that can be placed.
    #[error(
        "the key picture of finding {finding} cannot be read as PNG ({reason}); take the picture again"
    )]
    Picture {
        /// Whose picture.
        finding: FindingId,
        /// What the decoder said.
        reason: String,
    },
    /// The PDF could not be put together.
    #[error("the PDF could not be written ({0}); export JSON or plain text instead")]
    Pdf(String),
    /// A key of the first report was offered while the case is blinded.
    #[error(
        "the case is blinded, so its package may not hold the key of the first report; reveal first"
    )]
    Blinded,
    /// A package needs a log.
    #[error(
        "the log of the case is empty or belongs to another case, so there is nothing to package; open the case again"
    )]
    NoLog,
    /// The log given is not the log that the case was made from.
    #[error("the log does not lead to this state of the case; open the case again")]
    LogDiffers,
    /// A part has a name that a package cannot hold.
    #[error(
        "a package cannot hold a part named '{0}'; use a plain file name that no other part has"
    )]
    PartName(String),
    /// Too much for one package.
    #[error("the package would be larger than {limit_bytes} bytes; leave the PDF out")]
    TooLarge {
        /// The limit.
        limit_bytes: u64,
    },
    /// The case, or its protocol, does not let this output be made now.
    #[error("{0}")]
    Refused(#[from] case::Refusal),
    /// Something of the case has no JSON form.
    #[error("the case could not be written as JSON ({0}); check its log with 'verify'")]
    Json(#[from] serde_json::Error),
}
