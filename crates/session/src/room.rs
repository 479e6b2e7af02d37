use std::collections::BTreeSet;
use std::sync::Arc;

use space::{PatientPoint, PlaneFrame};
use volume::{Interpolation, Presentation, SlabMode, ValueUnit, Volume};

use crate::linking::{FrameOffset, Moved};
use crate::links::Links;
use crate::{
    Arrangement, LayoutKind, Overlay, SpineLabels, Tool, View, ViewIdx, ViewKind, VolumeKey,
    WindowFrom, may_reslice,
};

/// A volume that views can show, with what the room must know of it.
#[derive(Clone)]
pub(crate) struct Shown {
    pub(crate) volume: Arc<Volume>,
    pub(crate) frame_of_reference: String,
    pub(crate) modality: String,
}

/// Where views find their volumes.
pub(crate) trait Shelf {
    fn shown(&self, key: &VolumeKey) -> Option<Shown>;
    /// Volumes of the current study, then of the priors, in the order of the rail.
    fn keys(&self) -> Vec<VolumeKey>;
    /// Volumes of the newest prior.
    fn prior_keys(&self) -> Vec<VolumeKey>;
}

/// The arrangement of views, and where each looks.
pub(crate) struct Room {
    pub(crate) layout: LayoutKind,
    pub(crate) arrangement: Arrangement,
    /// Name of the hanging protocol in use; empty while none is.
    pub(crate) hanging: String,
    pub(crate) views: Vec<View>,
    pub(crate) active: ViewIdx,
    pub(crate) one_up: Option<ViewIdx>,
    /// Views that have a window of their own.
    pub(crate) torn: BTreeSet<ViewIdx>,
    pub(crate) tool: Tool,
    pub(crate) interpolation: Interpolation,
    pub(crate) links: Links,
    /// Frames of reference that the reader laid over each other by hand.
    pub(crate) offsets: Vec<FrameOffset>,
    pub(crate) overlay: Overlay,
    pub(crate) cursor: Option<PatientPoint>,
    pub(crate) spine: SpineLabels,
}

impl Room {
    pub(crate) fn new() -> Self {
        Self {
            layout: LayoutKind::One,
            arrangement: Arrangement::ONE,
            hanging: String::new(),
            views: vec![View::empty(ViewKind::Stack)],
            active: ViewIdx(0),
            one_up: None,
            torn: BTreeSet::new(),
            tool: Tool::Window,
            interpolation: Interpolation::Linear,
            links: Links::default(),
            offsets: Vec::new(),
            overlay: Overlay::Full,
            cursor: None,
            spine: SpineLabels::default(),
        }
    }

    pub(crate) fn view(&self, idx: ViewIdx) -> Option<&View> {
        self.views.get(idx.0)
    }

    pub(crate) fn view_mut(&mut self, idx: ViewIdx) -> Option<&mut View> {
        self.views.get_mut(idx.0)
    }

    /// Can a view be seen? One that fills the area hides the others, but not those with a window of their own.
    pub(crate) fn is_on_screen(&self, idx: ViewIdx) -> bool {
        self.torn.contains(&idx) || self.one_up.is_none_or(|one| one == idx)
    }

    /// Gives a view a window of its own, or takes that window away.
    pub(crate) fn toggle_torn(&mut self, idx: ViewIdx) {
        if self.view(idx).is_none() || self.torn.remove(&idx) {
            return;
        }
        self.torn.insert(idx);
        if self.one_up == Some(idx) {
            self.one_up = None;
        }
    }

    /// The crosshair, or the middle of the volume while none was put.
    pub(crate) fn cursor_in(&self, volume: &Volume) -> PatientPoint {
        match self.cursor {
            Some(cursor) if volume.grid.contains(cursor) => cursor,
            _ => middle_voxel(volume),
        }
    }

    /// Shows a volume as the layout that fits it best: planes where they may be cut, else a stack.
    pub(crate) fn open(&mut self, key: &VolumeKey, shelf: &dyn Shelf) {
        let Some(shown) = shelf.shown(key) else {
            return;
        };
        self.cursor = Some(middle_voxel(&shown.volume));
        let layout = if may_reslice(&shown.volume) {
            LayoutKind::Mpr
        } else {
            LayoutKind::One
        };
        self.set_layout(layout, Some(key.clone()), shelf);
    }

    /// Arranges the views anew; each keeps the volume that is on screen where it can.
    pub(crate) fn set_layout(
        &mut self,
        layout: LayoutKind,
        key: Option<VolumeKey>,
        shelf: &dyn Shelf,
    ) {
        let main = key
            .or_else(|| self.view(self.active).and_then(|v| v.volume.clone()))
            .or_else(|| shelf.keys().first().cloned());
        let volume = main.as_ref().and_then(|k| shelf.shown(k)).map(|s| s.volume);
        let planes = volume.as_ref().is_some_and(|v| may_reslice(v));
        let is_ct = volume.is_some_and(|v| v.unit == ValueUnit::Hounsfield);
        let kinds: &[ViewKind] = match (layout, planes) {
            // Light says more than a projection where values have a scale that tells bone from the rest.
            (LayoutKind::Mpr, true) if is_ct => &[
                ViewKind::Axial,
                ViewKind::Coronal,
                ViewKind::Sagittal,
                ViewKind::Rendering,
            ],
            (LayoutKind::Mpr, true) => &[
                ViewKind::Axial,
                ViewKind::Coronal,
                ViewKind::Sagittal,
                ViewKind::Mip,
            ],
            (LayoutKind::OneAndTwo, true) => &[ViewKind::Axial, ViewKind::Coronal, ViewKind::Mip],
            (LayoutKind::WithPrior, _) => &[ViewKind::Stack, ViewKind::Stack],
            (
                LayoutKind::One
                | LayoutKind::Mpr
                | LayoutKind::OneAndTwo
                | LayoutKind::Cells
                | LayoutKind::Hung,
                _,
            ) => &[ViewKind::Stack],
        };
        (self.layout, self.arrangement) = match (layout, kinds.len()) {
            (_, 1) => (LayoutKind::One, Arrangement::ONE),
            (LayoutKind::OneAndTwo, _) => (layout, Arrangement::OneAndTwo),
            (_, 2) => (layout, Arrangement::TWO),
            _ => (layout, Arrangement::FOUR),
        };
        self.hanging.clear();
        self.one_up = None;
        self.torn.clear();
        self.active = ViewIdx(0);
        self.views = kinds.iter().map(|kind| View::empty(*kind)).collect();
        for i in 0..self.views.len() {
            let prior = (layout == LayoutKind::WithPrior && i == 1)
                .then(|| best_prior(main.as_ref(), shelf))
                .flatten();
            let key = if layout == LayoutKind::WithPrior && i == 1 {
                prior
            } else {
                main.clone()
            };
            if let Some(key) = key {
                self.put(ViewIdx(i), &key, shelf);
            }
        }
    }

    /// Shows the same plane of a volume twice, and where it can be cut the two across it.
    pub(crate) fn hang_side_by_side(&mut self, key: &VolumeKey, shelf: &dyn Shelf) {
        let cursor = self.cursor;
        self.set_layout(LayoutKind::WithPrior, Some(key.clone()), shelf);
        let planes = shelf.shown(key).is_some_and(|s| may_reslice(&s.volume));
        let kinds: &[ViewKind] = match planes {
            true => &[
                ViewKind::Axial,
                ViewKind::Axial,
                ViewKind::Coronal,
                ViewKind::Sagittal,
            ],
            false => &[ViewKind::Stack, ViewKind::Stack],
        };
        self.arrangement = match planes {
            true => Arrangement::FOUR,
            false => Arrangement::TWO,
        };
        self.layout = LayoutKind::Cells;
        self.views = kinds.iter().map(|kind| View::empty(*kind)).collect();
        for i in 0..self.views.len() {
            self.put(ViewIdx(i), key, shelf);
        }
        if let Some(cursor) = cursor {
            self.set_cursor(cursor, Moved::In(self.active), shelf);
        }
    }

    /// Do the first two views show the same plane of the same volume?
    pub(crate) fn is_side_by_side(&self) -> bool {
        match self.views.as_slice() {
            [a, b, ..] => a.volume.is_some() && a.volume == b.volume && a.kind == b.kind,
            _ => false,
        }
    }

    /// Puts a volume into a view; where the view's kind cannot show it the view becomes a stack.
    pub(crate) fn put(&mut self, idx: ViewIdx, key: &VolumeKey, shelf: &dyn Shelf) {
        let Some(shown) = shelf.shown(key) else {
            return;
        };
        let cursor = self.cursor;
        let Some(view) = self.view_mut(idx) else {
            return;
        };
        let kind = if may_reslice(&shown.volume) {
            view.kind
        } else {
            ViewKind::Stack
        };
        let size_px = view.size_px;
        *view = View {
            volume: Some(key.clone()),
            size_px,
            ..View::empty(kind)
        };
        let at = cursor
            .filter(|c| shown.volume.grid.contains(*c))
            .and_then(|c| volume::nearest_slice(&shown.volume, c));
        view.slice_idx = at.unwrap_or_else(|| shown.volume.n_slices() / 2);
        if self.cursor.is_none_or(|c| !shown.volume.grid.contains(c)) {
            self.cursor = Some(middle_voxel(&shown.volume));
        }
    }

    /// Shows the same volume in another way; what cannot be cut stays a stack.
    pub(crate) fn show_as(&mut self, idx: ViewIdx, kind: ViewKind, shelf: &dyn Shelf) {
        let Some((view, shown)) = self.shown(idx, shelf) else {
            return;
        };
        if kind != ViewKind::Stack && !may_reslice(&shown.volume) {
            return;
        }
        // A window that suits planes blinds a projection, and the other way round.
        let keeps_window = kind.is_projection() == view.kind.is_projection();
        if let Some(to) = self.view_mut(idx) {
            *to = View {
                volume: view.volume,
                slice_idx: view.slice_idx,
                size_px: view.size_px,
                presentation: view.presentation.filter(|_| keeps_window),
                preset: view.preset.filter(|_| keeps_window),
                window_from: view.window_from.filter(|_| keeps_window),
                colours: view.colours,
                ..View::empty(kind)
            };
        }
    }

    /// Moves a view by slices, and with it the crosshair and, when linked, the other views of the same space.
    pub(crate) fn scroll(&mut self, idx: ViewIdx, by: i32, shelf: &dyn Shelf) {
        let Some((view, shown)) = self.shown(idx, shelf) else {
            return;
        };
        match view.kind {
            ViewKind::Mip | ViewKind::Rendering => {}
            ViewKind::Stack => {
                let to = view.slice_idx.saturating_add_signed(by as isize);
                self.go_to_slice(idx, to, shelf);
            }
            ViewKind::Axial | ViewKind::Coronal | ViewKind::Sagittal => {
                let frame = view.frame(&shown.volume);
                let step_mm = step_mm(&shown.volume, &frame);
                let cursor = self.cursor_in(&shown.volume) + frame.away * (step_mm * f64::from(by));
                if let Some(cursor) = clamp_into(&shown.volume, cursor) {
                    self.set_cursor(cursor, Moved::By(idx), shelf);
                }
            }
        }
    }

    /// Shows a slice of a stack, or the plane through it.
    pub(crate) fn go_to_slice(&mut self, idx: ViewIdx, slice_idx: usize, shelf: &dyn Shelf) {
        let Some((view, shown)) = self.shown(idx, shelf) else {
            return;
        };
        let last = shown.volume.n_slices().saturating_sub(1);
        match view.kind {
            ViewKind::Mip | ViewKind::Rendering => {}
            ViewKind::Stack => {
                let slice_idx = slice_idx.min(last);
                let at = in_slice(&shown.volume, self.cursor_in(&shown.volume), slice_idx);
                if let Some(view) = self.view_mut(idx) {
                    view.slice_idx = slice_idx;
                }
                self.set_cursor(at, Moved::By(idx), shelf);
            }
            ViewKind::Axial | ViewKind::Coronal | ViewKind::Sagittal => {
                let [at, n] = self.plane_index(idx, shelf).unwrap_or([0, 1]);
                let to = slice_idx.min(n.saturating_sub(1));
                let by = i32::try_from(to as i64 - at as i64).unwrap_or(0);
                self.scroll(idx, by, shelf);
            }
        }
    }

    /// Position of a plane along its normal in steps from the near end, and the number of steps.
    pub(crate) fn plane_index(&self, idx: ViewIdx, shelf: &dyn Shelf) -> Option<[usize; 2]> {
        let (view, shown) = self.shown(idx, shelf)?;
        if view.kind == ViewKind::Stack {
            return Some([view.slice_idx, shown.volume.n_slices()]);
        }
        let frame = view.frame(&shown.volume);
        let grid = &shown.volume.grid;
        let step = step_mm(&shown.volume, &frame);
        let extent = grid.extent_mm(frame.away);
        let n = (extent / step).round().max(1.0);
        let near = grid.centre().from_origin().dot(frame.away) - extent / 2.0 + step / 2.0;
        let at = (self.cursor_in(&shown.volume).from_origin().dot(frame.away) - near) / step;
        Some([at.round().clamp(0.0, n - 1.0) as usize, n as usize])
    }

    /// The view and what it shows.
    pub(crate) fn shown(&self, idx: ViewIdx, shelf: &dyn Shelf) -> Option<(View, Shown)> {
        let view = self.view(idx)?.clone();
        let shown = shelf.shown(view.volume.as_ref()?)?;
        Some((view, shown))
    }

    /// The presentation of a view: its own, else the volume's default. While a stack is shown as its object asks, each
    /// slice has the window that it states.
    pub(crate) fn presentation(view: &View, volume: &Volume) -> Presentation {
        let own = view
            .presentation
            .clone()
            .unwrap_or_else(|| volume.default_presentation().presentation);
        let is_as_stated = view.kind == ViewKind::Stack && view.preset.unwrap_or(0) == 0;
        let shown = match volume.slice_presentation(view.slice_idx) {
            Some(stated)
                if is_as_stated && (view.presentation.is_none() || view.preset == Some(0)) =>
            {
                Presentation {
                    invert: own.invert,
                    ..stated
                }
            }
            Some(_) | None => own,
        };
        Presentation {
            colours: view.colours,
            ..shown
        }
    }

    /// Changes the presentation of a view and those linked with it.
    pub(crate) fn present(
        &mut self,
        idx: ViewIdx,
        (preset, from): (Option<u8>, Option<WindowFrom>),
        presentation: &Presentation,
    ) {
        for i in self.same_volume(idx) {
            if let Some(view) = self.view_mut(i) {
                view.presentation = Some(presentation.clone());
                view.preset = preset;
                view.window_from.clone_from(&from);
            }
        }
    }

    /// Width by the pixels to the right, centre by the pixels down; the gain follows the width.
    pub(crate) fn drag_window(
        &mut self,
        idx: ViewIdx,
        right_px: f64,
        down_px: f64,
        shelf: &dyn Shelf,
    ) {
        let Some((view, shown)) = self.shown(idx, shelf) else {
            return;
        };
        let before = Self::presentation(&view, &shown.volume);
        if let Some(voi) = before
            .voi
            .dragged([right_px, down_px], shown.volume.window_function())
        {
            let by_hand = (None, Some(WindowFrom::Hand));
            self.present(idx, by_hand, &Presentation { voi, ..before });
        }
    }

    /// Replaces the directions of a view.
    pub(crate) fn turn(
        &mut self,
        idx: ViewIdx,
        shelf: &dyn Shelf,
        turn: impl Fn(PlaneFrame) -> PlaneFrame,
    ) {
        let Some((view, shown)) = self.shown(idx, shelf) else {
            return;
        };
        let frame = turn(view.frame(&shown.volume));
        if let Some(view) = self.view_mut(idx) {
            view.turned = Some(frame);
        }
    }

    /// Off, mean, MIP, MinIP, off …
    pub(crate) fn cycle_slab(&mut self, idx: ViewIdx) {
        if let Some(view) = self.view_mut(idx) {
            view.slab = match view.slab {
                None => Some(SlabMode::Mean),
                Some(SlabMode::Mean) => Some(SlabMode::Mip),
                Some(SlabMode::Mip) => Some(SlabMode::MinIp),
                Some(SlabMode::MinIp) => None,
            };
        }
    }

    /// Thicker or thinner by 1 mm below 10 mm, else by 5 mm; 1 to 100 mm.
    pub(crate) fn step_slab(&mut self, idx: ViewIdx, by: i32) {
        if let Some(view) = self.view_mut(idx) {
            let step = if view.slab_mm + f64::from(by.min(0)) < 10.0 {
                1.0
            } else {
                5.0
            };
            view.slab_mm = (view.slab_mm + f64::from(by) * step).clamp(1.0, 100.0);
            view.slab.get_or_insert(SlabMode::Mean);
        }
    }
}

/// Mirrors left and right: the picture is then seen from the other side.
pub(crate) fn flip_horizontal(frame: PlaneFrame) -> PlaneFrame {
    PlaneFrame {
        away: -frame.away,
        up: frame.up,
    }
}

/// Mirrors top and bottom.
pub(crate) fn flip_vertical(frame: PlaneFrame) -> PlaneFrame {
    PlaneFrame {
        away: -frame.away,
        up: -frame.up,
    }
}

/// Turns the picture a quarter clockwise: what was up is on the right.
pub(crate) fn turn_clockwise(frame: PlaneFrame) -> PlaneFrame {
    PlaneFrame {
        away: frame.away,
        up: -frame.right(),
    }
}

/// Distance of one step of the wheel through a volume: its spacing along the direction, mm.
pub(crate) fn step_mm(volume: &Volume, frame: &PlaneFrame) -> f64 {
    let grid = &volume.grid;
    let steps = [grid.column_step, grid.row_step, grid.slice_step];
    let along = steps.map(|s| {
        (
            s.dot(frame.away).abs() / s.length_mm().max(1e-9),
            s.length_mm(),
        )
    });
    let nearest = along.iter().max_by(|a, b| a.0.total_cmp(&b.0));
    nearest.map_or(1.0, |(_, length)| length.max(1e-3))
}

/// The centre of the voxel in the middle: planes through it show voxels as they are, not a blend of two slices.
pub(crate) fn middle_voxel(volume: &Volume) -> PatientPoint {
    volume
        .grid
        .patient(volume.grid.size.map(|n| (n / 2) as f64))
}

/// The same place in another slice.
fn in_slice(volume: &Volume, place: PatientPoint, slice_idx: usize) -> PatientPoint {
    match (
        volume.slice_map(slice_idx),
        volume.slice_map(slice_idx).and_then(|m| m.invert(place)),
    ) {
        (Some(map), Some([column, row, _])) => map.apply([column, row, 0.0]),
        _ => place,
    }
}

/// The place, moved to the outermost voxel centres when it is outside.
fn clamp_into(volume: &Volume, place: PatientPoint) -> Option<PatientPoint> {
    let voxel = volume.grid.voxel(place)?;
    let inside =
        std::array::from_fn(|a| voxel[a].clamp(0.0, volume.grid.size[a].saturating_sub(1) as f64));
    Some(volume.grid.patient(inside))
}

/// The prior volume of the same modality with the most slices.
fn best_prior(main: Option<&VolumeKey>, shelf: &dyn Shelf) -> Option<VolumeKey> {
    let modality = main.and_then(|k| shelf.shown(k)).map(|s| s.modality);
    let score = |key: &VolumeKey| {
        shelf
            .shown(key)
            .map(|s| (Some(&s.modality) == modality.as_ref(), s.volume.n_slices()))
    };
    shelf.prior_keys().into_iter().max_by_key(score)
}
