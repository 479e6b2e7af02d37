//! The rules of the record, tried through its public face.
#![allow(clippy::unwrap_used)]

mod blinding;
mod causes;
mod chain;
mod comparing;
mod course;
mod late_reports;
mod programme;
mod reading;
mod reading_path;
mod sample;
mod sealing;
mod undo;
