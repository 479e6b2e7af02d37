use case::Geometry;
use egui::Pos2;
use session::{Snapshot, SpineLabels, Tool, ViewIdx};
use space::PatientPoint;

use super::Over;
use crate::viewport::on_screen::OnScreen;
use crate::viewport::shape::{Drawing, drawing, shape_of};

/// A shape shorter than this was not meant, points.
const MIN_DRAG: f32 = 3.0;
/// A press this near to the first corner closes the outline, points.
const CLOSES: f32 = 8.0;
/// Corners of a shape at most. A longer trail loses every other of its places.
const MAX_CORNERS: usize = 1000;

/// A shape that is not finished.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    view: ViewIdx,
    tool: Tool,
    drawing: Drawing,
    spine: SpineLabels,
    places: Vec<PatientPoint>,
    /// Distance between the places of a trail, points.
    stride: f32,
}

/// Is a shape done?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// It needs more places.
    Waits,
    /// It has them all.
    Done,
}

impl Draft {
    fn new(over: &Over<'_>, drawing: Drawing, places: Vec<PatientPoint>) -> Self {
        Self {
            view: over.view.idx,
            tool: over.s.tool,
            drawing,
            spine: over.s.spine,
            places,
            stride: MIN_DRAG,
        }
    }

    /// The button goes down for a drag: a shape begins, or one that waits goes on.
    pub(super) fn press(draft: &mut Option<Self>, over: &Over<'_>, origin: Pos2) {
        let Some(drawing) = drawing(over.s.tool) else {
            return;
        };
        let place = over.screen.place(origin);
        match draft {
            Some(draft) if draft.is_of(over.view.idx, over.s.tool) => {
                // The second line of two begins where the hand presses again.
                if drawing == Drawing::TwoLines && draft.places.len() == 2 {
                    draft.places.push(place);
                }
            }
            _ => *draft = Some(Self::new(over, drawing, vec![place])),
        }
    }

    /// A click begins a shape where none waits.
    pub(super) fn click(draft: &mut Option<Self>, over: &Over<'_>) {
        let waits = draft
            .as_ref()
            .is_some_and(|draft| draft.is_of(over.view.idx, over.s.tool));
        if !waits {
            *draft = drawing(over.s.tool).map(|drawing| Self::new(over, drawing, Vec::new()));
        }
    }

    /// The pointer moves while the button is down: a trail grows.
    pub(super) fn follow(&mut self, over: &Over<'_>, pos: Pos2) {
        let far = |last: &PatientPoint| self.stride <= over.screen.pos(*last).distance(pos);
        if self.drawing != Drawing::Trail || !self.places.last().is_none_or(far) {
            return;
        }
        self.places.push(over.screen.place(pos));
        if MAX_CORNERS < self.places.len() {
            let mut keep = false;
            self.places.retain(|_| {
                keep = !keep;
                keep
            });
            self.stride *= 2.0;
        }
    }

    /// Adds a place; a press on a place that is there ends a shape of any number of corners.
    pub(super) fn add(&mut self, over: &Over<'_>, pos: Pos2) -> Progress {
        let near = |place: Option<&PatientPoint>, reach: f32| {
            place.is_some_and(|place| over.screen.pos(*place).distance(pos) < reach)
        };
        let n = self.places.len();
        match self.drawing {
            Drawing::Trail => return Progress::Done,
            Drawing::Corners(least) => {
                let closes =
                    3 <= n && self.tool == Tool::Polygon && near(self.places.first(), CLOSES);
                if closes || near(self.places.last(), MIN_DRAG) {
                    return if n < least {
                        Progress::Waits
                    } else {
                        Progress::Done
                    };
                }
                self.places.push(over.screen.place(pos));
                return if n < MAX_CORNERS {
                    Progress::Waits
                } else {
                    Progress::Done
                };
            }
            Drawing::Places(_) | Drawing::TwoLines => {}
        }
        if near(self.places.last(), MIN_DRAG) {
            return Progress::Waits;
        }
        self.places.push(over.screen.place(pos));
        let needed = match self.drawing {
            Drawing::Places(n) => n,
            Drawing::TwoLines => 4,
            Drawing::Corners(_) | Drawing::Trail => usize::MAX,
        };
        if self.places.len() < needed {
            Progress::Waits
        } else {
            Progress::Done
        }
    }

    /// The finished shape; `None` when it has no size.
    pub(super) fn shape(&self, over: &Over<'_>) -> Option<Geometry> {
        shape_of((self.tool, self.spine), &self.places, &over.screen.plane)
    }

    /// The shape as it would be with a place under the pointer.
    pub(super) fn growing(
        &self,
        painter: &egui::Painter,
        s: &Snapshot,
        screen: &OnScreen,
    ) -> Option<Geometry> {
        let pos = painter.ctx().input(|input| input.pointer.latest_pos())?;
        let pointed = (self.drawing != Drawing::Trail).then(|| screen.place(pos));
        let places: Vec<PatientPoint> = self.places.iter().copied().chain(pointed).collect();
        shape_of((self.tool, s.spine), &places, &screen.plane)
    }

    /// Is it being drawn with a tool in a view?
    pub(super) fn is_of(&self, view: ViewIdx, tool: Tool) -> bool {
        self.view == view && self.tool == tool
    }

    pub(super) fn tool(&self) -> Tool {
        self.tool
    }

    pub(super) fn places(&self) -> &[PatientPoint] {
        &self.places
    }
}
