use thiserror::Error;

/// Why a compressed picture gives no samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the {codec} data are damaged ({what}); ask for the image to be sent again")]
pub struct CodecError {
    /// The name of the compression, as a reader knows it.
    pub codec: &'static str,
    /// What is wrong with the bytes, in a few words.
    pub what: &'static str,
}
