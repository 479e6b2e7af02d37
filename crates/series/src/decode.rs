use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Arc, Weak};

use codec::StreamHeader;
use volume::SliceVoxels;

use crate::compressed::{decode_frame, has_rle_rows_left_over};
use crate::decode_error::DecodeError;
use crate::decode_note::{DecodeNote, Loss, colour_note, jpeg_xl_colour_note, stream_note};
use crate::frame_places::FramePlaces;
use crate::inflated::pixel_content;
use crate::instance::{Instance, Pixels};
use crate::model::VolumePlan;
use crate::mosaic::Mosaic;
use crate::native::{decode_bytes, decode_native};
use crate::pixel_format::{PixelFormat, SampleKind};
use crate::source::Content;
use crate::syntax::{self, Compression, compression};
use crate::warning::{Severity, Warning};

/// A decoded slice, and what had to be guessed for it.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// Its stored values.
    pub voxels: SliceVoxels,
    /// What the reader must know of how they were got; mostly empty.
    pub notes: Vec<Warning>,
}

/// Decodes one slice of a plan, for callers that say elsewhere what had to be guessed.
///
/// # Errors
/// As [`decode_slice_noted`].
pub fn decode_slice(plan: &VolumePlan, slice_idx: usize) -> Result<SliceVoxels, Warning> {
    decode_slice_noted(plan, slice_idx).map(|decoded| decoded.voxels)
}

/// Decodes one slice of a plan.
///
/// # Errors
/// A [`Warning`] that says why the slice stays a hole: missing, short, damaged, or of an unsupported syntax.
pub fn decode_slice_noted(plan: &VolumePlan, slice_idx: usize) -> Result<Decoded, Warning> {
    let Some(Some(slice)) = plan.slices.get(slice_idx) else {
        return Err(warn(DecodeError::SliceMissing, None, plan, slice_idx));
    };
    let mut notes = Vec::new();
    // A decoder that panics loses its one picture, not the reading.
    let decoded = catch_unwind(AssertUnwindSafe(|| {
        match (&slice.instance.mosaic, slice.tile_number) {
            // All tiles are of the one stored frame.
            (Some(mosaic), Some(tile_number)) => whole_mosaic(&slice.instance, &mut notes)
                .and_then(|whole| tile(mosaic, &whole, tile_number)),
            _ => decode_instance_frame(&slice.instance, slice.frame_number, &mut notes),
        }
    }));
    let decoded = decoded.unwrap_or(Err(DecodeError::DecoderStopped));
    let decoded = decoded.and_then(|voxels| {
        match voxels.len() == plan.format.n_pixels() && voxels.stored() == plan.stored() {
            true => Ok(voxels),
            false => Err(DecodeError::StreamDiffers {
                stream: format!("{} pixels of {:?}", voxels.len(), voxels.stored()),
                attributes: format!("{} of {:?}", plan.format.n_pixels(), plan.stored()),
            }),
        }
    });
    let said = |note: DecodeNote| {
        note.warning(&slice.instance.transfer_syntax_uid)
            .in_series(plan.series_instance_uid.clone())
            .for_slices(vec![slice_idx])
            .at(slice.instance.source.shown_path())
    };
    match decoded {
        Ok(voxels) => Ok(Decoded {
            voxels,
            notes: notes.into_iter().map(said).collect(),
        }),
        Err(error) => Err(warn(error, Some(&slice.instance), plan, slice_idx)),
    }
}

/// The warning of a slice whose decoded values its volume does not take.
pub(crate) fn not_taken(error: DecodeError, plan: &VolumePlan, slice_idx: usize) -> Warning {
    let instance = plan.slices.get(slice_idx).and_then(Option::as_ref);
    let instance = instance.map(|slice| slice.instance.as_ref());
    warn(error, instance, plan, slice_idx)
}

/// Largest mosaic that a thread keeps between its tiles, voxels; real ones have a million.
const MAX_KEPT_MOSAIC: usize = 8 << 20;

thread_local! {
    /// The mosaic that this thread decoded last: its next tile is mostly of the same.
    static LAST_MOSAIC: RefCell<Option<(Weak<Instance>, Rc<SliceVoxels>)>> = const { RefCell::new(None) };
}

/// The one stored frame of a mosaic, decoded once for consecutive tiles.
fn whole_mosaic(
    instance: &Arc<Instance>,
    notes: &mut Vec<DecodeNote>,
) -> Result<Rc<SliceVoxels>, DecodeError> {
    let last = LAST_MOSAIC.with_borrow(|last| {
        let (owner, whole) = last.as_ref()?;
        std::ptr::eq(owner.as_ptr(), Arc::as_ptr(instance)).then(|| Rc::clone(whole))
    });
    if let Some(whole) = last {
        return Ok(whole);
    }
    let n_notes = notes.len();
    let whole = Rc::new(decode_instance_frame(instance, 1, notes)?);
    // Where something is to be said of it, it is decoded anew for each tile, so that each says it.
    let is_kept = whole.len() <= MAX_KEPT_MOSAIC && notes.len() == n_notes;
    if is_kept {
        LAST_MOSAIC.set(Some((Arc::downgrade(instance), Rc::clone(&whole))));
    }
    Ok(whole)
}

/// One tile of a decoded mosaic.
fn tile(
    mosaic: &Mosaic,
    whole: &SliceVoxels,
    tile_number: u32,
) -> Result<SliceVoxels, DecodeError> {
    let tile_idx = tile_number
        .checked_sub(1)
        .ok_or(DecodeError::FrameMissing)? as usize;
    macro_rules! cut {
        ($($kind:ident),*) => {
            match whole {
                $(SliceVoxels::$kind(v) => mosaic.cut(v, tile_idx).map(|v| SliceVoxels::$kind(v.into())),)*
            }
        };
    }
    let cut = cut!(U8, I8, U16, I16, U32, I32, F32, F64, Rgb8, Rgb16);
    cut.ok_or(DecodeError::FrameMissing)
}

fn warn(
    error: DecodeError,
    instance: Option<&Instance>,
    plan: &VolumePlan,
    slice_idx: usize,
) -> Warning {
    let text = format!("Slice {} is not shown: {error}.", slice_idx + 1);
    let warning = Warning::new(error.code(), Severity::Error, text)
        .in_series(plan.series_instance_uid.clone())
        .for_slices(vec![slice_idx]);
    match instance {
        Some(instance) => warning.at(instance.source.shown_path()),
        None => warning,
    }
}

/// One stored frame of an object, by its 1-based number.
pub(crate) fn decode_instance_frame(
    instance: &Arc<Instance>,
    frame_number: u32,
    notes: &mut Vec<DecodeNote>,
) -> Result<SliceVoxels, DecodeError> {
    let (pixels, frame_idx) = pixels_and_frame(instance, frame_number)?;
    let content = pixel_content(instance)?;
    match stored_frame(&content, instance, (pixels, frame_idx), notes)? {
        StoredFrame::Plain => decode_native(&content, pixels, frame_idx),
        StoredFrame::Compressed(frame) => {
            decode_as_found(&instance.transfer_syntax_uid, frame, &pixels.format, notes)
        }
    }
}

fn pixels_and_frame(
    instance: &Instance,
    frame_number: u32,
) -> Result<(&Pixels, usize), DecodeError> {
    let pixels = instance.pixels.as_ref().ok_or(DecodeError::FrameMissing)?;
    let frame_idx = frame_number
        .checked_sub(1)
        .ok_or(DecodeError::FrameMissing)?;
    Ok((pixels, frame_idx as usize))
}

/// The pixel cells of a frame, with the bits that no stored value uses.
pub(crate) struct Cells {
    /// Unsigned, as many bits as are allocated.
    pub(crate) voxels: SliceVoxels,
    /// Bits from the lowest up that the file keeps of each cell: the allocated ones, or those of a compressed stream.
    pub(crate) n_kept_bits: u16,
}

/// The whole cells of one stored frame of an object, by its 1-based number.
pub(crate) fn decode_cells(
    instance: &Arc<Instance>,
    frame_number: u32,
) -> Result<Cells, DecodeError> {
    let (pixels, frame_idx) = pixels_and_frame(instance, frame_number)?;
    let content = pixel_content(instance)?;
    let format = PixelFormat {
        bits_stored: pixels.format.bits_allocated,
        high_bit: pixels.format.bits_allocated - 1,
        kind: SampleKind::Unsigned,
        ..pixels.format.clone()
    };
    // What had to be guessed is said with the picture itself.
    let mut notes = Vec::new();
    let mut n_kept_bits = format.bits_allocated;
    let voxels = match stored_frame(&content, instance, (pixels, frame_idx), &mut notes)? {
        StoredFrame::Plain => {
            let whole = Pixels {
                format,
                ..pixels.clone()
            };
            decode_native(&content, &whole, frame_idx)
        }
        StoredFrame::Compressed(frame) => {
            if let Some(header) = StreamHeader::read(&frame) {
                n_kept_bits = n_kept_bits.min(u16::from(header.precision));
            }
            decode_as_found(&instance.transfer_syntax_uid, frame, &format, &mut notes)
        }
    };
    Ok(Cells {
        voxels: voxels?,
        n_kept_bits,
    })
}

/// A frame as the file holds it.
enum StoredFrame {
    /// Among the samples of an uncompressed element.
    Plain,
    /// Bytes of its own.
    Compressed(Vec<u8>),
}

fn stored_frame(
    content: &Content,
    instance: &Instance,
    (pixels, frame_idx): (&Pixels, usize),
    notes: &mut Vec<DecodeNote>,
) -> Result<StoredFrame, DecodeError> {
    let is_native = compression(&instance.transfer_syntax_uid) == Compression::Native;
    match pixels.element.len {
        Some(_) if is_native => Ok(StoredFrame::Plain),
        Some(_) => unwrapped_frame(content, instance, pixels, notes),
        None => {
            if is_native {
                notes.push(DecodeNote::FragmentsUnderNative);
            }
            compressed_frame(content, pixels, frame_idx, notes).map(StoredFrame::Compressed)
        }
    }
}

/// Decodes a frame from fragments as what its bytes are, and notes where that is not what the syntax says.
fn decode_as_found(
    uid: &str,
    frame: Vec<u8>,
    format: &PixelFormat,
    notes: &mut Vec<DecodeNote>,
) -> Result<SliceVoxels, DecodeError> {
    let stated = compression(uid);
    let is_of_frame = |header: &StreamHeader| {
        header.is_of(
            format.rows,
            format.columns,
            format.n_samples,
            format.bits_allocated,
        )
    };
    let n_frame_bytes = format.frame_bytes();
    // An odd number of bytes is padded to an even one (PS3.5 A.4).
    let is_plain = (n_frame_bytes..=n_frame_bytes + 1).contains(&(frame.len() as u64));
    if let Some(header) = StreamHeader::read(&frame) {
        // Plain samples may begin as a stream does.
        if stated == Compression::Fragmented && is_plain && !is_of_frame(&header) {
            return decode_bytes(frame, format);
        }
        notes.extend(stream_note(uid, header.codec));
        notes.extend(colour_note(&header, format.photometric));
        notes.extend(jpeg_xl_colour_note(uid, &header, format.photometric));
        return decode_frame(uid, frame, format, notes);
    }
    let says_stream = matches!(
        stated,
        Compression::Jpeg
            | Compression::JpegLossless
            | Compression::JpegLs
            | Compression::Jpeg2000
            | Compression::Native
    );
    if says_stream && !is_plain && looks_run_length(&frame) {
        notes.push(DecodeNote::OtherStream {
            found: "RLE",
            loss: Loss::Unsaid,
        });
        return decode_frame(syntax::RLE_LOSSLESS, frame, format, notes);
    }
    let is_rle_in_name_only = stated == Compression::Rle && !looks_run_length(&frame);
    if is_plain && stated != Compression::Native && (says_stream || is_rle_in_name_only) {
        notes.push(DecodeNote::SamplesUnderCompressed);
        return decode_frame(syntax::ENCAPSULATED_UNCOMPRESSED_LE, frame, format, notes);
    }
    if stated == Compression::Rle && has_rle_rows_left_over(&frame, format) {
        notes.push(DecodeNote::RowsLeftOver);
    }
    decode_frame(uid, frame, format, notes)
}

/// Begins with a header of run lengths: 1 to 15 segments, the first right behind the header's 64 bytes (PS3.5 G.5).
fn looks_run_length(frame: &[u8]) -> bool {
    matches!(frame, [1..=15, 0, 0, 0, 64, 0, 0, 0, ..]) && 64 < frame.len()
}

/// A compressed syntax whose pixels are not in fragments: the stream itself lies in the element, or plain samples do.
fn unwrapped_frame(
    content: &Content,
    instance: &Instance,
    pixels: &Pixels,
    notes: &mut Vec<DecodeNote>,
) -> Result<StoredFrame, DecodeError> {
    let uid = &instance.transfer_syntax_uid;
    let expected = pixels.format.frame_bytes() * u64::from(pixels.format.n_frames);
    let claimed = pixels.element.len.map_or(0, u64::from);
    let present = claimed.min(content.len().saturating_sub(pixels.element.offset));
    if expected <= present && present <= expected + 1 {
        // Of a syntax that nobody knows the scan says that its pixels were taken as they lie.
        if compression(uid) != Compression::Unknown {
            notes.push(DecodeNote::SamplesUnderCompressed);
        }
        return Ok(StoredFrame::Plain);
    }
    if pixels.format.n_frames != 1 {
        return Err(DecodeError::FrameMissing);
    }
    notes.push(DecodeNote::StreamWithoutFragments);
    let len = usize::try_from(present).map_err(|_| DecodeError::FrameMissing)?;
    let frame = content.read_range(pixels.element.offset, len)?;
    Ok(StoredFrame::Compressed(frame))
}

/// The fragments of a frame, joined.
fn compressed_frame(
    content: &Content,
    pixels: &Pixels,
    frame_idx: usize,
    notes: &mut Vec<DecodeNote>,
) -> Result<Vec<u8>, DecodeError> {
    let places = match pixels.frame_places.get() {
        Some(places) => Arc::clone(places),
        None => {
            let read = FramePlaces::read(
                content,
                (pixels.element.offset, pixels.big_endian),
                pixels.format.n_frames as usize,
                Some(&pixels.extended_offsets),
            )?;
            Arc::clone(pixels.frame_places.get_or_init(|| Arc::new(read)))
        }
    };
    let (fragments, odd) = places.of_frame(content, frame_idx)?;
    notes.extend(odd.into_iter().map(DecodeNote::Frames));
    let total: u64 = fragments.iter().map(|f| f.1).sum();
    // All of it lies in the file, so that a length that lies asks for no memory.
    if content.len() < total {
        return Err(DecodeError::FrameMissing);
    }
    let mut frame = vec![0; usize::try_from(total).map_err(|_| DecodeError::FrameMissing)?];
    let mut rest = frame.as_mut_slice();
    for (at, len) in fragments {
        let (part, after) = rest.split_at_mut(len as usize);
        content.read_exact_at(at, part)?;
        rest = after;
    }
    Ok(frame)
}
