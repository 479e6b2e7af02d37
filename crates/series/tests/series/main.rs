//! The crate seen from outside: malformed files, odd series, media, and the reference data where they are at hand.

#![allow(clippy::unwrap_used)]

mod archives;
mod builder;
mod dev_data;
mod hazards;
mod header_index;
mod iso;
mod malformed;
mod media;
mod pixels;
mod sorting;
mod volumes;
mod warning_table;
