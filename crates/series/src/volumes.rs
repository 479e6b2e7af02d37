use std::sync::Arc;

use space::{PatientPoint, PatientVector};
use volume::{GeometryKind, Placement, SpacingSource};

use crate::completeness::completeness_warnings;
use crate::concatenation::missing_parts;
use crate::draft::Draft;
use crate::frame::Orientation;
use crate::geometry::{Arrangement, Expected, StatedStep, arrange};
use crate::group_label::group_labels;
use crate::hazards::location_remark;
use crate::instance::Instance;
use crate::limits;
use crate::mixed::mixed_warnings;
use crate::model::{DocumentKind, VolumePlan};
use crate::slot::Slot;
use crate::slot_groups::slot_groups;
use crate::split::{HowSplit, Part, by_place, joined, sort_by_order, split_by_time, split_until};
use crate::warning::Severity;

/// Makes the volumes of a series from its objects: split by everything that keeps slices apart, each in geometric
/// order. The order of the objects makes no difference.
pub(crate) fn plan_volumes(series_uid: &str, instances: &[Arc<Instance>]) -> Vec<VolumePlan> {
    let mut slots: Vec<Slot> = instances.iter().flat_map(Slot::all).collect();
    sort_by_order(&mut slots);
    let groups = slot_groups(slots);
    let mixed = mixed_warnings(series_uid, &groups);
    let labels = group_labels(&groups);
    let mut plans: Vec<VolumePlan> = Vec::new();
    for (group, label) in groups.into_iter().zip(labels) {
        let missing = missing_parts(&group).map(|w| w.in_series(series_uid));
        let mut made = plan_group(series_uid, group);
        for plan in &mut made {
            plan.label = joined(&label, &plan.label);
            plan.warnings.extend(missing.clone());
        }
        plans.extend(made);
    }
    let incomplete = completeness_warnings(series_uid, instances, &plans);
    if let Some(first) = plans.first_mut() {
        first.warnings.extend(mixed);
        first.warnings.extend(incomplete);
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
            .flat_map(|part| placed(series_uid, part, orientation))
            .collect(),
        None => unplaced(series_uid, slots).into_iter().collect(),
    }
}

/// Slices whose place is known: one volume, one stack, or the volumes that an uneven whole consists of.
fn placed(series_uid: &str, part: Part, orientation: Orientation) -> Vec<VolumePlan> {
    let is_even = |slots: &[Slot]| Row::of(slots, orientation).is_even();
    let row = Row::of(&part.slots, orientation);
    let is_whole = part.slots.len() < 4 || row.n_places == 1;
    if !is_whole
        && !row.is_even()
        && let Some(parts) = split_until(&part.slots, is_even)
    {
        let plan = |(label, slots): (String, Vec<Slot>)| {
            let label = joined(&part.label, &label);
            let row = Row::of(&slots, orientation);
            placed_row(series_uid, (label, part.how), row, orientation)
        };
        return parts.into_iter().filter_map(plan).collect();
    }
    placed_row(series_uid, (part.label, part.how), row, orientation)
        .into_iter()
        .collect()
}

/// Parallel slices in the order of their places.
struct Row {
    slots: Vec<Slot>,
    n_places: usize,
    /// `None` for fewer than two places.
    arrangement: Option<Arrangement>,
}

impl Row {
    fn of(slots: &[Slot], orientation: Orientation) -> Self {
        let (slots, n_places) = by_place(slots, orientation.normal());
        let has_gaps = 1 < n_places;
        Self {
            arrangement: has_gaps.then(|| arrangement(&slots, orientation)).flatten(),
            slots,
            n_places,
        }
    }

    /// Is it one slice a place, in equal steps?
    fn is_even(&self) -> bool {
        let is_regular = matches!(self.arrangement, Some(Arrangement::Regular { .. }));
        self.n_places == self.slots.len() && is_regular
    }
}

fn placed_row(
    series_uid: &str,
    (label, how): (String, HowSplit),
    row: Row,
    orientation: Orientation,
) -> Option<VolumePlan> {
    let normal = orientation.normal();
    let slots = row.slots;
    let is_film = 1 < slots.len() && row.n_places == 1;
    let origins: Vec<PatientPoint> = slots.iter().filter_map(Slot::position).collect();
    let mut draft = Draft::new(series_uid, &slots, label)?;
    draft.placed = slots.first()?.frame()?.space.placement();
    draft.lay(
        orientation.along_row,
        orientation.along_column,
        *origins.first()?,
    );
    let thickness = normal * draft.thickness_mm;
    draft.warn_of_place();
    if how == HowSplit::ByOrder {
        draft.warn("duplicate_positions", Severity::Warning, "Several slices lie at each place and no attribute tells them apart; they were split by their order. Check the series before comparing times.");
    }
    let of_many = if slots.iter().all(Slot::is_multiframe) {
        GeometryKind::Multiframe
    } else {
        GeometryKind::Stack
    };
    let each_at_its_own = || slots.iter().cloned().map(Some).collect::<Vec<_>>();
    let mut places = Vec::new();
    if slots.len() == 1 {
        draft.kind = GeometryKind::Single;
        draft.grid.slice_step = thickness;
    } else if is_film {
        draft.kind = of_many;
        draft.grid.slice_step = thickness;
        draft.origins = origins;
        draft.warn("one_place", Severity::Info, "All images lie at one place: they are times or variants of one slice, shown in the order of their numbers.");
    } else {
        let location = location_remark(&slots, &origins, normal);
        match row.arrangement? {
            Arrangement::Regular {
                step,
                place_of,
                n_places,
            } => {
                draft.grid.slice_step = step;
                places = vec![None; n_places];
                for (slot, place) in slots.iter().zip(place_of) {
                    if let Some(cell) = places.get_mut(place) {
                        *cell = Some(slot.clone());
                    }
                }
                draft.warn_of_grid(&slots, &origins);
                if frame_spacing_is_known(&slots) {
                    draft.kind = GeometryKind::Volume;
                    draft.warn_of_depth();
                } else {
                    // Pixels of unknown size and slices in mm make no space that planes could be cut through.
                    draft.kind = of_many;
                    let first = *origins.first()?;
                    draft.origins = (0..n_places).map(|k| first + step * k as f64).collect();
                }
            }
            irregular => {
                draft.kind = of_many;
                draft.grid.slice_step = thickness;
                draft.origins = origins;
                draft.warn_of_irregular(&irregular);
            }
        }
        draft.warn_all(location);
    }
    if places.is_empty() {
        places = each_at_its_own();
    }
    Some(draft.finish(&places))
}

fn frame_spacing_is_known(slots: &[Slot]) -> bool {
    let source = slots
        .first()
        .and_then(Slot::frame)
        .map(|f| f.spacing.source);
    source.is_some_and(|source| source != SpacingSource::Unknown)
}

/// How slices that are sorted by place follow each other; `None` for fewer than two places.
fn arrangement(slots: &[Slot], orientation: Orientation) -> Option<Arrangement> {
    let first = slots.first()?;
    let frame = first.frame()?;
    let origins: Vec<PatientPoint> = slots.iter().filter_map(Slot::position).collect();
    let stated_mm = frame.between_slices_mm.map(f64::abs);
    let is_segment = first.instance.document == Some(DocumentKind::Segmentation);
    let [rows, columns] = frame.spacing.rows_columns_mm;
    let expected = Expected {
        pixel_mm: rows.min(columns),
        max_holes: if is_segment {
            limits::MAX_EMPTY_SEGMENT_FRAMES
        } else {
            slots.len() * limits::MAX_HOLES_PER_SLICE
        },
        stated: match stated_mm {
            Some(mm) if is_segment => StatedStep::Always(mm),
            Some(mm) => StatedStep::IfSeen(mm),
            None => StatedStep::None,
        },
    };
    arrange(&origins, orientation.normal(), &expected)
}

/// Pictures without a place in the patient, in the order of their numbers.
fn unplaced(series_uid: &str, slots: Vec<Slot>) -> Option<VolumePlan> {
    let mut draft = Draft::new(series_uid, &slots, String::new())?;
    draft.kind = match slots.as_slice() {
        [_] => GeometryKind::Single,
        many if many.iter().all(Slot::is_multiframe) => GeometryKind::Multiframe,
        _ => GeometryKind::Stack,
    };
    draft.placed = Placement::Unplaced;
    draft.lay(
        PatientVector::new(1.0, 0.0, 0.0),
        PatientVector::new(0.0, 1.0, 0.0),
        PatientPoint::new(0.0, 0.0, 0.0),
    );
    draft.grid.slice_step = PatientVector::new(0.0, 0.0, draft.thickness_mm);
    let instance = &slots.first()?.instance;
    let about = &instance.about;
    if let Some(sides) = about.sides {
        draft.placed = Placement::SidesOnly(sides);
    }
    let is_tomographic = matches!(about.modality.as_str(), "CT" | "MR" | "PT");
    if is_tomographic && instance.is_acquired() {
        draft.warn("position_missing", Severity::Warning, "Position or orientation in the patient is missing, so there are no letters, no reformats and no coordinates; slices are in the order of their numbers.");
    }
    let places: Vec<Option<Slot>> = slots.iter().cloned().map(Some).collect();
    Some(draft.finish(&places))
}
