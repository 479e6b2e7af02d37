use egui::{Event, Modifiers, MouseWheelUnit, RawInput, Ui};
use session::{Bindings, MouseAction, MouseGesture, ViewCommand, ViewKind, ViewSnapshot};

use super::hand::held;
use super::on_screen::OnScreen;
use crate::Action;

/// Points of a touch pad that make one notch of a wheel.
const POINTS_PER_NOTCH: f32 = 40.0;
/// Magnification of one notch.
const ZOOM_PER_NOTCH: f64 = 1.12;
/// Slices of a notch with Shift.
const FAST: i32 = 5;

/// What is left of notches that were not whole.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wheel {
    rest: f32,
    /// Turns that egui does not see.
    taken: Vec<Turn>,
}

impl Wheel {
    /// Takes an input that consists of turns of the wheel and nothing else; did it? The pointer must be over a view.
    /// egui would follow each turn with smoothed ones for areas that scroll, and draw many times for them.
    pub(crate) fn take(&mut self, input: &mut RawInput) -> bool {
        let is_turn = |event: &Event| matches!(event, Event::MouseWheel { .. });
        if input.events.is_empty() || !input.events.iter().all(is_turn) {
            return false;
        }
        let turns = input.events.drain(..).filter_map(|event| turn(&event));
        self.taken.extend(turns);
        true
    }

    /// Ends a pass: turns that no view wanted are over.
    pub(crate) fn forget_taken(&mut self) {
        self.taken.clear();
    }

    /// What the bindings say of the view under the pointer, without pressing it first.
    pub(crate) fn act(
        &mut self,
        ui: &Ui,
        (bindings, view): (&Bindings, &ViewSnapshot),
        screen: &OnScreen,
        out: &mut Vec<Action>,
    ) {
        let hover = ui.input(|input| input.pointer.hover_pos());
        let mut turns = std::mem::take(&mut self.taken);
        ui.input(|input| turns.extend(input.raw.events.iter().filter_map(turn)));
        let Some(modifiers) = turns.last().map(|turn| turn.modifiers) else {
            return;
        };
        self.rest += turns.iter().map(|turn| turn.notches).sum::<f32>();
        let is_sideways = turns.iter().all(|turn| turn.is_sideways);
        // With Shift some systems turn the wheel's way sideways; so it is the wheel unless it means something else.
        let action = match bindings.mouse(MouseGesture::SideWheel, held(modifiers)) {
            action if is_sideways && action != MouseAction::Nothing => action,
            _ => bindings.mouse(MouseGesture::Wheel, held(modifiers)),
        };
        // A rendering has no slices: the wheel brings it nearer.
        let action = match (action, view.kind) {
            (MouseAction::Scroll | MouseAction::ScrollFast, ViewKind::Rendering) => {
                MouseAction::Zoom
            }
            (action, _) => action,
        };
        if action == MouseAction::Zoom {
            let factor = ZOOM_PER_NOTCH.powf(f64::from(self.rest));
            self.rest = 0.0;
            out.extend(hover.map(|pos| {
                Action::from(ViewCommand::Zoom {
                    view: view.idx,
                    factor,
                    about_px: screen.pixel(pos),
                })
            }));
            return;
        }
        let whole = self.rest.trunc();
        self.rest -= whole;
        if whole == 0.0 {
            return;
        }
        let notches = whole as i32;
        match action {
            MouseAction::Slab => out.push(ViewCommand::StepSlab(view.idx, notches).into()),
            // Towards the reader is on through the stack, as Down is.
            MouseAction::Scroll => out.push(ViewCommand::Scroll(view.idx, -notches).into()),
            MouseAction::ScrollFast => {
                out.push(ViewCommand::Scroll(view.idx, -notches * FAST).into());
            }
            // No wheel may do these; the bindings see to it.
            MouseAction::ActiveTool
            | MouseAction::Window
            | MouseAction::Pan
            | MouseAction::Zoom
            | MouseAction::Crosshair
            | MouseAction::OneUp
            | MouseAction::Nothing => {}
        }
    }
}

/// A turn of the wheel.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Turn {
    /// Away from the reader, or to the right.
    notches: f32,
    is_sideways: bool,
    modifiers: Modifiers,
}

fn turn(event: &Event) -> Option<Turn> {
    let Event::MouseWheel {
        unit,
        delta,
        modifiers,
        ..
    } = event
    else {
        return None;
    };
    let is_sideways = delta.y == 0.0;
    let way = if is_sideways { delta.x } else { delta.y };
    let notches = match unit {
        MouseWheelUnit::Line => way,
        MouseWheelUnit::Point => way / POINTS_PER_NOTCH,
        MouseWheelUnit::Page => way * 10.0,
    };
    (notches != 0.0).then_some(Turn {
        notches,
        is_sideways,
        modifiers: *modifiers,
    })
}

#[cfg(test)]
mod tests {
    use egui::{MouseWheelSource, TouchPhase, vec2};

    use super::*;

    #[test]
    fn turns_are_taken_only_when_nothing_else_happened() {
        let turned = |y| Event::MouseWheel {
            unit: MouseWheelUnit::Line,
            delta: vec2(0.0, y),
            phase: TouchPhase::Move,
            modifiers: Modifiers::NONE,
            source: MouseWheelSource::Unknown,
        };
        let moved = Event::PointerMoved(egui::Pos2::ZERO);
        for (events, expected) in [
            (vec![], None),
            (vec![turned(1.0), turned(-3.0)], Some(-2.0)),
            (vec![moved, turned(1.0)], None),
        ] {
            let mut input = RawInput {
                events: events.clone(),
                ..RawInput::default()
            };
            let mut wheel = Wheel::default();
            assert_eq!(wheel.take(&mut input), expected.is_some());
            let sum: f32 = wheel.taken.iter().map(|turn| turn.notches).sum();
            assert_eq!(sum, expected.unwrap_or(0.0));
            let left = if expected.is_some() { 0 } else { events.len() };
            assert_eq!(input.events.len(), left);
        }
    }

    #[test]
    fn notches_count_the_same_from_wheel_and_pad() {
        for (unit, delta, expected) in [
            (MouseWheelUnit::Line, vec2(0.0, -1.0), Some(-1.0)),
            (MouseWheelUnit::Point, vec2(0.0, 20.0), Some(0.5)),
            (MouseWheelUnit::Line, vec2(2.0, 0.0), Some(2.0)),
            (MouseWheelUnit::Line, vec2(0.0, 0.0), None),
        ] {
            let event = Event::MouseWheel {
                unit,
                delta,
                phase: TouchPhase::Move,
                modifiers: Modifiers::NONE,
                source: MouseWheelSource::Unknown,
            };
            assert_eq!(
                turn(&event).map(|turn| turn.notches),
                expected,
                "{unit:?} {delta:?}"
            );
        }
    }
}
