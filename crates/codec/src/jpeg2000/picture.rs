//! From the packets of a tile to the samples of its components.

use crate::error::Fault;
use std::borrow::Cow;

use super::block::{BlockDecoder, BlockLayout, CodedSegment};
use super::code_stream::{Tile, TileComponentCoding};
use super::coding::Wavelet;
use super::dwt::{Bands, Lifting, Span, synthesise};
use super::ht_block::{HtBlock, HtBlockDecoder, HtScale};
use super::style::BlockCoder;
use super::tile::{Band, Block, Resolution, TileComponent};

/// A component of a tile, rows without gaps.
pub(super) enum Plane {
    /// Of the reversible wavelet.
    Whole(Vec<i32>),
    /// Of the irreversible wavelet.
    Real(Vec<f32>),
}

/// The decoders of blocks, with the memory that they keep from one block to the next.
pub(super) struct BlockDecoders {
    arithmetic: BlockDecoder,
    high_throughput: HtBlockDecoder,
    /// The indices of one high-throughput block of the irreversible path.
    indices: Vec<i32>,
}

impl BlockDecoders {
    /// Takes the memory.
    pub(super) fn new() -> Self {
        Self {
            arithmetic: BlockDecoder::new(),
            high_throughput: HtBlockDecoder::default(),
            indices: Vec::new(),
        }
    }
}

/// Decodes the blocks of a component and puts the resolutions together.
pub(super) fn component_plane(
    tile: &Tile<'_>,
    parameters: &TileComponentCoding,
    laid: &TileComponent,
    decoders: &mut BlockDecoders,
) -> Result<Plane, Fault> {
    let job = ComponentJob {
        packets: &tile.packets,
        parameters,
    };
    Ok(match parameters.coding.wavelet {
        Wavelet::Reversible => Plane::Whole(job.plane(laid, decoders)?),
        Wavelet::Irreversible => Plane::Real(job.plane(laid, decoders)?),
    })
}

/// A wavelet coefficient.
trait Coefficient: Lifting {
    /// From a magnitude with one bit below the point and the sign in bit 31.
    fn from_index(index: u32, half_step: f32) -> Self;

    /// Decodes a high-throughput block into the sub-band from its first sample on.
    fn decode_ht(
        decoders: &mut BlockDecoders,
        block: &HtBlock<'_>,
        out: &mut [Self],
        layout: HtLayout,
    ) -> Result<(), Fault>;
}

/// How the samples of a high-throughput block lie in their sub-band.
struct HtLayout {
    stride: usize,
    half_step: f32,
}

impl Coefficient for i32 {
    #[inline(always)]
    fn from_index(index: u32, _: f32) -> Self {
        let magnitude = ((index & 0x7FFF_FFFF) >> 1) as i32;
        let sign = index as i32 >> 31;
        (magnitude ^ sign) - sign
    }

    fn decode_ht(
        decoders: &mut BlockDecoders,
        block: &HtBlock<'_>,
        out: &mut [Self],
        layout: HtLayout,
    ) -> Result<(), Fault> {
        let decoder = &mut decoders.high_throughput;
        decoder.decode(block, HtScale::Integer, out, layout.stride)
    }
}

impl Coefficient for f32 {
    #[inline(always)]
    fn from_index(index: u32, half_step: f32) -> Self {
        let magnitude = (index & 0x7FFF_FFFF) as i32 as f32 * half_step;
        f32::from_bits(magnitude.to_bits() | index & 0x8000_0000)
    }

    fn decode_ht(
        decoders: &mut BlockDecoders,
        block: &HtBlock<'_>,
        out: &mut [Self],
        layout: HtLayout,
    ) -> Result<(), Fault> {
        let (width, indices) = (block.width, &mut decoders.indices);
        indices.clear();
        indices.resize(width * block.height, 0);
        let decoder = &mut decoders.high_throughput;
        decoder.decode(block, HtScale::OneFractionBit, indices, width)?;
        let rows = out.chunks_mut(layout.stride);
        for (to, from) in rows.zip(indices.chunks_exact(width)) {
            for (to, from) in to.iter_mut().zip(from) {
                *to = *from as f32 * layout.half_step;
            }
        }
        Ok(())
    }
}

struct ComponentJob<'a> {
    packets: &'a [u8],
    parameters: &'a TileComponentCoding,
}

impl ComponentJob<'_> {
    fn plane<T: Coefficient>(
        &self,
        laid: &TileComponent,
        decoders: &mut BlockDecoders,
    ) -> Result<Vec<T>, Fault> {
        let mut lower: Vec<T> = Vec::new();
        for resolution in &laid.resolutions {
            let bands = resolution
                .bands
                .iter()
                .enumerate()
                .map(|(idx, band)| self.band(resolution, idx, band, decoders))
                .collect::<Result<Vec<Vec<T>>, _>>()?;
            let rect = resolution.rect;
            lower = match bands.as_slice() {
                [hl, lh, hh] => {
                    let columns = Span {
                        start: rect.x0,
                        len: rect.width(),
                    };
                    let rows = Span {
                        start: rect.y0,
                        len: rect.height(),
                    };
                    let (low, high) = (columns.n_low(), columns.len - columns.n_low());
                    let bands = Bands {
                        ll: (&lower, low),
                        hl: (hl, high),
                        lh: (lh, low),
                        hh: (hh, high),
                    };
                    let mut out = vec![T::default(); rect.width() * rect.height()];
                    synthesise(&bands, columns, rows, &mut out);
                    out
                }
                _ => bands.into_iter().next().unwrap_or_default(),
            };
        }
        Ok(lower)
    }

    /// The coefficients of a sub-band, rows without gaps.
    fn band<T: Coefficient>(
        &self,
        resolution: &Resolution,
        band_idx: usize,
        band: &Band,
        decoders: &mut BlockDecoders,
    ) -> Result<Vec<T>, Fault> {
        let stride = band.rect.width();
        let mut out = vec![T::default(); stride * band.rect.height()];
        for precinct in &resolution.precincts {
            let blocks = precinct.parts.get(band_idx).map(|p| p.blocks.as_slice());
            for block in blocks.unwrap_or_default() {
                let Some(n_zero_planes) = block.n_zero_planes else {
                    continue;
                };
                let (width, height) = (block.rect.width(), block.rect.height());
                let x = (block.rect.x0 - band.rect.x0) as usize;
                let y = (block.rect.y0 - band.rect.y0) as usize;
                let end = (y + height).saturating_sub(1) * stride + x + width;
                let Some(out) = out.get_mut(y * stride + x..end) else {
                    return Err(Fault::Damaged("a code block lies outside its sub-band"));
                };
                let half_step = 0.5 * band.step;
                if self.parameters.coding.style.coder == BlockCoder::HighThroughput {
                    let layout = HtLayout { stride, half_step };
                    self.ht_block(block, band, n_zero_planes, |block| {
                        T::decode_ht(decoders, block, out, layout)
                    })?;
                    continue;
                }
                let samples = self.block(block, band, n_zero_planes, &mut decoders.arithmetic)?;
                let rows = out.chunks_mut(stride);
                for (to, from) in rows.zip(samples.chunks_exact(width)) {
                    for (to, from) in to.iter_mut().zip(from) {
                        *to = T::from_index(*from, half_step);
                    }
                }
            }
        }
        Ok(out)
    }

    /// Hands a high-throughput block to `decode`, unless it is empty.
    fn ht_block(
        &self,
        block: &Block,
        band: &Band,
        n_zero_planes: u32,
        decode: impl FnOnce(&HtBlock<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        if self.parameters.roi_shift > 0 {
            return Err(Fault::Unsupported(
                "a region of interest in high-throughput blocks",
            ));
        }
        let bytes = self.bytes_of(block)?;
        let n_cleanup = block.segments.first().map_or(0, |s| s.n_bytes);
        let (cleanup, refinement) = bytes
            .split_at_checked(n_cleanup)
            .ok_or("the code words of a block are cut")?;
        if cleanup.is_empty() {
            return Ok(());
        }
        decode(&HtBlock {
            cleanup,
            refinement,
            n_passes: block.n_passes,
            n_missing_bit_planes: n_zero_planes,
            n_magnitude_bits: band.n_bits,
            width: block.rect.width(),
            height: block.rect.height(),
            causality: self.parameters.coding.style.causality,
        })
    }

    fn block<'d>(
        &self,
        block: &Block,
        band: &Band,
        n_zero_planes: u32,
        decoder: &'d mut BlockDecoder,
    ) -> Result<&'d [u32], Fault> {
        // At most 38 + 255: neither sum nor shift can go astray before the decoder refuses them.
        let n_bits = band.n_bits + self.parameters.roi_shift;
        let bytes = self.bytes_of(block)?;
        let mut rest: &[u8] = &bytes;
        let mut segments = Vec::with_capacity(block.segments.len());
        for segment in &block.segments {
            let (bytes, behind) = rest
                .split_at_checked(segment.n_bytes)
                .ok_or("the code words of a block are cut")?;
            rest = behind;
            segments.push(CodedSegment {
                bytes,
                n_passes: segment.n_passes,
            });
        }
        let layout = BlockLayout {
            width: block.rect.width(),
            height: block.rect.height(),
            orientation: band.orientation,
            n_planes: n_bits
                .checked_sub(n_zero_planes)
                .ok_or("a code block has too many empty bit planes")?,
            roi_shift: self.parameters.roi_shift,
            style: self.parameters.coding.style,
        };
        decoder.decode(&layout, &segments)
    }

    /// The bytes of a block, joined where several packets brought them.
    fn bytes_of(&self, block: &Block) -> Result<Cow<'_, [u8]>, Fault> {
        let piece = |start: usize, len: usize| {
            let bytes = self.packets.get(start..).and_then(|b| b.get(..len));
            bytes.ok_or("the code words of a block are cut")
        };
        Ok(match block.pieces.as_slice() {
            [one] => Cow::Borrowed(piece(one.start, one.len)?),
            several => {
                let mut joined = Vec::with_capacity(several.iter().map(|p| p.len).sum());
                for one in several {
                    joined.extend_from_slice(piece(one.start, one.len)?);
                }
                Cow::Owned(joined)
            }
        })
    }
}
