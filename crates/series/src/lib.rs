//! Finds, groups and decodes DICOM: from named paths to studies, series, volumes and documents.
//!
//! Every byte that comes from outside passes here first: an iterative walk with stated [`limits`] reads headers, no
//! recursion, no allocation that a file merely asks for. Every guess is a [`Warning`]. Pixels are decoded a slice at a
//! time, in parallel, straight into a [`volume::Volume`]; what cannot be decoded whole stays a hole.
//!
//! This crate must never know: the case and what is hidden in it, the window, wgpu, the store, a clock.
//! Entry types: [`scan`], [`Scan`], [`VolumePlan`], [`decode_into`].

mod archive;
mod as_stored;
mod blob;
mod charset;
mod colour;
mod completeness;
mod compressed;
mod concatenation;
mod copies;
mod dataset;
mod decode;
mod decode_error;
mod decode_note;
mod dicomdir;
mod difference;
mod document;
mod draft;
mod element_header;
mod fill;
mod first_image;
mod folder_look;
mod folder_walk;
mod fragments;
mod frame;
mod frame_offsets;
mod frame_places;
mod frames;
mod geometry;
mod group_label;
mod hazards;
mod header_list;
mod header_parts;
mod header_value;
mod headers;
mod image_facts;
mod image_notes;
mod index;
mod index_block;
mod index_bytes;
mod index_file;
mod inflated;
mod inflating;
mod instance;
mod intake;
mod iso_image;
mod iso_sessions;
pub mod limits;
mod listing;
mod manifest;
mod mask_module;
mod meaning;
mod mixed;
mod model;
mod mosaic;
mod native;
mod number;
mod overlay;
mod own_values;
mod palette;
mod password;
mod persons;
mod pet;
mod pet_frames;
mod pixel_format;
mod playback;
mod prescan;
mod read_keys;
mod real_world;
mod refusal;
mod remaker;
mod root_set;
mod scan;
mod scan_json;
mod shared_facts;
mod slot;
mod slot_groups;
mod source;
mod spacing;
mod split;
mod split_key;
mod stamp;
mod studies;
mod syntax;
mod tags;
mod tar_archive;
mod threads;
mod timestamp;
mod udf_image;
mod udf_volume;
mod ultrasound;
mod unshown;
mod value_mapping;
mod volumes;
mod walk;
mod warning;
mod window;
mod witness;
mod zip_archive;

pub use decode::{Decoded, decode_slice, decode_slice_noted};
pub use decode_note::merge_slice_warnings;
pub use document::read_document;
pub use fill::{decode_into, decode_order, fill_slice};
pub use first_image::first_image;
pub use folder_look::{FileStamp, FolderLook};
pub use header_list::{HeaderList, HeaderRow, HeaderValue, list_header};
pub use index::HeaderIndex;
pub use manifest::{ManifestEntry, file_sha256, manifest, pixel_sha256, source_sha256};
pub use model::{
    Capture, Document, DocumentKind, Fidelity, Patient, Scan, Series, SliceSource, Study,
    VolumePlan, geometry_kind_name,
};
pub use overlay::{OverlayHead, OverlayPlace, SliceOverlays, read_overlays};
pub use palette::Palette;
pub use password::Password;
pub use pixel_format::{FormatProblem, Layout, Photometric, PixelFormat, SampleKind};
pub use playback::{Playback, PlaybackOrder, RateFrom};
pub use prescan::{Prescan, prescan};
pub use refusal::Refusal;
pub use scan::{ScanOptions, ScanProgress, scan};
pub use scan_json::ScanJson;
pub use source::{ArchiveEntry, Source};
pub use threads::{n_reader_threads, on_reader_threads};
pub use warning::{Severity, Warning};
