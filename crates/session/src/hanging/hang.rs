//! Puts a protocol, or cells that the reader chose, on the screen.

use volume::{Placement, Presentation, Voi, Volume};

use super::{Hung, HungView, HungWindow, Scale};
use crate::links::Links;
use crate::room::{Room, Shelf, flip_horizontal};
use crate::{Arrangement, LayoutKind, SharedFit, View, ViewIdx, ViewKind, VolumeKey, may_reslice};

impl Room {
    /// Shows what a protocol found.
    pub(crate) fn hang(&mut self, hung: &Hung<'_>, shelf: &dyn Shelf) {
        let protocol = hung.protocol;
        self.layout = LayoutKind::Hung;
        self.arrangement = protocol.arrangement;
        self.hanging = protocol.name.clone();
        self.one_up = None;
        self.torn.clear();
        self.links = match &protocol.links {
            Some(links) => Links::only(links),
            None => Links::default(),
        };
        self.views = protocol
            .views
            .iter()
            .map(|view| View::empty(view.show.kind()))
            .collect();
        let first = hung.volumes.iter().position(Option::is_some);
        self.active = ViewIdx(first.unwrap_or(0));
        // The crosshair begins in the middle of what the first view shows, not where another study left it.
        self.cursor = None;
        for (i, (view, key)) in protocol.views.iter().zip(&hung.volumes).enumerate() {
            let Some(key) = key else { continue };
            self.put(ViewIdx(i), key, shelf);
            if view.own_window.is_some() {
                self.torn.insert(ViewIdx(i));
            }
            self.dress(ViewIdx(i), view, shelf);
        }
        self.share_fits(shelf);
    }

    /// Window, slab, side and scale of a view as its protocol asks.
    fn dress(&mut self, idx: ViewIdx, hung: &HungView, shelf: &dyn Shelf) {
        let Some((view, shown)) = self.shown(idx, shelf) else {
            return;
        };
        let volume = &shown.volume;
        let presentation = match &hung.window {
            Some(window) => presentation_of(window, volume),
            None => None,
        };
        let turned = hung
            .right_edge
            .and_then(|letter| mirrored(&view, volume, letter));
        if let Some(view) = self.view_mut(idx) {
            if let Some((preset, presentation)) = presentation {
                view.presentation = Some(presentation);
                view.preset = preset;
            }
            if let Some(slab) = hung.slab
                && may_reslice(volume)
            {
                view.slab = Some(slab.mode.into());
                view.slab_mm = slab.thickness_mm;
            }
            view.turned = turned.or(view.turned);
            view.align = hung.align;
            view.shared_fit = match hung.scale {
                Scale::Fit => None,
                Scale::Same => Some(SharedFit::Wanted),
            };
        }
    }

    /// Gives views that ask for one scale the smallest at which each shows its whole picture. Pictures without mm keep
    /// their own.
    pub(crate) fn share_fits(&mut self, shelf: &dyn Shelf) {
        let asks = |room: &Self, i: usize| {
            room.shown(ViewIdx(i), shelf).filter(|(view, shown)| {
                view.shared_fit.is_some()
                    && shown.volume.spacing_source != volume::SpacingSource::Unknown
            })
        };
        let fits = (0..self.views.len()).filter_map(|i| asks(self, i));
        let widest = fits
            .map(|(view, shown)| view.own_fit(&shown.volume))
            .fold(0.0, f64::max);
        for i in 0..self.views.len() {
            if asks(self, i).is_some()
                && let Some(view) = self.view_mut(ViewIdx(i))
            {
                view.shared_fit = Some(SharedFit::MmPerPixel(widest));
            }
        }
    }

    /// Changes the cells and keeps what they show; new ones take the next series of `offered` that are not shown yet.
    pub(crate) fn arrange(
        &mut self,
        arrangement: Arrangement,
        offered: &[VolumeKey],
        shelf: &dyn Shelf,
    ) {
        let n = arrangement.n_cells();
        let mut views = std::mem::take(&mut self.views);
        if n <= self.active.0 && self.active.0 < views.len() {
            // The view in hand stays on the screen.
            views.swap(n - 1, self.active.0);
            self.active = ViewIdx(n - 1);
        }
        views.truncate(n);
        let shown: Vec<VolumeKey> = views.iter().filter_map(|v| v.volume.clone()).collect();
        let mut next = offered.iter().filter(|key| !shown.contains(key));
        self.layout = LayoutKind::Cells;
        self.arrangement = arrangement;
        self.hanging.clear();
        self.one_up = None;
        self.torn.clear();
        self.views = views;
        while self.views.len() < n {
            let idx = ViewIdx(self.views.len());
            self.views.push(View::empty(ViewKind::Stack));
            if let Some(key) = next.next() {
                self.put(idx, key, shelf);
            }
        }
    }
}

/// The presentation of a window; `None` where the volume has no use for it.
fn presentation_of(window: &HungWindow, volume: &Volume) -> Option<(Option<u8>, Presentation)> {
    match window {
        HungWindow::Preset(_) => {
            let digit = window.preset()?;
            Some((Some(digit), volume.preset_presentation(digit)?))
        }
        HungWindow::Values { center, width } => {
            let voi = Voi::window(*center, *width, volume.window_function(), None).ok()?;
            let invert = volume.default_invert();
            Some((None, Presentation::grey(voi, invert)))
        }
    }
}

/// The frame with a letter at the right edge, where it is at the left edge now. `None` where nothing is to be done, or
/// nobody knows the sides.
fn mirrored(view: &View, volume: &Volume, letter: char) -> Option<space::PlaneFrame> {
    if volume.placed == Placement::Unplaced {
        return None;
    }
    let frame = view.frame(volume);
    let letters = volume.placed.edge_letters(&frame)?;
    letters
        .left
        .starts_with(letter)
        .then(|| flip_horizontal(frame))
}
