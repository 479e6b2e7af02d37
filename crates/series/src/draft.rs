use std::sync::Arc;

use space::{Grid, PatientPoint, PatientVector};
use volume::{GeometryKind, ModalityLut, Placement, Rescale, SpacingSource, ValueUnit, Voi};

use crate::frame::{Frame, Reading};
use crate::geometry::Arrangement;
use crate::hazards::{Remark, grid_remarks, tilt_remark};
use crate::image_facts::ImageNote;
use crate::instance::{Instance, Problem};
use crate::meaning::{pet_extent, windows_vary};
use crate::model::{Capture, DocumentKind, Fidelity, SliceSource, VolumePlan};
use crate::pet::PetExtent;
use crate::pixel_format::PixelFormat;
use crate::slot::Slot;
use crate::spacing::{SpacingRemark, is_projection};
use crate::syntax;
use crate::value_mapping::Mapping;
use crate::warning::{Severity, Warning};

/// What is odd about the geometry of objects, to be said of the volumes that they are in.
const GEOMETRY_PROBLEMS: [(Problem, &str, Severity, &str); 7] = [
    (
        Problem::OrientationUnusable,
        "orientation_unusable",
        Severity::Warning,
        "The stated orientation is no pair of orthogonal directions and was not believed: there are no letters and no reformats.",
    ),
    (
        Problem::OrientationAdjusted,
        "orientation_adjusted",
        Severity::Info,
        "The stated directions of rows and columns are not quite orthogonal unit vectors; they were put right by less than one per cent.",
    ),
    (
        Problem::PositionUnusable,
        "position_unusable",
        Severity::Warning,
        "A stated position is no place in a patient and was not believed; the slice is shown without coordinates.",
    ),
    (
        Problem::FrameGroupsMissing,
        "frame_groups_missing",
        Severity::Warning,
        "The object describes fewer frames than it holds; frames without a description are shown apart, without a place.",
    ),
    (
        Problem::FrameOffsetsUnusable,
        "frame_offsets_unusable",
        Severity::Warning,
        "The places of the frames cannot be read (their vector is missing or does not fit), so there are no reformats; frames are shown in their order.",
    ),
    (
        Problem::FrameOffsetsContradict,
        "frame_offsets_contradict",
        Severity::Warning,
        "The vector of frame places and the position of the image disagree about the first frame; the position was believed.",
    ),
    (
        Problem::MosaicPacked,
        "mosaic_packed",
        Severity::Warning,
        "The slices are packed into one picture and the header that tells how is missing, so the picture is shown as it is: distances across tiles mean nothing.",
    ),
];

/// A plan in the making.
pub(crate) struct Draft<'a> {
    series_uid: &'a str,
    frame: &'a Frame,
    instance: &'a Instance,
    format: PixelFormat,
    pub(crate) label: String,
    pub(crate) kind: GeometryKind,
    pub(crate) grid: Grid,
    pub(crate) placed: Placement,
    pub(crate) origins: Vec<PatientPoint>,
    pub(crate) thickness_mm: f64,
    warnings: Vec<Warning>,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(series_uid: &'a str, slots: &'a [Slot], label: String) -> Option<Self> {
        let first = slots.first()?;
        let (frame, format) = (first.frame()?, first.format()?.clone());
        let zero = PatientPoint::new(0.0, 0.0, 0.0);
        let none = PatientVector::default();
        let size = [
            usize::from(format.columns),
            usize::from(format.rows),
            slots.len(),
        ];
        Some(Self {
            series_uid,
            frame,
            instance: &first.instance,
            format,
            label,
            kind: GeometryKind::Stack,
            grid: Grid {
                size,
                origin: zero,
                column_step: none,
                row_step: none,
                slice_step: none,
            },
            placed: Placement::Unplaced,
            origins: Vec::new(),
            thickness_mm: frame.thickness_mm.unwrap_or(1.0),
            warnings: Vec::new(),
        })
    }

    pub(crate) fn lay(
        &mut self,
        along_row: PatientVector,
        along_column: PatientVector,
        origin: PatientPoint,
    ) {
        let [between_rows, between_columns] = self.frame.spacing.rows_columns_mm;
        self.grid.origin = origin;
        self.grid.column_step = along_row * between_columns;
        self.grid.row_step = along_column * between_rows;
    }

    pub(crate) fn warn(&mut self, code: &'static str, severity: Severity, text: impl Into<String>) {
        self.warnings
            .push(Warning::new(code, severity, text).in_series(self.series_uid));
    }

    pub(crate) fn warn_all(&mut self, remarks: impl IntoIterator<Item = Remark>) {
        for (code, severity, text) in remarks {
            self.warn(code, severity, text);
        }
    }

    /// What is to be said of the space that the slices lie in.
    pub(crate) fn warn_of_place(&mut self) {
        if self.placed == Placement::Unplaced {
            self.warn("volume_space_only", Severity::Warning, "The slices lie in the transducer's own space and not in the patient's, so there are no letters and no anatomical reformats.");
        } else if self.instance.about.frame_of_reference_uid.is_none() {
            self.warn("frame_of_reference_missing", Severity::Info, "The images name no frame of reference, so positions cannot be linked with those of other series.");
        }
    }

    /// What is reconstructed from a few views is sharp in its slices alone.
    pub(crate) fn warn_of_depth(&mut self) {
        if is_projection(&self.instance.about.modality) {
            self.warn("depth_blurred", Severity::Warning, "The slices were made from views of a small angle: what is seen across them, and every length across them, is blurred.");
        }
    }

    pub(crate) fn warn_of_grid(&mut self, slots: &[Slot], origins: &[PatientPoint]) {
        let (Some(first), Some(last)) = (origins.first(), origins.last()) else {
            return;
        };
        let normal = self.grid.slice_normal().unwrap_or_default();
        let whole = *last - *first;
        let aside = (whole - normal * whole.dot(normal)).length_mm();
        let tilt = self.grid.tilt_deg();
        if 0.2 < tilt && self.grid.column_step.length_mm() / 2.0 < aside {
            self.warn("gantry_tilt", Severity::Info, format!("The slices are sheared by {tilt:.1}° (gantry tilt); reformats and measurements take it into account."));
        }
        self.warn_all(tilt_remark(self.instance.gantry_tilt_deg, tilt));
        self.warn_all(grid_remarks(slots, self.grid.slice_step, normal));
    }

    pub(crate) fn warn_of_irregular(&mut self, arrangement: &Arrangement) {
        match arrangement {
            Arrangement::Uneven {
                smallest_mm,
                largest_mm,
            } => {
                let text = format!(
                    "The distance between slices varies from {smallest_mm:.2} to {largest_mm:.2} mm, so there are no reformats; slices are shown one by one."
                );
                self.warn("uneven_spacing", Severity::Warning, text);
            }
            Arrangement::Shifted { largest_mm } => {
                let text = format!(
                    "Slices are shifted sideways by up to {largest_mm:.1} mm, so there are no reformats; slices are shown one by one."
                );
                self.warn("slices_shifted", Severity::Warning, text);
            }
            Arrangement::Regular { .. } => {}
        }
    }

    pub(crate) fn finish(mut self, places: &[Option<Slot>]) -> VolumePlan {
        self.grid.size[2] = places.len();
        self.warn_of_slices(places);
        let (modality_lut, unit) = self.modality(places);
        self.warn_of_spacing();
        self.warn_of_images(places);
        self.warn_of_meaning(places, &modality_lut);
        let is_lossy = places.iter().flatten().any(|s| {
            syntax::is_lossy(&s.instance.transfer_syntax_uid)
                || s.instance.facts.has(ImageNote::LossyBefore)
        });
        let class = self.instance.sop_class_uid.as_str();
        let is_secondary =
            class == "1.2.840.10008.5.1.4.1.1.7" || class.starts_with("1.2.840.10008.5.1.4.1.1.7.");
        let source = |slot: &Slot| {
            let number = slot.frame_idx as u32 + 1;
            let is_tile = slot.instance.mosaic.is_some();
            SliceSource {
                instance: Arc::clone(&slot.instance),
                frame_number: if is_tile { 1 } else { number },
                tile_number: is_tile.then_some(number),
            }
        };
        VolumePlan {
            kind: self.kind,
            series_instance_uid: self.series_uid.to_owned(),
            label: self.label,
            slices: places.iter().map(|p| p.as_ref().map(source)).collect(),
            format: self.format,
            grid: self.grid,
            placed: self.placed,
            slice_origins: self.origins,
            spacing_source: self.frame.spacing.source,
            modality_lut,
            unit,
            voi: middle_voi(places),
            palette: self.instance.palette.clone(),
            capture: if is_secondary {
                Capture::Secondary
            } else {
                Capture::Acquired
            },
            fidelity: if is_lossy {
                Fidelity::Lossy
            } else {
                Fidelity::Lossless
            },
            subtraction: None,
            warnings: self.warnings,
        }
    }

    /// Are the slices all of their series?
    pub(crate) fn pet_extent(&self) -> PetExtent {
        pet_extent(&self.label)
    }

    fn warn_of_slices(&mut self, places: &[Option<Slot>]) {
        let missing: Vec<usize> = places
            .iter()
            .enumerate()
            .filter(|(_, p)| p.is_none())
            .map(|(i, _)| i)
            .collect();
        let is_segment = self.instance.document == Some(DocumentKind::Segmentation);
        if !missing.is_empty() && is_segment {
            let text = format!(
                "At {} of {} places no frame is stored: nothing is marked there, and the places are shown as gaps.",
                missing.len(),
                places.len()
            );
            let warning = Warning::new("segment_frames_absent", Severity::Info, text)
                .in_series(self.series_uid);
            self.warnings.push(warning.for_slices(missing));
        } else if !missing.is_empty() {
            let numbers: Vec<String> = missing
                .iter()
                .take(20)
                .map(|i| (i + 1).to_string())
                .collect();
            let more = if 20 < missing.len() { " …" } else { "" };
            let text = format!(
                "{} of {} slices are missing (position {}{more}); the gaps are shown as gaps. Ask for the whole series.",
                missing.len(),
                places.len(),
                numbers.join(", ")
            );
            let warning =
                Warning::new("missing_slices", Severity::Warning, text).in_series(self.series_uid);
            self.warnings.push(warning.for_slices(missing));
        }
        let numbers: Vec<i64> = places
            .iter()
            .flatten()
            .filter_map(|s| s.instance.instance_number)
            .collect();
        let is_sorted = numbers.is_sorted() || numbers.iter().rev().is_sorted();
        if self.placed == Placement::InPatient
            && !is_sorted
            && !places.iter().flatten().any(Slot::is_multiframe)
        {
            self.warn("unsorted", Severity::Info, "Instance numbers do not follow the position of the slices; the position was believed.");
        }
        let has = |problem| {
            places
                .iter()
                .flatten()
                .any(|s| s.instance.problems.contains(&problem))
        };
        for (problem, code, severity, text) in GEOMETRY_PROBLEMS {
            if has(problem) {
                self.warn(code, severity, text);
            }
        }
        if has(Problem::HighBitOdd) {
            self.warn("high_bit_odd", Severity::Info, "The stored bits do not end where they should (High Bit); the attribute was believed.");
        }
        if has(Problem::PaletteUnusable) {
            self.warn(
                "palette_unusable",
                Severity::Warning,
                "The colour table is missing or contradicts itself, so indices are shown as grey.",
            );
        }
        let cut: Vec<usize> = (0..places.len())
            .filter(|i| {
                places.get(*i).is_some_and(|p| {
                    p.as_ref()
                        .is_some_and(|s| s.instance.problems.contains(&Problem::PixelsCut))
                })
            })
            .collect();
        if !cut.is_empty() {
            let text = format!(
                "{} slices have fewer pixel data than they claim; what is not complete is not shown. Ask for the images to be sent again.",
                cut.len()
            );
            let warning =
                Warning::new("pixel_data_short", Severity::Error, text).in_series(self.series_uid);
            self.warnings.push(warning.for_slices(cut));
        }
    }

    fn warn_of_spacing(&mut self) {
        if self.frame.spacing.was_unreadable == Reading::Unreadable {
            self.warn(
                "spacing_unreadable",
                Severity::Warning,
                "A stated pixel spacing is no pair of positive numbers and was not believed.",
            );
        }
        let regions = &self.instance.facts.regions;
        let is_calibrated = regions.iter().any(|region| region.spacing_mm().is_some());
        let source = match self.frame.spacing.source {
            SpacingSource::Unknown if is_calibrated => Some((
                "spacing_missing",
                Severity::Warning,
                "Lengths are in mm only within the regions that the ultrasound machine calibrated; elsewhere they are in pixels, and there are no reformats.",
            )),
            SpacingSource::Unknown => Some((
                "spacing_missing",
                Severity::Warning,
                "The distance between pixels is unknown, so lengths are in pixels, never in mm, and there are no reformats.",
            )),
            SpacingSource::ImagerPixelSpacing => Some((
                "spacing_at_detector",
                Severity::Info,
                "Lengths are those at the detector; in the patient they are shorter by an unknown magnification.",
            )),
            SpacingSource::ImagerPixelSpacingMagnificationCorrected => Some((
                "spacing_magnification_corrected",
                Severity::Info,
                "Lengths are corrected by the estimated magnification; they hold for structures at that depth.",
            )),
            SpacingSource::ImagerPixelSpacingDistanceCorrected => Some((
                "spacing_distance_corrected",
                Severity::Warning,
                "Lengths are corrected by the distances of the X-ray source from detector and isocentre; they hold for structures at the isocentre only.",
            )),
            SpacingSource::NominalScannedPixelSpacing => Some((
                "spacing_nominal",
                Severity::Info,
                "Lengths rest on the nominal spacing of the film scanner.",
            )),
            SpacingSource::PixelSpacing
            | SpacingSource::CalibratedPixelSpacing
            | SpacingSource::UltrasoundRegion => None,
        };
        let remark = match self.frame.spacing.remark {
            SpacingRemark::None => None,
            SpacingRemark::PlaneUnknown => Some(("spacing_plane_unknown", Severity::Warning, "The images state a spacing of pixels and not whether it holds at the detector or in the patient; take lengths with care.".to_owned())),
            SpacingRemark::Fiducial => Some(("spacing_calibrated", Severity::Info, "Lengths are calibrated on an object of known size; they hold at its depth.".to_owned())),
            SpacingRemark::Geometry => Some(("spacing_calibrated", Severity::Info, "Lengths are calibrated for one depth by known distances; they hold at that depth.".to_owned())),
            SpacingRemark::MagnificationContradicts { stated, from_distances } => Some(("magnification_contradicts", Severity::Warning, format!("The stated magnification is {stated:.2} and that of the stated distances {from_distances:.2}; the first was believed, so take lengths with care."))),
        };
        self.warn_all(source.map(|(code, severity, text)| (code, severity, text.to_owned())));
        self.warn_all(remark);
    }

    /// One mapping for all slices, or one a slice; where any cannot be read, none.
    fn modality(&mut self, places: &[Option<Slot>]) -> (ModalityLut, ValueUnit) {
        let frames: Vec<Option<&Frame>> = places
            .iter()
            .map(|p| p.as_ref().and_then(Slot::frame))
            .collect();
        let present = || frames.iter().flatten().map(|f| &f.values);
        let Some(first) = present().next() else {
            return (ModalityLut::Identity, ValueUnit::Stored);
        };
        if present().any(|v| 0 < v.n_voi_refused) {
            self.warn("window_unreadable", Severity::Info, "A window or VOI table of the images cannot be used (numbers or width); others or the full range take its place.");
        }
        if windows_vary(present().map(|v| v.voi.first())) {
            self.warn("window_varies", Severity::Info, "The slices ask for different windows; each is shown with its own until the window is changed, so brightness does not compare between slices. Planes across the slices use that of the middle one.");
        }
        if present().any(|v| v.mapping == Mapping::Unreadable) {
            self.warn("rescale_unreadable", Severity::Warning, "The rescale slope, intercept or modality table cannot be read, so values are stored units and no HU.");
            return (ModalityLut::Identity, ValueUnit::Stored);
        }
        let is_same = present().all(|v| v.mapping == first.mapping && v.unit == first.unit);
        match &first.mapping {
            Mapping::Absent if is_same => (ModalityLut::Identity, ValueUnit::Stored),
            Mapping::Table(table) if is_same => {
                let lut = ModalityLut::Table {
                    first_value: table.first_value,
                    entries: table.entries.clone(),
                };
                (lut, first.unit.clone())
            }
            Mapping::Rescale(rescale) if is_same => {
                (ModalityLut::Rescale(vec![*rescale]), first.unit.clone())
            }
            Mapping::Rescale(_)
                if present()
                    .all(|v| matches!(v.mapping, Mapping::Rescale(_)) && v.unit == first.unit) =>
            {
                self.warn("rescale_varies", Severity::Info, "Each slice has its own rescale slope or intercept; each is applied to its own slice.");
                let of = |frame: &Option<&Frame>| match frame.map(|f| &f.values.mapping) {
                    Some(Mapping::Rescale(rescale)) => *rescale,
                    _ => Rescale::IDENTITY,
                };
                (
                    ModalityLut::Rescale(frames.iter().map(of).collect()),
                    first.unit.clone(),
                )
            }
            _ => {
                self.warn("rescale_inconsistent", Severity::Warning, "Some slices state how stored values become measured ones and others differ in kind, so values are stored units.");
                (ModalityLut::Identity, ValueUnit::Stored)
            }
        }
    }
}

/// The windows of the slice nearest the middle that has any.
fn middle_voi(places: &[Option<Slot>]) -> Vec<Voi> {
    let middle = places.len() / 2;
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|i| i.abs_diff(middle));
    let voi = |i: usize| {
        places
            .get(i)?
            .as_ref()?
            .frame()
            .map(|f| f.values.voi.clone())
            .filter(|v| !v.is_empty())
    };
    order.into_iter().find_map(voi).unwrap_or_default()
}
