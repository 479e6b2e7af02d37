//! The overlays of a file (PS3.3 C.9.2) over its pictures: read when asked for, and never before the reveal.

use std::collections::BTreeMap;
use std::sync::Arc;

use case::Case;
use series::SliceOverlays;
use volume::Overlay;

use crate::library::Shelved;
use crate::results::JobResult;
use crate::{Session, SessionError, ViewIdx, ViewKind, VolumeKey};

/// The title of the job that reads overlays.
const TITLE_KEY: &str = "job.graphics";
/// Slices whose overlays are kept; beyond that those least recently read go.
const MAX_KEPT: usize = 64;

/// Are the overlays of the files drawn?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Graphics {
    /// No: they may be a first reader's marks, and they hide what they lie over.
    #[default]
    Hidden,
    /// Yes, over the slices that have any.
    Shown,
}

/// What is known of the overlays of one slice.
#[derive(Clone)]
enum OfSlice {
    Reading,
    /// Those that are in the file, and why others are not.
    Read(Arc<[Overlay]>, Option<String>),
    Unreadable(String),
}

/// The overlays that were read.
#[derive(Default)]
pub(crate) struct GraphicsShelf {
    pub(crate) shown: Graphics,
    of: BTreeMap<(VolumeKey, usize), (u64, OfSlice)>,
    n_asked: u64,
}

impl GraphicsShelf {
    fn begin(&mut self, key: VolumeKey, slice_idx: usize) {
        while MAX_KEPT <= self.of.len() {
            let oldest = self.of.iter().min_by_key(|(_, (asked, _))| *asked);
            let Some(oldest) = oldest.map(|(place, _)| place.clone()) else {
                break;
            };
            self.of.remove(&oldest);
        }
        self.n_asked += 1;
        self.of
            .insert((key, slice_idx), (self.n_asked, OfSlice::Reading));
    }

    fn knows(&self, key: &VolumeKey, slice_idx: usize) -> bool {
        self.of.contains_key(&(key.clone(), slice_idx))
    }

    /// The overlays over a slice; empty while they are read, and where there are none.
    pub(crate) fn over(&self, key: &VolumeKey, slice_idx: usize) -> Arc<[Overlay]> {
        match self.of.get(&(key.clone(), slice_idx)) {
            Some((_, OfSlice::Read(overlays, _))) => Arc::clone(overlays),
            _ => Arc::default(),
        }
    }

    /// Why a slice has no overlays on it though it should.
    pub(crate) fn problem(&self, key: &VolumeKey, slice_idx: usize) -> Option<&str> {
        match self.of.get(&(key.clone(), slice_idx)) {
            Some((_, OfSlice::Unreadable(text) | OfSlice::Read(_, Some(text)))) => Some(text),
            _ => None,
        }
    }
}

impl Session {
    /// Turns the overlays on or off.
    ///
    /// # Errors
    /// While the case is blinded: they may be what the first reader drew.
    pub(crate) fn toggle_graphics(&mut self) -> Result<(), SessionError> {
        self.library.graphics.shown = match self.library.graphics.shown {
            Graphics::Shown => Graphics::Hidden,
            Graphics::Hidden if self.graphics_are_closed() => {
                let text = "overlays in the files may be marks of the first reader; seal your read and reveal to see them";
                return Err(SessionError::Usage(text.into()));
            }
            Graphics::Hidden => Graphics::Shown,
        };
        Ok(())
    }

    /// May overlays hold what the case still hides?
    pub(crate) fn graphics_are_closed(&self) -> bool {
        self.case().is_none_or(Case::is_blinded)
    }

    /// Reads what the views on the screen need.
    pub(crate) fn follow_graphics(&mut self) {
        if self.library.graphics.shown == Graphics::Hidden || self.graphics_are_closed() {
            return;
        }
        for idx in (0..self.room.views.len()).map(ViewIdx) {
            let Some((key, slice_idx)) = self.slice_with_graphics(idx) else {
                continue;
            };
            let Some(plan) = self.library.get(&key).map(|s| Arc::clone(&s.plan)) else {
                continue;
            };
            self.library.graphics.begin(key.clone(), slice_idx);
            self.jobs.spawn(TITLE_KEY, false, move |_, _| {
                let read = series::read_overlays(&plan, slice_idx);
                JobResult::Graphics {
                    key,
                    slice_idx,
                    read: read.map_err(|warning| warning.text),
                }
            });
        }
    }

    /// The slice of a stack whose overlays are not read yet.
    fn slice_with_graphics(&self, idx: ViewIdx) -> Option<(VolumeKey, usize)> {
        let view = self.room.view(idx).filter(|v| v.kind == ViewKind::Stack)?;
        let key = view.volume.clone()?;
        let shelved: &Shelved = self.library.get(&key)?;
        let has_any = !shelved.plan.overlay_heads(view.slice_idx).is_empty();
        (has_any && !self.library.graphics.knows(&key, view.slice_idx))
            .then_some((key, view.slice_idx))
    }

    /// Takes in what a job read.
    pub(crate) fn graphics_read(
        &mut self,
        key: VolumeKey,
        slice_idx: usize,
        read: Result<SliceOverlays, String>,
    ) {
        let place = (key, slice_idx);
        if let Some((_, of_slice)) = self.library.graphics.of.get_mut(&place) {
            *of_slice = match read {
                Ok(read) => {
                    let lost = read.notes.into_iter().map(|note| note.text);
                    let lost = lost.reduce(|all, one| format!("{all} {one}"));
                    OfSlice::Read(read.overlays.into(), lost)
                }
                Err(text) => OfSlice::Unreadable(text),
            };
        }
    }
}
