use std::sync::Arc;

use space::{Grid, PatientPoint, PatientVector};
use volume::{GeometryKind, ModalityLut, Placement, Rescale, SpacingSource, ValueUnit, Voi};

use crate::frame::{Frame, Orientation, Reading};
use crate::geometry::{Arrangement, arrange};
use crate::instance::{Instance, Problem};
use crate::limits;
use crate::model::{Capture, Fidelity, SliceSource, VolumePlan};
use crate::pixel_format::PixelFormat;
use crate::slot::Slot;
use crate::split::{HowSplit, Part, by_place, order_key, split_by_time};
use crate::syntax;
use crate::value_mapping::Mapping;
use crate::warning::{Severity, Warning};

/// Makes the volumes of a series from its objects: split by everything that keeps slices apart, each in geometric order.
pub(crate) fn plan_volumes(series_uid: &str, instances: &[Arc<Instance>]) -> Vec<VolumePlan> {
    let mut groups: Vec<Vec<Slot>> = Vec::new();
    for slot in instances.iter().flat_map(Slot::all) {
        // Consecutive slots mostly belong together, so the last group is asked first.
        let home = groups
            .iter()
            .rposition(|group| group.first().is_some_and(|first| first.belongs_with(&slot)));
        match home.and_then(|i| groups.get_mut(i)) {
            Some(group) => group.push(slot),
            None => groups.push(vec![slot]),
        }
    }
    let mixed = mixed_warnings(series_uid, &groups);
    let mut plans: Vec<VolumePlan> = Vec::new();
    for group in groups {
        let is_localizer = group.first().is_some_and(Slot::is_localizer);
        plans.extend(plan_group(series_uid, group).into_iter().map(|mut plan| {
            if is_localizer && plan.label.is_empty() {
                plan.label = "localizer".to_owned();
            }
            plan
        }));
    }
    if let Some(first) = plans.first_mut() {
        first.warnings.extend(mixed);
    }
    plans
}

fn plan_group(series_uid: &str, slots: Vec<Slot>) -> Vec<VolumePlan> {
    let orientation = slots
        .first()
        .and_then(|s| s.position().and(s.frame()?.orientation));
    match orientation {
        Some(orientation) => split_by_time(slots, orientation.normal())
            .into_iter()
            .filter_map(|part| placed(series_uid, part, orientation))
            .collect(),
        None => unplaced(series_uid, slots).into_iter().collect(),
    }
}

/// Slices whose place in the patient is known.
fn placed(series_uid: &str, part: Part, orientation: Orientation) -> Option<VolumePlan> {
    let normal = orientation.normal();
    let places = by_place(&part.slots, normal);
    let is_film = 1 < part.slots.len() && places.len() == 1;
    let slots: Vec<Slot> = if is_film {
        let mut slots = part.slots;
        slots.sort_by_key(order_key);
        slots
    } else {
        places.into_iter().flatten().collect()
    };
    let origins: Vec<PatientPoint> = slots.iter().filter_map(Slot::position).collect();
    let mut draft = Draft::new(series_uid, &slots, part.label)?;
    draft.placed = Placement::InPatient;
    draft.lay(
        orientation.along_row,
        orientation.along_column,
        *origins.first()?,
    );
    let thickness = normal * draft.thickness_mm;
    if part.how == HowSplit::ByOrder {
        draft.warn("duplicate_positions", Severity::Warning, "Several slices lie at each place and no attribute tells them apart; they were split by their order. Check the series before comparing times.");
    }
    let of_many = if slots.iter().all(Slot::is_multiframe) {
        GeometryKind::Multiframe
    } else {
        GeometryKind::Stack
    };
    let mut places = slots.iter().cloned().map(Some).collect::<Vec<_>>();
    if slots.len() == 1 {
        draft.kind = GeometryKind::Single;
        draft.grid.slice_step = thickness;
    } else if is_film {
        draft.kind = of_many;
        draft.grid.slice_step = thickness;
        draft.origins = origins;
    } else {
        let max_holes = slots.len() * limits::MAX_HOLES_PER_SLICE;
        let pixel_mm = draft
            .grid
            .column_step
            .length_mm()
            .min(draft.grid.row_step.length_mm());
        match arrange(&origins, normal, pixel_mm, max_holes)? {
            Arrangement::Regular {
                step,
                place_of,
                n_places,
            } => {
                draft.kind = GeometryKind::Volume;
                draft.grid.slice_step = step;
                places = vec![None; n_places];
                for (slot, place) in slots.iter().zip(place_of) {
                    if let Some(cell) = places.get_mut(place) {
                        *cell = Some(slot.clone());
                    }
                }
                draft.warn_of_grid(&origins);
            }
            irregular => {
                draft.kind = of_many;
                draft.grid.slice_step = thickness;
                draft.origins = origins;
                draft.warn_of_irregular(&irregular);
            }
        }
    }
    Some(draft.finish(&places))
}

/// Pictures without a place in the patient, in the order of their numbers.
fn unplaced(series_uid: &str, mut slots: Vec<Slot>) -> Option<VolumePlan> {
    slots.sort_by_key(order_key);
    let mut draft = Draft::new(series_uid, &slots, String::new())?;
    draft.kind = match slots.as_slice() {
        [_] => GeometryKind::Single,
        many if many.iter().all(Slot::is_multiframe) => GeometryKind::Multiframe,
        _ => GeometryKind::Stack,
    };
    draft.lay(
        PatientVector::new(1.0, 0.0, 0.0),
        PatientVector::new(0.0, 1.0, 0.0),
        PatientPoint::new(0.0, 0.0, 0.0),
    );
    draft.grid.slice_step = PatientVector::new(0.0, 0.0, draft.thickness_mm);
    let is_tomographic = matches!(
        slots.first()?.instance.about.modality.as_str(),
        "CT" | "MR" | "PT"
    );
    if is_tomographic {
        draft.warn("position_missing", Severity::Warning, "Position or orientation in the patient is missing, so there are no letters, no reformats and no coordinates; slices are in the order of their numbers.");
    }
    let places: Vec<Option<Slot>> = slots.iter().cloned().map(Some).collect();
    Some(draft.finish(&places))
}

/// A plan in the making.
struct Draft<'a> {
    series_uid: &'a str,
    frame: &'a Frame,
    instance: &'a Instance,
    format: PixelFormat,
    label: String,
    kind: GeometryKind,
    grid: Grid,
    placed: Placement,
    origins: Vec<PatientPoint>,
    thickness_mm: f64,
    warnings: Vec<Warning>,
}

impl<'a> Draft<'a> {
    fn new(series_uid: &'a str, slots: &'a [Slot], label: String) -> Option<Self> {
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

    fn lay(&mut self, along_row: PatientVector, along_column: PatientVector, origin: PatientPoint) {
        let [between_rows, between_columns] = self.frame.spacing.rows_columns_mm;
        self.grid.origin = origin;
        self.grid.column_step = along_row * between_columns;
        self.grid.row_step = along_column * between_rows;
    }

    fn warn(&mut self, code: &'static str, severity: Severity, text: impl Into<String>) {
        self.warnings
            .push(Warning::new(code, severity, text).in_series(self.series_uid));
    }

    fn warn_of_grid(&mut self, origins: &[PatientPoint]) {
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
    }

    fn warn_of_irregular(&mut self, arrangement: &Arrangement) {
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

    fn finish(mut self, places: &[Option<Slot>]) -> VolumePlan {
        self.grid.size[2] = places.len();
        self.warn_of_slices(places);
        let (modality_lut, unit) = self.modality(places);
        self.warn_of_spacing();
        let is_lossy = places
            .iter()
            .flatten()
            .any(|s| syntax::is_lossy(&s.instance.transfer_syntax_uid));
        let class = self.instance.sop_class_uid.as_str();
        let is_secondary =
            class == "1.2.840.10008.5.1.4.1.1.7" || class.starts_with("1.2.840.10008.5.1.4.1.1.7.");
        let source = |slot: &Slot| SliceSource {
            instance: Arc::clone(&slot.instance),
            frame_number: slot.frame_idx as u32 + 1,
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
            warnings: self.warnings,
        }
    }

    fn warn_of_slices(&mut self, places: &[Option<Slot>]) {
        let missing: Vec<usize> = places
            .iter()
            .enumerate()
            .filter(|(_, p)| p.is_none())
            .map(|(i, _)| i)
            .collect();
        if !missing.is_empty() {
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
        if has(Problem::OrientationUnusable) {
            self.warn("orientation_unusable", Severity::Warning, "The stated orientation is no pair of orthogonal directions and was not believed: there are no letters and no reformats.");
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
        match self.frame.spacing.source {
            SpacingSource::Unknown => {
                self.warn("spacing_missing", Severity::Warning, "The distance between pixels is unknown, so lengths are in pixels, never in mm.");
            }
            SpacingSource::ImagerPixelSpacing => {
                self.warn("spacing_at_detector", Severity::Info, "Lengths are those at the detector; in the patient they are shorter by an unknown magnification.");
            }
            SpacingSource::ImagerPixelSpacingMagnificationCorrected => {
                self.warn(
                    "spacing_magnification_corrected",
                    Severity::Info,
                    "Lengths are corrected by the estimated magnification.",
                );
            }
            SpacingSource::NominalScannedPixelSpacing => {
                self.warn(
                    "spacing_nominal",
                    Severity::Info,
                    "Lengths rest on the nominal spacing of the film scanner.",
                );
            }
            SpacingSource::PixelSpacing
            | SpacingSource::CalibratedPixelSpacing
            | SpacingSource::UltrasoundRegion => {}
        }
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

/// What a series mixes that should not be in one.
fn mixed_warnings(series_uid: &str, groups: &[Vec<Slot>]) -> Vec<Warning> {
    let firsts: Vec<&Slot> = groups.iter().filter_map(|g| g.first()).collect();
    let real: Vec<&&Slot> = firsts
        .iter()
        .filter(|s| !s.is_localizer() && s.position().is_some())
        .collect();
    let mut warnings = Vec::new();
    let mut warn = |code, text: &str| {
        warnings.push(Warning::new(code, Severity::Warning, text).in_series(series_uid))
    };
    let orientations: Vec<Orientation> =
        real.iter().filter_map(|s| s.frame()?.orientation).collect();
    if orientations.iter().any(|o| {
        orientations
            .first()
            .is_some_and(|first| 0.1 < first.angle_deg(*o))
    }) {
        warn(
            "mixed_orientation",
            "The series mixes slices of different orientation; each orientation is a volume of its own.",
        );
    }
    let sizes = |s: &&&Slot| s.format().map(|f| (f.rows, f.columns));
    if real
        .iter()
        .any(|s| sizes(&s) != real.first().and_then(|f| sizes(&f)))
    {
        warn(
            "mixed_matrix",
            "The series mixes slices of different matrix size; each size is a volume of its own.",
        );
    }
    let spacing = |s: &Slot| s.frame().map(|f| f.spacing.rows_columns_mm);
    if real.iter().any(|s| {
        spacing(s) != real.first().and_then(|f| spacing(f))
            && sizes(&s) == real.first().and_then(|f| sizes(&f))
    }) {
        warn(
            "mixed_spacing",
            "The series mixes slices of different pixel spacing; each is a volume of its own.",
        );
    }
    if firsts.iter().any(|s| s.is_localizer()) && !real.is_empty() {
        warn(
            "localizer_apart",
            "The series holds localizer images; they are shown apart.",
        );
    }
    if firsts.iter().any(|s| s.position().is_none()) && !real.is_empty() {
        warn(
            "position_missing_in_some",
            "Some slices of the series have no position; they are shown apart.",
        );
    }
    warnings
}
