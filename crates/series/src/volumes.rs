use std::sync::Arc;

use space::{PatientPoint, PatientVector};
use volume::{GeometryKind, Placement};

use crate::draft::Draft;
use crate::frame::{Orientation, is_projection};
use crate::geometry::{Arrangement, arrange};
use crate::instance::Instance;
use crate::limits;
use crate::model::VolumePlan;
use crate::slot::Slot;
use crate::split::{HowSplit, Part, by_place, order_key, split_by_time};
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
    let about = &slots.first()?.instance.about;
    if let Some(sides) = about.sides {
        draft.placed = Placement::SidesOnly(sides);
    }
    if is_projection(&about.modality) {
        // Which breast, which view: what a reader of projections looks for first.
        let words = [about.laterality.as_str(), about.view_position.as_str()];
        draft.label = words
            .into_iter()
            .filter(|w| !w.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
    }
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
        .any(|s| sizes(s) != real.first().and_then(&sizes))
    {
        warn(
            "mixed_matrix",
            "The series mixes slices of different matrix size; each size is a volume of its own.",
        );
    }
    let spacing = |s: &Slot| s.frame().map(|f| f.spacing.rows_columns_mm);
    if real.iter().any(|s| {
        spacing(s) != real.first().and_then(|f| spacing(f))
            && sizes(s) == real.first().and_then(&sizes)
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
