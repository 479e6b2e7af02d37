//! What leaves the workstation: the report of a second read as PDF, JSON and plain text, the package that others can
//! check, and the checking itself.
//!
//! Everything here is pure: a [`case::Case`] or bytes come in, bytes come out. While a case is blinded its outputs hold
//! the second read alone.
//!
//! This crate must never know: files, clocks, random numbers, pixels before they are PNG, egui, wgpu. Times, names and
//! pictures come as arguments.
//! Entry points: [`pdf`], [`json`], [`narrative`], [`package`], [`certificate()`], [`verify_package`], [`verify_log`],
//! [`verify_certificate`].

mod after;
mod certificate;
mod chain;
mod container;
mod content;
mod context;
mod error;
mod findings;
mod identifiers;
mod json;
mod learning_case;
mod ledgers;
mod letter;
mod limitations;
mod narrative;
mod package;
mod pdf;
mod rows;
mod seal;
mod verify;
mod words;

#[cfg(test)]
mod tests;

pub use certificate::{
    Certificate, certificate, verify_certificate, verify_certificate_with,
    verify_certificate_with_log,
};
pub use chain::verify_log;
pub use context::{Deidentify, KeyPicture, OutputContext};
pub use error::ExchangeError;
pub use json::json;
pub use learning_case::{learning_case, learning_list};
pub use ledgers::{Names, clinical_ledger, learning_ledger, learning_name};
pub use letter::LetterFor;
pub use limitations::limitations;
pub use narrative::narrative;
pub use package::{Extra, ReportPart, manifest_digest, package};
pub use pdf::{letter_pdf, pdf};
pub use seal::seal_message;
pub use verify::{Check, Verification, verify_package};
