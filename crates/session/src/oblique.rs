//! Planes that are turned away from the axes of the patient.

use space::PlaneFrame;
use volume::Volume;

use crate::room::{Room, Shelf};
use crate::{View, ViewIdx, ViewKind, natural_frame};

/// A plane within so many degrees of its natural one counts as straight.
const STRAIGHT_WITHIN_DEG: f64 = 0.05;

impl Room {
    /// Turns the planes that cross a view about the crosshair and the direction in which that view looks.
    pub(crate) fn turn_planes(
        &mut self,
        idx: ViewIdx,
        only: Option<ViewIdx>,
        clockwise_deg: f64,
        shelf: &dyn Shelf,
    ) {
        let Some((view, shown)) = self.shown(idx, shelf) else {
            return;
        };
        if !clockwise_deg.is_finite() || !is_plane(view.kind) {
            return;
        }
        let axis = view.frame(&shown.volume).away;
        for i in (0..self.views.len()).map(ViewIdx) {
            let Some((other, to)) = self.shown(i, shelf) else {
                continue;
            };
            let is_meant = only.is_none_or(|only| only == i);
            // Views that show the same plane in other windows stay with this one.
            let is_parallel = 0.9999 < other.frame(&to.volume).away.dot(axis).abs();
            if i == idx || !is_meant || !is_plane(other.kind) || is_parallel {
                continue;
            }
            if other.volume != view.volume {
                continue;
            }
            // Away from the viewer is the thumb of the right hand; its fingers then turn clockwise on the screen.
            let turned = other
                .frame(&to.volume)
                .turned_about(axis, clockwise_deg.to_radians());
            if let Some(view) = self.view_mut(i) {
                view.turned = Some(turned);
            }
        }
    }

    /// Puts every plane back along the axes of the patient.
    pub(crate) fn straighten_planes(&mut self) {
        for view in self.views.iter_mut().filter(|v| is_plane(v.kind)) {
            view.turned = None;
        }
    }

    /// 1 to 100 mm.
    pub(crate) fn set_slab_thickness(&mut self, idx: ViewIdx, mm: f64) {
        if let Some(view) = self.view_mut(idx)
            && mm.is_finite()
            && is_plane(view.kind)
        {
            view.slab_mm = mm.clamp(1.0, 100.0);
            view.slab.get_or_insert(volume::SlabMode::Mean);
        }
    }
}

fn is_plane(kind: ViewKind) -> bool {
    match kind {
        ViewKind::Axial | ViewKind::Coronal | ViewKind::Sagittal => true,
        ViewKind::Stack | ViewKind::Mip | ViewKind::Rendering => false,
    }
}

/// The angle of a plane to the one that its name stands for, degrees; `None` while it is straight, also when it is only
/// mirrored or turned on the screen.
pub(crate) fn oblique_deg(view: &View, volume: &Volume) -> Option<f64> {
    if !is_plane(view.kind) {
        return None;
    }
    let away = view.frame(volume).away;
    let natural = natural_frame(view.kind, &volume.grid).away;
    let deg = away.dot(natural).abs().clamp(0.0, 1.0).acos().to_degrees();
    (STRAIGHT_WITHIN_DEG < deg).then_some(deg)
}

/// The frame that a view is fitted by: its own where it is straight, else the natural one, so that nothing grows or
/// shrinks while a plane is turned.
pub(crate) fn fitted_frame(view: &View, volume: &Volume) -> PlaneFrame {
    match oblique_deg(view, volume) {
        None => view.frame(volume),
        Some(_) => natural_frame(view.kind, &volume.grid),
    }
}
