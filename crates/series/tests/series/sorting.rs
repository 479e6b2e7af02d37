//! What must hold for any series: the order of files makes no difference, missing slices are holes in their places,
//! and any affine geometry is found again.

use phantom::raw::{FileOrder, SeriesSpec};
use proptest::prelude::*;
use series::{Scan, VolumePlan};

use crate::builder::{scan_files, volumes};

fn files(spec: &SeriesSpec) -> Vec<(String, Vec<u8>)> {
    let files = spec.files(|voxel| 100 * voxel.slice_idx as i64 + voxel.col_idx as i64);
    files.into_iter().map(|f| (f.name, f.bytes)).collect()
}

fn scan_named(files: &[(String, Vec<u8>)]) -> (tempfile::TempDir, Scan) {
    let files: Vec<(&str, Vec<u8>)> = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.clone()))
        .collect();
    scan_files(&files)
}

/// All that a reader sees of a plan, its files' names apart.
fn seen(plan: &VolumePlan) -> String {
    let slices = plan.slices.iter().map(|slice| {
        slice
            .as_ref()
            .map(|s| format!("{} frame {}", s.sop_instance_uid(), s.frame_number))
    });
    let codes = plan.warnings.iter().map(|w| (w.code, w.text.clone()));
    format!(
        "{:?} {} {:?} {:?} {:?} {:?}",
        plan.kind,
        plan.label,
        plan.grid,
        plan.slice_origins,
        slices.collect::<Vec<_>>(),
        codes.collect::<Vec<_>>()
    )
}

/// Files of a series with about everything in it: two orientations, a tilt, times at the same places, a gap.
fn mixed() -> Vec<(String, Vec<u8>)> {
    let base = SeriesSpec {
        dropped: vec![2],
        ..SeriesSpec::ct("mixed", 4, 4, 6)
    };
    let (sin, cos) = 20.0_f64.to_radians().sin_cos();
    let tilted = SeriesSpec {
        uid_salt: "tilted".into(),
        column_direction: [0.0, cos, sin],
        ..SeriesSpec::ct("mixed", 4, 4, 4)
    };
    let again = SeriesSpec {
        uid_salt: "again".into(),
        ..base.clone()
    };
    [files(&base), files(&tilted), files(&again)].concat()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_order_of_files_gives_the_same_volumes(order in Just((0..14_usize).collect::<Vec<_>>()).prop_shuffle()) {
        let files = mixed();
        prop_assert_eq!(files.len(), order.len());
        let named = |order: &[usize]| -> Vec<(String, Vec<u8>)> {
            let place = |(at, idx): (usize, &usize)| (format!("{at:03}.dcm"), files[*idx].1.clone());
            order.iter().enumerate().map(place).collect()
        };
        let sorted: Vec<usize> = (0..files.len()).collect();
        let (_first, expected) = scan_named(&named(&sorted));
        let (_second, found) = scan_named(&named(&order));
        let all = |scan: &Scan| volumes(scan).into_iter().map(seen).collect::<Vec<_>>();
        prop_assert_eq!(all(&found), all(&expected));
    }

    #[test]
    fn missing_slices_are_holes_in_their_places(kept in prop::collection::vec(prop::bool::weighted(0.75), 12)) {
        let present: Vec<usize> = (0..12).filter(|k| kept[*k]).collect();
        // One step must be seen somewhere, or nobody could know how long it is; and most must be there.
        prop_assume!(present.windows(2).any(|w| w[1] == w[0] + 1) && 6 <= present.len());
        let mut spec = SeriesSpec {
            dropped: (0..12).filter(|k| !kept[*k]).collect(),
            slice_step_mm: [0.0, 0.3, 1.25],
            slice_thickness_mm: Some(1.25),
            file_order: FileOrder::Shuffled(7),
            ..SeriesSpec::ct("holes", 4, 4, 12)
        };
        spec.extra.put(phantom::tags::SPACING_BETWEEN_SLICES, "1.25");
        let (_folder, scan) = scan_named(&files(&spec));
        let plans = volumes(&scan);
        prop_assert_eq!(plans.len(), 1);
        let (first, last) = (present[0], present[present.len() - 1]);
        let expected: Vec<Option<String>> = (first..=last)
            .map(|k| kept[k].then(|| spec.sop_uid(k)))
            .collect();
        let found: Vec<Option<String>> = plans[0]
            .slices
            .iter()
            .map(|s| s.as_ref().map(|s| s.sop_instance_uid().to_owned()))
            .collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn any_affine_geometry_is_found_again(
        turns in prop::array::uniform3(-3.1..3.1_f64),
        spacing_mm in prop::array::uniform2(0.1..3.0_f64),
        step_mm in 0.3..8.0_f64,
        tilt in prop::array::uniform2(-0.5..0.5_f64),
        origin_mm in prop::array::uniform3(-900.0..900.0_f64),
    ) {
        let [row, column, normal] = turned(turns);
        let step: [f64; 3] = std::array::from_fn(|i| {
            step_mm * (normal[i] + tilt[0] * row[i] + tilt[1] * column[i])
        });
        let spec = SeriesSpec {
            row_direction: row,
            column_direction: column,
            pixel_spacing_mm: Some(spacing_mm),
            slice_step_mm: step,
            origin_mm,
            file_order: FileOrder::Shuffled(3),
            ..SeriesSpec::ct("affine", 5, 4, 7)
        };
        let (_folder, scan) = scan_named(&files(&spec));
        let plans = volumes(&scan);
        prop_assert_eq!(plans.len(), 1);
        prop_assert_eq!(plans[0].kind, volume::GeometryKind::Volume);
        for voxel in [[0.0, 0.0, 0.0], [4.0, 3.0, 6.0], [1.5, 2.25, 3.75], [4.0, 0.0, 0.0]] {
            let expected = spec.patient_from_voxel(voxel[0], voxel[1], voxel[2]);
            let found = plans[0].grid.patient(voxel);
            let found = [found.x_mm, found.y_mm, found.z_mm];
            for (f, e) in found.iter().zip(expected) {
                prop_assert!((f - e).abs() < 1e-6, "{voxel:?}: {found:?}, not {expected:?}");
            }
        }
    }
}

/// Row, column and normal direction, turned about the three axes one after the other.
fn turned([a, b, c]: [f64; 3]) -> [[f64; 3]; 3] {
    let about = |axis: usize, angle: f64, v: [f64; 3]| -> [f64; 3] {
        let (sin, cos) = angle.sin_cos();
        let (i, j) = ((axis + 1) % 3, (axis + 2) % 3);
        let mut out = v;
        out[i] = cos * v[i] - sin * v[j];
        out[j] = sin * v[i] + cos * v[j];
        out
    };
    let turn = |v| about(2, c, about(1, b, about(0, a, v)));
    [
        turn([1.0, 0.0, 0.0]),
        turn([0.0, 1.0, 0.0]),
        turn([0.0, 0.0, 1.0]),
    ]
}
