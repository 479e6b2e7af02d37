//! What leaves the crate, tried on a case that is read, sealed, revealed, compared and signed.

mod certificate;
mod fixture;
mod ledgers;
mod letters;
mod outputs;
mod paper;
mod pieces;
mod tamper;
