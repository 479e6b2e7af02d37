//! The crate seen from outside: malformed files, odd series, media, and the reference data where they are at hand.

#![allow(clippy::unwrap_used)]

mod archives;
mod builder;
mod counts;
mod dev_data;
mod hazards;
mod header_index;
mod iso;
mod landmarks;
mod malformed;
mod meaning;
mod media;
mod mislabelled;
mod mosaics;
mod overlays;
mod pixels;
mod reference_pixels;
mod reopening;
mod sorting;
mod truncation;
mod uptake;
mod uptake_frames;
mod volumes;
mod warning_table;
