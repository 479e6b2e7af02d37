//! What a series mixes that should not be in one.

use crate::frame::Orientation;
use crate::slot::Slot;
use crate::warning::{Severity, Warning};

/// The largest angle between orientations that count as one, degrees.
const SAME_ORIENTATION_DEG: f64 = 0.1;

/// Says why the groups of a series are apart.
pub(crate) fn mixed_warnings(series_uid: &str, groups: &[Vec<Slot>]) -> Vec<Warning> {
    let firsts: Vec<&Slot> = groups.iter().filter_map(|g| g.first()).collect();
    let real: Vec<&Slot> = firsts
        .iter()
        .copied()
        .filter(|s| !s.is_localizer() && s.position().is_some())
        .collect();
    let mut said: Vec<(&'static str, &str)> = Vec::new();
    let orientations: Vec<Orientation> =
        real.iter().filter_map(|s| s.frame()?.orientation).collect();
    let turned = |o: &Orientation| {
        let first = orientations.first();
        first.is_some_and(|first| SAME_ORIENTATION_DEG < first.angle_deg(*o))
    };
    if orientations.iter().any(turned) {
        said.push((
            "mixed_orientation",
            "The series mixes slices of different orientation; each orientation is a volume of its own.",
        ));
    }
    let size = |s: &Slot| s.format().map(|f| (f.rows, f.columns));
    if differs(&real, size) {
        said.push((
            "mixed_matrix",
            "The series mixes slices of different matrix size; each size is a volume of its own.",
        ));
    }
    let spacing = |s: &Slot| s.frame().map(|f| f.spacing.rows_columns_mm);
    let has_first_size = |s: &&&Slot| real.first().is_some_and(|f| size(f) == size(s));
    let of_one_size: Vec<&Slot> = real.iter().filter(has_first_size).copied().collect();
    if differs(&of_one_size, spacing) {
        said.push((
            "mixed_spacing",
            "The series mixes slices of different pixel spacing; each is a volume of its own.",
        ));
    }
    let frame_of_reference = |s: &Slot| s.instance.about.frame_of_reference_uid.clone();
    if differs(&real, frame_of_reference) {
        said.push((
            "mixed_frame_of_reference",
            "The series mixes slices of different frames of reference, whose positions cannot be compared; each is a volume of its own.",
        ));
    }
    if differs(&firsts, |s| s.instance.about.modality.clone()) {
        said.push((
            "mixed_modality",
            "The series mixes images of different modalities; each is shown apart.",
        ));
    }
    if firsts.iter().any(|s| s.is_localizer()) && !real.is_empty() {
        said.push((
            "localizer_apart",
            "The series holds localizer images; they are shown apart.",
        ));
    }
    if firsts.iter().any(|s| s.position().is_none()) && !real.is_empty() {
        said.push((
            "position_missing_in_some",
            "Some slices of the series have no position; they are shown apart.",
        ));
    }
    said.into_iter()
        .map(|(code, text)| Warning::new(code, Severity::Warning, text).in_series(series_uid))
        .collect()
}

fn differs<T: PartialEq>(slots: &[&Slot], of: impl Fn(&Slot) -> T) -> bool {
    let first = slots.first().map(|s| of(s));
    slots.iter().any(|s| Some(of(s)) != first)
}
