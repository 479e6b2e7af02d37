//! The acceptance suite: one test program, one module a topic.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends with the panic that names the line"
)]

mod bad_input;
mod blinding;
mod command_line;
mod data;
mod demo;
mod drawing;
mod house;
mod kill;
mod leaving;
mod light;
mod path;
mod pictures;
mod programme;
mod reader;
mod tamper;
mod whole_programme;
mod window;
mod worklist;
