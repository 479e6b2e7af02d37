//! Fingers on a view. One finger is the left button; two move and magnify the picture, three go through the slices, and one
//! that rests is the menu. A pen is one finger, whatever its pressure.

use egui::{Event, MultiTouchInfo, Response, Ui, Vec2};
use session::{ViewCommand, ViewIdx};

use super::{Over, POINTS_PER_SLICE};
use crate::Action;

/// Half of what a finger hits at least, points.
const FINGER: f32 = 16.0;

/// Several fingers, or one that rests, until all are lifted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fingers {
    /// The view that they are on.
    on: Option<ViewIdx>,
    /// What is left of slices that were not whole, points.
    rest: f32,
}

/// What the fingers do with a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Touching {
    /// Nothing that is not the pointer's as well.
    No,
    /// They began: what one finger was doing is given up.
    Began,
    /// They go on, or were just lifted.
    GoOn,
}

impl Fingers {
    /// Takes what several fingers do.
    pub(super) fn act(
        &mut self,
        ui: &Ui,
        response: &Response,
        over: &Over<'_>,
        out: &mut Vec<Action>,
    ) -> Touching {
        let (touches, fingers) = ui.input(|input| (input.any_touches(), input.multi_touch()));
        let was_on = self.on == Some(over.view.idx);
        if !touches {
            // The lift of the last finger is no click.
            *self = match was_on {
                true => Self::default(),
                false => *self,
            };
            return if was_on { Touching::GoOn } else { Touching::No };
        }
        if was_on {
            if let Some(fingers) = fingers {
                self.go_on(over, &fingers, out);
            }
            return Touching::GoOn;
        }
        let begin = fingers.is_some_and(|fingers| begins_here(ui, over, &fingers));
        if self.on.is_some() || !(begin || response.long_touched()) {
            return Touching::No;
        }
        self.on = Some(over.view.idx);
        match begin {
            true => Touching::Began,
            // The menu opens with this pass; the finger does nothing else any more.
            false => Touching::No,
        }
    }

    fn go_on(&mut self, over: &Over<'_>, fingers: &MultiTouchInfo, out: &mut Vec<Action>) {
        let view = over.view.idx;
        let way = fingers.translation_delta;
        if 2 < fingers.num_touches {
            self.rest += way.y / POINTS_PER_SLICE;
            let whole = self.rest.trunc();
            self.rest -= whole;
            if whole != 0.0 {
                out.push(ViewCommand::Scroll(view, whole as i32).into());
            }
            return;
        }
        if way != Vec2::ZERO {
            let pixels = |v: f32| f64::from(v * over.screen.pixels_per_point);
            out.push(ViewCommand::Pan(view, [pixels(way.x), pixels(way.y)]).into());
        }
        let factor = f64::from(fingers.zoom_delta);
        if factor != 1.0 && factor.is_finite() && 0.0 < factor {
            let about_px = over.screen.pixel(fingers.center_pos);
            out.push(
                ViewCommand::Zoom {
                    view,
                    factor,
                    about_px,
                }
                .into(),
            );
        }
    }
}

/// Are the fingers on this view, and on nothing that lies over it?
fn begins_here(ui: &Ui, over: &Over<'_>, fingers: &MultiTouchInfo) -> bool {
    let at = fingers.start_pos;
    let layer = ui.ctx().layer_id_at(at);
    over.screen.rect.contains(at) && layer.is_none_or(|layer| layer == ui.layer_id())
}

/// Magnifies by a pinch on a touch pad, about the pointer.
pub(super) fn pinch(ui: &Ui, over: &Over<'_>, out: &mut Vec<Action>) {
    let factor: f32 = ui.input(|input| {
        let pinches = input.raw.events.iter().filter_map(|event| match event {
            Event::Zoom(factor) => Some(*factor),
            _ => None,
        });
        pinches.product()
    });
    let pos = ui.input(|input| input.pointer.hover_pos());
    if let Some(pos) = pos.filter(|_| factor != 1.0 && factor.is_finite() && 0.0 < factor) {
        out.push(
            ViewCommand::Zoom {
                view: over.view.idx,
                factor: f64::from(factor),
                about_px: over.screen.pixel(pos),
            }
            .into(),
        );
    }
}

/// How near a finger or the pointer must be: as near as said, or within what a finger covers once there was one.
pub(super) fn reach(ui: &Ui, of_pointer: f32) -> f32 {
    match ui.input(|input| input.has_touch_screen()) {
        true => of_pointer.max(FINGER),
        false => of_pointer,
    }
}
