//! What the mouse does to a picture and to the marks on it.

mod draft;
mod fingers;
mod going;
mod over;
mod sketch;
mod way;
mod words;

use case::{AnnotationId, Geometry};
use egui::{CursorIcon, Modifiers, PointerButton, Pos2, Response, Ui, Vec2};
use session::commands::COMMANDS;
use session::{
    Held, MouseAction, MouseGesture, ReadCommand, Snapshot, Tool, ViewCommand, ViewIdx, ViewKind,
};
use space::PatientPoint;

use super::crosshair::plane_lines;
use super::marks::{HALO, Hit, hit};
use super::plane_handles::{REACH, handle_at};
use super::shape::{Drawing, drawing};
use super::wheel::Wheel;
use crate::Action;
use draft::{Draft, Progress};
use fingers::{Fingers, Touching, pinch, reach};
pub(crate) use over::Over;
use over::{Drag, MarkDrag};
use way::Way;
use words::Words;

/// Points of dragging that move by one slice.
const POINTS_PER_SLICE: f32 = 6.0;

/// The mouse over the views.
#[derive(Default)]
pub(crate) struct Hand {
    drag: Option<(ViewIdx, Drag)>,
    draft: Option<Draft>,
    words: Option<Words>,
    way: Way,
    wheel: Wheel,
    /// The view in which the crosshair is carried in this pass, and in the last.
    carries: Option<ViewIdx>,
    carried_in: Option<ViewIdx>,
    fingers: Fingers,
    /// Where the menu was asked for.
    pub(crate) menu_at: Option<(ViewIdx, PatientPoint, Option<Hit>)>,
}

impl Hand {
    /// Takes an input of nothing but turns of the wheel over a view; see [`Wheel::take`].
    pub(crate) fn take_wheel(&mut self, input: &mut egui::RawInput) -> bool {
        self.wheel.take(input)
    }

    /// Ends a pass over all views.
    pub(crate) fn end_pass(&mut self) {
        self.wheel.forget_taken();
        self.carried_in = self.carries.take();
    }

    /// The view in which the pointer carried the crosshair in the last pass.
    pub(crate) fn carried_in(&self) -> Option<ViewIdx> {
        self.carried_in
    }

    /// The mark that is being dragged, as it would be.
    pub(crate) fn dragged(&self) -> Option<(AnnotationId, &Geometry)> {
        match &self.drag {
            Some((_, Drag::Mark(drag))) => Some((drag.hit.id, &drag.now)),
            _ => None,
        }
    }

    /// Is a lens held over a view?
    pub(crate) fn holds_lens(&self, view: ViewIdx) -> bool {
        matches!(self.drag, Some((of, Drag::Lens)) if of == view)
    }

    /// Where the box that is being drawn over a view began.
    pub(crate) fn box_origin(&self, view: ViewIdx) -> Option<Pos2> {
        match &self.drag {
            Some((of, Drag::WindowBox { origin })) if *of == view => Some(*origin),
            _ => None,
        }
    }

    /// Takes back what is not finished; `false` when there was nothing.
    pub(crate) fn cancel(&mut self) -> bool {
        let unfinished = self.draft.take().is_some() | self.words.take().is_some();
        let changing = matches!(
            &self.drag,
            Some((_, Drag::Mark(_) | Drag::Draw | Drag::WindowBox { .. }))
        );
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
        match self.fingers.act(ui, response, over, out) {
            Touching::No => {}
            Touching::GoOn => return selected,
            Touching::Began => {
                self.give_up();
                return selected;
            }
        }
        self.way.note(ui);
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
            self.wheel
                .act(ui, (&over.s.bindings, over.view), over.screen, out);
            pinch(ui, over, out);
            self.carry_crosshair(ui, over, out);
        }
        if let Some(pos) = pos {
            selected = self.start(ui, response, over, selected, out);
            self.join(ui, over, pos);
            self.go_on(ui, response, over, pos, out);
            selected = self.click(ui, response, over, pos, selected, out);
        }
        self.cursor_icon(ui, response, over);
        selected
    }

    /// What one finger began is none of it when more come down.
    fn give_up(&mut self) {
        if let Some((_, Drag::Draw)) = self.drag.take() {
            self.draft = None;
        }
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
        let started = |button| response.drag_started_by(button);
        let action = |gesture| over.s.bindings.mouse(gesture, held(modifiers));
        if started(PointerButton::Primary) && started(PointerButton::Secondary) {
            self.begin(over, origin, action(MouseGesture::BothDrag));
        } else if started(PointerButton::Middle) {
            self.begin(over, origin, action(MouseGesture::MiddleDrag));
        } else if started(PointerButton::Secondary) {
            self.begin(over, origin, action(MouseGesture::RightDrag));
        } else if started(PointerButton::Primary) {
            let on_mark = hit(over.drawn, origin, (selected, reach(ui, HALO)))
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
                out.push(ReadCommand::Select(hit.finding).into());
                return Some(hit.id);
            }
            let lines = plane_lines(over.s, over.view, over.screen);
            let at = (origin, reach(ui, REACH));
            let handle = handle_at(&lines, over.screen.rect, at, over.s.tool);
            if let Some(handle) = handle.filter(|_| !modifiers.shift) {
                self.drag = Some((idx, Drag::Plane(handle.grab(origin))));
                return selected;
            }
            let action = action(MouseGesture::LeftDrag);
            // The window tool turns a rendering; with Ctrl it moves the values that are lit.
            let turns = over.view.kind == ViewKind::Rendering
                && action == MouseAction::ActiveTool
                && !modifiers.command
                && turns(over.s.tool);
            if turns {
                self.drag = Some((idx, Drag::Orbit));
            } else {
                self.begin(over, origin, action);
            }
        }
        selected
    }

    /// Begins what the bindings say.
    fn begin(&mut self, over: &Over<'_>, origin: Pos2, action: MouseAction) {
        let drag = match action {
            MouseAction::ActiveTool => self.drag_of_tool(over, origin),
            MouseAction::Window => Drag::Window,
            MouseAction::Pan => Drag::Pan,
            MouseAction::Zoom => Drag::Zoom {
                about_px: over.screen.pixel(origin),
            },
            MouseAction::Scroll => Drag::Scroll { rest: 0.0 },
            // A projection has no depth for the crosshair: it is turned.
            MouseAction::Crosshair if over.view.kind == ViewKind::Mip => Drag::Orbit,
            MouseAction::Crosshair => Drag::Crosshair,
            // No drag may do these; the bindings see to it.
            MouseAction::ScrollFast
            | MouseAction::Slab
            | MouseAction::OneUp
            | MouseAction::Nothing => return,
        };
        self.drag = Some((over.view.idx, drag));
    }

    /// A second button joins the first: both together are a gesture of their own. What is being drawn or moved goes on.
    fn join(&mut self, ui: &Ui, over: &Over<'_>, pos: Pos2) {
        let both = ui.input(|input| {
            let pointer = &input.pointer;
            pointer.any_pressed()
                && pointer.button_down(PointerButton::Primary)
                && pointer.button_down(PointerButton::Secondary)
        });
        let may_give_way = matches!(
            &self.drag,
            Some((of, Drag::Window | Drag::Pan | Drag::Zoom { .. } | Drag::Orbit))
                if *of == over.view.idx
        );
        if both && may_give_way {
            let modifiers = ui.input(|input| input.modifiers);
            let action = over
                .s
                .bindings
                .mouse(MouseGesture::BothDrag, held(modifiers));
            self.begin(over, pos, action);
        }
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
            Tool::Magnifier => Drag::Lens,
            Tool::WindowBox if !over.view.kind.is_projection() => Drag::WindowBox { origin },
            tool => match drawing(tool) {
                // A projection has no depth, so nothing can be measured on it.
                Some(_) if may_mark(over.s) && !over.view.kind.is_projection() => {
                    Draft::press(&mut self.draft, over, origin);
                    Drag::Draw
                }
                Some(_) | None => Drag::Window,
            },
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
        let on_mark = hit(over.drawn, pos, (selected, reach(ui, HALO)));
        if response.secondary_clicked() {
            self.menu_at = Some((over.view.idx, over.screen.place(pos), on_mark));
            self.draft = None;
        }
        let draws =
            drawing(over.s.tool).is_some() && may_mark(over.s) && !over.view.kind.is_projection();
        let by_clicks = drawing(over.s.tool) == Some(Drawing::Places(1));
        let modifiers = ui.input(|input| input.modifiers);
        let action = |gesture| over.s.bindings.mouse(gesture, held(modifiers));
        let one_up = action(MouseGesture::DoubleClick) == MouseAction::OneUp;
        if response.double_clicked() && one_up && self.draft.is_none() && !by_clicks {
            out.push(ViewCommand::ToggleOneUp(over.view.idx).into());
            return selected;
        }
        if !response.clicked() {
            return selected;
        }
        if let Some(found) = on_mark.filter(|_| self.draft.is_none()) {
            out.push(ReadCommand::Select(found.finding).into());
            return Some(found.id);
        }
        let carries = action(MouseGesture::LeftDrag) == MouseAction::Crosshair;
        if over.s.tool == Tool::Crosshair || carries {
            out.extend(cursor_at(over, pos));
        } else if draws {
            let pos = over.snapped(ui, pos, None);
            Draft::click(&mut self.draft, over);
            self.add_place(over, pos, out);
        }
        None
    }

    /// Adds a place to the draft; with the last one the shape is done.
    fn add_place(&mut self, over: &Over<'_>, pos: Pos2, out: &mut Vec<Action>) {
        let Some(mut draft) = self.draft.take() else {
            return;
        };
        if draft.add(over, pos) == Progress::Waits {
            self.draft = Some(draft);
            return;
        }
        let Some(geometry) = draft.shape(over) else {
            return;
        };
        match Words::asked_for(over.view.idx, &geometry, pos) {
            Some(words) => self.words = Some(words),
            None => out.push(command_of(draft.tool(), over.view.idx, geometry).into()),
        }
    }

    /// A moving pointer carries the crosshair through all views while the keys for that are held.
    fn carry_crosshair(&mut self, ui: &Ui, over: &Over<'_>, out: &mut Vec<Action>) {
        let (is_held, carries, pos) = ui.input(|input| {
            let moved = input.pointer.delta() != Vec2::ZERO && !input.pointer.any_down();
            let action = over
                .s
                .bindings
                .mouse(MouseGesture::Move, held(input.modifiers));
            let is_held = action == MouseAction::Crosshair;
            (is_held, moved && is_held, input.pointer.hover_pos())
        });
        if is_held {
            self.carries = Some(over.view.idx);
        }
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
            .and_then(|pos| hit(over.drawn, pos, (over.selected, reach(ui, HALO))));
        let on_handle = response.hover_pos().and_then(|pos| {
            let lines = plane_lines(over.s, over.view, over.screen);
            handle_at(
                &lines,
                over.screen.rect,
                (pos, reach(ui, REACH)),
                over.s.tool,
            )
        });
        if let (None, None, Some(handle)) = (&self.drag, on_mark, on_handle) {
            ui.ctx().set_cursor_icon(handle.cursor_icon());
            return;
        }
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
                Tool::Window | Tool::Scroll => CursorIcon::Default,
                _ => CursorIcon::Crosshair,
            },
        };
        ui.ctx().set_cursor_icon(icon);
    }
}

/// The keys held, in the words of the bindings.
pub(crate) fn held(modifiers: Modifiers) -> Held {
    Held {
        ctrl: modifiers.command,
        shift: modifiers.shift,
        alt: modifiers.alt,
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
    inside.then(|| ViewCommand::SetCursor(over.view.idx, place).into())
}

/// Does a drag with this tool turn a rendering? Those that move the picture do that; nothing can be drawn on it.
fn turns(tool: Tool) -> bool {
    !matches!(
        tool,
        Tool::Pan | Tool::Zoom | Tool::Crosshair | Tool::Magnifier
    )
}

/// What a finished shape asks of the session.
fn command_of(tool: Tool, view: ViewIdx, geometry: Geometry) -> ReadCommand {
    match (tool, geometry) {
        (Tool::GrownBody, Geometry::Freehand { corners }) => {
            ReadCommand::GrowBody { view, corners }
        }
        (Tool::ContourBody, Geometry::Freehand { corners }) => {
            ReadCommand::AddContour { view, corners }
        }
        (_, geometry) => ReadCommand::AddMark { view, geometry },
    }
}

/// May marks be made and changed now? The table of commands knows.
pub(crate) fn may_mark(s: &Snapshot) -> bool {
    COMMANDS
        .iter()
        .find(|spec| spec.id == "tool_length")
        .is_some_and(|spec| (spec.enabled)(s))
}
