//! The coding parameters of components (ISO/IEC 15444-1 A.6): COD, COC, QCD, QCC, RGN and POC.

use super::style::BlockStyle;
use crate::error::Fault;

/// The wavelet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wavelet {
    /// The reversible 5/3.
    Reversible,
    /// The irreversible 9/7.
    Irreversible,
}

/// The order of packets (Table A.16).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProgressionOrder {
    Lrcp,
    Rlcp,
    Rpcl,
    Pcrl,
    Cprl,
}

impl ProgressionOrder {
    fn read(byte: u8) -> Result<Self, Fault> {
        Ok(match byte {
            0 => Self::Lrcp,
            1 => Self::Rlcp,
            2 => Self::Rpcl,
            3 => Self::Pcrl,
            4 => Self::Cprl,
            _ => return Err(Fault::Damaged("its progression order is unknown")),
        })
    }
}

/// Are the first three components transformed together (Annex G)?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ComponentTransform {
    /// No.
    Without,
    /// Yes, by the transform that belongs to the wavelet.
    OfFirstThree,
}

/// What COD says of a tile as a whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct TileCoding {
    pub order: ProgressionOrder,
    pub n_layers: u32,
    pub transform: ComponentTransform,
}

/// What COD or COC says of a component.
#[derive(Clone, Debug)]
pub(super) struct ComponentCoding {
    /// Decompositions, at most 32.
    pub n_levels: u32,
    /// Width and height of code blocks as powers of two.
    pub block_exponents: (u32, u32),
    pub style: BlockStyle,
    pub wavelet: Wavelet,
    /// Width and height of precincts as powers of two, by resolution from the lowest; 15 where none stand.
    pub precincts: Vec<(u32, u32)>,
}

/// What QCD or QCC says of a component.
#[derive(Clone, Debug)]
pub(super) struct Quantisation {
    pub n_guard_bits: u32,
    steps: Steps,
}

#[derive(Clone, Debug)]
enum Steps {
    /// Exponents by sub-band.
    Reversible(Vec<u32>),
    /// Exponent and mantissa of the lowest sub-band, from which the others follow (equation E-5).
    Derived(u32, u32),
    /// Exponents and mantissas by sub-band.
    Each(Vec<(u32, u32)>),
}

impl Quantisation {
    /// Exponent and mantissa of a sub-band, counted from the lowest; `n_up` is how many decompositions it stands above
    /// the lowest ones. `None` where the stream does not say.
    pub(super) fn step(&self, band_idx: usize, n_up: u32) -> Option<(u32, u32)> {
        match &self.steps {
            Steps::Reversible(exponents) => exponents.get(band_idx).map(|e| (*e, 0)),
            Steps::Derived(exponent, mantissa) => Some((exponent.checked_sub(n_up)?, *mantissa)),
            Steps::Each(steps) => steps.get(band_idx).copied(),
        }
    }

    /// Reads the body of QCD, or of QCC behind its component.
    pub(super) fn read(body: &[u8]) -> Result<Self, Fault> {
        let (style, values) = body.split_first().ok_or(CUT)?;
        let pair = |b: &[u8; 2]| {
            let word = u32::from(u16::from_be_bytes(*b));
            (word >> 11, word & 0x7FF)
        };
        let steps = match style & 0x1F {
            0 => Steps::Reversible(values.iter().map(|v| u32::from(v >> 3)).collect()),
            1 => {
                let (exponent, mantissa) = pair(values.first_chunk().ok_or(CUT)?);
                Steps::Derived(exponent, mantissa)
            }
            2 => Steps::Each(values.as_chunks().0.iter().map(pair).collect()),
            _ => return Err(Fault::Unsupported("an unknown quantisation")),
        };
        Ok(Self {
            n_guard_bits: u32::from(style >> 5),
            steps,
        })
    }
}

const CUT: Fault = Fault::Damaged("a marker segment is cut");

/// Most decompositions (Table A.15).
const MAX_LEVELS: u8 = 32;

/// Reads the body of COD.
pub(super) fn read_cod(body: &[u8]) -> Result<(TileCoding, ComponentCoding), Fault> {
    let &[style, order, layers0, layers1, transform, ref rest @ ..] = body else {
        return Err(CUT);
    };
    let tile = TileCoding {
        order: ProgressionOrder::read(order)?,
        n_layers: u32::from(u16::from_be_bytes([layers0, layers1])),
        transform: match transform {
            0 => ComponentTransform::Without,
            1 => ComponentTransform::OfFirstThree,
            _ => return Err(Fault::Unsupported("an unknown transform of its components")),
        },
    };
    if tile.n_layers == 0 {
        return Err(Fault::Damaged("it has no layer"));
    }
    Ok((tile, read_component_coding(style, rest)?))
}

/// Reads the parameters that COD and COC share; bit 0 of `style` tells whether precinct sizes stand at the end.
pub(super) fn read_component_coding(style: u8, body: &[u8]) -> Result<ComponentCoding, Fault> {
    let &[
        n_levels,
        block_width,
        block_height,
        block_style,
        wavelet,
        ref sizes @ ..,
    ] = body
    else {
        return Err(CUT);
    };
    if MAX_LEVELS < n_levels {
        return Err(Fault::Damaged("it has more than 32 decompositions"));
    }
    let block_exponents = (u32::from(block_width) + 2, u32::from(block_height) + 2);
    let (width, height) = block_exponents;
    if 10 < width || 10 < height || 12 < width + height {
        return Err(Fault::Damaged("its code blocks are larger than allowed"));
    }
    let n_resolutions = usize::from(n_levels) + 1;
    let precincts: Vec<_> = if style & 1 == 0 {
        vec![(15, 15); n_resolutions]
    } else {
        let sizes = sizes.get(..n_resolutions).ok_or(CUT)?;
        sizes
            .iter()
            .map(|s| (u32::from(s & 15), u32::from(s >> 4)))
            .collect()
    };
    if precincts.iter().skip(1).any(|(w, h)| *w == 0 || *h == 0) {
        return Err(Fault::Damaged("its precincts are smaller than allowed"));
    }
    Ok(ComponentCoding {
        n_levels: u32::from(n_levels),
        block_exponents,
        style: BlockStyle::read(block_style)
            .ok_or(Fault::Unsupported("both coders of blocks in one component"))?,
        wavelet: match wavelet {
            0 => Wavelet::Irreversible,
            1 => Wavelet::Reversible,
            _ => return Err(Fault::Unsupported("an unknown wavelet")),
        },
        precincts,
    })
}

/// A part of the packets with an order of its own (A.6.6).
#[derive(Clone, Copy, Debug)]
pub(super) struct ProgressionVolume {
    pub order: ProgressionOrder,
    pub first_resolution: u32,
    pub end_resolution: u32,
    pub first_component: u32,
    pub end_component: u32,
    pub end_layer: u32,
}

/// Reads the body of POC.
pub(super) fn read_poc(body: &[u8], n_components: usize) -> Result<Vec<ProgressionVolume>, Fault> {
    let is_wide = 256 < n_components;
    let len = if is_wide { 9 } else { 7 };
    let component = |bytes: &[u8]| match bytes {
        [a, b] => u32::from(u16::from_be_bytes([*a, *b])),
        [a] => u32::from(*a),
        _ => 0,
    };
    let volumes = body.chunks_exact(len).map(|v| {
        let n = if is_wide { 2 } else { 1 };
        let (start, rest) = v[1..].split_at(n);
        let end_component = component(&rest[3..3 + n]);
        Ok(ProgressionVolume {
            order: ProgressionOrder::read(v[len - 1])?,
            first_resolution: u32::from(v[0]),
            end_resolution: u32::from(rest[2]),
            first_component: component(start),
            // A byte cannot say 256.
            end_component: if end_component == 0 {
                u32::MAX
            } else {
                end_component
            },
            end_layer: u32::from(u16::from_be_bytes([rest[0], rest[1]])),
        })
    });
    volumes.collect()
}
