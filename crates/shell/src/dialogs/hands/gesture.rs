//! The gesture that is made for an action.

use egui::{
    CornerRadius, Event, PointerButton, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo,
};
use session::{Held, MouseAction, MouseChord, MouseGesture, Snapshot};
use ui_kit::{Kind, Theme, radius, t, t_args};

use super::asking::Wanted;
use super::{HandsPanel, Target};
use crate::Action;
use crate::viewport::held;

/// A pointer that moved this far with keys held and no button means it, points.
const MOVE: f32 = 60.0;

/// A button that moved this far is a drag, points.
const DRAG: f32 = 6.0;

/// What the hand has done on the pad so far.
#[derive(Default)]
pub(super) struct Pad {
    /// The drag that goes on.
    drag: Option<Drag>,
    /// How far it moved without a button, and with what held.
    moved: (f32, Held),
}

/// A drag from the first button that goes down to the last that is let go.
#[derive(Clone, Copy, Default)]
struct Drag {
    start: Pos2,
    /// How far it went at most, points.
    far: f32,
    n_down: usize,
    /// Buttons that took part: left, middle, right.
    took_part: [bool; 3],
}

impl HandsPanel {
    /// The place where a gesture is made.
    pub(super) fn pad_ui(
        &mut self,
        s: &Snapshot,
        action: MouseAction,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let target = Target::Action(action);
        let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::click_and_drag());
        let words = t_args("hands.pad", &[("what", target.words())]);
        response.widget_info(|| WidgetInfo::labeled(Role::Group, true, &words));
        let (fill, edge) = match response.hovered() || response.dragged() {
            true => (theme.acbg, theme.ac),
            false => (theme.bg1, theme.acst),
        };
        let corner = CornerRadius::same(radius::CARD);
        let stroke = Stroke::new(1.0, edge);
        ui.painter()
            .rect(rect, corner, fill, stroke, StrokeKind::Inside);
        let middle = rect.center();
        let lines = [
            (words.as_str(), Kind::BODY.medium(), theme.ac, -10.0),
            (t("hands.pad_hint"), Kind::LABEL, theme.t2, 11.0),
        ];
        for (words, kind, ink, y) in lines {
            let at = middle + egui::vec2(0.0, y);
            let anchor = egui::Align2::CENTER_CENTER;
            ui.painter().text(at, anchor, words, kind.font_id(), ink);
        }
        if let Some(chord) = self.pad.take(ui, &response) {
            self.pad = Pad::default();
            self.want(s, target, Wanted::Gesture(chord, action), out);
        }
    }
}

impl Pad {
    /// The gesture, once it is whole.
    fn take(&mut self, ui: &Ui, response: &Response) -> Option<MouseChord> {
        let modifiers = ui.input(|input| input.modifiers);
        let chord = |gesture| MouseChord {
            gesture,
            held: held(modifiers),
        };
        if response.double_clicked() {
            return Some(chord(MouseGesture::DoubleClick));
        }
        let events = ui.input(|input| input.raw.events.clone());
        if let Some(gesture) = self.dragged(response.rect, &events) {
            return Some(chord(gesture));
        }
        if self.drag.is_some() {
            return None;
        }
        if !response.hovered() {
            return None;
        }
        if let Some(gesture) = events.iter().find_map(wheel) {
            return Some(chord(gesture));
        }
        self.moved_with(ui, held(modifiers))
    }

    /// The drag that has ended. It is read from the events, since on a slow machine the whole of it falls into one frame.
    fn dragged(&mut self, rect: Rect, events: &[Event]) -> Option<MouseGesture> {
        let mut done = None;
        for event in events {
            match event {
                Event::PointerButton {
                    pos,
                    button,
                    pressed: true,
                    ..
                } if self.drag.is_some() || rect.contains(*pos) => {
                    let drag = self.drag.get_or_insert(Drag {
                        start: *pos,
                        ..Drag::default()
                    });
                    drag.n_down += 1;
                    match button {
                        PointerButton::Primary => drag.took_part[0] = true,
                        PointerButton::Middle => drag.took_part[1] = true,
                        PointerButton::Secondary => drag.took_part[2] = true,
                        PointerButton::Extra1 | PointerButton::Extra2 => {}
                    }
                }
                Event::PointerMoved(pos) => {
                    if let Some(drag) = &mut self.drag {
                        drag.far = drag.far.max(drag.start.distance(*pos));
                    }
                }
                Event::PointerButton { pressed: false, .. } => {
                    let Some(drag) = &mut self.drag else { continue };
                    drag.n_down = drag.n_down.saturating_sub(1);
                    if drag.n_down == 0 {
                        done = done.or(drag.gesture());
                        self.drag = None;
                    }
                }
                _ => {}
            }
        }
        done
    }

    /// A way without a button counts once the keys that were held with it are let go.
    fn moved_with(&mut self, ui: &Ui, held: Held) -> Option<MouseChord> {
        let (way, before) = self.moved;
        if held == before && held != Held::default() {
            let step = ui.input(|input| input.pointer.delta().length());
            self.moved.0 = way + step;
            return None;
        }
        self.moved = (0.0, held);
        let gesture = MouseGesture::Move;
        (held == Held::default() && MOVE <= way).then_some(MouseChord {
            gesture,
            held: before,
        })
    }
}

impl Drag {
    fn gesture(&self) -> Option<MouseGesture> {
        if self.far < DRAG {
            return None;
        }
        match self.took_part {
            [true, _, true] => Some(MouseGesture::BothDrag),
            [_, true, _] => Some(MouseGesture::MiddleDrag),
            [_, _, true] => Some(MouseGesture::RightDrag),
            [true, ..] => Some(MouseGesture::LeftDrag),
            [false, false, false] => None,
        }
    }
}

fn wheel(event: &Event) -> Option<MouseGesture> {
    match event {
        Event::MouseWheel { delta, .. } if delta.y != 0.0 => Some(MouseGesture::Wheel),
        Event::MouseWheel { delta, .. } if delta.x != 0.0 => Some(MouseGesture::SideWheel),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use egui::{Modifiers, pos2};

    use super::*;

    fn button(button: PointerButton, pressed: bool, pos: Pos2) -> Event {
        let modifiers = Modifiers::NONE;
        Event::PointerButton {
            pos,
            button,
            pressed,
            modifiers,
        }
    }

    #[test]
    fn a_drag_is_told_whether_it_takes_one_frame_or_many() {
        use PointerButton::{Middle, Primary, Secondary};
        let rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 100.0));
        let (inside, far, outside) = (pos2(50.0, 50.0), pos2(80.0, 50.0), pos2(150.0, 50.0));
        let near = pos2(52.0, 50.0);
        for (buttons, from, to, expected) in [
            (vec![Primary], inside, far, Some(MouseGesture::LeftDrag)),
            (
                vec![Middle],
                inside,
                outside,
                Some(MouseGesture::MiddleDrag),
            ),
            (vec![Secondary], inside, far, Some(MouseGesture::RightDrag)),
            (
                vec![Secondary, Primary],
                inside,
                far,
                Some(MouseGesture::BothDrag),
            ),
            (vec![Primary], inside, near, None),
            (vec![Primary], outside, inside, None),
        ] {
            let down = buttons.iter().map(|b| button(*b, true, from));
            let up = buttons.iter().map(|b| button(*b, false, to));
            let events: Vec<Event> = down.chain([Event::PointerMoved(to)]).chain(up).collect();
            assert_eq!(
                Pad::default().dragged(rect, &events),
                expected,
                "{buttons:?}"
            );
            let mut pad = Pad::default();
            let told = events
                .iter()
                .filter_map(|event| pad.dragged(rect, std::slice::from_ref(event)));
            assert_eq!(told.last(), expected, "{buttons:?}, an event a frame");
        }
    }
}
