//! The gesture that is made for an action.

use egui::{
    CornerRadius, Event, PointerButton, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
};
use session::{Held, MouseAction, MouseChord, MouseGesture, Snapshot};
use ui_kit::{Kind, Theme, radius, t, t_args};

use super::asking::Wanted;
use super::{HandsPanel, Target};
use crate::Action;
use crate::viewport::held;

/// A pointer that moved this far with keys held and no button means it, points.
const MOVE: f32 = 60.0;

/// What the hand has done on the pad so far.
#[derive(Default)]
pub(super) struct Pad {
    /// Buttons that were down in the drag that goes on: left, middle, right.
    down: [bool; 3],
    /// How far it moved without a button, and with what held.
    moved: (f32, Held),
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
        if response.dragged() {
            let buttons = [
                PointerButton::Primary,
                PointerButton::Middle,
                PointerButton::Secondary,
            ];
            for (down, button) in self.down.iter_mut().zip(buttons) {
                *down |= ui.input(|input| input.pointer.button_down(button));
            }
            return None;
        }
        if response.drag_stopped() {
            let gesture = match std::mem::take(&mut self.down) {
                [true, _, true] => MouseGesture::BothDrag,
                [_, true, _] => MouseGesture::MiddleDrag,
                [_, _, true] => MouseGesture::RightDrag,
                _ => MouseGesture::LeftDrag,
            };
            return Some(chord(gesture));
        }
        if !response.hovered() {
            return None;
        }
        if let Some(gesture) = ui.input(|input| input.raw.events.iter().find_map(wheel)) {
            return Some(chord(gesture));
        }
        self.moved_with(ui, held(modifiers))
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

fn wheel(event: &Event) -> Option<MouseGesture> {
    match event {
        Event::MouseWheel { delta, .. } if delta.y != 0.0 => Some(MouseGesture::Wheel),
        Event::MouseWheel { delta, .. } if delta.x != 0.0 => Some(MouseGesture::SideWheel),
        _ => None,
    }
}
