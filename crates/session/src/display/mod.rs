//! The display that the pictures are read on: what it should do, what was seen and measured of it, and the test patterns.

mod commands;
mod gsdf;
mod journal;
mod pattern;
mod response;

pub use commands::{DisplayCommand, DisplaySnapshot};
pub use gsdf::{jnd_of_luminance, luminance_of_jnd};
pub(crate) use journal::DisplayJournal;
pub use journal::{DailyCheck, KeptResponse, Seeing};
pub use pattern::{GreyLevels, Patch, TestPattern};
pub use response::{
    ContrastResponse, LEVELS, N_LEVELS, ResponseError, Surround, contrast_response, targets_cd_m2,
};
