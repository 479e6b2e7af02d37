//! JPEG 2000 (ISO/IEC 15444-1) and its high-throughput block coder (ISO/IEC 15444-15).
//!
//! A stream is taken apart by [`code_stream`] into tiles, laid out by [`tile`]; [`packets`] tells which bytes belong to
//! which code block, [`block`] decodes these, [`dwt`] puts the sub-bands together and [`output`] makes samples of them.

mod block;
mod code_stream;
mod coding;
mod contexts;
mod dwt;
mod geometry;
mod grid;
#[cfg(target_arch = "x86_64")]
mod ht_avx2;
mod ht_bits;
mod ht_block;
mod ht_cleanup;
mod ht_codes;
#[cfg(test)]
mod ht_encoder;
mod ht_refine;
mod ht_tables;
#[cfg(test)]
mod ht_tests;
mod mq;
mod output;
mod packet_bits;
mod packets;
mod parameters;
mod picture;
mod progression;
mod style;
mod tag_tree;
mod tile;

use crate::decode::Counted;
use crate::error::Fault;
use crate::stream_header::{StreamHeader, StreamSign};

use code_stream::CodeStream;
use output::{Frame, SampleKind};
use picture::BlockDecoders;

/// Decodes a stream whose header was read and agreed to.
///
/// # Errors
/// What is wrong with the stream, in a few words.
pub(crate) fn decode_jpeg2000(stream: &[u8], header: &StreamHeader) -> Result<Counted, Fault> {
    let start = stream
        .windows(4)
        .position(|w| w == [0xFF, 0x4F, 0xFF, 0x51]);
    let stream = stream.get(start.unwrap_or(0)..).unwrap_or_default();
    let code_stream = CodeStream::read(stream)?;
    let image = code_stream.image;
    let is_as_agreed = image.width() == header.width as usize
        && image.height() == header.height as usize
        && code_stream.components.len() == usize::from(header.n_components)
        && code_stream.components.iter().all(|c| {
            c.precision == u32::from(header.precision)
                && c.is_signed == (header.sign == StreamSign::Signed)
        });
    if !is_as_agreed {
        return Err(Fault::Damaged("its size contradicts its header"));
    }
    let kind = SampleKind {
        precision: u32::from(header.precision),
        sign: header.sign,
    };
    let mut frame = Frame::new(image, code_stream.components.len(), kind)?;
    let mut decoders = BlockDecoders::new();
    for tile in &code_stream.tiles {
        let mut laid = tile::lay_out(tile, &code_stream.components)?;
        packets::read_packets(tile, &code_stream.components, &mut laid)?;
        let planes = tile.components.iter().zip(&laid);
        let planes = planes
            .map(|(parameters, laid)| {
                picture::component_plane(tile, parameters, laid, &mut decoders)
            })
            .collect::<Result<Vec<_>, _>>()?;
        frame.put(tile, &code_stream.components, planes)?;
    }
    Ok(frame.finish())
}
