//! The crate `store`.
