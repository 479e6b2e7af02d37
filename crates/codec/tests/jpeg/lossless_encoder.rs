//! An encoder of JPEG's lossless process (ISO/IEC 10918-1 annex H), for what common encoders never write.

/// Where the components' samples go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scans {
    /// One for all of them.
    Interleaved,
    /// One for each.
    Apart,
}

/// Where the number of rows stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Height {
    InFrame,
    BehindScan,
}

/// Which codes the categories have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeLengths {
    /// Five bits each.
    Even,
    /// One bit more for each category, up to sixteen.
    Growing,
}

#[derive(Clone, Copy, Debug)]
pub struct Encoding {
    pub precision: u8,
    pub selection: u8,
    pub point_transform: u8,
    /// Rows between restarts; 0 for none.
    pub restart_rows: usize,
    pub scans: Scans,
    pub height: Height,
    pub lengths: CodeLengths,
    /// Fill bytes before each marker.
    pub n_fill: usize,
}

impl Encoding {
    pub fn plain(precision: u8, selection: u8) -> Self {
        Self {
            precision,
            selection,
            point_transform: 0,
            restart_rows: 0,
            scans: Scans::Interleaved,
            height: Height::InFrame,
            lengths: CodeLengths::Even,
            n_fill: 0,
        }
    }
}

/// Samples of a picture, those of a pixel together.
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub n_components: usize,
    pub samples: Vec<u16>,
}

impl Picture {
    fn at(&self, x: usize, y: usize, c: usize, shift: u8) -> i32 {
        i32::from(self.samples[(y * self.width + x) * self.n_components + c] >> shift)
    }
}

pub fn encode(picture: &Picture, how: &Encoding) -> Vec<u8> {
    let mut out = vec![0xFF, 0xD8];
    let height = match how.height {
        Height::InFrame => picture.height as u16,
        Height::BehindScan => 0,
    };
    let mut frame = vec![how.precision];
    frame.extend(height.to_be_bytes());
    frame.extend((picture.width as u16).to_be_bytes());
    frame.push(picture.n_components as u8);
    (0..picture.n_components).for_each(|c| frame.extend([c as u8 + 1, 0x11, 0]));
    segment(&mut out, how, 0xC3, &frame);
    // Tables 0 and 3 are alike, so that a wrong choice of another shows.
    for number in [0, 3] {
        let mut table = vec![number];
        table.extend(counts(how.lengths));
        table.extend(0..17);
        segment(&mut out, how, 0xC4, &table);
    }
    let interval = (how.restart_rows * picture.width) as u16;
    segment(&mut out, how, 0xDD, &interval.to_be_bytes());
    let all: Vec<usize> = (0..picture.n_components).collect();
    let scans = match how.scans {
        Scans::Interleaved => vec![all],
        Scans::Apart => all.into_iter().map(|c| vec![c]).collect(),
    };
    for (nth, components) in scans.iter().enumerate() {
        let mut header = vec![components.len() as u8];
        components
            .iter()
            .for_each(|c| header.extend([*c as u8 + 1, if c % 2 == 0 { 0 } else { 0x30 }]));
        header.extend([how.selection, 0, how.point_transform]);
        segment(&mut out, how, 0xDA, &header);
        write_scan(&mut out, picture, how, components);
        if nth == 0 && how.height == Height::BehindScan {
            segment(&mut out, how, 0xDC, &(picture.height as u16).to_be_bytes());
        }
    }
    out.extend([0xFF, 0xD9]);
    out
}

fn segment(out: &mut Vec<u8>, how: &Encoding, marker: u8, body: &[u8]) {
    out.extend(vec![0xFF; how.n_fill + 1]);
    out.push(marker);
    out.extend((body.len() as u16 + 2).to_be_bytes());
    out.extend(body);
}

fn counts(lengths: CodeLengths) -> [u8; 16] {
    let mut counts = [0; 16];
    match lengths {
        CodeLengths::Even => counts[4] = 17,
        CodeLengths::Growing => {
            counts = [1; 16];
            counts[15] = 2;
        }
    }
    counts
}

/// The code of a category, and its bits.
fn code(lengths: CodeLengths, category: u32) -> (u32, u32) {
    match (lengths, category) {
        (CodeLengths::Even, _) => (category, 5),
        (CodeLengths::Growing, 16) => (0xFFFF, 16),
        (CodeLengths::Growing, _) => ((1 << (category + 1)) - 2, category + 1),
    }
}

fn write_scan(out: &mut Vec<u8>, picture: &Picture, how: &Encoding, components: &[usize]) {
    let mut bits = Bits::default();
    for y in 0..picture.height {
        let is_first = y == 0 || how.restart_rows != 0 && y % how.restart_rows == 0;
        if is_first && y != 0 {
            bits.flush(out);
            out.extend([0xFF, 0xD0 + ((y / how.restart_rows - 1) % 8) as u8]);
        }
        for x in 0..picture.width {
            for c in components {
                let prediction = predict(picture, how, [x, y, *c], is_first);
                let value = picture.at(x, y, *c, how.point_transform);
                bits.difference(how.lengths, value - prediction);
            }
        }
    }
    bits.flush(out);
}

/// Table H.1 and the text around it.
fn predict(picture: &Picture, how: &Encoding, [x, y, c]: [usize; 3], is_first: bool) -> i32 {
    let at = |dx: usize, dy: usize| picture.at(x - dx, y - dy, c, how.point_transform);
    match (x, is_first) {
        (0, true) => 1 << (how.precision - how.point_transform - 1),
        (_, true) => at(1, 0),
        (0, false) => at(0, 1),
        _ => {
            let (a, b, c) = (at(1, 0), at(0, 1), at(1, 1));
            match how.selection {
                1 => a,
                2 => b,
                3 => c,
                4 => a + b - c,
                5 => a + ((b - c) >> 1),
                6 => b + ((a - c) >> 1),
                _ => (a + b) >> 1,
            }
        }
    }
}

#[derive(Default)]
struct Bits {
    bits: Vec<bool>,
}

impl Bits {
    fn put(&mut self, value: u32, n: u32) {
        self.bits.extend((0..n).rev().map(|k| value >> k & 1 == 1));
    }

    fn difference(&mut self, lengths: CodeLengths, difference: i32) {
        // Modulo 65536, from -32767 to 32768.
        let difference = match difference & 0xFFFF {
            d @ 0..=32768 => d,
            d => d - 65536,
        };
        let category = 32 - difference.unsigned_abs().leading_zeros();
        let (code, n) = code(lengths, category);
        self.put(code, n);
        if category < 16 {
            let low = if difference < 0 {
                difference - 1
            } else {
                difference
            };
            self.put(low as u32 & ((1 << category) - 1), category);
        }
    }

    /// Fills the last byte with ones and stuffs a zero behind each 0xFF.
    fn flush(&mut self, out: &mut Vec<u8>) {
        while !self.bits.len().is_multiple_of(8) {
            self.bits.push(true);
        }
        for byte in self.bits.chunks(8) {
            let byte = byte.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
            out.push(byte);
            if byte == 0xFF {
                out.push(0);
            }
        }
        self.bits.clear();
    }
}
