use case::MeasuredValue;
use space::{PatientPoint, Polygon, contour_volume};
use volume::{GeometryKind, Grown, GrowthError, StatisticsError, ValueRange, grow_while};

use super::ruler::Ruler;
use super::words::short_number;
use super::{MeasureError, MeasuredOn, region::unit_text};

/// The name of the volume of a body that was cut off at its limits.
pub(super) const WITHIN_LIMITS: &str = "volume_within_limits";

/// The numbers of a body that is grown by values.
pub(super) fn of_grown(
    on: &MeasuredOn<'_>,
    corners: &[PatientPoint],
    (range, reach_mm): (ValueRange, f64),
    goes_on: &dyn Fn() -> bool,
) -> Result<(Vec<MeasuredValue>, Grown), MeasureError> {
    let outline = Polygon::new(corners).ok_or(StatisticsError::NoArea)?;
    let grown = grow_while(on.volume, &outline, (range, reach_mm), goes_on)?;
    let unit = unit_text(&on.volume.unit);
    let number = |value: f64| format!("{} {unit}", short_number(value));
    let values = match (range.low, range.high) {
        (Some(low), Some(high)) => format!("{} to {}", short_number(low), number(high)),
        (Some(low), None) => format!("{} or more", number(low)),
        (None, Some(high)) => format!("{} or less", number(high)),
        (None, None) => "all values".into(),
    };
    // A body that was cut is larger than what was counted, and its number must not be quoted without saying so.
    let (name, cut) = match grown.is_cut {
        true => (WITHIN_LIMITS, ", cut off at its limits"),
        false => ("volume", ""),
    };
    let how = format!(
        "values of {values}, joined by faces, slices {} to {}{cut}",
        grown.slices[0] + 1,
        grown.slices[1] + 1,
    );
    let value = |name: &str, value: f64, unit: &str| MeasuredValue {
        name: name.into(),
        value,
        unit: unit.into(),
        source: how.clone(),
    };
    let volume = Ruler::at(on, corners).volume(name, grown.volume_mm3);
    let values = vec![
        MeasuredValue {
            source: format!("{}; {how}", volume.source),
            ..volume
        },
        value("count", grown.n_voxels as f64, "voxels"),
        value("mean", grown.mean, &unit),
    ];
    Ok((values, grown))
}

/// The numbers of a body between outlines: of one alone its area.
pub(super) fn of_contours(
    on: &MeasuredOn<'_>,
    contours: &[Vec<PatientPoint>],
) -> Result<Vec<MeasuredValue>, MeasureError> {
    if on.volume.kind != GeometryKind::Volume {
        return Err(GrowthError::NotAVolume.into());
    }
    let ruler = Ruler::at(on, &contours.concat());
    let n_contours = |how: String| MeasuredValue {
        name: "count".into(),
        value: contours.len() as f64,
        unit: "contours".into(),
        source: how,
    };
    if let [only] = contours {
        let outline = Polygon::new(only).ok_or(StatisticsError::NoArea)?;
        return Ok(vec![
            ruler.area("area", outline.area_mm2()),
            n_contours("one outline; draw another on a further slice for a volume".into()),
        ]);
    }
    let [_, _, spacing_mm] = on.volume.grid.spacing_mm();
    let found = contour_volume(contours, spacing_mm)?;
    let how = format!(
        "{} outlines drawn, {} interpolated between them, {} mm apart",
        found.n_drawn,
        found.n_interpolated,
        short_number(spacing_mm)
    );
    let volume = ruler.volume("volume", found.volume_mm3);
    Ok(vec![
        MeasuredValue {
            source: format!("{}; {how}", volume.source),
            ..volume
        },
        n_contours(how),
    ])
}
