//! A mosaic is one stored frame and many slices: references to it stay true to DICOM, and what is stored can be had whole.

use phantom::hazards::all;
use volume::{GeometryKind, Placement, SliceVoxels};

use crate::builder::{scan_files, volumes};

fn values(voxels: &SliceVoxels) -> Vec<f64> {
    macro_rules! of {
        ($($kind:ident),*) => {
            match voxels {
                $(SliceVoxels::$kind(v) => v.iter().map(|v| f64::from(*v)).collect(),)*
                other => panic!("a mosaic of {:?}", other.stored()),
            }
        };
    }
    of!(U8, I8, U16, I16, U32, I32, F32, F64)
}

#[test]
fn tiles_refer_to_the_one_stored_frame_and_lie_in_it_row_by_row() {
    let hazard = all().into_iter().find(|h| h.name == "mosaic").unwrap();
    let files: Vec<_> = hazard.files();
    let files: Vec<(&str, Vec<u8>)> = files
        .iter()
        .map(|f| (f.name.as_str(), f.bytes.clone()))
        .collect();
    let (_folder, scan) = scan_files(&files);
    let plans = volumes(&scan);
    let [plan] = plans.as_slice() else {
        panic!("{} volumes", plans.len())
    };
    let numbers = |plan: &series::VolumePlan| -> Vec<(u32, Option<u32>)> {
        let slices = plan.slices.iter().flatten();
        slices.map(|s| (s.frame_number, s.tile_number)).collect()
    };
    // The slices follow towards the feet, and the volume is in order along row × column: the last tile comes first.
    let backwards: Vec<(u32, Option<u32>)> = (1..=5).rev().map(|k| (1, Some(k))).collect();
    assert_eq!(numbers(plan), backwards);

    let stored = plan.as_stored().unwrap();
    assert_eq!(numbers(&stored), [(1, None)]);
    assert_eq!(stored.kind, GeometryKind::Single);
    assert_eq!(stored.placed, Placement::Unplaced);
    assert_eq!(stored.grid.size, [12, 12, 1]);
    let codes: Vec<&str> = stored.warnings.iter().map(|w| w.code).collect();
    assert_eq!(codes, ["mosaic_as_stored"]);
    assert!(
        stored.as_stored().is_none(),
        "a stored frame is one already"
    );

    let whole = values(&series::decode_slice(&stored, 0).unwrap());
    for (slice_idx, (_, tile_number)) in numbers(plan).into_iter().enumerate() {
        let tile = values(&series::decode_slice(plan, slice_idx).unwrap());
        let tile_idx = tile_number.unwrap() as usize - 1;
        // Three tiles of 4 × 4 beside each other.
        let [top, left] = [tile_idx / 3 * 4, tile_idx % 3 * 4];
        let expected: Vec<f64> = (0..16)
            .map(|i| whole[(top + i / 4) * 12 + left + i % 4])
            .collect();
        assert_eq!(tile, expected, "tile {}", tile_idx + 1);
    }
}

#[test]
fn frames_of_any_other_object_are_as_stored_already() {
    for hazard in all() {
        if hazard.name == "mosaic" {
            continue;
        }
        let files: Vec<_> = hazard.files();
        let files: Vec<(&str, Vec<u8>)> = files
            .iter()
            .map(|f| (f.name.as_str(), f.bytes.clone()))
            .collect();
        let (_folder, scan) = scan_files(&files);
        for plan in volumes(&scan) {
            let is_tile = |s: &series::SliceSource| s.tile_number.is_some();
            assert!(
                !plan.slices.iter().flatten().any(is_tile),
                "{}",
                hazard.name
            );
            assert!(plan.as_stored().is_none(), "{}", hazard.name);
        }
    }
}
