//! A JPEG-LS encoder after ISO/IEC 14495-1, as the standard words it and without any of the decoder's shortcuts. It writes
//! what no encoder at hand writes: restarts, greatest samples of every kind, and streams that are odd but allowed.

/// How the components lie in the scans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interleave {
    /// Each in a scan of its own.
    None,
    /// Line by line.
    Line,
    /// Pixel by pixel.
    Sample,
}

/// A picture, plane by plane, and how to write it.
#[derive(Clone, Debug)]
pub struct Job {
    pub width: usize,
    pub height: usize,
    pub precision: u32,
    pub planes: Vec<Vec<i32>>,
    pub near: i32,
    pub interleave: Interleave,
    /// MAXVAL, three thresholds and RESET; 0 for the default.
    pub presets: Option<[i32; 5]>,
    /// Lines between restarts.
    pub restart_interval: usize,
    /// Segments to stand before the frame header.
    pub before: Vec<u8>,
}

/// The stream without its end marker, and the planes that a decoder makes of it.
pub struct Encoded {
    pub stream: Vec<u8>,
    pub planes: Vec<Vec<i32>>,
}

struct Parameters {
    maxval: i32,
    near: i32,
    t: [i32; 3],
    reset: i32,
    range: i32,
    qbpp: i32,
    limit: i32,
}

fn log2_ceil(n: i32) -> i32 {
    (0..).find(|bits| n <= 1 << bits).unwrap()
}

impl Parameters {
    fn of(job: &Job) -> Self {
        let near = job.near;
        let given = job.presets.unwrap_or_default();
        let or = |value: i32, default: i32| if value == 0 { default } else { value };
        let maxval = or(given[0], (1 << job.precision) - 1);
        let clamp = |i: i32, j: i32| if i > maxval || i < j { j } else { i };
        let (t1, t2, t3);
        if maxval >= 128 {
            let factor = (maxval.min(4095) + 128) / 256;
            t1 = clamp(factor + 2 + 3 * near, near + 1);
            t2 = clamp(factor * (7 - 3) + 3 + 5 * near, t1);
            t3 = clamp(factor * (21 - 4) + 4 + 7 * near, t2);
        } else {
            let factor = 256 / (maxval + 1);
            t1 = clamp(2.max(3 / factor + 3 * near), near + 1);
            t2 = clamp(3.max(7 / factor + 5 * near), t1);
            t3 = clamp(4.max(21 / factor + 7 * near), t2);
        }
        let range = (maxval + 2 * near) / (2 * near + 1) + 1;
        let bpp = log2_ceil(maxval + 1).max(2);
        Self {
            maxval,
            near,
            t: [or(given[1], t1), or(given[2], t2), or(given[3], t3)],
            reset: or(given[4], 64),
            range,
            qbpp: log2_ceil(range),
            limit: 2 * (bpp + bpp.max(8)),
        }
    }

    fn region(&self, d: i32) -> i32 {
        let magnitude = match d.abs() {
            d if d <= self.near => 0,
            d if d < self.t[0] => 1,
            d if d < self.t[1] => 2,
            d if d < self.t[2] => 3,
            _ => 4,
        };
        magnitude * d.signum()
    }

    /// The quantised error modulo the range, and the sample that a decoder makes of it.
    fn quantise(&self, sample: i32, predicted: i32, sign: i32) -> (i32, i32) {
        let error = sign * (sample - predicted);
        let step = 2 * self.near + 1;
        let error = if error > 0 {
            (error + self.near) / step
        } else {
            -(self.near - error) / step
        };
        let made = (predicted + sign * error * step).clamp(0, self.maxval);
        let mut reduced = if error < 0 { error + self.range } else { error };
        if reduced >= (self.range + 1) / 2 {
            reduced -= self.range;
        }
        (reduced, made)
    }
}

/// Bits with a 0 stuffed behind each byte of ones.
#[derive(Default)]
struct BitWriter {
    bytes: Vec<u8>,
    pending: u8,
    n_pending: u32,
}

impl BitWriter {
    fn bit(&mut self, bit: u32) {
        self.pending = self.pending << 1 | bit as u8;
        self.n_pending += 1;
        let whole = if self.bytes.last() == Some(&0xFF) {
            7
        } else {
            8
        };
        if self.n_pending == whole {
            self.bytes.push(self.pending);
            (self.pending, self.n_pending) = (0, 0);
        }
    }

    fn bits(&mut self, value: u32, n: i32) {
        (0..n).rev().for_each(|i| self.bit(value >> i & 1));
    }

    fn golomb(&mut self, value: i32, k: i32, limit: i32, qbpp: i32) {
        let high = value >> k;
        if high < limit - qbpp - 1 {
            self.bits(0, high);
            self.bit(1);
            self.bits(value as u32, k);
        } else {
            self.bits(0, limit - qbpp - 1);
            self.bit(1);
            self.bits((value - 1) as u32, qbpp);
        }
    }

    fn finish(mut self) -> Vec<u8> {
        while self.n_pending != 0 {
            self.bit(0);
        }
        if self.bytes.last() == Some(&0xFF) {
            self.bytes.push(0);
        }
        self.bytes
    }
}

/// A, B, C, N of the regular contexts, and A, N, Nn of the two of runs.
struct Coder<'a> {
    p: &'a Parameters,
    bits: BitWriter,
    regular: Vec<[i32; 4]>,
    runs: [[i32; 3]; 2],
}

const J: [i32; 32] = [
    0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13,
    14, 15,
];

/// A component's two lines as a decoder will have made them, each with a neighbour at either end.
struct Lines {
    above: Vec<i32>,
    here: Vec<i32>,
    run_idx: usize,
}

impl Coder<'_> {
    fn new(p: &Parameters) -> Coder<'_> {
        let a = ((p.range + 32) / 64).max(2);
        Coder {
            p,
            bits: BitWriter::default(),
            regular: vec![[a, 0, 0, 1]; 365],
            runs: [[a, 1, 0]; 2],
        }
    }

    fn regions(&self, l: &Lines, x: usize) -> [i32; 3] {
        let (ra, rb, rc, rd) = (l.here[x - 1], l.above[x], l.above[x - 1], l.above[x + 1]);
        [rd - rb, rb - rc, rc - ra].map(|d| self.p.region(d))
    }

    fn regular(&mut self, l: &mut Lines, x: usize, sample: i32, q: [i32; 3]) {
        let (ra, rb, rc) = (l.here[x - 1], l.above[x], l.above[x - 1]);
        let place = 81 * q[0] + 9 * q[1] + q[2];
        let sign = if place < 0 { -1 } else { 1 };
        let [a, b, c, n] = &mut self.regular[place.unsigned_abs() as usize];
        let edge = if rc >= ra.max(rb) {
            ra.min(rb)
        } else if rc <= ra.min(rb) {
            ra.max(rb)
        } else {
            ra + rb - rc
        };
        let predicted = (edge + sign * *c).clamp(0, self.p.maxval);
        let (error, made) = self.p.quantise(sample, predicted, sign);
        let k = (0..).find(|k| *n << k >= *a).unwrap();
        let mapped = if self.p.near == 0 && k == 0 && 2 * *b <= -*n {
            if error >= 0 {
                2 * error + 1
            } else {
                -2 * (error + 1)
            }
        } else if error >= 0 {
            2 * error
        } else {
            -2 * error - 1
        };
        self.bits.golomb(mapped, k, self.p.limit, self.p.qbpp);
        *b += error * (2 * self.p.near + 1);
        *a += error.abs();
        if *n == self.p.reset {
            *a >>= 1;
            *b = if *b >= 0 { *b >> 1 } else { -((1 - *b) >> 1) };
            *n >>= 1;
        }
        *n += 1;
        if *b <= -*n {
            *b = (*b + *n).max(1 - *n);
            *c = (*c - 1).max(-128);
        } else if *b > 0 {
            *b = (*b - *n).min(0);
            *c = (*c + 1).min(127);
        }
        l.here[x] = made;
    }

    /// Writes the length of a run that ends at `x + n`, where the line ends at `width`.
    fn run(&mut self, run_idx: &mut usize, mut n: usize, reaches_end: bool) {
        while n >= 1 << J[*run_idx] {
            self.bits.bit(1);
            n -= 1 << J[*run_idx];
            *run_idx = (*run_idx + 1).min(31);
        }
        if !reaches_end {
            self.bits.bit(0);
            self.bits.bits(n as u32, J[*run_idx]);
        } else if n > 0 {
            self.bits.bit(1);
        }
    }

    /// Writes the sample behind a run. `flat` is RItype 1.
    fn run_end(&mut self, l: &mut Lines, x: usize, sample: i32, run_idx: usize, flat: bool) {
        let (ra, rb) = (l.here[x - 1], l.above[x]);
        let sign = if !flat && ra > rb { -1 } else { 1 };
        let (error, made) = self.p.quantise(sample, if flat { ra } else { rb }, sign);
        let [a, n, nn] = &mut self.runs[usize::from(flat)];
        let temp = if flat { *a + (*n >> 1) } else { *a };
        let k = (0..).find(|k| *n << k >= temp).unwrap();
        let map = (k == 0 && error > 0 && 2 * *nn < *n)
            || (error < 0 && 2 * *nn >= *n)
            || (error < 0 && k != 0);
        let mapped = 2 * error.abs() - i32::from(flat) - i32::from(map);
        self.bits
            .golomb(mapped, k, self.p.limit - J[run_idx] - 1, self.p.qbpp);
        *nn += i32::from(error < 0);
        *a += (mapped + 1 - i32::from(flat)) >> 1;
        if *n == self.p.reset {
            *a >>= 1;
            *n >>= 1;
            *nn >>= 1;
        }
        *n += 1;
        l.here[x] = made;
    }

    fn line(&mut self, l: &mut Lines, samples: &[i32]) {
        let width = samples.len();
        let mut x = 1;
        while x <= width {
            let q = self.regions(l, x);
            if q != [0; 3] {
                self.regular(l, x, samples[x - 1], q);
                x += 1;
                continue;
            }
            let ra = l.here[x - 1];
            let is_like = |s: &&i32| (**s - ra).abs() <= self.p.near;
            let n = samples[x - 1..].iter().take_while(is_like).count();
            l.here[x..x + n].fill(ra);
            let mut run_idx = l.run_idx;
            self.run(&mut run_idx, n, x + n > width);
            x += n;
            if x <= width {
                let flat = (l.above[x] - ra).abs() <= self.p.near;
                self.run_end(l, x, samples[x - 1], run_idx, flat);
                run_idx = run_idx.saturating_sub(1);
                x += 1;
            }
            l.run_idx = run_idx;
        }
    }

    fn line_of_pixels(&mut self, lines: &mut [Lines], samples: &[&[i32]], run_idx: &mut usize) {
        let width = samples[0].len();
        let mut x = 1;
        while x <= width {
            let q: Vec<_> = lines.iter().map(|l| self.regions(l, x)).collect();
            if q.iter().any(|q| *q != [0; 3]) {
                for ((l, q), samples) in lines.iter_mut().zip(q).zip(samples) {
                    self.regular(l, x, samples[x - 1], q);
                }
                x += 1;
                continue;
            }
            let near = self.p.near;
            let is_like = |at: &usize| {
                let mut all = lines.iter().zip(samples);
                all.all(|(l, s)| (s[at - 1] - l.here[x - 1]).abs() <= near)
            };
            let n = (x..=width).take_while(is_like).count();
            for l in &mut *lines {
                let ra = l.here[x - 1];
                l.here[x..x + n].fill(ra);
            }
            self.run(run_idx, n, x + n > width);
            x += n;
            if x <= width {
                for (l, samples) in lines.iter_mut().zip(samples) {
                    self.run_end(l, x, samples[x - 1], *run_idx, false);
                }
                *run_idx = run_idx.saturating_sub(1);
                x += 1;
            }
        }
    }
}

fn scan_header(job: &Job, components: &[usize]) -> Vec<u8> {
    let mut segment = vec![0xFF, 0xDA, 0, 6 + 2 * components.len() as u8];
    segment.push(components.len() as u8);
    components
        .iter()
        .for_each(|c| segment.extend([*c as u8 + 1, 0]));
    let interleave = match job.interleave {
        _ if components.len() == 1 => 0,
        Interleave::None => 0,
        Interleave::Line => 1,
        Interleave::Sample => 2,
    };
    segment.extend([job.near as u8, interleave, 0]);
    segment
}

fn scan(job: &Job, p: &Parameters, components: &[usize], made: &mut [Vec<i32>]) -> Vec<u8> {
    let mut bytes = scan_header(job, components);
    let interval = if job.restart_interval == 0 {
        job.height
    } else {
        job.restart_interval
    };
    for (number, first) in (0..job.height).step_by(interval).enumerate() {
        if number > 0 {
            bytes.extend([0xFF, 0xD0 + ((number - 1) % 8) as u8]);
        }
        let mut coder = Coder::new(p);
        let new = || Lines {
            above: vec![0; job.width + 2],
            here: vec![0; job.width + 2],
            run_idx: 0,
        };
        let mut lines: Vec<Lines> = components.iter().map(|_| new()).collect();
        let mut run_idx = 0;
        for row in first..(first + interval).min(job.height) {
            for l in &mut lines {
                std::mem::swap(&mut l.above, &mut l.here);
                l.above[job.width + 1] = l.above[job.width];
                l.here[0] = l.above[1];
            }
            let of_row = |c: &usize| &job.planes[*c][row * job.width..(row + 1) * job.width];
            let samples: Vec<&[i32]> = components.iter().map(of_row).collect();
            if job.interleave == Interleave::Sample && components.len() > 1 {
                coder.line_of_pixels(&mut lines, &samples, &mut run_idx);
            } else {
                for (l, samples) in lines.iter_mut().zip(&samples) {
                    coder.line(l, samples);
                }
            }
            for (l, c) in lines.iter().zip(components) {
                made[*c].extend(&l.here[1..=job.width]);
            }
        }
        bytes.extend(coder.bits.finish());
    }
    bytes
}

/// Encodes a picture.
pub fn encode(job: &Job) -> Encoded {
    let p = Parameters::of(job);
    let n = job.planes.len();
    let mut stream = vec![0xFF, 0xD8];
    stream.extend(&job.before);
    let [h, w] = [job.height, job.width].map(|n| (n as u16).to_be_bytes());
    stream.extend([0xFF, 0xF7, 0, 8 + 3 * n as u8, job.precision as u8]);
    stream.extend([h, w].concat());
    stream.push(n as u8);
    (0..n).for_each(|c| stream.extend([c as u8 + 1, 0x11, 0]));
    if let Some(presets) = job.presets {
        stream.extend([0xFF, 0xF8, 0, 13, 1]);
        stream.extend(presets.iter().flat_map(|v| (*v as u16).to_be_bytes()));
    }
    if job.restart_interval > 0 {
        stream.extend([0xFF, 0xDD, 0, 4]);
        stream.extend((job.restart_interval as u16).to_be_bytes());
    }
    let mut planes = vec![Vec::new(); n];
    let all: Vec<usize> = (0..n).collect();
    if job.interleave == Interleave::None {
        for c in all {
            stream.extend(scan(job, &p, &[c], &mut planes));
        }
    } else {
        stream.extend(scan(job, &p, &all, &mut planes));
    }
    Encoded { stream, planes }
}
