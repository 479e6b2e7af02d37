use super::Damage;
use super::colour::{Conversion, picture};
use super::frame::{Frame, Scan};
use super::planes::{Geometry, Plane};
use super::progressive::ProgressiveReader;
use super::scan::read_blocks;
use super::segments::{Segments, marker};
use super::sequential::SequentialReader;
use super::tables::{Tables, chosen};
use super::transform::{Coefficients, Levels, Steps, inverse};
use crate::error::Fault;
use crate::samples::Samples;
use crate::stream_header::StreamHeader;

/// Scans beyond which a stream is taken for an attack: each can cost the time of the whole picture.
const MAX_SCANS: usize = 64;
/// Bits of a coefficient of which none has come yet.
const NOTHING_YET: u8 = u8::MAX;

/// Decodes a stream of the processes with a cosine transform and Huffman codes, sequential or progressive, of 8 to 12
/// bits, with one component or three (ISO/IEC 10918-1 annexes F and G).
///
/// A picture is given only when every coefficient of every component has come with all its bits. What stands behind
/// the last of them is ignored.
pub(crate) fn decode_dct(
    stream: &[u8],
    header: &StreamHeader,
    conversion: Conversion,
) -> Result<Samples, Fault> {
    let mut segments = Segments::new(stream)?;
    let mut tables = Tables::default();
    let mut decoder: Option<Decoder> = None;
    let mut n_scans = 0;
    loop {
        let segment = segments.next()?;
        match (segment.marker, &mut decoder) {
            (0xC0..=0xC2, None) => {
                let mut frame = Frame::read(segment.body)?;
                frame.agree(header)?;
                let process = match segment.marker {
                    0xC2 => Process::Progressive,
                    _ => Process::Sequential,
                };
                decoder = Some(Decoder::new(frame, process)?);
            }
            (0xC0..=0xC2, Some(_)) => return Err("it has two frames".into()),
            (marker::SOS, Some(_)) if n_scans == MAX_SCANS => {
                return Err("it has too many scans".into());
            }
            (marker::SOS, Some(decoder)) => {
                n_scans += 1;
                let scan = Scan::read(segment.body, &decoder.frame)?;
                segments.skip(decoder.read_scan(&scan, &tables, segments.rest())?);
                if decoder.is_whole() {
                    break;
                }
            }
            (marker::SOS, None) => return Err("a scan comes before its frame".into()),
            (marker::EOI, _) => return Err("parts of the picture are missing".into()),
            _ => tables.read(&segment)?,
        }
    }
    Ok(decoder.ok_or("it has no frame")?.finish(conversion)?)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Process {
    Sequential,
    Progressive,
}

struct Decoder {
    frame: Frame,
    geometry: Geometry,
    levels: Levels,
    planes: Vec<Plane>,
    /// Of each component, its blocks; empty for a sequential stream, whose blocks are transformed as they come.
    coefficients: Vec<Vec<Coefficients>>,
    /// Of each component, known from its first scan on.
    steps: Vec<Option<Steps>>,
    /// Of each component and coefficient, the lowest bit that has come.
    lowest_bits: Vec<[u8; 64]>,
    process: Process,
}

impl Decoder {
    fn new(frame: Frame, process: Process) -> Result<Self, Fault> {
        if !(8..=12).contains(&frame.precision) {
            return Err(Fault::Unsupported("a depth that is not 8 to 12 bits"));
        }
        if !matches!(frame.components.len(), 1 | 3) {
            return Err(Fault::Unsupported("neither one component nor three"));
        }
        let geometry = Geometry::new(&frame)?;
        let n = frame.components.len();
        let coefficients = match process {
            Process::Sequential => vec![],
            Process::Progressive => {
                let n_blocks = |i: &[usize; 2]| i.iter().product();
                let layouts = geometry.layouts.iter();
                layouts
                    .map(|l| vec![[0; 64]; n_blocks(&l.n_blocks)])
                    .collect()
            }
        };
        Ok(Self {
            levels: Levels::new(frame.precision),
            planes: geometry.layouts.iter().copied().map(Plane::new).collect(),
            coefficients,
            steps: vec![None; n],
            lowest_bits: vec![[NOTHING_YET; 64]; n],
            frame,
            geometry,
            process,
        })
    }

    /// Reads one scan; gives its entropy-coded bytes.
    fn read_scan(&mut self, scan: &Scan, tables: &Tables, coded: &[u8]) -> Result<usize, Damage> {
        self.record(scan)?;
        let mut scan_steps = vec![];
        for (idx, ..) in &scan.components {
            let missing = "a component is missing";
            let place = self.steps.get_mut(*idx).ok_or(missing)?;
            if place.is_none() {
                let component = self.frame.components.get(*idx).ok_or(missing)?;
                let table = chosen(&tables.quantisation, component.quantisation)?;
                *place = Some(Steps::new(table));
            }
            scan_steps.extend(place.clone());
        }
        let interval = tables.restart_interval;
        match self.process {
            Process::Sequential => {
                let (levels, planes) = (self.levels, &mut self.planes);
                let mut reader = SequentialReader::new(scan, tables, scan_steps, levels, planes)?;
                read_blocks(&self.geometry, scan, interval, coded, &mut reader)
            }
            Process::Progressive => {
                let mut reader = ProgressiveReader::new(scan, tables, &mut self.coefficients)?;
                read_blocks(&self.geometry, scan, interval, coded, &mut reader)
            }
        }
    }

    /// Notes which bits of which coefficients a scan brings; refuses what has come before or comes too soon.
    fn record(&mut self, scan: &Scan) -> Result<(), Damage> {
        let (band, before, now) = match self.process {
            // A sequential scan brings everything, whatever its header says of bands and bits.
            Process::Sequential => (0..=63, NOTHING_YET, 0),
            Process::Progressive => {
                let before = match scan.high {
                    0 => NOTHING_YET,
                    high => high,
                };
                (
                    usize::from(scan.start)..=usize::from(scan.end),
                    before,
                    scan.low,
                )
            }
        };
        for (idx, ..) in &scan.components {
            let bits = self
                .lowest_bits
                .get_mut(*idx)
                .ok_or("a component is missing")?;
            for bit in bits.get_mut(band.clone()).ok_or("a scan's band is none")? {
                if *bit != before {
                    return Err("its scans come in a wrong order");
                }
                *bit = now;
            }
        }
        Ok(())
    }

    fn is_whole(&self) -> bool {
        self.lowest_bits.iter().flatten().all(|bit| *bit == 0)
    }

    fn finish(mut self, conversion: Conversion) -> Result<Samples, Damage> {
        let parts = self
            .planes
            .iter_mut()
            .zip(&self.coefficients)
            .zip(&self.steps);
        for ((plane, blocks), steps) in parts {
            let steps = steps.as_ref().ok_or("a component is missing")?;
            for (block_idx, block) in blocks.iter().enumerate() {
                plane.put(block_idx, &inverse(block, steps, self.levels));
            }
        }
        Ok(picture(&self.planes, &self.frame, conversion))
    }
}
