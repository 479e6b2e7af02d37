//! The crate `compare`.
