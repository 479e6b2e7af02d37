//! Numbers of marks, with where each came from, and the words that stand on them.

mod holes;
mod length;
mod region;
mod ruler;
#[cfg(test)]
mod tests;
mod words;

use case::{Geometry, MeasuredValue};
use space::{PatientPoint, acute_angle_deg, angle_deg};
use volume::{StatisticsError, UltrasoundRegion, Volume, probe, probe_quantity, probe_slice};

use length::{between, two_diameters};
use region::{in_quantity, of_ellipse, readable};
use ruler::Ruler;

pub(crate) use holes::say_holes;
pub(crate) use region::unit_text;
pub(crate) use ruler::length_unit;
pub use words::significant;
pub(crate) use words::{label, short_number, size_text};

/// What a shape is measured on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MeasuredOn<'a> {
    pub(crate) volume: &'a Volume,
    /// The slice that the shape was drawn on, when the volume is no regular one.
    pub(crate) slice_idx: Option<usize>,
}

impl MeasuredOn<'_> {
    /// The calibrated ultrasound regions of the slice; empty where there are none.
    fn regions(&self) -> &[UltrasoundRegion] {
        self.slice_idx
            .map_or(&[][..], |k| self.volume.meaning.regions(k))
    }

    /// The (column, row) of a place on the slice.
    fn pixel(&self, place: PatientPoint) -> Option<[f64; 2]> {
        let [column, row, _] = self.volume.slice_map(self.slice_idx?)?.invert(place)?;
        Some([column, row])
    }
}

/// Measures a shape, in `f64` on the CPU. Every value says which attribute it came from.
///
/// # Errors
/// When a region cannot be measured: see [`StatisticsError`].
pub(crate) fn measure(
    on: &MeasuredOn<'_>,
    geometry: &Geometry,
) -> Result<Vec<MeasuredValue>, StatisticsError> {
    let angle = |name: &str, degrees: Option<f64>| {
        let value = degrees.map(|degrees| Ruler::of(on.volume).angle(name, degrees));
        value.into_iter().collect()
    };
    Ok(match geometry {
        Geometry::Length { from, to } => between(on, *from, *to),
        Geometry::Angle { from, vertex, to } => angle("angle", angle_deg(*from, *vertex, *to)),
        Geometry::Bidirectional(diameters) => {
            let [a, b] =
                [diameters.first, diameters.across].map(|[from, to]| between(on, from, to));
            two_diameters(a, b)
        }
        Geometry::CobbAngle { first, second } => {
            angle("cobb_angle", acute_angle_deg(*first, *second))
        }
        Geometry::Ellipse(ellipse) => of_ellipse(on, ellipse)?,
        Geometry::Arrow { .. } => Vec::new(),
        Geometry::Probe { at } => of_probe(on, *at)?,
    })
}

/// The value at a place, and what else it can be read as.
fn of_probe(on: &MeasuredOn<'_>, at: PatientPoint) -> Result<Vec<MeasuredValue>, StatisticsError> {
    let value = match on.slice_idx {
        Some(slice_idx) => probe_slice(on.volume, slice_idx, at),
        None => probe(on.volume, at),
    };
    let measured = MeasuredValue {
        name: "value".into(),
        value: value.ok_or(StatisticsError::NoVoxels)?,
        unit: unit_text(&on.volume.unit),
        source: "nearest voxel".into(),
    };
    let quantities = readable(on.volume).filter_map(|quantity| {
        let value = probe_quantity(on.volume, quantity, on.slice_idx, at)?;
        Some(in_quantity(quantity, String::new(), value))
    });
    Ok([measured].into_iter().chain(quantities).collect())
}

/// The words on a shape while it is drawn; empty for one that has none yet.
pub fn sketch_label(volume: &Volume, slice_idx: Option<usize>, geometry: &Geometry) -> String {
    let on = MeasuredOn { volume, slice_idx };
    match geometry {
        Geometry::Length { .. }
        | Geometry::Angle { .. }
        | Geometry::Bidirectional(_)
        | Geometry::CobbAngle { .. } => {
            measure(&on, geometry).map_or(String::new(), |values| label(&values))
        }
        // The values of a region are counted when it is done, not at each move of the hand.
        Geometry::Ellipse(ellipse) => {
            let [long, short] = ellipse.diameters_mm();
            let unit = length_unit(volume.spacing_source);
            format!("{} × {} {unit}", short_number(long), short_number(short))
        }
        Geometry::Arrow { text, .. } => text.clone(),
        Geometry::Probe { .. } => String::new(),
    }
}
