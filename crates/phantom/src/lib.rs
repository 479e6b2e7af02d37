//! Synthetic studies and reports whose truth is known, and files that are broken in named ways.
//!
//! This crate is for tests, benches and the demo: it makes a chest CT with planted findings, a first report that is
//! wrong about some of them in a stated way, and any other image series of analytic content. It must never know the
//! code under test (no other crate of the workspace), a clock or the machine's randomness: same seed, same bytes.
//! Entry types: [`Case`] for a whole case, [`raw::SeriesSpec`] for any series of images, [`broken::all`] for
//! broken files, [`hazards::all`] for sound files that mislead.

mod account;
mod anatomy;
pub mod broken;
mod cache;
mod case;
mod commands;
mod data_set;
mod findings;
pub mod hazards;
mod part10;
mod patient;
mod pdf;
mod planting;
mod random;
pub mod raw;
mod scan;
mod sr;
mod study;
mod truth;
mod uid;
mod words;

pub use cache::{ensure, ensure_at};
pub use case::{Case, Options, PhantomError};
pub use commands::{COMMANDS_FILE, second_read_commands};
pub use data_set::{DataSet, Encoding, Value};
pub use dicom_core::{Tag, VR};
pub use dicom_dictionary_std::tags;
pub use part10::{Syntax, file_bytes};
pub use patient::Patient;
pub use random::{Random, hash64, shuffle};
pub use study::{Series, SeriesKind, Slice, Study};
pub use truth::{ReadFinding, TRUTH_SCHEMA, TrueFinding, Truth};
pub use uid::uid_of;
pub use words::{Report, Section, Sentence};
