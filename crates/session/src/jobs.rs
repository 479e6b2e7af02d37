use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crossbeam_channel::{Receiver, Sender, unbounded};

use crate::JobSnapshot;

/// Names a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(pub u64);

/// Wakes whoever draws when something happened in the background.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// What a running job sees of itself.
#[derive(Clone)]
pub(crate) struct JobHandle {
    pub(crate) id: JobId,
    state: Arc<JobState>,
    waker: Waker,
}

#[derive(Default)]
struct JobState {
    cancelled: AtomicBool,
    done: AtomicU64,
    total: AtomicU64,
}

impl JobHandle {
    /// Was it asked to stop?
    pub(crate) fn cancelled(&self) -> bool {
        self.state.cancelled.load(Ordering::Relaxed)
    }

    /// Says how much is done, of how much in all.
    pub(crate) fn progress(&self, done: u64, total: u64) {
        self.state.done.store(done, Ordering::Relaxed);
        self.state.total.store(total, Ordering::Relaxed);
        (self.waker)();
    }

    /// One more is done.
    pub(crate) fn step(&self) {
        self.state.done.fetch_add(1, Ordering::Relaxed);
        (self.waker)();
    }
}

struct Running {
    title_key: &'static str,
    state: Arc<JobState>,
    can_cancel: bool,
}

/// The running jobs and the channel of their results. Results are few and bounded by the jobs; progress is an atomic.
pub(crate) struct Jobs<R> {
    next: u64,
    running: BTreeMap<JobId, Running>,
    sender: Sender<(JobId, R)>,
    receiver: Receiver<(JobId, R)>,
    waker: Waker,
    /// What a job that panicked is taken to have said.
    of_panic: fn() -> R,
}

impl<R: Send + 'static> Jobs<R> {
    pub(crate) fn new(waker: Waker, of_panic: fn() -> R) -> Self {
        let (sender, receiver) = unbounded();
        Self {
            next: 1,
            running: BTreeMap::new(),
            sender,
            receiver,
            waker,
            of_panic,
        }
    }

    pub(crate) fn set_waker(&mut self, waker: Waker) {
        self.waker = waker;
    }

    /// Starts work on a thread of its own; its results come out of [`Self::results`].
    pub(crate) fn spawn(
        &mut self,
        title_key: &'static str,
        can_cancel: bool,
        work: impl FnOnce(&JobHandle, &dyn Fn(R)) -> R + Send + 'static,
    ) -> JobId {
        let id = JobId(self.next);
        self.next += 1;
        let state = Arc::new(JobState::default());
        self.running.insert(
            id,
            Running {
                title_key,
                state: state.clone(),
                can_cancel,
            },
        );
        let handle = JobHandle {
            id,
            state,
            waker: self.waker.clone(),
        };
        let sender = self.sender.clone();
        let of_panic = self.of_panic;
        let work = move || {
            // A closed channel means that the session is gone: there is nobody left to tell.
            let send = |result| {
                let _ = sender.send((handle.id, result));
                (handle.waker)();
            };
            // A job that stops in the middle ends like any other, or the session would wait for it for ever.
            let last = catch_unwind(AssertUnwindSafe(|| work(&handle, &send)));
            send(last.unwrap_or_else(|_| of_panic()));
        };
        let spawned = std::thread::Builder::new()
            .name(title_key.into())
            .stack_size(16 << 20)
            .spawn(work);
        if spawned.is_err() {
            self.running.remove(&id);
        }
        id
    }

    pub(crate) fn cancel(&mut self, id: JobId) {
        if let Some(job) = self.running.get(&id) {
            job.state.cancelled.store(true, Ordering::Relaxed);
        }
    }

    /// Is this a running job of that title?
    pub(crate) fn is_of(&self, id: JobId, title_key: &str) -> bool {
        self.running
            .get(&id)
            .is_some_and(|job| job.title_key == title_key)
    }

    /// Does a job of that title run?
    pub(crate) fn runs(&self, title_key: &str) -> bool {
        self.running.values().any(|job| job.title_key == title_key)
    }

    pub(crate) fn cancel_all(&mut self) {
        for job in self.running.values() {
            job.state.cancelled.store(true, Ordering::Relaxed);
        }
    }

    /// A job that sent its last result is over.
    pub(crate) fn finish(&mut self, id: JobId) {
        self.running.remove(&id);
    }

    pub(crate) fn try_next(&self) -> Option<(JobId, R)> {
        self.receiver.try_recv().ok()
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.running.is_empty() && self.receiver.is_empty()
    }

    pub(crate) fn snapshot(&self) -> Vec<JobSnapshot> {
        self.running
            .iter()
            .map(|(id, job)| {
                let total = job.state.total.load(Ordering::Relaxed);
                let done = job.state.done.load(Ordering::Relaxed).min(total);
                JobSnapshot {
                    id: *id,
                    title_key: job.title_key,
                    progress: (0 < total).then_some([done, total]),
                    can_cancel: job.can_cancel,
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_job_that_panics_ends_and_says_so() {
        let mut jobs: Jobs<&str> = Jobs::new(Arc::new(|| {}), || "panicked");
        let id = jobs.spawn("job.decode", true, |_, _| panic!("on purpose"));
        let begin = std::time::Instant::now();
        let ended = loop {
            if let Some(ended) = jobs.try_next() {
                break ended;
            }
            assert!(begin.elapsed().as_secs() < 10);
            std::thread::yield_now();
        };
        assert_eq!(ended, (id, "panicked"));
        jobs.finish(id);
        assert!(jobs.is_idle());
    }
}
