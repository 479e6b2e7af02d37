use super::Damage;
use super::bits::BitReader;
use super::entropy::{restart_marker, unstuff};
use super::frame::{Frame, Scan};
use super::huffman::{Codes, ValueKind};
use super::predictor::{read_first_row, row_reader};
use super::segments::{Segments, marker};
use super::tables::{Tables, chosen};
use crate::error::Fault;
use crate::samples::Samples;
use crate::stream_header::StreamHeader;

/// Decodes a stream of process 14 (annex H): every predictor, 2 to 16 bits, one to four components together or each in a
/// scan of its own, with or without restarts.
///
/// Whatever the stream holds behind its last sample is ignored, be it nothing at all.
pub(crate) fn decode_lossless(stream: &[u8], header: &StreamHeader) -> Result<Samples, Fault> {
    let mut segments = Segments::new(stream)?;
    let mut tables = Tables::default();
    let mut picture: Option<Picture> = None;
    loop {
        let segment = segments.next()?;
        match (segment.marker, &mut picture) {
            (0xC3, None) => {
                let mut frame = Frame::read(segment.body)?;
                frame.agree(header)?;
                picture = Some(Picture::new(frame)?);
            }
            (0xC3, Some(_)) => return Err("it has two frames".into()),
            (marker::SOS, Some(picture)) => {
                let scan = Scan::read(segment.body, &picture.frame)?;
                let n_bytes = picture.read_scan(&scan, &tables, segments.rest())?;
                segments.skip(n_bytes);
                if picture.is_whole() {
                    break;
                }
            }
            (marker::SOS, None) => return Err("a scan comes before its frame".into()),
            (marker::EOI, _) => return Err("a component is missing".into()),
            _ => tables.read(&segment)?,
        }
    }
    let samples = picture.map(|p| p.samples).unwrap_or_default();
    Ok(if header.precision <= 8 {
        Samples::Bits8(samples.into_iter().map(|v| v as u8).collect())
    } else {
        Samples::Bits16(samples)
    })
}

struct Picture {
    frame: Frame,
    /// Those of a pixel together.
    samples: Vec<u16>,
    is_read: Vec<bool>,
}

impl Picture {
    fn new(frame: Frame) -> Result<Self, Damage> {
        if !(2..=16).contains(&frame.precision) {
            return Err("its depth is not 2 to 16 bits");
        }
        let n_components = frame.components.len();
        Ok(Self {
            samples: vec![0; frame.width * frame.height * n_components],
            is_read: vec![false; n_components],
            frame,
        })
    }

    fn is_whole(&self) -> bool {
        self.is_read.iter().all(|is_read| *is_read)
    }

    /// Reads one scan; gives its entropy-coded bytes.
    fn read_scan(&mut self, scan: &Scan, tables: &Tables, coded: &[u8]) -> Result<usize, Fault> {
        for (idx, ..) in &scan.components {
            let is_read = self.is_read.get_mut(*idx).filter(|is_read| !**is_read);
            *is_read.ok_or("a component comes twice")? = true;
        }
        let codes = scan.components.iter().map(|(_, number, _)| {
            Ok(Codes::new(
                chosen(&tables.dc, *number)?,
                ValueKind::Category,
            ))
        });
        let codes: Vec<Codes> = codes.collect::<Result<_, Damage>>()?;
        let is_interleaved = 1 < codes.len();
        if is_interleaved
            && self
                .frame
                .components
                .iter()
                .any(|c| (c.across, c.down) != (1, 1))
        {
            return Err(Fault::Unsupported("components of different sizes"));
        }
        let rows_per_restart = match (tables.restart_interval, self.frame.width) {
            (0, _) => self.frame.height,
            // H.1.1 asks for whole rows.
            (interval, width) if interval % width == 0 => interval / width,
            _ => return Err("a restart interval is not of whole rows".into()),
        };
        let plan = ScanPlan {
            coded,
            selection: scan.start,
            point_transform: scan.low,
            middle: 1_u16
                .checked_shl(
                    u32::from(self.frame.precision).saturating_sub(u32::from(scan.low) + 1),
                )
                .filter(|_| scan.low < self.frame.precision)
                .ok_or("its point transform leaves no bits")?,
            width: self.frame.width,
            rows_per_restart,
        };
        let n_bytes = match codes.as_slice() {
            [a] if self.frame.components.len() == 1 => plan.read([a], &mut self.samples)?,
            [a] => {
                let mut plane = vec![0; self.frame.width * self.frame.height];
                let n_bytes = plan.read([a], &mut plane)?;
                let idx = scan.components.first().map_or(0, |(idx, ..)| *idx);
                let pixels = self.samples.chunks_exact_mut(self.frame.components.len());
                for (pixel, sample) in pixels.zip(plane) {
                    if let Some(place) = pixel.get_mut(idx) {
                        *place = sample;
                    }
                }
                n_bytes
            }
            _ if codes.len() != self.frame.components.len() => {
                return Err(Fault::Unsupported("only some components interleaved"));
            }
            [a, b] => plan.read([a, b], &mut self.samples)?,
            [a, b, c] => plan.read([a, b, c], &mut self.samples)?,
            [a, b, c, d] => plan.read([a, b, c, d], &mut self.samples)?,
            _ => return Err("a scan is not of one to four components".into()),
        };
        Ok(n_bytes)
    }
}

/// How the rows of one scan are read.
struct ScanPlan<'a> {
    coded: &'a [u8],
    selection: u8,
    point_transform: u8,
    /// What the first sample of the scan and of each restart interval is predicted from.
    middle: u16,
    /// Pixels of a row.
    width: usize,
    rows_per_restart: usize,
}

impl ScanPlan<'_> {
    /// Reads all rows of `N` interleaved components; gives the entropy-coded bytes.
    fn read<const N: usize>(
        &self,
        codes: [&Codes; N],
        samples: &mut [u16],
    ) -> Result<usize, Damage> {
        let read_row = row_reader::<N>(self.selection)?;
        let row_len = N * self.width;
        let mut plain = Vec::with_capacity(self.coded.len().min(4 * samples.len()) + 16);
        let mut at = 0;
        let mut intervals = samples
            .chunks_mut(row_len * self.rows_per_restart)
            .enumerate()
            .peekable();
        while let Some((interval_idx, rows)) = intervals.next() {
            at += unstuff(self.coded.get(at..).unwrap_or_default(), &mut plain);
            let mut bits = BitReader::new(&plain);
            let (first, rest) = rows.split_at_mut(row_len);
            read_first_row(&mut bits, &codes, self.middle, first)?;
            let mut above = &*first;
            for row in rest.chunks_exact_mut(row_len) {
                read_row(&mut bits, &codes, above, row)?;
                if bits.is_overrun() {
                    return Err("it ends early");
                }
                above = row;
            }
            if bits.is_overrun() {
                return Err("it ends early");
            }
            if !bits.is_at_end() {
                return Err("it holds more than its picture");
            }
            if intervals.peek().is_some() {
                let coded = self.coded.get(at..).unwrap_or_default();
                at += restart_marker(coded, interval_idx).ok_or("a restart marker is missing")?;
            }
        }
        if 0 < self.point_transform {
            samples.iter_mut().for_each(|v| *v <<= self.point_transform);
        }
        Ok(at)
    }
}
