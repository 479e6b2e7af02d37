//! JPEG XL (ISO/IEC 18181), by the decoder of the standard's own authors, behind our limits.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jxl::api::{
    Endianness, Event, JxlBasicInfo, JxlBitDepth, JxlColorType, JxlDataFormat, JxlDecoder,
    JxlDecoderOptions, JxlOutputBuffer, JxlPixelFormat, Orientation, ProfileLevel,
};

use crate::error::Fault;
use crate::samples::Samples;
use crate::stream_header::{StreamCodec, StreamColour, StreamHeader, StreamSign};

/// Samples of inner frames (references, patches) beyond those of the picture that a stream may ask for.
const SPARE_SAMPLES: usize = 1 << 20;
/// A decoder that is no further after so many steps is turning in a circle.
const MAX_STEPS: usize = 10_000;

const NO_HEADER: Fault = Fault::Damaged("its header cannot be read");
const UNDECODABLE: Fault = Fault::Damaged("the stream cannot be decoded");

/// The header of a bare code stream or of one in its file format.
///
/// # Errors
/// A header that cannot be read, or says what no picture here can hold: floating-point samples, sides beyond 32 bits.
pub(crate) fn read_header(bytes: &[u8]) -> Result<StreamHeader, Fault> {
    let begun = guarded(|| Begun::new(bytes, None)).unwrap_or(Err(NO_HEADER))?;
    let (info, n_components) = (begun.info, begun.n_components);
    let JxlBitDepth::Int { bits_per_sample } = info.bit_depth else {
        return Err(Fault::Unsupported("floating-point samples"));
    };
    let (width, height) = info.size;
    let too_large = |_| Fault::Unsupported("a picture of that size");
    Ok(StreamHeader {
        codec: StreamCodec::JpegXl,
        width: u32::try_from(width).map_err(too_large)?,
        height: u32::try_from(height).map_err(too_large)?,
        n_components,
        precision: u8::try_from(bits_per_sample).map_err(|_| NO_HEADER)?,
        sign: StreamSign::Unsigned,
        colour: match n_components {
            1 => StreamColour::Unsaid,
            _ => StreamColour::Transformed,
        },
    })
}

/// Decodes a stream whose header was read and agreed to: one frame, upright, without extra channels.
///
/// Samples come at the stream's own depth and in its own colour space; colours are red, green and blue.
pub(crate) fn decode_jpeg_xl(bytes: &[u8], header: &StreamHeader) -> Result<Samples, Fault> {
    guarded(|| decode_samples(bytes, header)).unwrap_or(Err(UNDECODABLE))
}

/// The decoder is other people's: should it panic on damaged bytes, the frame is lost and not the process.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// A decoder that has read the header.
struct Begun<'a> {
    decoder: JxlDecoder,
    /// The bytes behind the header.
    rest: &'a [u8],
    info: JxlBasicInfo,
    /// Without extra channels.
    n_components: u16,
}

impl<'a> Begun<'a> {
    fn new(bytes: &'a [u8], sample_limit: Option<usize>) -> Result<Self, Fault> {
        let mut options = JxlDecoderOptions::default();
        options.adjust_orientation = false;
        options.render_spot_colors = false;
        options.high_precision = true;
        options.max_profile_level = ProfileLevel::Main10;
        options.sample_limit = sample_limit;
        let mut decoder = JxlDecoder::new(options);
        let mut rest = bytes;
        let event = decoder.process(&mut rest, None, None);
        let (Ok(Event::BasicInfo), Some(info)) = (event, decoder.basic_info().cloned()) else {
            return Err(NO_HEADER);
        };
        let format = decoder.current_pixel_format();
        let n_components = match format.map(|f| f.color_type.is_grayscale()) {
            Some(true) => 1,
            Some(false) => 3,
            None => return Err(NO_HEADER),
        };
        Ok(Self {
            decoder,
            rest,
            info,
            n_components,
        })
    }
}

fn decode_samples(bytes: &[u8], header: &StreamHeader) -> Result<Samples, Fault> {
    let n_samples = header.n_samples();
    let limit = 4 * n_samples + SPARE_SAMPLES;
    let Begun {
        mut decoder,
        rest,
        info,
        n_components,
    } = Begun::new(bytes, Some(limit))?;
    if info.size != (header.width as usize, header.height as usize)
        || n_components != header.n_components
        || n_samples == 0
    {
        return Err(Fault::Damaged("its frame is not the one it announced"));
    }
    if !info.extra_channels.is_empty() {
        return Err(Fault::Unsupported("channels beyond its colours"));
    }
    if info.animation.is_some() {
        return Err(Fault::Unsupported("an animation"));
    }
    if info.orientation != Orientation::Identity {
        return Err(Fault::Unsupported("a turned picture"));
    }
    let (endianness, bit_depth) = (Endianness::native(), header.precision);
    let format = JxlPixelFormat {
        color_type: match n_components {
            1 => JxlColorType::Grayscale,
            _ => JxlColorType::Rgb,
        },
        color_data_format: Some(match bit_depth {
            ..=8 => JxlDataFormat::U8 { bit_depth },
            _ => JxlDataFormat::U16 {
                endianness,
                bit_depth,
            },
        }),
        extra_channel_format: vec![],
    };
    if decoder.set_pixel_format(format).is_err() {
        return Err(Fault::Unsupported("that depth or those colours"));
    }
    let height = header.height as usize;
    if bit_depth <= 8 {
        let mut samples = vec![0_u8; n_samples];
        fill(&mut decoder, rest, &mut samples, height)?;
        return Ok(Samples::Bits8(samples));
    }
    let mut samples = vec![0_u16; n_samples];
    fill(
        &mut decoder,
        rest,
        bytemuck::cast_slice_mut(&mut samples),
        height,
    )?;
    Ok(Samples::Bits16(samples))
}

/// Decodes the one frame into its rows.
fn fill(
    decoder: &mut JxlDecoder,
    mut rest: &[u8],
    out: &mut [u8],
    height: usize,
) -> Result<(), Fault> {
    let row_bytes = out.len() / height;
    let mut buffers = [JxlOutputBuffer::new(out, height, row_bytes)];
    for _ in 0..MAX_STEPS {
        match decoder.process(&mut rest, Some(&mut buffers), None) {
            Ok(Event::FrameComplete {
                has_more_frames: false,
            }) => return Ok(()),
            Ok(Event::FrameComplete { .. }) => {
                return Err(Fault::Unsupported("more than one picture"));
            }
            Ok(Event::BasicInfo | Event::FrameHeader) => {}
            Ok(Event::NeedMoreInput { .. } | Event::Complete) => {
                return Err(Fault::Damaged("it ends early"));
            }
            Err(_) => return Err(UNDECODABLE),
        }
    }
    Err(UNDECODABLE)
}
