use super::Damage;
use super::segments::be16;
use crate::stream_header::StreamHeader;

/// The frame header (B.2.2).
#[derive(Debug)]
pub(super) struct Frame {
    /// Bits of a sample.
    pub(super) precision: u8,
    /// Rows; 0 where a later segment tells.
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) components: Vec<Component>,
}

/// A component of the frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Component {
    pub(super) id: u8,
    /// Sampling factors, across and down.
    pub(super) across: u8,
    pub(super) down: u8,
    /// The number of its quantisation table.
    pub(super) quantisation: u8,
}

impl Frame {
    pub(super) fn read(body: &[u8]) -> Result<Self, Damage> {
        let &[precision, _, _, _, _, n, ref components @ ..] = body else {
            return Err("the frame header is cut");
        };
        let (components, rest) = components.as_chunks::<3>();
        if components.len() != usize::from(n) || !rest.is_empty() {
            return Err("the frame header contradicts its length");
        }
        let components = components
            .iter()
            .map(|[id, factors, quantisation]| Component {
                id: *id,
                across: factors >> 4,
                down: factors & 15,
                quantisation: *quantisation,
            });
        Ok(Self {
            precision,
            height: usize::from(be16(body, 1)?),
            width: usize::from(be16(body, 3)?),
            components: components.collect(),
        })
    }

    /// Takes the agreed height where the header leaves it open; refuses a frame that is not the agreed one.
    pub(super) fn agree(&mut self, header: &StreamHeader) -> Result<(), Damage> {
        if self.height == 0 {
            self.height = header.height as usize;
        }
        let is_agreed = self.width == header.width as usize
            && self.height == header.height as usize
            && self.components.len() == usize::from(header.n_components)
            && self.precision == header.precision
            && 0 < self.width * self.height * self.components.len();
        is_agreed
            .then_some(())
            .ok_or("its frame is not the one it announced")
    }
}

/// The scan header (B.2.3).
#[derive(Debug)]
pub(super) struct Scan {
    /// For each component: its place in the frame, and the numbers of its DC and AC code tables.
    pub(super) components: Vec<(usize, u8, u8)>,
    /// First coefficient, or the predictor of a lossless scan.
    pub(super) start: u8,
    /// Last coefficient.
    pub(super) end: u8,
    /// The bit that was the last one of the scan before; 0 where there was none.
    pub(super) high: u8,
    /// The last bit of this scan, or the point transform of a lossless one.
    pub(super) low: u8,
}

impl Scan {
    pub(super) fn read(body: &[u8], frame: &Frame) -> Result<Self, Damage> {
        let (&n, rest) = body.split_first().ok_or("the scan header is cut")?;
        let n = usize::from(n);
        let selectors = rest.get(..2 * n).ok_or("the scan header is cut")?;
        let Some(&[start, end, bits]) = rest.get(2 * n..) else {
            return Err("the scan header contradicts its length");
        };
        if !(1..=4).contains(&n) {
            return Err("a scan is not of one to four components");
        }
        let mut components: Vec<(usize, u8, u8)> = Vec::new();
        for [id, tables] in selectors.as_chunks::<2>().0 {
            let idx = frame.components.iter().position(|c| c.id == *id);
            let idx = idx.ok_or("a scan asks for a component that the frame has not")?;
            if components.iter().any(|(earlier, ..)| *earlier == idx) {
                return Err("a scan has a component twice");
            }
            components.push((idx, tables >> 4, tables & 15));
        }
        Ok(Self {
            components,
            start,
            end,
            high: bits >> 4,
            low: bits & 15,
        })
    }
}
