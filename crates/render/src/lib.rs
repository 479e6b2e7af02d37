//! The crate `render`.
