//! Keeps the reader threads on what the reader looks at.

use std::sync::Arc;

use crate::agenda::{Agenda, Look, Needs, Runner};
use crate::jobs::JobHandle;
use crate::results::JobResult;
use crate::{NoticeKind, Screen, Session, View, ViewIdx, ViewKind, VolumeKey, may_reslice};

/// The title of the job that decodes.
pub(crate) const TITLE_KEY: &str = "job.decode";

impl Session {
    /// Tells the agenda where the reader looks, and starts the readers when there is something to do.
    pub(crate) fn follow_looks(&mut self) {
        let Some(agenda) = self.library.agenda.clone() else {
            return;
        };
        self.hold_no_more_than_fits();
        let looks = self.looks();
        if agenda.look(looks) == Runner::NotNeeded || !agenda.begin() {
            return;
        }
        let [done, all] = self.library.decoded();
        let running = Running::of(agenda);
        self.jobs.spawn(TITLE_KEY, true, move |job, _| {
            job.progress(done as u64, all as u64);
            decode(job, running)
        });
    }

    /// What the views on the screen show, the active one first.
    fn looks(&self) -> Vec<Look> {
        let mut looks = Vec::new();
        for idx in self.visible_views() {
            let Some((view, shown)) = self.room.shown(idx, &self.library) else {
                continue;
            };
            let Some(key) = view.volume.clone() else {
                continue;
            };
            let at = self.slice_of(&view, &shown.volume).or_else(|| {
                volume::nearest_slice(&shown.volume, self.room.cursor_in(&shown.volume))
            });
            looks.push(Look {
                key,
                slice_idx: at.unwrap_or(shown.volume.n_slices() / 2),
                needs: needs_of(&view, &shown.volume),
            });
        }
        looks
    }

    /// The views on the screen, the active one first.
    fn visible_views(&self) -> Vec<ViewIdx> {
        if self.screen == Screen::Worklist {
            return Vec::new();
        }
        let mut all: Vec<ViewIdx> = (0..self.room.views.len())
            .map(ViewIdx)
            .filter(|idx| self.room.is_on_screen(*idx))
            .collect();
        all.sort_by_key(|idx| *idx != self.room.active);
        all
    }

    /// Shows slice by slice what would be needed whole beside other volumes and does not fit with them.
    fn hold_no_more_than_fits(&mut self) {
        let mut whole: Vec<VolumeKey> = Vec::new();
        let mut sum_bytes = 0_u64;
        for idx in self.visible_views() {
            let Some((view, shown)) = self.room.shown(idx, &self.library) else {
                continue;
            };
            let Some(key) = view.volume.clone() else {
                continue;
            };
            if needs_of(&view, &shown.volume) == Needs::Slices || whole.contains(&key) {
                continue;
            }
            let needs_bytes = self.library.get(&key).map_or(0, |s| s.plan.voxel_bytes());
            if sum_bytes.saturating_add(needs_bytes) <= self.budget.limit_bytes() {
                sum_bytes += needs_bytes;
                whole.push(key);
                continue;
            }
            if let Some(view) = self.room.view_mut(idx) {
                view.kind = ViewKind::Stack;
                view.slab = None;
            }
            self.notify(
                NoticeKind::Warning,
                "memory",
                "There is not enough memory for planes through all volumes on the screen, so one is shown slice by slice.",
                "Show one volume at a time to see planes through it.",
            );
        }
    }
}

/// A stack needs its slices one by one; planes and slabs need all at once.
fn needs_of(view: &View, volume: &volume::Volume) -> Needs {
    let one_by_one = view.kind == ViewKind::Stack && view.slab.is_none();
    if one_by_one || !may_reslice(volume) {
        Needs::Slices
    } else {
        Needs::Whole
    }
}

/// Holds the agenda's one place for a runner, and gives it back whatever happens to the job.
struct Running {
    agenda: Arc<Agenda>,
    has_ended: bool,
}

impl Running {
    fn of(agenda: Arc<Agenda>) -> Self {
        Self {
            agenda,
            has_ended: false,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.has_ended {
            self.agenda.abandon();
        }
    }
}

/// Decodes until nothing is left that fits.
fn decode(job: &JobHandle, mut running: Running) -> JobResult {
    let agenda = running.agenda.clone();
    let work = || {
        while !job.cancelled() {
            let Some(errand) = agenda.take() else {
                return;
            };
            agenda.run(&errand);
            job.step();
        }
    };
    loop {
        series::on_reader_threads(&work);
        if job.cancelled() {
            return JobResult::Stopped;
        }
        if agenda.end() {
            running.has_ended = true;
            return JobResult::Decoded;
        }
    }
}
