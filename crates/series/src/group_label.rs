//! What sets the groups of a series apart, in words for their thumbnails.

use space::PatientVector;
use volume::SpacingSource;

use crate::slot::Slot;
use crate::spacing::is_projection;

/// A label for each group: localizer and view always, and whatever else differs between groups.
pub(crate) fn group_labels(groups: &[Vec<Slot>]) -> Vec<String> {
    let always: [fn(&Slot) -> String; 3] = [localizer, view, beam];
    let where_different: [fn(&Slot) -> String; 6] =
        [modality, orientation, stack, matrix, spacing, image_number];
    let said = |of: &fn(&Slot) -> String| -> Vec<String> {
        groups
            .iter()
            .map(|g| g.first().map(of).unwrap_or_default())
            .collect()
    };
    let mut labels: Vec<Vec<String>> = vec![Vec::new(); groups.len()];
    for (i, of) in always.iter().chain(&where_different).enumerate() {
        let words = said(of);
        let is_said = i < always.len() || words.iter().any(|w| Some(w) != words.first());
        // The number of an image tells it from others only where nothing else does.
        let is_last = i + 1 == always.len() + where_different.len();
        if is_said && !(is_last && is_unique(&labels)) {
            for (label, word) in labels.iter_mut().zip(words) {
                label.extend((!word.is_empty()).then_some(word));
            }
        }
    }
    let labels: Vec<String> = labels.into_iter().map(|l| l.join(", ")).collect();
    if labels.len() < 2 {
        return labels;
    }
    numbered(labels)
}

fn is_unique(labels: &[Vec<String>]) -> bool {
    let mut sorted: Vec<&Vec<String>> = labels.iter().collect();
    sorted.sort();
    sorted.windows(2).all(|pair| pair.first() != pair.last())
}

fn numbered(labels: Vec<String>) -> Vec<String> {
    let mut seen: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    let mut totals: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    for label in &labels {
        *totals.entry(label.clone()).or_insert(0) += 1;
    }
    let mut number = |label: String| {
        let total = totals.get(&label).copied().unwrap_or(1);
        if total < 2 {
            return label;
        }
        let nth = seen.entry(label.clone()).or_insert(0);
        *nth += 1;
        let group = format!("group {nth} of {total}");
        crate::split::joined(&label, &group)
    };
    labels.into_iter().map(&mut number).collect()
}

fn localizer(slot: &Slot) -> String {
    if slot.is_localizer() {
        "localizer".to_owned()
    } else {
        String::new()
    }
}

/// Which breast, which view: what a reader of projections looks for first.
fn view(slot: &Slot) -> String {
    let about = &slot.instance.about;
    let words = [about.laterality.as_str(), about.view_position.as_str()];
    let words: Vec<&str> = words.into_iter().filter(|w| !w.is_empty()).collect();
    if is_projection(&about.modality) && slot.position().is_none() {
        words.join(" ")
    } else {
        String::new()
    }
}

/// Where the detector of an angiography stands, as it is called: `LAO 30°, CRA 20°` (PS3.3 C.8.7.5.1.2).
fn beam(slot: &Slot) -> String {
    let [primary, secondary] = slot.instance.beam_angles_deg;
    let word = |angle: Option<f64>, positive: &str, negative: &str| {
        let degrees = angle.filter(|a| a.abs() <= 180.0)?.round();
        let name = if degrees < 0.0 { negative } else { positive };
        (degrees != 0.0).then(|| format!("{name} {:.0}°", degrees.abs()))
    };
    let words = [word(primary, "LAO", "RAO"), word(secondary, "CRA", "CAU")];
    let words: Vec<String> = words.into_iter().flatten().collect();
    if is_projection(&slot.instance.about.modality) {
        words.join(", ")
    } else {
        String::new()
    }
}

fn modality(slot: &Slot) -> String {
    slot.instance.about.modality.clone()
}

/// The plane that the slices are nearest to.
fn orientation(slot: &Slot) -> String {
    let frame = slot.frame().filter(|f| f.position.is_some());
    let normal = frame.and_then(|f| Some(f.orientation?.normal()));
    normal.map_or(String::new(), |n| plane_name(n).to_owned())
}

fn plane_name(normal: PatientVector) -> &'static str {
    let [x, y, z] = normal.to_array().map(f64::abs);
    if y <= z && x <= z {
        "axial"
    } else if x <= y {
        "coronal"
    } else {
        "sagittal"
    }
}

fn stack(slot: &Slot) -> String {
    let id = slot.frame().and_then(|f| f.keys.stack.clone());
    id.map_or(String::new(), |id| format!("stack {id}"))
}

fn matrix(slot: &Slot) -> String {
    slot.format()
        .map_or(String::new(), |f| format!("{} × {}", f.columns, f.rows))
}

fn spacing(slot: &Slot) -> String {
    let spacing = slot.frame().map(|f| f.spacing);
    let Some(known) = spacing.filter(|s| s.source != SpacingSource::Unknown) else {
        return String::new();
    };
    let [rows, columns] = known.rows_columns_mm;
    if (rows - columns).abs() < 5e-3 {
        format!("pixels of {columns:.2} mm")
    } else {
        format!("pixels of {columns:.2} × {rows:.2} mm")
    }
}

fn image_number(slot: &Slot) -> String {
    let number = slot.instance.instance_number;
    number.map_or(String::new(), |n| format!("image {n}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_is_named_after_the_axis_nearest_to_its_normal() {
        for (normal, want) in [
            ([0.0, 0.0, -1.0], "axial"),
            ([0.1, -0.9, 0.2], "coronal"),
            ([-0.8, 0.3, 0.5], "sagittal"),
        ] {
            assert_eq!(plane_name(normal.into()), want);
        }
    }

    #[test]
    fn equal_labels_are_numbered_and_others_are_not() {
        let labels = ["axial", "coronal", "axial", ""]
            .map(str::to_owned)
            .to_vec();
        assert_eq!(
            numbered(labels),
            ["axial, group 1 of 2", "coronal", "axial, group 2 of 2", ""]
        );
    }
}
