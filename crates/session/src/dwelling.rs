//! What was on the screen for how long: it counts as seen, and goes on record now and then.

use space::ViewPlane;
use volume::Volume;

use crate::coverage::lane_of;
use crate::room::{Room, step_mm};
use crate::seen_layers::Look;
use crate::{
    InputSeen, PicturesAre, Screen, Seen, Session, SessionError, View, ViewIdx, ViewKind,
    VolumeKey, may_reslice,
};

/// Coverage goes on record at the latest after so much active reading.
const COVERAGE_EVERY_MS: u64 = 30_000;

impl Session {
    /// Time passed: dwell of what is on screen, cine, and now and then the record.
    pub(crate) fn tick(
        &mut self,
        elapsed_ms: u64,
        input: InputSeen,
        pictures: PicturesAre,
    ) -> Result<(), SessionError> {
        self.tick_path(elapsed_ms, input, pictures);
        self.tick_replay(elapsed_ms);
        // What is shown again was seen by somebody else, or at another time.
        if self.screen != Screen::Reading || self.replay.is_some() {
            return Ok(());
        }
        let elapsed_ms = elapsed_ms.min(1000);
        let is_reading = self.coverage.tick(elapsed_ms, input == InputSeen::Yes);
        if is_reading && pictures != PicturesAre::Covered {
            for i in 0..self.room.views.len() {
                if self.room.is_on_screen(ViewIdx(i)) {
                    self.dwell(ViewIdx(i), elapsed_ms);
                }
            }
        }
        self.run_cine(elapsed_ms);
        let recorded_ms = self.case().map_or(0, |c| c.read().coverage.active_ms);
        if self.coverage_dirty && recorded_ms + COVERAGE_EVERY_MS <= self.coverage.active_ms() {
            self.put_coverage_on_record()?;
        }
        Ok(())
    }

    fn dwell(&mut self, idx: ViewIdx, elapsed_ms: u64) {
        let Some((view, shown)) = self.room.shown(idx, &self.library) else {
            return;
        };
        let Some(key) = &view.volume else { return };
        let presentation = Room::presentation(&view, &shown.volume);
        let lane = lane_of(&shown.modality, Some(&presentation));
        let name = key.coverage_name();
        let zoom = pixels_per_image_pixel(&view, &shown.volume);
        let slice_idx = self.slice_of(&view, &shown.volume);
        let is_here = |slice_idx: &usize| shown.volume.voxels.is_filled(*slice_idx);
        if let Some(slice_idx) = slice_idx.filter(is_here) {
            let slice = [slice_idx, shown.volume.n_slices()];
            self.coverage.dwell(&name, lane, slice, elapsed_ms, zoom);
            self.coverage_dirty = true;
        }
        if let Some(look) = self.look_of(&view, &shown.volume) {
            let volume = (name.as_str(), &shown.volume.grid);
            self.coverage
                .dwell_in_plane(volume, lane, &look, elapsed_ms, zoom);
            self.coverage_dirty = true;
        }
    }

    /// The plane or slab that a view shows of a volume that planes are cut through; `None` for projections, and where what
    /// it shows is still on its way: what is not there was not seen.
    fn look_of(&self, view: &View, volume: &Volume) -> Option<Look> {
        let is_here = match view.kind {
            ViewKind::Stack if view.slab.is_none() => volume.voxels.is_filled(view.slice_idx),
            _ => volume.n_slices() <= volume.voxels.n_filled(),
        };
        if view.kind.is_projection() || !is_here || !may_reslice(volume) {
            return None;
        }
        let plane = view.plane(volume, self.room.cursor_in(volume));
        let step_mm = step_mm(volume, &plane.frame);
        let slab_mm = view.slab(volume).map_or(0.0, |slab| slab.thickness_mm);
        Some(Look {
            plane,
            half_thickness_mm: slab_mm.max(step_mm) / 2.0,
        })
    }

    pub(crate) fn step_unseen(&mut self, by: i32) {
        let idx = self.room.active;
        let Some((view, shown)) = self.room.shown(idx, &self.library) else {
            return;
        };
        let Some(key) = view.volume.clone() else {
            return;
        };
        let presentation = Room::presentation(&view, &shown.volume);
        let lane = lane_of(&shown.modality, Some(&presentation));
        // A stack is gone through slice by slice, as its strip shows them.
        let look = self.look_of(&view, &shown.volume);
        let found = match look.filter(|_| view.kind != ViewKind::Stack) {
            Some(look) => self.step_to_unseen_plane((idx, by), &shown.volume, (&key, lane), &look),
            None => self.step_to_unseen_slice((idx, by), &shown.volume, (&key, lane)),
        };
        if !found {
            self.notify(
                crate::NoticeKind::Info,
                "all_seen",
                "Every slice of this series has been viewed in this window.",
                "",
            );
        }
    }

    fn step_to_unseen_slice(
        &mut self,
        (idx, by): (ViewIdx, i32),
        volume: &Volume,
        (key, lane): (&VolumeKey, &'static str),
    ) -> bool {
        let Some(view) = self.room.view(idx).cloned() else {
            return false;
        };
        let n = volume.n_slices() as i64;
        let name = key.coverage_name();
        let at = self.slice_of(&view, volume).unwrap_or(0) as i64;
        let next = (1..=n)
            .map(|d| (at + i64::from(by) * d).rem_euclid(n.max(1)) as usize)
            .find(|k| {
                // What is not in memory comes when it is looked at.
                !self.library.get(key).is_none_or(|s| s.is_hole(*k))
                    && self.coverage.seen(&name, lane, *k) != Seen::Yes
            });
        if let Some(slice_idx) = next {
            self.go_to_volume_slice(idx, volume, slice_idx);
        }
        next.is_some()
    }

    /// The next plane of the same direction that would show, where it is looked at now, something not yet seen.
    fn step_to_unseen_plane(
        &mut self,
        (idx, by): (ViewIdx, i32),
        whole: &Volume,
        (key, lane): (&VolumeKey, &'static str),
        now: &Look,
    ) -> bool {
        let Some([at, n]) = self.room.plane_index(idx, &self.library) else {
            return false;
        };
        let name = key.coverage_name();
        let step = now.plane.frame.away * step_mm(whole, &now.plane.frame);
        let (at, n) = (at as i64, n as i64);
        for d in 1..=n {
            let to = (at + i64::from(by) * d).rem_euclid(n.max(1));
            let plane = ViewPlane {
                centre: now.plane.centre + step * (to - at) as f64,
                ..now.plane
            };
            let look = Look { plane, ..*now };
            let volume = (name.as_str(), &whole.grid);
            match self.coverage.unseen_in_plane(volume, lane, &look) {
                Some([_, n_unseen]) if 0 < n_unseen => {
                    let to = usize::try_from(to).unwrap_or(0);
                    self.room.go_to_slice(idx, to, &self.library);
                    return true;
                }
                Some(_) => {}
                // Too large for layers: the slices are all that is known.
                None => return self.step_to_unseen_slice((idx, by), whole, (key, lane)),
            }
        }
        false
    }

    /// What was seen so far goes into the record of a read that is going on.
    pub(crate) fn put_coverage_on_record(&mut self) -> Result<(), SessionError> {
        self.keep_path();
        let reading = self.case().is_some_and(|c| {
            matches!(
                c.stage(),
                case::Stage::Reading | case::Stage::UnblindedEarly
            ) && c.reader() == Some(&self.actor)
                && !c.read().paused
        });
        if !reading || !self.coverage_dirty {
            return Ok(());
        }
        self.coverage_dirty = false;
        let coverage = self.coverage.record();
        self.record(case::Command::RecordCoverage { coverage })
    }
}

/// Screen pixels per image pixel: of the longer side of a pixel, so that no direction is shown coarser.
fn pixels_per_image_pixel(view: &View, volume: &Volume) -> f64 {
    let pixel_mm = volume.grid.spacing_mm();
    // The margin takes up rounding of what is shown one to one.
    pixel_mm[0].max(pixel_mm[1]) * 1.0001 / view.mm_per_pixel(volume)
}
