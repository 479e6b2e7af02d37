//! Do two levels name the same place?

/// Could both levels mean one place? Levels of different maps (a lobe and a vertebra) do not contradict each other.
pub(crate) fn levels_agree(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    if let (Some(one), Some(other)) = (vertebrae(one), vertebrae(other)) {
        return one.0 <= other.1 && other.0 <= one.1;
    }
    for map in ["segment_", "rib_"] {
        if let (Some(one), Some(other)) = (one.strip_prefix(map), other.strip_prefix(map)) {
            return one == other;
        }
    }
    if let (Some(one_lobe), Some(other_lobe)) = (lung_third(one), lung_third(other)) {
        // A zone overlaps its neighbours, a lobe named as such does not.
        let both_lobes = is_lobe(one) && is_lobe(other);
        return if both_lobes {
            one_lobe == other_lobe
        } else {
            (one_lobe - other_lobe).abs() < 2
        };
    }
    !in_one_map(one, other)
}

/// First and last vertebra, counted from C1.
fn vertebrae(level: &str) -> Option<(u8, u8)> {
    let (first, last) = level.split_once('-').unwrap_or((level, level));
    Some((vertebra(first)?, vertebra(last)?))
}

fn vertebra(name: &str) -> Option<u8> {
    let mut chars = name.chars();
    let before = match chars.next()? {
        'C' => 0,
        'T' => 7,
        'L' => 19,
        'S' => 24,
        _ => return None,
    };
    let number: u8 = chars.as_str().parse().ok()?;
    Some(before + number)
}

fn is_lobe(level: &str) -> bool {
    matches!(
        level,
        "upper_lobe" | "middle_lobe" | "lower_lobe" | "lingula"
    )
}

/// 0 above, 1 middle, 2 below.
fn lung_third(level: &str) -> Option<i8> {
    Some(match level {
        "upper_lobe" | "lung_apex" | "apical_segment" => 0,
        "middle_lobe" | "lingula" | "mid_lung" | "perihilar_region" | "anterior_segment"
        | "posterior_segment" => 1,
        "medial_segment" | "lateral_segment" | "superior_segment" | "fissure" => 1,
        "lower_lobe"
        | "lung_base"
        | "retrocardiac_region"
        | "posterior_basal_segment"
        | "anterior_basal_segment"
        | "costophrenic_angle" => 2,
        _ => return None,
    })
}

/// Parts of one organ that exclude each other.
fn in_one_map(one: &str, other: &str) -> bool {
    [
        [
            "frontal_lobe",
            "parietal_lobe",
            "temporal_lobe",
            "occipital_lobe",
            "cerebellum",
            "brainstem",
        ]
        .as_slice(),
        ["cervical_spine", "thoracic_spine", "lumbar_spine", "sacrum"].as_slice(),
        ["left_hepatic_lobe", "right_hepatic_lobe", "caudate_lobe"].as_slice(),
        ["pancreatic_head", "pancreatic_body", "pancreatic_tail"].as_slice(),
        ["upper_pole", "lower_pole"].as_slice(),
        [
            "upper_outer_quadrant",
            "upper_inner_quadrant",
            "lower_outer_quadrant",
            "lower_inner_quadrant",
        ]
        .as_slice(),
    ]
    .iter()
    .any(|map| map.contains(&one) && map.contains(&other))
}

#[cfg(test)]
mod tests {
    use super::levels_agree;

    #[test]
    fn only_places_that_exclude_each_other_differ() {
        for (one, other, agree) in [
            ("upper_lobe", "lower_lobe", false),
            ("upper_lobe", "middle_lobe", false),
            ("upper_lobe", "lung_apex", true),
            ("lower_lobe", "lung_base", true),
            ("lung_apex", "lung_base", false),
            ("mid_lung", "lung_base", true),
            ("L4", "L5", false),
            ("L4-L5", "L5", true),
            ("T12-L1", "L4", false),
            ("segment_7", "segment_4", false),
            ("rib_6", "rib_7", false),
            ("frontal_lobe", "parietal_lobe", false),
            ("L4", "upper_lobe", true),
        ] {
            assert_eq!(levels_agree(one, other), agree, "{one} and {other}");
            assert_eq!(levels_agree(other, one), agree, "{other} and {one}");
        }
    }
}
