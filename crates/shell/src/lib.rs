//! The crate `shell`.
