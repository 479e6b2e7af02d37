//! Every boundary at which bytes from outside enter the house, each as a function that takes any bytes and must neither
//! panic, nor run on, nor ask for memory without end.
//!
//! `cargo run --release --package overread-fuzz -- --seconds 60` changes good inputs at random and runs them through all
//! of them; `tests/fuzz` runs the same functions under libFuzzer, guided by coverage; the tests of this crate run a
//! fixed number of changes with a fixed seed.
//!
//! This crate must never know: what a right answer is. Other tests hold that; here any answer will do.
//! Entry types: [`TARGETS`], [`Mutator`].

mod hunt;
mod mutator;
mod seeds;
mod targets;

pub use hunt::{Finding, Hunt, Slowest, Tally};
pub use mutator::Mutator;
pub use targets::{TARGETS, Target};
