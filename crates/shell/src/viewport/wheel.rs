use egui::{Event, Modifiers, MouseWheelUnit, Ui};
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
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wheel {
    rest: f32,
}

impl Wheel {
    /// What the bindings say of the view under the pointer, without pressing it first.
    pub(crate) fn act(
        &mut self,
        ui: &Ui,
        (bindings, view): (&Bindings, &ViewSnapshot),
        screen: &OnScreen,
        out: &mut Vec<Action>,
    ) {
        let hover = ui.input(|input| input.pointer.hover_pos());
        let turns: Vec<Turn> = ui.input(|input| input.raw.events.iter().filter_map(turn).collect());
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
