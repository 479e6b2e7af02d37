//! The crate `session`.
