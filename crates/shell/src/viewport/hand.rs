//! What the mouse does to a picture and to the marks on it.

use case::{AnnotationId, Geometry};
use egui::{CursorIcon, Key, PointerButton, Pos2, Rect, Response, Ui, Vec2, vec2};
use session::commands::COMMANDS;
use session::{
    ReadCommand, Snapshot, Tool, ViewCommand, ViewIdx, ViewKind, ViewSnapshot, sketch_label,
};
use space::PatientPoint;
use ui_kit::{over_image, t};

use super::marks::{DrawnMark, Hit, hit, paint_label};
use super::on_screen::OnScreen;
use super::shape::{n_places, shape_of, strokes, with_handle_at};
use super::stroke::{Line, paint_handle, paint_lines};
use super::wheel::Wheel;
use crate::Action;

/// Windowing with Ctrl, and with Ctrl and Shift.
const COARSE: f64 = 2.5;
const FINE: f64 = 0.2;
/// Magnification of a point of dragging.
const ZOOM_PER_POINT: f64 = 0.008;
/// Points of dragging that move by one slice.
const POINTS_PER_SLICE: f32 = 6.0;
/// A shape shorter than this was not meant, points.
const MIN_DRAG: f32 = 3.0;

/// What the hand is over.
#[derive(Clone, Copy)]
pub(crate) struct Over<'a> {
    pub(crate) s: &'a Snapshot,
    pub(crate) view: &'a ViewSnapshot,
    pub(crate) screen: &'a OnScreen,
    pub(crate) drawn: &'a [DrawnMark],
    pub(crate) selected: Option<AnnotationId>,
}

/// A drag that goes on.
#[derive(Clone, Debug)]
enum Drag {
    Window,
    Pan,
    Zoom {
        about_px: [f64; 2],
    },
    Scroll {
        rest: f32,
    },
    Crosshair,
    /// A projection is turned.
    Orbit,
    /// A shape is drawn.
    Draw,
    /// A mark is changed: one step of the record, when the button is let go.
    Mark(Box<MarkDrag>),
}

#[derive(Clone, Debug)]
struct MarkDrag {
    hit: Hit,
    before: Geometry,
    start: PatientPoint,
    now: Geometry,
}

/// A shape that is not finished.
#[derive(Clone, Debug)]
struct Draft {
    view: ViewIdx,
    tool: Tool,
    places: Vec<PatientPoint>,
}

/// An arrow that waits for its words.
#[derive(Clone, Debug)]
struct ArrowText {
    view: ViewIdx,
    geometry: Geometry,
    at: Pos2,
    text: String,
    has_focus: bool,
}

/// The mouse over the views.
#[derive(Default)]
pub(crate) struct Hand {
    drag: Option<(ViewIdx, Drag)>,
    draft: Option<Draft>,
    arrow: Option<ArrowText>,
    wheel: Wheel,
    /// Where the menu was asked for.
    pub(crate) menu_at: Option<(ViewIdx, PatientPoint, Option<Hit>)>,
}

impl Hand {
    /// The mark that is being dragged, as it would be.
    pub(crate) fn dragged(&self) -> Option<(AnnotationId, &Geometry)> {
        match &self.drag {
            Some((_, Drag::Mark(drag))) => Some((drag.hit.id, &drag.now)),
            _ => None,
        }
    }

    /// Takes back what is not finished; `false` when there was nothing.
    pub(crate) fn cancel(&mut self) -> bool {
        let unfinished = self.draft.take().is_some() | self.arrow.take().is_some();
        let changing = matches!(&self.drag, Some((_, Drag::Mark(_) | Drag::Draw)));
        if changing {
            self.drag = None;
        }
        unfinished || changing
    }

    /// Takes what the mouse does over a view; gives the mark that is selected after it.
    pub(crate) fn act(
        &mut self,
        ui: &Ui,
        response: &Response,
        over: &Over<'_>,
        out: &mut Vec<Action>,
    ) -> Option<AnnotationId> {
        let mut selected = over.selected;
        let pos = ui.input(|input| input.pointer.interact_pos());
        let pressed = response.contains_pointer() && ui.input(|input| input.pointer.any_pressed());
        // On a slow machine a click is pressed and let go within one frame, and is not down any more when it is seen.
        if (pressed && response.is_pointer_button_down_on()) || response.clicked() {
            ui.memory_mut(|memory| memory.request_focus(response.id));
            if over.s.active != over.view.idx {
                out.push(ViewCommand::Focus(over.view.idx).into());
            }
        }
        if response.hovered() {
            self.wheel.act(ui, over.view, over.screen, out);
            self.point_with_shift(ui, over, out);
        }
        if let Some(pos) = pos {
            selected = self.start(ui, response, over, selected, out);
            self.go_on(ui, response, over, pos, out);
            selected = self.click(ui, response, over, pos, selected, out);
        }
        self.cursor_icon(ui, response, over);
        selected
    }

    /// Begins a drag by its button.
    fn start(
        &mut self,
        ui: &Ui,
        response: &Response,
        over: &Over<'_>,
        selected: Option<AnnotationId>,
        out: &mut Vec<Action>,
    ) -> Option<AnnotationId> {
        let Some(origin) = ui.input(|input| input.pointer.press_origin()) else {
            return selected;
        };
        let modifiers = ui.input(|input| input.modifiers);
        let idx = over.view.idx;
        if response.drag_started_by(PointerButton::Middle) {
            self.drag = Some((idx, Drag::Pan));
        } else if response.drag_started_by(PointerButton::Secondary) {
            self.drag = Some((
                idx,
                Drag::Zoom {
                    about_px: over.screen.pixel(origin),
                },
            ));
        } else if response.drag_started_by(PointerButton::Primary) {
            let on_mark = hit(over.drawn, origin, selected)
                .filter(|_| may_mark(over.s) && self.draft.is_none());
            if let Some((hit, mark)) =
                on_mark.and_then(|h| Some((h, over.drawn.iter().find(|m| m.id == h.id)?)))
            {
                let start = over.screen.place(origin);
                let drag = MarkDrag {
                    hit,
                    before: mark.geometry.clone(),
                    start,
                    now: mark.geometry.clone(),
                };
                self.drag = Some((idx, Drag::Mark(Box::new(drag))));
                out.push(ReadCommand::Select(Some(hit.finding)).into());
                return Some(hit.id);
            }
            let shift_only = modifiers.shift && !modifiers.command;
            let drag = match over.view.kind {
                ViewKind::Rendering if shift_only => Drag::Crosshair,
                // The window tool turns a rendering; with Ctrl it moves the values that are lit.
                ViewKind::Rendering if !modifiers.command && turns(over.s.tool) => Drag::Orbit,
                ViewKind::Mip if shift_only => Drag::Orbit,
                _ if shift_only => Drag::Crosshair,
                _ => self.drag_of_tool(over, origin),
            };
            self.drag = Some((idx, drag));
        }
        selected
    }

    fn drag_of_tool(&mut self, over: &Over<'_>, origin: Pos2) -> Drag {
        match over.s.tool {
            Tool::Window => Drag::Window,
            Tool::Pan => Drag::Pan,
            Tool::Zoom => Drag::Zoom {
                about_px: over.screen.pixel(origin),
            },
            Tool::Scroll => Drag::Scroll { rest: 0.0 },
            Tool::Crosshair => Drag::Crosshair,
            tool @ (Tool::Length
            | Tool::Angle
            | Tool::Bidirectional
            | Tool::CobbAngle
            | Tool::Ellipse
            | Tool::Arrow
            | Tool::Probe) => {
                // A projection has no depth, so nothing can be measured on it.
                if !may_mark(over.s) || over.view.kind.is_projection() {
                    return Drag::Window;
                }
                let waiting = self
                    .draft
                    .as_ref()
                    .is_some_and(|d| d.view == over.view.idx && d.tool == tool);
                let place = over.screen.place(origin);
                match &mut self.draft {
                    // The second line of two begins where the hand presses again.
                    Some(draft)
                        if waiting && n_places(tool) == Some(4) && draft.places.len() == 2 =>
                    {
                        draft.places.push(place);
                    }
                    Some(_) if waiting => {}
                    _ => {
                        self.draft = Some(Draft {
                            view: over.view.idx,
                            tool,
                            places: vec![place],
                        });
                    }
                }
                Drag::Draw
            }
        }
    }

    /// Goes on with a drag, and ends it.
    fn go_on(
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
                let [right_px, down_px] = [delta.x, delta.y].map(|v| f64::from(v) * gain);
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
                let by = over.screen.place(pos) - drag.start;
                drag.now = match drag.hit.handle {
                    Some(handle_idx) => with_handle_at(&drag.before, handle_idx, by),
                    None => drag.before.moved(by),
                };
            }
            Drag::Window | Drag::Pan | Drag::Zoom { .. } | Drag::Orbit | Drag::Draw => {}
        }
        if ui.input(|input| input.pointer.any_released())
            || !ui.input(|input| input.pointer.any_down())
        {
            self.end(over, pos, out);
        }
    }

    /// Lets go: what was changed becomes one step of the record.
    fn end(&mut self, over: &Over<'_>, pos: Pos2, out: &mut Vec<Action>) {
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
            Drag::Draw => self.add_place(over, pos, out),
            Drag::Mark(_)
            | Drag::Window
            | Drag::Pan
            | Drag::Zoom { .. }
            | Drag::Scroll { .. }
            | Drag::Orbit
            | Drag::Crosshair => {}
        }
    }

    /// Takes a press that was no drag.
    fn click(
        &mut self,
        ui: &Ui,
        response: &Response,
        over: &Over<'_>,
        pos: Pos2,
        selected: Option<AnnotationId>,
        out: &mut Vec<Action>,
    ) -> Option<AnnotationId> {
        let on_mark = hit(over.drawn, pos, selected);
        if response.secondary_clicked() {
            self.menu_at = Some((over.view.idx, over.screen.place(pos), on_mark));
            self.draft = None;
        }
        let draws =
            n_places(over.s.tool).is_some() && may_mark(over.s) && !over.view.kind.is_projection();
        if response.double_clicked() && self.draft.is_none() && over.s.tool != Tool::Probe {
            out.push(ViewCommand::ToggleOneUp(over.view.idx).into());
            return selected;
        }
        if !response.clicked() {
            return selected;
        }
        if let Some(found) = on_mark.filter(|_| self.draft.is_none()) {
            out.push(ReadCommand::Select(Some(found.finding)).into());
            return Some(found.id);
        }
        if over.s.tool == Tool::Crosshair || ui.input(|input| input.modifiers.shift) {
            out.extend(cursor_at(over, pos));
        } else if draws {
            let tool = over.s.tool;
            let waiting = self
                .draft
                .as_ref()
                .is_some_and(|d| d.view == over.view.idx && d.tool == tool);
            if !waiting {
                self.draft = Some(Draft {
                    view: over.view.idx,
                    tool,
                    places: Vec::new(),
                });
            }
            self.add_place(over, pos, out);
        }
        None
    }

    /// Adds a place to the draft; with the last one the shape is done.
    fn add_place(&mut self, over: &Over<'_>, pos: Pos2, out: &mut Vec<Action>) {
        let Some(mut draft) = self.draft.take() else {
            return;
        };
        let place = over.screen.place(pos);
        let too_near = |last: &PatientPoint| over.screen.pos(*last).distance(pos) < MIN_DRAG;
        if draft.tool != Tool::Probe && draft.places.last().is_some_and(too_near) {
            self.draft = Some(draft);
            return;
        }
        draft.places.push(place);
        if draft.places.len() < n_places(draft.tool).unwrap_or(1) {
            self.draft = Some(draft);
            return;
        }
        let Some(geometry) = shape_of(draft.tool, &draft.places, &over.screen.plane) else {
            return;
        };
        if draft.tool == Tool::Arrow {
            let (view, text) = (over.view.idx, String::new());
            self.arrow = Some(ArrowText {
                view,
                geometry,
                at: pos,
                text,
                has_focus: false,
            });
        } else {
            out.push(
                ReadCommand::AddMark {
                    view: over.view.idx,
                    geometry,
                }
                .into(),
            );
        }
    }

    /// Shift and a moving pointer carry the crosshair through all views.
    fn point_with_shift(&self, ui: &Ui, over: &Over<'_>, out: &mut Vec<Action>) {
        let (carries, pos) = ui.input(|input| {
            let moved = input.pointer.delta() != Vec2::ZERO && !input.pointer.any_down();
            (
                moved && input.modifiers.shift && !input.modifiers.command,
                input.pointer.hover_pos(),
            )
        });
        if let (true, Some(pos)) = (carries, pos) {
            out.extend(cursor_at(over, pos));
        }
    }

    fn cursor_icon(&self, ui: &Ui, response: &Response, over: &Over<'_>) {
        if !response.hovered() && !response.dragged() {
            return;
        }
        let on_mark = response
            .hover_pos()
            .and_then(|pos| hit(over.drawn, pos, over.selected));
        let icon = match (&self.drag, on_mark) {
            (Some((_, Drag::Pan)), _) => CursorIcon::Grabbing,
            (Some((_, Drag::Mark(_))), _) => CursorIcon::Grabbing,
            (Some(_), _) => CursorIcon::Default,
            (
                None,
                Some(Hit {
                    handle: Some(_), ..
                }),
            ) => CursorIcon::Crosshair,
            (None, Some(_)) => CursorIcon::Grab,
            (None, None) => match over.s.tool {
                Tool::Pan => CursorIcon::Grab,
                Tool::Zoom => CursorIcon::ZoomIn,
                Tool::Crosshair
                | Tool::Length
                | Tool::Angle
                | Tool::Bidirectional
                | Tool::CobbAngle
                | Tool::Ellipse
                | Tool::Arrow
                | Tool::Probe => CursorIcon::Crosshair,
                Tool::Window | Tool::Scroll => CursorIcon::Default,
            },
        };
        ui.ctx().set_cursor_icon(icon);
    }

    /// Paints the shape that is being drawn in this view.
    pub(crate) fn paint_draft(
        &self,
        painter: &egui::Painter,
        s: &Snapshot,
        view: &ViewSnapshot,
        screen: &OnScreen,
        taken: &mut Vec<Rect>,
    ) {
        let waiting = self
            .arrow
            .as_ref()
            .filter(|arrow| arrow.view == view.idx)
            .map(|arrow| arrow.geometry.clone());
        let draft = self
            .draft
            .as_ref()
            .filter(|draft| draft.view == view.idx && draft.tool == s.tool);
        let growing = draft.and_then(|draft| {
            let pos = painter.ctx().input(|input| input.pointer.latest_pos())?;
            let places: Vec<PatientPoint> = draft
                .places
                .iter()
                .copied()
                .chain([screen.place(pos)])
                .collect();
            shape_of(draft.tool, &places, &screen.plane)
        });
        let Some(geometry) = waiting.or(growing) else {
            for place in draft.iter().flat_map(|draft| &draft.places) {
                paint_handle(painter, screen.pos(*place), over_image::SECOND);
            }
            return;
        };
        let shape = strokes(&geometry, screen);
        paint_lines(painter, &shape.lines, over_image::SECOND, Line::Solid);
        for handle in &shape.handles {
            paint_handle(painter, *handle, over_image::SECOND);
        }
        let words = view.volume.as_ref().map_or(String::new(), |volume| {
            let slice_idx = (view.kind == ViewKind::Stack).then_some(view.slice[0]);
            sketch_label(volume, slice_idx, &geometry)
        });
        if !words.is_empty() {
            paint_label(
                painter,
                (shape.bounds(), &shape),
                ("", &words),
                screen.rect,
                taken,
            );
        }
    }

    /// The field for the words of an arrow, at its tail. Enter keeps it, Escape takes it back.
    pub(crate) fn arrow_text_ui(&mut self, ui: &Ui, s: &Snapshot, out: &mut Vec<Action>) {
        let Some(arrow) = &mut self.arrow else { return };
        let id = egui::Id::unique("arrow text");
        let area = egui::Area::new(id)
            .order(egui::Order::Foreground)
            .fixed_pos(arrow.at + vec2(8.0, -14.0));
        let shown = area.show(ui.ctx(), |ui| {
            let field = ui_kit::TextField::new(&mut arrow.text, t("mark.arrow_text"))
                .hint(t("mark.arrow_hint"));
            field.width(220.0).show(ui)
        });
        let field = shown.inner;
        if !arrow.has_focus {
            field.request_focus();
            arrow.has_focus = true;
        }
        let (enter, escape) = ui.input(|input| {
            (
                input.key_pressed(Key::Enter),
                input.key_pressed(Key::Escape),
            )
        });
        let elsewhere = field.clicked_elsewhere();
        if escape || s.views.get(arrow.view.0).is_none() {
            self.arrow = None;
        } else if (enter || elsewhere)
            && let Some(arrow) = self.arrow.take()
        {
            let geometry = match arrow.geometry {
                Geometry::Arrow { tip, tail, .. } => Geometry::Arrow {
                    tip,
                    tail,
                    text: arrow.text.trim().to_owned(),
                },
                other => other,
            };
            out.push(
                ReadCommand::AddMark {
                    view: arrow.view,
                    geometry,
                }
                .into(),
            );
        }
    }
}

/// Puts the crosshair under a point of the view. A projection says where across, the crosshair keeps its depth.
fn cursor_at(over: &Over<'_>, pos: Pos2) -> Option<Action> {
    if over.view.kind == ViewKind::Rendering {
        // The session finds the surface that is seen there.
        return Some(ViewCommand::PointAt(over.view.idx, over.screen.pixel(pos)).into());
    }
    let mut place = over.screen.place(pos);
    if over.view.kind == ViewKind::Mip {
        let depth_mm = over
            .s
            .cursor
            .map_or(0.0, |cursor| over.screen.plane.distance_mm(cursor));
        place = place + over.screen.plane.frame.away * depth_mm;
    }
    let inside = over
        .view
        .volume
        .as_ref()
        .is_none_or(|volume| volume.grid.contains(place));
    inside.then(|| ViewCommand::SetCursor(place).into())
}

/// Does a drag with this tool turn a rendering? Those that move the picture do that; nothing can be drawn on it.
fn turns(tool: Tool) -> bool {
    match tool {
        Tool::Pan | Tool::Zoom | Tool::Crosshair => false,
        Tool::Window
        | Tool::Scroll
        | Tool::Length
        | Tool::Angle
        | Tool::Bidirectional
        | Tool::CobbAngle
        | Tool::Ellipse
        | Tool::Arrow
        | Tool::Probe => true,
    }
}

/// May marks be made and changed now? The table of commands knows.
pub(crate) fn may_mark(s: &Snapshot) -> bool {
    COMMANDS
        .iter()
        .find(|spec| spec.id == "tool_length")
        .is_some_and(|spec| (spec.enabled)(s))
}
