//! Filling slices, once, from any thread.

use volume::{FillError, SliceVoxels, Stored, Voxels};

#[test]
fn a_slice_is_filled_once_and_only_with_its_own_type() {
    let voxels = Voxels::new(Stored::U8, 2);
    assert_eq!(
        (voxels.n_slices(), voxels.n_filled(), voxels.stored()),
        (2, 0, Stored::U8)
    );
    let given = SliceVoxels::I16(vec![1, 2].into());
    assert_eq!(
        voxels.fill(0, given),
        Err(FillError::OtherType {
            slice_idx: 0,
            given: Stored::I16,
            wanted: Stored::U8
        })
    );
    assert_eq!(voxels.fill(1, SliceVoxels::U8(vec![1, 2].into())), Ok(()));
    assert_eq!(
        voxels.fill(1, SliceVoxels::U8(vec![9, 9].into())),
        Err(FillError::NotFree { slice_idx: 1 })
    );
    assert_eq!(
        voxels.fill(2, SliceVoxels::U8(vec![9].into())),
        Err(FillError::NotFree { slice_idx: 2 })
    );
    assert!(voxels.is_filled(1) && !voxels.is_filled(0) && !voxels.is_filled(7));
    assert_eq!(voxels.n_filled(), 1);
}

#[test]
fn every_element_type_is_held_and_measured() {
    let slices = [
        (SliceVoxels::U8([1].into()), 1),
        (SliceVoxels::I8([1].into()), 1),
        (SliceVoxels::U16([1].into()), 2),
        (SliceVoxels::I16([1].into()), 2),
        (SliceVoxels::U32([1].into()), 4),
        (SliceVoxels::I32([1].into()), 4),
        (SliceVoxels::F32([1.0].into()), 4),
        (SliceVoxels::F64([1.0].into()), 8),
        (SliceVoxels::Rgb8([[1; 3]].into()), 3),
        (SliceVoxels::Rgb16([[1; 3]].into()), 6),
    ];
    for (slice, n_bytes) in slices {
        let stored = slice.stored();
        assert_eq!((stored.n_bytes(), slice.len()), (n_bytes, 1));
        let voxels = Voxels::new(stored, 1);
        assert_eq!(voxels.stored(), stored);
        assert_eq!(voxels.fill(0, slice), Ok(()), "{stored:?}");
    }
}

#[test]
fn threads_may_fill_while_others_read() {
    let voxels = Voxels::new(Stored::I16, 64);
    std::thread::scope(|scope| {
        for first in 0..4 {
            let voxels = &voxels;
            scope.spawn(move || {
                for k in (first..64).step_by(4) {
                    voxels
                        .fill(k, SliceVoxels::I16(vec![k as i16; 16].into()))
                        .unwrap();
                    assert!(voxels.is_filled(k));
                }
            });
        }
    });
    assert_eq!(voxels.n_filled(), 64);
}
