use super::coding::Presets;
use super::pixels::MAX_COMPONENTS;
use crate::error::Fault;
use crate::jpeg::Damage;

/// The markers that JPEG-LS adds to those of JPEG (ISO/IEC 14495-1 C.1.1), and the application's own with its colours.
pub(super) mod marker {
    pub(crate) const START_OF_FRAME: u8 = 0xF7;
    pub(crate) const PRESETS: u8 = 0xF8;
    pub(crate) const APP8: u8 = 0xE8;
}

/// The frame header (ISO/IEC 14495-1 C.2.2).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) precision: u8,
    /// Rows; 0 where another segment tells it.
    pub(super) height: usize,
    /// Pixels of a row; 0 where another segment tells it.
    pub(super) width: usize,
    /// The identifiers of the components.
    pub(super) components: Vec<u8>,
}

impl Frame {
    pub(super) fn read(parameters: &[u8]) -> Result<Self, Fault> {
        let &[precision, h0, h1, w0, w1, n, ref rest @ ..] = parameters else {
            return Err(Fault::Damaged("its frame header is cut"));
        };
        let n = usize::from(n);
        let (specifications, _) = rest.as_chunks::<3>();
        if !(2..=16).contains(&precision) || specifications.len() != n {
            return Err(Fault::Damaged("its frame header contradicts itself"));
        }
        if !(1..=MAX_COMPONENTS).contains(&n) {
            return Err(Fault::Unsupported("more components than four"));
        }
        if specifications
            .iter()
            .any(|[_, sampling, _]| *sampling != 0x11)
        {
            return Err(Fault::Unsupported("components of different sizes"));
        }
        Ok(Self {
            precision,
            height: usize::from(u16::from_be_bytes([h0, h1])),
            width: usize::from(u16::from_be_bytes([w0, w1])),
            components: specifications.iter().map(|[id, ..]| *id).collect(),
        })
    }
}

/// What a segment of presets tells (ISO/IEC 14495-1 C.2.4).
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Preset {
    /// Parameters of the coding.
    Coding(Presets),
    /// The size of pictures too large for the frame header.
    Size {
        /// Rows.
        height: u32,
        /// Pixels of a row.
        width: u32,
    },
    /// A mapping table, which concerns only scans that ask for one.
    Table,
}

impl Preset {
    pub(super) fn read(parameters: &[u8]) -> Result<Self, Damage> {
        match parameters {
            [1, values @ ..] => {
                let (&[maxval, t1, t2, t3, reset], []) = values.as_chunks::<2>() else {
                    return Err("its coding parameters are cut");
                };
                Ok(Self::Coding(Presets {
                    maxval: u16::from_be_bytes(maxval),
                    thresholds: [t1, t2, t3].map(u16::from_be_bytes),
                    reset: u16::from_be_bytes(reset),
                }))
            }
            [2 | 3, ..] => Ok(Self::Table),
            [4, n @ 2..=4, values @ ..] if values.len() == 2 * usize::from(*n) => {
                let (height, width) = values.split_at(usize::from(*n));
                let number = |bytes: &[u8]| bytes.iter().fold(0, |n, b| n << 8 | u32::from(*b));
                Ok(Self::Size {
                    height: number(height),
                    width: number(width),
                })
            }
            _ => Err("its coding parameters are of an unknown kind"),
        }
    }
}

/// How the components of a scan lie in its bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interleave {
    /// Line by line, those of one component behind those of another, or one component alone.
    Lines,
    /// Pixel by pixel.
    Pixels,
}

/// The scan header (ISO/IEC 14495-1 C.2.3).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scan {
    /// The places of its components in the frame.
    pub(super) component_idxs: Vec<usize>,
    pub(super) near: u8,
    pub(super) interleave: Interleave,
}

impl Scan {
    pub(super) fn read(parameters: &[u8], frame: &Frame) -> Result<Self, Fault> {
        let contradiction = Fault::Damaged("its scan header contradicts its frame header");
        let (&n, rest) = parameters.split_first().ok_or("its scan header is cut")?;
        let n = usize::from(n);
        let (selectors, last) = rest.split_at_checked(2 * n).ok_or(contradiction)?;
        let &[near, interleave, point_transform] = last else {
            return Err(contradiction);
        };
        if point_transform != 0 {
            return Err(Fault::Unsupported("shifted samples"));
        }
        let interleave = match (n, interleave) {
            (1, 0..=2) | (_, 1) => Interleave::Lines,
            (_, 2) => Interleave::Pixels,
            _ => return Err(contradiction),
        };
        let mut component_idxs = Vec::with_capacity(n);
        for (place, [id, table]) in selectors.as_chunks::<2>().0.iter().enumerate() {
            if *table != 0 {
                return Err(Fault::Unsupported("samples mapped through a table"));
            }
            let named = frame.components.iter().position(|c| c == id);
            // Where one scan holds them all, their order tells them apart whatever they are called.
            let in_order = (n == frame.components.len()).then_some(place);
            let component_idx = named.or(in_order).ok_or(contradiction)?;
            if component_idxs.contains(&component_idx) {
                return Err(contradiction);
            }
            component_idxs.push(component_idx);
        }
        if component_idxs.is_empty() {
            return Err(contradiction);
        }
        Ok(Self {
            component_idxs,
            near,
            interleave,
        })
    }
}

/// Lines between two restarts (ISO/IEC 14495-1 C.2.5); 0 when there are none.
pub(super) fn restart_interval(parameters: &[u8]) -> Result<usize, Damage> {
    match parameters {
        [_, _] | [_, _, _] | [_, _, _, _] => Ok(parameters
            .iter()
            .fold(0, |n, byte| n << 8 | usize::from(*byte))),
        _ => Err("its restart interval is cut"),
    }
}
