//! The screens of the workstation: draws what the session shows and sends it what the reader asks for.
//!
//! A [`Shell`] is the same in a window ([`run_window`]) and off-screen ([`offscreen::Offscreen`]). Panels draw a
//! `session::Snapshot`, which is blinded already, and push [`Action`]s; nothing here keeps the record.
//!
//! This crate must never know: files, decoding, arithmetic on voxels.
//! Entry type: [`Shell`].

mod action;
mod acts;
mod bar;
mod case_bar;
mod compare;
mod damaged;
mod dialogs;
mod draft;
mod error;
mod focus;
mod input;
mod keys;
mod learning;
mod main_action;
mod metrics;
mod notices;
pub mod offscreen;
mod palette;
mod rail;
mod reading;
mod replay;
mod revealed;
mod screen;
mod shell;
mod shortcuts;
mod status_bar;
mod still;
mod textures;
mod third_read;
mod toolbar;
mod top_bar;
mod touch;
mod verdict;
mod viewport;
mod waking;
mod wheel_pairs;
mod window;
mod wording;
mod worklist;

pub use action::{Action, UiAction};
pub use error::ShellError;
pub use focus::ScreenRegion;
pub use shell::{Shell, ThemeChoice};
pub use still::{AdapterFacts, adapter_facts, render_still};
pub use viewport::Readout;
pub use waking::{WakingGraphics, wake_graphics};
pub use window::{WindowOptions, run_window};
