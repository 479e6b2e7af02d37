use case::MeasuredValue;
use space::{PatientPoint, distance_mm};
use volume::{RegionMeasure, SpacingSource, measure_in_regions};

use super::MeasuredOn;
use super::ruler::{Ruler, spacing_source_text};

/// What lies between two places: a distance, or in a calibrated ultrasound region whatever its axes are. Where the
/// regions give nothing the distance is in pixels, and the source says why.
pub(super) fn between(
    on: &MeasuredOn<'_>,
    from: PatientPoint,
    to: PatientPoint,
) -> Vec<MeasuredValue> {
    let value = |name: &str, value: f64, unit: &str, source: &str| MeasuredValue {
        name: name.into(),
        value,
        unit: unit.into(),
        source: source.into(),
    };
    let regions = on.regions();
    let Some((a, b)) = on
        .pixel(from)
        .zip(on.pixel(to))
        .filter(|_| !regions.is_empty() && on.by_hand.is_none())
    else {
        return vec![Ruler::at(on, &[from, to]).length("length", distance_mm(from, to))];
    };
    let source = spacing_source_text(SpacingSource::UltrasoundRegion);
    match measure_in_regions(regions, a, b) {
        Ok(RegionMeasure::LengthMm(mm)) => vec![value("length", mm, "mm", source)],
        Ok(RegionMeasure::MotionMode { time_s, depth_mm }) => vec![
            value("time", time_s, "s", source),
            value("depth", depth_mm, "mm", source),
        ],
        Ok(RegionMeasure::Velocity { time_s, cm_per_s }) => vec![
            value("velocity", cm_per_s[1], "cm/s", source),
            value("velocity_at_start", cm_per_s[0], "cm/s", source),
            value("time", time_s, "s", source),
        ],
        Ok(RegionMeasure::Frequency { time_s, hertz }) => vec![
            value("frequency", hertz[1], "Hz", source),
            value("frequency_at_start", hertz[0], "Hz", source),
            value("time", time_s, "s", source),
        ],
        Err(problem) => {
            let pixels = (b[0] - a[0]).hypot(b[1] - a[1]);
            vec![value("length", pixels, "px", &problem.to_string())]
        }
    }
}

/// Two distances as long and short diameter. Where they are no lengths of one unit, both are said as they are.
pub(super) fn two_diameters(a: Vec<MeasuredValue>, b: Vec<MeasuredValue>) -> Vec<MeasuredValue> {
    match (a.as_slice(), b.as_slice()) {
        ([a], [b]) if a.name == "length" && b.name == "length" && a.unit == b.unit => {
            let (long, short) = if a.value < b.value { (b, a) } else { (a, b) };
            vec![
                renamed(long, "long_diameter"),
                renamed(short, "short_diameter"),
            ]
        }
        _ => a.into_iter().chain(b).collect(),
    }
}

fn renamed(value: &MeasuredValue, name: &str) -> MeasuredValue {
    MeasuredValue {
        name: name.into(),
        ..value.clone()
    }
}
