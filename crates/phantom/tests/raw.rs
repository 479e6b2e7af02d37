//! The series writer against another reader of DICOM.
#![allow(clippy::unwrap_used, missing_docs)]

use dicom_object::from_reader;
use phantom::raw::{FileOrder, Layout, Photometric, SeriesSpec, Signedness, ds};
use phantom::{Syntax, tags};

fn value(voxel: phantom::raw::Voxel) -> i64 {
    voxel.col_idx as i64 - 3 * voxel.row_idx as i64
        + 7 * voxel.slice_idx as i64
        + 11 * voxel.sample_idx as i64
}

#[test]
fn native_syntaxes_carry_the_same_stored_values() {
    for syntax in [Syntax::ImplicitLe, Syntax::ExplicitLe, Syntax::ExplicitBe] {
        let spec = SeriesSpec {
            syntax,
            ..SeriesSpec::ct("native", 5, 4, 2)
        };
        for file in spec.files(value) {
            let object = from_reader(&file.bytes[128..]).unwrap();
            assert_eq!(
                object
                    .element(tags::SOP_INSTANCE_UID)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .trim_end_matches('\0'),
                file.sop_uid
            );
            let stored: Vec<i16> = object
                .element(tags::PIXEL_DATA)
                .unwrap()
                .to_multi_int::<u16>()
                .unwrap()
                .iter()
                .map(|v| *v as i16)
                .collect();
            let expected: Vec<i16> = (0..4i16)
                .flat_map(|row| (0..5i16).map(move |col| col - 3 * row))
                .map(|v| v + 7 * file.slice_idx as i16)
                .collect();
            assert_eq!(stored, expected, "{syntax:?}");
        }
    }
}

#[test]
fn every_layout_and_format_is_readable() {
    let base = SeriesSpec::ct("formats", 9, 7, 3);
    let rows = [
        SeriesSpec {
            layout: Layout::Enhanced,
            ..base.clone()
        },
        SeriesSpec {
            layout: Layout::PlainMultiFrame,
            bits_allocated: 1,
            bits_stored: 1,
            ..base.clone()
        },
        SeriesSpec {
            bits_allocated: 8,
            bits_stored: 8,
            signedness: Signedness::Unsigned,
            ..base.clone()
        },
        SeriesSpec {
            bits_allocated: 32,
            bits_stored: 32,
            ..base.clone()
        },
        SeriesSpec {
            photometric: Photometric::Rgb,
            bits_allocated: 8,
            bits_stored: 8,
            ..base.clone()
        },
        SeriesSpec {
            syntax: Syntax::RleLossless,
            ..base.clone()
        },
        SeriesSpec {
            file_order: FileOrder::Shuffled(3),
            dropped: vec![1],
            ..base.clone()
        },
    ];
    for (row_idx, spec) in rows.into_iter().enumerate() {
        for file in spec.files(value) {
            let object = from_reader(&file.bytes[128..]).unwrap();
            assert_eq!(
                object.element(tags::ROWS).unwrap().to_int::<u16>().unwrap(),
                7,
                "row {row_idx}"
            );
            assert!(object.element(tags::PIXEL_DATA).is_ok(), "row {row_idx}");
        }
    }
}

#[test]
fn dropped_slices_are_absent_and_shuffling_keeps_the_rest() {
    let spec = SeriesSpec {
        file_order: FileOrder::Shuffled(5),
        dropped: vec![2, 4],
        ..SeriesSpec::ct("drop", 2, 2, 8)
    };
    let order: Vec<usize> = spec
        .files(value)
        .iter()
        .map(|file| file.slice_idx)
        .collect();
    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [0, 1, 3, 5, 6, 7]);
    assert_ne!(order, sorted);
}

#[test]
fn decimal_strings_fit_sixteen_characters_and_keep_their_value() {
    for number in [
        0.0,
        1.0,
        -0.70703125,
        1.0 / 3.0,
        -123.456789012345,
        1e-9,
        -2.5e-7 / 3.0,
        98765.4321987654,
        6.02e23,
    ] {
        let text = ds(number);
        assert!(text.len() <= 16, "{text}");
        assert!(
            (text.parse::<f64>().unwrap() - number).abs() <= 1e-9 * number.abs().max(1.0),
            "{text}"
        );
    }
}
