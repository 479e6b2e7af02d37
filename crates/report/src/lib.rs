//! Reads a first report in the form in which it arrives and says what it states: sections, statements, facts, each with
//! its place in the text.
//!
//! This crate must never know: files, clocks, screens, the network, the second read. Bytes come as an argument; the same
//! bytes give the same report on every machine. Rules and lexicon are data in `assets/taxonomy`.
//! Entry type: [`Report`], made by [`read`].

mod dictation;
mod document;
mod error;
mod finding;
mod format;
mod formats;
mod intake;
mod letterhead;
mod phrase;
mod reading;
mod rules;
mod statements;
mod structure;
mod taxonomy;

pub use dictation::{DictatedFinding, findings_of_text};
pub use document::{Report, Section, Source};
pub use error::ReadError;
pub use finding::{facts_of_finding, statement_of_finding};
pub use format::Format;
pub use intake::{StudyHeader, intake_findings};
pub use phrase::{add_phrase, read_phrase};
pub use reading::{MAX_DOCUMENT_BYTES, MAX_TEXT_BYTES, read};
pub use statements::{read_impression, read_text};
