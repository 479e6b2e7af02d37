//! The crate `exchange`.
