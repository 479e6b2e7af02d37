use case::MeasuredValue;
use space::{FlatRegion, PatientPoint};
use volume::{
    Quantity, RegionSamples, StatisticsError, ValueUnit, Volume, quantity_statistics,
    region_statistics, slice_region_statistics,
};

use super::MeasuredOn;
use super::ruler::Ruler;

/// The numbers of a region: its values in the unit of the series, its size, and further quantities. `places` are its
/// outermost ones.
pub(super) fn of_region(
    on: &MeasuredOn<'_>,
    region: &FlatRegion,
    places: &[PatientPoint],
) -> Result<Vec<MeasuredValue>, StatisticsError> {
    let statistics = match on.slice_idx {
        Some(slice_idx) => slice_region_statistics(on.volume, slice_idx, region)?,
        None => region_statistics(on.volume, region)?,
    };
    let unit = unit_text(&statistics.unit);
    let (count_unit, mut from) = match statistics.samples {
        RegionSamples::VoxelCentres { .. } => ("voxels", format!("{} voxels", statistics.n)),
        RegionSamples::Resampled { spacing_mm } => (
            "points",
            format!("{} points, linear, {spacing_mm:.2} mm apart", statistics.n),
        ),
    };
    let crosses = region.crosses_itself();
    if crosses {
        from.push_str(CROSSES);
    }
    let value = |name: &str, value: f64| MeasuredValue {
        name: name.into(),
        value,
        unit: unit.clone(),
        source: from.clone(),
    };
    let mut values = vec![
        value("mean", statistics.mean),
        value("min", statistics.min),
        value("max", statistics.max),
    ];
    values.extend(statistics.sd.map(|sd| value("sd", sd)));
    values.push(value("median", statistics.median));
    values.push(MeasuredValue {
        unit: count_unit.into(),
        ..value("count", statistics.n as f64)
    });
    let ruler = Ruler::at(on, places);
    match region {
        FlatRegion::Ellipse(ellipse) => {
            let [long, short] = ellipse.diameters_mm();
            values.push(ruler.length("long_diameter", long));
            values.push(ruler.length("short_diameter", short));
        }
        FlatRegion::Rectangle(rectangle) => {
            let [long, short] = rectangle.sides_mm();
            values.push(ruler.length("long_side", long));
            values.push(ruler.length("short_side", short));
        }
        FlatRegion::Polygon(polygon) => {
            values.push(ruler.length("perimeter", polygon.perimeter_mm()));
        }
    }
    let mut area = ruler.area("area", region.area_mm2());
    if crosses {
        area.source.push_str(CROSSES);
    }
    values.push(area);
    values.extend(quantities_within(on.volume, on.slice_idx, region)?);
    Ok(values)
}

/// What is said of the numbers of an outline that crosses itself.
const CROSSES: &str = ", the outline crosses itself: inside by the even-odd rule";

/// The quantities that tell a reader something, those of body weight first.
pub(super) fn readable(volume: &Volume) -> impl Iterator<Item = &Quantity> {
    volume
        .meaning
        .quantities
        .iter()
        .filter(|q| q.is_meaningful())
}

pub(super) fn in_quantity(quantity: &Quantity, of: String, value: f64) -> MeasuredValue {
    MeasuredValue {
        name: format!("{of}{}", quantity.name),
        value,
        unit: quantity.unit.clone(),
        source: quantity.provenance.clone(),
    }
}

/// Mean and largest of each quantity in a region.
fn quantities_within(
    volume: &Volume,
    slice_idx: Option<usize>,
    region: &FlatRegion,
) -> Result<Vec<MeasuredValue>, StatisticsError> {
    let mut values = Vec::new();
    for quantity in readable(volume) {
        let found = quantity_statistics(volume, quantity, slice_idx, region)?;
        values.push(in_quantity(quantity, MAX_OF.into(), found.max));
        values.push(in_quantity(quantity, MEAN_OF.into(), found.mean));
    }
    Ok(values)
}

/// What stands before a quantity's name for its largest value and its mean.
pub(super) const MAX_OF: &str = "max ";
const MEAN_OF: &str = "mean ";

/// `HU`, the named unit, or `stored`.
pub(crate) fn unit_text(unit: &ValueUnit) -> String {
    match unit {
        ValueUnit::Hounsfield => "HU".into(),
        ValueUnit::Named(name) => name.clone(),
        ValueUnit::Stored => "stored".into(),
    }
}
