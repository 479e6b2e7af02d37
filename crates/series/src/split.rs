use std::cmp::Ordering;

use space::PatientVector;

use crate::slot::Slot;
use crate::split_key::{KeyValue, SplitBy};

/// Slots of one volume in time, and what sets them apart from the others.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) slots: Vec<Slot>,
    /// For the thumbnail, for instance `echo 2 of 3 · TE 92 ms`; empty when nothing was split.
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

/// Two positions closer than this along the normal are one place, mm: below the finest spacing of retinal tomography,
/// above the rounding of decimal strings.
const SAME_PLACE_MM: f64 = 5e-3;

/// Puts slots in the order in which equals follow each other: instance number, dimension indices, frame number, then
/// what is left so that the order never depends on that of the files.
pub(crate) fn sort_by_order(slots: &mut [Slot]) {
    // Frames without dimension indices come after those that have them.
    let dimensions = |s: &Slot| {
        let values = s.frame().map(|f| f.keys.dimension_values.clone());
        let values = values.unwrap_or_default();
        (values.is_empty(), values)
    };
    slots.sort_by(|a, b| {
        let numbers = |s: &Slot| (s.order_number(), s.frame_number());
        let names = |s: &Slot| {
            (
                s.instance.sop_instance_uid.clone(),
                s.instance.source.shown_path(),
            )
        };
        let (a_numbers, b_numbers) = (numbers(a), numbers(b));
        (a_numbers.0.cmp(&b_numbers.0))
            .then_with(|| dimensions(a).cmp(&dimensions(b)))
            .then_with(|| a_numbers.1.cmp(&b_numbers.1))
            .then_with(|| names(a).cmp(&names(b)))
    });
}

/// Parallel slots by place, ascending along the normal, and how many places there are; those of one place keep their
/// order, and those without a position are left out.
pub(crate) fn by_place(slots: &[Slot], normal: PatientVector) -> (Vec<Slot>, usize) {
    let idxs = place_idxs(slots, normal);
    let mut order: Vec<(usize, &Slot)> = idxs
        .into_iter()
        .zip(slots)
        .filter_map(|(idx, slot)| Some((idx?, slot)))
        .collect();
    order.sort_by_key(|(idx, _)| *idx);
    let n_places = order.last().map_or(0, |(last, _)| last + 1);
    let slots = order.into_iter().map(|(_, slot)| slot.clone()).collect();
    (slots, n_places)
}

/// The place of each slot, counted along the normal; `None` for slots without a position.
fn place_idxs(slots: &[Slot], normal: PatientVector) -> Vec<Option<usize>> {
    let mut along: Vec<(f64, usize)> = slots
        .iter()
        .enumerate()
        .filter_map(|(i, s)| Some((s.position()?.from_origin().dot(normal), i)))
        .collect();
    along.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut idxs = vec![None; slots.len()];
    let (mut first_at, mut place_idx) = (None, 0);
    for (at, i) in along {
        match first_at {
            Some(first) if at - first < SAME_PLACE_MM => {}
            Some(_) => (first_at, place_idx) = (Some(at), place_idx + 1),
            None => first_at = Some(at),
        }
        if let Some(place) = idxs.get_mut(i) {
            *place = Some(place_idx);
        }
    }
    idxs
}

/// Something to split by: an attribute, or a dimension of the object that is none of them.
#[derive(Clone, Copy)]
enum Axis {
    Attribute(SplitBy),
    Dimension(usize),
}

/// A slot and its place along the normal.
#[derive(Clone)]
struct Sited {
    slot: Slot,
    place_idx: usize,
}

/// Splits parallel slots, in order, until no two of a part lie at one place.
pub(crate) fn split_by_time(slots: Vec<Slot>, normal: PatientVector) -> Vec<Part> {
    let idxs = place_idxs(&slots, normal);
    let sited: Vec<Sited> = slots
        .into_iter()
        .zip(idxs)
        .filter_map(|(slot, idx)| {
            Some(Sited {
                slot,
                place_idx: idx?,
            })
        })
        .collect();
    divide(sited)
}

/// An attribute that was split by is the same in each part, so that this goes no deeper than there are attributes.
fn divide(sited: Vec<Sited>) -> Vec<Part> {
    let most = multiplicity(&sited);
    for by in SplitBy::ALL.into_iter().filter(|by| by.always_splits()) {
        let groups = partition(&sited, Axis::Attribute(by));
        if 1 < groups.len() {
            return parts(Axis::Attribute(by), groups);
        }
    }
    let first = sited.first().map_or(0, |s| s.place_idx);
    let is_one_place = sited.iter().all(|s| s.place_idx == first);
    // Frames that all lie at one place are a film of it, not many volumes of one slice.
    if most <= 1 || is_one_place {
        return vec![Part {
            slots: sited.into_iter().map(|s| s.slot).collect(),
            label: String::new(),
            how: HowSplit::NotSplit,
        }];
    }
    for axis in axes(&sited) {
        let groups = partition(&sited, axis);
        let is_finer = 1 < groups.len() && groups.len() <= most;
        if is_finer && groups.iter().all(|(_, g)| multiplicity(g) < most) {
            return parts(axis, groups);
        }
    }
    by_rank(sited, most)
}

/// Everything that can be split by: what we know by name, then the dimensions that the objects number themselves.
fn axes(sited: &[Sited]) -> impl Iterator<Item = Axis> {
    let n_dimensions = |s: &Sited| s.slot.frame().map_or(0, |f| f.keys.dimension_values.len());
    let n_dimensions = sited.iter().map(n_dimensions).max().unwrap_or(0);
    let attributes = SplitBy::ALL.into_iter().map(Axis::Attribute);
    attributes.chain((0..n_dimensions).map(Axis::Dimension))
}

fn parts(axis: Axis, groups: Vec<(KeyValue, Vec<Sited>)>) -> Vec<Part> {
    let n = groups.len();
    let label_of = |value: &KeyValue, nth: usize, group: &[Sited]| match axis {
        Axis::Attribute(by) => by.label(value, nth, n),
        Axis::Dimension(dimension_idx) => {
            let names = group.first().map(|s| &s.slot.instance.dimension_names);
            let name = names.and_then(|n| n.get(dimension_idx));
            format!("{} {nth} of {n}", name.map_or("dimension", String::as_str))
        }
    };
    let labelled = groups.into_iter().enumerate().map(|(i, (value, group))| {
        let label = label_of(&value, i + 1, &group);
        (label, group)
    });
    labelled
        .flat_map(|(label, group)| {
            divide(group).into_iter().map(move |part| Part {
                label: joined(&label, &part.label),
                how: match part.how {
                    HowSplit::ByOrder => HowSplit::ByOrder,
                    HowSplit::ByAttribute | HowSplit::NotSplit => HowSplit::ByAttribute,
                },
                ..part
            })
        })
        .collect()
}

/// Two labels as one; either may be empty.
pub(crate) fn joined(first: &str, second: &str) -> String {
    let both = [first, second];
    let said: Vec<&str> = both.into_iter().filter(|l| !l.is_empty()).collect();
    said.join(", ")
}

/// The nth of each place makes the nth part.
fn by_rank(sited: Vec<Sited>, most: usize) -> Vec<Part> {
    let mut n_seen = std::collections::HashMap::new();
    let mut ranks: Vec<Vec<Slot>> = vec![Vec::new(); most];
    for Sited { slot, place_idx } in sited {
        let rank = n_seen.entry(place_idx).or_insert(0_usize);
        if let Some(part) = ranks.get_mut(*rank) {
            part.push(slot);
        }
        *rank += 1;
    }
    let part = |(rank, slots)| Part {
        slots,
        label: format!("repetition {} of {most}", rank + 1),
        how: HowSplit::ByOrder,
    };
    ranks.into_iter().enumerate().map(part).collect()
}

/// Splits slots of one part by the first attribute whose parts all pass; `None` when none does.
///
/// For slices that do not lie evenly as a whole, because two acquisitions or reconstructions of one series overlap.
pub(crate) fn split_until(
    slots: &[Slot],
    is_right: impl Fn(&[Slot]) -> bool,
) -> Option<Vec<(String, Vec<Slot>)>> {
    const MOST_PARTS: usize = 8;
    let sited: Vec<Sited> = slots
        .iter()
        .map(|slot| Sited {
            slot: slot.clone(),
            place_idx: 0,
        })
        .collect();
    SplitBy::ALL.into_iter().find_map(|by| {
        let groups = partition(&sited, Axis::Attribute(by));
        let n = groups.len();
        if !(2..=MOST_PARTS).contains(&n) || groups.iter().any(|(_, g)| g.len() < 2) {
            return None;
        }
        let named = groups.into_iter().enumerate().map(|(i, (value, group))| {
            let slots: Vec<Slot> = group.into_iter().map(|s| s.slot).collect();
            (by.label(&value, i + 1, n), slots)
        });
        let named: Vec<(String, Vec<Slot>)> = named.collect();
        named.iter().all(|(_, g)| is_right(g)).then_some(named)
    })
}

fn multiplicity(sited: &[Sited]) -> usize {
    let n_places = sited.iter().map(|s| s.place_idx + 1).max().unwrap_or(0);
    let mut counts = vec![0_usize; n_places];
    for s in sited {
        if let Some(count) = counts.get_mut(s.place_idx) {
            *count += 1;
        }
    }
    counts.into_iter().max().unwrap_or(0)
}

/// Groups by one axis, in ascending order of its value; slots keep their order. Empty where all have one value.
fn partition(sited: &[Sited], axis: Axis) -> Vec<(KeyValue, Vec<Sited>)> {
    let value = |s: &Sited| {
        let keys = s.slot.frame().map(|f| &f.keys);
        match axis {
            Axis::Attribute(by) => keys.map_or(KeyValue::Absent, |k| k.get(by).clone()),
            Axis::Dimension(idx) => KeyValue::number(
                keys.and_then(|k| k.dimension_values.get(idx))
                    .map(|v| f64::from(*v)),
            ),
        }
    };
    let mut keyed: Vec<(KeyValue, &Sited)> = sited.iter().map(|s| (value(s), s)).collect();
    // Most attributes are the same in all frames; then there is nothing to sort.
    let first = keyed.first().map(|(value, _)| value);
    if keyed.iter().all(|(value, _)| Some(value) == first) {
        return Vec::new();
    }
    keyed.sort_by(|a, b| a.0.order(&b.0));
    let mut groups: Vec<(KeyValue, Vec<Sited>)> = Vec::new();
    for (value, s) in keyed {
        match groups.last_mut() {
            Some((last, group)) if last.order(&value) == Ordering::Equal => group.push(s.clone()),
            _ => groups.push((value, vec![s.clone()])),
        }
    }
    groups
}
