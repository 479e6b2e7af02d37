//! The screens of the workstation: draws what the session shows and sends it what the reader asks for.
//!
//! A [`Shell`] is the same in a window ([`run_window`]) and off-screen ([`offscreen::Offscreen`]). Panels draw a
//! `session::Snapshot`, which is blinded already, and push [`Action`]s; nothing here keeps the record.
//!
//! This crate must never know: files, decoding, arithmetic on voxels.
//! Entry type: [`Shell`].

mod action;
mod error;
mod focus;
mod input;
mod metrics;
mod notices;
pub mod offscreen;
mod screen;
mod shell;
mod textures;
mod viewport;
mod window;

pub use action::{Action, UiAction};
pub use error::ShellError;
pub use focus::ScreenRegion;
pub use shell::{Shell, ThemeChoice};
pub use viewport::Readout;
pub use window::{WindowOptions, run_window};
