use super::*;
use space::{Grid, PatientVector};
use volume::{
    GeometryKind, Meaning, ModalityLut, Placement, Quantity, QuantityKind, RegionAxis,
    RegionExtent, RegionFormat, RegionUnit, Rescale, SliceVoxels, SmallValues, SpacingSource,
    Stored, UltrasoundRegion, ValueUnit, Voxels,
};

fn measured(volume: &Volume, slice_idx: Option<usize>, geometry: &Geometry) -> Vec<MeasuredValue> {
    measure(
        &MeasuredOn {
            volume,
            slice_idx,
            by_hand: None,
        },
        geometry,
    )
    .unwrap_or_default()
}

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
        let kept = measured(&volume, Some(1), &geometry);
        assert_eq!(label(&kept), words, "{from:?} {to:?}");
        assert_eq!(sketch_label((&volume, Some(1)), None, &geometry), words);
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
    let values = measured(&volume, None, &Geometry::Probe { at });
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
        let mut values = measured(&volume, None, &geometry);
        say_holes(&mut values, &volume, &MISSING, &geometry);
        let sources: Vec<&str> = values.iter().map(|v| v.source.as_str()).collect();
        let expected = format!("Pixel Spacing (0028,0030){said}");
        assert_eq!(sources, [expected.as_str()], "{kind:?} {from_mm} {to_mm}");
    }
}

#[test]
fn every_number_says_where_it_came_from_a_line_for_each_source() {
    let value = |name: &str, value: f64, unit: &str, source: &str| MeasuredValue {
        name: name.into(),
        value,
        unit: unit.into(),
        source: source.into(),
    };
    let values = [
        value("mean", 38.25, "HU", "21 voxels"),
        value("count", 21.0, "voxels", "21 voxels"),
        value("area", 240.5, "mm2", "Pixel Spacing (0028,0030)"),
        value("angle", 42.0, "deg", "Pixel Spacing (0028,0030)"),
    ];
    assert_eq!(
        provenance(&values),
        [
            "mean 38.2 HU, count 21 voxels: 21 voxels",
            "area 240 mm², angle 42°: Pixel Spacing (0028,0030)"
        ]
    );
}
