//! The distance between pixels, and which plane it holds for (PS3.3 10.7.1.3).

use volume::SpacingSource;

use crate::dataset::Node;
use crate::frame::{Levels, Reading};
use crate::tags;

/// Distance between pixels and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spacing {
    /// Between rows and between columns, mm; of no unit where the source is unknown.
    pub(crate) rows_columns_mm: [f64; 2],
    pub(crate) source: SpacingSource,
    /// Was a spacing stated that is no positive number?
    pub(crate) was_unreadable: Reading,
    /// What the reader must know besides the source.
    pub(crate) remark: SpacingRemark,
}

/// What makes a spacing less, or more, than it seems.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum SpacingRemark {
    None,
    /// A projection with Pixel Spacing alone: of which plane it is, nothing says.
    PlaneUnknown,
    /// Calibrated on an object of known size (Pixel Spacing Calibration Type FIDUCIAL).
    Fiducial,
    /// Calibrated for a depth by known distances (Pixel Spacing Calibration Type GEOMETRY).
    Geometry,
    /// The stated magnification and that of the stated distances differ.
    MagnificationContradicts {
        stated: f64,
        from_distances: f64,
    },
}

/// Height of a pixel in widths of it, from Pixel Aspect Ratio (PS3.3 C.7.6.3.1.7).
pub(crate) fn aspect_ratio(root: Node<'_>) -> Option<f64> {
    let pair = root.decimals(tags::PIXEL_ASPECT_RATIO)?.ok()?;
    let &[vertical, horizontal] = pair.as_slice() else {
        return None;
    };
    let is_size = |v: f64| 1e-6 < v && v < 1e6;
    let ratio = vertical / horizontal;
    (is_size(vertical) && is_size(horizontal) && (0.05..=20.0).contains(&ratio)).then_some(ratio)
}

/// Magnifications beyond this are no radiograph's.
const MAX_MAGNIFICATION: f64 = 100.0;

/// Two magnifications this close say the same, as a part of the whole.
const SAME_MAGNIFICATION: f64 = 0.05;

impl Levels<'_> {
    pub(crate) fn spacing(&self, modality: &str) -> Spacing {
        let mut was_unreadable = Reading::Fine;
        let mut pair = |node: Option<Node<'_>>, tag| {
            let pair = positive_pair(node?, tag);
            if pair == Some(None) {
                was_unreadable = Reading::Unreadable;
            }
            pair.flatten()
        };
        let measures = self.group(tags::PIXEL_MEASURES_SEQUENCE);
        let at_patient = pair(Some(measures.unwrap_or(self.root)), tags::PIXEL_SPACING);
        let properties = self.group(tags::FRAME_PIXEL_DATA_PROPERTIES_SEQUENCE);
        let at_detector = pair(
            Some(properties.unwrap_or(self.root)),
            tags::IMAGER_PIXEL_SPACING,
        );
        let in_beam = pair(
            self.group(tags::PROJECTION_PIXEL_CALIBRATION_SEQUENCE),
            tags::OBJECT_PIXEL_SPACING_IN_CENTER_OF_BEAM,
        );
        let nominal = pair(Some(self.root), tags::NOMINAL_SCANNED_PIXEL_SPACING);
        // Slices that were reconstructed from projections state their spacing at the patient.
        let is_flat = is_projection(modality) && measures.is_none();
        let (found, remark) = match (at_patient, at_detector) {
            (Some(p), d) if is_flat => self.of_projection(p, d),
            (Some(p), _) => (Some((p, SpacingSource::PixelSpacing)), SpacingRemark::None),
            (None, Some(d)) => match in_beam {
                Some(b) => (
                    Some((b, SpacingSource::CalibratedPixelSpacing)),
                    SpacingRemark::Geometry,
                ),
                None => self.at_detector(d, modality),
            },
            (None, None) => {
                let nominal = nominal.map(|n| (n, SpacingSource::NominalScannedPixelSpacing));
                let ultrasound = || {
                    self.ultrasound()
                        .map(|u| (u, SpacingSource::UltrasoundRegion))
                };
                (nominal.or_else(ultrasound), SpacingRemark::None)
            }
        };
        let pixels = || {
            (
                [aspect_ratio(self.root).unwrap_or(1.0), 1.0],
                SpacingSource::Unknown,
            )
        };
        let (rows_columns_mm, source) = found.unwrap_or_else(pixels);
        Spacing {
            rows_columns_mm,
            source,
            was_unreadable,
            remark,
        }
    }

    /// Pixel Spacing of a projection: calibrated where it says so or differs from the detector's, else the detector's.
    fn of_projection(&self, stated: [f64; 2], at_detector: Option<[f64; 2]>) -> Found {
        let kind = self.root.ascii(tags::PIXEL_SPACING_CALIBRATION_TYPE);
        let remark = match kind.as_deref() {
            Some("FIDUCIAL") => SpacingRemark::Fiducial,
            Some("GEOMETRY") => SpacingRemark::Geometry,
            _ => SpacingRemark::None,
        };
        let same = |d: [f64; 2]| {
            stated
                .iter()
                .zip(d)
                .all(|(s, d)| (s - d).abs() <= 1e-6 * d.abs())
        };
        match (at_detector, remark) {
            (_, SpacingRemark::Fiducial | SpacingRemark::Geometry) => (
                Some((stated, SpacingSource::CalibratedPixelSpacing)),
                remark,
            ),
            (Some(d), _) if same(d) => self.uncorrected_detector(d),
            (Some(_), _) => (
                Some((stated, SpacingSource::CalibratedPixelSpacing)),
                remark,
            ),
            (None, _) => (
                Some((stated, SpacingSource::PixelSpacing)),
                SpacingRemark::PlaneUnknown,
            ),
        }
    }

    /// The detector's spacing, divided by the magnification where one is known.
    fn at_detector(&self, at_detector: [f64; 2], modality: &str) -> Found {
        let stated = self.magnification();
        let distances = self.magnification_of_distances(modality);
        match (stated, distances) {
            (Some(m), from) => {
                let remark = match from {
                    Some(d) if SAME_MAGNIFICATION < (d / m - 1.0).abs() => {
                        SpacingRemark::MagnificationContradicts {
                            stated: m,
                            from_distances: d,
                        }
                    }
                    _ => SpacingRemark::None,
                };
                (
                    Some((
                        at_detector.map(|v| v / m),
                        SpacingSource::ImagerPixelSpacingMagnificationCorrected,
                    )),
                    remark,
                )
            }
            (None, Some(d)) => (
                Some((
                    at_detector.map(|v| v / d),
                    SpacingSource::ImagerPixelSpacingDistanceCorrected,
                )),
                SpacingRemark::None,
            ),
            (None, None) => (
                Some((at_detector, SpacingSource::ImagerPixelSpacing)),
                SpacingRemark::None,
            ),
        }
    }

    /// As [`Self::at_detector`], where Pixel Spacing repeats the detector's: who wrote it did not correct it, and a
    /// stated magnification still tells how far it is off.
    fn uncorrected_detector(&self, at_detector: [f64; 2]) -> Found {
        let found = match self.magnification() {
            Some(m) => (
                at_detector.map(|v| v / m),
                SpacingSource::ImagerPixelSpacingMagnificationCorrected,
            ),
            None => (at_detector, SpacingSource::ImagerPixelSpacing),
        };
        (Some(found), SpacingRemark::None)
    }

    /// Estimated Radiographic Magnification Factor, where it magnifies.
    fn magnification(&self) -> Option<f64> {
        let stated = self.root.decimal(tags::ESTIMATED_MAGNIFICATION)?;
        (1.0 < stated && stated < MAX_MAGNIFICATION).then_some(stated)
    }

    /// Source to detector over source to isocentre. Only angiography measures the second to the patient's middle
    /// (PS3.3 C.8.7.5); elsewhere it ends at the table or the skin (PS3.3 C.8.11.5), which would correct too much.
    fn magnification_of_distances(&self, modality: &str) -> Option<f64> {
        if !matches!(modality, "XA" | "RF") {
            return None;
        }
        let to_detector = self.root.decimal(tags::DISTANCE_SOURCE_TO_DETECTOR)?;
        let to_patient = self.root.decimal(tags::DISTANCE_SOURCE_TO_PATIENT)?;
        let ratio = to_detector / to_patient;
        (0.0 < to_patient && 1.0 < ratio && ratio < MAX_MAGNIFICATION).then_some(ratio)
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
}

/// Spacing and its source, if there is any, and what is to be said about it.
type Found = (Option<([f64; 2], SpacingSource)>, SpacingRemark);

/// `None`: absent; `Some(None)`: present and no pair of positive numbers.
fn positive_pair(node: Node<'_>, tag: u32) -> Option<Option<[f64; 2]>> {
    let stated = node.decimals(tag)?;
    let pair: Option<[f64; 2]> = stated.ok().and_then(|v| v.try_into().ok());
    Some(pair.filter(|p| p.iter().all(|v| 1e-6 < *v && *v < 1e4)))
}

/// Modalities whose pictures are projections, never slices.
pub(crate) fn is_projection(modality: &str) -> bool {
    matches!(
        modality,
        "CR" | "DX" | "MG" | "XA" | "RF" | "RG" | "PX" | "IO" | "DR" | "RTIMAGE"
    )
}
