//! Which slice is decoded next: what the reader looks at first, then what comes next under the hand, then the rest.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
        let landmarks = [self.centre.min(last), 0, last / 2, last];
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
            let errand = {
                let mut state = self.lock();
                let errand = state.next(&self.budget)?;
                state.in_hand.insert((errand.entry_idx, errand.slice_idx));
                errand
            };
            let n_bytes = errand.plan.shown_slice_bytes();
            if self.budget.fits(n_bytes) || self.make_room(n_bytes) {
                return Some(errand);
            }
            match errand.urgency {
                Urgency::Shown => return Some(errand),
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
            .map(|entry_idx| move |slice_idx: usize| self.lock().is_pinned(entry_idx, slice_idx))
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
            let entry = self.entries.iter_mut().find(|e| e.key == look.key);
            if let Some(entry) = entry.filter(|e| e.sweep.centre != look.slice_idx) {
                entry.sweep = Sweep::about(look.slice_idx);
            }
        }
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

    fn is_pinned(&self, entry_idx: usize, slice_idx: usize) -> bool {
        let shown = self.looks.iter().any(|(look, direction)| {
            self.entry_of(&look.key) == Some(entry_idx)
                && (look.needs == Needs::Whole
                    || ahead_of(look.slice_idx, *direction).any(|k| k == Some(slice_idx)))
        });
        shown || self.asked.contains(&(entry_idx, slice_idx))
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
                    return self.errand(*entry_idx, slice_idx, Urgency::Ahead);
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
        let n_bytes = self
            .entries
            .get(entry_idx)
            .map_or(0, |e| e.plan.shown_slice_bytes());
        budget.fits(n_bytes.saturating_mul(self.in_hand.len() as u64 + 1))
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
        let slice_bytes = self.entries.get(entry_idx)?.plan.shown_slice_bytes().max(1);
        let most = (budget.limit_bytes() / AHEAD_SHARE / slice_bytes).max(2);
        let near = ahead_of(slice_idx, direction)
            .take(usize::try_from(most).unwrap_or(usize::MAX))
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
