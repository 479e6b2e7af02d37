//! Every cap on what a file may ask of this machine, in one place. A file that asks for more is refused with a sentence.

/// Deepest nesting of sequences. The deepest standard object, a structured report, stays far below.
pub const MAX_DEPTH: usize = 64;

/// Most items of one sequence: more than the frames of any object met in practice.
pub const MAX_ITEMS: usize = 100_000;

/// Most elements of one object, all levels together: an enhanced object of 30,000 frames stays below.
pub const MAX_ELEMENTS: usize = 2_000_000;

/// Longest value that is kept while the header is read, bytes. Text attributes are far shorter.
pub const MAX_KEPT_VALUE_BYTES: u32 = 4096;

/// Longest look-up table value that is kept, bytes: 65,536 entries of 16 bits.
pub const MAX_KEPT_TABLE_BYTES: u32 = 131_072;

/// Longest text shown or stored of one attribute, characters.
pub const MAX_TEXT_CHARS: usize = 1024;

/// Bytes read at a time while the header is walked.
pub const WINDOW_BYTES: usize = 32 * 1024;

/// Inflating (deflated syntax, zip entries) may always reach this many bytes …
pub const MAX_INFLATED_BYTES: u64 = 256 * 1024 * 1024;

/// … and beyond that only this many times the compressed size.
pub const MAX_INFLATE_RATIO: u64 = 40;

/// Most bytes of inflated multi-frame objects that are kept between frames, all objects together, the one in use apart.
pub const MAX_KEPT_INFLATED_BYTES: u64 = 512 * 1024 * 1024;

/// Largest decoded frame, bytes: a 16-bit picture of 23,000 × 23,000.
pub const MAX_FRAME_BYTES: u64 = 1024 * 1024 * 1024;

/// Most frames of one object.
pub const MAX_FRAMES: u32 = 100_000;

/// Most entries of a zip archive or records of a DICOMDIR.
pub const MAX_ARCHIVE_ENTRIES: usize = 200_000;

/// Archives that lie in each other and are still opened.
pub const MAX_ARCHIVE_DEPTH: usize = 4;

/// Memory that archives may take which cannot be read in place, bytes, unless the caller says otherwise.
pub const MAX_ARCHIVE_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// Longest file of the header index, bytes: a million headers stay below.
pub const MAX_INDEX_FILE_BYTES: u64 = 512 * 1024 * 1024;

/// Longest header index, all folders together, bytes; the folders not opened for longest are forgotten first.
pub const MAX_INDEX_BYTES: u64 = 1024 * 1024 * 1024;

/// Most files found below the named paths.
pub const MAX_FILES: usize = 500_000;

/// Deepest folder below a named path.
pub const MAX_FOLDER_DEPTH: usize = 32;

/// Stack of the threads that decode, bytes: a backstop for codecs that recurse.
pub const DECODER_STACK_BYTES: usize = 16 * 1024 * 1024;

/// Longest document (structured report, PDF) handed out, bytes.
pub const MAX_DOCUMENT_BYTES: u64 = 256 * 1024 * 1024;

/// A volume of more than this many times its present slices in holes is a stack.
pub const MAX_HOLES_PER_SLICE: usize = 1;

/// Most places of a segmentation at which no frame is stored because nothing is marked there.
pub const MAX_EMPTY_SEGMENT_FRAMES: usize = 4096;

/// Most bytes that inflating a stream of `compressed_bytes` may give.
pub(crate) fn max_inflated_bytes(compressed_bytes: u64) -> u64 {
    MAX_INFLATED_BYTES.max(compressed_bytes.saturating_mul(MAX_INFLATE_RATIO))
}
