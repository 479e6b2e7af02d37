use case::{Geometry, MeasuredValue};
use space::{Ellipse, PatientPoint, acute_angle_deg, angle_deg, distance_mm};
use volume::{
    GeometryKind, Quantity, RegionMeasure, RegionSamples, SpacingSource, StatisticsError,
    ValueUnit, Volume, ellipse_statistics, measure_in_regions, probe, probe_quantity, probe_slice,
    quantity_statistics, slice_ellipse_statistics,
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
        Geometry::Length { from, to } => between(volume, slice_idx, *from, *to),
        Geometry::Angle { from, vertex, to } => angle_deg(*from, *vertex, *to)
            .map(|value| MeasuredValue {
                name: "angle".into(),
                value,
                unit: "deg".into(),
                source: source.into(),
            })
            .into_iter()
            .collect(),
        Geometry::Bidirectional(diameters) => {
            let [a, b] = [diameters.first, diameters.across]
                .map(|[from, to]| between(volume, slice_idx, from, to));
            two_diameters(a, b)
        }
        Geometry::CobbAngle { first, second } => acute_angle_deg(*first, *second)
            .map(|value| MeasuredValue {
                name: "cobb_angle".into(),
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
            values.extend(quantities_within(volume, slice_idx, ellipse)?);
            values
        }
        Geometry::Arrow { .. } => Vec::new(),
        Geometry::Probe { at } => {
            let value = match slice_idx {
                Some(slice_idx) => probe_slice(volume, slice_idx, *at),
                None => probe(volume, *at),
            };
            let value = value.ok_or(StatisticsError::NoVoxels)?;
            let measured = MeasuredValue {
                name: "value".into(),
                value,
                unit: unit_text(&volume.unit),
                source: "nearest voxel".into(),
            };
            let quantities = readable(volume).filter_map(|quantity| {
                let value = probe_quantity(volume, quantity, slice_idx, *at)?;
                Some(in_quantity(quantity, String::new(), value))
            });
            [measured].into_iter().chain(quantities).collect()
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
        Geometry::Bidirectional(diameters) => diameters.ends().to_vec(),
        Geometry::CobbAngle { first, second } => first.iter().chain(second).copied().collect(),
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

/// The quantities that tell a reader something, those of body weight first.
fn readable(volume: &Volume) -> impl Iterator<Item = &Quantity> {
    volume
        .meaning
        .quantities
        .iter()
        .filter(|q| q.is_meaningful())
}

fn in_quantity(quantity: &Quantity, of: String, value: f64) -> MeasuredValue {
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
const MAX_OF: &str = "max ";
const MEAN_OF: &str = "mean ";

/// What lies between two places: a distance, or in a calibrated ultrasound region whatever its axes are. Where the
/// regions give nothing the distance is in pixels, and the source says why.
fn between(
    volume: &Volume,
    slice_idx: Option<usize>,
    from: PatientPoint,
    to: PatientPoint,
) -> Vec<MeasuredValue> {
    let value = |name: &str, value: f64, unit: &str, source: &str| MeasuredValue {
        name: name.into(),
        value,
        unit: unit.into(),
        source: source.into(),
    };
    let regions = slice_idx.map_or(&[][..], |k| volume.meaning.regions(k));
    let pixel = |place| {
        let [column, row, _] = volume.slice_map(slice_idx?)?.invert(place)?;
        Some([column, row])
    };
    let Some((a, b)) = pixel(from).zip(pixel(to)).filter(|_| !regions.is_empty()) else {
        let unit = length_unit(volume.spacing_source);
        let source = spacing_source_text(volume.spacing_source);
        return vec![value("length", distance_mm(from, to), unit, source)];
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
fn two_diameters(a: Vec<MeasuredValue>, b: Vec<MeasuredValue>) -> Vec<MeasuredValue> {
    match (a.as_slice(), b.as_slice()) {
        ([a], [b]) if a.name == "length" && b.name == "length" && a.unit == b.unit => {
            let (long, short) = if a.value < b.value { (b, a) } else { (a, b) };
            let named = |name: &str, value: &MeasuredValue| MeasuredValue {
                name: name.into(),
                ..value.clone()
            };
            vec![named("long_diameter", long), named("short_diameter", short)]
        }
        _ => a.into_iter().chain(b).collect(),
    }
}

/// The words on a shape while it is drawn; empty for one that has none yet.
pub fn sketch_label(volume: &Volume, slice_idx: Option<usize>, geometry: &Geometry) -> String {
    match geometry {
        Geometry::Length { from, to } => label(&between(volume, slice_idx, *from, *to)),
        Geometry::Angle { from, vertex, to } => {
            angle_deg(*from, *vertex, *to).map_or(String::new(), |angle| format!("{angle:.1}°"))
        }
        Geometry::Bidirectional(_) | Geometry::CobbAngle { .. } => {
            measure(volume, slice_idx, geometry).map_or(String::new(), |values| label(&values))
        }
        Geometry::Ellipse(ellipse) => {
            let [long, short] = ellipse.diameters_mm();
            let unit = length_unit(volume.spacing_source);
            format!("{} × {} {unit}", short_number(long), short_number(short))
        }
        Geometry::Arrow { text, .. } => text.clone(),
        Geometry::Probe { .. } => String::new(),
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
        let size = format!(
            "{} × {} {}",
            short_number(long.value),
            short_number(short.value),
            long.unit
        );
        // A reader of uptake wants the largest, not a mean of becquerels.
        if let Some(max) = values.iter().find(|v| v.name.starts_with(MAX_OF)) {
            let value = significant(max.value);
            return format!("{size} · {} {value} {}", max.name, max.unit);
        }
        let sd = find("sd").map_or(String::new(), |sd| format!(" ± {:.0}", sd.value));
        return format!("{size} · {:.0}{sd} {}", mean.value, mean.unit);
    }
    if let [long, short] = values
        && long.name == "long_diameter"
    {
        return format!(
            "{} × {} {}",
            short_number(long.value),
            short_number(short.value),
            long.unit
        );
    }
    match values {
        [v, ..] if v.unit == "deg" => format!("{:.1}°", v.value),
        [v, quantity, ..] if v.name == "value" => format!(
            "{} {} {}",
            quantity.name,
            significant(quantity.value),
            quantity.unit
        ),
        [v] if v.name == "value" => format!("{:.0} {}", v.value, v.unit),
        [time, depth] if time.name == "time" => format!(
            "{} {} · {} {}",
            significant(time.value),
            time.unit,
            short_number(depth.value),
            depth.unit
        ),
        [v, ..] => format!("{} {}", short_number(v.value), v.unit),
        [] => String::new(),
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

/// Three significant digits, for numbers whose size is not known beforehand.
pub fn significant(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude == 0.0 {
        return "0".into();
    }
    if !(1e-3..1e6).contains(&magnitude) {
        return format!("{value:.2e}");
    }
    let n_decimals = match magnitude {
        m if 100.0 <= m => 0,
        m if 10.0 <= m => 1,
        m if 1.0 <= m => 2,
        m if 0.1 <= m => 3,
        _ => 5,
    };
    format!("{value:.n_decimals$}")
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
    use volume::{
        Meaning, ModalityLut, Placement, QuantityKind, RegionAxis, RegionExtent, RegionFormat,
        RegionUnit, Rescale, SliceVoxels, SmallValues, Stored, UltrasoundRegion, Voxels,
    };

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
            meaning: Meaning::default(),
            voxels: Voxels::new(Stored::U8, 6),
        }
    }

    /// Pictures of 4 × 4 whose upper half is tissue, a pixel 0.5 mm, and whose lower half is spectral Doppler.
    fn ultrasound() -> Volume {
        let region = |rows: [u32; 2], axes: [(RegionUnit, f64); 2]| UltrasoundRegion {
            format: RegionFormat::Other,
            data_type: 1,
            extent: RegionExtent {
                first: [0, rows[0]],
                last: [3, rows[1]],
            },
            has_priority: false,
            axes: axes.map(|(unit, per_pixel)| RegionAxis {
                unit,
                per_pixel,
                at_reference: 0.0,
            }),
            reference_pixel: Some([0.0, 0.0]),
        };
        let tissue = region([0, 1], [(RegionUnit::Centimetre, 0.05); 2]);
        let doppler = region(
            [2, 3],
            [
                (RegionUnit::Second, 0.01),
                (RegionUnit::CentimetrePerSecond, 20.0),
            ],
        );
        Volume {
            spacing_source: SpacingSource::Unknown,
            placed: Placement::Unplaced,
            meaning: Meaning {
                regions: vec![vec![tissue, doppler].into()],
                ..Meaning::default()
            },
            ..volume(GeometryKind::Multiframe)
        }
    }

    #[test]
    fn a_length_on_ultrasound_is_in_the_unit_of_the_region_under_it_or_in_pixels() {
        for (from, to, words) in [
            ([0.0, 0.0], [3.0, 0.0], "1.5 mm"),
            ([0.0, 0.0], [0.0, 1.0], "0.5 mm"),
            ([0.0, 2.0], [2.0, 3.0], "20 cm/s"),
            // Across two regions, and outside of both, nothing but pixels is true.
            ([0.0, 0.0], [0.0, 3.0], "3 px"),
            ([0.0, 0.0], [9.0, 0.0], "9 px"),
        ] {
            let place = |[x, y]: [f64; 2]| PatientPoint::new(x, y, 2.0);
            let geometry = Geometry::Length {
                from: place(from),
                to: place(to),
            };
            let volume = ultrasound();
            let kept = measure(&volume, Some(1), &geometry).unwrap_or_default();
            assert_eq!(label(&kept), words, "{from:?} {to:?}");
            assert_eq!(sketch_label(&volume, Some(1), &geometry), words);
            assert!(kept.iter().all(|v| !v.source.is_empty()));
        }
    }

    #[test]
    fn a_probe_names_the_uptake_and_keeps_the_measured_value() {
        let mut volume = volume(GeometryKind::Volume);
        volume.unit = ValueUnit::Named("BQML".into());
        volume.meaning.quantities = vec![Quantity {
            kind: QuantityKind::SuvBodyWeight,
            name: "SUVbw".into(),
            unit: "g/ml".into(),
            lut: ModalityLut::Rescale(vec![Rescale {
                slope: 0.025,
                intercept: 0.0,
            }]),
            defined: None,
            provenance: "weight, dose".into(),
        }];
        for slice_idx in 0..6 {
            let voxels = SliceVoxels::U8([100; 16].into());
            assert!(volume.voxels.fill(slice_idx, voxels).is_ok());
        }
        let at = PatientPoint::new(1.0, 1.0, 2.0);
        let values = measure(&volume, None, &Geometry::Probe { at }).unwrap_or_default();
        let said: Vec<_> = values.iter().map(|v| (v.value, v.unit.as_str())).collect();
        assert_eq!(said, [(100.0, "BQML"), (2.5, "g/ml")]);
        assert_eq!(label(&values), "SUVbw 2.50 g/ml");
    }

    #[test]
    fn numbers_keep_three_digits_whatever_their_size() {
        for (value, words) in [
            (0.0, "0"),
            (1234.5, "1234"),
            (2.5, "2.50"),
            (12.34, "12.3"),
            (0.1234, "0.123"),
            (0.00123, "0.00123"),
            (1.5e-5, "1.50e-5"),
            (2.5e7, "2.50e7"),
        ] {
            assert_eq!(significant(value), words);
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
