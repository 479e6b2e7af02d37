//! The reference grid (SIZ, ISO/IEC 15444-1 A.5.1 and B.2, B.3).

use super::geometry::Rect;
use crate::error::Fault;

/// Most components that the pictures of this house have.
const MAX_COMPONENTS: usize = 4;
/// Tiles beyond which a stream is taken for an attack.
const MAX_TILES: u64 = 4096;
/// Longest distance of a component's samples on the grid that is supported.
const MAX_DISTANCE: u8 = 4;

/// A component as SIZ tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Component {
    /// Bits of a sample.
    pub precision: u32,
    /// Two's complement?
    pub is_signed: bool,
    /// Distance of its samples on the reference grid, to the right and downwards.
    pub distance: (u32, u32),
}

/// The image and its tiles.
pub(super) struct Grid {
    pub image: Rect,
    pub components: Vec<Component>,
    tile_width: u32,
    tile_height: u32,
    tiles_x0: u32,
    tiles_y0: u32,
    n_columns: usize,
    n_rows: usize,
}

impl Grid {
    /// Reads the body of SIZ.
    pub(super) fn read(body: &[u8]) -> Result<Self, Fault> {
        let (numbers, rest) = body.split_at_checked(36).ok_or(CUT)?;
        let (words, _) = numbers.get(2..34).ok_or(CUT)?.as_chunks::<4>();
        let words: Vec<u32> = words.iter().map(|w| u32::from_be_bytes(*w)).collect();
        let &[x1, y1, x0, y0, tile_width, tile_height, tiles_x0, tiles_y0] = words.as_slice()
        else {
            return Err(CUT);
        };
        let starts_outside = x0 < tiles_x0 || y0 < tiles_y0;
        if x1 <= x0 || y1 <= y0 || tile_width == 0 || tile_height == 0 || starts_outside {
            return Err(Fault::Damaged("its size contradicts itself"));
        }
        // The first tile holds part of the image.
        if u64::from(x0) >= u64::from(tiles_x0) + u64::from(tile_width)
            || u64::from(y0) >= u64::from(tiles_y0) + u64::from(tile_height)
        {
            return Err(Fault::Damaged("its size contradicts itself"));
        }
        let n_columns = (x1 - tiles_x0).div_ceil(tile_width);
        let n_rows = (y1 - tiles_y0).div_ceil(tile_height);
        if MAX_TILES < u64::from(n_columns) * u64::from(n_rows) {
            return Err(Fault::Unsupported("more than 4096 tiles"));
        }
        let n_components = usize::from(u16::from_be_bytes([numbers[34], numbers[35]]));
        let components = rest.as_chunks::<3>().0;
        if components.len() < n_components || n_components == 0 || MAX_COMPONENTS < n_components {
            return Err(Fault::Unsupported("that number of components"));
        }
        let components = components.iter().take(n_components).map(|[depth, dx, dy]| {
            if *dx == 0 || *dy == 0 || MAX_DISTANCE < *dx || MAX_DISTANCE < *dy {
                return Err(Fault::Unsupported("components sampled so far apart"));
            }
            Ok(Component {
                precision: u32::from(depth & 0x7F) + 1,
                is_signed: depth & 0x80 != 0,
                distance: (u32::from(*dx), u32::from(*dy)),
            })
        });
        Ok(Self {
            image: Rect { x0, y0, x1, y1 },
            components: components.collect::<Result<_, _>>()?,
            tile_width,
            tile_height,
            tiles_x0,
            tiles_y0,
            n_columns: n_columns as usize,
            n_rows: n_rows as usize,
        })
    }

    /// Tiles in all, at most 4096.
    pub(super) fn n_tiles(&self) -> usize {
        self.n_columns * self.n_rows
    }

    /// The rectangle of a tile, counted in raster order (equations B-7 to B-10).
    pub(super) fn tile(&self, idx: usize) -> Rect {
        let edge = |start: u32, size: u32, n: usize| {
            let at = u64::from(start) + u64::from(size) * n as u64;
            at.min(u64::from(u32::MAX)) as u32
        };
        let (column, row) = (idx % self.n_columns, idx / self.n_columns);
        let tile = Rect {
            x0: edge(self.tiles_x0, self.tile_width, column),
            y0: edge(self.tiles_y0, self.tile_height, row),
            x1: edge(self.tiles_x0, self.tile_width, column + 1),
            y1: edge(self.tiles_y0, self.tile_height, row + 1),
        };
        tile.intersect(&self.image)
    }
}

const CUT: Fault = Fault::Damaged("a marker segment is cut");
