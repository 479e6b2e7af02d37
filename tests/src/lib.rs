//! The harness of the acceptance suite: the program run as a user runs it, synthetic cases made once, and what several
//! topics ask of them.
//!
//! This crate must never know: how the product does anything. It sees files, exit codes, JSON and screens.
//! Entry type: [`Desk`].

#![allow(
    clippy::unwrap_used,
    reason = "a test ends with the panic that names the line"
)]

mod bytes;
mod desk;
mod npy;
mod sample;
mod second_read;
mod skipped;
mod words;

pub use bytes::{files_below, finds, sha256_hex, utf16_be, utf16_le};
pub use desk::{Answer, Desk, Reader, program};
pub use npy::Npy;
pub use sample::{ReportForm, Sample, sample};
pub use second_read::{add_finding, decide_all, enter_findings, numbers};
pub use skipped::{NO_GPU, data_folder, has_gpu, skipped};
pub use words::{base64_cores, pdf_text, words_of};
