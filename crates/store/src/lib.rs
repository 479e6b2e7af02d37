//! Where the record of a case is kept: an append-only, hash-chained event log, sealed reports, readers' keys, settings.
//!
//! What [`Store::append`] accepted has been synced to the disk. What comes back was checked entry by entry against its
//! hash chain. The words of a first report are on the disk only as ciphertext until their case is revealed, and open
//! only with a permit that `case` made.
//!
//! This crate must never know: pixels, egui, the meaning of a finding, the network.
//! Entry types: [`Store`], [`SqliteStore`].

mod backup;
mod error;
#[cfg(test)]
mod faults;
mod folder;
mod health;
mod holder;
mod keys;
mod listing;
mod log;
mod paths;
mod pragmas;
mod readers;
mod reports;
mod schema;
mod signature;
mod sqlite;
mod store;

pub use error::StoreError;
pub use health::{CheckReport, Health};
pub use holder::Holder;
pub use listing::{KeptCase, ListedCase};
pub use paths::KeptPath;
pub use reports::SealedReport;
pub use signature::{BadSignature, Signed, verify_seal, verify_signature};
pub use sqlite::SqliteStore;
pub use store::{Store, VerifiedLog};
