//! Pairs what two reads state and says where they differ: class, rule, confidence and the words on both sides.
//!
//! This crate must never know: how facts are read from text, files, clocks, screens. It gets statements with facts and
//! gives rows; the same statements give the same rows on every machine. What a concept is comes from the lexicon's
//! is-a and site columns in `assets/taxonomy`.
//! Entry point: [`compare`] for a report and a second read, [`compare_reports`] for two reports.

mod align;
mod alone;
mod answer;
mod assignment;
mod categories;
mod conflicts;
mod internal;
mod levels;
mod outcome;
mod relations;
mod rows;
mod tolerance;
mod wording;

pub use answer::{Answer, AnsweredPair, LooseStatement, Spans, answer};
pub use internal::{Internal, internal};
pub use outcome::outcome_suggested;
pub use rows::{SecondItem, compare, compare_reports};
pub use tolerance::Tolerance;
