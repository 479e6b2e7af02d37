use std::sync::Arc;

use space::{PatientPoint, PatientVector};
use volume::{SpacingSource, ValueUnit, Voi};

use crate::charset::Charset;
use crate::dataset::Node;
use crate::tags;
use crate::value_mapping::{Mapping, Signedness, mapping, unit, voi};

/// What is known of one frame of an object, single-frame or not.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) position: Option<PatientPoint>,
    pub(crate) orientation: Option<Orientation>,
    pub(crate) spacing: Spacing,
    /// Slice Thickness, when it is a positive number.
    pub(crate) thickness_mm: Option<f64>,
    pub(crate) values: Arc<FrameValues>,
    pub(crate) keys: SplitKeys,
}

/// Row and column direction (PS3.3 C.7.6.2.1.1), orthonormal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Orientation {
    /// From a pixel to the next in its row: the direction in which columns are counted.
    pub(crate) along_row: PatientVector,
    /// From a pixel to the next in its column: the direction in which rows are counted.
    pub(crate) along_column: PatientVector,
}

impl Orientation {
    /// `None` when the cosines are not two orthogonal unit vectors (to 1 %).
    pub(crate) fn from_cosines([a, b, c, d, e, f]: [f64; 6]) -> Option<Self> {
        let (row, column) = (PatientVector::new(a, b, c), PatientVector::new(d, e, f));
        let is_unit = |v: PatientVector| (v.length_mm() - 1.0).abs() < 0.01;
        if !is_unit(row) || !is_unit(column) || 0.01 < row.dot(column).abs() {
            return None;
        }
        Some(Self {
            along_row: row.unit()?,
            along_column: column.unit()?,
        })
    }

    pub(crate) fn normal(self) -> PatientVector {
        self.along_row.cross(self.along_column)
    }

    /// Largest angle between the two directions of both, degrees.
    pub(crate) fn angle_deg(self, other: Self) -> f64 {
        let angle = |a: PatientVector, b: PatientVector| {
            a.cross(b).length_mm().atan2(a.dot(b)).to_degrees()
        };
        angle(self.along_row, other.along_row).max(angle(self.along_column, other.along_column))
    }
}

/// Distance between pixels and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spacing {
    /// Between rows and between columns, mm; of no unit where the source is unknown.
    pub(crate) rows_columns_mm: [f64; 2],
    pub(crate) source: SpacingSource,
    /// Was a spacing stated that is no positive number?
    pub(crate) was_unreadable: Reading,
}

/// Could an attribute be read?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    Fine,
    Unreadable,
}

/// Modality and VOI mapping of a frame; frames share it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FrameValues {
    pub(crate) mapping: Mapping,
    pub(crate) unit: ValueUnit,
    pub(crate) voi: Vec<Voi>,
    pub(crate) n_voi_refused: usize,
}

/// What tells frames apart that lie at the same place, in the order in which it is tried.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SplitKeys {
    pub(crate) numbers: [Option<f64>; N_NUMBER_KEYS],
    pub(crate) image_type: Arc<str>,
    pub(crate) stack: Option<Arc<str>>,
}

/// Names of the numeric keys, as they are said to the reader.
pub(crate) const NUMBER_KEYS: [&str; N_NUMBER_KEYS] = [
    "temporal position",
    "echo",
    "diffusion b-value",
    "segment",
    "trigger time",
    "acquisition number",
    "acquisition time",
    "content time",
];
const N_NUMBER_KEYS: usize = 8;

/// A level at which an attribute of a frame may stand: its own functional groups, the shared ones, the object itself.
pub(crate) struct Levels<'a> {
    pub(crate) own: Option<Node<'a>>,
    pub(crate) shared: Option<Node<'a>>,
    pub(crate) root: Node<'a>,
}

impl<'a> Levels<'a> {
    /// The first item of a functional group, the frame's own before the shared one.
    fn group(&self, sequence: u32) -> Option<Node<'a>> {
        self.own
            .and_then(|n| n.item(sequence))
            .or_else(|| self.shared.and_then(|n| n.item(sequence)))
    }

    fn group_or_root(&self, sequence: u32) -> Node<'a> {
        self.group(sequence).unwrap_or(self.root)
    }

    pub(crate) fn position(&self) -> Option<PatientPoint> {
        let node = self.group_or_root(tags::PLANE_POSITION_SEQUENCE);
        let xyz = node.decimal_array::<3>(tags::IMAGE_POSITION_PATIENT);
        // A hundred metres from the origin is no place in a patient.
        xyz.filter(|xyz| xyz.iter().all(|v| v.abs() < 1e5))
            .map(PatientPoint::from)
    }

    pub(crate) fn orientation(&self) -> (Option<Orientation>, Reading) {
        let node = self.group_or_root(tags::PLANE_ORIENTATION_SEQUENCE);
        match node.decimals(tags::IMAGE_ORIENTATION_PATIENT) {
            None => (None, Reading::Fine),
            Some(cosines) => {
                let orientation = cosines
                    .ok()
                    .and_then(|c| c.try_into().ok())
                    .and_then(Orientation::from_cosines);
                (
                    orientation,
                    if orientation.is_some() {
                        Reading::Fine
                    } else {
                        Reading::Unreadable
                    },
                )
            }
        }
    }

    pub(crate) fn spacing(&self, modality: &str) -> Spacing {
        let node = self.group_or_root(tags::PIXEL_MEASURES_SEQUENCE);
        let mut was_unreadable = Reading::Fine;
        let mut pair = |node: Node<'_>, tag| {
            let stated = node.decimals(tag)?;
            let pair: Option<[f64; 2]> = stated.ok().and_then(|v| v.try_into().ok());
            let pair = pair.filter(|p| p.iter().all(|v| 1e-6 < *v && *v < 1e4));
            if pair.is_none() {
                was_unreadable = Reading::Unreadable;
            }
            pair
        };
        let at_patient = pair(node, tags::PIXEL_SPACING);
        let at_detector = pair(self.root, tags::IMAGER_PIXEL_SPACING);
        let nominal = pair(self.root, tags::NOMINAL_SCANNED_PIXEL_SPACING);
        let found = match (at_patient, at_detector) {
            (Some(p), Some(d)) if is_projection(modality) && p == d => {
                Some((p, SpacingSource::ImagerPixelSpacing))
            }
            (Some(p), Some(_)) if is_projection(modality) => {
                Some((p, SpacingSource::CalibratedPixelSpacing))
            }
            (Some(p), _) => Some((p, SpacingSource::PixelSpacing)),
            (None, Some(d)) => Some(match self.root.decimal(tags::ESTIMATED_MAGNIFICATION) {
                Some(m) if 1.0 < m && m < 100.0 => (
                    d.map(|v| v / m),
                    SpacingSource::ImagerPixelSpacingMagnificationCorrected,
                ),
                _ => (d, SpacingSource::ImagerPixelSpacing),
            }),
            (None, None) => nominal
                .map(|n| (n, SpacingSource::NominalScannedPixelSpacing))
                .or_else(|| {
                    self.ultrasound()
                        .map(|u| (u, SpacingSource::UltrasoundRegion))
                }),
        };
        let (rows_columns_mm, source) = found.unwrap_or(([1.0, 1.0], SpacingSource::Unknown));
        Spacing {
            rows_columns_mm,
            source,
            was_unreadable,
        }
    }

    pub(crate) fn thickness_mm(&self) -> Option<f64> {
        let node = self.group_or_root(tags::PIXEL_MEASURES_SEQUENCE);
        node.decimal(tags::SLICE_THICKNESS)
            .filter(|t| 1e-3 < *t && *t < 1e3)
    }

    /// Physical deltas of the regions in centimetres (PS3.3 C.8.5.5), when all regions agree.
    fn ultrasound(&self) -> Option<[f64; 2]> {
        const CENTIMETRES: u16 = 3;
        let mut common = None;
        for region in self.root.items(tags::SEQUENCE_OF_ULTRASOUND_REGIONS) {
            let units = [
                tags::PHYSICAL_UNITS_X_DIRECTION,
                tags::PHYSICAL_UNITS_Y_DIRECTION,
            ]
            .map(|t| region.u16(t));
            let delta = |tag| {
                region
                    .floats(tag)?
                    .ok()?
                    .first()
                    .map(|v| v.abs() * 10.0)
                    .filter(|v| 1e-6 < *v)
            };
            let deltas = delta(tags::PHYSICAL_DELTA_Y)
                .zip(delta(tags::PHYSICAL_DELTA_X))
                .map(|(y, x)| [y, x]);
            let mm = deltas.filter(|_| units == [Some(CENTIMETRES); 2])?;
            if common.is_some_and(|c| c != mm) {
                return None;
            }
            common = Some(mm);
        }
        common
    }

    pub(crate) fn values(
        &self,
        modality: &str,
        charset: &Charset,
        signedness: Signedness,
    ) -> FrameValues {
        let node = self.group_or_root(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE);
        let mapping = mapping(node, signedness);
        let units = self
            .root
            .ascii(tags::UNITS)
            .or_else(|| self.root.ascii(tags::DOSE_UNITS));
        let unit = unit(node, &mapping, modality, units.as_deref());
        // The first value of a VOI LUT is signed where the modality values may be negative (PS3.3 C.11.2.1.1).
        let voi_signedness = match &mapping {
            Mapping::Rescale(r) if r.intercept < 0.0 => Signedness::Signed,
            Mapping::Table(_) => Signedness::Unsigned,
            _ => signedness,
        };
        let (voi, n_voi_refused) = voi(
            self.group_or_root(tags::FRAME_VOI_LUT_SEQUENCE),
            charset,
            voi_signedness,
        );
        FrameValues {
            mapping,
            unit,
            voi,
            n_voi_refused,
        }
    }

    pub(crate) fn keys(&self, image_type: &Arc<str>) -> SplitKeys {
        let content = self.group(tags::FRAME_CONTENT_SEQUENCE);
        let root = self.root;
        let integer = |tag| root.integer(tag)?.ok().map(|v| v as f64);
        let time = |tag| root.ascii(tag)?.replace(':', "").parse::<f64>().ok();
        let temporal = content
            .and_then(|c| {
                c.u32s(tags::TEMPORAL_POSITION_INDEX)?
                    .first()
                    .map(|v| f64::from(*v))
            })
            .or_else(|| integer(tags::TEMPORAL_POSITION_IDENTIFIER));
        let echo = self
            .group(tags::MR_ECHO_SEQUENCE)
            .and_then(|e| e.floats(tags::EFFECTIVE_ECHO_TIME)?.ok()?.first().copied())
            .or_else(|| root.decimal(tags::ECHO_TIME))
            .or_else(|| integer(tags::ECHO_NUMBERS));
        let b_value = self
            .group(tags::MR_DIFFUSION_SEQUENCE)
            .unwrap_or(root)
            .floats(tags::DIFFUSION_B_VALUE)
            .and_then(|v| v.ok()?.first().copied());
        let segment = self
            .group(tags::SEGMENT_IDENTIFICATION_SEQUENCE)
            .and_then(|s| s.u16(tags::REFERENCED_SEGMENT_NUMBER).map(f64::from));
        let stack = content.and_then(|c| c.ascii(tags::STACK_ID)).map(Arc::from);
        SplitKeys {
            numbers: [
                temporal,
                echo,
                b_value,
                segment,
                root.decimal(tags::TRIGGER_TIME),
                integer(tags::ACQUISITION_NUMBER),
                time(tags::ACQUISITION_TIME),
                time(tags::CONTENT_TIME),
            ],
            image_type: Arc::clone(image_type),
            stack,
        }
    }
}

/// Modalities whose pictures are projections, never slices.
pub(crate) fn is_projection(modality: &str) -> bool {
    matches!(
        modality,
        "CR" | "DX" | "MG" | "XA" | "RF" | "RG" | "PX" | "IO" | "DR" | "RTIMAGE"
    )
}
