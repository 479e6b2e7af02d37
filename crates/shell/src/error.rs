use thiserror::Error;

/// Why the screens cannot be shown.
#[derive(Debug, Error)]
pub enum ShellError {
    /// No window could be opened.
    #[error(
        "no window could be opened ({0}); start from a desktop session, or use the command line"
    )]
    NoWindow(String),
    /// There is nothing to draw with.
    #[error(
        "no graphics adapter was found to draw the screens with ({0}); install a Vulkan driver, a software one will do"
    )]
    NoAdapter(String),
    /// The drawn screen could not be read back or written as PNG.
    #[error("the drawn screen could not be read back ({0}); try a smaller size")]
    ReadBack(String),
    /// The work behind the screen did not end in time.
    #[error("the screen was not finished in the time allowed; allow more time")]
    Unfinished,
}
