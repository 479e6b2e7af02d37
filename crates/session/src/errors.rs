use thiserror::Error;

/// Why a session could not do something. Sentences for people: what failed, where, what to do next.
#[derive(Debug, Error)]
pub enum SessionError {
    /// The rules of the case forbid it.
    #[error("{0}")]
    Refused(#[from] case::Refusal),
    /// The store failed.
    #[error("{0}")]
    Store(#[from] store::StoreError),
    /// Nothing of what was named could be read.
    #[error("{text}")]
    NothingRead {
        /// Stable name.
        code: &'static str,
        /// One sentence.
        text: String,
    },
    /// A report could not be read.
    #[error("{0}")]
    Report(#[from] report::ReadError),
    /// A file could not be written.
    #[error("could not write: {reason}; choose another folder")]
    Write {
        /// What the system said, without a path.
        reason: String,
        /// Where.
        path: std::path::PathBuf,
    },
    /// An output could not be made.
    #[error("{0}")]
    Exchange(#[from] exchange::ExchangeError),
    /// What was asked for does not exist, or does not fit together.
    #[error("{0}")]
    Usage(String),
}

impl SessionError {
    /// The exit code of the command line (CLI.md).
    pub fn exit_code(&self) -> i32 {
        match self {
            Self::Usage(_) => 2,
            Self::NothingRead { .. } | Self::Report(_) => 3,
            Self::Refused(_) | Self::Exchange(exchange::ExchangeError::Refused(_)) => 4,
            Self::Store(_) | Self::Write { .. } | Self::Exchange(_) => 5,
        }
    }

    /// Stable name for notices.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) | Self::Exchange(exchange::ExchangeError::Refused(refusal)) => {
                refusal.code
            }
            Self::Store(_) => "store",
            Self::NothingRead { code, .. } => code,
            Self::Report(_) => "report_unreadable",
            Self::Write { .. } => "not_written",
            Self::Exchange(_) => "output",
            Self::Usage(_) => "usage",
        }
    }
}
