//! Which slice is decoded next: what the reader looks at first, then what comes next under the hand, then the rest.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use series::{VolumePlan, Warning};
use volume::{Evictable, Presence, Volume, VoxelBudget, make_room};

use crate::VolumeKey;

/// Slices that are fetched ahead of a reader who scrolls, and those kept behind for one who turns.
const AHEAD: usize = 24;
const BEHIND: usize = 6;
/// Share of the budget that what is fetched ahead for one view may take.
const AHEAD_SHARE: u64 = 4;
/// Slices that other parts may wait for at one time; the oldest wish goes first.
const MAX_ASKED: usize = 64;
/// Processors that the first picture needs: one for the interface, one for the graphics driver.
const SCREEN_THREADS: usize = 2;
/// Time after which a thread that is held back asks again.
const HELD_BACK_PAUSE: Duration = Duration::from_millis(1);

/// The way a reader scrolls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Up,
    Down,
}

/// How much of a volume a view needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// One slice after the other.
    Slices,
    /// All of them, for planes and projections.
    Whole,
}

/// What one view shows. The view under the hand comes first in a list of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Look {
    pub(crate) key: VolumeKey,
    pub(crate) slice_idx: usize,
    pub(crate) needs: Needs,
}

/// A slice to be decoded, and the volume that it goes into.
pub(crate) struct Errand {
    pub(crate) key: VolumeKey,
    pub(crate) plan: Arc<VolumePlan>,
    pub(crate) volume: Arc<Volume>,
    pub(crate) slice_idx: usize,
    entry_idx: usize,
    urgency: Urgency,
}

/// May other slices be let go for this one?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Urgency {
    /// It is on the screen: it is decoded whatever the budget says.
    Shown,
    /// It is part of a volume of which planes are on the screen: as well, but the slice looked at has its picture first.
    InPlane,
    /// It will be soon.
    Ahead,
    /// Only while there is room.
    Spare,
}

/// Is somebody working the agenda off?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runner {
    /// Yes, or there is nothing to do.
    NotNeeded,
    /// Somebody must start.
    Needed,
}

/// The one list of what is to be decoded, shared by the session, which says where the reader looks, and the reader threads.
pub(crate) struct Agenda {
    budget: Arc<VoxelBudget>,
    n_done: AtomicU64,
    state: Mutex<State>,
}

struct State {
    entries: Vec<Entry>,
    looks: Vec<(Look, Option<Direction>)>,
    asked: VecDeque<(usize, usize)>,
    in_hand: HashSet<(usize, usize)>,
    told: Vec<(VolumeKey, Warning)>,
    has_runner: bool,
    /// Nothing pinned could be let go for what comes ahead: wait until the reader looks elsewhere.
    is_full: bool,
    /// Slices had to go: from then on nothing is decoded that nobody waits for, or it would push out what somebody does.
    had_to_evict: bool,
    /// The reader ended the work; only what is looked at is decoded from then on.
    only_looks: bool,
    /// Until then two processors are left to whoever draws the first picture.
    holds_back_until: Option<Instant>,
}

struct Entry {
    key: VolumeKey,
    plan: Arc<VolumePlan>,
    volume: Arc<Volume>,
    sweep: Sweep,
}

/// Goes through the slices of a volume: first, middle and last, then outwards from where the reader looks.
#[derive(Clone, Debug)]
struct Sweep {
    centre: usize,
    n_landmarks: usize,
    n_above: usize,
    n_below: usize,
}

impl Sweep {
    fn about(centre: usize) -> Self {
        Self {
            centre,
            n_landmarks: 0,
            n_above: 0,
            n_below: 0,
        }
    }

    /// The next slice that is wanted; those that are not are stepped over for good.
    fn next(&mut self, n: usize, is_wanted: impl Fn(usize) -> bool) -> Option<usize> {
        let last = n.checked_sub(1)?;
        self.centre = self.centre.min(last);
        let landmarks = [self.centre, 0, last / 2, last];
        while let Some(landmark) = landmarks.get(self.n_landmarks) {
            if is_wanted(*landmark) {
                return Some(*landmark);
            }
            self.n_landmarks += 1;
        }
        loop {
            let above = self.centre.checked_add(self.n_above).filter(|k| *k <= last);
            let below = self.centre.checked_sub(self.n_below);
            let takes_above = match (above, below) {
                (None, None) => return None,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (Some(_), Some(_)) => self.n_above <= self.n_below,
            };
            let slice_idx = if takes_above { above } else { below }?;
            if is_wanted(slice_idx) {
                return Some(slice_idx);
            }
            match takes_above {
                true => self.n_above += 1,
                false => self.n_below += 1,
            }
        }
    }
}

impl Agenda {
    /// An agenda of volumes in the order in which they are wanted.
    pub(crate) fn new(
        budget: Arc<VoxelBudget>,
        volumes: impl Iterator<Item = (VolumeKey, Arc<VolumePlan>, Arc<Volume>)>,
    ) -> Self {
        let entries = volumes.map(|(key, plan, volume)| Entry {
            sweep: Sweep::about(volume.n_slices() / 2),
            key,
            plan,
            volume,
        });
        Self {
            budget,
            n_done: AtomicU64::new(0),
            state: Mutex::new(State {
                entries: entries.collect(),
                looks: Vec::new(),
                asked: VecDeque::new(),
                in_hand: HashSet::new(),
                told: Vec::new(),
                has_runner: false,
                is_full: false,
                had_to_evict: false,
                only_looks: false,
                holds_back_until: None,
            }),
        }
    }

    /// Says where the reader looks now. The way from the last look of each view tells what comes next.
    pub(crate) fn look(&self, looks: Vec<Look>) -> Runner {
        let mut state = self.lock();
        let is_same = looks.iter().eq(state.looks.iter().map(|(look, _)| look));
        if !is_same {
            state.look(looks);
        }
        let has_work = !state.has_runner && state.next(&self.budget).is_some();
        if has_work {
            Runner::Needed
        } else {
            Runner::NotNeeded
        }
    }

    /// Slices that were tried so far.
    pub(crate) fn n_done(&self) -> u64 {
        self.n_done.load(Ordering::Acquire)
    }

    /// Asks for a slice that is not on the screen and yet needed, such as that of a key picture.
    pub(crate) fn ask(&self, key: &VolumeKey, slice_idx: usize) {
        let mut state = self.lock();
        let Some(entry_idx) = state.entries.iter().position(|e| e.key == *key) else {
            return;
        };
        let wish = (entry_idx, slice_idx);
        if state.is_wanted(entry_idx, slice_idx) && !state.asked.contains(&wish) {
            state.asked.push_back(wish);
            if MAX_ASKED < state.asked.len() {
                state.asked.pop_front();
            }
        }
    }

    /// From now on only what is looked at is decoded.
    pub(crate) fn stop_at_looks(&self) {
        self.lock().only_looks = true;
    }

    /// Until then, slices that nobody looks at yet are decoded only on processors that the screen leaves over, those of
    /// volumes under planes as well.
    pub(crate) fn hold_back_until(&self, until: Option<Instant>) {
        self.lock().holds_back_until = until;
    }

    /// What was found out about the slices decoded since last asked.
    pub(crate) fn take_told(&self) -> Vec<(VolumeKey, Warning)> {
        std::mem::take(&mut self.lock().told)
    }

    /// Somebody starts to work; `false` when somebody else already does.
    pub(crate) fn begin(&self) -> bool {
        !std::mem::replace(&mut self.lock().has_runner, true)
    }

    /// The runner sees no errand any more: `true` when it may go, `false` when one has come in the meantime.
    pub(crate) fn end(&self) -> bool {
        let mut state = self.lock();
        if state.next(&self.budget).is_some() {
            return false;
        }
        state.has_runner = false;
        true
    }

    /// The runner goes, whatever is left.
    pub(crate) fn abandon(&self) {
        let mut state = self.lock();
        state.has_runner = false;
        state.in_hand.clear();
    }

    /// The slice to decode next, with room made for it; `None` when nothing is left that fits.
    pub(crate) fn take(&self) -> Option<Errand> {
        loop {
            let (errand, n_bytes) = {
                let mut state = self.lock();
                let errand = state.next(&self.budget)?;
                if errand.urgency != Urgency::Shown && state.holds_back() {
                    drop(state);
                    std::thread::sleep(HELD_BACK_PAUSE);
                    continue;
                }
                state.in_hand.insert((errand.entry_idx, errand.slice_idx));
                // Beside it those in other hands, which are not charged yet.
                (errand, state.bytes_in_hand())
            };
            if self.budget.fits(n_bytes) || self.make_room(n_bytes) {
                return Some(errand);
            }
            match errand.urgency {
                Urgency::Shown | Urgency::InPlane => return Some(errand),
                Urgency::Ahead | Urgency::Spare => {
                    let mut state = self.lock();
                    state.in_hand.remove(&(errand.entry_idx, errand.slice_idx));
                    state.is_full = true;
                }
            }
        }
    }

    /// Decodes what an errand names.
    pub(crate) fn run(&self, errand: &Errand) {
        let told = match series::fill_slice(&errand.plan, &errand.volume, errand.slice_idx) {
            Ok(notes) => notes,
            Err(warning) => vec![warning],
        };
        let mut state = self.lock();
        state.in_hand.remove(&(errand.entry_idx, errand.slice_idx));
        let told = told.into_iter().map(|w| (errand.key.clone(), w));
        state.told.extend(told);
        drop(state);
        self.n_done.fetch_add(1, Ordering::AcqRel);
    }

    fn make_room(&self, n_bytes: u64) -> bool {
        let volumes: Vec<Arc<Volume>> = {
            let mut state = self.lock();
            state.had_to_evict = true;
            state.entries.iter().map(|e| e.volume.clone()).collect()
        };
        let pinned: Vec<_> = (0..volumes.len())
            .map(|entry_idx| {
                move |slice_idx: usize| self.lock().is_pinned(&self.budget, entry_idx, slice_idx)
            })
            .collect();
        let evictable: Vec<Evictable<'_>> = volumes
            .iter()
            .zip(&pinned)
            .map(|(volume, is_pinned)| Evictable {
                voxels: &volume.voxels,
                is_pinned,
            })
            .collect();
        make_room(&self.budget, n_bytes, &evictable)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn look(&mut self, looks: Vec<Look>) {
        let before = std::mem::take(&mut self.looks);
        self.looks = looks
            .into_iter()
            .map(|look| {
                let last = before.iter().find(|(old, _)| old.key == look.key);
                let direction = match last {
                    Some((old, _)) if old.slice_idx < look.slice_idx => Some(Direction::Up),
                    Some((old, _)) if look.slice_idx < old.slice_idx => Some(Direction::Down),
                    Some((_, direction)) => *direction,
                    None => None,
                };
                (look, direction)
            })
            .collect();
        self.is_full = false;
        for (look, _) in &self.looks {
            // What comes on the screen again may have been let go since its last sweep.
            let is_new = before.iter().all(|(old, _)| old.key != look.key);
            let entry = self.entries.iter_mut().find(|e| e.key == look.key);
            if let Some(entry) = entry.filter(|e| is_new || e.sweep.centre != look.slice_idx) {
                entry.sweep = Sweep::about(look.slice_idx);
            }
        }
    }

    /// Are as many slices in hand as the drawing of the first picture leaves processors for?
    fn holds_back(&self) -> bool {
        let n_threads = series::n_reader_threads();
        self.holds_back_until.is_some_and(|until| {
            n_threads.saturating_sub(SCREEN_THREADS) <= self.in_hand.len() && Instant::now() < until
        })
    }

    fn is_wanted(&self, entry_idx: usize, slice_idx: usize) -> bool {
        let Some(entry) = self.entries.get(entry_idx) else {
            return false;
        };
        let exists = entry
            .plan
            .slices
            .get(slice_idx)
            .is_some_and(Option::is_some);
        exists
            && !self.in_hand.contains(&(entry_idx, slice_idx))
            && matches!(
                entry.volume.voxels.presence(slice_idx),
                Presence::Awaited | Presence::LetGo
            )
    }

    fn entry_of(&self, key: &VolumeKey) -> Option<usize> {
        self.entries.iter().position(|e| e.key == *key)
    }

    fn is_pinned(&self, budget: &VoxelBudget, entry_idx: usize, slice_idx: usize) -> bool {
        let most = self.n_ahead(budget, entry_idx);
        let shown = self.looks.iter().any(|(look, direction)| {
            let mut near = ahead_of(look.slice_idx, *direction).take(most);
            self.entry_of(&look.key) == Some(entry_idx)
                && (look.needs == Needs::Whole || near.any(|k| k == Some(slice_idx)))
        });
        shown || self.asked.contains(&(entry_idx, slice_idx))
    }

    /// Slices about the one on the screen that are fetched and kept: a share of the budget for each view.
    fn n_ahead(&self, budget: &VoxelBudget, entry_idx: usize) -> usize {
        let slice_bytes = self.slice_bytes(entry_idx).max(1);
        let most = (budget.limit_bytes() / AHEAD_SHARE / slice_bytes).max(2);
        usize::try_from(most).unwrap_or(usize::MAX)
    }

    fn slice_bytes(&self, entry_idx: usize) -> u64 {
        let entry = self.entries.get(entry_idx);
        entry.map_or(0, |e| e.plan.shown_slice_bytes())
    }

    /// Bytes of the slices that are being decoded.
    fn bytes_in_hand(&self) -> u64 {
        let bytes = self
            .in_hand
            .iter()
            .map(|(entry_idx, _)| self.slice_bytes(*entry_idx));
        bytes.fold(0, u64::saturating_add)
    }

    /// What is wanted most and not in anybody's hands.
    fn next(&mut self, budget: &VoxelBudget) -> Option<Errand> {
        let looks: Vec<(usize, usize, Needs, Option<Direction>)> = self
            .looks
            .iter()
            .filter_map(|(look, direction)| {
                Some((
                    self.entry_of(&look.key)?,
                    look.slice_idx,
                    look.needs,
                    *direction,
                ))
            })
            .collect();
        for (entry_idx, slice_idx, ..) in &looks {
            if self.is_wanted(*entry_idx, *slice_idx) {
                return self.errand(*entry_idx, *slice_idx, Urgency::Shown);
            }
        }
        while let Some((entry_idx, slice_idx)) = self.asked.front().copied() {
            if self.is_wanted(entry_idx, slice_idx) {
                return self.errand(entry_idx, slice_idx, Urgency::Shown);
            }
            if self.in_hand.contains(&(entry_idx, slice_idx)) {
                break;
            }
            self.asked.pop_front();
        }
        if !self.is_full {
            for (entry_idx, slice_idx, needs, direction) in &looks {
                if let Some(slice_idx) =
                    self.next_ahead(budget, *entry_idx, (*slice_idx, *needs, *direction))
                {
                    // Planes show all of a volume, which was found to fit when it was opened.
                    let urgency = match needs {
                        Needs::Whole => Urgency::InPlane,
                        Needs::Slices => Urgency::Ahead,
                    };
                    return self.errand(*entry_idx, slice_idx, urgency);
                }
            }
        }
        if self.only_looks || self.had_to_evict {
            return None;
        }
        let looked_at: Vec<usize> = looks.iter().map(|(entry_idx, ..)| *entry_idx).collect();
        let all = 0..self.entries.len();
        self.spare(budget, &looked_at)
            .or_else(|| self.spare_middle(budget))
            .or_else(|| self.spare(budget, &all.collect::<Vec<_>>()))
    }

    /// Does one more slice of a volume fit beside those in hand?
    fn has_room(&self, budget: &VoxelBudget, entry_idx: usize) -> bool {
        let n_bytes = self.slice_bytes(entry_idx);
        budget.fits(n_bytes.saturating_add(self.bytes_in_hand()))
    }

    fn spare(&mut self, budget: &VoxelBudget, entries: &[usize]) -> Option<Errand> {
        entries.iter().find_map(|entry_idx| {
            let has_room = self.has_room(budget, *entry_idx);
            let slice_idx = has_room.then(|| self.next_of_sweep(*entry_idx))??;
            self.errand(*entry_idx, slice_idx, Urgency::Spare)
        })
    }

    /// The middle slice of each volume, for its thumbnail.
    fn spare_middle(&self, budget: &VoxelBudget) -> Option<Errand> {
        (0..self.entries.len()).find_map(|entry_idx| {
            let middle = self.entries.get(entry_idx)?.volume.n_slices() / 2;
            let is_next = self.is_wanted(entry_idx, middle) && self.has_room(budget, entry_idx);
            is_next.then(|| self.errand(entry_idx, middle, Urgency::Spare))?
        })
    }

    /// Of a volume needed whole everything, of others what comes under the hand next.
    fn next_ahead(
        &mut self,
        budget: &VoxelBudget,
        entry_idx: usize,
        (slice_idx, needs, direction): (usize, Needs, Option<Direction>),
    ) -> Option<usize> {
        let near = ahead_of(slice_idx, direction)
            .take(self.n_ahead(budget, entry_idx))
            .flatten()
            .find(|k| self.is_wanted(entry_idx, *k));
        match needs {
            Needs::Slices => near.filter(|_| direction.is_some()),
            Needs::Whole => near
                .filter(|_| direction.is_some())
                .or_else(|| self.next_of_sweep(entry_idx)),
        }
    }

    fn next_of_sweep(&mut self, entry_idx: usize) -> Option<usize> {
        let mut sweep = self.entries.get(entry_idx)?.sweep.clone();
        let n = self.entries.get(entry_idx)?.volume.n_slices();
        let next = sweep.next(n, |k| self.is_wanted(entry_idx, k));
        if let Some(entry) = self.entries.get_mut(entry_idx) {
            entry.sweep = sweep;
        }
        next
    }

    fn errand(&self, entry_idx: usize, slice_idx: usize, urgency: Urgency) -> Option<Errand> {
        let entry = self.entries.get(entry_idx)?;
        Some(Errand {
            key: entry.key.clone(),
            plan: entry.plan.clone(),
            volume: entry.volume.clone(),
            slice_idx,
            entry_idx,
            urgency,
        })
    }
}

/// The slice itself, those ahead, then those behind; `None` where the count leads below the first. Without a direction both
/// sides are as near.
fn ahead_of(slice_idx: usize, direction: Option<Direction>) -> impl Iterator<Item = Option<usize>> {
    let (n_up, n_down) = match direction {
        Some(Direction::Up) => (AHEAD, BEHIND),
        Some(Direction::Down) => (BEHIND, AHEAD),
        None => (BEHIND, BEHIND),
    };
    let up = (1..=n_up).map(move |d| slice_idx.checked_add(d));
    let down = (1..=n_down).map(move |d| slice_idx.checked_sub(d));
    type Side = Box<dyn Iterator<Item = Option<usize>>>;
    let (first, second): (Side, Side) = match direction {
        Some(Direction::Down) => (Box::new(down), Box::new(up)),
        Some(Direction::Up) | None => (Box::new(up), Box::new(down)),
    };
    std::iter::once(Some(slice_idx)).chain(first).chain(second)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
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
}
