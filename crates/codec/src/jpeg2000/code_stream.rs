//! The marker segments of a code stream (ISO/IEC 15444-1 Annex A): what it says of itself and where its tiles lie.

use crate::error::Fault;
use std::borrow::Cow;

use super::coding::{ComponentCoding, ProgressionVolume, Quantisation, TileCoding};
use super::geometry::Rect;
use super::grid::{Component, Grid};
use super::parameters::{Parameters, of_component};

const SIZ: u16 = 0xFF51;
const SOT: u16 = 0xFF90;
const SOD: u16 = 0xFF93;
const EOC: u16 = 0xFFD9;
/// From DCO to ATK: offsets, other wavelets, transforms of several components, curves of the samples. Whoever skips them
/// shows wrong values.
const EXTENSIONS: std::ops::RangeInclusive<u16> = 0xFF70..=0xFF79;

const CUT: Fault = Fault::Damaged("the stream is cut");

/// A code stream taken apart.
pub(super) struct CodeStream<'a> {
    /// The image on the reference grid.
    pub image: Rect,
    pub components: Vec<Component>,
    /// The tiles in raster order.
    pub tiles: Vec<Tile<'a>>,
}

/// A tile with everything that its packets need.
pub(super) struct Tile<'a> {
    /// Its place on the reference grid.
    pub rect: Rect,
    pub coding: TileCoding,
    pub components: Vec<TileComponentCoding>,
    /// Empty where the order of COD holds for all packets.
    pub volumes: Vec<ProgressionVolume>,
    /// The packets of all its parts.
    pub packets: Cow<'a, [u8]>,
    /// The packet headers, where they stand apart.
    pub headers: Option<Vec<u8>>,
}

/// The parameters of a component of a tile.
#[derive(Clone, Debug)]
pub(super) struct TileComponentCoding {
    pub coding: ComponentCoding,
    pub quantisation: Quantisation,
    /// Bits by which the region of interest was shifted up.
    pub roi_shift: u32,
}

fn be16(bytes: &[u8], at: usize) -> Result<u16, Fault> {
    let word = bytes.get(at..).and_then(|b| b.first_chunk());
    word.map(|b| u16::from_be_bytes(*b)).ok_or(CUT)
}

fn be32(bytes: &[u8], at: usize) -> Result<u32, Fault> {
    let word = bytes.get(at..).and_then(|b| b.first_chunk());
    word.map(|b| u32::from_be_bytes(*b)).ok_or(CUT)
}

/// A marker segment: its marker, its body, and where the next one starts.
fn segment(bytes: &[u8], at: usize) -> Result<(u16, &[u8], usize), Fault> {
    let marker = be16(bytes, at)?;
    if marker < 0xFF00 {
        return Err(Fault::Damaged("a marker is missing"));
    }
    if matches!(marker, 0xFF30..=0xFF3F | SOD | EOC) {
        return Ok((marker, &[], at + 2));
    }
    if EXTENSIONS.contains(&marker) {
        return Err(Fault::Unsupported("an extension of ISO/IEC 15444-2"));
    }
    let end = at + 2 + usize::from(be16(bytes, at + 2)?);
    let body = bytes.get(at + 4..end).ok_or(CUT)?;
    Ok((marker, body, end))
}

/// One tile part, taken apart.
struct TilePart<'a> {
    tile_idx: usize,
    n_parts: u8,
    parameters: Vec<(u16, &'a [u8])>,
    body: &'a [u8],
    end: usize,
}

impl<'a> TilePart<'a> {
    /// Reads the part that starts at `start`.
    fn read(bytes: &'a [u8], start: usize) -> Result<Self, Fault> {
        let (_, sot, mut at) = segment(bytes, start)?;
        let &[idx0, idx1, _, _, _, _, _, n_parts, ..] = sot else {
            return Err(CUT);
        };
        let end = match be32(sot, 2)? as usize {
            0 => end_of_code_stream(bytes)?,
            len => start.checked_add(len).ok_or(CUT)?,
        };
        let mut parameters = Vec::new();
        loop {
            let (marker, body, next) = segment(bytes, at)?;
            at = next;
            match marker {
                SOD => break,
                SOT | EOC => return Err(Fault::Damaged("a tile part has no data")),
                _ => parameters.push((marker, body)),
            }
        }
        Ok(Self {
            tile_idx: usize::from(u16::from_be_bytes([idx0, idx1])),
            n_parts,
            parameters,
            body: bytes.get(at..end).ok_or(CUT)?,
            end,
        })
    }
}

/// Where the marker of the end stands; behind it there may be fill bytes.
fn end_of_code_stream(bytes: &[u8]) -> Result<usize, Fault> {
    let found = bytes.windows(2).rposition(|w| w == EOC.to_be_bytes());
    found.ok_or(CUT)
}

/// The parts of one tile while they are collected.
#[derive(Default)]
struct Parts<'a> {
    parameters: Parameters,
    bodies: Vec<&'a [u8]>,
    /// Packed headers of the main header that belong to this tile.
    from_main: Vec<u8>,
    /// How many there are to be, 0 where the stream does not say.
    n_said: u8,
}

impl<'a> Parts<'a> {
    /// Joins the parts; what the tile says goes before what the stream says, and a component's word before the others'.
    fn finish(
        mut self,
        rect: Rect,
        main: &Parameters,
        n_components: usize,
    ) -> Result<Tile<'a>, Fault> {
        if self.bodies.is_empty() || self.bodies.len() < usize::from(self.n_said) {
            return Err(Fault::Damaged("a tile is missing"));
        }
        let own = &self.parameters;
        let cod = own.cod.as_ref().or(main.cod.as_ref());
        let (coding, _) = cod.ok_or("its coding style is missing")?;
        let component = |c: usize| {
            let coding = of_component(&own.coc, c)
                .or(own.cod.as_ref().map(|cod| &cod.1))
                .or(of_component(&main.coc, c))
                .or(main.cod.as_ref().map(|cod| &cod.1));
            let quantisation = of_component(&own.qcc, c)
                .or(own.qcd.as_ref())
                .or(of_component(&main.qcc, c))
                .or(main.qcd.as_ref());
            let roi = of_component(&own.roi_shifts, c).or(of_component(&main.roi_shifts, c));
            Ok::<_, Fault>(TileComponentCoding {
                coding: coding.ok_or("its coding style is missing")?.clone(),
                quantisation: quantisation.ok_or("its quantisation is missing")?.clone(),
                roi_shift: roi.copied().unwrap_or(0),
            })
        };
        let volumes = if own.volumes.is_empty() {
            main.volumes.clone()
        } else {
            own.volumes.clone()
        };
        let packets = match self.bodies.as_slice() {
            [one] => Cow::Borrowed(*one),
            several => Cow::Owned(several.concat()),
        };
        let components = (0..n_components).map(component).collect::<Result<_, _>>()?;
        let coding = *coding;
        let headers = if !main.packed.is_empty() {
            Some(std::mem::take(&mut self.from_main))
        } else if !own.packed.is_empty() {
            Some(own.joined())
        } else {
            None
        };
        Ok(Tile {
            rect,
            coding,
            components,
            volumes,
            packets,
            headers,
        })
    }
}

/// The packed headers of the main header (PPM), tile part by tile part.
struct PackedHeaders {
    bytes: Vec<u8>,
    at: usize,
}

impl PackedHeaders {
    /// Those of the next tile part.
    fn next(&mut self) -> Result<&[u8], Fault> {
        let len = be32(&self.bytes, self.at)? as usize;
        let from = self.at + 4;
        self.at = from.checked_add(len).ok_or(CUT)?;
        self.bytes.get(from..self.at).ok_or(CUT)
    }
}

impl<'a> CodeStream<'a> {
    /// Takes a stream apart that starts with its first marker.
    ///
    /// # Errors
    /// A stream that is not whole by its own markers, or uses what the standard does not know.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Fault> {
        if be16(bytes, 0)? != 0xFF4F {
            return Err(Fault::Damaged("it does not start as a code stream"));
        }
        let (marker, body, mut at) = segment(bytes, 2)?;
        if marker != SIZ {
            return Err(Fault::Damaged("its size is missing"));
        }
        let grid = Grid::read(body)?;
        let n_components = grid.components.len();
        let mut main = Parameters::default();
        loop {
            let (marker, body, next) = segment(bytes, at)?;
            match marker {
                SOT => break,
                SOD | EOC => return Err(Fault::Damaged("it has no tile")),
                _ => main.take(marker, body, n_components)?,
            }
            at = next;
        }
        let mut packed = PackedHeaders {
            bytes: main.joined(),
            at: 0,
        };
        let mut tiles: Vec<Parts<'a>> = Vec::new();
        tiles.resize_with(grid.n_tiles(), Parts::default);
        // A stream is whole when its parts are; some writers leave the marker of the end out.
        while be16(bytes, at) == Ok(SOT) {
            let part = TilePart::read(bytes, at)?;
            at = part.end;
            let tile = tiles.get_mut(part.tile_idx);
            let tile = tile.ok_or("it has a tile outside the image")?;
            for (marker, body) in part.parameters {
                tile.parameters.take(marker, body, n_components)?;
            }
            if !main.packed.is_empty() {
                tile.from_main.extend_from_slice(packed.next()?);
            }
            tile.bodies.push(part.body);
            tile.n_said = tile.n_said.max(part.n_parts);
        }
        let tiles = tiles.into_iter().enumerate();
        let tiles = tiles.map(|(idx, parts)| parts.finish(grid.tile(idx), &main, n_components));
        Ok(Self {
            tiles: tiles.collect::<Result<_, _>>()?,
            image: grid.image,
            components: grid.components,
        })
    }
}
