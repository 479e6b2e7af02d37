//! Which frames of a series belong together, without comparing each with each.

use std::collections::HashMap;

use crate::slot::Slot;

/// Frames that may be slices of one volume, group by group, in the order in which the first of each comes.
///
/// A frame goes to the last group whose first frame it belongs with.
pub(crate) fn slot_groups(slots: Vec<Slot>) -> Vec<Vec<Slot>> {
    let mut groups: Vec<Vec<Slot>> = Vec::new();
    let mut by_key: HashMap<Key, Vec<usize>> = HashMap::new();
    for slot in slots {
        let is_home = |group: &[Slot]| group.first().is_some_and(|first| first.belongs_with(&slot));
        // Consecutive frames mostly belong together.
        if let Some(last) = groups.last_mut().filter(|last| is_home(last)) {
            last.push(slot);
            continue;
        }
        let key = Key::of(&slot);
        let last_in = |key: Key| {
            let places = by_key.get(&key)?.iter().rev();
            places
                .copied()
                .find(|at| groups.get(*at).is_some_and(|g| is_home(g)))
        };
        let home = key.neighbours().filter_map(last_in).max();
        match home.and_then(|at| groups.get_mut(at)) {
            Some(group) => group.push(slot),
            None => {
                by_key.entry(key).or_default().push(groups.len());
                groups.push(vec![slot]);
            }
        }
    }
    groups
}

/// What frames that belong together have in common for certain. Measures, which need only be near, are cells of a net:
/// near ones lie in the same cell or in one beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    lone: Option<usize>,
    size: [u16; 2],
    is_placed: bool,
    cells: [i64; 3],
}

/// Side of a cell, as a part of a direction's unit length; a tenth of a degree is less than 0.0018.
const DIRECTION_CELL: f64 = 4e-3;

/// Side of a cell, as a part of the spacing.
const SPACING_CELL: f64 = 1e-3;

impl Key {
    fn of(slot: &Slot) -> Self {
        let frame = slot.frame();
        let orientation = frame
            .filter(|_| slot.position().is_some())
            .and_then(|f| f.orientation);
        // The cast saturates, and NaN becomes zero.
        let cell = |measure: f64, side: f64| (measure / side).floor() as i64;
        let spacing_mm = frame.map_or(1.0, |f| f.spacing.rows_columns_mm[0]);
        let [row, column] =
            orientation.map_or([0.0; 2], |o| [o.along_row.x_mm, o.along_column.y_mm]);
        Self {
            lone: slot.lone(),
            size: slot.format().map_or([0; 2], |f| [f.rows, f.columns]),
            is_placed: slot.position().is_some(),
            cells: [
                cell(row, DIRECTION_CELL),
                cell(column, DIRECTION_CELL),
                cell(spacing_mm.abs().ln(), SPACING_CELL),
            ],
        }
    }

    /// The key itself and those of the cells around its own.
    fn neighbours(self) -> impl Iterator<Item = Self> {
        let steps = || -1..=1_i64;
        steps().flat_map(move |a| {
            steps().flat_map(move |b| {
                steps().map(move |c| {
                    let [x, y, z] = self.cells;
                    let cells = [
                        x.saturating_add(a),
                        y.saturating_add(b),
                        z.saturating_add(c),
                    ];
                    Self { cells, ..self }
                })
            })
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::header_parts::HeaderParts;
    use crate::instance::Instance;
    use crate::prescan::parse;
    use crate::source::{Content, Source};
    use crate::studies::group;
    use std::sync::Arc;

    /// A picture of one pixel.
    fn instance(n: usize, modality: &str, cosines: &str, spacing: &str) -> Arc<Instance> {
        let number = n.to_string();
        let uid = format!("1.2.3.{n}");
        let position = format!("0\\0\\{n}");
        let us = |value: u16| value.to_le_bytes().to_vec();
        let text = |value: &str| {
            let mut bytes = value.as_bytes().to_vec();
            bytes.resize(bytes.len().next_multiple_of(2), b' ');
            bytes
        };
        let mut bytes = Vec::new();
        for (tag, vr, value) in [
            (0x0008_0016_u32, b"UI", text("1.2.840.10008.5.1.4.1.1.1.1")),
            (0x0008_0018, b"UI", text(&uid)),
            (0x0008_0060, b"CS", text(modality)),
            (0x0020_000D, b"UI", text("1.2")),
            (0x0020_000E, b"UI", text("1.2.3")),
            (0x0020_0013, b"IS", text(&number)),
            (0x0020_0032, b"DS", text(&position)),
            (0x0020_0037, b"DS", text(cosines)),
            (0x0028_0002, b"US", us(1)),
            (0x0028_0004, b"CS", text("MONOCHROME2")),
            (0x0028_0010, b"US", us(1)),
            (0x0028_0011, b"US", us(1)),
            (0x0028_0030, b"DS", text(spacing)),
            (0x0028_0100, b"US", us(8)),
            (0x0028_0101, b"US", us(8)),
            (0x0028_0102, b"US", us(7)),
            (0x0028_0103, b"US", us(0)),
            (0x7FE0_0010, b"OB", vec![1, 0]),
        ] {
            if value.is_empty() {
                continue;
            }
            bytes.extend(((tag >> 16) as u16).to_le_bytes());
            bytes.extend((tag as u16).to_le_bytes());
            bytes.extend(vr);
            if vr == b"OB" {
                bytes.extend([0, 0]);
                bytes.extend((value.len() as u32).to_le_bytes());
            } else {
                bytes.extend((value.len() as u16).to_le_bytes());
            }
            bytes.extend(value);
        }
        let content = Content::Memory(bytes);
        let parsed = parse(&content).unwrap();
        let source = Source::file(std::path::PathBuf::from(number));
        let mut parts = HeaderParts::default();
        Arc::new(Instance::new(source, &parsed, content.len(), &mut parts).unwrap())
    }

    /// Each slot compared with the first of each group, the last group first.
    fn one_by_one(slots: Vec<Slot>) -> Vec<Vec<Slot>> {
        let mut groups: Vec<Vec<Slot>> = Vec::new();
        for slot in slots {
            let home = groups.iter().rposition(|g| g[0].belongs_with(&slot));
            match home {
                Some(at) => groups[at].push(slot),
                None => groups.push(vec![slot]),
            }
        }
        groups
    }

    fn numbers(groups: &[Vec<Slot>]) -> Vec<Vec<Option<i64>>> {
        let of = |group: &Vec<Slot>| group.iter().map(|s| s.instance.instance_number).collect();
        groups.iter().map(of).collect()
    }

    #[test]
    fn groups_are_those_that_comparing_each_with_each_finds() {
        // Directions and spacings on both sides of what still counts as one, and of the edges of cells.
        let mut slots = Vec::new();
        for n in 0..900_usize {
            let angle = (n * 37 % 60) as f64 * 2.5e-4;
            let (sin, cos) = angle.sin_cos();
            let spacing = 0.5 + (n * 53 % 30) as f64 * 2e-5;
            let cosines = format!("{cos:.9}\\{sin:.9}\\0\\{:.9}\\{cos:.9}\\0", -sin);
            let modality = ["MR", "DX"][n % 2];
            let cosines = if n % 7 == 0 { "" } else { cosines.as_str() };
            let one = instance(n, modality, cosines, &format!("{spacing:.6}\\{spacing:.6}"));
            slots.extend(Slot::all(&one));
        }
        let want = numbers(&one_by_one(slots.clone()));
        assert_eq!(numbers(&slot_groups(slots)), want);
        assert!(
            10 < want.len() && want.iter().any(|g| 5 < g.len()),
            "{}",
            want.len()
        );
    }

    #[test]
    fn a_hundred_thousand_lone_projections_are_planned() {
        // Comparing each with each would be five thousand million comparisons.
        let instances: Vec<Arc<Instance>> = (0..100_000)
            .map(|n| instance(n, "DX", "", "0.1\\0.1"))
            .collect();
        let (studies, _) = group(instances);
        let volumes = &studies[0].series[0].volumes;
        assert_eq!(volumes.len(), 100_000);
        assert!(volumes.iter().all(|v| v.n_slices() == 1));
    }
}
