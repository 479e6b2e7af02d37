use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use series::{VolumePlan, Warning};
use volume::{Presence, Volume, VoxelBudget};

use super::sweep::Sweep;
use super::{Direction, Errand, Look, Needs, Urgency};
use crate::VolumeKey;

/// Slices that are fetched ahead of a reader who scrolls, and those kept behind for one who turns.
const AHEAD: usize = 24;
const BEHIND: usize = 6;
/// Share of the budget that what is fetched ahead for one view may take.
const AHEAD_SHARE: u64 = 4;
/// Processors that the first picture needs: one for the interface, one for the graphics driver.
pub(super) const SCREEN_THREADS: usize = 2;

/// What is to be decoded, who looks where, and what is in hand.
pub(super) struct State {
    pub(super) entries: Vec<Entry>,
    pub(super) looks: Vec<(Look, Option<Direction>)>,
    pub(super) asked: VecDeque<(usize, usize)>,
    pub(super) in_hand: HashSet<(usize, usize)>,
    pub(super) told: Vec<(VolumeKey, Warning)>,
    pub(super) has_runner: bool,
    /// Nothing pinned could be let go for what comes ahead: wait until the reader looks elsewhere.
    pub(super) is_full: bool,
    /// Slices had to go: from then on nothing is decoded that nobody waits for, or it would push out what somebody does.
    pub(super) had_to_evict: bool,
    /// The reader ended the work; only what is looked at is decoded from then on.
    pub(super) only_looks: bool,
    /// Until then two processors are left to whoever draws the first picture.
    pub(super) holds_back_until: Option<Instant>,
}

pub(super) struct Entry {
    pub(super) key: VolumeKey,
    pub(super) plan: Arc<VolumePlan>,
    pub(super) volume: Arc<Volume>,
    pub(super) sweep: Sweep,
}

impl State {
    pub(super) fn look(&mut self, looks: Vec<Look>) {
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
    pub(super) fn holds_back(&self) -> bool {
        let n_threads = series::n_reader_threads();
        self.holds_back_until.is_some_and(|until| {
            n_threads.saturating_sub(SCREEN_THREADS) <= self.in_hand.len() && Instant::now() < until
        })
    }

    pub(super) fn is_wanted(&self, entry_idx: usize, slice_idx: usize) -> bool {
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

    pub(super) fn entry_of(&self, key: &VolumeKey) -> Option<usize> {
        self.entries.iter().position(|e| e.key == *key)
    }

    pub(super) fn is_pinned(
        &self,
        budget: &VoxelBudget,
        entry_idx: usize,
        slice_idx: usize,
    ) -> bool {
        let most = self.n_ahead(budget, entry_idx);
        let shown = self.looks.iter().any(|(look, direction)| {
            let mut near = ahead_of(look.slice_idx, *direction).take(most);
            self.entry_of(&look.key) == Some(entry_idx)
                && (look.needs == Needs::Whole || near.any(|k| k == Some(slice_idx)))
        });
        shown || self.asked.contains(&(entry_idx, slice_idx))
    }

    /// Slices about the one on the screen that are fetched and kept: a share of the budget for each view.
    pub(super) fn n_ahead(&self, budget: &VoxelBudget, entry_idx: usize) -> usize {
        let slice_bytes = self.slice_bytes(entry_idx).max(1);
        let most = (budget.limit_bytes() / AHEAD_SHARE / slice_bytes).max(2);
        usize::try_from(most).unwrap_or(usize::MAX)
    }

    pub(super) fn slice_bytes(&self, entry_idx: usize) -> u64 {
        let entry = self.entries.get(entry_idx);
        entry.map_or(0, |e| e.plan.shown_slice_bytes())
    }

    /// Bytes of the slices that are being decoded.
    pub(super) fn bytes_in_hand(&self) -> u64 {
        let bytes = self
            .in_hand
            .iter()
            .map(|(entry_idx, _)| self.slice_bytes(*entry_idx));
        bytes.fold(0, u64::saturating_add)
    }

    /// What is wanted most and not in anybody's hands.
    pub(super) fn next(&mut self, budget: &VoxelBudget) -> Option<Errand> {
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
    pub(super) fn has_room(&self, budget: &VoxelBudget, entry_idx: usize) -> bool {
        let n_bytes = self.slice_bytes(entry_idx);
        budget.fits(n_bytes.saturating_add(self.bytes_in_hand()))
    }

    pub(super) fn spare(&mut self, budget: &VoxelBudget, entries: &[usize]) -> Option<Errand> {
        entries.iter().find_map(|entry_idx| {
            let has_room = self.has_room(budget, *entry_idx);
            let slice_idx = has_room.then(|| self.next_of_sweep(*entry_idx))??;
            self.errand(*entry_idx, slice_idx, Urgency::Spare)
        })
    }

    /// The middle slice of each volume, for its thumbnail.
    pub(super) fn spare_middle(&self, budget: &VoxelBudget) -> Option<Errand> {
        (0..self.entries.len()).find_map(|entry_idx| {
            let middle = self.entries.get(entry_idx)?.volume.n_slices() / 2;
            let is_next = self.is_wanted(entry_idx, middle) && self.has_room(budget, entry_idx);
            is_next.then(|| self.errand(entry_idx, middle, Urgency::Spare))?
        })
    }

    /// Of a volume needed whole everything, of others what comes under the hand next.
    pub(super) fn next_ahead(
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

    pub(super) fn next_of_sweep(&mut self, entry_idx: usize) -> Option<usize> {
        let mut sweep = self.entries.get(entry_idx)?.sweep.clone();
        let n = self.entries.get(entry_idx)?.volume.n_slices();
        let next = sweep.next(n, |k| self.is_wanted(entry_idx, k));
        if let Some(entry) = self.entries.get_mut(entry_idx) {
            entry.sweep = sweep;
        }
        next
    }

    pub(super) fn errand(
        &self,
        entry_idx: usize,
        slice_idx: usize,
        urgency: Urgency,
    ) -> Option<Errand> {
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
