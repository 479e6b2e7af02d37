use super::Damage;
use super::huffman::CodeSpec;
use super::segments::{Segment, be16, marker};

/// What the table segments before a scan have defined (B.2.4); a later definition replaces an earlier one.
#[derive(Default)]
pub(super) struct Tables {
    /// For DC coefficients and lossless differences.
    pub(super) dc: [Option<CodeSpec>; 4],
    pub(super) ac: [Option<CodeSpec>; 4],
    /// In zigzag order.
    pub(super) quantisation: [Option<[u16; 64]>; 4],
    /// In MCUs; 0 for none.
    pub(super) restart_interval: usize,
}

impl Tables {
    /// Takes the segment in when it defines something; other segments are passed over.
    pub(super) fn read(&mut self, segment: &Segment<'_>) -> Result<(), Damage> {
        match segment.marker {
            marker::DHT => self.read_codes(segment.body),
            marker::DQT => self.read_quantisation(segment.body),
            marker::DRI => {
                self.restart_interval = usize::from(be16(segment.body, 0)?);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn read_codes(&mut self, mut body: &[u8]) -> Result<(), Damage> {
        while let [head, rest @ ..] = body {
            let (counts, rest) = rest
                .split_first_chunk::<16>()
                .ok_or("a code table is cut")?;
            let n = counts.iter().map(|c| usize::from(*c)).sum();
            let values = rest.get(..n).ok_or("a code table is cut")?;
            let set = if head >> 4 == 0 {
                &mut self.dc
            } else {
                &mut self.ac
            };
            *place(set, *head)? = Some(CodeSpec::new(*counts, values)?);
            body = rest.get(n..).unwrap_or_default();
        }
        Ok(())
    }

    fn read_quantisation(&mut self, mut body: &[u8]) -> Result<(), Damage> {
        while let [head, rest @ ..] = body {
            let mut table = [0; 64];
            let n_bytes = if head >> 4 == 0 { 64 } else { 128 };
            let values = rest.get(..n_bytes).ok_or("a quantisation table is cut")?;
            for (k, step) in table.iter_mut().enumerate() {
                *step = match n_bytes {
                    64 => values.get(k).copied().map_or(0, u16::from),
                    _ => be16(values, 2 * k)?,
                };
            }
            *place(&mut self.quantisation, *head)? = Some(table);
            body = rest.get(n_bytes..).unwrap_or_default();
        }
        Ok(())
    }
}

/// Where the table goes whose number is in the lower half of a byte.
fn place<T>(set: &mut [T; 4], head: u8) -> Result<&mut T, Damage> {
    set.get_mut(usize::from(head & 15))
        .ok_or("a table number is beyond 3")
}

/// The table that a scan or a component asks for.
pub(super) fn chosen<T>(set: &[Option<T>; 4], number: u8) -> Result<&T, Damage> {
    set.get(usize::from(number))
        .and_then(Option::as_ref)
        .ok_or("a table is missing")
}
