use egui::{Event, Pos2, Ui, ViewportId};

/// Places that wait for a drag to begin, at most. A drag begins within a second of the press.
const MAX_PLACES: usize = 4000;

/// The way of the pointer since a button went down.
///
/// A drag is known as one only in the frame after the press. On a slow machine the hand is far by then, and a trail
/// without its beginning encloses another area.
#[derive(Debug, Default)]
pub(super) struct Way {
    /// The frame whose events were noted last; each window counts its own.
    noted: Option<(ViewportId, u64)>,
    button: Button,
    places: Vec<Pos2>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Button {
    #[default]
    Up,
    Down,
}

impl Way {
    /// Takes note of the events of a frame, once for all of its passes and views.
    pub(super) fn note(&mut self, ui: &Ui) {
        let frame = (ui.ctx().viewport_id(), ui.ctx().cumulative_frame_nr());
        if self.noted == Some(frame) {
            return;
        }
        self.noted = Some(frame);
        ui.input(|input| input.events.iter().for_each(|event| self.take(event)));
    }

    fn take(&mut self, event: &Event) {
        match event {
            Event::PointerButton { pressed: true, .. } => {
                self.places.clear();
                self.button = Button::Down;
            }
            Event::PointerButton { pressed: false, .. } => self.button = Button::Up,
            Event::PointerMoved(pos)
                if self.button == Button::Down && self.places.len() < MAX_PLACES =>
            {
                self.places.push(*pos);
            }
            _ => {}
        }
    }

    /// The places since the press, or since this was last asked.
    pub(super) fn go_on(&mut self) -> std::vec::Drain<'_, Pos2> {
        self.places.drain(..)
    }
}

#[cfg(test)]
mod tests {
    use egui::{Modifiers, PointerButton, pos2};

    use super::*;

    fn button(pressed: bool) -> Event {
        Event::PointerButton {
            pos: Pos2::ZERO,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        }
    }

    #[test]
    fn a_way_holds_every_place_from_the_press_to_the_release() {
        let at = |x: f32| Event::PointerMoved(pos2(x, 0.0));
        let rows: [(&str, Vec<Event>, &[f32]); 5] = [
            ("before the press", vec![at(1.0), button(true)], &[]),
            (
                "with the press",
                vec![button(true), at(1.0), at(2.0)],
                &[1.0, 2.0],
            ),
            (
                "after the release",
                vec![button(true), at(1.0), button(false), at(2.0)],
                &[1.0],
            ),
            (
                "of an earlier press",
                vec![button(true), at(1.0), button(false), button(true), at(3.0)],
                &[3.0],
            ),
            ("without a press", vec![at(1.0)], &[]),
        ];
        for (name, events, expected) in rows {
            let mut way = Way::default();
            events.iter().for_each(|event| way.take(event));
            let places: Vec<f32> = way.go_on().map(|pos| pos.x).collect();
            assert_eq!(places, expected, "{name}");
            assert_eq!(way.go_on().count(), 0, "{name}: each place once");
        }
    }

    #[test]
    fn the_events_of_a_frame_count_once() {
        let ctx = egui::Context::default();
        let mut way = Way::default();
        let input = egui::RawInput {
            events: vec![button(true), Event::PointerMoved(pos2(5.0, 5.0))],
            ..egui::RawInput::default()
        };
        let _ = ctx.run_ui(input, |ui| {
            way.note(ui);
            way.note(ui);
        });
        assert_eq!(way.go_on().count(), 1);
    }
}
