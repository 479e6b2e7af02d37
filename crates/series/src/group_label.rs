//! What sets the groups of a series apart, in words for their thumbnails.

use space::PatientVector;

use crate::slot::Slot;

/// A label for each group: whatever differs between them and nothing else. Equal ones are numbered.
pub(crate) fn group_labels(groups: &[Vec<Slot>]) -> Vec<String> {
    if groups.len() < 2 {
        return groups.iter().map(|g| localizer(g.first())).collect();
    }
    let traits: [fn(Option<&Slot>) -> String; 7] = [
        localizer,
        modality,
        orientation,
        stack,
        matrix,
        spacing,
        image_number,
    ];
    let mut labels: Vec<Vec<String>> = vec![Vec::new(); groups.len()];
    for (i, trait_of) in traits.iter().enumerate() {
        let said: Vec<String> = groups.iter().map(|g| trait_of(g.first())).collect();
        let differs = said.iter().any(|s| Some(s) != said.first());
        // The number of an image tells it from others only where nothing else does.
        let is_last = i + 1 == traits.len();
        let is_unique = is_unique(&labels);
        if differs && !(is_last && is_unique) {
            for (label, word) in labels.iter_mut().zip(said) {
                label.extend((!word.is_empty()).then_some(word));
            }
        }
    }
    numbered(labels.into_iter().map(|l| l.join(", ")).collect())
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

fn localizer(slot: Option<&Slot>) -> String {
    let is_localizer = slot.is_some_and(Slot::is_localizer);
    if is_localizer {
        "localizer".to_owned()
    } else {
        String::new()
    }
}

fn modality(slot: Option<&Slot>) -> String {
    slot.map_or(String::new(), |s| s.instance.about.modality.clone())
}

/// The plane that the slices are nearest to.
fn orientation(slot: Option<&Slot>) -> String {
    let normal = slot
        .filter(|s| s.position().is_some())
        .and_then(|s| Some(s.frame()?.orientation?.normal()));
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

fn stack(slot: Option<&Slot>) -> String {
    slot.and_then(|s| s.frame()?.keys.stack.clone())
        .map_or(String::new(), |id| format!("stack {id}"))
}

fn matrix(slot: Option<&Slot>) -> String {
    slot.and_then(Slot::format)
        .map_or(String::new(), |f| format!("{} × {}", f.columns, f.rows))
}

fn spacing(slot: Option<&Slot>) -> String {
    let mm = slot.and_then(|s| Some(s.frame()?.spacing));
    mm.filter(|s| s.source != volume::SpacingSource::Unknown)
        .map_or(String::new(), |s| {
            let [rows, columns] = s.rows_columns_mm;
            if (rows - columns).abs() < 5e-3 {
                format!("pixels of {columns:.2} mm")
            } else {
                format!("pixels of {columns:.2} × {rows:.2} mm")
            }
        })
}

fn image_number(slot: Option<&Slot>) -> String {
    slot.and_then(|s| s.instance.instance_number)
        .map_or(String::new(), |n| format!("image {n}"))
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
