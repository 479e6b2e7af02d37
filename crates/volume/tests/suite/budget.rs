//! Slices that come and go within a budget.

use std::sync::Arc;

use volume::{Evictable, FillError, Presence, SliceVoxels, Stored, VoxelBudget, Voxels, make_room};

const SLICE_BYTES: u64 = 2 * 64;

fn slice(value: i16) -> SliceVoxels {
    SliceVoxels::I16(vec![value; 64].into())
}

fn filled(n_slices: usize, budget: &Arc<VoxelBudget>) -> Voxels {
    let voxels = Voxels::within(Stored::I16, n_slices, Arc::clone(budget));
    for k in 0..n_slices {
        voxels.fill(k, slice(k as i16)).unwrap();
    }
    voxels
}

fn read(voxels: &Voxels, k: usize) -> Option<i16> {
    let Voxels::I16(planes) = voxels else {
        return None;
    };
    planes.slice(k).map(|plane| plane[0])
}

#[test]
fn every_byte_is_charged_until_its_last_reader_lets_go() {
    let budget = VoxelBudget::new(10_000);
    let voxels = filled(4, &budget);
    assert_eq!(budget.used_bytes(), 4 * SLICE_BYTES);
    let Voxels::I16(planes) = &voxels else {
        unreachable!()
    };
    let reader = planes.slice(2).unwrap();
    assert!(voxels.let_go(2));
    assert!(!voxels.let_go(2), "once");
    assert_eq!(budget.used_bytes(), 4 * SLICE_BYTES, "somebody reads it");
    assert_eq!(reader[63], 2, "what is read stays whole");
    drop(reader);
    assert_eq!(budget.used_bytes(), 3 * SLICE_BYTES);
    drop(voxels);
    assert_eq!(budget.used_bytes(), 0);
}

#[test]
fn a_slice_that_was_let_go_comes_back_only_with_the_same_values() {
    let budget = VoxelBudget::unlimited();
    let voxels = filled(3, &budget);
    assert_eq!((voxels.n_filled(), voxels.n_decoded()), (3, 3));
    voxels.let_go(1);
    assert_eq!(voxels.presence(1), Presence::LetGo);
    assert_eq!((voxels.n_filled(), voxels.n_decoded()), (2, 3));
    assert_eq!(voxels.fill(1, slice(1)), Ok(()));
    assert_eq!(read(&voxels, 1), Some(1));
    voxels.let_go(1);
    let mut other = vec![1_i16; 64];
    other[63] = 2;
    assert_eq!(
        voxels.fill(1, SliceVoxels::I16(other.into())),
        Err(FillError::Changed { slice_idx: 1 })
    );
    assert_eq!(voxels.presence(1), Presence::Unreadable);
    assert_eq!((voxels.n_filled(), voxels.n_decoded()), (2, 2));
}

#[test]
fn a_slice_given_up_is_a_hole_until_it_can_be_read() {
    let voxels = Voxels::new(Stored::I16, 2);
    assert_eq!(voxels.presence(0), Presence::Awaited);
    voxels.give_up(0);
    assert_eq!(voxels.presence(0), Presence::Unreadable);
    assert_eq!(voxels.presence(9), Presence::Unreadable);
    assert_eq!(voxels.fill(0, slice(7)), Ok(()));
    voxels.give_up(0);
    assert_eq!(
        read(&voxels, 0),
        Some(7),
        "what is here is not taken for unreadable"
    );
}

#[test]
fn room_is_made_from_what_was_read_longest_ago_and_never_from_what_is_pinned() {
    let budget = VoxelBudget::new(8 * SLICE_BYTES);
    let (old, new) = (filled(4, &budget), filled(4, &budget));
    assert_eq!(read(&old, 0), Some(0), "read again: now the newest");
    let evictable = |pinned: &'static [usize]| move |k: usize| pinned.contains(&k);
    let (pinned_old, pinned_new) = (evictable(&[1]), evictable(&[]));
    let volumes = [
        Evictable {
            voxels: &old,
            is_pinned: &pinned_old,
        },
        Evictable {
            voxels: &new,
            is_pinned: &pinned_new,
        },
    ];
    assert!(make_room(&budget, SLICE_BYTES, &volumes));
    let here =
        |voxels: &Voxels| -> Vec<usize> { (0..4).filter(|k| voxels.is_filled(*k)).collect() };
    assert_eq!(here(&old), [0, 1], "the oldest that are free to go");
    assert_eq!(here(&new), [0, 1, 2, 3]);
    assert!(budget.fits(SLICE_BYTES));

    let all = |_: usize| true;
    let volumes = [&old, &new].map(|voxels| Evictable {
        voxels,
        is_pinned: &all,
    });
    assert!(
        !make_room(&budget, 3 * SLICE_BYTES, &volumes),
        "no room where all is pinned"
    );
    assert_eq!((here(&old).len(), here(&new).len()), (2, 4));
}

#[test]
fn slices_may_be_read_filled_and_let_go_from_many_threads() {
    let budget = VoxelBudget::new(16 * SLICE_BYTES);
    let voxels = Voxels::within(Stored::I16, 64, Arc::clone(&budget));
    std::thread::scope(|scope| {
        for thread in 0..4_usize {
            let (voxels, budget) = (&voxels, &budget);
            scope.spawn(move || {
                for turn in 0..2_000_usize {
                    let k = (turn * 7 + thread * 13) % 64;
                    match read(voxels, k) {
                        Some(value) => assert_eq!(value, k as i16),
                        None => drop(voxels.fill(k, slice(k as i16))),
                    }
                    let none = |_: usize| false;
                    let evictable = [Evictable {
                        voxels,
                        is_pinned: &none,
                    }];
                    make_room(budget, SLICE_BYTES, &evictable);
                }
            });
        }
    });
    assert_eq!(
        budget.used_bytes(),
        voxels.n_filled() as u64 * SLICE_BYTES,
        "no byte is lost or charged twice"
    );
}
