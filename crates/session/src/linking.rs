//! What views keep in step: slices, crosshair, magnification, window.

use std::sync::Arc;

use space::{PatientPoint, PatientVector};
use volume::Placement;

use crate::room::{Room, Shelf, Shown};
use crate::{Link, View, ViewIdx, ViewKind, VolumeKey};

/// Planes whose normals are within so many degrees count as parallel.
const PARALLEL_WITHIN_DEG: f64 = 10.0;

/// Who moved the crosshair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moved {
    /// A view that was moved by slices.
    By(ViewIdx),
    /// The reader, who put it at a place of what a view shows.
    In(ViewIdx),
}

/// How a frame of reference lies to another one, as the reader judged by eye.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FrameOffset {
    pub(crate) from: String,
    pub(crate) to: String,
    /// From a place in the first to the same place in the second; along the normal of the slices only.
    pub(crate) by: PatientVector,
}

/// What came of laying frames of reference over each other by hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LinkedByHand {
    /// Views that follow now.
    pub(crate) n_linked: usize,
    /// Views whose planes are not parallel, which cannot follow.
    pub(crate) n_not_parallel: usize,
}

impl Room {
    /// Puts the crosshair; linked stacks follow where their place is known to lie to it.
    pub(crate) fn set_cursor(&mut self, cursor: PatientPoint, moved: Moved, shelf: &dyn Shelf) {
        if !cursor.is_finite() {
            return;
        }
        self.cursor = Some(cursor);
        let (from, link) = match moved {
            Moved::By(idx) => (idx, Link::Scroll),
            Moved::In(idx) => (idx, Link::Crosshair),
        };
        if !self.links.has(link) {
            return;
        }
        let Some((_, source)) = self.shown(from, shelf) else {
            return;
        };
        for i in (0..self.views.len()).map(ViewIdx) {
            let Some((view, shown)) = self.shown(i, shelf) else {
                continue;
            };
            if moved == Moved::By(i) || view.kind != ViewKind::Stack {
                continue;
            }
            let place = self.place_in(cursor, &source, &shown);
            if let Some(slice_idx) = place.and_then(|p| volume::nearest_slice(&shown.volume, p))
                && let Some(view) = self.view_mut(i)
            {
                view.slice_idx = slice_idx;
            }
        }
    }

    /// The frames of reference that were laid over one by eye.
    pub(crate) fn laid_over(&self, to: &str) -> Vec<String> {
        let offsets = self.offsets.iter().filter(|offset| offset.to == to);
        offsets.map(|offset| offset.from.clone()).collect()
    }

    /// A place of one volume in the patient space of another; `None` where nobody knows how they lie to each other.
    fn place_in(&self, place: PatientPoint, from: &Shown, to: &Shown) -> Option<PatientPoint> {
        if Arc::ptr_eq(&from.volume, &to.volume) {
            return Some(place);
        }
        if from.volume.placed != Placement::InPatient || to.volume.placed != Placement::InPatient {
            return None;
        }
        if !from.frame_of_reference.is_empty() && from.frame_of_reference == to.frame_of_reference {
            return Some(place);
        }
        let known = self
            .offsets
            .iter()
            .find(|o| o.from == from.frame_of_reference && o.to == to.frame_of_reference)?;
        Some(place + known.by)
    }

    /// Takes what the views show now as the same place: from here on stacks of other frames of reference follow the
    /// active one. Only along the normal: how the patient lay across it nobody can tell from slices alone.
    pub(crate) fn link_by_hand(&mut self, shelf: &dyn Shelf) -> LinkedByHand {
        let mut done = LinkedByHand::default();
        let Some((view, source)) = self.shown(self.active, shelf) else {
            return done;
        };
        let Some((here, normal)) = slice_plane(&view, &source, self.cursor_in(&source.volume))
        else {
            return done;
        };
        let mut offsets = Vec::new();
        for i in (0..self.views.len()).map(ViewIdx) {
            let Some((other, shown)) = self.shown(i, shelf) else {
                continue;
            };
            let is_same = shown.frame_of_reference == source.frame_of_reference
                && !source.frame_of_reference.is_empty();
            if i == self.active || is_same || other.kind != ViewKind::Stack {
                continue;
            }
            let Some((there, other_normal)) = slice_plane(&other, &shown, PatientPoint::default())
            else {
                done.n_not_parallel += 1;
                continue;
            };
            let cosine = normal.dot(other_normal).abs();
            if cosine < PARALLEL_WITHIN_DEG.to_radians().cos() {
                done.n_not_parallel += 1;
                continue;
            }
            let by = normal * (there - here).dot(normal);
            let [from, to] = [&source, &shown].map(|s: &Shown| s.frame_of_reference.clone());
            offsets.push(FrameOffset {
                from: to.clone(),
                to: from.clone(),
                by: -by,
            });
            offsets.push(FrameOffset { from, to, by });
            done.n_linked += 1;
        }
        self.offsets
            .retain(|o| !offsets.iter().any(|n| n.from == o.from && n.to == o.to));
        self.offsets.extend(offsets);
        done
    }

    /// Views that share the presentation of a view: itself, and when linked all that show the same volume.
    pub(crate) fn same_volume(&self, idx: ViewIdx) -> Vec<ViewIdx> {
        let Some(key) = self.view(idx).and_then(|v| v.volume.clone()) else {
            return Vec::new();
        };
        (0..self.views.len())
            .map(ViewIdx)
            .filter(|i| {
                *i == idx || (self.links.has(Link::Window) && self.shares_window(idx, *i, &key))
            })
            .collect()
    }

    /// Do two views of a layout share their window? A projection keeps its own: what suits a slice blinds it.
    fn shares_window(&self, one: ViewIdx, other: ViewIdx, key: &VolumeKey) -> bool {
        let is_projection = |i| self.view(i).is_some_and(|v: &View| v.kind.is_projection());
        self.view(other)
            .is_some_and(|v| v.volume.as_ref() == Some(key))
            && is_projection(one) == is_projection(other)
    }

    /// Moves the picture by pixels, and with it those that are linked, by as many mm.
    pub(crate) fn pan(&mut self, idx: ViewIdx, [right_px, down_px]: [f64; 2], shelf: &dyn Shelf) {
        let Some((view, shown)) = self.shown(idx, shelf) else {
            return;
        };
        let scale = view.mm_per_pixel(&shown.volume);
        for i in self.zoomed_with(idx, shelf) {
            self.pan_one(i, [right_px * scale, down_px * scale], shelf);
        }
    }

    fn pan_one(&mut self, idx: ViewIdx, [right_mm, down_mm]: [f64; 2], shelf: &dyn Shelf) {
        let Some((view, shown)) = self.shown(idx, shelf) else {
            return;
        };
        let plane = view.plane(&shown.volume, self.cursor_in(&shown.volume));
        let moved = plane.centre - plane.frame.right() * right_mm + plane.frame.up * down_mm;
        if let Some(view) = self.view_mut(idx) {
            view.centre = Some(moved);
        }
    }

    /// Magnifies about a pixel, which stays where it is; in linked views about the same place.
    pub(crate) fn zoom(
        &mut self,
        idx: ViewIdx,
        factor: f64,
        about_px: [f64; 2],
        shelf: &dyn Shelf,
    ) {
        let Some((view, shown)) = self.shown(idx, shelf) else {
            return;
        };
        let plane = view.plane(&shown.volume, self.cursor_in(&shown.volume));
        let place = plane.patient(about_px);
        let part: [f64; 2] = std::array::from_fn(|a| about_px[a] / plane.size_px[a].max(1) as f64);
        for i in self.zoomed_with(idx, shelf) {
            let Some((other, to)) = self.shown(i, shelf) else {
                continue;
            };
            let other_plane = other.plane(&to.volume, self.cursor_in(&to.volume));
            let about = match self.place_in(place, &shown, &to) {
                _ if i == idx => about_px,
                Some(there) => other_plane.pixel(there),
                None => std::array::from_fn(|a| part[a] * other_plane.size_px[a] as f64),
            };
            self.zoom_one(i, factor, about, shelf);
        }
    }

    fn zoom_one(&mut self, idx: ViewIdx, factor: f64, about_px: [f64; 2], shelf: &dyn Shelf) {
        let Some((view, shown)) = self.shown(idx, shelf) else {
            return;
        };
        let cursor = self.cursor_in(&shown.volume);
        let before = view.plane(&shown.volume, cursor);
        let held = before.patient(about_px);
        let mut after = view.clone();
        after.zoom = (view.zoom * factor).clamp(0.1, 64.0);
        // From the picture as it lies, which may touch an edge of its view.
        after.centre = Some(before.centre);
        let moved = after.plane(&shown.volume, cursor).patient(about_px);
        after.centre = Some(before.centre + (held - moved));
        if let Some(view) = self.view_mut(idx) {
            *view = after;
        }
    }

    /// The view, and when magnification is linked every other that looks the same way.
    fn zoomed_with(&self, idx: ViewIdx, shelf: &dyn Shelf) -> Vec<ViewIdx> {
        let Some((view, shown)) = self.shown(idx, shelf) else {
            return Vec::new();
        };
        let away = view.frame(&shown.volume).away;
        let is_placed = shown.volume.placed == Placement::InPatient;
        let looks_the_same_way = |i: ViewIdx| {
            self.shown(i, shelf).is_some_and(|(other, to)| {
                let both_placed = is_placed && to.volume.placed == Placement::InPatient;
                let cosine = other.frame(&to.volume).away.dot(away).abs();
                let parallel = PARALLEL_WITHIN_DEG.to_radians().cos() <= cosine;
                // Projections of one modality have no place, and one way to be looked at.
                let both_flat = !is_placed
                    && to.volume.placed != Placement::InPatient
                    && to.modality == shown.modality;
                other.kind.is_projection() == view.kind.is_projection()
                    && (both_placed && parallel || both_flat)
            })
        };
        (0..self.views.len())
            .map(ViewIdx)
            .filter(|i| *i == idx || self.links.has(Link::Zoom) && looks_the_same_way(*i))
            .collect()
    }
}

/// A place on the slice that a view shows, and the direction of its normal.
fn slice_plane(
    view: &View,
    shown: &Shown,
    cursor: PatientPoint,
) -> Option<(PatientPoint, PatientVector)> {
    if shown.volume.placed != Placement::InPatient || view.kind.is_projection() {
        return None;
    }
    let plane = view.plane(&shown.volume, cursor);
    Some((plane.centre, plane.frame.away))
}
