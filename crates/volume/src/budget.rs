use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Voxels;

/// How many bytes of voxels may be in memory at once, and how many are.
///
/// Every slice that is kept is charged here, until its last reader has let it go. The budget refuses nothing by itself:
/// whoever decodes asks [`Self::fits`] first and calls [`make_room`] where it does not.
#[derive(Debug)]
pub struct VoxelBudget {
    limit_bytes: AtomicU64,
    used_bytes: AtomicU64,
    /// Grows with every slice that comes; slices remember when they were last read.
    clock: AtomicU64,
}

impl VoxelBudget {
    /// A budget of so many bytes.
    pub fn new(limit_bytes: u64) -> Arc<Self> {
        Arc::new(Self {
            limit_bytes: AtomicU64::new(limit_bytes),
            used_bytes: AtomicU64::new(0),
            clock: AtomicU64::new(1),
        })
    }

    /// A budget without a limit, for callers that keep everything they decode.
    pub fn unlimited() -> Arc<Self> {
        Self::new(u64::MAX)
    }

    /// Bytes that may be in memory.
    pub fn limit_bytes(&self) -> u64 {
        self.limit_bytes.load(Ordering::Relaxed)
    }

    /// Sets the limit; what is above it stays until room is made.
    pub fn set_limit_bytes(&self, limit_bytes: u64) {
        self.limit_bytes.store(limit_bytes, Ordering::Relaxed);
    }

    /// Bytes of voxels that are in memory.
    pub fn used_bytes(&self) -> u64 {
        self.used_bytes.load(Ordering::Relaxed)
    }

    /// Would so many bytes more stay within the limit?
    pub fn fits(&self, n_bytes: u64) -> bool {
        self.used_bytes().saturating_add(n_bytes) <= self.limit_bytes()
    }

    pub(crate) fn now(&self) -> u64 {
        self.clock.load(Ordering::Relaxed)
    }

    pub(crate) fn charge(self: &Arc<Self>, n_bytes: u64) -> Charge {
        self.used_bytes.fetch_add(n_bytes, Ordering::Relaxed);
        self.clock.fetch_add(1, Ordering::Relaxed);
        Charge {
            budget: Arc::clone(self),
            n_bytes,
        }
    }
}

/// Bytes that count against a budget until this is dropped.
#[derive(Debug)]
pub(crate) struct Charge {
    budget: Arc<VoxelBudget>,
    n_bytes: u64,
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.budget
            .used_bytes
            .fetch_sub(self.n_bytes, Ordering::Relaxed);
    }
}

/// A volume whose slices may be let go, and those that may not.
pub struct Evictable<'a> {
    /// The voxels.
    pub voxels: &'a Voxels,
    /// Must this slice stay, because it is on the screen?
    pub is_pinned: &'a dyn Fn(usize) -> bool,
}

/// Lets go of the slices that were read longest ago, until `n_bytes` more fit the budget; `false` when the pinned ones
/// leave no room.
///
/// Once it has to begin it frees a sixteenth of the budget, at most 64 MiB, so that not every new slice looks for an old
/// one and none waits for long.
pub fn make_room(budget: &VoxelBudget, n_bytes: u64, volumes: &[Evictable<'_>]) -> bool {
    if budget.fits(n_bytes) {
        return true;
    }
    let wanted_bytes = n_bytes.saturating_add((budget.limit_bytes() / 16).min(64 << 20));
    let mut old: Vec<(u64, usize, usize)> = Vec::new();
    for (volume_idx, volume) in volumes.iter().enumerate() {
        let slices = (0..volume.voxels.n_slices()).filter(|k| !(volume.is_pinned)(*k));
        old.extend(slices.filter_map(|k| Some((volume.voxels.last_used(k)?, volume_idx, k))));
    }
    old.sort_unstable();
    for (_, volume_idx, slice_idx) in old {
        if budget.fits(wanted_bytes) {
            break;
        }
        // It may have come on the screen since it was looked at above.
        if let Some(volume) = volumes.get(volume_idx)
            && !(volume.is_pinned)(slice_idx)
        {
            volume.voxels.let_go(slice_idx);
        }
    }
    budget.fits(n_bytes)
}
