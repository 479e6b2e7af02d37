//! Looks at the folders of the open study from time to time, on a thread of its own.
//!
//! Folders are asked again and again rather than the system for its notes of changes: those do not tell what another
//! machine writes to a network share, and they need a watch for every folder of a large tree.

use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use series::{Scan, ScanOptions};

use crate::arrivals::{Arrivals, FolderNews, Opened};
use crate::jobs::Waker;

/// Time between two looks at a folder that is quick to look at.
const EVERY: Duration = Duration::from_secs(2);
/// … and at one that is slow. What lies between takes one twentieth of the time at most.
const AT_MOST_EVERY: Duration = Duration::from_secs(60);
const SHARE_OF_TIME: u32 = 20;

/// The watch over the folders of the open study.
pub(crate) struct FolderWatch {
    shared: Arc<Shared>,
    is_running: bool,
}

struct Shared {
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Default)]
struct State {
    /// Grows with everything that is opened; a look that began before is forgotten.
    generation: u64,
    watched: Option<Watched>,
    news: FolderNews,
    has_news: bool,
    is_over: bool,
    waker: Option<Waker>,
}

struct Watched {
    arrivals: Arrivals,
    options: ScanOptions,
}

impl FolderWatch {
    pub(crate) fn new() -> Self {
        let shared = Shared {
            state: Mutex::default(),
            wake: Condvar::new(),
        };
        Self {
            shared: Arc::new(shared),
            is_running: false,
        }
    }

    pub(crate) fn set_waker(&self, waker: Waker) {
        self.shared.lock().waker = Some(waker);
    }

    /// Watches what was opened from now on, in the place of what was watched before.
    pub(crate) fn begin(&self, opened: Opened, options: ScanOptions) {
        let mut state = self.shared.lock();
        state.forget();
        state.watched = Some(Watched {
            arrivals: Arrivals::since(opened),
            options,
        });
        self.shared.wake.notify_all();
    }

    /// Watches nothing any more.
    pub(crate) fn stop(&self) {
        self.shared.lock().forget();
    }

    /// Looks from time to time from now on. Without this only [`Self::look`] does.
    pub(crate) fn run(&mut self) {
        if std::mem::replace(&mut self.is_running, true) {
            return;
        }
        let shared = Arc::clone(&self.shared);
        let thread = std::thread::Builder::new().name("folder watch".into());
        // Without a thread to spare the folders are not watched, as on the command line; everything else works.
        self.is_running = thread
            .stack_size(16 << 20)
            .spawn(move || shared.run())
            .is_ok();
    }

    /// Looks now, on this thread.
    pub(crate) fn look(&self) {
        self.shared.look();
    }

    /// What changed since this was last asked.
    pub(crate) fn take_news(&self) -> Option<FolderNews> {
        let mut state = self.shared.lock();
        std::mem::take(&mut state.has_news).then(|| state.news.clone())
    }
}

impl Drop for FolderWatch {
    fn drop(&mut self) {
        // The thread is not waited for: it may be asking a share that does not answer.
        let mut state = self.shared.lock();
        state.is_over = true;
        state.forget();
        self.shared.wake.notify_all();
    }
}

impl State {
    fn forget(&mut self) {
        self.generation += 1;
        self.watched = None;
        self.news = FolderNews::default();
        self.has_news = false;
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        let mut wait = EVERY;
        loop {
            let is_early = |state: &mut State| !state.is_over && state.watched.is_none();
            let asleep = self
                .wake
                .wait_while(self.lock(), is_early)
                .unwrap_or_else(PoisonError::into_inner);
            let generation = asleep.generation;
            let is_same = |state: &mut State| !state.is_over && state.generation == generation;
            let (state, waited) = self
                .wake
                .wait_timeout_while(asleep, wait, is_same)
                .unwrap_or_else(PoisonError::into_inner);
            let is_over = state.is_over;
            drop(state);
            if is_over {
                return;
            }
            if !waited.timed_out() {
                wait = EVERY;
                continue;
            }
            let begun = Instant::now();
            self.look();
            wait = next_wait(begun.elapsed());
        }
    }

    /// The folders are looked at without the lock, so that nobody waits for a slow share.
    fn look(&self) {
        let (generation, watched) = {
            let mut state = self.lock();
            (state.generation, state.watched.take())
        };
        let Some(mut watched) = watched else {
            return;
        };
        let is_old = || self.lock().generation != generation;
        let found = watched.arrivals.look(&is_old);
        let options = &watched.options;
        let read_headers = |paths: &[PathBuf]| read_headers(paths, options, &is_old);
        let news = watched.arrivals.take(&found, &read_headers);
        let mut state = self.lock();
        if state.generation != generation {
            return;
        }
        state.watched = Some(watched);
        if state.news == news {
            return;
        }
        state.news = news;
        state.has_news = true;
        let waker = state.waker.clone();
        drop(state);
        if let Some(wake) = waker {
            wake();
        }
    }
}

fn read_headers(
    paths: &[PathBuf],
    options: &ScanOptions,
    is_old: &(dyn Fn() -> bool + Sync),
) -> Scan {
    series::scan(paths, options, &|_| {}, is_old)
}

/// The slower a look, the longer the wait for the next.
fn next_wait(look_took: Duration) -> Duration {
    look_took
        .saturating_mul(SHARE_OF_TIME)
        .clamp(EVERY, AT_MOST_EVERY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_folders_are_looked_at_less_often() {
        for (took_ms, wait_ms) in [(0, 2000), (100, 2000), (500, 10_000), (9000, 60_000)] {
            let wait = next_wait(Duration::from_millis(took_ms));
            assert_eq!(wait, Duration::from_millis(wait_ms), "{took_ms}");
        }
    }
}
