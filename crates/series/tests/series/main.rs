//! The crate seen from outside: malformed files, odd series, media, and the reference data where they are at hand.

#![allow(clippy::unwrap_used)]

mod archives;
mod builder;
mod converted;
mod counts;
mod dev_data;
mod hazards;
mod header_index;
mod header_lists;
mod iso;
mod landmarks;
mod malformed;
mod meaning;
mod media;
mod mislabelled;
mod mixed_writing;
mod mosaics;
mod overlays;
mod overlays_in_cells;
mod pixels;
mod playback;
mod reference_pixels;
mod reopening;
mod sorting;
mod stream_notes;
mod truncation;
mod udf;
mod uptake;
mod uptake_frames;
mod volumes;
mod warning_table;
