//! Numbers of marks, with where each came from, and the words that stand on them.

mod body;
mod holes;
mod length;
mod region;
mod ruler;
#[cfg(test)]
mod tests;
mod trust;
mod words;

use case::{Geometry, MeasuredValue};
use space::{
    CardiothoracicWidths, ContourError, PatientPoint, acute_angle_deg, angle_deg,
    directed_angle_deg, distance_mm, path_length_mm,
};
use thiserror::Error;
use volume::{
    Grown, GrowthError, StatisticsError, UltrasoundRegion, ValueRange, Volume, probe,
    probe_quantity, probe_slice,
};

use body::{of_contours, of_grown};
use length::{between, two_diameters};
use region::{in_quantity, of_region, readable};
use ruler::Ruler;

pub(crate) use holes::say_holes;
pub(crate) use region::unit_text;
pub use ruler::ByHand;
pub(crate) use ruler::length_unit;
pub use trust::{Trust, trust};
pub(crate) use words::{label, short_number, short_window_number, size_text};
pub use words::{provenance, significant, window_number};

/// Why a shape has no numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum MeasureError {
    #[error(transparent)]
    Statistics(#[from] StatisticsError),
    #[error(transparent)]
    Growth(#[from] GrowthError),
    #[error(transparent)]
    Contour(#[from] ContourError),
    #[error(
        "the line has no length, so it calibrates nothing; draw it along something of known length"
    )]
    NoLength,
    #[error("this length is no number of millimetres between 0.1 and 5000; type the length in mm")]
    NoKnownLength,
}

/// What a shape is measured on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MeasuredOn<'a> {
    pub(crate) volume: &'a Volume,
    /// The slice that the shape was drawn on, when the volume is no regular one.
    pub(crate) slice_idx: Option<usize>,
    /// What the reader calibrated on the image.
    pub(crate) by_hand: Option<ByHand>,
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
/// When a region or a body cannot be measured: see [`MeasureError`].
pub(crate) fn measure(
    on: &MeasuredOn<'_>,
    geometry: &Geometry,
) -> Result<Vec<MeasuredValue>, MeasureError> {
    let ruler = || Ruler::at(on, &geometry.places());
    let angle = |name: &str, degrees: Option<f64>| {
        let value = degrees.map(|degrees| ruler().angle(name, degrees));
        value.into_iter().collect()
    };
    Ok(match geometry {
        Geometry::Length { from, to } => between(on, *from, *to),
        Geometry::Polyline { corners } => vec![ruler().length("length", path_length_mm(corners))],
        Geometry::Angle { from, vertex, to } => angle("angle", angle_deg(*from, *vertex, *to)),
        Geometry::OpenAngle { first, second } => {
            let degrees = directed_angle_deg(*first, *second);
            let other = degrees.map(|degrees| 180.0 - degrees);
            let beside: Vec<_> = angle("supplementary_angle", other);
            angle("angle", degrees).into_iter().chain(beside).collect()
        }
        Geometry::Bidirectional(diameters) => {
            let [a, b] =
                [diameters.first, diameters.across].map(|[from, to]| between(on, from, to));
            two_diameters(a, b)
        }
        Geometry::CobbAngle { first, second } => {
            angle("cobb_angle", acute_angle_deg(*first, *second))
        }
        Geometry::CardiothoracicRatio(widths) => of_widths(&ruler(), widths),
        Geometry::Ellipse(_)
        | Geometry::Rectangle(_)
        | Geometry::Polygon { .. }
        | Geometry::Freehand { .. } => {
            let region = geometry.region().ok_or(StatisticsError::NoArea)?;
            of_region(on, &region, &geometry.places())?
        }
        Geometry::GrownBody { .. } | Geometry::ContourBody { .. } => {
            measure_body(on, geometry, &|| true)?.0
        }
        Geometry::Arrow { .. } | Geometry::Text { .. } | Geometry::SpineLabel { .. } => Vec::new(),
        Geometry::Probe { at } => of_probe(on, *at)?,
        Geometry::Calibration { from, to, known_mm } => {
            of_calibration(on, distance_mm(*from, *to), *known_mm)?
        }
    })
}

/// Measures a body while `goes_on` says so; with one that is grown from values come its voxels. Other shapes have no
/// numbers here.
///
/// # Errors
/// As [`measure`], and when it does not go on.
pub(crate) fn measure_body(
    on: &MeasuredOn<'_>,
    geometry: &Geometry,
    goes_on: &dyn Fn() -> bool,
) -> Result<(Vec<MeasuredValue>, Option<Grown>), MeasureError> {
    match geometry {
        Geometry::GrownBody {
            corners,
            low,
            high,
            reach_mm,
        } => {
            let range = ValueRange {
                low: *low,
                high: *high,
            };
            let (values, grown) = of_grown(on, corners, (range, *reach_mm), goes_on)?;
            Ok((values, Some(grown)))
        }
        Geometry::ContourBody { contours } => Ok((of_contours(on, contours)?, None)),
        _ => Ok((Vec::new(), None)),
    }
}

/// What a known length says of its image.
///
/// # Errors
/// When it says nothing.
pub(crate) fn by_hand(grid_mm: f64, known_mm: f64) -> Result<ByHand, MeasureError> {
    if !(0.1..=5000.0).contains(&known_mm) {
        return Err(MeasureError::NoKnownLength);
    }
    if !grid_mm.is_finite() || grid_mm < 1e-6 {
        return Err(MeasureError::NoLength);
    }
    Ok(ByHand {
        mm_per_grid_mm: known_mm / grid_mm,
        known_mm,
    })
}

fn of_calibration(
    on: &MeasuredOn<'_>,
    grid_mm: f64,
    known_mm: f64,
) -> Result<Vec<MeasuredValue>, MeasureError> {
    let by_hand = by_hand(grid_mm, known_mm)?;
    let value = |name: &str, value: f64, source: &str| MeasuredValue {
        name: name.into(),
        value,
        unit: "mm".into(),
        source: source.into(),
    };
    let pixel_mm = on.volume.grid.spacing_mm()[0] * by_hand.mm_per_grid_mm;
    Ok(vec![
        value("known_length", known_mm, "given by the reader"),
        value(
            "pixel_spacing",
            pixel_mm,
            "known length over its length in pixels",
        ),
    ])
}

/// Ratio and widths of heart and thorax.
fn of_widths(ruler: &Ruler, widths: &CardiothoracicWidths) -> Vec<MeasuredValue> {
    let [heart, thorax] = [
        ("heart_width", widths.heart),
        ("thorax_width", widths.thorax),
    ]
    .map(|(name, [a, b])| ruler.length(name, distance_mm(a, b)));
    let ratio = widths.ratio().map(|ratio| MeasuredValue {
        name: "cardiothoracic_ratio".into(),
        value: ratio,
        unit: "ratio".into(),
        source: "width of the heart over that of the thorax".into(),
    });
    ratio.into_iter().chain([heart, thorax]).collect()
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

/// A distance on the grid as a length through some places, and its unit.
pub(crate) fn length_on(
    on: &MeasuredOn<'_>,
    places: &[PatientPoint],
    grid_mm: f64,
) -> (f64, &'static str) {
    let ruler = Ruler::at(on, places);
    (ruler.length("length", grid_mm).value, ruler.unit())
}

/// Corners of an outline whose area is said while it is drawn; counting more would hold up the hand.
const MAX_SKETCHED: usize = 200;

/// The words on a shape while it is drawn; empty for one that has none yet.
pub fn sketch_label(
    (volume, slice_idx): (&Volume, Option<usize>),
    by_hand: Option<ByHand>,
    geometry: &Geometry,
) -> String {
    let on = MeasuredOn {
        volume,
        slice_idx,
        by_hand,
    };
    let size = |[long, short]: [f64; 2]| {
        let ruler = Ruler::at(&on, &geometry.places());
        let [long, short] = [long, short].map(|side| ruler.length("", side).value);
        format!(
            "{} × {} {}",
            short_number(long),
            short_number(short),
            ruler.unit()
        )
    };
    match geometry {
        Geometry::Length { .. }
        | Geometry::Polyline { .. }
        | Geometry::Angle { .. }
        | Geometry::OpenAngle { .. }
        | Geometry::Bidirectional(_)
        | Geometry::CobbAngle { .. }
        | Geometry::CardiothoracicRatio(_) => {
            measure(&on, geometry).map_or(String::new(), |values| label(&values))
        }
        // The values of a region are counted when it is done, not at each move of the hand.
        Geometry::Ellipse(ellipse) => size(ellipse.diameters_mm()),
        Geometry::Rectangle(rectangle) => size(rectangle.sides_mm()),
        Geometry::Polygon { corners } | Geometry::Freehand { corners } => {
            match geometry.region().filter(|_| corners.len() <= MAX_SKETCHED) {
                Some(region) => {
                    let ruler = Ruler::at(&on, corners);
                    label(&[ruler.area("area", region.area_mm2())])
                }
                None => String::new(),
            }
        }
        Geometry::Arrow { text, .. } | Geometry::Text { text, .. } => text.clone(),
        Geometry::SpineLabel { level, .. } => level.to_string(),
        Geometry::Calibration { .. }
        | Geometry::GrownBody { .. }
        | Geometry::ContourBody { .. }
        | Geometry::Probe { .. } => String::new(),
    }
}
