//! What the store promises, tried from outside.
#![allow(clippy::unwrap_used)]

mod backup;
mod concurrency;
mod durability;
mod folder;
mod listing;
mod reports;
mod sample;
mod signing;
mod tampering;
