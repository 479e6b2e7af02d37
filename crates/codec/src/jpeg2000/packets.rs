//! The packets of a tile (ISO/IEC 15444-1 B.9 and B.10): which bytes belong to which code block.

use super::code_stream::Tile;
use super::grid::Component;
use super::packet_bits::PacketBits;
use super::progression::{PrecinctKey, packet_volumes};
use super::style::{BlockCoder, BlockStyle};
use super::tile::{Block, Piece, Precinct, Segment, TileComponent};
use crate::error::Fault;

/// Start of a packet, with its number in four bytes.
const SOP: [u8; 2] = [0xFF, 0x91];
const SOP_BYTES: usize = 6;
/// End of a packet header.
const EPH: [u8; 2] = [0xFF, 0x92];
/// Most bits of a length; no stream is longer.
const MAX_LENGTH_BITS: u32 = 32;
/// Most bit planes without any one; none of our samples has as many.
const MAX_ZERO_PLANES: u32 = 80;
/// Most passes of a block: three for each bit plane.
const MAX_PASSES: u32 = 3 * MAX_ZERO_PLANES;

/// Goes through all packets of a tile.
///
/// A tile that ends behind a whole packet has fewer layers than it could have, which is allowed: it is decoded from what
/// is there.
///
/// # Errors
/// A packet that is cut, or that contradicts itself.
pub(super) fn read_packets(
    tile: &Tile<'_>,
    components: &[Component],
    laid: &mut [TileComponent],
) -> Result<(), Fault> {
    let mut reader = PacketReader {
        bytes: &tile.packets,
        at: 0,
        headers: tile.headers.as_deref(),
        headers_at: 0,
    };
    for volume in packet_volumes(tile, laid, components) {
        for run in volume.runs() {
            let next_layers = run
                .iter()
                .filter_map(|k| find(laid, k).map(|p| p.next_layer));
            let first_layer = next_layers.min().unwrap_or(volume.n_layers);
            for layer in first_layer..volume.n_layers {
                for key in run {
                    let coding = tile.components.get(key.component as usize);
                    let (Some(coding), Some(precinct)) = (coding, find(laid, key)) else {
                        return Err(Fault::Damaged("a packet lies outside the tile"));
                    };
                    if layer < precinct.next_layer {
                        continue;
                    }
                    if reader.is_at_end() {
                        return Ok(());
                    }
                    precinct.next_layer = layer + 1;
                    reader.read_packet(precinct, layer, coding.coding.style)?;
                }
            }
        }
    }
    Ok(())
}

fn find<'l>(laid: &'l mut [TileComponent], key: &PrecinctKey) -> Option<&'l mut Precinct> {
    let component = laid.get_mut(key.component as usize)?;
    let resolution = component.resolutions.get_mut(key.resolution as usize)?;
    resolution.precincts.get_mut(key.precinct as usize)
}

struct PacketReader<'a> {
    bytes: &'a [u8],
    at: usize,
    headers: Option<&'a [u8]>,
    headers_at: usize,
}

impl PacketReader<'_> {
    fn is_at_end(&self) -> bool {
        match self.headers {
            Some(headers) => headers.len() <= self.headers_at,
            None => self.bytes.len() <= self.at,
        }
    }

    fn read_packet(
        &mut self,
        precinct: &mut Precinct,
        layer: u32,
        style: BlockStyle,
    ) -> Result<(), Fault> {
        if self
            .bytes
            .get(self.at..)
            .is_some_and(|b| b.starts_with(&SOP))
        {
            self.at += SOP_BYTES;
        }
        let (source, at) = match self.headers {
            Some(headers) => (headers, &mut self.headers_at),
            None => (self.bytes, &mut self.at),
        };
        let header = source.get(*at..).ok_or("a packet header is cut")?;
        let mut bits = PacketBits::new(header);
        // Blocks with their new bytes, in the order of the bodies.
        let mut bodies: Vec<(usize, usize, usize)> = Vec::new();
        if bits.bit()? == 1 {
            for (part_idx, part) in precinct.parts.iter_mut().enumerate() {
                for block_idx in 0..part.blocks.len() {
                    let (x, y) = (block_idx % part.n_columns, block_idx / part.n_columns);
                    let Some(block) = part.blocks.get_mut(block_idx) else {
                        break;
                    };
                    let is_included = if block.n_zero_planes.is_some() {
                        bits.bit()? == 1
                    } else {
                        let below = part.inclusion.read_below(&mut bits, x, y, layer + 1)?;
                        below.is_some()
                    };
                    if !is_included {
                        continue;
                    }
                    if block.n_zero_planes.is_none() {
                        let mut bound = 1;
                        while block.n_zero_planes.is_none() {
                            let n = part.zero_planes.read_below(&mut bits, x, y, bound)?;
                            block.n_zero_planes = n;
                            bound += 1;
                            if MAX_ZERO_PLANES < bound {
                                return Err(Fault::Damaged(
                                    "a code block has too many empty bit planes",
                                ));
                            }
                        }
                    }
                    let n_bytes = read_contribution(&mut bits, block, style)?;
                    bodies.push((part_idx, block_idx, n_bytes));
                }
            }
        }
        *at += bits.finish()?;
        if source.get(*at..).is_some_and(|b| b.starts_with(&EPH)) {
            *at += EPH.len();
        }
        for (part_idx, block_idx, len) in bodies {
            let block = precinct.parts.get_mut(part_idx);
            let block = block.and_then(|p| p.blocks.get_mut(block_idx));
            let start = self.at;
            self.at = start.checked_add(len).ok_or(BODY_CUT)?;
            if self.bytes.len() < self.at {
                return Err(BODY_CUT);
            }
            if let Some(block) = block {
                block.pieces.push(Piece { start, len });
            }
        }
        Ok(())
    }
}

const BODY_CUT: Fault = Fault::Damaged("the body of a packet is cut");

/// Reads how many passes a packet adds to a block and how long their code words are (B.10.6, B.10.7); gives the bytes
/// in all.
fn read_contribution(
    bits: &mut PacketBits<'_>,
    block: &mut Block,
    style: BlockStyle,
) -> Result<usize, Fault> {
    let mut n_passes = read_n_passes(bits)?;
    if MAX_PASSES < block.n_passes + n_passes {
        return Err(Fault::Damaged(
            "a code block has more passes than bit planes",
        ));
    }
    block.length_bits += bits.ones(MAX_LENGTH_BITS)?;
    let mut n_bytes = 0_usize;
    if style.coder == BlockCoder::HighThroughput && block.n_passes == 0 {
        // Passes before the last clean-up pass hold nothing; they only count bit planes (ISO/IEC 15444-15).
        let n_empty_sets = (n_passes - 1) / 3;
        block.n_zero_planes = block.n_zero_planes.map(|n| n + n_empty_sets);
        n_passes -= 3 * n_empty_sets;
        let len = read_length(bits, block.length_bits + (3 * n_empty_sets + 1).ilog2())?;
        n_bytes += add_passes(block, 1, len, SegmentPlace::Next);
        n_passes -= 1;
    }
    while 0 < n_passes {
        let n_passes_of_last = block.segments.last().map_or(0, |s| s.n_passes);
        let first_of_last = block.n_passes - n_passes_of_last;
        let first_of_segment = if n_passes_of_last < style.n_passes_of_segment(first_of_last) {
            first_of_last
        } else {
            block.n_passes
        };
        let (place, already) = if first_of_segment == block.n_passes {
            (SegmentPlace::Next, 0)
        } else {
            (SegmentPlace::Last, block.n_passes - first_of_segment)
        };
        let room = style.n_passes_of_segment(first_of_segment) - already;
        if style.coder == BlockCoder::HighThroughput && 3 <= first_of_segment {
            return Err(Fault::Unsupported(
                "several sets of high-throughput passes in one block",
            ));
        }
        let n = n_passes.min(room);
        let len = read_length(bits, block.length_bits + n.ilog2())?;
        n_bytes = n_bytes
            .checked_add(add_passes(block, n, len, place))
            .ok_or(BODY_CUT)?;
        n_passes -= n;
    }
    Ok(n_bytes)
}

enum SegmentPlace {
    Next,
    Last,
}

fn add_passes(block: &mut Block, n_passes: u32, n_bytes: usize, place: SegmentPlace) -> usize {
    match (place, block.segments.last_mut()) {
        (SegmentPlace::Last, Some(last)) => {
            last.n_passes += n_passes;
            last.n_bytes += n_bytes;
        }
        _ => block.segments.push(Segment { n_passes, n_bytes }),
    }
    block.n_passes += n_passes;
    n_bytes
}

fn read_length(bits: &mut PacketBits<'_>, n_bits: u32) -> Result<usize, Fault> {
    if MAX_LENGTH_BITS < n_bits {
        return Err(Fault::Damaged("a length in a packet header is too long"));
    }
    Ok(bits.number(n_bits)? as usize)
}

/// Table B.4.
fn read_n_passes(bits: &mut PacketBits<'_>) -> Result<u32, Fault> {
    if bits.bit()? == 0 {
        return Ok(1);
    }
    if bits.bit()? == 0 {
        return Ok(2);
    }
    Ok(match bits.number(2)? {
        3 => match bits.number(5)? {
            31 => 37 + bits.number(7)?,
            n => 6 + n,
        },
        n => 3 + n,
    })
}
