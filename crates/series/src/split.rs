use std::collections::BTreeMap;

use space::PatientVector;

use crate::frame::NUMBER_KEYS;
use crate::slot::Slot;

/// Slots of one volume in time, and what sets them apart from the others.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) slots: Vec<Slot>,
    /// For the thumbnail, for instance `echo 2 of 3`; empty when nothing was split.
    pub(crate) label: String,
    /// Did no attribute tell the frames at one place apart?
    pub(crate) how: HowSplit,
}

/// How frames at one place were told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HowSplit {
    NotSplit,
    ByAttribute,
    /// By their order only.
    ByOrder,
}

/// Two positions closer than this along the normal are one place, mm.
const SAME_PLACE_MM: f64 = 1e-3;

/// Groups parallel slots by place, ascending along the normal.
pub(crate) fn by_place(slots: &[Slot], normal: PatientVector) -> Vec<Vec<Slot>> {
    let mut along: Vec<(f64, &Slot)> = slots
        .iter()
        .filter_map(|s| Some((s.position()?.from_origin().dot(normal), s)))
        .collect();
    along.sort_by(|a, b| {
        a.0.total_cmp(&b.0)
            .then_with(|| order_key(a.1).cmp(&order_key(b.1)))
    });
    let mut places: Vec<(f64, Vec<Slot>)> = Vec::new();
    for (at, slot) in along {
        match places.last_mut() {
            Some((place, same)) if at - *place < SAME_PLACE_MM => same.push(slot.clone()),
            _ => places.push((at, vec![slot.clone()])),
        }
    }
    places.into_iter().map(|(_, same)| same).collect()
}

/// The order among frames at one place: instance number, frame number, then the file's name.
pub(crate) fn order_key(slot: &Slot) -> (i64, usize, std::path::PathBuf) {
    (
        slot.instance.instance_number.unwrap_or(i64::MAX),
        slot.frame_idx,
        slot.instance.source.shown_path(),
    )
}

/// Splits parallel slots until no two of a part lie at one place.
pub(crate) fn split_by_time(slots: Vec<Slot>, normal: PatientVector) -> Vec<Part> {
    let places = by_place(&slots, normal);
    let most = places.iter().map(Vec::len).max().unwrap_or(0);
    // Frames that all lie at one place are a film of it, not many volumes of one slice.
    if most <= 1 || places.len() == 1 {
        return vec![Part {
            slots,
            label: String::new(),
            how: HowSplit::NotSplit,
        }];
    }
    for key in 0..=NUMBER_KEYS.len() {
        let groups = partition(&slots, key);
        if groups.len() < 2 || most < groups.len() {
            continue;
        }
        let worst = groups
            .iter()
            .map(|g| multiplicity(g, normal))
            .max()
            .unwrap_or(0);
        if most <= worst {
            continue;
        }
        let name = NUMBER_KEYS.get(key).copied().unwrap_or("image type");
        let n_groups = groups.len();
        return groups
            .into_iter()
            .enumerate()
            .flat_map(|(i, group)| {
                let label = format!("{name} {} of {n_groups}", i + 1);
                split_by_time(group, normal)
                    .into_iter()
                    .map(move |part| Part {
                        label: [label.as_str(), part.label.as_str()]
                            .into_iter()
                            .filter(|l| !l.is_empty())
                            .collect::<Vec<_>>()
                            .join(", "),
                        how: if part.how == HowSplit::ByOrder {
                            HowSplit::ByOrder
                        } else {
                            HowSplit::ByAttribute
                        },
                        ..part
                    })
            })
            .collect();
    }
    (0..most)
        .map(|rank| Part {
            slots: places
                .iter()
                .filter_map(|same| same.get(rank).cloned())
                .collect(),
            label: format!("repetition {} of {most}", rank + 1),
            how: HowSplit::ByOrder,
        })
        .collect()
}

fn multiplicity(slots: &[Slot], normal: PatientVector) -> usize {
    by_place(slots, normal)
        .iter()
        .map(Vec::len)
        .max()
        .unwrap_or(0)
}

/// Groups by one key, in ascending order of its value; the image type comes after the numeric keys.
fn partition(slots: &[Slot], key: usize) -> Vec<Vec<Slot>> {
    let mut groups: BTreeMap<(u64, String), Vec<Slot>> = BTreeMap::new();
    for slot in slots {
        let Some(frame) = slot.frame() else { continue };
        let value = match frame.keys.numbers.get(key) {
            Some(number) => (number.map_or(u64::MAX, sortable), String::new()),
            None => (0, frame.keys.image_type.to_string()),
        };
        groups.entry(value).or_default().push(slot.clone());
    }
    groups.into_values().collect()
}

/// Maps finite floats to integers of the same order.
fn sortable(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 0 {
        bits | 1 << 63
    } else {
        !bits
    }
}
