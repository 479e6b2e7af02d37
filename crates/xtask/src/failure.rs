//! How a command of `xtask` ends when it does not end well.

/// What a step gives: its answer, or the sentence that ends the whole command.
pub(crate) type Outcome<T> = Result<T, Failure>;

/// Why the command stops, in one sentence for the person who gave it.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What failed, why, and what to do next.
    pub(crate) sentence: String,
    /// 1 something failed, 2 the command was misspelt, else the exit code of the program that failed.
    pub(crate) exit_code: u8,
}

impl Failure {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            exit_code: 1,
        }
    }

    pub(crate) fn usage(text: &str) -> Self {
        Self {
            sentence: text.to_owned(),
            exit_code: 2,
        }
    }
}
