//! Sequential JPEG of 12 bits, grey (ISO/IEC 10918-1, process 4), which no decoder behind the registry knows.

/// Why a stream does not decode, in a few words.
pub(crate) type Damage = &'static str;

const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];
/// Zero bits that may be read behind the last one: the padding of the last byte and what a reader looks ahead.
const MAX_OVERRUN_BITS: u32 = 32;

/// Decodes a grey stream of 9 to 12 bits; gives rows × columns samples.
///
/// A stream that ends early, or whose codes lead nowhere, is an error and gives nothing.
pub(crate) fn decode_jpeg12(bytes: &[u8], rows: usize, columns: usize) -> Result<Vec<u16>, Damage> {
    let mut tables = Tables::default();
    let mut at = 2;
    loop {
        let marker = be16(bytes, at)?;
        if marker == 0xFFFF {
            at += 1;
            continue;
        }
        let len = usize::from(be16(bytes, at + 2)?);
        let segment = bytes.get(at + 4..at + 2 + len).ok_or("a segment is cut")?;
        at += 2 + len;
        match marker {
            0xFFC0 | 0xFFC1 => tables.frame(segment)?,
            0xFFC2 => return Err("it is progressive, which is not supported"),
            0xFFC4 => tables.huffman(segment)?,
            0xFFDB => tables.quantisation(segment)?,
            0xFFDD => tables.restart_interval = usize::from(be16(segment, 0)?),
            0xFFDA => {
                let scan = bytes.get(at..).ok_or("the scan is cut")?;
                return tables.scan(segment, scan, rows, columns);
            }
            _ => {}
        }
    }
}

fn be16(bytes: &[u8], at: usize) -> Result<u16, Damage> {
    let pair: Option<[u8; 2]> = bytes.get(at..at + 2).and_then(|b| b.try_into().ok());
    pair.map(u16::from_be_bytes).ok_or("the header is cut")
}

#[derive(Default)]
struct Tables {
    quantisation: [Option<[f32; 64]>; 4],
    dc: [Option<Huffman>; 4],
    ac: [Option<Huffman>; 4],
    restart_interval: usize,
    precision: u8,
    quantisation_idx: usize,
}

impl Tables {
    fn frame(&mut self, segment: &[u8]) -> Result<(), Damage> {
        let &[precision, _, _, _, _, 1, _, _, quantisation_idx] = segment else {
            return Err("only grey pictures of 12 bits are supported");
        };
        if !(9..=12).contains(&precision) {
            return Err("its depth is not supported");
        }
        self.precision = precision;
        self.quantisation_idx = usize::from(quantisation_idx);
        Ok(())
    }

    fn quantisation(&mut self, mut segment: &[u8]) -> Result<(), Damage> {
        while let Some((&head, rest)) = segment.split_first() {
            let is_wide = head >> 4 != 0;
            let n_bytes = if is_wide { 128 } else { 64 };
            let values = rest.get(..n_bytes).ok_or("a quantisation table is cut")?;
            let mut table = [0.0; 64];
            for (k, place) in ZIGZAG.iter().enumerate() {
                let value = if is_wide {
                    be16(values, 2 * k)?
                } else {
                    values.get(k).copied().map_or(0, u16::from)
                };
                if let Some(cell) = table.get_mut(usize::from(*place)) {
                    *cell = f32::from(value);
                }
            }
            *self
                .quantisation
                .get_mut(usize::from(head & 15))
                .ok_or("a table number is beyond 3")? = Some(table);
            segment = rest.get(n_bytes..).unwrap_or_default();
        }
        Ok(())
    }

    fn huffman(&mut self, mut segment: &[u8]) -> Result<(), Damage> {
        while let Some((&head, rest)) = segment.split_first() {
            let counts = rest.get(..16).ok_or("a code table is cut")?;
            let n: usize = counts.iter().map(|c| usize::from(*c)).sum();
            let values = rest.get(16..16 + n).ok_or("a code table is cut")?;
            let set = if head >> 4 == 0 {
                &mut self.dc
            } else {
                &mut self.ac
            };
            *set.get_mut(usize::from(head & 15))
                .ok_or("a table number is beyond 3")? = Some(Huffman::new(counts, values));
            segment = rest.get(16 + n..).unwrap_or_default();
        }
        Ok(())
    }

    fn scan(
        &self,
        header: &[u8],
        data: &[u8],
        rows: usize,
        columns: usize,
    ) -> Result<Vec<u16>, Damage> {
        let &[1, _, selectors, ..] = header else {
            return Err("the scan is not of one component");
        };
        let table = |set: &'static str, found: Option<&Option<Huffman>>| {
            found.and_then(Option::as_ref).cloned().ok_or(set)
        };
        let dc = table(
            "a code table is missing",
            self.dc.get(usize::from(selectors >> 4)),
        )?;
        let ac = table(
            "a code table is missing",
            self.ac.get(usize::from(selectors & 15)),
        )?;
        let steps = self
            .quantisation
            .get(self.quantisation_idx)
            .copied()
            .flatten()
            .ok_or("a quantisation table is missing")?;
        let (across, down) = (columns.div_ceil(8), rows.div_ceil(8));
        let cosines = cosines();
        let mut bits = Bits {
            data,
            at: 0,
            held: 0,
            n_held: 0,
            overrun: 0,
        };
        let mut samples = vec![0; rows * columns];
        let mut last_dc = 0;
        for block_idx in 0..across * down {
            if self.restart_interval != 0
                && block_idx != 0
                && block_idx % self.restart_interval == 0
            {
                bits.restart()?;
                last_dc = 0;
            }
            let mut block = read_block(&mut bits, &dc, &ac, &mut last_dc)?;
            block
                .iter_mut()
                .zip(&steps)
                .for_each(|(value, step)| *value *= step);
            let pixels = inverse_cosine(&block, &cosines);
            let (top, left) = (block_idx / across * 8, block_idx % across * 8);
            self.place(&pixels, &mut samples, [top, left], columns);
        }
        Ok(samples)
    }

    /// Copies what of a block lies inside the picture, shifted to unsigned levels.
    fn place(
        &self,
        pixels: &[f32; 64],
        samples: &mut [u16],
        [top, left]: [usize; 2],
        columns: usize,
    ) {
        let middle = f32::from(1_u16 << (self.precision - 1));
        let largest = 2.0 * middle - 1.0;
        for (row, line) in samples
            .chunks_exact_mut(columns)
            .skip(top)
            .take(8)
            .zip(pixels.chunks_exact(8))
        {
            for (sample, value) in row.iter_mut().skip(left).zip(line) {
                *sample = (value + middle).round().clamp(0.0, largest) as u16;
            }
        }
    }
}

/// One block's coefficients in natural order.
fn read_block(
    bits: &mut Bits<'_>,
    dc: &Huffman,
    ac: &Huffman,
    last_dc: &mut i32,
) -> Result<[f32; 64], Damage> {
    let mut block = [0.0; 64];
    let size = dc.read(bits)?;
    *last_dc = last_dc.wrapping_add(bits.signed(size)?);
    block[0] = *last_dc as f32;
    let mut k = 1;
    while k < 64 {
        let code = ac.read(bits)?;
        let (run, size) = (usize::from(code >> 4), code & 15);
        match (run, size) {
            (15, 0) => k += 16,
            (_, 0) => break,
            _ => {
                k += run;
                let place = ZIGZAG.get(k).ok_or("a run leaves its block")?;
                block[usize::from(*place)] = bits.signed(size)? as f32;
                k += 1;
            }
        }
    }
    Ok(block)
}

/// Canonical codes of ISO/IEC 10918-1 annex C.
#[derive(Clone)]
struct Huffman {
    /// For each length: the first code, how many there are, and where their values begin.
    lengths: [(u32, u32, usize); 16],
    values: Vec<u8>,
}

impl Huffman {
    fn new(counts: &[u8], values: &[u8]) -> Self {
        let mut lengths = [(0, 0, 0); 16];
        let (mut code, mut first_value) = (0_u32, 0);
        for (length, count) in lengths.iter_mut().zip(counts) {
            *length = (code, u32::from(*count), first_value);
            code = (code + u32::from(*count)) << 1;
            first_value += usize::from(*count);
        }
        Self {
            lengths,
            values: values.to_vec(),
        }
    }

    fn read(&self, bits: &mut Bits<'_>) -> Result<u8, Damage> {
        let mut code = 0;
        for (first, count, first_value) in &self.lengths {
            code = code << 1 | bits.take(1)?;
            if code >= *first && code - first < *count {
                return self
                    .values
                    .get(first_value + (code - first) as usize)
                    .copied()
                    .ok_or("a code has no value");
            }
        }
        Err("a code is unknown")
    }
}

struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    held: u32,
    n_held: u32,
    overrun: u32,
}

impl Bits<'_> {
    fn take(&mut self, n: u32) -> Result<u32, Damage> {
        while self.n_held < n {
            let byte = match (self.data.get(self.at), self.data.get(self.at + 1)) {
                (Some(0xFF), Some(0)) => {
                    self.at += 2;
                    0xFF
                }
                // A marker, or the end: zeros follow, few of them.
                (Some(0xFF), _) | (None, _) => {
                    self.overrun += 8;
                    if MAX_OVERRUN_BITS < self.overrun {
                        return Err("it ends early");
                    }
                    0
                }
                (Some(byte), _) => {
                    self.at += 1;
                    *byte
                }
            };
            self.held = self.held << 8 | u32::from(byte);
            self.n_held += 8;
        }
        self.n_held -= n;
        Ok(self.held >> self.n_held & ((1 << n) - 1))
    }

    /// A value of `size` bits whose leading zero means negative (F.2.2.1).
    fn signed(&mut self, size: u8) -> Result<i32, Damage> {
        if size == 0 {
            return Ok(0);
        }
        if 15 < size {
            return Err("a value has too many bits");
        }
        let value = self.take(u32::from(size))? as i32;
        Ok(if value < 1 << (size - 1) {
            value - (1 << size) + 1
        } else {
            value
        })
    }

    fn restart(&mut self) -> Result<(), Damage> {
        (self.held, self.n_held, self.overrun) = (0, 0, 0);
        match (self.data.get(self.at), self.data.get(self.at + 1)) {
            (Some(0xFF), Some(0xD0..=0xD7)) => {
                self.at += 2;
                Ok(())
            }
            _ => Err("a restart marker is missing"),
        }
    }
}

/// The one-dimensional transform's matrix: rows are samples, columns frequencies.
fn cosines() -> [[f32; 8]; 8] {
    std::array::from_fn(|x| {
        std::array::from_fn(|u| {
            let scale = if u == 0 { (1.0_f64 / 8.0).sqrt() } else { 0.5 };
            let angle = (2.0 * x as f64 + 1.0) * u as f64 * std::f64::consts::PI / 16.0;
            (scale * angle.cos()) as f32
        })
    })
}

/// The two-dimensional inverse transform (A.3.3), rows then columns.
fn inverse_cosine(block: &[f32; 64], cosines: &[[f32; 8]; 8]) -> [f32; 64] {
    let mut lines = [0.0; 64];
    for (line, from) in lines.chunks_exact_mut(8).zip(block.chunks_exact(8)) {
        for (value, row) in line.iter_mut().zip(cosines) {
            *value = row.iter().zip(from).map(|(c, f)| c * f).sum();
        }
    }
    let mut pixels = [0.0; 64];
    for (line, row) in pixels.chunks_exact_mut(8).zip(cosines) {
        for (c, from) in row.iter().zip(lines.chunks_exact(8)) {
            line.iter_mut()
                .zip(from)
                .for_each(|(value, f)| *value += c * f);
        }
    }
    pixels
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// One table each with the codes 0 → no bits, 10 → 3 bits (or end of block), steps of 8.
    fn stream(scan: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0];
        bytes.extend([8; 64]);
        bytes.extend([0xFF, 0xC1, 0, 11, 12, 0, 8, 0, 8, 1, 1, 0x11, 0]);
        for (class, values) in [(0x00, [0, 3]), (0x10, [0, 0x01])] {
            bytes.extend([0xFF, 0xC4, 0, 21, class, 1, 1]);
            bytes.extend([0; 14]);
            bytes.extend(values);
        }
        bytes.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0]);
        bytes.extend_from_slice(scan);
        bytes.extend([0xFF, 0xD9]);
        bytes
    }

    #[test]
    fn a_block_of_one_level_is_its_dc_over_eight() {
        // 0: no difference, 0: end of block. Then 10 101: a difference of 5, times 8, over 8, gives 5.
        assert_eq!(
            decode_jpeg12(&stream(&[0b0011_1111]), 8, 8).unwrap(),
            [2048; 64]
        );
        assert_eq!(
            decode_jpeg12(&stream(&[0b1010_1011]), 8, 8).unwrap(),
            [2053; 64]
        );
    }

    #[test]
    fn the_transform_of_one_frequency_is_its_cosine() {
        let mut block = [0.0; 64];
        block[1] = 100.0;
        let pixels = inverse_cosine(&block, &cosines());
        for (x, value) in pixels.iter().take(8).enumerate() {
            let angle = (2.0 * x as f64 + 1.0) * std::f64::consts::PI / 16.0;
            let want = 100.0 * 0.25 / 2.0_f64.sqrt() * angle.cos();
            assert!(
                (f64::from(*value) - want).abs() < 1e-4,
                "{x}: {value} {want}"
            );
        }
    }

    #[test]
    fn a_stream_that_ends_early_or_leads_nowhere_is_refused() {
        let good = stream(&[0b1010_1011]);
        for n in 0..good.len() - 3 {
            assert!(decode_jpeg12(&good[..n], 8, 8).is_err(), "cut at {n}");
        }
        assert!(
            decode_jpeg12(&stream(&[0xFE; 4]), 8, 8).is_err(),
            "an unknown code"
        );
        assert!(
            decode_jpeg12(&good, 64, 64).is_err(),
            "more blocks than there are"
        );
    }
}
