//! Every pass against its twin on the CPU.
//!
//! A GPU is wanted (a software one will do); `NO_GPU=1` skips these tests and says so.
#![allow(clippy::unwrap_used)]

mod flat;
mod light;
mod limits;
mod made;
mod parity;
mod reslices;
