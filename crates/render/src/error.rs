use thiserror::Error;
use volume::ResliceError;

/// Why something could not be drawn by the GPU. The CPU pictures of `volume` remain.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum RenderError {
    /// The machine offers no adapter.
    #[error("no graphics adapter was found ({0}); pictures are computed on the processor instead")]
    NoAdapter(String),
    /// The adapter gave no device.
    #[error(
        "the graphics adapter gave no device ({0}); pictures are computed on the processor instead"
    )]
    NoDevice(String),
    /// A texture would exceed a limit of the adapter, or the budget.
    #[error(
        "a texture of {width} × {height} × {depth} needs {n_bytes} bytes or a side above {side_limit}, but {budget_bytes} bytes are allowed; the picture is computed on the processor instead"
    )]
    TooLarge {
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
        /// Slices.
        depth: usize,
        /// Bytes it would take.
        n_bytes: u64,
        /// Longest side that the adapter takes.
        side_limit: u32,
        /// Bytes that may be used.
        budget_bytes: u64,
    },
    /// What lies over a picture has another size.
    #[error("the colours over a picture have another size than it; the picture is left out")]
    SizesDiffer,
    /// The volume or plane cannot be resliced at all.
    #[error(transparent)]
    Reslice(#[from] ResliceError),
    /// The device was lost, or a picture could not be read back.
    #[error(
        "the graphics device did not answer ({0}); restart the view or choose the processor for pictures"
    )]
    Lost(String),
}
