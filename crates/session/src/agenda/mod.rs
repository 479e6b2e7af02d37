//! Which slice is decoded next: what the reader looks at first, then what comes next under the hand, then the rest.

mod state;
mod sweep;
#[cfg(test)]
mod tests;

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use series::{VolumePlan, Warning};
use volume::{Evictable, Volume, VoxelBudget, make_room};

use crate::VolumeKey;
use state::{Entry, State};
use sweep::Sweep;

/// Slices that other parts may wait for at one time; the oldest wish goes first.
const MAX_ASKED: usize = 64;
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
