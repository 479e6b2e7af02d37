//! Regions of every shape, profiles and grown bodies, with known truth.

use space::{FlatRegion, Grid, PatientPoint, PatientVector, PlaneFrame, Polygon, Rectangle};
use volume::{
    GeometryKind, GrowthError, Stored, ValueRange, ValueUnit, Volume, grow, otsu_range, profile,
    region_statistics, region_values,
};

use crate::made;

/// An anisotropic grid that is turned about two axes; with a tilt its slices are sheared as by a gantry.
fn turned(size: [usize; 3], [x, y, z]: [f64; 3], tilt_mm: f64) -> Grid {
    let column = PatientVector::new(0.8, 0.36, 0.48);
    let row = PatientVector::new(-0.6, 0.48, 0.64);
    Grid {
        size,
        origin: PatientPoint::new(-40.0, 25.0, 310.0),
        column_step: column * x,
        row_step: row * y,
        slice_step: column.cross(row) * z + row * tilt_mm,
    }
}

/// Places of a slice given in (column, row).
fn on_slice(volume: &Volume, slice_idx: usize, corners: &[[f64; 2]]) -> Vec<PatientPoint> {
    let map = volume.slice_map(slice_idx).unwrap();
    let place = |[column, row]: &[f64; 2]| map.apply([*column, *row, 0.0]);
    corners.iter().map(place).collect()
}

#[test]
fn a_polygon_counts_the_pixels_whose_centres_it_holds() {
    // Values are 100 · column + row, so that each count names its pixels.
    let volume = made::of_indices(turned([12, 10, 3], [0.5, 0.8, 3.0], 0.0), |[i, j, _]| {
        (100 * i + j) as i16
    });
    let ell = [
        [1.5, 1.5],
        [6.5, 1.5],
        [6.5, 3.5],
        [3.5, 3.5],
        [3.5, 7.5],
        [1.5, 7.5],
    ];
    let inside = |i: usize, j: usize| {
        (2..=6).contains(&i) && (2..=3).contains(&j) || (2..=3).contains(&i) && (4..=7).contains(&j)
    };
    let mut expected: Vec<f64> = (0..12)
        .flat_map(|i| (0..10).map(move |j| (i, j)))
        .filter(|(i, j)| inside(*i, *j))
        .map(|(i, j)| (100 * i + j) as f64)
        .collect();
    let polygon = Polygon::new(&on_slice(&volume, 1, &ell)).unwrap();
    let region = FlatRegion::Polygon(polygon);
    let mut found = region_values(&volume, None, &region).unwrap();
    found.sort_by(f64::total_cmp);
    expected.sort_by(f64::total_cmp);
    assert_eq!(found, expected);
    let s = region_statistics(&volume, &region).unwrap();
    assert_eq!((s.n, s.min, s.max), (18, 202.0, 603.0));
    assert_eq!(s.median, (expected[8] + expected[9]) / 2.0);
    // 5 × 2 + 2 × 4 cells of 0.5 × 0.8 mm.
    assert!((s.area_mm2.unwrap() - 18.0 * 0.4).abs() < 1e-9);
}

#[test]
fn an_outline_that_crosses_itself_counts_by_the_even_odd_rule() {
    let volume = made::of_indices(made::upright([20, 20, 1], [1.0, 1.0, 1.0]), |_| 7);
    // A bow tie: two triangles that meet in the pixel (10, 10).
    let bow = [[0.0, 0.0], [20.0, 20.0], [20.0, 0.0], [0.0, 20.0]];
    let region = FlatRegion::Polygon(Polygon::new(&on_slice(&volume, 0, &bow)).unwrap());
    assert!(region.crosses_itself());
    let s = region_statistics(&volume, &region).unwrap();
    let by_rule = (0..20i32)
        .flat_map(|i| (0..20i32).map(move |j| (i - 10, j - 10)))
        .filter(|(x, y)| y.abs() <= x.abs())
        .count();
    assert_eq!(s.n, by_rule);
    assert!((s.area_mm2.unwrap() - 200.0).abs() < 1e-9);
}

#[test]
fn a_rectangle_counts_its_pixels_on_turned_anisotropic_slices_and_across_them() {
    let grid = turned([16, 14, 9], [0.7, 1.3, 2.0], 0.0);
    let volume = made::of_indices(grid, |[i, j, k]| (i + 20 * j + 400 * k) as i16);
    let frame = PlaneFrame::native(&grid).unwrap();
    let corners = on_slice(&volume, 4, &[[2.6, 3.6], [9.4, 6.4]]);
    let rectangle = Rectangle::between(corners[0], corners[1], &frame).unwrap();
    let s = region_statistics(&volume, &FlatRegion::Rectangle(rectangle)).unwrap();
    // Columns 3 to 9 and rows 4 to 6 of slice 4.
    assert_eq!(s.n, 7 * 3);
    assert_eq!(s.mean, 6.0 + 20.0 * 5.0 + 1600.0);
    assert_eq!(s.median, s.mean);
    assert!((s.area_mm2.unwrap() - 6.8 * 0.7 * 2.8 * 1.3).abs() < 1e-9);
    // Across the slices, in the plane of columns and the normal: the mean of a linear field is that of the middle.
    let (right, up) = (
        grid.column_step.unit().unwrap(),
        grid.slice_normal().unwrap(),
    );
    let across = Rectangle {
        centre: grid.patient([8.0, 7.0, 4.0]),
        half_side_a: right * 2.5,
        half_side_b: up * 3.9,
    };
    let s = region_statistics(&volume, &FlatRegion::Rectangle(across)).unwrap();
    assert!((s.mean - (8.0 + 140.0 + 1600.0)).abs() < 1e-6, "{s:?}");
}

#[test]
fn a_profile_of_a_linear_field_is_a_straight_line_by_millimetre() {
    let grid = turned([30, 30, 12], [0.6, 0.9, 2.5], 0.0);
    let gradient = PatientVector::new(3.0, -2.0, 5.0);
    let value = |p: PatientPoint| gradient.dot(p.from_origin());
    let volume = made::of_places(grid, value, |_| true);
    let (from, to) = (
        grid.patient([3.0, 4.0, 2.0]),
        grid.patient([24.0, 20.0, 9.5]),
    );
    let bend = grid.patient([20.0, 6.0, 4.0]);
    for places in [vec![from, to], vec![from, bend, to]] {
        let found = profile(&volume, None, &places).unwrap();
        assert_eq!(found.unit, ValueUnit::Hounsfield);
        assert!(found.step_mm <= 0.3 + 1e-12);
        let length = found.step_mm * (found.values.len() - 1) as f64;
        assert!((length - space::path_length_mm(&places)).abs() < 1e-9);
        let ends = [
            found.values[0].unwrap(),
            found.values.last().unwrap().unwrap(),
        ];
        assert!((ends[0] - value(from)).abs() < 1e-6 && (ends[1] - value(to)).abs() < 1e-6);
        if let [a, b] = places.as_slice() {
            let along = gradient.dot((*b - *a).unit().unwrap());
            for (i, v) in found.values.iter().enumerate() {
                let expected = value(*a) + along * found.step_mm * i as f64;
                assert!((v.unwrap() - expected).abs() < 1e-6, "{i}");
            }
        }
    }
}

#[test]
fn a_profile_has_no_values_outside_in_holes_and_in_colour() {
    let grid = made::upright([8, 8, 5], [1.0, 1.0, 2.0]);
    let mut volume = made::of_places(grid, |p| p.x_mm, |k| k != 2);
    let at = |x, z| PatientPoint::new(x, 3.0, z);
    let out = profile(&volume, None, &[at(4.0, 0.0), at(12.0, 0.0)]).unwrap();
    assert_eq!(out.values[0], Some(4.0));
    assert_eq!(out.values.last(), Some(&None));
    let hole = profile(&volume, None, &[at(4.0, 0.0), at(4.0, 8.0)]).unwrap();
    assert_eq!(hole.values[hole.values.len() / 2], None);
    assert_eq!(hole.values[0], Some(4.0));
    assert_eq!(profile(&volume, None, &[at(4.0, 0.0)]), None);
    volume.kind = GeometryKind::Stack;
    assert_eq!(profile(&volume, None, &[at(1.0, 0.0), at(4.0, 0.0)]), None);
    assert!(profile(&volume, Some(0), &[at(1.0, 0.0), at(4.0, 0.0)]).is_some());
    let colour = made::empty(grid, Stored::Rgb8);
    assert_eq!(
        profile(&colour, Some(0), &[at(1.0, 0.0), at(4.0, 0.0)]),
        None
    );
}

/// A bright ellipsoid on a dark ground, with half axes along the grid's own directions, and a square about it.
fn ellipsoid(grid: Grid, half_mm: [f64; 3]) -> (Volume, Polygon) {
    let size = grid.size.map(|n| (n - 1) as f64 / 2.0);
    let centre = grid.patient(size);
    let axes = [
        grid.column_step.unit().unwrap(),
        grid.row_step.unit().unwrap(),
        grid.slice_normal().unwrap(),
    ];
    let value = |p: PatientPoint| {
        let shares = (0..3).map(|a| ((p - centre).dot(axes[a]) / half_mm[a]).powi(2));
        if shares.sum::<f64>() <= 1.0 {
            120.0
        } else {
            20.0
        }
    };
    let volume = made::of_places(grid, value, |_| true);
    let reach = 1.2 * half_mm[0].max(half_mm[1]);
    let corner = |x: f64, y: f64| centre + axes[0] * (x * reach) + axes[1] * (y * reach);
    let corners = [
        corner(-1.0, -1.0),
        corner(1.0, -1.0),
        corner(1.0, 1.0),
        corner(-1.0, 1.0),
    ];
    (volume, Polygon::new(&corners).unwrap())
}

#[test]
fn a_grown_ellipsoid_has_its_volume_whatever_the_spacing_and_the_tilt() {
    for (grid, half_mm) in [
        (made::upright([61, 61, 61], [1.0; 3]), [20.0; 3]),
        (
            turned([81, 61, 25], [0.5, 0.8, 2.5], 0.0),
            [15.0, 18.0, 22.0],
        ),
        (
            turned([81, 81, 25], [0.7, 0.7, 2.0], 0.7),
            [18.0, 14.0, 17.0],
        ),
    ] {
        let (volume, outline) = ellipsoid(grid, half_mm);
        let range = otsu_range(&volume, &outline).unwrap();
        assert_eq!(range.high, None);
        assert!(!range.contains(20.0) && range.contains(120.0), "{range:?}");
        let grown = grow(&volume, &outline, range, 60.0).unwrap();
        let exact = 4.0 / 3.0 * std::f64::consts::PI * half_mm.iter().product::<f64>();
        assert!(
            (grown.volume_mm3 / exact - 1.0).abs() < 0.01,
            "{grown:?} {exact}"
        );
        assert_eq!(grown.mean, 120.0);
        assert!(!grown.is_cut);
        let n: usize = grown.runs.iter().map(|(_, _, columns)| columns.len()).sum();
        assert_eq!(n, grown.n_voxels);
    }
}

#[test]
fn growth_stops_at_its_limits_and_says_that_it_was_cut() {
    // A bar through all slices, and one of the same value that it does not touch.
    let grid = made::upright([20, 20, 9], [1.0, 1.0, 3.0]);
    let bar = |[i, j, _]: [usize; 3]| {
        if (8..=11).contains(&i) && (8..=11).contains(&j) {
            100
        } else {
            -i16::from(i != 2)
        }
    };
    let volume = made::of_indices(grid, bar);
    let square = |low: f64, high: f64| {
        let corners = [[low, low], [high, low], [high, high], [low, high]];
        Polygon::new(&on_slice(&volume, 4, &corners)).unwrap()
    };
    let range = ValueRange {
        low: Some(50.0),
        high: None,
    };
    for (outline, reach_mm, n_voxels, is_cut) in [
        (square(5.0, 14.0), 100.0, 16 * 9, true),
        (square(5.0, 14.0), 3.0, 16 * 3, true),
        (square(5.0, 14.0), 0.0, 16, true),
        (square(8.5, 14.0), 3.0, 9 * 3, true),
    ] {
        let grown = grow(&volume, &outline, range, reach_mm).unwrap();
        assert_eq!(
            (grown.n_voxels, grown.is_cut),
            (n_voxels, is_cut),
            "{reach_mm}"
        );
    }
    let nothing = ValueRange {
        low: Some(500.0),
        high: None,
    };
    assert_eq!(
        grow(&volume, &square(5.0, 14.0), nothing, 3.0),
        Err(GrowthError::NothingInRange)
    );
    let upright = [[0.0, 0.0, 0.0], [9.0, 0.0, 0.0], [9.0, 0.0, 9.0]];
    let upright = Polygon::new(&upright.map(PatientPoint::from)).unwrap();
    assert_eq!(
        grow(&volume, &upright, range, 3.0),
        Err(GrowthError::Oblique)
    );
    let stack = Volume {
        kind: GeometryKind::Stack,
        ..made::of_indices(grid, bar)
    };
    assert_eq!(
        grow(&stack, &square(5.0, 14.0), range, 3.0),
        Err(GrowthError::NotAVolume)
    );
}

#[test]
fn a_missing_slice_cuts_growth() {
    let grid = made::upright([12, 12, 7], [1.0, 1.0, 2.0]);
    let volume = made::of_places(grid, |_| 80.0, |k| k != 5);
    let corners = [[2.0, 2.0], [8.0, 2.0], [8.0, 8.0], [2.0, 8.0]];
    let outline = Polygon::new(&on_slice(&volume, 3, &corners)).unwrap();
    let all = ValueRange::default();
    assert_eq!(otsu_range(&volume, &outline), Ok(all));
    let grown = grow(&volume, &outline, all, 100.0).unwrap();
    assert_eq!((grown.n_voxels, grown.slices), (49 * 5, [0, 4]));
    assert!(grown.is_cut);
}
