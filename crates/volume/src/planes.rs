use std::ops::Deref;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use bytemuck::Pod;

use crate::budget::{Charge, VoxelBudget};

/// The slices of a volume in one element type; each slice is filled from any thread, and may be let go again.
///
/// A slice that is not here (not decoded, let go, or missing from the series) is a hole: samples in it are NaN. Whoever
/// reads a slice holds it by its [`Plane`], so that nothing is let go under a reader's hands.
#[derive(Debug)]
pub struct Planes<T> {
    slots: Vec<Slot<T>>,
    n_here: AtomicUsize,
    n_seen: AtomicUsize,
    budget: Arc<VoxelBudget>,
}

#[derive(Debug)]
struct Slot<T> {
    content: RwLock<Content<T>>,
    /// The budget's clock when it was read last.
    used: AtomicU64,
}

#[derive(Debug)]
enum Content<T> {
    Awaited,
    Here(Plane<T>),
    /// Was here; what comes instead must have this fingerprint.
    LetGo {
        fingerprint: u64,
    },
    Unreadable,
}

/// What is known of a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Not decoded yet.
    Awaited,
    /// In memory.
    Here,
    /// Was decoded and let go to make room; it can be decoded again.
    LetGo,
    /// It was tried and cannot be decoded, or there is no such slice.
    Unreadable,
}

/// The values of one slice, row-major, held until this is dropped. A clone holds the same memory.
#[derive(Debug)]
pub struct Plane<T>(Arc<Held<T>>);

#[derive(Debug)]
struct Held<T> {
    values: Box<[T]>,
    _charge: Charge,
}

impl<T> Clone for Plane<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Plane<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0.values
    }
}

/// Why a slice was not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotTaken {
    /// It is here already, or there is no such slice.
    NotFree,
    /// It was here before with other values.
    Changed,
}

impl<T: Pod> Planes<T> {
    /// Makes `n_slices` empty slices that are charged to a budget.
    pub fn within(n_slices: usize, budget: Arc<VoxelBudget>) -> Self {
        let slot = || Slot {
            content: RwLock::new(Content::Awaited),
            used: AtomicU64::new(0),
        };
        Self {
            slots: (0..n_slices).map(|_| slot()).collect(),
            n_here: AtomicUsize::new(0),
            n_seen: AtomicUsize::new(0),
            budget,
        }
    }

    /// Number of slices, holes included.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Has it no slice at all?
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Row-major values of a slice; `None` for a hole.
    pub fn slice(&self, slice_idx: usize) -> Option<Plane<T>> {
        let slot = self.slots.get(slice_idx)?;
        match &*slot.read() {
            Content::Here(plane) => {
                let now = self.budget.now();
                // Written only when it changes, so that many readers of one slice share the cache line.
                if slot.used.load(Ordering::Relaxed) != now {
                    slot.used.store(now, Ordering::Relaxed);
                }
                Some(plane.clone())
            }
            _ => None,
        }
    }

    /// All slices as they are now, held together; `None` for holes.
    pub fn all(&self) -> Vec<Option<Plane<T>>> {
        (0..self.len()).map(|k| self.slice(k)).collect()
    }

    /// What is known of a slice.
    pub fn presence(&self, slice_idx: usize) -> Presence {
        let Some(slot) = self.slots.get(slice_idx) else {
            return Presence::Unreadable;
        };
        match &*slot.read() {
            Content::Awaited => Presence::Awaited,
            Content::Here(_) => Presence::Here,
            Content::LetGo { .. } => Presence::LetGo,
            Content::Unreadable => Presence::Unreadable,
        }
    }

    /// Number of slices that are in memory.
    pub fn n_filled(&self) -> usize {
        self.n_here.load(Ordering::Acquire)
    }

    /// Number of slices that were decoded, also those that were let go since.
    pub fn n_decoded(&self) -> usize {
        self.n_seen.load(Ordering::Acquire)
    }

    pub(crate) fn fill(&self, slice_idx: usize, values: Box<[T]>) -> Result<(), NotTaken> {
        let slot = self.slots.get(slice_idx).ok_or(NotTaken::NotFree)?;
        let mut content = slot.write();
        match *content {
            Content::Here(_) => return Err(NotTaken::NotFree),
            Content::LetGo { fingerprint } if fingerprint != fingerprint_of(&values) => {
                *content = Content::Unreadable;
                self.n_seen.fetch_sub(1, Ordering::AcqRel);
                return Err(NotTaken::Changed);
            }
            Content::LetGo { .. } => {}
            Content::Awaited | Content::Unreadable => {
                self.n_seen.fetch_add(1, Ordering::AcqRel);
            }
        }
        let charge = self.budget.charge(size_of_val(&*values) as u64);
        slot.used.store(self.budget.now(), Ordering::Relaxed);
        let held = Held {
            values,
            _charge: charge,
        };
        *content = Content::Here(Plane(Arc::new(held)));
        self.n_here.fetch_add(1, Ordering::AcqRel);
        Ok(())
    }

    /// Notes that a slice cannot be decoded; one that is here stays.
    pub(crate) fn give_up(&self, slice_idx: usize) {
        if let Some(slot) = self.slots.get(slice_idx) {
            let mut content = slot.write();
            match *content {
                Content::Here(_) | Content::Unreadable => return,
                Content::LetGo { .. } => {
                    self.n_seen.fetch_sub(1, Ordering::AcqRel);
                }
                Content::Awaited => {}
            }
            *content = Content::Unreadable;
        }
    }

    /// Lets a slice go; its memory is free once nobody holds it. `false` when it was not here.
    pub(crate) fn let_go(&self, slice_idx: usize) -> bool {
        let Some(slot) = self.slots.get(slice_idx) else {
            return false;
        };
        let mut content = slot.write();
        let Content::Here(plane) = &*content else {
            return false;
        };
        *content = Content::LetGo {
            fingerprint: fingerprint_of(plane),
        };
        self.n_here.fetch_sub(1, Ordering::AcqRel);
        true
    }

    /// The budget's clock when a slice that is here was read last.
    pub(crate) fn last_used(&self, slice_idx: usize) -> Option<u64> {
        let slot = self.slots.get(slice_idx)?;
        let is_here = matches!(&*slot.read(), Content::Here(_));
        is_here.then(|| slot.used.load(Ordering::Relaxed))
    }
}

impl<T> Slot<T> {
    fn read(&self) -> RwLockReadGuard<'_, Content<T>> {
        self.content.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Content<T>> {
        self.content.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A number that two slices of different values share only by an accident of one in 2⁶⁴; no defence against intent.
///
/// Four lanes of multiply and rotate keep it near the speed of reading.
fn fingerprint_of<T: Pod>(values: &[T]) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let bytes: &[u8] = bytemuck::cast_slice(values);
    let (blocks, rest) = bytes.as_chunks::<32>();
    let mut lanes = [1_u64, 2, 3, 4];
    for block in blocks {
        let (words, _) = block.as_chunks::<8>();
        for (lane, word) in lanes.iter_mut().zip(words) {
            *lane = (*lane ^ u64::from_le_bytes(*word))
                .wrapping_mul(ODD)
                .rotate_left(29);
        }
    }
    let tail = rest.iter().map(|byte| u64::from(*byte));
    let ends = lanes.into_iter().chain(tail).chain([bytes.len() as u64]);
    ends.fold(0, |sum, part| {
        (sum ^ part).wrapping_mul(ODD).rotate_left(31)
    })
}
