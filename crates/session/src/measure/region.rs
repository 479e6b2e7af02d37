use case::MeasuredValue;
use space::Ellipse;
use volume::{
    Quantity, RegionSamples, StatisticsError, ValueUnit, Volume, ellipse_statistics,
    quantity_statistics, slice_ellipse_statistics,
};

use super::MeasuredOn;
use super::ruler::Ruler;

/// The numbers of an ellipse: its values in the unit of the series, its size, and further quantities.
pub(super) fn of_ellipse(
    on: &MeasuredOn<'_>,
    ellipse: &Ellipse,
) -> Result<Vec<MeasuredValue>, StatisticsError> {
    let statistics = match on.slice_idx {
        Some(slice_idx) => slice_ellipse_statistics(on.volume, slice_idx, ellipse)?,
        None => ellipse_statistics(on.volume, ellipse)?,
    };
    let unit = unit_text(&statistics.unit);
    let from = match statistics.samples {
        RegionSamples::VoxelCentres { .. } => format!("{} voxels", statistics.n),
        RegionSamples::Resampled { spacing_mm } => {
            format!("{} points, linear, {spacing_mm:.2} mm apart", statistics.n)
        }
    };
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
    let ruler = Ruler::of(on.volume);
    let [long, short] = ellipse.diameters_mm();
    values.extend([
        ruler.length("long_diameter", long),
        ruler.length("short_diameter", short),
        ruler.area("area", ellipse.area_mm2()),
    ]);
    values.extend(quantities_within(on.volume, on.slice_idx, ellipse)?);
    Ok(values)
}

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

/// Mean and largest of each quantity in an ellipse.
fn quantities_within(
    volume: &Volume,
    slice_idx: Option<usize>,
    ellipse: &Ellipse,
) -> Result<Vec<MeasuredValue>, StatisticsError> {
    let mut values = Vec::new();
    for quantity in readable(volume) {
        let found = quantity_statistics(volume, quantity, slice_idx, ellipse)?;
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
