//! The acceptance suite: one test program, one module a topic.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends with the panic that names the line"
)]

mod house;
