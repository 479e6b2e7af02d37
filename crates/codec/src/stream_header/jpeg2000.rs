use super::{CUT, StreamCodec, StreamColour, StreamHeader, StreamSign, be16, be32};
use crate::error::Fault;

/// Tiles of a stream beyond which it is taken for an attack.
const MAX_TILES: u64 = 4096;

const NO_SIZE: Fault = Fault::Damaged("its size contradicts itself");

/// The file format around the code stream, which DICOM forbids and some writers use.
pub(super) fn read_file(bytes: &[u8]) -> Result<StreamHeader, Fault> {
    let at = bytes
        .windows(4)
        .position(|w| w == [0xFF, 0x4F, 0xFF, 0x51])
        .ok_or("it holds no code stream")?;
    read_code_stream(bytes.get(at..).unwrap_or_default())
}

/// SIZ and COD of ISO/IEC 15444-1 A.5.1 and A.6.1.
pub(super) fn read_code_stream(bytes: &[u8]) -> Result<StreamHeader, Fault> {
    let siz = |i: usize| be32(bytes, 8 + 4 * i).ok_or(CUT);
    let side = |end: u32, start: u32| end.checked_sub(start).ok_or(NO_SIZE);
    let (width, height) = (side(siz(0)?, siz(2)?)?, side(siz(1)?, siz(3)?)?);
    let (tile_width, tile_height) = (siz(4)?, siz(5)?);
    if tile_width == 0 || tile_height == 0 {
        return Err(NO_SIZE);
    }
    let n_tiles = u64::from(width.div_ceil(tile_width)) * u64::from(height.div_ceil(tile_height));
    let n_components = be16(bytes, 40).ok_or(CUT)?;
    let [depth, dx, dy] = *bytes.get(42..).and_then(|b| b.first_chunk()).ok_or(CUT)?;
    // The first component gives the size; others may be sampled less densely, but not of another depth.
    let alike = (0..usize::from(n_components)).all(|c| bytes.get(42 + 3 * c) == Some(&depth));
    if MAX_TILES < n_tiles {
        return Err(Fault::Unsupported("more than 4096 tiles"));
    }
    if !alike || dx != 1 || dy != 1 {
        return Err(Fault::Unsupported(
            "components of different depths, or a first one that is sampled coarsely",
        ));
    }
    let mut at = 4 + usize::from(be16(bytes, 4).ok_or(CUT)?);
    let mut is_transformed = false;
    // Marker segments up to the first tile part.
    while let Some(marker) = be16(bytes, at).filter(|m| *m != 0xFF90) {
        if marker == 0xFF52 {
            is_transformed = *bytes.get(at + 8).ok_or(CUT)? == 1;
        }
        at += 2 + usize::from(be16(bytes, at + 2).ok_or(CUT)?);
    }
    Ok(StreamHeader {
        codec: StreamCodec::Jpeg2000,
        width,
        height,
        n_components,
        precision: (depth & 0x7F) + 1,
        sign: if depth & 0x80 == 0 {
            StreamSign::Unsigned
        } else {
            StreamSign::Signed
        },
        colour: if is_transformed {
            StreamColour::Transformed
        } else {
            StreamColour::Unsaid
        },
    })
}
