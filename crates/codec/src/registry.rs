use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dicom_core::value::C;
use dicom_encoding::adapters::{PixelDataObject, RawPixelData};
use dicom_encoding::transfer_syntax::{Codec, TransferSyntaxIndex};
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;

use crate::error::CodecError;
use crate::samples::Samples;
use crate::stream_header::{StreamCodec, StreamColour, StreamHeader};

/// Decodes a stream by the registry's adapter for a transfer syntax.
pub(crate) fn decode_registered(
    registered: &str,
    mut stream: Vec<u8>,
    header: &StreamHeader,
) -> Result<Samples, CodecError> {
    let codec = header.codec.name();
    let n_container_bytes = if header.precision <= 8 { 1 } else { 2 };
    let n_bytes = header.n_samples() * n_container_bytes;
    // The adapters refuse large frames that shrank more than 64-fold; the size has been agreed to before, so the tail of
    // zeros tells them that it is meant.
    let padded_len = stream.len().max(n_bytes / 64 + 1);
    stream.resize(padded_len, 0);
    let mut object = OneFrame {
        header,
        bits_allocated: 8 * n_container_bytes as u16,
        stream,
    };
    let mut decoded = run_codec(registered, &object);
    if decoded.is_none() && header.codec == StreamCodec::JpegLs && drop_fill(&mut object.stream) {
        decoded = run_codec(registered, &object);
    }
    let bytes = decoded.ok_or(CodecError {
        codec,
        what: "the stream cannot be decoded",
    })?;
    if bytes.len() != n_bytes {
        return Err(CodecError {
            codec,
            what: "it gives another number of samples than it says",
        });
    }
    if n_container_bytes == 1 {
        return Ok(Samples::Bits8(pixelwise(bytes, header)));
    }
    let values = bytes.as_chunks::<2>().0.iter();
    let values = values.map(|b| u16::from_le_bytes(*b)).collect();
    Ok(Samples::Bits16(pixelwise(values, header)))
}

/// Samples that came plane by plane, those of a pixel together.
fn pixelwise<T: Copy>(values: Vec<T>, header: &StreamHeader) -> Vec<T> {
    let n_planes = usize::from(header.n_components);
    if header.colour != StreamColour::Planes || n_planes < 2 {
        return values;
    }
    let n_pixels = values.len() / n_planes;
    (0..n_pixels)
        .flat_map(|pixel| (0..n_planes).map(move |plane| plane * n_pixels + pixel))
        .filter_map(|at| values.get(at).copied())
        .collect()
}

/// Takes zero bytes out from before the end marker: some encoders pad there, and the decoder takes offence. Gives
/// whether there were any.
fn drop_fill(stream: &mut Vec<u8>) -> bool {
    let Some(end) = stream.windows(2).rposition(|w| w == [0xFF, 0xD9]) else {
        return false;
    };
    let n_fill = stream
        .iter()
        .take(end)
        .rev()
        .take_while(|b| **b == 0)
        .count();
    stream.drain(end - n_fill..end);
    0 < n_fill
}

fn run_codec(uid: &str, object: &OneFrame<'_>) -> Option<Vec<u8>> {
    let syntax = TransferSyntaxRegistry.get(uid)?;
    let Codec::EncapsulatedPixelData(Some(reader), _) = syntax.codec() else {
        return None;
    };
    // The codecs are other people's: should one panic on damaged bytes, the frame is lost and not the process.
    catch_unwind(AssertUnwindSafe(|| {
        let mut bytes = Vec::new();
        reader
            .decode_frame(object, 0, &mut bytes)
            .ok()
            .map(|()| bytes)
    }))
    .ok()
    .flatten()
}

/// An object of one frame in one fragment, which is all that the codecs are ever shown.
struct OneFrame<'a> {
    header: &'a StreamHeader,
    /// That of the stream's own samples.
    bits_allocated: u16,
    stream: Vec<u8>,
}

impl PixelDataObject for OneFrame<'_> {
    fn transfer_syntax_uid(&self) -> &str {
        ""
    }

    fn rows(&self) -> Option<u16> {
        u16::try_from(self.header.height).ok()
    }

    fn cols(&self) -> Option<u16> {
        u16::try_from(self.header.width).ok()
    }

    fn samples_per_pixel(&self) -> Option<u16> {
        Some(self.header.n_components)
    }

    fn bits_allocated(&self) -> Option<u16> {
        Some(self.bits_allocated)
    }

    fn bits_stored(&self) -> Option<u16> {
        Some(self.bits_allocated)
    }

    fn photometric_interpretation(&self) -> Option<&str> {
        Some(match self.header.n_components {
            1 => "MONOCHROME2",
            _ => "RGB",
        })
    }

    fn number_of_frames(&self) -> Option<u32> {
        Some(1)
    }

    fn number_of_fragments(&self) -> Option<u32> {
        Some(1)
    }

    fn fragment(&self, fragment: usize) -> Option<Cow<'_, [u8]>> {
        (fragment == 0).then_some(Cow::Borrowed(&self.stream))
    }

    fn offset_table(&self) -> Option<Cow<'_, [u32]>> {
        None
    }

    fn raw_pixel_data(&self) -> Option<RawPixelData> {
        let fragments = C::from_elem(self.stream.clone(), 1);
        Some(RawPixelData {
            fragments,
            offset_table: C::new(),
        })
    }
}
