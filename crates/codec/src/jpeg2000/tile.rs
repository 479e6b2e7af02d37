//! A tile's resolutions, sub-bands, precincts and code blocks (ISO/IEC 15444-1 B.5 to B.7).

use super::code_stream::{Tile, TileComponentCoding};
use super::geometry::{Orientation, Rect};
use super::grid::Component;
use super::tag_tree::TagTree;
use crate::error::Fault;

/// A component within a tile.
pub(super) struct TileComponent {
    /// From the lowest to the full one.
    pub resolutions: Vec<Resolution>,
}

/// A resolution and the sub-bands that it adds.
pub(super) struct Resolution {
    pub rect: Rect,
    pub bands: Vec<Band>,
    /// Width and height of precincts as powers of two.
    pub precinct_exponents: (u32, u32),
    /// Precincts of a row.
    pub n_columns: usize,
    pub n_rows: usize,
    /// In raster order.
    pub precincts: Vec<Precinct>,
}

/// A sub-band.
pub(super) struct Band {
    pub rect: Rect,
    pub orientation: Orientation,
    /// Magnitude bits (Mb of equation E-2), the shift of a region of interest not among them.
    pub n_bits: u32,
    /// The quantisation step as a part of the component's unit; 1 for the reversible wavelet.
    pub step: f32,
}

/// A precinct: what one packet of each layer adds to.
pub(super) struct Precinct {
    /// The next layer whose packet has not been read.
    pub next_layer: u32,
    /// By sub-band of the resolution.
    pub parts: Vec<PrecinctBand>,
}

/// A precinct's part of one sub-band.
pub(super) struct PrecinctBand {
    pub inclusion: TagTree,
    pub zero_planes: TagTree,
    /// Blocks of a row.
    pub n_columns: usize,
    /// In raster order.
    pub blocks: Vec<Block>,
}

/// A code block and what the packets have said of it.
pub(super) struct Block {
    /// Its samples, as the sub-band counts them.
    pub rect: Rect,
    /// Bit planes without any one; `None` until the block is first included.
    pub n_zero_planes: Option<u32>,
    /// Passes so far.
    pub n_passes: u32,
    /// Bits of a length, without what the number of passes adds (B.10.7.1).
    pub length_bits: u32,
    /// Its code words.
    pub segments: Vec<Segment>,
    /// Pieces of the tile's packets, in their order.
    pub pieces: Vec<Piece>,
}

/// A code word of a block.
#[derive(Clone, Copy)]
pub(super) struct Segment {
    pub n_passes: u32,
    pub n_bytes: usize,
}

/// Bytes of the tile's packets.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    pub start: usize,
    pub len: usize,
}

/// What may be allocated for a tile, counted down.
struct Allowance {
    n_precincts: usize,
    n_blocks: usize,
}

const TOO_FINE: Fault = Fault::Unsupported("more precincts or code blocks than is sensible");

/// Lays the components of a tile out.
///
/// # Errors
/// More precincts or code blocks than the samples make sensible, or parameters that are missing.
pub(super) fn lay_out(
    tile: &Tile<'_>,
    components: &[Component],
) -> Result<Vec<TileComponent>, Fault> {
    let n_samples = tile.rect.width() * tile.rect.height() * components.len();
    let mut allowance = Allowance {
        n_precincts: 4096 + n_samples / 64,
        n_blocks: 4096 + n_samples / 8,
    };
    let pairs = tile.components.iter().zip(components);
    let laid = pairs.map(|(coding, c)| component(&tile.rect, coding, c, &mut allowance));
    laid.collect()
}

fn component(
    tile: &Rect,
    parameters: &TileComponentCoding,
    component: &Component,
    allowance: &mut Allowance,
) -> Result<TileComponent, Fault> {
    let rect = tile.div_ceil(component.distance.0, component.distance.1);
    let n_levels = parameters.coding.n_levels;
    let resolution = |r: u32| {
        let res_rect = rect.sub_band(n_levels - r, Orientation::Ll);
        let orientations: &[_] = match r {
            0 => &[Orientation::Ll],
            _ => &[Orientation::Hl, Orientation::Lh, Orientation::Hh],
        };
        let n_down = if r == 0 { n_levels } else { n_levels - r + 1 };
        let bands = orientations.iter().enumerate().map(|(i, orientation)| {
            let band_idx = if r == 0 { 0 } else { 3 * r as usize - 2 + i };
            let (exponent, mantissa) = parameters
                .quantisation
                .step(band_idx, n_levels - n_down)
                .ok_or("its quantisation does not cover all sub-bands")?;
            let n_bits = (parameters.quantisation.n_guard_bits + exponent).saturating_sub(1);
            let range = component.precision + orientation.gain_bits();
            let scale = f32::powi(2.0, range as i32 - exponent as i32);
            Ok(Band {
                rect: rect.sub_band(n_down, *orientation),
                orientation: *orientation,
                n_bits,
                step: scale * (1.0 + mantissa as f32 / 2048.0),
            })
        });
        let bands = bands.collect::<Result<Vec<_>, Fault>>()?;
        let exponents = parameters.coding.precincts.get(r as usize);
        let exponents = *exponents.ok_or("the size of a precinct is missing")?;
        precincts(res_rect, bands, exponents, parameters, allowance)
    };
    Ok(TileComponent {
        resolutions: (0..=n_levels).map(resolution).collect::<Result<_, _>>()?,
    })
}

/// Cuts a resolution into precincts (B.6) and these into code blocks (B.7).
fn precincts(
    rect: Rect,
    bands: Vec<Band>,
    (width_exponent, height_exponent): (u32, u32),
    parameters: &TileComponentCoding,
    allowance: &mut Allowance,
) -> Result<Resolution, Fault> {
    let (first_x, first_y) = (rect.x0 >> width_exponent, rect.y0 >> height_exponent);
    let n_in = |from: u32, to: u32, exponent: u32| to.div_ceil(1 << exponent) - (from >> exponent);
    let (n_columns, n_rows) = if rect.is_empty() {
        (0, 0)
    } else {
        (
            n_in(rect.x0, rect.x1, width_exponent) as usize,
            n_in(rect.y0, rect.y1, height_exponent) as usize,
        )
    };
    let n_precincts = n_columns.checked_mul(n_rows).ok_or(TOO_FINE)?;
    let left = allowance.n_precincts.checked_sub(n_precincts);
    allowance.n_precincts = left.ok_or(TOO_FINE)?;
    // A precinct of the bands is half as large as that of the resolution, except for the lowest one.
    let halving = u32::from(1 < bands.len());
    let (width_exponent_in_band, height_exponent_in_band) =
        (width_exponent - halving, height_exponent - halving);
    let (block_width, block_height) = parameters.coding.block_exponents;
    let block_exponents = (
        block_width.min(width_exponent_in_band),
        block_height.min(height_exponent_in_band),
    );
    let mut precincts = Vec::with_capacity(n_precincts);
    for idx in 0..n_precincts {
        let column = u64::from(first_x) + (idx % n_columns) as u64;
        let row = u64::from(first_y) + (idx / n_columns) as u64;
        let edge = |n: u64, exponent: u32| (n << exponent).min(u64::from(u32::MAX)) as u32;
        let region = Rect {
            x0: edge(column, width_exponent_in_band),
            y0: edge(row, height_exponent_in_band),
            x1: edge(column + 1, width_exponent_in_band),
            y1: edge(row + 1, height_exponent_in_band),
        };
        let parts = bands.iter().map(|band| {
            let region = region.intersect(&band.rect);
            precinct_band(region, block_exponents, allowance)
        });
        precincts.push(Precinct {
            next_layer: 0,
            parts: parts.collect::<Result<_, _>>()?,
        });
    }
    Ok(Resolution {
        rect,
        bands,
        precinct_exponents: (width_exponent, height_exponent),
        n_columns,
        n_rows,
        precincts,
    })
}

fn precinct_band(
    region: Rect,
    (width_exponent, height_exponent): (u32, u32),
    allowance: &mut Allowance,
) -> Result<PrecinctBand, Fault> {
    let (first_x, first_y) = (region.x0 >> width_exponent, region.y0 >> height_exponent);
    let (n_columns, n_rows) = if region.is_empty() {
        (0, 0)
    } else {
        (
            (region.x1.div_ceil(1 << width_exponent) - first_x) as usize,
            (region.y1.div_ceil(1 << height_exponent) - first_y) as usize,
        )
    };
    let n_blocks = n_columns.checked_mul(n_rows).ok_or(TOO_FINE)?;
    let left = allowance.n_blocks.checked_sub(n_blocks);
    allowance.n_blocks = left.ok_or(TOO_FINE)?;
    let block = |idx: usize| {
        let x = u64::from(first_x) + (idx % n_columns) as u64;
        let y = u64::from(first_y) + (idx / n_columns) as u64;
        let edge = |n: u64, exponent: u32| (n << exponent).min(u64::from(u32::MAX)) as u32;
        let cell = Rect {
            x0: edge(x, width_exponent),
            y0: edge(y, height_exponent),
            x1: edge(x + 1, width_exponent),
            y1: edge(y + 1, height_exponent),
        };
        Block {
            rect: cell.intersect(&region),
            n_zero_planes: None,
            n_passes: 0,
            length_bits: 3,
            segments: Vec::new(),
            pieces: Vec::new(),
        }
    };
    Ok(PrecinctBand {
        inclusion: TagTree::new(n_columns, n_rows),
        zero_planes: TagTree::new(n_columns, n_rows),
        n_columns,
        blocks: (0..n_blocks).map(block).collect(),
    })
}
