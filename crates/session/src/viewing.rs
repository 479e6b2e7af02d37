//! Where the reader looks: applies view commands and keeps pictures coming.

use case::{FindingId, ImageRef};
use space::PatientPoint;

use crate::linking::Moved;
use crate::pictures::{Cut, PictureRequest};
use crate::room::{Room, flip_horizontal, flip_vertical, turn_clockwise};
use crate::{
    CompareCommand, LayoutKind, Overlay, PicturesBy, Screen, Session, SessionError, View,
    ViewCommand, ViewIdx, ViewKind, WindowFrom,
};

impl Session {
    pub(crate) fn apply_view(&mut self, command: ViewCommand) -> Result<(), SessionError> {
        match command {
            ViewCommand::SetLayout(layout) => {
                self.room.set_layout(layout, None, &self.library);
                self.forget_chosen_hanging()?;
            }
            ViewCommand::Arrange(arrangement) => self.arrange(arrangement),
            ViewCommand::Hang(name) => self.hang(&name)?,
            ViewCommand::SaveHanging(protocol) => self.save_hanging(*protocol)?,
            ViewCommand::RemoveHanging(name) => self.remove_hanging(&name)?,
            ViewCommand::Focus(idx) => self.focus(idx),
            ViewCommand::FocusStep(by) => {
                let n = self.room.views.len().max(1) as i32;
                let to = (self.room.active.0 as i32 + by).rem_euclid(n);
                self.focus(ViewIdx(to.unsigned_abs() as usize));
            }
            ViewCommand::ToggleOneUp(idx) => {
                self.room.one_up = if self.room.one_up.is_some() {
                    None
                } else {
                    Some(idx)
                };
                self.focus(idx);
            }
            ViewCommand::ToggleOwnWindow(idx) => self.room.toggle_torn(idx),
            ViewCommand::PlaceOwnWindow(idx, place) => self.place_own_window(idx, place)?,
            ViewCommand::PutSeries(idx, key) => {
                if self.library.get(&key).is_some_and(|s| self.is_closed(s)) {
                    return Err(SessionError::Usage(
                        "this series stays closed until the read, or this stage of it, is sealed"
                            .into(),
                    ));
                }
                self.put_series(idx, &key);
            }
            ViewCommand::StepSeries(by) => self.step_series(by),
            ViewCommand::Resize(idx, size_px) => {
                if let Some(view) = self.room.view_mut(idx) {
                    view.size_px = size_px.map(|n| n.clamp(1, 8192));
                }
                self.room.share_fits(&self.library);
            }
            ViewCommand::SetTool(tool) => self.room.tool = tool,
            ViewCommand::SetInterpolation(interpolation) => self.room.interpolation = interpolation,
            ViewCommand::Scroll(idx, by) => self.room.scroll(idx, by, &self.library),
            ViewCommand::GoToSlice(idx, slice_idx) => {
                self.room.go_to_slice(idx, slice_idx, &self.library)
            }
            ViewCommand::SetSpine(spine) => self.room.spine = spine,
            ViewCommand::ShowChart(mark) => self.chart_of = mark,
            ViewCommand::SetCursor(idx, point) => {
                self.room.set_cursor(point, Moved::In(idx), &self.library)
            }
            ViewCommand::ToggleLink => self.room.links.toggle_all(),
            ViewCommand::ToggleLinkOf(link) => self.room.links.toggle(link),
            ViewCommand::LinkByHand => self.link_by_hand(),
            ViewCommand::CycleOverlay => {
                self.room.overlay = match self.room.overlay {
                    Overlay::Full => Overlay::Short,
                    Overlay::Short => Overlay::LettersOnly,
                    Overlay::LettersOnly => Overlay::Full,
                }
            }
            ViewCommand::ToggleGraphics => self.toggle_graphics()?,
            ViewCommand::StepUnseen(by) => self.step_unseen(by),
            ViewCommand::StepFinding(by) => self.step_finding(by),
            ViewCommand::GoToFinding(id) => self.go_to_finding(id),
            ViewCommand::GoToMark(id) => {
                let own = || self.own_third_mark(id);
                if let Some(mark) = self.mark(id).ok().cloned().or_else(own) {
                    let place = mark.geometry.centre();
                    self.go_to_place(&mark.image, Some(place));
                }
            }
            ViewCommand::GoToImage(image) => self.go_to_image(&image),
            ViewCommand::Tick {
                elapsed_ms,
                input,
                pictures,
            } => self.tick(elapsed_ms, input, pictures)?,
            other => {
                let rest = match self.apply_lighting(other) {
                    Some(other) => self.apply_window(other)?,
                    None => None,
                };
                if let Some(other) = rest.and_then(|other| self.apply_cine(other)) {
                    self.apply_picture(other);
                }
            }
        }
        Ok(())
    }

    /// Commands that change how one picture looks.
    fn apply_picture(&mut self, command: ViewCommand) {
        let library = &self.library;
        let room = &mut self.room;
        match command {
            ViewCommand::DragWindow {
                view,
                right_px,
                down_px,
            } => room.drag_window(view, right_px, down_px, library),
            ViewCommand::SetVoi(idx, voi) => {
                if let Some((view, shown)) = room.shown(idx, library) {
                    let before = Room::presentation(&view, &shown.volume);
                    let by_hand = (None, Some(WindowFrom::Hand));
                    room.present(idx, by_hand, &volume::Presentation { voi, ..before });
                }
            }
            ViewCommand::Preset(idx, digit) => {
                if let Some((view, shown)) = room.shown(idx, library)
                    && let Some(mut presentation) = shown.volume.preset_presentation(digit)
                {
                    presentation.invert = Room::presentation(&view, &shown.volume).invert;
                    room.present(idx, (Some(digit), None), &presentation);
                }
            }
            ViewCommand::Invert(idx) => {
                if let Some((view, shown)) = room.shown(idx, library) {
                    let mut presentation = Room::presentation(&view, &shown.volume);
                    presentation.invert = presentation.invert.toggled();
                    room.present(idx, (view.preset, view.window_from), &presentation);
                }
            }
            ViewCommand::Pan(idx, by_px) => room.pan(idx, by_px, library),
            ViewCommand::Zoom {
                view,
                factor,
                about_px,
            } => room.zoom(view, factor, about_px, library),
            ViewCommand::Reset(idx) => {
                if let Some(view) = room.view_mut(idx) {
                    view.reset();
                }
            }
            ViewCommand::FlipHorizontal(idx) => room.turn(idx, library, flip_horizontal),
            ViewCommand::FlipVertical(idx) => room.turn(idx, library, flip_vertical),
            ViewCommand::Rotate(idx, quarters) => {
                for _ in 0..quarters.rem_euclid(4) {
                    room.turn(idx, library, turn_clockwise);
                }
            }
            ViewCommand::TurnPlanes {
                view,
                only,
                clockwise_deg,
            } => room.turn_planes(view, only, clockwise_deg, library),
            ViewCommand::StraightenPlanes => room.straighten_planes(),
            ViewCommand::SetSlabThickness(idx, mm) => room.set_slab_thickness(idx, mm),
            ViewCommand::CycleSlab(idx) => room.cycle_slab(idx),
            ViewCommand::SetSlab(idx, mode) => {
                if let Some(view) = room.view_mut(idx) {
                    view.slab = mode;
                }
            }
            ViewCommand::StepSlab(idx, by) => room.step_slab(idx, by),
            // The caller has taken every other command.
            _ => {}
        }
    }

    fn focus(&mut self, idx: ViewIdx) {
        if idx.0 < self.room.views.len() {
            self.room.active = idx;
            if self.room.one_up.is_some() {
                self.room.one_up = Some(idx);
            }
        }
    }

    /// While a study is opened there is no case yet, and what is drawn is closed already.
    pub(crate) fn is_blinded(&self) -> bool {
        self.case().is_none_or(case::Case::is_blinded)
    }

    /// A series goes into every view of the layouts of planes, else into the one view.
    fn put_series(&mut self, idx: ViewIdx, key: &crate::VolumeKey) {
        let planes = self.room.views.iter().any(|v| v.kind != ViewKind::Stack);
        let each_its_own = matches!(self.room.layout, LayoutKind::Cells | LayoutKind::Hung);
        if !planes || each_its_own {
            self.room.put(idx, key, &self.library);
            return;
        }
        let active = self.room.active;
        let layout = self.room.layout;
        self.room
            .set_layout(layout, Some(key.clone()), &self.library);
        self.focus(active);
    }

    fn step_series(&mut self, by: i32) {
        let open: Vec<_> = self
            .library
            .iter()
            .filter(|(_, s)| !self.is_closed(s))
            .map(|(k, _)| k.clone())
            .collect();
        let now = self
            .room
            .view(self.room.active)
            .and_then(|v| v.volume.as_ref());
        let at = now
            .and_then(|k| open.iter().position(|o| o == k))
            .unwrap_or(0) as i32;
        let n = open.len() as i32;
        if 0 < n
            && let Some(key) = open
                .get((at + by).rem_euclid(n).unsigned_abs() as usize)
                .cloned()
        {
            let idx = self.room.active;
            self.put_series(idx, &key);
        }
    }

    /// The stored slice that a view shows: of a stack its own, of a plane along the slices the nearest.
    pub(crate) fn slice_of(&self, view: &View, volume: &volume::Volume) -> Option<usize> {
        if view.kind == ViewKind::Stack {
            return Some(view.slice_idx);
        }
        let plane = view.plane(volume, self.room.cursor_in(volume));
        let along = plane.frame.away.dot(volume.grid.slice_normal()?).abs();
        if view.kind.is_projection() || along < 0.9 {
            return None;
        }
        volume::nearest_slice(volume, self.room.cursor_in(volume))
    }

    pub(crate) fn go_to_volume_slice(
        &mut self,
        idx: ViewIdx,
        volume: &volume::Volume,
        slice_idx: usize,
    ) {
        if self
            .room
            .view(idx)
            .is_some_and(|v| v.kind == ViewKind::Stack)
        {
            self.room.go_to_slice(idx, slice_idx, &self.library);
            return;
        }
        let cursor = self.room.cursor_in(volume);
        if let (Some(normal), origin) = (volume.grid.slice_normal(), volume.slice_origin(slice_idx))
        {
            let to = cursor + normal * (origin - cursor).dot(normal);
            self.room.set_cursor(to, Moved::By(idx), &self.library);
        }
    }

    fn step_finding(&mut self, by: i32) {
        let Some(case) = self.case() else { return };
        let ids: Vec<FindingId> = case.read().findings.iter().map(|f| f.id).collect();
        let at = self
            .selected_finding
            .and_then(|id| ids.iter().position(|i| *i == id));
        let n = ids.len() as i32;
        let to = match at {
            _ if n == 0 => return,
            Some(at) => (at as i32 + by).rem_euclid(n),
            None if by < 0 => n - 1,
            None => 0,
        };
        if let Some(id) = ids.get(to.unsigned_abs() as usize) {
            self.selected_finding = Some(*id);
            self.go_to_finding(*id);
        }
    }

    /// Shows the place of a finding: its first mark, else its key image.
    pub(crate) fn go_to_finding(&mut self, id: FindingId) {
        let Some(case) = self.case() else { return };
        let mark = case
            .read()
            .annotations
            .iter()
            .find(|a| a.finding == Some(id))
            .cloned();
        let key_image = case.finding(id).and_then(|f| f.key_image.clone());
        match (mark, key_image) {
            (Some(mark), _) => {
                let place = mark.geometry.centre();
                self.go_to_place(&mark.image, Some(place));
            }
            (None, Some(image)) => self.go_to_place(&image, None),
            (None, None) => {}
        }
    }

    /// Shows an image, and a place on it, in the active view.
    pub(crate) fn go_to_image(&mut self, image: &ImageRef) {
        self.go_to_place(image, None);
    }

    pub(crate) fn go_to_place(&mut self, image: &ImageRef, place: Option<PatientPoint>) {
        let Some((key, slice_idx)) = self.library.find_image(image) else {
            if let Some(place) = place {
                self.room
                    .set_cursor(place, Moved::In(self.room.active), &self.library);
            }
            return;
        };
        self.screen = if self.screen == Screen::Worklist {
            Screen::Reading
        } else {
            self.screen
        };
        let shows = self
            .room
            .views
            .iter()
            .any(|v| v.volume.as_ref() == Some(&key));
        if !shows {
            let idx = self.room.active;
            self.put_series(idx, &key);
        }
        let Some(volume) = self.library.get(&key).map(|s| s.volume.clone()) else {
            return;
        };
        for i in 0..self.room.views.len() {
            let stack = self
                .room
                .view(ViewIdx(i))
                .is_some_and(|v| v.volume.as_ref() == Some(&key) && v.kind == ViewKind::Stack);
            if stack && let Some(view) = self.room.view_mut(ViewIdx(i)) {
                view.slice_idx = slice_idx;
            }
        }
        let on_slice = || {
            let [columns, rows, _] = volume.grid.size.map(|n| (n.max(1) - 1) as f64 / 2.0);
            volume
                .slice_map(slice_idx)
                .map(|m| m.apply([columns, rows, 0.0]))
        };
        if let Some(place) = place.or_else(on_slice) {
            self.room
                .set_cursor(place, Moved::In(self.room.active), &self.library);
        }
    }

    /// Asks for the pictures of the views on screen that are not made yet.
    pub(crate) fn ask_for_pictures(&mut self) {
        for i in 0..self.room.views.len() {
            let idx = ViewIdx(i);
            let hidden = !self.room.is_on_screen(idx) || self.screen == Screen::Worklist;
            let Some((view, shown)) = self.room.shown(idx, &self.library) else {
                self.pictures.forget(idx);
                continue;
            };
            // Light through a volume is the session's work whoever draws the planes.
            let by_window =
                self.pictures_by == PicturesBy::Window && view.kind != ViewKind::Rendering;
            if hidden || by_window {
                continue;
            }
            let cursor = self.room.cursor_in(&shown.volume);
            let cut = match view.kind {
                ViewKind::Stack if view.slab.is_none() || !crate::may_reslice(&shown.volume) => {
                    Cut::Slice(view.slice_idx)
                }
                ViewKind::Rendering if !self.is_settled(&view) => continue,
                ViewKind::Rendering => match crate::lighting::cut_of(&view, &shown.volume) {
                    Some(cut) => cut,
                    None => continue,
                },
                ViewKind::Stack
                | ViewKind::Axial
                | ViewKind::Coronal
                | ViewKind::Sagittal
                | ViewKind::Mip => Cut::Plane(view.slab(&shown.volume)),
            };
            let epoch = match &cut {
                Cut::Slice(k) => u64::from(shown.volume.voxels.is_filled(*k)),
                // Light needs all of it.
                Cut::Light(_) => shown.volume.voxels.n_filled() as u64,
                // Planes are made anew with every quarter of the volume that came, and when it is whole.
                Cut::Plane(_) => {
                    let n = shown.volume.n_slices().max(1);
                    (shown.volume.voxels.n_filled() * 4 / n) as u64
                }
            };
            let urgent = idx == self.room.active;
            let plane = view.plane(&shown.volume, cursor);
            self.pictures.ask(
                idx,
                PictureRequest {
                    volume: shown.volume,
                    cut,
                    plane,
                    interpolation: self.room.interpolation,
                    epoch,
                    urgent,
                },
            );
        }
    }

    /// Is every slice of a view's volume here that can be had?
    fn is_settled(&self, view: &View) -> bool {
        let shelved = view.volume.as_ref().and_then(|key| self.library.get(key));
        shelved
            .is_some_and(|s| s.volume.n_slices() <= s.volume.voxels.n_decoded() + s.holes().len())
    }

    /// Follows a row of the comparison with the views.
    pub(crate) fn follow_pair(&mut self) {
        let Some((case, id)) = self.case().zip(self.selected_pair) else {
            return;
        };
        let Some(pair) = case
            .comparison()
            .and_then(|c| c.pairs.iter().find(|p| p.id == id))
        else {
            return;
        };
        let evidence = pair.verdict.as_ref().and_then(|v| v.evidence.clone());
        match (pair.second, evidence) {
            (Some(case::SecondRef::Finding(finding)), _) => {
                self.selected_finding = Some(finding);
                self.go_to_finding(finding);
            }
            (_, Some(image)) => self.go_to_image(&image),
            _ => {}
        }
    }

    /// The next or previous row.
    pub(crate) fn step_pair(&mut self, by: i32) -> Result<(), SessionError> {
        let Some(comparison) = self.case().and_then(|c| c.comparison()) else {
            return Ok(());
        };
        let ids: Vec<_> = crate::rows::ordered(comparison)
            .iter()
            .map(|p| p.id)
            .collect();
        let at = self
            .selected_pair
            .and_then(|id| ids.iter().position(|i| *i == id))
            .unwrap_or(0);
        let to = (at as i64 + i64::from(by)).clamp(0, ids.len().saturating_sub(1) as i64);
        match ids.get(to as usize) {
            Some(id) => self.apply_compare(CompareCommand::Select(*id)),
            None => Ok(()),
        }
    }
}

impl Session {
    /// The presentation of a view that shows something.
    pub(crate) fn presentation_of(&self, idx: ViewIdx) -> Option<volume::Presentation> {
        let (view, shown) = self.room.shown(idx, &self.library)?;
        Some(Room::presentation(&view, &shown.volume))
    }

    /// The image that the active view shows, if it shows one.
    pub(crate) fn image_on_screen(&self, idx: ViewIdx) -> Option<ImageRef> {
        let (view, shown) = self.room.shown(idx, &self.library)?;
        let slice_idx = self
            .slice_of(&view, &shown.volume)
            .or_else(|| volume::nearest_slice(&shown.volume, self.room.cursor_in(&shown.volume)))?;
        self.library.image_ref(view.volume.as_ref()?, slice_idx)
    }
}
