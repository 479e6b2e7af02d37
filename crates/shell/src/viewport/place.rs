use session::{ViewKind, ViewSnapshot, significant};
use space::PatientPoint;
use volume::{Placement, ValueUnit, probe, probe_quantity, probe_slice};

/// Further quantities beside a value at most.
const MAX_QUANTITIES: usize = 2;

/// What lies under the pointer: its value and its place, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readout {
    /// `HU 19`; empty outside and for colour.
    pub value: String,
    /// `R 26.8  A 42.1  S 31.5 mm`; empty where the place in the patient is unknown.
    pub place: String,
}

impl Readout {
    /// Reads a view at a place of its plane.
    pub(crate) fn at(view: &ViewSnapshot, at: PatientPoint) -> Self {
        let Some(volume) = &view.volume else {
            return Self::default();
        };
        let [slice_idx, _] = view.slice;
        // A projection has no depth, so the value at one place of it would mislead.
        let value = match view.kind {
            ViewKind::Mip | ViewKind::Rendering => None,
            ViewKind::Stack => probe_slice(volume, slice_idx, at),
            ViewKind::Axial | ViewKind::Coronal | ViewKind::Sagittal => probe(volume, at),
        };
        let quantities: Vec<String> = volume
            .meaning
            .quantities
            .iter()
            .filter(|q| !view.kind.is_projection() && q.is_meaningful())
            .take(MAX_QUANTITIES)
            .filter_map(|q| {
                let slice_idx = (view.kind == ViewKind::Stack).then_some(slice_idx);
                let value = probe_quantity(volume, q, slice_idx, at)?;
                Some(format!("{} {} {}", q.name, significant(value), q.unit))
            })
            .collect();
        let unit = match &volume.unit {
            ValueUnit::Hounsfield => "HU",
            ValueUnit::Named(name) => name,
            ValueUnit::Stored => "",
        };
        let value = value.map_or(String::new(), |value| {
            let own = format!("{unit} {}", short(value)).trim().to_owned();
            [own]
                .into_iter()
                .chain(quantities)
                .collect::<Vec<_>>()
                .join("  ")
        });
        let placed = volume.placed == Placement::InPatient && !view.kind.is_projection();
        Self {
            value,
            place: if placed {
                place_text(at)
            } else {
                String::new()
            },
        }
    }
}

/// A place with the letters of its sides, so that no sign can be misread.
pub(crate) fn place_text(at: PatientPoint) -> String {
    let part = |value: f64, positive: char, negative: char| {
        format!(
            "{} {:.1}",
            if value < 0.0 { negative } else { positive },
            value.abs()
        )
    };
    format!(
        "{}  {}  {} mm",
        part(at.x_mm, 'L', 'R'),
        part(at.y_mm, 'P', 'A'),
        part(at.z_mm, 'S', 'I')
    )
}

/// Whole numbers as they are, others with two decimals.
fn short(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_name_the_side_and_never_a_sign() {
        for (at, expected) in [
            ([-26.8, -42.1, 31.5], "R 26.8  A 42.1  S 31.5 mm"),
            ([5.0, 7.25, -3.0], "L 5.0  P 7.2  I 3.0 mm"),
            ([0.0, 0.0, 0.0], "L 0.0  P 0.0  S 0.0 mm"),
        ] {
            assert_eq!(place_text(at.into()), expected);
        }
    }
}
