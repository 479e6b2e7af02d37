//! Padding, real world values, ultrasound regions, subtraction and notes of images written by hand.

use volume::{
    Excluded, ExclusionReason, IntensityRelation, MaskOperation, ModalityLut, RegionMeasure,
    RegionProblem, SliceVoxels, SpacingSource, ValueUnit, measure_in_regions,
};

use crate::builder::{Object, codes, scan_files, volumes};

fn padding_of(edit: impl Fn(&mut Object)) -> (Vec<Excluded>, Vec<&'static str>) {
    let mut object = Object::ct(1, 0.0);
    edit(&mut object);
    let (_folder, scan) = scan_files(&[("a.dcm", object.file())]);
    let meaning = volumes(&scan)[0].empty_volume().meaning;
    (meaning.excluded, codes(&scan))
}

#[test]
fn padding_is_read_as_pixels_are() {
    let padding = |low, high| {
        vec![Excluded {
            low,
            high,
            reason: ExclusionReason::Padding,
        }]
    };
    let unsigned = |o: &mut Object, stored| {
        o.picture([4, 4, 1, 16, stored, 0], "MONOCHROME2", vec![0; 32]);
    };
    let said = |o: &mut Object, value: i32, limit: Option<i32>| {
        o.us(0x0028_0120, value as u16);
        limit.map(|l| o.us(0x0028_0121, l as u16));
    };
    type Row<'a> = (&'a dyn Fn(&mut Object), Vec<Excluded>);
    let rows: [Row<'_>; 7] = [
        (&|o| said(o, -2000, None), padding(-2000.0, -2000.0)),
        (&|o| said(o, -2000, Some(-1900)), padding(-2000.0, -1900.0)),
        (&|o| said(o, -1900, Some(-2000)), padding(-2000.0, -1900.0)),
        (
            &|o| {
                unsigned(o, 16);
                said(o, -2000, None);
            },
            padding(63_536.0, 63_536.0),
        ),
        // Bits above the stored ones are no part of a pixel, so neither are they of its padding.
        (
            &|o| {
                unsigned(o, 12);
                said(o, 0xF830_u16.into(), None);
            },
            padding(2096.0, 2096.0),
        ),
        (
            &|o| {
                o.set(0x0028_0120, b"US", vec![]);
            },
            vec![],
        ),
        (&|_| {}, vec![]),
    ];
    for (edit, want) in rows {
        assert_eq!(padding_of(edit).0, want);
    }
    let (none, codes) = padding_of(|o| {
        o.text(0x0028_0120, b"LO", "minus two thousand");
    });
    assert_eq!(none, []);
    assert!(codes.contains(&"padding_unreadable"));
}

#[test]
fn of_slices_of_different_padding_each_has_its_own_left_out() {
    let padding = |value: f64| Excluded {
        low: value,
        high: value,
        reason: ExclusionReason::Padding,
    };
    for (stated, code) in [
        ([Some(1), Some(2), Some(1)], Some("padding_each_slice")),
        ([Some(1), None, Some(2)], Some("padding_varies")),
        ([None, None, Some(2)], Some("padding_varies")),
        ([Some(3), Some(3), Some(3)], None),
        ([None, None, None], None),
    ] {
        let files: Vec<(String, Vec<u8>)> = stated
            .iter()
            .enumerate()
            .map(|(k, value)| {
                let mut object = Object::ct(k as i32 + 1, 1.5 * k as f64);
                object.picture([2, 2, 1, 16, 16, 1], "MONOCHROME2", words(&[1, 2, 3, 4]));
                if let Some(value) = value {
                    object.us(0x0028_0120, *value);
                }
                (format!("{k}.dcm"), object.file())
            })
            .collect();
        let files: Vec<(&str, Vec<u8>)> = files
            .iter()
            .map(|(name, bytes)| (name.as_str(), bytes.clone()))
            .collect();
        let (_folder, scan) = scan_files(&files);
        let volume = volumes(&scan)[0].empty_volume();
        let said: Vec<_> = codes(&scan)
            .into_iter()
            .filter(|c| c.starts_with("padding"))
            .collect();
        assert_eq!(said, Vec::from_iter(code), "{stated:?}");
        for slice_idx in 0..3 {
            let voxels = series::decode_slice(volumes(&scan)[0], slice_idx).unwrap();
            volume.voxels.fill(slice_idx, voxels).unwrap();
            let own = stated[slice_idx].map(f64::from);
            // The intercept of the objects is -1000.
            let want: Vec<f64> = [1.0, 2.0, 3.0, 4.0]
                .into_iter()
                .filter(|v| Some(*v) != own)
                .map(|v| v - 1000.0)
                .collect();
            let got = volume.slice_counted_values(slice_idx).unwrap();
            assert_eq!(got, want, "{stated:?} {slice_idx}");
        }
        if code.is_some() {
            assert_eq!(volume.meaning.excluded, []);
            let want = stated.map(|s| s.map(|v| padding(f64::from(v)))).to_vec();
            assert_eq!(volume.meaning.slice_padding, want);
        } else {
            assert_eq!(volume.meaning.slice_padding, []);
        }
    }
}

fn words(values: &[i16]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn real_world(slope: f64, [first, last]: [i16; 2]) -> Object {
    let mut unit = Object::empty();
    unit.text(0x0008_0100, b"SH", "mm2/s");
    let mut item = Object::empty();
    item.sequence(0x0040_08EA, &[&unit])
        .text(0x0040_9210, b"SH", "ADC")
        .us(0x0040_9211, last as u16)
        .us(0x0040_9216, first as u16)
        .fd(0x0040_9224, &[-3.0])
        .fd(0x0040_9225, &[slope]);
    item
}

#[test]
fn real_world_values_keep_the_slope_of_each_slice_and_their_range() {
    let (mut a, mut b) = (Object::ct(1, 0.0), Object::ct(2, 1.5));
    a.sequence(0x0040_9096, &[&real_world(0.5, [-10, 100])]);
    b.sequence(0x0040_9096, &[&real_world(0.25, [-10, 100])]);
    let (_folder, scan) = scan_files(&[("a.dcm", a.file()), ("b.dcm", b.file())]);
    let quantities = volumes(&scan)[0].empty_volume().meaning.quantities;
    let [adc] = quantities.as_slice() else {
        panic!("{quantities:?}")
    };
    assert_eq!((adc.name.as_str(), adc.unit.as_str()), ("ADC", "mm2/s"));
    let rows = [
        (0, 8.0, Some(1.0)),
        (1, 8.0, Some(-1.0)),
        (0, -10.0, Some(-8.0)),
        (0, -11.0, None),
        (0, 101.0, None),
    ];
    for (slice_idx, stored, want) in rows {
        assert_eq!(adc.value(slice_idx, stored), want, "{slice_idx} {stored}");
    }
}

#[test]
fn a_real_world_table_is_read_and_a_wrong_one_left_out() {
    let table = |values: &[f64]| {
        let mut item = real_world(1.0, [5, 7]);
        item.without(0x0040_9224)
            .without(0x0040_9225)
            .fd(0x0040_9212, values);
        let mut object = Object::ct(1, 0.0);
        object.sequence(0x0040_9096, &[&item]);
        let (_folder, scan) = scan_files(&[("a.dcm", object.file())]);
        let quantities = volumes(&scan)[0].empty_volume().meaning.quantities;
        let values: Vec<_> = quantities
            .first()
            .map(|q| (4..9).map(|s| q.value(0, f64::from(s))).collect())
            .unwrap_or_default();
        (values, codes(&scan).contains(&"real_world_unreadable"))
    };
    assert_eq!(
        table(&[1.5, 2.5, 9.0]),
        (vec![None, Some(1.5), Some(2.5), Some(9.0), None], false)
    );
    assert_eq!(table(&[1.5, 2.5]), (vec![], true));
}

fn region(bounds: [u32; 4], units: [u16; 2], deltas: [f64; 2]) -> Object {
    let mut item = Object::empty();
    item.us(0x0018_6012, 1).us(0x0018_6014, 1);
    for (i, bound) in bounds.into_iter().enumerate() {
        item.ul(0x0018_6018 + 2 * i as u32, bound);
    }
    item.us(0x0018_6024, units[0])
        .us(0x0018_6026, units[1])
        .fd(0x0018_602C, &[deltas[0]])
        .fd(0x0018_602E, &[deltas[1]]);
    item
}

#[test]
fn regions_of_an_ultrasound_picture_measure_each_in_its_own_unit() {
    let mut object = Object::ct(1, 0.0);
    object
        .text(0x0008_0060, b"CS", "US")
        .without(0x0028_0030)
        .without(0x0020_0032)
        .without(0x0020_0037)
        .sequence(
            0x0018_6011,
            &[
                &region([0, 0, 1, 3], [3, 3], [0.02, 0.05]),
                &region([2, 0, 3, 3], [4, 7], [0.01, -2.0]),
                &region([9, 0, 3, 3], [3, 3], [0.01, 0.01]),
            ],
        );
    let (_folder, scan) = scan_files(&[("a.dcm", object.file())]);
    let volume = volumes(&scan)[0].empty_volume();
    // Regions that do not agree give no spacing of the whole picture.
    assert_eq!(volume.spacing_source, SpacingSource::Unknown);
    let regions = volume.meaning.regions(0);
    assert_eq!(
        regions.len(),
        2,
        "the one that ends before it begins is left out"
    );
    assert_eq!(
        measure_in_regions(regions, [0.0, 0.0], [0.0, 2.0]),
        Ok(RegionMeasure::LengthMm(1.0))
    );
    assert_eq!(
        measure_in_regions(regions, [2.0, 0.0], [3.0, 1.0]),
        Ok(RegionMeasure::Velocity {
            time_s: 0.01,
            cm_per_s: [0.0, -2.0]
        })
    );
    assert_eq!(
        measure_in_regions(regions, [0.0, 0.0], [3.0, 1.0]),
        Err(RegionProblem::TwoRegions)
    );
    let warnings = &volumes(&scan)[0].warnings;
    let spacing = warnings
        .iter()
        .find(|w| w.code == "spacing_missing")
        .unwrap();
    let words = "in mm only within the regions";
    assert!(
        spacing.text.contains(words),
        "it says what is measured: {}",
        spacing.text
    );
}

#[test]
fn a_recommended_subtraction_is_offered_in_slices() {
    let mut item = Object::empty();
    item.text(0x0028_6101, b"CS", "AVG_SUB")
        .uss(0x0028_6102, &[3, 4])
        .uss(0x0028_6110, &[1, 2])
        .us(0x0028_6112, 1)
        .set(
            0x0028_6114,
            b"FL",
            [0.5_f32, -1.0]
                .iter()
                .flat_map(|v| v.to_le_bytes())
                .collect(),
        );
    let mut run = Object::ct(1, 0.0);
    let frames: Vec<u8> = (0..4).flat_map(|f| [10 * f + 1, 10 * f + 2]).collect();
    run.picture([1, 2, 1, 8, 8, 0], "MONOCHROME2", frames)
        .text(0x0008_0060, b"CS", "XA")
        .text(0x0028_0008, b"IS", "4")
        .text(0x0028_1040, b"CS", "LIN")
        .without(0x0020_0032)
        .without(0x0020_0037)
        .sequence(0x0028_6100, &[&item]);
    let (_folder, scan) = scan_files(&[("a.dcm", run.file())]);
    let plan = volumes(&scan)[0];
    let offered = plan.subtractions();
    let [subtraction] = offered.as_slice() else {
        panic!("{offered:?}")
    };
    assert_eq!(subtraction.operation, MaskOperation::Average(vec![0, 1]));
    assert_eq!(subtraction.slices, [2..=3]);
    assert_eq!(subtraction.shift_rows_columns, [0.5, -1.0]);
    assert_eq!(subtraction.relation, IntensityRelation::Linear);
    let volume = plan.empty_volume();
    let order: Vec<usize> = (0..4).collect();
    assert!(series::decode_into(plan, &volume, &order, &|_| {}, &|| false).is_empty());
    let still = volume::MaskSubtraction {
        shift_rows_columns: [0.0; 2],
        relation: IntensityRelation::Logarithmic,
        ..subtraction.clone()
    };
    assert_eq!(
        volume::subtracted_slice(&volume, &still, 2),
        Ok(SliceVoxels::F32([15.0, 15.0].into()))
    );
    // As a plan of its own the run is filled by the same road, and frames that the mask does not hold for stay holes.
    let computed = &plan.subtracted()[0];
    let computed = series::VolumePlan {
        subtraction: Some(std::sync::Arc::new(still)),
        ..computed.clone()
    };
    let subtracted = computed.empty_volume();
    let told = series::decode_into(&computed, &subtracted, &order, &|_| {}, &|| false);
    let codes: Vec<_> = told.iter().map(|w| w.code).collect();
    assert_eq!(codes, ["not_subtracted"; 2]);
    let filled: Vec<bool> = order
        .iter()
        .map(|k| subtracted.voxels.is_filled(*k))
        .collect();
    assert_eq!(filled, [false, false, true, true]);
    assert_eq!(subtracted.stored_value(2, 0, 0), Some(15.0));
    assert_eq!(subtracted.stored_value(3, 0, 1), Some(25.0));
}

#[test]
fn what_a_reader_must_know_of_an_image_is_said() {
    type Edit = fn(&mut Object);
    let rows: [(&str, Edit); 9] = [
        ("burned_in_annotation", |o| {
            o.text(0x0028_0301, b"CS", "YES");
        }),
        ("quality_control_image", |o| {
            o.text(0x0028_0300, b"CS", "YES");
        }),
        ("lossy_before", |o| {
            o.text(0x0028_2110, b"CS", "01");
        }),
        ("for_processing", |o| {
            o.text(0x0008_0068, b"CS", "FOR PROCESSING");
        }),
        ("presentation_contradicts", |o| {
            o.text(0x2050_0020, b"CS", "INVERSE");
        }),
        ("pixel_data_long", |o| {
            o.set(0x7FE0_0010, b"OW", vec![0; 36]);
        }),
        ("icc_ignored", |o| {
            o.picture([1, 2, 3, 8, 8, 0], "RGB", vec![0; 6])
                .set(0x0028_2000, b"OB", vec![0; 8]);
        }),
        ("colour_rescaled", |o| {
            o.picture([1, 2, 3, 16, 12, 0], "RGB", vec![0; 12]);
        }),
        ("pixel_aspect_ratio", |o| {
            o.without(0x0028_0030).text(0x0028_0034, b"IS", "2\\1");
        }),
    ];
    let plain = Object::ct(1, 0.0);
    let (_folder, scan) = scan_files(&[("a.dcm", plain.file())]);
    let before = codes(&scan);
    for (code, edit) in rows {
        assert!(!before.contains(&code), "{code}");
        let mut object = plain.clone();
        edit(&mut object);
        let (_folder, scan) = scan_files(&[("a.dcm", object.file())]);
        assert!(codes(&scan).contains(&code), "{code}: {:?}", codes(&scan));
    }
}

#[test]
fn pixels_of_unknown_size_and_known_shape_have_that_shape() {
    let mut object = Object::ct(1, 0.0);
    object.without(0x0028_0030).text(0x0028_0034, b"IS", "6\\5");
    let (_folder, scan) = scan_files(&[("a.dcm", object.file())]);
    let volume = volumes(&scan)[0].empty_volume();
    assert_eq!(volume.spacing_source, SpacingSource::Unknown);
    let [across, down, _] = volume.grid.spacing_mm();
    assert_eq!((across, down), (1.0, 1.2));
}

#[test]
fn a_localizer_has_no_hounsfield_units_unless_it_says_so() {
    let unit = |edit: fn(&mut Object)| {
        let mut object = Object::ct(1, 0.0);
        edit(&mut object);
        let (_folder, scan) = scan_files(&[("a.dcm", object.file())]);
        volumes(&scan)[0].unit.clone()
    };
    assert_eq!(
        unit(|o| {
            o.text(0x0008_0008, b"CS", "ORIGINAL\\PRIMARY\\LOCALIZER");
        }),
        ValueUnit::Stored
    );
    assert_eq!(
        unit(|o| {
            o.text(0x0008_0008, b"CS", "ORIGINAL\\PRIMARY\\AXIAL");
        }),
        ValueUnit::Hounsfield
    );
}

#[test]
fn a_supplemental_palette_colours_the_upper_values_and_counts_none_of_them() {
    let mut object = Object::ct(1, 0.0);
    object.picture([1, 3, 1, 8, 8, 0], "MONOCHROME2", vec![7, 200, 201, 0]);
    for (channel, top) in [(0, 10), (1, 20), (2, 30)] {
        object
            .uss(0x0028_1101 + channel, &[2, 200, 16])
            .uss(0x0028_1201 + channel, &[0, top << 8]);
    }
    let (_folder, scan) = scan_files(&[("a.dcm", object.file())]);
    let plan = volumes(&scan)[0];
    assert!(codes(&scan).contains(&"supplemental_palette"));
    assert!(plan.palette.is_none());
    let meaning = plan.empty_volume().meaning;
    let colours = meaning.colours.as_ref().unwrap();
    assert_eq!(
        [7.0, 200.0, 201.0].map(|v| colours.colour(v)),
        [None, Some([0; 3]), Some([10, 20, 30])]
    );
    assert_eq!([7.0, 200.0].map(|v| meaning.counts(0, v)), [true, false]);
    assert_eq!(
        plan.modality_lut,
        ModalityLut::Rescale(vec![volume::Rescale {
            slope: 1.0,
            intercept: -1000.0
        }])
    );
}

#[test]
fn slices_that_ask_for_different_windows_have_their_own_and_say_so() {
    let with_window = |number: i32, center: Option<&str>| {
        let mut object = Object::ct(number, f64::from(number));
        object.without(0x0028_1050).without(0x0028_1051);
        if let Some(center) = center {
            object
                .text(0x0028_1050, b"DS", center)
                .text(0x0028_1051, b"DS", "100");
        }
        object
    };
    let center = |voi: &Option<volume::Voi>| voi.as_ref().map(|v| v.center_width().0);
    type Row = (&'static [Option<&'static str>], &'static [Option<f64>]);
    let rows: [Row; 4] = [
        (&[Some("40"), Some("40"), Some("40")], &[]),
        (&[None, None, None], &[]),
        (
            &[Some("40"), Some("50"), Some("60")],
            &[Some(40.0), Some(50.0), Some(60.0)],
        ),
        (
            &[Some("40"), None, Some("40")],
            &[Some(40.0), None, Some(40.0)],
        ),
    ];
    for (stated, want) in rows {
        let files: Vec<(String, Vec<u8>)> = (1..)
            .zip(stated)
            .map(|(k, c)| (format!("{k}.dcm"), with_window(k, *c).file()))
            .collect();
        let named: Vec<(&str, Vec<u8>)> =
            files.iter().map(|(n, b)| (n.as_str(), b.clone())).collect();
        let (_folder, scan) = scan_files(&named);
        let volume = volumes(&scan)[0].empty_volume();
        let got: Vec<Option<f64>> = volume.meaning.slice_windows.iter().map(center).collect();
        assert_eq!(got, want, "{stated:?}");
        let says_so = codes(&scan).contains(&"window_varies");
        assert_eq!(says_so, !want.is_empty(), "{stated:?}");
        let of_second = volume.slice_presentation(1).map(|p| p.voi.center_width().0);
        assert_eq!(of_second, want.get(1).copied().flatten(), "{stated:?}");
    }
}

#[test]
fn spacing_and_aspect_ratio_that_contradict_each_other_are_said() {
    // The objects say 0.5 mm between rows and 0.25 mm between columns.
    for (ratio, is_said) in [
        (None, false),
        (Some("2\\1"), false),
        (Some("200\\101"), false),
        (Some("1\\2"), true),
        (Some("1\\1"), true),
        (Some("0\\1"), false),
    ] {
        let mut object = Object::ct(1, 0.0);
        if let Some(ratio) = ratio {
            object.text(0x0028_0034, b"IS", ratio);
        }
        let (_folder, scan) = scan_files(&[("a.dcm", object.file())]);
        let said = codes(&scan).contains(&"aspect_ratio_contradicts");
        assert_eq!(said, is_said, "{ratio:?}");
    }
}
