//! Padding that differs from slice to slice: every picture and number is that of one padding value for all slices.

use space::{Ellipse, Orientation, PatientPoint, PatientVector, PlaneFrame, ViewPlane};
use volume::{
    Excluded, ExclusionReason, Interpolation, ModalityLut, Rescale, Slab, SlabMode, SliceView,
    Volume, histogram, native_slice, probe, profile, region_statistics, reslice, sample_slice,
    slice_region_statistics,
};

use crate::made;

const SIZE: [usize; 3] = [9, 8, 7];
const EVERYWHERE: i16 = -2000;

/// The padding of a slice: a value that is measured in the others.
fn own(slice_idx: usize) -> i16 {
    100 + slice_idx as i16
}

fn is_padding([i, j, k]: [usize; 3]) -> bool {
    (i * 7 + j * 5 + k * 3) % 11 == 0 || i == 0
}

/// A measured value that is never the padding of its own slice, and often that of another.
fn measured([i, j, k]: [usize; 3]) -> i16 {
    match 100 + ((i * 3 + j * 5 + k * 2) % SIZE[2]) as i16 {
        value if value == own(k) => value + 400,
        value => value,
    }
}

fn padding(value: i16) -> Excluded {
    Excluded {
        low: f64::from(value),
        high: f64::from(value),
        reason: ExclusionReason::Padding,
    }
}

fn volume(padding_of: impl Fn(usize) -> i16) -> Volume {
    let mut volume = made::of_indices(made::upright(SIZE, [0.7, 0.8, 2.0]), |at| {
        if is_padding(at) {
            padding_of(at[2])
        } else {
            measured(at)
        }
    });
    volume.modality_lut = ModalityLut::Rescale(
        (0..SIZE[2])
            .map(|k| Rescale {
                slope: 1.0 + k as f64,
                intercept: -10.0,
            })
            .collect(),
    );
    volume
}

/// The same measurements, with one padding value and with one a slice.
fn both() -> [Volume; 2] {
    let (mut one, mut many) = (volume(|_| EVERYWHERE), volume(own));
    one.meaning.excluded = vec![padding(EVERYWHERE)];
    many.meaning.slice_padding = (0..SIZE[2]).map(|k| Some(padding(own(k)))).collect();
    [one, many]
}

#[test]
fn each_slice_leaves_out_its_own_padding_in_slices_and_numbers() {
    let [one, many] = both();
    for k in 0..SIZE[2] {
        assert_eq!(one.slice_counted_values(k), many.slice_counted_values(k));
        assert_eq!(one.slice_range(k), many.slice_range(k));
        assert_eq!(native_slice(&one, k), native_slice(&many, k));
        let view = SliceView {
            at_first_pixel: [0.3, 0.6],
            ..SliceView::native([7, 6])
        };
        for interpolation in [Interpolation::Linear, Interpolation::Cubic] {
            let of = |v: &Volume| sample_slice(v, k, &view, interpolation).unwrap().values;
            assert_eq!(bits(&of(&one)), bits(&of(&many)), "{k} {interpolation:?}");
        }
        for (i, j) in (0..SIZE[0]).flat_map(|i| (0..SIZE[1]).map(move |j| (i, j))) {
            assert_eq!(one.value(k, j, i), many.value(k, j, i));
            assert_eq!(many.value(k, j, i).is_none(), is_padding([i, j, k]));
        }
        let ellipse = Ellipse {
            centre: one.grid.patient([4.0, 4.0, k as f64]),
            half_axis_a: PatientVector::new(2.0, 0.0, 0.0),
            half_axis_b: PatientVector::new(0.0, 2.0, 0.0),
        };
        let of = |v: &Volume| slice_region_statistics(v, k, &ellipse.into()).unwrap();
        assert_eq!(of(&one), of(&many));
        assert!(0 < of(&many).n_excluded);
    }
    assert_eq!(histogram(&one, 64), histogram(&many, 64));
}

#[test]
fn planes_and_slabs_across_the_slices_leave_out_the_padding_of_each() {
    let [one, many] = both();
    let oblique = PlaneFrame::new(
        PatientVector::new(0.3, 0.5, 0.8),
        PatientVector::new(0.0, 1.0, -0.4),
    )
    .unwrap();
    let slab = |mode| {
        Some(Slab {
            mode,
            thickness_mm: 3.0,
        })
    };
    for frame in [Orientation::Coronal.frame(), oblique] {
        let plane = ViewPlane {
            centre: one.grid.centre(),
            frame,
            mm_per_pixel: 0.31,
            size_px: [25, 31],
        };
        for slab in [
            None,
            slab(SlabMode::Mean),
            slab(SlabMode::Mip),
            slab(SlabMode::MinIp),
        ] {
            let of = |v: &Volume| reslice(v, &plane, Interpolation::Linear, slab, &|| false);
            let (a, b) = (of(&one).unwrap(), of(&many).unwrap());
            assert_eq!(bits(&a.values), bits(&b.values), "{slab:?}");
            assert!(0 < b.n_valued());
        }
    }
    let tilted = Ellipse {
        centre: one.grid.centre(),
        half_axis_a: PatientVector::new(1.5, 0.0, 1.5),
        half_axis_b: PatientVector::new(0.0, 2.0, 0.0),
    };
    assert_eq!(
        region_statistics(&one, &tilted.into()),
        region_statistics(&many, &tilted.into())
    );
    let path = [[1.0, 1.0, 0.5], [7.0, 6.0, 5.5]].map(|at| one.grid.patient(at));
    let [a, b] = [&one, &many].map(|v| profile(v, None, &path).unwrap());
    // Next to padding there is no value, which equals nothing.
    assert_eq!(format!("{a:?}"), format!("{b:?}"));
    for at in [[0.0, 3.0, 2.0], [4.0, 4.0, 3.0], [5.0, 2.0, 6.0]] {
        let at: PatientPoint = one.grid.patient(at);
        assert_eq!(probe(&one, at), probe(&many, at));
    }
}

/// So that values that are no number are equal too.
fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|v| v.to_bits()).collect()
}
