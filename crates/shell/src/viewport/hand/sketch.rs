//! What is drawn and not yet a mark: the shape under the hand, and the field for its words.

use egui::{Rect, Ui};
use session::{ReadCommand, Snapshot, ViewKind, ViewSnapshot, sketch_label};
use ui_kit::over_image;

use super::Hand;
use super::words::Typed;
use crate::Action;
use crate::viewport::marks::paint_label;
use crate::viewport::on_screen::OnScreen;
use crate::viewport::shape::strokes;
use crate::viewport::stroke::{Line, paint_handle, paint_lines};

impl Hand {
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
            .words
            .as_ref()
            .filter(|words| words.view == view.idx)
            .map(|words| words.geometry.clone());
        let draft = self.draft.as_ref();
        let draft = draft.filter(|draft| draft.is_of(view.idx, s.tool));
        let growing = draft.and_then(|draft| draft.growing(painter, s, screen));
        let Some(geometry) = waiting.or(growing) else {
            for place in draft.iter().flat_map(|draft| draft.places()) {
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
            sketch_label((volume, slice_idx), view.by_hand, &geometry)
        });
        if !words.is_empty() {
            let plate = (shape.bounds(), &shape);
            paint_label(painter, plate, ("", &words), screen.rect, taken);
        }
    }

    /// The field for the words of a mark, where it was drawn. Enter keeps them, Escape takes the mark back.
    pub(crate) fn words_ui(&mut self, ui: &Ui, s: &Snapshot, out: &mut Vec<Action>) {
        let Some(words) = &mut self.words else { return };
        if s.views.get(words.view.0).is_none() {
            self.words = None;
            return;
        }
        match words.words_ui(ui) {
            Typed::Goes => {}
            Typed::Dropped => self.words = None,
            Typed::Done(geometry) => {
                let view = words.view;
                self.words = None;
                out.push(ReadCommand::AddMark { view, geometry }.into());
            }
        }
    }
}
