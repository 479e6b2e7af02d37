//! Views of single slices: stacks, colour, pan, zoom, turn and flip.

use space::{Orientation, PlaneFrame, ViewPlane};
use volume::{
    GeometryKind, Interpolation, ModalityLut, Rescale, ResliceError, SliceView, SliceVoxels,
    Stored, native_colour_slice, native_slice, reslice, sample_colour_slice, sample_slice,
};

use crate::made;

#[test]
fn native_slices_are_the_modality_values() {
    let mut volume = made::of_indices(made::upright([5, 4, 3], [1.0, 1.0, 1.0]), made::scattered);
    volume.kind = GeometryKind::Stack;
    volume.modality_lut = ModalityLut::Rescale(
        (0..3)
            .map(|k| Rescale {
                slope: 2.0,
                intercept: f64::from(k),
            })
            .collect(),
    );
    for k in 0..3 {
        let native = native_slice(&volume, k).unwrap();
        let same = sample_slice(
            &volume,
            k,
            &SliceView::native([5, 4]),
            Interpolation::Linear,
        )
        .unwrap();
        assert_eq!(native, same);
        for row in 0..4 {
            for column in 0..5 {
                let expected = 2.0 * f32::from(made::scattered([column, row, k])) + k as f32;
                assert_eq!(native.value(column, row), Some(expected));
            }
        }
    }
    assert_eq!(native_slice(&volume, 3), None);
}

#[test]
fn views_pan_zoom_turn_and_flip() {
    let volume = made::of_indices(made::upright([4, 3, 1], [1.0, 1.0, 1.0]), |[i, j, _]| {
        (10 * i + j) as i16
    });
    let value = |view: SliceView, column, row| {
        sample_slice(&volume, 0, &view, Interpolation::Linear)
            .unwrap()
            .value(column, row)
    };
    let native = SliceView::native([4, 3]);
    let flipped = SliceView {
        at_first_pixel: [3.0, 0.0],
        per_column: [-1.0, 0.0],
        ..native
    };
    assert_eq!(value(flipped, 0, 1), Some(31.0));
    let turned = SliceView {
        size_px: [3, 4],
        at_first_pixel: [0.0, 2.0],
        per_column: [0.0, -1.0],
        per_row: [1.0, 0.0],
    };
    assert_eq!(value(turned, 0, 3), Some(32.0));
    let zoomed = SliceView {
        per_column: [0.5, 0.0],
        ..native
    };
    assert_eq!(value(zoomed, 3, 0), Some(15.0));
    let panned = SliceView {
        at_first_pixel: [-2.0, 0.0],
        ..native
    };
    assert_eq!(
        [value(panned, 0, 0), value(panned, 2, 0)],
        [None, Some(0.0)]
    );
    for view in [native, flipped, turned, zoomed, panned] {
        let pixel = view.pixel_of(view.slice_at([1.5, 2.25])).unwrap();
        assert!((pixel[0] - 1.5).abs() < 1e-12 && (pixel[1] - 2.25).abs() < 1e-12);
    }
    assert_eq!(
        SliceView {
            per_column: [0.0, 0.0],
            ..native
        }
        .pixel_of([1.0, 1.0]),
        None
    );
}

#[test]
fn a_slice_seen_through_a_plane_is_the_reslice_of_that_slice() {
    let grid = made::tilted();
    let volume = made::of_indices(grid, made::scattered);
    let frame = PlaneFrame::native(&grid).unwrap();
    for k in [0, 4, 8] {
        let centre = grid.patient([5.5, 6.5, k as f64]);
        let plane = ViewPlane {
            centre,
            frame,
            mm_per_pixel: 0.31,
            size_px: [40, 44],
        };
        let view = SliceView::of_plane(&volume, k, &plane).unwrap();
        for interpolation in [
            Interpolation::Nearest,
            Interpolation::Linear,
            Interpolation::Cubic,
        ] {
            let sliced = sample_slice(&volume, k, &view, interpolation).unwrap();
            let resliced = reslice(&volume, &plane, interpolation, None, &|| false).unwrap();
            for (a, b) in sliced.values.iter().zip(&resliced.values) {
                assert!(
                    (a - b).abs() < 1e-3 || (a.is_nan() && b.is_nan()),
                    "{a} is not {b}"
                );
            }
        }
    }
    let edge_on = ViewPlane {
        centre: grid.centre(),
        frame: Orientation::Axial.frame(),
        mm_per_pixel: 1.0,
        size_px: [4, 4],
    };
    assert_eq!(SliceView::of_plane(&volume, 0, &edge_on), None);
}

#[test]
fn holes_and_bad_views_are_told_apart() {
    let volume = made::empty(made::upright([4, 3, 2], [1.0, 1.0, 1.0]), Stored::U16);
    let view = SliceView::native([4, 3]);
    assert_eq!(
        sample_slice(&volume, 1, &view, Interpolation::Nearest)
            .unwrap()
            .n_valued(),
        0
    );
    let broken = SliceView {
        per_row: [f64::NAN, 0.0],
        ..view
    };
    assert_eq!(
        sample_slice(&volume, 1, &broken, Interpolation::Nearest),
        Err(ResliceError::BadPlane)
    );
    volume
        .voxels
        .fill(0, SliceVoxels::U16(vec![1; 5].into()))
        .unwrap();
    assert_eq!(
        native_slice(&volume, 0),
        None,
        "a short slice is a hole, never a picture"
    );
    assert_eq!(
        sample_slice(&volume, 0, &view, Interpolation::Nearest)
            .unwrap()
            .n_valued(),
        0
    );
}

#[test]
fn colour_keeps_its_channels_and_blends_between_pixels() {
    let volume = made::empty(made::upright([2, 1, 2], [1.0, 1.0, 1.0]), Stored::Rgb16);
    volume
        .voxels
        .fill(
            0,
            SliceVoxels::Rgb16(vec![[0, 65535, 257], [25_700, 0, 514]].into()),
        )
        .unwrap();
    assert_eq!(volume.colour(0, 0, 1), Some([100, 0, 2]));
    assert_eq!(
        native_colour_slice(&volume, 0).unwrap().values,
        [[0, 255, 1, 255], [100, 0, 2, 255]]
    );
    let view = SliceView {
        size_px: [4, 1],
        at_first_pixel: [-1.0, 0.0],
        per_column: [0.75, 0.0],
        per_row: [0.0, 1.0],
    };
    let linear = sample_colour_slice(&volume, 0, &view, Interpolation::Linear).unwrap();
    assert_eq!(
        linear.values,
        [
            [0; 4],
            [0, 255, 1, 255],
            [50, 128, 2, 255],
            [100, 0, 2, 255]
        ]
    );
    let nearest = sample_colour_slice(&volume, 0, &view, Interpolation::Nearest).unwrap();
    assert_eq!(nearest.values[2], [100, 0, 2, 255], "the middle goes up");
    assert_eq!(native_colour_slice(&volume, 1), None);
    assert_eq!(
        sample_slice(&volume, 0, &view, Interpolation::Linear),
        Err(ResliceError::Colour)
    );
}
