use case::{Geometry, MeasuredValue};
use volume::{GeometryKind, Volume};

/// Says on every distance that a shape reaches over missing slices: what lies there was never seen.
///
/// `missing` are slices of a regular volume; on a stack a shape lies on one slice and crosses none.
pub(crate) fn say_holes(
    values: &mut [MeasuredValue],
    volume: &Volume,
    missing: &[usize],
    geometry: &Geometry,
) {
    if volume.kind != GeometryKind::Volume {
        return;
    }
    let ends = match geometry {
        // A grown body says itself that it was cut.
        Geometry::Arrow { .. }
        | Geometry::Text { .. }
        | Geometry::SpineLabel { .. }
        | Geometry::GrownBody { .. }
        | Geometry::Probe { .. } => Vec::new(),
        Geometry::Length { .. }
        | Geometry::Polyline { .. }
        | Geometry::Angle { .. }
        | Geometry::OpenAngle { .. }
        | Geometry::Bidirectional(_)
        | Geometry::CobbAngle { .. }
        | Geometry::CardiothoracicRatio(_)
        | Geometry::Ellipse(_)
        | Geometry::Rectangle(_)
        | Geometry::Polygon { .. }
        | Geometry::Freehand { .. }
        | Geometry::ContourBody { .. }
        | Geometry::Calibration { .. } => geometry.places(),
    };
    let along = ends
        .iter()
        .filter_map(|p| volume.grid.voxel(*p).map(|v| v[2]));
    let (low, high) = along.fold((f64::MAX, f64::MIN), |(low, high), k| {
        (low.min(k), high.max(k))
    });
    let n = missing
        .iter()
        .filter(|k| low - 0.5 < **k as f64 && (**k as f64) < high + 0.5)
        .count();
    let slices = match n {
        0 => return,
        1 => "1 missing slice".to_owned(),
        n => format!("{n} missing slices"),
    };
    for value in values {
        value.source = format!("{}, across {slices}", value.source);
    }
}
