#![allow(clippy::unwrap_used)]
use super::state::SCREEN_THREADS;
use super::*;
use volume::Voxels;

fn order_of(mut sweep: Sweep, n: usize) -> Vec<usize> {
    let mut done = Vec::new();
    while let Some(next) = sweep.next(n, |k| !done.contains(&k)) {
        done.push(next);
    }
    done
}

#[test]
fn a_sweep_takes_the_landmarks_and_then_goes_outwards() {
    assert_eq!(order_of(Sweep::about(5), 8), [5, 0, 3, 7, 6, 4, 2, 1]);
    assert_eq!(order_of(Sweep::about(99), 3), [2, 0, 1]);
    assert_eq!(order_of(Sweep::about(0), 0), [0_usize; 0]);
    assert_eq!(order_of(Sweep::about(9_999), 10_000).len(), 10_000);
}

fn two_volumes() -> (tempfile::TempDir, Vec<(VolumeKey, Arc<VolumePlan>)>) {
    let folder = tempfile::tempdir().unwrap();
    for seed in ["one", "two"] {
        let inside = folder.path().join(seed);
        std::fs::create_dir_all(&inside).unwrap();
        let mut spec = phantom::raw::SeriesSpec::ct(seed, 16, 16, 40);
        spec.slice_step_mm = [0.0, 0.0, 2.0];
        spec.slice_positions = Vec::new();
        spec.write(&inside, |v| v.slice_idx as i64).unwrap();
    }
    let paths = [folder.path().to_owned()];
    let scan = series::scan(&paths, &Default::default(), &|_| {}, &|| false);
    let series = scan.studies.iter().flat_map(|s| &s.series);
    let plans = series.map(|s| {
        let key = VolumeKey {
            series_instance_uid: s.series_instance_uid.clone(),
            volume_idx: 0,
        };
        (key, Arc::new(s.volumes[0].clone()))
    });
    let plans: Vec<_> = plans.collect();
    assert_eq!(plans.len(), 2);
    (folder, plans)
}

struct Desk {
    agenda: Agenda,
    budget: Arc<VoxelBudget>,
    keys: Vec<VolumeKey>,
    volumes: Vec<Arc<Volume>>,
    _folder: tempfile::TempDir,
}

/// A budget of so many slices of 512 bytes.
fn desk(n_slices: u64) -> Desk {
    let (folder, plans) = two_volumes();
    let budget = VoxelBudget::new(n_slices * 512);
    let volumes: Vec<_> = plans
        .iter()
        .map(|(_, plan)| Arc::new(plan.shown_volume(budget.clone())))
        .collect();
    let entries = plans.iter().zip(&volumes);
    let entries = entries.map(|((key, plan), v)| (key.clone(), plan.clone(), v.clone()));
    Desk {
        agenda: Agenda::new(budget.clone(), entries),
        budget,
        keys: plans.iter().map(|(key, _)| key.clone()).collect(),
        volumes,
        _folder: folder,
    }
}

impl Desk {
    fn look(&self, volume_idx: usize, slice_idx: usize, needs: Needs) {
        self.agenda.look(vec![Look {
            key: self.keys[volume_idx].clone(),
            slice_idx,
            needs,
        }]);
    }

    /// Does up to `n` errands; which they were.
    fn run(&self, n: usize) -> Vec<(usize, usize)> {
        let errands = std::iter::from_fn(|| {
            let errand = self.agenda.take()?;
            self.agenda.run(&errand);
            Some((errand.entry_idx, errand.slice_idx))
        });
        errands.take(n).collect()
    }
}

#[test]
fn what_is_looked_at_comes_first_and_the_look_may_turn_at_any_time() {
    let desk = desk(1000);
    desk.look(1, 20, Needs::Slices);
    assert_eq!(desk.run(4), [(1, 20), (1, 0), (1, 19), (1, 39)]);
    desk.look(0, 7, Needs::Slices);
    assert_eq!(desk.run(2), [(0, 7), (0, 0)], "another series: at once");
    assert_eq!(desk.run(usize::MAX).len(), 80 - 6, "and then everything");
    assert!(desk.agenda.take_told().is_empty());
}

#[test]
fn slices_ahead_of_a_scrolling_reader_come_before_the_rest_and_turn_with_him() {
    let desk = desk(1000);
    desk.look(0, 20, Needs::Slices);
    desk.run(1);
    desk.look(0, 21, Needs::Slices);
    assert_eq!(desk.run(3), [(0, 21), (0, 22), (0, 23)]);
    desk.look(0, 19, Needs::Slices);
    assert_eq!(desk.run(3), [(0, 19), (0, 18), (0, 17)], "turned");
}

#[test]
fn a_small_budget_is_kept_while_every_slice_can_be_seen() {
    let desk = desk(12);
    desk.look(0, 0, Needs::Slices);
    desk.run(usize::MAX);
    for k in (0..40).chain((0..40).rev()) {
        desk.look(0, k, Needs::Slices);
        desk.run(usize::MAX);
        let Voxels::I16(planes) = &desk.volumes[0].voxels else {
            unreachable!()
        };
        assert_eq!(
            planes.slice(k).unwrap()[0],
            k as i16,
            "shown, and the right one"
        );
        assert!(desk.budget.used_bytes() <= desk.budget.limit_bytes());
    }
    assert_eq!(desk.volumes[0].voxels.n_decoded(), 40);
    desk.look(1, 3, Needs::Slices);
    desk.run(usize::MAX);
    assert!(desk.volumes[1].voxels.is_filled(3), "another series too");
}

#[test]
fn a_volume_needed_whole_pushes_out_what_nobody_looks_at() {
    let desk = desk(48);
    desk.look(0, 0, Needs::Slices);
    desk.run(usize::MAX);
    assert!(0 < desk.volumes[0].voxels.n_filled());
    desk.look(1, 20, Needs::Whole);
    desk.run(usize::MAX);
    assert_eq!(desk.volumes[1].voxels.n_filled(), 40);
    assert!(desk.budget.used_bytes() <= desk.budget.limit_bytes());
}

#[test]
fn a_slice_asked_for_stays_until_it_is_there() {
    let desk = desk(4);
    desk.look(0, 5, Needs::Slices);
    desk.run(usize::MAX);
    desk.agenda.ask(&desk.keys[1], 30);
    assert_eq!(desk.run(1), [(1, 30)]);
    desk.agenda.stop_at_looks();
    desk.look(0, 6, Needs::Slices);
    assert!(
        desk.run(usize::MAX).contains(&(0, 6)),
        "looks are still served"
    );
}

#[test]
fn what_nobody_looks_at_waits_for_the_first_picture() {
    for needs in [Needs::Slices, Needs::Whole] {
        waits_for_the_first_picture(needs);
    }
}

fn waits_for_the_first_picture(needs: Needs) {
    let desk = desk(200);
    desk.look(0, 20, needs);
    desk.agenda
        .hold_back_until(Some(Instant::now() + Duration::from_secs(60)));
    let begun = Instant::now();
    assert_eq!(desk.agenda.take().unwrap().slice_idx, 20);
    // As many more as there are processors beside the two for the screen.
    let n_left = series::n_reader_threads().saturating_sub(SCREEN_THREADS + 1);
    let in_hand: Vec<_> = (0..n_left).map(|_| desk.agenda.take().unwrap()).collect();
    assert_eq!(in_hand.len(), n_left);
    std::thread::scope(|scope| {
        let (send, taken) = std::sync::mpsc::channel();
        let desk = &desk;
        scope.spawn(move || {
            for _ in 0..2 {
                send.send(desk.agenda.take().unwrap().slice_idx).unwrap();
            }
        });
        let held = taken.recv_timeout(Duration::from_millis(60));
        // What is looked at meanwhile is taken at once.
        desk.look(1, 7, needs);
        let looked_at = taken.recv_timeout(Duration::from_secs(20));
        let held_again = taken.recv_timeout(Duration::from_millis(60));
        desk.agenda.hold_back_until(None);
        let released = taken.recv_timeout(Duration::from_secs(20));
        assert!(held.is_err() && held_again.is_err());
        assert_eq!(looked_at, Ok(7));
        assert!(released.is_ok());
    });
    assert!(begun.elapsed() < Duration::from_secs(59));
}

#[test]
fn nothing_is_held_back_for_a_screen_that_never_comes() {
    let desk = desk(200);
    desk.look(0, 20, Needs::Slices);
    let until = Instant::now() + Duration::from_millis(40);
    desk.agenda.hold_back_until(Some(until));
    let mut n_taken = 0;
    while let Some(errand) = desk.agenda.take() {
        desk.agenda.run(&errand);
        n_taken += 1;
    }
    assert_eq!(n_taken, 80);
    assert!(until <= Instant::now());
}
