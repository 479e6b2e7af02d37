//! A drag that goes on, and what it leaves when the button is let go.

use egui::{Pos2, Response, Ui, Vec2};
use session::{ReadCommand, ViewCommand};

use super::{Drag, Hand, Over, POINTS_PER_SLICE, cursor_at};
use crate::Action;
use crate::viewport::crosshair::plane_lines;
use crate::viewport::shape::with_handle_at;

/// Windowing with Ctrl, and with Ctrl and Shift.
const COARSE: f64 = 2.5;
const FINE: f64 = 0.2;
/// Magnification of a point of dragging.
const ZOOM_PER_POINT: f64 = 0.008;

impl Hand {
    /// Goes on with a drag, and ends it.
    pub(super) fn go_on(
        &mut self,
        ui: &Ui,
        response: &Response,
        over: &Over<'_>,
        pos: Pos2,
        out: &mut Vec<Action>,
    ) {
        let idx = over.view.idx;
        let Some((of, drag)) = &mut self.drag else {
            return;
        };
        if *of != idx {
            return;
        }
        let delta = if response.dragged() {
            response.drag_delta()
        } else {
            Vec2::ZERO
        };
        let modifiers = ui.input(|input| input.modifiers);
        let pixels = |v: f32| f64::from(v * over.screen.pixels_per_point);
        match drag {
            Drag::Window if delta != Vec2::ZERO => {
                let gain = match (modifiers.command, modifiers.shift) {
                    (true, true) => FINE,
                    (true, false) => COARSE,
                    (false, _) => 1.0,
                };
                let way = if over.s.bindings.invert_level {
                    -1.0
                } else {
                    1.0
                };
                let [right_px, down_px] = [delta.x, delta.y * way].map(|v| f64::from(v) * gain);
                out.push(
                    ViewCommand::DragWindow {
                        view: idx,
                        right_px,
                        down_px,
                    }
                    .into(),
                );
            }
            Drag::Pan if delta != Vec2::ZERO => {
                out.push(ViewCommand::Pan(idx, [pixels(delta.x), pixels(delta.y)]).into());
            }
            Drag::Zoom { about_px } if delta.y != 0.0 => {
                let factor = (-f64::from(delta.y) * ZOOM_PER_POINT).exp();
                out.push(
                    ViewCommand::Zoom {
                        view: idx,
                        factor,
                        about_px: *about_px,
                    }
                    .into(),
                );
            }
            Drag::Scroll { rest } => {
                *rest += delta.y / POINTS_PER_SLICE;
                let whole = rest.trunc();
                *rest -= whole;
                if whole != 0.0 {
                    out.push(ViewCommand::Scroll(idx, whole as i32).into());
                }
            }
            Drag::Crosshair => out.extend(cursor_at(over, pos)),
            Drag::Plane(drag) => {
                let lines = plane_lines(over.s, over.view, over.screen);
                let at = (pos, modifiers.command);
                out.extend(drag.go_on((idx, over.screen), &lines, over.s.cursor, at));
            }
            Drag::Orbit if delta != Vec2::ZERO => {
                let [right, down] = [delta.x, delta.y].map(f64::from);
                out.push(
                    ViewCommand::Orbit {
                        view: idx,
                        right,
                        down,
                    }
                    .into(),
                );
            }
            Drag::Mark(drag) => {
                let pos = over.snapped(ui, pos, Some(drag.hit.id));
                let by = over.screen.place(pos) - drag.start;
                drag.now = match drag.hit.handle {
                    Some(handle_idx) => with_handle_at(&drag.before, handle_idx, by),
                    None => drag.before.moved(by),
                };
            }
            Drag::Draw => {
                if let Some(draft) = &mut self.draft {
                    self.way.go_on().for_each(|pos| draft.follow(over, pos));
                }
            }
            Drag::Window | Drag::Pan | Drag::Zoom { .. } | Drag::Orbit => {}
            Drag::Lens | Drag::WindowBox { .. } => {}
        }
        if ui.input(|input| input.pointer.any_released())
            || !ui.input(|input| input.pointer.any_down())
        {
            self.end(ui, over, pos, out);
        }
    }

    /// Lets go: what was changed becomes one step of the record.
    pub(super) fn end(&mut self, ui: &Ui, over: &Over<'_>, pos: Pos2, out: &mut Vec<Action>) {
        let Some((_, drag)) = self.drag.take() else {
            return;
        };
        match drag {
            Drag::Mark(drag) if drag.now != drag.before => {
                let command = match drag.hit.handle {
                    Some(_) => ReadCommand::ReshapeMark {
                        id: drag.hit.id,
                        geometry: drag.now,
                    },
                    None => ReadCommand::MoveMark {
                        id: drag.hit.id,
                        by: over.screen.place(pos) - drag.start,
                    },
                };
                out.push(command.into());
            }
            Drag::Draw => self.add_place(over, over.snapped(ui, pos, None), out),
            Drag::WindowBox { origin } => {
                let box_drawn = ViewCommand::WindowOfBox {
                    view: over.view.idx,
                    from_px: over.screen.pixel(origin),
                    to_px: over.screen.pixel(pos),
                };
                out.push(box_drawn.into());
            }
            Drag::Mark(_)
            | Drag::Window
            | Drag::Pan
            | Drag::Zoom { .. }
            | Drag::Scroll { .. }
            | Drag::Orbit
            | Drag::Plane(_)
            | Drag::Lens
            | Drag::Crosshair => {}
        }
    }
}
