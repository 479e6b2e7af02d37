//! Padding, quantities and subtraction, against arithmetic by hand.

use space::{Ellipse, PatientPoint, PatientVector};
use volume::{
    ColourPicture, ColourRange, Excluded, ExclusionReason, IntensityRelation, Interpolation,
    Invert, MaskOperation, MaskSubtraction, ModalityLut, Outside, Presentation, Quantity,
    QuantityKind, Rescale, SliceView, SliceVoxels, StatisticsError, Stored, SubtractionError,
    ValueUnit, Voi, VoiFunction, Volume, draw_colour_range, histogram, native_slice, paint,
    probe_quantity, quantity_statistics, sample_slice, slice_region_statistics, subtracted_slice,
    subtraction_volume,
};

use crate::made::{empty, upright};

/// Slices of 4 × 1 with the given stored values, 1 mm apart.
fn of(slices: &[[i16; 4]]) -> Volume {
    let volume = empty(upright([4, 1, slices.len()], [1.0; 3]), Stored::I16);
    for (k, values) in slices.iter().enumerate() {
        volume
            .voxels
            .fill(k, SliceVoxels::I16((*values).into()))
            .unwrap();
    }
    volume
}

fn padded(slices: &[[i16; 4]], low: f64, high: f64) -> Volume {
    let mut volume = of(slices);
    let reason = ExclusionReason::Padding;
    volume.meaning.excluded = vec![Excluded { low, high, reason }];
    volume
}

fn whole_slice() -> Ellipse {
    Ellipse {
        centre: PatientPoint::new(1.5, 0.0, 0.0),
        half_axis_a: PatientVector::new(2.0, 0.0, 0.0),
        half_axis_b: PatientVector::new(0.0, 0.5, 0.0),
    }
}

#[test]
fn padding_takes_part_in_no_number() {
    let volume = padded(&[[-2000, 10, 20, 60]], -2000.0, -1990.0);
    let statistics = slice_region_statistics(&volume, 0, &whole_slice().into()).unwrap();
    assert_eq!((statistics.n, statistics.n_excluded), (3, 1));
    assert_eq!(
        (statistics.mean, statistics.min, statistics.max),
        (30.0, 10.0, 60.0)
    );
    assert_eq!(volume.value(0, 0, 0), None);
    assert_eq!(volume.stored_value(0, 0, 0), Some(-2000.0));
    assert_eq!(volume.full_range(), Some([10.0, 60.0]));
    assert_eq!(histogram(&volume, 5).unwrap().counts, [1, 1, 0, 0, 1]);
    let (center, width) = volume
        .default_presentation()
        .presentation
        .voi
        .center_width();
    assert_eq!((center, width), (35.5, 51.0));
    let nothing = padded(&[[-2000; 4]], -2000.0, -2000.0);
    assert_eq!(
        slice_region_statistics(&nothing, 0, &whole_slice().into()),
        Err(StatisticsError::NoMeasuredValues)
    );
    assert_eq!(nothing.full_range(), None);
}

#[test]
fn padding_is_black_in_every_sense_and_blends_with_nothing() {
    let volume = padded(&[[-2000, 100, 200, 300]], -2000.0, -2000.0);
    let presentation = |invert| {
        Presentation::grey(
            Voi::window(200.0, 200.0, VoiFunction::LinearExact, None).unwrap(),
            invert,
        )
    };
    let native = native_slice(&volume, 0).unwrap();
    let greys = |picture, invert| -> Vec<u8> {
        let painted = paint(picture, &presentation(invert), Outside::Hatched);
        painted.values.iter().map(|c| c[0]).collect()
    };
    assert_eq!(greys(&native, Invert::No), [0, 0, 128, 255]);
    assert_eq!(greys(&native, Invert::Yes), [0, 255, 128, 0]);
    // At 0.4 the nearest voxel is padding, at 0.6 it is 100, at 1.5 two measured values are blended.
    for (at, want) in [(0.4, f32::NEG_INFINITY), (0.6, 100.0), (1.5, 150.0)] {
        let view = SliceView {
            at_first_pixel: [at, 0.0],
            ..SliceView::native([1, 1])
        };
        let picture = sample_slice(&volume, 0, &view, Interpolation::Linear).unwrap();
        assert_eq!(picture.values, [want], "{at}");
    }
    assert_eq!(native.value(0, 0), None);
    assert_eq!(native.n_valued(), 3);
}

#[test]
fn a_quantity_is_read_from_stored_values_by_its_own_mapping() {
    let mut volume = of(&[[0, 10, 20, 30], [0, 10, 20, 30]]);
    volume.modality_lut = ModalityLut::Rescale(vec![Rescale {
        slope: 3.0,
        intercept: 1.0,
    }]);
    let quantity = Quantity {
        kind: QuantityKind::RealWorld,
        name: "ADC".into(),
        unit: "mm2/s".into(),
        lut: ModalityLut::Rescale(vec![
            Rescale {
                slope: 0.5,
                intercept: 0.0,
            },
            Rescale {
                slope: 0.25,
                intercept: 1.0,
            },
        ]),
        defined: Some([10.0, 30.0]),
        provenance: String::new(),
    };
    let values = |slice_idx| -> Vec<Option<f64>> {
        (0..4)
            .map(|c| volume.quantity_value(&quantity, slice_idx, 0, c))
            .collect()
    };
    assert_eq!(values(0), [None, Some(5.0), Some(10.0), Some(15.0)]);
    assert_eq!(values(1), [None, Some(3.5), Some(6.0), Some(8.5)]);
    let place = PatientPoint::new(2.0, 0.0, 1.0);
    assert_eq!(probe_quantity(&volume, &quantity, None, place), Some(6.0));
    assert_eq!(
        probe_quantity(&volume, &quantity, Some(0), place),
        Some(10.0)
    );
    let ellipse = Ellipse {
        centre: PatientPoint::new(2.0, 0.0, 0.0),
        half_axis_a: PatientVector::new(1.0, 0.0, 0.0),
        ..whole_slice()
    };
    let statistics = quantity_statistics(&volume, &quantity, Some(1), &ellipse.into()).unwrap();
    assert_eq!((statistics.n, statistics.mean), (3, 6.0));
    assert_eq!(statistics.unit, ValueUnit::Named("mm2/s".into()));
    // Where the mapping is not defined there is no number, rather than one of fewer voxels.
    assert_eq!(
        quantity_statistics(&volume, &quantity, Some(1), &whole_slice().into()),
        Err(StatisticsError::Hole)
    );
}

#[test]
fn values_that_stand_for_colours_are_drawn_and_not_counted() {
    let mut volume = of(&[[5, 100, 101, 7]]);
    volume.meaning.excluded = vec![Excluded {
        low: 100.0,
        high: f64::INFINITY,
        reason: ExclusionReason::Colour,
    }];
    volume.meaning.colours = Some(std::sync::Arc::new(ColourRange {
        first_stored: 100,
        colours: vec![[1, 2, 3], [4, 5, 6]],
    }));
    let mut picture = ColourPicture {
        width: 4,
        height: 1,
        values: vec![[9, 9, 9, 255]; 4],
    };
    draw_colour_range(&mut picture, &volume, 0, &SliceView::native([4, 1]));
    let want = [
        [9, 9, 9, 255],
        [1, 2, 3, 255],
        [4, 5, 6, 255],
        [9, 9, 9, 255],
    ];
    assert_eq!(picture.values, want);
    assert_eq!(volume.full_range(), Some([5.0, 7.0]));
}

fn subtraction(operation: MaskOperation) -> MaskSubtraction {
    MaskSubtraction {
        operation,
        slices: Vec::new(),
        n_averaged: 1,
        shift_rows_columns: [0.0; 2],
        relation: IntensityRelation::Logarithmic,
        explanation: None,
    }
}

fn differences(
    volume: &Volume,
    subtraction: &MaskSubtraction,
    slice_idx: usize,
) -> Result<Vec<f32>, SubtractionError> {
    match subtracted_slice(volume, subtraction, slice_idx)? {
        SliceVoxels::F32(values) => Ok(values.into()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_mask_is_averaged_moved_and_subtracted_as_the_module_says() {
    let run = of(&[
        [10, 20, 30, 40],
        [20, 30, 40, 50],
        [100, 200, 300, 400],
        [200, 300, 400, 500],
    ]);
    let average = subtraction(MaskOperation::Average(vec![0, 1]));
    assert_eq!(
        differences(&run, &average, 2),
        Ok(vec![85.0, 175.0, 265.0, 355.0])
    );
    let contrast = MaskSubtraction {
        n_averaged: 2,
        ..average.clone()
    };
    assert_eq!(
        differences(&run, &contrast, 2),
        Ok(vec![135.0, 225.0, 315.0, 405.0])
    );
    let later = subtraction(MaskOperation::TimeInterval(1));
    assert_eq!(
        differences(&run, &later, 3),
        Ok(vec![100.0; 4]),
        "the frame before"
    );
    let earlier = subtraction(MaskOperation::TimeInterval(-1));
    assert_eq!(differences(&run, &earlier, 2), Ok(vec![-100.0; 4]));
    let reversed = MaskSubtraction {
        slices: vec![2..=3],
        ..subtraction(MaskOperation::ReversedInterval(1))
    };
    assert_eq!(
        differences(&run, &reversed, 3),
        Ok(vec![190.0, 280.0, 370.0, 460.0]),
        "frame 2 less frame 1 would be the first pair, frame 3 less frame 0 is the next"
    );
    // Half a column to the right: each place gets the mean of the mask there and left of it.
    let moved = MaskSubtraction {
        shift_rows_columns: [0.0, 0.5],
        ..subtraction(MaskOperation::Average(vec![0]))
    };
    assert_eq!(
        differences(&run, &moved, 2),
        Ok(vec![90.0, 185.0, 275.0, 365.0])
    );
}

#[test]
fn proportional_values_are_subtracted_as_logarithms() {
    let run = of(&[[100, 200, 400, 0], [50, 200, 800, 0]]);
    let linear = MaskSubtraction {
        relation: IntensityRelation::Linear,
        ..subtraction(MaskOperation::Average(vec![0]))
    };
    let got = differences(&run, &linear, 1).unwrap();
    let half = -1000.0 * std::f32::consts::LN_2;
    for (got, want) in got.iter().zip([half, 0.0, -half, 0.0]) {
        assert!((got - want).abs() < 1e-3, "{got}, not {want}");
    }
    assert_eq!(
        subtraction_volume(&run, &linear).unit,
        ValueUnit::Named("mNp".into())
    );
}

#[test]
fn a_subtraction_that_cannot_be_made_says_why() {
    let run = of(&[[1; 4], [2; 4]]);
    let only_first = MaskSubtraction {
        slices: vec![0..=0],
        ..subtraction(MaskOperation::Average(vec![0]))
    };
    let far = MaskSubtraction {
        shift_rows_columns: [0.0, 4.0],
        ..subtraction(MaskOperation::Average(vec![0]))
    };
    let rows = [
        (
            only_first,
            1,
            SubtractionError::NotApplicable { frame_number: 2 },
        ),
        (
            subtraction(MaskOperation::TimeInterval(1)),
            0,
            SubtractionError::NotApplicable { frame_number: 1 },
        ),
        (
            subtraction(MaskOperation::Average(vec![7])),
            1,
            SubtractionError::FrameMissing { frame_number: 8 },
        ),
        (
            subtraction(MaskOperation::Average(vec![])),
            1,
            SubtractionError::NoMask,
        ),
        (far, 1, SubtractionError::NoMask),
    ];
    for (subtraction, slice_idx, want) in rows {
        assert_eq!(differences(&run, &subtraction, slice_idx), Err(want));
    }
}
