//! What the hand is over, and what it drags there.

use case::{AnnotationId, Geometry};
use egui::{Pos2, Ui};
use session::{MarkDepth, Snapshot, ViewSnapshot};
use space::PatientPoint;

use crate::viewport::marks::{DrawnMark, Hit};
use crate::viewport::on_screen::OnScreen;
use crate::viewport::plane_handles::PlaneDrag;

/// An end of another mark this near is taken exactly, points.
const SNAP: f32 = 6.0;

/// What the hand is over.
#[derive(Clone, Copy)]
pub(crate) struct Over<'a> {
    pub(crate) s: &'a Snapshot,
    pub(crate) view: &'a ViewSnapshot,
    pub(crate) screen: &'a OnScreen,
    pub(crate) drawn: &'a [DrawnMark],
    pub(crate) selected: Option<AnnotationId>,
}

impl Over<'_> {
    /// The nearest end of a mark in the plane, so that shapes can meet exactly; the point itself where none is near, and
    /// while Alt is held.
    pub(super) fn snapped(&self, ui: &Ui, pos: Pos2, moved: Option<AnnotationId>) -> Pos2 {
        if ui.input(|input| input.modifiers.alt) {
            return pos;
        }
        let marks = self.drawn.iter().filter(|mark| Some(mark.id) != moved);
        let in_plane = marks.filter(|mark| mark.depth == MarkDepth::InPlane);
        let ends = in_plane.flat_map(|mark| mark.strokes.handles.iter().copied());
        let near = ends.filter(|end| end.distance(pos) <= SNAP);
        near.min_by(|a, b| a.distance(pos).total_cmp(&b.distance(pos)))
            .unwrap_or(pos)
    }
}

/// A drag that goes on.
#[derive(Clone, Debug)]
pub(super) enum Drag {
    Window,
    Pan,
    Zoom {
        about_px: [f64; 2],
    },
    Scroll {
        rest: f32,
    },
    Crosshair,
    /// A handle of the crosshair is moved.
    Plane(PlaneDrag),
    /// A lens is held over the picture.
    Lens,
    /// A box is drawn whose values are to be windowed.
    WindowBox {
        origin: Pos2,
    },
    /// A projection is turned.
    Orbit,
    /// A shape is drawn.
    Draw,
    /// A mark is changed: one step of the record, when the button is let go.
    Mark(Box<MarkDrag>),
}

#[derive(Clone, Debug)]
pub(super) struct MarkDrag {
    pub(super) hit: Hit,
    pub(super) before: Geometry,
    pub(super) start: PatientPoint,
    pub(super) now: Geometry,
}
