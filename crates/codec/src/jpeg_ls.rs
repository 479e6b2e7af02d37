//! JPEG-LS after ISO/IEC 14495-1: lossless and near-lossless, 2 to 16 bits, up to four components.

mod bits;
mod coding;
mod colour;
mod contexts;
mod gradients;
mod line;
mod picture;
mod pixels;
mod rule;
mod scan;
mod segments;

use crate::error::Fault;
use crate::jpeg::{Damage, Segment, Segments, marker as jpeg_marker};
use crate::samples::Samples;
use crate::stream_header::StreamHeader;
use coding::{Coding, Presets};
use colour::ColourTransform;
use picture::Picture;
use scan::decode_scan;
use segments::{Frame, Preset, Scan, marker, restart_interval};

/// The rows and the pixels of a row that a segment of presets tells; `None` when it tells something else.
pub(crate) fn preset_size(presets: &[u8]) -> Option<(u32, u32)> {
    match Preset::read(presets) {
        Ok(Preset::Size { height, width }) => Some((height, width)),
        _ => None,
    }
}

/// Decodes a stream of the size that its header says, with the samples of a pixel together.
///
/// # Errors
/// A few words when the stream is cut, contradicts its header, has more data than its picture, or uses a mapping table, a
/// point transform or components of different sizes. A missing end marker is none.
pub(crate) fn decode_jpeg_ls(stream: &[u8], header: &StreamHeader) -> Result<Samples, Fault> {
    let mut segments = Segments::new(stream)?;
    let mut tables = Tables::default();
    let mut decoded: Option<Decoded> = None;
    while !decoded.as_ref().is_some_and(Decoded::is_whole) {
        let Segment { marker, body } = segments.next()?;
        if marker != jpeg_marker::SOS {
            tables.take(marker, body)?;
            continue;
        }
        let frame = tables.frame.as_ref().ok_or("its frame header is missing")?;
        let decoded = match &mut decoded {
            Some(decoded) => decoded,
            none => none.insert(Decoded::new(frame, header)?),
        };
        let scan = Scan::read(body, frame)?;
        let coding = Coding::new(frame.precision, scan.near, tables.presets)?;
        decoded.expect(&scan)?;
        let interval = tables.restart_interval;
        decode_scan(
            &mut segments,
            &scan,
            &coding,
            interval,
            &mut decoded.picture,
        )?;
    }
    let mut samples = decoded.ok_or(INCOMPLETE)?.picture.into_samples();
    if let (Some(transform), 3) = (tables.transform, header.n_components) {
        transform.undo(&mut samples, header.precision);
    }
    Ok(samples)
}

const INCOMPLETE: Damage = "a component is missing";

/// What the marker segments before a scan say.
#[derive(Default)]
struct Tables {
    frame: Option<Frame>,
    presets: Presets,
    restart_interval: usize,
    transform: Option<ColourTransform>,
}

impl Tables {
    fn take(&mut self, marker: u8, parameters: &[u8]) -> Result<(), Fault> {
        match marker {
            jpeg_marker::EOI => return Err(INCOMPLETE.into()),
            marker::START_OF_FRAME if self.frame.is_some() => {
                return Err(Fault::Damaged("it has two frame headers"));
            }
            marker::START_OF_FRAME => self.frame = Some(Frame::read(parameters)?),
            marker::PRESETS => match Preset::read(parameters)? {
                Preset::Coding(presets) => self.presets = presets,
                // A table that no scan asks for changes nothing; the size was compared with the attributes before.
                Preset::Table | Preset::Size { .. } => {}
            },
            jpeg_marker::DRI => self.restart_interval = restart_interval(parameters)?,
            marker::APP8 => {
                self.transform = ColourTransform::read(parameters)?.or(self.transform);
            }
            _ => {}
        }
        Ok(())
    }
}

/// The picture, and which of its components have come.
struct Decoded {
    picture: Picture,
    has_come: Vec<bool>,
}

impl Decoded {
    fn new(frame: &Frame, header: &StreamHeader) -> Result<Self, Damage> {
        let n_components = usize::from(header.n_components);
        let (width, height) = (header.width as usize, header.height as usize);
        // A size of 0 is told elsewhere, where the header was read from.
        let agrees = |here: usize, there| here == 0 || here == there;
        if frame.precision != header.precision
            || frame.components.len() != n_components
            || !agrees(frame.width, width)
            || !agrees(frame.height, height)
            || width == 0
            || height == 0
        {
            return Err("its frame header contradicts what was read of it before");
        }
        Ok(Self {
            picture: Picture::new(width, height, n_components, frame.precision),
            has_come: vec![false; n_components],
        })
    }

    /// Notes the components of a scan. Each may come once.
    fn expect(&mut self, scan: &Scan) -> Result<(), Damage> {
        for component_idx in &scan.component_idxs {
            let has_come = self.has_come.get_mut(*component_idx);
            match has_come {
                Some(has_come) if !*has_come => *has_come = true,
                _ => return Err("a component comes twice"),
            }
        }
        Ok(())
    }

    fn is_whole(&self) -> bool {
        self.has_come.iter().all(|has_come| *has_come)
    }
}
