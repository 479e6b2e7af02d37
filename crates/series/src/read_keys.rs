//! Reads what tells frames apart, from functional groups, converted attributes, the object itself and the private
//! attributes that three vendors wrote before there were standard ones.

use std::sync::Arc;

use crate::charset::Charset;
use crate::dataset::Node;
use crate::frame::Levels;
use crate::split_key::{KeyValue, SplitBy, SplitKeys};
use crate::tags;

/// What of an object is the same for all its frames and serves their keys.
pub(crate) struct KeyContext<'a> {
    pub(crate) charset: &'a Charset,
    pub(crate) modality: &'a str,
    pub(crate) image_type: &'a str,
    /// Number and label of each segment of a segmentation.
    pub(crate) segments: Vec<(u16, String)>,
    /// Vectors with one entry a frame (PS3.3 C.8.4.8).
    vectors: Vec<(SplitBy, Vec<u16>)>,
}

/// The vectors of nuclear medicine that keep frames apart; Slice Vector is a place, not a key.
const VECTORS: [(SplitBy, u32); 5] = [
    (SplitBy::EnergyWindow, tags::ENERGY_WINDOW_VECTOR),
    (SplitBy::Detector, tags::DETECTOR_VECTOR),
    (SplitBy::RrInterval, tags::RR_INTERVAL_VECTOR),
    (SplitBy::TimeSlot, tags::TIME_SLOT_VECTOR),
    (SplitBy::TimeSlice, tags::TIME_SLICE_VECTOR),
];

impl<'a> KeyContext<'a> {
    pub(crate) fn new(
        root: Node<'_>,
        charset: &'a Charset,
        modality: &'a str,
        image_type: &'a str,
    ) -> Self {
        let segments = root
            .items(tags::SEGMENT_SEQUENCE)
            .into_iter()
            .filter_map(|item| {
                let label = item.text(tags::SEGMENT_LABEL, charset).unwrap_or_default();
                Some((item.u16(tags::SEGMENT_NUMBER)?, label))
            })
            .collect();
        let vectors = match modality {
            "NM" | "PT" => VECTORS
                .iter()
                .filter_map(|(by, tag)| Some((*by, root.u16s(*tag)?)))
                .collect(),
            _ => Vec::new(),
        };
        Self {
            charset,
            modality,
            image_type,
            segments,
            vectors,
        }
    }
}

impl Levels<'_> {
    /// What tells this frame apart from others at its place.
    pub(crate) fn keys(&self, context: &KeyContext<'_>, frame_idx: usize) -> SplitKeys {
        let content = self.group(tags::FRAME_CONTENT_SEQUENCE);
        let mut keys = SplitKeys {
            stack: content.and_then(|c| c.ascii(tags::STACK_ID)).map(Arc::from),
            dimension_values: content
                .and_then(|c| c.u32s(tags::DIMENSION_INDEX_VALUES))
                .unwrap_or_default(),
            ..SplitKeys::default()
        };
        keys.set(SplitBy::Segment, self.segment(context));
        match context.modality {
            "MR" => self.mr_keys(context, &mut keys),
            "CT" | "PT" => self.ct_keys(&mut keys),
            _ => {}
        }
        for (by, vector) in &context.vectors {
            let value = vector.get(frame_idx).map(|v| f64::from(*v));
            keys.set(*by, KeyValue::number(value));
        }
        self.cycle_keys(&mut keys);
        let kind = self.frame_type();
        let image_type = kind.unwrap_or_else(|| context.image_type.to_owned());
        keys.set(
            SplitBy::ImageType,
            KeyValue::text(Some(image_type).filter(|t| !t.is_empty())),
        );
        self.time_keys(content, &mut keys);
        keys
    }

    fn segment(&self, context: &KeyContext<'_>) -> KeyValue {
        let number = self
            .group(tags::SEGMENT_IDENTIFICATION_SEQUENCE)
            .and_then(|s| s.u16(tags::REFERENCED_SEGMENT_NUMBER));
        KeyValue::text(number.map(|number| {
            let label = context.segments.iter().find(|(n, _)| *n == number);
            match label.map(|(_, label)| label.as_str()).unwrap_or_default() {
                "" => number.to_string(),
                label => format!("{number} · {label}"),
            }
        }))
    }

    fn mr_keys(&self, context: &KeyContext<'_>, keys: &mut SplitKeys) {
        let diffusion = self.group(tags::MR_DIFFUSION_SEQUENCE);
        let b_value = diffusion
            .and_then(|d| float(d, tags::DIFFUSION_B_VALUE))
            .or_else(|| self.single(|n| float(n, tags::DIFFUSION_B_VALUE)))
            .or_else(|| self.single(private_b_value));
        keys.set(SplitBy::BValue, KeyValue::number(b_value));
        let direction = diffusion
            .and_then(|d| d.item(tags::DIFFUSION_GRADIENT_DIRECTION_SEQUENCE))
            .and_then(|d| d.floats(tags::DIFFUSION_GRADIENT_ORIENTATION)?.ok())
            .or_else(|| self.single(|n| n.floats(tags::DIFFUSION_GRADIENT_ORIENTATION)?.ok()))
            .or_else(|| self.single(siemens_gradient))
            .or_else(|| self.single(ge_gradient));
        keys.set(SplitBy::GradientDirection, direction_key(direction));
        let echo = self
            .group(tags::MR_ECHO_SEQUENCE)
            .and_then(|e| float(e, tags::EFFECTIVE_ECHO_TIME))
            .or_else(|| self.single(|n| n.decimal(tags::ECHO_TIME)));
        keys.set(SplitBy::EchoTime, KeyValue::number(echo));
        let echo_number = self.single(|n| integer(n, tags::ECHO_NUMBERS));
        keys.set(SplitBy::EchoNumber, KeyValue::number(echo_number));
        keys.set(SplitBy::Component, self.component(context.image_type));
        let inversion = self
            .group(tags::MR_MODIFIER_SEQUENCE)
            .and_then(|m| float(m, tags::INVERSION_TIMES))
            .or_else(|| self.single(|n| n.decimal(tags::INVERSION_TIME)));
        keys.set(SplitBy::InversionTime, KeyValue::number(inversion));
        let flip = self
            .group(tags::MR_TIMING_SEQUENCE)
            .and_then(|m| m.decimal(tags::FLIP_ANGLE))
            .or_else(|| self.single(|n| n.decimal(tags::FLIP_ANGLE)));
        keys.set(SplitBy::FlipAngle, KeyValue::number(flip));
        let coil = self
            .group(tags::MR_RECEIVE_COIL_SEQUENCE)
            .and_then(|c| c.text(tags::RECEIVE_COIL_NAME, context.charset))
            .or_else(|| self.single(|n| n.text(tags::RECEIVE_COIL_NAME, context.charset)));
        keys.set(SplitBy::Coil, KeyValue::text(coil));
    }

    /// Magnitude, phase, real or imaginary, by Complex Image Component (PS3.3 C.8.13.3.1.1), by GE's number for it, or
    /// by the terms that single-frame MR images carry behind the second value of Image Type.
    fn component(&self, image_type: &str) -> KeyValue {
        let stated = self
            .group(tags::MR_IMAGE_FRAME_TYPE_SEQUENCE)
            .unwrap_or(self.root)
            .ascii(tags::COMPLEX_IMAGE_COMPONENT);
        let known = |term: &str| match term {
            "M" | "MAGNITUDE" => Some("magnitude"),
            "P" | "PHASE" => Some("phase"),
            "R" | "REAL" => Some("real"),
            "I" | "IMAGINARY" => Some("imaginary"),
            "MIXED" => Some("mixed"),
            _ => None,
        };
        const GE: [&str; 4] = ["magnitude", "phase", "real", "imaginary"];
        let by_ge = || {
            let number = self.single(|n| private(n, "GEMS_PARM_01", 0x0043, 0x2F, i16_value))?;
            GE.get(usize::try_from(number).ok()?).copied()
        };
        let term = stated
            .as_deref()
            .and_then(known)
            .or_else(by_ge)
            .or_else(|| image_type.split('\\').skip(2).find_map(|t| known(t.trim())));
        KeyValue::text(term.map(str::to_owned))
    }

    fn ct_keys(&self, keys: &mut SplitKeys) {
        let kernel = self
            .group(tags::CT_RECONSTRUCTION_SEQUENCE)
            .and_then(|c| c.ascii(tags::CONVOLUTION_KERNEL))
            .or_else(|| self.single(|n| n.ascii(tags::CONVOLUTION_KERNEL)));
        keys.set(SplitBy::Kernel, KeyValue::text(kernel));
        let kilovolt = self
            .group(tags::CT_XRAY_DETAILS_SEQUENCE)
            .and_then(|c| c.decimal(tags::KVP))
            .or_else(|| self.single(|n| n.decimal(tags::KVP)));
        keys.set(SplitBy::TubeVoltage, KeyValue::number(kilovolt));
        let reference_ms = self.single(|n| n.decimal(tags::FRAME_REFERENCE_TIME));
        keys.set(SplitBy::FrameReferenceTime, KeyValue::number(reference_ms));
    }

    fn cycle_keys(&self, keys: &mut SplitKeys) {
        let cardiac = self.group(tags::CARDIAC_SYNCHRONIZATION_SEQUENCE);
        let percent = cardiac
            .and_then(|c| float(c, tags::NOMINAL_PERCENTAGE_OF_CARDIAC_PHASE))
            .or_else(|| self.single(|n| float(n, tags::NOMINAL_PERCENTAGE_OF_CARDIAC_PHASE)));
        keys.set(SplitBy::CardiacPhase, KeyValue::number(percent));
        let delay_ms = cardiac
            .and_then(|c| float(c, tags::NOMINAL_CARDIAC_TRIGGER_DELAY_TIME))
            .or_else(|| self.single(|n| n.decimal(tags::TRIGGER_TIME)));
        keys.set(SplitBy::TriggerTime, KeyValue::number(delay_ms));
        let breath = self
            .group(tags::RESPIRATORY_SYNCHRONIZATION_SEQUENCE)
            .and_then(|c| float(c, tags::NOMINAL_PERCENTAGE_OF_RESPIRATORY_PHASE))
            .or_else(|| self.single(|n| float(n, tags::NOMINAL_PERCENTAGE_OF_RESPIRATORY_PHASE)));
        keys.set(SplitBy::RespiratoryPhase, KeyValue::number(breath));
        let contrast = self
            .group(tags::CONTRAST_BOLUS_USAGE_SEQUENCE)
            .and_then(|c| c.ascii(tags::CONTRAST_BOLUS_AGENT_PHASE))
            .or_else(|| self.single(|n| n.ascii(tags::CONTRAST_BOLUS_AGENT_PHASE)));
        keys.set(SplitBy::ContrastPhase, KeyValue::text(contrast));
    }

    fn time_keys(&self, content: Option<Node<'_>>, keys: &mut SplitKeys) {
        let temporal = content
            .and_then(|c| {
                let values = c.u32s(tags::TEMPORAL_POSITION_INDEX)?;
                values.first().map(|v| f64::from(*v))
            })
            .or_else(|| self.single(|n| integer(n, tags::TEMPORAL_POSITION_IDENTIFIER)))
            .or_else(|| {
                self.group(tags::TEMPORAL_POSITION_SEQUENCE)
                    .and_then(|t| float(t, tags::TEMPORAL_POSITION_TIME_OFFSET))
            });
        keys.set(SplitBy::TemporalPosition, KeyValue::number(temporal));
        let acquisition = content
            .and_then(|c| c.u16(tags::FRAME_ACQUISITION_NUMBER).map(f64::from))
            .or_else(|| self.single(|n| integer(n, tags::ACQUISITION_NUMBER)));
        keys.set(SplitBy::AcquisitionNumber, KeyValue::number(acquisition));
        let clock = |n: Node<'_>, tag| n.ascii(tag)?.replace(':', "").parse::<f64>().ok();
        let acquired = content
            .and_then(|c| clock(c, tags::FRAME_REFERENCE_DATE_TIME))
            .or_else(|| content.and_then(|c| clock(c, tags::FRAME_ACQUISITION_DATE_TIME)))
            .or_else(|| self.single(|n| clock(n, tags::ACQUISITION_TIME)));
        keys.set(SplitBy::AcquisitionTime, KeyValue::number(acquired));
        let made = self.single(|n| clock(n, tags::CONTENT_TIME));
        keys.set(SplitBy::ContentTime, KeyValue::number(made));
    }

    /// Frame Type of enhanced objects, which may differ from frame to frame.
    fn frame_type(&self) -> Option<String> {
        [
            tags::MR_IMAGE_FRAME_TYPE_SEQUENCE,
            tags::CT_IMAGE_FRAME_TYPE_SEQUENCE,
            tags::PET_FRAME_TYPE_SEQUENCE,
            tags::XRAY_3D_FRAME_TYPE_SEQUENCE,
            tags::PARAMETRIC_MAP_FRAME_TYPE_SEQUENCE,
        ]
        .into_iter()
        .find_map(|sequence| self.group(sequence)?.ascii(tags::FRAME_TYPE))
    }
}

/// Directions without length (b = 0) are none.
fn direction_key(direction: Option<Vec<f64>>) -> KeyValue {
    let unit = direction.filter(|d| {
        d.len() == 3 && d.iter().any(|c| 1e-6 < c.abs()) && d.iter().all(|c| c.abs() < 1e3)
    });
    KeyValue::text(unit.map(|d| {
        let parts: Vec<String> = d.iter().map(|c| format!("{:.3}", c + 0.0)).collect();
        format!("({})", parts.join(", "))
    }))
}

fn integer(node: Node<'_>, tag: u32) -> Option<f64> {
    // Numbers of acquisitions and echoes are far below 2^53.
    node.integer(tag)?.ok().map(|v| v as f64)
}

/// The first of 32- or 64-bit floats; in the implicit syntax the length tells which.
fn float(node: Node<'_>, tag: u32) -> Option<f64> {
    let bytes = node.bytes(tag)?;
    match (&node.element(tag)?.vr, <[u8; 4]>::try_from(bytes)) {
        ([0, 0] | b"UN", Ok(bytes)) => Some(f64::from(f32::from_le_bytes(bytes))),
        _ => node.floats(tag)?.ok()?.first().copied(),
    }
}

/// The b-value where Siemens, GE and Philips keep it, s/mm².
fn private_b_value(node: Node<'_>) -> Option<f64> {
    private(node, "SIEMENS MR HEADER", 0x0019, 0x0C, |n, tag| {
        integer(n, tag)
    })
    .or_else(|| private(node, "Philips Imaging DD 001", 0x2001, 0x03, float))
    .or_else(|| {
        // GE adds 10^9 to mark some b-values; what counts is below 10^5.
        let first = |n: Node<'_>, tag| {
            let values = n.ascii_values(tag);
            values.first()?.parse::<f64>().ok()
        };
        private(node, "GEMS_PARM_01", 0x0043, 0x39, first).map(|b| b.rem_euclid(100_000.0))
    })
    .filter(|b| (0.0..100_000.0).contains(b))
}

/// The diffusion gradient where GE keeps it, in the scanner's own directions: it tells frames apart all the same.
fn ge_gradient(node: Node<'_>) -> Option<Vec<f64>> {
    [0xBB, 0xBC, 0xBD]
        .into_iter()
        .map(|element| private(node, "GEMS_ACQU_01", 0x0019, element, Node::decimal))
        .collect()
}

/// The diffusion gradient where Siemens keeps it, in patient space.
fn siemens_gradient(node: Node<'_>) -> Option<Vec<f64>> {
    private(node, "SIEMENS MR HEADER", 0x0019, 0x0E, |n, tag| {
        let bytes = n.bytes(tag).filter(|b| b.len() == 24)?;
        let value = |b: &[u8]| <[u8; 8]>::try_from(b).ok().map(f64::from_le_bytes);
        bytes.chunks_exact(8).map(value).collect()
    })
}

fn i16_value(node: Node<'_>, tag: u32) -> Option<i64> {
    if node.element(tag)?.vr == *b"SS" {
        let value = node.u16s(tag)?.first().copied()?;
        return Some(i64::from(value as i16));
    }
    node.integer(tag)?.ok()
}

/// A private attribute, wherever its creator reserved a block (PS3.5 7.8.1).
pub(crate) fn private<'a, T>(
    node: Node<'a>,
    creator: &str,
    group: u16,
    element: u8,
    read: impl Fn(Node<'a>, u32) -> Option<T>,
) -> Option<T> {
    let block = node.private_block(group, creator)?;
    read(node, block | u32::from(element))
}
