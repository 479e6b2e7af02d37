use egui::{Event, Modifiers, MouseWheelUnit, Ui};
use session::{ViewCommand, ViewKind, ViewSnapshot};

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
    /// Slices, magnification or slab of the view under the pointer, without pressing it first.
    pub(crate) fn act(
        &mut self,
        ui: &Ui,
        view: &ViewSnapshot,
        screen: &OnScreen,
        out: &mut Vec<Action>,
    ) {
        let turns: Vec<(f32, Modifiers)> =
            ui.input(|input| input.raw.events.iter().filter_map(turn).collect());
        let Some((_, modifiers)) = turns.last().copied() else {
            return;
        };
        self.rest += turns.iter().map(|(notches, _)| notches).sum::<f32>();
        // A rendering has no slices: the wheel brings it nearer.
        if modifiers.command || (view.kind == ViewKind::Rendering && !modifiers.alt) {
            let factor = ZOOM_PER_NOTCH.powf(f64::from(self.rest));
            self.rest = 0.0;
            if let Some(pos) = ui.input(|input| input.pointer.hover_pos()) {
                out.push(
                    ViewCommand::Zoom {
                        view: view.idx,
                        factor,
                        about_px: screen.pixel(pos),
                    }
                    .into(),
                );
            }
            return;
        }
        let whole = self.rest.trunc();
        self.rest -= whole;
        if whole == 0.0 {
            return;
        }
        let notches = whole as i32;
        if modifiers.alt {
            out.push(ViewCommand::StepSlab(view.idx, notches).into());
        } else {
            // Towards the reader is on through the stack, as Down is.
            let by = -notches * if modifiers.shift { FAST } else { 1 };
            out.push(ViewCommand::Scroll(view.idx, by).into());
        }
    }
}

/// Notches away from the reader, and the keys held with them.
fn turn(event: &Event) -> Option<(f32, Modifiers)> {
    let Event::MouseWheel {
        unit,
        delta,
        modifiers,
        ..
    } = event
    else {
        return None;
    };
    // With Shift some systems turn the wheel's way sideways.
    let way = if delta.y == 0.0 { delta.x } else { delta.y };
    let notches = match unit {
        MouseWheelUnit::Line => way,
        MouseWheelUnit::Point => way / POINTS_PER_NOTCH,
        MouseWheelUnit::Page => way * 10.0,
    };
    (notches != 0.0).then_some((notches, *modifiers))
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
                turn(&event).map(|(notches, _)| notches),
                expected,
                "{unit:?} {delta:?}"
            );
        }
    }
}
