use case::{Geometry, MeasuredValue};
use space::{PatientPoint, angle_deg, distance_mm};
use volume::{
    GeometryKind, RegionSamples, SpacingSource, StatisticsError, ValueUnit, Volume,
    ellipse_statistics, probe, probe_slice, slice_ellipse_statistics,
};

/// Measures a shape on a volume, in `f64` on the CPU. Every value says which attribute it came from.
///
/// `slice_idx` names the slice the shape was drawn on when the volume is no regular one.
pub(crate) fn measure(
    volume: &Volume,
    slice_idx: Option<usize>,
    geometry: &Geometry,
) -> Result<Vec<MeasuredValue>, StatisticsError> {
    let source = spacing_source_text(volume.spacing_source);
    let length = |name: &str, value: f64| MeasuredValue {
        name: name.into(),
        value,
        unit: length_unit(volume.spacing_source).into(),
        source: source.into(),
    };
    Ok(match geometry {
        Geometry::Length { from, to } => vec![length("length", distance_mm(*from, *to))],
        Geometry::Angle { from, vertex, to } => angle_deg(*from, *vertex, *to)
            .map(|value| MeasuredValue {
                name: "angle".into(),
                value,
                unit: "deg".into(),
                source: source.into(),
            })
            .into_iter()
            .collect(),
        Geometry::Ellipse(ellipse) => {
            let statistics = match slice_idx {
                Some(slice_idx) => slice_ellipse_statistics(volume, slice_idx, ellipse)?,
                None => ellipse_statistics(volume, ellipse)?,
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
            let [long, short] = ellipse.diameters_mm();
            let mut values = vec![
                value("mean", statistics.mean),
                value("min", statistics.min),
                value("max", statistics.max),
            ];
            values.extend(statistics.sd.map(|sd| value("sd", sd)));
            values.extend([
                length("long_diameter", long),
                length("short_diameter", short),
            ]);
            let area_unit = if length_unit(volume.spacing_source) == "mm" {
                "mm2"
            } else {
                "px2"
            };
            values.push(MeasuredValue {
                name: "area".into(),
                value: ellipse.area_mm2(),
                unit: area_unit.into(),
                source: source.into(),
            });
            values
        }
        Geometry::Arrow { .. } => Vec::new(),
        Geometry::Probe { at } => {
            let value = match slice_idx {
                Some(slice_idx) => probe_slice(volume, slice_idx, *at),
                None => probe(volume, *at),
            };
            let value = value.ok_or(StatisticsError::NoVoxels)?;
            vec![MeasuredValue {
                name: "value".into(),
                value,
                unit: unit_text(&volume.unit),
                source: "nearest voxel".into(),
            }]
        }
    })
}

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
    let ends: Vec<PatientPoint> = match geometry {
        Geometry::Length { from, to } => vec![*from, *to],
        Geometry::Angle { from, vertex, to } => vec![*from, *vertex, *to],
        Geometry::Ellipse(ellipse) => vec![
            ellipse.centre + ellipse.half_axis_a,
            ellipse.centre - ellipse.half_axis_a,
            ellipse.centre + ellipse.half_axis_b,
            ellipse.centre - ellipse.half_axis_b,
        ],
        Geometry::Arrow { .. } | Geometry::Probe { .. } => Vec::new(),
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

/// `mm`, or `px` where no attribute gives a spacing.
pub(crate) fn length_unit(source: SpacingSource) -> &'static str {
    if source == SpacingSource::Unknown {
        "px"
    } else {
        "mm"
    }
}

/// `HU`, the named unit, or `stored`.
pub(crate) fn unit_text(unit: &ValueUnit) -> String {
    match unit {
        ValueUnit::Hounsfield => "HU".into(),
        ValueUnit::Named(name) => name.clone(),
        ValueUnit::Stored => "stored".into(),
    }
}

/// The attribute that a distance came from.
pub(crate) fn spacing_source_text(source: SpacingSource) -> &'static str {
    match source {
        SpacingSource::PixelSpacing => "Pixel Spacing (0028,0030)",
        SpacingSource::CalibratedPixelSpacing => "Pixel Spacing (0028,0030), calibrated",
        SpacingSource::ImagerPixelSpacing => "Imager Pixel Spacing (0018,1164), at the detector",
        SpacingSource::ImagerPixelSpacingMagnificationCorrected => {
            "Imager Pixel Spacing (0018,1164) divided by magnification (0018,1114)"
        }
        SpacingSource::ImagerPixelSpacingDistanceCorrected => {
            "Imager Pixel Spacing (0018,1164) divided by the ratio of distances (0018,1110)/(0018,1111)"
        }
        SpacingSource::NominalScannedPixelSpacing => "Nominal Scanned Pixel Spacing (0018,2010)",
        SpacingSource::UltrasoundRegion => "Sequence of Ultrasound Regions (0018,6011)",
        SpacingSource::Unknown => "no spacing given: pixels",
    }
}

/// The number that stands on a mark: `7.9 mm`, `33 × 22 mm`, `42°`, `38 ± 12 HU`.
pub(crate) fn label(values: &[MeasuredValue]) -> String {
    let find = |name: &str| values.iter().find(|v| v.name == name);
    if let (Some(mean), Some(long), Some(short)) =
        (find("mean"), find("long_diameter"), find("short_diameter"))
    {
        let sd = find("sd").map_or(String::new(), |sd| format!(" ± {:.0}", sd.value));
        let size = format!(
            "{} × {} {}",
            short_number(long.value),
            short_number(short.value),
            long.unit
        );
        return format!("{size} · {:.0}{sd} {}", mean.value, mean.unit);
    }
    match values.first() {
        Some(v) if v.unit == "deg" => format!("{:.1}°", v.value),
        Some(v) if v.name == "value" => format!("{:.0} {}", v.value, v.unit),
        Some(v) => format!("{} {}", short_number(v.value), v.unit),
        None => String::new(),
    }
}

/// The size of a finding from its marks: the longest distance, or the diameters of the largest region.
pub(crate) fn size_text<'a>(marks: impl Iterator<Item = &'a [MeasuredValue]>) -> String {
    let mut best: Option<(f64, String)> = None;
    for values in marks {
        let find = |name: &str| values.iter().find(|v| v.name == name);
        let candidate = match (
            find("length"),
            find("long_diameter"),
            find("short_diameter"),
        ) {
            (Some(l), ..) => Some((l.value, format!("{} {}", short_number(l.value), l.unit))),
            (_, Some(a), Some(b)) => Some((
                a.value,
                format!(
                    "{} × {} {}",
                    short_number(a.value),
                    short_number(b.value),
                    a.unit
                ),
            )),
            _ => None,
        };
        if let Some(candidate) = candidate
            && best.as_ref().is_none_or(|b| b.0 < candidate.0)
        {
            best = Some(candidate);
        }
    }
    best.map(|b| b.1).unwrap_or_default()
}

/// One decimal below 10, none from there on when it is a whole number.
pub(crate) fn short_number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use space::{Grid, PatientVector};
    use volume::{ModalityLut, Placement, SmallValues, Stored, Voxels};

    fn volume(kind: GeometryKind) -> Volume {
        Volume {
            grid: Grid {
                size: [4, 4, 6],
                origin: PatientPoint::new(0.0, 0.0, 0.0),
                column_step: PatientVector::new(1.0, 0.0, 0.0),
                row_step: PatientVector::new(0.0, 1.0, 0.0),
                slice_step: PatientVector::new(0.0, 0.0, 2.0),
            },
            kind,
            spacing_source: SpacingSource::PixelSpacing,
            placed: Placement::InPatient,
            slice_origins: Vec::new(),
            modality_lut: ModalityLut::Identity,
            unit: ValueUnit::Stored,
            voi: Vec::new(),
            small_values_are: SmallValues::Black,
            voxels: Voxels::new(Stored::U8, 6),
        }
    }

    #[test]
    fn a_length_over_missing_slices_says_so() {
        const MISSING: [usize; 2] = [2, 3];
        for (kind, from_mm, to_mm, said) in [
            (GeometryKind::Volume, 0.0, 10.0, ", across 2 missing slices"),
            (GeometryKind::Volume, 0.0, 4.0, ", across 1 missing slice"),
            (GeometryKind::Volume, 10.0, 0.0, ", across 2 missing slices"),
            (GeometryKind::Volume, 0.0, 2.0, ""),
            (GeometryKind::Volume, 8.0, 8.0, ""),
            (GeometryKind::Stack, 0.0, 10.0, ""),
        ] {
            let volume = volume(kind);
            let geometry = Geometry::Length {
                from: PatientPoint::new(0.0, 0.0, from_mm),
                to: PatientPoint::new(3.0, 0.0, to_mm),
            };
            let mut values = measure(&volume, None, &geometry).unwrap_or_default();
            say_holes(&mut values, &volume, &MISSING, &geometry);
            let sources: Vec<&str> = values.iter().map(|v| v.source.as_str()).collect();
            let expected = format!("Pixel Spacing (0028,0030){said}");
            assert_eq!(sources, [expected.as_str()], "{kind:?} {from_mm} {to_mm}");
        }
    }
}
